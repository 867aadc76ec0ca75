#include "even_desk.hpp"

#include <guichet/time/zone.hpp>

#include <algorithm>

using namespace even;

TEST_CASE(
    "given a desk that knows its weeks, when seventeen like tickets come at once, then it is told with the tickets") {
    desk d;
    d.work(0, 4, usual);
    CHECK(d.news.empty());
    auto const start = monday + days{28} + 10h;
    auto const first = d.next;
    for (int i = 0; i < 17; ++i)
        d.open(start + i * 2min, "network");
    auto const told = d.told("network");
    REQUIRE(told.size() == 1);
    CHECK(told[0].field == "category");
    CHECK(told[0].since == start);
    CHECK(told[0].observed >= 7);
    CHECK(told[0].expected == doctest::Approx(double(told[0].window.count() / 60'000 + 1) / 20).epsilon(0.1));
    CHECK(told[0].tickets.front() == first);
    CHECK(told[0].tickets.size() == told[0].observed);
    CHECK(told[0].suggests == trends::proposal::incident);
    CHECK(told[0].p < 1e-4);
    auto const on = d.detector.ongoing();
    auto const now = std::ranges::find(on, "network", &trends::alarm::value);
    REQUIRE(now != on.end());
    CHECK(now->count == 17);
    CHECK(now->tickets.size() == 17);
}

TEST_CASE("given a sudden fault, when it is told, then in words of both languages") {
    trends::alarm a{.field = "category", .value = "network", .observed = 17, .window = 39min + 10s, .expected = 2.2};
    CHECK(describe(a) == "17 alike in 40 minutes, usually 2");
    CHECK(describe(a, language::fr) == "17 semblables en 40 minutes, 2 d'habitude");
    a.window = 3h + 10min;
    a.expected = 0.4;
    CHECK(describe(a) == "17 alike in 3 hours, usually less than 1");
    CHECK(describe(a, language::fr) == "17 semblables en 3 heures, moins de 1 d'habitude");
    a.window = 24h;
    a.expected = 0.001;
    CHECK(describe(a) == "17 alike in 1 day, usually next to none");
    CHECK(describe(a, language::fr) == "17 semblables en 1 jour, presque jamais d'habitude");
    a.field = a.value = "";
    a.window = 0min;
    CHECK(describe(a) == "17 tickets in 1 minute, usually next to none");
}

TEST_CASE("given an alarm, when it goes on and then calms down, then its growth is told at each double, its end once") {
    desk d;
    d.work(0, 4, usual);
    auto const start = monday + days{28} + 8h;
    d.work_from(start, start + 2h, usual);
    for (int i = 0; i < 60; ++i)
        d.open(start + 2h + i * 1min, "network");
    auto const began = d.told("network");
    auto const grew = d.told("network", stage::grew);
    REQUIRE(began.size() == 1);
    REQUIRE(grew.size() >= 2);
    for (std::size_t i = 0; i < grew.size(); ++i)
        CHECK(grew[i].count == std::uint64_t{began[0].observed} << (i + 1));
    CHECK(d.told("network", stage::ended).empty());

    d.work_from(start + 3h, start + 10h, usual);
    auto const ended = d.told("network", stage::ended);
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].number == began[0].number);
    CHECK(ended[0].at < start + 4h + 30min);
    CHECK(d.told("network").size() == 1);
    CHECK(d.detector.ongoing().empty());
}

TEST_CASE("given an alarm, when nothing comes any more, then the passing of time ends it") {
    desk d;
    d.work(0, 4, usual);
    auto const start = monday + days{28} + 17h;
    for (int i = 0; i < 20; ++i)
        d.open(start + i * 1min, "printer");
    REQUIRE(d.told("printer").size() == 1);
    d.wait_until(start + 25min);
    CHECK(d.told("printer", stage::ended).empty());
    d.wait_until(start + 2h);
    CHECK(d.told("printer", stage::ended).size() == 1);
}

TEST_CASE("given a new desk, when its first fortnight is wild, then nothing is told, for nothing is usual yet") {
    desk d;
    for (int i = 0; i < 200; ++i)
        d.open(monday + days{13} + 10h + i * 1min, "network");
    d.work(0, 2, usual);
    CHECK(d.news.empty());
}

TEST_CASE("given a rush each Monday morning, when it comes again, then it is usual; on a Wednesday night it is not") {
    desk d;
    std::vector<kind> const rush{{"password", 1min}};
    for (int week = 0; week < 6; ++week) {
        d.work_from(monday + days{7 * week} + 8h, monday + days{7 * week} + 9h, rush);
        d.work_from(monday + days{7 * week} + 9h, monday + days{7 * week} + 18h, usual);
        for (int day = 1; day < 5; ++day)
            d.work_from(monday + days{7 * week + day} + 8h, monday + days{7 * week + day} + 18h, usual);
    }
    CHECK(d.told("password").empty());
    d.work_from(monday + days{44} + 22h, monday + days{44} + 22h + 30min, rush);
    CHECK(d.told("password").size() == 1);
}

TEST_CASE("given clocks that change, when the rush keeps its local hour, then it stays usual") {
    desk d{{.tz = "Europe/Paris"}};
    auto const zone = guichet::time::zone::find("Europe/Paris").value();
    for (int week = 0; week < 8; ++week) // the clocks change on 29 March, in the fourth week
        for (int day = 0; day < 5; ++day) {
            auto const local = guichet::time::local_instant{(monday + days{7 * week + day}).time_since_epoch()};
            auto const nine = zone.to_sys(local + 9h);
            d.work_from(nine, nine + 30min, {{"password", 1min}});
            d.work_from(nine + 30min, nine + 9h, usual);
        }
    CHECK(d.news.empty());
}

TEST_CASE("given a product that nobody asked about, when four tickets name it within the hour, then it is told early") {
    desk d;
    d.work(0, 8, usual);
    auto const start = monday + days{56} + 10h;
    for (int i = 0; i < 4; ++i)
        d.open(start + i * 15min, "mail", "till 9000");
    auto const told = d.told("till 9000");
    REQUIRE(told.size() == 1);
    CHECK(told[0].field == "product");
    CHECK(told[0].observed == 4);
    CHECK(describe(told[0]) == "4 alike in 45 minutes, usually next to none");
}

TEST_CASE("given a fault that was told lately, when it comes back, then a problem is proposed") {
    desk d;
    d.work(0, 5, usual);
    auto const burst = [&](instant at) {
        for (int i = 0; i < 20; ++i)
            d.open(at + i * 1min, "printer");
        d.wait_until(at + 3h);
    };
    burst(monday + days{35} + 10h);
    burst(monday + days{42} + 15h);
    auto const told = d.told("printer");
    REQUIRE(told.size() == 2);
    CHECK(told[0].suggests == trends::proposal::incident);
    CHECK(told[1].suggests == trends::proposal::problem);
}

TEST_CASE("given one fault with two traits, when both are told, then the second is part of the first") {
    desk d;
    d.work(0, 8, usual);
    for (int i = 0; i < 12; ++i)
        d.open(monday + days{56} + 10h + i * 1min, "printer", "laser");
    auto const category = d.told("printer"), product = d.told("laser");
    REQUIRE(category.size() == 1);
    REQUIRE(product.size() == 1);
    auto const first = std::min(category[0].number, product[0].number);
    CHECK(std::max(category[0].part_of, product[0].part_of) == first);
}

TEST_CASE(
    "given a busy day for all, when every kind of ticket is three times as frequent, then the desk is told, no kind") {
    desk d;
    std::vector<kind> const many{{"a", 4min}, {"b", 4min}, {"c", 4min}, {"d", 4min}, {"e", 4min}, {"f", 4min}};
    std::vector<kind> more = many;
    for (auto& k : more)
        k.every = 1min;
    d.work(0, 6, many);
    auto const start = monday + days{42} + 9h;
    d.work_from(start - 1h, start, many);
    d.work_from(start, start + 1h, more);
    CHECK(d.told("").size() == 1);
    CHECK(d.news.front().field == "");
}

TEST_CASE("given a detector, when it is asked what is usual, then it answers by the hour of the week") {
    desk d;
    CHECK_FALSE(d.detector.usual({}, monday, monday + 1h));
    d.work(0, 12, usual);
    d.wait_until(monday + days{84});
    auto const at = [&](trends::trait what, duration from) {
        return d.detector.usual(what, monday + days{84} + from, monday + days{84} + from + 1h).value();
    };
    CHECK(at({}, 10h) == doctest::Approx(10).epsilon(0.05));
    CHECK(at({"category", "mail"}, 10h) == doctest::Approx(6).epsilon(0.1));
    CHECK(at({"category", "printer"}, 10h) == doctest::Approx(1).epsilon(0.1));
    CHECK(at({"category", "mail"}, 3h) < 0.1);
    CHECK_FALSE(d.detector.usual({"category", "ghost"}, monday, monday + 1h));
    CHECK_FALSE(d.detector.usual({}, monday, monday + days{7} + 1ms));
}

TEST_CASE("given time that runs backwards, when a ticket comes late, then it counts as of the latest time seen") {
    desk d, other;
    d.work(0, 3, usual);
    other.work(0, 3, usual);
    auto const now = monday + days{21} + 9h;
    for (int i = 0; i < 9; ++i) {
        d.open(i == 0 ? now : now - i * 1h, "network");
        other.open(now, "network");
    }
    CHECK(d.news == other.news);
    CHECK(d.detector.bytes() == other.detector.bytes());
}
