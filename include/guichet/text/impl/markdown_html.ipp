#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/text/impl/markdown_walker.ipp>
#include <guichet/text/impl/template.ipp>
#include <guichet/text/markdown.hpp>
#include <guichet/text/utf8.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace guichet::inline v0::text {
namespace detail {

/// What an attribute of a link or an image says, with its entities read.
inline std::string value_of(MD_ATTRIBUTE const& from) {
    std::string out;
    for (std::size_t i = 0; from.text && from.substr_offsets[i] < from.size; ++i) {
        std::string_view const part{from.text + from.substr_offsets[i],
                                    from.substr_offsets[i + 1] - from.substr_offsets[i]};
        if (from.substr_types[i] == MD_TEXT_ENTITY)
            out += entity_of(part);
        else if (from.substr_types[i] != MD_TEXT_NULLCHAR)
            out += part;
    }
    return out;
}

/// The scheme of a reference, in small letters; empty where it has none, absent where a reader might find one that
/// another does not: blanks and control characters, which some pass over, or a colon behind what is no name.
inline std::optional<std::string> scheme_of(std::string_view reference) {
    for (std::size_t at = 0; at < reference.size();)
        if (auto const c = next(reference, at); c <= 0x20 || (c >= 0x7F && c < 0xA0) || c == U'\\')
            return {};
    auto const end = reference.find_first_of(":/?#");
    if (end == reference.npos || reference[end] != ':')
        return std::string{};
    std::string out;
    for (char const c : reference.substr(0, end)) {
        bool const capital = c >= 'A' && c <= 'Z';
        if (!capital && !(c >= 'a' && c <= 'z'))
            return {};
        out += capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

template <std::size_t N>
bool leads_to(std::string_view reference, std::array<std::string_view, N> const& schemes) {
    auto const scheme = scheme_of(reference);
    return scheme && (scheme->empty() || std::find(schemes.begin(), schemes.end(), *scheme) != schemes.end());
}

/// A reference as an attribute has it: what is no character of one is percent-encoded.
inline std::string encoded(std::string_view reference) {
    constexpr std::string_view kept = "-._~:/?#[]@!$&()*+,;=%";
    std::string out;
    for (std::size_t at = 0; at < reference.size();) {
        auto const from = at;
        static_cast<void>(next(reference, at));
        auto const one = reference.substr(from, at - from);
        if (one.size() == 1 && kept.find(one.front()) != kept.npos)
            append_escaped(out, one, escape::html);
        else
            append_escaped(out, one, escape::url);
    }
    return out;
}

/// Writes the HTML of a text: its elements, of a fixed list, around escaped words.
class html_writer final : markdown_walker {
public:
    /// With targets, the words of a link are followed by where it leads: for what becomes plain text.
    explicit html_writer(bool targets = false) noexcept : targets_{targets} {}

    std::string run(std::string_view markdown) && {
        auto const clean = repaired(markdown);
        if (read(clean, 32 * clean.size() + 1'000))
            return std::move(out_);
        std::string as_written = "<pre>";
        append_escaped(as_written, clean, escape::html);
        return as_written += "</pre>\n";
    }

private:
    static constexpr std::size_t depth_max = 100;

    // --- elements

    void open(std::string_view name, std::string_view attributes = {}) {
        bool const shown = !name.empty() && open_.size() < depth_max;
        open_.push_back(shown ? name : std::string_view{});
        if (shown)
            out_.append("<").append(name).append(attributes).append(">");
    }
    void close() {
        auto const name = open_.back();
        open_.pop_back();
        if (!name.empty())
            out_.append("</").append(name).append(">");
    }
    static std::string attribute(std::string_view name, std::string_view escaped) {
        return " " + std::string{name} + "=\"" + std::string{escaped} + "\"";
    }
    static std::string title_of(MD_ATTRIBUTE const& title) {
        std::string said;
        append_escaped(said, value_of(title), escape::html);
        return said.empty() ? said : attribute("title", said);
    }

    // --- blocks

    void begin(MD_BLOCKTYPE type, void const* detail) override {
        static constexpr std::array<std::string_view, 6> headings{"h1", "h2", "h3", "h4", "h5", "h6"};
        switch (type) {
        case MD_BLOCK_QUOTE: return open("blockquote");
        case MD_BLOCK_UL: return open("ul");
        case MD_BLOCK_OL: return open("ol", start_of(static_cast<MD_BLOCK_OL_DETAIL const*>(detail)->start));
        case MD_BLOCK_LI: return open("li");
        case MD_BLOCK_HR: out_ += "<hr>"; return;
        case MD_BLOCK_H: return open(headings[static_cast<MD_BLOCK_H_DETAIL const*>(detail)->level - 1]);
        case MD_BLOCK_CODE: open("pre"); return open("code");
        case MD_BLOCK_P: return open("p");
        case MD_BLOCK_TABLE: return open("table");
        case MD_BLOCK_THEAD: return open("thead");
        case MD_BLOCK_TBODY: return open("tbody");
        case MD_BLOCK_TR: return open("tr");
        case MD_BLOCK_TH: return open("th", align_of(static_cast<MD_BLOCK_TD_DETAIL const*>(detail)->align));
        case MD_BLOCK_TD: return open("td", align_of(static_cast<MD_BLOCK_TD_DETAIL const*>(detail)->align));
        case MD_BLOCK_DOC:
        case MD_BLOCK_HTML: return;
        }
    }
    void end(MD_BLOCKTYPE type) override {
        if (type == MD_BLOCK_DOC || type == MD_BLOCK_HTML)
            return;
        if (type == MD_BLOCK_CODE)
            close();
        if (type != MD_BLOCK_HR)
            close();
        if (type != MD_BLOCK_TH && type != MD_BLOCK_TD)
            out_ += '\n';
    }
    static std::string start_of(unsigned number) {
        return number == 1 ? std::string{} : attribute("start", std::to_string(number));
    }
    static std::string_view align_of(MD_ALIGN where) {
        switch (where) {
        case MD_ALIGN_LEFT: return " align=\"left\"";
        case MD_ALIGN_CENTER: return " align=\"center\"";
        case MD_ALIGN_RIGHT: return " align=\"right\"";
        case MD_ALIGN_DEFAULT: break;
        }
        return {};
    }

    // --- spans

    void begin(MD_SPANTYPE type, void const* detail) override {
        if (in_image_ > 0) { // its words are an attribute
            in_image_ += type == MD_SPAN_IMG;
            return;
        }
        switch (type) {
        case MD_SPAN_EM: return open("em");
        case MD_SPAN_STRONG: return open("strong");
        case MD_SPAN_DEL: return open("del");
        case MD_SPAN_CODE: return open("code");
        case MD_SPAN_A: return begin_link(*static_cast<MD_SPAN_A_DETAIL const*>(detail));
        case MD_SPAN_IMG: return begin_image(*static_cast<MD_SPAN_IMG_DETAIL const*>(detail));
        default: return open({});
        }
    }
    void end(MD_SPANTYPE type) override {
        if (type == MD_SPAN_IMG && --in_image_ == 0 && image_is_shown_)
            out_.append("\"").append(image_title_).append(">");
        else if (type != MD_SPAN_IMG && in_image_ == 0)
            close();
        if (type == MD_SPAN_A && in_image_ == 0)
            end_link();
    }
    void begin_link(MD_SPAN_A_DETAIL const& link) {
        static constexpr std::array<std::string_view, 4> schemes{"http", "https", "mailto", "tel"};
        auto const to = value_of(link.href);
        if (!leads_to(to, schemes))
            return open({});
        target_ = encoded(to);
        open("a", attribute("href", target_) + title_of(link.title) + " rel=\"nofollow noopener noreferrer\"");
        words_at_ = out_.size();
    }
    void end_link() {
        auto const words = std::string_view{out_}.substr(std::min(words_at_, out_.size()));
        if (targets_ && !target_.empty() && !words.starts_with(target_.substr(target_.find(':') + 1)) &&
            !words.starts_with(target_))
            out_.append(" (").append(target_).append(")");
        target_.clear();
    }
    void begin_image(MD_SPAN_IMG_DETAIL const& image) {
        static constexpr std::array<std::string_view, 2> schemes{"http", "https"};
        auto const from = value_of(image.src);
        in_image_ = 1;
        image_is_shown_ = !from.empty() && leads_to(from, schemes);
        image_title_ = title_of(image.title);
        if (image_is_shown_)
            out_.append("<img").append(attribute("src", encoded(from))).append(" alt=\"");
    }

    // --- words

    void add(MD_TEXTTYPE type, std::string_view said) override {
        bool const in_attribute = in_image_ > 0 && image_is_shown_;
        switch (type) {
        case MD_TEXT_HTML:
            if (!in_attribute && (said.starts_with("<br>") || said.starts_with("<br/>") || said.starts_with("<br />")))
                out_ += "<br>\n";
            return;
        case MD_TEXT_NULLCHAR: append(out_, 0xFFFD); return;
        case MD_TEXT_BR: out_ += in_attribute ? " " : "<br>\n"; return;
        case MD_TEXT_SOFTBR: out_ += in_attribute ? ' ' : '\n'; return;
        case MD_TEXT_ENTITY: append_escaped(out_, entity_of(said), escape::html); return;
        default: append_escaped(out_, said, escape::html);
        }
    }

    bool targets_;
    std::string target_;                 ///< of the link that is open, as its attribute has it
    std::size_t words_at_ = 0;           ///< where its words begin
    std::vector<std::string_view> open_; ///< the elements that are open; empty names are not shown
    std::size_t in_image_ = 0;           ///< images within each other that are open
    bool image_is_shown_ = false;
    std::string image_title_;
};

/// Stands for a value while Markdown is read: its number between two characters for private use, which every parser
/// leaves alone. A text that has the same by itself would say the value there.
inline constexpr std::string_view value_begins = "\uE0F0", value_ends = "\uE0F1";
/// The same within the target of a link.
inline constexpr std::string_view part_begins = "%EE%83%B0", part_ends = "%EE%83%B1";

/// Puts the values in where they stand for.
class value_filler {
public:
    value_filler(std::string_view in, std::vector<std::string> const& values, escape kind) noexcept
        : in_{in}, values_{values}, kind_{kind} {}

    std::string run() && {
        for (std::size_t at = 0; at < in_.size();) {
            auto const next = std::min(in_.find_first_of("\xEE%", at), in_.size());
            out_ += in_.substr(at, next - at);
            at = next;
            if (at < in_.size() && !fill(at, value_begins, value_ends, kind_) &&
                !fill(at, part_begins, part_ends, escape::url))
                out_ += in_[at++];
        }
        return std::move(out_);
    }

private:
    bool fill(std::size_t& at, std::string_view begins, std::string_view ends, escape kind) {
        auto const rest = in_.substr(at);
        if (!rest.starts_with(begins))
            return false;
        std::size_t number = 0;
        auto const* const digits = rest.data() + begins.size();
        auto const [end, problem] = std::from_chars(digits, rest.data() + rest.size(), number);
        auto const size = static_cast<std::size_t>(end - rest.data());
        if (problem != std::errc{} || number >= values_.size() || !rest.substr(size).starts_with(ends))
            return false;
        append_escaped(out_, values_[number], kind);
        at += size + ends.size();
        return true;
    }

    std::string_view in_;
    std::vector<std::string> const& values_;
    escape kind_;
    std::string out_;
};

} // namespace detail

GUICHET_DECL std::string html_of_markdown(std::string_view markdown) { return detail::html_writer{}.run(markdown); }

GUICHET_DECL result<filled_markdown> fill_markdown(template_text const& markdown, template_text::lookup const& value_of,
                                                   std::string_view path) {
    std::vector<std::string> values;
    auto const marked_of = [&](std::string_view name) {
        auto said = value_of(name);
        if (said.empty())
            return said;
        values.push_back(std::move(said));
        return std::string{detail::value_begins} + std::to_string(values.size() - 1) + std::string{detail::value_ends};
    };
    GUICHET_LET(auto const marked, markdown.render(marked_of, escape::plain, path));
    auto const html = html_of_markdown(marked);
    GUICHET_LET(auto const words, plain_text(detail::html_writer{true}.run(marked), path));
    filled_markdown out{detail::value_filler{words, values, escape::plain}.run(),
                        detail::value_filler{html, values, escape::html}.run()};
    auto const bytes = std::max(out.text.size(), out.html.size());
    if (bytes > limits::rendered_bytes_max)
        return error{reason::limit_passed,
                     {{"path", std::string{path}},
                      {"found", std::to_string(bytes)},
                      {"limit", std::to_string(limits::rendered_bytes_max)}}};
    return out;
}

} // namespace guichet::inline v0::text
