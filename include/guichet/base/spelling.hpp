#pragma once
#include <guichet/config.hpp>

#include <span>
#include <string_view>

namespace guichet::inline v0 {

/// The one of `known` that is most like `name`, if one is like enough to be meant (Damerau-Levenshtein distance,
/// restricted; at most a third of the letters), else an empty view. Of several, the first. Costs the product of the
/// lengths for each; names over 100 bytes are not looked at.
GUICHET_DECL std::string_view closest_of(std::string_view name, std::span<std::string_view const> known);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/base/impl/spelling.ipp>
#endif
