#pragma once
#include <guichet/engine/joint_work.hpp>
#include <guichet/sqlite/sqlite_store.hpp>

#include <memory>

struct sqlite3;

/// A desk in the SQLite file of its host. docs/guides/embed-in-an-erp.md goes through it.
namespace guichet::inline v0::sqlite {

/// Opens the store in the file that a connection of the host has open, and makes its tables there when they are
/// missing; their names begin with `options.prefix`. The file must be in WAL mode.
///
/// The connection stays the host's: it is asked for the file's name and not kept. The store works over connections of
/// its own, so the desk may be used from any thread, whatever the host does with its own connections; `join` is for
/// what must be committed together. The host's header (`application_id`, `user_version`) is not touched.
///
/// Errors: `store_without_file`, `store_not_wal`, and those of `sqlite_store`.
GUICHET_DECL result<std::shared_ptr<storage::store>> attach(sqlite3* host, sqlite_options options = {
                                                                               .create = true, .prefix = "guichet_"});

/// Lets commands take part in the transaction that a connection of the host has begun, or begins one on it: what the
/// host writes over it and what the commands come to are committed together or not at all. The desk's store is one that
/// was attached to the same file; any connection to that file may join.
///
/// From here to the end of the work the desk's writer is this one: other threads' commands wait for it. The connection
/// belongs to the calling thread until then. It is borrowed: no statement of Guichet's is left on it at the end.
///
/// Errors: `join_elsewhere` when the connection is on another file; `store_busy` when somebody else writes, or when the
/// host's transaction began to read before somebody else wrote: begin it with BEGIN IMMEDIATE.
GUICHET_DECL result<std::unique_ptr<joint_work>> join(desk& on, sqlite3* host);
/// The same below the desk, for those who work on the storage port.
GUICHET_DECL result<std::unique_ptr<storage::guest_unit>> join(storage::store& attached, sqlite3* host);

} // namespace guichet::inline v0::sqlite

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/sqlite/impl/attach.ipp>
#endif
