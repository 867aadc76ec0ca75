#pragma once
#include <guichet/base/error.hpp>
#include <guichet/expr/pattern.hpp>
#include <guichet/expr/schema.hpp>
#include <guichet/expr/value.hpp>

#include <boost/json/fwd.hpp>

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <type_traits>

/// The one condition language: data that says which tickets are meant. Its meaning, the empty values included, is
/// written down in docs/concepts/conditions.md; memory and databases give the same answers.
namespace guichet::inline v0::expr {

/// What a node does. The first three have children; all others look at one field, but for `open`.
enum class op : std::uint8_t {
    all,
    any,
    negate,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    contains,
    empty,
    changed,
    changed_from,
    changed_to,
    older_than,
    newer_than,
    within,
    has_word,
    starts_with,
    matches,
    any_of,
    all_of,
    none_of,
    open, ///< of a calendar, and of no field
};
inline constexpr std::size_t op_count = 25;
/// The word in JSON: `all`, `not`, `=`, `older_than`, ...
GUICHET_DECL std::string_view to_string(op kind) noexcept;
GUICHET_DECL std::optional<op> parse_op(std::string_view word) noexcept;
/// Whether conditions may use `kind` on this field.
GUICHET_DECL bool offers(field const& which, op kind) noexcept;

/// What conditions are asked about. `get` hands out views that live as long as the record. A value that is not of its
/// field's type, an empty text, an empty list and a NaN all count as empty.
class record {
public:
    virtual ~record() = default;
    virtual value get(std::uint32_t field) const noexcept = 0;
    /// The value before the change that is being looked at; equals `get` where nothing changed.
    virtual value before(std::uint32_t field) const noexcept { return get(field); }
    /// Whether the change touched the field. A record at rest has changed nowhere.
    virtual bool changed(std::uint32_t) const noexcept { return false; }
};

/// Looks for ASCII text whatever its case; other bytes must be equal. The second wants whole words, the third the text
/// to begin so.
GUICHET_DECL bool contains_ascii(std::string_view haystack, std::string_view needle) noexcept;
GUICHET_DECL bool contains_ascii_word(std::string_view haystack, std::string_view needle) noexcept;
GUICHET_DECL bool starts_with_ascii(std::string_view text, std::string_view beginning) noexcept;

/// The calendars that conditions ask about, by name. Working time passes only while a calendar is open, so an age in
/// working time is one comparison with an instant as well. Nothing where there is no such calendar. Without bound, the
/// ends of time.
class calendars {
public:
    enum class end : std::uint8_t { earliest, latest };

    virtual ~calendars() = default;
    /// Of the instants from which exactly `worked` passes until `now`, the first or the last; they differ only over
    /// closed time.
    virtual std::optional<instant> cutoff(std::string_view calendar, instant now, duration worked,
                                          end which) const noexcept = 0;
    /// The last instant until which no more than `worked` passes from `now` on.
    virtual std::optional<instant> horizon(std::string_view calendar, instant now, duration worked) const noexcept = 0;
    /// The working time from one instant to another; negative where that is earlier.
    virtual std::optional<duration> between(std::string_view calendar, instant from, instant to) const noexcept = 0;
    virtual std::optional<bool> is_open(std::string_view calendar, instant at) const noexcept = 0;
};
/// The calendar of working time that names none.
inline constexpr std::string_view default_calendar = "default";

/// What an answer depends on beside the record.
struct context {
    using comparison = bool (*)(std::string_view text, std::string_view wanted) noexcept;

    instant now{};
    /// How `contains`, `has_word` and `starts_with` read text. The model sets folding that knows every script; this
    /// module does not.
    comparison contains = &contains_ascii;
    comparison has_word = &contains_ascii_word;
    comparison starts_with = &starts_with_ascii;
    /// Without any, no calendar is known: what asks for one is false.
    expr::calendars const* calendars = nullptr;
};

/// The last instant that is `older_than` `age`. A backend binds it: `older_than` is `field <= cutoff`, `newer_than` is
/// `field > cutoff`; an age turns the sign round: `idle > age` is `field < cutoff`.
GUICHET_DECL instant cutoff(instant now, duration age) noexcept;
/// The last instant that is `within` `ahead`: that is `field > now`, and `field <= horizon`.
GUICHET_DECL instant horizon(instant now, duration ahead) noexcept;

/// A condition before its type check, for hosts that write C++ instead of JSON:
///
///     condition::compile(all_of({where("priority", op::greater_equal, "high"),
///                                negate(where("tags", op::contains, "vip")),
///                                where("state", op::in, {"new", "open"})}), schema)
struct draft {
    op kind = op::all;
    std::string field = {};
    std::vector<literal> operands = {};
    std::vector<draft> children = {};
    std::string calendar = {}; ///< in whose working time; of `open`, which
};
inline draft all_of(std::vector<draft> parts) { return {op::all, {}, {}, std::move(parts)}; }
inline draft any_of(std::vector<draft> parts) { return {op::any, {}, {}, std::move(parts)}; }
inline draft negate(draft part) { return {op::negate, {}, {}, {std::move(part)}}; }
inline draft where(std::string field, op kind) { return {kind, std::move(field), {}, {}}; }
inline draft where(std::string field, op kind, std::vector<literal> operands) {
    return {kind, std::move(field), std::move(operands), {}};
}
inline draft where(std::string field, op kind, std::initializer_list<literal> operands) {
    return where(std::move(field), kind, std::vector<literal>{operands});
}
/// `operand` is a text, a number, a bool, an instant, a duration, or `nullptr` for empty.
template <class Operand>
draft where(std::string field, op kind, Operand&& operand) {
    std::vector<literal> operands(1);
    if constexpr (std::is_null_pointer_v<std::remove_cvref_t<Operand>>)
        ;
    else if constexpr (std::convertible_to<Operand, std::string_view>)
        operands[0] = std::string{std::string_view{operand}};
    else
        operands[0] = std::forward<Operand>(operand);
    return where(std::move(field), kind, std::move(operands));
}

/// The same leaf in working time: `working(where("idle", op::greater, std::chrono::hours{4}), "paris")`.
inline draft working(draft leaf, std::string calendar = std::string{default_calendar}) {
    leaf.calendar = std::move(calendar);
    return leaf;
}
inline draft is_open(std::string calendar) { return {op::open, {}, {}, {}, std::move(calendar)}; }

/// One node of a checked condition, for those who translate it. Everything it names fits the schema it was checked
/// against.
struct node {
    op kind = op::all;
    field_type type = field_type::text; ///< of the field
    std::uint32_t field = 0;            ///< its number in the schema
    std::string name = {};              ///< its name in the schema
    /// What to compare with, of the field's type: one, except for `in`, `any_of`, `all_of` and `none_of`, which have
    /// any number. `empty` and `changed` have a bool: whether it should be so. `older_than`, `newer_than`, `within` and
    /// the order of an age have a duration. Null stands for empty, and only `=`, `!=`, `in`, `changed_from` and
    /// `changed_to` have it.
    std::vector<literal> operands = {};
    /// Where the order of a choice is asked for (`<`, `<=`, `>`, `>=`): the choices that satisfy it.
    std::vector<std::string> satisfying = {};
    expr::pattern pattern = {}; ///< of `matches`, compiled
    /// In whose working time a duration is; empty: by the clock on the wall. Of `open`, which has no field, the one
    /// that is asked about.
    std::string calendar = {};
    std::vector<node> children = {};

    friend bool operator==(node const&, node const&) = default;
};

/// The instant that a leaf with a duration compares with: `cutoff` or `horizon` by the clock on the wall or in working
/// time. Of an age, `<` and `>=` ask `field > cutoff` and `field <= cutoff`, `<=` and `>` ask `field >= cutoff` and
/// `field < cutoff`. Nothing where the calendar is not known: then the leaf is false.
GUICHET_DECL std::optional<instant> boundary_of(node const& leaf, context const& with) noexcept;

/// Why a condition holds or not: the same tree, every leaf with the value seen and the verdict. Owns all it shows.
struct explanation {
    op kind = op::all;
    bool verdict = true;
    std::string field = {};
    std::vector<literal> operands = {};
    literal seen = {};
    literal before = {}; ///< only where the leaf asks about a change
    std::vector<explanation> children = {};
    expr::schema known = {};  ///< how people call the field
    std::uint32_t number = 0; ///< of the field, in it
    std::string calendar = {};
};
/// One line a node, indented, `+` where it holds and `-` where not. A field with a label is spoken of in a sentence,
/// any other in a formula.
GUICHET_DECL std::string describe(explanation const& why, language lang = language::en);
GUICHET_DECL boost::json::value to_json(explanation const& why);

/// A checked condition. Immutable and cheap to copy; copies share the tree, and threads may too. It keeps the schema
/// that it was checked against.
class condition {
public:
    /// Always true.
    condition() = default;

    /// Reads JSON and checks it against the schema. A text anywhere where JSON has a condition is read as `parse` does.
    /// Errors carry a path such as `guard.all[1].value`, where `guard` is the `path` given. At most
    /// `condition_nodes_max` nodes, where each value of a list counts as one, `condition_depth_max` levels, where a
    /// lone leaf is one level, and `condition_patterns_max` patterns.
    GUICHET_DECL static result<condition> compile(boost::json::value const& json, schema const& known,
                                                  std::string_view path = "condition");
    /// The same check for a condition written in C++.
    GUICHET_DECL static result<condition> compile(draft const& written, schema const& known,
                                                  std::string_view path = "condition");
    /// Reads the text form and checks it, within the same limits:
    ///
    ///     priority >= high and state in (new, open) and not (tags has "vip") and idle > 4h
    ///
    /// Errors name the column, counted in characters from 1, and what was expected: `guard, column 12: ...`. Linear.
    GUICHET_DECL static result<condition> parse(std::string_view text, schema const& known,
                                                std::string_view path = "condition");

    /// Allocates nothing itself; some 10 ns a leaf, and a folded `contains` as long as reading the text takes. A
    /// pattern takes a time linear in the text, and RE2 may allocate within `pattern_memory_bytes_max`.
    GUICHET_DECL bool evaluate(record const& about, context const& with) const noexcept;
    /// Looks at every leaf, also where the verdict is known before. `explain(r, c).verdict == evaluate(r, c)`.
    GUICHET_DECL explanation explain(record const& about, context const& with) const;

    /// The normal form: `compile(to_json())` gives an equal condition against the same schema.
    GUICHET_DECL boost::json::value to_json() const;
    /// The text form, on one line: `parse(to_text())` gives an equal condition against the same schema.
    GUICHET_DECL std::string to_text() const;
    /// A sentence for people, with the labels that the schema has: "the priority is high or more and the tags do not
    /// include vip". What is negated is said of each part, so that no "not (...)" is left.
    GUICHET_DECL std::string describe(language lang = language::en) const;

    GUICHET_DECL node const& root() const noexcept;
    /// The numbers of the fields it looks at, ascending, each once.
    GUICHET_DECL std::vector<std::uint32_t> const& fields() const noexcept;
    /// What it was checked against.
    schema const& known() const noexcept { return shown().known; }
    /// Whether it holds for every record because it asks for nothing.
    bool always() const noexcept { return !body_; }
    /// Whether the answer can change by waiting (`older_than`, `newer_than`, `within`, the order of an age, `open`).
    GUICHET_DECL bool asks_time() const noexcept;
    /// Whether it asks about a change, which only makes sense while one happens.
    GUICHET_DECL bool asks_change() const noexcept;

    GUICHET_DECL friend bool operator==(condition const& a, condition const& b) noexcept;

private:
    struct body {
        node root = {};
        std::vector<std::uint32_t> fields = {};
        bool asks_time = false;
        bool asks_change = false;
        schema known = {};
    };
    GUICHET_DECL static condition made_of(node root, schema const& known);
    GUICHET_DECL static body const& nothing() noexcept;
    body const& shown() const noexcept { return body_ ? *body_ : nothing(); }

    std::shared_ptr<body const> body_;
};

} // namespace guichet::inline v0::expr

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/expr/impl/condition.ipp>
#endif
