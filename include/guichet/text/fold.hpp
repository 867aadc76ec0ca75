#pragma once
#include <guichet/config.hpp>

#include <string>
#include <string_view>

namespace guichet::inline v0::text {

/// The text without what people leave out when they search: case, accents, ligatures, width and invisible characters.
/// "Réseau" becomes "reseau", "Œuvre" "oeuvre", "STRASSE" and "Straße" "strasse", and a typographic apostrophe a plain
/// one. Unicode's NFKC_Casefold (UAX 31), then decomposition without the general accents and the Hebrew and Arabic
/// vowel points; marks that make another letter (Japanese, Indic scripts) stay. Bad bytes become U+FFFD.
/// `fold(fold(x)) == fold(x)`.
GUICHET_DECL std::string fold(std::string_view text);

/// Whether the folded `needle` is part of the folded `haystack`; an empty one always is. Allocates nothing while the
/// needle stays below half a kilobyte; without memory for a longer one the answer is no.
GUICHET_DECL bool contains_folded(std::string_view haystack, std::string_view needle) noexcept;

/// The same, but only where a word begins: "seau" is not found in "réseau", "res" is.
GUICHET_DECL bool contains_word_start(std::string_view haystack, std::string_view needle) noexcept;

/// The same, but only whole words: "port" is not found in "portail", "le portail" is found in "Le portail, vite".
GUICHET_DECL bool contains_word(std::string_view haystack, std::string_view needle) noexcept;

/// Whether the folded text begins with the folded `beginning`; with an empty one it always does. Reads no more of the
/// text than it must, and allocates as `contains_folded` does.
GUICHET_DECL bool starts_with_folded(std::string_view text, std::string_view beginning) noexcept;

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/fold.ipp>
#endif
