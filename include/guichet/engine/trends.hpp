#pragma once
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace guichet::inline v0 {

/// What grows in a tenant, and what was told of it.
struct trends_report {
    bool watched = false;              ///< a trend document says so
    std::size_t traits = 0, bytes = 0; ///< that are watched, and what they hold
    std::vector<told_trend> growing{}; ///< now, the oldest first
    std::vector<event> told{};         ///< `trend_told`, in the period asked for, oldest first
};
/// `{"watched": true, "traits": ..., "bytes": ..., "growing": [...], "told": [...]}`
GUICHET_DECL std::string encode(trends_report const& r);
/// For people: "17 alike in 40 minutes, usually 2".
GUICHET_DECL std::string describe(told_trend const& one, language lang = language::en);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/trends.ipp>
#endif
