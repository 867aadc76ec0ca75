#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/text/template.hpp>

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

/// The same text as HTML that may be put inside a page as it is, whoever wrote it. It is built anew from what the
/// parser found, of these elements alone, always closed and at most 100 deep: `p`, `h1` to `h6`, `ul`, `ol`
/// (`start`), `li`, `blockquote`, `pre`, `code`, `em`, `strong`, `del`, `br`, `hr`, `table`, `thead`, `tbody`, `tr`,
/// `th`, `td` (`align`), `a` (`href`, `title`, `rel`) and `img` (`src`, `alt`, `title`). HTML in the text is none of
/// it: tags and comments go, their words stay as text; of tags, `<br>` alone is understood. No id, no class, no style.
///
/// Links lead to `http`, `https`, `mailto` and `tel` or within the host (no scheme); images come from `http`, `https`
/// or the host. Of all others the words are shown, without the link. An image from elsewhere tells its owner that it
/// was seen: who minds has a content security policy say so.
///
/// Any input is accepted, as above; what would become more than 32 times as long, or whose tables or links would take
/// too long, is shown as it is written, in a `pre`.
GUICHET_DECL std::string html_of_markdown(std::string_view markdown);

/// What a template of Markdown says with its values: its HTML, and the same as plain text, where what a link leads to
/// stands behind its words.
struct filled_markdown {
    std::string text, html;
};
/// Fills in a template whose source is Markdown. Values are words wherever they are put in, never Markdown and never
/// HTML; within the target of a link they are one part of it (`escape::url`). `limit_passed` at `path` beyond
/// `rendered_bytes_max`.
GUICHET_DECL result<filled_markdown> fill_markdown(template_text const& markdown, template_text::lookup const& value_of,
                                                   std::string_view path = "template");

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/markdown.ipp>
#include <guichet/text/impl/markdown_html.ipp>
#endif
