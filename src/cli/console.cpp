#include "console.hpp"

#include <guichet/text/utf8.hpp>
#include <guichet/time/iso8601.hpp>

#include <unicode/uchar.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>

namespace guichet::cli {
namespace {

std::size_t columns_of(char32_t character) noexcept {
    auto const c = static_cast<UChar32>(character);
    auto const type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return 0;
    auto const width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/// Calls `visit(begin, end, code point)` for every character; stops when it returns false.
template <class Visitor>
void each_character(std::string_view from, Visitor&& visit) {
    for (std::size_t at = 0; at < from.size();) {
        auto const begin = at;
        auto const c = text::next(from, at);
        if (!visit(begin, at, c))
            return;
    }
}

bool wants_colour() {
    auto const* none = std::getenv("NO_COLOR");
    auto const* term = std::getenv("TERM");
    return !(none && *none) && !(term && std::string_view{term} == "dumb");
}

} // namespace

console make_console(language lang, time::zone zone) {
    console out{{lang}, std::move(zone)};
    out.terminal = isatty(STDOUT_FILENO) != 0;
    out.progress = isatty(STDERR_FILENO) != 0;
    out.colour = out.terminal && wants_colour();
    out.width = 120;
    winsize size{};
    if (out.terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        out.width = std::min<std::size_t>(size.ws_col, 140);
    return out;
}

std::string console::paint(style s, std::string_view text) const {
    if (!colour || s == style::plain || text.empty())
        return std::string{text};
    static constexpr std::array codes{"",         "\x1b[1m",  "\x1b[2m",  "\x1b[31m", "\x1b[32m",
                                      "\x1b[33m", "\x1b[34m", "\x1b[35m", "\x1b[36m"};
    return fmt::format("{}{}\x1b[0m", codes[static_cast<std::size_t>(s)], text);
}

std::string console::date(instant at) const { return time::print_local(at, zone, say.lang); }

std::string console::short_date(instant at) const {
    auto const local = zone.to_local(at);
    auto const day = std::chrono::floor<std::chrono::days>(local);
    std::chrono::year_month_day const ymd{day};
    std::chrono::hh_mm_ss const clock{std::chrono::floor<std::chrono::minutes>(local - day)};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", int{ymd.year()}, unsigned{ymd.month()}, unsigned{ymd.day()},
                       clock.hours().count(), clock.minutes().count());
}

std::string console::length(duration of) const {
    auto const seconds = std::chrono::abs(std::chrono::round<std::chrono::seconds>(of)).count();
    auto const* day = say.lang == language::fr ? "j" : "d";
    auto const two = [](auto a, auto const* unit, auto b, auto const* part) {
        return b ? fmt::format("{} {} {} {}", a, unit, b, part) : fmt::format("{} {}", a, unit);
    };
    if (seconds >= 86'400)
        return two(seconds / 86'400, day, seconds % 86'400 / 3'600, "h");
    if (seconds >= 3'600)
        return two(seconds / 3'600, "h", seconds % 3'600 / 60, "min");
    if (seconds >= 60)
        return two(seconds / 60, "min", seconds % 60, "s");
    return fmt::format("{} s", seconds);
}

std::string console::number(std::uint64_t value) const {
    auto out = std::to_string(value);
    auto const* separator = say.lang == language::fr ? "\u202f" : ",";
    for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
        out.insert(static_cast<std::size_t>(at), separator);
    return out;
}

std::string console::decimal(double value, int digits) const {
    auto out = fmt::format("{:.{}f}", value, digits);
    if (say.lang == language::fr)
        if (auto const dot = out.find('.'); dot != std::string::npos)
            out[dot] = ',';
    return out;
}

std::string console::percent(double part, double whole) const {
    return whole > 0 ? decimal(100 * part / whole, 1) + " %" : std::string{"-"};
}

std::string console::bytes(std::uint64_t count) const {
    static constexpr std::array en{"B", "kB", "MB", "GB", "TB"}, fr{"o", "ko", "Mo", "Go", "To"};
    auto value = static_cast<double>(count);
    std::size_t unit = 0;
    for (; value >= 1'000 && unit + 1 < en.size(); ++unit)
        value /= 1'000;
    return fmt::format("{} {}", decimal(value, unit == 0 ? 0 : 1), (say.lang == language::fr ? fr : en)[unit]);
}

std::size_t columns(std::string_view text) noexcept {
    std::size_t out = 0;
    each_character(text, [&](std::size_t, std::size_t, char32_t c) {
        out += columns_of(c);
        return true;
    });
    return out;
}

std::string clipped(std::string_view text, std::size_t width) {
    if (columns(text) <= width)
        return std::string{text};
    std::size_t used = 0, end = 0;
    each_character(text, [&](std::size_t, std::size_t to, char32_t c) {
        used += columns_of(c);
        if (used + 1 > width)
            return false;
        end = to;
        return true;
    });
    return std::string{text.substr(0, end)} + "…";
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    auto const used = columns(text);
    std::string const blanks(width > used ? width - used : 0, ' ');
    return right ? blanks + std::string{text} : std::string{text} + blanks;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        auto const end = std::min(text.find('\n', begin), text.size());
        std::string line;
        for (auto rest = text.substr(begin, end - begin); !rest.empty();) {
            auto const blank = std::min(rest.find(' '), rest.size());
            auto const word = rest.substr(0, blank);
            if (!line.empty() && columns(line) + 1 + columns(word) > width)
                out.push_back(std::move(line)), line.clear();
            line.append(line.empty() ? "" : " ").append(word);
            rest.remove_prefix(std::min(blank + 1, rest.size()));
        }
        out.push_back(std::move(line));
        begin = end + 1;
    }
    return out;
}

std::string harmless(std::string_view text, bool keep_lines) {
    std::string out;
    out.reserve(text.size());
    each_character(text, [&](std::size_t from, std::size_t to, char32_t c) {
        bool const control =
            c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        if (!control || (c == '\n' && keep_lines))
            out.append(text, from, to - from);
        else if (c != '\r')
            out += ' ';
        return true;
    });
    return out;
}

std::string joined(std::vector<std::string> const& words, std::string_view between) {
    std::string out;
    for (auto const& word : words)
        out.append(out.empty() ? "" : between).append(word);
    return out;
}

} // namespace guichet::cli
