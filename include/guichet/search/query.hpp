#pragma once
#include <guichet/search/document.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search {

/// A piece of a query as somebody wrote it.
struct clause {
    std::string text;          ///< words, without the signs around them
    bool phrase = false;       ///< it stood in quotes: its words follow each other
    bool excluded = false;     ///< a `-` stood before it
    std::optional<field> in{}; ///< `title:` stood before it
    std::uint32_t begin = 0;   ///< where the words stand in what was typed
};

/// Reads what people type: words, "a phrase", -word, title:word, title:"a phrase", -title:word. There are no errors: a
/// quote without an end reaches to the end, an unknown field and a lonely `-` are text. A `-` within a word belongs to
/// it.
GUICHET_DECL std::vector<clause> parse_query(std::string_view typed);

/// Words that mean the same in this house: "VPN = réseau privé virtuel". A query for one side also looks, with less
/// weight, for the other. Immutable; share it between threads.
class synonyms {
public:
    /// A line each: names with `=` between; what follows `#` is left out. Lines that say nothing are skipped.
    GUICHET_DECL static synonyms of(std::string_view lines);

    /// What a name also means: the other names of its line. The name is given folded, with single spaces.
    GUICHET_DECL std::vector<std::string_view> others(std::string_view folded_name) const;
    std::size_t words_max() const noexcept { return words_max_; } ///< of the longest name
    bool empty() const noexcept { return names_.empty(); }

private:
    struct name {
        std::string folded, text;
        std::size_t line;
    };
    std::vector<name> names_; ///< by folded name
    std::size_t words_max_ = 0;
};

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/query.ipp>
#endif
