#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/text/html.hpp>
#include <guichet/text/impl/utf8.ipp>

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>

namespace guichet::inline v0::text {
namespace detail {

/// Reduces any HTML to a flat one: text, character references and three void elements. `<br>` ends a line, `<hr>`
/// stands between blocks, `<wbr>` between paragraphs. Every other `<` leaves as `&lt;`, so that what the real parser
/// gets cannot nest, whatever came in: that parser takes time quadratic in depth, and repeats unclosed formatting
/// elements in every paragraph. Tags are told from text by the rules of the HTML standard's tokenizer (13.2.5).
class flattener {
public:
    explicit flattener(std::string_view html) : html_{html} { out_.reserve(html.size() + html.size() / 8); }

    std::string run() && {
        while (at_ < html_.size()) {
            auto const open = std::min(html_.find('<', at_), html_.size());
            put_text(html_.substr(at_, open - at_));
            at_ = open;
            if (at_ < html_.size())
                markup();
        }
        return std::move(out_);
    }

private:
    static constexpr auto npos = std::string_view::npos;

    static bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    static bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
    static bool is_control(char c) noexcept { return (c >= 0 && c < ' ' && !is_space(c)) || c == 0x7F; }
    char peek(std::size_t ahead) const noexcept { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }
    /// Goes past the next `what`, or to the end.
    void skip_past(std::string_view what) noexcept {
        auto const found = html_.find(what, at_);
        at_ = found == npos ? html_.size() : found + what.size();
    }

    /// At a `<`: a tag, a comment, or a mere sign.
    void markup() {
        bool const closing = peek(1) == '/';
        if (is_letter(peek(closing ? 2 : 1)))
            return tag(closing);
        if (html_.substr(at_).starts_with("<!--"))
            return comment();
        if (peek(1) == '!' || peek(1) == '?' || (closing && peek(2) != '\0'))
            return skip_past(">");
        out_ += "&lt;";
        ++at_;
    }

    /// `<!-->` and `<!--->` are whole comments, and `--!>` ends one too.
    void comment() noexcept {
        at_ += 4;
        if (peek(0) == '>' || (peek(0) == '-' && peek(1) == '>'))
            return skip_past(">");
        for (auto at = html_.find("--", at_); at != npos; at = html_.find("--", at + 1)) {
            auto const rest = html_.substr(at + 2, 2);
            if (!rest.starts_with('>') && rest != "!>")
                continue;
            at_ = at + 2 + (rest.front() == '>' ? 1 : 2);
            return;
        }
        at_ = html_.size();
    }

    void tag(bool closing) {
        at_ += closing ? 2 : 1;
        std::string name;
        for (; at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>'; ++at_)
            if (name.size() < 16) // longer names are none that matter
                name += is_letter(html_[at_]) ? static_cast<char>(html_[at_] | 0x20) : html_[at_];
        skip_attributes();
        if (!closing && (name == "script" || name == "style" || name == "title" || name == "iframe" ||
                         name == "noembed" || name == "noframes" || name == "xmp" || name == "textarea"))
            return raw_element(name);
        if (name == "pre")
            pre_depth_ = closing ? (pre_depth_ > 0 ? pre_depth_ - 1 : 0) : pre_depth_ + 1;
        put_boundary(name, closing);
    }

    /// Up to the `>` of the tag; a quoted attribute value may hold others.
    void skip_attributes() noexcept {
        for (char before = ' '; at_ < html_.size(); ++at_) {
            char const c = html_[at_];
            if (c == '>') {
                ++at_;
                return;
            }
            if ((c == '"' || c == '\'') && before == '=') {
                auto const end = html_.find(c, at_ + 1);
                if (end == npos) {
                    at_ = html_.size();
                    return;
                }
                at_ = end;
            }
            if (!is_space(c))
                before = c;
        }
    }

    /// An element whose content is no markup, up to its end tag. Only what a reader sees of it is kept.
    void raw_element(std::string const& name) {
        auto const begin = at_;
        auto end = html_.size();
        for (auto at = html_.find("</", at_); at != npos; at = html_.find("</", at + 2))
            if (is_end_tag(at + 2, name)) {
                end = at;
                break;
            }
        at_ = end;
        if (name == "xmp" || name == "textarea")
            put_text(html_.substr(begin, end - begin));
        if (at_ < html_.size())
            skip_past(">");
    }

    bool is_end_tag(std::size_t at, std::string const& name) const noexcept {
        auto const found = html_.substr(at, name.size());
        auto const same = [](char a, char b) { return static_cast<char>(a | 0x20) == b; };
        if (found.size() != name.size() || !std::equal(found.begin(), found.end(), name.begin(), same))
            return false;
        auto const after = at + name.size();
        return after >= html_.size() || is_space(html_[after]) || html_[after] == '>' || html_[after] == '/';
    }

    void put_boundary(std::string_view name, bool closing) {
        constexpr std::array<std::string_view, 8> paragraphs{"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"};
        constexpr std::array<std::string_view, 29> blocks{
            "address",  "article",    "aside",  "body",   "center",  "dd",      "details", "div",    "dl", "dt",
            "fieldset", "figcaption", "figure", "footer", "form",    "header",  "hr",      "legend", "li", "main",
            "nav",      "ol",         "option", "pre",    "section", "summary", "table",   "tr",     "ul"};
        auto const among = [&](auto const& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (after_bullet_ && !closing && name != "li" && name != "br")
            return; // a paragraph inside a list item begins on the item's line
        if (name == "br")
            out_ += "<br>";
        else if (among(paragraphs))
            out_ += "<wbr>";
        else if (among(blocks))
            out_ += "<hr>";
        else if ((name == "td" || name == "th") && !closing)
            out_ += ' ';
        if (name == "li") {
            after_bullet_ = !closing;
            out_ += closing ? "" : "- ";
        }
    }

    void put_text(std::string_view text) {
        for (char const c : text) {
            after_bullet_ = after_bullet_ && is_space(c);
            if (c == '<')
                out_ += "&lt;";
            else if (c == '\n' && pre_depth_ > 0)
                out_ += "<br>";
            else if (!is_control(c))
                out_ += c;
        }
    }

    std::string_view html_;
    std::string out_;
    std::size_t at_ = 0;
    std::size_t pre_depth_ = 0;
    bool after_bullet_ = false;
};

/// Collects text with its white space collapsed, and line breaks as the boundaries between asked for.
class reader {
public:
    void text(std::string_view part) {
        for (std::size_t at = 0; at < part.size();) {
            auto const c = next(part, at);
            if (c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' || c == U'\f' || c == 0xA0)
                space_ = true;
            else if (c >= 0x20 && (c < 0x7F || c > 0x9F))
                put(c);
        }
    }
    /// The end of a line, asked for explicitly; a second one makes an empty line.
    void line() noexcept { ++lines_, space_ = false; }
    /// At least this many line ends between what was and what comes.
    void boundary(std::size_t at_least) noexcept { lines_ = std::max(lines_, at_least), space_ = false; }
    std::string take() && { return std::move(out_); }

private:
    void put(char32_t c) {
        if (!out_.empty() && lines_ > 0)
            out_.append(std::min<std::size_t>(lines_, 2), '\n');
        else if (!out_.empty() && space_)
            out_ += ' ';
        lines_ = 0, space_ = false;
        append(out_, c);
    }

    std::string out_;
    std::size_t lines_ = 0;
    bool space_ = false;
};

inline void read_children(reader& out, GumboVector const& children) {
    for (unsigned i = 0; i < children.length; ++i) {
        auto const& child = *static_cast<GumboNode const*>(children.data[i]);
        if (child.type == GUMBO_NODE_TEXT || child.type == GUMBO_NODE_WHITESPACE)
            out.text(child.v.text.text);
        else if (child.type == GUMBO_NODE_ELEMENT && child.v.element.tag == GUMBO_TAG_BR)
            out.line();
        else if (child.type == GUMBO_NODE_ELEMENT)
            out.boundary(child.v.element.tag == GUMBO_TAG_WBR ? 2 : 1);
    }
}

} // namespace detail

GUICHET_DECL result<std::string> plain_text(std::string_view html, std::string_view path) {
    if (html.size() > limits::message_bytes_max)
        return error{reason::limit_passed,
                     {{"path", std::string{path}},
                      {"found", std::to_string(html.size())},
                      {"limit", std::to_string(limits::message_bytes_max)}}};
    auto const clean = repaired(html);
    auto const flat = "<!DOCTYPE html><body>" + detail::flattener{clean}.run();
    auto options = kGumboDefaultOptions;
    options.max_errors = 0;
    auto const destroy = [&](GumboOutput* output) { gumbo_destroy_output(&options, output); };
    std::unique_ptr<GumboOutput, decltype(destroy)> const parsed{
        gumbo_parse_with_options(&options, flat.data(), flat.size()), destroy};
    detail::reader out;
    auto const& top = parsed->root->v.element.children;
    for (unsigned i = 0; i < top.length; ++i)
        if (auto const& part = *static_cast<GumboNode const*>(top.data[i]);
            part.type == GUMBO_NODE_ELEMENT && part.v.element.tag == GUMBO_TAG_BODY)
            detail::read_children(out, part.v.element.children);
    return std::move(out).take();
}

} // namespace guichet::inline v0::text
