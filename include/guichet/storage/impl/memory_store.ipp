#pragma once
#include <guichet/storage/impl/memory_unit.ipp>

namespace guichet::inline v0::storage {
namespace detail::memory {

inline result<std::unique_ptr<unit_of_work>> store::begin() {
    if (!gate_.enter(options_.busy_time))
        return error{reason::store_busy, {{"problem", "another unit of work is open"}}};
    return std::unique_ptr<unit_of_work>{std::make_unique<unit>(shared_from_this())};
}

} // namespace detail::memory
} // namespace guichet::inline v0::storage

namespace guichet::inline v0 {

GUICHET_DECL std::shared_ptr<storage::store> memory_store(memory_options const& options) {
    return std::make_shared<storage::detail::memory::store>(options);
}

} // namespace guichet::inline v0
