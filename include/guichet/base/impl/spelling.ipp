#pragma once
#include <guichet/base/spelling.hpp>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace guichet::inline v0 {
namespace detail {

/// The restricted Damerau-Levenshtein distance ("optimal string alignment"): how many letters must be inserted,
/// dropped, replaced or swapped with their neighbour.
inline std::size_t spelling_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> two_ago, last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], two_ago[j - 2] + 1);
        }
        two_ago = std::exchange(last, row);
    }
    return last[b.size()];
}

} // namespace detail

GUICHET_DECL std::string_view closest_of(std::string_view name, std::span<std::string_view const> known) {
    constexpr std::size_t name_bytes_max = 100;
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (auto const one : known) {
        if (name.size() > name_bytes_max || one.size() > name_bytes_max)
            continue;
        if (auto const found = detail::spelling_distance(name, one); found < best_distance)
            best_distance = found, best = one;
    }
    return best;
}

} // namespace guichet::inline v0
