#pragma once

namespace guichet::inline v0 {

/// Asks memory for what is read soon. Not named `prefetch`: Boost finds a function of that name by its arguments, and
/// would take this one for its own. Nothing happens where the compiler knows no such instruction.
inline void read_soon([[maybe_unused]] void const* what) noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(what);
#endif
}

} // namespace guichet::inline v0
