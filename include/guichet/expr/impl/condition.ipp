#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/evaluation.ipp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace guichet::inline v0::expr {
namespace detail {

// --- the type check

inline std::string_view kind_name(literal const& operand) noexcept {
    constexpr std::array<std::string_view, 8> names{"null", "a boolean",  "a number",   "a number",
                                                    "text", "an instant", "a duration", "a list"};
    return names[operand.index()];
}

inline std::string_view wanted_name(field_type type) noexcept {
    constexpr std::array<std::string_view, 7> names{
        "text", "a number", "a boolean", "an instant such as \"2026-01-05T08:00:00Z\"", "text", "text", "text"};
    return names[static_cast<std::size_t>(type)];
}

inline error wrong_type(std::string const& path, std::string_view expected, std::string_view found) {
    return {reason::wrong_type, {{"path", path}, {"expected", std::string{expected}}, {"found", std::string{found}}}};
}

inline error bad_value(std::string const& path, std::string const& found, std::string_view hint) {
    return {reason::bad_value, {{"path", path}, {"value", found}, {"hint", std::string{hint}}}};
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
    if (is_age(kind))
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

/// Checks one tree, written as JSON or in C++, against a schema, within the limits.
class compiler {
public:
    explicit compiler(schema const& known) : known_{known} {}

    result<node> read(boost::json::value const& json, std::string const& path, std::size_t depth);
    result<node> read(draft const& written, std::string const& path, std::size_t depth);

private:
    result<node> read_leaf(boost::json::object const& json, std::string const& path);
    /// Children of a group: `parts` is an array of JSON or a vector of drafts.
    template <class Parts>
    result<node> read_group(op kind, Parts const& parts, std::string const& path, std::size_t depth);
    result<node> check_leaf(std::string const& name, std::string_view word, std::vector<literal> operands,
                            std::string const& path);
    result<node> check_operands(node leaf, field const& which, std::vector<literal> const& operands,
                                std::string const& path);
    /// Counts nodes and levels.
    result<void> enter(std::size_t nodes, std::size_t depth, std::string const& path);

    schema const& known_;
    std::size_t nodes_ = 0;
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

inline result<node> compiler::check_leaf(std::string const& name, std::string_view word, std::vector<literal> operands,
                                         std::string const& path) {
    auto const number = known_.find(name);
    if (!number)
        return unknown_field(known_, name, path + ".field");
    auto const& which = known_[*number];
    auto const kind = parse_op(word);
    if (!kind || !offers(which, *kind))
        return error{reason::condition_op_not_offered,
                     {{"path", path + ".op"},
                      {"value", std::string{word}},
                      {"field", name},
                      {"type", std::string{to_string(which.type)}},
                      {"known", offered(which)}}};
    if (is_flag(*kind) && operands.empty())
        operands.emplace_back(true);
    return check_operands({.kind = *kind, .type = which.type, .field = *number, .name = name}, which, operands, path);
}

inline result<node> compiler::check_operands(node leaf, field const& which, std::vector<literal> const& operands,
                                             std::string const& path) {
    auto const at = path + ".value";
    bool const many = leaf.kind == op::in;
    if (!many && operands.empty())
        return error{reason::missing_field, {{"path", at}}};
    if (!many && operands.size() > 1)
        return wrong_type(at, "one value", "several");
    if (many)
        GUICHET_TRY(enter(operands.size(), 0, at));
    for (std::size_t i = 0; i < operands.size(); ++i) {
        auto const where = many ? at + '[' + std::to_string(i) + ']' : at;
        GUICHET_LET(auto operand, check_operand(operands[i], which, leaf.kind, where));
        leaf.operands.push_back(std::move(operand));
    }
    if (is_order(leaf.kind) && which.type == field_type::choice)
        leaf.satisfying = satisfying(which, leaf.kind, std::get<std::string>(leaf.operands[0]));
    return leaf;
}

inline result<node> compiler::read(draft const& written, std::string const& path, std::size_t depth) {
    GUICHET_TRY(enter(1, depth, path));
    if (!is_group(written.kind))
        return check_leaf(written.field, to_string(written.kind), written.operands, path);
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

inline result<node> compiler::read_leaf(boost::json::object const& json, std::string const& path) {
    GUICHET_TRY(refuse_others(json, {"field", "op", "value"}, path));
    GUICHET_LET(auto const name, read_text(json, "field", path));
    GUICHET_LET(auto const word, read_text(json, "op", path));
    std::vector<literal> operands;
    auto const at = path + ".value";
    auto const written = json.if_contains("value");
    if (written && word == to_string(op::in)) {
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
    } else if (word == to_string(op::in)) {
        return error{reason::missing_field, {{"path", at}}};
    }
    return check_leaf(name, word, std::move(operands), path);
}

inline result<node> compiler::read(boost::json::value const& json, std::string const& path, std::size_t depth) {
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
    if (!object->contains("field"))
        GUICHET_TRY(refuse_others(*object, {"all", "any", "not", "field", "op", "value"}, path));
    return read_leaf(*object, path);
}

struct as_json {
    boost::json::value operator()(std::monostate) const { return nullptr; }
    boost::json::value operator()(instant at) const { return boost::json::value(to_text(at)); }
    boost::json::value operator()(duration length) const { return boost::json::value(to_text(length)); }
    boost::json::value operator()(std::vector<std::string> const& members) const {
        return boost::json::array(members.begin(), members.end());
    }
    template <class Plain>
    boost::json::value operator()(Plain const& plain) const {
        return boost::json::value(plain);
    }
};

inline boost::json::value to_json(literal const& operand) { return std::visit(as_json{}, operand); }

/// The member `value` of a leaf; none where it would only say `true`.
inline void put_operands(boost::json::object& out, op kind, std::vector<literal> const& operands) {
    if (kind != op::in) {
        if (!is_flag(kind) || operands[0] != literal{true})
            out["value"] = to_json(operands[0]);
        return;
    }
    auto& array = out["value"].emplace_array();
    for (auto const& operand : operands)
        array.push_back(to_json(operand));
}

inline boost::json::value to_json(node const& tree) {
    boost::json::object out;
    if (!is_group(tree.kind)) {
        out["field"] = tree.name;
        out["op"] = to_string(tree.kind);
        put_operands(out, tree.kind, tree.operands);
        return out;
    }
    if (tree.kind == op::negate) {
        out["not"] = to_json(tree.children[0]);
        return out;
    }
    if (tree.children.empty())
        return tree.kind == op::all;
    auto& parts = out[to_string(tree.kind)].emplace_array();
    for (auto const& child : tree.children)
        parts.push_back(to_json(child));
    return out;
}

// --- sentences

inline std::string_view word(op kind, language lang) noexcept {
    auto const& row = words[static_cast<std::size_t>(kind)];
    return lang == language::fr ? row.french : row.english;
}

inline std::string leaf_sentence(std::string const& field, op kind, std::vector<literal> const& operands,
                                 language lang) {
    std::string out = field + ' ' + std::string{word(kind, lang)};
    if (is_flag(kind))
        return operands[0] == literal{true} ? out : std::string{word(op::negate, lang)} + " (" + out + ')';
    if (kind != op::in)
        return out + ' ' + to_text(operands[0]);
    std::string list;
    for (auto const& operand : operands)
        list.append(list.empty() ? "" : ", ").append(to_text(operand));
    return out + " [" + list + ']';
}

inline std::string sentence(node const& tree, language lang, bool outermost) {
    if (!is_group(tree.kind))
        return leaf_sentence(tree.name, tree.kind, tree.operands, lang);
    if (tree.kind == op::negate)
        return std::string{word(op::negate, lang)} + " (" + sentence(tree.children[0], lang, true) + ')';
    if (tree.children.empty())
        return tree.kind == op::all ? (lang == language::fr ? "toujours" : "always")
                                    : (lang == language::fr ? "jamais" : "never");
    std::string out;
    for (auto const& child : tree.children) {
        if (!out.empty())
            out.append(" ").append(word(tree.kind, lang)).append(" ");
        out += sentence(child, lang, tree.children.size() == 1 && outermost);
    }
    return outermost || tree.children.size() == 1 ? out : '(' + out + ')';
}

inline std::string group_title(explanation const& why, language lang) {
    bool const french = lang == language::fr;
    if (why.kind == op::negate)
        return std::string{word(op::negate, lang)};
    if (why.kind == op::all)
        return french ? "tout :" : "all of:";
    return french ? "au moins un :" : "any of:";
}

inline void describe_into(std::string& out, explanation const& why, language lang, std::size_t depth) {
    out.append(2 * depth, ' ').append(why.verdict ? "+ " : "- ");
    if (is_group(why.kind)) {
        out += group_title(why, lang) + '\n';
        for (auto const& child : why.children)
            describe_into(out, child, lang, depth + 1);
        return;
    }
    bool const french = lang == language::fr;
    out += leaf_sentence(why.field, why.kind, why.operands, lang);
    out += (french ? "  (vu : " : "  (seen: ") + to_text(why.seen);
    if (is_change(why.kind))
        out += (french ? ", avant : " : ", before: ") + to_text(why.before);
    out += ")\n";
}

inline void gather(node const& tree, std::vector<std::uint32_t>& fields, bool& asks_time, bool& asks_change) {
    if (!is_group(tree.kind))
        fields.push_back(tree.field);
    asks_time |= is_age(tree.kind);
    asks_change |= is_change(tree.kind);
    for (auto const& child : tree.children)
        gather(child, fields, asks_time, asks_change);
}

} // namespace detail

GUICHET_DECL std::string_view to_string(op kind) noexcept { return detail::words[static_cast<std::size_t>(kind)].json; }

GUICHET_DECL std::optional<op> parse_op(std::string_view word) noexcept {
    for (std::size_t i = 0; i < op_count; ++i)
        if (detail::words[i].json == word)
            return static_cast<op>(i);
    return {};
}

GUICHET_DECL bool offers(field const& which, op kind) noexcept {
    if (detail::is_group(kind))
        return false;
    if (detail::is_flag(kind))
        return true;
    auto const type = which.type;
    if (type == field_type::list)
        return kind == op::contains;
    if (kind == op::contains)
        return type == field_type::text;
    if (detail::is_age(kind))
        return type == field_type::instant;
    if (detail::is_order(kind))
        return type == field_type::text || type == field_type::number || type == field_type::instant ||
               (type == field_type::choice && !which.choices.empty());
    return true;
}

GUICHET_DECL bool contains_ascii(std::string_view haystack, std::string_view needle) noexcept {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    auto const same = [&](char a, char b) { return lower(a) == lower(b); };
    return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end(), same) != haystack.end() ||
           needle.empty();
}

GUICHET_DECL instant cutoff(instant now, duration age) noexcept {
    // A clock near the beginning of time must not overflow.
    return now < instant::min() + age ? instant::min() : now - age;
}

GUICHET_DECL std::string describe(explanation const& why, language lang) {
    std::string out;
    detail::describe_into(out, why, lang, 0);
    return out;
}

GUICHET_DECL boost::json::value to_json(explanation const& why) {
    boost::json::object out;
    out["verdict"] = why.verdict;
    out["op"] = to_string(why.kind);
    if (!detail::is_group(why.kind)) {
        out["field"] = why.field;
        detail::put_operands(out, why.kind, why.operands);
        out["seen"] = detail::to_json(why.seen);
        if (detail::is_change(why.kind))
            out["before"] = detail::to_json(why.before);
        return out;
    }
    auto& children = out["children"].emplace_array();
    for (auto const& child : why.children)
        children.push_back(to_json(child));
    return out;
}

GUICHET_DECL condition::body const& condition::nothing() noexcept {
    static body const empty{};
    return empty;
}

GUICHET_DECL condition condition::made_of(node root) {
    condition out;
    if (root == node{})
        return out;
    auto made = std::make_shared<body>();
    made->root = std::move(root);
    detail::gather(made->root, made->fields, made->asks_time, made->asks_change);
    std::sort(made->fields.begin(), made->fields.end());
    made->fields.erase(std::unique(made->fields.begin(), made->fields.end()), made->fields.end());
    out.body_ = std::move(made);
    return out;
}

GUICHET_DECL result<condition> condition::compile(boost::json::value const& json, schema const& known,
                                                  std::string_view path) {
    GUICHET_LET(auto root, detail::compiler{known}.read(json, std::string{path}, 1));
    return made_of(std::move(root));
}

GUICHET_DECL result<condition> condition::compile(draft const& written, schema const& known, std::string_view path) {
    GUICHET_LET(auto root, detail::compiler{known}.read(written, std::string{path}, 1));
    return made_of(std::move(root));
}

GUICHET_DECL bool condition::evaluate(record const& about, context const& with) const noexcept {
    return !body_ || detail::holds(body_->root, about, with);
}

GUICHET_DECL explanation condition::explain(record const& about, context const& with) const {
    return detail::explained(shown().root, about, with);
}

GUICHET_DECL boost::json::value condition::to_json() const { return detail::to_json(shown().root); }

GUICHET_DECL std::string condition::describe(language lang) const { return detail::sentence(shown().root, lang, true); }

GUICHET_DECL node const& condition::root() const noexcept { return shown().root; }
GUICHET_DECL std::vector<std::uint32_t> const& condition::fields() const noexcept { return shown().fields; }
GUICHET_DECL bool condition::asks_time() const noexcept { return shown().asks_time; }
GUICHET_DECL bool condition::asks_change() const noexcept { return shown().asks_change; }

GUICHET_DECL bool operator==(condition const& a, condition const& b) noexcept {
    return a.body_ == b.body_ || a.root() == b.root();
}

} // namespace guichet::inline v0::expr
