#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/time/calendar.hpp>

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

/// Calendars as documents:
///
///     {"tz": "Europe/Paris",
///      "weekly": {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "fri": [["22:00", "26:00"]]},
///      "holidays": ["2026-05-14", "*-12-25", {"date": "*-07-14", "name": "Fete nationale"}],
///      "public_holidays": ["FR-57"],
///      "shifts": {"2026-12-24": [["09:00", "12:00"]]},
///      "breaks": {"2026-06-03": [["10:00", "10:30"]]}}
///
/// or `{"always_open": true}`, where `tz` defaults to UTC. Times are HH:MM or HH:MM:SS up to 48:00. Decoding checks the
/// form, and `time::calendar::compile` the sense; both name the place. Pure functions, safe from any thread.
namespace guichet::inline v0 {

GUICHET_DECL result<time::calendar_definition> decode_calendar(boost::json::value const& json,
                                                               std::string_view path = "calendar");
/// The same from text.
GUICHET_DECL result<time::calendar_definition> parse_calendar(std::string_view json,
                                                              std::string_view path = "calendar");
/// What `parse_calendar` reads back as an equal definition; empty fields are left out.
GUICHET_DECL std::string encode(time::calendar_definition const& d);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/model/impl/calendar_document.ipp>
#endif
