#pragma once
#include <guichet/storage/store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace guichet::inline v0::storage {

/// Where the bytes of attachments lie when they do not lie in the store: the host's archive, a folder, an object store.
/// Bytes are known by their digest and never change. All functions may be called from any thread; an error refuses the
/// command that asked.
class blob_store {
public:
    virtual ~blob_store() = default;

    /// Keeps bytes under their digest, durably when it returns; nothing happens where they are.
    virtual result<void> put(digest const& address, std::span<std::byte const> bytes) = 0;
    /// How many bytes are under a digest, if any are.
    virtual result<std::optional<std::uint64_t>> size(digest const& address) = 0;
    virtual result<std::optional<std::vector<std::byte>>> get(digest const& address) = 0;
    /// The desk needs these bytes no more: it destroys them, unless the host needs them for something else. Nothing
    /// happens where there are none.
    virtual result<void> drop(digest const& address) = 0;
};

/// A store whose blobs lie elsewhere. `rows` keeps everything else and, in place of each blob, a token that counts its
/// uses in the same transactions as ever; blobs that it had before stay in it, and are found. Bytes are put before the
/// commit that names them and dropped after the one that names them last, so that a crash leaves bytes too many, never
/// too few. What comes back is checked against its digest: other bytes are `store_corrupt`.
///
/// A backup is that of `rows`, without the bytes. One object for each blob store: between processes, dropping a blob
/// and putting the same one anew are not told apart.
GUICHET_DECL std::shared_ptr<store> with_blobs(std::shared_ptr<store> rows, std::shared_ptr<blob_store> blobs);

} // namespace guichet::inline v0::storage

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/storage/impl/blob_store.ipp>
#endif
