#pragma once
#include <guichet/expr/impl/evaluation.ipp>
#include <guichet/rules/impl/rule_index.ipp>
#include <guichet/rules/requirements.hpp>

#include <algorithm>
#include <compare>

namespace guichet::inline v0::rules {
namespace detail {

/// How two operands of one field lie to each other, as the language compares them.
inline std::strong_ordering compare(expr::literal const& a, expr::literal const& b) noexcept {
    auto const* whole = std::get_if<std::int64_t>(&a);
    auto const* decimal = std::get_if<double>(&a);
    if (whole && std::holds_alternative<double>(b))
        return expr::detail::compare(*whole, std::get<double>(b));
    if (decimal && std::holds_alternative<std::int64_t>(b))
        return 0 <=> expr::detail::compare(std::get<std::int64_t>(b), *decimal);
    if (decimal && std::holds_alternative<double>(b))
        return expr::detail::compare(*decimal, std::get<double>(b));
    if (whole && std::holds_alternative<std::int64_t>(b))
        return *whole <=> std::get<std::int64_t>(b);
    if (a.index() != b.index())
        return a.index() <=> b.index();
    if (auto const* text = std::get_if<std::string>(&a))
        return *text <=> std::get<std::string>(b);
    if (auto const* at = std::get_if<instant>(&a))
        return *at <=> std::get<instant>(b);
    if (auto const* length = std::get_if<duration>(&a))
        return *length <=> std::get<duration>(b);
    if (auto const* flag = std::get_if<bool>(&a))
        return *flag <=> std::get<bool>(b);
    return std::strong_ordering::equal;
}

inline bool same(expr::literal const& a, expr::literal const& b) noexcept { return compare(a, b) == 0; }

inline bool holds_one(std::vector<expr::literal> const& list, expr::literal const& one) noexcept {
    return std::any_of(list.begin(), list.end(), [&](auto const& other) { return same(one, other); });
}
inline bool holds_one(std::vector<std::string> const& list, std::string const& one) noexcept {
    return std::find(list.begin(), list.end(), one) != list.end();
}

inline void tighten(std::optional<value_set::bound>& ours, std::optional<value_set::bound> const& theirs,
                    std::strong_ordering tighter) {
    if (!theirs)
        return;
    auto const lies = ours ? compare(theirs->at, ours->at) : tighter;
    if (lies == tighter || (lies == 0 && !theirs->inclusive))
        ours = theirs;
}

inline std::string text_in(expr::literal const& operand) {
    auto const* text = std::get_if<std::string>(&operand);
    return text ? *text : std::string{};
}

/// What one leaf says of its field, for all leaves that are not about the letters of a text.
class reader {
public:
    explicit reader(signed_leaf const& leaf) : leaf_{*leaf.of}, negated_{leaf.negated}, part_{leaf.part} {
        out_.field = leaf_.field;
        out_.type = leaf_.type;
    }

    std::optional<field_facts> run() {
        using enum expr::op;
        bool const is_list = leaf_.type == expr::field_type::list;
        switch (leaf_.kind) {
        case equal: return values(leaf_.operands, negated_);
        case not_equal: return values(leaf_.operands, !negated_);
        case in: return values(leaf_.operands, negated_);
        case less:
        case less_equal:
        case greater:
        case greater_equal: return ordered();
        case empty: return emptiness(flag() != negated_);
        case changed: return touched(flag() != negated_);
        case changed_from:
        case changed_to: return turned();
        case older_than: return since(negated_ ? greater : less_equal, -length());
        case newer_than: return since(negated_ ? less_equal : greater, -length());
        case within: return soon();
        case contains: return is_list ? members() : reads();
        case any_of:
        case all_of:
        case none_of: return members();
        default: return reads();
        }
    }

private:
    bool flag() const { return std::get<bool>(leaf_.operands[0]); }
    duration length() const { return std::get<duration>(leaf_.operands[0]); }

    static bool has_null(std::vector<expr::literal> const& list) { return holds_one(list, expr::literal{}); }
    static std::vector<expr::literal> without_null(std::vector<expr::literal> list) {
        std::erase_if(list, [](auto const& one) { return one.index() == 0; });
        return list;
    }

    static void put(std::vector<expr::literal> const& list, bool negated, bool& may_be_empty, value_set& into) {
        may_be_empty = has_null(list) != negated;
        if (negated)
            into.without = without_null(list);
        else
            into.among = without_null(list);
    }
    field_facts values(std::vector<expr::literal> const& list, bool negated) {
        put(list, negated, out_.may_be_empty, out_.now);
        return std::move(out_);
    }

    static expr::op opposite(expr::op order) noexcept {
        switch (order) {
        case expr::op::less: return expr::op::greater_equal;
        case expr::op::less_equal: return expr::op::greater;
        case expr::op::greater: return expr::op::less_equal;
        default: return expr::op::less;
        }
    }
    static void limit(value_set& values, expr::op order, expr::literal at) {
        bool const below = order == expr::op::less || order == expr::op::less_equal;
        bool const inclusive = order == expr::op::less_equal || order == expr::op::greater_equal;
        (below ? values.high : values.low) = value_set::bound{std::move(at), inclusive};
    }
    field_facts ordered() {
        out_.may_be_empty = negated_;
        if (leaf_.type == expr::field_type::choice) {
            std::vector<expr::literal> list(leaf_.satisfying.begin(), leaf_.satisfying.end());
            return negated_ ? (out_.now.without = std::move(list), std::move(out_))
                            : (out_.now.among = std::move(list), std::move(out_));
        }
        auto const order = negated_ ? opposite(leaf_.kind) : leaf_.kind;
        if (leaf_.type != expr::field_type::age) {
            limit(out_.now, order, leaf_.operands[0]);
            return std::move(out_);
        }
        // The older, the further behind now.
        auto const turned = order == expr::op::less         ? expr::op::greater
                            : order == expr::op::less_equal ? expr::op::greater_equal
                            : order == expr::op::greater    ? expr::op::less
                                                            : expr::op::less_equal;
        limit(out_.since_now, turned, -length());
        return std::move(out_);
    }

    field_facts emptiness(bool wanted) {
        out_.may_be_empty = wanted;
        if (wanted)
            out_.now.among.emplace();
        return std::move(out_);
    }
    field_facts touched(bool wanted) {
        out_.changed = wanted;
        return std::move(out_);
    }
    std::optional<field_facts> turned() {
        if (negated_ && part_ < 0)
            return {};
        if (part_ == 0)
            return touched(false);
        if (!negated_)
            out_.changed = true;
        if (leaf_.kind == expr::op::changed_to)
            put(leaf_.operands, negated_, out_.may_be_empty, out_.now);
        else
            put(leaf_.operands, negated_, out_.was_maybe_empty, out_.before);
        return std::move(out_);
    }

    field_facts since(expr::op order, duration at) {
        out_.may_be_empty = negated_;
        limit(out_.since_now, order, expr::literal{at});
        return std::move(out_);
    }
    std::optional<field_facts> soon() {
        if (!negated_) {
            limit(out_.since_now, expr::op::greater, expr::literal{duration{}});
            return since(expr::op::less_equal, length());
        }
        if (part_ < 0)
            return {};
        return part_ == 0 ? since(expr::op::less_equal, duration{}) : since(expr::op::greater, length());
    }

    std::optional<field_facts> members() {
        std::vector<std::string> list;
        for (auto const& operand : leaf_.operands)
            list.push_back(text_in(operand));
        if (leaf_.kind == expr::op::all_of && negated_) {
            if (part_ < 0)
                return {};
            list = {list[static_cast<std::size_t>(part_)]};
        }
        bool const none = (leaf_.kind == expr::op::none_of) != negated_;
        if (none)
            out_.no_members = std::move(list);
        else if (leaf_.kind == expr::op::any_of || leaf_.kind == expr::op::none_of)
            out_.one_of_each.push_back(std::move(list));
        else
            out_.members = std::move(list);
        return std::move(out_);
    }
    /// Where letters are found, there is a text.
    std::optional<field_facts> reads() {
        if (negated_)
            return {};
        out_.may_be_empty = false;
        return std::move(out_);
    }

    expr::node const& leaf_;
    bool negated_;
    int part_;
    field_facts out_;
};

/// Whether what `reader` makes of a leaf says less than the leaf.
inline bool is_opaque(signed_leaf const& leaf) {
    using enum expr::op;
    auto const kind = leaf.of->kind;
    bool const searches = kind == has_word || kind == starts_with || kind == matches ||
                          (kind == contains && leaf.of->type != expr::field_type::list);
    return !is_leaf(*leaf.of) || searches;
}

/// How many ways there are for a leaf not to hold, where that is not one.
inline int parts_of(expr::node const& leaf) noexcept {
    using enum expr::op;
    if (leaf.kind == all_of)
        return static_cast<int>(leaf.operands.size());
    return leaf.kind == changed_from || leaf.kind == changed_to || leaf.kind == within ? 2 : -1;
}

inline constexpr std::size_t alternatives_max = 64;
using ways = std::vector<std::vector<signed_leaf>>;

inline ways ways_of(expr::node const& tree, bool negated);

inline ways one_of(std::vector<expr::node> const& parts, bool negated) {
    ways out;
    for (auto const& part : parts)
        for (auto& way : ways_of(part, negated))
            out.push_back(std::move(way));
    return out;
}

/// Each way of the first with each of the second, and so on; a part that would make too many is taken as a whole.
inline ways all_of_them(std::vector<expr::node> const& parts, bool negated) {
    ways out{{}};
    for (auto const& part : parts) {
        auto more = ways_of(part, negated);
        if (out.size() * more.size() > alternatives_max)
            more = {{signed_leaf{&part, negated}}};
        ways next;
        for (auto const& left : out)
            for (auto const& right : more) {
                next.push_back(left);
                next.back().insert(next.back().end(), right.begin(), right.end());
            }
        out = std::move(next);
    }
    return out;
}

inline ways ways_of(expr::node const& tree, bool negated) {
    if (tree.kind == expr::op::negate)
        return ways_of(tree.children[0], !negated);
    ways const whole{{signed_leaf{&tree, negated}}};
    if (!is_leaf(tree)) {
        if ((tree.kind == expr::op::all) != negated)
            return all_of_them(tree.children, negated);
        auto out = one_of(tree.children, negated);
        return out.size() > alternatives_max ? whole : out;
    }
    auto const parts = negated ? parts_of(tree) : -1;
    if (parts < 0 || static_cast<std::size_t>(parts) > alternatives_max)
        return whole;
    ways out;
    for (int part = 0; part < parts; ++part)
        out.push_back({signed_leaf{&tree, negated, part}});
    return out;
}

/// The same thing, once as it must be and once as it must not.
inline bool opposed(std::vector<signed_leaf> const& a, std::vector<signed_leaf> const& b) {
    return std::any_of(a.begin(), a.end(), [&](signed_leaf const& one) {
        return std::any_of(b.begin(), b.end(), [&](signed_leaf const& other) {
            return one.negated != other.negated && (one.of == other.of || *one.of == *other.of);
        });
    });
}

} // namespace detail

GUICHET_DECL bool value_set::has(expr::literal const& one) const {
    auto const inside = [&](std::optional<bound> const& end, std::strong_ordering beyond) {
        if (!end)
            return true;
        auto const lies = detail::compare(one, end->at);
        return lies == 0 ? end->inclusive : lies != beyond;
    };
    return (!among || detail::holds_one(*among, one)) && !detail::holds_one(without, one) &&
           inside(low, std::strong_ordering::less) && inside(high, std::strong_ordering::greater);
}

GUICHET_DECL bool value_set::none(expr::field_type type) const {
    if (among)
        return std::none_of(among->begin(), among->end(), [&](auto const& one) { return has(one); });
    if (type == expr::field_type::boolean)
        return !has(true) && !has(false);
    if (!low || !high)
        return false;
    auto const lies = detail::compare(low->at, high->at);
    return lies > 0 || (lies == 0 && !has(low->at));
}

GUICHET_DECL void value_set::meet(value_set const& other) {
    if (other.among && among)
        std::erase_if(*among, [&](auto const& one) { return !detail::holds_one(*other.among, one); });
    else if (other.among)
        among = other.among;
    without.insert(without.end(), other.without.begin(), other.without.end());
    detail::tighten(low, other.low, std::strong_ordering::greater);
    detail::tighten(high, other.high, std::strong_ordering::less);
}

GUICHET_DECL void field_facts::meet(field_facts const& other) {
    may_be_empty = may_be_empty && other.may_be_empty;
    now.meet(other.now);
    since_now.meet(other.since_now);
    was_maybe_empty = was_maybe_empty && other.was_maybe_empty;
    before.meet(other.before);
    both_changed_and_not =
        both_changed_and_not || other.both_changed_and_not || (changed && other.changed && *changed != *other.changed);
    if (!changed)
        changed = other.changed;
    members.insert(members.end(), other.members.begin(), other.members.end());
    no_members.insert(no_members.end(), other.no_members.begin(), other.no_members.end());
    one_of_each.insert(one_of_each.end(), other.one_of_each.begin(), other.one_of_each.end());
}

GUICHET_DECL bool field_facts::impossible() const {
    auto const refused = [&](std::string const& one) { return detail::holds_one(no_members, one); };
    bool const lacks = std::any_of(members.begin(), members.end(), refused) ||
                       std::any_of(one_of_each.begin(), one_of_each.end(),
                                   [&](auto const& list) { return std::all_of(list.begin(), list.end(), refused); });
    bool const may_be_something = !lacks && !now.none(type) && !since_now.none(type);
    bool const may_be_nothing = may_be_empty && members.empty() && one_of_each.empty();
    bool const had_nothing_possible = !was_maybe_empty && before.none(type);
    return both_changed_and_not || (!may_be_something && !may_be_nothing) || had_nothing_possible;
}

GUICHET_DECL alternative::alternative(std::vector<signed_leaf> leaves) : leaves_{std::move(leaves)} {
    for (auto const& leaf : leaves_) {
        if (detail::is_opaque(leaf))
            opaque_.push_back(leaf);
        auto facts = detail::is_leaf(*leaf.of) ? detail::reader{leaf}.run() : std::nullopt;
        if (!facts)
            continue;
        auto const place = std::lower_bound(facts_.begin(), facts_.end(), facts->field,
                                            [](field_facts const& f, std::uint32_t field) { return f.field < field; });
        if (place != facts_.end() && place->field == facts->field)
            place->meet(*facts);
        else
            facts_.insert(place, std::move(*facts));
    }
    for (auto const& one : facts_)
        if (!impossible_ && one.impossible())
            impossible_ = one.field;
    if (!impossible_ && detail::opposed(opaque_, opaque_))
        impossible_ = opaque_.front().of->field;
}

GUICHET_DECL field_facts const* alternative::find(std::uint32_t field) const noexcept {
    auto const place = std::lower_bound(facts_.begin(), facts_.end(), field,
                                        [](field_facts const& f, std::uint32_t number) { return f.field < number; });
    return place != facts_.end() && place->field == field ? &*place : nullptr;
}

inline bool alternative::excludes(field_facts const& other) const {
    auto const* ours = find(other.field);
    if (!ours)
        return other.impossible();
    if (auto const* few = ours->few(), *theirs = other.few(); few && theirs && !few->empty() && !theirs->empty() &&
                                                              few->size() == 1 && theirs->size() == 1 &&
                                                              !detail::same(few->front(), theirs->front()))
        return true;
    auto both = *ours;
    both.meet(other);
    return both.impossible();
}

GUICHET_DECL bool alternative::excludes(alternative const& other) const {
    return std::any_of(other.facts_.begin(), other.facts_.end(), [&](field_facts const& f) { return excludes(f); }) ||
           detail::opposed(opaque_, other.opaque_);
}

GUICHET_DECL bool alternative::implies(signed_leaf const& one) const {
    auto const is_it = [&](signed_leaf const& own) {
        return own.negated == one.negated && own.part == one.part && *own.of == *one.of;
    };
    if (std::any_of(leaves_.begin(), leaves_.end(), is_it))
        return true;
    if (one.part >= 0)
        return false;
    auto const contrary = detail::ways_of(*one.of, !one.negated);
    return std::all_of(contrary.begin(), contrary.end(),
                       [&](std::vector<signed_leaf> const& way) { return excludes(alternative{way}); });
}

GUICHET_DECL requirements::requirements(expr::condition of) : of_{std::move(of)} {
    for (auto& way : detail::ways_of(of_.root(), false)) {
        alternative made{std::move(way)};
        if (!made.impossible())
            alternatives_.push_back(std::move(made));
        else if (!culprit_)
            culprit_ = made.impossible();
    }
}

GUICHET_DECL bool requirements::always() const noexcept {
    return std::any_of(alternatives_.begin(), alternatives_.end(), [](auto const& a) { return a.leaves().empty(); });
}

GUICHET_DECL bool requirements::implies(requirements const& other) const {
    return std::all_of(alternatives_.begin(), alternatives_.end(), [&](alternative const& ours) {
        return std::any_of(other.alternatives_.begin(), other.alternatives_.end(), [&](alternative const& theirs) {
            return std::all_of(theirs.leaves().begin(), theirs.leaves().end(),
                               [&](signed_leaf const& leaf) { return ours.implies(leaf); });
        });
    });
}

GUICHET_DECL bool requirements::excludes(requirements const& other) const {
    return std::all_of(alternatives_.begin(), alternatives_.end(), [&](alternative const& ours) {
        return std::all_of(other.alternatives_.begin(), other.alternatives_.end(),
                           [&](alternative const& theirs) { return ours.excludes(theirs); });
    });
}

} // namespace guichet::inline v0::rules
