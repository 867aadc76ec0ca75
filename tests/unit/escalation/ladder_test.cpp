#include <guichet/base/error.hpp>
#include <guichet/escalation/ladder.hpp>
#include <guichet/json/path.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <doctest/doctest.h>

#include <boost/describe/enum_to_string.hpp>
#include <boost/json.hpp>

using namespace guichet;
using namespace std::chrono_literals;
using escalation::ladder;
using escalation::ladder_documents;

namespace {

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h};

expr::schema const& schema() {
    static auto const all = ticket_schema(itil_lifecycle());
    return all;
}

raw_json asks(std::string_view condition) { return {"\"" + std::string{condition} + "\""}; }

check_definition point(std::string label_en, std::string label_fr, std::string_view condition) {
    check_definition out;
    out.label_en = std::move(label_en);
    out.label_fr = std::move(label_fr);
    out.condition = asks(condition);
    return out;
}

tier_document tier(std::string name, std::uint32_t position, std::vector<std::string> teams) {
    tier_document out;
    out.name = std::move(name);
    out.position = position;
    out.teams = std::move(teams);
    return out;
}

/// desk; network and mail; vendor.
ladder_documents three_lines() {
    return {{tier("L3", 3, {"vendor"}), tier("L1", 1, {"desk"}), tier("L2", 2, {"network", "mail"})}, {}};
}

std::shared_ptr<ladder const> compiled(ladder_documents const& documents) {
    return ladder::compile(documents, schema()).value();
}
error refused(ladder_documents const& documents) {
    auto const got = ladder::compile(documents, schema());
    REQUIRE_FALSE(got.has_value());
    return got.error();
}

ticket held_by(std::string team, std::string tier, std::string assignee = {}) {
    ticket out;
    out.status = status::open;
    out.state = "open";
    out.team = std::move(team);
    out.tier = std::move(tier);
    out.assignee = std::move(assignee);
    return out;
}

/// The ticket goes where the ladder says, as its events would make it.
void follow(ticket& t, ticket_escalated const& to) {
    t.escalations.push_back({to.direction, to.from_team, to.from_tier, to.from_assignee, monday});
    t.team = to.team;
    t.tier = to.tier;
    t.assignee = to.assignee;
}

/// Where a wish leads: "up network L2", or the reason why it leads nowhere.
std::string leads(ladder const& by, ticket const& t, escalate_ticket const& wish = {}) {
    auto const to = by.climb(t, wish, monday);
    if (!to)
        return std::string{info(to.error().why()).name};
    std::string out{boost::describe::enum_to_string(to->direction, "?")};
    for (auto const& part : {to->team, to->tier, to->assignee})
        if (!part.empty())
            out += " " + part;
    return out;
}

escalation_document night() {
    escalation_document out;
    out.name = "night";
    out.steps = {{.at = "80%", .to = {"supervisor"}}, {.at = "100%", .to = {"supervisor:2", "dora"}}};
    return out;
}

policy_document promise_for(std::string metric, std::string family = {}) {
    policy_document out;
    out.family = std::move(family);
    out.targets.push_back({.metric = std::move(metric), .within = "4h"});
    return out;
}

} // namespace

TEST_CASE("given three lines, when a ticket is escalated without more, then the first team of the next line has it") {
    auto const lines = compiled(three_lines());
    CHECK(lines->tiers().size() == 3);
    CHECK(lines->tiers()[0].name == "L1");
    CHECK(lines->tiers()[2].name == "L3");
    CHECK(lines->find_tier("L4") == nullptr);
    CHECK(leads(*lines, held_by("desk", "L1", "luc")) == "up network L2");
    CHECK(leads(*lines, held_by("mail", "L2")) == "up vendor L3");
    CHECK(leads(*lines, held_by("vendor", "L3")) == "nowhere_to_escalate");
    auto const to = lines->climb(held_by("desk", "L1", "luc"), {.reason = "rights missing"}, monday).value();
    CHECK(to.from_team == "desk");
    CHECK(to.from_tier == "L1");
    CHECK(to.from_assignee == "luc");
    CHECK(to.reason == "rights missing");
}

TEST_CASE("given a ticket on no line yet, when it is escalated, then it counts as being on the lowest") {
    CHECK(leads(*compiled(three_lines()), held_by("desk", "")) == "up network L2");
    CHECK(leads(*compiled(three_lines()), held_by("", "")) == "up network L2");
    CHECK(leads(*compiled(three_lines()), held_by("desk", "a line that was withdrawn")) == "up network L2");
    CHECK(leads(*compiled({{tier("L1", 1, {"desk"})}, {}}), held_by("desk", "")) == "nowhere_to_escalate");
    auto two_front_lines = three_lines();
    two_front_lines.tiers.push_back(tier("L1 night", 1, {"night"}));
    CHECK(leads(*compiled(two_front_lines), held_by("desk", "L1")) == "up network L2");
    CHECK(leads(*compiled(two_front_lines), held_by("desk", "")) == "up network L2");
}

TEST_CASE("given a line by name, when a ticket is escalated to it, then lines between are passed over") {
    auto const lines = compiled(three_lines());
    CHECK(leads(*lines, held_by("desk", "L1"), {.tier = "L3"}) == "up vendor L3");
    CHECK(leads(*lines, held_by("desk", "L1"), {.tier = "L2", .team = "mail"}) == "up mail L2");
    CHECK(leads(*lines, held_by("vendor", "L3"), {.tier = "L1"}) == "down desk L1");
    CHECK(leads(*lines, held_by("desk", "L1"), {.tier = "L1"}) == "nowhere_to_escalate");
    CHECK(leads(*lines, held_by("mail", "L2"), {.tier = "L2"}) == "nowhere_to_escalate");
    CHECK(leads(*lines, held_by("mail", "L2"), {.tier = "L2", .team = "network"}) == "up network L2");
    auto const unknown = lines->climb(held_by("desk", "L1"), {.tier = "L9"}, monday).error();
    CHECK(unknown.why() == reason::unknown_value);
    CHECK(unknown["path"] == "tier");
    CHECK(unknown["known"] == "L1, L2, L3");
}

TEST_CASE("given a team by name, when a ticket is escalated to it, then it goes to the line of that team") {
    auto const lines = compiled(three_lines());
    CHECK(leads(*lines, held_by("desk", "L1"), {.team = "mail"}) == "up mail L2");
    CHECK(leads(*lines, held_by("vendor", "L3"), {.team = "mail"}) == "down mail L2");
    CHECK(leads(*lines, held_by("network", "L2"), {.team = "mail"}) == "up mail L2");
    CHECK(leads(*lines, held_by("desk", "L1"), {.team = "desk"}) == "nowhere_to_escalate");
    CHECK(leads(*lines, held_by("desk", "L1"), {.team = "facilities"}) == "up facilities L1"); // of no line
}

TEST_CASE("given a desk without lines, when a ticket is escalated, then a team has to be named") {
    auto const none = compiled({});
    CHECK(leads(*none, held_by("desk", "")) == "nowhere_to_escalate");
    CHECK(leads(*none, held_by("desk", ""), {.team = "network"}) == "up network");
    CHECK(leads(*none, held_by("desk", ""), {.tier = "L2"}) == "unknown_value");
    auto const nowhere = none->climb(held_by("desk", ""), {}, monday).error();
    CHECK(nowhere.describe() == "the ticket cannot be escalated: there is no tier above it; name a team");
    CHECK(nowhere.describe(language::fr) ==
          "le ticket ne peut pas \u00EAtre escalad\u00E9 : il n'y a pas de niveau au-dessus ; nommez une \u00E9quipe");
}

TEST_CASE("given a line without teams of its own, when a ticket goes there, then its team stays") {
    auto lines = three_lines();
    lines.tiers[2].teams.clear();
    CHECK(leads(*compiled(lines), held_by("desk", "L1")) == "up desk L2");
}

TEST_CASE("given an escalated ticket, when it is sent back, then who had it before has it again") {
    auto const lines = compiled(three_lines());
    auto t = held_by("desk", "L1", "luc");
    CHECK(leads(*lines, t, {.back = true}) == "nowhere_to_escalate");
    follow(t, lines->climb(t, {}, monday).value());
    t.assignee = "mia";
    auto const back = lines->climb(t, {.reason = "question not asked", .back = true}, monday).value();
    CHECK(back.direction == escalation_direction::back);
    CHECK(back.from_team == "network");
    CHECK(back.from_assignee == "mia");
    CHECK(back.team == "desk");
    CHECK(back.tier == "L1");
    CHECK(back.assignee == "luc");
    CHECK(back.reason == "question not asked");
    follow(t, back);
    CHECK(leads(*lines, t, {.back = true}) == "nowhere_to_escalate");
    auto const over = lines->climb(t, {.back = true}, monday).error();
    CHECK(over["problem"] == "it was not escalated");
    CHECK(over["problem.fr"] == "il n'a pas \u00E9t\u00E9 escalad\u00E9");
}

TEST_CASE("given a ticket that went up twice, when it is sent back twice, then it takes the same way down") {
    auto const lines = compiled(three_lines());
    auto t = held_by("desk", "L1", "luc");
    follow(t, lines->climb(t, {.team = "mail"}, monday).value());
    t.assignee = "mia";
    follow(t, lines->climb(t, {}, monday).value());
    CHECK(t.tier == "L3");
    follow(t, lines->climb(t, {.back = true}, monday).value());
    CHECK(t.team + t.tier + t.assignee == "mailL2mia");
    // Up again in between: that way is gone back over first.
    follow(t, lines->climb(t, {}, monday).value());
    CHECK(leads(*lines, t, {.back = true}) == "back mail L2 mia");
    follow(t, lines->climb(t, {.back = true}, monday).value());
    follow(t, lines->climb(t, {.back = true}, monday).value());
    CHECK(t.team + t.tier + t.assignee == "deskL1luc");
    CHECK(leads(*lines, t, {.back = true}) == "nowhere_to_escalate");
}

TEST_CASE("given a ticket that was handed down, when it is sent back, then it goes up to who handed it down") {
    auto const lines = compiled(three_lines());
    auto t = held_by("vendor", "L3", "zoe");
    follow(t, lines->climb(t, {.tier = "L1"}, monday).value());
    CHECK(leads(*lines, t, {.back = true}) == "back vendor L3 zoe");
}

TEST_CASE("given a handover checklist, when points are missing, then each is named in the reader's language") {
    auto lines = three_lines();
    lines.tiers[2].entry = {point("the category is known", "la cat\u00E9gorie est connue", "category is not empty"),
                            point("the questions are answered", "", "tags has diagnosed"),
                            point("", "", "priority >= high")};
    auto const with_list = compiled(lines);
    auto t = held_by("desk", "L1");
    auto const missing = with_list->climb(t, {}, monday).error();
    CHECK(missing.why() == reason::handover_incomplete);
    CHECK(missing["tier"] == "L2");
    CHECK(missing["count"] == "3");
    CHECK(missing["missing"] == "the category is known; the questions are answered; the priority is high or more");
    CHECK(missing["missing.fr"].starts_with("la cat\u00E9gorie est connue ; the questions are answered ; la priorit"));
    CHECK(
        missing.describe(language::fr).starts_with("L2 : la passation demande d'abord 3 point(s) : la cat\u00E9gorie"));
    t.category = "network";
    t.tags = {"diagnosed"};
    t.priority = "normal";
    CHECK(with_list->climb(t, {}, monday).error()["missing"] == "the priority is high or more");
    t.priority = "critical";
    CHECK(leads(*with_list, t) == "up network L2");
}

TEST_CASE("given checklists, when a ticket does not come from below, then none is asked for") {
    auto lines = three_lines();
    auto const never = point("the category is known", "", "category is not empty");
    for (auto& one : lines.tiers)
        one.entry = one.exit = {never};
    auto const strict = compiled(lines);
    CHECK(leads(*strict, held_by("vendor", "L3"), {.tier = "L2"}) == "down network L2");
    CHECK(leads(*strict, held_by("network", "L2"), {.team = "mail"}) == "up mail L2"); // within the line
    auto t = held_by("network", "L2");
    t.escalations = {{escalation_direction::up, "desk", "L1", "luc", monday}};
    CHECK(leads(*strict, t, {.back = true}) == "back desk L1 luc");
    CHECK(leads(*strict, held_by("desk", "L1")) == "handover_incomplete");
    CHECK(leads(*strict, held_by("desk", "")) == "handover_incomplete"); // from outside: the entry of L2
}

TEST_CASE("given a list for leaving a line, when a ticket goes up, then it is asked for before the one of the next") {
    auto lines = three_lines();
    lines.tiers[1].exit = {point("the caller was asked", "", "tags has asked")};
    lines.tiers[2].entry = {point("the category is known", "", "category is not empty")};
    auto const with_lists = compiled(lines);
    auto t = held_by("desk", "L1");
    auto const leaving = with_lists->climb(t, {}, monday).error();
    CHECK(leaving["tier"] == "L1");
    CHECK(leaving["missing"] == "the caller was asked");
    CHECK(leads(*with_lists, t, {.team = "facilities"}) == "handover_incomplete"); // to a team of no line as well
    t.tags = {"asked"};
    CHECK(with_lists->climb(t, {}, monday).error()["tier"] == "L2");
    t.category = "network";
    CHECK(leads(*with_lists, t) == "up network L2");
}

TEST_CASE("given tier documents with slips, when they are compiled, then the path leads to the place") {
    auto lines = three_lines();
    lines.tiers[2].entry = {point("known", "", "category is not empty"), point("asked", "", "tags has asked")};
    lines.tiers[2].entry[1].condition = {};
    CHECK(refused(lines).why() == reason::missing_field);
    CHECK(refused(lines)["path"] == "tier.L2.entry[1].condition");
    lines.tiers[2].entry[1].condition = asks("categry is not empty");
    CHECK(refused(lines)["path"].starts_with("tier.L2.entry[1].condition"));
    lines.tiers[2].entry[1].condition = asks("category changed");
    CHECK(refused(lines).why() == reason::condition_asks_change);
    CHECK(refused(lines)["path"] == "tier.L2.entry[1].condition");
    lines.tiers[2].entry[1].condition = {"{"};
    CHECK(refused(lines).why() == reason::malformed_json);
    lines = three_lines();
    lines.tiers[0].exit = {point("known", "", "category is not empty")};
    lines.tiers[0].exit[0].condition = {};
    CHECK(refused(lines)["path"] == "tier.L3.exit[0].condition");
}

TEST_CASE("given a team on two lines or twice on one, when tiers are compiled, then it is refused by name") {
    auto lines = three_lines();
    lines.tiers[0].teams.push_back("mail");
    CHECK(refused(lines).why() == reason::named_twice);
    CHECK(refused(lines)["path"] == "tier.L3.teams"); // the higher of the two
    CHECK(refused(lines)["value"] == "mail");
    lines = three_lines();
    lines.tiers[1].teams.push_back("desk");
    CHECK(refused(lines)["path"] == "tier.L1.teams");
}

TEST_CASE("given escalation paths with slips, when they are compiled, then the path leads to the place") {
    auto const slip = [](auto change) {
        auto path = night();
        change(path);
        auto const got = ladder::compile({{}, {std::move(path)}}, schema());
        REQUIRE_FALSE(got.has_value());
        return got.error();
    };
    CHECK(slip([](auto& p) { p.steps.clear(); })["path"] == "escalation.night.steps");
    CHECK(slip([](auto& p) { p.steps[1].at.clear(); }).why() == reason::missing_field);
    CHECK(slip([](auto& p) { p.steps[1].at.clear(); })["path"] == "escalation.night.steps[1].at");
    CHECK(slip([](auto& p) { p.steps[0].to.clear(); })["path"] == "escalation.night.steps[0].to");
    CHECK(slip([](auto& p) { p.steps[0].answer_within = "soon"; })["path"] ==
          "escalation.night.steps[0].answer_within");
    auto const call = slip([](auto& p) { p.steps[1].channel = notice_channel::call; });
    CHECK(call.why() == reason::bad_value);
    CHECK(call["path"] == "escalation.night.steps[1].channel");
    CHECK(slip([](auto& p) { p.condition = asks("priority changed"); })["path"] == "escalation.night.condition");
    CHECK(slip([](auto& p) { p.condition = asks("nonsense = 1"); })["path"].starts_with("escalation.night.condition"));
    for (auto const* at : {"soon", "80", "%", "0%", "-", "+soon", "80 %", "10001%"}) {
        auto const wrong = slip([&](auto& p) { p.steps[1].at = at; });
        CHECK_MESSAGE(wrong["path"] == "escalation.night.steps[1].at", at);
    }
    for (auto const* to : {"supervisor:", "supervisor:0", "supervisor:two", "supervisor:2b", "supervisor:-1"}) {
        auto const wrong = slip([&](auto& p) { p.steps[1].to = {"dora", to}; });
        CHECK_MESSAGE(wrong["path"] == "escalation.night.steps[1].to[1]", to);
    }
}

TEST_CASE("given every form that a step may have, when paths are compiled, then all are taken over") {
    auto written = night();
    written.metric = "first_response";
    written.steps = {{.at = "33.3%", .to = {"assignee"}, .answer_within = "30min", .channel = notice_channel::message},
                     {.at = "-30min", .to = {"supervisor", "supervisor:1", "supervisor:12"}, .in_hours = false},
                     {.at = "+1h", .to = {"dora"}, .channel = notice_channel::webhook, .wording = "late"}};
    auto const all = compiled({{}, {written}});
    REQUIRE(all->paths().size() == 1);
    auto const& path = all->paths()[0];
    CHECK(path.metric == "first_response");
    CHECK(path.condition.always());
    REQUIRE(path.steps.size() == 3);
    CHECK(path.steps[0].answer_within == duration{30min});
    CHECK(path.steps[0].in_hours);
    CHECK_FALSE(path.steps[1].answer_within);
    CHECK_FALSE(path.steps[1].in_hours);
    CHECK(path.steps[2].wording == "late");
    CHECK(path.steps[2].channel == notice_channel::webhook);
    CHECK(all->find_path("night") == &path);
    CHECK(all->find_path("day") == nullptr);
}

TEST_CASE(
    "given paths for some tickets and for all, when one is looked for, then the first that fits by position has it") {
    auto urgent = night(), rest = night(), answers = night();
    urgent.name = "urgent";
    urgent.position = 1;
    urgent.condition = asks("priority >= high");
    rest.name = "rest";
    rest.position = 2;
    answers.name = "answers";
    answers.metric = "first_response";
    auto const all = compiled({{}, {rest, answers, urgent}});
    auto t = held_by("desk", "L1");
    t.priority = "critical";
    CHECK(all->path_for("resolution", t, monday)->name == "urgent"); // resolution is what a path speaks of by itself
    t.priority = "low";
    CHECK(all->path_for("resolution", t, monday)->name == "rest");
    CHECK(all->path_for("first_response", t, monday)->name == "answers");
    CHECK(all->path_for("next_response", t, monday) == nullptr);
}

TEST_CASE("given paths, when a policy has a target for their metric, then each step is a threshold of it") {
    CHECK(escalation::threshold_of("night", 2) == "escalation/night/2");
    auto answers = night();
    answers.name = "answers";
    answers.metric = "first_response";
    auto policy = promise_for("resolution");
    policy.targets.push_back({.metric = "resolution", .priority = "low", .within = "8h"});
    policy.thresholds = {{"resolution", "warn", "80%"}};
    escalation::add_thresholds(policy, {night(), answers});
    REQUIRE(policy.thresholds.size() == 3);
    CHECK(policy.thresholds[0].name == "warn");
    CHECK(policy.thresholds[1].metric == "resolution");
    CHECK(policy.thresholds[1].name == "escalation/night/1");
    CHECK(policy.thresholds[1].at == "80%");
    CHECK(policy.thresholds[2].name == "escalation/night/2");
    auto none = promise_for("next_response");
    escalation::add_thresholds(none, {night(), answers});
    CHECK(none.thresholds.empty());
}

TEST_CASE(
    "given a policy of a family, when a path names its metric by its family, then its steps are thresholds of it") {
    auto path = night();
    path.metric = "ola:L2/time_in_tier";
    auto second_line = promise_for("time_in_tier", "ola:L2");
    auto third_line = promise_for("time_in_tier", "ola:L3");
    auto contract = promise_for("time_in_tier");
    escalation::add_thresholds(second_line, {path});
    escalation::add_thresholds(third_line, {path});
    escalation::add_thresholds(contract, {path});
    REQUIRE(second_line.thresholds.size() == 2);
    CHECK(second_line.thresholds[0].metric == "time_in_tier");
    CHECK(second_line.thresholds[0].name == "escalation/night/1");
    CHECK(third_line.thresholds.empty());
    CHECK(contract.thresholds.empty());
    auto group = promise_for("resolution", "group"); // its clock is called group/resolution, of which no path speaks
    escalation::add_thresholds(group, {night()});
    CHECK(group.thresholds.empty());
}

TEST_CASE("given lines that promise, when their policies are made, then each runs while its line has the ticket") {
    auto lines = three_lines();
    CHECK(escalation::promises(lines.tiers).empty());
    lines.tiers[2].name = "L2 \"night\"";
    lines.tiers[2].ola = {"4h", "paris"};
    lines.tiers[0].ola = {"2d", ""};
    auto const all = escalation::promises(lines.tiers);
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "ola:L3");
    CHECK(all[0].family == "ola:L3");
    CHECK(all[0].calendar == "default");
    CHECK(all[1].family == "ola:L2 \"night\"");
    CHECK(all[1].calendar == "paris");
    CHECK(all[1].pause == std::vector<std::string>{"pending", "on_hold"});
    REQUIRE(all[1].targets.size() == 1);
    CHECK(all[1].targets[0].metric == "time_in_tier");
    CHECK(all[1].targets[0].within == "4h");
    REQUIRE(all[1].metrics.size() == 1);

    auto const holds = [](raw_json const& condition, ticket const& t) {
        auto const c = expr::condition::compile(json::parse(condition.text).value(), schema()).value();
        return c.evaluate(ticket_record{t, schema()}, ticket_context(monday));
    };
    auto const& metric = all[1].metrics[0];
    auto t = held_by("network", "L2 \"night\"");
    CHECK(holds(metric.start, t));
    CHECK_FALSE(holds(metric.stop, t));
    t.status = status::resolved;
    CHECK_FALSE(holds(metric.start, t));
    CHECK(holds(metric.stop, t));
    for (auto const* elsewhere : {"L3", ""}) {
        CHECK_FALSE(holds(metric.start, held_by("vendor", elsewhere)));
        CHECK(holds(metric.stop, held_by("vendor", elsewhere)));
    }
}
