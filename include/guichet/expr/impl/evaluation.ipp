#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/expr/condition.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
/// The words of the language, and what a checked condition answers.
namespace guichet::inline v0::expr::detail {

// --- words

struct op_words {
    std::string_view json, english, french;
};
inline constexpr std::array<op_words, op_count> words{{
    {"all", "and", "et"},
    {"any", "or", "ou"},
    {"not", "not", "non"},
    {"=", "=", "="},
    {"!=", "!=", "!="},
    {"<", "<", "<"},
    {"<=", "<=", "<="},
    {">", ">", ">"},
    {">=", ">=", ">="},
    {"in", "in", "parmi"},
    {"contains", "contains", "contient"},
    {"empty", "is empty", "est vide"},
    {"changed", "changed", "a changé"},
    {"changed_from", "changed from", "quitte"},
    {"changed_to", "changed to", "devient"},
    {"older_than", "older than", "depuis plus de"},
    {"newer_than", "newer than", "depuis moins de"},
    {"within", "within", "d'ici"},
    {"has_word", "has word", "a le mot"},
    {"starts_with", "starts with", "commence par"},
    {"matches", "matches", "suit le motif"},
    {"any_of", "has any of", "a l'un de"},
    {"all_of", "has all of", "a tous de"},
    {"none_of", "has none of", "n'a aucun de"},
    {"open", "is open", "est ouvert"},
}};

inline bool is_group(op kind) noexcept { return kind <= op::negate; }
inline bool is_order(op kind) noexcept { return kind >= op::less && kind <= op::greater_equal; }
/// Whose operand is a duration, of an instant.
inline bool is_age(op kind) noexcept { return kind >= op::older_than && kind <= op::within; }
inline bool is_set(op kind) noexcept { return kind >= op::any_of && kind <= op::none_of; }
/// Which takes any number of operands.
inline bool takes_many(op kind) noexcept { return kind == op::in || is_set(kind); }
/// Which looks at the letters of a text.
inline bool is_search(op kind) noexcept { return kind >= op::has_word && kind <= op::matches; }
/// Whether the answer depends on the clock.
inline bool asks_clock(op kind, field_type type) noexcept {
    return is_age(kind) || kind == op::open || (type == field_type::age && is_order(kind));
}
inline bool is_change(op kind) noexcept { return kind >= op::changed && kind <= op::changed_to; }
/// Whose only operand says whether it should be so.
inline bool is_flag(op kind) noexcept { return kind == op::empty || kind == op::changed; }
inline bool takes_null(op kind) noexcept {
    return kind == op::equal || kind == op::not_equal || kind == op::in || kind == op::changed_from ||
           kind == op::changed_to;
}

/// The words that `which` offers, for an error message.
inline std::string offered(field const& which) {
    std::string out;
    for (std::size_t i = 0; i < op_count; ++i)
        if (auto const kind = static_cast<op>(i); offers(which, kind))
            out.append(out.empty() ? "" : ", ").append(to_string(kind));
    return out;
}

inline std::string joined(std::vector<std::string> const& parts) {
    std::string out;
    for (auto const& part : parts)
        out.append(out.empty() ? "" : ", ").append(part);
    return out;
}

// --- evaluation

/// Two numbers as they are, without rounding an integer to a double. NaN does not get here.
inline std::strong_ordering compare(std::int64_t a, double b) noexcept {
    constexpr double beyond = 9223372036854775808.0; // 2^63, the first double past the integers
    if (b >= beyond)
        return std::strong_ordering::less;
    if (b < -beyond)
        return std::strong_ordering::greater;
    auto const whole = static_cast<std::int64_t>(b);
    if (a != whole)
        return a <=> whole;
    double const rest = b - static_cast<double>(whole);
    return rest > 0   ? std::strong_ordering::less
           : rest < 0 ? std::strong_ordering::greater
                      : std::strong_ordering::equal;
}

inline std::strong_ordering compare(double a, double b) noexcept {
    return a < b ? std::strong_ordering::less : a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

/// How what was seen lies to an operand; both are of the field's type, and neither is empty.
inline std::strong_ordering compare(value const& seen, literal const& operand) noexcept {
    switch (operand.index()) {
    case 1: return *std::get_if<bool>(&seen) <=> *std::get_if<bool>(&operand);
    case 2: {
        auto const right = *std::get_if<std::int64_t>(&operand);
        if (auto const whole = std::get_if<std::int64_t>(&seen))
            return *whole <=> right;
        return 0 <=> compare(right, *std::get_if<double>(&seen));
    }
    case 3: {
        auto const right = *std::get_if<double>(&operand);
        if (auto const whole = std::get_if<std::int64_t>(&seen))
            return compare(*whole, right);
        return compare(*std::get_if<double>(&seen), right);
    }
    case 4: return *std::get_if<std::string_view>(&seen) <=> std::string_view{*std::get_if<std::string>(&operand)};
    default: return *std::get_if<instant>(&seen) <=> *std::get_if<instant>(&operand);
    }
}

/// Whether a record showed a value of the field's type that is not empty text, an empty list or NaN.
inline bool is_something(value const& shown, field_type type) noexcept {
    switch (type) {
    case field_type::number: {
        auto const number = std::get_if<double>(&shown);
        return number ? !std::isnan(*number) : std::holds_alternative<std::int64_t>(shown);
    }
    case field_type::boolean: return std::holds_alternative<bool>(shown);
    case field_type::instant:
    case field_type::age: return std::holds_alternative<instant>(shown);
    case field_type::list: {
        auto const members = std::get_if<std::span<std::string const>>(&shown);
        return members && !members->empty();
    }
    default: {
        auto const text = std::get_if<std::string_view>(&shown);
        return text && !text->empty();
    }
    }
}

/// What the record shows of the leaf's field, or empty where that counts as empty. Built in place: a copy of a variant
/// just written stalls the processor for longer than the comparison takes.
inline value seen_now(node const& leaf, record const& about) noexcept {
    value shown = about.get(leaf.field);
    if (!is_something(shown, leaf.type))
        shown.emplace<std::monostate>();
    return shown;
}

/// The same, before the change.
inline value seen_before(node const& leaf, record const& about) noexcept {
    value shown = about.before(leaf.field);
    if (!is_something(shown, leaf.type))
        shown.emplace<std::monostate>();
    return shown;
}

inline bool is_empty(value const& seen) noexcept { return seen.index() == 0; }

inline bool equals(value const& seen, literal const& operand) noexcept {
    if (is_empty(seen) || operand.index() == 0)
        return is_empty(seen) && operand.index() == 0;
    if (auto const text = std::get_if<std::string_view>(&seen)) // equality is quicker to see than order
        return *text == *std::get_if<std::string>(&operand);
    return compare(seen, operand) == 0;
}

inline bool is_among(std::string_view text, std::span<std::string const> members) noexcept {
    return std::find(members.begin(), members.end(), text) != members.end();
}

inline bool in_order(node const& leaf, value const& seen, context const& with) noexcept {
    if (leaf.type == field_type::choice)
        return is_among(*std::get_if<std::string_view>(&seen), leaf.satisfying);
    std::strong_ordering order = std::strong_ordering::equal;
    if (leaf.type == field_type::age) {
        auto const boundary = boundary_of(leaf, with);
        if (!boundary)
            return false;
        order = *boundary <=> *std::get_if<instant>(&seen);
    } else
        order = compare(seen, leaf.operands[0]);
    switch (leaf.kind) {
    case op::less: return order < 0;
    case op::less_equal: return order <= 0;
    case op::greater: return order > 0;
    default: return order >= 0;
    }
}

inline bool contains(node const& leaf, value const& seen, context const& with) noexcept {
    std::string_view const wanted = *std::get_if<std::string>(&leaf.operands[0]);
    if (auto const members = std::get_if<std::span<std::string const>>(&seen))
        return is_among(wanted, *members);
    return with.contains(*std::get_if<std::string_view>(&seen), wanted);
}

/// Whether the list that was seen has what the leaf asks for; an empty one has nothing.
inline bool set_holds(node const& leaf, value const& seen) noexcept {
    auto const* shown = std::get_if<std::span<std::string const>>(&seen);
    auto const members = shown ? *shown : std::span<std::string const>{};
    auto const is_member = [&](literal const& one) { return is_among(*std::get_if<std::string>(&one), members); };
    if (leaf.kind == op::all_of)
        return std::all_of(leaf.operands.begin(), leaf.operands.end(), is_member);
    return std::any_of(leaf.operands.begin(), leaf.operands.end(), is_member) == (leaf.kind == op::any_of);
}

/// What is asked of the letters of a text that is there.
inline bool search_holds(node const& leaf, value const& seen, context const& with) noexcept {
    auto const text = *std::get_if<std::string_view>(&seen);
    if (leaf.kind == op::matches)
        return leaf.pattern.found_in(text);
    return (leaf.kind == op::has_word ? with.has_word : with.starts_with)(text,
                                                                          *std::get_if<std::string>(&leaf.operands[0]));
}

/// What is asked of an instant that is there.
inline bool age_holds(node const& leaf, instant seen, context const& with) noexcept {
    auto const boundary = boundary_of(leaf, with);
    if (!boundary)
        return false;
    switch (leaf.kind) {
    case op::older_than: return seen <= *boundary;
    case op::newer_than: return seen > *boundary;
    default: return seen > with.now && seen <= *boundary;
    }
}

inline bool is_open(node const& leaf, context const& with) noexcept {
    return with.calendars && with.calendars->is_open(leaf.calendar, with.now).value_or(false);
}

inline bool leaf_holds(node const& leaf, record const& about, context const& with) noexcept {
    auto const flag = [&] { return *std::get_if<bool>(&leaf.operands[0]); };
    if (leaf.kind == op::changed)
        return about.changed(leaf.field) == flag();
    if (leaf.kind == op::changed_from)
        return about.changed(leaf.field) && equals(seen_before(leaf, about), leaf.operands[0]);

    auto const seen = seen_now(leaf, about);
    switch (leaf.kind) {
    case op::equal: return equals(seen, leaf.operands[0]);
    case op::not_equal: return !equals(seen, leaf.operands[0]);
    case op::in:
        return std::any_of(leaf.operands.begin(), leaf.operands.end(),
                           [&](auto const& one) { return equals(seen, one); });
    case op::changed_to: return equals(seen, leaf.operands[0]) && about.changed(leaf.field);
    case op::empty: return is_empty(seen) == flag();
    case op::contains: return !is_empty(seen) && contains(leaf, seen, with);
    case op::older_than:
    case op::newer_than:
    case op::within: return !is_empty(seen) && age_holds(leaf, *std::get_if<instant>(&seen), with);
    case op::has_word:
    case op::starts_with:
    case op::matches: return !is_empty(seen) && search_holds(leaf, seen, with);
    case op::any_of:
    case op::all_of:
    case op::none_of: return set_holds(leaf, seen);
    default: return !is_empty(seen) && in_order(leaf, seen, with);
    }
}

inline bool holds(node const& tree, record const& about, context const& with) noexcept {
    auto const child_holds = [&](node const& child) { return holds(child, about, with); };
    switch (tree.kind) {
    case op::all: return std::all_of(tree.children.begin(), tree.children.end(), child_holds);
    case op::any: return std::any_of(tree.children.begin(), tree.children.end(), child_holds);
    case op::negate: return !holds(tree.children[0], about, with);
    case op::open: return is_open(tree, with);
    default: return leaf_holds(tree, about, with);
    }
}

/// An owning copy of what was seen; of an age, how long ago it is, in the time that the leaf asks for.
inline literal kept(value const& seen, node const& leaf, context const& with) {
    auto const* at = std::get_if<instant>(&seen);
    if (!at || leaf.type != field_type::age)
        return to_literal(seen);
    if (!leaf.calendar.empty() && with.calendars)
        if (auto const worked = with.calendars->between(leaf.calendar, *at, with.now))
            return literal{*worked};
    return literal{with.now - *at};
}

inline explanation explained(node const& tree, record const& about, context const& with, schema const& known) {
    explanation out{.kind = tree.kind,
                    .field = tree.name,
                    .operands = tree.operands,
                    .known = known,
                    .number = tree.field,
                    .calendar = tree.calendar};
    if (tree.kind == op::open) {
        out.verdict = is_open(tree, with);
        return out;
    }
    if (!is_group(tree.kind)) {
        out.verdict = leaf_holds(tree, about, with);
        out.seen = kept(seen_now(tree, about), tree, with);
        if (is_change(tree.kind))
            out.before = kept(seen_before(tree, about), tree, with);
        return out;
    }
    for (auto const& child : tree.children)
        out.children.push_back(explained(child, about, with, known));
    auto const held = [](explanation const& child) { return child.verdict; };
    auto const& children = out.children;
    out.verdict = tree.kind == op::all   ? std::all_of(children.begin(), children.end(), held)
                  : tree.kind == op::any ? std::any_of(children.begin(), children.end(), held)
                                         : !children[0].verdict;
    return out;
}

} // namespace guichet::inline v0::expr::detail
