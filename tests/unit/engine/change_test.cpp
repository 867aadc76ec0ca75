/// Thresholds, families, proofs, and changes of the configuration, seen from the desk.
#include "help_desk.hpp"
#include "sla_desk.hpp"

#include <guichet/model/calendar_document.hpp>

#include <doctest/doctest.h>

#include <algorithm>

namespace {

using namespace guichet;
using namespace std::chrono;

TEST_CASE("given thresholds before and after a target, when time passes, then each is reached once, to the second") {
    help_desk d;
    auto p = contract();
    p.thresholds = {{"resolution", "", "50%"}, {"resolution", "soon", "-30min"}, {"resolution", "", "+1h"}};
    put(d, p);
    auto const began = d.world.now(); // Monday 09:00
    auto const id = d.opened(d.ana);
    pass(d, 30h);
    auto const reached = told<clock_threshold_reached>(d, id);
    REQUIRE(reached.size() == 3);
    CHECK(reached[0].threshold == "50%");
    CHECK(reached[0].due == began + 4h);
    CHECK(reached[1].threshold == "soon");
    CHECK(reached[1].due == began + 7h + 30min);
    CHECK(reached[2].due == began + 9h); // the desk closes at 18:00, which is 9 h of working time
    CHECK_FALSE(reached[2].overrun);
    CHECK(d.sound());
}

TEST_CASE("given a deadline that moves into the future, when its threshold comes again, then it is reached again") {
    help_desk d;
    auto p = contract("2h");
    p.thresholds = {{"resolution", "half", "50%"}};
    put(d, p);
    auto const id = d.opened(d.ana);
    pass(d, 90min);
    CHECK(told<clock_threshold_reached>(d, id).size() == 1);
    p.targets[0].within = "8h"; // half of it is at 13:00
    put(d, p);
    pass(d, 5h);
    auto const reached = told<clock_threshold_reached>(d, id);
    REQUIRE(reached.size() == 2);
    CHECK(reached[1].due == reached[0].due + 3h);
    CHECK(reached[1].policy_version == 2);
    CHECK(d.sound());
}

// Known to fail: a contract that moves a threshold from one instant of the past to a later one of the past, after the
// ticket's last event, makes it be reached again. The same move by a priority does not.
TEST_CASE(
    "given a threshold that was passed, when a deadline moves but its threshold stays in the past, then it is not "
    "reached again") {
    for (bool const by_contract : {false, true}) {
        CAPTURE(by_contract);
        help_desk d;
        auto p = contract("4h");
        p.targets.push_back({"resolution", "critical", "6h", {}});
        p.thresholds = {{"resolution", "half", "50%"}};
        put(d, p);
        auto const id = d.opened(d.ana);
        pass(d, 3h + 30min); // half of four hours was at 11:00
        REQUIRE(told<clock_threshold_reached>(d, id).size() == 1);
        if (by_contract) {
            p.targets[0].within = "6h"; // half of it was at 12:00, and it is 12:30
            put(d, p);
        } else
            d.act(d.luc, set_priority{{}, {}, "critical"}, id).value();
        pass(d, 1min);
        CHECK(told<clock_threshold_reached>(d, id).size() == 1);
    }
}

TEST_CASE("given a desk that was down, when thresholds had passed, then the catch-up says which count") {
    struct expectation {
        char const* catch_up;
        std::vector<bool> overrun;
    };
    for (auto const& [catch_up, overrun] :
         {expectation{"all", {false, false}}, {"once", {true, false}}, {"skip", {true, true}}}) {
        CAPTURE(catch_up);
        help_desk d;
        auto p = contract();
        p.thresholds = {{"resolution", "", "20%"}, {"resolution", "", "40%"}};
        p.catch_up = catch_up;
        put(d, p);
        auto const id = d.opened(d.ana);
        d.world.advance(5h); // nobody pumped
        d.desk->pump().value();
        std::vector<bool> found;
        for (auto const& e : told<clock_threshold_reached>(d, id))
            found.push_back(e.overrun);
        CHECK(found == overrun);
    }
}

TEST_CASE("given a customer's contract and a team's own promise, when the ticket is handed over, then both run") {
    help_desk d;
    put(d, contract());
    auto own = contract();
    own.family = "team";
    own.targets = {{"handover", "", "1h", {}}};
    put(d, own, "network team");
    auto const id = d.act(d.ana, open_ticket{.subject = "No network", .team = "desk"})->ticket;
    pass(d, 40min);
    REQUIRE(d.act(d.luc, hand_over_ticket{{}, "network", {}, {}}, id).has_value());
    auto const met = told<clock_met>(d, id);
    REQUIRE(met.size() == 1);
    CHECK(met[0].metric == "team/handover");
    pass(d, 61min);
    auto const breached = told<clock_breached>(d, id);
    REQUIRE(breached.size() == 1);
    CHECK(breached[0].cycle == 2);
    CHECK(breached[0].policy == "network team");
    auto const clocks = d.desk->clocks(d.desk->find(id, d.luc).value()).value();
    CHECK(std::any_of(clocks.begin(), clocks.end(), [](auto const& c) { return c.metric == "resolution"; }));
    CHECK(d.sound());
}

TEST_CASE("given targets by condition, by working days and by a contractual date, then each finds its deadline") {
    help_desk d;
    auto lifecycle = itil_lifecycle();
    lifecycle.fields = {{{"promised", "", ""}, "date", {}, {}}};
    d.configure("lifecycle", "default", encode(lifecycle)).value();
    auto p = contract();
    p.targets.push_back({"resolution", "", "1h", {}, raw_json{R"({"field":"queue","op":"=","value":"vip"})"}});
    p.targets.push_back({"resolution", "low", "2wd", {}, {}, true});
    put(d, p);
    auto dated = contract();
    dated.family = "supplier";
    dated.targets = {{"resolution", "", "", {}, {}, false, "promised"}};
    put(d, dated, "supplier");
    auto const due = [&](ticket_id id, std::string_view metric) {
        for (auto const& c : d.desk->clocks(d.desk->find(id, d.luc).value()).value())
            if (c.metric == metric)
                return c.due;
        return std::optional<instant>{};
    };
    auto const nine = d.world.now();
    auto const vip = d.act(d.luc, open_ticket{.subject = "s", .queue = "vip"})->ticket;
    CHECK((due(vip, "resolution") == nine + 1h));
    CHECK_FALSE(due(vip, "supplier/resolution").has_value());
    auto const low = d.act(d.luc, open_ticket{.subject = "s", .priority = "low"})->ticket;
    CHECK((due(low, "resolution") == nine + days{2} + 9h));
    auto const promised =
        d.act(d.luc, open_ticket{.subject = "s", .fields = {{"promised", std::string{"2026-01-09"}, 0}}})->ticket;
    CHECK((due(promised, "supplier/resolution") == nine + days{4} + 9h));
    CHECK(d.sound());
}

TEST_CASE("given a pause, when the clock is explained, then the proof names the event and sums to what was used") {
    help_desk d;
    put(d, contract());
    auto const id = d.opened(d.ana);
    pass(d, 2h);
    auto const paused = d.act(d.luc, wait_until{}, id).value();
    d.act(d.luc, assign_ticket{"luc"}, id).value(); // at the same instant, and not what made it pause
    pass(d, 24h);
    REQUIRE(d.act(d.ana, reply{.text = "Here it is"}, id).has_value());
    pass(d, 1h);
    auto const proofs = d.desk->explain(id, d.luc).value();
    REQUIRE(proofs.size() == 1);
    auto const& p = proofs[0];
    CHECK(p.consumed == 3h);
    CHECK(p.calendar == "default");
    REQUIRE(p.intervals.size() >= 3);
    CHECK(p.intervals[1].kind == sla::proof_kind::paused);
    CHECK(p.intervals[1].name == "pending");
    CHECK(p.intervals[1].event == paused.version);
    CHECK(p.intervals.back().when.to == p.due);
    CHECK(p.intervals.back().total == p.target);
}

TEST_CASE("given a stricter policy, when it is previewed, then nothing is written and the consequences are told") {
    help_desk d;
    put(d, contract());
    auto const id = d.opened(d.ana);
    d.opened(d.bob);
    pass(d, 3h);
    auto const before = d.desk->find(id, d.luc).value();
    document const stricter{"policy", "standard", 0, encode(contract("2h")), {}, {}};
    auto const told_so = d.desk->preview(std::span{&stricter, 1}, d.root).value();
    CHECK(told_so.open_tickets == 2);
    CHECK(told_so.affected == 2);
    CHECK(told_so.become_late == 2);
    CHECK(told_so.would_fire == 2);
    REQUIRE(told_so.moved.size() == 2);
    CHECK((told_so.moved[0].from == before.due_at));
    CHECK((told_so.moved[0].to == before.created_at + 2h));
    CHECK(d.desk->find(id, d.luc)->due_at == before.due_at);
    CHECK(d.desk->preview(std::span{&stricter, 1}, d.luc).error().why() == reason::right_missing);

    d.desk->configure(std::span{&stricter, 1}, d.root).value();
    CHECK(d.desk->find(id, d.luc)->due_at == before.created_at + 2h);
    d.desk->pump().value();
    CHECK(told<clock_breached>(d, id).size() == 1);
    d.desk->roll_back("policy", "standard", 1, d.root).value();
    CHECK(d.desk->find(id, d.luc)->due_at == before.due_at);
    CHECK(told<clock_breached>(d, id)[0].policy_version == 2); // the verdict keeps the version that gave it
    CHECK(d.sound());
}

TEST_CASE("given many open tickets, when a change is applied, then the pump follows in batches, also after a crash") {
    testing::simulated_environment world{instant{sys_days{year{2026} / 1 / 5} + 9h}};
    auto const store = memory_store();
    actor const root{.person = "root", .role = "administrator"};
    auto desk = guichet::desk::open(store, world).value();
    for (int i = 0; i < 2'500; ++i)
        desk->execute({.by = {.person = "ana"}, .body = open_ticket{.subject = "s"}}).value();
    document const p{"policy", "standard", 0, encode(contract("3h")), {}, {}};
    desk->apply(std::span{&p, 1}, root).value();
    CHECK(desk->behind());
    CHECK((desk->next_wakeup().value() == world.now()));
    auto const counted = [&] {
        view done;
        done.where = R"({"field":"due_at","op":"<=","value":"2026-01-05T12:00:00Z"})";
        return desk->count(std::span{&done, 1}, {.person = "eva", .role = "supervisor"}).value()[0].count;
    };
    CHECK(counted() == 0);
    desk->pump({.timers_max = 1'000}).value();
    CHECK(counted() == 1'000);
    desk = guichet::desk::open(store, world).value(); // a crash: the store knows that there is more to do
    CHECK(desk->behind());
    while (desk->behind())
        desk->pump().value();
    CHECK(counted() == 2'500);
    CHECK(desk->verify().value().problems.empty());
}

TEST_CASE("given exchanges in time and late, when the report is asked for, then every cycle counts once") {
    help_desk d;
    auto p = contract();
    p.targets = {{"next_response", "", "1h", {}}, {"resolution", "", "8h", {}}};
    put(d, p);
    auto const id = d.opened(d.ana, "No network", "Since noon");
    pass(d, 30min);
    REQUIRE(d.act(d.luc, reply{.text = "Which room?"}, id).has_value()); // in time
    REQUIRE(d.act(d.ana, reply{.text = "Room 12"}, id).has_value());
    pass(d, 2h);
    REQUIRE(d.act(d.luc, reply{.text = "I come"}, id).has_value()); // an hour late
    REQUIRE(d.act(d.luc, resolve_ticket{.code = "fixed"}, id).has_value());
    REQUIRE(d.act(d.ana, reopen_ticket{}, id).has_value());
    pass(d, 1h);
    REQUIRE(d.act(d.luc, resolve_ticket{.code = "fixed"}, id).has_value()); // the same cycle, judged again
    auto const rows = d.desk->attainment({}, d.root).value();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].metric == "next_response");
    CHECK(rows[0].month == "2026-01");
    CHECK(rows[0].met == 1);
    CHECK(rows[0].breached == 1);
    CHECK(rows[1].metric == "resolution");
    CHECK(rows[1].met == 1);
    CHECK(rows[1].breached == 0);
    auto const by_metric = d.desk->attainment({}, d.root, {"metric"}).value();
    REQUIRE(by_metric.size() == 2);
    CHECK(by_metric[0].month.empty());
    CHECK(d.desk->attainment({}, d.root, {"colour"}).error()["path"] == "by");
    CHECK(d.desk->attainment({.from = d.world.now() + 1h}, d.root)->empty());
    CHECK(d.desk->attainment({}, d.luc).error().why() == reason::right_missing);
}

TEST_CASE("given tickets that moved, when it is asked where time went, then states, teams and tiers are told") {
    help_desk d;
    put(d, contract());
    auto const id = d.opened(d.ana);
    pass(d, 1h);
    d.act(d.luc, hand_over_ticket{.team = "network", .tier = "L2"}, id).value();
    pass(d, 2h);
    d.act(d.luc, wait_until{}, id).value();
    pass(d, 24h); // from Monday noon to Tuesday noon: nine hours of work
    d.act(d.luc, close_ticket{}, id).value();
    pass(d, days{9});
    auto const rows = d.desk->time_spent({}, d.eva).value();
    auto const find = [&](std::string_view dimension, std::string_view name) {
        auto const at = std::find_if(rows.begin(), rows.end(),
                                     [&](auto const& r) { return r.dimension == dimension && r.name == name; });
        REQUIRE(at != rows.end());
        return *at;
    };
    CHECK(find("state", "new").wall == 3h);
    CHECK(find("state", "pending").wall == 24h);
    CHECK(find("state", "pending").working == 9h);
    CHECK(find("team", "network").wall == 26h);
    CHECK(find("tier", "L2").working == 11h);
    CHECK(find("tier", "L2").tickets == 1);
    auto const monday = d.desk->time_spent({.to = d.desk->find(id, d.eva)->created_at + 2h}, d.eva).value();
    CHECK(monday.size() == 3); // one state, one team, one tier
    CHECK(d.desk->time_spent({}, d.eva, "moon").error()["path"] == "calendar");
    CHECK(d.desk->time_spent({}, d.bob)->empty()); // sees none of them
}

TEST_CASE("given clocks that run out, when the next hours are forecast, then the least working time left comes first") {
    help_desk d;
    auto p = contract("20h");
    p.targets.push_back({"resolution", "critical", "4h", {}});
    put(d, p);
    auto const slow = d.opened(d.ana); // due on Wednesday at 11:00
    pass(d, 8h);
    auto const fast = d.act(d.luc, open_ticket{.subject = "Server room", .priority = "critical"})->ticket;
    pass(d, 1h + 16h); // Tuesday 10:00, two hours before the fast one is due
    auto const soon = d.desk->at_risk(4h, d.eva).value();
    REQUIRE(soon.size() == 1);
    CHECK(soon[0].ticket == fast);
    CHECK(soon[0].left.working == 2h);
    auto const later = d.desk->at_risk(26h, d.eva).value();
    REQUIRE(later.size() == 2);
    CHECK(later[1].ticket == slow);
    CHECK(later[1].left.working == 10h);
    CHECK(later[1].left.wall == 25h);
    pass(d, 3h);
    CHECK(d.desk->at_risk(1h, d.eva)->at(0).left.working == -1h);
    CHECK(d.desk->at_risk(26h, d.bob)->empty());
}

TEST_CASE("given another priority matrix, when it is previewed, then the tickets it would rank otherwise are counted") {
    help_desk d;
    d.opened(d.ana);
    d.act(d.luc, open_ticket{.subject = "Kept", .priority = "critical"}).value();
    auto rules = itil_lifecycle();
    for (auto& cell : rules.matrix)
        if (cell.impact == rules.default_impact && cell.urgency == rules.default_urgency)
            cell.priority = "high";
    document const changed{"lifecycle", "default", 0, encode(rules), {}, {}};
    auto const told_so = d.desk->preview(std::span{&changed, 1}, d.root).value();
    CHECK(told_so.open_tickets == 2);
    CHECK(told_so.priorities_differ == 1); // the other one was set by hand
}

TEST_CASE("given sites that share a calendar's holidays, when it gets another one, then all their deadlines follow") {
    help_desk d;
    std::vector<document> documents{
        {"calendar", "france", 0, R"({"tz":"UTC","weekly":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]]}})"},
        {"calendar", "default", 0, R"({"extends":"france","tz":"UTC"})"}};
    d.desk->configure(documents, d.root).value();
    put(d, contract("4h"));
    auto const nine = d.world.now();
    auto const id = d.opened(d.ana);
    auto const due = [&] { return d.desk->clocks(d.desk->find(id, d.luc).value()).value().at(0).due; };
    CHECK((due() == nine + 4h));
    documents[0].body = R"({"tz":"UTC","weekly":{"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]]},
        "holidays":["2026-01-05"]})";
    CHECK(d.desk->preview(std::span{documents.data(), 1}, d.root)->deadlines_moved == 1);
    d.desk->configure(documents[0], d.root).value();
    CHECK((due() == nine + 24h + 4h));
    CHECK(d.sound());
}

TEST_CASE("given a calendar that another one extends, when it is withdrawn or turned round, then the place is named") {
    help_desk d;
    d.configure("calendar", "france", R"({"tz":"Europe/Paris"})").value();
    d.configure("calendar", "lyon", R"({"extends":"france"})").value();
    auto const refused = [&](std::string body) {
        auto const done = d.configure("calendar", "france", std::move(body));
        return done ? std::string{"accepted"} : std::string{done.error()["path"]};
    };
    CHECK(refused("") == "calendar.lyon.extends");
    CHECK(refused(R"({"extends":"lyon"})") == "calendar.lyon.extends");
    CHECK(refused(R"({"tz":"Europe/Pari"})") == "calendar.france.tz");
    CHECK(refused(R"({"extends":"default"})") == "accepted"); // the built-in one
}

TEST_CASE("given documents that make no sense, when they are stored, then the error names the place") {
    help_desk d;
    auto const refused = [&](policy_document const& p) {
        auto const done = d.configure("policy", "standard", encode(p));
        return done ? std::string{"accepted"} : std::string{done.error()["path"]};
    };
    auto p = contract();
    p.boundary = "middle";
    CHECK(refused(p) == "policy.standard.boundary");
    p = contract();
    p.targets[0].metric = "patience";
    CHECK(refused(p) == "policy.standard.targets[0].metric");
    p = contract("3 moons");
    CHECK(refused(p) == "policy.standard.targets[0].within");
    p = contract("0wd");
    CHECK(refused(p) == "policy.standard.targets[0].within");
    p = contract();
    p.thresholds = {{"resolution", "", "soon"}};
    CHECK(refused(p) == "policy.standard.thresholds[0].at");
    p.thresholds = {{"handover", "", "80%"}};
    CHECK(refused(p) == "policy.standard.thresholds[0].metric");
    p.thresholds = {{"resolution", "", "80%"}, {"resolution", "80%", "90%"}};
    CHECK(refused(p) == "policy.standard.thresholds[1].name");
    p = contract();
    p.metrics = {{"resolution", {}, true, "backwards"}};
    CHECK(refused(p) == "policy.standard.metrics[0].mode");
    p.metrics = {{"resolution", std::vector<std::string>{"asleep"}, true, ""}};
    CHECK(refused(p) == "policy.standard.metrics[0].pause[0]");
    p = contract();
    p.catch_up = "never";
    CHECK(refused(p) == "policy.standard.catch_up");
    CHECK_FALSE(d.desk->roll_back("policy", "standard", 7, d.root).has_value());
}

} // namespace
