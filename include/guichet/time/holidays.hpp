#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Public holidays by rule, for the years 1900 to 2299: France, Germany, the United Kingdom, Belgium, Switzerland and
/// Canada with their regions. The table is in `impl/holidays.ipp`, one row a holiday. It knows the days off of the law
/// as it stands and its changes of the last decades, not all of history, and not the days of single towns. Years to
/// come follow today's rules. Pure functions, safe from any thread.
namespace guichet::inline v0::time {

/// A date on which nothing opens: one date, or the same day of every year when `year` is empty.
struct holiday {
    std::optional<std::chrono::year> year;
    std::chrono::month_day day{};
    std::string name;
    friend bool operator==(holiday const&, holiday const&) = default;
};

/// The public holidays of a region in the years `first` to `last`, both included, by date. `region` is a code of ISO
/// 3166-2 in capitals: "FR", "FR-57", "DE-BY", "GB-SCT". A country's own code gives what holds in all of it. Names are
/// in `lang`; without it, in the language of the region. Where the law gives another day for one that falls on a
/// weekend, both are listed. Two holidays of one date are two entries.
///
/// `unknown_value` at `path`, with the codes of that country, for a region that is not in `holiday_regions`;
/// `bad_calendar_date` at `path` for years that are not covered. About 1 us a year.
GUICHET_DECL result<std::vector<holiday>> public_holidays(std::string_view region, std::chrono::year first,
                                                          std::chrono::year last,
                                                          std::optional<language> lang = std::nullopt,
                                                          std::string_view path = "region");

/// The codes that `public_holidays` knows, by country. The views stay valid for ever.
GUICHET_DECL std::vector<std::string_view> holiday_regions();

/// Easter Sunday of the Gregorian calendar: Meeus, Astronomical Algorithms (1991), chapter 8, after Jones and Butcher.
GUICHET_DECL std::chrono::year_month_day easter_sunday(std::chrono::year year) noexcept;

} // namespace guichet::inline v0::time

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/time/impl/holidays.ipp>
#endif
