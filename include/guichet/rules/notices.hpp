#pragma once
#include <guichet/base/instant.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <span>

/// How much may leave for one recipient. A mail loop, a rule that fires too often and a monitoring that runs wild have
/// one thing in common: the same address gets mail after mail.
namespace guichet::inline v0::rules {

/// So many in any stretch of this length.
struct window {
    std::chrono::minutes within;
    std::size_t most;
};

/// To one recipient about one ticket.
inline constexpr std::array<window, 5> windows_of_ticket{{{std::chrono::minutes{10}, 10},
                                                          {std::chrono::minutes{30}, 15},
                                                          {std::chrono::minutes{60}, 25},
                                                          {std::chrono::minutes{180}, 50},
                                                          {std::chrono::minutes{600}, 100}}};
/// To one recipient about all tickets together.
inline constexpr std::array<window, 5> windows_of_recipient{{{std::chrono::minutes{10}, 30},
                                                             {std::chrono::minutes{30}, 60},
                                                             {std::chrono::minutes{60}, 120},
                                                             {std::chrono::minutes{180}, 240},
                                                             {std::chrono::minutes{600}, 360}}};

/// Whether one more may leave at `now` after those that left at `sent`, in any order. Linear.
template <class Times>
bool may_send(Times const& sent, std::span<window const> windows, instant now) noexcept {
    for (auto const& w : windows) {
        std::size_t count = 0;
        for (instant const at : sent)
            count += at + w.within > now && at <= now;
        if (count >= w.most)
            return false;
    }
    return true;
}

} // namespace guichet::inline v0::rules
