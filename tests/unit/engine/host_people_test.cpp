#include <guichet/engine/finder.hpp>
#include <guichet/engine/host_people.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace guichet;

namespace {

/// An archive with its people: who may read which document.
struct archive final : host_directory {
    std::map<std::string, host_person, std::less<>> people;
    std::map<std::string, std::string, std::less<>> titles;
    std::size_t asked = 0, labels_asked = 0;
    bool fails = false;

    result<std::optional<host_person>> person(std::string_view, std::string_view id) override {
        ++asked;
        if (fails)
            throw std::runtime_error{"LDAP does not answer"};
        auto const found = people.find(id);
        return found == people.end() ? std::nullopt : std::optional{found->second};
    }
    result<std::vector<std::string>> labels(std::string_view, std::span<object_reference const> of,
                                            std::string_view language) override {
        labels_asked += of.size();
        std::vector<std::string> out;
        for (auto const& one : of) {
            auto const found = titles.find(one.id);
            out.push_back(found == titles.end() ? "" : found->second + '/' + std::string{language});
        }
        return out;
    }
};

struct office {
    testing::simulated_environment env;
    std::unique_ptr<guichet::desk> desk = guichet::desk::open(memory_store(), env).value();
    archive host;

    office() {
        auto fields = itil_lifecycle();
        fields.fields.push_back({{"document"}, "reference"});
        document const lifecycle{"lifecycle", "default", 0, encode(fields)};
        desk->configure(lifecycle, {.person = "root", .role = "administrator"}).value();
        for (auto const* id : {"A-12", "A-13", "B-1", ""}) {
            open_ticket wish{.subject = std::string{"Scan unreadable "} + id};
            if (*id)
                wish.fields = {{"document", object_reference{"document", id}}};
            desk->execute({.by = {.person = "ana"}, .body = wish}).value();
        }
        host.people["luc"] = {.label = "Luc Martin", .role = "agent"};
        host.people["eva"] = {.label = "Eva Roux", .role = "agent"};
        host.people["eva"].sees_only = expr::where("fields.document", expr::op::in, {"A-12", "A-13"});
        host.titles["A-12"] = "Contract";
    }
    std::vector<std::string> seen_by(actor const& who, std::size_t limit = 50) {
        std::vector<std::string> out;
        for (auto const& t : desk->query({.order = {"number"}, .limit = limit}, who).value().tickets)
            out.push_back(t.number);
        return out;
    }
};

} // namespace

TEST_CASE("given people of the host, when they act, then they are who the host says") {
    office o;
    host_people people{*o.desk, o.host};
    o.host.people["ana"] = {.organisation = "acme", .also = {"see_organisation"}};
    auto const ana = people.actor_of("", "ana").value();
    CHECK(ana.organisation == "acme");
    CHECK(o.seen_by(ana).size() == 4);
    CHECK(o.desk->config()->roles->find(ana).value()->has("see_organisation"));
    CHECK_FALSE(o.desk->config()->roles->find({.person = "ana"}).value()->has("see_organisation"));
    CHECK(people.label_of("", "luc").value() == "Luc Martin");
    CHECK(people.label_of("", "ana").value() == "ana");
    CHECK(people.actor_of("", "mallory").error().why() == reason::person_unknown);
}

TEST_CASE("given somebody who reads some documents only, when he looks, then other tickets do not exist for him") {
    office o;
    host_people people{*o.desk, o.host};
    auto const eva = people.actor_of("", "eva").value(), luc = people.actor_of("", "luc").value();
    CHECK(o.seen_by(luc).size() == 4);
    CHECK(o.seen_by(eva) == std::vector<std::string>{"INC-2026-000001", "INC-2026-000002"});
    CHECK(o.seen_by(eva, 2).size() == 2); // a full page: filtered inside the query
    std::vector<view> const open{{.where = "open"}};
    CHECK(o.desk->count(open, eva).value()[0].count == 2);
    auto const hidden = o.desk->find("INC-2026-000003", luc).value().id;
    CHECK(o.desk->find(hidden, eva).error().why() == reason::ticket_not_found);
    CHECK(o.desk->history(hidden, eva).error().why() == reason::ticket_not_found);
    CHECK(o.desk->execute({.by = eva, .body = reply{.text = "?"}, .ticket = hidden}).error().why() ==
          reason::ticket_not_found);
    CHECK(o.desk->trends({}, eva).error().why() == reason::right_missing);

    finder const search{*o.desk};
    auto const found = search.find({.typed = "unreadable", .facets = {"document"}}, eva).value();
    CHECK(found.hits.size() == 2);
    REQUIRE(found.facets.size() == 1);
    for (auto const& one : found.facets[0].values)
        CHECK(one.documents == 2);
    CHECK(search.find({.typed = "unreadable"}, luc).value().hits.size() == 4);
    CHECK(search.complete("unrea", eva).value().empty());
    CHECK_FALSE(search.complete("unrea", luc).value().empty());
}

TEST_CASE("given a right that the host takes away, when he uses it, then it is refused") {
    office o;
    host_people people{*o.desk, o.host};
    o.host.people["luc"].except = {"assign_ticket"};
    auto const luc = people.actor_of("", "luc").value();
    command const wish{.by = luc, .body = assign_ticket{.assignee = "luc"}, .number = "INC-2026-000001"};
    CHECK(o.desk->execute(wish).error().why() == reason::right_missing);
    CHECK(o.desk->execute({.by = luc, .body = reply{.text = "Hello"}, .number = "INC-2026-000001"}).has_value());
    o.host.people["root"] = {.role = "administrator", .except = {"configure"}};
    CHECK(people.actor_of("", "root").error()["path"] == "except");
}

TEST_CASE("given a condition that a ticket cannot answer, when the host names it, then the reason says its place") {
    office o;
    host_people people{*o.desk, o.host};
    o.host.people["luc"].sees_only = expr::where("fields.nothing", expr::op::equal, "x");
    CHECK(people.actor_of("", "luc").error().why() == reason::condition_field_unknown);
    o.host.people["luc"].sees_only = expr::where("created_at", expr::op::newer_than, std::chrono::hours{1});
    CHECK(people.actor_of("", "luc").error()["path"] == "sees_only");
    o.host.people["luc"] = {.role = "wizard"};
    CHECK(people.actor_of("", "luc").error().why() == reason::unknown_role);
}

TEST_CASE(
    "given answers of the host, when they are asked for again, then they are kept, for a while and up to a bound") {
    office o;
    host_people people{*o.desk, o.host, {.persons_max = 2, .labels_max = 2, .age_max = std::chrono::seconds{60}}};
    auto const ask = [&](char const* who) {
        auto const before = o.host.asked;
        people.actor_of("", who).value();
        return o.host.asked - before;
    };
    CHECK(ask("luc") == 1);
    CHECK(ask("luc") == 0);
    CHECK(ask("eva") == 1);
    o.host.people["ana"] = {};
    CHECK(ask("luc") == 0);
    CHECK(ask("ana") == 1); // one too many: eva was asked for longest ago
    CHECK(ask("luc") == 0);
    CHECK(ask("eva") == 1);
    people.forget("", "eva");
    CHECK(ask("eva") == 1);
    document const queue{"role", "helper", 0, R"({"extends": "agent"})"};
    o.desk->configure(queue, {.person = "root", .role = "administrator"}).value();
    CHECK(ask("eva") == 1); // what a role may is another thing under another configuration

    std::vector<object_reference> const both{{"document", "A-12"}, {"document", "B-1"}};
    std::vector<std::string> const labels{"Contract/fr", "document:B-1"};
    CHECK(people.labels("", both, "fr").value() == labels);
    CHECK(o.host.labels_asked == 2);
    CHECK(people.labels("", both, "fr").value() == labels);
    CHECK(o.host.labels_asked == 2);
    people.forget();
    CHECK(people.labels("", both, "en").value()[0] == "Contract/en");
    CHECK(o.host.labels_asked == 4);

    o.host.fails = true;
    people.forget();
    auto const failed = people.actor_of("", "luc");
    CHECK(failed.error().why() == reason::directory_failed);
    CHECK(failed.error()["problem"] == "LDAP does not answer");
}

TEST_CASE("given an answer of the host, when it is too old, then it is asked for anew") {
    office o;
    host_people people{*o.desk, o.host, {.age_max = std::chrono::seconds{0}}};
    people.actor_of("", "luc").value();
    people.actor_of("", "luc").value();
    CHECK(o.host.asked == 2);

    host_people for_a_minute{*o.desk, o.host, {.age_max = std::chrono::seconds{60}}};
    for_a_minute.actor_of("", "luc").value();
    o.env.advance(std::chrono::seconds{59});
    for_a_minute.actor_of("", "luc").value();
    CHECK(o.host.asked == 3);
    o.env.advance(std::chrono::seconds{2});
    for_a_minute.actor_of("", "luc").value();
    CHECK(o.host.asked == 4);
}
