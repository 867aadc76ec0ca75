#pragma once
#include <guichet/search/impl/dictionary.ipp>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>

namespace guichet::inline v0::search::detail {

/// A document that has a term, and how: the number of a shape.
struct posting {
    std::uint32_t doc = 0, shape = 0;
};

inline constexpr std::uint32_t block_postings = 128;

/// What is known of a block without reading it. The blocks of a term lie one after the other.
struct block_head {
    std::uint32_t last_doc = 0;
    std::uint32_t offset = 0; ///< from where the heads end
    float strength_max = 0;
};
static_assert(sizeof(block_head) == 12);

/// Where the postings of a term lie. A term of one block has no heads.
struct term_entry {
    std::uint32_t offset = 0, count = 0;
    float strength_max = 0;

    std::uint32_t blocks() const noexcept { return (count + block_postings - 1) / block_postings; }
};

/// Appends numbers of `bits` bits each.
inline void pack(std::vector<std::uint8_t>& out, std::span<std::uint32_t const> numbers, unsigned bits) {
    std::uint64_t held = 0;
    unsigned have = 0;
    for (auto const number : numbers) {
        held |= std::uint64_t{number} << have;
        for (have += bits; have >= 8; have -= 8, held >>= 8)
            out.push_back(static_cast<std::uint8_t>(held));
    }
    if (have > 0)
        out.push_back(static_cast<std::uint8_t>(held));
}

/// Reads what `pack` wrote; up to 8 bytes behind it must be readable.
inline std::uint8_t const* unpack(std::uint8_t const* from, std::uint32_t* out, std::uint32_t count,
                                  unsigned bits) noexcept {
    std::uint64_t const mask = (std::uint64_t{1} << bits) - 1;
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < count; ++i, at += bits) {
        std::uint64_t word;
        std::memcpy(&word, from + at / 8, sizeof word);
        out[i] = static_cast<std::uint32_t>(word >> at % 8 & mask);
    }
    return from + (at + 7) / 8;
}

/// Appends one block: the widths, the gaps between documents, the shapes.
inline void write_block(std::vector<std::uint8_t>& out, std::span<posting const> block, std::uint32_t before) {
    std::array<std::uint32_t, block_postings> gaps, shapes;
    std::uint32_t all_gaps = 0, all_shapes = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
        all_gaps |= gaps[i] = block[i].doc - before - 1;
        all_shapes |= shapes[i] = block[i].shape;
        before = block[i].doc;
    }
    auto const gap_bits = static_cast<unsigned>(std::bit_width(all_gaps));
    auto const shape_bits = static_cast<unsigned>(std::bit_width(all_shapes));
    out.push_back(static_cast<std::uint8_t>(gap_bits));
    out.push_back(static_cast<std::uint8_t>(shape_bits));
    pack(out, {gaps.data(), block.size()}, gap_bits);
    pack(out, {shapes.data(), block.size()}, shape_bits);
}

/// Goes through the postings of a term, forwards, block by block.
class cursor {
public:
    cursor() = default;
    cursor(std::uint8_t const* data, term_entry const& term) noexcept
        : heads_{data + term.offset}, count_{term.count}, blocks_{term.blocks()}, strength_max_{term.strength_max} {
        body_ = heads_ + (blocks_ > 1 ? blocks_ * sizeof(block_head) : 0);
        load(0);
    }

    bool ended() const noexcept { return doc_ == none; }
    std::uint32_t doc() const noexcept { return doc_; }
    std::uint32_t shape() const noexcept {
        return shapes_[at_];
    }
    float strength_max() const noexcept { return strength_max_; } ///< of the whole term

    void advance() noexcept {
        if (++at_ < size_)
            doc_ = docs_[at_];
        else
            load(block_ + 1);
    }

    /// To the first posting that is not before `doc`.
    void seek(std::uint32_t doc) noexcept {
        if (doc_ >= doc)
            return;
        if (blocks_ > 1 && head(block_).last_doc < doc) {
            auto next = block_ + 1;
            while (next < blocks_ && head(next).last_doc < doc)
                ++next;
            load(next);
            if (doc_ >= doc)
                return;
        }
        while (at_ < size_ && docs_[at_] < doc)
            ++at_;
        if (at_ < size_)
            doc_ = docs_[at_];
        else
            load(block_ + 1);
    }

    /// The greatest strength among documents from `from` (not before the current one) to before `end`.
    float strength_within(std::uint32_t from, std::uint32_t end) const noexcept {
        if (doc_ >= end)
            return 0;
        if (blocks_ <= 1)
            return strength_max_;
        float out = 0;
        for (auto i = block_; i < blocks_; ++i) {
            auto const one = head(i);
            if (one.last_doc < from)
                continue;
            out = std::max(out, one.strength_max);
            if (one.last_doc + 1 >= end)
                break;
        }
        return out;
    }

private:
    block_head head(std::uint32_t i) const noexcept {
        block_head out;
        std::memcpy(&out, heads_ + i * sizeof out, sizeof out);
        return out;
    }

    void load(std::uint32_t block) noexcept {
        block_ = block;
        at_ = 0;
        if (block >= blocks_) {
            doc_ = none;
            size_ = 0;
            return;
        }
        size_ = std::min(block_postings, count_ - block * block_postings);
        auto const* from = body_ + (blocks_ > 1 ? head(block).offset : 0);
        unsigned const gap_bits = from[0], shape_bits = from[1];
        from = unpack(from + 2, docs_.data(), size_, gap_bits);
        auto doc = block == 0 ? none : head(block - 1).last_doc; // `none` + 1 is 0
        for (std::uint32_t i = 0; i < size_; ++i)
            doc = docs_[i] += doc + 1;
        if (shape_bits == 0)
            std::fill_n(shapes_.begin(), size_, 0);
        else
            unpack(from, shapes_.data(), size_, shape_bits);
        doc_ = docs_[0];
    }

    std::uint8_t const *heads_ = nullptr, *body_ = nullptr;
    std::uint32_t count_ = 0, blocks_ = 0, block_ = 0, at_ = 0, size_ = 0, doc_ = none;
    float strength_max_ = 0;
    std::array<std::uint32_t, block_postings> docs_, shapes_;
};

} // namespace guichet::inline v0::search::detail
