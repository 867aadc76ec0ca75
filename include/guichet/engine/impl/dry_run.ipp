#pragma once
#include <guichet/engine/impl/heard.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/engine/trial.hpp>

#include <algorithm>
#include <map>
#include <optional>

/// Changes as the log has them, and rules that answer them without writing anything.
namespace guichet::inline v0::detail {

/// One change of one ticket as the log has it: what a command or a timer did, and what rules made of it.
struct past_change {
    std::optional<ticket> before; ///< none: it was opened
    ticket after, now;            ///< before and after the rules
    std::uint64_t bits = 0;
    std::vector<event> by_rules;

    bool empty() const noexcept { return bits == 0; }
    rules::change as_change() const { return {before ? &*before : nullptr, &after, bits, after.updated_at}; }
};

/// Puts the events of a ticket together to changes. What one command did bears one instant, actor and cause; events of
/// rules follow it, and verdicts of clocks on what those did. Two commands of one actor in one millisecond count as
/// one.
class past_reader {
public:
    /// Calls `take` with the change that ends where this event begins another.
    template <class Take>
    result<void> hear(event const& e, Take const& take) {
        bool const by_rule = e.cause.what.starts_with("rule:");
        bool const of_clock = name_of(e.body).starts_with("clock_");
        bool const same = !present_.empty() && e.at == at_ && (by_rule || (e.actor == actor_ && e.cause == cause_));
        if (!same || (!by_rule && !of_clock && !present_.by_rules.empty())) {
            GUICHET_TRY(end(take));
            if (present_.now.version)
                present_.before = present_.now;
            at_ = e.at;
            actor_ = e.actor;
            cause_ = e.cause;
        }
        lifecycle::apply(present_.now, e);
        if (by_rule)
            present_.by_rules.push_back(e);
        else if (present_.by_rules.empty()) {
            present_.bits |= rules::event_bit(e.body);
            present_.after = present_.now;
        }
        return {};
    }
    template <class Take>
    result<void> end(Take const& take) {
        if (!present_.empty())
            GUICHET_TRY(take(std::as_const(present_)));
        present_.bits = 0;
        present_.by_rules.clear();
        return {};
    }

private:
    past_change present_;
    instant at_;
    std::string actor_;
    event_cause cause_;
};

/// Lets rules answer a change without writing anything.
inline dry_run_report dry_run(configuration const& config, rules::change const& of, bool all) {
    dry_run_report out;
    auto after = std::make_shared<ticket>(*of.after);
    reaction answer{config, after, out.events, {}, of.now};
    std::map<std::uint32_t, rule_decision> decisions;
    auto const observe = [&](rules::rule const& r, std::uint32_t pass, rules::rule_verdict verdict,
                             rules::changed_record const& record) {
        auto const known = decisions.find(r.order);
        bool const first = known == decisions.end();
        if (!first && verdict >= rules::rule_verdict::condition_false && verdict != rules::rule_verdict::depth)
            return; // the first look tells why not
        auto& d = decisions[r.order];
        d.rule = r.name;
        d.version = r.version;
        d.pass = pass;
        d.verdict = verdict;
        d.why = r.condition.explain(record, config.automation->context(of.now));
    };
    answer.run(of, observe, all);
    for (auto const& one : answer.refused)
        decisions[one.of->order].refused.push_back(one.why.describe());
    for (auto& [order, d] : decisions)
        out.decisions.push_back(std::move(d));
    out.cut = answer.cut.has_value();
    return out;
}

/// Whether two rules gave the same field a value in one dispatch.
inline bool conflicting(std::span<event const> events) {
    std::map<std::size_t, std::string> by;
    for (auto const& e : events) {
        auto const [place, fresh] = by.emplace(e.body.index(), e.cause.what);
        bool const adds = std::holds_alternative<message_added>(e.body) ||
                          std::holds_alternative<tags_changed>(e.body) ||
                          std::holds_alternative<watchers_changed>(e.body);
        if (!fresh && !adds && place->second != e.cause.what)
            return true;
    }
    return false;
}

/// Whether rules would do what the log says they did.
inline bool same_deeds(std::span<event const> a, std::span<event const> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](event const& x, event const& y) {
        std::string of_x, of_y;
        encode_body(x.body, of_x);
        encode_body(y.body, of_y);
        return x.cause.what == y.cause.what && x.body.index() == y.body.index() && of_x == of_y;
    });
}

} // namespace guichet::inline v0::detail
