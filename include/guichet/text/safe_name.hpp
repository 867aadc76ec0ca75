#pragma once
#include <guichet/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace guichet::inline v0::text {

/// A file name that is safe on every common system, made from whatever a sender calls his attachment: no path, no
/// control, invisible or direction-changing characters, none of `<>:"|?*`, no name Windows reserves, no dot or space
/// at either end, at most `bytes_max` bytes with the extension kept where it is short. Valid UTF-8, never empty:
/// "file" where nothing is left. `bytes_max` is at least 16. `safe_name(safe_name(x)) == safe_name(x)`.
GUICHET_DECL std::string safe_name(std::string_view given, std::size_t bytes_max = 200);

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/safe_name.ipp>
#endif
