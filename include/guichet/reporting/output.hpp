#pragma once
#include <guichet/reporting/report.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Reports as text for other programs. All of it is UTF-8.
namespace guichet::inline v0::reporting {

/// `[{"month": "2026-11", "opened": 12, ...}, ...]`; what has no value is null.
GUICHET_DECL std::string encode(table const& of);

/// RFC 4180, with a header. A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a
/// tabulator or a carriage return) is preceded by an apostrophe.
GUICHET_DECL std::string to_csv(table const& of);
/// One such field.
GUICHET_DECL std::string csv_field(std::string_view text);

/// The words of a chart; those of the host, in his language. Empty: those of the report.
struct chart_words {
    std::string title{}, description{};
    std::vector<std::string> measures{}; ///< what the measures are called
};

/// The first measure as an SVG picture of its own, without a script, a style sheet or a font to load: lines over time
/// where one of the keys is a time, a line for each combination of the others, else bars. The
/// `limits::chart_series_max` largest lines or `limits::chart_bars_max` bars are drawn; it says how many are left out.
/// Title and description are there for who listens to it, and no line is told from another by its colour alone.
GUICHET_DECL std::string to_svg(table const& of, chart_words const& words = {});

} // namespace guichet::inline v0::reporting

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/reporting/impl/chart.ipp>
#include <guichet/reporting/impl/output.ipp>
#endif
