#pragma once
#include <guichet/config.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace guichet::inline v0::search {

inline constexpr double fusion_k = 60; ///< how little the first places count beside the next (Cormack et al. 2009)

/// What one list gave to a fused document.
struct fused_share {
    std::size_t list = 0; ///< which one
    std::size_t rank = 0; ///< of the document in it, from 1
    double score = 0;     ///< 1 / (k + rank)
};

struct fused_hit {
    std::string id;
    double score = 0; ///< the sum of the shares
    std::vector<fused_share> shares{};
};

/// Lists of ids, the best first, as one: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009), which asks
/// nothing of the scores behind the ranks. The best first; equal scores by the best rank, then by id. In a list, of an
/// id that stands there twice the first place counts.
GUICHET_DECL std::vector<fused_hit> fuse(std::span<std::vector<std::string> const> lists, std::size_t top,
                                         double k = fusion_k);

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/fusion.ipp>
#endif
