#pragma once
#include <string>

namespace guichet::inline v0 {

/// JSON that is kept as it was written until the module it belongs to reads it.
struct raw_json {
    std::string text{};
    bool empty() const noexcept { return text.empty(); }
    friend bool operator==(raw_json const&, raw_json const&) = default;
};

} // namespace guichet::inline v0
