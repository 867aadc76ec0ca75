#include <guichet/model/calendar_document.hpp>
#include <guichet/time/calendar_lint.hpp>

#include <doctest/doctest.h>

namespace {

using namespace guichet;

/// "reason path" of each.
std::vector<std::string> found(std::string_view json) {
    std::vector<std::string> out;
    for (auto const& lint : time::check_calendar(parse_calendar(json).value())) {
        out.push_back(std::string{info(lint.what.why()).name} + " " + std::string{lint.path()});
        for (auto const lang : {language::en, language::fr})
            CHECK(lint.what.describe(lang).find('?') == std::string::npos);
    }
    return out;
}
using names = std::vector<std::string>;

TEST_CASE("given a calendar in order, then nothing is said of it") {
    CHECK(found(R"({"tz":"Europe/Paris","weekly":{"mon":[["09:00","12:00"],["12:00","18:00"]]},
        "holidays":["*-03-03","2026-11-23"],"public_holidays":["FR","DE-BY"],
        "shifts":{"2026-11-22":[["09:00","12:00"]],"2026-11-24":[]},"breaks":{"2026-11-30":[["09:00","10:00"]]}})") ==
          names{});
    CHECK(found(R"({"always_open":true,"holidays":["2026-11-22"]})") == names{});
}

TEST_CASE("given a calendar that never opens, then that is said, whatever the cause") {
    for (auto const* json :
         {R"({"tz":"UTC"})", R"({"tz":"UTC","shifts":{"2026-11-23":[]}})",
          R"({"tz":"UTC","shifts":{"2026-11-23":[["09:00","10:00"]]},"breaks":{"2026-11-23":[["08:00","12:00"]]}})"})
        CHECK(found(json) == names{"calendar_never_open calendar"});
    CHECK(found(R"({"tz":"UTC","weekly":{"mon":[["09:00","09:00"]]}})") ==
          names{"calendar_never_open calendar", "opening_empty calendar.weekly.mon[0]"});
}

TEST_CASE("given an unknown zone or a bad opening, then it is said with all else that needs no zone") {
    CHECK(found(R"({"tz":"Europe/Pari","weekly":{"mon":[["09:00","12:00"],["11:00","13:00"]]}})") ==
          names{"unknown_zone calendar.tz", "openings_overlap calendar.weekly.mon[1]"});
    CHECK(found(R"({"tz":"UTC","weekly":{"mon":[["12:00","09:00"]]}})") == names{"bad_opening calendar.weekly.mon[0]"});
    CHECK(found(R"({"tz":"UTC","public_holidays":["FR-58"]})") == names{"unknown_value calendar.public_holidays[0]"});
}

TEST_CASE("given openings that overlap, then each that does is named, also behind a long one") {
    CHECK(found(R"({"tz":"UTC","weekly":{"tue":[["13:00","14:00"],["08:00","18:00"],["09:00","10:00"]]},
        "shifts":{"2026-11-23":[["09:00","10:00"],["09:00","10:00"]]},
        "breaks":{"2026-11-24":[["09:00","10:00"],["09:30","09:45"]]}})") ==
          names{"openings_overlap calendar.weekly.tue[2]", "openings_overlap calendar.weekly.tue[0]",
                "openings_overlap calendar.shifts.2026-11-23[1]", "openings_overlap calendar.breaks.2026-11-24[1]"});
}

TEST_CASE("given holidays that close nothing, stand twice or meet hours, then each is named") {
    CHECK(found(R"({"tz":"UTC","weekly":{"mon":[["09:00","10:00"]]},"holidays":["2026-11-22"]})") ==
          names{"holiday_without_effect calendar.holidays[0]"});
    CHECK(found(R"({"tz":"UTC","weekly":{"mon":[["09:00","10:00"]]},
        "holidays":["2026-11-23","*-11-23","*-11-23","2026-11-30","2026-11-30"]})") ==
          names{"holiday_twice calendar.holidays[0]", "holiday_twice calendar.holidays[2]",
                "holiday_twice calendar.holidays[4]"});
    CHECK(found(R"({"always_open":true,"public_holidays":["FR","DE","FR"],
        "holidays":["*-12-25","2026-05-14","*-05-14","2026-12-26"]})") ==
          names{"holiday_twice calendar.public_holidays[2]", "holiday_twice calendar.holidays[0]",
                "holiday_twice calendar.holidays[1]", "holiday_twice calendar.holidays[3]"});
    CHECK(found(R"({"always_open":true,"public_holidays":["FR"],"holidays":["2026-03-03"],
        "shifts":{"2026-12-25":[["09:00","10:00"]],"2027-03-03":[["09:00","10:00"]]},
        "breaks":{"2026-03-03":[["09:00","10:00"]]}})") ==
          names{"shift_on_holiday calendar.shifts.2026-12-25", "shift_on_holiday calendar.breaks.2026-03-03"});
}

} // namespace
