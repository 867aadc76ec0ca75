#include "progress.hpp"

#include <array>
#include <cstdio>

namespace guichet::cli {

progress_bar::~progress_bar() {
    if (out_.progress && drawn_ != clock::time_point{})
        std::fputs("\r\x1b[K", stderr);
}

void progress_bar::show(std::size_t done) {
    auto const now = clock::now();
    if (!out_.progress || total_ == 0 || now - drawn_ < std::chrono::milliseconds{100})
        return;
    drawn_ = now;
    static constexpr std::array parts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    constexpr std::size_t width = 30;
    auto const eighths = done * width * 8 / total_;
    std::string bar;
    for (std::size_t i = 0; i < eighths / 8; ++i)
        bar += "█";
    bar += parts[eighths % 8];
    auto const seconds = std::chrono::duration<double>(now - began_).count();
    auto const rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    auto const left = rate > 0 ? static_cast<double>(total_ - done) / rate : 0;
    fmt::print(stderr, "\r\x1b[K{} {} {:3} %  {} {}  {}", title_, padded(bar, width), done * 100 / total_,
               out_.number(static_cast<std::uint64_t>(rate)), out_.say(msg::rows_per_second),
               out_.say(msg::time_left, out_.length(std::chrono::seconds{static_cast<std::int64_t>(left) + 1})));
    std::fflush(stderr);
}

} // namespace guichet::cli
