#include <guichet/storage/blob_store.hpp>
#include <guichet/storage/forwarding_store.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/faulty_store.hpp>
#include <guichet/testing/store_conformance.hpp>

#include <doctest/doctest.h>

#if __has_include(<guichet/sqlite/attach.hpp>)
#include <guichet/sqlite/attach.hpp>

#include <sqlite3.h>
#define GUICHET_TESTS_SQLITE
#endif

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>

/// The published suite, on both stores of the project. GUICHET_SEED repeats a run.
namespace {

using namespace guichet;

std::uint64_t seed() {
    auto const given = std::getenv("GUICHET_SEED");
    return given && *given ? std::strtoull(given, nullptr, 10) : 20240229;
}

void run_suite(testing::store_factory const& factory) {
    std::size_t ran = 0;
    for (auto const& one : testing::store_conformance()) {
        if (!testing::applies(one, factory))
            continue;
        ++ran;
        for (auto const& failure : one.run(factory))
            FAIL_CHECK(one.name, "\n    ", failure);
    }
    CHECK(ran >= 44);
}

#if defined(GUICHET_TESTS_SQLITE)
/// A folder that goes with the test.
class scratch {
public:
    scratch() : path_{std::filesystem::temp_directory_path() / ("guichet-conformance-" + unique())} {
        std::filesystem::create_directories(path_);
    }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string file() { return (path_ / (std::to_string(++files_) + ".guichet")).string(); }

private:
    static std::string unique() {
        std::random_device chance;
        return std::to_string(chance()) + "-" + std::to_string(chance());
    }
    std::filesystem::path path_;
    int files_ = 0;
};
#endif

} // namespace

TEST_CASE("given the memory store, when the conformance suite runs, then it passes") {
    testing::store_factory factory;
    factory.fresh = [] { return result<std::shared_ptr<storage::store>>{memory_store()}; };
    factory.seed = seed();
    run_suite(factory);
}

namespace {
/// Bytes in a map.
struct shelf final : storage::blob_store {
    std::mutex mutex;
    std::map<digest, std::vector<std::byte>> held;

    result<void> put(digest const& address, std::span<std::byte const> bytes) override {
        std::lock_guard const lock{mutex};
        held.try_emplace(address, bytes.begin(), bytes.end());
        return {};
    }
    result<std::optional<std::uint64_t>> size(digest const& address) override {
        GUICHET_LET(auto const bytes, get(address));
        return bytes ? std::optional<std::uint64_t>{bytes->size()} : std::nullopt;
    }
    result<std::optional<std::vector<std::byte>>> get(digest const& address) override {
        std::lock_guard const lock{mutex};
        auto const at = held.find(address);
        return at == held.end() ? std::nullopt : std::optional{at->second};
    }
    result<void> drop(digest const& address) override {
        std::lock_guard const lock{mutex};
        held.erase(address);
        return {};
    }
};
} // namespace

TEST_CASE("given blobs that lie elsewhere, when the conformance suite runs, then it passes") {
    testing::store_factory factory;
    factory.fresh = [] {
        return result<std::shared_ptr<storage::store>>{storage::with_blobs(memory_store(), std::make_shared<shelf>())};
    };
    factory.seed = seed();
    run_suite(factory);
}

TEST_CASE("given a memory store, when its one unit of work does not end, then a second one is told so") {
    auto const store = memory_store({.busy_time = std::chrono::milliseconds{1}});
    auto const work = store->begin().value();
    CHECK(store->begin().error().why() == reason::store_busy);
    CHECK(store->backup("anywhere").error().why() == reason::not_offered);
}

TEST_CASE("given a disk that fails by chance, when the same seed is used again, then the same operations fail") {
    testing::faulty_store disk{memory_store()};
    auto const failing = [&](std::uint64_t with_seed) {
        disk.set({.chance = 0.3, .seed = with_seed, .why = reason::store_full});
        std::string out;
        for (int i = 0; i < 50; ++i) {
            auto const head = disk.head();
            CHECK((head.has_value() || head.error().why() == reason::store_full));
            out += head ? '.' : '!';
        }
        CHECK(disk.operations() == 50);
        CHECK(disk.failures() == static_cast<std::uint64_t>(std::count(out.begin(), out.end(), '!')));
        return out;
    };
    auto const once = failing(seed());
    CHECK(once == failing(seed()));
    CHECK(once != failing(seed() + 1));
}

TEST_CASE("given a unit of work on a failing disk, when one operation failed, then it refuses all others") {
    testing::faulty_store disk{memory_store(), {.fail_at = 2}};
    auto const work = disk.begin().value();
    CHECK_FALSE(work->next_in_sequence("main", "n").has_value());
    CHECK_FALSE(work->put_blob({}).has_value());
    CHECK_FALSE(work->commit().has_value());
    CHECK(disk.failures() == 1);
    CHECK(disk.operations() == 2);
}

TEST_CASE("given a backend that forgets, when the conformance suite runs, then it says so") {
    testing::store_factory factory;
    factory.fresh = factory.reopen = [] { return result<std::shared_ptr<storage::store>>{memory_store()}; };
    factory.seed = seed();
    for (auto const& one : testing::store_conformance())
        if (one.needs == testing::conformance_need::durable)
            CHECK_FALSE(one.run(factory).empty());
}

#if defined(GUICHET_TESTS_SQLITE)
TEST_CASE("given the SQLite store, when the conformance suite runs, then it passes") {
    scratch folder;
    std::string last;
    sqlite_options options;
    options.durability = durability::normal;
    testing::store_factory factory;
    factory.fresh = [&] {
        auto fresh = options;
        fresh.create = true;
        return sqlite_store(last = folder.file(), fresh);
    };
    factory.reopen = [&] { return sqlite_store(last, options); };
    factory.backup_path = [&] { return folder.file(); };
    factory.open_backup = [&](std::string const& path) { return sqlite_store(path, options); };
    factory.seed = seed();
    run_suite(factory);
}

namespace {

/// A file of a host, with the host's connection to it.
class host_file {
public:
    explicit host_file(std::string const& path) {
        REQUIRE(sqlite3_open(path.c_str(), &db_) == SQLITE_OK);
        REQUIRE(sqlite3_exec(db_,
                             "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
                             "CREATE TABLE IF NOT EXISTS names (number TEXT, tickets TEXT)",
                             nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    host_file(host_file const&) = delete;
    host_file& operator=(host_file const&) = delete;
    ~host_file() { CHECK(sqlite3_close(db_) == SQLITE_OK); }
    sqlite3* db() const noexcept { return db_; }

private:
    sqlite3* db_ = nullptr;
};

/// An attached store whose units of work are all in transactions of the host's connection.
class joined_store final : public storage::forwarding_store {
public:
    explicit joined_store(std::string const& path) : joined_store{std::make_unique<host_file>(path)} {}

    result<std::unique_ptr<storage::unit_of_work>> begin() override { return sqlite::join(*over_, host_->db()); }

private:
    explicit joined_store(std::unique_ptr<host_file> host)
        : forwarding_store{sqlite::attach(host->db(),
                                          {.durability = durability::normal, .create = true, .prefix = "desk_"})
                               .value()},
          host_{std::move(host)} {}

    std::unique_ptr<host_file> host_;
};

} // namespace

TEST_CASE("given a store in a host's file, when the conformance suite runs, then it passes") {
    scratch folder;
    std::string last;
    sqlite_options const options{.durability = durability::normal, .prefix = "desk_"};
    testing::store_factory factory;
    factory.fresh = [&] {
        auto fresh = options;
        fresh.create = true;
        host_file const host{last = folder.file()};
        return sqlite::attach(host.db(), fresh);
    };
    factory.reopen = [&] { return sqlite_store(last, options); };
    factory.backup_path = [&] { return folder.file(); };
    factory.open_backup = [&](std::string const& path) { return sqlite_store(path, options); };
    factory.seed = seed();
    run_suite(factory);
}

TEST_CASE("given transactions of a host's connection, when the conformance suite runs in them, then it passes") {
    scratch folder;
    std::string last;
    testing::store_factory factory;
    auto const open = [&] { return result<std::shared_ptr<storage::store>>{std::make_shared<joined_store>(last)}; };
    factory.fresh = [&] {
        last = folder.file();
        return open();
    };
    factory.reopen = open;
    factory.seed = seed();
    run_suite(factory);
}
#endif
