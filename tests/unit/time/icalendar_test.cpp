#include <guichet/time/icalendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

namespace {

using namespace guichet;

std::string wrapped(std::string_view events) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + std::string{events} + "END:VCALENDAR\r\n";
}
std::string event(std::string_view lines) {
    return wrapped("BEGIN:VEVENT\r\n" + std::string{lines} + "END:VEVENT\r\n");
}

/// "2026-05-14 2026-05-15 ...".
std::string dates(std::string_view lines, int last_year = 2030) {
    std::string out;
    auto const found = time::parse_icalendar(event(lines), {std::chrono::year{last_year}, {}});
    if (!found)
        return found.error().describe();
    for (auto const& day : *found)
        out.append(out.empty() ? "" : " ").append(time::to_text(*day.year / day.day));
    return out;
}

TEST_CASE("given a calendar file, then its events are dates with names and all else is skipped") {
    auto const found =
        time::parse_icalendar("\xef\xbb\xbf"
                              "begin:vcalendar\nX-WR-CALNAME;X=\"a:b\":Jours\n"
                              "BEGIN:VTIMEZONE\nTZID:Europe/Paris\nBEGIN:DAYLIGHT\nDTSTART:19810329T020000\n"
                              "RRULE:FREQ=MONTHLY\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
                              "BEGIN:VEVENT\nUID:1\nSUMMARY;LANGUAGE=fr:Pont\\, dit \n le \"long\"\\; fin\\nsuite\n"
                              "DTSTART;VALUE=DATE:20260514\nDTEND;VALUE=DATE:20260516\n"
                              "BEGIN:VALARM\nTRIGGER:-P1D\nSUMMARY:no\nEND:VALARM\nEND:VEVENT\n\n"
                              "BEGIN:VTODO\nDTSTART:never\nEND:VTODO\n"
                              "BEGIN:VEVENT\nSTATUS:CANCELLED\nDTSTART:20260101\nEND:VEVENT\n"
                              "BEGIN:VEVENT\nDTSTART:20260102\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:20260102\nEND:VEVENT\n"
                              "END:VCALENDAR\n");
    REQUIRE(found.has_value());
    REQUIRE(found->size() == 3);
    CHECK((*found)[0] == time::holiday{std::chrono::year{2026}, std::chrono::January / 2, ""});
    CHECK((*found)[1] ==
          time::holiday{std::chrono::year{2026}, std::chrono::May / 14, "Pont, dit le \"long\"; fin suite"});
    CHECK((*found)[2].day == std::chrono::May / 15);
    CHECK(time::parse_icalendar(wrapped("")).value().empty());
}

TEST_CASE("given times of day, then the dates that they touch count") {
    CHECK(dates("DTSTART;TZID=Europe/Paris:20260514T220000\nDTEND;TZID=Europe/Paris:20260515T020000\n") ==
          "2026-05-14 2026-05-15");
    CHECK(dates("DTSTART:20260514T000000\nDTEND:20260515T000000\n") == "2026-05-14");
    CHECK(dates("DTSTART:20260514T230000Z\n") == "2026-05-14");
    CHECK(dates("DTSTART:20260514\nDURATION:P2D\n") == "2026-05-14 2026-05-15");
    CHECK(dates("DURATION:PT2H\nDTSTART:20260514T230000\n") == "2026-05-14 2026-05-15");
    auto const paris = time::zone::find("Europe/Paris").value();
    auto const found = time::parse_icalendar(event("DTSTART:20260513T220000Z\nDTEND:20260514T220000Z\n"),
                                             {std::chrono::year{2030}, paris})
                           .value();
    REQUIRE(found.size() == 1);
    CHECK(found[0].day == std::chrono::May / 14);
}

TEST_CASE("given yearly rules, then they are followed to their end or the last year asked for") {
    CHECK(dates("DTSTART:20261225\nRRULE:FREQ=YEARLY\n", 2028) == "2026-12-25 2027-12-25 2028-12-25");
    CHECK(dates("DTSTART:20261225\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=3\n") == "2026-12-25 2028-12-25 2030-12-25");
    CHECK(dates("DTSTART:20261225\nRRULE:FREQ=YEARLY;UNTIL=20271225\n") == "2026-12-25 2027-12-25");
    CHECK(dates("DTSTART:20261225\nRRULE:FREQ=YEARLY;UNTIL=20271224T235959Z\n") == "2026-12-25");
    CHECK(dates("DTSTART:20240229\nRRULE:FREQ=YEARLY\n", 2032) == "2024-02-29 2028-02-29 2032-02-29");
    CHECK(dates("DTSTART:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n", 2028) ==
          "2026-11-26 2027-11-25 2028-11-23");
    CHECK(dates("DTSTART:20260525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;WKST=MO\n", 2028) ==
          "2026-05-25 2027-05-31 2028-05-29");
    CHECK(dates("DTSTART:20260518\nRRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=18,19,20,21,22,23,24;BYDAY=MO\n", 2028) ==
          "2026-05-18 2027-05-24 2028-05-22"); // Victoria Day
    CHECK(dates("DTSTART:19970519\nRRULE:FREQ=YEARLY;BYDAY=20MO\n", 1999) == "1997-05-19 1998-05-18 1999-05-17");
    CHECK(dates("DTSTART:20261231\nRRULE:FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=-1\n", 2028) ==
          "2026-12-31 2027-02-28 2027-12-31 2028-02-29 2028-12-31");
    CHECK(dates("DTSTART:20260615\nRRULE:FREQ=YEARLY;BYMONTH=1,6\n", 2027) == "2026-06-15 2027-01-15 2027-06-15");
    CHECK(dates("DTSTART:20261130\nRRULE:FREQ=YEARLY;BYMONTHDAY=30\n", 2026) == "2026-11-30 2026-12-30");
    CHECK(dates("DTSTART:20261224\nDTEND:20261227\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE:20271224\nRDATE:20260101,"
                "20260301\n") == "2026-01-01 2026-01-02 2026-01-03 2026-03-01 2026-03-02 2026-03-03 2026-12-24 "
                                 "2026-12-25 2026-12-26 2028-12-24 2028-12-25 2028-12-26");
    CHECK(dates("DTSTART:18990101\nRRULE:FREQ=YEARLY\n", 1901) == "1900-01-01 1901-01-01");
}

TEST_CASE("given a file that is no calendar or asks for more, then the error names the line and the reason") {
    struct slip {
        char const* lines;
        reason why;
        char const* line;
    };
    for (auto const& [lines, why, line] : {
             slip{"DTSTART:20260230\n", reason::icalendar_bad_value, "4"},
             slip{"DTSTART:2026-05-14\n", reason::icalendar_bad_value, "4"},
             slip{"DTSTART:20260514T250000\n", reason::icalendar_bad_value, "4"},
             slip{"DTSTART:20260514T2500\n", reason::icalendar_bad_value, "4"},
             slip{"DTSTART:\n", reason::icalendar_bad_value, "4"},
             slip{"SUMMARY:x\n y\nDTSTART:x\n", reason::icalendar_bad_value, "6"},
             slip{"SUMMARY:x\n", reason::icalendar_structure, "3"},
             slip{"DTSTART:20260514\nDTEND:20260513\n", reason::icalendar_structure, "3"},
             slip{"DTSTART:20260514\nDURATION:2 days\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nDURATION:-P1D\n", reason::icalendar_bad_value, "5"},
             slip{"what is this\n", reason::icalendar_no_line, "4"},
             slip{":x\n", reason::icalendar_no_line, "4"},
             slip{"DTSTART:20260514\nRRULE:FREQ=MONTHLY\n", reason::icalendar_not_read, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYSETPOS=1\n", reason::icalendar_not_read, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYWEEKNO=20\n", reason::icalendar_not_read, "5"},
             slip{"DTSTART:20260514\nRRULE:COUNT=2\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;COUNT=0\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;COUNT=2;UNTIL=20300101\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYMONTH=13\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYMONTHDAY=0\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYDAY=0MO\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYDAY=XX\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRRULE:FREQ=YEARLY;BYDAY=\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nRECURRENCE-ID:20260514\n", reason::icalendar_not_read, "5"},
             slip{"DTSTART:20260514\nRDATE;VALUE=PERIOD:20260514T000000/P1D\n", reason::icalendar_bad_value, "5"},
             slip{"DTSTART:20260514\nEND:VTODO\n", reason::icalendar_structure, "5"},
         }) {
        CAPTURE(lines);
        auto const found = time::parse_icalendar(event(lines), {}, "holidays.ics");
        REQUIRE(found.has_error());
        CHECK(found.error().why() == why);
        CHECK(found.error()["line"] == line);
        CHECK(found.error()["path"] == "holidays.ics");
        for (auto const lang : {language::en, language::fr})
            CHECK(found.error().describe(lang).find('?') == std::string::npos);
    }
    for (auto const* text : {"", "\r\n", "BEGIN:VEVENT\nEND:VEVENT\n", "VERSION:2.0\n", "BEGIN:VCALENDAR\n",
                             "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nEND:VCALENDAR\n",
                             "BEGIN:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n"}) {
        CAPTURE(text);
        auto const found = time::parse_icalendar(text);
        REQUIRE(found.has_error());
        CHECK(found.error().why() == reason::icalendar_structure);
    }
}

TEST_CASE("given a file that would make too many dates, then it is refused, soon") {
    for (auto const* lines :
         {"DTSTART:19000101\nDTEND:22991231\n", "DTSTART:00010101\nDTEND:99991231\nRRULE:FREQ=YEARLY\n",
          "DTSTART:19000101\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;UNTIL=22991231\n"}) {
        auto const found = time::parse_icalendar(event(lines), {std::chrono::year{2299}, {}});
        REQUIRE(found.has_error());
        CHECK(found.error().why() == reason::limit_passed);
    }
    CHECK(time::parse_icalendar(std::string(4'000'001, '\n')).error().why() == reason::limit_passed);
}

} // namespace
