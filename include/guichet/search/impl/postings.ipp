#pragma once
#include <guichet/search/impl/dictionary.ipp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

namespace guichet::inline v0::search::detail {

/// A document that has a term, and how: the number of a shape, and in which of the term's surfaces, a bit each. By the
/// surfaces it is known exactly which words somebody sees, though words of one stem share their postings.
struct posting {
    std::uint32_t doc = 0, shape = 0, forms = 1;
};

inline constexpr unsigned form_bits = 5; ///< of the number of a surface among those of its term
inline constexpr std::uint32_t form_mask = (1U << form_bits) - 1;
inline constexpr unsigned forms_max = 24; ///< of a term; further surfaces are found, but never proposed
inline constexpr std::uint32_t forms_mask = (1U << forms_max) - 1;

/// Forms as they are written, and back: the first form alone is the commonest, no form (of parts of words and of
/// attributes) comes next.
inline std::uint32_t swapped_forms(std::uint32_t forms) noexcept { return forms < 2 ? forms ^ 1 : forms; }

inline constexpr std::uint32_t block_postings = 128;

/// The postings of most documents that have a common term are of the commonest shape. They stand in a list of their
/// own, so that no shape is written, and that the others, which are worth more, are found without them (as in split
/// lists: Kane and Tompa 2018).
inline constexpr std::uint32_t plain_shape = 0;

/// Bounds of values, which are below 1, rounded up to so many steps.
inline constexpr unsigned coarse_steps = 63, fine_steps = 1'023;
inline unsigned steps_above(double value, unsigned steps) noexcept {
    return std::min(static_cast<unsigned>(value * steps) + 1, steps);
}

/// What is known of a block without reading it. The heads of a list lie one after the other.
struct block_head {
    std::uint32_t last_doc = 0;
    std::uint32_t size = 0;      ///< in bytes: the blocks lie one after the other too
    std::uint32_t value_max = 0; ///< in fine steps
    static constexpr unsigned doc_bits = 26, size_bits = 12;
    static constexpr std::size_t bytes = 6;

    void write(std::uint8_t* to) const noexcept {
        auto const all =
            last_doc | std::uint64_t{size} << doc_bits | std::uint64_t{value_max} << (doc_bits + size_bits);
        std::memcpy(to, &all, bytes);
    }
    /// Two bytes behind it must be readable: one load of eight waits for nothing, two of four and two do.
    static block_head read(std::uint8_t const* from) noexcept {
        std::uint64_t all;
        std::memcpy(&all, from, sizeof all);
        all &= (std::uint64_t{1} << 8 * bytes) - 1;
        return {static_cast<std::uint32_t>(all & ((1U << doc_bits) - 1)),
                static_cast<std::uint32_t>(all >> doc_bits & ((1U << size_bits) - 1)),
                static_cast<std::uint32_t>(all >> (doc_bits + size_bits))};
    }
};
inline constexpr std::uint32_t segment_documents_max = 1U << block_head::doc_bits;

/// A list of postings in ascending order, and the most that the term is worth in one. One block alone has no head.
struct posting_list {
    std::uint32_t begin = 0, count = 0; ///< `begin`: where its heads or its only block stand
    std::uint32_t first_shape = 0;      ///< no posting has a smaller one
    bool has_shapes = false;            ///< otherwise all have the first one
    bool has_forms = false;             ///< otherwise all have the first form
    double value_max = 0;

    std::uint32_t blocks() const noexcept { return (count + block_postings - 1) / block_postings; }
};

/// What cursors read from.
struct posting_store {
    std::span<std::uint8_t const> bytes; ///< with eight behind the last posting, so that reading may run over
    std::uint32_t documents = 0;
    std::uint32_t shapes = 0; ///< 1 less than a power of two
};

/// Appends numbers of any bits, the low bits first.
class bit_writer {
public:
    explicit bit_writer(std::vector<std::uint8_t>& out) noexcept : out_{out} {}
    bit_writer(bit_writer const&) = delete;
    bit_writer& operator=(bit_writer const&) = delete;
    ~bit_writer() {
        if (have_ > 0)
            out_.push_back(static_cast<std::uint8_t>(held_));
    }

    /// A number of at most 32 bits that needs no more than `bits`.
    void put(std::uint64_t number, unsigned bits) {
        held_ |= number << have_;
        for (have_ += bits; have_ >= 8; have_ -= 8, held_ >>= 8)
            out_.push_back(static_cast<std::uint8_t>(held_));
    }

    /// So many zeros and a one.
    void put_unary(std::uint32_t zeros) {
        for (; zeros >= 32; zeros -= 32)
            put(0, 32);
        put(std::uint64_t{1} << zeros, zeros + 1);
    }

    /// A number below 2^28, the smaller the shorter (gamma: Elias 1975).
    void put_gamma(std::uint32_t number) {
        auto const bits = static_cast<unsigned>(std::bit_width(number + 1)) - 1;
        put_unary(bits);
        put((number + 1) & ((1U << bits) - 1), bits);
    }

private:
    std::vector<std::uint8_t>& out_;
    std::uint64_t held_ = 0;
    unsigned have_ = 0;
};

/// At least 57 bits from a place on; eight bytes behind it must be readable.
inline std::uint64_t bits_at(std::uint8_t const* from, std::uint64_t place) noexcept {
    std::uint64_t word;
    std::memcpy(&word, from + place / 8, sizeof word);
    return word >> place % 8;
}

/// Numbers of the same bits each, as `write_packed` wrote them.
class packed_numbers {
public:
    packed_numbers() = default;
    packed_numbers(std::uint8_t const* from, unsigned width) noexcept : from_{from}, width_{width} {}
    std::uint32_t operator[](std::uint32_t i) const noexcept {
        return static_cast<std::uint32_t>(bits_at(from_, std::uint64_t{i} * width_) &
                                          ((std::uint64_t{1} << width_) - 1));
    }

private:
    std::uint8_t const* from_ = nullptr;
    unsigned width_ = 0;
};

/// Reads eight numbers of so many bits, the first of which begins a byte; eight bytes must be readable where each
/// begins.
template <unsigned width, std::size_t... i>
void read_eight(std::uint8_t const* from, std::uint32_t* to, std::index_sequence<i...>) noexcept {
    constexpr std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    ((to[i] = static_cast<std::uint32_t>(bits_at(from, i * width) & mask)), ...);
}

/// Reads numbers of so many bits, eight at a time: where each begins is known to the compiler.
template <unsigned width>
void read_packed(std::uint8_t const* from, std::uint32_t* to, std::uint32_t count) noexcept {
    std::uint32_t i = 0;
    for (; i + 8 <= count; i += 8, from += width)
        read_eight<width>(from, to + i, std::make_index_sequence<8>{});
    for (packed_numbers const rest{from, width}; i < count; ++i)
        to[i] = rest[i % 8];
}

/// `read_packed`, by width: up to what `low_bits` gives of the most documents.
inline constexpr auto packed_readers = []<std::size_t... width>(std::index_sequence<width...>) {
    return std::array{&read_packed<width>...};
}
(std::make_index_sequence<block_head::doc_bits + 1>{});

/// The bits of a number below `count`.
inline unsigned width_below(std::size_t count) noexcept {
    return static_cast<unsigned>(std::bit_width(std::max<std::size_t>(count, 1) - 1));
}
inline std::size_t packed_bytes(std::uint64_t count, unsigned width) noexcept { return (count * width + 7) / 8 + 8; }

inline std::vector<std::uint8_t> write_packed(std::span<std::uint32_t const> numbers, unsigned width) {
    std::vector<std::uint8_t> out;
    {
        bit_writer to{out};
        for (auto const number : numbers)
            to.put(number, width);
    }
    out.resize(packed_bytes(numbers.size(), width));
    return out;
}

/// How many low bits are kept apart of `count` numbers below `span`.
inline unsigned low_bits(std::uint32_t span, std::uint32_t count) noexcept {
    return static_cast<unsigned>(std::bit_width(span / count)) - 1;
}

/// Appends one block: the documents from `first` to `last` by Elias and Fano's code (Vigna 2013), without the last one
/// where a head tells it, then the shapes and the forms if the list has them.
inline void write_block(std::vector<std::uint8_t>& out, posting_list const& as, std::span<posting const> block,
                        std::uint32_t first, std::uint32_t last) {
    bit_writer to{out};
    auto const low = low_bits(last - first + 1, static_cast<std::uint32_t>(block.size()));
    auto const mask = (1U << low) - 1;
    auto const coded = block.first(block.size() - (as.blocks() > 1 ? 1 : 0));
    for (auto const& one : coded)
        to.put((one.doc - first) & mask, low);
    std::uint32_t high = 0;
    for (auto const& one : coded) {
        to.put_unary(((one.doc - first) >> low) - high);
        high = (one.doc - first) >> low;
    }
    if (as.has_shapes)
        for (auto const& one : block)
            to.put_gamma(one.shape - as.first_shape);
    if (as.has_forms)
        for (auto const& one : block)
            to.put_gamma(swapped_forms(one.forms));
}

/// Appends a list. `value` says what a posting is worth, below 1.
template <class Value>
void write_list(std::vector<std::uint8_t>& out, std::span<posting const> list, std::uint32_t documents,
                std::uint32_t first_shape, Value value) {
    posting_list as{0, static_cast<std::uint32_t>(list.size()), first_shape};
    for (auto const& one : list) {
        as.has_shapes = as.has_shapes || one.shape != first_shape;
        as.has_forms = as.has_forms || one.forms != 1;
    }
    auto const flags = (as.has_shapes ? 1U : 0U) | (as.has_forms ? 2U : 0U);
    auto const most = [&](std::span<posting const> of) {
        double least = 0;
        for (auto const& one : of)
            least = std::max(least, value(one));
        return least;
    };
    if (list.size() <= block_postings) {
        out.push_back(static_cast<std::uint8_t>(steps_above(most(list), coarse_steps) << 2 | flags));
        return write_block(out, as, list, 0, documents - 1);
    }
    out.push_back(static_cast<std::uint8_t>(flags));
    auto const heads = out.size();
    out.resize(heads + 2 + as.blocks() * block_head::bytes);
    std::uint16_t all_max = 0;
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < as.blocks(); ++i) {
        auto const block = list.subspan(std::size_t{i} * block_postings);
        auto const here = block.first(std::min<std::size_t>(block_postings, block.size()));
        block_head head{here.back().doc, 0, steps_above(most(here), fine_steps)};
        all_max = std::max(all_max, static_cast<std::uint16_t>(head.value_max));
        auto const begin = out.size();
        write_block(out, as, here, first, head.last_doc);
        head.size = static_cast<std::uint32_t>(out.size() - begin);
        head.write(out.data() + heads + 2 + i * block_head::bytes);
        first = head.last_doc + 1;
    }
    std::memcpy(out.data() + heads, &all_max, 2);
}

/// The postings of a term: one list, or those of the commonest shape and the others.
struct term_postings {
    std::uint32_t count = 0; ///< of documents
    posting_list others{}, plain{};
};

/// Appends the postings of a term. `rooms` are used within.
template <class Value>
void write_term(std::vector<std::uint8_t>& out, std::span<posting const> list, std::uint32_t documents,
                std::array<std::vector<posting>, 2>& rooms, Value value) {
    auto const count = static_cast<std::uint32_t>(list.size());
    auto const is_plain = [](posting const& one) { return one.shape == plain_shape; };
    auto const plain = count <= block_postings ? 0 : std::ranges::count_if(list, is_plain);
    bool const splits = plain > 0 && plain < std::ssize(list);
    write_number(out, count << 1 | (splits ? 1U : 0U));
    if (!splits)
        return write_list(out, list, documents, plain_shape, value);
    for (auto& room : rooms)
        room.clear();
    for (auto const& one : list)
        rooms[is_plain(one) ? 1 : 0].push_back(one);
    write_number(out, static_cast<std::uint32_t>(plain));
    auto const begin = static_cast<std::ptrdiff_t>(out.size());
    write_list(out, rooms[0], documents, plain_shape + 1, value);
    std::vector<std::uint8_t> size;
    write_number(size, static_cast<std::uint32_t>(std::ssize(out) - begin));
    out.insert(out.begin() + begin, size.begin(), size.end());
    write_list(out, rooms[1], documents, plain_shape, value);
}

/// Reads how a list begins; a damaged one has no postings.
inline posting_list read_list(posting_store const& from, std::uint8_t const* at, std::uint32_t count,
                              std::uint32_t first_shape) noexcept {
    auto const* const end = from.bytes.data() + from.bytes.size() - 8;
    if (at >= end || count == 0 || count > from.documents)
        return {};
    auto const flags = *at++;
    posting_list out{0, count, first_shape, (flags & 1) != 0, (flags & 2) != 0, (flags >> 2) / double{coarse_steps}};
    if (count > block_postings) {
        if (static_cast<std::size_t>(end - at) < 2 + out.blocks() * block_head::bytes)
            return {};
        std::uint16_t most;
        std::memcpy(&most, at, 2);
        out.value_max = most / double{fine_steps};
        at += 2;
    }
    out.begin = static_cast<std::uint32_t>(at - from.bytes.data());
    return out;
}

inline std::uint32_t count_of(posting_store const& from, std::uint32_t offset) noexcept {
    if (offset > from.bytes.size() - 8)
        return 0;
    auto const* at = from.bytes.data() + offset;
    return std::min(read_number(at, from.bytes.data() + from.bytes.size() - 8) >> 1, from.documents);
}

inline term_postings read_term(posting_store const& from, std::uint32_t offset) noexcept {
    if (offset > from.bytes.size() - 8)
        return {};
    auto const *at = from.bytes.data() + offset, *end = from.bytes.data() + from.bytes.size() - 8;
    auto const first = read_number(at, end), count = first >> 1;
    if ((first & 1) == 0)
        return {std::min(count, from.documents), read_list(from, at, count, plain_shape), {}};
    auto const plain = read_number(at, end);
    if (plain >= count || count > from.documents)
        return {};
    auto const size = read_number(at, end);
    if (static_cast<std::size_t>(end - at) < size)
        return {};
    return {count, read_list(from, at, count - plain, plain_shape + 1), read_list(from, at + size, plain, plain_shape)};
}

/// Goes through a list, forwards, block by block. A damaged one ends early.
class list_cursor {
public:
    list_cursor(posting_store const& from, posting_list const& list) noexcept
        : list_{list},
          heads_{from.bytes.data() + list.begin},
          blocks_{list.blocks()},
          documents_{from.documents},
          shape_mask_{from.shapes} {
        body_ = heads_ + (blocks_ > 1 ? blocks_ * block_head::bytes : 0);
        room_ = static_cast<std::size_t>(from.bytes.data() + from.bytes.size() - 8 - body_);
        load(0);
    }

    std::uint32_t doc() const noexcept { return doc_; }
    std::uint32_t shape() noexcept { return shape_at(at_); }
    std::uint32_t forms() noexcept {
        if (!list_.has_forms)
            return 1;
        read_forms();
        return swapped_forms(forms_[at_]) & forms_mask;
    }
    double value_max() const noexcept { return list_.value_max; } ///< of the whole list
    bool is_plain() const noexcept { return !list_.has_shapes && list_.first_shape == plain_shape; }

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
        while (at_ + stride < size_ && docs_[at_ + stride] < doc)
            at_ += stride;
        while (at_ < size_ && docs_[at_] < doc)
            ++at_;
        if (at_ < size_)
            doc_ = docs_[at_];
        else
            load(block_ + 1);
    }

    /// Calls `use` with each document before `end` and its place, and moves behind them. `shape_at` knows the places
    /// meanwhile.
    template <class Use>
    void each_before(std::uint32_t end, Use use) {
        while (doc_ < end) {
            auto at = at_;
            for (; at < size_ && docs_[at] < end; ++at)
                use(docs_[at], at);
            if (at < size_) {
                at_ = at;
                doc_ = docs_[at];
                return;
            }
            load(block_ + 1);
        }
    }

    std::uint32_t shape_at(std::uint32_t place) noexcept {
        if (!list_.has_shapes)
            return list_.first_shape & shape_mask_;
        if (!shapes_read_)
            read_shapes();
        return (list_.first_shape + shapes_[place]) & shape_mask_;
    }

    /// The greatest value among documents from `from` (not before the current one) to before `end`.
    double value_within(std::uint32_t from, std::uint32_t end) const noexcept {
        if (doc_ >= end)
            return 0;
        if (blocks_ <= 1)
            return list_.value_max;
        unsigned out = 0;
        for (auto i = block_; i < blocks_; ++i) {
            auto const one = head(i);
            if (one.last_doc < from)
                continue;
            out = std::max<unsigned>(out, one.value_max);
            if (one.last_doc + 1 >= end)
                break;
        }
        return out / double{fine_steps};
    }

private:
    static constexpr std::uint32_t stride = 16;

    block_head head(std::uint32_t i) const noexcept { return block_head::read(heads_ + i * block_head::bytes); }

    /// Only forwards.
    void load(std::uint32_t block) noexcept {
        at_ = 0;
        if (block >= blocks_)
            return end();
        std::uint32_t first = 0, last = documents_ - 1;
        for (; block_ < block; ++block_) {
            auto const before = head(block_);
            offset_ += before.size;
            first = before.last_doc + 1;
        }
        if (blocks_ > 1)
            last = head(block).last_doc;
        size_ = std::min(block_postings, list_.count - block * block_postings);
        if (last >= documents_ || last < first || last - first + 1 < size_ || !read_docs(first, last))
            return end();
        shapes_read_ = forms_read_ = false;
        doc_ = docs_[0];
    }

    bool read_docs(std::uint32_t first, std::uint32_t last) noexcept {
        auto const span = last - first + 1;
        auto const low = low_bits(span, size_);
        auto const coded = size_ - (blocks_ > 1 ? 1 : 0);
        docs_[size_ - 1] = last;
        auto const highs = coded + ((span - 1) >> low); // bits, at most
        if (offset_ > room_ || room_ - offset_ < (std::uint64_t{coded} * low + highs + 7) / 8)
            return false;
        auto const begin = std::uint64_t{offset_} * 8, high_begin = begin + std::uint64_t{coded} * low;
        if (coded == 0) {
            place_ = begin;
            return true;
        }
        packed_readers[low](body_ + offset_, docs_.data(), coded);
        std::uint32_t i = 0, least = 0;
        std::uint32_t falls = 0; // its highest bit: some number is not above the one before
        constexpr unsigned chunk = 56;
        for (std::uint32_t at = 0; at < highs; at += chunk) {
            auto word = bits_at(body_, high_begin + at) & ((std::uint64_t{1} << chunk) - 1);
            for (; word != 0; word &= word - 1) {
                auto const place = at + static_cast<std::uint32_t>(std::countr_zero(word));
                auto const number = (place - i) << low | docs_[i];
                falls |= number - least;
                least = number + 1;
                docs_[i] = first + number;
                if (++i == coded) {
                    place_ = high_begin + place + 1;
                    return falls >> 31 == 0 && number < span - (size_ - coded);
                }
            }
        }
        return false;
    }

    /// Shapes and forms are read when they are asked for; damaged ones are those of the number 0.
    void read_shapes() noexcept {
        place_ = read_gammas(shapes_);
        shapes_read_ = true;
    }
    void read_forms() noexcept {
        if (list_.has_shapes && !shapes_read_)
            read_shapes();
        if (!forms_read_)
            read_gammas(forms_);
        forms_read_ = true;
    }

    std::uint64_t read_gammas(std::array<std::uint32_t, block_postings>& out) const noexcept {
        constexpr unsigned bits_max = 28;
        auto place = place_;
        for (std::uint32_t i = 0; i < size_; ++i) {
            if (place / 8 >= room_) {
                std::fill(out.begin() + i, out.end(), 0U);
                return place;
            }
            auto const word = bits_at(body_, place);
            auto const bits = static_cast<unsigned>(std::countr_zero(word | std::uint64_t{1} << bits_max));
            auto const low = word >> (bits + 1) & ((std::uint64_t{1} << bits) - 1);
            out[i] = static_cast<std::uint32_t>((std::uint64_t{1} << bits | low) - 1);
            place += 2 * bits + 1;
        }
        return place;
    }

    void end() noexcept {
        block_ = blocks_;
        doc_ = none;
        size_ = 0;
    }

    posting_list list_;
    std::uint8_t const *heads_, *body_;
    std::size_t room_;        ///< bytes from `body_` on
    std::size_t offset_ = 0;  ///< of the block, from there
    std::uint64_t place_ = 0; ///< of what is read next of the block, in bits
    std::uint32_t blocks_, documents_, shape_mask_, block_ = 0, at_ = 0, size_ = 0, doc_ = none;
    bool shapes_read_ = false, forms_read_ = false;
    std::array<std::uint32_t, block_postings> docs_, shapes_, forms_;
};

/// Goes through all postings of a term.
class cursor {
public:
    cursor(posting_store const& from, term_postings const& term) noexcept
        : others_{from, term.others}, plain_{from, term.plain} {}

    bool ended() const noexcept { return doc() == none; }
    std::uint32_t doc() const noexcept { return std::min(others_.doc(), plain_.doc()); }
    std::uint32_t shape() noexcept { return first().shape(); }
    std::uint32_t forms() noexcept { return first().forms(); }
    void advance() noexcept { first().advance(); }
    void seek(std::uint32_t doc) noexcept {
        others_.seek(doc);
        plain_.seek(doc);
    }

private:
    list_cursor& first() noexcept { return plain_.doc() < others_.doc() ? plain_ : others_; }
    list_cursor others_, plain_;
};

} // namespace guichet::inline v0::search::detail
