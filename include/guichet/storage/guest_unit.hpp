#pragma once
#include <guichet/storage/store.hpp>

namespace guichet::inline v0::storage {

/// A unit of work inside a transaction of the host's, over the host's own connection. The host may end that transaction
/// itself, after any `flush`; `commit` and `leave` then find out how. Like any unit it is the store's only one and
/// belongs to one thread: the one that uses the connection.
class guest_unit : public unit_of_work {
public:
    /// Writes what the unit held back, so that all it was told is in the transaction.
    virtual result<void> flush() = 0;
    /// Commits the host's transaction with all that is in it. When the host ended it before: success if it was
    /// committed, `joined_rolled_back` if not. A commit that fails rolls back the whole transaction.
    result<void> commit() override = 0;
    /// Ends the unit without a commit: undoes what was written since it began, by the host as well, and leaves the
    /// host's transaction open. True when it was too late for that, because the host has committed it.
    virtual bool leave() noexcept = 0;
};

} // namespace guichet::inline v0::storage
