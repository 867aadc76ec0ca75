#pragma once
#include <guichet/base/environment.hpp>

#include <sodium.h>

#include <algorithm>
#include <array>

namespace guichet::inline v0 {
namespace detail {

class real_environment final : public environment {
public:
    real_environment() noexcept { [[maybe_unused]] int const ready = sodium_init(); }
    instant now() noexcept override { return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now()); }
    std::chrono::nanoseconds monotonic() noexcept override {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::steady_clock::now().time_since_epoch());
    }
    /// One system call fills a buffer that serves many ids: a call an id would cost more than the rest of a command.
    void random(std::span<std::byte> out) noexcept override {
        thread_local std::array<std::byte, 1024> pool;
        thread_local std::size_t used = pool.size();
        if (out.size() > pool.size() / 2)
            return randombytes_buf(out.data(), out.size());
        if (pool.size() - used < out.size()) {
            randombytes_buf(pool.data(), pool.size());
            used = 0;
        }
        std::copy_n(pool.begin() + static_cast<std::ptrdiff_t>(used), out.size(), out.begin());
        used += out.size();
    }
};

} // namespace detail

GUICHET_DECL environment& system_environment() noexcept {
    static detail::real_environment only;
    return only;
}

} // namespace guichet::inline v0
