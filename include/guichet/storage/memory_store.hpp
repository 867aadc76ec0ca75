#pragma once
#include <guichet/storage/store.hpp>

#include <memory>

namespace guichet::inline v0 {

/// A store in memory: the reference that every other backend is compared with, and a desk for tests and simulations. A commit is
/// durable as long as the process. Thread-safe: one writer, any number of readers beside it.
GUICHET_DECL std::shared_ptr<storage::store> memory_store();

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/storage/impl/memory_store.ipp>
#endif
