#pragma once
#include <guichet/json/writer.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/sla/proof.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>

namespace guichet::inline v0::sla {
namespace detail {

/// Lays interval after interval.
class prover {
public:
    prover(facts const& known, clock const& c, proof& out)
        : known_{known}, clock_{c}, out_{out}, at_{known.t.created_at} {}

    void run(instant now) {
        add(clock_.started, proof_kind::before_start);
        auto const end = std::max(clock_.stopped.value_or(now), clock_.started);
        auto const list = phases(known_, *clock_.rule);
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const to = i + 1 == list.size() ? end : std::min(end, list[i + 1].since);
            if (!list[i].stands || !clock_.rule->pause_excludes_time)
                run_until(to, false);
            else if (add(to, proof_kind::paused, std::string{list[i].name}))
                out_.intervals.back().event = list[i].version;
        }
        bool const dated = !clock_.goal->until_field.empty();
        if (clock_.due && !clock_.stopped && !clock_.paused_since && !dated && *clock_.due > end)
            run_until(*clock_.due, true);
    }

private:
    bool add(instant to, proof_kind kind, std::string name = {}, bool ahead = false) {
        if (to <= at_)
            return false;
        auto& i = out_.intervals.emplace_back();
        i.when = {at_, to};
        i.kind = kind;
        i.name = std::move(name);
        i.ahead = ahead;
        i.used = kind == proof_kind::running ? to - at_ : duration::zero();
        i.total = total_ += i.used;
        at_ = to;
        return true;
    }
    void run_until(instant end, bool ahead) {
        if (end <= at_)
            return;
        static constexpr proof_kind kinds[]{proof_kind::running, proof_kind::closed_hours, proof_kind::shift_closed,
                                            proof_kind::break_, proof_kind::holiday};
        for (auto const& s : clock_.goal->calendar->stretches(at_, end))
            add(s.when.to, kinds[static_cast<std::size_t>(s.kind)], s.name, ahead);
    }

    facts const& known_;
    clock const& clock_;
    proof& out_;
    instant at_;
    duration total_{};
};

} // namespace detail

GUICHET_DECL proof explain(facts const& known, clock const& c, instant now) {
    proof out;
    out.metric = c.metric;
    out.policy = c.policy->name;
    out.policy_version = c.policy->version;
    out.calendar = c.goal->calendar_name;
    out.calendar_version = c.goal->calendar_version;
    out.zone = c.goal->calendar->definition().tz;
    out.cycle = c.cycle;
    out.boundary = c.policy->boundary;
    out.target = c.target;
    out.consumed = c.consumed;
    out.left = margin_of(c, now);
    out.started = c.started;
    out.stopped = c.stopped;
    out.due = c.due;
    out.paused = c.paused_since.has_value();
    out.fixed = !c.goal->until_field.empty();
    for (auto const& v : known.t.clocks)
        if (v.metric == c.metric && v.cycle == c.cycle)
            out.outcome = v.outcome;
    detail::prover{known, c, out}.run(now);
    return out;
}

GUICHET_DECL std::string encode(proof const& p) {
    std::string out;
    json::writer w{out};
    auto const seconds = [&](std::string_view key, duration d) {
        w.key(key);
        d % std::chrono::seconds{1} == duration::zero() ? w.number(std::int64_t{d.count() / 1000})
                                                        : w.number(static_cast<double>(d.count()) / 1000.0);
    };
    auto const text = [&](std::string_view key, std::string_view value) {
        w.key(key);
        w.text(value);
    };
    auto const number = [&](std::string_view key, std::uint64_t value) {
        w.key(key);
        w.number(value);
    };
    auto const at = [&](std::string_view key, std::optional<instant> value) {
        w.key(key);
        value ? w.text(time::to_text(*value)) : w.null();
    };
    w.begin_object();
    text("metric", p.metric);
    number("cycle", p.cycle);
    text("policy", p.policy);
    number("policy_version", p.policy_version);
    text("calendar", p.calendar);
    number("calendar_version", p.calendar_version);
    text("zone", p.zone);
    text("boundary", p.boundary == time::boundary::nearest ? "nearest" : "farthest");
    seconds("target_seconds", p.target);
    seconds("consumed_seconds", p.consumed);
    seconds("left_seconds", p.left.working);
    if (p.left.wall)
        seconds("left_wall_seconds", *p.left.wall);
    at("started", p.started);
    at("stopped", p.stopped);
    at("due", p.due);
    w.key("paused");
    w.boolean(p.paused);
    text("outcome", json::to_text(p.outcome));
    w.key("intervals");
    w.begin_array();
    for (auto const& i : p.intervals) {
        w.begin_object();
        at("from", i.when.from);
        at("to", i.when.to);
        text("kind", json::to_text(i.kind));
        if (!i.name.empty())
            text("name", i.name);
        seconds("used_seconds", i.used);
        seconds("total_seconds", i.total);
        if (i.event)
            number("event", i.event);
        if (i.ahead) {
            w.key("ahead");
            w.boolean(true);
        }
        w.end_object();
    }
    w.end_array();
    w.end_object();
    return out;
}

} // namespace guichet::inline v0::sla
