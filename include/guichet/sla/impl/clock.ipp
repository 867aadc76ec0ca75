#pragma once
#include <guichet/model/ticket_fields.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/container/small_vector.hpp>

#include <algorithm>

namespace guichet::inline v0::sla {
namespace detail {

/// Thresholds that fall due this long before the desk can tell are late: the policy's catch-up decides.
inline constexpr duration tardy = std::chrono::minutes{1};

/// Calls `take` with each cycle, oldest first. One function for each kind of metric.
template <class Take>
class cycle_finder {
public:
    cycle_finder(facts const& known, metric const& rule, Take const& take)
        : t_{known.t}, heard_{known.heard}, rule_{rule}, take_{take} {}

    void run() {
        switch (rule_.kind) {
        case metric_kind::first_response: return give(t_.created_at, t_.first_response_at);
        case metric_kind::time_to_own: return give(t_.created_at, t_.owned_at);
        case metric_kind::next_response: return rule_.begins_anew ? last_contacts() : unanswered();
        case metric_kind::periodic_update: return updates();
        case metric_kind::handover: return holdings();
        case metric_kind::resolution: return rule_.begins_anew ? resolutions() : give(t_.created_at, t_.resolved_at);
        case metric_kind::declared: return declared();
        }
    }

private:
    void give(instant from, std::optional<instant> to, bool cancelled = false) {
        take_(cycle{++no_, from, to, cancelled});
    }

    /// The first unanswered word of the requester waits for the next one of the desk.
    void unanswered() {
        std::optional<instant> waiting;
        for (auto const& c : t_.contacts) {
            if (c.by == side::requester)
                waiting = waiting.value_or(c.at);
            else if (waiting) {
                give(*waiting, c.at);
                waiting.reset();
            }
        }
        if (waiting)
            give(*waiting, {});
    }
    /// Whoever speaks, the time begins anew.
    void last_contacts() {
        auto since = t_.created_at;
        for (auto const& c : t_.contacts) {
            if (c.at > since)
                give(since, c.at);
            since = std::max(since, c.at);
        }
        give(since, {});
    }
    void updates() {
        std::optional<instant> since;
        for (auto const& c : t_.contacts) {
            if (c.by == side::desk) {
                if (since)
                    give(*since, c.at);
                since = c.at;
            } else if (since && rule_.only_while_answered) {
                give(*since, c.at, true);
                since.reset();
            }
        }
        if (since)
            give(*since, {});
    }
    void holdings() {
        for (std::size_t i = 0; i < t_.holdings.size(); ++i) {
            auto const& h = t_.holdings[i];
            if (h.team.empty() && h.tier.empty())
                continue;
            if (i + 1 < t_.holdings.size())
                give(h.since, t_.holdings[i + 1].since);
            else // who got it when it was resolved already has yet to let go of it
                give(h.since, t_.resolved_at >= h.since ? t_.resolved_at : std::nullopt);
        }
    }
    /// From creation, or from being reopened, to being resolved.
    void resolutions() {
        std::optional<instant> since = t_.created_at;
        for (auto const& span : t_.spans) {
            if (is_open(span.status))
                since = since.value_or(span.since);
            else if (since) {
                give(*since, span.since);
                since.reset();
            }
        }
        if (since)
            give(*since, t_.resolved_at);
    }

    void declared() {
        std::optional<instant> since;
        for (auto const& s : heard_) {
            if (s.of != &rule_)
                continue;
            bool const ends =
                s.kind == signal_kind::stop || s.kind == signal_kind::cancel || s.kind == signal_kind::reset;
            if (since && ends) {
                give(*since, s.at, s.kind != signal_kind::stop);
                since = s.kind == signal_kind::reset ? std::optional{s.at} : std::nullopt;
            } else if (!since && s.kind == signal_kind::start)
                since = s.at;
        }
        if (since)
            give(*since, {});
    }

    ticket const& t_;
    std::span<signal const> heard_;
    metric const& rule_;
    Take const& take_;
    std::uint32_t no_ = 0;
};

template <class Take>
void each_cycle(facts const& known, metric const& rule, Take const& take) {
    cycle_finder<Take>{known, rule, take}.run();
}

/// Calls `take(phase)` for each phase of a metric.
template <class Take>
void each_phase(facts const& known, metric const& rule, Take const& take) {
    auto const& spans = known.t.spans;
    auto const heard = [&](std::size_t from) { // the next signal of this metric that pauses or resumes
        while (from < known.heard.size() &&
               (known.heard[from].of != &rule || known.heard[from].kind < signal_kind::resume))
            ++from;
        return from;
    };
    signal const* pause = nullptr;
    std::size_t next = heard(0);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        auto const end = i + 1 < spans.size() ? spans[i + 1].since : instant::max();
        bool const stands = rule.pauses(spans[i]);
        auto const tell = [&](instant since) {
            if (pause && !stands)
                take(phase{since, true, rule.pause_name, pause->version});
            else
                take(phase{since, stands, spans[i].state, 0});
        };
        tell(spans[i].since);
        for (; next < known.heard.size() && known.heard[next].at < end; next = heard(next + 1)) {
            pause = known.heard[next].kind == signal_kind::pause ? &known.heard[next] : nullptr;
            tell(std::max(known.heard[next].at, spans[i].since));
        }
    }
}

/// A stretch in which a clock ran, with the working time used up before it.
struct stretch {
    instant from, to;
    duration before{};
};
using stretches = boost::container::small_vector<stretch, 8>;

/// What a cycle's spans come to. `paused_since` is set when it stands now.
inline stretches stretches_of(facts const& known, metric const& rule, cycle const& one,
                              std::optional<instant>& paused_since) {
    stretches out;
    std::optional<instant> stands_since;
    auto const end = one.stopped.value_or(instant::max());
    auto const add = [&](bool stands, instant from, instant to) {
        if (to < from)
            return;
        stands_since = stands ? std::optional{stands_since.value_or(from)} : std::nullopt;
        // A state that lasted no time leaves no trace, but for a cycle that began and ended in one instant.
        if ((stands && rule.pause_excludes_time) || (to == from && (!out.empty() || from != one.started)))
            return;
        if (!out.empty() && out.back().to == from)
            out.back().to = to;
        else
            out.push_back({from, to});
    };
    std::optional<phase> last; // the first one reaches back to before the ticket
    each_phase(known, rule, [&](phase const& next) {
        if (last)
            add(last->stands, last->since, std::min(next.since, end));
        last = phase{last ? std::max(next.since, one.started) : one.started, next.stands, {}, 0};
    });
    if (last)
        add(last->stands, last->since, end);
    paused_since = one.stopped ? std::nullopt : stands_since;
    return out;
}

/// Measures the stretches; the sum.
inline duration add_up(stretches& list, time::calendar const& calendar, instant now) {
    duration sum{};
    for (auto& s : list) {
        s.before = sum;
        auto const until = std::min(s.to, std::max(now, s.from));
        sum += calendar.between(s.from, until);
    }
    return sum;
}

/// When a level is reached. Beyond the last stretch only where the clock ran until `end`: on, or until it was stopped.
inline std::optional<instant> reached(stretches const& list, duration level, time::calendar const& calendar,
                                      time::boundary boundary, instant end) {
    for (auto const& s : list) {
        auto const left = level - s.before;
        if (left < duration::zero())
            return {};
        auto const at =
            s.to == end || calendar.between(s.from, s.to) >= left ? calendar.add(s.from, left, boundary) : std::nullopt;
        if (s.to == end || (at && *at <= s.to)) // the farther boundary may lie in the pause that follows
            return at;
    }
    return {};
}

inline clock_verdict const* verdict_of(ticket const& t, std::string_view metric) noexcept {
    for (auto const& v : t.clocks)
        if (v.metric == metric)
            return &v;
    return nullptr;
}
inline threshold_mark const* mark_of(ticket const& t, clock const& c, std::string_view threshold) noexcept {
    for (auto const& m : t.thresholds)
        if (m.threshold == threshold && m.metric == c.metric && m.cycle == c.cycle)
            return &m;
    return nullptr;
}
/// Whether a threshold that was passed under another deadline was armed again for this one.
inline bool armed_again(ticket const& t, clock const& c, std::string_view threshold, instant at) noexcept {
    auto const is = [&](timer const& armed) {
        std::string_view const name = armed.name;
        return armed.kind == timer_kind::sla_threshold && armed.due == at && name.ends_with(threshold) &&
               name.starts_with(c.metric) && name.size() == c.metric.size() + 1 + threshold.size();
    };
    return std::any_of(t.timers.begin(), t.timers.end(), is) || std::any_of(t.later.begin(), t.later.end(), is);
}
inline bool judged(ticket const& t, clock const& c) noexcept {
    auto const* verdict = verdict_of(t, c.metric);
    return verdict &&
           (verdict->cycle > c.cycle || (verdict->cycle == c.cycle && verdict->outcome != clock_outcome::running));
}

/// The date in a ticket's field, as an instant: a day means its end in the calendar's zone.
inline std::optional<instant> contractual_date(ticket const& t, target const& goal) {
    auto const text = t.field_text(goal.until_field);
    if (text.empty())
        return {};
    if (auto const exact = time::parse_instant(text, "date"))
        return *exact;
    auto const midnight = time::parse_instant(std::string{text} + "T00:00:00Z", "date");
    if (!midnight)
        return {};
    time::local_date const day{std::chrono::floor<std::chrono::days>(*midnight).time_since_epoch()};
    auto const opening = goal.calendar->opening_of(day);
    return opening ? std::optional{opening->to} : goal.calendar->zone().to_sys(day + std::chrono::days{1});
}

inline duration length_of(target const& goal, instant started) {
    if (goal.working_days == 0)
        return goal.within;
    auto const end = goal.calendar->add_working_days(started, goal.working_days, time::roll::forward, goal.end_of_day);
    return end ? goal.calendar->between(started, *end) : duration::zero();
}

} // namespace detail

GUICHET_DECL void listener::hear(ticket const* before, ticket const& after) {
    static ticket const nothing;
    auto const& schema = policies_.schema();
    auto const with = ticket_context(after.updated_at);
    ticket_record const now{after, schema, before ? before : &nothing};
    ticket_record const then{before ? *before : nothing, schema};
    for (auto const* m : policies_.listeners())
        for (auto const& [kind, condition] : m->conditions) {
            bool const holds = condition.evaluate(now, with);
            bool const held = before && !condition.asks_change() && condition.evaluate(then, with);
            auto const add = [&](signal_kind what) { heard.push_back({m, what, after.updated_at, after.version}); };
            if (holds && !held)
                add(kind);
            else if (held && !holds && kind == signal_kind::pause && !m->resumes)
                add(signal_kind::resume);
        }
}

GUICHET_DECL std::vector<cycle> cycles(facts const& known, metric const& rule) {
    std::vector<cycle> out;
    detail::each_cycle(known, rule, [&](cycle const& one) { out.push_back(one); });
    return out;
}

GUICHET_DECL std::vector<phase> phases(facts const& known, metric const& rule) {
    std::vector<phase> out;
    detail::each_phase(known, rule, [&](phase const& next) { out.push_back(next); });
    return out;
}

GUICHET_DECL clock measure(facts const& known, policy const& of, metric const& rule, target const& goal,
                           sla::cycle const& one, instant now) {
    clock c;
    c.metric = rule.key;
    c.policy = &of;
    c.rule = &rule;
    c.goal = &goal;
    c.cycle = one.no;
    c.started = one.started;
    c.stopped = one.stopped;
    c.cancelled = one.cancelled;
    auto list = detail::stretches_of(known, rule, one, c.paused_since);
    c.consumed = detail::add_up(list, *goal.calendar, now);
    if (!goal.until_field.empty()) {
        c.due = detail::contractual_date(known.t, goal);
        c.target = c.due ? goal.calendar->between(c.started, *c.due) : duration::zero();
        return c;
    }
    c.target = detail::length_of(goal, one.started);
    if (c.target > duration::zero())
        c.due = detail::reached(list, c.target, *goal.calendar, of.boundary, one.stopped.value_or(instant::max()));
    return c;
}

GUICHET_DECL margin margin_of(clock const& c, instant now) {
    if (!c.due)
        return {c.target - c.consumed, {}};
    auto const at = c.stopped.value_or(std::max(now, c.started));
    auto const& calendar = *c.goal->calendar;
    return {at <= *c.due ? calendar.between(at, *c.due) : -calendar.between(*c.due, at), *c.due - at};
}

GUICHET_DECL std::optional<instant> reaches(facts const& known, clock const& c, duration level) {
    auto const& calendar = *c.goal->calendar;
    if (!c.goal->until_field.empty())
        return c.due ? calendar.add(*c.due, level - c.target, c.policy->boundary) : std::nullopt;
    std::optional<instant> paused_since;
    auto list = detail::stretches_of(known, *c.rule, {c.cycle, c.started, c.stopped, c.cancelled}, paused_since);
    detail::add_up(list, calendar, instant::max());
    return detail::reached(list, level, calendar, c.policy->boundary, c.stopped.value_or(instant::max()));
}

GUICHET_DECL std::vector<clock> clocks(facts const& known, policy_set const& policies, instant now) {
    std::vector<clock> out;
    auto const& t = known.t;
    policies.each_chosen(t, now, [&](policy const& chosen) {
        for (auto const& rule : chosen.metrics) {
            auto const* goal = rule.find(t, policies.schema(), now);
            if (!goal)
                continue;
            std::optional<cycle> last, before;
            detail::each_cycle(known, rule, [&](cycle const& one) {
                before = last;
                last = one;
            });
            if (!last)
                continue;
            if (out.empty())
                out.reserve(4);
            auto const add = [&](cycle const& one) {
                auto c = measure(known, chosen, rule, *goal, one, now);
                if (c.target > duration::zero() || !goal->until_field.empty())
                    out.push_back(c);
            };
            if (before && before->stopped == last->started)
                add(*before);
            add(*last);
        }
    });
    return out;
}

GUICHET_DECL std::vector<event_body> react(facts const& known, std::vector<clock> const& clocks, instant now) {
    std::vector<event_body> out;
    auto const& t = known.t;
    for (auto const& c : clocks) {
        auto const name = std::string{c.metric};
        if (detail::judged(t, c)) {
            auto const* verdict = detail::verdict_of(t, c.metric);
            if (verdict->cycle != c.cycle || verdict->outcome != clock_outcome::met || c.stopped)
                continue;
            out.push_back(clock_restarted{name, c.cycle});
        }
        if (c.cancelled)
            continue;
        if (c.late(now))
            out.push_back(clock_breached{name, c.policy->name, c.policy->version, c.due, c.cycle});
        else if (c.stopped)
            out.push_back(clock_met{name, c.policy->name, c.policy->version, c.due, c.cycle});
    }
    for (auto const& c : clocks) {
        if (c.stopped || c.rule->thresholds.empty())
            continue;
        auto const first = out.size();
        for (auto const& point : c.rule->thresholds) {
            auto const level = point.level(c.target);
            auto const at = level > duration::zero() ? reaches(known, c, level) : std::nullopt;
            if (!at || *at > now)
                continue;
            auto const* mark = detail::mark_of(t, c, point.name);
            if (mark && (mark->due == *at || !detail::armed_again(t, c, point.name, *at)))
                continue;
            clock_threshold_reached e{
                std::string{c.metric}, point.name, c.policy->name, c.policy->version, *at, c.cycle, false};
            e.overrun = c.policy->catch_up != catch_up::all && now - *at > detail::tardy;
            out.push_back(std::move(e));
        }
        auto const by_due = [](event_body const& a, event_body const& b) {
            return std::get<clock_threshold_reached>(a).due < std::get<clock_threshold_reached>(b).due;
        };
        std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), by_due);
        if (c.policy->catch_up == catch_up::once && out.size() > first)
            std::get<clock_threshold_reached>(out.back()).overrun = false;
    }
    return out;
}

GUICHET_DECL void wanted_timers(facts const& known, std::vector<clock> const& clocks, instant now,
                                std::vector<timer>& out) {
    auto const& t = known.t;
    for (auto const& c : clocks) {
        if (c.stopped || c.paused_since)
            continue;
        if (c.due && !detail::judged(t, c))
            out.push_back({timer_kind::sla_breach, std::string{c.metric}, *c.due});
        for (auto const& point : c.rule->thresholds) {
            auto const level = point.level(c.target);
            auto const at = level > duration::zero() ? reaches(known, c, level) : std::nullopt;
            auto const* mark = detail::mark_of(t, c, point.name);
            bool const again =
                at && mark && mark->due != *at && (*at > now || detail::armed_again(t, c, point.name, *at));
            if (at && (!mark || again))
                out.push_back({timer_kind::sla_threshold, std::string{c.metric} + "/" + point.name, *at});
        }
    }
}

GUICHET_DECL std::optional<instant> earliest_due(std::vector<clock> const& clocks) noexcept {
    std::optional<instant> out;
    for (auto const& c : clocks)
        if (c.due && !c.stopped && !c.paused_since && (!out || *c.due < *out))
            out = c.due;
    return out;
}

} // namespace guichet::inline v0::sla
