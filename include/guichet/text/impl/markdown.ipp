#pragma once
#include <guichet/text/impl/markdown_walker.ipp>
#include <guichet/text/markdown.hpp>

#include <limits>

namespace guichet::inline v0::text {
namespace detail {

/// Collects the words of a text.
class word_reader final : markdown_walker {
public:
    std::string run(std::string_view markdown) && {
        if (!read(markdown, std::numeric_limits<std::size_t>::max()))
            return std::string{markdown};
        out_.resize(out_.find_last_not_of(" \n") + 1);
        return std::move(out_);
    }

private:
    void begin(MD_BLOCKTYPE type, void const*) override {
        bool const in_row = type == MD_BLOCK_TH || type == MD_BLOCK_TD;
        if (in_row && !out_.empty() && out_.back() != '\n')
            out_ += ' ';
        else if (!in_row)
            end_line();
    }
    void end(MD_BLOCKTYPE type) override {
        if (type == MD_BLOCK_TH || type == MD_BLOCK_TD)
            return;
        end_line();
        if (type == MD_BLOCK_H)
            out_ += '\n';
    }
    void end_line() {
        if (!out_.empty() && out_.back() != '\n')
            out_ += '\n';
    }

    void add(MD_TEXTTYPE type, std::string_view said) override {
        switch (type) {
        case MD_TEXT_HTML: break;
        case MD_TEXT_NULLCHAR: out_ += ' '; break;
        case MD_TEXT_BR:
        case MD_TEXT_SOFTBR: end_line(); break;
        case MD_TEXT_ENTITY: out_ += entity_of(said); break;
        default: out_ += said;
        }
    }
};

} // namespace detail

GUICHET_DECL std::string plain_of_markdown(std::string_view markdown) { return detail::word_reader{}.run(markdown); }

} // namespace guichet::inline v0::text
