#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/evaluation.ipp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

/// The check of a condition against a schema, and how JSON is read.
namespace guichet::inline v0::expr::detail {

// --- the type check

inline std::string_view kind_name(literal const& operand) noexcept {
    constexpr std::array<std::string_view, 8> names{"null", "a boolean",  "a number",   "a number",
                                                    "text", "an instant", "a duration", "a list"};
    return names[operand.index()];
}

inline std::string_view wanted_name(field_type type) noexcept {
    constexpr std::array<std::string_view, 8> names{
        "text", "a number", "a boolean", "an instant such as \"2026-01-05T08:00:00Z\"", "text", "text", "text", "text"};
    return names[static_cast<std::size_t>(type)];
}

/// What an error says in words, in French; as it is where it has no words.
inline std::string in_french(std::string_view english) {
    static constexpr std::array<std::array<std::string_view, 2>, 21> phrases{{
        {"null", "null"},
        {"a boolean", "un booléen"},
        {"a number", "un nombre"},
        {"text", "un texte"},
        {"an instant", "un instant"},
        {"a duration", "une durée"},
        {"a list", "une liste"},
        {"an array", "un tableau"},
        {"an object", "un objet"},
        {"a condition", "une condition"},
        {"an array of conditions", "un tableau de conditions"},
        {"a single value", "une seule valeur"},
        {"one value", "une seule valeur"},
        {"several", "plusieurs"},
        {"one condition", "une condition"},
        {"an instant such as \"2026-01-05T08:00:00Z\"", "un instant comme \"2026-01-05T08:00:00Z\""},
        {"a duration such as \"4h\"", "une durée comme \"4h\""},
        {"a finite number is needed", "il faut un nombre fini"},
        {"an instant is written 2026-01-05T08:00:00Z", "un instant s'écrit 2026-01-05T08:00:00Z"},
        {"write 90s, 30min, 4h, 2d, 1w or PT4H, up to 100 years",
         "écrivez 90s, 30min, 4h, 2d, 1w ou PT4H, 100 ans au plus"},
        {"the end", "la fin"},
    }};
    for (auto const& [here, there] : phrases)
        if (here == english)
            return std::string{there};
    return std::string{english};
}

inline error wrong_type(std::string const& path, std::string_view expected, std::string_view found) {
    return {reason::wrong_type,
            {{"path", path},
             {"expected", std::string{expected}},
             {"found", std::string{found}},
             {"expected.fr", in_french(expected)},
             {"found.fr", in_french(found)}}};
}

inline error bad_value(std::string const& path, std::string const& found, std::string_view hint) {
    return {reason::bad_value,
            {{"path", path}, {"value", found}, {"hint", std::string{hint}}, {"hint.fr", in_french(hint)}}};
}

inline error limit_passed(std::string const& path, std::size_t found, std::size_t limit) {
    return {reason::limit_passed, {{"path", path}, {"found", std::to_string(found)}, {"limit", std::to_string(limit)}}};
}

/// An integer where the double is one, so that 3.0 and 3 are the same condition.
inline result<literal> check_number(literal const& operand, std::string const& path) {
    auto const number = std::get_if<double>(&operand);
    if (!number)
        return operand;
    if (!std::isfinite(*number))
        return bad_value(path, to_text(operand), "a finite number is needed");
    constexpr double exact = 9007199254740992.0; // 2^53
    if (std::abs(*number) <= exact && *number == std::trunc(*number))
        return literal{static_cast<std::int64_t>(*number)};
    return operand;
}

inline result<literal> check_text(std::string const& text, field const& which, std::string const& path) {
    if (text.size() > limits::text_field_bytes_max)
        return limit_passed(path, text.size(), limits::text_field_bytes_max);
    if (which.type == field_type::instant) {
        if (auto const at = parse_instant(text))
            return literal{*at};
        return bad_value(path, text, "an instant is written 2026-01-05T08:00:00Z");
    }
    if (!which.choices.empty() && which.type != field_type::text && !is_among(text, which.choices))
        return error{reason::unknown_value, {{"path", path}, {"value", text}, {"known", joined(which.choices)}}};
    return literal{text};
}

inline result<literal> check_age(literal const& operand, std::string const& path) {
    constexpr std::string_view hint = "write 90s, 30min, 4h, 2d, 1w or PT4H, up to 100 years";
    if (auto const length = std::get_if<duration>(&operand))
        return *length >= duration{0} && *length <= duration_max ? result<literal>{operand}
                                                                 : bad_value(path, to_text(*length), hint);
    auto const text = std::get_if<std::string>(&operand);
    if (!text)
        return wrong_type(path, "a duration such as \"4h\"", kind_name(operand));
    if (auto const length = parse_duration(*text))
        return literal{*length};
    return bad_value(path, *text, hint);
}

/// Makes an operand of `which`'s type out of what was written. Empty text means empty.
inline result<literal> check_operand(literal const& operand, field const& which, op kind, std::string const& path) {
    if (is_flag(kind))
        return std::holds_alternative<bool>(operand) ? result<literal>{operand}
                                                     : wrong_type(path, "a boolean", kind_name(operand));
    if (asks_clock(kind, which.type))
        return check_age(operand, path);

    auto const text = std::get_if<std::string>(&operand);
    bool const is_empty_text = text && text->empty() && which.type != field_type::instant;
    if (takes_null(kind) && (operand.index() == 0 || is_empty_text))
        return literal{};
    if (is_empty_text && which.type != field_type::number && which.type != field_type::boolean)
        return error{reason::empty_text, {{"path", path}}};

    bool const is_number = operand.index() == 2 || operand.index() == 3;
    switch (which.type) {
    case field_type::number:
        if (is_number)
            return check_number(operand, path);
        break;
    case field_type::boolean:
        if (std::holds_alternative<bool>(operand))
            return operand;
        break;
    case field_type::instant:
        if (std::holds_alternative<instant>(operand))
            return operand;
        [[fallthrough]];
    default:
        if (text)
            return check_text(*text, which, path);
    }
    return wrong_type(path, wanted_name(which.type), kind_name(operand));
}

/// The choices that lie to `operand` as `kind` asks.
inline std::vector<std::string> satisfying(field const& which, op kind, std::string const& operand) {
    auto const& all = which.choices;
    auto const at = std::find(all.begin(), all.end(), operand);
    switch (kind) {
    case op::less: return {all.begin(), at};
    case op::less_equal: return {all.begin(), at + 1};
    case op::greater: return {at + 1, all.end()};
    default: return {at, all.end()};
    }
}

inline error unknown_field(schema const& known, std::string const& name, std::string const& path) {
    if (auto const closest = known.closest(name); !closest.empty())
        return {reason::condition_field_misspelt,
                {{"path", path}, {"value", name}, {"closest", std::string{closest}}, {"known", known.known()}}};
    return {reason::condition_field_unknown, {{"path", path}, {"value", name}, {"known", known.known()}}};
}

/// How the parts of a leaf are called in an error. The last one asked for is the one that an error names.
class places {
public:
    virtual ~places() = default;
    virtual std::string field() const = 0;
    virtual std::string op() const = 0;
    virtual std::string calendar() const = 0;
    virtual std::string value() const = 0;                   ///< the only one, or all of them
    virtual std::string value(std::size_t number) const = 0; ///< one of many
};

/// By members of JSON.
class members final : public places {
public:
    explicit members(std::string const& path) : path_{path} {}
    std::string field() const override { return path_ + ".field"; }
    std::string op() const override { return path_ + ".op"; }
    std::string calendar() const override { return path_ + ".calendar"; }
    std::string value() const override { return path_ + ".value"; }
    std::string value(std::size_t number) const override { return value() + '[' + std::to_string(number) + ']'; }

private:
    std::string const& path_;
};

/// Checks one tree, written as JSON, as text or in C++, against a schema, within the limits.
class compiler {
public:
    explicit compiler(schema const& known) : known_{known} {}

    result<node> read(boost::json::value const& json, std::string const& path, std::size_t depth);
    result<node> read(draft const& written, std::string const& path, std::size_t depth);

    schema const& known() const noexcept { return known_; }
    result<node> check_leaf(std::string const& name, std::string_view word, std::vector<literal> operands,
                            places const& at, std::string calendar = {});
    /// `open`: a leaf of a calendar.
    result<node> check_open(std::string calendar, places const& at);
    /// Counts nodes and levels.
    result<void> enter(std::size_t nodes, std::size_t depth, std::string const& path);

private:
    result<node> read_leaf(boost::json::object const& json, std::string const& path);
    result<node> read_open(boost::json::object const& json, std::string const& path);
    result<void> check_calendar(std::string const& name, places const& at);
    /// Children of a group: `parts` is an array of JSON or a vector of drafts.
    template <class Parts>
    result<node> read_group(op kind, Parts const& parts, std::string const& path, std::size_t depth);
    result<node> check_operands(node leaf, field const& which, std::vector<literal> const& operands, places const& at);

    schema const& known_;
    std::size_t nodes_ = 0, patterns_ = 0;
};

inline result<void> compiler::enter(std::size_t nodes, std::size_t depth, std::string const& path) {
    nodes_ += nodes;
    if (nodes_ > limits::condition_nodes_max)
        return limit_passed(path + " (nodes)", nodes_, limits::condition_nodes_max);
    if (depth > limits::condition_depth_max)
        return limit_passed(path + " (depth)", depth, limits::condition_depth_max);
    return {};
}

template <class Parts>
result<node> compiler::read_group(op kind, Parts const& parts, std::string const& path, std::size_t depth) {
    node out{.kind = kind};
    std::string const base = path + '.' + std::string{to_string(kind)};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto child = read(parts[i], kind == op::negate ? base : base + '[' + std::to_string(i) + ']', depth + 1);
        if (!child)
            return child.error();
        out.children.push_back(std::move(*child));
    }
    return out;
}

inline result<void> compiler::check_calendar(std::string const& name, places const& at) {
    if (name.empty())
        return error{reason::empty_text, {{"path", at.calendar()}}};
    if (name.size() > limits::name_bytes_max)
        return limit_passed(at.calendar(), name.size(), limits::name_bytes_max);
    auto const* known = known_.calendars();
    if (known && known->empty())
        return error{reason::condition_no_calendar, {{"path", at.calendar()}, {"value", name}}};
    if (known && !is_among(name, *known))
        return error{reason::unknown_value, {{"path", at.calendar()}, {"value", name}, {"known", joined(*known)}}};
    return {};
}

inline result<node> compiler::check_open(std::string calendar, places const& at) {
    GUICHET_TRY(check_calendar(calendar, at));
    return node{.kind = op::open, .calendar = std::move(calendar)};
}

inline result<node> compiler::check_leaf(std::string const& name, std::string_view word, std::vector<literal> operands,
                                         places const& at, std::string calendar) {
    auto const number = known_.find(name);
    if (!number)
        return unknown_field(known_, name, at.field());
    auto const& which = known_[*number];
    if (which.related && known_.stored_only())
        return error{reason::condition_field_related, {{"path", at.field()}, {"value", name}}};
    auto const kind = parse_op(word);
    if (!kind || !offers(which, *kind))
        return error{reason::condition_op_not_offered,
                     {{"path", at.op()},
                      {"value", std::string{word}},
                      {"field", name},
                      {"type", std::string{to_string(which.type)}},
                      {"known", offered(which)}}};
    if (is_flag(*kind) && operands.empty())
        operands.emplace_back(true);
    if (!calendar.empty()) {
        if (!asks_clock(*kind, which.type))
            return error{reason::condition_no_working_time, {{"path", at.calendar()}, {"value", std::string{word}}}};
        GUICHET_TRY(check_calendar(calendar, at));
    }
    return check_operands(
        {.kind = *kind, .type = which.type, .field = *number, .name = name, .calendar = std::move(calendar)}, which,
        operands, at);
}

inline result<node> compiler::check_operands(node leaf, field const& which, std::vector<literal> const& operands,
                                             places const& at) {
    bool const many = takes_many(leaf.kind);
    if (!many && operands.empty())
        return error{reason::missing_field, {{"path", at.value()}}};
    if (!many && operands.size() > 1)
        return wrong_type(at.value(), "one value", "several");
    if (many)
        GUICHET_TRY(enter(operands.size(), 0, at.value()));
    for (std::size_t i = 0; i < operands.size(); ++i) {
        auto const where = many ? at.value(i) : at.value();
        GUICHET_LET(auto operand, check_operand(operands[i], which, leaf.kind, where));
        leaf.operands.push_back(std::move(operand));
    }
    if (is_order(leaf.kind) && which.type == field_type::choice)
        leaf.satisfying = satisfying(which, leaf.kind, std::get<std::string>(leaf.operands[0]));
    if (leaf.kind == op::matches) {
        if (++patterns_ > limits::condition_patterns_max)
            return limit_passed(at.value() + " (patterns)", patterns_, limits::condition_patterns_max);
        GUICHET_LET(leaf.pattern, pattern::compile(std::get<std::string>(leaf.operands[0]), at.value()));
    }
    return leaf;
}

inline result<node> compiler::read(draft const& written, std::string const& path, std::size_t depth) {
    GUICHET_TRY(enter(1, depth, path));
    if (written.kind == op::open)
        return check_open(written.calendar, members{path});
    if (!is_group(written.kind))
        return check_leaf(written.field, to_string(written.kind), written.operands, members{path}, written.calendar);
    if (written.kind == op::negate && written.children.size() != 1)
        return wrong_type(path + ".not", "one condition", std::to_string(written.children.size()));
    return read_group(written.kind, written.children, path, depth);
}

// --- JSON

inline std::string_view kind_name(boost::json::value const& json) noexcept {
    switch (json.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "a boolean";
    case boost::json::kind::string: return "text";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::object: return "an object";
    default: return "a number";
    }
}

inline result<literal> read_scalar(boost::json::value const& json, std::string const& path) {
    switch (json.kind()) {
    case boost::json::kind::null: return literal{};
    case boost::json::kind::bool_: return literal{json.get_bool()};
    case boost::json::kind::int64: return literal{json.get_int64()};
    case boost::json::kind::uint64: // Boost keeps small positive integers here when the host builds the value
        if (auto const number = json.get_uint64(); number <= static_cast<std::uint64_t>(INT64_MAX))
            return literal{static_cast<std::int64_t>(number)};
        return literal{static_cast<double>(json.get_uint64())};
    case boost::json::kind::double_: return literal{json.get_double()};
    case boost::json::kind::string: return literal{std::string{json.get_string()}};
    default: return wrong_type(path, "a single value", kind_name(json));
    }
}

inline result<std::string> read_text(boost::json::object const& json, std::string_view key, std::string const& path) {
    auto const at = path + '.' + std::string{key};
    auto const found = json.if_contains(key);
    if (!found)
        return error{reason::missing_field, {{"path", at}}};
    if (!found->is_string())
        return wrong_type(at, "text", kind_name(*found));
    return std::string{found->get_string()};
}

inline result<void> refuse_others(boost::json::object const& json, std::initializer_list<std::string_view> known,
                                  std::string const& path) {
    std::string names;
    for (auto const name : known)
        names.append(names.empty() ? "" : ", ").append(name);
    for (auto const& member : json)
        if (std::find(known.begin(), known.end(), std::string_view{member.key()}) == known.end())
            return error{reason::unknown_field, {{"path", path + '.' + std::string{member.key()}}, {"known", names}}};
    return {};
}

inline result<node> compiler::read_open(boost::json::object const& json, std::string const& path) {
    GUICHET_TRY(refuse_others(json, {"op", "calendar"}, path));
    GUICHET_LET(auto name, read_text(json, "calendar", path));
    return check_open(std::move(name), members{path});
}

inline result<node> compiler::read_leaf(boost::json::object const& json, std::string const& path) {
    GUICHET_TRY(refuse_others(json, {"field", "op", "value", "calendar"}, path));
    GUICHET_LET(auto const name, read_text(json, "field", path));
    GUICHET_LET(auto const word, read_text(json, "op", path));
    std::vector<literal> operands;
    auto const at = path + ".value";
    auto const written = json.if_contains("value");
    auto const kind = parse_op(word);
    bool const many = kind && takes_many(*kind);
    if (written && many) {
        auto const array = written->if_array();
        if (!array)
            return wrong_type(at, "an array", kind_name(*written));
        for (std::size_t i = 0; i < array->size(); ++i) {
            GUICHET_LET(auto operand, read_scalar((*array)[i], at + '[' + std::to_string(i) + ']'));
            operands.push_back(std::move(operand));
        }
    } else if (written) {
        GUICHET_LET(auto operand, read_scalar(*written, at));
        operands.push_back(std::move(operand));
    } else if (many) {
        return error{reason::missing_field, {{"path", at}}};
    }
    std::string calendar;
    if (json.contains("calendar")) {
        GUICHET_LET(calendar, read_text(json, "calendar", path));
        if (calendar.empty())
            return error{reason::empty_text, {{"path", path + ".calendar"}}};
    }
    return check_leaf(name, word, std::move(operands), members{path}, std::move(calendar));
}

/// Reads the text form; `text_form.ipp` has it.
result<node> read_text_form(std::string_view text, compiler& check, std::string const& path, std::size_t depth);

inline result<node> compiler::read(boost::json::value const& json, std::string const& path, std::size_t depth) {
    if (auto const text = json.if_string())
        return read_text_form({text->data(), text->size()}, *this, path, depth);
    GUICHET_TRY(enter(1, depth, path));
    if (auto const truth = json.if_bool())
        return node{.kind = *truth ? op::all : op::any};
    auto const object = json.if_object();
    if (!object)
        return wrong_type(path, "a condition", kind_name(json));
    if (object->empty())
        return node{};
    for (op const kind : {op::all, op::any, op::negate}) {
        auto const parts = object->if_contains(to_string(kind));
        if (!parts)
            continue;
        GUICHET_TRY(refuse_others(*object, {to_string(kind)}, path));
        if (kind == op::negate)
            return read_group(kind, std::span{parts, 1}, path, depth);
        if (!parts->is_array())
            return wrong_type(path + '.' + std::string{to_string(kind)}, "an array of conditions", kind_name(*parts));
        return read_group(kind, parts->get_array(), path, depth);
    }
    if (!object->contains("field")) {
        auto const* word = object->if_contains("op");
        if (auto const* text = word ? word->if_string() : nullptr;
            text && std::string_view{*text} == to_string(op::open))
            return read_open(*object, path);
        GUICHET_TRY(refuse_others(*object, {"all", "any", "not", "field", "op", "value", "calendar"}, path));
    }
    return read_leaf(*object, path);
}

} // namespace guichet::inline v0::expr::detail
