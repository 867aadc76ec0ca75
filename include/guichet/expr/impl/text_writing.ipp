#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/text_form.ipp>

/// The text form of a condition, written so that it is read as the same.
namespace guichet::inline v0::expr::detail {

inline std::string quoted_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (char const c : text) {
        auto const code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out.append({'\\', c});
        else if (c == '\n')
            out += "\\n";
        else if (code < 0x20 || code == 0x7F)
            out.append("\\u00").append({digits[code >> 4], digits[code & 15]});
        else
            out += c;
    }
    return out + '"';
}

inline std::string in_backticks(std::string_view name) {
    std::string out = "`";
    for (char const c : name)
        out.append(c == '`' ? 2 : 1, c);
    return out + '`';
}

inline std::string name_text(std::string const& name) {
    if (is_bare(name, {"and", "or", "not", "always", "never", "true", "false", "all", "any", "calendar"}))
        return name;
    return in_backticks(name);
}

inline std::string calendar_text(std::string const& name) {
    return is_bare(name, {}) && !may_be_verb(lower(name)) ? name : in_backticks(name);
}

/// What stands behind a duration.
inline std::string working_text(std::string const& calendar) {
    return calendar.empty() ? "" : calendar == default_calendar ? " working" : " working in " + calendar_text(calendar);
}

inline std::string value_text(literal const& operand, field const& which) {
    if (auto const* text = std::get_if<std::string>(&operand)) {
        bool const is_choice = which.type == field_type::choice || !which.choices.empty();
        return is_choice && is_bare(*text, {"null", "empty"}) ? *text : quoted_text(*text);
    }
    auto out = to_text(operand);
    if (std::holds_alternative<double>(operand) && out.find_first_of(".e") == out.npos)
        out += ".0"; // so that it is read as what it is
    return out;
}

inline std::string leaf_text(node const& leaf, field const& which) {
    auto out = name_text(leaf.name);
    if (is_flag(leaf.kind))
        return out.append(leaf.operands[0] == literal{true} ? " " : " not ").append(to_string(leaf.kind));
    if (leaf.kind == op::contains)
        out += leaf.type == field_type::list ? " has " : " contains ";
    else
        out.append(" ").append(words[static_cast<std::size_t>(leaf.kind)].english).append(" ");
    if (!takes_many(leaf.kind))
        return out + value_text(leaf.operands[0], which) + working_text(leaf.calendar);
    std::string list;
    for (auto const& operand : leaf.operands)
        list.append(list.empty() ? "" : ", ").append(value_text(operand, which));
    return out + '(' + list + ')';
}

inline std::string text_of(node const& tree, schema const& known, bool outermost) {
    if (tree.kind == op::open)
        return "calendar " + calendar_text(tree.calendar) + " is open";
    if (!is_group(tree.kind))
        return leaf_text(tree, known[tree.field]);
    if (tree.kind == op::negate)
        return "not (" + text_of(tree.children[0], known, true) + ')';
    if (tree.children.empty())
        return tree.kind == op::all ? "always" : "never";
    if (tree.children.size() == 1)
        return std::string{to_string(tree.kind)} + " (" + text_of(tree.children[0], known, true) + ')';
    std::string out;
    for (auto const& child : tree.children)
        out.append(out.empty() ? "" : tree.kind == op::all ? " and " : " or ").append(text_of(child, known, false));
    return outermost ? out : '(' + out + ')';
}

} // namespace guichet::inline v0::expr::detail
