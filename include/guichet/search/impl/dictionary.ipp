#pragma once
#include <guichet/config.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search::detail {

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint32_t bundle = 16; ///< strings of a dictionary that are written together
inline constexpr std::size_t changes_bytes = bundle / 8;

/// How much longer than what it shares a string may be for both to be written as one number.
inline constexpr std::size_t more_most = 7;

/// Appends seven bits a byte, the low ones first.
inline void write_number(std::vector<std::uint8_t>& out, std::uint32_t number) {
    for (; number >= 0x80; number >>= 7)
        out.push_back(static_cast<std::uint8_t>(number | 0x80));
    out.push_back(static_cast<std::uint8_t>(number));
}

/// Reads what `write_number` wrote; never past `end`.
inline std::uint32_t read_number(std::uint8_t const*& at, std::uint8_t const* end) noexcept {
    std::uint32_t out = 0;
    for (unsigned shift = 0; at < end && shift < 35; shift += 7) {
        auto const byte = *at++;
        out |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
    }
    return out;
}

/// How many letters two strings have in common at their beginning.
inline std::size_t shared_by(std::string_view a, std::string_view b) noexcept {
    auto const most = std::min(a.size(), b.size());
    std::size_t out = 0;
    while (out < most && a[out] == b[out])
        ++out;
    return out;
}

/// Strings, numbered by their order, each with a value unless it `is_bare`. What a string shares with the one before it
/// is not written again (front coding: Witten, Moffat, Bell 1999); a value that stays the same costs a bit, one that
/// rises a little a byte. Only where they are sorted can a string be looked for.
class dictionary {
public:
    dictionary() = default;
    dictionary(std::uint32_t count, std::span<std::uint32_t const> heads, std::span<std::uint8_t const> bytes,
               bool is_bare = false) noexcept
        : count_{count}, heads_{heads}, bytes_{bytes}, is_bare_{is_bare} {}

    std::uint32_t size() const noexcept { return count_; }

    /// Goes through the strings in their order.
    class walker {
    public:
        explicit walker(dictionary const& of, std::uint32_t from = 0) : of_{of} { go(from); }
        bool ended() const noexcept { return number_ >= of_.count_; }
        std::uint32_t number() const noexcept { return number_; }
        std::string_view text() const noexcept { return text_; }
        std::uint32_t value() const noexcept { return value_; }

        void next() {
            if (++number_ < of_.count_)
                read();
        }
        void go(std::uint32_t to) {
            if (to >= of_.count_) {
                number_ = of_.count_;
                return;
            }
            if (!at_ || to < number_ || to / bundle != number_ / bundle) {
                number_ = to / bundle * bundle;
                at_ = of_.bytes_.data() + of_.heads_[number_ / bundle];
                read();
            }
            while (number_ < to)
                ++number_, read();
        }

    private:
        void read() {
            bool const first = number_ % bundle == 0;
            std::size_t more = read_number(at_, of_.end());
            if (first) {
                more = of_.left_of(at_, more);
                text_.clear();
            } else {
                text_.resize(std::min(more / (more_most + 1), text_.size()));
                more = rest_of(more % (more_most + 1));
            }
            text_.append(reinterpret_cast<char const*>(at_), more);
            at_ += more;
            if (!of_.is_bare_)
                read_value(first);
        }

        void read_value(bool first) {
            if (first) {
                value_ = read_number(at_, of_.end());
                changes_ = of_.read_changes(at_);
            } else if (changes_ >> number_ % bundle & 1) {
                auto const step = read_number(at_, of_.end());
                value_ += step >> 1 ^ (0U - (step & 1));
            }
        }

        /// How many letters stand here that the string before has not.
        std::size_t rest_of(std::size_t more) noexcept {
            if (more == more_most)
                more += read_number(at_, of_.end());
            return of_.left_of(at_, more);
        }

        dictionary const& of_;
        std::uint8_t const* at_ = nullptr;
        std::uint32_t number_ = 0, value_ = 0;
        std::uint32_t changes_ = 0; ///< of the bundle: whose values differ from the ones before, a bit each
        std::string text_;
    };

    std::string operator[](std::uint32_t i) const { return std::string{walker{*this, i}.text()}; }

    /// The first string that is not before `text`.
    std::uint32_t lower_bound(std::string_view text, std::uint32_t from = 0) const {
        auto const low = last_bundle(from / bundle, from > 0, [&](std::uint32_t i) { return first_of(i) < text; });
        walker w{*this, std::max(low * bundle, from)};
        while (!w.ended() && w.text() < text)
            w.next();
        return w.number();
    }

    /// The number of a string, or `none`. No string is put together: what one has in common with the one before it
    /// tells which of the two `text` is nearer to.
    std::uint32_t find(std::string_view text) const noexcept {
        if (count_ == 0)
            return none;
        auto const low = last_bundle(0, false, [&](std::uint32_t i) { return first_of(i) <= text; });
        auto const* at = bytes_.data() + heads_[low];
        auto const size = read_number(at, end());
        std::string_view const first{reinterpret_cast<char const*>(at), left_of(at, size)};
        auto has = shared_by(first, text); // letters of `text` that the last string began with
        if (has == first.size() && has == text.size())
            return low * bundle;
        at += first.size();
        std::uint32_t changes = 0;
        if (!is_bare_) {
            read_number(at, end()); // its value
            changes = read_changes(at);
        }
        for (auto number = low * bundle + 1; number < count_ && number % bundle != 0; ++number) {
            auto const head = read_number(at, end());
            std::size_t const shared = head / (more_most + 1);
            std::size_t more = head % (more_most + 1);
            if (more == more_most)
                more += read_number(at, end());
            more = left_of(at, more);
            if (shared < has)
                return none; // behind `text`
            if (shared == has) {
                std::string_view const rest{reinterpret_cast<char const*>(at), more};
                auto const here = shared_by(rest, text.substr(has));
                has += here;
                if (here == more && has == text.size())
                    return number;
                if (here < more && (has == text.size() || byte_of(rest[here]) > byte_of(text[has])))
                    return none;
            }
            at += more;
            if (changes >> number % bundle & 1)
                read_number(at, end());
        }
        return none;
    }

    /// Whether its bundles begin within its bytes. All else is read with care: strings that are out of order are found
    /// or not.
    bool is_sound() const noexcept {
        return heads_.size() == (count_ + bundle - 1) / bundle &&
               std::ranges::all_of(heads_, [&](std::uint32_t head) { return head < bytes_.size(); });
    }

private:
    std::uint8_t const* end() const noexcept { return bytes_.data() + bytes_.size(); }
    std::size_t left_of(std::uint8_t const* at, std::size_t wanted) const noexcept {
        return std::min(wanted, static_cast<std::size_t>(end() - at));
    }
    static unsigned char byte_of(char c) noexcept { return static_cast<unsigned char>(c); }
    /// Which strings of a bundle have another value than the one before, a bit each.
    std::uint32_t read_changes(std::uint8_t const*& at) const noexcept {
        if (left_of(at, changes_bytes) < changes_bytes) {
            at = end();
            return 0;
        }
        auto const out = at[0] | at[1] * 256U;
        at += changes_bytes;
        return out;
    }

    /// The last bundle of which something holds that holds of all bundles from `low` up to it. If it is near, it is
    /// looked for in steps that grow.
    template <class Holds>
    std::uint32_t last_bundle(std::uint32_t low, bool near, Holds const& holds) const {
        auto high = (count_ + bundle - 1) / bundle;
        for (std::uint32_t step = 1; near && low + step < high; step *= 2) {
            if (!holds(low + step)) {
                high = low + step;
                break;
            }
            low += step;
        }
        while (low + 1 < high) {
            auto const middle = low + (high - low) / 2;
            (holds(middle) ? low : high) = middle;
        }
        return low;
    }

    std::string_view first_of(std::uint32_t bundle_number) const noexcept {
        auto const* at = bytes_.data() + heads_[bundle_number];
        auto const* end = bytes_.data() + bytes_.size();
        auto const size = std::min<std::size_t>(read_number(at, end), static_cast<std::size_t>(end - at));
        return {reinterpret_cast<char const*>(at), size};
    }

    std::uint32_t count_ = 0;
    std::span<std::uint32_t const> heads_;
    std::span<std::uint8_t const> bytes_;
    bool is_bare_ = false;
};

/// Writes the bytes of a dictionary, string after string in their order.
class dictionary_writer {
public:
    explicit dictionary_writer(bool is_bare = false) : is_bare_{is_bare} {}

    std::vector<std::uint32_t> heads;
    std::vector<std::uint8_t> bytes;
    std::uint32_t count = 0;

    void add(std::string_view text, std::uint32_t value = 0) {
        if (count % bundle == 0) {
            heads.push_back(static_cast<std::uint32_t>(bytes.size()));
            write_number(bytes, static_cast<std::uint32_t>(text.size()));
            bytes.insert(bytes.end(), text.begin(), text.end());
            if (!is_bare_) {
                write_number(bytes, value);
                bytes.resize(bytes.size() + changes_bytes);
                changes_at_ = bytes.size() - changes_bytes;
            }
        } else {
            auto const shared = shared_by(text, before_);
            auto const more = text.size() - shared, here = std::min(more, more_most);
            write_number(bytes, static_cast<std::uint32_t>(shared * (more_most + 1) + here));
            if (here == more_most)
                write_number(bytes, static_cast<std::uint32_t>(more - more_most));
            bytes.insert(bytes.end(), text.begin() + static_cast<std::ptrdiff_t>(shared), text.end());
            if (auto const step = value - value_; !is_bare_ && step != 0) {
                write_number(bytes, step << 1 ^ (step >> 31 ? ~0U : 0U));
                auto const place = count % bundle;
                bytes[changes_at_ + place / 8] |= static_cast<std::uint8_t>(1U << place % 8);
            }
        }
        before_ = text;
        value_ = value;
        ++count;
    }

private:
    bool is_bare_;
    std::string before_;
    std::uint32_t value_ = 0;
    std::size_t changes_at_ = 0; ///< where the bits stand that say which values of the bundle change
};

/// Where things begin that lie one behind the other, known by their sizes: looking one up adds some thirty.
class place_list {
public:
    static constexpr std::uint32_t bundle = 64;
    struct head {
        std::uint32_t place = 0, sizes_at = 0;
    };

    place_list() = default;
    place_list(std::span<head const> heads, std::span<std::uint8_t const> sizes) noexcept
        : heads_{heads}, sizes_{sizes} {}

    /// Of damaged ones, anywhere.
    std::uint32_t operator[](std::uint32_t i) const noexcept { return reader{*this}[i]; }

    /// Looks up what mostly ascends: of one bundle it goes on from where it was.
    class reader {
    public:
        explicit reader(place_list const& of) noexcept : of_{of} {}

        std::uint32_t operator[](std::uint32_t i) noexcept {
            if (!at_ || i < number_ || i / bundle != number_ / bundle) {
                auto const& from = of_.heads_[i / bundle];
                number_ = i - i % bundle;
                at_ = of_.sizes_.data() + from.sizes_at;
                place_ = from.place;
            }
            for (auto const* end = of_.sizes_.data() + of_.sizes_.size(); number_ < i; ++number_)
                place_ += read_number(at_, end);
            return place_;
        }

    private:
        place_list const& of_;
        std::uint8_t const* at_ = nullptr;
        std::uint32_t number_ = 0, place_ = 0;
    };

    bool is_sound() const noexcept {
        return std::ranges::all_of(heads_, [&](head const& one) { return one.sizes_at <= sizes_.size(); });
    }

private:
    std::span<head const> heads_;
    std::span<std::uint8_t const> sizes_;
};

/// Writes where things begin, one after the other; the first at 0.
struct place_writer {
    std::vector<place_list::head> heads;
    std::vector<std::uint8_t> sizes;

    void add(std::uint32_t place) {
        if (count_ > 0)
            write_number(sizes, place - before_);
        if (count_++ % place_list::bundle == 0)
            heads.push_back({place, static_cast<std::uint32_t>(sizes.size())});
        before_ = place;
    }

private:
    std::uint32_t count_ = 0, before_ = 0;
};

} // namespace guichet::inline v0::search::detail
