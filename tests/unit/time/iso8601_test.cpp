#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <random>

namespace {

using namespace std::chrono_literals;
using namespace guichet;
using time::parse_duration;
using time::read_instant;
using time::to_text;

TEST_CASE("given an instant, when it is printed and read, then it is the same") {
    for (auto const* text :
         {"2026-11-21T01:19:33Z", "2026-11-21T01:19:33.125Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z",
          "2024-02-29T23:59:59Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-11-21T01:19:33.005Z"})
        CHECK(to_text(time::parse_instant(text).value()) == text);
    std::mt19937_64 chance{7};
    for (int i = 0; i < 10'000; ++i) {
        instant const at{duration{std::int64_t(chance() % 300'000'000'000'000) - 60'000'000'000'000}};
        REQUIRE(read_instant(time::print(at)) == at);
    }
}

TEST_CASE("given an offset, a fraction or a leap second, when it is read, then the instant is the one meant") {
    auto const expected = time::parse_instant("2026-11-21T01:19:33Z").value();
    for (auto const* text :
         {"2026-11-21T02:19:33+01:00", "2026-11-21t01:19:33z", "2026-11-21 01:19:33Z", "2026-11-20T20:19:33-0500",
          "2026-11-21T07:04:33+05:45", "2026-11-21T01:19:33.000999Z", "2026-11-21T03:19:33+02"})
        CHECK(read_instant(text) == expected);
    CHECK(read_instant("2016-12-31T23:59:60Z") == read_instant("2017-01-01T00:00:00Z"));
    CHECK(read_instant("2026-11-21T01:19:33.5Z") == expected + 500ms);
    CHECK(read_instant("2026-11-21T01:19:33,123456789Z") == expected + 123ms);
}

TEST_CASE("given a text that names no instant, when it is read, then it is refused with its path") {
    for (auto const* text : {"",
                             "2026-11-21",
                             "2026-11-21T01:19:33",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-11-21T24:00:00Z",
                             "2026-11-21T01:60:00Z",
                             "2026-11-21T01:19:61Z",
                             "2026-11-21T01:19:33.Z",
                             "2026-11-21T01:19:33Zx",
                             "2026-11-21T01:19:33+1:00",
                             "2026-11-21T01:19:33+01:0",
                             "2026-11-21T01:19:33+24:00",
                             "2026-11-2xT01:19:33Z",
                             "2026/11/21T01:19:33Z",
                             "2026-11-21_01:19:33Z",
                             "+026-11-21T01:19:33Z",
                             "2026-11-21T01:19:33 Z",
                             "2026-04-31T00:00:00Z",
                             "2026-11-21T01-19:33Z",
                             "\xb2\xb0\xb2\xb6-11-21T01:19:33Z"}) {
        CAPTURE(text);
        CHECK_FALSE(read_instant(text));
        auto const refused = time::parse_instant(text, "due");
        REQUIRE(refused.has_error());
        CHECK(refused.error()["path"] == "due");
    }
}

TEST_CASE("given an instant beyond four-digit years, when it is printed, then it is the nearest that can be") {
    CHECK(to_text(instant{duration{std::numeric_limits<std::int64_t>::max()}}) == "9999-12-31T23:59:59.999Z");
    CHECK(to_text(instant{duration{std::numeric_limits<std::int64_t>::min()}}) == "0000-01-01T00:00:00Z");
}

TEST_CASE(
    "given the ways to write a length of time, when they are read, then they mean what an agreement means by them") {
    CHECK(parse_duration("90s").value() == 90s);
    CHECK(parse_duration("30min").value() == 30min);
    CHECK(parse_duration("4h").value() == 4h);
    CHECK(parse_duration("2d").value() == 48h);
    CHECK(parse_duration("1w").value() == 168h);
    CHECK(parse_duration("1h30min").value() == 90min);
    CHECK(parse_duration("-1h30min").value() == -90min);
    CHECK(parse_duration("250ms").value() == 250ms);
    CHECK(parse_duration("PT1H30M").value() == 90min);
    CHECK(parse_duration("P1DT0.25S").value() == 24h + 250ms);
    CHECK(parse_duration("P1W").value() == 168h);
    CHECK(parse_duration("-PT5S").value() == -5s);
}

TEST_CASE("given a text that is no length of time, when it is read, then it is refused with its path") {
    for (auto const* text : {"",
                             "-",
                             "5",
                             "h",
                             "5m",
                             "5 h",
                             "30min1h",
                             "1h1h",
                             "1.5h",
                             "P",
                             "PT",
                             "P1M",
                             "P1Y",
                             "PT1.5H",
                             "1H",
                             "P1H",
                             "99999999999999999999s",
                             "20000000d",
                             "PT1HT1M",
                             "--1h",
                             "P1D1H"}) {
        CAPTURE(text);
        auto const refused = parse_duration(text, "targets[0].within");
        REQUIRE(refused.has_error());
        CHECK(refused.error()["path"] == "targets[0].within");
    }
}

TEST_CASE("given a length of time, when it is printed, then it is short and reads back") {
    CHECK(to_text(duration{0}) == "0s");
    CHECK(to_text(duration{90min}) == "1h30min");
    CHECK(to_text(duration{240h}) == "10d");
    CHECK(to_text(duration{336h}) == "2w");
    CHECK(to_text(duration{-1500ms}) == "-1s500ms");
    std::mt19937_64 chance{11};
    for (int i = 0; i < 10'000; ++i) {
        duration const length{std::int64_t(chance() >> (chance() % 40 + 22)) - 1'000};
        REQUIRE(parse_duration(to_text(length)).value() == length);
    }
}

TEST_CASE("given a person's language, when a date is shown, then it is local and in that language") {
    auto const paris = time::zone::find("Europe/Paris").value();
    auto const at = time::parse_instant("2026-11-21T01:19:33Z").value();
    CHECK(time::print_local(at, paris) == "Sat 21 Nov 2026 02:19 CET");
    CHECK(time::print_local(at, paris, language::fr) == "sam. 21 nov. 2026 02:19 CET");
    CHECK(time::print_local(at + 5760h, paris, language::fr) == "lun. 19 juil. 2027 03:19 CEST");
    CHECK(time::print_local(at, time::zone::find("Asia/Kathmandu").value()) == "Sat 21 Nov 2026 07:04 +0545");
    CHECK(time::print_local(at, time::zone{}) == "Sat 21 Nov 2026 01:19 UTC");
}

} // namespace
