#pragma once
#include <guichet/base/environment.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace guichet::inline v0::testing {

/// A world in which time is what the test says and chance is a seed: the same seed gives the same ids, salts and
/// hashes, as long as one thread at a time asks. Thread-safe.
class simulated_environment final : public environment {
public:
    explicit simulated_environment(instant start = instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}},
                                   std::uint64_t seed = 1) noexcept
        : now_{start.time_since_epoch().count()}, seed_{seed} {}

    instant now() noexcept override { return instant{duration{now_.load()}}; }
    std::chrono::nanoseconds monotonic() noexcept override { return std::chrono::nanoseconds{monotonic_ += 1'000}; }
    void random(std::span<std::byte> out) noexcept override {
        for (auto& byte : out)
            byte = static_cast<std::byte>(next());
    }

    void set(instant at) noexcept { now_ = at.time_since_epoch().count(); }
    template <class Rep, class Period>
    void advance(std::chrono::duration<Rep, Period> by) noexcept {
        now_ += std::chrono::duration_cast<duration>(by).count();
        monotonic_ += std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(by).count(), 0);
    }

private:
    /// SplitMix64 (Steele, Lea, Flood 2014).
    std::uint64_t next() noexcept {
        std::uint64_t z = seed_ += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return (z ^ z >> 31) >> 32;
    }

    std::atomic<std::int64_t> now_;
    std::atomic<std::int64_t> monotonic_{0};
    std::atomic<std::uint64_t> seed_;
};

} // namespace guichet::inline v0::testing
