/// What the lint of rules says, and what it does not say.
#include <guichet/model/codec.hpp>
#include <guichet/rules/lint.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <chrono>

namespace {

using namespace guichet;
using rules::lint_kind;

expr::schema const& schema() {
    static expr::schema const out = [] {
        auto lifecycle = itil_lifecycle();
        lifecycle.fields = {{{"effort", "Effort", "Effort"}, "number", {}, {}}};
        return ticket_schema(lifecycle);
    }();
    return out;
}

/// A trigger: its condition as text (none: always), its actions as JSON.
rule_definition rule(std::string name, std::string when, std::vector<std::string> actions,
                     std::vector<std::string> on = {"message_added"}) {
    rule_definition out;
    out.name = std::move(name);
    out.on = std::move(on);
    if (!when.empty())
        out.when.text = boost::json::serialize(boost::json::value(when));
    for (auto& one : actions)
        out.actions.push_back({std::move(one)});
    return out;
}
std::string const note = R"({"command":"add_note","text":"Called back"})",
                  high = R"({"command":"set_priority","priority":"high"})",
                  low = R"({"command":"set_priority","priority":"low"})",
                  tag = R"({"command":"tag_ticket","add":["seen"]})",
                  untag = R"({"command":"tag_ticket","remove":["seen"]})";
std::string assign(std::string const& name) { return R"({"command":"assign_ticket","assignee":")" + name + R"("})"; }

time::calendar const& office() {
    static auto const out = [] {
        time::calendar_definition always;
        always.tz = "UTC";
        always.always_open = true;
        return time::calendar::compile(std::move(always)).value();
    }();
    return out;
}

std::vector<rules::finding> lint(std::vector<rule_definition> list, rules::known_names const& known = {},
                                 bool chaining = true) {
    rules_document set;
    set.name = "desk";
    set.chaining = chaining;
    set.rules = std::move(list);
    auto const compiled = rules::rule_set::compile({{set, 1}}, schema(), [](std::string_view) { return &office(); });
    return rules::lint(**compiled, known);
}
std::vector<std::string> told(std::vector<rules::finding> const& all) {
    std::vector<std::string> out;
    for (auto const& f : all)
        out.push_back(rules::describe(f));
    return out;
}
bool never(std::string const& when) {
    auto const found = lint({rule("a", when, {high})});
    return found.size() == 1 && found[0].kind == lint_kind::never_true;
}

TEST_CASE("given conditions that contradict themselves, when they are checked, then each is told") {
    CHECK(never("state = new and state = open"));
    CHECK(never("priority in (low, normal) and priority in (high, critical)"));
    CHECK(never("priority > high and priority <= high"));
    CHECK(never("replies > 3 and replies < 2"));
    CHECK(never("replies = 3 and replies != 3"));
    CHECK(never("replies >= 3 and replies <= 3 and not (replies = 3)"));
    CHECK(never("assignee empty and assignee = luc"));
    CHECK(never("tags empty and tags has vip"));
    CHECK(never("tags has vip and not (tags has vip)"));
    CHECK(never("tags has any of (vip, paris) and tags has none of (paris, vip)"));
    CHECK(never("open and not open"));
    CHECK(never("idle > 4h and idle < 2h"));
    CHECK(never("created_at older than 4h and created_at newer than 2h"));
    CHECK(never("due_at within 2h and due_at older than 1h"));
    CHECK(never("state changed to open and state = new"));
    CHECK(never("state changed from new to open and state not changed"));
    CHECK(never("(state = new or state = open) and state = closed"));
    CHECK(never("subject contains printer and not (subject contains printer)"));
    CHECK(never("subject contains printer and subject empty"));
    CHECK(never("assignee in ()"));
    CHECK(never("never"));
    CHECK(never("open != true and open != false and open not empty"));
}

TEST_CASE("given conditions that can hold, when they are checked, then nothing is said") {
    for (auto const* when :
         {"state = new or state = open", "priority >= high and priority <= high", "assignee empty and assignee != luc",
          "replies > 3 and replies < 4", "tags has vip and tags has paris", "tags has none of (vip) and tags empty",
          "state changed from new and state = new", "not (due_at within 2h) and due_at older than 1h",
          "created_at older than 4h and created_at newer than 5h", "open != true and open != false",
          "subject contains printer and not (subject contains ink)", "idle > 2h and idle < 4h",
          "not (tags has all of (vip, paris)) and tags has vip"})
        CHECK_MESSAGE(lint({rule("a", when, {high})}).empty(), when);
}

TEST_CASE("given a trigger without condition, when it names no events, then it is told, with events not") {
    CHECK(told(lint({rule("a", "", {tag}, {})})) ==
          std::vector<std::string>{"desk/a: it has no condition and no events, so it answers every change"});
    CHECK(lint({rule("a", "", {tag})}).empty());
    CHECK(lint({rule("a", "priority = high or priority = low", {tag}, {})}).empty());
}

TEST_CASE("given a rule that ends its set, when a later one asks for more of the same, then that one is shadowed") {
    auto first = rule("first", "priority >= high", {tag});
    first.stop = true;
    auto const shadows = [&](std::string const& when, std::vector<std::string> on = {"message_added"}) {
        auto const found = lint({first, rule("later", when, {note}, std::move(on))});
        return found.size() == 1 && found[0].kind == lint_kind::shadowed &&
               found[0].rules == std::vector<std::string>{"desk/later", "desk/first"};
    };
    CHECK(shadows("priority = critical and state = new"));
    CHECK(shadows("priority = critical or priority = high"));
    CHECK_FALSE(shadows("priority >= normal"));
    CHECK_FALSE(shadows("priority = critical", {}));
    CHECK_FALSE(shadows("priority = critical", {"ticket_opened"}));
    first.on = {};
    CHECK(shadows("priority = critical", {}));
    first.hours = "office";
    CHECK_FALSE(shadows("priority = critical", {}));
}

TEST_CASE("given two rules that can hold at once, when they give a thing different values, then the fight is told") {
    auto const found = lint({rule("a", "tags has vip", {high}), rule("b", "state = new", {low})});
    REQUIRE(found.size() == 1);
    CHECK(found[0].place == "desk/b.actions[0]");
    CHECK(rules::describe(found[0]) == "desk/b: it gives the priority the value \"low\", and desk/a gives \"high\"; "
                                       "both can hold at once, and the later one wins");
    CHECK(rules::describe(found[0], language::fr) ==
          "desk/b : elle donne à la priorité la valeur « low », et desk/a donne « high » ; les deux peuvent être "
          "vraies à la fois, et la dernière l'emporte");
    CHECK(lint({rule("a", "state = open", {high}), rule("b", "state = new", {low})}).empty());
    CHECK(lint({rule("a", "tags has vip", {high}), rule("b", "state = new", {high})}).empty());
    CHECK(lint({rule("a", "tags has vip", {high}), rule("b", "state = new", {low}, {"ticket_opened"})}).empty());
    CHECK(told(lint({rule("a", "tags has vip", {tag}), rule("b", "state = new", {untag})})) ==
          std::vector<std::string>{"desk/b: it takes \"seen\" away, and desk/a adds it; both can hold at once"});
}

TEST_CASE("given rules that undo each other, when sets chain, then the way round is told once, else not at all") {
    std::vector const list{rule("up", "priority = low", {high}), rule("down", "priority = high", {low})};
    auto const found = lint(list);
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == lint_kind::cycle);
    CHECK(found[0].rules == std::vector<std::string>{"desk/up", "desk/down"});
    CHECK(rules::describe(found[0]).starts_with("desk/up > desk/down > desk/up: "));
    CHECK(lint(list, {}, false).empty());
    // What comes to rest is no way round.
    CHECK(lint({rule("a", "tags has seen", {high}), rule("b", "priority = high", {tag})}).empty());
    // One that raises what it asks for goes on, where every event will do.
    CHECK(lint({rule("a", "priority >= normal", {R"({"raise_priority":1})"}, {})}).size() == 1);
    CHECK(lint({rule("a", "priority >= normal", {R"({"raise_priority":1})"})}).empty());
}

TEST_CASE("given the names that exist, when a rule names another, then it is told, and no other is") {
    rules::known_names const known{{"luc", "mia"}, {}, {"network"}, {}};
    auto const found = lint({rule("a", "assignee in (luc, mai)", {assign("lux")}),
                             rule("b", "queue != netwrok", {R"({"command":"hand_over_ticket","team":"x"})"}),
                             rule("c", "assignee = mia", {R"({"command":"hand_over_ticket","queue":"network"})"})},
                            known);
    std::vector<std::string> places;
    for (auto const& f : found)
        places.push_back(f.place + " " + f.value);
    CHECK(places == std::vector<std::string>{"desk/a.when mai", "desk/a.actions[0] lux", "desk/b.when netwrok"});
    CHECK(rules::encode(found).starts_with(R"([{"kind":"unknown_person","severity":"error","place":"desk/a.when",)"
                                           R"("rules":["desk/a"],"field":"assignee","value":"mai","message":)"));
}

TEST_CASE("given ten thousand rules, when they are checked, then nothing is compared that need not be") {
    std::vector<rule_definition> list;
    for (int i = 0; i < 10'000; ++i) {
        auto const queue = std::to_string(i % 100), own = std::to_string(i);
        list.push_back(rule("r" + own, "queue = q" + queue + " and replies = " + own,
                            {R"({"command":"hand_over_ticket","queue":"q)" + own + "\"}", assign("p" + own)}));
    }
    auto const start = std::chrono::steady_clock::now();
    auto const found = lint(std::move(list));
    auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    CHECK(std::none_of(found.begin(), found.end(), [](auto const& f) { return f.kind == lint_kind::unfinished; }));
    MESSAGE("10,000 rules compiled and checked in ", took, " s, ", found.size(), " findings");
}

} // namespace
