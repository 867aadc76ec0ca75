#pragma once
#include <guichet/trends/alarm.hpp>

#include <cmath>

namespace guichet::inline v0::trends {
namespace detail {

/// "40 minutes", "3 hours", "1 day", rounded, minutes rounded up.
inline std::string length_in_words(duration length, language lang) {
    using namespace std::chrono;
    struct unit {
        std::string_view en, fr;
    };
    static constexpr unit minute{"minute", "minute"}, hour{"hour", "heure"}, day{"day", "jour"};
    auto const say = [&](auto count, unit const& u) {
        return std::to_string(count) + ' ' + std::string{lang == language::fr ? u.fr : u.en} + (count > 1 ? "s" : "");
    };
    if (length < 2h)
        return say(std::max(ceil<minutes>(length), minutes{1}).count(), minute);
    return length < 23h + 30min ? say(round<hours>(length).count(), hour) : say(round<days>(length).count(), day);
}

inline std::string usual_in_words(double expected, language lang) {
    bool const fr = lang == language::fr;
    if (expected < 0.1)
        return fr ? "presque jamais d'habitude" : "usually next to none";
    if (expected < 0.95)
        return fr ? "moins de 1 d'habitude" : "usually less than 1";
    auto const count = std::to_string(std::llround(expected));
    return fr ? count + " d'habitude" : "usually " + count;
}

} // namespace detail

GUICHET_DECL std::string describe(alarm const& one, language lang) {
    bool const fr = lang == language::fr, all = one.field.empty();
    auto out = std::to_string(one.observed);
    if (all)
        out += " tickets";
    else
        out += fr ? " semblables" : " alike";
    out += (fr ? " en " : " in ") + detail::length_in_words(one.window, lang) + ", ";
    return out += detail::usual_in_words(one.expected, lang);
}

} // namespace guichet::inline v0::trends
