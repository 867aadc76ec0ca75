#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/time/calendar.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::time {

/// Something in a calendar that is probably not meant. `what.why()` tells which, `what.describe(lang)` is the sentence.
struct lint {
    error what;
    /// The place: "calendar.weekly.mon[1]". Valid as long as the lint.
    std::string_view path() const noexcept { return what["path"]; }
};

/// What a person should look at before this calendar is used: what `calendar::compile` refuses (an unknown zone, an
/// opening that ends before it begins), a calendar that never opens, empty and overlapping openings, holidays that
/// close nothing or stand twice (in the list, or already among the public holidays), and hours of a date that is a
/// holiday. Nothing found is an empty list. Costs some milliseconds: it compiles. Pure, safe from any thread.
GUICHET_DECL std::vector<lint> check_calendar(calendar_definition const& definition,
                                              std::string_view path = "calendar");

} // namespace guichet::inline v0::time

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/time/impl/calendar_lint.ipp>
#endif
