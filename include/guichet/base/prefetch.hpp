#pragma once

namespace guichet::inline v0 {

/// Asks memory for what is read soon. Nothing happens where the compiler knows no such instruction.
inline void prefetch([[maybe_unused]] void const* what) noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(what);
#endif
}

} // namespace guichet::inline v0
