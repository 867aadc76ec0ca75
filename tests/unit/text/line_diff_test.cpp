#include <guichet/base/limits.hpp>
#include <guichet/text/line_diff.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace guichet;
using text::line_fate;

namespace {

std::string side(std::vector<text::diff_line> const& all, line_fate left_out) {
    std::string out;
    for (auto const& one : all)
        if (one.fate != left_out)
            out += std::string{one.line} + '\n';
    return out;
}
std::size_t edits(std::vector<text::diff_line> const& all) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](auto const& one) { return one.fate != line_fate::same; }));
}

/// The fewest lines to remove and add, by the table of longest common parts.
std::size_t fewest(std::string const& a, std::string const& b) {
    std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < b.size(); ++j)
            common[i + 1][j + 1] = a[i] == b[j] ? common[i][j] + 1 : std::max(common[i][j + 1], common[i + 1][j]);
    return a.size() + b.size() - 2 * common[a.size()][b.size()];
}
std::string lines(std::string const& letters) {
    std::string out;
    for (auto const c : letters)
        out += std::string{c} + '\n';
    return out;
}

} // namespace

TEST_CASE("given a text and its revision, when they are compared, then each line is told once, in order") {
    auto const found = text::diff_lines("Open the lid\nPull\nClose", "Open the lid\nPull gently\nWait\nClose");
    std::vector<text::diff_line> const expected{{line_fate::same, "Open the lid"},
                                                {line_fate::removed, "Pull"},
                                                {line_fate::added, "Pull gently"},
                                                {line_fate::added, "Wait"},
                                                {line_fate::same, "Close"}};
    CHECK(side(found, line_fate::added) == side(expected, line_fate::added));
    CHECK(side(found, line_fate::removed) == side(expected, line_fate::removed));
    CHECK(edits(found) == 3);
    CHECK(text::diff_lines("", "").empty());
    CHECK(text::diff_lines("", "a").size() == 1);
    CHECK(text::diff_lines("a\r\nb", "a\nb\n").size() == 2);
}

TEST_CASE(
    "given any two texts, when they are compared, then both can be read from the answer, and no answer is shorter") {
    CHECK(rc::check([] {
        auto const letters = rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c'));
        auto const a = *letters, b = *letters;
        auto const from = lines(a), to = lines(b);
        auto const found = text::diff_lines(from, to);
        RC_ASSERT(side(found, line_fate::added) == from);
        RC_ASSERT(side(found, line_fate::removed) == to);
        RC_ASSERT(edits(found) == fewest(a, b));
    }));
}

TEST_CASE("given texts that differ more than is searched for, when they are compared, then all between is removed and "
          "added") {
    std::string from = "first\n", to = "first\n";
    for (std::size_t i = 0; i < limits::diff_lines_max / 2; ++i) {
        from += "old " + std::to_string(i) + "\n";
        to += "new " + std::to_string(i) + "\n";
    }
    CHECK(edits(text::diff_lines(from + "kept\nlast", to + "kept\nlast")) == limits::diff_lines_max);
    auto const before = from + "kept\nold\nlast\n", after = to + "kept\nlast\n";
    auto const found = text::diff_lines(before, after);
    CHECK(edits(found) == limits::diff_lines_max + 3); // "kept" too
    CHECK(side(found, line_fate::added) == before);
}
