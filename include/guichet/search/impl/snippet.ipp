#pragma once
#include <guichet/search/query.hpp>
#include <guichet/search/snippet.hpp>
#include <guichet/text/template.hpp>
#include <guichet/text/utf8.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <vector>

namespace guichet::inline v0::search {
namespace detail {

/// Where a text has an asked word.
struct marked_place {
    std::size_t begin = 0, end = 0;
    std::uint32_t word = 0; ///< which of the asked ones
};

/// The asked words by their terms; stop words only where there is nothing else.
inline std::map<std::string, std::uint32_t, std::less<>> terms_of(text::analyser& with, std::string_view typed) {
    std::map<std::string, std::uint32_t, std::less<>> words, stops;
    each_wanted(parse_query(typed), [&](clause const& one) {
        for (auto const& t : with.analyse(one.text))
            if (t.kind != text::token_kind::gram) {
                auto& into = t.stop ? stops : words;
                into.try_emplace(std::string{t.term}, static_cast<std::uint32_t>(into.size()));
            }
    });
    return words.empty() ? stops : words;
}

/// In their order, none within another.
inline std::vector<marked_place> places_of(text::analyser& with, std::string_view text,
                                           std::map<std::string, std::uint32_t, std::less<>> const& asked) {
    std::vector<marked_place> out;
    for (auto const& t : with.analyse(text)) {
        if (t.kind == text::token_kind::gram || (!out.empty() && t.begin < out.back().end))
            continue;
        if (auto const at = asked.find(t.term); at != asked.end())
            out.push_back({t.begin, t.end, at->second});
    }
    return out;
}

inline std::string mark(std::string_view text, std::span<marked_place const> places, std::size_t begin, std::size_t end,
                        marking const& as) {
    std::string out;
    auto at = begin;
    for (auto const& one : places) {
        if (one.begin < begin || one.end > end)
            continue;
        text::append_escaped(out, text.substr(at, one.begin - at), text::escape::html);
        out += as.before;
        text::append_escaped(out, text.substr(one.begin, one.end - one.begin), text::escape::html);
        out += as.after;
        at = one.end;
    }
    text::append_escaped(out, text.substr(at, end - at), text::escape::html);
    return out;
}

/// Where the part begins that has most different asked words: a place of one, or the beginning.
inline std::size_t best_begin(std::span<marked_place const> places, std::size_t bytes_max) {
    std::size_t best = 0, most = 0;
    std::map<std::uint32_t, std::size_t> within;
    for (std::size_t first = 0, last = 0; first < places.size(); ++first) {
        for (; last < places.size() && places[last].end <= places[first].begin + bytes_max; ++last)
            ++within[places[last].word];
        if (within.size() > most)
            most = within.size(), best = places[first].begin;
        if (last > first && --within[places[first].word] == 0)
            within.erase(places[first].word);
        last = std::max(last, first + 1);
    }
    return best;
}

} // namespace detail

GUICHET_DECL highlighter::highlighter(text::analysers& with, text::tongue language, std::string_view typed)
    : with_{with.of(language)}, asked_{detail::terms_of(with_, typed)} {}

GUICHET_DECL std::string highlighter::highlight(std::string_view text, marking const& as) const {
    auto const places = detail::places_of(with_, text, asked_);
    return detail::mark(text, places, 0, text.size(), as);
}

GUICHET_DECL std::string highlighter::snippet(std::string_view text, marking const& as) const {
    auto const places = detail::places_of(with_, text, asked_);
    if (text.size() <= as.bytes_max)
        return detail::mark(text, places, 0, text.size(), as);
    auto begin = detail::best_begin(places, as.bytes_max * 3 / 4);
    // A few words before the first mark, from where one begins.
    auto const room = std::min(begin, as.bytes_max / 4);
    auto const space = text.substr(begin - room, room).find(' ');
    begin = begin == room ? 0 : space == std::string_view::npos ? begin : begin - room + space + 1;
    auto end = begin + text::truncate(text.substr(begin), as.bytes_max).size();
    if (end < text.size())
        if (auto const last = text.rfind(' ', end); last != std::string_view::npos && last > begin + as.bytes_max / 2)
            end = last;
    for (auto const& one : places)
        if (one.begin < end && end < one.end)
            end = one.begin;
    return (begin > 0 ? "\u2026" : "") + detail::mark(text, places, begin, end, as) +
           (end < text.size() ? "\u2026" : "");
}

} // namespace guichet::inline v0::search
