#include <guichet/time/iso8601.hpp>
#include <guichet/time/zone.hpp>

#include <doctest/doctest.h>

#include <cstdlib>

namespace {

using namespace std::chrono_literals;
using namespace guichet;
using time::choose;
using time::zone;

instant at(std::string_view text) { return time::parse_instant(text).value(); }
time::local_instant clock_reading(std::string_view text) {
    return time::local_instant{at(std::string{text} + "Z").time_since_epoch()};
}
zone in(std::string_view name) { return zone::find(name).value(); }

TEST_CASE("given a desk in Paris, when summer begins, then the clock skips an hour and skipped times are the change") {
    auto const paris = in("Europe/Paris");
    CHECK(paris.to_local(at("2026-03-29T00:59:59Z")) == clock_reading("2026-03-29T01:59:59"));
    CHECK(paris.to_local(at("2026-03-29T01:00:00Z")) == clock_reading("2026-03-29T03:00:00"));
    CHECK(paris.to_sys(clock_reading("2026-03-29T02:30:00")) == at("2026-03-29T01:00:00Z"));
    CHECK(paris.to_sys(clock_reading("2026-03-29T02:30:00"), choose::latest) == at("2026-03-29T01:00:00Z"));
}

TEST_CASE("given a desk in Paris, when summer ends, then a time shown twice is the first or the second") {
    auto const paris = in("Europe/Paris");
    CHECK(paris.to_sys(clock_reading("2026-10-25T02:30:00.250")) == at("2026-10-25T00:30:00.250Z"));
    CHECK(paris.to_sys(clock_reading("2026-10-25T02:30:00.250"), choose::latest) == at("2026-10-25T01:30:00.250Z"));
    CHECK(paris.abbreviation(at("2026-10-25T00:59:59Z")) == "CEST");
    CHECK(paris.abbreviation(at("2026-10-25T01:00:00Z")) == "CET");
}

TEST_CASE(
    "given a clock that moved back across the date line, then every time of the repeated day has a first and a last") {
    auto const kwajalein = in("Pacific/Kwajalein"); // 1993-08-21 was skipped
    CHECK(kwajalein.to_sys(clock_reading("1993-08-21T12:00:00")) ==
          kwajalein.to_sys(clock_reading("1993-08-22T00:00:00")));
    auto const apia = in("Pacific/Apia"); // 2011-12-30 was skipped
    CHECK(apia.to_sys(clock_reading("2011-12-30T00:00:00")) == at("2011-12-30T10:00:00Z"));
    CHECK(apia.to_sys(clock_reading("2011-12-31T00:00:00")) == at("2011-12-30T10:00:00Z"));
}

TEST_CASE(
    "given zones with a rule that never ends, then summer time goes on after 2037, where zone files stop listing") {
    for (int const year : {2037, 2038, 2060, 2100, 2199, 2299}) {
        CAPTURE(year);
        auto const summer = std::to_string(year) + "-07-01T12:00:00Z",
                   winter = std::to_string(year) + "-01-15T12:00:00Z";
        CHECK(in("Europe/Paris").offset(at(summer)) == 2h);
        CHECK(in("Europe/Paris").offset(at(winter)) == 1h);
        CHECK(in("America/New_York").offset(at(summer)) == -4h);
        CHECK(in("Australia/Lord_Howe").offset(at(summer)) == 10h + 30min);
        CHECK(in("Australia/Lord_Howe").offset(at(winter)) == 11h);
        CHECK(in("Europe/Dublin").offset(at(summer)) == 1h);
        CHECK(in("Antarctica/Troll").abbreviation(at(summer)) == "+02");
        CHECK(in("Asia/Kathmandu").offset(at(summer)) == 5h + 45min);
    }
    CHECK(in("Europe/Paris").to_sys(clock_reading("2050-03-27T02:30:00")) == at("2050-03-27T01:00:00Z"));
    CHECK(in("America/New_York").next_change(at("2050-01-01T00:00:00Z")) == at("2050-03-13T07:00:00Z"));
}

TEST_CASE("given any zone, then converting there and back names the same instant, and local to UTC never goes back") {
    for (auto const* name :
         {"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
          "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo", "America/Godthab", "Asia/Gaza"}) {
        CAPTURE(name);
        auto const where = in(name);
        instant last{};
        for (auto t = at("2005-01-01T00:07:00Z"); t < at("2045-01-01T00:00:00Z"); t += 11h + 13min) {
            auto const local = where.to_local(t);
            bool const either = where.to_sys(local) == t || where.to_sys(local, choose::latest) == t;
            REQUIRE(either);
            auto const mapped = where.to_sys(time::local_instant{t.time_since_epoch()});
            REQUIRE(mapped >= last);
            last = mapped;
        }
    }
}

TEST_CASE("given a name that is no zone, when it is looked up, then the error says where it stood") {
    for (auto const* name : {"", "Mars/Olympus", "../../../etc/passwd", "/etc/localtime", "Europe/", "Europe/../UTC",
                             "europe paris", "tzdata.zi", "Europe", "Europe/Paris\n"}) {
        CAPTURE(name);
        auto const none = zone::find(name, "calendar.tz");
        REQUIRE(none.has_error());
        CHECK(none.error().why() == reason::unknown_zone);
        CHECK(none.error()["path"] == "calendar.tz");
    }
}

TEST_CASE("given a process with a TZ of its own, then zones do not look at it") {
    ::setenv("TZ", "Asia/Tokyo", 1);
    CHECK(zone{}.offset(at("2026-11-21T00:00:00Z")) == 0s);
    CHECK(in("Europe/Paris").offset(at("2026-11-21T00:00:00Z")) == 1h);
    ::unsetenv("TZ");
}

} // namespace
