#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/model/vocabulary.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace guichet::inline v0::trends {

using stage = trend_stage;
/// A problem where the same trait was told in the four weeks before or the tickets took eight hours or more to come;
/// else an incident.
using proposal = trend_proposal;

/// Tickets that share a trait came faster than they usually do at that time of the week.
struct alarm {
    std::uint64_t number = 0; ///< from 1, in the order in which alarms began
    stage what = stage::began;
    std::string field{}, value{}; ///< the trait; both empty: tickets of any kind
    instant since{};              ///< when the first of the tickets came
    instant at{};                 ///< when this was told
    /// What raised it, and stays as it was: so many tickets in this time, so many expected in it, and how probable the
    /// others are where one comes by chance.
    std::uint32_t observed = 0;
    duration window{};
    double expected = 0;
    double p = 1;
    std::uint64_t count = 0;              ///< tickets since then, those of `observed` included
    std::vector<std::uint64_t> tickets{}; ///< the first of them, by time; at most `limits::trend_tickets_max`
    /// The alarm that goes on and has at least half of these tickets, the one that has most; 0: none. The first to
    /// begin is the wider or the more telling one, so a rule may leave out what is part of another.
    std::uint64_t part_of = 0;
    proposal suggests = proposal::incident;

    friend bool operator==(alarm const&, alarm const&) = default;
};

/// For people: "17 alike in 40 minutes, usually 2", in French "17 semblables en 40 minutes, 2 d'habitude".
GUICHET_DECL std::string describe(alarm const& one, language lang = language::en);

} // namespace guichet::inline v0::trends

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/trends/impl/alarm.ipp>
#endif
