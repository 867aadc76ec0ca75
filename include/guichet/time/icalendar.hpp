#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/time/holidays.hpp>
#include <guichet/time/zone.hpp>

#include <chrono>
#include <string_view>
#include <vector>

namespace guichet::inline v0::time {

struct icalendar_options {
    std::chrono::year last_year{2050}; ///< rules without an end are followed up to here; 2299 at most
    time::zone zone;                   ///< whose date an instant in UTC (19970714T170000Z) has
};

/// Holidays from a calendar file (iCalendar, RFC 5545): each date that a VEVENT touches is one, with its SUMMARY as the
/// name, by date. A time of day counts for its date, in whichever zone it was written; DTEND itself is not included.
/// Yearly rules are followed (INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY with ordinals), EXDATE and RDATE too.
/// Cancelled events and other components (VTIMEZONE, VTODO) are skipped, as are properties that say nothing of dates.
/// The same date and name twice is one. Dates outside 1900 to 2299 are left out.
///
/// Errors name the line, counted from 1, and `path`: `icalendar_no_line`, `icalendar_structure`, `icalendar_bad_value`,
/// `icalendar_not_read` for rules of other kinds, `limit_passed` over `limits::command_bytes_max` bytes or
/// `limits::calendar_dates_max` dates. Costs about a microsecond a line, and one a year of each rule. Pure, safe from
/// any thread.
GUICHET_DECL result<std::vector<holiday>> parse_icalendar(std::string_view text, icalendar_options const& options = {},
                                                          std::string_view path = "icalendar");

} // namespace guichet::inline v0::time

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/time/impl/icalendar.ipp>
#endif
