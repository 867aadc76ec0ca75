#pragma once
#include "console.hpp"

#include <vector>

namespace guichet::cli {

/// A filled curve in block characters, `height` lines high, with its scale on the left and two dates below.
std::string plot(console const& out, std::vector<std::uint64_t> const& values, std::size_t height,
                 std::string_view from, std::string_view to);

} // namespace guichet::cli
