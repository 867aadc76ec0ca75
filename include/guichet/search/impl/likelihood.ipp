#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace guichet::inline v0::search::detail {

/// A word that another may have been meant for.
struct correction {
    std::string surface, term;
    int cost = 0;
    std::uint32_t having = 0;
    double share = 0; ///< how likely it is, from 0 to 1: those of all candidates add up to 1
};

/// Judges candidates as a noisy channel does (Kernighan, Church and Gale 1990), that is by how common each is and how
/// easily the slip happens; keeps the likeliest, the first before the others. A slip that costs one letter more is
/// e^5 times rarer: e^3 to e^8 find the same.
inline void keep_likeliest(std::vector<correction>& of, std::size_t top) {
    constexpr double rarer = 0.5; // by tenths of a letter
    double sum = 0;
    for (auto& one : of)
        sum += one.share = one.having * std::exp(-rarer * one.cost);
    for (auto& one : of)
        one.share /= sum;
    std::ranges::sort(of, [](correction const& a, correction const& b) {
        return a.share != b.share ? a.share > b.share : a.term < b.term;
    });
    if (of.size() > top)
        of.resize(top);
}

} // namespace guichet::inline v0::search::detail
