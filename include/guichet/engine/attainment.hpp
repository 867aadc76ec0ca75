#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace guichet::inline v0 {

/// How well a promise was kept, for one combination. Every cycle counts, not only the worst of a ticket.
struct attainment_row {
    std::string policy, metric, priority, team; ///< priority and team are the ticket's present ones
    std::string month;                          ///< of the verdict, in UTC: 2026-11
    std::uint64_t met = 0, breached = 0;
    duration latest{}; ///< the longest time by the wall clock from a deadline to the verdict of its breach

    double share() const noexcept {
        auto const all = met + breached;
        return all ? static_cast<double>(met) / static_cast<double>(all) : 1.0;
    }
};

/// Which verdicts to count: those given from `from` to before `to`.
struct attainment_period {
    instant from = instant::min(), to = instant::max();
};

/// `[{"policy": ..., "metric": ..., "met": ..., "breached": ..., "share": 0.97}, ...]`
GUICHET_DECL std::string encode(std::vector<attainment_row> const& rows);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/attainment.ipp>
#endif
