#pragma once
#include <guichet/storage/store.hpp>

#include <chrono>
#include <memory>

namespace guichet::inline v0 {

struct memory_options {
    std::chrono::milliseconds busy_time{5'000}; ///< how long `begin` waits for the other writer before `store_busy`
};

/// A store in memory: the reference that every other backend is compared with, and a desk for tests and simulations. A
/// commit is durable as long as the process. Thread-safe: one writer, any number of readers beside it; a reader only
/// waits while a commit moves its writes in. A rollback costs nothing.
GUICHET_DECL std::shared_ptr<storage::store> memory_store(memory_options const& options = {});

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/storage/impl/memory_store.ipp>
#endif
