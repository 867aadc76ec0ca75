#pragma once
#include <guichet/kb/article_files.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/text/lines.hpp>

#include <algorithm>
#include <optional>

namespace guichet::inline v0::kb {
namespace detail {

inline std::string_view trimmed(std::string_view text) noexcept {
    auto const begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

inline std::string unquoted(std::string_view value) {
    value = trimmed(value);
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
        value = value.substr(1, value.size() - 2);
    return std::string{value};
}

inline void add_list(std::string_view written, std::vector<std::string>& out) {
    written = trimmed(written);
    if (written.starts_with('[') && written.ends_with(']'))
        written = written.substr(1, written.size() - 2);
    while (!written.empty()) {
        auto const comma = std::min(written.find(','), written.size());
        if (auto one = unquoted(written.substr(0, comma)); !one.empty())
            out.push_back(std::move(one));
        written.remove_prefix(std::min(comma + 1, written.size()));
    }
}

/// Where the value of a name goes: into a text, or into a list; into neither when the name means nothing here.
struct place {
    std::string* text = nullptr;
    std::vector<std::string>* list = nullptr;
};
inline place place_of(std::string_view name, write_article& a) noexcept {
    if (name == "title")
        return {&a.title};
    if (name == "symptom")
        return {&a.symptom};
    if (name == "body" || name == "body_md")
        return {&a.body};
    if (name == "language" || name == "lang")
        return {&a.language};
    if (name == "category")
        return {&a.category};
    if (name == "id")
        return {&a.source};
    if (name == "tags" || name == "keywords")
        return {nullptr, &a.tags};
    if (name == "audience")
        return {nullptr, &a.audience};
    return {};
}

/// Reads what stands between the lines `---`, the first of which was read; how many lines there were.
inline result<std::size_t> read_front_matter(std::string_view& text, write_article& into) {
    std::size_t line = 1;
    std::vector<std::string>* open = nullptr; // the list that lines with `- ` belong to
    while (!text.empty()) {
        auto const written = text::take_line(text);
        ++line;
        auto const bare = trimmed(written);
        if (bare == "---")
            return line;
        if (bare.empty() || bare.starts_with('#'))
            continue;
        if (bare.starts_with("- ")) {
            if (open)
                open->push_back(unquoted(bare.substr(2)));
            continue;
        }
        auto const colon = bare.find(':');
        if (colon == bare.npos) {
            error e{reason::bad_value,
                    {{"path", "front matter"}, {"value", std::string{bare}}, {"hint", "write name: value"}}};
            return std::move(e).with("line", std::to_string(line));
        }
        auto const to = place_of(trimmed(bare.substr(0, colon)), into);
        auto const value = bare.substr(colon + 1);
        open = to.list;
        if (to.text)
            *to.text = unquoted(value);
        else if (to.list)
            add_list(value, *to.list);
    }
    error e{reason::bad_value, {{"path", "front matter"}, {"value", "---"}, {"hint", "end it with a line ---"}}};
    return std::move(e).with("line", "1");
}

inline result<void> read_member(boost::json::value const& from, place to, json::path const& at) {
    if (from.is_null())
        return {};
    if (to.text)
        return json::read(from, *to.text, at);
    if (!from.is_string())
        return json::read(from, *to.list, at);
    add_list(std::string_view{from.get_string()}, *to.list);
    return {};
}

} // namespace detail

GUICHET_DECL result<write_article> read_markdown_article(std::string_view text) {
    write_article out;
    std::size_t line = 0;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (auto rest = text; detail::trimmed(text::take_line(rest)) == "---") {
        text = rest;
        GUICHET_LET(line, detail::read_front_matter(text, out));
    }
    auto rest = text;
    while (!rest.empty()) {
        auto const first = text::take_line(rest);
        if (detail::trimmed(first).empty())
            continue;
        auto const heading = first.starts_with("# ") ? detail::trimmed(first.substr(2)) : std::string_view{};
        if (out.title.empty())
            out.title = heading;
        if (!heading.empty() && heading == out.title)
            text = rest;
        break;
    }
    out.body = detail::trimmed(text);
    if (out.title.empty())
        return error{reason::missing_field, {{"path", "title"}}}.with("line", std::to_string(line + 1));
    return out;
}

GUICHET_DECL result<write_article> read_json_article(std::string_view text) {
    GUICHET_LET(auto const value, json::parse(text));
    auto const* object = value.if_object();
    if (!object)
        return json::wrong_type(json::path("article"), "an object", value);
    write_article out;
    for (auto const& [name, member] : *object)
        if (auto const to = detail::place_of(name, out); to.text || to.list)
            GUICHET_TRY(detail::read_member(member, to, json::path(json::path(), std::string_view{name})));
    if (detail::trimmed(out.title).empty())
        return error{reason::missing_field, {{"path", "title"}}};
    return out;
}

} // namespace guichet::inline v0::kb
