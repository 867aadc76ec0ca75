#include "plot.hpp"

#include <algorithm>
#include <array>

namespace guichet::cli {
namespace {

/// As many columns as fit, each the highest of the values that fall on it; few values are drawn broader.
std::vector<std::uint64_t> resampled(std::vector<std::uint64_t> const& values, std::size_t room) {
    auto const count = values.size();
    auto const broad = std::max<std::size_t>(1, std::min<std::size_t>(4, room / std::max<std::size_t>(count, 1)));
    auto const width = std::min(count * broad, room);
    std::vector<std::uint64_t> out(width);
    for (std::size_t x = 0; x < width; ++x) {
        auto const from = x * count / width, to = std::max(from + 1, (x + 1) * count / width);
        out[x] = *std::max_element(values.begin() + static_cast<std::ptrdiff_t>(from),
                                   values.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return out;
}

} // namespace

std::string plot(console const& out, std::vector<std::uint64_t> const& values, std::size_t height,
                 std::string_view from, std::string_view to) {
    static constexpr std::array blocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (values.empty())
        return {};
    auto const top = std::max<std::uint64_t>(*std::max_element(values.begin(), values.end()), 1);
    auto const scale = columns(out.number(top));
    auto const heights = resampled(values, out.width - scale - 6);
    std::string text;
    for (auto row = height; row-- > 0;) {
        std::string bars;
        for (auto const value : heights) {
            auto const eighths = (value * height * 8 + top - 1) / top;
            auto const here = eighths > row * 8 ? std::min<std::uint64_t>(eighths - row * 8, 8) : 0;
            bars += blocks[here];
        }
        auto const label = row + 1 == height ? out.number(top) : row == 0 ? std::string{"0"} : std::string{};
        text += fmt::format("  {} {} {}\n", padded(label, scale, true), out.paint(style::dim, "│"),
                            out.paint(style::cyan, bars));
    }
    auto const used = columns(from) + columns(to);
    auto const between = heights.size() > used ? heights.size() - used : 1;
    text += fmt::format("  {} {}\n", padded("", scale),
                        out.paint(
                            style::dim, "└" + [&] {
                                std::string line;
                                for (std::size_t i = 0; i <= heights.size(); ++i)
                                    line += "─";
                                return line;
                            }()));
    text += fmt::format("  {}   {}{}{}\n", padded("", scale), from, std::string(between, ' '), to);
    return text;
}

} // namespace guichet::cli
