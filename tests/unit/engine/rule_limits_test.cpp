/// What keeps rules within bounds: changes of other tickets, notices, escalations.
#include "rules_desk.hpp"

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>

namespace {

using namespace guichet;
using namespace std::chrono_literals;

/// A parent of so many children, with a rule that tags each of them.
ticket_id parent_of(help_desk& d, std::size_t children) {
    auto const parent = d.opened(d.ana, "Parent");
    for (std::size_t i = 0; i < children; ++i)
        d.act(d.luc, open_ticket{.subject = "Child", .parent = parent}).value();
    put(d, the_rules(
               {trigger("down", {"priority_set"}, "", {R"({"on":"children","command":"tag_ticket","add":["told"]})"})}))
        .value();
    return parent;
}
std::uint64_t tagged(help_desk const& d, std::string const& tag) {
    view v;
    v.where = "tags has " + tag;
    return d.desk->count(std::span{&v, 1}, d.root).value().front().count;
}

/// A message to fifty people at each reply, and to one more when a ticket is tagged.
void fifty_messages(help_desk& d) {
    d.configure("template", "said", R"({"languages": [{"language": "en", "subject": "s", "text": "t"}]})").value();
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += (i ? "," : "") + std::string{"\"p"} + std::to_string(i) + "\"";
    put(d,
        the_rules({trigger("all", {"message_added"}, "", {R"({"message":{"to":[)" + all + R"(],"wording":"said"}})"}),
                   trigger("one", {"tags_changed"}, "", {R"({"message":{"to":["last"],"wording":"said"}})"})}))
        .value();
}

} // namespace

TEST_CASE("given a parent of as many children as rules may change, when it changes, then each of them is told") {
    help_desk d;
    auto const parent = parent_of(d, limits::rule_deeds_max);
    d.act(d.luc, set_priority{{}, {}, "high"}, parent).value();
    CHECK(tagged(d, "told") == limits::rule_deeds_max);
    CHECK(told<rules_cut>(d, parent).empty());
    CHECK(d.sound());
}

TEST_CASE("given a parent of two children more than rules may change, when it changes, then the log says once that it "
          "was cut, and the command stands") {
    help_desk d;
    auto const parent = parent_of(d, limits::rule_deeds_max + 2);
    d.act(d.luc, set_priority{{}, {}, "high"}, parent).value();
    CHECK(tagged(d, "told") == limits::rule_deeds_max);
    auto const cuts = told<rules_cut>(d, parent);
    REQUIRE(cuts.size() == 1);
    CHECK(cuts.front().rule == "desk/down");
    CHECK(cuts.front().depth == limits::rule_deeds_max);
    CHECK(d.desk->find(parent, d.luc)->priority == "high");
    d.act(d.luc, set_priority{{}, {}, "low"}, parent).value(); // the next command has as many again
    CHECK(told<rules_cut>(d, parent).size() == 2);
    CHECK(d.sound());
}

TEST_CASE("given two rules that open a task for whatever the other opens, when a ticket is opened, then there is an "
          "end, with one record and numbers without gaps") {
    help_desk d;
    put(d, the_rules({trigger("one", created, "", {R"({"command":"open_ticket","kind":"task","subject":"one"})"}),
                      trigger("two", created, "", {R"({"command":"open_ticket","kind":"task","subject":"two"})"})}))
        .value();
    d.opened(d.ana);
    auto const count = limits::rule_deeds_max;
    CHECK(d.desk->stats()->tickets == count + 1);
    CHECK(d.desk->find("TSK-2026-" + std::string(6 - std::to_string(count).size(), '0') + std::to_string(count), d.luc)
              .has_value());
    std::size_t cuts = 0;
    for (auto const& e : d.desk->read_log(0, 10'000, d.root).value())
        cuts += std::holds_alternative<rules_cut>(e.body);
    CHECK(cuts == 1);
    d.world.advance(1min);
    CHECK(d.desk->back_test({}, {}, d.root)->differences == 0);
    CHECK(d.sound());
}

TEST_CASE("given a ticket about which as much left as may in ten hours, when one more is due, then it is withheld, "
          "and when the first are old enough, it may leave") {
    help_desk d;
    fifty_messages(d);
    auto const id = d.opened(d.ana);
    auto const begin = d.world.now();
    for (std::size_t sent = 0; sent < limits::notices_max; sent += 50) {
        d.act(d.luc, reply{.text = "Again"}, id).value();
        d.world.advance(2min);
    }
    CHECK(told<notice_queued>(d, id).size() == limits::notices_max);
    CHECK(told<notice_withheld>(d, id).empty());
    auto const one_more = [&](std::string tag) {
        d.act(d.luc, tag_ticket{{std::move(tag)}, {}}, id).value();
        return told<notice_queued>(d, id).size() - limits::notices_max;
    };
    CHECK(one_more("a") == 0);
    REQUIRE(told<notice_withheld>(d, id).size() == 1);
    CHECK(told<notice_withheld>(d, id).front().to == "last");
    CHECK(told<notice_withheld>(d, id).front().why == withheld_because::too_many_of_ticket);
    d.world.set(begin + limits::notices_kept - 1ms);
    CHECK(one_more("b") == 0);
    d.world.set(begin + limits::notices_kept);
    CHECK(one_more("c") == 1);
    auto const elsewhere = d.opened(d.bob);
    d.act(d.luc, tag_ticket{{"a"}, {}}, elsewhere).value();
    CHECK(told<notice_queued>(d, elsewhere).size() == 1);
    CHECK(d.sound());
}

TEST_CASE("given a ticket that was escalated as often as may be, when it is once more, then that is refused") {
    help_desk d;
    auto const id = d.opened(d.ana);
    auto const escalate = [&](std::size_t i) {
        d.world.advance(1s);
        return d.act(d.luc, escalate_ticket{.team = i % 2 ? "mail" : "network"}, id);
    };
    for (std::size_t i = 0; i < limits::escalations_max; ++i)
        REQUIRE(escalate(i).has_value());
    auto const refused = escalate(limits::escalations_max);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().why() == reason::limit_passed);
    CHECK(refused.error()["path"] == "escalations");
    CHECK(d.act(d.luc, hand_over_ticket{.team = "network"}, id).has_value());
    CHECK(d.sound());
}
