/// What a host's functions throw breaks nothing, whatever it is.
#include "rules_desk.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace guichet;

/// No std::exception, and nothing that anybody foresaw.
struct surprise {};

bool bad(command const& c) {
    auto const* open = std::get_if<open_ticket>(&c.body);
    return open && open->subject == "bad";
}
command opens(help_desk const& d, std::string subject) {
    return {.by = d.ana, .body = open_ticket{.subject = std::move(subject)}};
}
std::array<command, 3> good_bad_good(help_desk const& d) {
    return {opens(d, "good"), opens(d, "bad"), opens(d, "good")};
}

/// One bad command among good ones: it is refused with a word, they are executed, and the numbers have no gap.
void refuses_the_bad_one(help_desk& d) {
    auto const some = good_bad_good(d);
    auto const came_to = d.desk->execute(some).value();
    CHECK(came_to[0].has_value());
    REQUIRE_FALSE(came_to[1].has_value());
    CHECK(came_to[1].error().why() == reason::hook_refused);
    CHECK(came_to[1].error().describe().find("std::exception") != std::string::npos);
    CHECK(came_to[2].has_value());
    CHECK(came_to[2]->number == "INC-2026-000002");
    CHECK_FALSE(d.desk->execute(some, batch_mode::all_or_none).has_value());
    CHECK(d.desk->stats()->tickets == 2);
    std::vector<std::thread> threads;
    std::atomic<int> executed = 0, refused = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 10; ++k)
                ++(d.desk->execute(opens(d, i % 2 ? "bad" : "good")) ? executed : refused);
        });
    for (auto& t : threads)
        t.join();
    CHECK(executed == 40);
    CHECK(refused == 40);
    CHECK(d.desk->stats()->tickets == 42);
    CHECK(d.sound());
}

} // namespace

TEST_CASE("given a hook before commands that throws anything, when one of several commands meets it, then that one is "
          "refused and the others are executed") {
    help_desk d;
    d.desk->before(
        [](command const& c, ticket const*) -> result<void> { return bad(c) ? throw surprise{} : result<void>{}; });
    refuses_the_bad_one(d);
}

TEST_CASE("given a hook around commands that throws anything before or after the decision, when one of several "
          "commands meets it, then that one is refused and the others are executed") {
    bool late = false;
    SUBCASE("before") {}
    SUBCASE("after") { late = true; }
    help_desk d;
    d.desk->around([&](command const& c, std::function<result<void>()> const& next) -> result<void> {
        if (bad(c) && !late)
            throw surprise{};
        auto const done = next();
        return bad(c) ? throw surprise{} : done;
    });
    refuses_the_bad_one(d);
}

TEST_CASE("given a hook after commands that throws anything, when commands were executed, then they stand, and other "
          "hooks hear of all of them") {
    help_desk d;
    std::atomic<int> heard = 0;
    d.desk->after([](outcome const& o) {
        if (o.number == "INC-2026-000001")
            throw surprise{};
        throw std::runtime_error{"boom"};
    });
    d.desk->after([&](outcome const&) { ++heard; });
    CHECK(d.desk->execute(opens(d, "one"))->number == "INC-2026-000001");
    auto const some = good_bad_good(d);
    CHECK(d.desk->execute(some)->size() == 3);
    CHECK(heard == 4);
    put(d, contract("1h"));
    d.world.advance(std::chrono::hours{2});
    CHECK(d.desk->pump()->timers_fired == 4);
    CHECK(heard == 8);
    CHECK(d.sound());
}

TEST_CASE("given a host that throws anything when it is asked for a contract, when a rule asks, then nothing is known "
          "and the desk goes on, on several threads too") {
    help_desk d;
    d.desk->relate("contract", [](ticket const& t) -> expr::literal {
        return t.subject == "bad" ? throw surprise{} : expr::literal{std::string{"gold"}};
    });
    auto lifecycle = d.desk->config()->rules->document();
    lifecycle.related = {{{"contract", "", ""}, "choice", {"silver", "gold"}, {}}};
    d.configure("lifecycle", "default", encode(lifecycle)).value();
    put(d, the_rules({trigger("gold", created, R"("related.contract = gold")", {priority("high")}),
                      trigger("none", created, R"("related.contract is empty")", {priority("low")})}))
        .value();
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 10; ++k) {
                auto const done = d.desk->execute(opens(d, i % 2 ? "bad" : "good"));
                wrong += !done || d.desk->find(done->ticket, d.root)->priority != (i % 2 ? "low" : "high");
            }
        });
    for (auto& t : threads)
        t.join();
    CHECK(wrong == 0);
    CHECK(d.sound());
}

TEST_CASE("given a sender that throws anything for one mail, when all are delivered, then the others leave, and that "
          "one is tried again") {
    help_desk d;
    d.configure("template", "received", R"({"languages": [{"language": "en", "subject": "s", "text": "t"}]})").value();
    put(d, the_rules({trigger("ack", created, "", {R"({"mail":{"to":["requester"],"wording":"received"}})"})})).value();
    for (auto const* name : {"ana", "bob", "cleo"})
        d.opened({.person = name, .role = "requester"});
    std::vector<std::string> sent;
    bool broken = true;
    sender const send = [&](storage::outbox_entry const& entry) -> result<void> {
        if (broken && entry.body.find("bob") != std::string::npos)
            throw surprise{};
        sent.push_back(entry.body);
        return {};
    };
    auto const first = d.desk->deliver(send).value();
    CHECK(first.sent == 2);
    CHECK(first.failed == 1);
    broken = false;
    d.world.advance(std::chrono::seconds{30});
    CHECK(d.desk->deliver(send)->sent == 1);
    CHECK(sent.size() == 3);
}
