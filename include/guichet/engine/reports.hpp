#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>
#include <guichet/sla/clock.hpp>

#include <boost/describe/class.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a desk tells of how its promises are kept.
namespace guichet::inline v0 {

/// What verdicts are counted by. Of a ticket, what it is now.
struct attainment_key {
    std::string policy{}, metric{}, priority{}, team{}, organisation{}, tenant{};
    std::string month{}; ///< of the verdict, in UTC: 2026-11
    friend auto operator<=>(attainment_key const&, attainment_key const&) = default;
};
BOOST_DESCRIBE_STRUCT(attainment_key, (), (policy, metric, priority, team, organisation, tenant, month))

/// How well a promise was kept, for one combination. Every cycle counts, not only the worst of a ticket.
struct attainment_row : attainment_key {
    std::uint64_t met = 0, breached = 0;
    duration latest{}; ///< the longest time by the wall clock from a deadline to the verdict of its breach

    double share() const noexcept {
        auto const all = met + breached;
        return all ? static_cast<double>(met) / static_cast<double>(all) : 1.0;
    }
};

/// From `from` to before `to`.
struct report_period {
    instant from = instant::min(), to = instant::max();
};

/// How long tickets were in one state, team or tier, within a period.
struct time_row {
    std::string dimension; ///< state, team or tier
    std::string name;      ///< empty: in none
    std::uint64_t tickets = 0;
    duration wall{}, working{}; ///< summed; working time of the calendar asked for
};

/// A running clock whose deadline comes soon, or has passed.
struct risk {
    ticket_id ticket;
    std::string number, subject, priority, queue, team, assignee;
    std::string metric, policy;
    instant due;
    sla::margin left; ///< negative: late
};

/// A branch of a guide, and what came of the walks that took it.
struct guide_row {
    std::string guide{}, step{}, next{};
    std::uint64_t taken = 0, cured = 0, handed_over = 0; ///< the rest is not at an end yet
};
BOOST_DESCRIBE_STRUCT(guide_row, (), (guide, step, next, taken, cured, handed_over))

/// How many tickets alike came in as long a time before the cause was removed and after it: those that the problem
/// caused, and others of its category and of their kinds.
struct problem_effect {
    instant since{};                 ///< when the cause was removed
    report_period before{}, after{}; ///< `after` ends now where it would end later
    std::uint64_t tickets_before = 0, tickets_after = 0;
    /// How probable it was to see at least so many before, had the rate been the same all the time: one-sided
    /// conditional test of two Poisson rates (Przyborowski and Wilenski, 1940). Below 0.05, it has hardly been chance.
    double chance = 1;
};
/// Tickets in 30 days; 0 where the period has no length.
GUICHET_DECL double monthly(std::uint64_t tickets, report_period const& within);

/// `[{"policy": ..., "metric": ..., "met": ..., "breached": ..., "share": 0.97}, ...]`
GUICHET_DECL std::string encode(std::vector<attainment_row> const& rows);
/// `[{"dimension": "state", "name": "open", "tickets": ..., "wall_seconds": ..., "working_seconds": ...}, ...]`
GUICHET_DECL std::string encode(std::vector<time_row> const& rows);
/// `[{"ticket": ..., "metric": ..., "due": ..., "left_seconds": ..., "left_wall_seconds": ...}, ...]`
GUICHET_DECL std::string encode(std::vector<risk> const& rows);
/// `[{"guide": ..., "step": ..., "next": ..., "taken": ..., "cured": ..., "handed_over": ...}, ...]`
GUICHET_DECL std::string encode(std::vector<guide_row> const& rows);
/// `{"since": ..., "before": {"from": ..., "to": ..., "tickets": ..., "monthly": 4.7}, "after": ..., "chance": 0.01}`
GUICHET_DECL std::string encode(problem_effect const& e);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/reports.ipp>
#endif
