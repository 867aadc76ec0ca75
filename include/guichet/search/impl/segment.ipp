#pragma once
#include <guichet/base/error.hpp>
#include <guichet/search/document.hpp>
#include <guichet/search/impl/postings.ipp>
#include <guichet/search/impl/word_trie.ipp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace guichet::inline v0::search::detail {

static_assert(std::endian::native == std::endian::little, "segments are read as they are written");

/// How often a term stands in each field of a document.
using tally = std::array<std::uint16_t, fields>;

/// The lengths of a document's fields, each in a byte.
using lengths = std::array<std::uint8_t, fields>;

/// How long a field is in the documents that have it; those without it say nothing about what is long.
struct field_length {
    std::uint64_t words = 0, documents = 0;

    double average() const noexcept {
        return documents > 0 ? static_cast<double>(words) / static_cast<double>(documents) : 0;
    }
    void add(std::uint8_t length) noexcept {
        words += length_of(length);
        documents += length > 0;
    }
    void take_away(std::uint8_t length) noexcept {
        words -= length_of(length);
        documents -= length > 0;
    }
    field_length& operator+=(field_length const& more) noexcept {
        words += more.words;
        documents += more.documents;
        return *this;
    }
};
using length_sums = std::array<field_length, fields>;

inline void add(length_sums& to, lengths const& of) noexcept {
    for (std::size_t f = 0; f < fields; ++f)
        to[f].add(of[f]);
}

/// What is known of a document beside its words.
struct prior {
    std::uint16_t day = 0; ///< since 1970; 0: unknown
    std::uint8_t used = 0; ///< as a length
    std::uint8_t unused = 0;
    friend bool operator==(prior const&, prior const&) = default;
};

inline std::int64_t days_of(instant at) noexcept {
    return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count();
}

/// Numbers as bits.
using bits = std::vector<std::uint64_t>;
inline bool has(bits const& b, std::uint32_t i) noexcept { return b[i / 64] >> i % 64 & 1; }
inline void set(bits& b, std::uint32_t i) noexcept { b[i / 64] |= std::uint64_t{1} << i % 64; }

/// Who may see a document, and what it is: few of a segment differ.
struct label {
    std::string kind;
    std::vector<std::string> audience; ///< in order
    auto operator<=>(label const&) const = default;
};

inline constexpr char attribute_mark = '\x02'; ///< begins the terms of attributes, so that they are nobody's words
inline constexpr std::string_view digits = "0123456789abcdef";

inline std::string attribute_prefix(std::string_view name) {
    return attribute_mark + std::string{name.substr(0, attribute_bytes_max)} + '\0';
}

/// A digest of bytes that any change of one word changes for certain: each step is a bijection of the word read. It
/// guards against damage, not against intent. Some 8 GB/s.
inline std::uint64_t checksum_of(std::span<std::uint8_t const> bytes) noexcept {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::array<std::uint64_t, 4> lanes{1, 2, 3, 4};
    auto const mix = [](std::uint64_t lane, std::uint64_t word) {
        lane = (lane ^ word) * odd;
        return lane ^ lane >> 29;
    };
    std::size_t at = 0;
    for (; at + 32 <= bytes.size(); at += 32)
        for (std::size_t i = 0; i < 4; ++i) {
            std::uint64_t word;
            std::memcpy(&word, bytes.data() + at + i * 8, 8);
            lanes[i] = mix(lanes[i], word);
        }
    for (; at < bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
        lanes[0] = mix(lanes[0], word);
    }
    auto out = static_cast<std::uint64_t>(bytes.size());
    for (auto const lane : lanes)
        out = mix(out, lane);
    return out;
}

/// The term that stands for an attribute. Too long values differ by a digest.
inline std::string attribute_term(std::string_view name, std::string_view value) {
    auto out = attribute_prefix(name) + std::string{value.substr(0, attribute_bytes_max)};
    if (value.size() > attribute_bytes_max) {
        auto const sum = checksum_of({reinterpret_cast<std::uint8_t const*>(value.data()), value.size()});
        for (int shift = 60; shift >= 0; shift -= 4)
            out += digits[sum >> shift & 15];
    }
    return out;
}

inline constexpr std::size_t simple_counts = 8; ///< counts below are simple

/// A shape of one field alone that has the term only a few times, as a number: most are so. Otherwise 0.
inline std::uint8_t simple_shape(tally const& t) noexcept {
    std::size_t out = 0;
    for (std::size_t f = 0; f < fields; ++f)
        if (t[f] != 0) {
            if (out != 0 || t[f] >= simple_counts)
                return 0;
            out = f * simple_counts + t[f];
        }
    return static_cast<std::uint8_t>(out);
}

inline std::size_t field_of(std::uint8_t simple) noexcept { return simple / simple_counts; }

/// Where the parts of a segment stand in its bytes.
enum class section : std::uint8_t {
    term_heads,
    term_bytes,
    place_heads,
    place_sizes,
    surface_heads,
    surface_bytes,
    postings,
    shapes,
    sizes,
    label_of,
    labels,
    id_heads,
    id_bytes,
    id_order,
    priors ///< nothing where no document has any
};
inline constexpr std::size_t sections = 15;

/// How the bytes of a segment begin.
struct segment_head {
    std::uint64_t magic = 0, checksum = 0, bytes = 0, made_with = 0;
    std::uint32_t documents = 0, terms = 0, surfaces = 0, shapes = 0;
    length_sums sums{};                              ///< of a field that has none no lengths are written
    std::array<std::uint64_t, sections + 1> begin{}; ///< of each section; the last is the end
};
inline constexpr std::uint64_t segment_magic = 0x3530474553434755; // UGCSEG05

/// A dictionary of words as they are written, folded.
struct surface_list {
    dictionary const& words;
    bool are_terms; ///< each is its own term, or no surface

    /// The number of the surface's term, and then its form there (`form_bits`); `none` where no surface stands.
    std::uint32_t at(dictionary::walker const& place) const noexcept {
        if (!are_terms)
            return place.value();
        return place.value() == 0 ? none : place.number() << form_bits | ((place.value() - 1) & form_mask);
    }
};

/// Documents, sealed: never changed again. Documents are numbered from 0. All stands in one row of bytes, as it is
/// written to a store and read from it.
struct segment {
    std::vector<std::uint8_t> bytes_held;
    dictionary terms; ///< of value 0, or 1 more than the form that is written as the term itself
    dictionary other_surfaces;
    place_list places; ///< by term: where its postings begin
    posting_store postings;
    std::span<tally const> shapes;                   ///< the commonest first, filled up to a power of two
    std::vector<std::uint8_t> simple;                ///< by shape: what `simple_shape` says of it
    std::array<std::uint8_t const*, fields> sizes{}; ///< by field and document; null where a field has none
    std::span<prior const> priors;                   ///< by document, or none
    std::vector<label> labels;
    length_sums sums{}; ///< of all documents; bounds were computed with them
    std::uint64_t name = 0;
    std::vector<std::shared_ptr<document const>> texts; ///< by document; empty where they are not kept

    std::uint32_t size() const noexcept { return postings.documents; }
    prior prior_of(std::uint32_t doc) const noexcept { return priors.empty() ? prior{} : priors[doc]; }
    term_postings term(std::uint32_t number) const noexcept { return read_term(postings, places[number]); }
    cursor postings_of(std::uint32_t number) const noexcept { return {postings, term(number)}; }
    std::uint32_t count_of(std::uint32_t number) const noexcept { return detail::count_of(postings, places[number]); }
    std::uint32_t term_of(std::uint32_t surface) const noexcept {
        return std::min(surface >> form_bits, terms.size() - 1);
    }
    std::size_t bytes() const noexcept { return bytes_held.size(); }

    /// All surfaces: those that are written as their terms, and the others.
    std::array<surface_list, 2> surfaces() const noexcept { return {{{terms, true}, {other_surfaces, false}}}; }

    /// All of them in one trie, gathered in memory when it is first asked for: some 80 ns each. From any thread.
    word_trie const& words() const {
        std::call_once(words_asked_, [this] { gather_words(); });
        return words_;
    }

    std::uint8_t size_of(std::size_t f, std::uint32_t doc) const noexcept {
        return sizes[f] ? sizes[f][doc] : std::uint8_t{0};
    }
    lengths sizes_of(std::uint32_t doc) const noexcept {
        lengths out;
        for (std::size_t f = 0; f < fields; ++f)
            out[f] = size_of(f, doc);
        return out;
    }
    std::uint32_t label_of(std::uint32_t doc) const noexcept { return label_numbers[doc]; }
    std::string id_of(std::uint32_t doc) const { return ids[doc]; }

    /// The document of an id, or `none`.
    std::uint32_t find(std::string_view id) const {
        std::uint32_t low = 0;
        for (auto high = size(); low < high;) {
            auto const middle = low + (high - low) / 2;
            dictionary::walker const at{ids, id_order[middle]};
            if (at.text() == id)
                return at.number();
            if (at.text() < id)
                low = middle + 1;
            else
                high = middle;
        }
        return none;
    }
    document const* text_of(std::uint32_t doc) const noexcept { return texts.empty() ? nullptr : texts[doc].get(); }

    dictionary ids;          ///< by document
    packed_numbers id_order; ///< documents in the order of their ids
    packed_numbers label_numbers;

private:
    void gather_words() const {
        auto const lists = surfaces();
        std::array<dictionary::walker, 2> next{dictionary::walker{lists[0].words}, dictionary::walker{lists[1].words}};
        word_trie::writer out;
        while (!next[0].ended() || !next[1].ended()) {
            bool const second = next[0].ended() || (!next[1].ended() && next[1].text() < next[0].text());
            auto const i = second ? 1U : 0U;
            if (auto const surface = lists[i].at(next[i]); surface != none)
                out.add(next[i].text(), surface);
            next[i].next();
        }
        words_ = std::move(out).finish();
    }

    mutable std::once_flag words_asked_;
    mutable word_trie words_;
};

/// Lays a segment over bytes and asks of them whatever reading relies on. Linear in the number of documents and terms;
/// texts and postings are not looked at beyond the checksum: reading them is safe whatever they are.
class segment_reader {
public:
    explicit segment_reader(std::vector<std::uint8_t> bytes) : out_{std::make_shared<segment>()} {
        out_->bytes_held = std::move(bytes);
    }

    /// Bytes that were just made are not asked. Their words are gathered here, so that no query waits for it; of bytes
    /// from a store by the first who needs them.
    std::shared_ptr<segment> lay() {
        std::memcpy(&head_, all().data(), sizeof head_);
        spread();
        out_->words();
        return out_;
    }

    result<std::shared_ptr<segment>> read(std::uint64_t made_with) {
        if (auto const* problem = wrong(made_with))
            return error{reason::store_corrupt, {{"problem", problem}}};
        return out_;
    }

private:
    std::span<std::uint8_t const> all() const noexcept { return out_->bytes_held; }

    template <class T>
    std::span<T const> at(section s) const noexcept {
        auto const i = static_cast<std::size_t>(s);
        return {reinterpret_cast<T const*>(all().data() + head_.begin[i]),
                (head_.begin[i + 1] - head_.begin[i]) / sizeof(T)};
    }

    char const* wrong(std::uint64_t made_with) {
        if (all().size() < sizeof head_)
            return "a segment of the search index is cut";
        std::memcpy(&head_, all().data(), sizeof head_);
        if (head_.magic != segment_magic || head_.bytes != all().size())
            return "a segment of the search index is cut or none";
        if (checksum_of(all().subspan(16)) != head_.checksum)
            return "a segment of the search index was altered";
        if (head_.made_with != made_with)
            return "a segment of the search index was made with other constants";
        if (!has_order() || !spread_is_sound())
            return "a segment of the search index contradicts itself";
        return nullptr;
    }

    bool has_order() const noexcept {
        if (head_.begin[0] != sizeof head_ || head_.begin[sections] != all().size())
            return false;
        for (std::size_t i = 0; i < sections; ++i)
            if (head_.begin[i] > head_.begin[i + 1] || head_.begin[i] % 8 != 0)
                return false;
        return true;
    }

    void spread() {
        auto& o = *out_;
        o.name = head_.checksum;
        o.sums = head_.sums;
        o.terms = {head_.terms, at<std::uint32_t>(section::term_heads).first(heads_of(head_.terms)),
                   at<std::uint8_t>(section::term_bytes)};
        o.other_surfaces = {head_.surfaces, at<std::uint32_t>(section::surface_heads).first(heads_of(head_.surfaces)),
                            at<std::uint8_t>(section::surface_bytes)};
        o.places = {at<place_list::head>(section::place_heads).first(place_heads_of(head_.terms)),
                    at<std::uint8_t>(section::place_sizes)};
        o.postings = {at<std::uint8_t>(section::postings), head_.documents, head_.shapes - 1};
        o.shapes = at<tally>(section::shapes).first(head_.shapes);
        o.simple.resize(o.shapes.size());
        std::ranges::transform(o.shapes, o.simple.begin(), simple_shape);
        auto const* sizes = at<std::uint8_t>(section::sizes).data();
        for (std::size_t f = 0; f < fields; ++f)
            if (o.sums[f].documents > 0)
                o.sizes[f] = std::exchange(sizes, sizes + head_.documents);
        auto const priors = at<prior>(section::priors);
        o.priors = priors.empty() ? priors : priors.first(head_.documents);
        o.ids = {head_.documents, at<std::uint32_t>(section::id_heads).first(heads_of(head_.documents)),
                 at<std::uint8_t>(section::id_bytes), true};
        o.id_order = {at<std::uint8_t>(section::id_order).data(), width_below(head_.documents)};
        read_labels();
        o.label_numbers = {at<std::uint8_t>(section::label_of).data(), width_below(o.labels.size())};
    }

    static std::uint32_t heads_of(std::uint32_t strings) noexcept { return (strings + bundle - 1) / bundle; }
    static std::uint32_t place_heads_of(std::uint32_t terms) noexcept {
        return (terms + place_list::bundle - 1) / place_list::bundle;
    }

    void read_labels() {
        auto const bytes = at<std::uint8_t>(section::labels);
        auto const *from = bytes.data(), *end = from + bytes.size();
        auto const text = [&] {
            auto const size = std::min<std::size_t>(read_number(from, end), static_cast<std::size_t>(end - from));
            std::string out{reinterpret_cast<char const*>(from), size};
            from += size;
            return out;
        };
        auto const count = std::min<std::size_t>(read_number(from, end), bytes.size());
        for (std::size_t i = 0; i < count; ++i) {
            label one{text(), {}};
            auto const keys = std::min<std::size_t>(read_number(from, end), bytes.size());
            for (std::size_t k = 0; k < keys; ++k)
                one.audience.push_back(text());
            std::ranges::sort(one.audience);
            out_->labels.push_back(std::move(one));
        }
    }

    bool spread_is_sound() {
        auto const holds = [&](section s, std::uint64_t count, std::uint64_t each) {
            auto const i = static_cast<std::size_t>(s);
            return head_.begin[i + 1] - head_.begin[i] >= count * each;
        };
        auto const& h = head_;
        auto const has_it = [](field_length const& one) { return one.documents > 0; };
        if (h.documents > segment_documents_max || h.terms >> (32 - form_bits) != 0 || !std::has_single_bit(h.shapes) ||
            !holds(section::term_heads, heads_of(h.terms), 4) ||
            !holds(section::place_heads, place_heads_of(h.terms), sizeof(place_list::head)) ||
            (h.terms == 0 && h.surfaces > 0) || !holds(section::surface_heads, heads_of(h.surfaces), 4) ||
            !holds(section::postings, 8, 1) || !holds(section::shapes, h.shapes, sizeof(tally)) ||
            !holds(section::sizes, h.documents, static_cast<std::size_t>(std::ranges::count_if(h.sums, has_it))) ||
            !holds(section::id_heads, heads_of(h.documents), 4) ||
            !holds(section::id_order, 1, packed_bytes(h.documents, width_below(h.documents))) || !priors_are_sound())
            return false;
        spread();
        auto const& o = *out_;
        return holds(section::label_of, 1, packed_bytes(h.documents, width_below(o.labels.size()))) &&
               documents_are_sound() && o.ids.is_sound() && o.terms.is_sound() && o.other_surfaces.is_sound() &&
               o.places.is_sound();
    }

    bool priors_are_sound() const noexcept {
        auto const size = at<prior>(section::priors).size();
        return size == 0 || size >= head_.documents;
    }

    bool documents_are_sound() const noexcept {
        for (std::uint32_t doc = 0; doc < out_->size(); ++doc)
            if (out_->id_order[doc] >= out_->size() || out_->label_of(doc) >= out_->labels.size())
                return false;
        return true;
    }

    std::shared_ptr<segment> out_;
    segment_head head_{};
};

/// By field, what one occurrence in a field of this length is worth: `weight / (1 - b + b * length / average)`, the
/// pseudo-frequency of BM25F (Robertson, Zaragoza, Taylor 2004); and what a term is worth by it.
class field_worth {
public:
    field_worth(ranking const& r, length_sums const& sums) : ranking_{r} {
        for (std::size_t f = 0; f < fields; ++f) {
            averages_[f] = sums[f].average();
            for (std::size_t byte = 0; byte < 256; ++byte) {
                auto const length = length_of(static_cast<std::uint8_t>(byte));
                auto const share = averages_[f] > 0 ? 1 / (1 - r.b[f] + r.b[f] * length / averages_[f]) : 1;
                worth_[f][byte] = r.weight[f] * share;
                if (f == 0)
                    title_[byte] = share;
            }
        }
    }
    double operator()(std::size_t f, std::uint8_t length) const noexcept { return worth_[f][length]; }
    double average(std::size_t f) const noexcept { return averages_[f]; }

    /// The strength of a term in a document: its weighted frequency.
    double strength(tally const& t, lengths const& l) const noexcept {
        double out = 0;
        for (std::size_t f = 0; f < fields; ++f)
            if (t[f])
                out += t[f] * worth_[f][l[f]];
        return out;
    }

    /// Its strength in the title alone, without the weight.
    double in_title(tally const& t, lengths const& l) const noexcept { return t[0] * title_[l[0]]; }

    /// From 0 to 1: how much a document is about a term.
    double value(tally const& t, lengths const& l) const noexcept {
        auto const all = strength(t, l);
        auto out = all / (ranking_.k1 + all);
        if (t[0]) {
            auto const title = in_title(t, l);
            out += ranking_.title * title / (ranking_.k_title + title);
        }
        return out / (1 + ranking_.title);
    }

    /// That of a shape which is a `simple_shape`, not 0, where the shape's field has this length.
    double value_of(std::uint8_t simple, std::uint8_t length) const noexcept {
        tally t{};
        lengths l{};
        t[field_of(simple)] = simple % simple_counts;
        l[field_of(simple)] = length;
        return value(t, l);
    }

    /// The same for one field alone.
    double value_in(std::size_t f, tally const& t, lengths const& l) const noexcept {
        auto const here = t[f] * worth_[f][l[f]];
        return here / (ranking_.k1 + here) / (1 + ranking_.title);
    }

private:
    ranking ranking_;
    std::array<double, fields> averages_{};
    std::array<std::array<double, 256>, fields> worth_{};
    std::array<double, 256> title_{};
};

/// The values of simple shapes, by the length of their field: computed when first asked for, then looked up. Belongs to
/// one query.
class simple_values {
public:
    explicit simple_values(field_worth const& worth) : worth_{worth} {}

    /// Those of one shape.
    class row {
    public:
        row(field_worth const& worth, std::uint8_t simple) : worth_{worth}, simple_{simple} { values_.fill(unknown); }

        double operator[](std::uint8_t length) noexcept {
            auto& out = values_[length];
            if (out == unknown)
                out = worth_.value_of(simple_, length);
            return out;
        }

    private:
        static constexpr double unknown = -1;
        field_worth const& worth_;
        std::uint8_t simple_;
        std::array<double, 256> values_;
    };

    /// `simple` is a `simple_shape`, not 0.
    row& operator[](std::uint8_t simple) {
        auto& out = rows_[simple];
        if (!out)
            out = std::make_unique<row>(worth_, simple);
        return *out;
    }

private:
    field_worth const& worth_;
    std::array<std::unique_ptr<row>, fields * simple_counts> rows_;
};

} // namespace guichet::inline v0::search::detail
