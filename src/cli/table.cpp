#include "table.hpp"

#include <algorithm>
#include <numeric>

namespace guichet::cli {
namespace {

constexpr std::size_t gap = 2;

} // namespace

std::vector<std::size_t> table::widths(std::size_t room) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto width = columns(columns_[i].title);
        for (auto const& row : rows_)
            width = std::max(width, columns(row[i].text));
        out.push_back(width);
    }
    auto const total = std::accumulate(out.begin(), out.end(), gap * (out.size() - 1));
    for (std::size_t i = 0; i < out.size() && total > room; ++i)
        if (columns_[i].flexible)
            out[i] = std::max<std::size_t>(out[i] > total - room ? out[i] - (total - room) : 0, 12);
    return out;
}

std::string table::print(console const& out, std::size_t indent) const {
    auto const width = widths(out.width > indent ? out.width - indent : 40);
    std::string text;
    auto const line = [&](auto&& cell_of) {
        std::string written(indent, ' ');
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            cell const shown = cell_of(i);
            auto const fitted = padded(clipped(shown.text, width[i]), width[i], columns_[i].right);
            written += out.paint(shown.look, fitted) + std::string(i + 1 < columns_.size() ? gap : 0, ' ');
        }
        if (!out.colour)
            written.erase(written.find_last_not_of(' ') + 1);
        text += written + '\n';
    };
    line([&](std::size_t i) { return cell{columns_[i].title, style::dim}; });
    for (auto const& row : rows_)
        line([&](std::size_t i) { return row[i]; });
    return text;
}

} // namespace guichet::cli
