#include <guichet/model/ticket_fields.hpp>
#include <guichet/reporting/output.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace guichet;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

/// Tickets that are told to a ledger.
struct told {
    reporting::ledger all;
    std::uint8_t last = 0;

    ticket fresh(instant at, std::string team = "desk") {
        ticket t;
        t.id.bytes[15] = std::byte{++last};
        t.tenant = "acme";
        t.priority = "high";
        t.team = team;
        t.state = "new";
        t.created_at = at;
        t.spans = {{"new", status::new_, at}};
        t.holdings = {{team, "L1", at}};
        return t;
    }
    void resolve(ticket& t, instant at) {
        t.state = "resolved";
        t.status = status::resolved;
        t.resolved_at = at;
        t.spans.push_back({"resolved", status::resolved, at});
    }
    void reopen(ticket& t, instant at) {
        t.state = "open";
        t.status = status::open;
        t.resolved_at.reset();
        ++t.reopenings;
        t.spans.push_back({"open", status::open, at});
    }
    void hand_over(ticket& t, std::string team, instant at) {
        t.team = team;
        ++t.handovers;
        t.holdings.push_back({team, "L2", at});
    }
    std::string ask(std::string what, std::vector<std::string> by, std::string_view where = {}) {
        reporting::request r{.what = std::move(what), .by = std::move(by), .now = monday + days{10}};
        r.with = ticket_context(r.now);
        if (!where.empty())
            r.where = expr::condition::parse(where, ticket_schema({})).value();
        r.hourly_rate = 60;
        return to_csv(report(all, r).value());
    }
};

} // namespace

TEST_CASE("given tickets that came and went, when the backlog is asked for, then each day ends with those still open") {
    told t;
    auto one = t.fresh(monday + 9h), other = t.fresh(monday + days{1} + 9h);
    t.resolve(one, monday + days{2} + 9h);
    t.reopen(one, monday + days{3} + 9h);
    t.all.put(one);
    t.all.put(other);
    reporting::request r{.what = "backlog", .to = monday + days{4}, .now = monday + days{10}};
    CHECK(to_csv(report(t.all, r).value()) ==
          "day,open\r\n2026-01-05,1\r\n2026-01-06,2\r\n2026-01-07,1\r\n2026-01-08,2\r\n");
    r.from = monday + days{2};
    CHECK(to_csv(report(t.all, r).value()) == "day,open\r\n2026-01-07,1\r\n2026-01-08,2\r\n");
}

TEST_CASE(
    "given a ticket that changed hands, when the backlog is told by team, then each team has it while it held it") {
    told t;
    auto one = t.fresh(monday + 9h);
    t.hand_over(one, "network", monday + days{1} + 9h);
    t.resolve(one, monday + days{2} + 9h);
    t.all.put(one);
    reporting::request const r{
        .what = "backlog", .by = {"team", "day"}, .to = monday + days{3}, .now = monday + days{10}};
    CHECK(to_csv(report(t.all, r).value()) ==
          "team,day,open\r\n"
          "desk,2026-01-05,1\r\ndesk,2026-01-06,0\r\ndesk,2026-01-07,0\r\n"
          "network,2026-01-05,0\r\nnetwork,2026-01-06,1\r\nnetwork,2026-01-07,0\r\n");
}

TEST_CASE("given a ticket that was resolved by who had it first, when first contacts are counted, then it is one") {
    told t;
    auto at_once = t.fresh(monday), passed_on = t.fresh(monday), twice = t.fresh(monday), chatty = t.fresh(monday);
    t.hand_over(passed_on, "network", monday + 1h);
    t.reopen(twice, monday + 1h);
    chatty.replies = 2;
    for (auto* one : {&at_once, &passed_on, &twice, &chatty}) {
        t.resolve(*one, monday + 2h);
        t.all.put(*one);
    }
    CHECK(t.ask("fcr", {"month"}) == "month,resolved,first_contact,share\r\n2026-01,4,1,0.25\r\n");
}

TEST_CASE("given a ticket in two states over midnight, when time is told by day, then each day has its part") {
    told t;
    auto one = t.fresh(monday + 22h);
    t.resolve(one, monday + 27h);
    one.closed_at = monday + 30h;
    t.all.put(one);
    CHECK(t.ask("time", {"state", "day"}) ==
          "state,day,tickets,wall_seconds,working_seconds,mean_wall_seconds\r\n"
          "new,2026-01-05,1,7200,0,7200\r\nnew,2026-01-06,1,10800,0,10800\r\nresolved,2026-01-06,1,10800,0,10800\r\n");
}

TEST_CASE("given a ticket that came back, when reopenings are told by team, then those count who had resolved it") {
    told t;
    auto one = t.fresh(monday);
    t.resolve(one, monday + 1h);
    t.reopen(one, monday + 2h);
    t.hand_over(one, "network", monday + 3h);
    t.resolve(one, monday + 4h);
    t.all.put(one);
    CHECK(t.ask("reopen", {"team"}) == "team,resolutions,reopenings,share\r\ndesk,1,1,1\r\nnetwork,1,0,0\r\n");
}

TEST_CASE("given time that was logged, when costs are asked for, then a ticket costs its hours") {
    told t;
    auto one = t.fresh(monday), other = t.fresh(monday);
    one.time_entries = {{"luc", 30min, monday}, {"eva", 30min, monday}};
    for (auto* each : {&one, &other}) {
        t.resolve(*each, monday + 1h);
        t.all.put(*each);
    }
    CHECK(t.ask("cost", {"quarter"}) ==
          "quarter,resolved,logged_seconds,seconds_a_ticket,cost,cost_a_ticket\r\n2026-Q1,2,3600,1800,60,30\r\n");
}

TEST_CASE("given categories, when causes are asked for, then the most frequent comes first, with its share") {
    told t;
    for (auto const* category : {"printer", "network", "network", "network"}) {
        auto one = t.fresh(monday);
        one.category = category;
        t.resolve(one, monday + 1h);
        t.all.put(one);
    }
    CHECK(t.ask("causes", {"category"}) ==
          "category,resolved,share,logged_seconds\r\nnetwork,3,0.75,0\r\nprinter,1,0.25,0\r\n");
}

TEST_CASE("given answers of requesters, when satisfaction is asked for, then silence counts for nothing") {
    told t;
    for (std::uint32_t const score : {5U, 4U, 0U, 1U}) {
        auto one = t.fresh(monday);
        t.resolve(one, monday + 1h);
        t.all.put(one, score);
    }
    CHECK(t.ask("satisfaction", {"year"}) == "year,resolved,answers,score,content\r\n2026,4,3,3.33333,0.666667\r\n");
}

TEST_CASE("given a verdict that was taken back, when promises are counted, then it counts until it was") {
    told t;
    auto one = t.fresh(monday);
    t.all.put(one);
    t.all.hear(one.id, monday + 1h, clock_met{.metric = "resolution", .policy = "gold"});
    t.all.hear(one.id, monday + 2h, clock_restarted{.metric = "resolution"});
    t.all.hear(one.id, monday + 5h, clock_breached{.metric = "resolution", .policy = "gold", .due = monday + 4h});
    auto const csv = [&](instant to) {
        return to_csv(report(t.all, {.what = "sla", .by = {"policy"}, .to = to, .now = monday + days{1}}).value());
    };
    CHECK(csv(monday + 90min) == "policy,met,breached,share,latest_seconds\r\ngold,1,0,1,0\r\n");
    CHECK(csv(monday + 3h) == "policy,met,breached,share,latest_seconds\r\n");
    CHECK(csv(monday + 6h) == "policy,met,breached,share,latest_seconds\r\ngold,0,1,0,3600\r\n");
}

TEST_CASE("given a condition, when a report is asked for, then only tickets for which it holds are counted") {
    told t;
    for (auto const* team : {"desk", "network", "network"}) {
        auto one = t.fresh(monday, team);
        one.replies = team[0] == 'n' ? 3 : 0;
        t.all.put(one);
    }
    CHECK(t.ask("volume", {"team"}, "team = \"network\"") == "team,opened,resolved,closed\r\nnetwork,2,0,0\r\n");
    CHECK(t.ask("volume", {"team"}, "replies < 1 and open = true") == "team,opened,resolved,closed\r\ndesk,1,0,0\r\n");
    reporting::request r{.what = "volume", .now = monday + days{1}};
    r.where = expr::condition::parse("subject contains \"x\"", ticket_schema({})).value();
    CHECK(report(t.all, r).error().why() == reason::unknown_field);
}

TEST_CASE("given what nobody can report, when it is asked for, then the message names what there is") {
    told t;
    t.all.put(t.fresh(monday));
    auto const why = [&](reporting::request const& r) { return report(t.all, r).error()["path"]; };
    CHECK(why({.what = "weather"}) == "report");
    CHECK(why({.what = "volume", .by = {"colour"}}) == "by");
    CHECK(why({.what = "volume", .by = {"metric"}}) == "by");
    CHECK(why({.what = "volume", .by = {"day", "month"}}) == "by");
    CHECK(to_csv(report(reporting::ledger{}, {.what = "backlog"}).value()) == "day,open\r\n");
}

TEST_CASE("given weeks at the turn of a year, when they are named, then as ISO 8601 has it") {
    told t;
    t.all.put(t.fresh(instant{std::chrono::sys_days{std::chrono::year{2027} / 1 / 3}}));
    CHECK(t.ask("volume", {"week"}) == "week,opened,resolved,closed\r\n2026-W53,1,0,0\r\n");
}

TEST_CASE("given names that a spreadsheet would calculate, when a report is written as CSV, then they stay names") {
    CHECK(reporting::csv_field("=1+1") == "'=1+1");
    CHECK(reporting::csv_field("@SUM(A1)") == "'@SUM(A1)");
    CHECK(reporting::csv_field("-2") == "'-2");
    CHECK(reporting::csv_field("\tx") == "'\tx");
    CHECK(reporting::csv_field("=\"a\",b") == "\"'=\"\"a\"\",b\"");
    CHECK(reporting::csv_field("L1 - network") == "L1 - network");
}

TEST_CASE("given names with markup, when a chart is drawn, then they are text in it, and it says what it shows") {
    told t;
    for (auto const* team : {"<script>alert(1)</script>", "net & web"})
        t.all.put(t.fresh(monday, team));
    reporting::request r{.what = "volume", .by = {"team"}, .now = monday + days{1}};
    auto const bars = to_svg(report(t.all, r).value(), {.title = "Tickets \"opened\""});
    CHECK(bars.find("<script") == bars.npos);
    CHECK(bars.find("net &amp; web") != bars.npos);
    CHECK(bars.find("<title id=\"title\">Tickets &quot;opened&quot;</title>") != bars.npos);
    CHECK(bars.find("<desc id=\"description\">opened / team</desc>") != bars.npos);
    r.by = {"day", "team"};
    auto const lines = to_svg(report(t.all, r).value());
    CHECK(lines.find("<polyline") != lines.npos);
    CHECK(lines.find("<script") == lines.npos);
}
