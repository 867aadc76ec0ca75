#pragma once
#include <guichet/config.hpp>

#include <cstdint>
#include <string_view>

namespace guichet::inline v0 {

enum class errc : std::uint8_t;

/// Why something was refused: finer than `errc`, stable, and the key of the sentence in each language (`reasons.def`).
enum class reason : std::uint8_t {
#define GUICHET_REASON(name, code, en, fr) name,
#include <guichet/base/reasons.def>
#undef GUICHET_REASON
};

/// One row of `reasons.def`.
struct reason_info {
    reason why;
    errc code;
    std::string_view name;
    std::string_view english;
    std::string_view french;
};
GUICHET_DECL reason_info const& info(reason why) noexcept;

} // namespace guichet::inline v0
