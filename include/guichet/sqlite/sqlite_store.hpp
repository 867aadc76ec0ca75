#pragma once
#include <guichet/storage/store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

/// A desk on one SQLite file. docs/concepts/storage.md says what is in the file and why.
namespace guichet::inline v0 {

/// What a commit waits for.
enum class durability : std::uint8_t {
    full,  ///< the disk: an acknowledged commit survives a power cut (synchronous = FULL)
    normal ///< the operating system: it survives a crash of the program; a power cut may undo the last ones, in order
};

struct sqlite_options {
    guichet::durability durability = durability::full;
    /// How long `begin` waits for the other writer, of this process or another one, before `store_busy`.
    std::chrono::milliseconds busy_time{5'000};
    /// Of all page caches together: half for the writer, half for the readers.
    std::size_t cache_bytes = 64'000'000;
    bool create = false;    ///< make the file when there is none; else that is `store_not_found`
    bool read_only = false; ///< refuse to write: `begin` gives `store_read_only`
    /// Of the names of the desk's tables in a file that it shares with a host; empty: a file of its own. With a prefix,
    /// `create` makes the tables and never the file, which must be in WAL mode. See `sqlite::attach`.
    std::string prefix{};
};

/// Opens a file, and brings its schema up to date. Opening costs some milliseconds, whatever the file's size.
///
/// Thread-safe: one writer and any number of readers beside it, which see what was committed when they began and never
/// wait for the writer (WAL). Other processes may open the same file.
///
/// Errors: `store_not_found`; `store_foreign` for a file of another program; `store_newer` for one of a newer Guichet;
/// `store_schema_changed` when its migrations are not the ones known here; `store_not_wal` for one that is shared and
/// has no write-ahead log; `store_corrupt`, `store_busy`, `store_full`.
GUICHET_DECL result<std::shared_ptr<storage::store>> sqlite_store(std::string const& path,
                                                                  sqlite_options const& options = {});

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/sqlite/impl/store.ipp>
#endif
