#pragma once
#include <guichet/search/query.hpp>
#include <guichet/text/fold.hpp>

#include <algorithm>

namespace guichet::inline v0::search {
namespace detail {

inline bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

inline std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// The field whose name and colon begin the text; both are taken away.
inline std::optional<field> take_field(std::string_view typed, std::size_t& at) noexcept {
    for (std::size_t i = 0; i < fields; ++i) {
        auto const name = field_names[i];
        auto const rest = typed.substr(at);
        if (!rest.starts_with(name) || rest.size() <= name.size() + 1 || rest[name.size()] != ':' ||
            is_space(rest[name.size() + 1]))
            continue;
        at += name.size() + 1;
        return static_cast<field>(i);
    }
    return {};
}

inline std::size_t words_in(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

} // namespace detail

GUICHET_DECL std::vector<clause> parse_query(std::string_view typed) {
    std::vector<clause> out;
    for (std::size_t at = 0; at < typed.size();) {
        if (detail::is_space(typed[at])) {
            ++at;
            continue;
        }
        clause one;
        if (typed[at] == '-' && at + 1 < typed.size() && !detail::is_space(typed[at + 1]) && typed[at + 1] != '-')
            one.excluded = true, ++at;
        one.in = detail::take_field(typed, at);
        one.phrase = typed[at] == '"';
        at += one.phrase;
        auto end = at;
        while (end < typed.size() && (one.phrase ? typed[end] != '"' : !detail::is_space(typed[end])))
            ++end;
        one.text = typed.substr(at, end - at);
        one.begin = static_cast<std::uint32_t>(at);
        at = std::min(end + one.phrase, typed.size());
        if (!detail::trimmed(one.text).empty())
            out.push_back(std::move(one));
    }
    return out;
}

GUICHET_DECL synonyms synonyms::of(std::string_view lines) {
    synonyms out;
    for (std::size_t number = 0; !lines.empty(); ++number) {
        auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        line = line.substr(0, line.find('#'));
        while (!line.empty()) {
            auto const part = line.substr(0, line.find('='));
            line.remove_prefix(std::min(part.size() + 1, line.size()));
            auto const text = detail::trimmed(part);
            if (text.empty())
                continue;
            auto folded = text::fold(text);
            folded.erase(std::ranges::unique(folded, [](char a, char b) { return a == ' ' && b == ' '; }).begin(),
                         folded.end());
            out.words_max_ = std::max(out.words_max_, detail::words_in(folded));
            out.names_.push_back({std::move(folded), std::string{text}, number});
        }
    }
    std::ranges::stable_sort(out.names_, {}, &name::folded);
    return out;
}

GUICHET_DECL std::vector<std::string_view> synonyms::others(std::string_view folded_name) const {
    std::vector<std::string_view> out;
    for (auto const& one :
         std::ranges::equal_range(names_, folded_name, {}, [](name const& n) { return std::string_view{n.folded}; }))
        for (auto const& other : names_)
            if (other.line == one.line && other.folded != one.folded)
                out.push_back(other.text);
    return out;
}

} // namespace guichet::inline v0::search
