#include "help_desk.hpp"

#include <unit/facts_of.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

/// What was refused so far, each with a sentence that has all its facts.
struct refusals {
    std::set<reason> seen;

    void hear(error const& e) {
        seen.insert(e.why());
        auto const& row = info(e.why());
        CAPTURE(row.name);
        for (auto const fact : facts_of(row.english)) {
            CAPTURE(fact);
            bool const told = std::any_of(e.context().begin(), e.context().end(),
                                          [&](error::context_pair const& c) { return c.first == fact; });
            CHECK(told);
        }
        CHECK(e.describe().size() > 5);
        CHECK(e.describe(language::fr).size() > 5);
    }
    template <class T>
    void hear(result<T> const& r) {
        REQUIRE_FALSE(r.has_value());
        hear(r.error());
    }
};

} // namespace

TEST_CASE("given everything that people do wrong, when it is refused, then no sentence lacks a fact") {
    help_desk d;
    refusals r;
    auto lifecycle = itil_lifecycle();
    lifecycle.fields = {{{"note", "", ""}, "text", {}, {}}, {{"site", "", ""}, "choice", {"oslo"}, {"problem"}}};
    lifecycle.categories = {"hardware"};
    lifecycle.transitions[0].guard.text = R"({"field":"tags","op":"contains","value":"ready"})";
    REQUIRE(d.configure("lifecycle", "default", encode(lifecycle)).has_value());
    auto const id = d.opened(d.ana, "A", "text"), other = d.opened(d.luc, "B"), child = d.opened(d.luc, "C");
    auto const refuse = [&](actor const& by, command_body body, ticket_id on = {}) {
        r.hear(d.act(by, std::move(body), on));
    };

    for (auto const* json :
         {"{", "[]", "{}", R"({"command":1})", R"({"command":"opne"})", R"({"command":"reply","x":1})",
          R"({"command":"reply","text":1})", R"({"command":"reply","id":"x"})",
          R"({"command":"log_time","seconds":1.5})", R"({"command":"wait_until","until":"soon"})",
          R"({"command":"reply","text":"x"})", R"({"command":"open_ticket","by":"a","ticket":"b"})",
          R"({"command":"open_ticket","by":"a","subject":"s","fields":{"note":[]}})",
          R"({"command":"open_ticket","by":"a","subject":"s","attachments":[{"digest":"ff"}]})"})
        r.hear(d.say(json));
    r.hear(decode_command(std::string(5'000'000, ' ')));
    r.hear(decode_view(R"({"limit":"x"})"));
    r.hear(decode_view(R"({"limits":1})"));

    refuse({}, open_ticket{.subject = "s"});
    refuse({.person = "a", .role = "king"}, open_ticket{.subject = "s"});
    refuse(d.ana, assign_ticket{"x"}, id);
    refuse(d.bob, reply{"x"}, id);
    refuse(d.luc, assign_ticket{"x"});
    refuse(d.luc, reply{""}, id);
    refuse(d.luc, reply{std::string(1'000'001, 'a')}, id);
    refuse(d.luc, reply{"\xFF"}, id);
    refuse(d.luc, tag_ticket{{""}, {}}, id);
    refuse(d.luc, tag_ticket{}, id);
    refuse(d.luc, set_fields{.category = "food"}, id);
    refuse(d.luc, set_fields{.fields = {{"nope", true, 0}}}, id);
    refuse(d.luc, set_fields{.fields = {{"note", true, 0}}}, id);
    refuse(d.luc, set_fields{.fields = {{"site", std::string{"oslo"}, 0}}}, id);
    refuse(d.luc, resolve_ticket{}, id);
    refuse(d.luc, set_state{"nowhere"}, id);
    refuse(d.luc, hold_ticket{"open"}, id);
    refuse(d.luc, wait_until{d.world.now() - 1h, ""}, id);
    refuse(d.luc, log_time{}, id);
    refuse(d.luc, attach_file{}, id);
    refuse(d.luc, attach_file{{{"a", "b", {}, 0}}}, id);
    refuse(d.luc, attach_file{{{"a", "b", hash({}), 0}}}, id);
    refuse(d.luc, split_message{9, "", {}}, id);
    refuse(d.luc, split_message{2, "", other}, id);
    refuse(d.eva, redact_ticket{}, id);
    refuse(d.eva, redact_ticket{9, "", ""}, id);
    refuse(d.eva, redact_ticket{0, "", "zoe"}, id);
    refuse(d.luc, link_ticket{link_kind::blocks, id}, id);
    refuse(d.luc, unlink_ticket{link_kind::blocks, other}, id);
    REQUIRE(d.act(d.luc, link_ticket{link_kind::parent_of, child}, id).has_value());
    refuse(d.luc, link_ticket{link_kind::parent_of, child}, id);
    refuse(d.luc, link_ticket{link_kind::child_of, child}, id);
    REQUIRE(d.act(d.luc, tag_ticket{{"ready"}, {}}, id).has_value());
    refuse(d.luc, resolve_ticket{}, id);
    REQUIRE(d.act(d.luc, tag_ticket{{"ready"}, {}}, child).has_value());
    REQUIRE(d.act(d.luc, close_ticket{}, child).has_value());
    refuse(d.luc, resolve_ticket{}, child);
    refuse(d.luc, merge_ticket{id}, id);
    refuse(d.luc, unmerge_ticket{}, id);
    REQUIRE(d.act(d.luc, merge_ticket{id}, other).has_value());
    refuse(d.luc, reply{"x"}, other);
    refuse(d.luc, open_ticket{.subject = "s"}, id);

    command late;
    late.by = d.luc;
    late.ticket = id;
    late.expected_version = 1;
    late.body = assign_ticket{"x"};
    r.hear(d.desk->execute(late));
    late.expected_version.reset();
    late.id = *parse_id<command_id>("01890a5d-ac96-774b-bcce-000000000001");
    REQUIRE(d.desk->execute(late).has_value());
    late.body = assign_ticket{"y"};
    r.hear(d.desk->execute(late));

    auto const ask = [&](view v) { r.hear(d.desk->query(v, d.luc)); };
    ask({.where = "{"});
    ask({.where = R"({"field":"colour","op":"=","value":1})"});
    ask({.where = R"({"field":"queu","op":"=","value":"a"})"});
    ask({.where = R"({"field":"open","op":"contains","value":"a"})"});
    ask({.where = R"({"field":"state","op":"=","value":"limbo"})"});
    ask({.order = {"colour"}});
    ask({.limit = 0});
    ask({.cursor = "rubbish"});
    r.hear(d.desk->find("INC-1", d.luc));
    r.hear(d.desk->read_file(id, 99, d.luc));
    r.hear(d.desk->read_log(0, 1, d.luc));
    r.hear(d.desk->backup("nowhere"));

    auto const store = [&](std::string kind, std::string body) {
        r.hear(d.configure(std::move(kind), "default", std::move(body)));
    };
    store("poem", "{}");
    store("role", "{");
    store("role", R"({"extends":"ghost"})");
    store("calendar", R"({"tz":"Mars/Olympus"})");
    store("calendar", R"({"tz":"UTC","weekly":{"mon":[["18:00","09:00"]]}})");
    store("calendar", R"({"tz":"UTC","holidays":["1066-10-14"]})");
    store("calendar", R"({"always_open":true,"weekly":{"mon":[["09:00","18:00"]]}})");
    store("calendar", R"({"extends":"moon"})");
    store("calendar", R"({"extends":"default"})");
    store("policy", R"({"calendar":"moon","targets":[{"metric":"resolution","within":"4h"}]})");
    store("policy", R"({"calendar":"default","targets":[{"metric":"resolution","within":"later"}]})");
    auto bad = itil_lifecycle();
    bad.states.push_back({{"limbo", "", ""}, status::open});
    store("lifecycle", encode(bad));
    bad.transitions.push_back({"new", {"limbo"}, {}});
    store("lifecycle", encode(bad));
    bad.initial = "nowhere";
    store("lifecycle", encode(bad));

    using enum reason;
    for (auto const expected : {malformed_json,
                                missing_field,
                                unknown_field,
                                wrong_type,
                                bad_value,
                                unknown_value,
                                not_utf8,
                                empty_text,
                                limit_passed,
                                condition_field_unknown,
                                condition_field_misspelt,
                                condition_op_not_offered,
                                bad_configuration,
                                unreachable_state,
                                dead_end_state,
                                unknown_zone,
                                bad_opening,
                                bad_calendar_date,
                                always_open_with_hours,
                                calendars_in_circle,
                                actor_missing,
                                right_missing,
                                unknown_role,
                                ticket_not_found,
                                ticket_exists,
                                version_conflict,
                                command_id_reused,
                                transition_not_allowed,
                                guard_refused,
                                state_of_other_kind,
                                ticket_merged,
                                not_merged,
                                merge_cycle,
                                link_to_itself,
                                link_exists,
                                link_missing,
                                link_cycle,
                                children_open,
                                message_not_found,
                                already_redacted,
                                time_in_the_past,
                                nothing_to_do,
                                bad_cursor,
                                not_sortable,
                                blob_not_found,
                                not_offered}) {
        CAPTURE(info(expected).name);
        CHECK(r.seen.contains(expected));
    }
}
