/// The trend detector against a recount that keeps every ticket: what is usual for the desk, and which tickets are in
/// an alarm; and a detector that is stopped and started again at any moment.
#include "property/dice.hpp"

#include <guichet/trends/detector.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using play::dice;
using std::chrono::hours;

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

struct ticket {
    instant at;
    std::string category;
};

/// A desk with a rhythm, faults now and then, and pauses of some weeks.
std::vector<ticket> tickets_of(dice& d, int days) {
    std::vector<ticket> out;
    for (int day = 0; day < days; ++day) {
        if (d.percent(1))
            day += d.between(7, 30);
        auto const midnight = monday + std::chrono::days{day};
        bool const busy = day % 7 < 5;
        for (int n = busy ? d.between(40, 120) : d.between(0, 6); n > 0; --n)
            out.push_back({midnight + (busy ? 8h : 0h) + std::chrono::seconds{d.below(busy ? 36'000 : 86'400)},
                           "kind" + std::to_string(d.below(d.percent(50) ? 3 : 30))});
        if (d.percent(10))
            for (int n = d.between(5, 150); n > 0; --n)
                out.push_back({midnight + 11h + std::chrono::seconds{d.below(5'400)}, "kind1"});
    }
    std::ranges::stable_sort(out, {}, &ticket::at);
    return out;
}

std::int64_t hour_of(instant at) { return std::chrono::floor<hours>(at).time_since_epoch().count(); }

/// What is usual in each hour of the week, by the formulas of docs/concepts/trends.md, from all tickets.
std::map<std::int64_t, double> usual_of_the_desk(std::vector<ticket> const& all, instant now) {
    auto const begin = hour_of(all.front().at), end = hour_of(now) - 25;
    auto const half_life = [](std::int64_t weeks) { return std::exp2(-double(weeks) / 8); };
    auto const week_of = [](std::int64_t hour) { return hour / 168; };
    std::map<std::int64_t, double> came, seen, out;
    double total = 0, weeks = 0;
    // A week is decayed as soon as an hour of the next one is learned.
    for (auto hour = begin; hour < end; ++hour) {
        auto const weight = half_life(week_of(end - 1) - week_of(hour));
        seen[hour % 168] += weight;
        weeks += weight / 168;
    }
    for (auto const& t : all)
        if (hour_of(t.at) < end) {
            auto const weight = half_life(week_of(end - 1) - week_of(hour_of(t.at)));
            came[hour_of(t.at) % 168] += weight;
            total += weight;
        }
    auto const flat = (total + 0.5) / weeks / 168;
    for (std::int64_t slot = 0; slot < 168; ++slot)
        out[slot] = (1 + came[slot]) / (1 / flat + seen[slot]);
    return out;
}

std::vector<trends::alarm> tell(trends::detector& by, ticket const& t, std::uint64_t number) {
    std::vector<trends::trait> const traits{{"category", t.category}};
    return by.observe({t.at, number, traits});
}

} // namespace

TEST_CASE("given any weeks of a desk, when it is asked what is usual, then it is what a recount of all tickets says") {
    dice d{play::seed_of_run()};
    for (int run = 0; run < 8; ++run) {
        auto const all = tickets_of(d, d.between(20, 150));
        auto by = trends::detector::make().value();
        for (std::uint64_t n = 0; auto const& t : all)
            tell(by, t, n++);
        auto const expected = usual_of_the_desk(all, all.back().at);
        for (int hour = 0; hour < 168; ++hour) {
            auto const from = monday + hours{hour};
            CHECK(by.usual({}, from, from + 1h).value() ==
                  doctest::Approx(expected.at(hour_of(from) % 168)).epsilon(1e-5));
        }
    }
}

TEST_CASE("given any weeks of a desk, when alarms are told, then their tickets are those that a recount finds") {
    dice d{play::seed_of_run() + 1};
    std::size_t told = 0;
    for (int run = 0; run < 8; ++run) {
        auto const all = tickets_of(d, 90);
        auto by = trends::detector::make().value();
        std::map<std::uint64_t, trends::alarm> open;
        for (std::uint64_t n = 0; n < all.size(); ++n)
            for (auto const& a : tell(by, all[n], n)) {
                if (a.what == trends::stage::ended) {
                    CHECK(open.erase(a.number) == 1);
                    continue;
                }
                std::vector<std::uint64_t> like;
                auto const first = a.tickets.front();
                for (auto i = first; i <= n; ++i)
                    if (a.field.empty() || all[i].category == a.value)
                        like.push_back(i);
                CHECK(a.count == like.size());
                like.resize(std::min<std::size_t>(like.size(), 100));
                CHECK(a.tickets == like);
                CHECK(a.since == all[first].at);
                CHECK(a.at == all[n].at);
                if (a.what == trends::stage::began) {
                    ++told;
                    CHECK(open.emplace(a.number, a).second);
                    CHECK(a.observed == a.count);
                    CHECK(a.window == a.at - a.since);
                    CHECK(a.window <= 24h);
                    CHECK(a.observed > a.expected);
                    CHECK(a.at - all.front().at >= std::chrono::days{14});
                } else {
                    CHECK(open.contains(a.number));
                    CHECK(a.observed == open.at(a.number).observed);
                }
            }
        CHECK(by.ongoing().size() == open.size());
    }
    CHECK(told > 0);
}

TEST_CASE("given a detector stopped at any moment, when it starts again, then all that follows is told the same") {
    dice d{play::seed_of_run() + 2};
    for (int run = 0; run < 6; ++run) {
        auto const all = tickets_of(d, 70);
        trends::detector_options const few{.traits_max = 64};
        auto whole = trends::detector::make(few).value(), parts = trends::detector::make(few).value();
        for (std::uint64_t n = 0; n < all.size(); ++n) {
            if (d.below(500) == 0)
                parts = trends::detector::open(few, parts.bytes()).value();
            CHECK(tell(whole, all[n], n) == tell(parts, all[n], n));
        }
        CHECK(whole.bytes() == parts.bytes());
    }
}
