#pragma once
#include <guichet/kb/compare.hpp>
#include <guichet/kb/contents.hpp>
#include <guichet/model/forms.hpp>

namespace guichet::inline v0::kb {
namespace detail {

inline std::string lines_of(std::string const& text) { return text; }
inline std::string lines_of(std::uint32_t number) { return number ? std::to_string(number) : ""; }
inline std::string lines_of(article_kind kind) { return std::string{json::to_text(kind)}; }
template <class Tag>
std::string lines_of(id<Tag> const& of) {
    return of ? to_string(of) : "";
}
inline std::string lines_of(std::optional<instant> const& at) { return at ? time::to_text(*at) : ""; }
template <class T>
std::string lines_of(std::vector<T> const& all) {
    std::string out;
    for (auto const& one : all)
        out += lines_of(one) + '\n';
    return out;
}

inline std::string_view word_of(text::line_fate fate) noexcept {
    return fate == text::line_fate::same ? "same" : fate == text::line_fate::added ? "added" : "removed";
}

} // namespace detail

GUICHET_DECL std::vector<difference> compare(article const& before, article const& after) {
    std::vector<difference> out;
    each_member([&](std::string_view name, auto const& member) {
        if (member(before) == member(after))
            return;
        auto const old_lines = detail::lines_of(member(before)), new_lines = detail::lines_of(member(after));
        auto& found = out.emplace_back(difference{std::string{name}, {}});
        for (auto const& [fate, line] : text::diff_lines(old_lines, new_lines))
            found.lines.push_back({fate, std::string{line}});
    });
    return out;
}

GUICHET_DECL std::string encode(std::vector<difference> const& found) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& one : found) {
        w.begin_object();
        w.key("member");
        w.text(one.member);
        w.key("lines");
        w.begin_array();
        for (auto const& [fate, line] : one.lines) {
            w.begin_object();
            w.key("fate");
            w.text(detail::word_of(fate));
            w.key("line");
            w.text(line);
            w.end_object();
        }
        w.end_array();
        w.end_object();
    }
    w.end_array();
    return out;
}

} // namespace guichet::inline v0::kb
