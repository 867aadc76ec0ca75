#pragma once
#include <guichet/model/event.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Where a ticket has been: who held it, how long, and why it moved on.
namespace guichet::inline v0::escalation {

/// What made a ticket come to somebody.
enum class arrival : std::uint8_t { opened, assigned, handed_over, escalated, handed_down, sent_back, routed };
BOOST_DESCRIBE_ENUM(arrival, opened, assigned, handed_over, escalated, handed_down, sent_back, routed)

/// A stretch of time in which the same team, tier and person had the ticket.
struct stay {
    std::string team{}, tier{}, assignee{};
    instant from{};
    std::optional<instant> to{}; ///< nothing while it lasts
    arrival how = arrival::opened;
    std::string reason{}; ///< of an escalation
    std::string by{};     ///< who gave it there
    event_cause cause{};  ///< or what did
};
BOOST_DESCRIBE_STRUCT(stay, (), (team, tier, assignee, from, to, how, reason, by, cause))

/// Counts over the moves between teams and tiers; persons within a team do not count.
struct movements {
    /// From one team or tier to another. The first to get it is none, nor is that a team's tier becomes known.
    std::uint32_t handovers = 0;
    std::uint32_t ping_pongs = 0; ///< of these, straight back to where it came from
    std::uint32_t escalations = 0, returns = 0;
};
BOOST_DESCRIBE_STRUCT(movements, (), (handovers, ping_pongs, escalations, returns))

/// The whole way of a ticket, from its events, oldest first. A ticket that was closed keeps its last stay open. Linear.
GUICHET_DECL std::vector<stay> journey(std::span<event const> past);
GUICHET_DECL movements count(std::span<stay const> way);
/// The time in each tier, by the wall clock, until `end`.
GUICHET_DECL std::map<std::string, duration> time_per_tier(std::span<stay const> way, instant end);

} // namespace guichet::inline v0::escalation

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/escalation/impl/journey.ipp>
#endif
