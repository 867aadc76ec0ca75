#include <guichet/model/calendar_document.hpp>
#include <guichet/time/calendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

namespace {

using namespace guichet;
using time::calendar;
using time::stretch;
using enum time::stretch_kind;

instant at(std::string_view text) { return time::parse_instant(text).value(); }
calendar desk(std::string_view json) { return calendar::compile(parse_calendar(json).value()).value(); }
stretch from_to(std::string_view from, std::string_view to, time::stretch_kind kind, std::string name = "") {
    return {{at(from), at(to)}, kind, std::move(name)};
}

constexpr auto office = R"({"tz":"UTC",
    "weekly":{"mon":[["09:00","12:00"],["13:00","18:00"]],"tue":[["09:00","18:00"]],"wed":[["09:00","18:00"]],
              "thu":[["09:00","18:00"]],"fri":[["22:00","26:00"]]},
    "holidays":["2026-11-27",{"date":"*-12-25","name":"Noel"},{"date":"2026-12-26","name":"Noel"}],
    "public_holidays":["FR"],
    "shifts":{"2026-11-24":[["09:00","12:00"]],"2026-11-25":[],"2026-11-22":[],"2026-12-04":[]},
    "breaks":{"2026-11-23":[["10:00","10:30"],["11:30","13:30"],["20:00","21:00"]]}})";

TEST_CASE("given a day with breaks and a shorter one, then each closed part says why") {
    CHECK(desk(office).stretches(at("2026-11-21T12:00:00Z"), at("2026-11-25T00:00:00Z")) ==
          std::vector{
              from_to("2026-11-21T12:00:00Z", "2026-11-23T09:00:00Z", closed_hours), // no opening was lost on Sunday
              from_to("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", open),
              from_to("2026-11-23T10:00:00Z", "2026-11-23T10:30:00Z", break_),
              from_to("2026-11-23T10:30:00Z", "2026-11-23T11:30:00Z", open),
              from_to("2026-11-23T11:30:00Z", "2026-11-23T12:00:00Z", break_),
              from_to("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z", closed_hours),
              from_to("2026-11-23T13:00:00Z", "2026-11-23T13:30:00Z", break_),
              from_to("2026-11-23T13:30:00Z", "2026-11-23T18:00:00Z", open),
              from_to("2026-11-23T18:00:00Z", "2026-11-24T09:00:00Z", closed_hours),
              from_to("2026-11-24T09:00:00Z", "2026-11-24T12:00:00Z", open),
              from_to("2026-11-24T12:00:00Z", "2026-11-24T18:00:00Z", shift_closed),
              from_to("2026-11-24T18:00:00Z", "2026-11-25T00:00:00Z", closed_hours),
          });
}

TEST_CASE("given a date that its shift or a holiday closes, then it is one stretch with the night it would have had") {
    CHECK(desk(office).stretches(at("2026-11-24T20:00:00Z"), at("2026-11-28T12:00:00Z")) ==
          std::vector{
              from_to("2026-11-24T20:00:00Z", "2026-11-25T00:00:00Z", closed_hours),
              from_to("2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z", shift_closed),
              from_to("2026-11-26T00:00:00Z", "2026-11-26T09:00:00Z", closed_hours),
              from_to("2026-11-26T09:00:00Z", "2026-11-26T18:00:00Z", open),
              from_to("2026-11-26T18:00:00Z", "2026-11-27T00:00:00Z", closed_hours),
              from_to("2026-11-27T00:00:00Z", "2026-11-28T02:00:00Z", holiday),
              from_to("2026-11-28T02:00:00Z", "2026-11-28T12:00:00Z", closed_hours),
          });
    CHECK(desk(office).stretches(at("2026-12-04T00:00:00Z"), at("2026-12-05T12:00:00Z")).front() ==
          from_to("2026-12-04T00:00:00Z", "2026-12-05T02:00:00Z", shift_closed));
}

TEST_CASE("given holidays with names, then neighbours of one name are one and a name of one's own wins") {
    auto const all = desk(office).stretches(at("2026-12-25T00:00:00Z"), at("2027-01-02T00:00:00Z"));
    CHECK(all.front() == from_to("2026-12-25T00:00:00Z", "2026-12-27T00:00:00Z", holiday, "Noel"));
    CHECK(all.back() == from_to("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z", holiday, "Jour de l'an"));
}

TEST_CASE("given a night, when the date after it is a holiday, then the night goes on into it") {
    auto const nights = desk(R"({"tz":"UTC","weekly":{"thu":[["22:00","26:00"]]},"holidays":["2026-11-27"]})");
    CHECK(nights.stretches(at("2026-11-26T22:00:00Z"), at("2026-11-28T01:00:00Z")) ==
          std::vector{
              from_to("2026-11-26T22:00:00Z", "2026-11-27T02:00:00Z", open),
              from_to("2026-11-27T02:00:00Z", "2026-11-28T00:00:00Z", holiday),
              from_to("2026-11-28T00:00:00Z", "2026-11-28T01:00:00Z", closed_hours),
          });
}

TEST_CASE("given nothing to tell, any time at all or a desk that never opens, then the range is still covered") {
    auto const never = desk(R"({"tz":"Europe/Paris"})");
    CHECK(never.stretches(at("2026-01-02T00:00:00Z"), at("2026-01-01T00:00:00Z")).empty());
    CHECK(never.stretches(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z")).empty());
    CHECK(never.stretches(instant::min(), instant::max()) ==
          std::vector{stretch{{instant::min(), instant::max()}, closed_hours, ""}});
    auto const always = desk(R"({"always_open":true})").stretches(instant::min(), instant::max());
    REQUIRE(always.size() == 3);
    CHECK(always[0].kind == closed_hours); // before 1900
    CHECK(always[1].kind == open);
    CHECK(always[2].when.to == instant::max());
}

} // namespace
