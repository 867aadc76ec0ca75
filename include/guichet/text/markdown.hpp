#pragma once
#include <guichet/config.hpp>

#include <string>
#include <string_view>

namespace guichet::inline v0::text {

/// The words of a Markdown text (CommonMark, tables, strike-through), without its marks: for search and snippets, not
/// for display. Headings, quotes, lists and tables lose their signs, links and images keep their words, code keeps all,
/// HTML tags and comments go. Blocks, items, rows and lines end a line each; an empty line follows a heading.
///
/// Any input is accepted, at linear cost. Two kinds that no person writes are read less well: a text with more than 50
/// opening brackets for a megabyte (fifty million over its size) keeps the targets of its links, and one whose table
/// would be filled up with more cells than the text has bytes comes back as it is.
GUICHET_DECL std::string plain_of_markdown(std::string_view markdown);

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/markdown.ipp>
#endif
