#include <guichet/time/calendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <random>

/// Random calendars in difficult zones, against a clock that is watched minute by minute. GUICHET_SEED repeats a run.
namespace {

using namespace std::chrono_literals;
using namespace guichet;
using std::chrono::days;
using std::chrono::minutes;
using time::boundary;
using time::calendar;

std::uint64_t seed() {
    auto const* given = std::getenv("GUICHET_SEED");
    return given ? std::strtoull(given, nullptr, 10) : 20'261'121;
}

/// A zone, and the week in which something odd happens to its clock.
struct odd_week {
    char const* zone;
    char const* around;
};
constexpr std::array odd_weeks{
    odd_week{"Australia/Lord_Howe", "2026-04-05T00:00:00Z"}, odd_week{"Australia/Lord_Howe", "2061-10-02T00:00:00Z"},
    odd_week{"Asia/Kathmandu", "1986-01-01T00:00:00Z"},      odd_week{"Pacific/Apia", "2011-12-30T10:00:00Z"},
    odd_week{"Africa/Casablanca", "2024-03-10T02:00:00Z"},   odd_week{"Africa/Casablanca", "2024-04-14T02:00:00Z"},
    odd_week{"Europe/Paris", "2026-03-29T01:00:00Z"},        odd_week{"Europe/Paris", "2090-10-29T01:00:00Z"},
    odd_week{"America/New_York", "2026-11-01T06:00:00Z"},    odd_week{"America/New_York", "2150-03-08T07:00:00Z"},
    odd_week{"Pacific/Kwajalein", "1993-08-21T00:00:00Z"},   odd_week{"Pacific/Kwajalein", "1969-10-01T00:00:00Z"},
    odd_week{"America/Sao_Paulo", "2018-02-18T02:00:00Z"},   odd_week{"Africa/Cairo", "2024-04-26T00:00:00Z"},
    odd_week{"Antarctica/Troll", "2025-10-26T01:00:00Z"},    odd_week{"Asia/Pyongyang", "2018-05-04T15:00:00Z"},
};

class chance {
public:
    explicit chance(std::uint64_t s) : engine_{s} {}
    std::int64_t below(std::int64_t end) { return std::uniform_int_distribution<std::int64_t>{0, end - 1}(engine_); }
    bool one_in(std::int64_t n) { return below(n) == 0; }

private:
    std::mt19937_64 engine_;
};

std::vector<time::opening> any_openings(chance& dice) {
    std::vector<time::opening> out;
    for (auto n = dice.below(4); n > 0; --n) {
        auto const from = minutes{15 * dice.below(96)};
        out.push_back({from, from + minutes{15 * dice.below(dice.one_in(4) ? 96 : 20)}});
        if (dice.one_in(6))
            out.back() = {0h, 24h};
    }
    return out;
}

/// The middle of that week, or of any other one since all these clocks differ from UTC by whole minutes.
instant any_week(chance& dice, odd_week const& where) {
    auto const first = time::parse_instant("1930-01-01T00:00:00Z").value();
    return dice.one_in(2) ? time::parse_instant(where.around).value()
                          : first + std::chrono::hours{dice.below(369LL * 365 * 24)};
}

time::calendar_definition any_calendar(chance& dice, char const* zone, instant week) {
    time::calendar_definition out;
    out.tz = zone;
    for (auto& day : out.weekly)
        if (!dice.one_in(4))
            day = any_openings(dice);
    auto const middle = std::chrono::floor<days>(week);
    for (auto n = dice.below(4); n > 0; --n)
        out.holidays.push_back([&] {
            std::chrono::year_month_day const d{middle + days{dice.below(10) - 5}};
            return time::holiday{dice.one_in(2) ? std::nullopt : std::optional{d.year()}, d.month() / d.day(), ""};
        }());
    for (auto* dated : {&out.shifts, &out.breaks})
        for (auto n = dice.below(3); n > 0; --n)
            (*dated)[middle + days{dice.below(8) - 4}] = any_openings(dice);
    return out;
}

/// The definition itself, label by label: is the minute `label` of the local time line one in which the desk is open?
bool open_label(time::calendar_definition const& d, time::local_instant label) {
    for (auto const back : {days{0}, days{1}, days{2}}) {
        auto const date = std::chrono::floor<days>(label) - back;
        std::chrono::year_month_day const day{date};
        auto const within = [&](std::vector<time::opening> const& openings) {
            for (auto const& o : openings)
                if (date + o.from <= label && label < date + o.to)
                    return true;
            return false;
        };
        bool closed = false;
        for (auto const& h : d.holidays)
            closed = closed || (h.day == day.month() / day.day() && (!h.year || *h.year == day.year()));
        auto const shift = d.shifts.find(day);
        auto const pause = d.breaks.find(day);
        if (!closed &&
            within(shift != d.shifts.end() ? shift->second : d.weekly[std::chrono::weekday{date}.iso_encoding() - 1]) &&
            !(pause != d.breaks.end() && within(pause->second)))
            return true;
    }
    return false;
}

/// Every minute of some weeks, judged by the highest time the clock has shown so far.
struct watched {
    instant begin;
    std::vector<bool> open;

    watched(time::calendar_definition const& d, instant from, instant to) : begin{from} {
        auto const zone = time::zone::find(d.tz).value();
        auto highest = time::local_instant::min();
        for (auto t = from - 96h; t < to; t += 1min) {
            highest = std::max(highest, zone.to_local(t));
            if (t >= from)
                open.push_back(open_label(d, highest));
        }
    }
    instant at(std::size_t minute) const { return begin + minutes{minute}; }
    minutes between(std::size_t a, std::size_t b) const {
        return minutes{std::count(open.begin() + std::ptrdiff_t(a), open.begin() + std::ptrdiff_t(b), true)};
    }
};

TEST_CASE("given any calendar in any odd week, then it agrees with a clock that is watched minute by minute") {
    auto const s = seed();
    MESSAGE("GUICHET_SEED=", s);
    chance dice{s};
    for (int round = 0; round < 160; ++round) {
        auto const& where = odd_weeks[std::size_t(round) % odd_weeks.size()];
        auto const middle = std::chrono::floor<minutes>(any_week(dice, where));
        auto const definition = any_calendar(dice, where.zone, middle);
        watched const clock{definition, middle - 8 * 24h, middle + 8 * 24h};
        auto const compiled = calendar::compile(definition).value();
        CAPTURE(round);
        CAPTURE(definition.tz);
        CAPTURE(time::to_text(middle));
        for (std::size_t i = 0; i < clock.open.size(); ++i) {
            CAPTURE(time::to_text(clock.at(i)));
            REQUIRE(compiled.is_open(clock.at(i)) == clock.open[i]);
        }
        for (int i = 0; i < 60; ++i) {
            auto a = std::size_t(dice.below(std::int64_t(clock.open.size()))),
                 b = std::size_t(dice.below(std::int64_t(clock.open.size())));
            if (b < a)
                std::swap(a, b);
            auto const length = clock.between(a, b);
            REQUIRE(compiled.between(clock.at(a), clock.at(b)) == length);
            if (length == 0min)
                continue;
            auto due = a;
            for (auto left = length; left > 0min; ++due)
                left -= minutes{clock.open[due]};
            REQUIRE(compiled.add(clock.at(a), length) == clock.at(due));
            auto back = b;
            for (auto left = length; left > 0min;)
                left -= minutes{clock.open[--back]};
            REQUIRE(compiled.add(clock.at(b), -length) == clock.at(back));
        }
        instant reached = clock.at(0);
        for (auto const& [from, to] : compiled.opening_intervals(clock.at(0), clock.at(clock.open.size()))) {
            REQUIRE(from < to);
            REQUIRE((reached < from || from == clock.at(0)));
            reached = to;
        }
    }
}

TEST_CASE("given any calendar, then adding and measuring are inverse and lengths may be split") {
    auto const s = seed();
    MESSAGE("GUICHET_SEED=", s);
    chance dice{s + 1};
    for (int round = 0; round < 64; ++round) {
        auto const& where = odd_weeks[std::size_t(round) % odd_weeks.size()];
        auto const definition = any_calendar(dice, where.zone, any_week(dice, where));
        auto const compiled = calendar::compile(definition).value();
        auto const first = time::parse_instant("1905-01-01T00:00:00Z").value();
        for (int i = 0; i < 500; ++i) {
            instant const start = first + duration{dice.below(290LL * 365 * 86'400'000)};
            duration const one{1 + dice.below(dice.one_in(3) ? 10LL * 365 * 86'400'000 : 86'400'000)},
                two{1 + dice.below(86'400'000)};
            auto const due = compiled.add(start, one), later = compiled.add(start, one + two);
            if (!due || !later)
                continue;
            REQUIRE(compiled.between(start, *due) == one);
            REQUIRE(compiled.between(*due, start) == -one);
            REQUIRE(compiled.add(*due, two) == later);
            REQUIRE(compiled.between(start, *later) == compiled.between(start, *due) + compiled.between(*due, *later));
            auto const farthest = compiled.add(start, one, boundary::farthest);
            REQUIRE((!farthest || (*farthest >= *due && compiled.between(*due, *farthest) == duration{0} &&
                                   compiled.is_open(*farthest))));
            REQUIRE(compiled.is_open(*due - 1ms)); // the last millisecond of the length was open
        }
    }
}

TEST_CASE("given any calendar, when its openings are cut in two or joined, then nothing changes") {
    auto const s = seed();
    MESSAGE("GUICHET_SEED=", s);
    chance dice{s + 2};
    for (int round = 0; round < 32; ++round) {
        auto const& where = odd_weeks[std::size_t(round) % odd_weeks.size()];
        auto const middle = any_week(dice, where);
        auto const definition = any_calendar(dice, where.zone, middle);
        auto cut = definition;
        for (auto& day : cut.weekly)
            for (std::size_t i = 0, n = day.size(); i < n; ++i) {
                auto const at = day[i].from + std::chrono::seconds{dice.below((day[i].to - day[i].from).count() + 1)};
                day.push_back({at, day[i].to});
                day[i].to = at;
            }
        auto const whole = calendar::compile(definition).value(), parts = calendar::compile(cut).value();
        CHECK(whole.opening_intervals(middle - 3'000h, middle + 3'000h) ==
              parts.opening_intervals(middle - 3'000h, middle + 3'000h));
    }
}

TEST_CASE("given any calendar, then its stretches cover any range without a gap and the open ones are its openings") {
    auto const s = seed();
    MESSAGE("GUICHET_SEED=", s);
    chance dice{s + 3};
    constexpr std::array regions{"FR-57", "DE-SN", "GB-SCT", "BE", "CH-TI", "CA-QC"};
    for (int round = 0; round < 160; ++round) {
        auto const& where = odd_weeks[std::size_t(round) % odd_weeks.size()];
        auto const middle = any_week(dice, where);
        auto definition = any_calendar(dice, where.zone, middle);
        if (dice.one_in(2))
            definition.public_holidays.emplace_back(regions[std::size_t(dice.below(regions.size()))]);
        auto const compiled = calendar::compile(definition).value();
        CAPTURE(round);
        CAPTURE(definition.tz);
        auto const a = middle - duration{dice.below(9LL * 86'400'000)},
                   b = middle + duration{dice.below(dice.one_in(4) ? 2'000LL * 86'400'000 : 9LL * 86'400'000) + 1};
        CAPTURE(time::to_text(a));
        auto const all = compiled.stretches(a, b);
        REQUIRE_FALSE(all.empty());
        CHECK(all.front().when.from == a);
        CHECK(all.back().when.to == b);
        std::vector<time::interval> open;
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& [when, kind, name] = all[i];
            REQUIRE(when.from < when.to);
            REQUIRE((i == 0 || all[i - 1].when.to == when.from));
            REQUIRE((i == 0 || all[i - 1].kind != kind || all[i - 1].name != name));
            REQUIRE((name.empty() || kind == time::stretch_kind::holiday));
            if (kind == time::stretch_kind::open)
                open.push_back(when);
        }
        CHECK(open == compiled.opening_intervals(a, b));
        // Cut in two anywhere, the reasons stay the same.
        auto const cut = a + duration{dice.below((b - a).count())};
        auto parts = compiled.stretches(a, cut);
        for (auto& part : compiled.stretches(cut, b))
            if (!parts.empty() && parts.back().kind == part.kind && parts.back().name == part.name)
                parts.back().when.to = part.when.to;
            else
                parts.push_back(std::move(part));
        CHECK(parts == all);
    }
}

} // namespace
