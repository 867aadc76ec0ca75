/// A host is killed while it writes invoices and their tickets together.
#include "property/world.hpp"
#include "victim.hpp"

#if defined(PLAY_ON_SQLITE)
#include <guichet/sqlite/attach.hpp>

#include <sqlite3.h>

#include <thread>

namespace {

using namespace play;

constexpr int kills = 25;

/// The host's own connection to its file.
class host_file {
public:
    explicit host_file(std::string const& path) {
        if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(db_)};
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE IF NOT EXISTS invoices (number INTEGER PRIMARY KEY, ticket TEXT NOT NULL)");
    }
    host_file(host_file const&) = delete;
    host_file& operator=(host_file const&) = delete;
    ~host_file() { sqlite3_close(db_); }
    sqlite3* db() const noexcept { return db_; }
    void run(std::string const& sql) {
        if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error{sql + ": " + sqlite3_errmsg(db_)};
    }
    std::vector<std::string> tickets_of_invoices() {
        std::vector<std::string> out;
        auto const add = [](void* to, int, char** cells, char**) {
            static_cast<std::vector<std::string>*>(to)->emplace_back(cells[0]);
            return 0;
        };
        if (sqlite3_exec(db_, "SELECT ticket FROM invoices ORDER BY ticket", add, &out, nullptr) != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(db_)};
        return out;
    }

private:
    sqlite3* db_ = nullptr;
};

std::shared_ptr<storage::store> attach(host_file const& host) {
    return sqlite::attach(host.db(), {.durability = durability::normal, .create = true, .prefix = "guichet_"}).value();
}

/// Writes invoices with their tickets until it is killed; now and then it changes its mind, or commits by itself.
[[noreturn]] void child(std::string const& path, std::uint64_t life, int out) {
    testing::simulated_environment env{
        instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}} + std::chrono::minutes{life}, life};
    host_file host{path};
    auto const desk = guichet::desk::open(attach(host), env).value();
    if (::write(out, "!", 1) != 1)
        ::_exit(1);
    for (std::uint64_t i = 0;; ++i) {
        host.run("BEGIN IMMEDIATE");
        auto work = sqlite::join(*desk, host.db()).value();
        command const wish{.by = {.tenant = "north", .person = "ana"}, .body = open_ticket{.subject = "an invoice"}};
        auto const opened = work->execute(wish).value();
        host.run("INSERT INTO invoices (ticket) VALUES ('" + opened.number + "')");
        if (i % 5 == 3) {
            work.reset();
            host.run("ROLLBACK");
        } else {
            if (i % 5 == 4)
                host.run("COMMIT");
            work->commit().value();
        }
    }
}

void live_and_die(std::string const& path, std::uint64_t life, std::chrono::microseconds lifetime) {
    victim const host{[&](int out) { child(path, life, out); }};
    char sign = 0;
    REQUIRE(host.hear(sign)); // it is at work
    std::this_thread::sleep_for(lifetime);
    host.kill();
}

TEST_CASE("given a host that is killed while it writes invoices with their tickets, then there is none without the "
          "other") {
    dice chance{seed_of_run()};
    scratch_file file;
    std::size_t pairs = 0;
    for (int life = 1; life <= kills; ++life) {
        CAPTURE(life);
        auto const number = static_cast<std::uint64_t>(life);
        live_and_die(file.path(), number, std::chrono::microseconds{chance.between(200, 60'000)});
        host_file host{file.path()};
        testing::simulated_environment env{instant{std::chrono::sys_days{std::chrono::year{2026} / 2 / 1}},
                                           1'000'000 + number};
        auto const desk = guichet::desk::open(attach(host), env).value();
        auto const invoices = host.tickets_of_invoices();
        std::vector<std::string> tickets;
        for (auto const& t : all_tickets(*desk, "north"))
            tickets.push_back(t.number);
        std::sort(tickets.begin(), tickets.end());
        REQUIRE(tickets == invoices);
        REQUIRE(invoices.size() >= pairs);
        pairs = invoices.size();
        if (life % 5 == 0) {
            auto const found = troubles(*desk);
            REQUIRE_MESSAGE(found.empty(), joined(found));
        }
    }
    MESSAGE(kills, " kills, ", pairs, " invoices with their tickets");
    CHECK(pairs > 0);
}

} // namespace
#endif
