#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// A command says who acts. Whatever else it says, nobody gets more than the role that the host vouches for.
using namespace guichet;
using namespace std::chrono_literals;

TEST_CASE("given a command that calls itself the system's, when it comes from outside, then it has no role at all") {
    help_desk d;
    auto const id = d.opened(d.ana);
    for (auto const* by : {R"({"person":"system","role":"system"})", R"({"person":"eve","role":"system"})",
                           R"({"person":"system","role":"*"})", R"({"person":"eve","role":"everything"})"}) {
        auto const r =
            d.say(std::string{R"({"command":"close_ticket","ticket":")"} + to_string(id) + R"(","by":)" + by + "}");
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().why() == reason::unknown_role);
    }
    CHECK(d.desk->find(id, {.person = "system", .role = "system"}).error().why() == reason::unknown_role);
    CHECK(d.desk->query({}, {.person = "system", .role = "system"}).error().why() == reason::unknown_role);
    CHECK(d.desk->find(id, d.luc)->state == "new");
}

TEST_CASE("given a timer's command, when anybody sends it, then it is refused, the administrator's too") {
    help_desk d;
    auto const id = d.opened(d.ana);
    REQUIRE(d.act(d.luc, wait_until{d.world.now() + 1h, ""}, id).has_value());
    fire_timer const now{d.desk->find(id, d.luc)->timers.at(0)};
    for (auto const& who : {d.ana, d.luc, d.eva, d.root, actor{.person = "system", .role = "system"}})
        CHECK_FALSE(d.act(who, now, id).has_value());
    CHECK(d.say(R"({"command":"fire_timer","by":{"person":"root","role":"administrator"},"ticket":")" + to_string(id) +
                R"(","timer":["auto_close","",0]})")
              .error()
              .why() == reason::right_missing);
    CHECK(d.desk->find(id, d.luc)->state == "pending");
}

TEST_CASE("given a requester, when a command of hers carries more than her rights, then it is refused whole") {
    help_desk d;
    auto const id = d.opened(d.ana, "mine", "text");
    auto const refused = [&](command_body body, ticket_id on, std::string_view right) {
        auto const r = d.act(d.ana, std::move(body), on);
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().why() == reason::right_missing);
        CHECK(r.error()["right"] == right);
    };
    refused(reply{.text = "x", .state = "closed"}, id, "set_state");
    refused(reply{.text = "x", .state = "new"}, id, "set_state");
    refused(open_ticket{.subject = "s", .requester = "bob"}, {}, "open_for_others");
    refused(open_ticket{.subject = "s", .state = "closed"}, {}, "set_state");
    refused(open_ticket{.subject = "s", .priority = "critical"}, {}, "set_priority");
    refused(open_ticket{.subject = "s", .assignee = "luc"}, {}, "assign_ticket");
    refused(add_note{"x"}, id, "add_note");
    refused(close_ticket{}, id, "close_ticket");
    refused(watch_ticket{{"eve"}, {}}, id, "watch_ticket");
    refused(redact_ticket{2, "", ""}, id, "redact_ticket");
    CHECK(d.desk->find(id, d.ana)->version == 2);
}

TEST_CASE("given a role document, when it takes the name of the system or all rights, then only the administrator "
          "stored it") {
    help_desk d;
    document all;
    all.kind = "role";
    all.id = "requester";
    all.body = R"({"rights":["*"]})";
    for (auto const& who : {d.ana, d.luc, d.eva})
        CHECK(d.desk->configure(all, who).error().why() == reason::right_missing);
    all.id = "system";
    CHECK(d.desk->configure(all, d.root).error().why() == reason::bad_configuration);
    CHECK(d.act(d.ana, assign_ticket{"ana"}, d.opened(d.ana)).error().why() == reason::right_missing);
}

TEST_CASE("given an agent of one queue, when he ties his ticket to one he cannot see, then it does not exist for him") {
    help_desk d;
    auto nia = d.luc;
    nia.person = "nia";
    nia.queues = {"network"};
    auto const mine = d.act(d.ana, open_ticket{.subject = "net", .queue = "network"})->ticket;
    auto const hidden = d.act(d.ana, open_ticket{.subject = "hr", .text = "HR text", .queue = "hr"})->ticket;
    CHECK(d.act(nia, merge_ticket{hidden}, mine).error().why() == reason::ticket_not_found);
    CHECK(d.act(nia, link_ticket{link_kind::child_of, hidden}, mine).error().why() == reason::ticket_not_found);
    CHECK(d.desk->find(hidden, d.luc)->version == 2);
}

TEST_CASE("given the id of a command that somebody else sent, when it is sent again, then it reveals nothing") {
    help_desk d;
    command wish;
    wish.by = d.ana;
    wish.id = *parse_id<command_id>("01890a5d-ac96-774b-bcce-000000000001");
    wish.body = open_ticket{.subject = "secret subject"};
    REQUIRE(d.desk->execute(wish).has_value());
    wish.by = d.bob;
    auto const same = d.desk->execute(wish);
    CHECK(same.error().why() == reason::command_id_reused);
    CHECK(same.error().describe().find("secret") == std::string::npos);
}
