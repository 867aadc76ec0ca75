#pragma once
#include <guichet/config.hpp>

#include <string>
#include <string_view>

namespace guichet::inline v0::text {

/// The words of a Markdown text, without its marks: for search and snippets, not for display. Headings, quotes, lists
/// and tables lose their signs, links and images keep their words, code keeps all, HTML tags go. Any input is accepted;
/// linear.
GUICHET_DECL std::string plain_of_markdown(std::string_view markdown);

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/markdown.ipp>
#endif
