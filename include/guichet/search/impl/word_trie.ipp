#pragma once
#include <guichet/config.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace guichet::inline v0::search::detail {

/// Words in ascending order, each with a number, as a trie laid flat: of a word only what it does not share with the
/// one before, and the way to the next that shares no more. So whoever goes through them leaves all that begin alike
/// with one step, and reads nothing of what he leaves. Kept in memory only.
///
/// A word is a byte of how many letters it shares, a byte of how many it adds, its number in four, the way in four
/// unless it leads to the very next word, and what it adds.
class word_trie {
    static constexpr std::uint8_t leads_on = 0x80; ///< beside the number of letters added: the way is left out

public:
    class writer;
    static constexpr std::size_t word_bytes_max = leads_on - 1;

    /// Goes through the words in their order.
    class walker {
    public:
        explicit walker(word_trie const& of) noexcept : bytes_{of.bytes_} { go(0); }

        bool ended() const noexcept { return at_ == bytes_.size(); }
        std::uint32_t number() const noexcept { return read(2); }
        /// How many letters the word shares with the one before, and its others.
        std::size_t shared() const noexcept { return bytes_[at_]; }
        std::string_view rest() const noexcept { return rest_; }

        void next() noexcept { go(place_of(rest_.data() + rest_.size())); }
        /// To the next word that does not begin with the first `letters` letters of this one: more than it shares.
        void leave(std::size_t letters) noexcept {
            if (letters > shared() + 1)
                for (next(); !ended() && shared() >= letters;)
                    leave();
            else
                leave();
        }

    private:
        void leave() noexcept {
            if (bytes_[at_ + 1] & leads_on)
                next();
            else
                go(read(6));
        }
        void go(std::size_t to) noexcept {
            at_ = to;
            if (!ended())
                rest_ = {reinterpret_cast<char const*>(bytes_.data()) + at_ + (bytes_[at_ + 1] & leads_on ? 6 : 10),
                         bytes_[at_ + 1] & std::size_t{word_bytes_max}};
        }
        std::size_t place_of(char const* letter) const noexcept {
            return static_cast<std::size_t>(letter - reinterpret_cast<char const*>(bytes_.data()));
        }
        std::uint32_t read(std::size_t behind) const noexcept {
            std::uint32_t out;
            std::memcpy(&out, bytes_.data() + at_ + behind, sizeof out);
            return out;
        }

        std::vector<std::uint8_t> const& bytes_;
        std::size_t at_ = 0;
        std::string_view rest_;
    };

    std::size_t bytes() const noexcept { return bytes_.size(); }

private:
    std::vector<std::uint8_t> bytes_;
};

class word_trie::writer {
public:
    /// Makes room for so many words, which add so many bytes together.
    void reserve(std::size_t words, std::size_t bytes) { out_.bytes_.reserve(words * 8 + bytes); }

    /// Appends a word, which does not come before the last one; longer ones than `word_bytes_max` are left out.
    void add(std::string_view word, std::uint32_t number) {
        if (word.size() > word_bytes_max)
            return;
        std::size_t shared = 0;
        while (shared < word.size() && shared < size_ && word[shared] == last_[shared])
            ++shared;
        write_last(shared);
        word.copy(last_.data() + shared, word.size() - shared, shared);
        size_ = word.size(), shared_ = shared, number_ = number;
    }

    word_trie finish() && {
        write_last(0);
        out_.bytes_.shrink_to_fit();
        return std::move(out_);
    }

private:
    /// Writes the last word, now that the next one is known to share so much with it.
    void write_last(std::size_t next_shares) {
        auto& to = out_.bytes_;
        if (size_ > 0) {
            bool const leads = next_shares <= shared_;
            to.push_back(static_cast<std::uint8_t>(shared_));
            to.push_back(static_cast<std::uint8_t>((size_ - shared_) | (leads ? leads_on : 0)));
            append(number_);
            if (!leads) {
                open_.emplace_back(to.size(), shared_);
                append(0);
            }
            to.insert(to.end(), last_.begin() + static_cast<std::ptrdiff_t>(shared_),
                      last_.begin() + static_cast<std::ptrdiff_t>(size_));
        }
        auto const here = static_cast<std::uint32_t>(to.size());
        for (; !open_.empty() && open_.back().second >= next_shares; open_.pop_back())
            std::memcpy(to.data() + open_.back().first, &here, sizeof here);
    }
    void append(std::uint32_t number) {
        auto& to = out_.bytes_;
        to.resize(to.size() + sizeof number);
        std::memcpy(to.data() + to.size() - sizeof number, &number, sizeof number);
    }

    word_trie out_;
    std::array<char, word_bytes_max> last_;
    std::size_t size_ = 0, shared_ = 0; ///< of the last word; 0: none yet
    std::uint32_t number_ = 0;
    std::vector<std::pair<std::size_t, std::size_t>>
        open_; ///< ways that are not known yet: their place, shared letters
};

} // namespace guichet::inline v0::search::detail
