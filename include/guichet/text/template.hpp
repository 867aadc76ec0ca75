#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Texts with places where values are put in: replies, notes, mails.
namespace guichet::inline v0::text {

/// Where a value is put in, and so what of it would be more than a value there. Bad bytes become U+FFFD everywhere.
enum class escape : std::uint8_t {
    plain,  ///< text in lines: `\n` ends a line, also for `\r\n` and `\r`; tabs stay, other control characters go
    html,   ///< the same, with `&`, `<`, `>`, `"` and `'` as entities: in the text or in a quoted attribute
    json,   ///< inside a string, which stays the same
    url,    ///< percent-encoded but for letters, digits and `-._~`: one part of a path, one value of a query
    header, ///< one line: line ends and other control characters become a space, several in a row a single one
};

/// Appends `value` so that it stays a value where it is put in. Linear; at most six times as long, in HTML and JSON.
GUICHET_DECL void append_escaped(std::string& out, std::string_view value, escape kind);

/// A template, compiled:
///
///     Hello {{ticket.requester}},
///     {{#ticket.due_at}}
///     we answer until {{ticket.due_at}}.
///     {{/ticket.due_at}}
///     {{^ticket.due_at}}we answer as soon as we can.{{/ticket.due_at}} {{! said by the legal department }}
///
/// `{{name}}` is the value of that name, always escaped; `{{#name}} ... {{/name}}` is shown where it is not empty,
/// `{{^name}} ... {{/name}}` where it is, and `{{! ... }}` nowhere. That is all: no expressions, loops, parts or code,
/// and no way round the escaping. A tag that shows nothing and stands alone on its line takes the line away. A single
/// brace is text. Immutable and cheap to copy; copies share what was compiled, and threads may use the same one.
class template_text {
public:
    /// The value of a name; empty where there is none. Asked at most once for each name.
    using lookup = std::function<std::string(std::string_view name)>;

    /// The one that shows nothing.
    template_text() = default;

    /// Reads a template of at most `template_bytes_max` that uses names of `known` only, `template_depth_max` sections
    /// within each other at most. Errors have a path such as `template.welcome.text, line 3, column 12`, where
    /// `template.welcome.text` is the `path` given and columns count characters from 1. Linear.
    GUICHET_DECL static result<template_text> compile(std::string_view source, std::span<std::string const> known,
                                                      std::string_view path = "template");

    /// The text with its values. What is put in is never read for tags. For a header, what the template itself says
    /// becomes one line as well; elsewhere it stays as written. `limit_passed` at `path` beyond `rendered_bytes_max`.
    /// Linear in the text and the values.
    GUICHET_DECL result<std::string> render(lookup const& value_of, escape kind,
                                            std::string_view path = "template") const;

    /// The names that it uses, each once, as they first come.
    GUICHET_DECL std::vector<std::string> const& names() const noexcept;
    /// As it was written.
    GUICHET_DECL std::string_view source() const noexcept;
    bool empty() const noexcept { return source().empty(); }

    friend bool operator==(template_text const& a, template_text const& b) noexcept { return a.source() == b.source(); }

private:
    enum class what : std::uint8_t { literal, value, where_there, where_empty };
    struct part {
        what is = what::literal;
        std::uint32_t from = 0, size = 0; ///< of a literal: its place in the source
        std::uint32_t name = 0;           ///< of all others
        std::uint32_t end = 0;            ///< of a section: the part behind it
    };
    struct compiled {
        std::string source;
        std::vector<std::string> names;
        std::vector<part> parts;
    };
    class reader;

    std::shared_ptr<compiled const> held_;
};

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/template.ipp>
#endif
