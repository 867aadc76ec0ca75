#include "rules_desk.hpp"

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

/// A desk of two teams that knows who does what.
struct staffed_desk : help_desk {
    staffed_desk() {
        configure("person", "paul", R"({"capacity": 10})").value();
        configure("person", "anne", "{}").value();
        configure("team", "network", R"({"members": ["paul", "anne"], "tier": "L2"})").value();
    }
    ticket_id routed(std::string subject) {
        auto const id = opened(ana, std::move(subject));
        act(luc, route_ticket{"network", {}}, id).value();
        return id;
    }
    std::string owner(ticket_id id) const { return desk->find(id, root)->assignee; }
};

std::size_t waiting(help_desk const& d) { return d.desk->store().due_outbox(d.desk->env().now(), 100)->size(); }

void mails_on_opening(help_desk& d) {
    d.configure("template", "received",
                R"({"languages": [{"language": "en", "subject": "{{ticket.number}}", "text": "We have it"}]})")
        .value();
    put(d, the_rules({trigger("ack", created, "", {R"({"mail":{"to":["requester"],"wording":"received"}})"})})).value();
}

} // namespace

TEST_CASE("given two people in a team, when tickets are routed, then they share them") {
    staffed_desk d;
    std::multiset<std::string> owners;
    for (int i = 0; i < 4; ++i)
        owners.insert(d.owner(d.routed("No network")));
    CHECK(owners == std::multiset<std::string>{"anne", "anne", "paul", "paul"});
    CHECK(d.sound());
}

TEST_CASE("given tickets that were resolved, when another comes, then who has less gets it") {
    staffed_desk d;
    auto const first = d.routed("One"), second = d.routed("Two");
    auto const free = d.owner(second);
    d.routed("Three");
    d.act(d.luc, resolve_ticket{}, second).value();
    CHECK(d.owner(first) != free);
    CHECK(d.owner(d.routed("Four")) == free);
}

TEST_CASE(
    "given another program that works on the same store, when a ticket is routed, then what that one did counts") {
    staffed_desk d;
    auto const here = d.owner(d.routed("One"));
    auto const there = desk::open(std::shared_ptr<storage::store>{&d.desk->store(), [](auto*) {}}, d.world).value();
    auto const opened =
        there->execute({.by = d.luc, .body = open_ticket{.subject = "Two", .requester = "ana"}}).value();
    there->execute({.by = d.luc, .body = route_ticket{"network", {}}, .ticket = opened.ticket}).value();
    CHECK(there->find(opened.ticket, d.root)->assignee != here);
    CHECK(d.owner(d.routed("Three")) == here);
}

TEST_CASE(
    "given somebody who leaves, when that is asked first, then a plan names who gets his tickets and nothing moves") {
    staffed_desk d;
    std::vector<ticket_id> all;
    for (int i = 0; i < 6; ++i)
        all.push_back(d.routed("No network"));
    auto const plan = d.desk->redistribute("paul", d.root).value();
    REQUIRE(plan.size() == 3);
    for (auto const& one : plan)
        CHECK(one.to.person == "anne");
    CHECK(d.owner(plan.front().ticket) == "paul");
    CHECK(d.desk->reroute("paul", d.root).value() == 3);
    for (auto const id : all)
        CHECK(d.owner(id) == "anne");
    CHECK(d.desk->reroute("paul", d.root).value() == 0);
    CHECK(d.sound());
}

TEST_CASE("given a ticket, when the desk is asked who would get it, then it tells and writes nothing") {
    staffed_desk d;
    auto const id = d.opened(d.ana);
    auto const before = d.desk->stats()->events;
    auto const would = d.desk->route(id, d.luc, {"network", "anne"}).value();
    CHECK(would.person == "paul");
    CHECK(routing::describe(would).find("anne") != std::string::npos);
    CHECK(d.desk->stats()->events == before);
    d.configure("team", "mail", R"({"members": ["paul"]})").value();
    CHECK(d.desk->route(id, d.luc).error()["path"] == "team");
}

TEST_CASE("given a host with a router of its own, when tickets are routed, then it chooses, and the decision says so") {
    staffed_desk d;
    std::string wish = "anne";
    d.desk->route_by([&](ticket const& t, routing::decision const& proposed) -> result<std::optional<std::string>> {
        CHECK(proposed.steps.size() == 1);
        if (t.subject == "As usual")
            return std::optional<std::string>{};
        if (wish == "throw")
            throw std::runtime_error{"the rota does not answer"};
        return std::optional{wish};
    });
    for (int i = 0; i < 3; ++i)
        CHECK(d.owner(d.routed("No network")) == "anne");
    CHECK(d.owner(d.routed("As usual")) == "paul");
    auto const id = d.opened(d.ana);
    auto const to = d.desk->route(id, d.luc, {"network", {}}).value();
    CHECK(to.person == "anne");
    CHECK(to.how == routing::way::host);
    CHECK(to.tier == "L2");
    CHECK(routing::describe(to).starts_with("network: anne, chosen by the host"));
    CHECK(routing::describe(to, language::fr).starts_with("network : anne, au choix de l'hôte"));

    wish = "zoe"; // who is in no document
    auto const other = d.desk->route(id, d.luc, {"network", {}}).value();
    CHECK(other.steps.front().candidates.front().person == "zoe");
    CHECK(other.steps.front().counts[static_cast<std::size_t>(routing::standing::available)] == 2);
    CHECK(d.owner(d.routed("Visitors")) == "zoe");

    wish = ""; // nobody, for now
    CHECK(d.desk->route(id, d.luc, {"network", {}}).value().how == routing::way::nobody);
    CHECK(d.act(d.luc, route_ticket{"network", {}}, id).error().why() == reason::nothing_to_do);
    wish = "throw";
    auto const refused = d.act(d.luc, route_ticket{"network", {}}, id);
    CHECK(refused.error().why() == reason::hook_refused);
    CHECK(refused.error()["problem"] == "the rota does not answer");
    CHECK(d.sound());
}

TEST_CASE(
    "given a team that likes to keep people together, when somebody comes back, then who helped him before has it") {
    staffed_desk d;
    d.configure("team", "network", R"({"members": ["paul", "anne"], "sticky": true})").value();
    auto const first = d.routed("No network");
    d.act(d.luc, assign_ticket{"paul"}, first).value();
    d.act(d.luc, resolve_ticket{}, first).value();
    d.world.advance(24h);
    d.act(d.luc, assign_ticket{"paul"}, d.opened(d.bob)).value(); // he has more to do, and yet
    CHECK(d.owner(d.routed("Again")) == "paul");
}

TEST_CASE("given a mail server that is down, when what waits is sent, then it is tried again later and sent once") {
    help_desk d;
    mails_on_opening(d);
    d.opened(d.ana);
    int calls = 0;
    bool down = true;
    std::set<std::string> keys;
    sender const send = [&](storage::outbox_entry const& entry) -> result<void> {
        ++calls;
        keys.insert(entry.body.substr(0, entry.body.find(',')));
        return down ? result<void>{error{reason::store_failed, {{"problem", "no route to host"}}}} : result<void>{};
    };
    CHECK(d.desk->deliver(send)->failed == 1);
    CHECK(d.desk->deliver(send)->failed == 0); // not yet
    d.world.advance(30s);
    CHECK(d.desk->deliver(send)->failed == 1);
    d.world.advance(30s);
    CHECK(calls == 2);
    down = false;
    d.world.advance(30s);
    CHECK(d.desk->deliver(send)->sent == 1);
    d.world.advance(24h);
    CHECK(d.desk->deliver(send)->sent == 0);
    CHECK(calls == 3);
    CHECK(keys.size() == 1); // who gets it twice can tell
}

TEST_CASE("given an address that never answers, when it was tried often enough, then the mail is parked and stays") {
    help_desk d;
    mails_on_opening(d);
    d.opened(d.ana);
    std::size_t parked = 0, tries = 0;
    for (int hour = 0; hour < 30; ++hour) {
        auto const report = d.desk->deliver([&](auto const&) -> result<void> {
            ++tries;
            throw std::runtime_error{"boom"};
        });
        parked += report->parked;
        d.world.advance(2h);
    }
    CHECK(tries == limits::outbox_attempts_max);
    CHECK(parked == 1);
    CHECK(waiting(d) == 0);
}

TEST_CASE("given a refused command, when its rules would have sent a mail, then none is left") {
    help_desk d;
    mails_on_opening(d);
    std::vector<command> const both{{.by = d.ana, .body = open_ticket{.subject = "One"}},
                                    {.by = d.ana, .body = open_ticket{}}};
    CHECK_FALSE(d.desk->execute(both, batch_mode::all_or_none).has_value());
    CHECK(waiting(d) == 0);
}

TEST_CASE(
    "given a host that knows contracts, when a rule asks for the contract, then the host answers, or nobody does") {
    help_desk d;
    d.desk->relate("contract", [](ticket const& t) -> expr::literal {
        if (t.organisation == "bakery")
            return std::string{"gold"};
        if (t.organisation == "broken")
            throw std::runtime_error{"the directory is down"};
        return {};
    });
    auto lifecycle = d.desk->config()->rules->document();
    lifecycle.related = {{{"contract", "", ""}, "choice", {"silver", "gold"}, {}}};
    d.configure("lifecycle", "default", encode(lifecycle)).value();
    put(d, the_rules({trigger("gold", created, R"("related.contract = gold")", {priority("high")})})).value();
    auto const of = [&](std::string organisation) {
        auto const id = d.act(d.ana, open_ticket{.subject = "s", .organisation = std::move(organisation)})->ticket;
        return d.desk->find(id, d.root)->priority;
    };
    CHECK(of("bakery") == "high");
    CHECK(of("town hall") == "normal");
    CHECK(of("broken") == "normal");
    view v;
    v.where = "related.contract = gold";
    CHECK(d.desk->query(v, d.root).error().why() == reason::condition_field_related);
}

TEST_CASE("given a rule about open children, when the last child is resolved, then the parent hears of it") {
    help_desk d;
    put(d, the_rules({trigger("nudge", {"ticket_resolved"}, "",
                              {R"({"on":"parent","command":"tag_ticket","add":["child done"]})"}),
                      trigger("all", {"tags_changed"}, R"("tags has \"child done\" and links.open_children = 0")",
                              {R"({"command":"add_note","text":"All children are done"})"})}))
        .value();
    auto const parent = d.opened(d.ana);
    auto const child = [&] { return d.act(d.luc, open_ticket{.subject = "part", .parent = parent}).value().ticket; };
    auto const one = child(), two = child();
    d.act(d.luc, resolve_ticket{}, one).value();
    CHECK(d.desk->conversation(parent, d.luc)->empty());
    d.act(d.luc, tag_ticket{{}, {"child done"}}, parent).value();
    d.act(d.luc, resolve_ticket{}, two).value();
    CHECK(d.desk->conversation(parent, d.luc)->size() == 1);
    CHECK(d.sound());
}

TEST_CASE("given decisions that are kept, when rules answer, then each is there with the values seen, up to a bound") {
    help_desk d;
    put(d, the_rules({trigger("high", created, is("subject", "Fire"), {priority("high")}),
                      trigger("other", created, is("subject", "Water"), {priority("low")})}))
        .value();
    auto const count = [&](ticket_id id) { return d.desk->decisions(id, d.luc)->size(); };
    CHECK(count(d.opened(d.ana, "Fire")) == 0);
    d.desk->keep_decisions({.keep = decision_policy::which::fired});
    auto const fire = d.opened(d.ana, "Fire");
    REQUIRE(count(fire) == 1);
    auto const kept = d.desk->decisions(fire, d.luc)->front();
    CHECK(kept.what.rule == "desk/high");
    CHECK(kept.what.why.verdict);
    CHECK((kept.what.why.seen == expr::literal{std::string{"Fire"}}));
    CHECK(count(d.opened(d.ana, "Earth")) == 0);
    d.desk->keep_decisions({.keep = decision_policy::which::all, .most = 3});
    CHECK(count(d.opened(d.ana, "Water")) >= 1);
    CHECK(count(fire) == 1);
    for (int i = 0; i < 5; ++i)
        d.opened(d.ana, "Fire");
    CHECK(count(fire) == 0);
    CHECK(d.desk->decisions(fire, d.ana).error().why() == reason::right_missing);
}

TEST_CASE("given a guard on urgent tickets and a rule that gives some back, when somebody's tickets are rerouted, then "
          "only those count that left him, and a refusal stops nothing") {
    staffed_desk d;
    rule_definition guard;
    guard.name = "urgent";
    guard.kind = "guard";
    guard.on = {"ticket_handed_over", "ticket_assigned"};
    guard.when = {R"("subject = Fire")"};
    guard.message_en = "Not this one";
    std::vector<ticket_id> his;
    for (auto const* subject : {"Fire", "His own", "Water", "Fire", "Earth"}) {
        his.push_back(d.opened(d.ana, subject));
        d.act(d.luc, hand_over_ticket{.team = "network", .assignee = "paul"}, his.back()).value();
    }
    put(d, the_rules({guard, trigger("back", {"ticket_routed"}, is("subject", "His own"),
                                     {R"({"command":"assign_ticket","assignee":"paul"})"})}))
        .value();
    CHECK(d.desk->redistribute("paul", d.root)->size() == 5);
    CHECK(d.desk->reroute("paul", d.root).value() == 2);
    std::vector<std::string> owners;
    for (auto const id : his)
        owners.push_back(d.owner(id));
    CHECK(owners == std::vector<std::string>{"paul", "paul", "anne", "paul", "anne"});
    CHECK(d.sound());
}

TEST_CASE("given people who take turns, when others answer, come back and start the desk anew between the routings, "
          "then nobody has had two tickets more than another") {
    auto const store = memory_store();
    help_desk d;
    d.desk = desk::open(store, d.world).value();
    for (auto const* name : {"anne", "marc", "paul"})
        d.configure("person", name, "{}").value();
    d.configure("team", "network", R"({"members": ["anne", "marc", "paul"], "mode": "round_robin"})").value();
    std::map<std::string, int> had;
    std::vector<ticket_id> all;
    for (int i = 0; i < 30; ++i) {
        all.push_back(d.opened(d.ana));
        d.world.advance(1min);
        d.act(d.luc, route_ticket{"network", {}}, all.back()).value();
        ++had[d.desk->find(all.back(), d.root)->assignee];
        auto const [least, most] = std::minmax_element(
            had.begin(), had.end(), [](auto const& a, auto const& b) { return a.second < b.second; });
        CHECK(most->second - (had.size() < 3 ? 0 : least->second) <= 1);
        d.world.advance(1min);
        for (auto const id : {all.front(), all[all.size() / 2]}) { // old tickets go on, and change hands
            d.act(d.ana, reply{.text = "And?"}, id).value();
            d.act(d.luc, tag_ticket{{"t" + std::to_string(i)}, {}}, id).has_value(); // twice the same, once
        }
        if (i % 5 == 2)
            d.act(d.luc, assign_ticket{"anne"}, all[all.size() / 3]).has_value();
        if (i % 7 == 3)
            d.act(d.luc, resolve_ticket{}, all[all.size() - 2]).value();
        if (i % 4 == 1)
            d.desk = desk::open(store, d.world).value();
    }
    CHECK(had.size() == 3);
    CHECK(d.sound());
}

TEST_CASE("given a requester whose commands make rules act, when he sends several at once, then he is told of what he "
          "may see only, each time") {
    help_desk d;
    put(d, the_rules({trigger("note", {"message_added"}, is("requester", "ana"),
                              {R"({"command":"add_note","text":"For colleagues"})", priority("high"),
                               R"({"on":"parent","command":"reply","text":"For the parent"})"})}))
        .value();
    auto const parent = d.opened(d.bob);
    auto const id = d.act(d.luc, open_ticket{.subject = "s", .requester = "ana", .parent = parent})->ticket;
    auto const internal = [](event const& e) {
        auto const* m = std::get_if<message_added>(&e.body);
        return m && m->audience == audience::internal;
    };
    for (int times = 0; times < 2; ++times) {
        std::vector<command> wishes;
        for (std::uint8_t i = 1; i <= 3; ++i) {
            command wish{.by = d.ana, .body = reply{.text = "And?"}, .ticket = id};
            wish.id.bytes[15] = std::byte{i};
            wishes.push_back(wish);
        }
        auto const came_to = d.desk->execute(wishes).value();
        for (auto const& one : came_to) {
            REQUIRE(one.has_value());
            CHECK(one->repeated == (times == 1));
            CHECK(!one->events.empty());
            CHECK(std::none_of(one->events.begin(), one->events.end(), internal));
            CHECK(std::all_of(one->events.begin(), one->events.end(), [&](event const& e) { return e.ticket == id; }));
        }
    }
    CHECK(told<message_added>(d, id).size() == 6);
    CHECK(told<message_added>(d, parent).size() == 3);
}

TEST_CASE("given decisions that are kept, when a text of a ticket is erased, then those of that ticket are gone, and "
          "those of others stay") {
    help_desk d;
    d.desk->keep_decisions({.keep = decision_policy::which::all});
    put(d, the_rules({trigger("secret", created, R"("subject contains tulip")", {priority("high")})})).value();
    auto const id = d.opened(d.ana, "My password is tulip"), other = d.opened(d.bob, "A tulip");
    REQUIRE(d.desk->decisions(id, d.luc)->size() == 1);
    d.act(d.root, redact_ticket{.field = "subject"}, id).value();
    CHECK(d.desk->decisions(id, d.luc)->empty());
    CHECK(d.desk->decisions(other, d.luc)->size() == 1);
}
