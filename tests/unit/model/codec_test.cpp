#include "filled.hpp"

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <limits>

using namespace guichet;

namespace {

std::string shown(event_body body) {
    event e;
    e.body = std::move(body);
    return encode(e);
}
std::string stored(event_body const& body) {
    std::string out;
    encode_body(body, out);
    return out;
}

error error_of(std::string_view json) {
    auto const read = decode_command(json);
    REQUIRE_FALSE(read.has_value());
    return read.error();
}

} // namespace

TEST_CASE("given every event with every member set, when it is stored and read, then nothing differs") {
    for (std::size_t i = 0; i < std::variant_size_v<event_body>; ++i)
        for (unsigned round = 0; round < 9; ++round) {
            auto const body = filled::alternative<event_body>(i, round);
            CAPTURE(stored(body));
            auto const back = decode_body(name_of(body), stored(body));
            REQUIRE(back.has_value());
            CHECK(type_number(*back) == i);
            CHECK(stored(*back) == stored(body));
            if (!std::holds_alternative<message_added>(body)) // its HTML is with the texts
                CHECK(shown(*back) == shown(body));
        }
}

TEST_CASE("given every event as it is made, when it is stored and read, then nothing differs") {
    for (std::size_t i = 0; i < std::variant_size_v<event_body>; ++i) {
        event_body body;
        boost::mp11::mp_with_index<std::variant_size_v<event_body>>(i, [&](auto n) { body.emplace<n>(); });
        CHECK(shown(decode_body(name_of(body), stored(body)).value()) == shown(body));
    }
}

TEST_CASE("given every command with every member set, when it is written and read, then nothing differs") {
    for (std::size_t i = 0; i < std::variant_size_v<command_body>; ++i)
        for (unsigned round = 0; round < 9; ++round) {
            command c;
            c.body = filled::alternative<command_body>(i, round);
            filled::fill(c.by, round);
            filled::fill(c.id, round);
            if (round % 2 && is_about_article(c.body))
                filled::fill(c.article, round);
            else if (round % 2)
                filled::fill(c.ticket, round);
            else
                c.number = "INC-2026-000001";
            c.expected_version = round;
            CAPTURE(encode(c));
            auto const back = decode_command(encode(c));
            REQUIRE(back.has_value());
            CHECK(encode(*back) == encode(c));
            CHECK(back->by == c.by);
            CHECK(back->ticket == c.ticket);
            CHECK(back->article == c.article);
            CHECK(back->number == c.number);
            CHECK(back->expected_version == c.expected_version);
        }
}

TEST_CASE("given a ticket with every member set, when it is written and read, then it is the same") {
    for (unsigned round = 0; round < 9; ++round) {
        ticket t;
        filled::fill(static_cast<ticket_row&>(t), round);
        filled::fill(static_cast<ticket_lists&>(t), round);
        t.fields = {{"number", 2.5, 0}, {"text", std::string{"a"}, 0}};
        auto const back = decode_ticket(encode(t));
        REQUIRE(back.has_value());
        CHECK(same_history(*back, t));
        std::string lists;
        t.fields = {{"number", 2.5, 0}, {"text", std::string{"a"}, 9}, {"object", object_reference{"a", "b"}, 0}};
        encode_lists(t, lists);
        ticket_lists read;
        REQUIRE(decode_lists(lists, read).has_value());
        CHECK(read == static_cast<ticket_lists const&>(t));
    }
    CHECK(same_history(decode_ticket(encode(ticket{})).value(), ticket{}));
}

TEST_CASE("given numbers of every size, when a field with them is stored and read, then not a bit differs") {
    for (auto const value : {0.1, 1.0 / 3, 0.1 + 0.2, 123456789.123456789, 1e300, -1e-300, 5e-324, 1e15 + 1,
                             9007199254740993.0, std::numeric_limits<double>::max(), 3.0}) {
        fields_set body;
        body.fields = {{"count", value, {}}};
        auto const back = std::get<fields_set>(decode_body("fields_set", stored(body)).value());
        CHECK(std::bit_cast<std::uint64_t>(std::get<double>(back.fields[0].value)) ==
              std::bit_cast<std::uint64_t>(value));
    }
}

TEST_CASE("given documents with every member set, when they are written and read, then nothing differs") {
    for (unsigned round = 0; round < 6; ++round) {
        lifecycle_document lifecycle;
        policy_document policy;
        role_document role;
        person_document person;
        team_document team;
        routing_document routing;
        template_document words;
        filled::fill(lifecycle, round);
        filled::fill(policy, round);
        filled::fill(role, round);
        filled::fill(person, round);
        filled::fill(team, round);
        filled::fill(routing, round);
        filled::fill(words, round);
        CHECK(encode(decode_lifecycle(encode(lifecycle)).value()) == encode(lifecycle));
        CHECK(encode(decode_policy(encode(policy)).value()) == encode(policy));
        CHECK(encode(decode_role(encode(role)).value()) == encode(role));
        CHECK(encode(decode_person(encode(person)).value()) == encode(person));
        CHECK(encode(decode_team(encode(team)).value()) == encode(team));
        CHECK(encode(decode_routing(encode(routing)).value()) == encode(routing));
        CHECK(encode(decode_template(encode(words)).value()) == encode(words));
    }
    CHECK(encode(decode_lifecycle(encode(itil_lifecycle())).value()) == encode(itil_lifecycle()));
}

TEST_CASE("given the words of every enumeration, when they are written and read, then they are the same") {
    for (auto const s :
         {status::new_, status::open, status::pending, status::on_hold, status::resolved, status::closed})
        CHECK(parse_status(to_string(s), "state").value() == s);
    CHECK(to_string(status::new_) == "new");
    CHECK(to_string(audience::public_) == "public");
    auto const bad = parse_status("frozen", "states[2].status");
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().describe() ==
          "states[2].status: unknown value \"frozen\"; known: new, open, pending, on_hold, resolved, closed");
}

TEST_CASE("given links, when they are read from the other ticket, then twice the inverse is the same") {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<link_kind>>(
        [](auto d) { CHECK(inverse(inverse(d.value)) == d.value); });
    CHECK(inverse(link_kind::child_of) == link_kind::parent_of);
}

TEST_CASE("given commands with slips, when they are read, then the error names the path") {
    CHECK(error_of("[]")["path"] == "command");
    CHECK(error_of("{}").why() == reason::missing_field);
    CHECK(error_of(R"({"command":"reply","text":5})")["path"] == "text");
    CHECK(error_of(R"({"command":"reply","by":{"queues":[1]}})")["path"] == "by.queues[0]");
    CHECK(error_of(R"({"command":"reply","txt":""})")["path"] == "txt");
    CHECK(error_of(R"({"command":"reply","channel":"fax"})")["known"] == "portal, phone, mail, chat, api, monitoring");
    CHECK(error_of(R"({"command":"wait_until","until":"noon"})")["path"] == "until");
    CHECK(error_of(R"({"command":"open_ticket","attachments":[{},{"digest":1}]})")["path"] == "attachments[1].digest");
    CHECK(error_of(R"({"command":"open_ticket","fields":[{"name":"a","value":[]}]})")["path"] == "fields[0].value");
    CHECK(error_of(R"({"command":"open_ticket","fields":7})")["path"] == "fields");
    CHECK(error_of(R"({"command":"fire_timer","timer":["lunch"]})")["path"] == "timer[0]");
    CHECK(error_of(R"({"command":"log_time","seconds":1e300})")["path"] == "seconds");
}

TEST_CASE("given documents with slips, when they are read, then the path begins with the document") {
    auto const lifecycle = decode_lifecycle(R"({"states":[{"name":"a","status":"open"},{"name":5}]})");
    REQUIRE_FALSE(lifecycle.has_value());
    CHECK(lifecycle.error()["path"] == "lifecycle.states[1].name");
    auto const policy = decode_policy(R"({"targets":[{"within":4}]})", "policy.gold");
    REQUIRE_FALSE(policy.has_value());
    CHECK(policy.error()["path"] == "policy.gold.targets[0].within");
    CHECK_FALSE(decode_role("nonsense").has_value());
    CHECK(decode_person(R"({"skills":[{"name":"sap","level":"high"}]})", "person.paul").error()["path"] ==
          "person.paul.skills[0].level");
    CHECK(
        decode_team(R"({"mode":"lottery"})", "team.network").error().describe() ==
        "team.network.mode: unknown value \"lottery\"; known: least_loaded, by_capacity, round_robin, direct, manual");
    CHECK(decode_routing(R"({"weights":{}})").error()["path"] == "routing.weights");
    CHECK(decode_template(R"({"languages":[{"language":"fr","body":""}]})", "template.welcome").error()["path"] ==
          "template.welcome.languages[0].body");
    CHECK(decode_body("ticket_exploded", "{}").error().why() == reason::store_corrupt);
    CHECK(decode_body("ticket_opened", "{").error().why() == reason::store_corrupt);
}

TEST_CASE("given a command at the limit of its size and one past it, when it is read, then the second is refused") {
    std::string const head = R"({"command":"reply","text":")", tail = R"("})";
    auto text = head + std::string(limits::command_bytes_max - head.size() - tail.size(), 'a') + tail;
    CHECK(decode_command(text).has_value());
    text.insert(text.size() - 2, "a");
    auto const e = error_of(text);
    CHECK(e.why() == reason::limit_passed);
    CHECK(e["limit"] == "4000000");
}
