#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/time/calendar.hpp>

#include <boost/json/fwd.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Calendars as documents:
///
///     {"tz": "Europe/Paris",
///      "weekly": {"mon": [["09:00", "12:00"], ["13:30", "18:00"]], "fri": [["22:00", "26:00"]]},
///      "holidays": ["2026-05-14", "*-12-25", {"date": "*-07-14", "name": "Fete nationale"}],
///      "public_holidays": ["FR-57"],
///      "shifts": {"2026-12-24": [["09:00", "12:00"]]},
///      "breaks": {"2026-06-03": [["10:00", "10:30"]]}}
///
/// or `{"always_open": true}`, where `tz` defaults to UTC. `"on_call"` has the form of `weekly` and is added to it.
/// Times are HH:MM or HH:MM:SS up to 48:00.
///
/// `{"extends": "france", ...}` takes over what another calendar says. Its own zone, hours of the week and hours on
/// call replace the other's (`"always_open": true` replaces both hours); its holidays, shifts and breaks are added, and
/// win where both name the same date.
///
/// Decoding checks the form, and `time::calendar::compile` the sense; both name the place. Pure functions, safe from
/// any thread.
namespace guichet::inline v0 {

/// `below` is the definition of the calendar that `extends` names; without it, `extends` is refused.
GUICHET_DECL result<time::calendar_definition> decode_calendar(boost::json::value const& json,
                                                               std::string_view path = "calendar",
                                                               time::calendar_definition const* below = nullptr);
/// The same from text.
GUICHET_DECL result<time::calendar_definition> parse_calendar(std::string_view json,
                                                              std::string_view path = "calendar");
/// What `parse_calendar` reads back as an equal definition; empty fields are left out.
GUICHET_DECL std::string encode(time::calendar_definition const& d);

/// Calendar documents by id, as JSON text.
using calendar_texts = std::map<std::string, std::string, std::less<>>;

/// A calendar and all that it takes over.
struct resolved_calendar {
    std::string id;
    time::calendar_definition definition;
};
/// The calendar `id`, which must be among `all`, behind those it extends: each follows the one that it extends. Paths
/// in errors begin with `calendar.<id>`: `unknown_value` for one that extends a calendar that is not there,
/// `calendars_in_circle`, and what decoding finds.
GUICHET_DECL result<std::vector<resolved_calendar>> resolve_calendar(std::string_view id, calendar_texts const& all);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/model/impl/calendar_document.ipp>
#endif
