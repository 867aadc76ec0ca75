#include <guichet/time/calendar.hpp>
#include <guichet/time/holidays.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace {

using namespace guichet;
using std::chrono::year;

std::vector<time::holiday> of(std::string_view region, int first, int last, std::optional<language> lang = {}) {
    return time::public_holidays(region, year{first}, year{last}, lang).value();
}

/// The dates of one year: "01-01 04-06 ...".
std::string dates(std::string_view region, int in) {
    std::string out;
    for (auto const& day : of(region, in, in))
        out.append(out.empty() ? "" : " ").append(time::to_text(*day.year / day.day).substr(5));
    return out;
}

std::string name(std::string_view region, std::string_view date, std::optional<language> lang = {}) {
    auto const wanted = time::read_date(date).value();
    for (auto const& day : of(region, int(wanted.year()), int(wanted.year()), lang))
        if (day.day == wanted.month() / wanted.day())
            return day.name;
    return "";
}

TEST_CASE("given a year, then Easter is on the Sunday that the church keeps") {
    for (auto const* date : {"1900-04-15", "1943-04-25", "1954-04-18", "1961-04-02", "1981-04-19", "2000-04-23",
                             "2008-03-23", "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28",
                             "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22"})
        CHECK(time::to_text(time::easter_sunday(time::read_date(date)->year())) == date);
}

TEST_CASE("given France, then Alsace-Moselle and the overseas departments have days of their own") {
    CHECK(dates("FR", 2024) == "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25");
    CHECK(dates("FR", 2026) == "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25");
    for (auto const* region : {"FR-57", "FR-67", "FR-68"})
        CHECK(dates(region, 2026) == "01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26");
    CHECK(name("FR-971", "2026-05-27") == "Abolition de l'esclavage");
    CHECK(name("FR-972", "2026-05-22") == "Abolition de l'esclavage");
    CHECK(name("FR-973", "2026-06-10") == "Abolition de l'esclavage");
    CHECK(name("FR-974", "2026-12-20") == "Abolition de l'esclavage");
    CHECK(name("FR-976", "2026-04-27") == "Abolition de l'esclavage");
    CHECK(name("FR", "2026-12-20").empty());
    CHECK(name("FR", "1970-05-08").empty()); // not between 1960 and 1981
    CHECK(name("FR", "2008-05-01", language::en) == "Labour Day");
    CHECK(of("FR", 2008, 2008).size() == 11); // Ascension was on 1 May
}

TEST_CASE("given Germany, then each of the sixteen Laender keeps its own list") {
    CHECK(dates("DE", 2026) == "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26");
    CHECK(dates("DE-BY", 2026) == "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 08-15 10-03 11-01 12-25 12-26");
    CHECK(dates("DE-BB", 2025) == "01-01 04-18 04-20 04-21 05-01 05-29 06-08 06-09 10-03 10-31 12-25 12-26");
    CHECK(name("DE-SN", "2024-11-20") == "Buß- und Bettag");
    CHECK(name("DE-SN", "2025-11-19") == "Buß- und Bettag");
    CHECK(name("DE-SN", "2026-11-18") == "Buß- und Bettag");
    CHECK(name("DE-BY", "1994-11-16") == "Buß- und Bettag");
    CHECK(name("DE-BY", "1995-11-22").empty());
    CHECK(name("DE-BE", "2018-03-08").empty());
    CHECK(name("DE-BE", "2019-03-08") == "Frauentag");
    CHECK(name("DE-BE", "2025-05-08") == "Tag der Befreiung");
    CHECK(name("DE-BY", "2017-10-31") == "Reformationstag");
    CHECK(name("DE-BY", "2018-10-31").empty());
    CHECK(name("DE-HH", "2018-10-31") == "Reformationstag");
    CHECK(name("DE-TH", "2026-09-20") == "Weltkindertag");
    CHECK(name("DE", "1989-10-03").empty());
    auto const known = time::holiday_regions();
    CHECK(std::count_if(known.begin(), known.end(), [](auto code) { return code.starts_with("DE-"); }) == 16);
    auto const count = [](std::string_view region) { return of(region, 2026, 2026).size(); };
    for (auto const* nine : {"DE"})
        CHECK(count(nine) == 9);
    for (auto const* ten : {"DE-BE", "DE-HB", "DE-HE", "DE-HH", "DE-NI", "DE-SH"})
        CHECK(count(ten) == 10);
    for (auto const* eleven : {"DE-MV", "DE-NW", "DE-RP", "DE-SN", "DE-ST", "DE-TH"})
        CHECK(count(eleven) == 11);
    for (auto const* twelve : {"DE-BB", "DE-BW", "DE-SL"})
        CHECK(count(twelve) == 12);
}

TEST_CASE("given the United Kingdom, then weekends are made up for and the one-off days are there") {
    CHECK(dates("GB-ENG", 2019) == "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26");
    CHECK(dates("GB-ENG", 2020) == "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28"); // VE day
    CHECK(dates("GB-WLS", 2021) == "01-01 04-02 04-05 05-03 05-31 08-30 12-25 12-26 12-27 12-28");
    CHECK(dates("GB-ENG", 2022) == "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27");
    CHECK(dates("GB-ENG", 2023) == "01-01 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26");
    CHECK(dates("GB-SCT", 2022) ==
          "01-01 01-02 01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-25 12-26 12-27");
    CHECK(dates("GB-SCT", 2023) == "01-01 01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26");
    CHECK(dates("GB-SCT", 2024) == "01-01 01-02 03-29 05-06 05-27 08-05 11-30 12-02 12-25 12-26");
    CHECK(dates("GB-NIR", 2024) == "01-01 03-17 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26");
    CHECK(name("GB-ENG", "2021-12-27") == "Christmas Day (substitute day)");
    CHECK(name("GB-ENG", "2021-12-28") == "Boxing Day (substitute day)");
    CHECK(name("GB-ENG", "2022-12-27", language::fr) == "Noël (jour de remplacement)");
    CHECK(name("GB-ENG", "2011-04-29") == "Royal wedding");
    CHECK(name("GB-ENG", "1999-12-31") == "Millennium celebrations");
    CHECK(name("GB-ENG", "2012-05-28").empty());
}

TEST_CASE("given Belgium, then its ten days have their names in Dutch and French") {
    CHECK(dates("BE", 2025) == "01-01 04-21 05-01 05-29 06-09 07-21 08-15 11-01 11-11 12-25");
    CHECK(name("BE", "2025-07-21") == "Nationale feestdag / Fête nationale");
    CHECK(name("BE", "2025-07-21", language::fr) == "Fête nationale");
}

TEST_CASE("given Switzerland, then the cantons decide") {
    CHECK(dates("CH", 2026) == "01-01 05-14 08-01 12-25");
    CHECK(dates("CH-ZH", 2026) == "01-01 01-02 04-03 04-06 05-01 05-14 05-25 08-01 12-25 12-26");
    CHECK(dates("CH-BE", 2026) == "01-01 01-02 04-03 04-06 05-14 05-25 08-01 12-25 12-26");
    CHECK(dates("CH-BS", 2026) == "01-01 04-03 04-06 05-01 05-14 05-25 08-01 12-25 12-26");
    CHECK(dates("CH-GE", 2026) == "01-01 04-03 04-06 05-14 05-25 08-01 09-10 12-25 12-31");
    CHECK(dates("CH-VD", 2026) == "01-01 01-02 04-03 04-06 05-14 05-25 08-01 09-21 12-25");
    CHECK(dates("CH-VS", 2026) == "01-01 03-19 05-14 06-04 08-01 08-15 11-01 12-08 12-25");
    CHECK(dates("CH-FR", 2026) == "01-01 04-03 05-14 06-04 08-01 08-15 11-01 12-08 12-25");
    CHECK(dates("CH-NE", 2026) == "01-01 03-01 04-03 05-01 05-14 08-01 12-25");
    CHECK(dates("CH-NE", 2023).ends_with("08-01 12-25"));
    CHECK(dates("CH-NE", 2023).starts_with("01-01 01-02 03-01")); // the day after a Sunday
    CHECK(dates("CH-TI", 2026) ==
          "01-01 01-06 03-19 04-06 05-01 05-14 05-25 06-04 06-29 08-01 08-15 11-01 12-08 12-25 12-26");
    CHECK(name("CH-GE", "2025-09-11") == "Jeûne genevois");
    CHECK(name("CH-TI", "2026-08-01") == "Festa nazionale");
    CHECK(name("CH-ZH", "2026-08-01") == "Bundesfeier");
    CHECK(name("CH-ZH", "1993-08-01").empty());
}

TEST_CASE("given Canada, then federal and provincial days are told apart") {
    CHECK(dates("CA", 2026) == "01-01 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25 12-26");
    CHECK(dates("CA-QC", 2026) == "01-01 04-03 05-18 06-24 07-01 09-07 10-12 12-25");
    CHECK(dates("CA-ON", 2026) == "01-01 02-16 04-03 05-18 07-01 09-07 10-12 12-25 12-26");
    CHECK(dates("CA-BC", 2026) == "01-01 02-16 04-03 05-18 07-01 08-03 09-07 09-30 10-12 11-11 12-25");
    CHECK(name("CA", "2020-09-30").empty());
    CHECK(name("CA", "2021-09-30") == "National Day for Truth and Reconciliation");
    CHECK(name("CA", "2024-05-20") == "Victoria Day");
    CHECK(name("CA", "2025-05-19") == "Victoria Day");
    CHECK(name("CA-QC", "2025-05-19") == "Journée nationale des patriotes");
    CHECK(name("CA", "2024-10-14") == "Thanksgiving");
    CHECK(name("CA-BC", "2018-02-12") == "Family Day");
    CHECK(name("CA-BC", "2019-02-18") == "Family Day");
    CHECK(name("CA", "2018-07-02") == "Canada Day (substitute day)"); // 1 July was a Sunday
    CHECK(name("CA-YT", "2026-08-17") == "Discovery Day");
}

TEST_CASE("given every region and all years, then its days are in order and all have names in both languages") {
    std::set<std::string_view> codes;
    for (auto const region : time::holiday_regions()) {
        CAPTURE(region);
        CHECK(codes.insert(region).second);
        auto const local = of(region, 1900, 2299), en = of(region, 1900, 2299, language::en),
                   fr = of(region, 1900, 2299, language::fr);
        REQUIRE(local.size() == en.size());
        REQUIRE(local.size() == fr.size());
        CHECK(of(region, 2026, 2026).size() >= 4);
        for (std::size_t i = 0; i < local.size(); ++i) {
            REQUIRE((*local[i].year / local[i].day).ok());
            REQUIRE((i == 0 || *local[i - 1].year / local[i - 1].day <= *local[i].year / local[i].day));
            REQUIRE_FALSE(local[i].name.empty());
            REQUIRE_FALSE(en[i].name.empty());
            REQUIRE_FALSE(fr[i].name.empty());
        }
    }
}

TEST_CASE("given a region or a year that is not known, then the error lists the country's") {
    auto const wrong = [](std::string_view region) {
        auto const found = time::public_holidays(region, year{2026}, year{2026}, {}, "calendar.public_holidays[0]");
        REQUIRE(found.has_error());
        CHECK(found.error().why() == reason::unknown_value);
        CHECK(found.error()["path"] == "calendar.public_holidays[0]");
        return std::string{found.error()["known"]};
    };
    CHECK(wrong("FR-58") == "FR, FR-57, FR-67, FR-68, FR-971, FR-972, FR-973, FR-974, FR-976, FR-BL, FR-MF");
    CHECK(wrong("UK") == "GB-ENG, GB-NIR, GB-SCT, GB-WLS");
    CHECK(wrong("GB") == wrong("UK"));
    CHECK(wrong("be-bru") == "BE");
    CHECK(wrong("").starts_with("FR, "));
    CHECK(wrong("Alsace").ends_with("CA-YT"));
    for (auto const& [first, last] : {std::pair{1899, 2000}, std::pair{2000, 2300}}) {
        auto const found = time::public_holidays("FR", year{first}, year{last});
        REQUIRE(found.has_error());
        CHECK(found.error().why() == reason::bad_calendar_date);
    }
    CHECK(of("FR", 2026, 2025).empty());
}

} // namespace
