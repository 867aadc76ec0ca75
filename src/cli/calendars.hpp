#pragma once
#include "console.hpp"
#include "context.hpp"

#include <guichet/model/calendar_document.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

/// What the calendar commands share.
namespace guichet::cli {

/// The calendars of the desk by id, the built-in one included. Without a desk, only that one.
result<calendar_texts> known_calendars(context& c);

/// The holidays of a calendar on the dates from `first` to `last`, both included, with their names; those that a
/// calendar names itself as it does, public ones in `lang`.
std::map<time::local_date, std::string> holidays_between(time::calendar_definition const& d, time::local_date first,
                                                         time::local_date last, language lang);

/// The year in which the desk is, where `zone` is.
std::chrono::year year_of(instant at, time::zone const& zone);
std::string date_text(time::local_date date);
/// "Mon", "lun.".
std::string weekday_text(speaker say, time::local_date date);
/// "09:00-12:30, 14:00-18:00"; empty when there are none.
std::string hours_text(std::span<time::opening const> openings);
/// What opens on a date, cut at its midnights, as its clock shows it.
std::vector<time::opening> openings_on(time::calendar const& c, time::local_date date);

} // namespace guichet::cli
