#pragma once
#include <guichet/base/environment.hpp>
#include <guichet/base/hash.hpp>
#include <guichet/sqlite/impl/functions.ipp>
#include <guichet/sqlite/impl/migrations.ipp>
#include <guichet/sqlite/sqlite_store.hpp>

#include <array>
#include <filesystem>

/// From a path to a connection on a desk's file of the schema known here.
namespace guichet::inline v0::sqlite {

inline constexpr std::int64_t application_id = 0x47434854; // "GCHT"
inline constexpr std::uint32_t schema_version = migrations.back().number;

inline digest checksum(migration const& m) noexcept { return hash(std::as_bytes(std::span{m.sql})); }

inline error foreign(std::string const& path) { return {reason::store_foreign, {{"path", path}}}; }

/// Whether the file holds nothing yet; an error when it is not a desk's.
inline result<bool> is_blank(connection& db, std::string const& path, bool create) {
    auto const found = db.ask("PRAGMA application_id");
    if (!found)
        return found.error().why() == reason::store_corrupt ? foreign(path) : found.error();
    if (*found == application_id)
        return false;
    GUICHET_LET(auto const tables, db.ask("SELECT count(*) FROM sqlite_schema"));
    if (*found != 0 || tables != 0 || !create)
        return foreign(path);
    return true;
}

/// Refuses a file whose past migrations are not those known here.
inline result<void> check_migrations(connection& db) {
    GUICHET_LET(auto const version, db.ask("PRAGMA user_version"));
    if (version > std::int64_t{schema_version})
        return error{reason::store_newer,
                     {{"found", std::to_string(version)}, {"known", std::to_string(schema_version)}}};
    GUICHET_LET(auto applied, db.use("SELECT number, name, checksum FROM schema_migrations ORDER BY number"));
    for (auto const& m : migrations) {
        if (std::int64_t{m.number} > version)
            break;
        GUICHET_LET(bool const found, applied.step());
        digest recorded{};
        if (found)
            applied.bytes_at(2, recorded);
        if (!found || applied.number_at(0) != std::int64_t{m.number} || recorded != checksum(m))
            return error{reason::store_schema_changed,
                         {{"number", std::to_string(m.number)}, {"name", std::string{m.name}}}};
    }
    return {};
}

inline result<void> apply(connection& db, migration const& m) {
    GUICHET_TRY(db.run(std::string{m.sql}.c_str()));
    GUICHET_LET(auto noted,
                db.use("INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)"));
    auto const sum = checksum(m);
    return noted.number(m.number).text(m.name).blob(sum).at(system_environment().now()).run();
}

/// Applies what is missing, in one transaction, unless another process was faster.
inline result<void> migrate(connection& db) {
    GUICHET_TRY(db.run("BEGIN IMMEDIATE"));
    auto const work = [&]() -> result<void> {
        GUICHET_LET(auto const version, db.ask("PRAGMA user_version"));
        if (version == 0) {
            GUICHET_TRY(
                db.run("CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT "
                       "NULL, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL) STRICT"));
            GUICHET_TRY(db.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str()));
        }
        for (auto const& m : migrations)
            if (std::int64_t{m.number} > version)
                GUICHET_TRY(apply(db, m));
        GUICHET_TRY(db.run(("PRAGMA user_version = " + std::to_string(schema_version)).c_str()));
        return db.run("COMMIT");
    };
    auto const done = work();
    if (!done && db.in_transaction())
        (void)db.run("ROLLBACK");
    return done;
}

/// What holds for every connection.
inline result<void> settle(connection& db, sqlite_options const& options, std::size_t cache_bytes) {
    GUICHET_TRY(
        db.run(options.durability == durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL"));
    GUICHET_TRY(
        db.run(("PRAGMA cache_size = -" + std::to_string(std::max<std::size_t>(cache_bytes / 1024, 64))).c_str()));
    // Erased text must leave the file, so freed space is overwritten. Sorting never writes beside the file.
    GUICHET_TRY(db.run("PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; "
                       "PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864"));
    return add_functions(db);
}

inline result<std::unique_ptr<connection>> open_reader(std::string const& path, sqlite_options const& options,
                                                       std::size_t cache_bytes) {
    GUICHET_LET(auto db, connection::open(path, SQLITE_OPEN_READONLY, options.busy_time));
    GUICHET_TRY(settle(*db, options, cache_bytes));
    return db;
}

/// Opens the file for writing, makes it if asked, and brings its schema up to date.
inline result<std::unique_ptr<connection>> open_writer(std::string const& path, sqlite_options const& options,
                                                       std::size_t cache_bytes) {
    bool const create = options.create && !options.read_only;
    std::error_code ignored;
    if (!create && !std::filesystem::exists(path, ignored))
        return error{reason::store_not_found, {{"path", path}}};
    int const flags =
        options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    GUICHET_LET(auto db, connection::open(path, flags, options.busy_time));
    GUICHET_LET(bool const blank, is_blank(*db, path, create));
    if (!options.read_only) {
        GUICHET_LET(auto mode, db->use("PRAGMA journal_mode = WAL"));
        GUICHET_TRY(mode.step());
        if (mode.text_at(0) != "wal")
            return error{reason::store_failed, {{"problem", "this file system offers no write-ahead log"}}};
    }
    GUICHET_TRY(settle(*db, options, cache_bytes));
    if (!blank)
        GUICHET_TRY(check_migrations(*db));
    GUICHET_LET(auto const version, db->ask("PRAGMA user_version"));
    if (version < std::int64_t{schema_version}) {
        if (options.read_only)
            return error{reason::store_read_only};
        GUICHET_TRY(migrate(*db));
    }
    return db;
}

} // namespace guichet::inline v0::sqlite
