#include "desk_file.hpp"

#include <guichet/sqlite/attach.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <mutex>
#include <thread>

using namespace desk_file;

namespace {

/// The database of an ERP, as the ERP opens it.
class erp_file {
public:
    explicit erp_file(std::string const& path) {
        REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK);
        sqlite3_busy_timeout(db_, 2'000);
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version = 7;"
            "CREATE TABLE IF NOT EXISTS invoices (number INTEGER PRIMARY KEY, ticket TEXT)");
    }
    erp_file(erp_file const&) = delete;
    erp_file& operator=(erp_file const&) = delete;
    ~erp_file() { CHECK(sqlite3_close(db_) == SQLITE_OK); } // busy, were a statement left on it

    sqlite3* db() const noexcept { return db_; }
    void run(std::string const& sql) {
        char* problem = nullptr;
        int const code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &problem);
        REQUIRE_MESSAGE(code == SQLITE_OK, sql, ": ", problem);
    }
    std::int64_t ask(std::string const& sql) {
        sqlite3_stmt* asked = nullptr;
        REQUIRE(sqlite3_prepare_v2(db_, sql.c_str(), -1, &asked, nullptr) == SQLITE_OK);
        auto const out = sqlite3_step(asked) == SQLITE_ROW ? sqlite3_column_int64(asked, 0) : -1;
        sqlite3_finalize(asked);
        return out;
    }
    void add_invoice(std::string const& ticket = {}) { run("INSERT INTO invoices (ticket) VALUES ('" + ticket + "')"); }
    std::int64_t invoices() { return ask("SELECT count(*) FROM invoices"); }
    bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_) == 0; }

private:
    sqlite3* db_ = nullptr;
};

actor const ana{.tenant = "main", .person = "ana"}, luc{.tenant = "main", .person = "luc", .role = "agent"};

/// An ERP with a desk in its file.
struct office {
    folder here;
    erp_file erp{here / "erp.db"};
    testing::simulated_environment env;
    std::unique_ptr<guichet::desk> desk = open();
    std::mutex hearing;
    std::vector<std::string> heard; ///< by the hook after the commit: the numbers of tickets

    office() {
        desk->after([this](outcome const& o) {
            std::lock_guard const lock{hearing};
            heard.push_back(o.number);
        });
    }
    std::unique_ptr<guichet::desk> open() {
        sqlite_options options{.durability = durability::normal, .create = true, .prefix = "guichet_"};
        options.busy_time = std::chrono::milliseconds{2'000};
        return guichet::desk::open(sqlite::attach(erp.db(), options).value(), env).value();
    }
    command opening(std::string subject = "Invoice 17 is blocked") {
        return {.by = ana, .body = open_ticket{.subject = std::move(subject)}};
    }
    std::unique_ptr<joint_work> join() { return sqlite::join(*desk, erp.db()).value(); }
    std::uint64_t tickets() {
        std::vector<view> const all(1);
        return desk->count(all, {.tenant = "main", .person = "sam", .role = "supervisor"}).value()[0].count;
    }
    /// Nothing is half done: the log, the rows and the counters agree, and the next ticket has the next number.
    void check_sound(std::string const& next_number) {
        CHECK(desk->verify().value().problems.empty());
        CHECK(desk->store().check().has_value());
        CHECK(desk->execute(opening("What comes next")).value().number == next_number);
        CHECK(open()->verify().value().problems.empty());
    }
};

} // namespace

TEST_CASE(
    "given a host's file, when a desk is attached, then its tables are prefixed and the header stays the host's") {
    office o;
    CHECK(o.erp.ask("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'guichet@_%' ESCAPE '@' "
                    "AND name NOT LIKE 'sqlite@_%' ESCAPE '@'") == 1);
    CHECK(o.erp.ask("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%{%' OR sql LIKE '%}%'") == 0);
    CHECK(o.erp.ask("PRAGMA user_version") == 7);
    CHECK(o.erp.ask("PRAGMA application_id") == 0);
    CHECK(o.desk->stats().value().schema_version == 1);
    CHECK(refusal(o.here / "erp.db") == "store_foreign");
    CHECK(refusal(o.here / "erp.db", {.prefix = "guichet_"}) == "opened");
    CHECK(refusal(o.here / "erp.db", {.prefix = "other_"}) == "store_foreign");
    CHECK(refusal(o.here / "erp.db", {.create = true, .prefix = "other_"}) == "opened"); // a second desk, in peace
    o.check_sound("INC-2026-000001");
}

TEST_CASE("given a host's file, when it cannot be shared, then the reason says the way out") {
    folder const here;
    erp_file erp{here / "erp.db"};
    for (auto const* bad : {"sqlite_x", "1_", "a b", "x;", "{", "abcdefghijabcdefghijabcdefghijabc"}) {
        CAPTURE(bad);
        CHECK(refusal(here / "erp.db", {.create = true, .prefix = bad}) == "bad_value");
    }
    CHECK(refusal(here / "nothing.db", {.create = true, .prefix = "guichet_"}) == "store_not_found");
    sqlite3* memory = nullptr;
    REQUIRE(sqlite3_open(":memory:", &memory) == SQLITE_OK);
    CHECK(sqlite::attach(memory).error().why() == reason::store_without_file);
    sqlite3_close(memory);

    erp.run("PRAGMA journal_mode = DELETE");
    auto const refused = sqlite::attach(erp.db());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().why() == reason::store_not_wal);
    CHECK(refused.error()["mode"] == "delete");
}

TEST_CASE("given a desk, when a connection to another file would join, then it is refused") {
    office o;
    erp_file other{o.here / "other.db"};
    CHECK(sqlite::join(*o.desk, other.db()).error().why() == reason::join_elsewhere);
    auto const apart = guichet::desk::open(make(o.here / "desk.db"), o.env).value();
    CHECK(sqlite::join(*apart, o.erp.db()).error().why() == reason::join_elsewhere);
    auto const elsewhere = guichet::desk::open(memory_store(), o.env).value();
    CHECK(sqlite::join(*elsewhere, o.erp.db()).error().why() == reason::not_offered);
}

TEST_CASE("given an invoice and its ticket, when they are committed, then both are there and the hook hears of it") {
    office o;
    bool began = false;
    SUBCASE("in the host's own transaction") {
        o.erp.run("BEGIN");
        began = true;
    }
    SUBCASE("in one that begins with the work") {}
    if (began)
        o.erp.add_invoice("before");
    {
        auto const work = o.join();
        auto const opened = work->execute(o.opening()).value();
        o.erp.add_invoice(opened.number);
        work->execute({.by = luc, .body = assign_ticket{.assignee = "luc"}, .ticket = opened.ticket}).value();
        CHECK(work->find(opened.ticket, luc).value().assignee == "luc");
        CHECK(o.desk->find(opened.ticket, luc).error().why() == reason::ticket_not_found); // not committed yet
        CHECK(o.heard.empty());
        work->commit().value();
        CHECK(work->execute(o.opening()).error().why() == reason::joined_over);
    }
    CHECK_FALSE(o.erp.in_transaction());
    CHECK(o.heard == std::vector<std::string>(2, "INC-2026-000001"));
    CHECK(o.erp.invoices() == (began ? 2 : 1));
    CHECK(o.desk->find("INC-2026-000001", luc).value().assignee == "luc");
    CHECK(o.tickets() == 1);
    o.check_sound("INC-2026-000002");
}

TEST_CASE("given an invoice and its ticket, when the work is dropped, then neither is there and nobody heard of it") {
    office o;
    CHECK(o.tickets() == 0); // the counters are in memory now
    o.erp.run("BEGIN");
    o.erp.add_invoice("of the host");
    {
        auto const work = o.join();
        o.erp.add_invoice(work->execute(o.opening()).value().number);
        o.erp.add_invoice(work->execute(o.opening()).value().number);
    }
    CHECK(o.heard.empty());
    CHECK(o.erp.in_transaction());
    CHECK(o.erp.invoices() == 1);
    SUBCASE("and the host keeps what it wrote before") { o.erp.run("COMMIT"); }
    SUBCASE("and the host rolls all back") { o.erp.run("ROLLBACK"); }
    CHECK(o.tickets() == 0);
    o.check_sound("INC-2026-000001");
}

TEST_CASE("given a host that commits by its own means, when it has, then the work finds that out") {
    office o;
    o.erp.run("BEGIN");
    auto work = o.join();
    o.erp.add_invoice(work->execute(o.opening()).value().number);
    o.erp.run("COMMIT");
    CHECK(o.heard.empty());
    SUBCASE("when it is told") { work->commit().value(); }
    SUBCASE("when it is forgotten") {}
    SUBCASE("when more is asked of it") {
        CHECK(work->execute(o.opening()).error().why() == reason::joined_over);
        work->commit().value();
    }
    work.reset();
    CHECK(o.heard == std::vector<std::string>{"INC-2026-000001"});
    CHECK(o.tickets() == 1);
    o.check_sound("INC-2026-000002");
}

TEST_CASE("given a host that rolls back by its own means, when it has, then the work says that nothing was written") {
    office o;
    o.erp.run("BEGIN");
    {
        auto const work = o.join();
        o.erp.add_invoice(work->execute(o.opening()).value().number);
        o.erp.run("ROLLBACK");
        SUBCASE("when it is told") { CHECK(work->commit().error().why() == reason::joined_rolled_back); }
        SUBCASE("when it is forgotten") {}
    }
    CHECK(o.heard.empty());
    CHECK(o.erp.invoices() == 0);
    o.check_sound("INC-2026-000001");
}

TEST_CASE("given a work, when one of its commands is refused, then the others stand") {
    office o;
    auto const work = o.join();
    auto const opened = work->execute(o.opening()).value();
    CHECK(work->execute(o.opening("")).error().code() == errc::invalid_argument);
    CHECK(work->execute({.by = ana, .body = resolve_ticket{}, .ticket = opened.ticket}).error().code() ==
          errc::permission_denied);
    o.erp.add_invoice(opened.number);
    work->commit().value();
    CHECK(o.tickets() == 1);
    CHECK(o.erp.invoices() == 1);
    o.check_sound("INC-2026-000002");
}

TEST_CASE("given a disk that is full, when a command cannot be written, then the host's own part is the host's") {
    office o;
    o.erp.run("BEGIN");
    o.erp.add_invoice("in dispute");
    o.erp.run("PRAGMA max_page_count = " + std::to_string(o.erp.ask("PRAGMA page_count") + 2));
    {
        auto const work = o.join();
        auto const first =
            work->execute({.by = ana, .body = open_ticket{.subject = "x", .text = std::string(60'000, 'x')}});
        CHECK(first.error().why() == reason::store_full);
        CHECK(work->execute(o.opening()).error().why() == reason::store_full);
        CHECK(work->commit().error().why() == reason::store_full);
    }
    o.erp.run("PRAGMA max_page_count = 100000");
    if (o.erp.in_transaction()) // SQLite itself may roll back on a full disk
        o.erp.run("COMMIT");
    CHECK(o.erp.invoices() <= 1);
    CHECK(o.heard.empty());
    o.check_sound("INC-2026-000001");
}

TEST_CASE("given a host that has the file, when another thread has the desk's turn, then the host can still join") {
    office o;
    o.erp.run("BEGIN IMMEDIATE");
    std::thread colleague{[&] { o.desk->execute(o.opening("From the portal")).value(); }};
    for (int i = 0; i < 5; ++i) { // whoever is first: nobody waits for somebody who waits for him
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        if (!o.erp.in_transaction())
            o.erp.run("BEGIN IMMEDIATE");
        auto const work = o.join();
        o.erp.add_invoice(work->execute(o.opening()).value().number);
        work->commit().value();
    }
    colleague.join();
    CHECK(o.tickets() == 6);
    CHECK(o.erp.invoices() == 5);
    o.check_sound("INC-2026-000007");
}

TEST_CASE("given a transaction that read before somebody else wrote, when it would join, then it is told at once") {
    office o;
    o.erp.run("BEGIN");
    CHECK(o.erp.invoices() == 0);
    o.desk->execute(o.opening()).value();
    CHECK(sqlite::join(*o.desk, o.erp.db()).error().why() == reason::store_busy);
    CHECK(o.erp.in_transaction());
    o.erp.run("ROLLBACK");
    o.check_sound("INC-2026-000002");
}

TEST_CASE("given a host with settings of its own, when a work is over, then they are as they were") {
    office o;
    o.erp.run("PRAGMA foreign_keys = ON; PRAGMA secure_delete = OFF; PRAGMA recursive_triggers = ON");
    auto const work = o.join();
    auto const opened = work->execute(o.opening()).value();
    work->execute({.by = luc, .body = reply{.text = "The secret word is rhubarb."}, .ticket = opened.ticket}).value();
    CHECK(o.erp.ask("PRAGMA secure_delete") == 1); // what is erased here must leave the file
    work->execute({.by = {.tenant = "main", .person = "sam", .role = "supervisor"},
                   .body = redact_ticket{.person = "luc"},
                   .ticket = opened.ticket})
        .value();
    work->commit().value();
    CHECK(o.erp.ask("PRAGMA secure_delete") == 0);
    CHECK(sqlite3_next_stmt(o.erp.db(), nullptr) == nullptr);
    CHECK(content(o.here / "erp.db").find("rhubarb") == std::string::npos);
    CHECK(content(o.here / "erp.db-wal").find("rhubarb") == std::string::npos);
    o.check_sound("INC-2026-000002");
}

TEST_CASE("given a hook that answers, when the work is committed, then it may use the desk and the connection") {
    office o;
    o.desk->after([&](outcome const& came_to) {
        if (std::holds_alternative<ticket_opened>(came_to.events.front().body)) {
            o.erp.run("UPDATE invoices SET ticket = 'told'");
            o.desk->execute({.by = luc, .body = reply{.text = "We look at it."}, .ticket = came_to.ticket}).value();
        }
    });
    auto const work = o.join();
    o.erp.add_invoice(work->execute(o.opening()).value().number);
    work->commit().value();
    CHECK(o.erp.ask("SELECT count(*) FROM invoices WHERE ticket = 'told'") == 1);
    CHECK(o.desk->find("INC-2026-000001", luc).value().replies == 1);
}
