#include <guichet/base/limits.hpp>
#include <guichet/kb/inquire.hpp>

#include <doctest/doctest.h>

using namespace guichet;

namespace {

instant const morning{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};

command wish(command_body body, std::string person = "ana") {
    return {.by = {.tenant = "north", .person = std::move(person)}, .body = std::move(body)};
}

kb::inquiry_facts const known{.now = morning, .fresh = {{std::byte{1}}}, .side = side::desk};

result<inquiry> asked(record_inquiry what) { return kb::inquire(nullptr, wish(std::move(what)), known); }

/// What ana asked, and was shown two articles for.
struct shown_two {
    inquiry now = asked({"écran noir", "fr", {"KB-1", "KB-2"}}).value();
    result<inquiry> told(follow_inquiry what, ticket_id became = {}, std::string person = "ana") const {
        auto facts = known;
        facts.ticket = became;
        return kb::inquire(&now, wish(std::move(what), std::move(person)), facts);
    }
};

} // namespace

TEST_CASE("given words, when they are recorded, then the inquiry says who asked, where, when and what he was shown") {
    shown_two const s;
    CHECK(s.now.id == known.fresh);
    CHECK(s.now.tenant == "north");
    CHECK(s.now.person == "ana");
    CHECK(s.now.side == side::desk);
    CHECK(s.now.at == morning);
    CHECK(s.now.words == "écran noir");
    CHECK(s.now.language == "fr");
    CHECK(s.now.shown == std::vector<std::string>{"KB-1", "KB-2"});
    CHECK(s.now.opened.empty());
    CHECK_FALSE(s.now.helped.has_value());
}

TEST_CASE("given an inquiry, when it is followed, then what came of it adds up, and only who asked says so") {
    shown_two s;
    s.now = s.told({.opened = "KB-2"}).value();
    s.now = s.told({.opened = "KB-1", .helped = false}).value();
    CHECK(s.now.opened == std::vector<std::string>{"KB-2", "KB-1"});
    CHECK(s.now.helped == false);
    CHECK(s.told({.opened = "KB-2"}).error().why() == reason::nothing_to_do);
    s.now = s.told({.opened = "KB-2", .helped = true}).value();
    CHECK(s.now.opened.size() == 2);
    CHECK(s.now.helped == true);
    ticket_id const became{{std::byte{7}}};
    CHECK(s.told({}, became).value().ticket == became);
    CHECK(s.told({.helped = false}, {}, "bob").error().why() == reason::inquiry_not_found);
    CHECK(kb::inquire(nullptr, wish(follow_inquiry{}), known).error().why() == reason::inquiry_not_found);
    CHECK(s.told({}).error().why() == reason::missing_field);
    CHECK(s.told({.opened = "KB-3"}).error()["known"] == "KB-1, KB-2");
}

TEST_CASE("given an inquiry that was shown nothing, when something is opened, then that is refused") {
    auto const none = asked({"écran noir", "fr", {}}).value();
    auto const came_to = kb::inquire(&none, wish(follow_inquiry{.opened = "KB-1"}), known);
    CHECK(came_to.error().why() == reason::unknown_value);
}

TEST_CASE("given words and answers at their limits, when they are recorded, then one more is refused") {
    auto const most = limits::text_field_bytes_max;
    CHECK(asked({std::string(most, 'x'), "", {}}).has_value());
    CHECK(asked({std::string(most + 1, 'x'), "", {}}).error()["path"] == "words");
    CHECK(asked({"\xff", "", {}}).error().why() == reason::not_utf8);
    CHECK(asked({" \t", "", {}}).error().why() == reason::missing_field);
    CHECK(asked({"vpn", std::string(limits::name_bytes_max + 1, 'f'), {}}).error()["path"] == "language");
    std::vector<std::string> shown(limits::inquiry_shown_max, "KB-1");
    CHECK(asked({"vpn", "", shown}).has_value());
    shown.emplace_back("KB-1");
    CHECK(asked({"vpn", "", shown}).error()["path"] == "shown");
    CHECK(asked({"vpn", "", {""}}).error()["path"] == "shown[0]");
}
