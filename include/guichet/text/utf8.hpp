#pragma once
#include <guichet/config.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Text is UTF-8 everywhere; a character here is a Unicode code point.
namespace guichet::inline v0::text {

/// What stands where bytes are not UTF-8.
inline constexpr char32_t replacement = U'\uFFFD';

/// The offset of the first byte that is not part of valid UTF-8 (Unicode 15, table 3-7: no overlong forms, no
/// surrogates, nothing past U+10FFFF), or nothing. About a quarter of a nanosecond a byte on ASCII.
GUICHET_DECL std::optional<std::size_t> first_bad_byte(std::string_view text) noexcept;

/// Reads the character at `at`, which must lie inside `text`, and moves `at` past it. Bad bytes give `replacement`,
/// one for each longest part that could have begun a character, as the Unicode standard recommends.
GUICHET_DECL char32_t next(std::string_view text, std::size_t& at) noexcept;
GUICHET_DECL void append(std::string& out, char32_t character);

/// The same text with bad bytes replaced.
GUICHET_DECL std::string repaired(std::string_view text);

/// The longest beginning of at most `bytes_max` bytes that does not cut a character.
GUICHET_DECL std::string_view truncate(std::string_view text, std::size_t bytes_max) noexcept;

/// How many characters; each bad part counts as one.
GUICHET_DECL std::size_t count(std::string_view text) noexcept;

inline bool is_ascii_digit(char c) noexcept { return c >= '0' && c <= '9'; }
inline bool has_digit(std::string_view text) noexcept { return std::ranges::any_of(text, is_ascii_digit); }

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/utf8.ipp>
#endif
