#include "even_desk.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/trends/tail.hpp>

#include <algorithm>
#include <cmath>

using namespace even;

TEST_CASE("given a rate known exactly, when a tail is asked, then it is that of Poisson counts") {
    // 1 - exp(-2) (1 + 2 + 2 + 4/3 + 2/3)
    CHECK(trends::upper_tail(5, 2, 1e12) == doctest::Approx(1 - std::exp(-2.0) * 7).epsilon(1e-6));
    CHECK(trends::upper_tail(0, 2, 10) == 1);
    CHECK(trends::upper_tail(1, 2, 1) == doctest::Approx(2.0 / 3)); // geometric
    CHECK(trends::upper_tail(9, 2, 1) == doctest::Approx(std::pow(2.0 / 3, 9)));
}

TEST_CASE("given a rate known badly, when a tail is asked, then it is wider") {
    for (auto const mean : {0.01, 0.5, 3.0, 40.0})
        for (auto const count : {3u, 8u, 64u, 127u})
            if (count > 2 * mean)
                CHECK(trends::upper_tail(count, mean, 2) > trends::upper_tail(count, mean, 200));
}

TEST_CASE("given options out of their range, when a detector is made, then the field and the way out are named") {
    auto const refused = [](trends::detector_options o) { return trends::detector::make(o).error(); };
    CHECK(refused({.tz = "Mars/Olympus"}).why() == reason::unknown_zone);
    CHECK(refused({.false_alarms_a_week = 0})["path"] == "false_alarms_a_week");
    CHECK(refused({.false_alarms_a_week = std::nan("")})["path"] == "false_alarms_a_week");
    CHECK(refused({.learning = days{7} - 1ms})["path"] == "learning");
    CHECK(refused({.tickets_min = 1})["path"] == "tickets_min");
    CHECK(refused({.tickets_min = 129})["path"] == "tickets_min");
    CHECK(refused({.traits_max = 63})["path"] == "traits_max");
    CHECK(refused({.traits_max = limits::trend_watched_max + 1})["path"] == "traits_max");
    CHECK(refused({.half_life_weeks = 0.5})["path"] == "half_life_weeks");
    CHECK(trends::detector::make({.learning = days{7}, .tickets_min = 2, .traits_max = 64}).has_value());
}

TEST_CASE("given more words than places, when they pass in a flood, then memory is bounded and the frequent stay") {
    desk d{{.traits_max = 64}};
    for (int day = 0; day < 28; ++day)
        for (int i = 0; i < 100; ++i)
            d.open(monday + days{day} + 8h + i * 5min, i % 4 ? "w" + std::to_string(day * 100 + i) : "network");
    CHECK(d.detector.traits() == 64);
    CHECK(d.detector.memory_bytes() <= 65 * limits::trend_trait_bytes + 20'000);
    CHECK(d.detector.usual({"category", "network"}, monday + days{28} + 9h, monday + days{28} + 10h).value() > 2);
    CHECK(d.told("network").empty());
    for (int i = 0; i < 30; ++i)
        d.open(monday + days{28} + 9h + i * 1min, "network");
    CHECK(d.told("network").size() == 1);
}

TEST_CASE("given too many traits, empty ones and the same one twice, then the first ones count once each") {
    auto by = trends::detector::make().value();
    std::vector<std::string> words;
    for (std::size_t i = 0; i < limits::trend_traits_max + 1; ++i)
        words.push_back("word" + std::to_string(i));
    std::vector<trends::trait> traits{{"word", ""}, {"", "word0"}, {"word", "word0"}, {"word", "word0"}};
    std::string const most(limits::name_bytes_max - 4, 'x'), more(limits::name_bytes_max - 3, 'x');
    traits.push_back({"word", most});
    traits.push_back({"word", more});
    by.observe({monday, 1, traits});
    CHECK(by.traits() == 2);
    traits.clear();
    for (auto const& w : words)
        traits.push_back({"text", w});
    by.observe({monday, 2, traits});
    CHECK(by.traits() == 2 + limits::trend_traits_max);
}

TEST_CASE("given an alarm of hundreds of tickets, then it counts all and names the first hundred") {
    desk d;
    d.work(0, 4, usual);
    for (int i = 0; i < 300; ++i)
        d.open(monday + days{28} + 10h + i * 10s, "network");
    auto const on = d.detector.ongoing();
    auto const one = std::ranges::find(on, "network", &trends::alarm::value);
    REQUIRE(one != on.end());
    CHECK(one->count == 300);
    CHECK(one->tickets.size() == limits::trend_tickets_max);
}

TEST_CASE("given a stop in the midst of an alarm, when the program starts again, then it goes on as if it had not") {
    desk d;
    d.work(0, 5, usual);
    auto const start = monday + days{35} + 10h;
    for (int i = 0; i < 30; ++i)
        d.open(start + i * 1min, "printer");
    REQUIRE_FALSE(d.detector.ongoing().empty());

    desk again;
    again.detector = trends::detector::open({}, d.detector.bytes()).value();
    again.next = d.next;
    d.news.clear();
    CHECK(again.detector.ongoing() == d.detector.ongoing());
    for (auto* one : {&d, &again}) {
        one->work_from(start + 30min, start + 8h, usual);
        one->work(6, 2, usual);
        for (int i = 0; i < 40; ++i)
            one->open(monday + days{56} + 10h + i * 1min, "mail");
    }
    CHECK(d.told("printer", stage::ended).size() == 1);
    CHECK(d.news == again.news);
    CHECK(d.detector.bytes() == again.detector.bytes());
}

TEST_CASE("given kept trends, when a byte is changed, missing or too many, then they are refused") {
    desk d;
    d.work(0, 3, usual);
    auto const good = d.detector.bytes();
    for (std::size_t i = 0; i < good.size(); i += 13) {
        auto bad = good;
        bad[i] ^= 1;
        CHECK(trends::detector::open({}, bad).error().why() == reason::store_corrupt);
    }
    auto bad = good;
    bad.pop_back();
    CHECK(trends::detector::open({}, bad).error().why() == reason::store_corrupt);
    CHECK(trends::detector::open({}, {}).error().why() == reason::store_corrupt);
    CHECK(trends::detector::open({.tz = "Europe/Paris"}, good).has_value());
}

TEST_CASE("given kept trends of many traits, when fewer may be watched, then the limit is named") {
    desk d;
    for (int i = 0; i < 65; ++i)
        d.open(monday, "word" + std::to_string(i));
    auto const kept = d.detector.bytes();
    CHECK(trends::detector::open({.traits_max = 65}, kept).has_value());
    auto const e = trends::detector::open({.traits_max = 64}, kept).error();
    CHECK(e.why() == reason::limit_passed);
    CHECK(e["found"] == "65");
}

TEST_CASE("given two years without a ticket, when one comes, then alarms end and learning begins anew") {
    desk d;
    d.work(0, 4, usual);
    for (int i = 0; i < 20; ++i)
        d.open(monday + days{28} + 10h + i * 1min, "printer");
    REQUIRE(d.told("printer").size() == 1);
    d.open(monday + days{28 + 731}, "mail");
    CHECK(d.told("printer", stage::ended).size() == 1);
    CHECK(d.detector.ongoing().empty());
    CHECK(d.detector.traits() == 1);
    CHECK_FALSE(d.detector.usual({}, monday, monday + 1h));
}
