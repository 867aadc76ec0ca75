#pragma once
#include <guichet/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace guichet::inline v0::search::detail {

/// Words in ascending order, each with a number, as a trie laid flat: of a word only what it does not share with the
/// one before, and the way to the next that shares no more. So whoever goes through them leaves all that begin alike
/// with one step, and reads nothing of what he leaves. Kept in memory only.
class word_trie {
    struct head {
        std::uint32_t leave = 0; ///< where the next word stands that shares no more
        std::uint32_t number = 0;
        std::uint8_t shared = 0, rest = 0;
    };

public:
    class writer;

    /// Goes through the words in their order.
    class walker {
    public:
        explicit walker(word_trie const& of) noexcept : bytes_{of.bytes_} { go(0); }

        bool ended() const noexcept { return at_ == bytes_.size(); }
        std::uint32_t number() const noexcept { return head_.number; }
        /// How many letters the word shares with the one before, and its others.
        std::size_t shared() const noexcept { return head_.shared; }
        std::string_view rest() const noexcept {
            return {reinterpret_cast<char const*>(bytes_.data() + at_ + sizeof(head)), head_.rest};
        }

        void next() noexcept { go(at_ + sizeof(head) + head_.rest); }
        /// To the next word that does not begin with the first `letters` letters of this one: more than it shares.
        void leave(std::size_t letters) noexcept {
            if (letters > shared() + 1)
                for (next(); !ended() && shared() >= letters;)
                    go(head_.leave);
            else
                go(head_.leave);
        }

    private:
        void go(std::size_t to) noexcept {
            at_ = to;
            if (!ended())
                std::memcpy(&head_, bytes_.data() + at_, sizeof head_);
        }

        std::vector<std::uint8_t> const& bytes_;
        std::size_t at_ = 0;
        head head_;
    };

private:
    std::vector<std::uint8_t> bytes_;
};

class word_trie::writer {
public:
    static constexpr std::size_t word_bytes_max = 255;

    /// Makes room for words of so many bytes together.
    void reserve(std::size_t words, std::size_t bytes) { out_.bytes_.reserve(words * sizeof(head) + bytes); }

    /// Appends a word, which does not come before the last one; longer ones are left out.
    void add(std::string_view word, std::uint32_t number) {
        if (word.size() > word_bytes_max)
            return;
        std::size_t shared = 0;
        while (shared < word.size() && shared < last_size_ && word[shared] == last_[shared])
            ++shared;
        close(shared);
        auto const rest = word.substr(shared);
        head const one{0, number, static_cast<std::uint8_t>(shared), static_cast<std::uint8_t>(rest.size())};
        auto const at = out_.bytes_.size();
        open_.emplace_back(at, shared);
        out_.bytes_.resize(at + sizeof one + rest.size());
        std::memcpy(out_.bytes_.data() + at, &one, sizeof one);
        std::memcpy(out_.bytes_.data() + at + sizeof one, rest.data(), rest.size());
        std::memcpy(last_.data() + shared, rest.data(), rest.size());
        last_size_ = word.size();
    }

    word_trie finish() && {
        close(0);
        out_.bytes_.shrink_to_fit();
        return std::move(out_);
    }

private:
    /// From words that share so many letters or more the way leads here.
    void close(std::size_t shared) {
        auto const here = static_cast<std::uint32_t>(out_.bytes_.size());
        for (; !open_.empty() && open_.back().second >= shared; open_.pop_back())
            std::memcpy(out_.bytes_.data() + open_.back().first + offsetof(head, leave), &here, sizeof here);
    }

    word_trie out_;
    std::array<char, word_bytes_max> last_;
    std::size_t last_size_ = 0;
    std::vector<std::pair<std::size_t, std::size_t>> open_; ///< words whose way is not known yet: place, shared
};

} // namespace guichet::inline v0::search::detail
