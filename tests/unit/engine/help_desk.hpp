#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <string>

/// A desk in memory on a Monday morning, with people who act.
struct help_desk {
    guichet::testing::simulated_environment world{
        guichet::instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}} + std::chrono::hours{9}};
    std::unique_ptr<guichet::desk> desk = guichet::desk::open(guichet::memory_store(), world).value();

    guichet::actor ana{.person = "ana", .role = "requester"};
    guichet::actor bob{.person = "bob", .role = "requester"};
    guichet::actor luc{.person = "luc", .role = "agent"};
    guichet::actor eva{.person = "eva", .role = "supervisor"};
    guichet::actor root{.person = "root", .role = "administrator"};

    guichet::result<guichet::outcome> act(guichet::actor by, guichet::command_body body, guichet::ticket_id on = {}) {
        guichet::command wish;
        wish.by = std::move(by);
        wish.body = std::move(body);
        wish.ticket = on;
        return desk->execute(wish);
    }
    guichet::ticket_id opened(guichet::actor by, std::string subject = "No network", std::string text = {}) {
        return act(std::move(by), guichet::open_ticket{.subject = std::move(subject), .text = std::move(text)})
            .value()
            .ticket;
    }
    guichet::result<guichet::outcome> say(std::string_view json) {
        auto const read = guichet::decode_command(json);
        return read ? desk->execute(*read) : guichet::result<guichet::outcome>{read.error()};
    }
    guichet::result<void> configure(std::string kind, std::string id, std::string body) {
        guichet::document d;
        d.kind = std::move(kind);
        d.id = std::move(id);
        d.body = std::move(body);
        auto const stored = desk->configure(d, root);
        return stored ? guichet::result<void>{} : guichet::result<void>{stored.error()};
    }
    guichet::new_attachment file(std::string_view text, std::string name) {
        return desk->put_file(std::as_bytes(std::span{text}), std::move(name), "text/plain").value();
    }
    /// All that a viewer can read of a ticket, as one text.
    std::string all_of(guichet::ticket_id id, guichet::viewer const& who) const {
        auto const found = desk->find(id, who);
        if (!found)
            return {};
        auto out = encode(*found);
        for (auto const& m : desk->conversation(id, who).value())
            out += encode(m);
        for (auto const& e : desk->history(id, who).value())
            out += encode(e);
        return out + encode(desk->as_of(id, world_now(), who).value());
    }
    bool sound() const { return desk->verify().value().problems.empty(); }

private:
    guichet::instant world_now() const { return desk->env().now(); }
};
