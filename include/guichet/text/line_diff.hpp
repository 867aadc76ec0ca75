#pragma once
#include <guichet/config.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace guichet::inline v0::text {

enum class line_fate : std::uint8_t { same, removed, added };

/// A line of one of two texts, or of both.
struct diff_line {
    line_fate fate = line_fate::same;
    std::string_view line; ///< within one of the texts
    friend bool operator==(diff_line const&, diff_line const&) = default;
};

/// What makes one text of another, line by line, with as few lines removed and added as can be (Myers 1986: time and
/// memory grow with their square). Beyond `limits::diff_lines_max` of them, all between the first and the last
/// difference is removed and added.
GUICHET_DECL std::vector<diff_line> diff_lines(std::string_view before, std::string_view after);

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/line_diff.ipp>
#endif
