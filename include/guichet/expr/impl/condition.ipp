#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/checking.ipp>
#include <guichet/expr/impl/evaluation.ipp>
#include <guichet/expr/impl/sentences.ipp>
#include <guichet/expr/impl/text_form.ipp>
#include <guichet/expr/impl/text_writing.ipp>

#include <boost/json.hpp>

#include <algorithm>

namespace guichet::inline v0::expr {
namespace detail {

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
    if (kind == op::open)
        return;
    if (!takes_many(kind)) {
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
        if (tree.kind != op::open)
            out["field"] = tree.name;
        out["op"] = to_string(tree.kind);
        put_operands(out, tree.kind, tree.operands);
        if (!tree.calendar.empty())
            out["calendar"] = tree.calendar;
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

inline bool same_letter(char a, char b) noexcept {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
}

inline void gather(node const& tree, std::vector<std::uint32_t>& fields, bool& asks_time, bool& asks_change) {
    if (!is_group(tree.kind) && tree.kind != op::open)
        fields.push_back(tree.field);
    asks_time |= asks_clock(tree.kind, tree.type);
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
    if (detail::is_group(kind) || kind == op::open)
        return false;
    if (detail::is_flag(kind))
        return true;
    auto const type = which.type;
    if (type == field_type::list)
        return kind == op::contains || detail::is_set(kind);
    if (type == field_type::age)
        return detail::is_order(kind);
    if (kind == op::contains || detail::is_search(kind))
        return type == field_type::text;
    if (detail::is_set(kind))
        return false;
    if (detail::is_age(kind))
        return type == field_type::instant;
    if (detail::is_order(kind))
        return type == field_type::text || type == field_type::number || type == field_type::instant ||
               (type == field_type::choice && !which.choices.empty());
    return true;
}

GUICHET_DECL bool contains_ascii(std::string_view haystack, std::string_view needle) noexcept {
    return needle.empty() || std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end(),
                                         &detail::same_letter) != haystack.end();
}

GUICHET_DECL bool contains_ascii_word(std::string_view haystack, std::string_view needle) noexcept {
    auto const is_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
    };
    for (auto from = haystack.begin(); !needle.empty(); ++from) {
        from = std::search(from, haystack.end(), needle.begin(), needle.end(), &detail::same_letter);
        if (from == haystack.end())
            return false;
        auto const behind = from + static_cast<std::ptrdiff_t>(needle.size());
        if ((from == haystack.begin() || !is_word(*(from - 1))) && (behind == haystack.end() || !is_word(*behind)))
            return true;
    }
    return true;
}

GUICHET_DECL bool starts_with_ascii(std::string_view text, std::string_view beginning) noexcept {
    return text.size() >= beginning.size() &&
           std::equal(beginning.begin(), beginning.end(), text.begin(), &detail::same_letter);
}

GUICHET_DECL instant cutoff(instant now, duration age) noexcept {
    // A clock near the beginning of time must not overflow.
    return now < instant::min() + age ? instant::min() : now - age;
}

GUICHET_DECL instant horizon(instant now, duration ahead) noexcept {
    return now > instant::max() - ahead ? instant::max() : now + ahead;
}

GUICHET_DECL std::optional<instant> boundary_of(node const& leaf, context const& with) noexcept {
    auto const length = *std::get_if<duration>(&leaf.operands[0]);
    bool const to_come = leaf.kind == op::within;
    if (leaf.calendar.empty())
        return to_come ? horizon(with.now, length) : cutoff(with.now, length);
    if (!with.calendars)
        return {};
    if (to_come)
        return with.calendars->horizon(leaf.calendar, with.now, length);
    bool const first = leaf.kind == op::less_equal || leaf.kind == op::greater;
    return with.calendars->cutoff(leaf.calendar, with.now, length,
                                  first ? calendars::end::earliest : calendars::end::latest);
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
    if (!why.calendar.empty())
        out["calendar"] = why.calendar;
    if (why.kind == op::open)
        return out;
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

GUICHET_DECL condition condition::made_of(node root, schema const& known) {
    condition out;
    if (root == node{})
        return out;
    auto made = std::make_shared<body>();
    made->root = std::move(root);
    made->known = known;
    detail::gather(made->root, made->fields, made->asks_time, made->asks_change);
    std::sort(made->fields.begin(), made->fields.end());
    made->fields.erase(std::unique(made->fields.begin(), made->fields.end()), made->fields.end());
    out.body_ = std::move(made);
    return out;
}

GUICHET_DECL result<condition> condition::compile(boost::json::value const& json, schema const& known,
                                                  std::string_view path) {
    GUICHET_LET(auto root, detail::compiler{known}.read(json, std::string{path}, 1));
    return made_of(std::move(root), known);
}

GUICHET_DECL result<condition> condition::compile(draft const& written, schema const& known, std::string_view path) {
    GUICHET_LET(auto root, detail::compiler{known}.read(written, std::string{path}, 1));
    return made_of(std::move(root), known);
}

GUICHET_DECL result<condition> condition::parse(std::string_view text, schema const& known, std::string_view path) {
    detail::compiler check{known};
    GUICHET_LET(auto root, detail::text_reader(text, check, std::string{path}).read(1));
    return made_of(std::move(root), known);
}

GUICHET_DECL bool condition::evaluate(record const& about, context const& with) const noexcept {
    return !body_ || detail::holds(body_->root, about, with);
}

GUICHET_DECL explanation condition::explain(record const& about, context const& with) const {
    return detail::explained(shown().root, about, with, shown().known);
}

GUICHET_DECL boost::json::value condition::to_json() const { return detail::to_json(shown().root); }

GUICHET_DECL std::string condition::to_text() const { return detail::text_of(shown().root, shown().known, true); }

GUICHET_DECL std::string condition::describe(language lang) const {
    return detail::teller{shown().known, lang}.sentence(shown().root, false, true);
}

GUICHET_DECL node const& condition::root() const noexcept { return shown().root; }
GUICHET_DECL std::vector<std::uint32_t> const& condition::fields() const noexcept { return shown().fields; }
GUICHET_DECL bool condition::asks_time() const noexcept { return shown().asks_time; }
GUICHET_DECL bool condition::asks_change() const noexcept { return shown().asks_change; }

GUICHET_DECL bool operator==(condition const& a, condition const& b) noexcept {
    return a.body_ == b.body_ || a.root() == b.root();
}

} // namespace guichet::inline v0::expr
