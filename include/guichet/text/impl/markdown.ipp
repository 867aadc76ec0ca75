#pragma once
#include <guichet/text/html.hpp>
#include <guichet/text/markdown.hpp>

#include <md4c.h>

#include <algorithm>
#include <exception>
#include <limits>

namespace guichet::inline v0::text {
namespace detail {

/// For a bracket, md4c may read as much as the whole text again: at most so many bytes in all, some tenths of a second.
inline constexpr std::size_t bytes_read_for_links_max = 50'000'000;

/// Collects the words that md4c finds in a text.
class markdown_reader {
public:
    explicit markdown_reader(std::string_view markdown) : markdown_{markdown}, steps_left_{8 * markdown.size() + 100} {}

    std::string run() && {
        auto const brackets = static_cast<std::size_t>(std::count(markdown_.begin(), markdown_.end(), '['));
        if (brackets > bytes_read_for_links_max / (markdown_.size() + 1)) {
            without_links_ = markdown_;
            std::replace_if(
                without_links_.begin(), without_links_.end(), [](char c) { return c == '[' || c == ']'; }, ' ');
            markdown_ = without_links_;
        }
        if (markdown_.size() > std::numeric_limits<MD_SIZE>::max() || !parsed())
            return std::string{markdown_};
        if (thrown_)
            std::rethrow_exception(thrown_);
        out_.resize(out_.find_last_not_of(" \n") + 1);
        return std::move(out_);
    }

private:
    bool parsed() {
        MD_PARSER with{};
        with.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTMLBLOCKS;
        with.enter_block = [](MD_BLOCKTYPE type, void*, void* self) {
            return step(self, [type](markdown_reader& to) { to.begin(type); });
        };
        with.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
            return step(self, [type](markdown_reader& to) { to.end(type); });
        };
        with.enter_span =
            with.leave_span = [](MD_SPANTYPE, void*, void* self) { return step(self, [](markdown_reader&) {}); };
        with.text = [](MD_TEXTTYPE type, MD_CHAR const* text, MD_SIZE size, void* self) {
            return step(self, [type, said = std::string_view{text, size}](markdown_reader& to) { to.add(type, said); });
        };
        return md_parse(markdown_.data(), static_cast<MD_SIZE>(markdown_.size()), &with, this) == 0 || thrown_;
    }

    /// Nothing is thrown through the C library. A text of n bytes is less than 8 n steps, but for one whose table has
    /// rows that are shorter than its head: md4c fills them up, in quadratic time.
    template <class Act>
    static int step(void* self, Act const& act) noexcept {
        auto& to = *static_cast<markdown_reader*>(self);
        try {
            act(to);
        } catch (...) {
            to.thrown_ = std::current_exception();
        }
        return to.thrown_ || to.steps_left_-- == 0 ? -1 : 0; // md4c goes on after a positive number
    }

    void begin(MD_BLOCKTYPE type) {
        bool const in_row = type == MD_BLOCK_TH || type == MD_BLOCK_TD;
        if (in_row && !out_.empty() && out_.back() != '\n')
            out_ += ' ';
        else if (!in_row)
            end_line();
    }
    void end(MD_BLOCKTYPE type) {
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

    void add(MD_TEXTTYPE type, std::string_view said) {
        switch (type) {
        case MD_TEXT_HTML: break;
        case MD_TEXT_NULLCHAR: out_ += ' '; break;
        case MD_TEXT_BR:
        case MD_TEXT_SOFTBR: end_line(); break;
        case MD_TEXT_ENTITY: add_entity(said); break;
        default: out_ += said;
        }
    }

    void add_entity(std::string_view said) {
        auto const character = plain_text(said);
        out_ += character && !character->empty() ? *character : " ";
    }

    std::string_view markdown_;
    std::string without_links_;
    std::size_t steps_left_;
    std::string out_;
    std::exception_ptr thrown_;
};

} // namespace detail

GUICHET_DECL std::string plain_of_markdown(std::string_view markdown) {
    return detail::markdown_reader{markdown}.run();
}

} // namespace guichet::inline v0::text
