#include "help_desk.hpp"

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

#include <set>
#include <thread>

using namespace guichet;
using namespace std::chrono_literals;

TEST_CASE("given a hook that refuses before or after the decision, when tickets open, then numbers have no gaps") {
    help_desk d;
    bool refuse_early = false, refuse_late = false;
    d.desk->before([&](command const&, ticket const*) {
        return refuse_early ? result<void>{error{reason::hook_refused, {{"problem", "early"}}}} : result<void>{};
    });
    d.desk->around([&](command const&, std::function<result<void>()> const& next) -> result<void> {
        GUICHET_TRY(next());
        if (refuse_late)
            return error{reason::hook_refused, {{"problem", "late"}}};
        return {};
    });
    std::vector<std::string> heard;
    d.desk->after([&](outcome const& o) { heard.push_back(o.number); });
    d.opened(d.ana);
    refuse_early = true;
    CHECK(d.act(d.ana, open_ticket{.subject = "x"}).error().describe() == "refused by a hook: early");
    refuse_early = false;
    refuse_late = true;
    std::vector<command> batch(2);
    batch[0].by = batch[1].by = d.ana;
    batch[0].body = batch[1].body = open_ticket{.subject = "x"};
    CHECK(d.desk->execute(batch).value()[1].error().code() == errc::cancelled);
    refuse_late = false;
    d.opened(d.ana);
    CHECK(heard == std::vector<std::string>{"INC-2026-000001", "INC-2026-000002"});
}

TEST_CASE("given a late refusal amid a batch, when the others commit, then the number is not lost") {
    help_desk d;
    d.desk->around([&](command const& c, std::function<result<void>()> const& next) -> result<void> {
        GUICHET_TRY(next());
        if (std::get<open_ticket>(c.body).subject == "refuse")
            return error{reason::hook_refused, {{"problem", "late"}}};
        return {};
    });
    std::vector<command> batch(3);
    for (auto& c : batch) {
        c.by = d.ana;
        c.body = open_ticket{.subject = "fine"};
    }
    std::get<open_ticket>(batch[1].body).subject = "refuse";
    auto const came_to = d.desk->execute(batch).value();
    CHECK(came_to[0]->number == "INC-2026-000001");
    CHECK(came_to[2]->number == "INC-2026-000002");
}

TEST_CASE("given a repeated command, when it is executed, then no hook hears of it twice") {
    help_desk d;
    int heard = 0;
    d.desk->after([&](outcome const&) { ++heard; });
    command wish;
    wish.by = d.ana;
    wish.id = *parse_id<command_id>("01890a5d-ac96-774b-bcce-000000000001");
    wish.body = open_ticket{.subject = "once"};
    CHECK_FALSE(d.desk->execute(wish)->repeated);
    CHECK(d.desk->execute(wish)->repeated);
    CHECK(heard == 1);
}

TEST_CASE("given an after hook, when it gives commands itself, then they are executed") {
    help_desk d;
    d.desk->after([&](outcome const& o) {
        if (std::holds_alternative<ticket_opened>(o.events.front().body))
            CHECK(d.act(d.luc, add_note{"seen"}, o.ticket).has_value());
    });
    CHECK(d.desk->find(d.opened(d.ana), d.luc)->messages == 1);
}

TEST_CASE("given timers that change nothing, when the pump fences them, then no hook hears of them") {
    help_desk d;
    auto const id = d.opened(d.ana);
    REQUIRE(d.act(d.luc, wait_until{d.world.now() + 1h, ""}, id).has_value());
    int heard = 0;
    d.desk->after([&](outcome const&) { ++heard; });
    d.world.advance(1h);
    CHECK(d.desk->pump()->timers_fired == 1);
    CHECK(heard == 1);
}

TEST_CASE("given a guard that keeps a ticket waiting, when its timer falls due, then the pump does not try for ever") {
    help_desk d;
    auto lifecycle = itil_lifecycle();
    for (auto& t : lifecycle.transitions)
        if (t.from == "pending")
            t.guard.text = R"({"field":"tags","op":"contains","value":"go"})";
    REQUIRE(d.configure("lifecycle", "default", encode(lifecycle)).has_value());
    auto const id = d.opened(d.ana);
    REQUIRE(d.act(d.luc, wait_until{d.world.now() + 1h, ""}, id).has_value());
    d.world.advance(2h);
    auto const report = d.desk->pump().value();
    CHECK(report.timers_fired == 0);
    CHECK(report.timers_fenced == 1);
    CHECK(d.desk->pump()->timers_fenced == 0);
    CHECK(d.sound());
    REQUIRE(d.act(d.luc, tag_ticket{{"go"}, {}}, id).has_value());
    CHECK(d.desk->pump()->timers_fired == 1);
    CHECK(d.desk->find(id, d.luc)->state == "open");
}

TEST_CASE("given many due timers, when the pump has a small budget, then it says that there is more to do") {
    help_desk d;
    for (int i = 0; i < 5; ++i)
        REQUIRE(d.act(d.luc, wait_until{d.world.now() + 1h, ""}, d.opened(d.ana)).has_value());
    d.world.advance(1h);
    auto const first = d.desk->pump({.timers_max = 3, .batch = 2}).value();
    CHECK(first.timers_fired == 3);
    CHECK(first.next == d.world.now());
    auto const second = d.desk->pump({.timers_max = 3, .batch = 2}).value();
    CHECK(second.timers_fired == 2);
    CHECK((!second.next || *second.next > d.world.now()));
    CHECK(d.desk->next_wakeup().value() == second.next);
}

TEST_CASE(
    "given the log of several tenants, when one follows it page by page, then it reads all of its own and no other") {
    help_desk d;
    auto mine = d.root, theirs = d.ana;
    mine.tenant = "acme";
    theirs.tenant = "globex";
    auto ours = d.ana;
    ours.tenant = "acme";
    d.opened(ours, "first");
    for (int i = 0; i < 20; ++i)
        d.opened(theirs, "globex only");
    d.opened(ours, "last");
    std::vector<std::string> seen;
    for (std::uint64_t after = 0;;) {
        auto const events = d.desk->read_log(after, 3, mine).value();
        if (events.empty())
            break;
        CHECK(events.size() <= 3);
        for (auto const& e : events)
            seen.push_back(std::get<ticket_opened>(e.body).subject.body);
        after = events.back().seq;
    }
    CHECK(seen == std::vector<std::string>{"first", "last"});
    CHECK(d.desk->read_log(0, 3, ours).error().why() == reason::right_missing);
}

TEST_CASE("given commands from several threads, when all are executed, then none is lost and numbers have no gaps") {
    help_desk d;
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n)
        threads.emplace_back([&d] {
            for (int i = 0; i < 50; ++i)
                d.act(d.ana, open_ticket{.subject = "at once", .text = "text"}).value();
        });
    for (auto& t : threads)
        t.join();
    view all;
    all.limit = 1'000;
    std::set<std::string> numbers;
    auto const listed = d.desk->query(all, d.luc).value();
    for (auto const& t : listed.tickets)
        numbers.insert(t.number);
    CHECK(numbers.size() == 200);
    CHECK(*numbers.rbegin() == "INC-2026-000200");
    CHECK(d.sound());
}

TEST_CASE("given batches, pages, counters and files at their limits and one past, when they come, then the second is "
          "refused") {
    help_desk d;
    std::vector<command> batch(limits::batch_commands_max + 1);
    CHECK(d.desk->execute(batch).error()["path"] == "batch");
    batch.pop_back();
    CHECK(d.desk->execute(batch).value()[0].error().why() == reason::actor_missing);
    std::vector<view> views(limits::counters_max + 1);
    CHECK(d.desk->count(views, d.luc).error()["path"] == "views");
    views.pop_back();
    CHECK(d.desk->count(views, d.luc)->size() == limits::counters_max);
    view wide;
    wide.limit = limits::page_rows_max;
    CHECK(d.desk->query(wide, d.luc).has_value());
    ++wide.limit;
    CHECK(d.desk->query(wide, d.luc).error()["path"] == "limit");
    std::vector<std::byte> bytes(limits::blob_bytes_max);
    CHECK(d.desk->put_file(bytes, "big", "").has_value());
    bytes.push_back({});
    CHECK(d.desk->put_file(bytes, "big", "").error().why() == reason::limit_passed);
}

TEST_CASE("given a file on a ticket, when it is read and then redacted, then its bytes are there and then gone") {
    help_desk d;
    auto const id =
        d.act(d.ana, open_ticket{.subject = "s", .text = "t", .attachments = {d.file("hello", "a.txt")}})->ticket;
    auto const no = d.desk->find(id, d.ana)->attachments[0].no;
    CHECK(d.desk->read_file(id, no, d.ana)->size() == 5);
    CHECK(d.desk->read_file(id, no, d.bob).error().why() == reason::ticket_not_found);
    CHECK_FALSE(d.desk->read_file(id, no + 1, d.ana).has_value());
    REQUIRE(d.act(d.eva, redact_ticket{2, "", ""}, id).has_value());
    CHECK_FALSE(d.desk->read_file(id, no, d.ana).has_value());
    CHECK(d.desk->stats()->blobs == 0);
    CHECK(d.sound());
}

TEST_CASE("given a command with an id, when its text is redacted, then no print of it is left to guess at") {
    help_desk d;
    command wish{.by = d.ana, .body = open_ticket{.subject = "s", .text = "my password is hunter2"}};
    wish.id = make_id<command_id>(d.world, d.world.now());
    auto const first = d.desk->execute(wish).value();
    REQUIRE(d.act(d.eva, redact_ticket{2, "", ""}, first.ticket).has_value());
    CHECK(d.desk->store().begin().value()->find_receipt("", wish.id).value()->print == digest{});
    auto const again = d.desk->execute(wish).value();
    CHECK(again.repeated);
    CHECK(again.ticket == first.ticket);
    CHECK(d.sound());
}

TEST_CASE("given one file on two tickets, when one is redacted, then the other keeps it") {
    help_desk d;
    auto const file = d.file("hello", "a.txt");
    auto const first = d.act(d.ana, open_ticket{.subject = "s", .text = "t", .attachments = {file}})->ticket;
    auto const second = d.act(d.ana, open_ticket{.subject = "s", .text = "t", .attachments = {file}})->ticket;
    auto const no = d.desk->find(second, d.ana)->attachments[0].no;
    REQUIRE(d.act(d.eva, redact_ticket{2, "", ""}, first).has_value());
    CHECK(d.desk->read_file(second, no, d.ana)->size() == 5);
    REQUIRE(d.act(d.eva, redact_ticket{2, "", ""}, second).has_value());
    CHECK(d.desk->stats()->blobs == 0);
}

TEST_CASE("given a file on a merged ticket, when who sees the ticket it went into reads it, then he gets it") {
    help_desk d;
    auto const source =
        d.act(d.ana, open_ticket{.subject = "s", .text = "t", .attachments = {d.file("hello", "a.txt")}})->ticket;
    auto const no = d.desk->find(source, d.ana)->attachments[0].no;
    auto const target = d.act(d.bob, open_ticket{.subject = "s", .text = "t"})->ticket;
    CHECK(d.desk->read_file(source, no, d.bob).error().why() == reason::ticket_not_found);
    REQUIRE(d.act(d.eva, merge_ticket{target}, source).has_value());
    CHECK(d.desk->read_file(source, no, d.bob)->size() == 5);
    REQUIRE(d.act(d.eva, unmerge_ticket{}, source).has_value());
    CHECK_FALSE(d.desk->read_file(source, no, d.bob).has_value());
}

TEST_CASE("given a field set and redacted in one batch, when both commit, then the text is gone") {
    help_desk d;
    auto lifecycle = itil_lifecycle();
    lifecycle.fields = {{{"note", "", ""}, "text", {}, {}}};
    REQUIRE(d.configure("lifecycle", "default", encode(lifecycle)).has_value());
    auto const id = d.opened(d.ana);
    std::vector<command> batch(2);
    batch[0].by = batch[1].by = d.eva;
    batch[0].ticket = batch[1].ticket = id;
    batch[0].body = set_fields{.fields = {{"note", std::string{"secret"}, 0}}};
    batch[1].body = redact_ticket{0, "note", ""};
    for (auto const& came_to : d.desk->execute(batch).value())
        CHECK(came_to.has_value());
    CHECK(d.all_of(id, d.root).find("secret") == std::string::npos);
    CHECK(d.sound());
}

TEST_CASE("given odd numbers in fields, when the log is replayed, then the rows are the same to the last bit") {
    help_desk d;
    auto lifecycle = itil_lifecycle();
    lifecycle.fields = {{{"count", "", ""}, "number", {}, {}}};
    REQUIRE(d.configure("lifecycle", "default", encode(lifecycle)).has_value());
    auto const id = d.opened(d.ana);
    for (auto const value : {123456789.123456789, 1.0 / 3, 1e300, -5e-324})
        REQUIRE(d.act(d.luc, set_fields{.fields = {{"count", value, 0}}}, id).has_value());
    CHECK(d.sound());
}
