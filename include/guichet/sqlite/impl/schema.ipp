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

/// Of its text as a file of the desk's own has it.
inline digest checksum(migration const& m) {
    auto const text = with_prefix(m.sql, {});
    return hash(std::as_bytes(std::span{text}));
}

inline error foreign(std::string const& path) { return {reason::store_foreign, {{"path", path}}}; }

/// The last migration that was applied, 0 before the first. A file of the desk's own says it in its header; where the
/// header is the host's, the table of migrations does.
inline result<std::int64_t> version_of(connection& db) {
    if (db.prefix().empty())
        return db.ask("PRAGMA user_version");
    GUICHET_LET(auto const made, db.ask("SELECT count(*) FROM sqlite_schema WHERE name = '{schema_migrations}'"));
    return made ? db.ask("SELECT max(number) FROM {schema_migrations}") : result<std::int64_t>{0};
}

/// Whether the desk's tables are still to be made; an error when the file is somebody else's and not shared.
inline result<bool> is_blank(connection& db, std::string const& path, bool create) {
    if (!db.prefix().empty()) {
        GUICHET_LET(auto const version, version_of(db));
        return version != 0 || create ? result<bool>{version == 0} : foreign(path);
    }
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
    GUICHET_LET(auto const version, version_of(db));
    if (version > std::int64_t{schema_version})
        return error{reason::store_newer,
                     {{"found", std::to_string(version)}, {"known", std::to_string(schema_version)}}};
    GUICHET_LET(auto applied, db.use("SELECT number, name, checksum FROM {schema_migrations} ORDER BY number"));
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
    GUICHET_TRY(db.run(m.sql));
    GUICHET_LET(auto noted,
                db.use("INSERT INTO {schema_migrations} (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)"));
    auto const sum = checksum(m);
    return noted.number(m.number).text(m.name).blob(sum).at(system_environment().now()).run();
}

/// Applies what is missing, in one transaction, unless another process was faster.
inline result<void> migrate(connection& db) {
    GUICHET_TRY(db.run("BEGIN IMMEDIATE"));
    auto const work = [&]() -> result<void> {
        GUICHET_LET(auto const version, version_of(db));
        if (version == 0)
            GUICHET_TRY(
                db.run("CREATE TABLE IF NOT EXISTS {schema_migrations} (number INTEGER PRIMARY KEY, name TEXT NOT "
                       "NULL, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL) STRICT"));
        for (auto const& m : migrations)
            if (std::int64_t{m.number} > version)
                GUICHET_TRY(apply(db, m));
        if (db.prefix().empty())
            GUICHET_TRY(db.run("PRAGMA application_id = " + std::to_string(application_id) +
                               "; PRAGMA user_version = " + std::to_string(schema_version)));
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
    GUICHET_TRY(db.run("PRAGMA cache_size = -" + std::to_string(std::max<std::size_t>(cache_bytes / 1024, 64))));
    // Erased text must leave the file, so freed space is overwritten. Sorting never writes beside the file.
    GUICHET_TRY(db.run("PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; "
                       "PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864"));
    return add_functions(db);
}

inline result<std::unique_ptr<connection>> open_reader(std::string const& path, sqlite_options const& options,
                                                       std::size_t cache_bytes) {
    GUICHET_LET(auto db, connection::open(path, SQLITE_OPEN_READONLY, options.busy_time, options.prefix));
    GUICHET_TRY(settle(*db, options, cache_bytes));
    return db;
}

/// A file of the desk's own is given a write-ahead log; one of a host's must have it.
inline result<void> need_log(connection& db, std::string const& path) {
    bool const own = db.prefix().empty();
    GUICHET_LET(auto mode, db.use(own ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode"));
    GUICHET_TRY(mode.step());
    if (mode.text_at(0) == "wal")
        return {};
    if (!own)
        return error{reason::store_not_wal, {{"path", path}, {"mode", std::string{mode.text_at(0)}}}};
    return error{reason::store_failed, {{"problem", "this file system offers no write-ahead log"}}};
}

inline result<void> check_prefix(std::string const& prefix) {
    auto const is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    auto const fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
    if (prefix.empty() || (is_letter(prefix[0]) && std::all_of(prefix.begin(), prefix.end(), fits) &&
                           prefix.size() <= limits::table_prefix_bytes_max && !prefix.starts_with("sqlite_")))
        return {};
    return error{reason::bad_value,
                 {{"path", "prefix"},
                  {"value", prefix},
                  {"hint", "take letters, digits and _, a letter first, at most " +
                               std::to_string(limits::table_prefix_bytes_max) + ", such as guichet_"}}};
}

/// Opens the file for writing, makes it if asked, and brings its schema up to date.
inline result<std::unique_ptr<connection>> open_writer(std::string const& path, sqlite_options const& options,
                                                       std::size_t cache_bytes) {
    GUICHET_TRY(check_prefix(options.prefix));
    bool const create = options.create && !options.read_only;
    bool const create_file = create && options.prefix.empty(); // a host's file is the host's to make
    std::error_code ignored;
    if (!create_file && !std::filesystem::exists(path, ignored))
        return error{reason::store_not_found, {{"path", path}}};
    int const flags =
        options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (create_file ? SQLITE_OPEN_CREATE : 0);
    GUICHET_LET(auto db, connection::open(path, flags, options.busy_time, options.prefix));
    GUICHET_LET(bool const blank, is_blank(*db, path, create));
    if (!options.read_only)
        GUICHET_TRY(need_log(*db, path));
    GUICHET_TRY(settle(*db, options, cache_bytes));
    if (!blank)
        GUICHET_TRY(check_migrations(*db));
    GUICHET_LET(auto const version, version_of(*db));
    if (version < std::int64_t{schema_version}) {
        if (options.read_only)
            return error{reason::store_read_only};
        GUICHET_TRY(migrate(*db));
    }
    return db;
}

} // namespace guichet::inline v0::sqlite
