#include <guichet/access/roles.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <variant>

using namespace guichet;

namespace {

command_body alternative(std::size_t index) {
    command_body out;
    boost::mp11::mp_with_index<std::variant_size_v<command_body>>(index, [&](auto i) { out.emplace<i>(); });
    return out;
}

std::uint64_t seed() {
    auto const* given = std::getenv("GUICHET_SEED");
    return given ? std::strtoull(given, nullptr, 10) : 20240229;
}

} // namespace

TEST_CASE("given any viewer and any ticket, when the ticket and the query are asked, then both show or both hide it") {
    std::mt19937_64 chance{seed()};
    auto const pick = [&](std::initializer_list<char const*> words) {
        return std::string{words.begin()[chance() % words.size()]};
    };
    auto const schema = ticket_schema(itil_lifecycle());
    auto const roles = access::role_set::compile({{"key_user", "requester", side::requester, {"see_organisation"}},
                                                  {"blind", "", side::desk, {}},
                                                  {"queues_only", "", side::desk, {"see_queues"}}})
                           .value();
    std::size_t seen = 0;
    for (int i = 0; i < 20'000; ++i) {
        ticket t;
        t.requester = pick({"ana", "Ana", "bob", ""});
        t.contact = pick({"", "", "ana", "an"});
        t.assignee = pick({"", "luc", "Luc", "ana"});
        t.queue = pick({"", "a", "A", "b"});
        t.organisation = pick({"", "acme", "Acme"});
        if (chance() % 3 == 0)
            t.watchers = {pick({"ana", "an"}), pick({"bob", "luc"})};
        viewer who;
        who.person = pick({"ana", "luc", "an"});
        who.role = pick({"requester", "agent", "supervisor", "key_user", "blind", "queues_only", ""});
        who.organisation = pick({"", "acme"});
        if (chance() % 2)
            who.queues = {pick({"a", "b", ""})};
        auto own = *roles->find(who).value();
        if (chance() % 4 == 0)
            own.only = expr::condition::parse(pick({"queue = a", "not (organisation = acme)"}), schema).value();
        auto const visible = access::visibility(who, own, schema);
        REQUIRE(visible.has_value());
        bool const sees = access::sees(who, own, t);
        seen += sees;
        CAPTURE(i);
        CAPTURE(who.role);
        CHECK(sees == visible->evaluate(ticket_record{t, schema}, ticket_context({})));
    }
    CHECK(seen > 1'000);
}

TEST_CASE("given the tenant of another, when any role looks, then it sees nothing") {
    auto const roles = access::role_set::compile({}).value();
    ticket t;
    t.tenant = "acme";
    t.requester = t.assignee = "ana";
    for (auto const* role : {"requester", "agent", "supervisor", "administrator"})
        CHECK_FALSE(access::sees({.tenant = "globex", .person = "ana"},
                                 *roles->find({.person = "ana", .role = role}).value(), t));
}

TEST_CASE("given the built-in roles, when every command is asked for, then each has the rights of its work") {
    auto const roles = access::role_set::compile({}).value();
    std::size_t of_requester = 0, of_agent = 0, of_administrator = 0;
    for (std::size_t i = 0; i < std::variant_size_v<command_body>; ++i) {
        auto const wish = alternative(i);
        of_requester += roles->authorise({.person = "a"}, wish, nullptr).has_value();
        of_agent += roles->authorise({.person = "a", .role = "agent"}, wish, nullptr).has_value();
        of_administrator += roles->authorise({.person = "a", .role = "administrator"}, wish, nullptr).has_value();
    }
    CHECK(of_requester == 9);
    // Redaction (of tickets and of articles), publishing, returning and archiving, and major incidents are the
    // supervisor's, timers and news of trends the desk's.
    CHECK(of_agent == std::variant_size_v<command_body> - 9);
    CHECK(of_administrator == std::variant_size_v<command_body> - 2);
}

TEST_CASE("given somebody who calls himself the system, when he acts, then his role is unknown") {
    auto const roles = access::role_set::compile({}).value();
    CHECK(roles->find({.person = "system", .role = "system"}).error().why() == reason::unknown_role);
    CHECK(roles->find({.person = "eve", .role = "system"}).error().why() == reason::unknown_role);
    CHECK(roles->find({.role = "administrator"}).error().why() == reason::actor_missing);
    CHECK(access::role_set::system().has("anything"));
}

TEST_CASE(
    "given a ticket that somebody may not see, when he lacks the right as well, then he learns of the right alone") {
    auto const roles = access::role_set::compile({}).value();
    ticket t;
    t.requester = "ana";
    actor const bob{.person = "bob"};
    CHECK(roles->authorise(bob, assign_ticket{}, &t).error().why() == reason::right_missing);
    CHECK(roles->authorise(bob, assign_ticket{}, nullptr).error().why() == reason::right_missing);
    CHECK(roles->authorise(bob, reply{}, &t).error().why() == reason::ticket_not_found);
}
