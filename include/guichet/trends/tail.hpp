#pragma once
#include <guichet/config.hpp>

#include <cstdint>

namespace guichet::inline v0::trends {

/// The probability of `count` or more where counts are negative binomial with this mean (above 0) and shape: Poisson
/// counts whose rate is known to one part in the square root of the shape. The relative error is below 1e-9. Costs the
/// count in multiplications, and some more where the count is not above the mean.
GUICHET_DECL double upper_tail(std::uint32_t count, double mean, double shape) noexcept;

} // namespace guichet::inline v0::trends

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/trends/impl/tail.ipp>
#endif
