#pragma once
#include <guichet/config.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search::detail {

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Sorted strings, numbered by their order.
class dictionary {
public:
    void append(std::string_view text) {
        bytes_.append(text);
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    }
    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
    std::string_view operator[](std::uint32_t i) const noexcept {
        auto const begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view{bytes_}.substr(begin, ends_[i] - begin);
    }
    /// The first string that is not before `text`.
    std::uint32_t lower_bound(std::string_view text, std::uint32_t from = 0) const noexcept {
        std::uint32_t low = from, high = size();
        while (low < high) {
            auto const middle = low + (high - low) / 2;
            if ((*this)[middle] < text)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
    std::uint32_t find(std::string_view text) const noexcept {
        auto const at = lower_bound(text);
        return at < size() && (*this)[at] == text ? at : none;
    }
    std::size_t bytes() const noexcept { return bytes_.size() + ends_.size() * sizeof ends_[0]; }
    void shrink() {
        bytes_.shrink_to_fit();
        ends_.shrink_to_fit();
    }

private:
    std::string bytes_;
    std::vector<std::uint32_t> ends_;
};

} // namespace guichet::inline v0::search::detail
