#pragma once
#include "help_desk.hpp"

#include <string>
#include <vector>

/// What tests of service levels share.

/// So long to resolve a ticket, not counting the time it is pending.
inline guichet::policy_document contract(std::string within = "8h") {
    guichet::policy_document p;
    p.calendar = "default";
    p.pause = {"pending"};
    p.targets = {{"resolution", "", std::move(within), {}}};
    return p;
}
inline void put(help_desk& d, guichet::policy_document const& p, std::string id = "standard") {
    d.configure("policy", std::move(id), guichet::encode(p)).value();
}
/// The events of a kind that the ticket's history tells.
template <class Event>
std::vector<Event> told(help_desk const& d, guichet::ticket_id id) {
    std::vector<Event> out;
    for (auto const& e : d.desk->history(id, d.luc).value())
        if (auto const* one = std::get_if<Event>(&e.body))
            out.push_back(*one);
    return out;
}
/// Time passes, and the desk is pumped whenever it asks to be.
inline void pass(help_desk& d, guichet::duration length) {
    auto const until = d.world.now() + length;
    for (auto next = d.desk->next_wakeup().value(); next && *next <= until; next = d.desk->next_wakeup().value()) {
        d.world.set(std::max(d.world.now(), *next));
        d.desk->pump().value();
    }
    d.world.set(until);
}
