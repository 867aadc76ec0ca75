#pragma once
#include <guichet/text/analyser.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace guichet::inline v0::search {

/// How a found place is shown. `before` and `after` are HTML of the host's and stand as they are.
struct marking {
    std::string_view before = "<mark>", after = "</mark>";
    std::size_t bytes_max = 240; ///< of a snippet's text; nothing to `highlight`
};

/// A text as HTML in which the words that a query asks for are marked, in all their inflections. The text's own signs
/// are escaped, so that it stays text wherever it came from. Give it only what the viewer sees. Any bytes; linear.
/// Belongs to the thread of its analysers.
GUICHET_DECL std::string highlight(text::analysers& with, std::string_view text, text::tongue language,
                                   std::string_view typed, marking const& as = {});

/// The same of the part of the text that has most of the asked words, the first of such; "…" stands where something is
/// left out. It never cuts a word that is marked, nor a character.
GUICHET_DECL std::string snippet(text::analysers& with, std::string_view text, text::tongue language,
                                 std::string_view typed, marking const& as = {});

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/snippet.ipp>
#endif
