#pragma once
#include <guichet/config.hpp>

#include <algorithm>
#include <string_view>

namespace guichet::inline v0::text {

/// Takes the first line off a text: without its end, which is "\n" or "\r\n".
inline std::string_view take_line(std::string_view& text) noexcept {
    auto const end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace guichet::inline v0::text
