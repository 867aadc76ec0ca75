#pragma once
#include <guichet/model/event.hpp>
#include <guichet/sla/policy.hpp>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace guichet::inline v0::sla {

/// One cycle of a metric: from when it runs, and when it was stopped. A pure function of what happened to the ticket.
struct cycle {
    std::uint32_t no = 1;
    instant started;
    std::optional<instant> stopped;
    bool cancelled = false; ///< ended without a verdict: what it waited for no longer matters
};

/// A condition of a metric fired in a ticket's log.
struct signal {
    metric const* of = nullptr;
    signal_kind kind = signal_kind::start;
    instant at;
    std::uint64_t version = 0; ///< the ticket's, after the event
};

/// Listens to the log of one ticket for all metrics that have conditions. Some 10 ns a condition and event.
class listener {
public:
    explicit listener(policy_set const& policies) : policies_{policies} {}
    /// An event made `after` out of `before` (null: it opened the ticket).
    GUICHET_DECL void hear(ticket const* before, ticket const& after);
    std::vector<signal> heard;

private:
    policy_set const& policies_;
};

/// What clocks are computed from: a ticket and, where the policies listen to the log, what they heard there. Views.
struct facts {
    ticket const& t;
    std::span<signal const> heard = {};
    facts(ticket const& of) noexcept : t{of} {} // NOLINT: a ticket is all that most policies ask for
    facts(ticket const& of, std::span<signal const> what) noexcept : t{of}, heard{what} {}
};

/// All cycles of a metric, oldest first. About 10 ns each.
GUICHET_DECL std::vector<cycle> cycles(facts const& known, metric const& rule);

/// One clock of a ticket at an instant: a pure function of what happened to the ticket and of a policy. Nothing of it
/// is stored but the verdict, so a change of policy or calendar needs no repair: all is counted again from the start.
struct clock {
    std::string_view metric; ///< its key; valid as long as the policy set, like the pointers
    sla::policy const* policy = nullptr;
    sla::metric const* rule = nullptr;
    sla::target const* goal = nullptr;
    std::uint32_t cycle = 1;
    duration target{}, consumed{}; ///< working time
    instant started;
    std::optional<instant> stopped; ///< answered, or resolved
    /// When the target is, or was, used up. Empty when paused before, and when the calendar never opens again.
    std::optional<instant> due;
    std::optional<instant> paused_since; ///< when the present pause began
    bool cancelled = false;              ///< stopped without a verdict

    /// Whether it ended, or stands, after its deadline. At the deadline itself a clock that still runs is late.
    bool late(instant now) const noexcept { return due && (stopped ? *stopped > *due : now >= *due); }
};

/// What is left of a clock: negative when it is late. By the wall clock only where there is a deadline.
struct margin {
    duration working{};
    std::optional<duration> wall;
};
/// As of `now`, or of when the clock stopped.
GUICHET_DECL margin margin_of(clock const& c, instant now);

/// A cycle measured under a target, as of `now`.
GUICHET_DECL clock measure(facts const& known, policy const& of, metric const& rule, target const& goal,
                           sla::cycle const& one, instant now);

/// The clocks of a ticket as of `now`: of each family's policy, for each metric that has a target, the cycle that is or
/// was last, and the one that ended as it began. About 0.2 us each and one allocation.
GUICHET_DECL std::vector<clock> clocks(facts const& known, policy_set const& policies, instant now);

/// When `level` of working time is, or was, used up on a clock: its thresholds. Empty as `due` is.
GUICHET_DECL std::optional<instant> reaches(facts const& known, clock const& c, duration level);

/// From `since` to the next one, the clocks of a metric stand or not, before their calendar is asked.
struct phase {
    instant since;
    bool stands = false;
    std::string_view name;     ///< the state, or the condition, that it is for
    std::uint64_t version = 0; ///< of a condition: the ticket's version after the event that began it
};
/// The phases of a metric since the ticket was opened, in order.
GUICHET_DECL std::vector<phase> phases(facts const& known, metric const& rule);

/// What the clocks have to say after a change: met, breached, restarted, thresholds reached. In order; for
/// `lifecycle::apply`.
GUICHET_DECL std::vector<event_body> react(facts const& known, std::vector<clock> const& clocks, instant now);

/// The timers that the running clocks want after a change at `now`. A threshold that was passed under another deadline
/// is wanted again where it is still to come, or was armed again already.
GUICHET_DECL void wanted_timers(facts const& known, std::vector<clock> const& clocks, instant now,
                                std::vector<timer>& out);

/// The earliest deadline of the clocks that still run; none when all stopped or pause.
GUICHET_DECL std::optional<instant> earliest_due(std::vector<clock> const& clocks) noexcept;

} // namespace guichet::inline v0::sla

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/sla/impl/clock.ipp>
#endif
