#pragma once
#include <guichet/base/error.hpp>
#include <guichet/model/command.hpp>

#include <string_view>

namespace guichet::inline v0::kb {

/// An article of a Markdown file. Between two lines `---` at its beginning stand `name: value`: title, symptom,
/// language (or lang), category, tags (or keywords), audience, id; lists as `a, b`, as `[a, b]`, or one a line after
/// `- `; other names mean nothing here. Without a title, the first `# heading` is it, and is no part of the body. The
/// error has the `path` of what is wrong and its `line`.
GUICHET_DECL result<write_article> read_markdown_article(std::string_view text);

/// An article as one JSON object: title, symptom, body (or body_md), language (or lang), category, tags and audience
/// (lists, or texts with commas), id. Other names mean nothing here. What is called `id` becomes the source.
GUICHET_DECL result<write_article> read_json_article(std::string_view json);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/article_files.ipp>
#endif
