#include <guichet/lifecycle/machine.hpp>
#include <guichet/sla/clock.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

auto const nine = instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}} + 9h;

std::shared_ptr<sla::policy_set const> policies(std::vector<sla::versioned_policy> list) {
    auto const rules = lifecycle::machine::compile(itil_lifecycle()).value();
    std::map<std::string, time::calendar> calendars;
    time::calendar_definition always;
    always.always_open = true;
    calendars.emplace("default", time::calendar::compile(sla::office_hours()).value());
    calendars.emplace("always", time::calendar::compile(always).value());
    return sla::policy_set::compile(std::move(calendars), std::move(list), rules->document(), rules->schema()).value();
}

policy_document eight_hours() {
    policy_document out;
    out.name = "eight";
    out.calendar = "always";
    out.pause = {"pending"};
    out.targets = {{"resolution", "", "8h", ""}, {"resolution", "critical", "1h", ""}};
    return out;
}

ticket opened() {
    ticket t;
    t.priority = "normal";
    t.created_at = nine;
    t.spans = {{"new", status::new_, nine}};
    return t;
}

sla::clock only(ticket const& t, sla::policy_set const& set, instant now) {
    auto const all = sla::clocks(t, set, now);
    REQUIRE(all.size() == 1);
    return all[0];
}

} // namespace

TEST_CASE("given a running clock, when time passes, then what is consumed grows and the deadline stays") {
    auto const set = policies({{eight_hours(), 1}});
    auto const t = opened();
    for (auto const passed : {0h, 3h, 8h, 30h}) {
        auto const c = only(t, *set, nine + passed);
        CHECK(c.consumed == passed);
        CHECK(c.due == nine + 8h);
        CHECK_FALSE(c.paused_since);
    }
}

TEST_CASE("given pauses, when the deadline is told, then it moves by exactly the time paused") {
    auto const set = policies({{eight_hours(), 1}});
    auto t = opened();
    t.spans.push_back({"pending", status::pending, nine + 2h});
    CHECK(only(t, *set, nine + 5h).paused_since);
    CHECK(only(t, *set, nine + 5h).due == std::nullopt);
    CHECK(only(t, *set, nine + 5h).consumed == 2h);
    t.spans.push_back({"open", status::open, nine + 12h});
    CHECK(only(t, *set, nine + 13h).due == nine + 18h);
    CHECK(only(t, *set, nine + 13h).consumed == 3h);
    t.spans.push_back({"parts", status::pending, nine + 14h}); // a state that no lifecycle knows any more
    CHECK(only(t, *set, nine + 20h).paused_since);
    CHECK(only(t, *set, nine + 20h).consumed == 4h);
}

TEST_CASE("given a target used up before a pause, when the ticket waits, then the deadline is still the one passed") {
    auto const set = policies({{eight_hours(), 1}});
    auto t = opened();
    t.spans.push_back({"pending", status::pending, nine + 9h});
    auto const c = only(t, *set, nine + 20h);
    CHECK(c.due == nine + 8h);
    CHECK(sla::react(t, {c}, nine + 20h).size() == 1);
    std::vector<timer> wanted;
    sla::wanted_timers(t, {c}, nine + 20h, wanted);
    CHECK(wanted.empty());
}

TEST_CASE(
    "given a stricter target than what is consumed, when the priority rises, then the deadline lies in the past") {
    auto const set = policies({{eight_hours(), 1}});
    auto t = opened();
    t.priority = "critical";
    t.spans.push_back({"pending", status::pending, nine + 30min});
    t.spans.push_back({"open", status::open, nine + 5h});
    CHECK(only(t, *set, nine + 7h).due == nine + 5h + 30min);
    t.spans.erase(t.spans.begin() + 1, t.spans.end());
    CHECK(only(t, *set, nine + 7h).due == nine + 1h);
}

TEST_CASE("given a clock that stops at its deadline or a millisecond later, when it is judged, then only the second is "
          "late") {
    auto const set = policies({{eight_hours(), 1}});
    for (auto const late : {0ms, 1ms}) {
        auto t = opened();
        t.resolved_at = nine + 8h + late;
        t.spans.push_back({"resolved", status::resolved, *t.resolved_at});
        auto const clocks = sla::clocks(t, *set, nine + 100h);
        auto const said = sla::react(t, clocks, nine + 100h);
        REQUIRE(said.size() == 1);
        CHECK(std::holds_alternative<clock_breached>(said[0]) == (late > 0ms));
        CHECK(clocks[0].consumed == 8h + late);
    }
}

TEST_CASE("given a verdict, when nothing changes, then the clock says nothing again") {
    auto const set = policies({{eight_hours(), 1}});
    auto t = opened();
    t.clocks = {{"resolution", "eight", 1, clock_outcome::breached, nine + 8h, nine + 8h}};
    CHECK(sla::react(t, sla::clocks(t, *set, nine + 50h), nine + 50h).empty());
    t.clocks[0].outcome = clock_outcome::met;
    CHECK(sla::react(t, sla::clocks(t, *set, nine + 1h), nine + 1h).size() == 1);   // reopened: it runs again
    CHECK(sla::react(t, sla::clocks(t, *set, nine + 50h), nine + 50h).size() == 2); // and is late at once
}

TEST_CASE("given several policies, when a ticket is looked at, then position, then name, decides") {
    auto first = eight_hours(), second = eight_hours(), third = eight_hours();
    first.name = "b";
    first.position = 5;
    second.name = "a";
    second.position = 5;
    third.name = "vip";
    third.position = 1;
    third.condition.text = R"({"field":"tags","op":"contains","value":"vip"})";
    auto const set = policies({{first, 1}, {second, 4}, {third, 1}});
    auto t = opened();
    CHECK(only(t, *set, nine).policy->name == "a");
    CHECK(only(t, *set, nine).policy->version == 4);
    t.tags = {"vip"};
    CHECK(only(t, *set, nine).policy->name == "vip");
}

TEST_CASE("given a target for one priority only, when a ticket has another, then there is no clock") {
    auto p = eight_hours();
    p.targets = {{"resolution", "critical", "1h", ""}, {"first_response", "", "0s", ""}};
    auto const set = policies({{p, 1}});
    CHECK(sla::clocks(opened(), *set, nine).empty());
    CHECK(sla::earliest_due({}) == std::nullopt);
}

TEST_CASE("given office hours, when a target spans a weekend, then only working time counts") {
    auto p = eight_hours();
    p.calendar = "default";
    auto const set = policies({{p, 1}});
    auto t = opened();
    t.created_at = t.spans[0].since = nine + 4 * 24h + 8h; // Friday at 17:00
    CHECK(only(t, *set, t.created_at).due == nine + 7 * 24h + 7h);
    CHECK(only(t, *set, nine + 7 * 24h).consumed == 1h);
}

TEST_CASE("given a holding in a pause, when work goes on and the ticket is passed on in one instant, then it had no "
          "deadline, whether it had run before or not") {
    policy_document two_hours;
    two_hours.name = "two";
    two_hours.calendar = "always";
    two_hours.pause = {"pending"};
    two_hours.targets = {{"handover", "", "2h", ""}};
    auto const set = policies({{two_hours, 1}});
    auto t = opened();
    t.spans = {{"new", status::new_, nine}, {"pending", status::pending, nine + 1h}, {"open", status::open, nine + 3h}};
    auto const first_of = [&](instant from, instant to) {
        t.holdings = {{"printers", "", from}, {"network", "", to}};
        auto const clocks = sla::clocks(t, *set, nine + 5h);
        REQUIRE(clocks.size() == 2);
        return clocks[0];
    };
    CHECK(first_of(nine + 30min, nine + 3h).due == std::nullopt);
    CHECK(first_of(nine + 2h, nine + 3h).due == std::nullopt);
    CHECK(first_of(nine + 2h, nine + 3h).consumed == 0h);
    CHECK(first_of(nine + 4h, nine + 4h).due == nine + 6h); // taken and passed on at once, while work went on
}
