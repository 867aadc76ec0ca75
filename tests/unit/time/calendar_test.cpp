#include <guichet/model/calendar_document.hpp>
#include <guichet/time/calendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <thread>

namespace {

using namespace std::chrono_literals;
using namespace guichet;
using time::boundary;
using time::calendar;
using time::roll;

instant at(std::string_view text) { return time::parse_instant(text).value(); }
time::local_date date(std::string_view text) { return time::local_date{time::read_date(text).value()}; }
calendar desk(std::string_view json) { return calendar::compile(parse_calendar(json).value()).value(); }

constexpr auto office = R"({"tz":"Europe/Paris",
    "weekly":{"mon":[["09:00","12:00"],["13:30","18:00"]],"tue":[["09:00","18:00"]],"wed":[["09:00","18:00"]],
              "thu":[["09:00","18:00"]],"fri":[["09:00","17:00"]]},
    "holidays":["2026-05-14",{"date":"*-12-25","name":"Noel"}],
    "shifts":{"2026-12-24":[["09:00","12:00"]],"2026-12-27":[["10:00","11:00"]]},
    "breaks":{"2026-06-03":[["10:00","10:30"],["17:30","19:00"]]}})";

TEST_CASE("given office hours, when eight hours are promised on Friday afternoon, then they end on Monday") {
    auto const paris = desk(office);
    CHECK(paris.add(at("2026-11-20T15:00:00Z"), 8h) == at("2026-11-23T16:30:00Z"));
    CHECK(paris.add(at("2026-11-23T16:30:00Z"), -8h) == at("2026-11-20T15:00:00Z"));
    CHECK(paris.between(at("2026-11-20T15:00:00Z"), at("2026-11-23T16:30:00Z")) == 8h);
    CHECK(paris.between(at("2026-11-23T16:30:00Z"), at("2026-11-20T15:00:00Z")) == -8h);
}

TEST_CASE("given a promise that is used up exactly at closing, then the policy chooses closing or the next opening") {
    auto const paris = desk(office);
    auto const morning = at("2026-11-23T08:00:00Z");
    CHECK(paris.add(morning, 3h) == at("2026-11-23T11:00:00Z"));
    CHECK(paris.add(morning, 3h, boundary::farthest) == at("2026-11-23T12:30:00Z"));
    CHECK(paris.add(at("2026-11-23T12:30:00Z"), -3h) == morning);
    CHECK(paris.add(at("2026-11-23T12:30:00Z"), -3h, boundary::farthest) == at("2026-11-20T16:00:00Z"));
    CHECK(paris.add(at("2026-11-22T12:00:00Z"), 0s) == at("2026-11-22T12:00:00Z"));
    CHECK(paris.add(at("2026-11-22T12:00:00Z"), 0s, boundary::farthest) == morning);
}

TEST_CASE("given holidays, shifts and breaks, then a holiday wins over a shift, a shift over the week, and breaks come "
          "last") {
    auto const paris = desk(office);
    CHECK_FALSE(paris.is_working_day(date("2026-05-14")));
    CHECK_FALSE(paris.is_working_day(date("2031-12-25")));
    CHECK(paris.is_working_day(date("2026-12-27"))); // a Sunday with a shift
    CHECK(paris.between(at("2026-12-24T00:00:00Z"), at("2026-12-25T23:00:00Z")) == 3h);
    CHECK(paris.between(at("2026-06-03T00:00:00Z"), at("2026-06-04T00:00:00Z")) == 8h);
    CHECK(paris.opening_of(date("2026-06-03")) ==
          time::interval{at("2026-06-03T07:00:00Z"), at("2026-06-03T15:30:00Z")});
    auto const both = desk(R"({"tz":"UTC","holidays":["2026-01-05"],"shifts":{"2026-01-05":[["09:00","10:00"]]}})");
    CHECK_FALSE(both.is_open(at("2026-01-05T09:30:00Z")));
}

TEST_CASE("given a night that runs past midnight, then it belongs to the date on which it opens") {
    auto const nights = desk(R"({"tz":"Europe/Paris","weekly":{"fri":[["22:00","26:00"]]},"holidays":["2026-11-28"]})");
    CHECK(nights.is_open(at("2026-11-21T00:30:00Z"))); // Saturday, of Friday's night
    CHECK(nights.is_open(at("2026-11-28T00:30:00Z"))); // the holiday closes Saturday's own openings only
    CHECK(nights.is_working_day(date("2026-11-20")));
    CHECK_FALSE(nights.is_working_day(date("2026-11-21")));
    CHECK(nights.next_close(at("2026-11-20T22:00:00Z")) == at("2026-11-21T01:00:00Z"));
}

TEST_CASE("given a desk that never sleeps, then working time is elapsed time across every change of the clock") {
    auto const always = desk(R"({"always_open":true})");
    CHECK(always.add(at("2026-01-01T00:00:00Z"), 87'600h) == at("2026-01-01T00:00:00Z") + 87'600h);
    CHECK_FALSE(always.next_close(at("2026-01-01T00:00:00Z")));
    CHECK(always.opening_intervals(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")).size() == 1);
    auto const lord_howe = desk(R"({"always_open":true,"tz":"Australia/Lord_Howe","holidays":["2026-04-05"]})");
    CHECK(lord_howe.between(at("2026-04-01T00:00:00Z"), at("2026-04-11T00:00:00Z")) == 240h - 24h - 30min);
}

TEST_CASE("given a calendar that never opens, then deadlines are never, at once") {
    for (auto const* json : {R"({"tz":"UTC"})", R"({"tz":"UTC","weekly":{"mon":[["09:00","09:00"]]}})",
                             R"({"tz":"UTC","weekly":{"mon":[["09:00","10:00"]]},"holidays":[)"
                             R"("*-01-01"],"shifts":{}})"}) {
        auto closed = parse_calendar(json).value();
        if (!closed.weekly[0].empty())
            for (auto d = date("1900-01-01"); d <= date("1904-12-31"); d += std::chrono::days{1})
                closed.holidays.push_back(
                    {std::nullopt, std::chrono::year_month_day{d}.month() / std::chrono::year_month_day{d}.day(), ""});
        auto const never = calendar::compile(closed).value();
        auto const now = at("2026-11-21T12:00:00Z");
        CHECK_FALSE(never.add(now, 1s));
        CHECK_FALSE(never.add(now, -1s));
        CHECK_FALSE(never.next_open(now));
        CHECK_FALSE(never.next_close(now));
        CHECK_FALSE(never.prev_open_instant(now));
        CHECK_FALSE(never.next_working_day(date("2026-11-21")));
        CHECK_FALSE(never.add_working_days(now, 1));
        CHECK(never.between(at("1900-01-01T00:00:00Z"), at("2299-01-01T00:00:00Z")) == 0s);
    }
}

TEST_CASE("given a calendar open on one day of its life, then what lies beyond is never and before it is found") {
    auto const once = desk(R"({"tz":"UTC","shifts":{"2199-06-03":[["09:00","10:00"]]}})");
    CHECK(once.next_open(at("1950-01-01T00:00:00Z")) == at("2199-06-03T09:00:00Z"));
    CHECK(once.add(at("1950-01-01T00:00:00Z"), 1h) == at("2199-06-03T10:00:00Z"));
    CHECK_FALSE(once.add(at("1950-01-01T00:00:00Z"), 1h, boundary::farthest));
    CHECK_FALSE(once.add(at("1950-01-01T00:00:00Z"), 1h + 1ms));
    CHECK(once.prev_open_instant(at("2250-01-01T00:00:00Z")) == at("2199-06-03T10:00:00Z"));
}

TEST_CASE("given instants and lengths at the end of their types, then answers are never and nothing overflows") {
    auto const paris = desk(office);
    for (auto const t : {instant::min(), instant::max()}) {
        CHECK_FALSE(paris.is_open(t));
        CHECK_FALSE(paris.add(t, duration::max()));
        CHECK_FALSE(paris.add(t, duration::min()));
        CHECK(paris.opening_intervals(t, t).empty());
    }
    CHECK(paris.next_open(instant::min()) == at("1900-01-01T08:50:39Z")); // Paris kept its own mean time
    CHECK(paris.between(instant::min(), instant::max()) > duration{0});
    CHECK(paris.between(at("2026-11-23T08:00:00.001Z"), at("2026-11-23T08:00:00.003Z")) == 2ms);
}

TEST_CASE("given working days, when some are added, then weekends and holidays do not count") {
    auto const paris = desk(office);
    CHECK(paris.add_working_days(at("2026-11-20T15:00:00Z"), 1) == at("2026-11-23T15:00:00Z"));
    CHECK(paris.add_working_days(at("2026-12-24T09:00:00Z"), 1) == at("2026-12-27T09:00:00Z"));
    CHECK(paris.add_working_days(at("2026-11-23T15:00:00Z"), -1) == at("2026-11-20T15:00:00Z"));
    CHECK(paris.add_working_days(at("2026-11-19T16:30:00Z"), 1, roll::forward) == at("2026-11-23T08:00:00Z"));
    CHECK(paris.add_working_days(at("2026-11-19T16:30:00Z"), 1, roll::backward) == at("2026-11-20T16:00:00Z"));
    CHECK(paris.add_working_days(at("2026-11-19T08:30:00Z"), 1, roll::none, true) == at("2026-11-20T16:00:00Z"));
    CHECK(paris.next_working_day(date("2026-11-20")) == date("2026-11-23"));
    CHECK(paris.prev_working_day(date("2026-11-23")) == date("2026-11-20"));
    for (int n = -3'000; n <= 3'000; n += 371) {
        auto d = date("2026-11-20");
        for (int i = 0; i < std::abs(n); ++i)
            do
                d += std::chrono::days{n > 0 ? 1 : -1};
            while (!paris.is_working_day(d));
        auto const found = paris.add_working_days(at("2026-11-20T12:00:00Z"), n).value();
        CHECK(paris.date_of(found) == d);
    }
}

TEST_CASE("given a date that the clock skipped, then it is no working day") {
    auto const apia = desk(
        R"({"tz":"Pacific/Apia",
               "weekly":{"thu":[["09:00","17:00"]],"fri":[["09:00","17:00"]],"sat":[["09:00","12:00"]]}})");
    CHECK(apia.is_working_day(date("2011-12-29")));
    CHECK_FALSE(apia.is_working_day(date("2011-12-30")));
    CHECK(apia.next_working_day(date("2011-12-29")) == date("2011-12-31"));
}

TEST_CASE("given a calendar with a slip, when it is decoded and compiled, then the error names the place") {
    struct slip {
        char const* json;
        char const* path;
    };
    for (auto const& [json, path] : {
             slip{R"({"weekly":{}})", "calendar.tz"},
             slip{R"({"tz":"Europe/Pari"})", "calendar.tz"},
             slip{R"({"tz":3})", "calendar.tz"},
             slip{R"({"tz":"UTC","week":{}})", "calendar.week"},
             slip{R"({"tz":"UTC","weekly":{"monday":[]}})", "calendar.weekly.monday"},
             slip{R"({"tz":"UTC","weekly":{"mon":[["09:00","12:00"],["18:00","13:30"]]}})", "calendar.weekly.mon[1]"},
             slip{R"({"tz":"UTC","weekly":{"mon":[["09:00","48:01"]]}})", "calendar.weekly.mon[0][1]"},
             slip{R"({"tz":"UTC","weekly":{"mon":[["9:00","12:00"]]}})", "calendar.weekly.mon[0][0]"},
             slip{R"({"tz":"UTC","weekly":{"mon":["09:00"]}})", "calendar.weekly.mon[0]"},
             slip{R"({"tz":"UTC","holidays":["2026-02-29"]})", "calendar.holidays[0]"},
             slip{R"({"tz":"UTC","holidays":["*-02-29","1899-12-31"]})", "calendar.holidays[1]"},
             slip{R"({"tz":"UTC","holidays":[{"name":"x"}]})", "calendar.holidays[0].date"},
             slip{R"({"tz":"UTC","public_holidays":"FR"})", "calendar.public_holidays"},
             slip{R"({"tz":"UTC","public_holidays":["FR",7]})", "calendar.public_holidays[1]"},
             slip{R"({"tz":"UTC","public_holidays":["FR","FR-58"]})", "calendar.public_holidays[1]"},
             slip{R"({"tz":"UTC","shifts":{"2026-13-01":[]}})", "calendar.shifts.2026-13-01"},
             slip{R"({"tz":"UTC","shifts":{"2300-01-01":[]}})", "calendar.shifts.2300-01-01"},
             slip{R"({"tz":"UTC","breaks":{"2026-01-01":[["10:00","09:00"]]}})", "calendar.breaks.2026-01-01[0]"},
             slip{R"({"always_open":true,"weekly":{"mon":[["09:00","12:00"]]}})", "calendar.weekly"},
         }) {
        CAPTURE(json);
        auto const decoded = parse_calendar(json);
        auto const compiled = decoded ? calendar::compile(*decoded) : result<calendar>{decoded.error()};
        REQUIRE(compiled.has_error());
        CHECK(compiled.error()["path"] == path);
        CHECK(compiled.error().describe(language::fr).find('?') == std::string::npos);
    }
}

TEST_CASE("given as many openings and dates as are allowed, then one more is refused") {
    time::calendar_definition full;
    full.weekly[0].assign(700, {9h, 10h});
    CHECK(calendar::compile(full).has_value());
    full.weekly[1] = {{9h, 10h}};
    CHECK(calendar::compile(full).error().why() == reason::limit_passed);
    full.weekly[1].clear();
    full.holidays.assign(20'000, {std::nullopt, std::chrono::May / 1, ""});
    CHECK(calendar::compile(full).has_value());
    full.holidays.push_back({std::nullopt, std::chrono::May / 1, ""});
    CHECK(calendar::compile(full).error().why() == reason::limit_passed);
    full.holidays.clear();
    full.public_holidays.assign(time::holiday_regions().size(), "FR");
    CHECK(calendar::compile(full).has_value());
    full.public_holidays.emplace_back("FR");
    CHECK(calendar::compile(full).error().why() == reason::limit_passed);
}

TEST_CASE("given a calendar with the public holidays of two regions, then both close it besides its own") {
    auto const desk_of_two = desk(R"({"always_open":true,"tz":"Europe/Paris","holidays":["2026-01-05"],
        "public_holidays":["FR-57","DE-SL"]})");
    for (auto const* closed : {"2026-04-03", "2026-12-26", "2026-07-14", "2026-10-03", "2026-01-05", "2299-12-25",
                               "1900-01-01", "2026-06-04"})
        CHECK_FALSE(desk_of_two.is_working_day(date(closed)));
    CHECK(desk_of_two.is_working_day(date("2026-11-18")));
    CHECK(desk_of_two.is_working_day(date("2026-01-06")));
    auto const found = desk_of_two.stretches(at("2026-04-02T22:00:00Z"), at("2026-04-03T22:00:00Z"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == "Vendredi saint"); // the first region's word
    CHECK(parse_calendar(encode(desk_of_two.definition())).value() == desk_of_two.definition());
}

TEST_CASE("given a calendar, when it is encoded and decoded, then it is the same") {
    auto const definition = parse_calendar(office).value();
    CHECK(parse_calendar(encode(definition)).value() == definition);
    auto const always = parse_calendar(R"({"always_open":true,"tz":"Asia/Tokyo"})").value();
    CHECK(parse_calendar(encode(always)).value() == always);
    CHECK(encode(definition).find(R"({"date":"*-12-25","name":"Noel"})") != std::string::npos);
}

TEST_CASE("given one calendar and many threads, then they may all use it") {
    auto const paris = desk(office);
    std::vector<std::thread> agents;
    std::array<std::optional<instant>, 4> found;
    for (auto& out : found)
        agents.emplace_back([&] {
            for (int i = 0; i < 20'000; ++i)
                out = paris.add(at("2026-11-20T15:00:00Z"), std::chrono::minutes{i});
        });
    for (auto& agent : agents)
        agent.join();
    for (auto const& out : found)
        CHECK(out == found[0]);
}

} // namespace
