#pragma once
#include <guichet/model/article.hpp>
#include <guichet/text/line_diff.hpp>

#include <string>
#include <vector>

namespace guichet::inline v0::kb {

/// A line of a member of an article that changed.
struct changed_line {
    text::line_fate fate = text::line_fate::same;
    std::string line;
    friend bool operator==(changed_line const&, changed_line const&) = default;
};
/// What changed in a member: of a text line by line, of a list name by name, of another value as a whole.
struct difference {
    std::string member; ///< "title", "body", "tags", ...
    std::vector<changed_line> lines;
};

/// What two editions of an article say differently, member by member; see `text::diff_lines`.
GUICHET_DECL std::vector<difference> compare(article const& before, article const& after);
/// `[{"member": ..., "lines": [{"fate": "same" | "removed" | "added", "line": ...}]}]`
GUICHET_DECL std::string encode(std::vector<difference> const& found);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/compare.ipp>
#endif
