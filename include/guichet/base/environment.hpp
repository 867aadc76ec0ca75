#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>

#include <chrono>
#include <cstddef>
#include <span>

namespace guichet::inline v0 {

/// The outside world as the library sees it: what time it is, and chance. Passed by reference and outliving every
/// desk made with it. The library reads no other clock. Implementations must be callable from several threads.
class environment {
public:
    virtual ~environment() = default;
    /// Wall-clock time; may step, even backwards.
    virtual instant now() noexcept = 0;
    /// A clock that never goes backwards, for budgets and measuring.
    virtual std::chrono::nanoseconds monotonic() noexcept = 0;
    /// Fills `out` with unpredictable bytes.
    virtual void random(std::span<std::byte> out) noexcept = 0;
};

/// The real clock and the operating system's randomness. One object, shared by the whole process, thread-safe.
GUICHET_DECL environment& system_environment() noexcept;

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/base/impl/environment.ipp>
#endif
