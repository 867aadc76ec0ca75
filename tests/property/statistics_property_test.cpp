#include "property/playing.hpp"
#include "property/world.hpp"

#include <guichet/engine/statistics.hpp>
#include <guichet/reporting/output.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>

namespace {

using namespace guichet;
using namespace play;

/// A desk after a day by chance, with statistics that looked at it now and then.
struct counted_day {
    world w{memory_store()};
    script day;
    statistics of{*w.desk, {.keep_tickets = 30}};

    explicit counted_day(std::uint64_t seed) : day{seed} {
        dice chance{seed};
        for (int i = 0; i < 1'000; ++i) {
            play_step(w, day.next(), &day);
            if (chance.percent(5))
                of.catch_up().value();
        }
    }
    reporting::table ask(statistics& from, report_request const& asked, std::string const& tenant) {
        return from.report(asked, administrator(tenant)).value();
    }
};

/// Some stretch of the days that were played.
report_period some_period(dice& chance, world& w) {
    auto const begin = instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
    auto const at = [&] {
        return begin + duration{(w.env.now() - begin).count() * std::int64_t(chance.below(1'001)) / 1'000};
    };
    auto const a = at(), b = at();
    return chance.percent(30) ? report_period{} : report_period{std::min(a, b), std::max(a, b)};
}

std::vector<report_request> const all_reports{{.what = "volume", .by = {"day", "priority"}},
                                              {.what = "backlog", .by = {"day", "team"}},
                                              {.what = "backlog", .by = {"queue"}},
                                              {.what = "fcr", .by = {"channel"}},
                                              {.what = "time", .by = {"state", "week"}, .calendar = "default"},
                                              {.what = "reopen", .by = {"tier"}},
                                              {.what = "sla", .by = {"metric", "month"}},
                                              {.what = "cost", .by = {"assignee"}, .where = "open = false"},
                                              {.what = "causes", .where = "team != \"network\" and reopenings = 0"},
                                              {.what = "satisfaction", .by = {"organisation"}}};

} // namespace

TEST_CASE("given a day by chance, when promises are counted from columns, then the log read as a whole says the same") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        counted_day d{seed};
        dice chance{seed};
        std::size_t verdicts = 0;
        for (auto const& tenant : tenants)
            for (int i = 0; i < 10; ++i) {
                report_request asked{.what = "sla", .by = {"policy", "metric", "priority", "team", "month"}};
                asked.period = some_period(chance, d.w);
                auto const told = d.ask(d.of, asked, tenant);
                std::map<std::vector<std::string>, std::array<std::uint64_t, 2>> counted, wanted;
                for (auto const& row : told.rows)
                    counted[row.keys] = {static_cast<std::uint64_t>(*row.values[0]),
                                         static_cast<std::uint64_t>(*row.values[1])};
                for (auto const& r : d.w.desk->attainment(asked.period, administrator(tenant), asked.by).value())
                    wanted[{r.policy, r.metric, r.priority, r.team, r.month}] = {r.met, r.breached};
                CHECK(counted == wanted);
                verdicts += wanted.size();
            }
        CHECK(verdicts > 0);
    }
}

TEST_CASE("given a day by chance, when time is counted from columns, then the tickets read one by one say the same") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        counted_day d{seed};
        dice chance{seed};
        for (auto const& tenant : tenants)
            for (int i = 0; i < 5; ++i) {
                auto const period = some_period(chance, d.w);
                auto const wanted = d.w.desk->time_spent(period, administrator(tenant)).value();
                for (std::string const place : {"state", "team", "tier"}) {
                    auto const told =
                        d.ask(d.of, {.what = "time", .by = {place}, .period = period, .calendar = "default"}, tenant);
                    std::size_t rows = 0;
                    for (auto const& r : wanted) {
                        if (r.dimension != place || r.name.empty()) // a team or tier that a ticket never had is none
                            continue;
                        ++rows;
                        auto const row = std::find_if(told.rows.begin(), told.rows.end(),
                                                      [&](auto const& one) { return one.keys[0] == r.name; });
                        REQUIRE(row != told.rows.end());
                        CHECK(*row->values[0] == double(r.tickets));
                        CHECK(*row->values[1] == double(r.wall.count()) / 1'000);
                        CHECK(*row->values[2] == double(r.working.count()) / 1'000);
                    }
                    CHECK(rows == std::size_t(std::count_if(told.rows.begin(), told.rows.end(),
                                                            [](auto const& one) { return !one.keys[0].empty(); })));
                }
            }
    }
}

TEST_CASE("given a day by chance, when tickets are counted one by one, then volume, backlog and reopenings are those") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        counted_day d{seed};
        for (auto const& tenant : tenants) {
            std::map<std::string, double> opened, open;
            double reopened = 0;
            for (auto const& t : all_tickets(*d.w.desk, tenant)) {
                ++opened[t.priority];
                if (t.open())
                    ++open[t.team];
                for (std::size_t i = 1; i < t.spans.size(); ++i)
                    reopened += is_open(t.spans[i].status) && !is_open(t.spans[i - 1].status);
            }
            std::map<std::string, double> told_opened, told_open;
            for (auto const& row : d.ask(d.of, {.what = "volume", .by = {"priority"}}, tenant).rows)
                told_opened[row.keys[0]] = *row.values[0];
            for (auto const& row : d.ask(d.of, {.what = "backlog", .by = {"team"}}, tenant).rows)
                told_open[row.keys[0]] = *row.values[0];
            double told_reopened = 0;
            for (auto const& row : d.ask(d.of, {.what = "reopen", .by = {"team"}}, tenant).rows)
                told_reopened += *row.values[1];
            CHECK(told_opened == opened);
            CHECK(told_open == open);
            CHECK(told_reopened == reopened);
        }
    }
}

TEST_CASE("given statistics that were kept, damaged or not, when others begin with them, then they tell the same") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        counted_day d{seed};
        dice chance{seed};
        statistics keeper{*d.w.desk, {.keep_tickets = 1}};
        keeper.catch_up().value();
        REQUIRE(!d.w.store->piece_names().value().empty());
        for (bool const harmed : {false, true}) {
            if (harmed) {
                auto const names = d.w.store->piece_names().value();
                auto const& name = chance.pick(names);
                auto bytes = d.w.store->read_piece(name).value().value();
                auto const work = d.w.store->begin().value();
                bytes[chance.below(bytes.size())] ^= std::uint8_t{16};
                work->put_piece(name, bytes).value();
                work->commit().value();
            }
            statistics again{*d.w.desk};
            for (auto const& tenant : tenants)
                for (auto const& asked : all_reports) {
                    CAPTURE(asked.what);
                    CHECK(encode(d.ask(d.of, asked, tenant)) == encode(d.ask(again, asked, tenant)));
                }
        }
    }
}
