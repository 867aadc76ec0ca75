#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// SQL, templates, lookups and header lines in text that people write (Log4Shell began in a user agent).
using namespace guichet;

TEST_CASE("given other languages' code in every text, when it is stored and searched, then it is only text") {
    help_desk d;
    auto lifecycle = itil_lifecycle();
    lifecycle.fields = {{{"note", "", ""}, "text", {}, {}}, {{"host", "", ""}, "reference", {}, {}}};
    REQUIRE(d.configure("lifecycle", "default", encode(lifecycle)).has_value());
    for (std::string const code : {"'; DROP TABLE ticket; --", "\" OR \"\"=\"", "%s%n%x", "${jndi:ldap://x}", "{{7*7}}",
                                   "<script>alert(1)</script>", "a\\'b", "NULL", "_%_", "\xE2\x80\xA8line", "x'00'",
                                   "{path}", "$(rm -rf /)", "\r\nBcc: all@example.org"}) {
        CAPTURE(code);
        auto const came_to =
            d.act(d.luc, open_ticket{.subject = code,
                                     .text = code,
                                     .requester = code,
                                     .organisation = code,
                                     .contact = code,
                                     .category = code,
                                     .queue = code,
                                     .team = code,
                                     .tier = code,
                                     .assignee = code,
                                     .tags = {code},
                                     .watchers = {code},
                                     .fields = {{"note", code, 0}, {"host", object_reference{code, code}, 0}}});
        REQUIRE(came_to.has_value());
        auto const id = came_to->ticket;
        REQUIRE(d.act(d.luc, resolve_ticket{code, code}, id).has_value());
        auto const t = d.desk->find(id, d.root).value();
        for (auto const* text : {&t.subject, &t.requester, &t.organisation, &t.contact, &t.category, &t.queue, &t.team,
                                 &t.tier, &t.assignee, &t.resolution, &t.resolution_code})
            CHECK(*text == code);
        CHECK(t.tags == std::vector{code});
        CHECK(std::get<std::string>(t.field("note")->value) == code);
        CHECK(d.desk->conversation(id, d.root)->at(0).text == code);
        view same;
        same.matching = expr::all_of(
            {expr::where("queue", expr::op::equal, code), expr::where("tags", expr::op::contains, code),
             expr::where("subject", expr::op::contains, code), expr::where("fields.note", expr::op::equal, code)});
        auto const found = d.desk->query(same, d.root);
        REQUIRE(found.has_value());
        CHECK(found->tickets.size() == 1);
        CHECK(d.act(d.luc, assign_ticket{code + code}, id)->events.size() == 1);
        CHECK_FALSE(d.desk->find(code, d.root).has_value());
        CHECK_FALSE(d.act({.person = code, .role = code}, reply{code}, id).has_value());
    }
    CHECK(d.sound());
}
