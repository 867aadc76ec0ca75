#pragma once
#include <guichet/text/fold.hpp>
#include <guichet/text/impl/utf8.ipp>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <exception>
#include <vector>

namespace guichet::inline v0::text {
namespace detail {

/// The folded form of one character, as UTF-8. The longest in Unicode 15 (U+FDFA) takes 33 bytes.
struct folded_character {
    std::array<char, 40> bytes;
    std::size_t size = 0;
};

/// Accents that may follow any letter, and the points that Hebrew and Arabic readers leave out.
inline bool is_accent(UChar32 c) noexcept {
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
           (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F) || (c >= 0x591 && c <= 0x5C7 && c != 0x5BE) ||
           (c >= 0x64B && c <= 0x65F) || c == 0x670;
}

/// Letters that Unicode does not decompose although people type them apart, or without the stroke.
inline std::string_view typed_as(UChar32 c) noexcept {
    switch (c) {
    case 0x153: return "oe"; // oe ligature
    case 0xE6: return "ae";  // ae ligature
    case 0xF8: return "o";   // o with stroke
    case 0x111:
    case 0xF0: return "d";  // d with stroke, eth
    case 0x142: return "l"; // l with stroke
    case 0x127: return "h"; // h with stroke
    case 0x131: return "i"; // dotless i
    case 0xFE: return "th"; // thorn
    case 0x2018:
    case 0x2019:
    case 0x201B: return "'"; // single quotation marks, the apostrophe
    case 0x201C:
    case 0x201D:
    case 0xAB:
    case 0xBB: return "\"";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212: return "-";
    default: return {};
    }
}

/// Decomposes, case-folds and leaves accents out, by ICU; allocates nothing.
inline folded_character fold_by_icu(char32_t character) noexcept {
    std::array<UChar, 64> source, folded, apart;
    folded_character out;
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t length = 0;
    UBool failed = false;
    U16_APPEND(source.data(), length, 2, static_cast<UChar32>(character), failed);
    length =
        unorm2_normalize(unorm2_getNFKCCasefoldInstance(&status), source.data(), length, folded.data(), 64, &status);
    length = unorm2_normalize(unorm2_getNFDInstance(&status), folded.data(), length, apart.data(), 64, &status);
    if (U_FAILURE(status) || failed)
        return out;
    for (std::int32_t at = 0; at < length;) {
        UChar32 c = 0;
        U16_NEXT(apart.data(), at, length, c);
        if (is_accent(c))
            continue;
        auto size = static_cast<std::int32_t>(out.size);
        if (auto const typed = typed_as(c); !typed.empty()) {
            std::memcpy(out.bytes.data() + size, typed.data(), typed.size());
            size += static_cast<std::int32_t>(typed.size());
        } else {
            U8_APPEND(out.bytes.data(), size, static_cast<std::int32_t>(out.bytes.size()), c, failed);
        }
        out.size = static_cast<std::size_t>(size);
    }
    return out;
}

/// The folded forms of the Latin, Greek, Cyrillic, Armenian and Hebrew letters, made once: ICU takes a quarter of a
/// microsecond for a character, the table a nanosecond or two.
class fold_table {
public:
    static constexpr char32_t end = 0x600;
    struct entry {
        std::array<char, 7> bytes;
        unsigned char size;
    };

    fold_table() noexcept {
        for (char32_t c = 0; c < end; ++c) {
            auto const folded = fold_by_icu(c);
            entries_[c].size = static_cast<unsigned char>(std::min(folded.size, entries_[c].bytes.size()));
            std::memcpy(entries_[c].bytes.data(), folded.bytes.data(), entries_[c].size);
        }
    }
    entry const& operator[](char32_t c) const noexcept { return entries_[c]; }

private:
    std::array<entry, end> entries_;
};

inline fold_table const& folded_letters() noexcept {
    static fold_table const table;
    return table;
}

/// Writes ASCII text in small letters, eight at a time: adding 0x3F sets a byte's high bit from 'A' on, adding 0x25
/// from '[' on, and the bit between, moved to 0x20, is what tells the cases apart.
inline void lower_ascii(std::string_view text, char* out) noexcept {
    std::size_t at = 0;
    for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        auto const capital = (word + 0x3F3F3F3F3F3F3F3FU) & ~(word + 0x2525252525252525U) & 0x8080808080808080U;
        word |= capital >> 2;
        std::memcpy(out + at, &word, sizeof word);
    }
    for (; at < text.size(); ++at)
        out[at] = static_cast<char>(text[at] | (text[at] >= 'A' && text[at] <= 'Z' ? 0x20 : 0));
}

inline constexpr std::size_t folded_bytes_max = sizeof(folded_character::bytes);

/// Folds `text` from `at` on into `out`, until the text ends or less than one character's room is left. Returns the
/// end of what was written.
inline char* fold_some(std::string_view text, std::size_t& at, char* out, char const* out_end) noexcept {
    while (at < text.size() && out_end - out >= static_cast<std::ptrdiff_t>(folded_bytes_max)) {
        auto const room = static_cast<std::size_t>(out_end - out);
        auto run = ascii_run(text.substr(0, at + std::min(room, text.size() - at)), at);
        if (run == 0 && static_cast<unsigned char>(text[at]) < 0x80)
            run = 1;
        lower_ascii(text.substr(at, run), out);
        out += run, at += run;
        if (run > 0)
            continue;
        auto const character = next(text, at);
        if (character < fold_table::end) {
            auto const& known = folded_letters()[character];
            std::memcpy(out, known.bytes.data(), known.bytes.size());
            out += known.size;
        } else {
            auto const folded = fold_by_icu(character);
            std::memcpy(out, folded.bytes.data(), folded.size);
            out += folded.size;
        }
    }
    return out;
}

/// Whether a word can begin at `at`: nothing, or no letter, digit or mark, stands before.
inline bool begins_word(std::string_view folded, std::size_t at) noexcept {
    if (at == 0)
        return true;
    std::size_t before = at - 1;
    while (before > 0 && (static_cast<unsigned char>(folded[before]) & 0xC0) == 0x80)
        --before;
    auto const character = static_cast<UChar32>(next(folded, before));
    return !u_isalnum(character) && u_charType(character) != U_NON_SPACING_MARK;
}

/// Whether a word can end before `at`: nothing, or no letter, digit or mark, stands there.
inline bool ends_word(std::string_view folded, std::size_t at) noexcept {
    if (at == folded.size())
        return true;
    auto const character = static_cast<UChar32>(next(folded, at));
    return !u_isalnum(character) && u_charType(character) != U_NON_SPACING_MARK;
}

/// Where in a text something may stand.
enum class place : std::uint8_t { anywhere, word_start, whole_word };

inline bool fits(std::string_view text, std::size_t at, std::size_t size, place where) noexcept {
    return where == place::anywhere ||
           (begins_word(text, at) && (where == place::word_start || ends_word(text, at + size)));
}

/// Whether `needle` stands in `part` at `from` or later, as `where` asks. What ends with the part is left to the next
/// part if its end matters and there is one.
inline bool stands_in(std::string_view part, std::size_t from, std::string_view needle, place where,
                      bool is_last) noexcept {
    for (auto at = part.find(needle, from); at != std::string_view::npos; at = part.find(needle, at + 1))
        if (fits(part, at, needle.size(), where) &&
            (where != place::whole_word || is_last || at + needle.size() < part.size()))
            return true;
    return false;
}

inline constexpr std::size_t short_needle_bytes_max = 512;

/// Folds the haystack piece by piece into a buffer, so that its size costs no memory.
inline bool find_short(std::string_view haystack, std::string_view needle, place where) noexcept {
    // Of each piece stays what could begin a match that ends in the next one, and the character before that.
    constexpr std::size_t character_bytes_max = 4;
    std::array<char, 4096> buffer;
    std::size_t kept = 0, from = 0;
    for (std::size_t at = 0; at < haystack.size();) {
        char const* const end = fold_some(haystack, at, buffer.data() + kept, buffer.data() + buffer.size());
        std::string_view const part{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
        if (stands_in(part, from, needle, where, at == haystack.size()))
            return true;
        kept = std::min(part.size(), needle.size() - (where == place::whole_word ? 0 : 1) + character_bytes_max);
        from = kept < part.size() ? character_bytes_max : 0;
        std::memmove(buffer.data(), part.data() + part.size() - kept, kept);
    }
    return false;
}

/// The search of Knuth, Morris and Pratt (1977), overlapping matches included: linear whatever the texts, at the price
/// of memory.
inline bool find_long(std::string_view haystack, std::string_view needle, place where) {
    std::vector<std::size_t> fallback(needle.size() + 1, 0);
    auto const advance = [&](std::size_t matched, char c) {
        while (matched > 0 && (matched == needle.size() || needle[matched] != c))
            matched = fallback[matched];
        return matched + (needle[matched] == c ? 1 : 0);
    };
    for (std::size_t i = 1; i < needle.size(); ++i)
        fallback[i + 1] = advance(fallback[i], needle[i]);
    auto const text = fold(haystack);
    for (std::size_t i = 0, matched = 0; i < text.size(); ++i) {
        matched = advance(matched, text[i]);
        if (matched == needle.size() && fits(text, i + 1 - matched, matched, where))
            return true;
    }
    return false;
}

/// Calls `short_one` with the folded needle where it is short, otherwise `long_one`, which may allocate.
template <class Short, class Long>
bool with_folded(std::string_view needle, Short const& short_one, Long const& long_one) noexcept {
    std::array<char, short_needle_bytes_max> buffer;
    std::size_t read = 0;
    char const* const end = fold_some(needle, read, buffer.data(), buffer.data() + buffer.size());
    if (read == needle.size()) {
        std::string_view const folded{buffer.data(), static_cast<std::size_t>(end - buffer.data())};
        return folded.empty() || short_one(folded);
    }
    try {
        return long_one();
    } catch (std::exception const&) {
        return false;
    }
}

inline bool find_folded(std::string_view haystack, std::string_view needle, place where) noexcept {
    return with_folded(
        needle, [&](std::string_view folded) { return find_short(haystack, folded, where); },
        [&] { return find_long(haystack, fold(needle), where); });
}

/// Folds no more than what a short beginning can be compared with.
inline bool begins_short(std::string_view text, std::string_view beginning) noexcept {
    std::array<char, short_needle_bytes_max + folded_bytes_max> buffer;
    std::size_t read = 0;
    while (read < text.size() && !beginning.empty()) {
        auto const room = std::min(buffer.size(), beginning.size() + folded_bytes_max);
        char const* const end = fold_some(text, read, buffer.data(), buffer.data() + room);
        auto const size = std::min(static_cast<std::size_t>(end - buffer.data()), beginning.size());
        if (std::string_view{buffer.data(), size} != beginning.substr(0, size))
            return false;
        beginning.remove_prefix(size);
    }
    return beginning.empty();
}

} // namespace detail

GUICHET_DECL std::string fold(std::string_view text) {
    std::string out;
    std::array<char, 1024> buffer;
    for (std::size_t at = 0; at < text.size();) {
        char* const end = detail::fold_some(text, at, buffer.data(), buffer.data() + buffer.size());
        out.append(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    }
    return out;
}

GUICHET_DECL bool contains_folded(std::string_view haystack, std::string_view needle) noexcept {
    return detail::find_folded(haystack, needle, detail::place::anywhere);
}

GUICHET_DECL bool contains_word_start(std::string_view haystack, std::string_view needle) noexcept {
    return detail::find_folded(haystack, needle, detail::place::word_start);
}

GUICHET_DECL bool contains_word(std::string_view haystack, std::string_view needle) noexcept {
    return detail::find_folded(haystack, needle, detail::place::whole_word);
}

GUICHET_DECL bool starts_with_folded(std::string_view text, std::string_view beginning) noexcept {
    return detail::with_folded(
        beginning, [&](std::string_view folded) { return detail::begins_short(text, folded); },
        [&] { return fold(text).starts_with(fold(beginning)); });
}

} // namespace guichet::inline v0::text
