#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// Text that is no text broke exports, databases and JSON long after it had been let in.
using namespace guichet;

TEST_CASE("given broken UTF-8 in every text of a command, when it arrives, then it is refused with the place of the "
          "bad byte") {
    help_desk d;
    auto const id = d.opened(d.ana);
    for (std::string const bad : {"\xFF", "ab\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x28\xA1"}) {
        auto const refused = [&](command_body body, ticket_id on = {}) {
            auto const r = d.act(d.luc, std::move(body), on);
            REQUIRE_FALSE(r.has_value());
            CHECK(r.error().why() == reason::not_utf8);
        };
        refused(open_ticket{.subject = bad});
        refused(open_ticket{.subject = "s", .text = bad});
        refused(open_ticket{.subject = "s", .html = bad});
        refused(open_ticket{.subject = "s", .requester = bad});
        refused(open_ticket{.subject = "s", .queue = bad});
        refused(open_ticket{.subject = "s", .tags = {bad}});
        refused(open_ticket{.subject = "s", .watchers = {bad}});
        refused(reply{bad}, id);
        refused(add_note{"x", bad}, id);
        refused(assign_ticket{bad}, id);
        refused(set_fields{.subject = bad}, id);
        refused(resolve_ticket{bad, ""}, id);
        refused(resolve_ticket{"", bad}, id);
        refused(tag_ticket{{bad}, {}}, id);
        refused(log_time{std::chrono::seconds{1}, bad}, id);
        CHECK(d.say("{\"command\":\"reply\",\"by\":\"ana\",\"text\":\"" + bad + "\"}").error().why() ==
              reason::malformed_json);
        CHECK(d.act({.person = bad}, open_ticket{.subject = "s"}).error().why() == reason::not_utf8);
    }
    CHECK(d.desk->find(id, d.luc)->version == 1);
}
