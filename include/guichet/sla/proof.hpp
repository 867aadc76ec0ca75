#pragma once
#include <guichet/sla/clock.hpp>

#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

namespace guichet::inline v0::sla {

/// What a stretch of a proof is.
enum class proof_kind : std::uint8_t {
    before_start, ///< the metric had not begun: before the first question, before the handover
    running,
    paused, ///< by a state of the ticket, or by a condition of the metric
    closed_hours,
    shift_closed, ///< closed by way of exception
    break_,
    holiday
};
BOOST_DESCRIBE_ENUM(proof_kind, before_start, running, paused, closed_hours, shift_closed, break_, holiday)

struct proof_interval {
    time::interval when;
    proof_kind kind = proof_kind::running;
    std::string name;         ///< of the state, or of the holiday; or the condition
    duration used{}, total{}; ///< working time in it, and until its end
    bool ahead = false;       ///< still to come: how the deadline is reached if nothing happens
    std::uint64_t event = 0;  ///< of a pause: the ticket's version after the event that began it; 0 where not known
};

/// Why a clock stands where it stands. The intervals follow each other without a gap from the ticket's creation to the
/// clock's end or to now (and on to the deadline, `ahead`); what they used sums to `consumed` exactly, and up to the
/// deadline to `target`.
struct proof {
    std::string metric, policy, calendar, zone;
    std::uint32_t policy_version = 0, calendar_version = 0, cycle = 1;
    time::boundary boundary = time::boundary::nearest;
    duration target{}, consumed{};
    margin left;
    instant started;
    std::optional<instant> stopped, due;
    bool paused = false, fixed = false;
    clock_outcome outcome = clock_outcome::running;
    std::vector<proof_interval> intervals;
};

/// Explains a clock of `clocks(known, ...)` as of the same `now`. Costs about a microsecond a day that passed.
GUICHET_DECL proof explain(facts const& known, clock const& c, instant now);

/// `{"metric": ..., "policy": ..., "target_seconds": ..., "intervals": [...]}`
GUICHET_DECL std::string encode(proof const& p);

} // namespace guichet::inline v0::sla

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/sla/impl/proof.ipp>
#endif
