/// Triggers, guards, macros and rules of time, seen from the desk.
#include "rules_desk.hpp"

#include <doctest/doctest.h>

namespace {

using namespace guichet;
using namespace std::chrono;

/// A calendar that is open from 22:00 to midnight.
void calendar_document_for_night(help_desk& d) {
    d.configure("calendar", "night", R"({"tz":"UTC","weekly":{"mon":[["22:00","24:00"]]}})").value();
}

/// Priority and state of a ticket that somebody opens under a set of rules.
std::string outcome_of(rules_document const& set) {
    help_desk d;
    put(d, set).value();
    auto const t = d.desk->find(d.opened(d.ana), d.luc).value();
    CHECK(d.sound());
    return t.priority + ", " + t.state;
}

TEST_CASE("given rules in order, when a ticket is opened, then each sees what those before it did") {
    CHECK(outcome_of(the_rules({trigger("R1", created, is("state", "new"), {priority("high")}),
                                trigger("R2", created, is("priority", "high"), {state("closed")})})) == "high, closed");
}

TEST_CASE("given rules that undo each other, when a ticket is opened, then each fires once") {
    CHECK(outcome_of(the_rules({trigger("R1", {}, is("priority", "normal"), {priority("high"), state("closed")}),
                                trigger("R2", {}, is("priority", "high"), {priority("low"), state("open")}),
                                trigger("R3", {}, is("priority", "low"), {priority("normal")})})) == "normal, open");
}

TEST_CASE("given a rule that changes what a later one asks for, when a ticket is opened, then that one stays still") {
    CHECK(outcome_of(the_rules({trigger("R1", created, is("priority", "normal"), {priority("high")}),
                                trigger("R2", created, is("priority", "normal"), {state("open")}),
                                trigger("R3", created, both(is("priority", "normal"), is("state", "open")),
                                        {state("closed")})})) == "high, new");
}

TEST_CASE("given a rule that an later one prepares, when sets chain, then it fires in the next pass, else never") {
    auto set = the_rules({trigger("R1", created, both(is("priority", "high"), is("state", "open")), {state("closed")}),
                          trigger("R2", created, is("priority", "normal"), {priority("high")}),
                          trigger("R3", created, "", {state("open")})});
    CHECK(outcome_of(set) == "high, closed");
    set.chaining = false;
    CHECK(outcome_of(set) == "high, open");
}

TEST_CASE("given a chain against the order, when its depth is limited, then it is cut there and the log says so") {
    auto set = the_rules({trigger("R0", created, is("priority", "low"), {state("closed")}),
                          trigger("R1", created, is("priority", "high"), {priority("low")}),
                          trigger("R2", created, is("priority", "normal"), {priority("high")})});
    set.depth = 2;
    CHECK(outcome_of(set) == "low, new");
    set.depth = 3;
    CHECK(outcome_of(set) == "low, closed");
    set.chaining = false;
    CHECK(outcome_of(set) == "high, new");

    set.chaining = true;
    set.depth = 2;
    help_desk d;
    put(d, set).value();
    auto const cut = told<rules_cut>(d, d.opened(d.ana));
    REQUIRE(cut.size() == 1);
    CHECK(cut[0].rule == "desk/R0");
    CHECK(cut[0].depth == 2);
}

TEST_CASE("given a rule on a change of owner, when something else changes, then it does not fire") {
    help_desk d;
    put(d, the_rules({trigger("owner", {},
                              both(R"({"field":"assignee","op":"changed","value":true})", is("priority", "high")),
                              {R"({"command":"add_note","text":"A new owner"})"})}))
        .value();
    auto const id = d.opened(d.ana);
    d.act(d.luc, set_priority{{}, {}, "high"}, id).value();
    CHECK(told<message_added>(d, id).empty());
    d.act(d.luc, assign_ticket{"luc"}, id).value();
    CHECK(told<message_added>(d, id).size() == 1);
    d.act(d.luc, tag_ticket{{"vip"}, {}}, id).value();
    CHECK(told<message_added>(d, id).size() == 1);
    auto const history = d.desk->history(id, d.luc).value();
    auto const note = std::find_if(history.begin(), history.end(),
                                   [](event const& e) { return std::holds_alternative<message_added>(e.body); });
    CHECK(note->cause.what == "rule:desk/owner");
    CHECK(note->actor == system_person);
}

TEST_CASE("given an action that changes nothing, when rules chain, then it is no change and chains nothing") {
    help_desk d;
    put(d, the_rules({trigger("late", created, is("impact", "high"), {state("closed")}),
                      trigger("same", created, "", {priority("normal")})}))
        .value();
    auto const id = d.opened(d.ana);
    CHECK(d.desk->history(id, d.luc)->size() == 1);
}

TEST_CASE("given a rule that stops its set, when it fires, then later ones of the set do not, and other sets go on") {
    help_desk d;
    auto first = trigger("first", created, "", {priority("high")});
    first.stop = true;
    put(d, the_rules({first, trigger("second", created, "", {state("open")})})).value();
    auto other = the_rules({trigger("tag", created, "", {R"({"command":"tag_ticket","add":["seen"]})"})});
    other.name = "other";
    other.position = 5;
    put(d, other).value();
    auto const t = d.desk->find(d.opened(d.ana), d.luc).value();
    CHECK(t.priority == "high");
    CHECK(t.state == "new");
    CHECK(t.tags == std::vector<std::string>{"seen"});
}

TEST_CASE("given a guard, when a command would do what it forbids, then it is refused in both languages, and nothing "
          "is written") {
    help_desk d;
    rule_definition guard;
    guard.name = "code";
    guard.kind = "guard";
    guard.on = {"ticket_resolved"};
    guard.when = {R"({"field":"resolution_code","op":"empty","value":true})"};
    guard.message_en = "Say what it was: a resolution code is needed";
    guard.message_fr = "Dites ce que c'était : un code de résolution est nécessaire";
    put(d, the_rules({guard})).value();
    auto const id = d.opened(d.ana);
    auto const refused = d.act(d.luc, resolve_ticket{}, id);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().why() == reason::rule_refused);
    CHECK(refused.error().describe(language::en).find(guard.message_en) != std::string::npos);
    CHECK(refused.error().describe(language::fr).find(guard.message_fr) != std::string::npos);
    CHECK(d.desk->find(id, d.luc)->version == 1);
    CHECK(d.act(d.luc, resolve_ticket{.code = "fixed"}, id).has_value());
}

TEST_CASE("given a macro, when an agent runs it, then its actions are his, and who may not do them is refused") {
    help_desk d;
    rule_definition take;
    take.name = "take";
    take.kind = "macro";
    take.when = {R"({"field":"open","op":"=","value":true})"};
    take.actions = {{R"({"command":"assign_ticket","assignee":"luc"})"}, {R"({"raise_priority":1})"}, {state("open")}};
    put(d, the_rules({take})).value();
    auto const id = d.opened(d.ana);
    CHECK(d.act(d.luc, run_macro{"desk/none"}, id).error()["path"] == "name");
    CHECK(d.act(d.ana, run_macro{"desk/take"}, id).error().why() == reason::right_missing);
    auto const done = d.act(d.luc, run_macro{"desk/take"}, id).value();
    CHECK(done.events.size() == 3);
    CHECK(done.events[0].actor == "luc");
    CHECK(done.events[0].cause.what == "macro:desk/take");
    auto const t = d.desk->find(id, d.luc).value();
    CHECK(t.priority == "high");
    CHECK(t.assignee == "luc");
    d.act(d.luc, close_ticket{}, id).value();
    CHECK(d.act(d.luc, run_macro{"desk/take"}, id).error().why() == reason::rule_refused);
    CHECK(d.sound());
}

TEST_CASE("given a rule of time, when its time comes, then it fires once, to the second, if its condition holds then") {
    help_desk d;
    rule_definition idle;
    idle.name = "nobody";
    idle.kind = "schedule";
    idle.schedule = {"created_at", "12h", "default"};
    idle.when = {R"({"field":"assignee","op":"empty","value":true})"};
    idle.actions = {{R"({"raise_priority":1})"}};
    auto const tell = trigger("tell", {"priority_set"}, "", {R"({"command":"tag_ticket","add":["raised"]})"});
    put(d, the_rules({idle, tell})).value();
    auto const alone = d.opened(d.ana), taken = d.opened(d.bob); // Monday 09:00; 12 h of work end on Tuesday at 12:00
    d.act(d.luc, assign_ticket{"luc"}, taken).value();
    pass(d, 26h + 59min + 59s);
    CHECK(d.desk->find(alone, d.luc)->priority == "normal");
    pass(d, 1s);
    auto const t = d.desk->find(alone, d.luc).value();
    CHECK(t.priority == "high");
    CHECK(t.tags == std::vector<std::string>{"raised"}); // what a rule of time does is a change like any other
    d.act(d.luc, assign_ticket{""}, taken).value();      // its time has passed: it does not fire after the fact
    pass(d, days{9});
    CHECK(told<priority_set>(d, alone).size() == 1);
    CHECK(told<priority_set>(d, taken).empty());
    CHECK(d.sound());
}

TEST_CASE("given rules of time and a desk that was down, when it is back, then each fires once, late") {
    help_desk d;
    rule_definition soon;
    soon.name = "soon";
    soon.kind = "schedule";
    soon.schedule = {"due_at", "-1h", ""};
    soon.actions = {{R"({"command":"add_note","text":"An hour left"})"}};
    put(d, the_rules({soon})).value();
    put(d, contract("4h"));
    auto const id = d.opened(d.ana);
    d.act(d.luc, add_note{"Before it"}, id).value();
    d.world.set(d.world.now() + 3h + 30min);
    d.act(d.luc, add_note{"The pump is asleep"}, id).value();
    d.desk->pump().value();
    d.desk->pump().value();
    CHECK(told<message_added>(d, id).size() == 3);
    CHECK(d.sound());
}

TEST_CASE("given a storm of rules that feed each other, when a ticket is opened, then it ends with a record") {
    help_desk d;
    std::vector<rule_definition> ring;
    for (int i = 0; i < 50; ++i) {
        auto const tag = [](int n) { return "t" + std::to_string(n % 50); };
        ring.push_back(trigger("R" + std::to_string(49 - i), {},
                               R"({"field":"tags","op":"contains","value":")" + tag(49 - i) + R"("})",
                               {R"({"command":"tag_ticket","add":[")" + tag(50 - i) + R"("]})"}));
    }
    put(d, the_rules(ring)).value();
    auto const id = d.act(d.luc, open_ticket{.subject = "s", .tags = {"t0"}})->ticket;
    CHECK(d.desk->find(id, d.luc)->tags.size() == 11); // ten passes, one rule each
    CHECK(told<rules_cut>(d, id).size() == 1);
    CHECK(d.sound());
}

TEST_CASE("given a ticket that rules changed, when it is asked why, then each change of the field names its cause") {
    help_desk d;
    put(d, the_rules({trigger("vip", {"tags_changed"}, R"({"field":"tags","op":"contains","value":"vip"})",
                              {priority("high")})}))
        .value();
    auto const id = d.opened(d.ana);
    pass(d, 1h);
    d.act(d.luc, tag_ticket{{"vip"}, {}}, id).value();
    pass(d, 1h);
    d.act(d.eva, set_priority{{}, {}, "low"}, id).value();
    auto const origins = d.desk->why(id, "priority", d.luc).value();
    REQUIRE(origins.size() == 3);
    CHECK(origins[0].event == "ticket_opened");
    CHECK(origins[1].cause.what == "rule:desk/vip");
    CHECK((origins[1].to == expr::literal{std::string{"high"}}));
    CHECK(origins[2].actor == "eva");
    CHECK(origins[2].cause.what.empty());
    CHECK(d.desk->why(id, "colour", d.luc).error()["path"] == "field");
    CHECK_FALSE(d.desk->why(id, "priority", d.bob).has_value());
}

TEST_CASE("given a rule that did not fire, when it is asked why not, then the first false condition is named") {
    help_desk d;
    auto at_night = trigger("night", {}, "", {state("open")});
    at_night.hours = "night";
    calendar_document_for_night(d);
    auto first = trigger("first", {"tags_changed"}, is("priority", "normal"), {priority("high")});
    first.stop = true;
    put(d, the_rules({first, trigger("second", {}, both(is("state", "new"), is("queue", "network")), {state("open")}),
                      trigger("third", {"ticket_closed"}, "", {state("open")}),
                      trigger("fourth", {}, is("priority", "high"), {state("open")}), at_night}))
        .value();
    auto const id = d.opened(d.ana);
    pass(d, 1h);
    auto const tagged = d.act(d.luc, tag_ticket{{"vip"}, {}}, id).value();
    auto const verdict = [&](std::string const& rule) { return d.desk->why_not(id, rule, d.luc).value(); };
    CHECK(verdict("desk/first").verdict == rules::rule_verdict::fired);
    auto const second = verdict("desk/second");
    CHECK(second.verdict == rules::rule_verdict::condition_false);
    REQUIRE(second.why.children.size() == 2);
    CHECK(second.why.children[0].verdict);
    CHECK_FALSE(second.why.children[1].verdict);
    CHECK(second.why.children[1].field == "queue");
    CHECK(verdict("desk/third").verdict == rules::rule_verdict::no_event);
    CHECK(verdict("desk/fourth").verdict == rules::rule_verdict::stopped);
    CHECK(verdict("desk/night").verdict == rules::rule_verdict::out_of_hours);
    // At the moment when it was opened, the first one answered other events.
    CHECK(d.desk->why_not(id, "desk/first", d.luc, 1)->verdict == rules::rule_verdict::no_event);
    CHECK(d.desk->why_not(id, "desk/first", d.luc, tagged.version)->verdict == rules::rule_verdict::fired);
    CHECK(d.desk->why_not(id, "desk/none", d.luc).error()["path"] == "rule");
    CHECK(d.desk->why_not(id, "desk/first", d.luc, 99).error()["path"] == "version");
}

TEST_CASE("given a desk at work, when the rules in force are tested on its log, then they do again what they did") {
    help_desk d;
    put(d, the_rules({trigger("vip", {}, R"({"field":"tags","op":"contains","value":"vip"})",
                              {priority("high"), R"({"command":"add_note","text":"Take care"})"}),
                      trigger("open", {"message_added"}, is("state", "new"), {state("open")}),
                      trigger("network", {}, is("priority", "high"),
                              {R"({"command":"hand_over_ticket","queue":"network"})"})}))
        .value();
    for (int i = 0; i < 20; ++i) {
        auto const id = d.opened(d.ana, "s", i % 2 ? "The text" : "");
        pass(d, 7min);
        if (i % 3 == 0)
            d.act(d.luc, tag_ticket{{"vip"}, {}}, id).value();
        pass(d, 20min);
        if (i % 4 == 0)
            d.act(d.luc, reply{.text = "Done"}, id).value();
        pass(d, 3h);
    }
    auto const again = d.desk->back_test({}, {}, d.root).value();
    CHECK(again.differences == 0);
    CHECK(again.changes > 25);
    REQUIRE(again.rules.size() == 3);
    for (auto const& r : again.rules)
        CHECK(r.fired > 0);
    document const other{"rules", "desk", 0, encode(the_rules({trigger("open", created, "", {state("open")})})),
                         {},      {}};
    auto const candidate = d.desk->back_test(std::span{&other, 1}, {}, d.root).value();
    CHECK(candidate.differences > 0);
    auto const open = std::find_if(candidate.rules.begin(), candidate.rules.end(),
                                   [](auto const& r) { return r.rule == "desk/open"; });
    CHECK(open->fired == 20);
    auto const before = d.desk->stats()->events;
    auto const id = d.opened(d.bob);
    auto const tried = d.desk->dry_run(std::span{&other, 1}, id, d.luc).value();
    CHECK(tried.events.size() == 1);
    view all;
    all.limit = 100;
    auto const tried_on_all = d.desk->dry_run(std::span{&other, 1}, all, d.luc).value();
    CHECK(tried_on_all.size() == d.desk->query(all, d.luc).value().tickets.size());
    CHECK(std::any_of(tried_on_all.begin(), tried_on_all.end(),
                      [&](dry_run_of_ticket const& one) { return one.ticket == id && one.report.events.size() == 1; }));
    CHECK(d.desk->stats()->events == before + 1); // only the opening itself
    CHECK(d.desk->back_test({}, {}, d.luc).error().why() == reason::right_missing);
}

TEST_CASE("given a rule that cannot be, when it is stored, then the error names the place and the way out") {
    help_desk d;
    auto const refused = [&](rule_definition one, reason why, std::string const& path) {
        auto const came_to = put(d, the_rules({std::move(one)}));
        REQUIRE_FALSE(came_to.has_value());
        CHECK(came_to.error().why() == why);
        CHECK(came_to.error()["path"] == "rules.desk.rules[0]." + path);
    };
    auto const good = trigger("r", created, "", {priority("high")});
    auto r = good;
    SUBCASE("no name") { refused((r.name.clear(), r), reason::missing_field, "name"); }
    SUBCASE("no action") { refused((r.actions.clear(), r), reason::missing_field, "actions"); }
    SUBCASE("an unknown event") { refused((r.on = {"ticket_eaten"}, r), reason::unknown_value, "on[0]"); }
    SUBCASE("an unknown kind") { refused((r.kind = "wizard", r), reason::unknown_value, "kind"); }
    SUBCASE("an unknown field") {
        refused((r.when = {is("colour", "red")}, r), reason::condition_field_unknown, "when.field");
    }
    SUBCASE("an unknown calendar") { refused((r.hours = "moon", r), reason::unknown_value, "hours"); }
    SUBCASE("an action that destroys") {
        refused((r.actions = {{R"({"command":"redact_ticket","message":2})"}}, r), reason::bad_configuration,
                "actions[0].command");
    }
    SUBCASE("an action on nobody knows whom") {
        refused((r.actions = {{R"({"on":"cousins","command":"add_note","text":"s"})"}}, r), reason::unknown_value,
                "actions[0].on");
    }
    SUBCASE("a template that is not there") {
        refused((r.actions = {{R"({"mail":{"to":["requester"],"wording":"none"}})"}}, r), reason::unknown_value,
                "actions[0].mail.wording");
        refused((r.actions = {{R"({"command":"reply","wording":"none"})"}}, r), reason::unknown_value,
                "actions[0].wording");
    }
    SUBCASE("a mail to nobody") {
        refused((r.actions = {{R"({"mail":{"wording":"none"}})"}}, r), reason::missing_field, "actions[0].mail.to");
    }
    SUBCASE("a call of nothing") {
        refused((r.actions = {{R"({"call":{"arguments":{}}})"}}, r), reason::missing_field, "actions[0].call.name");
    }
    SUBCASE("words for what does not speak") {
        refused((r.actions = {{R"({"command":"close_ticket","wording":""})"},
                              {R"({"on":"parent","command":"open_ticket"})"}},
                 r),
                reason::bad_configuration, "actions[1].on");
    }
    SUBCASE("an action that is no command") {
        auto const came_to = put(d, the_rules({(r.actions = {{R"({"command":"dance"})"}}, r)}));
        REQUIRE_FALSE(came_to.has_value());
        INFO(came_to.error().describe());
        CHECK(came_to.error()["path"] == "rules.desk.rules[0].actions[0].command");
    }
    SUBCASE("a guard without a message") {
        r.kind = "guard";
        r.actions.clear();
        refused(r, reason::missing_field, "message_en");
    }
    SUBCASE("a macro that waits for a change") {
        r.kind = "macro";
        r.on.clear();
        refused((r.when = {R"({"field":"state","op":"changed","value":true})"}, r), reason::bad_configuration, "when");
    }
    SUBCASE("a schedule from nowhere") {
        r.kind = "schedule";
        r.on.clear();
        r.schedule = {"subject", "1h", ""};
        refused(r, reason::unknown_value, "schedule.since");
    }
}

} // namespace
