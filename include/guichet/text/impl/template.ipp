#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/base/spelling.hpp>
#include <guichet/text/impl/utf8.ipp>
#include <guichet/text/template.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace guichet::inline v0::text {
namespace detail {

inline bool is_control(char32_t c) noexcept { return c < 0x20 || (c >= 0x7F && c < 0xA0); }
/// What ends a line for some reader or other.
inline bool ends_line(char32_t c) noexcept { return is_control(c) || c == 0x2028 || c == 0x2029; }

/// Puts one value behind what is there, as long as all of it stays within a size.
class escaper {
public:
    escaper(std::string& out, escape kind, std::size_t bytes_max) noexcept
        : out_{out}, kind_{kind}, bytes_max_{bytes_max} {}

    /// False when it became too long.
    bool run(std::string_view value) {
        for (std::size_t at = 0; at < value.size();) {
            auto const c = next(value, at);
            bool const then_feed = c == '\r' && at < value.size() && value[at] == '\n';
            put(c, then_feed);
            before_ = c;
            if (out_.size() > bytes_max_)
                return false;
        }
        return true;
    }

private:
    void put(char32_t c, bool then_feed) {
        switch (kind_) {
        case escape::plain: return line(c, then_feed);
        case escape::html: return html(c, then_feed);
        case escape::json: return json(c);
        case escape::url: return url(c);
        case escape::header: return header(c);
        }
    }
    void line(char32_t c, bool then_feed) {
        if (c == '\r')
            out_ += then_feed ? "" : "\n";
        else if (!is_control(c) || c == '\n' || c == '\t')
            append(out_, c);
    }
    void html(char32_t c, bool then_feed) {
        switch (c) {
        case '&': out_ += "&amp;"; return;
        case '<': out_ += "&lt;"; return;
        case '>': out_ += "&gt;"; return;
        case '"': out_ += "&quot;"; return;
        case '\'': out_ += "&#39;"; return;
        default: line(c, then_feed);
        }
    }
    void json(char32_t c) {
        constexpr std::string_view digits = "0123456789abcdef";
        switch (c) {
        case '"': out_ += "\\\""; return;
        case '\\': out_ += "\\\\"; return;
        case '\n': out_ += "\\n"; return;
        case '\r': out_ += "\\r"; return;
        case '\t': out_ += "\\t"; return;
        default: break;
        }
        if (!ends_line(c))
            return append(out_, c);
        out_ += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4)
            out_ += digits[c >> shift & 0xF];
    }
    void url(char32_t c) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        auto const from = out_.size();
        append(out_, c);
        if (plain)
            return;
        std::array<char, 4> bytes{};
        auto const size = out_.copy(bytes.data(), bytes.size(), from);
        out_.resize(from);
        for (std::size_t i = 0; i < size; ++i) {
            auto const byte = static_cast<unsigned char>(bytes[i]);
            out_.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 0xF]);
        }
    }
    void header(char32_t c) {
        if (!ends_line(c))
            append(out_, c);
        else if (!ends_line(before_))
            out_ += ' ';
    }

    std::string& out_;
    escape kind_;
    std::size_t bytes_max_;
    char32_t before_ = U'x'; ///< the character before, anything but a control at first
};

inline std::string_view without_blanks(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

inline std::string joined(std::span<std::string const> names) {
    constexpr std::size_t shown_max = 60;
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), shown_max); ++i)
        out.append(i > 0 ? ", " : "").append(names[i]);
    return names.size() > shown_max ? out + ", ..." : out;
}

} // namespace detail

GUICHET_DECL void append_escaped(std::string& out, std::string_view value, escape kind) {
    detail::escaper(out, kind, std::numeric_limits<std::size_t>::max()).run(value);
}

/// Reads one template.
class template_text::reader {
public:
    reader(std::string_view source, std::span<std::string const> known, std::string_view path)
        : known_{known}, known_names_(known.begin(), known.end()), path_{path} {
        made_.source = source;
    }

    result<compiled> run() {
        std::string_view const source = made_.source;
        for (std::size_t at = 0;;) {
            auto const begin = source.find("{{", at);
            literal(at, std::min(begin, source.size()));
            if (begin == std::string_view::npos)
                break;
            GUICHET_LET(at, tag(begin));
        }
        if (!open_.empty()) {
            auto const& section = made_.parts[open_.back().part];
            return problem(reason::template_section_unclosed, open_.back().at,
                           {{"value", tag_of(section)}, {"expected", end_of(section)}});
        }
        return std::move(made_);
    }

private:
    struct section {
        std::size_t part, at;
    };

    void literal(std::size_t from, std::size_t to) {
        if (to > from)
            made_.parts.push_back(
                {what::literal, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to - from)});
    }

    /// Reads the tag at `begin`; gives where the text goes on.
    result<std::size_t> tag(std::size_t begin) {
        std::string_view const source = made_.source;
        auto const close = source.find("}}", begin + 2);
        auto const inside =
            detail::without_blanks(source.substr(begin + 2, std::min(close, source.size()) - begin - 2));
        char const mark = inside.empty() ? '\0' : inside.front();
        if (std::string_view{"{&>=<$*"}.find(mark) != std::string_view::npos)
            return problem(reason::template_tag_unknown, begin,
                           {{"value", std::string{"{{"} + mark},
                            {"known", "{{name}}, {{#name}}, {{^name}}, {{/name}}, {{! comment }}"}});
        if (close == std::string_view::npos || (mark != '!' && inside.find("{{") != std::string_view::npos))
            return problem(reason::template_tag_unclosed, begin, {{"value", "{{"}, {"expected", "}}"}});
        bool const is_section = mark == '#' || mark == '^' || mark == '/';
        if (mark != '!') {
            auto const name = detail::without_blanks(inside.substr(is_section ? 1 : 0));
            GUICHET_TRY(named(mark, name, begin, source.substr(begin, close + 2 - begin)));
        }
        return is_section || mark == '!' ? behind_line(begin, close + 2) : close + 2;
    }

    /// A tag with a name: a value, or where a section begins or ends.
    result<void> named(char mark, std::string_view name, std::size_t begin, std::string_view written) {
        if (name.empty())
            return problem(reason::template_name_missing, begin,
                           {{"value", std::string{written}}, {"known", detail::joined(known_)}});
        if (mark == '/')
            return end_section(name, begin);
        GUICHET_LET(auto const number, number_of(name, begin));
        if (mark != '#' && mark != '^') {
            made_.parts.push_back({.is = what::value, .name = number});
            return {};
        }
        open_.push_back({made_.parts.size(), begin});
        made_.parts.push_back({.is = mark == '#' ? what::where_there : what::where_empty, .name = number});
        if (open_.size() > limits::template_depth_max)
            return limit(begin, " (depth)", open_.size(), limits::template_depth_max);
        return {};
    }

    result<void> end_section(std::string_view name, std::size_t begin) {
        auto const written = "{{/" + std::string{name} + "}}";
        if (open_.empty())
            return problem(reason::template_section_not_open, begin,
                           {{"value", written}, {"expected", "{{#" + std::string{name} + "}}"}});
        auto& section = made_.parts[open_.back().part];
        if (made_.names[section.name] != name)
            return problem(reason::template_section_order, begin, {{"value", written}, {"expected", end_of(section)}});
        section.end = static_cast<std::uint32_t>(made_.parts.size());
        open_.pop_back();
        return {};
    }

    result<std::uint32_t> number_of(std::string_view name, std::size_t begin) {
        auto const known = known_names_.find(name);
        if (known == known_names_.end())
            return unknown(name, begin);
        auto const [found, added] = numbers_.try_emplace(*known, static_cast<std::uint32_t>(made_.names.size()));
        if (added)
            made_.names.emplace_back(name);
        return found->second;
    }

    error unknown(std::string_view name, std::size_t begin) const {
        std::vector<std::string_view> const names{known_.begin(), known_.end()};
        auto const closest = closest_of(name, names);
        auto const why = closest.empty() ? reason::template_name_unknown : reason::template_name_misspelt;
        auto out = problem(why, begin, {{"value", std::string{name}}, {"known", detail::joined(known_)}});
        return closest.empty() ? out : std::move(out).with("closest", std::string{closest});
    }

    /// Where the text goes on behind a tag that shows nothing: behind its whole line, where nothing else is on it.
    std::size_t behind_line(std::size_t begin, std::size_t end) {
        std::string_view const source = made_.source;
        auto const first = source.substr(0, begin).find_last_not_of(" \t") + 1; // npos + 1 is 0
        auto last = std::min(source.find_first_not_of(" \t", end), source.size());
        if (source.substr(last).starts_with("\r\n"))
            ++last;
        bool const alone = (first == 0 || source[first - 1] == '\n') && (last == source.size() || source[last] == '\n');
        if (!alone)
            return end;
        cut_blanks(begin, first);
        return std::min(last + 1, source.size());
    }
    /// Takes away the blanks between `first` and `begin`, which end the text before a tag.
    void cut_blanks(std::size_t begin, std::size_t first) {
        auto const of_tag = !open_.empty() && open_.back().at == begin ? 1U : 0U;
        if (made_.parts.size() <= of_tag || first == begin)
            return;
        auto& before = made_.parts[made_.parts.size() - 1 - of_tag];
        if (before.is == what::literal && before.from + before.size == begin)
            before.size -= static_cast<std::uint32_t>(begin - first);
    }

    std::string tag_of(part const& section) const {
        return (section.is == what::where_there ? "{{#" : "{{^") + made_.names[section.name] + "}}";
    }
    std::string end_of(part const& section) const { return "{{/" + made_.names[section.name] + "}}"; }

    /// An error at a place of the source, with the French way to name it.
    error problem(reason why, std::size_t at, std::vector<error::context_pair> facts,
                  std::string_view behind_place = {}) const {
        auto const before = std::string_view{made_.source}.substr(0, at);
        auto const line = std::to_string(std::count(before.begin(), before.end(), '\n') + 1);
        auto const column = std::to_string(count(before.substr(before.rfind('\n') + 1)) + 1); // npos + 1 is 0
        auto const place = [&](std::string_view line_word, std::string_view column_word) {
            return path_ + std::string{line_word} + line + std::string{column_word} + column +
                   std::string{behind_place};
        };
        error out{why, {{"path", place(", line ", ", column ")}, {"path.fr", place(", ligne ", ", colonne ")}}};
        for (auto& [key, value] : facts)
            static_cast<void>(std::move(out).with(std::move(key), std::move(value)));
        return std::move(out).with("line", line).with("column", column);
    }
    error limit(std::size_t at, std::string_view of, std::size_t found, std::size_t most) const {
        return problem(reason::limit_passed, at, {{"found", std::to_string(found)}, {"limit", std::to_string(most)}},
                       of);
    }

    std::span<std::string const> known_;
    std::unordered_set<std::string_view> known_names_;
    std::unordered_map<std::string_view, std::uint32_t> numbers_;
    std::string path_;
    compiled made_;
    std::vector<section> open_;
};

GUICHET_DECL result<template_text> template_text::compile(std::string_view source, std::span<std::string const> known,
                                                          std::string_view path) {
    if (source.size() > limits::template_bytes_max)
        return error{reason::limit_passed,
                     {{"path", std::string{path}},
                      {"found", std::to_string(source.size())},
                      {"limit", std::to_string(limits::template_bytes_max)}}};
    if (auto const bad = first_bad_byte(source))
        return error{reason::not_utf8, {{"path", std::string{path}}, {"offset", std::to_string(*bad)}}};
    GUICHET_LET(auto made, reader(source, known, path).run());
    template_text out;
    out.held_ = std::make_shared<compiled const>(std::move(made));
    return out;
}

GUICHET_DECL result<std::string> template_text::render(lookup const& value_of, escape kind,
                                                       std::string_view path) const {
    std::string out;
    if (!held_)
        return out;
    auto const& [source, names, parts] = *held_;
    std::vector<std::optional<std::string>> seen(names.size());
    auto const value = [&](part const& p) -> std::string const& {
        auto& known = seen[p.name];
        return known ? *known : known.emplace(value_of(names[p.name]));
    };
    auto const put = [&](part const& p) {
        auto const written = std::string_view{source}.substr(p.from, p.size);
        if (p.is == what::literal && kind != escape::header)
            out += written;
        else
            detail::escaper(out, kind, limits::rendered_bytes_max)
                .run(p.is == what::literal ? written : std::string_view{value(p)});
        return out.size() <= limits::rendered_bytes_max;
    };
    for (std::size_t i = 0; i < parts.size();) {
        auto const& p = parts[i++];
        if (p.is == what::where_there || p.is == what::where_empty) {
            if (value(p).empty() != (p.is == what::where_empty))
                i = p.end;
        } else if (!put(p))
            return error{reason::limit_passed,
                         {{"path", std::string{path}},
                          {"found", std::to_string(out.size())},
                          {"limit", std::to_string(limits::rendered_bytes_max)}}};
    }
    return out;
}

GUICHET_DECL std::vector<std::string> const& template_text::names() const noexcept {
    static std::vector<std::string> const none;
    return held_ ? held_->names : none;
}

GUICHET_DECL std::string_view template_text::source() const noexcept {
    return held_ ? std::string_view{held_->source} : std::string_view{};
}

} // namespace guichet::inline v0::text
