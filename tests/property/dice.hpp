#pragma once
#include <guichet/base/ids.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <span>
#include <string>
#include <vector>

/// Chance that can be repeated: the same seed gives the same throws on every machine and library.
namespace play {

class dice {
public:
    explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

    /// SplitMix64 (Steele, Lea, Flood 2014).
    std::uint64_t next() noexcept {
        auto z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }
    std::size_t below(std::size_t end) noexcept { return static_cast<std::size_t>(next() % end); }
    int between(int first, int last) noexcept {
        return first + static_cast<int>(below(static_cast<std::size_t>(last - first + 1)));
    }
    bool percent(std::size_t chance) noexcept { return below(100) < chance; }
    template <class Container>
    auto const& pick(Container const& from) noexcept {
        return from[below(std::size(from))];
    }
    /// A place, each as often as its weight says.
    std::size_t weighted(std::span<unsigned const> weights) noexcept {
        auto left = below(std::accumulate(weights.begin(), weights.end(), std::size_t{0}));
        for (std::size_t i = 0;; ++i) {
            if (left < weights[i])
                return i;
            left -= weights[i];
        }
    }
    template <class Id>
    Id fresh_id() noexcept {
        Id out;
        for (auto& byte : out.bytes)
            byte = static_cast<std::byte>(next());
        return out;
    }

private:
    std::uint64_t state_;
};

/// The seed of this run, which main() printed.
inline std::uint64_t seed_of_run() {
    auto const* text = std::getenv("GUICHET_SEED");
    return text ? std::strtoull(text, nullptr, 10) : 20240229;
}

/// Some seeds that follow from the run's, one for each repetition.
inline std::vector<std::uint64_t> seeds(std::size_t count) {
    std::vector<std::uint64_t> out;
    dice d{seed_of_run()};
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(d.next() % 1'000'000);
    return out;
}

} // namespace play
