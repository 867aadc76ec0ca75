#pragma once
#include "vocabulary.hpp"

#include <guichet/reporting/output.hpp>

namespace guichet::cli {

/// A report as a table for people.
std::string print_figures(reporting::table const& of, console const& out, vocabulary const& words);
/// What a chart of it says.
reporting::chart_words words_of_chart(reporting::table const& of, speaker const& say);

} // namespace guichet::cli
