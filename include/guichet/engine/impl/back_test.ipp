#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/change.ipp>
#include <guichet/engine/impl/dry_run.ipp>
#include <guichet/engine/trial.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/sla/clock.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

namespace guichet::inline v0 {
namespace detail {

/// A ticket as it would have become had other rules answered it, all else being as it was: what people did to it, and
/// when. Tells how often its clocks would have run out.
class other_course {
public:
    /// `breaches`: what its clocks said before the courses parted. Earlier than `from`, none counts.
    other_course(configuration const& config, ticket then, std::uint64_t breaches, instant from = instant::min())
        : config_{config}, now_{std::move(then)}, breaches_{breaches}, from_{from} {}

    /// An event of the log. What clocks and rules said there is another course's.
    void hear(event const& e) {
        if (e.cause.what.starts_with(by_rule) || follows_clocks(e.body))
            return;
        apply(e);
        judge(e.at);
    }
    /// What rules make of it.
    void take(std::span<event const> made, instant at) {
        for (auto const& e : made)
            apply(e);
        judge(at);
    }
    std::uint64_t end(instant at) {
        judge(at);
        return breaches_;
    }

private:
    void apply(event e) {
        e.version = now_.version + 1;
        lifecycle::apply(now_, e);
    }
    void judge(instant at) {
        if (now_.version == 0)
            return;
        sla::facts const known{now_, {}};
        for (auto& body : sla::react(known, sla::clocks(known, *config_.policies, at), at)) {
            breaches_ += at >= from_ && std::holds_alternative<clock_breached>(body);
            event e;
            e.at = at;
            e.body = std::move(body);
            apply(std::move(e));
        }
    }

    configuration const& config_;
    ticket now_;
    std::uint64_t breaches_;
    instant from_;
};

} // namespace detail

GUICHET_DECL result<back_test_report> desk::back_test(std::span<document const> candidates, report_period const& period,
                                                      viewer const& who) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    GUICHET_LET(auto all, detail::documents_of(*store_));
    GUICHET_LET(auto const next, configuration::compile(detail::with_changes(std::move(all), candidates)));
    back_test_report out;
    std::map<std::string, back_test_report::count> counts;
    detail::spare_tickets spares;
    struct followed {
        explicit followed(detail::spare_tickets& from) : reader{from} {}
        detail::past_reader reader;
        detail::fired_rules fired;
        std::optional<detail::other_course> course; ///< once these rules and the log differ
        std::uint64_t breaches_in_log = 0;
    };
    std::unordered_map<ticket_id, followed> readers;
    bool const other_promises =
        std::any_of(candidates.begin(), candidates.end(), [](document const& d) { return d.kind != "rules"; });
    auto const open_children = [&](ticket const& t) {
        std::vector<std::string> numbers;
        for (auto const& link : t.links)
            if (auto const child = readers.find(link.ticket);
                link.kind == link_kind::parent_of && child != readers.end() && child->second.reader.now()->open())
                numbers.push_back(child->second.reader.now()->number);
        return numbers;
    };
    auto const answer_change = [&](followed& one, detail::past_change const& c) -> result<void> {
        auto const at = c.after->updated_at;
        if (at < period.from || at >= period.to)
            return {};
        ++out.changes;
        auto after = std::const_pointer_cast<ticket>(c.after); // shared, so that it is replaced and not changed
        std::vector<event> made;
        auto& fired_before = one.fired.before(c, *next->automation);
        auto const children = open_children(*c.after);
        detail::past_surroundings around{*next, c.by_rules, detail::tried(candidates)};
        detail::reaction answer{*next, around, after, made, children, at, std::move(fired_before)};
        answer.run(c.as_change());
        fired_before = std::move(answer.fired);
        std::set<std::string> fired;
        for (auto const& e : made)
            fired.insert(e.cause.what);
        for (auto const& name : fired)
            ++counts[name].fired;
        for (auto const& e : c.by_rules)
            ++counts[e.cause.what].in_log;
        out.cuts += answer.cuts.size();
        out.refused += answer.refused.size();
        out.conflicts += fired.size() > 1 && detail::conflicting(made);
        bool const differs = !detail::same_deeds(made, c.by_rules);
        out.differences += differs;
        if (one.course)
            one.course->take(made, at);
        else if (differs)
            one.course.emplace(*next, *after, one.breaches_in_log);
        return {};
    };
    // What one instant brought is answered before the next, so that each ticket finds the others as they were.
    std::vector<followed*> touched;
    instant present{};
    auto const end_all = [&]() -> result<void> {
        for (auto* const one : touched)
            GUICHET_TRY(one->reader.end([&](auto const& c) { return answer_change(*one, c); }));
        touched.clear();
        return {};
    };
    static constexpr std::size_t chunk = 2'000;
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const stored, store_->read_log(seq, chunk));
        if (stored.empty())
            break;
        seq = stored.back().seq;
        GUICHET_LET(auto const texts, store_->read_texts_between(stored.front().seq, seq));
        for (auto const& s : stored) {
            if (s.tenant != who.tenant || s.at >= period.to || is_article_type(s.type))
                continue;
            ++out.events;
            GUICHET_LET(auto const e, detail::from_stored(s, texts));
            if (e.at != present)
                GUICHET_TRY(end_all());
            present = e.at;
            auto& one = readers.try_emplace(e.ticket, spares).first->second;
            GUICHET_TRY(one.reader.hear(e, [&](auto const& c) { return answer_change(one, c); }));
            if (other_promises && !one.course)
                one.course.emplace(*next, ticket{}, 0, period.from);
            if (one.course)
                one.course->hear(e);
            bool const late = e.at >= period.from && std::holds_alternative<clock_breached>(e.body);
            out.breaches_in_log += late;
            one.breaches_in_log += late;
            if (touched.empty() || touched.back() != &one)
                touched.push_back(&one);
        }
    }
    GUICHET_TRY(end_all());
    for (auto& [id, one] : readers)
        out.breaches += one.course ? one.course->end(present) : one.breaches_in_log;
    for (auto& [cause, count] : counts) {
        count.rule = cause.substr(cause.find(':') + 1);
        out.rules.push_back(std::move(count));
    }
    return out;
}

GUICHET_DECL std::string encode(back_test_report const& r) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    for (auto const& [name, value] : {std::pair{"events", r.events},
                                      {"changes", r.changes},
                                      {"conflicts", r.conflicts},
                                      {"cuts", r.cuts},
                                      {"refused", r.refused},
                                      {"differences", r.differences},
                                      {"breaches", r.breaches},
                                      {"breaches_in_log", r.breaches_in_log}}) {
        w.key(name);
        w.number(value);
    }
    w.key("rules");
    w.begin_array();
    for (auto const& one : r.rules) {
        w.begin_object();
        w.key("rule");
        w.text(one.rule);
        w.key("fired");
        w.number(one.fired);
        w.key("in_log");
        w.number(one.in_log);
        w.end_object();
    }
    w.end_array();
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
