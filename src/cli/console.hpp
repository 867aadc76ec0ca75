#pragma once
#include "messages.hpp"

#include <guichet/base/instant.hpp>
#include <guichet/time/zone.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::cli {

/// How a piece of text is set off on a terminal.
enum class style : std::uint8_t { plain, bold, dim, red, green, yellow, blue, magenta, cyan };

/// Where output goes and how it looks: language, zone, colour, width. A value; printing functions take it.
struct console {
    speaker say;
    time::zone zone;
    bool colour = false;    ///< standard output is a terminal that wants colour
    bool terminal = false;  ///< standard output is a terminal
    bool progress = false;  ///< standard error is a terminal
    std::size_t width = 80; ///< columns

    std::string paint(style s, std::string_view text) const;
    /// "Sat 21 Nov 2026 02:19 UTC".
    std::string date(instant at) const;
    /// "2026-11-21 02:19", for tables.
    std::string short_date(instant at) const;
    /// "3 h 12 min", "2 d 4 h", at most two units; in French "2 j 4 h".
    std::string length(duration of) const;
    /// "1,234,567", in French with narrow spaces.
    std::string number(std::uint64_t value) const;
    std::string decimal(double value, int digits) const;
    std::string percent(double part, double whole) const;
    std::string bytes(std::uint64_t count) const;
};

/// The console of this process for the language; NO_COLOR and dumb terminals are respected.
console make_console(language lang, time::zone zone);

/// How many columns a UTF-8 text takes on a terminal: combining marks none, East Asian wide characters two.
std::size_t columns(std::string_view text) noexcept;
/// Cut to `width` columns, with an ellipsis if something was lost.
std::string clipped(std::string_view text, std::size_t width);
/// Padded with blanks to `width` columns.
std::string padded(std::string_view text, std::size_t width, bool right = false);
/// Broken into lines of at most `width` columns, at blanks where possible.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
/// A text that came from outside, without control characters: a ticket must not steer its reader's terminal.
std::string harmless(std::string_view text, bool keep_lines = false);

std::string joined(std::vector<std::string> const& words, std::string_view between);

} // namespace guichet::cli
