#pragma once
#include <guichet/search/document.hpp>
#include <guichet/search/impl/postings.ipp>

#include <memory>
#include <numeric>
#include <unordered_map>

namespace guichet::inline v0::search::detail {

/// How often a term stands in each field of a document.
using tally = std::array<std::uint16_t, fields>;

struct tally_hash {
    std::size_t operator()(tally const& t) const noexcept {
        return std::hash<std::string_view>{}({reinterpret_cast<char const*>(t.data()), sizeof t});
    }
};

/// The lengths of a document's fields, each in a byte.
using lengths = std::array<std::uint8_t, fields>;
using length_sums = std::array<std::uint64_t, fields>;

inline void add(length_sums& to, lengths const& of) noexcept {
    for (std::size_t f = 0; f < fields; ++f)
        to[f] += length_of(of[f]);
}

/// What a segment keeps of a document beside its postings.
struct record {
    std::string id;
    std::shared_ptr<document const> text; ///< null where texts are not kept
    std::uint32_t audience = 0;           ///< the number of its set of keys, in the index
    std::uint16_t kind = 0;               ///< the number of its kind, in the index
    text::tongue language = text::tongue::neutral;
    lengths sizes{};
};

/// Documents, sealed: never changed again. Documents are numbered from 0.
struct segment {
    dictionary terms, surfaces;
    std::vector<std::uint32_t> surface_terms; ///< the term of each surface
    std::vector<term_entry> entries;          ///< by term
    std::vector<std::uint8_t> postings;       ///< with eight bytes behind, so that reading may run over
    std::vector<tally> shapes;                ///< the commonest first
    std::vector<std::uint64_t> shape_counts;
    std::vector<record> records;
    std::vector<lengths> sizes; ///< once more, close together
    length_sums sums{};         ///< of all documents; `strength_max` was computed with them

    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(records.size()); }
    cursor postings_of(std::uint32_t term) const noexcept { return {postings.data(), entries[term]}; }
    std::size_t bytes() const noexcept {
        std::size_t out = terms.bytes() + surfaces.bytes() + surface_terms.size() * 4 + postings.size() +
                          entries.size() * sizeof(term_entry) + sizes.size() * sizeof(lengths);
        for (auto const& one : records)
            out += sizeof one + (one.id.size() > 15 ? one.id.size() : 0);
        return out;
    }
};

/// By field, what one occurrence in a field of this length is worth: `weight / (1 - b + b * length / average)`, the
/// pseudo-frequency of BM25F (Robertson, Zaragoza, Taylor 2004).
class field_worth {
public:
    field_worth(ranking const& r, length_sums const& sums, double documents) {
        for (std::size_t f = 0; f < fields; ++f) {
            averages_[f] = documents > 0 ? static_cast<double>(sums[f]) / documents : 0;
            for (std::size_t byte = 0; byte < 256; ++byte) {
                auto const length = length_of(static_cast<std::uint8_t>(byte));
                worth_[f][byte] =
                    averages_[f] > 0 ? r.weight[f] / (1 - r.b[f] + r.b[f] * length / averages_[f]) : r.weight[f];
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

private:
    std::array<double, fields> averages_{};
    std::array<std::array<double, 256>, fields> worth_{};
};

/// Writes the postings of a segment, term after term in their order.
class segment_writer {
public:
    segment_writer(segment& into, ranking const& r)
        : into_{into}, worth_{r, into.sums, static_cast<double>(into.size())} {}

    void add(std::string_view term, std::span<posting const> list) {
        into_.terms.append(term);
        auto& out = into_.postings;
        term_entry entry{static_cast<std::uint32_t>(out.size()), static_cast<std::uint32_t>(list.size()), 0};
        auto const blocks = entry.blocks();
        if (blocks > 1)
            out.resize(out.size() + blocks * sizeof(block_head));
        auto const body = out.size();
        auto before = none;
        for (std::uint32_t i = 0; i < blocks; ++i) {
            auto const block = list.subspan(i * block_postings, std::min<std::size_t>(block_postings,
                                                                    list.size() - i * block_postings));
            block_head const head{block.back().doc, static_cast<std::uint32_t>(out.size() - body), strength(block)};
            entry.strength_max = std::max(entry.strength_max, head.strength_max);
            if (blocks > 1)
                std::memcpy(out.data() + entry.offset + i * sizeof head, &head, sizeof head);
            write_block(out, block, before);
            before = head.last_doc;
        }
        into_.entries.push_back(entry);
    }

    void finish() {
        into_.postings.resize(into_.postings.size() + 8);
        into_.postings.shrink_to_fit();
        into_.terms.shrink();
        into_.surfaces.shrink();
    }

private:
    /// Rounded up, so that it bounds.
    float strength(std::span<posting const> block) const noexcept {
        double out = 0;
        for (auto const& one : block)
            out = std::max(out, worth_.strength(into_.shapes[one.shape], into_.sizes[one.doc]));
        return std::nextafter(static_cast<float>(out), std::numeric_limits<float>::infinity());
    }

    segment& into_;
    field_worth worth_;
};

/// The shapes of a segment, the commonest first, and for each old number the new one.
inline std::vector<std::uint32_t> order_shapes(segment& into) {
    std::vector<std::uint32_t> order(into.shapes.size()), places(into.shapes.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](auto a, auto b) {
        return into.shape_counts[a] != into.shape_counts[b] ? into.shape_counts[a] > into.shape_counts[b]
                                                            : into.shapes[a] < into.shapes[b];
    });
    std::vector<tally> shapes;
    std::vector<std::uint64_t> counts;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        places[order[i]] = i;
        shapes.push_back(into.shapes[order[i]]);
        counts.push_back(into.shape_counts[order[i]]);
    }
    into.shapes = std::move(shapes);
    into.shape_counts = std::move(counts);
    return places;
}

inline void set_sizes(segment& into) {
    into.sums = {};
    for (auto const& one : into.records) {
        into.sizes.push_back(one.sizes);
        add(into.sums, one.sizes);
    }
}

/// Collects documents and makes a segment of them.
class segment_builder {
public:
    explicit segment_builder(ranking const& r) : ranking_{r}, made_{std::make_shared<segment>()} {}

    /// Documents stand in the segment in the order in which they come.
    void add(document const& of, record about, text::analysers& with) {
        auto const doc = made_->size();
        auto& analyser = with.of(of.language);
        for (std::size_t f = 0; f < fields; ++f)
            if (!of.texts[f].empty())
                about.sizes[f] = length_byte(add_field(analyser.analyse(of.texts[f]), f));
        made_->records.push_back(std::move(about));
        for (auto const term : touched_) {
            auto& t = terms_[term];
            auto const node = static_cast<std::uint32_t>(nodes_.size());
            nodes_.push_back({{doc, shape_of(t.now)}, none});
            (t.last == none ? t.first : nodes_[t.last].next) = node;
            t.last = node;
            ++t.count;
            t.now = {};
            t.touched = false;
        }
        touched_.clear();
    }

    std::shared_ptr<segment const> finish() {
        set_sizes(*made_);
        auto const places = order_shapes(*made_);
        segment_writer write{*made_, ranking_};
        auto const sorted = in_order(numbers_);
        std::vector<std::uint32_t> new_numbers(terms_.size());
        std::vector<posting> list;
        for (std::uint32_t i = 0; i < sorted.size(); ++i) {
            auto const& [text, number] = *sorted[i];
            new_numbers[number] = i;
            list.clear();
            for (auto node = terms_[number].first; node != none; node = nodes_[node].next)
                list.push_back({nodes_[node].at.doc, places[nodes_[node].at.shape]});
            write.add(text, list);
        }
        for (auto const* one : in_order(surfaces_)) {
            made_->surfaces.append(one->first);
            made_->surface_terms.push_back(new_numbers[one->second]);
        }
        write.finish();
        return made_;
    }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view t) const noexcept { return std::hash<std::string_view>{}(t); }
    };
    using numbers = std::unordered_map<std::string, std::uint32_t, hash, std::equal_to<>>;
    struct node {
        posting at;
        std::uint32_t next;
    };
    struct growing {
        std::uint32_t first = none, last = none, count = 0;
        tally now{};
        bool touched = false;
    };

    static std::vector<numbers::value_type const*> in_order(numbers const& of) {
        std::vector<numbers::value_type const*> out;
        out.reserve(of.size());
        for (auto const& one : of)
            out.push_back(&one);
        std::ranges::sort(out, {}, [](auto const* one) -> std::string const& { return one->first; });
        return out;
    }

    /// Answers how many words the field has.
    std::uint32_t add_field(std::span<text::token const> tokens, std::size_t f) {
        std::uint32_t words = 0;
        for (auto const& one : tokens) {
            auto const term = number(one.term);
            auto& t = terms_[term];
            if (!t.touched)
                touched_.push_back(term), t.touched = true;
            if (t.now[f] < std::numeric_limits<std::uint16_t>::max())
                ++t.now[f];
            if (one.kind == text::token_kind::gram)
                continue;
            ++words;
            if (surfaces_.find(one.surface) == surfaces_.end())
                surfaces_.emplace(one.surface, term);
        }
        return words;
    }

    std::uint32_t number(std::string_view term) {
        auto const at = numbers_.find(term);
        if (at != numbers_.end())
            return at->second;
        terms_.emplace_back();
        return numbers_.emplace(term, static_cast<std::uint32_t>(terms_.size() - 1)).first->second;
    }

    std::uint32_t shape_of(tally const& t) {
        auto const [at, fresh] = shapes_.try_emplace(t, static_cast<std::uint32_t>(made_->shapes.size()));
        if (fresh) {
            made_->shapes.push_back(t);
            made_->shape_counts.push_back(0);
        }
        ++made_->shape_counts[at->second];
        return at->second;
    }

    ranking const& ranking_;
    std::shared_ptr<segment> made_;
    numbers numbers_, surfaces_;
    std::vector<growing> terms_;
    std::vector<node> nodes_;
    std::vector<std::uint32_t> touched_;
    std::unordered_map<tally, std::uint32_t, tally_hash> shapes_;
};

/// Which documents of a segment are gone.
using bits = std::vector<std::uint64_t>;
inline bool has(bits const& b, std::uint32_t i) noexcept { return b[i / 64] >> i % 64 & 1; }
inline void set(bits& b, std::uint32_t i) noexcept { b[i / 64] |= std::uint64_t{1} << i % 64; }

/// One of the segments that are merged.
struct merge_source {
    segment const* from = nullptr;
    bits const* dead = nullptr;            ///< null: none
    std::vector<std::uint32_t> documents{}; ///< the new number of each, or `none`
    std::vector<std::uint32_t> shapes{};
    std::uint32_t term = 0, surface = 0; ///< where the merge stands
};

/// Segments as one, without what is gone; documents keep their order.
class segment_merger {
public:
    segment_merger(std::vector<merge_source> sources, ranking const& r)
        : sources_{std::move(sources)}, ranking_{r}, made_{std::make_shared<segment>()} {}

    std::shared_ptr<segment const> run() {
        for (auto& one : sources_)
            take_documents(one);
        set_sizes(*made_);
        auto const places = order_shapes(*made_);
        for (auto& one : sources_)
            for (auto& shape : one.shapes)
                shape = places[shape];
        segment_writer write{*made_, ranking_};
        merge_terms(write);
        merge_surfaces();
        write.finish();
        return made_;
    }

private:
    void take_documents(merge_source& one) {
        for (std::uint32_t doc = 0; doc < one.from->size(); ++doc) {
            bool const gone = one.dead && has(*one.dead, doc);
            one.documents.push_back(gone ? none : made_->size());
            if (!gone)
                made_->records.push_back(one.from->records[doc]);
        }
        for (std::size_t i = 0; i < one.from->shapes.size(); ++i) {
            auto const [at, fresh] =
                shapes_.try_emplace(one.from->shapes[i], static_cast<std::uint32_t>(made_->shapes.size()));
            if (fresh) {
                made_->shapes.push_back(one.from->shapes[i]);
                made_->shape_counts.push_back(0);
            }
            made_->shape_counts[at->second] += one.from->shape_counts[i];
            one.shapes.push_back(at->second);
        }
    }

    /// Calls `use` with each string of the dictionaries that `of` gives, in order, and with who has it.
    template <class Of, class At, class Use>
    void in_order(Of of, At at, Use use) {
        for (;;) {
            merge_source* first = nullptr;
            for (auto& one : sources_)
                if (at(one) < of(one).size() && (!first || of(one)[at(one)] < of(*first)[at(*first)]))
                    first = &one;
            if (!first)
                return;
            auto const text = of(*first)[at(*first)];
            std::vector<merge_source*>& all = having_;
            all.clear();
            for (auto& one : sources_)
                if (at(one) < of(one).size() && of(one)[at(one)] == text)
                    all.push_back(&one);
            use(text, all);
            for (auto* one : all)
                ++at(*one);
        }
    }

    void merge_terms(segment_writer& write) {
        std::vector<posting> list;
        in_order([](merge_source& s) -> dictionary const& { return s.from->terms; },
                 [](merge_source& s) -> std::uint32_t& { return s.term; },
                 [&](std::string_view text, std::vector<merge_source*> const& all) {
                     list.clear();
                     for (auto const* one : all)
                         for (auto c = one->from->postings_of(one->term); !c.ended(); c.advance())
                             if (auto const doc = one->documents[c.doc()]; doc != none)
                                 list.push_back({doc, one->shapes[c.shape()]});
                     if (!list.empty())
                         write.add(text, list);
                 });
    }

    void merge_surfaces() {
        in_order([](merge_source& s) -> dictionary const& { return s.from->surfaces; },
                 [](merge_source& s) -> std::uint32_t& { return s.surface; },
                 [&](std::string_view text, std::vector<merge_source*> const& all) {
                     for (auto const* one : all) {
                         auto const term =
                             made_->terms.find(one->from->terms[one->from->surface_terms[one->surface]]);
                         if (term == none)
                             continue;
                         made_->surfaces.append(text);
                         made_->surface_terms.push_back(term);
                         return;
                     }
                 });
    }

    std::vector<merge_source> sources_;
    std::vector<merge_source*> having_;
    ranking const& ranking_;
    std::shared_ptr<segment> made_;
    std::unordered_map<tally, std::uint32_t, tally_hash> shapes_;
};

} // namespace guichet::inline v0::search::detail
