#pragma once
#include <guichet/trends/tail.hpp>

#include <cmath>

namespace guichet::inline v0::trends {

GUICHET_DECL double upper_tail(std::uint32_t count, double mean, double shape) noexcept {
    auto const chance = mean / (mean + shape);
    auto term = std::exp(-shape * std::log1p(mean / shape)); // of zero
    double below = 0;
    for (std::uint32_t k = 0; k < count; ++k) {
        below += term;
        term *= (shape + k) / (k + 1.0) * chance;
    }
    if (count <= mean)
        return 1 - below;
    double above = 0;
    for (double k = count; term > above * 1e-12; ++k) {
        above += term;
        term *= (shape + k) / (k + 1) * chance;
    }
    return above;
}

} // namespace guichet::inline v0::trends
