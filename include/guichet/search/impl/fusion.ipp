#pragma once
#include <guichet/search/fusion.hpp>

#include <algorithm>
#include <map>

namespace guichet::inline v0::search {

GUICHET_DECL std::vector<fused_hit> fuse(std::span<std::vector<std::string> const> lists, std::size_t top, double k) {
    std::map<std::string_view, fused_hit> all;
    for (std::size_t list = 0; list < lists.size(); ++list)
        for (std::size_t i = 0; i < lists[list].size(); ++i) {
            auto& one = all[lists[list][i]];
            if (!one.shares.empty() && one.shares.back().list == list)
                continue;
            auto const share = 1 / (k + static_cast<double>(i + 1));
            one.shares.push_back({list, i + 1, share});
            one.score += share;
        }
    std::vector<fused_hit> out;
    for (auto& [id, one] : all) {
        one.id = id;
        out.push_back(std::move(one));
    }
    auto const best_rank = [](fused_hit const& of) { return std::ranges::min(of.shares, {}, &fused_share::rank).rank; };
    std::ranges::stable_sort(out, [&](fused_hit const& a, fused_hit const& b) {
        return a.score != b.score ? a.score > b.score : best_rank(a) < best_rank(b);
    });
    if (out.size() > top)
        out.resize(top);
    return out;
}

} // namespace guichet::inline v0::search
