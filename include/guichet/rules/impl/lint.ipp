#pragma once
#include <guichet/model/codec.hpp>
#include <guichet/rules/impl/circles.ipp>
#include <guichet/rules/impl/effects.ipp>
#include <guichet/rules/impl/lint_words.ipp>
#include <guichet/rules/lint.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace guichet::inline v0::rules {
namespace detail {

/// A rule with what its condition requires and what its actions do.
struct looked_at {
    rule const* of;
    requirements asks;
    std::vector<effect> does;
};

/// How often conditions may be compared for findings of one kind.
inline constexpr std::size_t comparisons_max = 1'000'000;

/// Rules by the few values that one field may have where they hold; those that leave it open lie apart.
class value_index {
public:
    /// By the field that most of them ask for.
    value_index(std::vector<std::size_t> const& numbers, std::vector<looked_at> const& all) : all_{all} {
        std::unordered_map<std::uint32_t, std::size_t> asked;
        for (auto const number : numbers)
            if (auto const& ways = all[number].asks.alternatives(); ways.size() == 1)
                for (auto const& facts : ways[0].facts())
                    if (facts.few())
                        ++asked[facts.field];
        std::size_t most = 0;
        for (auto const& [field, count] : asked)
            if (count > most || (count == most && field < field_))
                field_ = field, most = count;
    }

    std::vector<std::string> keys_of(std::size_t number) const {
        return all_[number].asks.alternatives().size() == 1 ? first_keys_of(number) : std::vector<std::string>{};
    }
    /// Of the first way in which the condition can hold.
    std::vector<std::string> first_keys_of(std::size_t number) const {
        auto const& ways = all_[number].asks.alternatives();
        auto const* facts = ways.empty() ? nullptr : ways[0].find(field_);
        std::vector<std::string> out;
        if (auto const* few = facts ? facts->few() : nullptr)
            for (auto const& one : *few)
                out.push_back(expr::to_text(one));
        return out;
    }

private:
    std::vector<looked_at> const& all_;
    std::uint32_t field_ = ~std::uint32_t{0};
};

class linter {
public:
    linter(rule_set const& set, known_names const& known) : set_{set}, known_{known} {
        effect_reader reader{set.schema()};
        for (auto const& r : set.rules())
            all_.push_back({&r, requirements{r.condition}, reader.run(r)});
    }

    std::vector<finding> run() {
        for (auto const& one : all_) {
            conditions(one);
            names(one);
        }
        for (auto const look : {&linter::shadows, &linter::fights, &linter::cycles}) {
            compared_ = 0;
            (this->*look)();
            unfinished_ = unfinished_ || has_enough();
        }
        std::stable_sort(out_.begin(), out_.end(),
                         [&](finding const& a, finding const& b) { return order_of(a) < order_of(b); });
        if (unfinished_)
            out_.push_back({lint_kind::unfinished, lint_severity::warning, "rules", {}, {}, {}, {}, {}});
        return std::move(out_);
    }

private:
    std::uint32_t order_of(finding const& f) const { return set_.find(f.rules.front())->order; }
    set_options const& options(looked_at const& one) const { return set_.sets()[one.of->set]; }
    bool may_compare() { return ++compared_ <= comparisons_max; }
    bool has_enough() const noexcept { return compared_ > comparisons_max; }

    finding& add(lint_kind kind, lint_severity severity, looked_at const& one, std::string const& place) {
        finding out;
        out.kind = kind;
        out.severity = severity;
        out.place = one.of->name + place;
        out.rules = {one.of->name};
        out_.push_back(std::move(out));
        return out_.back();
    }
    void about(finding& f, std::uint32_t field) const {
        if (field >= set_.schema().size())
            return;
        f.field = set_.schema()[field].name;
        f.called = set_.schema()[field].called;
    }
    static std::string action(std::size_t at) { return ".actions[" + std::to_string(at) + "]"; }

    // --- each rule alone

    void conditions(looked_at const& one) {
        if (one.asks.never()) {
            auto& f = add(lint_kind::never_true, lint_severity::error, one, ".when");
            if (auto const field = one.asks.culprit())
                about(f, *field);
        }
        if (one.of->kind == rule_kind::trigger && !one.of->on && !one.of->hours && one.asks.always())
            add(lint_kind::always_true, lint_severity::warning, one, ".when");
    }

    struct names_of_field {
        std::string_view field;
        lint_kind kind;
        std::vector<std::string> known_names::*list;
    };
    static constexpr names_of_field named_fields[]{{"assignee", lint_kind::unknown_person, &known_names::persons},
                                                   {"watchers", lint_kind::unknown_person, &known_names::persons},
                                                   {"team", lint_kind::unknown_team, &known_names::teams},
                                                   {"queue", lint_kind::unknown_queue, &known_names::queues},
                                                   {"tier", lint_kind::unknown_tier, &known_names::tiers}};

    void name(looked_at const& one, std::uint32_t field, expr::literal const& value, std::string const& place) {
        auto const* text = std::get_if<std::string>(&value);
        if (!text || text->empty() || field >= set_.schema().size())
            return;
        for (auto const& [called, kind, list] : named_fields)
            if (auto const& names = known_.*list; set_.schema()[field].name == called && !names.empty() &&
                                                  std::find(names.begin(), names.end(), *text) == names.end()) {
                auto& f = add(kind, lint_severity::error, one, place);
                about(f, field);
                f.value = *text;
            }
    }
    void names(looked_at const& one) {
        if (known_.persons.empty() && known_.teams.empty() && known_.queues.empty() && known_.tiers.empty())
            return;
        names_in(one, one.of->condition.root());
        for (auto const& e : one.does)
            if (e.value && !e.removes)
                name(one, e.field, *e.value, action(e.action));
    }
    void names_in(looked_at const& one, expr::node const& tree) {
        for (auto const& child : tree.children)
            names_in(one, child);
        if (is_leaf(tree) && tree.type != expr::field_type::list)
            if (auto const kind = tree.kind; kind == expr::op::equal || kind == expr::op::not_equal ||
                                             kind == expr::op::in || kind == expr::op::changed_from ||
                                             kind == expr::op::changed_to)
                for (auto const& operand : tree.operands)
                    name(one, tree.field, operand, ".when");
    }

    // --- a rule behind one that ends the set

    void shadows() {
        for (std::size_t first = 0; first < all_.size();) {
            auto last = first;
            std::vector<std::size_t> enders;
            for (; last < all_.size() && all_[last].of->set == all_[first].of->set; ++last)
                if (auto const& r = *all_[last].of; r.kind == rule_kind::trigger && r.stop && !r.hours)
                    enders.push_back(last);
            if (!enders.empty())
                shadows_within(first, last, enders);
            first = last;
        }
    }
    void shadows_within(std::size_t first, std::size_t last, std::vector<std::size_t> const& enders) {
        value_index const index{enders, all_};
        std::unordered_map<std::string, std::vector<std::size_t>> by_value;
        std::vector<std::size_t> open;
        for (auto i = first; i < last; ++i) {
            auto const& later = all_[i];
            auto const keys = index.keys_of(i);
            auto const sought = index.first_keys_of(i);
            if (later.of->kind == rule_kind::trigger && !later.asks.never() && !shadowed_by(later, open) &&
                !sought.empty())
                if (auto const found = by_value.find(sought.front()); found != by_value.end())
                    shadowed_by(later, found->second);
            if (!std::binary_search(enders.begin(), enders.end(), i) || later.asks.never())
                continue;
            for (auto const& key : keys)
                by_value[key].push_back(i);
            if (keys.empty())
                open.push_back(i);
        }
    }
    bool shadowed_by(looked_at const& later, std::vector<std::size_t> const& earlier) {
        for (auto const number : earlier) {
            if (has_enough())
                return false;
            auto const& ender = all_[number];
            bool const hears = !ender.of->on || (later.of->on && !(later.of->on & ~ender.of->on));
            if (!hears || !may_compare() || !later.asks.implies(ender.asks))
                continue;
            add(lint_kind::shadowed, lint_severity::warning, later, ".when").rules.push_back(ender.of->name);
            return true;
        }
        return false;
    }

    // --- two rules, one thing, two values

    struct wish {
        std::size_t rule;
        effect const* does;
    };
    /// What is written, by whom; of a list, each member is a thing of its own.
    std::map<std::pair<std::uint32_t, std::string>, std::vector<wish>> wishes() const {
        std::map<std::pair<std::uint32_t, std::string>, std::vector<wish>> out;
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (all_[i].of->kind == rule_kind::trigger && !all_[i].asks.never())
                for (auto const& e : all_[i].does)
                    if (e.value && !e.aside)
                        out[{e.field, e.is_member ? std::get<std::string>(*e.value) : std::string{}}].push_back(
                            {i, &e});
        return out;
    }
    static std::string word(effect const& e) {
        if (e.is_member)
            return (e.removes ? "-" : "+") + std::get<std::string>(*e.value);
        auto const* text = std::get_if<std::string>(&*e.value);
        return text ? *text : e.value->index() == 0 ? std::string{} : expr::to_text(*e.value);
    }

    void fights() {
        for (auto const& [thing, list] : wishes())
            if (std::any_of(list.begin(), list.end(),
                            [&](wish const& w) { return contradict(*w.does, *list[0].does); }))
                fights_over(list);
    }
    using wishes_by_word = std::map<std::string, std::vector<wish>>;
    void fights_over(std::vector<wish> const& list) {
        std::vector<std::size_t> numbers;
        for (auto const& w : list)
            numbers.push_back(w.rule);
        value_index const index{numbers, all_};
        std::unordered_map<std::string, wishes_by_word> by_value;
        wishes_by_word open, any;
        for (auto const& w : list) {
            auto const keys = index.keys_of(w.rule);
            bool found = fights_with(w, keys.empty() ? any : open);
            for (auto const& key : keys)
                if (auto const same_value = by_value.find(key); !found && same_value != by_value.end())
                    found = fights_with(w, same_value->second);
            auto const said = word(*w.does);
            for (auto const& key : keys)
                by_value[key][said].push_back(w);
            if (keys.empty())
                open[said].push_back(w);
            any[said].push_back(w);
        }
    }
    bool fights_with(wish const& later, wishes_by_word const& earlier) {
        auto const said = word(*later.does);
        for (auto const& [word, list] : earlier)
            if (word != said)
                for (auto const& one : list) {
                    if (has_enough())
                        return false;
                    if (fight(one, later))
                        return true;
                }
        return false;
    }
    bool shares_tenant(looked_at const& a, looked_at const& b) const {
        auto const &ours = options(a).tenants, &theirs = options(b).tenants;
        return ours.empty() || theirs.empty() ||
               std::any_of(ours.begin(), ours.end(), [&](auto const& one) { return holds_one(theirs, one); });
    }
    bool fight(wish const& earlier, wish const& later) {
        auto const &a = all_[earlier.rule], &b = all_[later.rule];
        bool const ends = a.of->set == b.of->set && a.of->stop;
        bool const hear = !a.of->on || !b.of->on || (a.of->on & b.of->on);
        if (earlier.rule == later.rule || ends || !hear || !contradict(*earlier.does, *later.does) ||
            !shares_tenant(a, b) || !may_compare() || a.asks.excludes(b.asks))
            return false;
        auto& f = add(lint_kind::fight, lint_severity::warning, b, action(later.does->action));
        f.rules.push_back(a.of->name);
        about(f, later.does->field);
        f.value = word(*later.does);
        f.other = word(*earlier.does);
        return true;
    }

    // --- round and round

    void cycles() {
        circles graph{all_.size()};
        draw(graph);
        for (auto const& path : graph.find([&](std::size_t rule) { return repeats_alone(rule); })) {
            auto& f = add(lint_kind::cycle, lint_severity::warning, all_[path.front()], "");
            for (std::size_t i = 1; i < path.size(); ++i)
                f.rules.push_back(all_[path[i]].of->name);
        }
    }
    /// A rule that prepares itself is told only where nothing else must happen first.
    bool repeats_alone(std::size_t rule) const { return !all_[rule].of->on && !all_[rule].of->condition.asks_change(); }
    /// Every rule points to what it writes, and that to the rules that it can make hold.
    void draw(circles& graph) {
        std::vector<std::vector<std::size_t>> asking(set_.schema().size());
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (all_[i].of->kind == rule_kind::trigger)
                for (auto const field : all_[i].of->condition.fields())
                    asking[field].push_back(i);
        std::map<std::uint32_t, value_lists> lists;
        for (std::size_t i = 0; i < all_.size(); ++i)
            if (all_[i].of->kind == rule_kind::trigger && !all_[i].asks.never())
                for (auto const& e : all_[i].does)
                    if (e.field < asking.size() && !asking[e.field].empty()) {
                        auto const [deed, is_new] = graph.deed(e, i);
                        if (!is_new)
                            continue;
                        auto const [place, fresh] = lists.try_emplace(e.field);
                        if (fresh)
                            place->second = lists_of(e.field, asking[e.field]);
                        point(graph, deed, e, place->second, asking[e.field]);
                    }
    }
    /// Who asks for a field, by the values that he asks for; `open` leaves it to more.
    struct value_lists {
        std::unordered_map<std::string, std::vector<std::size_t>> by_value;
        std::vector<std::size_t> open;
    };
    value_lists lists_of(std::uint32_t field, std::vector<std::size_t> const& asking) const {
        value_lists out;
        for (auto const number : asking) {
            auto const& ways = all_[number].asks.alternatives();
            auto const* facts = ways.size() == 1 ? ways[0].find(field) : nullptr;
            if (auto const* few = facts ? facts->few() : nullptr)
                for (auto const& one : *few)
                    out.by_value[expr::to_text(one)].push_back(number);
            else
                out.open.push_back(number);
        }
        return out;
    }
    void point(circles& graph, std::size_t deed, effect const& e, value_lists const& lists,
               std::vector<std::size_t> const& asking) {
        auto const visit = [&](std::vector<std::size_t> const& numbers) {
            for (auto const number : numbers)
                if (auto const& ways = all_[number].asks.alternatives();
                    may_compare() && options(all_[number]).chaining &&
                    std::any_of(ways.begin(), ways.end(), [&](alternative const& way) { return wakes(e, way); }))
                    graph.wakes(deed, number);
        };
        if (!e.value || e.is_member)
            return visit(asking);
        if (auto const found = lists.by_value.find(expr::to_text(*e.value)); found != lists.by_value.end())
            visit(found->second);
        visit(lists.open);
    }

    rule_set const& set_;
    known_names const& known_;
    std::vector<looked_at> all_;
    std::vector<finding> out_;
    std::size_t compared_ = 0; ///< for shadows, for fights, for cycles
    bool unfinished_ = false;
};

} // namespace detail

GUICHET_DECL std::vector<finding> lint(rule_set const& set, known_names const& known) {
    return detail::linter{set, known}.run();
}

} // namespace guichet::inline v0::rules
