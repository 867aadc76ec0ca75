#pragma once
#include <guichet/base/instant.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

/// Opening hours without a calendar library: every minute of some years, looked at one by one.
namespace naive {

using guichet::duration;
using guichet::instant;
using namespace std::chrono_literals;

/// In France the clocks are an hour ahead of UTC, and two from the last Sunday of March to the last of October.
inline std::chrono::minutes ahead_in_france(instant at) {
    using namespace std::chrono;
    auto const year = year_month_day{floor<days>(at)}.year();
    auto const change = [&](month m) { return sys_days{year / m / Sunday[last]} + 1h; };
    return change(March) <= at && at < change(October) ? 120min : 60min;
}

/// The public holidays of France, Easter as the almanac has it.
inline bool holiday_in_france(std::chrono::year_month_day date) {
    using namespace std::chrono;
    static constexpr std::array<year_month_day, 10> easter{
        2015y / April / 5,  2016y / March / 27, 2017y / April / 16, 2018y / April / 1,  2024y / March / 31,
        2025y / April / 20, 2026y / April / 5,  2027y / March / 28, 2028y / April / 16, 2029y / April / 1};
    static constexpr std::array<month_day, 8> fixed{January / 1, May / 1,      May / 8,       July / 14,
                                                    August / 15, November / 1, November / 11, December / 25};
    if (std::find(fixed.begin(), fixed.end(), date.month() / date.day()) != fixed.end())
        return true;
    auto const sunday =
        std::find_if(easter.begin(), easter.end(), [&](auto const& d) { return d.year() == date.year(); });
    if (sunday == easter.end())
        throw std::out_of_range{"no Easter was written down for this year"};
    auto const since = (sys_days{date} - sys_days{*sunday}).count();
    return since == 1 || since == 39 || since == 50; // Monday of Easter, Ascension, Monday of Whitsun
}

/// What a clock on the wall in France shows.
struct wall {
    std::chrono::year_month_day date;
    std::chrono::weekday day;
    std::chrono::minutes time; ///< since midnight
    bool holiday = false;

    bool between(std::chrono::minutes from, std::chrono::minutes to) const { return from <= time && time < to; }
    bool working_day() const { return day.iso_encoding() <= 5 && !holiday; }
};
using opening_rule = std::function<bool(wall const&)>;

class minute_table {
public:
    /// Walks from the first minute of `first` to the last one of `last`. A clock that is set back shows some labels
    /// twice: they count when they come first, as the latest one reached stays in force until it is passed.
    minute_table(std::chrono::year first, std::chrono::year last, opening_rule const& opens)
        : begin_{std::chrono::sys_days{first / 1 / 1}} {
        using namespace std::chrono;
        instant const end{sys_days{(last + years{1}) / 1 / 1}};
        instant latest = begin_;
        sys_days today{};
        wall shown{};
        for (auto at = begin_; at < end; at += 1min) {
            latest = std::max(latest, at + ahead_in_france(at));
            if (auto const day = floor<days>(latest); day != today) {
                today = day;
                shown.date = day;
                shown.day = weekday{day};
                shown.holiday = shown.date.year() <= last && holiday_in_france(shown.date);
            }
            shown.time = duration_cast<minutes>(latest - today);
            before_.push_back(open_);
            open_ += opens(shown);
        }
        before_.push_back(open_);
    }

    duration between(instant from, instant to) const { return open_until(to) - open_until(from); }

    /// The first instant at which `length`, more than nothing, has passed since `from`; none where it never opens.
    std::optional<instant> add(instant from, duration length) const {
        if (open_ == 0)
            return {};
        auto const wanted = open_until(from) + length;
        auto const passed = std::lower_bound(before_.begin(), before_.end(), wanted,
                                             [](std::uint32_t minutes, duration d) { return minutes * 1min < d; });
        if (passed == before_.end())
            throw std::out_of_range{"the table of minutes is too short"};
        auto const last = std::prev(passed); // the minute in which it is used up
        return begin_ + (last - before_.begin()) * 1min + (wanted - *last * 1min);
    }

private:
    duration open_until(instant at) const {
        auto const minute = std::chrono::floor<std::chrono::minutes>(at - begin_);
        auto const i = static_cast<std::size_t>(minute.count());
        if (at < begin_ || i + 1 >= before_.size())
            throw std::out_of_range{"the table of minutes is too short"};
        bool const open = before_[i + 1] > before_[i];
        return before_[i] * 1min + (open ? at - begin_ - minute : duration{});
    }

    instant begin_;
    std::uint32_t open_ = 0;
    std::vector<std::uint32_t> before_; ///< the open minutes before each
};

} // namespace naive
