#include <guichet/base/limits.hpp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/model/codec.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

auto const monday = instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}} + 9h;
auto const some_id = *parse_id<ticket_id>("01890a5d-ac96-774b-bcce-b302099a8057");

std::shared_ptr<lifecycle::machine const> itil() {
    auto document = itil_lifecycle();
    document.fields = {{{"note", "", ""}, "text", {}, {}},
                       {{"count", "", ""}, "number", {}, {}},
                       {{"site", "", ""}, "choice", {"oslo"}, {}},
                       {{"host", "", ""}, "reference", {}, {}}};
    return lifecycle::machine::compile(std::move(document)).value();
}

struct counter {
    std::shared_ptr<lifecycle::machine const> rules = itil();
    lifecycle::facts known = facts();
    lifecycle::facts facts() const {
        lifecycle::facts out;
        out.rules = rules.get();
        out.now = monday;
        out.fresh = some_id;
        return out;
    }
    result<lifecycle::decision> decide(ticket const* on, command_body body) const {
        command wish;
        wish.by.person = "luc";
        wish.body = std::move(body);
        return lifecycle::decide(on, wish, known);
    }
    ticket opened(open_ticket wish = {}) const {
        wish.subject = "No network";
        wish.requester = "ana";
        return *decide(nullptr, wish).value().after;
    }
};

} // namespace

TEST_CASE("given the same arguments, when a command is decided twice, then the decision is the same") {
    counter const desk;
    auto const t = desk.opened();
    auto const a = desk.decide(&t, reply{"hello"}).value(), b = desk.decide(&t, reply{"hello"}).value();
    REQUIRE(a.events.size() == b.events.size());
    for (std::size_t i = 0; i < a.events.size(); ++i)
        CHECK(encode(a.events[i]) == encode(b.events[i]));
    CHECK(same_history(*a.after, *b.after));
}

TEST_CASE("given a decision, when its events are folded onto the ticket, then it is the ticket of the decision") {
    counter const desk;
    auto t = desk.opened();
    auto const before = t;
    auto const decided = desk.decide(&t, reply{.text = "hello", .state = "pending"}).value();
    CHECK(same_history(t, before));
    for (auto const& e : decided.events) {
        CHECK(e.version == t.version + 1);
        CHECK(e.at == monday);
        CHECK(e.actor == "luc");
        lifecycle::apply(t, e);
    }
    CHECK(same_history(t, *decided.after));
}

TEST_CASE("given a clock behind the ticket, when a command is decided, then its events are not before the last one") {
    counter desk;
    auto const t = desk.opened();
    desk.known.now = monday - 24h;
    CHECK(desk.decide(&t, assign_ticket{"luc"}).value().events.front().at == monday);
}

TEST_CASE("given a ticket's lists at their limits, when one more comes, then it is refused with the limit") {
    counter const desk;
    auto const refused = [&](ticket const& t, command_body body, std::string_view path, std::size_t limit) {
        auto const r = desk.decide(&t, std::move(body));
        CAPTURE(path);
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().why() == reason::limit_passed);
        CHECK(r.error()["path"] == path);
        CHECK(r.error()["limit"] == std::to_string(limit));
        CHECK(r.error()["found"] == std::to_string(limit + 1));
    };
    auto t = desk.opened();
    tag_ticket tags;
    watch_ticket watchers;
    for (std::size_t i = 0; i < limits::tags_max; ++i)
        tags.add.push_back("tag " + std::to_string(i));
    for (std::size_t i = 0; i < limits::watchers_max; ++i)
        watchers.add.push_back("person " + std::to_string(i));
    t = *desk.decide(&t, tags).value().after;
    t = *desk.decide(&t, watchers).value().after;
    refused(t, tag_ticket{{"one more"}, {}}, "tags", limits::tags_max);
    refused(t, watch_ticket{{"one more"}, {}}, "watchers", limits::watchers_max);
    CHECK(desk.decide(&t, tag_ticket{{"one more"}, {"tag 0"}}).has_value());

    auto busy = t;
    busy.time_entries.resize(limits::time_entries_max - 1);
    busy = *desk.decide(&busy, log_time{60s, ""}).value().after;
    refused(busy, log_time{60s, ""}, "time_entries", limits::time_entries_max);

    auto wordy = t;
    wordy.texts = limits::texts_max - 1;
    wordy = *desk.decide(&wordy, add_note{"the last word"}).value().after;
    refused(wordy, add_note{"another"}, "texts", limits::texts_max);

    auto restless = t;
    restless.spans.resize(limits::state_spans_max - 1, {"new", status::new_, monday});
    restless = *desk.decide(&restless, hold_ticket{}).value().after;
    refused(restless, set_state{"open"}, "states", limits::state_spans_max);

    new_attachment file{"a.txt", "text/plain", hash({}), 0};
    auto full = t;
    full = *desk.decide(&full, attach_file{std::vector(limits::attachments_max, file)}).value().after;
    refused(full, attach_file{{file}}, "attachments", limits::attachments_max);
}

TEST_CASE("given a ticket with all its links, when the other end is full, then a link is refused too") {
    counter desk;
    auto const t = desk.opened();
    auto hub = t;
    hub.id.bytes[0] = std::byte{9};
    hub.links.resize(limits::links_max - 1, {link_kind::blocks, some_id});
    desk.known.other = &hub;
    auto const last = desk.decide(&t, link_ticket{link_kind::relates_to, hub.id});
    REQUIRE(last.has_value());
    hub = *last->others.front();
    CHECK(desk.decide(&t, link_ticket{link_kind::relates_to, hub.id}).error()["path"] == "links");
    CHECK(desk.decide(&t, merge_ticket{hub.id}).error()["path"] == "links");
}

TEST_CASE(
    "given texts at their limits and one byte past, when they arrive, then the second is refused with its place") {
    counter const desk;
    auto const t = desk.opened();
    auto const at_limit = [&](auto make, std::size_t limit, std::string_view path) {
        CAPTURE(path);
        CHECK(desk.decide(&t, make(std::string(limit, 'a'))).has_value());
        auto const r = desk.decide(&t, make(std::string(limit + 1, 'a')));
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().why() == reason::limit_passed);
        CHECK(r.error()["path"] == path);
        CHECK(r.error().describe().find(std::to_string(limit)) != std::string::npos);
        auto const bad = desk.decide(&t, make(std::string("ok \xC3(")));
        REQUIRE_FALSE(bad.has_value());
        CHECK(bad.error().why() == reason::not_utf8);
        CHECK(bad.error()["offset"] == "3");
        CHECK(bad.error()["path"] == path);
    };
    at_limit([](std::string s) { return reply{s}; }, limits::message_bytes_max, "text");
    at_limit([](std::string s) { return add_note{s}; }, limits::message_bytes_max, "text");
    at_limit([](std::string s) { return reply{"x", s}; }, limits::message_bytes_max, "html");
    at_limit([](std::string s) { return assign_ticket{s}; }, limits::name_bytes_max, "assignee");
    at_limit([](std::string s) { return hand_over_ticket{s, {}, {}, {}}; }, limits::name_bytes_max, "queue");
    at_limit([](std::string s) { return hand_over_ticket{{}, s, {}, {}}; }, limits::name_bytes_max, "team");
    at_limit([](std::string s) { return hand_over_ticket{{}, {}, s, {}}; }, limits::name_bytes_max, "tier");
    at_limit([](std::string s) { return tag_ticket{{s}, {}}; }, limits::name_bytes_max, "add[0]");
    at_limit([](std::string s) { return watch_ticket{{s}, {}}; }, limits::name_bytes_max, "add[0]");
    at_limit([](std::string s) { return set_fields{.subject = s}; }, limits::subject_bytes_max, "subject");
    at_limit([](std::string s) { return set_fields{.category = s}; }, limits::name_bytes_max, "category");
    at_limit([](std::string s) { return set_fields{.requester = s}; }, limits::name_bytes_max, "requester");
    at_limit([](std::string s) { return set_fields{.organisation = s}; }, limits::name_bytes_max, "organisation");
    at_limit([](std::string s) { return set_fields{.contact = s}; }, limits::name_bytes_max, "contact");
    at_limit(
        [](std::string s) {
            return set_fields{.fields = {{"note", s, 0}}};
        },
        limits::text_field_bytes_max, "fields.note");
    at_limit(
        [](std::string s) {
            return set_fields{.fields = {{"host", object_reference{"t", s}, 0}}};
        },
        limits::name_bytes_max, "fields.host.id");
    at_limit(
        [](std::string s) {
            return set_fields{.fields = {{"host", object_reference{s, "1"}, 0}}};
        },
        limits::name_bytes_max, "fields.host.type");
    at_limit([](std::string s) { return resolve_ticket{s, ""}; }, limits::name_bytes_max, "code");
    at_limit([](std::string s) { return resolve_ticket{"", s}; }, limits::text_field_bytes_max, "text");
    at_limit([](std::string s) { return log_time{60s, s}; }, limits::name_bytes_max, "person");
    at_limit(
        [](std::string s) {
            return attach_file{{{"a", s, hash({}), 0}}};
        },
        limits::name_bytes_max, "attachments[0].type");
}

TEST_CASE("given an opening with texts at their limits and one past, when it arrives, then the second is refused") {
    counter const desk;
    auto const at_limit = [&](auto member, std::size_t limit, std::string_view path) {
        CAPTURE(path);
        open_ticket wish;
        wish.subject = "s";
        wish.*member = std::string(limit, 'a');
        CHECK(desk.decide(nullptr, wish).has_value());
        wish.*member += 'a';
        auto const r = desk.decide(nullptr, wish);
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error()["path"] == path);
        wish.*member = "\xFF";
        CHECK(desk.decide(nullptr, wish).error().why() == reason::not_utf8);
    };
    at_limit(&open_ticket::subject, limits::subject_bytes_max, "subject");
    at_limit(&open_ticket::text, limits::message_bytes_max, "text");
    at_limit(&open_ticket::requester, limits::name_bytes_max, "requester");
    at_limit(&open_ticket::organisation, limits::name_bytes_max, "organisation");
    at_limit(&open_ticket::contact, limits::name_bytes_max, "contact");
    at_limit(&open_ticket::category, limits::name_bytes_max, "category");
    at_limit(&open_ticket::queue, limits::name_bytes_max, "queue");
    at_limit(&open_ticket::team, limits::name_bytes_max, "team");
    at_limit(&open_ticket::tier, limits::name_bytes_max, "tier");
    at_limit(&open_ticket::assignee, limits::name_bytes_max, "assignee");
}

TEST_CASE("given an actor whose name is no text or too long, when he acts, then the command is refused") {
    counter const desk;
    auto const act_as = [&](actor by) {
        command wish;
        wish.by = std::move(by);
        wish.body = open_ticket{.subject = "s"};
        return lifecycle::decide(nullptr, wish, desk.known);
    };
    CHECK(act_as({.person = std::string(limits::name_bytes_max, 'a')}).has_value());
    CHECK(act_as({.person = std::string(limits::name_bytes_max + 1, 'a')}).error()["path"] == "by.person");
    CHECK(act_as({.tenant = "\xC0\x80", .person = "ana"}).error().why() == reason::not_utf8);
    CHECK(act_as({.person = "ana", .organisation = std::string(201, 'o')}).error()["path"] == "by.organisation");
}

TEST_CASE("given a number that JSON cannot write, when it comes as a field, then it is refused") {
    counter const desk;
    auto const t = desk.opened();
    for (auto const value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        auto const r = desk.decide(&t, set_fields{.fields = {{"count", value, 0}}});
        REQUIRE_FALSE(r.has_value());
        CHECK(r.error().why() == reason::bad_value);
        CHECK(r.error()["path"] == "fields.count");
    }
}

TEST_CASE("given more custom fields than the limit, when a ticket gets them all, then it is refused") {
    auto document = itil_lifecycle();
    open_ticket wish{.subject = "s"};
    for (std::size_t i = 0; i <= limits::custom_fields_max; ++i) {
        auto const name = "f" + std::to_string(i);
        document.fields.push_back({{name, "", ""}, "boolean", {}, {}});
        wish.fields.push_back({name, true, 0});
    }
    counter desk;
    desk.rules = lifecycle::machine::compile(std::move(document)).value();
    desk.known.rules = desk.rules.get();
    CHECK(desk.decide(nullptr, wish).error()["path"] == "fields");
    wish.fields.pop_back();
    CHECK(desk.decide(nullptr, wish).has_value());
}

TEST_CASE("given a timer that the ticket no longer wants, when it is fired, then nothing happens and nothing fails") {
    counter const desk;
    auto t = desk.opened();
    t = *desk.decide(&t, wait_until{monday + 1h, ""}).value().after;
    lifecycle::wanted_timers(t, t.timers);
    REQUIRE(t.timers.size() == 1);
    CHECK(desk.decide(&t, fire_timer{{timer_kind::pending_return, "", monday + 2h}}).value().events.empty());
    CHECK(desk.decide(&t, fire_timer{{timer_kind::auto_close, "", monday + 1h}}).value().events.empty());
    CHECK(desk.decide(&t, fire_timer{t.timers[0]}).value().after->state == "open");
}

TEST_CASE("given every state of the standard lifecycle, when any other is asked for, then only its table decides") {
    counter const desk;
    auto const& document = desk.rules->document();
    for (auto const& from : document.states) {
        auto t = desk.opened({.state = from.name});
        auto const next = desk.rules->successors(from.name);
        for (auto const& to : document.states) {
            bool const listed = std::find(next.begin(), next.end(), to.name) != next.end();
            auto const r = desk.decide(&t, set_state{to.name});
            CAPTURE(from.name);
            CAPTURE(to.name);
            CHECK(r.has_value() == listed);
            if (r) {
                CHECK(r->after->state == to.name);
                CHECK(r->after->status == to.status);
                CHECK(r->after->resolved_at.has_value() == !is_open(to.status));
                CHECK(r->after->closed_at.has_value() == (to.status == status::closed));
                CHECK(r->after->reopenings == (is_open(to.status) && !is_open(from.status) ? 1 : 0));
            } else
                CHECK((r.error().why() == reason::transition_not_allowed || r.error().why() == reason::nothing_to_do));
        }
    }
}
