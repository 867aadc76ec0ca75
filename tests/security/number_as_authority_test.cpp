#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// A ticket number in a subject line is a name that anybody can guess by counting; it must open nothing.
using namespace guichet;

TEST_CASE("given the numbers of others' tickets, when a requester counts through them, then each is as if it were not "
          "there") {
    help_desk d;
    d.opened(d.ana, "secret");
    d.opened(d.bob);
    auto const theirs = d.desk->find("INC-2026-000001", d.bob), none = d.desk->find("INC-2026-000099", d.bob);
    REQUIRE_FALSE(theirs.has_value());
    CHECK(theirs.error().describe() == "no ticket INC-2026-000001 here");
    CHECK(none.error().describe() == "no ticket INC-2026-000099 here");
    for (auto const* number : {"INC-2026-000001", "INC-2026-000099"})
        for (auto const* command :
             {"reply\",\"text\":\"x", "reopen_ticket", "attach_file\",\"attachments\":[],\"by\":\"bob"}) {
            auto const r =
                d.say(std::string{R"({"by":"bob","ticket":")"} + number + R"(","command":")" + command + R"("})");
            REQUIRE_FALSE(r.has_value());
            CHECK(r.error().describe() == "no ticket " + std::string{number} + " here");
            CHECK(r.error().context().size() == 1);
        }
}

TEST_CASE("given a command without the right for it, when it names a ticket that exists or not, then the answer is the "
          "same") {
    help_desk d;
    auto const id = d.opened(d.ana);
    auto const nobody = *parse_id<ticket_id>("01890a5d-ac96-774b-bcce-b302099a8057");
    CHECK(d.act(d.bob, assign_ticket{"bob"}, id).error().describe() ==
          d.act(d.bob, assign_ticket{"bob"}, nobody).error().describe());
    CHECK(d.act({.person = "x", .role = "ghost"}, open_ticket{.subject = "s"}, id).error().why() ==
          reason::unknown_role);
}

TEST_CASE("given odd numbers, when they are looked up, then nothing is found and nothing breaks") {
    help_desk d;
    d.opened(d.ana);
    for (auto const* number : {"", " ", "INC-2026-1", "inc-2026-000001", "INC-2026-000001 ", "INC-2026-%", "*",
                               "' OR 1=1 --", "01890a5d-ac96-774b-bcce-b302099a8057"})
        CHECK(d.desk->find(number, d.root).error().why() == reason::ticket_not_found);
    CHECK_FALSE(d.desk->find(std::string_view{"INC-2026-000001\0x", 17}, d.root).has_value());
}
