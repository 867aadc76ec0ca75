#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/sla/clock.hpp>

#include <algorithm>
#include <tuple>
#include <vector>

/// What follows from a ticket and the configuration and is kept for queries only: timers and the next deadline.
namespace guichet::inline v0::detail {

/// The timer that closes a resolved ticket by itself, after working days of the lifecycle's calendar.
inline void wanted_auto_close(ticket const& t, configuration const& config, std::vector<timer>& out) {
    auto const& rule = config.rules->document().auto_close;
    if (t.status != status::resolved || rule.working_days == 0 || !t.resolved_at)
        return;
    auto const* calendar = config.policies->find_calendar(rule.calendar);
    if (auto const due = calendar->add_working_days(*t.resolved_at, static_cast<int>(rule.working_days)))
        out.push_back({timer_kind::auto_close, {}, *due});
}

/// The timer of the next reminder of a pending ticket, or of what follows the last one: so many working days after the
/// last sign of life of either side.
inline void wanted_reminder(ticket const& t, configuration const& config, std::vector<timer>& out) {
    auto const& rule = config.rules->document().reminders;
    bool const over = t.reminders >= rule.times && rule.then.empty();
    if (t.status != status::pending || t.pending_until || rule.working_days == 0 || over)
        return;
    auto since = std::max(t.spans.back().since, t.reminded_at.value_or(instant::min()));
    for (auto const& c : t.contacts)
        if (c.by == side::requester)
            since = std::max(since, c.at);
    auto const* calendar = config.policies->find_calendar(rule.calendar);
    if (auto const due = calendar->add_working_days(since, static_cast<int>(rule.working_days)))
        out.push_back({timer_kind::reminder, {}, *due});
}

/// The timers of those who were or will be told that time is running out, while the clock in question runs: those to
/// come, and those that are armed already.
inline void wanted_of_alerts(ticket const& t, std::vector<sla::clock> const& clocks, instant now,
                             std::vector<timer>& out) {
    for (auto const& a : t.alerts) {
        auto const due = a.from ? a.from : a.answer_by;
        bool const runs = due && std::any_of(clocks.begin(), clocks.end(), [&](sla::clock const& c) {
                              return c.metric == a.metric && c.cycle == a.cycle && !c.stopped;
                          });
        if (!runs || !t.open())
            continue;
        timer const wish{timer_kind::escalation, a.path + "/" + std::to_string(a.step), *due};
        if (*due > now || std::find(t.timers.begin(), t.timers.end(), wish) != t.timers.end())
            out.push_back(wish);
    }
}

inline bool earlier(timer const& a, timer const& b) {
    return std::tie(a.due, a.kind, a.name) < std::tie(b.due, b.kind, b.name);
}
/// Those armed and those that come later, in order.
inline std::vector<timer> timers_of(ticket const& t) {
    auto out = t.timers;
    out.insert(out.end(), t.later.begin(), t.later.end());
    std::sort(out.begin(), out.end(), &earlier);
    return out;
}

/// Arms the earliest of the clocks' timers, unless one is armed: the store is called for that, and then all clocks are
/// asked.
inline void arm_earliest(ticket& t) {
    auto const of_clock = [](timer const& one) {
        return one.kind == timer_kind::sla_breach || one.kind == timer_kind::sla_threshold;
    };
    if (t.later.empty() || std::any_of(t.timers.begin(), t.timers.end(), of_clock))
        return;
    auto const first =
        std::min_element(t.later.begin(), t.later.end(), [](timer const& a, timer const& b) { return a.due < b.due; });
    t.timers.push_back(std::move(*first));
    t.later.erase(first);
}

/// Sets what follows from the ticket and the configuration and is kept for queries only: timers and the next deadline.
inline void derive(ticket& t, std::span<sla::signal const> heard, std::vector<sla::clock> const& clocks,
                   configuration const& config, instant now) {
    t.due_at = sla::earliest_due(clocks);
    std::vector<timer> of_clocks, of_rules;
    config.automation->wanted_timers(t, now, t.timers, of_rules);
    wanted_of_alerts(t, clocks, now, of_rules);
    sla::wanted_timers({t, heard}, clocks, now, of_clocks);
    t.timers.clear();
    t.later = std::move(of_clocks);
    lifecycle::wanted_timers(t, t.timers);
    wanted_auto_close(t, config, t.timers);
    wanted_reminder(t, config, t.timers);
    t.timers.insert(t.timers.end(), of_rules.begin(), of_rules.end());
    arm_earliest(t);
}
inline void derive(ticket& t, std::span<sla::signal const> heard, configuration const& config, instant now) {
    derive(t, heard, sla::clocks({t, heard}, *config.policies, now), config, now);
}

} // namespace guichet::inline v0::detail
