#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/reporting/ledger.hpp>
#include <guichet/time/calendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Days, weeks, months, quarters and years as codes.
namespace guichet::inline v0::reporting::detail {

enum class period : std::uint8_t { day, week, month, quarter, year };
inline constexpr std::array<std::string_view, 5> period_names{"day", "week", "month", "quarter", "year"};

inline std::optional<period> period_of(std::string_view name) noexcept {
    for (std::size_t i = 0; i < period_names.size(); ++i)
        if (period_names[i] == name)
            return static_cast<period>(i);
    return {};
}

/// 2026-11-21, 2026-W47 (ISO 8601), 2026-11, 2026-Q4, 2026.
inline std::string name_of(std::chrono::sys_days day, period in) {
    using namespace std::chrono;
    auto const text = time::to_text(year_month_day{day});
    auto const year = text.substr(0, 4);
    switch (in) {
    case period::day: return text;
    case period::week: { // that of its Thursday
        auto const thursday = day - (weekday{day} - Monday) + days{3};
        year_month_day const date{thursday};
        auto const week = (thursday - sys_days{date.year() / January / 1}).count() / 7 + 1;
        return time::to_text(date).substr(0, 4) + (week < 10 ? "-W0" : "-W") + std::to_string(week);
    }
    case period::month: return text.substr(0, 7);
    case period::quarter: return year + "-Q" + std::to_string((unsigned{year_month_day{day}.month()} + 2) / 3);
    case period::year: return year;
    }
    return text;
}

/// The periods that a stretch of time touches, from 0.
class timeline {
public:
    timeline() = default;
    timeline(period in, instant from, instant to) : first_{std::chrono::floor<std::chrono::days>(from)} {
        for (auto day = first_; day < to; day += std::chrono::days{1}) {
            auto name = name_of(day, in);
            if (names_.empty() || names_.back() != name) {
                names_.push_back(std::move(name));
                begins_.push_back(day);
            }
            of_day_.push_back(static_cast<code>(names_.size() - 1));
        }
    }
    code at(instant when) const noexcept {
        constexpr auto day = std::chrono::milliseconds{std::chrono::days{1}}.count();
        auto const no = static_cast<std::uint64_t>((when - instant{first_}).count()) / day;
        return of_day_[static_cast<std::size_t>(no)];
    }
    instant end(code which) const noexcept {
        return which + 1 < begins_.size() ? instant{begins_[which + 1]} : instant::max();
    }
    std::string const& name(code which) const { return names_[which]; }
    std::size_t size() const noexcept { return names_.size(); }

private:
    std::chrono::sys_days first_{};
    std::vector<code> of_day_;
    std::vector<std::string> names_;
    std::vector<std::chrono::sys_days> begins_;
};

/// Working time of a calendar, by the hour: most hours are open or closed as a whole, so that most questions are two
/// look-ups. Nothing outside the stretch it was made for may be asked.
class work_sheet {
public:
    work_sheet(time::calendar const& of, instant from, instant to) : of_{&of}, from_{floor<std::chrono::hours>(from)} {
        duration sum{};
        for (auto hour = from_; hour <= to; hour += std::chrono::hours{1}) {
            until_.push_back(sum);
            sum += of.between(hour, hour + std::chrono::hours{1});
        }
        until_.push_back(sum);
    }
    duration between(instant a, instant b) const noexcept { return until(b) - until(a); }

private:
    duration until(instant at) const noexcept {
        constexpr duration hour = std::chrono::hours{1};
        auto const since = at - from_;
        auto const no = static_cast<std::size_t>(since / hour);
        auto const rest = since % hour;
        auto const open = until_[no + 1] - until_[no];
        if (open == hour)
            return until_[no] + rest;
        return open == duration{} ? until_[no] : until_[no] + of_->between(at - rest, at);
    }
    time::calendar const* of_;
    instant from_;
    std::vector<duration> until_; ///< an hour begins
};

} // namespace guichet::inline v0::reporting::detail
