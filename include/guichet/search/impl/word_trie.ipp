#pragma once
#include <guichet/search/impl/dictionary.ipp>

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
/// A word is written as a byte of how many letters it shares, a byte of how many it adds, its number, the way unless
/// that leads to the very next word, and the letters it adds.
class word_trie {
    static constexpr std::uint8_t leads_on = 0x80; ///< beside how many letters are added: the way is left out
    static constexpr std::size_t number_at = 2, way_at = number_at + 4, behind_way = way_at + 4;

public:
    class writer;
    static constexpr std::size_t word_bytes_max = leads_on - 1;

    /// Goes through the words in their order.
    class walker {
    public:
        explicit walker(word_trie const& of) noexcept : bytes_{of.bytes_} {}

        bool ended() const noexcept { return at_ == bytes_.size(); }
        std::uint32_t number() const noexcept { return read(number_at); }
        /// How many letters the word shares with the one before, and its others.
        std::size_t shared() const noexcept { return bytes_[at_]; }
        std::string_view rest() const noexcept {
            return {reinterpret_cast<char const*>(bytes_.data() + rest_at()), rest_size()};
        }

        void next() noexcept { at_ = rest_at() + rest_size(); }
        /// To the next word that does not begin with the first `letters` letters of this one: more than it shares.
        void leave(std::size_t letters) noexcept {
            if (letters > shared() + 1)
                for (next(); !ended() && shared() >= letters;)
                    leave();
            else
                leave();
        }

    private:
        bool is_way_written() const noexcept { return (bytes_[at_ + 1] & leads_on) == 0; }
        std::size_t rest_at() const noexcept { return at_ + (is_way_written() ? behind_way : way_at); }
        std::size_t rest_size() const noexcept { return bytes_[at_ + 1] & std::size_t{word_bytes_max}; }
        std::uint32_t read(std::size_t behind) const noexcept {
            std::uint32_t out;
            std::memcpy(&out, bytes_.data() + at_ + behind, sizeof out);
            return out;
        }
        void leave() noexcept {
            if (is_way_written())
                at_ = read(way_at);
            else
                next();
        }

        std::vector<std::uint8_t> const& bytes_;
        std::size_t at_ = 0;
    };

private:
    std::vector<std::uint8_t> bytes_;
};

class word_trie::writer {
public:
    /// Appends a word, which does not come before the last one; longer ones than `word_bytes_max` are left out.
    void add(std::string_view word, std::uint32_t number) {
        if (word.size() > word_bytes_max)
            return;
        auto const shared = shared_by(word, {last_.data(), size_});
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
    /// Where the way of a word stands, and how many letters that word shares.
    struct way {
        std::size_t at, shared;
    };

    /// Writes the last word, now that the next one is known to share so much with it.
    void write_last(std::size_t next_shares) {
        auto& to = out_.bytes_;
        if (size_ > 0) {
            bool const leads = next_shares <= shared_;
            to.push_back(static_cast<std::uint8_t>(shared_));
            to.push_back(static_cast<std::uint8_t>((size_ - shared_) | (leads ? leads_on : 0)));
            append(number_);
            if (!leads) {
                open_.push_back({to.size(), shared_});
                append(0);
            }
            to.insert(to.end(), last_.begin() + static_cast<std::ptrdiff_t>(shared_),
                      last_.begin() + static_cast<std::ptrdiff_t>(size_));
        }
        auto const here = static_cast<std::uint32_t>(to.size());
        for (; !open_.empty() && open_.back().shared >= next_shares; open_.pop_back())
            std::memcpy(to.data() + open_.back().at, &here, sizeof here);
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
    std::vector<way> open_; ///< those that are not known yet
};

} // namespace guichet::inline v0::search::detail
