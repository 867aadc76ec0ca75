/// Calendars that extend each other, and hours on call.
#include <guichet/model/calendar_document.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

namespace {

using namespace guichet;
using namespace std::chrono_literals;

constexpr auto france = R"({"tz":"Europe/Paris",
    "weekly":{"mon":[["09:00","12:30"],["14:00","18:00"]],"fri":[["09:00","17:00"]]},
    "public_holidays":["FR"],"holidays":["2026-05-15",{"date":"*-12-24","name":"Closed early"}],
    "shifts":{"2026-08-14":[]},"breaks":{"2026-03-06":[["10:00","11:00"]]}})";

time::calendar_definition resolved(std::string_view id, calendar_texts const& all) {
    auto line = resolve_calendar(id, all).value();
    CHECK(line.back().id == id);
    return std::move(line.back().definition);
}
time::calendar_definition of_site(std::string site) {
    return resolved("site", {{"france", france}, {"site", std::move(site)}});
}
std::chrono::year_month_day date(std::string_view text) { return time::read_date(text).value(); }

TEST_CASE("given a site that states nothing, when it extends a calendar, then it is that calendar") {
    CHECK(of_site(R"({"extends":"france"})") == parse_calendar(france).value());
}

TEST_CASE("given a site with hours and a zone of its own, then they replace those it would take over") {
    auto const site = of_site(R"({"extends":"france","tz":"Indian/Reunion","weekly":{"tue":[["08:00","16:00"]]}})");
    auto const below = parse_calendar(france).value();
    CHECK(site.tz == "Indian/Reunion");
    CHECK(site.weekly[0].empty());
    CHECK(site.weekly[1] == std::vector<time::opening>{{8h, 16h}});
    CHECK(site.holidays == below.holidays);
    CHECK(site.public_holidays == below.public_holidays);
    CHECK(site.shifts == below.shifts);
    CHECK(site.breaks == below.breaks);
}

TEST_CASE("given a site with closures of its own, then they are added, and win on a date that both name") {
    auto const site = of_site(R"({"extends":"france","public_holidays":["FR-57","FR"],
        "holidays":[{"date":"*-12-24","name":"Christmas Eve"},"2026-07-13"],
        "shifts":{"2026-08-14":[["09:00","12:00"]],"2026-08-17":[]},"breaks":{"2026-03-09":[["10:00","11:00"]]}})");
    CHECK(site.public_holidays == std::vector<std::string>{"FR-57", "FR"});
    REQUIRE(site.holidays.size() == 3);
    CHECK(site.holidays[0].name == "Christmas Eve");
    CHECK(site.holidays[1].day == std::chrono::July / 13);
    CHECK(site.holidays[2].day == std::chrono::May / 15);
    CHECK(site.shifts.size() == 2);
    CHECK(site.shifts.at(date("2026-08-14")) == std::vector<time::opening>{{9h, 12h}});
    CHECK(site.breaks.size() == 2);
    CHECK(site.weekly == parse_calendar(france).value().weekly);
}

TEST_CASE("given a site that is always open, then no hours are taken over; and the other way round") {
    CHECK(time::calendar::compile(of_site(R"({"extends":"france","always_open":true})")).has_value());
    calendar_texts const all{{"always", R"({"always_open":true})"},
                             {"office", R"({"extends":"always","weekly":{"mon":[["09:00","18:00"]]}})"}};
    auto const office = resolved("office", all);
    CHECK_FALSE(office.always_open);
    CHECK(office.tz == "UTC");
    CHECK(time::calendar::compile(office).has_value());
}

TEST_CASE("given hours on call, when they are added to the office's, then time counts in both, once") {
    auto const duty = of_site(R"({"extends":"france","on_call":{"mon":[["07:00","09:30"],["20:00","26:00"]],
        "sat":[["08:00","12:00"]]}})");
    auto const office = time::calendar::compile(parse_calendar(france).value()).value();
    auto const on_call = time::calendar::compile(duty).value();
    auto const at = [](std::string_view text) { return time::parse_instant(text).value(); };
    auto const from = at("2026-06-01T00:00:00Z"), to = at("2026-06-08T00:00:00Z");
    CHECK(office.between(from, to) == 7h + 30min + 8h);
    CHECK(on_call.between(from, to) == 7h + 30min + 8h + 2h + 6h + 4h);
    CHECK(on_call.is_open(at("2026-06-06T07:00:00Z")));       // Saturday, 09:00 in Paris
    CHECK_FALSE(on_call.is_open(at("2026-05-25T19:00:00Z"))); // Whit Monday
    CHECK(parse_calendar(encode(duty)).value() == duty);
    auto const variant = resolved("site", {{"france", france},
                                           {"duty", R"({"extends":"france","on_call":{"sat":[["08:00","12:00"]]}})"},
                                           {"site", R"({"extends":"duty","weekly":{"mon":[["10:00","16:00"]]}})"}});
    CHECK(variant.on_call[5] == std::vector<time::opening>{{8h, 12h}});
    CHECK(variant.weekly[4].empty());
}

TEST_CASE("given a chain of calendars, when one is resolved, then each follows the one that it extends") {
    calendar_texts const all{
        {"a site", R"({"extends":"region"})"}, {"france", france}, {"region", R"({"extends":"france"})"}};
    std::vector<std::string> ids;
    for (auto const& c : resolve_calendar("a site", all).value())
        ids.push_back(c.id);
    CHECK(ids == std::vector<std::string>{"france", "region", "a site"});
}

TEST_CASE("given calendars that cannot extend each other, then the error names the place and the way out") {
    auto const refused = [](std::string_view id, calendar_texts const& all) {
        return resolve_calendar(id, all).error();
    };
    auto const unknown = refused("lyon", {{"france", france}, {"lyon", R"({"extends":"frnace"})"}});
    CHECK(unknown.why() == reason::unknown_value);
    CHECK(unknown["path"] == "calendar.lyon.extends");
    CHECK(unknown["known"] == "france, lyon");
    auto const circle =
        refused("a", {{"a", R"({"extends":"b"})"}, {"b", R"({"extends":"c"})"}, {"c", R"({"extends":"b"})"}});
    CHECK(circle.why() == reason::calendars_in_circle);
    CHECK(circle["path"] == "calendar.c.extends");
    CHECK(circle["value"] == "a -> b -> c -> b");
    CHECK(refused("a", {{"a", R"({"extends":"a"})"}})["path"] == "calendar.a.extends");
    CHECK(refused("a", {{"a", R"({"extends":7})"}})["path"] == "calendar.a.extends");
    CHECK(refused("a", {{"a", R"({"extends":""})"}}).why() == reason::empty_text);
    CHECK(refused("lyon", {{"france", R"({"tz":"UTC","week":{}})"}, {"lyon", R"({"extends":"france"})"}})["path"] ==
          "calendar.france.week");
    CHECK(parse_calendar(R"({"extends":"france"})").error()["path"] == "calendar.extends");
    CHECK(parse_calendar(R"({"tz":"UTC","on_call":{"monday":[]}})").error()["path"] == "calendar.on_call.monday");
    auto const always = time::calendar::compile(
        parse_calendar(R"({"always_open":true,"on_call":{"mon":[["09:00","10:00"]]}})").value());
    CHECK(always.error()["path"] == "calendar.on_call");
}

} // namespace
