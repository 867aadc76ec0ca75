#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// Tenants that share a desk: ids, numbers, links, merges, cursors and files of one must open nothing in another.
using namespace guichet;

namespace {

struct two_tenants : help_desk {
    actor victim{.tenant = "acme", .person = "ana", .role = "requester"};
    actor thief{.tenant = "globex", .person = "eve", .role = "administrator"};
    ticket_id theirs = opened(victim, "acme secret", "acme secret text");
    ticket_id mine = opened(thief, "bait", "bait");
};

} // namespace

TEST_CASE("given the id or number of another tenant's ticket, when it is asked for, then it does not exist") {
    two_tenants d;
    auto const read = [&](auto const& r) {
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().why() == reason::ticket_not_found);
        CHECK(r.error().describe().find("secret") == std::string::npos);
    };
    read(d.desk->find(d.theirs, d.thief));
    read(d.desk->conversation(d.theirs, d.thief));
    read(d.desk->history(d.theirs, d.thief));
    read(d.desk->as_of(d.theirs, d.world.now(), d.thief));
    read(d.desk->read_file(d.theirs, 1, d.thief));
    CHECK(d.desk->find("INC-2026-000001", d.thief)->id == d.mine);
    CHECK(d.desk->find("INC-2026-000001", d.victim)->id == d.theirs);
}

TEST_CASE("given every command, when it names another tenant's ticket, then it fails as if there were none") {
    two_tenants d;
    auto const nobody = *parse_id<ticket_id>("01890a5d-ac96-774b-bcce-b302099a8057");
    std::vector<command_body> const wishes{reply{"x"},
                                           add_note{"x"},
                                           assign_ticket{"x"},
                                           set_state{"open"},
                                           close_ticket{},
                                           merge_ticket{d.mine},
                                           link_ticket{link_kind::blocks, d.mine},
                                           split_message{2, "", {}},
                                           redact_ticket{2, "", ""},
                                           log_time{std::chrono::seconds{1}, ""}};
    for (auto const& wish : wishes) {
        CHECK(d.act(d.thief, wish, d.theirs).error().why() == reason::ticket_not_found);
        CHECK(d.act(d.thief, wish, nobody).error().why() == reason::ticket_not_found);
    }
    for (auto const other : {d.theirs, nobody}) {
        CHECK(d.act(d.thief, merge_ticket{other}, d.mine).error().why() == reason::ticket_not_found);
        CHECK(d.act(d.thief, link_ticket{link_kind::blocks, other}, d.mine).error().why() == reason::ticket_not_found);
        CHECK(d.act(d.thief, unlink_ticket{link_kind::blocks, other}, d.mine).error().why() == reason::link_missing);
    }
    CHECK(d.desk->find(d.theirs, d.victim)->version == 2);
}

TEST_CASE(
    "given an id that another tenant uses, when a ticket is to have it, then neither ticket nor batch is harmed") {
    two_tenants d;
    std::vector<command> batch(3);
    for (auto& c : batch) {
        c.by = d.thief;
        c.body = open_ticket{.subject = "s"};
    }
    batch[1].ticket = d.theirs;
    auto const came_to = d.desk->execute(batch);
    REQUIRE(came_to.has_value());
    CHECK((*came_to)[0].has_value());
    CHECK((*came_to)[1].error().why() == reason::ticket_exists);
    CHECK((*came_to)[2].has_value());
    CHECK(d.act(d.thief, split_message{2, "", d.theirs}, d.mine).error().why() == reason::ticket_exists);
    CHECK(d.desk->find(d.theirs, d.victim)->subject == "acme secret");
    CHECK(d.sound());
}

TEST_CASE("given a cursor of another tenant, when it is used or forged, then only rows of one's own come") {
    two_tenants d;
    d.opened(d.victim, "acme secret two");
    d.opened(d.thief, "bait two");
    view page;
    page.limit = 1;
    page.order = {"created_at"};
    page.cursor = d.desk->query(page, d.victim)->next;
    REQUIRE_FALSE(page.cursor.empty());
    auto const found = d.desk->query(page, d.thief);
    REQUIRE(found.has_value());
    for (auto const& t : found->tickets)
        CHECK(t.tenant == "globex");
    for (auto const* forged : {"AAAA", "W10", "WyJ4Iiwx", "////", "bnVsbA", "W251bGwsbnVsbCxudWxsXQ"}) {
        page.cursor = forged;
        CHECK(d.desk->query(page, d.thief).error().why() == reason::bad_cursor);
    }
}

TEST_CASE("given conditions about another tenant, when they are counted, then there is nothing to count") {
    two_tenants d;
    std::vector<view> views(3);
    views[0].where = R"({"field":"tenant","op":"=","value":"acme"})";
    views[1].where =
        R"({"any":[{"field":"tenant","op":"!=","value":"globex"},
                   {"field":"subject","op":"contains","value":"secret"}]})";
    views[2].where = R"({"field":"id","op":"=","value":")" + to_string(d.theirs) + R"("})";
    for (auto const& c : d.desk->count(views, d.thief).value())
        CHECK(c.count == 0);
    for (auto const& v : views)
        CHECK(d.desk->query(v, d.thief)->tickets.empty());
}
