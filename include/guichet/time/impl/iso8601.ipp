#pragma once
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace guichet::inline v0::time {
namespace detail {

inline constexpr instant first_printable{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
inline constexpr instant last_printable{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1} - duration{1}};

inline char* put_two(char* out, unsigned number) noexcept {
    static constexpr auto pairs = [] {
        std::array<char, 200> table{};
        for (unsigned i = 0; i < 100; ++i) {
            table[2 * i] = static_cast<char>('0' + i / 10);
            table[2 * i + 1] = static_cast<char>('0' + i % 10);
        }
        return table;
    }();
    out[0] = pairs[2 * number];
    out[1] = pairs[2 * number + 1];
    return out + 2;
}

inline char* put_date(char* out, std::chrono::year_month_day date) noexcept {
    auto const year = static_cast<unsigned>(static_cast<int>(date.year()));
    out = put_two(put_two(out, year / 100), year % 100);
    *out++ = '-';
    out = put_two(out, static_cast<unsigned>(date.month()));
    *out++ = '-';
    return put_two(out, static_cast<unsigned>(date.day()));
}

/// Above any number of a date or a time: what a text stands for that is not made of digits.
inline constexpr unsigned not_digits = 1'000'000;

inline unsigned one_digit(char text) noexcept {
    auto const digit = static_cast<unsigned>(static_cast<unsigned char>(text)) - '0';
    return digit > 9 ? not_digits : digit;
}
inline unsigned two_digits(char const* text) noexcept {
    auto const tens = static_cast<unsigned>(static_cast<unsigned char>(text[0])) - '0';
    auto const ones = static_cast<unsigned>(static_cast<unsigned char>(text[1])) - '0';
    return std::max(tens, ones) > 9 ? not_digits : tens * 10 + ones;
}

inline std::chrono::year_month_day date_of(unsigned year, unsigned month, unsigned day) noexcept {
    return {std::chrono::year{static_cast<int>(year)}, std::chrono::month{month}, std::chrono::day{day}};
}
inline bool is_date(unsigned year, unsigned month, unsigned day) noexcept {
    return year <= 9999 && month - 1 <= 11 && day - 1 <= 30 && (day <= 28 || date_of(year, month, day).ok());
}

/// Eight characters in one register, the first in the lowest byte.
inline std::uint64_t eight(char const* text) noexcept {
    std::uint64_t out;
    std::memcpy(&out, text, sizeof out);
    if constexpr (std::endian::native == std::endian::big)
        out = __builtin_bswap64(out);
    return out;
}

/// Eight characters of the shape `Form` ("0000-00-": a digit for each 0, the rest as it is), read at once: each byte of
/// the result is ten times its digit plus the next one, so the numbers are where the form has two zeros. `wrong`
/// becomes non-zero when the text has another shape.
template <std::array<char, 8> Form>
std::uint64_t pairs_of_digits(char const* text, std::uint64_t& wrong) noexcept {
    static constexpr auto spread = [](auto of) {
        std::uint64_t out = 0;
        for (std::size_t i = 8; i-- > 0;)
            out = out << 8 | static_cast<unsigned char>(of(Form[i]));
        return out;
    };
    constexpr auto form = spread([](char c) { return c; });
    constexpr auto to_overflow = spread([](char c) { return c == '0' ? 0x80 - 10 : 0x80 - 1; });
    constexpr std::uint64_t tops = 0x8080808080808080;
    auto const x = eight(text) ^ form; // digits 0 to 9, and zero where the form has no digit
    wrong |= (((x & ~tops) + to_overflow) | x) & tops;
    return x * 10 + (x >> 8);
}

/// Takes a fraction of a second off the front; false if it is not one.
inline bool read_fraction(std::string_view& rest, unsigned& milliseconds) noexcept {
    if (rest.empty() || (rest.front() != '.' && rest.front() != ','))
        return true;
    std::size_t at = 1;
    unsigned scale = 100;
    for (; at < rest.size() && one_digit(rest[at]) <= 9; ++at, scale /= 10)
        milliseconds += one_digit(rest[at]) * scale;
    rest = {rest.data() + at, rest.size() - at};
    return at > 1;
}

inline constexpr int not_an_offset = 1'000'000;

/// The offset from UTC that ends an instant, in minutes, or `not_an_offset`: an optional would travel through memory,
/// which costs more than all the rest.
inline int read_offset(std::string_view text) noexcept {
    if (text.size() == 1 && (text.front() == 'Z' || text.front() == 'z'))
        return 0;
    if (text.size() < 3 || text.size() > 6 || (text.front() != '+' && text.front() != '-'))
        return not_an_offset;
    bool const colon = text.size() == 6 && text[3] == ':';
    unsigned const hours = two_digits(&text[1]);
    unsigned const minutes = text.size() == 3   ? 0
                             : colon            ? two_digits(&text[4])
                             : text.size() == 5 ? two_digits(&text[3])
                                                : 60;
    if (hours > 23 || minutes > 59)
        return not_an_offset;
    auto const out = static_cast<int>(hours * 60 + minutes);
    return text.front() == '-' ? -out : out;
}

/// A unit of duration in both notations, longest first; "M" is minutes only after the "T" of ISO 8601.
struct duration_unit {
    std::string_view text;
    char iso;
    bool iso_time;
    std::int64_t milliseconds;
};
inline constexpr std::array duration_units{
    duration_unit{"w", 'W', false, 604'800'000}, duration_unit{"d", 'D', false, 86'400'000},
    duration_unit{"h", 'H', true, 3'600'000},    duration_unit{"min", 'M', true, 60'000},
    duration_unit{"s", 'S', true, 1'000},        duration_unit{"ms", '\0', true, 1},
};

/// Adds "number of unit" to a sum; false when it does not fit.
inline bool add_units(std::int64_t& sum, std::int64_t number, std::int64_t unit) noexcept {
    return !__builtin_mul_overflow(number, unit, &number) && !__builtin_add_overflow(sum, number, &sum);
}

inline bool read_number(std::string_view& rest, std::int64_t& out) noexcept {
    std::size_t at = 0;
    for (out = 0; at < rest.size() && one_digit(rest[at]) <= 9; ++at)
        if (__builtin_mul_overflow(out, std::int64_t{10}, &out) ||
            __builtin_add_overflow(out, std::int64_t{one_digit(rest[at])}, &out))
            return false;
    rest.remove_prefix(at);
    return at > 0;
}

/// "1h30min": each unit once, the longer ones first.
inline bool read_compact_duration(std::string_view rest, std::int64_t& sum) noexcept {
    std::size_t next_unit = 0;
    while (!rest.empty()) {
        std::int64_t number = 0;
        if (!read_number(rest, number))
            return false;
        auto const name = rest.substr(0, std::min(rest.find_first_of("0123456789"), rest.size()));
        auto const unit = std::find_if(duration_units.begin() + static_cast<std::ptrdiff_t>(next_unit),
                                       duration_units.end(), [&](auto const& u) { return u.text == name; });
        if (unit == duration_units.end() || !add_units(sum, number, unit->milliseconds))
            return false;
        next_unit = static_cast<std::size_t>(unit - duration_units.begin()) + 1;
        rest.remove_prefix(name.size());
    }
    return next_unit > 0;
}

/// What follows the "P" of ISO 8601.
inline bool read_iso_duration(std::string_view rest, std::int64_t& sum) noexcept {
    bool in_time = false;
    std::size_t next_unit = 0;
    while (!rest.empty()) {
        if (!in_time && rest.front() == 'T') {
            in_time = true;
            rest.remove_prefix(1);
        }
        std::int64_t number = 0;
        unsigned milliseconds = 0;
        if (!read_number(rest, number) || !read_fraction(rest, milliseconds) || rest.empty())
            return false;
        auto const unit =
            std::find_if(duration_units.begin() + static_cast<std::ptrdiff_t>(next_unit), duration_units.end() - 1,
                         [&](auto const& u) { return u.iso == rest.front() && u.iso_time == in_time; });
        bool const fraction_misplaced = milliseconds != 0 && rest.front() != 'S';
        if (unit == duration_units.end() - 1 || fraction_misplaced || !add_units(sum, number, unit->milliseconds) ||
            !add_units(sum, milliseconds, 1))
            return false;
        next_unit = static_cast<std::size_t>(unit - duration_units.begin()) + 1;
        rest.remove_prefix(1);
    }
    return next_unit > 0;
}

struct names_of_time {
    std::array<std::string_view, 7> weekdays; ///< from Sunday
    std::array<std::string_view, 12> months;
};
inline constexpr names_of_time english_names{
    {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};
inline constexpr names_of_time french_names{
    {"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
    {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}};

} // namespace detail

GUICHET_DECL instant_text print(instant at) noexcept {
    at = std::clamp(at, detail::first_printable, detail::last_printable);
    auto const day = std::chrono::floor<std::chrono::days>(at);
    auto const of_day = static_cast<std::uint32_t>((at - day).count());
    auto const second = of_day / 1000, milliseconds = of_day % 1000;
    instant_text text;
    auto* out = detail::put_date(text.bytes.data(), day);
    *out++ = 'T';
    out = detail::put_two(out, second / 3600);
    *out++ = ':';
    out = detail::put_two(out, second / 60 % 60);
    *out++ = ':';
    out = detail::put_two(out, second % 60);
    if (milliseconds != 0) {
        *out++ = '.';
        *out++ = static_cast<char>('0' + milliseconds / 100);
        out = detail::put_two(out, milliseconds % 100);
    }
    *out++ = 'Z';
    text.size = static_cast<std::size_t>(out - text.bytes.data());
    return text;
}

GUICHET_DECL std::string to_text(instant at) { return std::string{std::string_view{print(at)}}; }

GUICHET_DECL std::optional<instant> read_instant(std::string_view text) noexcept {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
        return std::nullopt;
    std::uint64_t wrong = 0;
    auto const date_part = detail::pairs_of_digits<{'0', '0', '0', '0', '-', '0', '0', '-'}>(text.data(), wrong);
    auto const clock = detail::pairs_of_digits<{'0', '0', ':', '0', '0', ':', '0', '0'}>(text.data() + 11, wrong);
    auto const number = [](std::uint64_t pairs, int byte) { return static_cast<unsigned>(pairs >> (8 * byte) & 0xff); };
    unsigned const hour = number(clock, 0), minute = number(clock, 3), second = number(clock, 6);
    unsigned const year = number(date_part, 0) * 100 + number(date_part, 2), month = number(date_part, 5),
                   day = detail::two_digits(&text[8]);
    if (wrong != 0 || !detail::is_date(year, month, day) || hour > 23 || minute > 59 || second > 60)
        return std::nullopt;
    std::string_view rest{text.data() + 19, text.size() - 19};
    unsigned milliseconds = 0;
    if (!detail::read_fraction(rest, milliseconds))
        return std::nullopt;
    auto const offset = detail::read_offset(rest);
    if (offset == detail::not_an_offset)
        return std::nullopt;
    auto const of_day = static_cast<std::int64_t>(hour * 3600 + minute * 60 + second) - offset * 60;
    return instant{std::chrono::sys_days{detail::date_of(year, month, day)}} + duration{of_day * 1000 + milliseconds};
}

GUICHET_DECL result<instant> parse_instant(std::string_view text, std::string_view path) {
    if (auto const at = read_instant(text))
        return *at;
    return error{reason::bad_value,
                 {{"path", std::string{path}}, {"value", std::string{text}}, {"hint", "2026-11-21T01:19:33Z"}}};
}

GUICHET_DECL result<duration> parse_duration(std::string_view text, std::string_view path) {
    auto rest = text;
    bool const negative = !rest.empty() && rest.front() == '-';
    if (negative)
        rest.remove_prefix(1);
    bool const iso = !rest.empty() && rest.front() == 'P';
    std::int64_t sum = 0;
    constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max() / 1'000'000;
    bool const read = iso ? detail::read_iso_duration(rest.substr(1), sum) : detail::read_compact_duration(rest, sum);
    if (!read || sum > longest)
        return error{
            reason::bad_value,
            {{"path", std::string{path}}, {"value", std::string{text}}, {"hint", "90s, 30min, 4h, 2d, 1w, PT1H30M"}}};
    return duration{negative ? -sum : sum};
}

GUICHET_DECL std::string to_text(duration length) {
    auto left = length.count() < 0 ? 0 - static_cast<std::uint64_t>(length.count())
                                   : static_cast<std::uint64_t>(length.count());
    if (left == 0)
        return "0s";
    std::string out = length.count() < 0 ? "-" : "";
    for (auto const& unit : detail::duration_units) {
        auto const size = static_cast<std::uint64_t>(unit.milliseconds);
        bool const whole_weeks_only = &unit == &detail::duration_units.front();
        if (left < size || (whole_weeks_only && left % size != 0))
            continue;
        out += std::to_string(left / size).append(unit.text);
        left %= size;
    }
    return out;
}

GUICHET_DECL std::optional<std::chrono::year_month_day> read_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    unsigned const year = detail::two_digits(&text[0]) * 100 + detail::two_digits(&text[2]),
                   month = detail::two_digits(&text[5]), day = detail::two_digits(&text[8]);
    return detail::is_date(year, month, day) ? std::optional{detail::date_of(year, month, day)} : std::nullopt;
}

GUICHET_DECL std::string to_text(std::chrono::year_month_day date) {
    std::array<char, 10> text;
    detail::put_date(text.data(), date);
    return {text.data(), text.size()};
}

GUICHET_DECL std::string print_date(std::chrono::year_month_day date, language lang) {
    auto const& names = lang == language::fr ? detail::french_names : detail::english_names;
    std::string out{names.weekdays[std::chrono::weekday{std::chrono::sys_days{date}}.c_encoding()]};
    out.append(" ").append(std::to_string(static_cast<unsigned>(date.day()))).append(" ");
    out.append(names.months[static_cast<unsigned>(date.month()) - 1]).append(" ");
    return out.append(to_text(date), 0, 4);
}

GUICHET_DECL std::string print_local(instant at, zone const& where, language lang) {
    at = std::clamp(at, detail::first_printable + std::chrono::days{2}, detail::last_printable - std::chrono::days{2});
    auto const local = where.to_local(at);
    auto const day = std::chrono::floor<std::chrono::days>(local);
    auto const minute = static_cast<unsigned>(std::chrono::floor<std::chrono::minutes>(local - day).count());
    std::array<char, 5> clock;
    *detail::put_two(clock.data(), minute / 60) = ':';
    detail::put_two(clock.data() + 3, minute % 60);
    auto out = print_date(std::chrono::year_month_day{day}, lang);
    out.append(" ").append(clock.data(), clock.size()).append(" ");
    return out.append(where.abbreviation(at));
}

} // namespace guichet::inline v0::time
