#pragma once
#include <guichet/text/markdown.hpp>

#include <algorithm>
#include <cctype>

namespace guichet::inline v0::text {
namespace detail {

inline bool is_word_byte(char c) noexcept {
    return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
}

/// The line without the signs at its beginning.
inline std::string_view without_block_marks(std::string_view line) noexcept {
    auto const skip = [&](std::size_t count) { line.remove_prefix(std::min(count, line.size())); };
    auto const skip_blanks = [&] {
        skip(line.find_first_not_of(" \t") == line.npos ? line.size() : line.find_first_not_of(" \t"));
    };
    for (;;) {
        skip_blanks();
        auto const digits = std::min(line.find_first_not_of("0123456789"), line.size());
        auto const marks = std::min(line.find_first_not_of("#"), line.size());
        auto const blank_at = [&](std::size_t at) { return at >= line.size() || line[at] == ' ' || line[at] == '\t'; };
        if (line.starts_with('>'))
            skip(1);
        else if (marks > 0 && marks <= 6 && blank_at(marks))
            skip(marks);
        else if (!line.empty() && std::string_view{"-*+"}.find(line[0]) != line.npos && blank_at(1))
            skip(1);
        else if (digits > 0 && digits < 10 && digits < line.size() && (line[digits] == '.' || line[digits] == ')') &&
                 blank_at(digits + 1))
            skip(digits + 1);
        else
            return line;
    }
}

/// A rule, the line below a heading or a table's head, a fence: no words.
inline bool is_ornament(std::string_view line) noexcept {
    return line.starts_with("```") || line.starts_with("~~~") ||
           (!line.empty() && line.find_first_not_of("-=_*|: \t") == line.npos);
}

/// Adds the words of a line.
class inline_reader {
public:
    inline_reader(std::string_view line, std::string& out) : line_{line}, out_{out} {}

    void run() {
        while (at_ < line_.size())
            step(line_[at_]);
    }

private:
    char next(std::size_t ahead = 1) const noexcept { return at_ + ahead < line_.size() ? line_[at_ + ahead] : ' '; }
    char before() const noexcept { return at_ ? line_[at_ - 1] : ' '; }

    void step(char c) {
        if (c == '\\' && std::ispunct(static_cast<unsigned char>(next()))) {
            out_ += next();
            at_ += 2;
        } else if (c == '`' || c == '*' || (c == '~' && next() == '~') || (c == '!' && next() == '['))
            ++at_;
        else if (c == '_' && !(is_word_byte(before()) && is_word_byte(next())))
            ++at_;
        else if (c == '[' || c == '|') {
            out_ += c == '|' ? " " : "";
            ++at_;
        } else if (c == ']')
            skip_target();
        else if (c == '<')
            skip_tag();
        else {
            out_ += c;
            ++at_;
        }
    }
    /// `](where "title")` and `][name]`.
    void skip_target() {
        ++at_;
        char const open = at_ < line_.size() ? line_[at_] : ' ';
        if (open != '(' && open != '[')
            return;
        auto const end = line_.find(open == '(' ? ')' : ']', at_);
        if (end != line_.npos)
            at_ = end + 1;
    }
    /// `<b>`, `</b>`, `<https://example.org>`: a tag goes, an address stays.
    void skip_tag() {
        auto const end = line_.find('>', at_);
        bool const tag =
            end != line_.npos && (std::isalpha(static_cast<unsigned char>(next())) || next() == '/' || next() == '!');
        if (!tag) {
            out_ += line_[at_++];
            return;
        }
        auto const inner = line_.substr(at_ + 1, end - at_ - 1);
        if (inner.find("://") != inner.npos && inner.find(' ') == inner.npos)
            out_ += inner;
        at_ = end + 1;
    }

    std::string_view line_;
    std::string& out_;
    std::size_t at_ = 0;
};

} // namespace detail

GUICHET_DECL std::string plain_of_markdown(std::string_view markdown) {
    std::string out;
    bool code = false;
    while (!markdown.empty()) {
        auto const end = std::min(markdown.find('\n'), markdown.size());
        auto line = markdown.substr(0, end);
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        auto const bare = detail::without_block_marks(line);
        if (bare.starts_with("```") || bare.starts_with("~~~"))
            code = !code;
        if (detail::is_ornament(bare))
            continue;
        if (!out.empty() && !(bare.empty() && out.ends_with('\n')))
            out += '\n';
        if (code)
            out += line;
        else
            detail::inline_reader{bare, out}.run();
    }
    while (out.ends_with('\n'))
        out.pop_back();
    return out;
}

} // namespace guichet::inline v0::text
