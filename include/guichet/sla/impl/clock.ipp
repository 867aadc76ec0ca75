#pragma once
#include <guichet/sla/clock.hpp>

#include <algorithm>

namespace guichet::inline v0::sla {
namespace detail {

/// When the clock of a metric stopped for this ticket, if it has.
inline std::optional<instant> stop_of(ticket const& t, std::string_view metric) noexcept {
    return metric == first_response ? t.first_response_at : t.resolved_at;
}

/// Runs through the spans in which the clock ran, adding up working time, until it stopped or until now. The due date
/// is the instant in those spans at which the sum reaches the target.
inline void run(clock& c, ticket const& t, time::calendar const& calendar, instant now) {
    for (std::size_t i = 0; i < t.spans.size(); ++i) {
        auto const& span = t.spans[i];
        bool const last = i + 1 == t.spans.size();
        auto const end = last ? instant::max() : t.spans[i + 1].since;
        bool const stands = c.policy->pauses(span);
        if (last)
            c.paused = stands && !c.stopped;
        if (stands || (c.stopped && span.since > *c.stopped))
            continue;
        auto const left = c.target - c.consumed;
        auto const seen_until = std::min(last ? now : end, c.stopped.value_or(instant::max()));
        auto const length = calendar.between(span.since, std::max(seen_until, span.since));
        if (!c.due && left >= duration::zero() && (last || length >= left || (c.stopped && *c.stopped <= end)))
            c.due = calendar.add(span.since, left);
        c.consumed += length;
    }
}

inline clock_verdict const* verdict_of(ticket const& t, std::string_view metric) noexcept {
    for (auto const& v : t.clocks)
        if (v.metric == metric)
            return &v;
    return nullptr;
}

} // namespace detail

GUICHET_DECL std::vector<clock> clocks(ticket const& t, policy_set const& policies, instant now) {
    std::vector<clock> out;
    auto const* chosen = policies.select(t, now);
    if (!chosen)
        return out;
    out.reserve(2);
    for (auto const metric : {first_response, resolution}) {
        auto const* goal = chosen->find(metric, t.priority);
        if (!goal || goal->within <= duration::zero())
            continue;
        auto& c = out.emplace_back();
        c.metric = metric;
        c.policy = chosen;
        c.target = goal->within;
        c.started = t.created_at;
        c.stopped = detail::stop_of(t, metric);
        detail::run(c, t, *goal->calendar, now);
    }
    return out;
}

GUICHET_DECL std::vector<event_body> react(ticket const& t, std::vector<clock> const& clocks, instant now) {
    std::vector<event_body> out;
    for (auto const& c : clocks) {
        auto const* verdict = detail::verdict_of(t, c.metric);
        auto const name = std::string{c.metric};
        if (verdict) {
            if (verdict->outcome == clock_outcome::met && !c.stopped)
                out.push_back(clock_restarted{name});
            else
                continue;
        }
        auto const late = c.due && (c.stopped ? *c.stopped > *c.due : now >= *c.due);
        if (late)
            out.push_back(clock_breached{name, c.policy->name, c.policy->version, c.due});
        else if (c.stopped)
            out.push_back(clock_met{name, c.policy->name, c.policy->version, c.due});
    }
    return out;
}

GUICHET_DECL void wanted_timers(ticket const& t, std::vector<clock> const& clocks, std::vector<timer>& out) {
    for (auto const& c : clocks)
        if (c.due && !c.stopped && !c.paused && !detail::verdict_of(t, c.metric))
            out.push_back({timer_kind::sla_breach, std::string{c.metric}, *c.due});
}

GUICHET_DECL std::optional<instant> earliest_due(std::vector<clock> const& clocks) noexcept {
    std::optional<instant> out;
    for (auto const& c : clocks)
        if (c.due && !c.stopped && !c.paused && (!out || *c.due < *out))
            out = c.due;
    return out;
}

} // namespace guichet::inline v0::sla
