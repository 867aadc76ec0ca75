#pragma once
#include <guichet/text/utf8.hpp>

#include <cstdint>
#include <cstring>

namespace guichet::inline v0::text {
namespace detail {

inline unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// How many bytes from `at` on are ASCII, looked at eight by eight; stops short of the end of the run by less than
/// eight.
inline std::size_t ascii_run(std::string_view text, std::size_t at) noexcept {
    std::size_t end = at;
    for (std::uint64_t word; end + sizeof word <= text.size(); end += sizeof word) {
        std::memcpy(&word, text.data() + end, sizeof word);
        if (word & 0x8080808080808080U)
            break;
    }
    return end - at;
}

/// What a lead byte asks for: how long the character is, and between what the second byte lies.
struct lead {
    std::size_t length;
    unsigned char low, high;
};

inline lead lead_of(unsigned char byte) noexcept {
    if (byte < 0x80)
        return {1, 0, 0};
    if (byte < 0xC2 || byte > 0xF4)
        return {0, 0, 0};
    if (byte < 0xE0)
        return {2, 0x80, 0xBF};
    if (byte < 0xF0)
        return {3, static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
    return {4, static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
}

/// One step of reading: a character and the bytes it took, or what of a broken one could have begun a character.
struct step {
    char32_t character;
    std::size_t bytes;
    bool good;
};

inline step read(std::string_view text, std::size_t at) noexcept {
    unsigned char const first = byte_at(text, at);
    auto const [length, low, high] = lead_of(first);
    if (length == 1)
        return {first, 1, true};
    if (length == 0)
        return {replacement, 1, false};
    char32_t character = first & (0x7F >> length);
    for (std::size_t i = 1; i < length; ++i) {
        unsigned char const byte = byte_at(text, at + i);
        if (byte < (i == 1 ? low : 0x80) || byte > (i == 1 ? high : 0xBF))
            return {replacement, i, false};
        character = character << 6 | (byte & 0x3F);
    }
    return {character, length, true};
}

} // namespace detail

GUICHET_DECL std::optional<std::size_t> first_bad_byte(std::string_view text) noexcept {
    for (std::size_t at = 0;;) {
        at += detail::ascii_run(text, at);
        if (at >= text.size())
            return {};
        auto const [character, bytes, good] = detail::read(text, at);
        if (!good)
            return at;
        at += bytes;
    }
}

GUICHET_DECL char32_t next(std::string_view text, std::size_t& at) noexcept {
    auto const [character, bytes, good] = detail::read(text, at);
    at += bytes;
    return character;
}

GUICHET_DECL void append(std::string& out, char32_t c) {
    auto const put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        c = replacement;
    if (c < 0x80)
        return put(c);
    if (c < 0x800)
        put(0xC0 | c >> 6);
    else if (c < 0x10000)
        put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F));
    else
        put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
}

GUICHET_DECL std::string repaired(std::string_view text) {
    auto const bad = first_bad_byte(text);
    if (!bad)
        return std::string{text};
    std::string out{text.substr(0, *bad)};
    for (std::size_t at = *bad; at < text.size();)
        append(out, next(text, at));
    return out;
}

GUICHET_DECL std::string_view truncate(std::string_view text, std::size_t bytes_max) noexcept {
    if (text.size() <= bytes_max)
        return text;
    // A character has at most three bytes after its first; a longer run of such bytes is not UTF-8 and is cut anywhere.
    for (std::size_t back = 0; back <= 3 && back <= bytes_max; ++back)
        if ((static_cast<unsigned char>(text[bytes_max - back]) & 0xC0) != 0x80)
            return text.substr(0, bytes_max - back);
    return text.substr(0, bytes_max);
}

GUICHET_DECL std::size_t count(std::string_view text) noexcept {
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto const run = detail::ascii_run(text, at);
        characters += run, at += run;
        if (at < text.size())
            next(text, at), ++characters;
    }
    return characters;
}

} // namespace guichet::inline v0::text
