#pragma once
#include <guichet/rules/rule_index.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace guichet::inline v0::rules {
namespace detail {

/// The leaves of which each must hold.
inline std::vector<expr::node const*> required(expr::node const& tree) {
    if (tree.kind != expr::op::all)
        return {&tree};
    std::vector<expr::node const*> out;
    for (auto const& child : tree.children)
        for (auto const* leaf : required(child))
            out.push_back(leaf);
    return out;
}

inline bool is_leaf(expr::node const& one) noexcept { return one.kind > expr::op::negate; }

/// Whether a leaf holds only where its field changed.
inline bool wants_change(expr::node const& leaf) noexcept {
    return leaf.kind == expr::op::changed_from || leaf.kind == expr::op::changed_to ||
           (leaf.kind == expr::op::changed && leaf.operands[0] == expr::literal{true});
}

/// Whether a leaf holds only where its field has one of these texts.
inline bool wants_text(expr::node const& leaf) noexcept {
    using enum expr::field_type;
    auto const is_text = [](expr::literal const& one) { return std::holds_alternative<std::string>(one); };
    return (leaf.type == text || leaf.type == choice || leaf.type == id) &&
           (leaf.kind == expr::op::equal || leaf.kind == expr::op::in) &&
           std::all_of(leaf.operands.begin(), leaf.operands.end(), is_text);
}

/// Whether a look at a leaf takes no longer than to ask its rule: not where it reads through a text.
inline bool is_quick(expr::node const& leaf) noexcept {
    bool const reads = leaf.kind == expr::op::has_word || leaf.kind == expr::op::starts_with ||
                       leaf.kind == expr::op::matches ||
                       (leaf.kind == expr::op::contains && leaf.type != expr::field_type::list);
    return is_leaf(leaf) && !reads;
}

} // namespace detail

/// Builds an index in two rounds: first it counts how many rules require the same, then it files them.
class rule_index::filing {
public:
    filing(rule_index& into, expr::schema const& schema) : into_{into}, schema_{schema} {}

    void run(std::span<indexed_rule const> rules) {
        for (auto const& r : rules)
            count(r);
        for (std::size_t i = 0; i < rules.size(); ++i)
            file(rules[i], seen_[i]);
        for (auto& entries : entries_)
            into_.lists_.push_back(grouped(std::move(entries)));
    }

private:
    /// A text that a field has, or (without one) that it changed.
    using requirement = std::pair<std::uint32_t, std::optional<std::string>>;
    /// One that each rule must meet: what it can be filed under (any of these), and its number as a second one.
    struct required_leaf {
        std::vector<requirement> under;
        bool is_place = false;
        std::uint32_t number = none;
    };
    struct entry {
        std::uint32_t second;
        std::uint64_t on;
        std::uint32_t order;
    };

    static bool is_place(expr::node const& leaf) noexcept {
        return detail::is_leaf(leaf) && (detail::wants_change(leaf) || detail::wants_text(leaf));
    }
    static std::vector<requirement> places_of(expr::node const& leaf) {
        if (detail::wants_change(leaf))
            return {requirement{leaf.field, std::nullopt}};
        std::vector<requirement> out;
        for (auto const& operand : leaf.operands)
            out.emplace_back(leaf.field, std::get<std::string>(operand));
        std::sort(out.begin(), out.end());
        out.erase(std::unique(out.begin(), out.end()), out.end());
        return out;
    }

    /// Whether other tickets or the host are asked, which takes its time.
    bool asks_others(expr::node const& leaf) const noexcept {
        return leaf.kind != expr::op::open && schema_[leaf.field].related;
    }

    /// The number of a leaf among all different ones.
    std::uint32_t number_of(expr::node const& leaf) {
        auto alone =
            expr::condition::compile(expr::draft{leaf.kind, leaf.name, leaf.operands, {}, leaf.calendar}, schema_);
        if (!alone)
            return none;
        auto const next = static_cast<std::uint32_t>(into_.seconds_.size());
        auto const [place, is_new] = numbers_.try_emplace(alone->to_text(), next);
        if (is_new) {
            into_.seconds_.push_back(std::move(*alone));
            shared_by_.push_back(0);
        }
        ++shared_by_[place->second];
        return place->second;
    }

    void count(indexed_rule const& r) {
        auto& seen = seen_.emplace_back();
        if (r.condition.always())
            return;
        for (auto const* leaf : detail::required(r.condition.root())) {
            auto& one = seen.emplace_back();
            if (is_place(*leaf) && !asks_others(*leaf))
                one.is_place = true, one.under = places_of(*leaf);
            for (auto const& place : one.under)
                ++counts_[place];
            if (detail::is_quick(*leaf) && !asks_others(*leaf))
                one.number = number_of(*leaf);
        }
    }

    /// With how many rules a rule would lie in one list.
    std::size_t crowd(required_leaf const& leaf) const {
        std::size_t out = 0;
        for (auto const& place : leaf.under)
            out = std::max(out, counts_.at(place));
        return out;
    }

    void file(indexed_rule const& r, std::vector<required_leaf> const& leaves) {
        required_leaf const* first = nullptr;
        for (auto const& leaf : leaves)
            if (leaf.is_place && (!first || crowd(leaf) < crowd(*first)))
                first = &leaf;
        entry what{none, r.on, r.order};
        for (auto const& leaf : leaves)
            if (&leaf != first && leaf.number != none &&
                (what.second == none || shared_by_[leaf.number] < shared_by_[what.second]))
                what.second = leaf.number;
        if (first)
            for (auto const& [field, text] : first->under)
                put(text ? texts(field).try_emplace(*text, none).first->second : at(into_.by_changed_field_, field),
                    what);
        else if (!r.on)
            put(into_.always_, what);
        else
            for (auto bits = r.on; bits; bits &= bits - 1)
                put(at(into_.by_event_, bits & (~bits + 1)), what);
    }

    void put(std::uint32_t& place, entry const& what) {
        if (place == none) {
            place = static_cast<std::uint32_t>(entries_.size());
            entries_.emplace_back();
        }
        entries_[place].push_back(what);
    }
    template <class Lists, class Key>
    static std::uint32_t& at(Lists& lists, Key key) {
        for (auto& [known, place] : lists)
            if (known == key)
                return place;
        return lists.emplace_back(key, none).second;
    }
    std::unordered_map<std::string, std::uint32_t>& texts(std::uint32_t field) {
        for (auto& known : into_.by_value_)
            if (known.field == field)
                return known.lists;
        return into_.by_value_.emplace_back(field_values{field, {}}).lists;
    }

    static list grouped(std::vector<entry> entries) {
        auto const key = [](entry const& e) { return std::tie(e.second, e.on); };
        std::stable_sort(entries.begin(), entries.end(),
                         [&](entry const& a, entry const& b) { return key(a) < key(b); });
        list out;
        for (auto const& e : entries) {
            if (out.empty() || std::tie(out.back().second, out.back().on) != key(e))
                out.push_back({e.on, e.second, {}});
            out.back().rules.push_back(e.order);
        }
        return out;
    }

    rule_index& into_;
    expr::schema const& schema_;
    std::vector<std::vector<required_leaf>> seen_;
    std::map<requirement, std::size_t> counts_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::size_t> shared_by_;
    std::vector<std::vector<entry>> entries_;
};

GUICHET_DECL rule_index::rule_index(std::span<indexed_rule const> rules, expr::schema const& schema) {
    filing{*this, schema}.run(rules);
}

GUICHET_DECL void rule_index::find(expr::record const& about, std::uint64_t events, expr::context const& with,
                                   std::uint32_t from, std::vector<std::uint32_t>& out) const {
    auto const take = [&](std::uint32_t number) {
        for (auto const& [on, second, rules] : lists_[number])
            if ((!on || (on & events)) && (second == none || seconds_[second].evaluate(about, with)))
                out.insert(out.end(), std::lower_bound(rules.begin(), rules.end(), from), rules.end());
    };
    if (always_ != none)
        take(always_);
    for (auto const& [bit, number] : by_event_)
        if (events & bit)
            take(number);
    for (auto const& [field, number] : by_changed_field_)
        if (about.changed(field))
            take(number);
    for (auto const& [field, lists] : by_value_) {
        auto const value = about.get(field);
        auto const* text = std::get_if<std::string_view>(&value);
        if (!text)
            continue;
        if (auto const found = lists.find(std::string{*text}); found != lists.end())
            take(found->second);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
}

} // namespace guichet::inline v0::rules
