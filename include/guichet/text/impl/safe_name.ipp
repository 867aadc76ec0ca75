#pragma once
#include <guichet/text/impl/utf8.ipp>
#include <guichet/text/safe_name.hpp>

#include <algorithm>
#include <array>

namespace guichet::inline v0::text {
namespace detail {

/// Controls, invisible characters, and those that turn the direction of reading ("exe.txt" shown for "txt.exe").
inline bool is_hidden(char32_t c) noexcept {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xFFF0 && c < 0xFFFD) || (c >= 0xE0000 && c <= 0xE0FFF);
}

inline std::string_view trimmed(std::string_view name) noexcept {
    auto const first = name.find_first_not_of(" .");
    return first == std::string_view::npos ? std::string_view{}
                                           : name.substr(first, name.find_last_not_of(" .") - first + 1);
}

/// Names of devices, which Windows reserves with any extension, and whatever the case.
inline bool is_reserved(std::string_view name) {
    std::string stem{name.substr(0, name.find('.'))};
    stem.erase(stem.find_last_not_of(' ') + 1);
    std::transform(stem.begin(), stem.end(), stem.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    constexpr std::array<std::string_view, 6> whole{"con", "prn", "aux", "nul", "conin$", "conout$"};
    if (std::find(whole.begin(), whole.end(), stem) != whole.end())
        return true;
    if (!stem.starts_with("com") && !stem.starts_with("lpt"))
        return false;
    // The superscript digits 1, 2 and 3 count as digits there.
    constexpr std::array<std::string_view, 13> ports{"0", "1", "2", "3",        "4",        "5",       "6",
                                                     "7", "8", "9", "\xC2\xB9", "\xC2\xB2", "\xC2\xB3"};
    return std::find(ports.begin(), ports.end(), std::string_view{stem}.substr(3)) != ports.end();
}

/// Shortens the part before the extension.
inline std::string shortened(std::string_view name, std::size_t bytes_max) {
    if (name.size() <= bytes_max)
        return std::string{name};
    auto const dot = name.rfind('.');
    bool const keep = dot != std::string_view::npos && dot > 0 && name.size() - dot <= bytes_max / 2;
    auto const extension = keep ? name.substr(dot) : std::string_view{};
    auto const stem = truncate(name.substr(0, name.size() - extension.size()), bytes_max - extension.size());
    return std::string{trimmed(stem)}.append(extension);
}

} // namespace detail

GUICHET_DECL std::string safe_name(std::string_view given, std::size_t bytes_max) {
    bytes_max = std::max<std::size_t>(bytes_max, 16);
    given = given.substr(given.find_last_of("/\\") + 1); // npos + 1 is 0
    std::string clean;
    for (std::size_t at = 0; at < given.size();) {
        auto const c = next(given, at);
        if (detail::is_hidden(c))
            continue;
        append(clean, c < 0x80 && std::string_view{"<>:\"|?*"}.find(static_cast<char>(c)) != std::string_view::npos
                          ? U'_'
                          : c);
    }
    auto const name = detail::trimmed(clean);
    auto out = std::string{detail::trimmed(detail::shortened(name, bytes_max))};
    if (detail::is_reserved(out))
        out = '_' + detail::shortened(out, bytes_max - 1);
    return out.empty() ? "file" : out;
}

} // namespace guichet::inline v0::text
