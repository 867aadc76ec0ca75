#pragma once
#include <guichet/expr/value.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace guichet::inline v0::expr {
namespace detail {

/// Takes exactly `digits` digits off the front of `text`.
inline std::optional<int> take_digits(std::string_view& text, std::size_t digits) noexcept {
    if (text.size() < digits)
        return {};
    int number = 0;
    for (char const c : text.substr(0, digits)) {
        if (c < '0' || c > '9')
            return {};
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return number;
}

inline bool take(std::string_view& text, char wanted) noexcept {
    if (text.empty() || text.front() != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

inline std::optional<std::chrono::year_month_day> take_date(std::string_view& text) noexcept {
    auto const year = take_digits(text, 4);
    if (!year || *year == 0 || !take(text, '-'))
        return {};
    auto const month = take_digits(text, 2);
    if (!month || !take(text, '-'))
        return {};
    auto const day = take_digits(text, 2);
    if (!day)
        return {};
    std::chrono::year_month_day const date{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    return date.ok() ? std::optional{date} : std::nullopt;
}

/// Decimals of a second, to the millisecond; further digits are cut.
inline std::optional<duration> take_decimals(std::string_view& text) noexcept {
    int scale = 100, ms = 0;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9' && digits < 9; ++digits) {
        ms += (text.front() - '0') * scale;
        scale /= 10;
        text.remove_prefix(1);
    }
    return digits > 0 ? std::optional{duration{ms}} : std::nullopt;
}

inline std::optional<duration> take_time(std::string_view& text) noexcept {
    auto const hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':'))
        return {};
    auto const minute = take_digits(text, 2);
    if (!minute || *minute > 59)
        return {};
    duration out = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
    if (!take(text, ':'))
        return out;
    auto const second = take_digits(text, 2);
    if (!second || *second > 59)
        return {};
    out += std::chrono::seconds{*second};
    if (!take(text, '.'))
        return out;
    auto const decimals = take_decimals(text);
    return decimals ? std::optional{out + *decimals} : std::nullopt;
}

/// `Z`, or how far local time is ahead of UTC.
inline std::optional<duration> take_offset(std::string_view& text) noexcept {
    if (take(text, 'Z'))
        return duration{0};
    bool const behind = take(text, '-');
    if (!behind && !take(text, '+'))
        return {};
    auto const hour = take_digits(text, 2);
    if (!hour || *hour > 23 || !take(text, ':'))
        return {};
    auto const minute = take_digits(text, 2);
    if (!minute || *minute > 59)
        return {};
    duration const ahead = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
    return behind ? -ahead : ahead;
}

struct unit {
    std::string_view name;
    duration length;
};
/// From the longest to the shortest.
inline constexpr std::array units{unit{"w", std::chrono::weeks{1}},   unit{"d", std::chrono::days{1}},
                                  unit{"h", std::chrono::hours{1}},   unit{"min", std::chrono::minutes{1}},
                                  unit{"s", std::chrono::seconds{1}}, unit{"ms", std::chrono::milliseconds{1}}};

/// Takes a whole number off the front of `text`.
inline std::optional<std::int64_t> take_number(std::string_view& text) noexcept {
    std::int64_t number = 0;
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || number < 0)
        return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

inline std::optional<duration> times(std::int64_t count, duration unit) noexcept {
    if (count > duration_max / unit)
        return {};
    return count * unit;
}

/// What follows the `P` of an ISO 8601 duration.
inline std::optional<duration> parse_iso_duration(std::string_view text) noexcept {
    constexpr std::string_view order = "WDTHMS";
    constexpr std::array<duration, 6> lengths{std::chrono::weeks{1}, std::chrono::days{1},    duration{0},
                                              std::chrono::hours{1}, std::chrono::minutes{1}, std::chrono::seconds{1}};
    duration sum{0};
    std::size_t after = 0;
    bool any = false;
    while (!text.empty()) {
        if (after <= 2 && take(text, 'T')) {
            after = 3;
            any = false;
            continue;
        }
        auto const count = take_number(text);
        auto const which = count && !text.empty() ? order.find(text.front()) : std::string_view::npos;
        if (which == std::string_view::npos || which == 2 || which < after || (which > 2 && after < 3))
            return {};
        auto const part = times(*count, lengths[which]);
        if (!part || sum + *part > duration_max)
            return {};
        sum += *part;
        any = true;
        after = which + 1;
        text.remove_prefix(1);
    }
    return any ? std::optional{sum} : std::nullopt;
}

inline void append_padded(std::string& out, std::int64_t number, std::size_t digits) {
    auto const text = std::to_string(number);
    if (text.size() < digits)
        out.append(digits - text.size(), '0');
    out += text;
}

inline std::string number_text(double number) {
    std::array<char, 32> buffer;
    auto const [end, problem] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return problem == std::errc{} ? std::string{buffer.data(), end} : std::string{};
}

inline std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

struct as_literal {
    literal operator()(std::string_view text) const { return std::string{text}; }
    literal operator()(std::span<std::string const> members) const {
        return std::vector<std::string>{members.begin(), members.end()};
    }
    template <class Plain>
    literal operator()(Plain plain) const {
        return plain;
    }
};

struct as_text {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return number_text(number); }
    std::string operator()(std::string const& text) const { return in_quotes(text); }
    std::string operator()(instant at) const { return to_text(at); }
    std::string operator()(duration length) const { return to_text(length); }
    std::string operator()(std::vector<std::string> const& members) const {
        std::string out = "[";
        for (auto const& member : members)
            out += (out.size() > 1 ? ", " : "") + in_quotes(member);
        return out + ']';
    }
};

} // namespace detail

GUICHET_DECL literal to_literal(value const& seen) { return std::visit(detail::as_literal{}, seen); }

GUICHET_DECL std::string to_text(literal const& operand) { return std::visit(detail::as_text{}, operand); }

GUICHET_DECL std::optional<instant> parse_instant(std::string_view text) noexcept {
    auto const date = detail::take_date(text);
    if (!date || !detail::take(text, 'T'))
        return {};
    auto const time = detail::take_time(text);
    if (!time)
        return {};
    auto const ahead = detail::take_offset(text);
    if (!ahead || !text.empty())
        return {};
    instant const at = instant{std::chrono::sys_days{*date}} + *time - *ahead;
    std::chrono::year_month_day const in_utc{std::chrono::floor<std::chrono::days>(at)};
    return in_utc.year() >= std::chrono::year{1} && in_utc.year() <= std::chrono::year{9999} ? std::optional{at}
                                                                                             : std::nullopt;
}

GUICHET_DECL std::string to_text(instant at) {
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{at - day};
    std::string out;
    detail::append_padded(out, int{date.year()}, 4);
    detail::append_padded(out += '-', unsigned{date.month()}, 2);
    detail::append_padded(out += '-', unsigned{date.day()}, 2);
    detail::append_padded(out += 'T', time.hours().count(), 2);
    detail::append_padded(out += ':', time.minutes().count(), 2);
    detail::append_padded(out += ':', time.seconds().count(), 2);
    if (time.subseconds().count() != 0)
        detail::append_padded(out += '.', time.subseconds().count(), 3);
    return out + 'Z';
}

GUICHET_DECL std::optional<duration> parse_duration(std::string_view text) noexcept {
    if (detail::take(text, 'P'))
        return detail::parse_iso_duration(text);
    auto const count = detail::take_number(text);
    if (!count)
        return {};
    for (auto const& [name, length] : detail::units)
        if (text == name)
            return detail::times(*count, length);
    return {};
}

GUICHET_DECL std::string to_text(duration length) {
    for (auto const& [name, unit] : detail::units)
        if (length.count() != 0 && length % unit == duration{0})
            return std::to_string(length / unit).append(name);
    return "0s";
}

} // namespace guichet::inline v0::expr
