#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/storage/guest_unit.hpp>

#include <memory>

namespace guichet::inline v0 {

/// Commands inside a transaction of the host's: the invoice and its ticket are committed together or not at all.
///
///     auto work = guichet::sqlite::join(*desk, connection).value();
///     insert(connection, order);                             // the host's own writing
///     work->execute({.by = ana, .body = open_ticket{...}}).value();
///     work->commit().value();                                // both; then the hooks hear of it
///
/// A refused command leaves nothing, and the work goes on. When writing fails, what the desk wrote is undone at once,
/// and all that follows answers with that error; the host's own part is the host's to keep or to roll back.
///
/// Queries of the desk see what is committed, here as everywhere: ask `find` for a ticket of this work. Belongs to the
/// thread that uses the connection. Keep it short: other threads' commands wait for it.
class joint_work {
public:
    /// For stores; a host calls `sqlite::join`.
    GUICHET_DECL static result<std::unique_ptr<joint_work>> begin(desk& on, std::unique_ptr<storage::guest_unit> work);
    joint_work(joint_work const&) = delete;
    joint_work& operator=(joint_work const&) = delete;
    /// Without a commit before: undoes what was written since the beginning, also by the host, and leaves the host's
    /// own transaction open. When the host has committed it, that is a commit: the hooks hear of it now.
    GUICHET_DECL ~joint_work();

    /// Executes a command on what those before it left. What it came to is not durable yet.
    GUICHET_DECL result<outcome> execute(command const& wish);
    /// A ticket as this work leaves it, as far as the viewer may see it.
    GUICHET_DECL result<ticket> find(ticket_id id, viewer const& who);

    /// Commits the transaction with all that is in it, and tells the `after` hooks. A host that must commit by its own
    /// means does so before, and calls this to have the hooks told. An error means that nothing was written, by nobody,
    /// `commit_in_doubt` aside. Whatever it returns, the work is over.
    GUICHET_DECL result<void> commit();

private:
    struct state;
    explicit joint_work(std::unique_ptr<state> begun);
    void end(bool committed);
    std::unique_ptr<state> state_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/joint_work.ipp>
#endif
