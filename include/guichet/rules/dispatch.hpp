#pragma once
#include <guichet/rules/rule_set.hpp>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace guichet::inline v0::rules {

/// The first rule of a set that was cut off, and by what depth.
struct cut {
    rule const* of = nullptr;
    std::uint32_t depth = 0;
};

/// Goes through the triggers for one change of one ticket: passes in order, each rule at most once, until nothing
/// changes any more. A set whose depth is reached does no more, the others go on; what was cut off is returned.
///
/// `current()` gives the ticket as it stands, shared; `act(rule, action)` does what it says and tells whether that
/// changed something; `observe(rule, pass, verdict, record)` hears of every rule that is looked at. With `all`, every
/// rule is, and not only those that the index finds: the same outcome, and a reason for each. `fired` are the rules
/// that fired on the ticket before, in answer to the same command: they are not asked again, and the list grows.
template <class Current, class Act, class Observe>
std::vector<cut> dispatch(rule_set const& set, change const& of, Current const& current, Act const& act,
                          Observe const& observe, std::vector<std::uint32_t>& fired, bool all = false) {
    std::vector<std::uint32_t> list, ended;
    std::vector<cut> cuts;
    auto const among = [](std::vector<std::uint32_t> const& numbers, std::uint32_t one) {
        return std::find(numbers.begin(), numbers.end(), one) != numbers.end();
    };
    auto const find = [&](std::uint32_t from) {
        if (!all)
            return set.candidates(rule_kind::trigger, of, *current(), from, list);
        list.clear();
        for (auto const& r : set.rules())
            if (r.kind == rule_kind::trigger && r.order >= from)
                list.push_back(r.order);
    };
    auto const with = set.context(of.now);
    std::shared_ptr<ticket const> seen; // kept while it is looked at: actions put another in its place
    std::optional<changed_record> record;
    auto const look = [&] {
        auto next = current();
        record.emplace(*next, of, set.schema());
        seen = std::move(next);
    };
    look();
    for (std::uint32_t pass = 1;; ++pass) {
        bool changed_any = false;
        find(0);
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const& r = set.rules()[list[i]];
            auto const& options = set.sets()[r.set];
            if (among(fired, r.order))
                continue;
            auto const tell = [&](rule_verdict verdict) { observe(r, pass, verdict, *record); };
            if (auto const why = set.idle(r, of, seen->tenant); why) {
                tell(*why);
                continue;
            }
            if (!r.condition.evaluate(*record, with)) {
                tell(rule_verdict::condition_false);
                continue;
            }
            if (among(ended, r.set)) {
                tell(rule_verdict::stopped);
                continue;
            }
            if (pass > 1 && !options.chaining) {
                tell(rule_verdict::single_pass);
                continue;
            }
            if (pass > options.depth) {
                tell(rule_verdict::depth);
                if (std::none_of(cuts.begin(), cuts.end(), [&](cut const& c) { return c.of->set == r.set; }))
                    cuts.push_back({&r, options.depth});
                continue;
            }
            fired.push_back(r.order);
            bool changed = false;
            for (auto const& one : r.actions)
                changed = act(r, one) || changed;
            tell(changed ? rule_verdict::fired : rule_verdict::unchanged);
            if (r.stop)
                ended.push_back(r.set);
            if (changed) {
                changed_any = true;
                look();
                find(r.order + 1);
                i = static_cast<std::size_t>(-1);
            }
        }
        if (!changed_any)
            return cuts;
    }
}

/// The first guard that refuses a change; null when none does.
GUICHET_DECL rule const* refusing(rule_set const& set, change const& of);

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/dispatch.ipp>
#endif
