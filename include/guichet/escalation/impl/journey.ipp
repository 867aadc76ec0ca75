#pragma once
#include <guichet/escalation/journey.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace guichet::inline v0::escalation {
namespace detail {

/// Follows the events of one ticket.
class traveller {
public:
    void hear(event const& e) {
        coming_ = std::exchange(announced_, std::nullopt);
        if (auto const* opened = std::get_if<ticket_opened>(&e.body))
            arrive(e, opened->team, opened->tier, opened->assignee, arrival::opened);
        else if (auto const* routed = std::get_if<ticket_routed>(&e.body))
            announced_ = routed->person.empty() ? std::nullopt : std::optional{announcement{arrival::routed, {}}};
        else if (auto const* escalated = std::get_if<ticket_escalated>(&e.body))
            announced_ = announcement{kind_of(escalated->direction), escalated->reason};
        else if (auto const* handed = std::get_if<ticket_handed_over>(&e.body))
            arrive(e, handed->team, handed->tier, handed->assignee, arrival::handed_over);
        else if (auto const* assigned = std::get_if<ticket_assigned>(&e.body); assigned && !out.empty())
            arrive(e, std::string{out.back().team}, std::string{out.back().tier}, assigned->assignee,
                   arrival::assigned);
    }

    std::vector<stay> out;

private:
    struct announcement {
        arrival how;
        std::string reason;
    };

    static arrival kind_of(escalation_direction direction) noexcept {
        switch (direction) {
        case escalation_direction::up: return arrival::escalated;
        case escalation_direction::down: return arrival::handed_down;
        case escalation_direction::back: return arrival::sent_back;
        }
        return arrival::escalated;
    }

    void arrive(event const& e, std::string team, std::string tier, std::string const& assignee, arrival how) {
        auto const [kind, reason] = coming_.value_or(announcement{how, {}});
        if (!out.empty()) {
            auto const& last = out.back();
            if (last.team == team && last.tier == tier && last.assignee == assignee)
                return; // to another queue of the same
            out.back().to = e.at;
        }
        out.push_back({std::move(team), std::move(tier), assignee, e.at, {}, kind, reason, e.actor, e.cause});
    }

    std::optional<announcement> announced_; ///< of the very next event: no move may follow
    std::optional<announcement> coming_;    ///< of this one, by the one before
};

/// Views into a stay.
struct place {
    std::string_view team, tier;

    bool nowhere() const noexcept { return team.empty() && tier.empty(); }
    /// Also where one of the two does not say the team, or the tier.
    bool same(place const& other) const noexcept {
        bool const teams = team == other.team, tiers = tier == other.tier;
        bool const no_team = team.empty() || other.team.empty(), no_tier = tier.empty() || other.tier.empty();
        return teams ? tiers || no_tier : tiers && no_team;
    }
    void learn(place const& other) noexcept {
        team = other.team.empty() ? team : other.team;
        tier = other.tier.empty() ? tier : other.tier;
    }
};

} // namespace detail

GUICHET_DECL std::vector<stay> journey(std::span<event const> past) {
    detail::traveller on_the_way;
    for (auto const& e : past)
        on_the_way.hear(e);
    return std::move(on_the_way.out);
}

GUICHET_DECL movements count(std::span<stay const> way) {
    movements out;
    std::optional<detail::place> here, before;
    for (auto const& s : way) {
        out.escalations += s.how == arrival::escalated;
        out.returns += s.how == arrival::sent_back;
        detail::place const next{s.team, s.tier};
        if (next.nowhere())
            continue;
        if (here && here->same(next)) {
            here->learn(next);
            continue;
        }
        if (here) {
            ++out.handovers;
            out.ping_pongs += before && before->same(next);
        }
        before = std::exchange(here, next);
    }
    return out;
}

GUICHET_DECL std::map<std::string, duration> time_per_tier(std::span<stay const> way, instant end) {
    std::map<std::string, duration> out;
    for (auto const& s : way)
        out[s.tier] += std::max(std::min(s.to.value_or(end), end), s.from) - s.from;
    return out;
}

} // namespace guichet::inline v0::escalation
