#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// Notes that agents write among themselves reached customers by mail, search, history and merges in more than one
/// product.
using namespace guichet;
using namespace std::chrono_literals;

namespace {

struct gossip : help_desk {
    ticket_id id = opened(ana, "Slow", "public text");
    gossip() {
        REQUIRE(
            act(luc,
                add_note{.text = "GOSSIP", .html = "<b>GOSSIP</b>", .attachments = {file("GOSSIP file", "GOSSIP.txt")}},
                id)
                .has_value());
        REQUIRE(act(luc, log_time{600s, ""}, id).has_value());
    }
    void check_hidden(ticket_id on, viewer const& who) const {
        auto const all = all_of(on, who);
        CHECK_FALSE(all.empty());
        CHECK(all.find("GOSSIP") == std::string::npos);
    }
};

} // namespace

TEST_CASE("given an internal note with a file, when the requester reads all she can, then nothing of it is there") {
    gossip d;
    d.check_hidden(d.id, d.ana);
    CHECK(d.all_of(d.id, d.luc).find("GOSSIP") != std::string::npos);
    CHECK(d.desk->find(d.id, d.ana)->attachments.empty());
    CHECK(d.desk->find(d.id, d.ana)->time_entries.empty());
    view all;
    auto const listed = d.desk->query(all, d.ana).value();
    for (auto const& t : listed.tickets)
        CHECK(encode(t).find("GOSSIP") == std::string::npos);
    auto const no = d.desk->find(d.id, d.luc)->attachments[0].no;
    CHECK(d.desk->read_file(d.id, no, d.luc).has_value());
    CHECK_FALSE(d.desk->read_file(d.id, no, d.ana).has_value());
}

TEST_CASE("given an internal note, when tickets are merged, unmerged and split, then it stays internal") {
    gossip d;
    auto const main = d.opened(d.bob, "Main");
    REQUIRE(d.act(d.luc, merge_ticket{main}, d.id).has_value());
    d.check_hidden(main, d.bob);
    d.check_hidden(d.id, d.ana);
    REQUIRE(d.act(d.luc, unmerge_ticket{}, d.id).has_value());
    auto const split = *parse_id<ticket_id>("01890a5d-ac96-774b-bcce-b302099a8057");
    REQUIRE(d.act(d.luc, split_message{3, "of its own", split}, d.id).has_value());
    REQUIRE(d.act(d.luc, set_fields{.requester = "ana"}, split).has_value());
    d.check_hidden(split, d.ana);
    CHECK(d.sound());
}

TEST_CASE("given a watcher, a contact and a colleague, when they read, then none of them reads the note") {
    gossip d;
    REQUIRE(
        d.configure("role", "key_user", R"({"extends":"requester","side":"requester","rights":["see_organisation"]})")
            .has_value());
    REQUIRE(d.act(d.luc, set_fields{.organisation = "acme", .contact = "carl"}, d.id).has_value());
    REQUIRE(d.act(d.luc, watch_ticket{{"wim"}, {}}, d.id).has_value());
    for (viewer const& who : {viewer{.person = "wim"}, viewer{.person = "carl"},
                              viewer{.person = "kim", .role = "key_user", .organisation = "acme"}})
        d.check_hidden(d.id, who);
}

TEST_CASE(
    "given a note, when the requester replies to her command's outcome, then the outcome holds only her own events") {
    gossip d;
    auto const came_to = d.act(d.ana, reply{"hello"}, d.id).value();
    CHECK(encode(came_to).find("GOSSIP") == std::string::npos);
}
