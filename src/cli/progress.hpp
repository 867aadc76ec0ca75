#pragma once
#include "console.hpp"

#include <chrono>
#include <string>

namespace guichet::cli {

/// A bar on standard error while something long runs; nothing when that is no terminal.
class progress_bar {
public:
    progress_bar(console const& out, std::string title, std::size_t total)
        : out_{out}, title_{std::move(title)}, total_{total} {}
    ~progress_bar();
    progress_bar(progress_bar const&) = delete;
    progress_bar& operator=(progress_bar const&) = delete;
    /// Draws at most ten times a second.
    void show(std::size_t done);

private:
    using clock = std::chrono::steady_clock;
    console const& out_;
    std::string title_;
    std::size_t total_;
    clock::time_point const began_ = clock::now();
    clock::time_point drawn_{};
};

} // namespace guichet::cli
