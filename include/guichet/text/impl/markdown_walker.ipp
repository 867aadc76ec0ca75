#pragma once
#include <guichet/text/html.hpp>
#include <guichet/text/markdown.hpp>

#include <md4c.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <string>

namespace guichet::inline v0::text::detail {

/// For a bracket, md4c may read as much as the whole text again: at most so many bytes in all, some tenths of a second.
inline constexpr std::size_t bytes_read_for_links_max = 50'000'000;

/// The characters that an entity such as `&eacute;` or `&#233;` stands for.
inline std::string entity_of(std::string_view said) {
    auto character = plain_text(said);
    return character && !character->empty() ? *std::move(character) : std::string{" "};
}

/// What makes something of a text as md4c reads it, within bounds of time and size.
class markdown_walker {
public:
    virtual ~markdown_walker() = default;

protected:
    markdown_walker() = default;
    markdown_walker(markdown_walker const&) = delete;
    markdown_walker& operator=(markdown_walker const&) = delete;

    /// Of a block or a span, `detail` is what md4c tells of it (`MD_BLOCK_OL_DETAIL`, ...).
    virtual void begin(MD_BLOCKTYPE type, void const* detail) = 0;
    virtual void end(MD_BLOCKTYPE type) = 0;
    virtual void begin(MD_SPANTYPE, void const*) {}
    virtual void end(MD_SPANTYPE) {}
    virtual void add(MD_TEXTTYPE type, std::string_view said) = 0;

    /// Whether all of it was read and no more than `bytes_max` came out.
    bool read(std::string_view markdown, std::size_t bytes_max) {
        bytes_max_ = bytes_max;
        steps_left_ = 8 * markdown.size() + 100;
        std::string without_links;
        auto const brackets = static_cast<std::size_t>(std::count(markdown.begin(), markdown.end(), '['));
        if (brackets > bytes_read_for_links_max / (markdown.size() + 1)) {
            without_links = markdown;
            std::replace_if(
                without_links.begin(), without_links.end(), [](char c) { return c == '[' || c == ']'; }, ' ');
            markdown = without_links;
        }
        bool const done = markdown.size() <= std::numeric_limits<MD_SIZE>::max() && parse(markdown);
        if (thrown_)
            std::rethrow_exception(thrown_);
        return done;
    }

    std::string out_;

private:
    bool parse(std::string_view markdown) {
        MD_PARSER with{};
        with.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTMLBLOCKS;
        with.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
            return step(self, [=](markdown_walker& to) { to.begin(type, detail); });
        };
        with.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
            return step(self, [=](markdown_walker& to) { to.end(type); });
        };
        with.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
            return step(self, [=](markdown_walker& to) { to.begin(type, detail); });
        };
        with.leave_span = [](MD_SPANTYPE type, void*, void* self) {
            return step(self, [=](markdown_walker& to) { to.end(type); });
        };
        with.text = [](MD_TEXTTYPE type, MD_CHAR const* text, MD_SIZE size, void* self) {
            return step(self, [type, said = std::string_view{text, size}](markdown_walker& to) { to.add(type, said); });
        };
        return md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &with, this) == 0;
    }

    /// Nothing is thrown through the C library. A text of n bytes is less than 8 n steps, but for one whose table has
    /// rows that are shorter than its head: md4c fills them up, in quadratic time.
    template <class Act>
    static int step(void* self, Act const& act) noexcept {
        auto& to = *static_cast<markdown_walker*>(self);
        try {
            act(to);
        } catch (...) {
            to.thrown_ = std::current_exception();
        }
        bool const goes_on = !to.thrown_ && to.out_.size() <= to.bytes_max_ && to.steps_left_-- > 0;
        return goes_on ? 0 : -1; // md4c goes on after a positive number
    }

    std::size_t steps_left_ = 0, bytes_max_ = 0;
    std::exception_ptr thrown_;
};

} // namespace guichet::inline v0::text::detail
