#pragma once
#include <guichet/search/document.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search {

/// A piece of a query as somebody wrote it: words, or what belongs together.
struct clause {
    enum class form : std::uint8_t {
        words, ///< `text`, without the signs around it
        group, ///< words beside each other: of the parts that bind all, or else one of the others
        all,   ///< parts with AND between them
        any    ///< parts with OR between them
    };
    form is = form::words;
    std::string text{};
    bool phrase = false;       ///< it stood in quotes: its words follow each other
    bool excluded = false;     ///< a `-` or NOT stood before it
    bool required = false;     ///< a `+` stood before it
    std::optional<field> in{}; ///< `title:` stood before it
    std::uint32_t begin = 0;   ///< where the words stand in what was typed
    std::vector<clause> parts{};

    /// Whether a document must have it, or not have it; words that bind nothing only add to the score.
    bool binds() const noexcept { return is != form::words || phrase || excluded || required || in; }
};

/// Reads what people type: words, "a phrase", -word, +word, title:word, title:"a phrase", (groups), and in capitals
/// AND, OR, AND NOT, or ET, OU, SAUF. OR binds least, words beside each other most. There are no errors, and what makes
/// no sense is text: an operator without something on both sides, an unknown field, a lonely sign; a quote or a
/// parenthesis without an end reaches to the end. A `-` within a word belongs to it.
///
/// In a sentence quotes quote and a hyphen is a dash. So without operators, signs and quotes bind only where at most
/// two other words stand, and parentheses never; and in a text of capitals alone, operators bind only where one stands
/// between any two words. Linear.
GUICHET_DECL clause parse_query(std::string_view typed);

/// Calls `use` with all words of a query that are not excluded, in their order.
template <class Use>
void each_wanted(clause const& of, Use const& use) {
    if (of.excluded)
        return;
    if (of.is == clause::form::words)
        use(of);
    for (auto const& part : of.parts)
        each_wanted(part, use);
}

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
