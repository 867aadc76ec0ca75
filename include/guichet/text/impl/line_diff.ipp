#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/text/line_diff.hpp>
#include <guichet/text/lines.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

namespace guichet::inline v0::text {
namespace detail {

using lines = std::span<std::string_view const>;

inline std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty())
        out.push_back(take_line(text));
    return out;
}

/// Myers's greedy search. On diagonal k, which is x - y, `reach` holds the furthest x after so many edits.
class edit_search {
public:
    edit_search(lines before, lines after) : before_{before}, after_{after} {}

    /// For each number of edits, how far each diagonal got before; none when too many are needed.
    std::optional<std::vector<std::vector<std::ptrdiff_t>>> run() {
        auto const most = static_cast<std::ptrdiff_t>(std::min(before_.size() + after_.size(), limits::diff_lines_max));
        std::vector<std::vector<std::ptrdiff_t>> trace;
        std::vector<std::ptrdiff_t> reach(static_cast<std::size_t>(3), 0);
        for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
            trace.push_back(reach); // diagonals from -edits - 1 to edits + 1
            std::vector<std::ptrdiff_t> next(static_cast<std::size_t>(2 * edits + 5), 0);
            for (auto k = -edits; k <= edits; k += 2) {
                auto const x = slide(first_x(reach, k, edits), k);
                next[static_cast<std::size_t>(k + edits + 2)] = x;
                if (k == size(before_) - size(after_) && x >= size(before_))
                    return trace;
            }
            reach = std::move(next);
        }
        return std::nullopt;
    }

    /// Where a path enters diagonal k with its last edit: downwards adds a line, rightwards removes one.
    static bool goes_down(std::vector<std::ptrdiff_t> const& reach, std::ptrdiff_t k, std::ptrdiff_t edits) {
        return k == -edits || (k != edits && at(reach, k - 1, edits) < at(reach, k + 1, edits));
    }
    static std::ptrdiff_t at(std::vector<std::ptrdiff_t> const& reach, std::ptrdiff_t k, std::ptrdiff_t edits) {
        return reach[static_cast<std::size_t>(k + edits + 1)];
    }

private:
    static std::ptrdiff_t size(lines of) noexcept { return static_cast<std::ptrdiff_t>(of.size()); }
    static std::ptrdiff_t first_x(std::vector<std::ptrdiff_t> const& reach, std::ptrdiff_t k, std::ptrdiff_t edits) {
        if (edits == 0)
            return 0;
        return goes_down(reach, k, edits) ? at(reach, k + 1, edits) : at(reach, k - 1, edits) + 1;
    }
    std::ptrdiff_t slide(std::ptrdiff_t x, std::ptrdiff_t k) const {
        while (x < size(before_) && x - k < size(after_) &&
               before_[static_cast<std::size_t>(x)] == after_[static_cast<std::size_t>(x - k)])
            ++x;
        return x;
    }

    lines before_, after_;
};

inline void add(lines from, line_fate fate, std::vector<diff_line>& out) {
    for (auto const line : from)
        out.push_back({fate, line});
}

/// Follows the trace back from the end.
inline std::vector<diff_line> edits_of(lines before, lines after,
                                       std::vector<std::vector<std::ptrdiff_t>> const& trace) {
    std::vector<diff_line> out;
    auto x = static_cast<std::ptrdiff_t>(before.size()), y = static_cast<std::ptrdiff_t>(after.size());
    auto const same_until = [&](std::ptrdiff_t to) {
        for (; x > to; --x, --y)
            out.push_back({line_fate::same, before[static_cast<std::size_t>(x - 1)]});
    };
    for (auto edits = static_cast<std::ptrdiff_t>(trace.size()) - 1; edits > 0; --edits) {
        auto const& reach = trace[static_cast<std::size_t>(edits)];
        auto const k = x - y;
        if (edit_search::goes_down(reach, k, edits)) {
            same_until(edit_search::at(reach, k + 1, edits));
            out.push_back({line_fate::added, after[static_cast<std::size_t>(--y)]});
        } else {
            same_until(edit_search::at(reach, k - 1, edits) + 1);
            out.push_back({line_fate::removed, before[static_cast<std::size_t>(--x)]});
        }
    }
    same_until(0);
    std::reverse(out.begin(), out.end());
    return out;
}

} // namespace detail

GUICHET_DECL std::vector<diff_line> diff_lines(std::string_view before, std::string_view after) {
    auto const old_lines = detail::lines_of(before), new_lines = detail::lines_of(after);
    auto const shorter = std::min(old_lines.size(), new_lines.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && old_lines[head] == new_lines[head])
        ++head;
    while (tail < shorter - head && old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail])
        ++tail;
    auto const middle = [&](auto const& of) { return detail::lines{of}.subspan(head, of.size() - head - tail); };
    auto const from = middle(old_lines), to = middle(new_lines);
    std::vector<diff_line> out;
    detail::add(detail::lines{old_lines}.first(head), line_fate::same, out);
    if (auto const trace = detail::edit_search{from, to}.run()) {
        auto const edits = detail::edits_of(from, to, *trace);
        out.insert(out.end(), edits.begin(), edits.end());
    } else {
        detail::add(from, line_fate::removed, out);
        detail::add(to, line_fate::added, out);
    }
    detail::add(detail::lines{old_lines}.last(tail), line_fate::same, out);
    return out;
}

} // namespace guichet::inline v0::text
