#pragma once
#include <guichet/sqlite/attach.hpp>
#include <guichet/sqlite/impl/store.ipp>

namespace guichet::inline v0::sqlite {

GUICHET_DECL result<std::shared_ptr<storage::store>> attach(sqlite3* host, sqlite_options options) {
    char const* const path = sqlite3_db_filename(host, "main");
    if (!path || !*path)
        return error{reason::store_without_file};
    return sqlite_store(path, options);
}

GUICHET_DECL result<std::unique_ptr<storage::guest_unit>> join(storage::store& attached, sqlite3* host) {
    if (auto* const own = dynamic_cast<store*>(&attached))
        return own->join(host);
    return error{reason::not_offered, {{"what", "joining a transaction, on a store that was not attached,"}}};
}

GUICHET_DECL result<std::unique_ptr<joint_work>> join(desk& on, sqlite3* host) {
    GUICHET_LET(auto work, join(on.store(), host));
    return joint_work::begin(on, std::move(work));
}

} // namespace guichet::inline v0::sqlite
