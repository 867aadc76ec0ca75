#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>

#include <string>
#include <string_view>

namespace guichet::inline v0::text {

/// What a person would read of an HTML message, as plain text: blocks become lines, paragraphs are set apart by an
/// empty line, list items begin with "- ", cells are parted by a space, links keep their text; scripts, styles, titles,
/// comments and control characters go. Never more than one empty line in a row. The
/// result is valid UTF-8.
///
/// Any input is accepted up to `message_bytes_max`, however broken; cost is linear in its size. Elements are never
/// nested: hostile depth costs nothing.
GUICHET_DECL result<std::string> plain_text(std::string_view html, std::string_view path = "html");

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/html.ipp>
#endif
