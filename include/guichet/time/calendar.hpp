#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>
#include <guichet/time/holidays.hpp>
#include <guichet/time/zone.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::time {

/// A half-open stretch of a local day, counted from its midnight as its clock shows it. `to` may pass 24:00, up to
/// 48:00: "22:00 to 26:00" is a night that belongs to the date on which it opens.
struct opening {
    std::chrono::seconds from{}, to{};
    friend auto operator<=>(opening const&, opening const&) = default;
};

/// What a calendar says, as a person wrote it. On each local date a holiday wins over the date's shifts, these over the
/// hours of the week, which are those of the office and those on call together; the date's breaks are then cut out.
/// Openings may come in any order, overlap or be empty.
struct calendar_definition {
    std::string tz = "UTC";
    bool always_open = false; ///< every date opens from 00:00 to 24:00; `weekly` and `on_call` must then be empty
    std::array<std::vector<opening>, 7> weekly;  ///< from Monday
    std::array<std::vector<opening>, 7> on_call; ///< likewise, added to `weekly`
    std::vector<holiday> holidays;
    std::vector<std::string> public_holidays; ///< regions ("FR-57") whose public holidays count besides
    std::map<std::chrono::year_month_day, std::vector<opening>> shifts; ///< instead of the week's hours
    std::map<std::chrono::year_month_day, std::vector<opening>> breaks;
    friend bool operator==(calendar_definition const&, calendar_definition const&) = default;
};

/// Where a length of working time ends when it is used up exactly as the desk closes: right then, or when it next
/// opens. Counting backwards, mirrored: at the opening, or at the closing before it.
enum class boundary : std::uint8_t { nearest, farthest };

/// What to do with a result that falls outside the openings: keep it, go on to the next opening, back to the last
/// closing.
enum class roll : std::uint8_t { none, forward, backward };

/// A stretch of time, `from` included, `to` not.
struct interval {
    instant from, to;
    friend bool operator==(interval const&, interval const&) = default;
};

/// Why a desk is open or closed: outside the hours of the week; on a holiday; where a date's own shift leaves out hours
/// that the week has ("exceptional closure"); in a break.
enum class stretch_kind : std::uint8_t { open, closed_hours, shift_closed, break_, holiday };

/// A stretch of time and what holds in all of it.
struct stretch {
    interval when;
    stretch_kind kind{};
    std::string name; ///< of the holiday, where it has one; public holidays have the name used in their region
    friend bool operator==(stretch const&, stretch const&) = default;
};

namespace detail {
struct compiled_calendar;
}

/// Opening hours ready for arithmetic: from the first Monday of 1900 to the first of 2300 in UTC, and closed outside.
///
/// Working time is real elapsed time while open; dates, holidays and hours are those of the calendar's zone. Openings
/// are mapped to UTC by the first instant at which the clock reads their label or more, so that a time which the clock
/// skips becomes the instant of the change, and one which it repeats counts from its first showing.
///
/// An immutable value: copies share it, any number of threads may use it. `compile` takes one or two milliseconds and a
/// calendar about 0.25 MB (`memory_bytes` tells). `add` and `between` are searches in prefix sums by week, under 100 ns
/// whatever the distance. "Never" is an empty optional; nothing here walks on day by day in search of an opening.
class calendar {
public:
    /// Checks and compiles. Errors name the place: `calendar.weekly.mon[1]`, `calendar.shifts.2026-12-24[0]`.
    GUICHET_DECL static result<calendar> compile(calendar_definition definition, std::string_view path = "calendar");

    GUICHET_DECL calendar_definition const& definition() const noexcept;
    GUICHET_DECL time::zone const& zone() const noexcept;
    GUICHET_DECL std::size_t memory_bytes() const noexcept;

    /// The instant at which `length` of working time has passed since `start`, or, if `length` is negative, from which
    /// that much passes until `start`. A length of zero is `start` itself (nearest) or the next opening (farthest).
    GUICHET_DECL std::optional<instant> add(instant start, duration length,
                                            boundary at = boundary::nearest) const noexcept;
    /// The working time from `a` to `b`; negative when `b` is earlier.
    GUICHET_DECL duration between(instant a, instant b) const noexcept;

    GUICHET_DECL bool is_open(instant at) const noexcept;
    /// The first open instant at or after `at`.
    GUICHET_DECL std::optional<instant> next_open(instant at) const noexcept;
    /// The last instant up to `at` at which working time had just passed: `at` itself if inside an opening or at its
    /// end, else (at its very beginning too) the closing before.
    GUICHET_DECL std::optional<instant> prev_open_instant(instant at) const noexcept;
    /// When the current stretch of opening ends, or the next one if closed at `at`.
    GUICHET_DECL std::optional<instant> next_close(instant at) const noexcept;
    /// The openings between `a` and `b`, merged and cut to that range, in order. Costs about 10 ns each.
    GUICHET_DECL std::vector<interval> opening_intervals(instant a, instant b) const;
    /// The time between `a` and `b` without a gap, in order, and why each part is open or closed; no two neighbours say
    /// the same. The open ones are `opening_intervals`. A holiday is its whole date, with the night that it keeps from
    /// opening; so is a date whose shift opens nothing though the week would. Costs about 0.1 us a date.
    GUICHET_DECL std::vector<stretch> stretches(instant a, instant b) const;

    /// The local date of an instant.
    GUICHET_DECL local_date date_of(instant at) const noexcept;
    /// A working day is a date on which something opens; a night counts for the date on which it opens.
    GUICHET_DECL bool is_working_day(local_date date) const noexcept;
    /// The first working day after `date`.
    GUICHET_DECL std::optional<local_date> next_working_day(local_date date) const noexcept;
    GUICHET_DECL std::optional<local_date> prev_working_day(local_date date) const noexcept;
    /// When the openings of `date` begin and end (across breaks), if it is a working day.
    GUICHET_DECL std::optional<interval> opening_of(local_date date) const;
    /// `days` working days after the date of `start` (before it, if negative), at the same time of day, or at the end
    /// of that day's openings. `outside` says what happens to a time that is not open.
    GUICHET_DECL std::optional<instant> add_working_days(instant start, int days, roll outside = roll::none,
                                                         bool end_of_day = false) const;

private:
    explicit calendar(std::shared_ptr<detail::compiled_calendar const> compiled) : compiled_{std::move(compiled)} {}
    std::shared_ptr<detail::compiled_calendar const> compiled_;
};

} // namespace guichet::inline v0::time

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/time/impl/calendar.ipp>
#include <guichet/time/impl/stretches.ipp>
#endif
