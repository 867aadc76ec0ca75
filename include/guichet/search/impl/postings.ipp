#pragma once
#include <guichet/search/impl/dictionary.ipp>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>

namespace guichet::inline v0::search::detail {

/// A document that has a term, and how: the number of a shape, and in which of the term's surfaces, a bit each. By the
/// surfaces it is known exactly which words somebody sees, though words of one stem share their postings.
struct posting {
    std::uint32_t doc = 0, shape = 0, forms = 1;
};

inline constexpr unsigned form_bits = 5;  ///< of the number of a surface among those of its term
inline constexpr unsigned forms_max = 24; ///< of a term; further surfaces are found, but never proposed
inline constexpr std::uint32_t forms_none = (1U << forms_max) - 1; ///< how no form is written

inline constexpr std::uint32_t block_postings = 128;
inline constexpr std::uint32_t few_postings = 8; ///< fewer than these are written one by one

/// What is known of a block without reading it. The blocks of a term lie one after the other.
struct block_head {
    std::uint32_t last_doc = 0;
    std::uint32_t offset = 0; ///< from where the heads end
    float value_max = 0;
};
static_assert(sizeof(block_head) == 12);

/// Where the postings of a term lie, and the most that it is worth in a document. A term of one block has no heads.
struct term_entry {
    std::uint32_t offset = 0, count = 0;
    float value_max = 0;

    std::uint32_t blocks() const noexcept { return (count - 1) / block_postings + 1; }
    bool has_heads() const noexcept { return count > block_postings; }
};
static_assert(sizeof(term_entry) == 12);

/// Appends numbers of `bits` bits each.
inline void pack(std::vector<std::uint8_t>& out, std::span<std::uint32_t const> numbers, unsigned bits) {
    auto const mask = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
    std::uint64_t held = 0;
    unsigned have = 0;
    for (auto const number : numbers) {
        held |= std::uint64_t{number & mask} << have;
        for (have += bits; have >= 8; have -= 8, held >>= 8)
            out.push_back(static_cast<std::uint8_t>(held));
    }
    if (have > 0)
        out.push_back(static_cast<std::uint8_t>(held));
}

/// Reads what `pack` wrote; up to 8 bytes behind it must be readable.
inline void unpack(std::uint8_t const* from, std::uint32_t* out, std::uint32_t count, unsigned bits) noexcept {
    std::uint64_t const mask = (std::uint64_t{1} << bits) - 1;
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < count; ++i, at += bits) {
        std::uint64_t word;
        std::memcpy(&word, from + at / 8, sizeof word);
        out[i] = static_cast<std::uint32_t>(word >> at % 8 & mask);
    }
}

inline std::size_t packed_bytes(std::size_t count, unsigned bits) noexcept { return (count * bits + 7) / 8; }

/// Numbers with few bits, and apart those that need more (patched: Zukowski et al. 2006).
inline void write_patched(std::vector<std::uint8_t>& out, std::span<std::uint32_t const> numbers) {
    std::array<std::size_t, 33> having{};
    for (auto const one : numbers)
        ++having[static_cast<std::size_t>(std::bit_width(one))];
    unsigned widest = 32;
    while (widest > 0 && having[widest] == 0)
        --widest;
    unsigned best = 32;
    std::size_t best_cost = std::numeric_limits<std::size_t>::max();
    for (unsigned bits = 0; bits <= widest; ++bits) {
        auto cost = packed_bytes(numbers.size(), bits);
        for (unsigned more = bits + 1; more <= widest; ++more)
            cost += having[more] * (1 + (more - bits + 6) / 7);
        if (cost < best_cost)
            best = bits, best_cost = cost;
    }
    std::vector<std::uint8_t> patches;
    std::uint8_t count = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (static_cast<unsigned>(std::bit_width(numbers[i])) > best) {
            patches.push_back(static_cast<std::uint8_t>(i));
            write_number(patches, numbers[i] >> best);
            ++count;
        }
    out.push_back(static_cast<std::uint8_t>(best));
    out.push_back(count);
    pack(out, numbers, best);
    out.insert(out.end(), patches.begin(), patches.end());
}

/// Reads what `write_patched` wrote and answers where it ends, or null if that would be past `end`.
inline std::uint8_t const* read_patched(std::uint8_t const* at, std::uint8_t const* end, std::uint32_t* out,
                                        std::uint32_t count) noexcept {
    if (end - at < 2)
        return nullptr;
    unsigned const bits = at[0], patches = at[1];
    at += 2;
    auto const size = packed_bytes(count, bits);
    if (bits > 32 || static_cast<std::size_t>(end - at) < size)
        return nullptr;
    if (bits == 0)
        std::fill_n(out, count, 0);
    else
        unpack(at, out, count, bits);
    at += size;
    for (unsigned i = 0; i < patches; ++i) {
        if (at >= end)
            return nullptr;
        auto const place = *at++;
        auto const high = read_number(at, end);
        if (place >= count || bits == 32)
            return nullptr;
        out[place] |= high << bits;
    }
    return at;
}

/// Appends one block: the gaps between documents, the shapes, the forms.
inline void write_block(std::vector<std::uint8_t>& out, std::span<posting const> block, std::uint32_t before) {
    std::array<std::uint32_t, block_postings> gaps, shapes, forms;
    for (std::size_t i = 0; i < block.size(); ++i) {
        gaps[i] = block[i].doc - before - 1;
        shapes[i] = block[i].shape;
        forms[i] = block[i].forms == 0 ? forms_none : block[i].forms - 1;
        before = block[i].doc;
    }
    if (block.size() < few_postings) {
        for (std::size_t i = 0; i < block.size(); ++i) {
            write_number(out, gaps[i]);
            write_number(out, shapes[i] << 1 | (forms[i] > 0));
            if (forms[i] > 0)
                write_number(out, forms[i]);
        }
        return;
    }
    write_patched(out, {gaps.data(), block.size()});
    write_patched(out, {shapes.data(), block.size()});
    write_patched(out, {forms.data(), block.size()});
}

/// What a cursor reads from.
struct posting_store {
    std::span<std::uint8_t const> bytes; ///< with eight behind the last posting, so that reading may run over
    std::uint32_t documents = 0;
    std::uint32_t shapes = 0; ///< 1 less than a power of two
};

/// Goes through the postings of a term, forwards, block by block. Damaged postings end early.
class cursor {
public:
    cursor(posting_store const& from, term_entry const& term) noexcept
        : heads_{from.bytes.data() + term.offset},
          end_{from.bytes.data() + from.bytes.size() - 8},
          count_{term.count},
          blocks_{term.blocks()},
          documents_{from.documents},
          shape_mask_{from.shapes},
          value_max_{term.value_max} {
        body_ = heads_ + (blocks_ > 1 ? blocks_ * sizeof(block_head) : 0);
        load(0);
    }

    bool ended() const noexcept { return doc_ == none; }
    std::uint32_t doc() const noexcept { return doc_; }
    std::uint32_t shape() noexcept {
        if (shapes_from_)
            read_shapes();
        return shapes_[at_] & shape_mask_;
    }
    std::uint32_t forms() noexcept {
        if (shapes_from_)
            read_shapes();
        if (forms_from_)
            read_forms();
        return (forms_[at_] + 1) & forms_none;
    }
    float value_max() const noexcept { return value_max_; } ///< of the whole term

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

    /// The greatest value among documents from `from` (not before the current one) to before `end`.
    float value_within(std::uint32_t from, std::uint32_t end) const noexcept {
        if (doc_ >= end)
            return 0;
        if (blocks_ <= 1)
            return value_max_;
        float out = 0;
        for (auto i = block_; i < blocks_; ++i) {
            auto const one = head(i);
            if (one.last_doc < from)
                continue;
            out = std::max(out, one.value_max);
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
        if (block >= blocks_)
            return end();
        size_ = std::min(block_postings, count_ - block * block_postings);
        auto const* from = body_;
        auto last = documents_ - 1, before = none; // `none` + 1 is 0
        if (blocks_ > 1) {
            auto const here = head(block);
            from += here.offset;
            last = here.last_doc;
            if (block > 0)
                before = head(block - 1).last_doc;
        }
        shapes_from_ = forms_from_ = nullptr;
        if (size_ < few_postings) {
            for (std::uint32_t i = 0; i < size_; ++i) {
                docs_[i] = read_number(from, end_);
                auto const shape = read_number(from, end_);
                shapes_[i] = shape >> 1;
                forms_[i] = shape & 1 ? read_number(from, end_) : 0;
            }
        } else {
            from = read_patched(from, end_, docs_.data(), size_);
            if (!from)
                return end();
            shapes_from_ = from;
        }
        auto const start = static_cast<std::uint64_t>(before + 1);
        auto sum = start;
        for (std::uint32_t i = 0; i < size_; ++i, ++sum) {
            sum += docs_[i];
            docs_[i] = static_cast<std::uint32_t>(sum);
        }
        if (sum > std::uint64_t{last} + 1)
            return end();
        doc_ = docs_[0];
    }

    /// Shapes and forms are read when they are asked for; damaged ones are those of the first number.
    void read_shapes() noexcept {
        forms_from_ = read_patched(shapes_from_, end_, shapes_.data(), size_);
        if (!forms_from_) {
            shapes_.fill(0);
            forms_.fill(0);
        }
        shapes_from_ = nullptr;
    }
    void read_forms() noexcept {
        if (!read_patched(forms_from_, end_, forms_.data(), size_))
            forms_.fill(0);
        forms_from_ = nullptr;
    }

    void end() noexcept {
        block_ = blocks_;
        doc_ = none;
        size_ = 0;
    }

    std::uint8_t const *heads_, *body_, *end_;
    std::uint8_t const *shapes_from_ = nullptr, *forms_from_ = nullptr; ///< null once they are read
    std::uint32_t count_, blocks_, documents_, shape_mask_, block_ = 0, at_ = 0, size_ = 0, doc_ = none;
    float value_max_;
    std::array<std::uint32_t, block_postings> docs_, shapes_, forms_;
};

} // namespace guichet::inline v0::search::detail
