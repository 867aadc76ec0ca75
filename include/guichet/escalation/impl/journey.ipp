#pragma once
#include <guichet/escalation/journey.hpp>

#include <utility>

namespace guichet::inline v0::escalation {
namespace detail {

/// Follows the events of one ticket.
class traveller {
public:
    void hear(event const& e) {
        if (auto const* opened = std::get_if<ticket_opened>(&e.body))
            arrive(e, opened->team, opened->tier, opened->assignee, arrival::opened);
        else if (auto const* routed = std::get_if<ticket_routed>(&e.body))
            announced_ =
                routed->person.empty() ? std::nullopt : std::optional{std::pair{arrival::routed, std::string{}}};
        else if (auto const* escalated = std::get_if<ticket_escalated>(&e.body))
            announced_ = std::pair{kind_of(escalated->direction), escalated->reason};
        else if (auto const* handed = std::get_if<ticket_handed_over>(&e.body))
            arrive(e, handed->team, handed->tier, handed->assignee, arrival::handed_over);
        else if (auto const* assigned = std::get_if<ticket_assigned>(&e.body); assigned && !out.empty())
            arrive(e, std::string{out.back().team}, std::string{out.back().tier}, assigned->assignee,
                   arrival::assigned);
    }

    std::vector<stay> out;

private:
    static arrival kind_of(escalation_direction direction) noexcept {
        switch (direction) {
        case escalation_direction::up: return arrival::escalated;
        case escalation_direction::down: return arrival::handed_down;
        case escalation_direction::back: return arrival::sent_back;
        }
        return arrival::escalated;
    }

    void arrive(event const& e, std::string team, std::string tier, std::string const& assignee, arrival how) {
        auto const [kind, reason] = std::exchange(announced_, std::nullopt).value_or(std::pair{how, std::string{}});
        if (!out.empty()) {
            auto const& last = out.back();
            if (last.team == team && last.tier == tier && last.assignee == assignee)
                return; // to another queue of the same
            out.back().to = e.at;
        }
        out.push_back({std::move(team), std::move(tier), assignee, e.at, {}, kind, reason, e.actor, e.cause});
    }

    std::optional<std::pair<arrival, std::string>> announced_; ///< by the event before the move
};

inline bool same_place(stay const& a, stay const& b) { return a.team == b.team && a.tier == b.tier; }
inline bool nowhere(stay const& s) { return s.team.empty() && s.tier.empty(); }

} // namespace detail

GUICHET_DECL std::vector<stay> journey(std::span<event const> past) {
    detail::traveller on_the_way;
    for (auto const& e : past)
        on_the_way.hear(e);
    return std::move(on_the_way.out);
}

GUICHET_DECL movements count(std::span<stay const> way) {
    movements out;
    stay const *here = nullptr, *before = nullptr;
    for (auto const& s : way) {
        out.escalations += s.how == arrival::escalated;
        out.returns += s.how == arrival::sent_back;
        if (detail::nowhere(s) || (here && detail::same_place(*here, s)))
            continue;
        if (here) {
            ++out.handovers;
            out.ping_pongs += before && detail::same_place(*before, s);
        }
        before = std::exchange(here, &s);
    }
    return out;
}

GUICHET_DECL std::map<std::string, duration> time_per_tier(std::span<stay const> way, instant end) {
    std::map<std::string, duration> out;
    for (auto const& s : way)
        out[s.tier] += std::max(s.to.value_or(end), s.from) - s.from;
    return out;
}

} // namespace guichet::inline v0::escalation
