#pragma once
#include <guichet/text/analyser.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace guichet::inline v0::search {

/// How a found place is shown. `before` and `after` are HTML of the host's and stand as they are.
struct marking {
    std::string_view before = "<mark>", after = "</mark>";
    std::size_t bytes_max = 240; ///< of a snippet's text; nothing to `highlight`
};

/// Marks the words that a query asks for, in all their inflections, in texts that become HTML. A text's own signs are
/// escaped, so that it stays text wherever it came from. Give it only what the viewer sees. Any bytes; linear. Belongs
/// to the thread of its analysers, which it refers to.
class highlighter {
public:
    GUICHET_DECL highlighter(text::analysers& with, text::tongue language, std::string_view typed);

    /// The whole text.
    GUICHET_DECL std::string highlight(std::string_view text, marking const& as = {}) const;
    /// The part of it that has most of the asked words, the first of such; "…" stands where something is left out. It
    /// never cuts a word that is marked, nor a character.
    GUICHET_DECL std::string snippet(std::string_view text, marking const& as = {}) const;

private:
    text::analyser& with_;
    std::map<std::string, std::uint32_t, std::less<>> asked_; ///< their terms, numbered
};

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/snippet.ipp>
#endif
