/// Metrics of the administrator's own, and pauses by condition, seen from the desk.
#include "help_desk.hpp"
#include "sla_desk.hpp"

#include <doctest/doctest.h>

namespace {

using namespace guichet;
using namespace std::chrono;

/// The supplier has two days for a part: from the tag that says so until the tag is taken away.
policy_document with_parts() {
    auto p = contract("40h");
    p.targets.push_back({"parts", "", "18h", {}});
    metric_definition parts;
    parts.metric = "parts";
    parts.start = {R"({"field":"tags","op":"contains","value":"part_ordered"})"};
    parts.stop = {R"({"not":{"field":"tags","op":"contains","value":"part_ordered"}})"};
    parts.cancel = {R"({"field":"tags","op":"contains","value":"part_cancelled"})"};
    parts.reset = {R"({"field":"handovers","op":"changed","value":true})"};
    p.metrics = {parts};
    return p;
}
std::optional<sla::clock> parts_clock(help_desk const& d, ticket_id id) {
    std::optional<sla::clock> out;
    for (auto const& c : d.desk->clocks(d.desk->find(id, d.luc).value()).value())
        if (c.metric == "parts")
            out = c;
    return out;
}
void tag(help_desk& d, ticket_id id, std::vector<std::string> add, std::vector<std::string> remove = {}) {
    d.act(d.luc, tag_ticket{std::move(add), std::move(remove)}, id).value();
}

TEST_CASE("given a metric of one's own, when its conditions fire, then each round is a cycle with its verdict") {
    help_desk d;
    put(d, with_parts());
    auto const id = d.opened(d.ana);
    CHECK_FALSE(parts_clock(d, id));
    pass(d, 1h);
    auto const ordered = d.world.now();
    tag(d, id, {"part_ordered"});
    REQUIRE(parts_clock(d, id));
    CHECK(parts_clock(d, id)->due == ordered + 48h - 0h); // 18 h of working time are two days of the office
    pass(d, 3h);
    tag(d, id, {}, {"part_ordered"});
    REQUIRE(told<clock_met>(d, id).size() == 1);
    CHECK(told<clock_met>(d, id)[0].metric == "parts");
    pass(d, 1h);
    tag(d, id, {"part_ordered"}); // the wrong one came
    pass(d, days{7});
    auto const late = told<clock_breached>(d, id);
    auto const of_parts = std::find_if(late.begin(), late.end(), [](auto const& b) { return b.metric == "parts"; });
    REQUIRE(of_parts != late.end());
    CHECK(of_parts->cycle == 2);
    CHECK(d.sound());
}

TEST_CASE("given a metric that is declared today, when clocks are told, then it has heard what happened before") {
    help_desk d;
    put(d, contract());
    auto const id = d.opened(d.ana);
    pass(d, 1h);
    auto const ordered = d.world.now();
    tag(d, id, {"part_ordered"});
    pass(d, 24h);
    put(d, with_parts());
    auto const c = parts_clock(d, id);
    REQUIRE(c);
    CHECK(c->started == ordered);
    CHECK(c->consumed == 9h);
    CHECK(d.sound());
    SUBCASE("and its timer fires when it is due") {
        pass(d, 30h);
        CHECK(told<clock_breached>(d, id).back().due == c->due);
    }
    SUBCASE("also within one batch") {
        std::vector<command> both{{.by = d.luc, .body = tag_ticket{{}, {"part_ordered"}}, .ticket = id},
                                  {.by = d.luc, .body = tag_ticket{{"part_ordered"}, {}}, .ticket = id}};
        REQUIRE(d.desk->execute(both, batch_mode::all_or_none).has_value());
        CHECK(parts_clock(d, id)->cycle == 2);
        CHECK(told<clock_met>(d, id).size() == 1);
        CHECK(d.sound());
    }
}

TEST_CASE("given a part on order, when the ticket changes hands or the order is cancelled, then the clock follows") {
    help_desk d;
    put(d, with_parts());
    auto const id = d.opened(d.ana);
    d.act(d.luc, hand_over_ticket{.queue = "desk"}, id).value();
    tag(d, id, {"part_ordered"});
    pass(d, 5h);
    d.act(d.luc, hand_over_ticket{.queue = "workshop"}, id).value();
    CHECK(parts_clock(d, id)->consumed == 0h); // its time begins anew
    CHECK(parts_clock(d, id)->cycle == 2);
    pass(d, 2h);
    tag(d, id, {"part_cancelled"});
    CHECK(parts_clock(d, id)->cancelled);
    pass(d, days{7});
    for (auto const& verdict : told<clock_met>(d, id))
        CHECK(verdict.metric != "parts");
    for (auto const& verdict : told<clock_breached>(d, id))
        CHECK(verdict.metric != "parts");
    CHECK(d.sound());
}

TEST_CASE("given a pause by condition, when it begins, then no clock is late in it and the proof names its event") {
    help_desk d;
    auto p = contract("4h");
    p.metrics.push_back({"resolution"});
    p.metrics[0].pause_when = {R"({"field":"queue","op":"=","value":"supplier"})"};
    SUBCASE("until it no longer holds") {}
    SUBCASE("until another condition ends it") {
        p.metrics[0].resume_when = {R"({"field":"queue","op":"changed_to","value":"desk"})"};
    }
    put(d, p);
    auto const began = d.world.now();
    auto const id = d.opened(d.ana);
    pass(d, 1h);
    auto const away = d.act(d.luc, hand_over_ticket{.queue = "supplier"}, id).value();
    CHECK_FALSE(d.desk->find(id, d.luc)->due_at);
    pass(d, 24h);
    CHECK(told<clock_breached>(d, id).empty());
    d.act(d.luc, hand_over_ticket{.queue = "desk"}, id).value();
    CHECK(d.desk->find(id, d.luc)->due_at == began + 24h + 4h);
    auto const proof = d.desk->explain(id, d.luc)->at(0);
    REQUIRE(proof.intervals.size() >= 3);
    CHECK(proof.intervals[1].kind == sla::proof_kind::paused);
    CHECK(proof.intervals[1].name == "queue = \"supplier\"");
    CHECK(proof.intervals[1].event == away.version);
    CHECK(proof.intervals.back().total == 4h);
    pass(d, 24h);
    CHECK(told<clock_breached>(d, id).size() == 1);
    CHECK(d.sound());
}

TEST_CASE("given a metric that cannot be, when the policy is stored, then the error names the place and the way out") {
    help_desk d;
    auto const refused = [&](policy_document const& p, reason why, std::string const& path) {
        auto const came_to = d.configure("policy", "standard", encode(p));
        REQUIRE_FALSE(came_to.has_value());
        CHECK(came_to.error().why() == why);
        CHECK(came_to.error()["path"] == "policy.standard." + path);
    };
    auto const always = raw_json{R"({"field":"open","op":"=","value":true})"};
    auto p = contract();
    SUBCASE("a target without a metric") {
        p.targets[0].metric.clear();
        refused(p, reason::missing_field, "targets[0].metric");
    }
    SUBCASE("a threshold without a metric") {
        p.thresholds = {{"", "", "50%"}};
        refused(p, reason::missing_field, "thresholds[0].metric");
    }
    SUBCASE("a metric that nobody declared") {
        p.targets[0].metric = "parts";
        refused(p, reason::unknown_value, "targets[0].metric");
    }
    SUBCASE("one that never ends") {
        p = with_parts();
        p.metrics[0].stop = p.metrics[0].cancel = {};
        refused(p, reason::missing_field, "metrics[0].stop");
    }
    SUBCASE("one that is built in, begun otherwise") {
        p.metrics.push_back({"resolution"});
        p.metrics[0].start = p.metrics[0].stop = always;
        refused(p, reason::bad_configuration, "metrics[0].start");
    }
    SUBCASE("one that is built in, ended otherwise") {
        p.metrics.push_back({"resolution"});
        p.metrics[0].stop = always;
        refused(p, reason::bad_configuration, "metrics[0].stop");
    }
    SUBCASE("an end of a pause that never begins") {
        p.metrics.push_back({"resolution"});
        p.metrics[0].resume_when = always;
        refused(p, reason::missing_field, "metrics[0].pause_when");
    }
    SUBCASE("a condition on words that may be erased") {
        p = with_parts();
        p.metrics[0].start = {R"({"field":"subject","op":"contains","value":"part"})"};
        refused(p, reason::bad_configuration, "metrics[0].start");
    }
    SUBCASE("a condition that waiting fulfils") {
        p = with_parts();
        p.metrics[0].start = {R"({"field":"created_at","op":"older_than","value":"1h"})"};
        refused(p, reason::bad_configuration, "metrics[0].start");
    }
}

} // namespace
