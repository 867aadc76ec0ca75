/// Durable `open_ticket` with clocks and timers, against a hand-written SQLite program that writes the same rows and
/// bytes: the rows that the engine wrote are read back and written again, by prepared statements, into a file of the
/// same schema, with the same transactions. What lies between the two rates is what the engine costs. Rounds of both
/// alternate.
#include "printer.hpp"
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
namespace fs = std::filesystem;

void need(int code, sqlite3* db) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        std::fprintf(stderr, "peer: %s\n", sqlite3_errmsg(db));
        std::exit(1);
    }
}

using row_values = std::vector<sqlite3_value*>;

class database {
public:
    explicit database(fs::path const& path) { need(sqlite3_open(path.c_str(), &db_), db_); }
    ~database() { sqlite3_close_v2(db_); }
    void run(std::string const& sql) { need(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), db_); }
    sqlite3_stmt* prepare(std::string const& sql) {
        sqlite3_stmt* out = nullptr;
        need(sqlite3_prepare_v2(db_, sql.c_str(), -1, &out, nullptr), db_);
        return out;
    }
    std::vector<row_values> rows(std::string const& sql) {
        std::vector<row_values> out;
        auto* const statement = prepare(sql);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            auto& row = out.emplace_back();
            for (int i = 0; i < sqlite3_column_count(statement); ++i)
                row.push_back(sqlite3_value_dup(sqlite3_column_value(statement, i)));
        }
        sqlite3_finalize(statement);
        return out;
    }
    sqlite3* raw() { return db_; }

private:
    sqlite3* db_ = nullptr;
};

/// The hand-written program: a statement a table, and all it has to write in memory, by ticket.
class peer {
public:
    peer(fs::path const& from, fs::path const& to) : source_{from}, db_{to} {
        db_.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON");
        for (auto const& row :
             source_.rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"))
            db_.run(reinterpret_cast<char const*>(sqlite3_value_text(row[0])));
        for (auto const* table : {"names", "states"})
            copy(table);
        tickets_ = source_.rows("SELECT * FROM tickets ORDER BY ordinal");
        gather(0, "events", "SELECT ticket, events.* FROM events ORDER BY seq");
        gather(1, "texts", "SELECT ticket, texts.* FROM texts JOIN events ON seq = place / 1024 ORDER BY place");
        gather(2, "timers", "SELECT ticket, timers.* FROM timers ORDER BY ticket");
        gather(3, "participants", "SELECT ticket, participants.* FROM participants ORDER BY ticket");
        insert_ticket_ = insert("tickets", tickets_.front().size());
        facets_ = source_.rows("SELECT * FROM facets").front();
        facet_ = insert("facets", facets_.size(), " ON CONFLICT DO UPDATE SET tickets = tickets + excluded.tickets");
        sequence_ =
            db_.prepare("INSERT INTO sequences VALUES (?1, 'INC:2026', ?2) ON CONFLICT DO UPDATE SET value = ?2");
        begin_ = db_.prepare("BEGIN IMMEDIATE");
        commit_ = db_.prepare("COMMIT");
    }

    void write(std::size_t first, std::size_t count) {
        step(begin_);
        for (auto i = first; i < first + count; ++i) {
            put(insert_ticket_, tickets_[i]);
            for (auto& part : parts_)
                for (auto const& row : part.rows[i])
                    put(part.statement, row);
        }
        for (std::size_t i = 0; i + 1 < facets_.size(); ++i)
            need(sqlite3_bind_value(facet_, static_cast<int>(i) + 1, facets_[i]), db_.raw());
        need(sqlite3_bind_int64(facet_, static_cast<int>(facets_.size()), static_cast<std::int64_t>(count)), db_.raw());
        step(facet_);
        need(sqlite3_bind_int64(sequence_, 1, 1), db_.raw());
        need(sqlite3_bind_int64(sequence_, 2, static_cast<std::int64_t>(first + count)), db_.raw());
        step(sequence_);
        step(commit_);
    }

private:
    struct part {
        sqlite3_stmt* statement = nullptr;
        std::vector<std::vector<row_values>> rows; ///< by ticket
    };

    sqlite3_stmt* insert(std::string const& table, std::size_t columns, std::string const& conflict = {}) {
        std::string marks = "?";
        for (std::size_t i = 1; i < columns; ++i)
            marks += ", ?";
        return db_.prepare("INSERT INTO " + table + " VALUES (" + marks + ")" + conflict);
    }
    void copy(std::string const& table) {
        auto const rows = source_.rows("SELECT * FROM " + table);
        auto* const statement = insert(table, rows.front().size());
        for (auto const& row : rows)
            put(statement, row);
        sqlite3_finalize(statement);
    }
    void gather(std::size_t at, std::string const& table, std::string const& sql) {
        auto const rows = source_.rows(sql);
        parts_[at].rows.resize(tickets_.size());
        parts_[at].statement = insert(table, rows.front().size() - 1);
        for (auto const& row : rows)
            parts_[at].rows[static_cast<std::size_t>(sqlite3_value_int64(row[0])) - 1].emplace_back(row.begin() + 1,
                                                                                                    row.end());
    }
    void put(sqlite3_stmt* statement, row_values const& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            need(sqlite3_bind_value(statement, static_cast<int>(i) + 1, row[i]), db_.raw());
        step(statement);
    }
    void step(sqlite3_stmt* statement) {
        need(sqlite3_step(statement), db_.raw());
        need(sqlite3_reset(statement), db_.raw());
    }

    database source_, db_;
    std::vector<row_values> tickets_;
    row_values facets_;
    part parts_[4];
    sqlite3_stmt *insert_ticket_, *facet_, *sequence_, *begin_, *commit_;
};

struct rates {
    double ours = 0, theirs = 0;
};

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

/// Opens `count` tickets, `batch` to a transaction, in both ways, a transaction of each in turn, so that a slow moment
/// of the machine falls on both.
rates measure(fs::path const& folder, std::size_t count, std::size_t batch) {
    auto const reference = folder / "reference.db", ours = folder / "ours.db", theirs = folder / "theirs.db";
    sqlite_options options;
    options.create = true;
    auto const fill = [&](desk& d, std::size_t first) {
        std::vector<command> wishes;
        for (std::size_t i = first; i < first + batch; ++i)
            wishes.push_back(printer_ticket(i));
        auto const start = steady::now();
        if (batch == 1)
            d.execute(wishes.front()).value();
        else
            d.execute(wishes).value();
        return seconds_since(start);
    };
    testing::simulated_environment env;
    {
        auto d = desk::open(sqlite_store(reference.string(), options).value(), env).value();
        for (std::size_t i = 0; i < count; i += batch)
            fill(*d, i);
    }
    peer hand{reference, theirs};
    testing::simulated_environment again;
    auto d = desk::open(sqlite_store(ours.string(), options).value(), again).value();
    double our_seconds = 0, their_seconds = 0;
    for (std::size_t i = 0; i < count; i += batch) {
        our_seconds += fill(*d, i);
        auto const start = steady::now();
        hand.write(i, batch);
        their_seconds += seconds_since(start);
    }
    return {static_cast<double>(count) / our_seconds, static_cast<double>(count) / their_seconds};
}

} // namespace

int main() {
    auto const folder =
        fs::temp_directory_path() / ("guichet-bench-spine-" + std::to_string(steady::now().time_since_epoch().count()));
    fs::create_directories(folder / "one");
    fs::create_directories(folder / "many");
    auto const one = measure(folder / "one", 5'000, 1);
    auto const many = measure(folder / "many", 50'000, 100);
    fs::remove_all(folder);
    auto const print = [](char const* name, rates const& r, double goal, char const* words) {
        print_row(name, r.ours, "tickets/s",
                  "hand-written SQLite: " + std::to_string(static_cast<long>(r.theirs)) + "/s", r.ours / r.theirs,
                  words, r.ours / r.theirs >= goal);
    };
    print("spine.open.durable", one, 0.70, ">= 0.70x");
    print("spine.open.batch100", many, 0.60, ">= 0.60x");
}
