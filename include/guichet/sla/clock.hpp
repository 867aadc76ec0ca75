#pragma once
#include <guichet/model/event.hpp>
#include <guichet/sla/policy.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace guichet::inline v0::sla {

/// One clock of a ticket at an instant: a pure function of the ticket's spans and of a policy. Nothing of it is stored
/// but the verdict, so a change of policy or calendar needs no repair.
struct clock {
    std::string_view metric; ///< of the policy; valid as long as the policy set
    sla::policy const* policy = nullptr;
    duration target{}, consumed{}; ///< working time
    instant started;
    std::optional<instant> stopped; ///< answered, or resolved
    /// When the target is, or was, used up. Empty when paused before, and when the calendar never opens again.
    std::optional<instant> due;
    bool paused = false;
};

/// The clocks of a ticket as of `now`, one per metric that its policy has a target for. About 0.1 us each and one
/// allocation.
GUICHET_DECL std::vector<clock> clocks(ticket const& t, policy_set const& policies, instant now);

/// What the clocks have to say after a change: met, breached or restarted. In order; for `lifecycle::apply`.
GUICHET_DECL std::vector<event_body> react(ticket const& t, std::vector<clock> const& clocks, instant now);

/// The timers that the running clocks want.
GUICHET_DECL void wanted_timers(ticket const& t, std::vector<clock> const& clocks, std::vector<timer>& out);

/// The earliest deadline of the clocks that still run; none when all stopped or pause.
GUICHET_DECL std::optional<instant> earliest_due(std::vector<clock> const& clocks) noexcept;

} // namespace guichet::inline v0::sla

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/sla/impl/clock.ipp>
#endif
