#pragma once
#include <guichet/base/error.hpp>
#include <guichet/search/document.hpp>
#include <guichet/search/filter.hpp>
#include <guichet/search/query.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search {

/// What is looked for, and for whom. Views, valid during the call.
struct request {
    std::string_view text; ///< as typed; see `parse_query`
    viewer const& who;
    text::tongue language = text::tongue::neutral; ///< of the text
    std::size_t top = 10;                          ///< how many are wanted
    filter where{};                                ///< by attributes; changes no score
    /// Asked last of a document that would be in the answer or be counted; with `where`, for what no attribute says.
    std::function<bool(std::string_view id)> accepts{};
    std::optional<instant> now{}; ///< none: the age of documents does not count
    bool as_you_type = false;     ///< the last word may be but a beginning
    bool fuzzy = true;            ///< unknown and rare words also find what is written alike
    bool plain = false;           ///< quotes, minus signs and names of fields are text
    bool prunes = true;           ///< off: every document is scored, for the same answer
};

struct hit {
    std::string id, kind;
    double score = 0;
};

struct answer {
    std::vector<hit> hits;    ///< the best first; equal scores by id
    std::string did_you_mean; ///< what was typed with its unknown words corrected; empty: nothing to correct
};

/// What one field says of a term in a document.
struct field_seen {
    field in{};
    std::uint32_t count = 0, length = 0;
    double average = 0, strength = 0; ///< `strength`: count * weight / (1 - b + b * length / average)
};

/// One term's share of a score: `weight * idf * value`, rounded to 2^-20, where `value` is
/// `(strength / (k1 + strength) + title * in_title / (k_title + in_title)) / (1 + title)` with the constants of
/// `ranking`; of a term that is asked of one field alone, without the part of the title. Where an identifier is all
/// that was typed, `whole` is added: more than all its parts can give.
struct share {
    std::string term;                        ///< as the index has it; a 4-gram without its mark
    std::string typed;                       ///< the word that asked for it
    std::uint32_t documents = 0, having = 0; ///< of those that the viewer sees
    double idf = 0, weight = 0, strength = 0, in_title = 0, value = 0, whole = 0, score = 0;
    std::vector<field_seen> seen;
};

/// Why a document has its score: the scores of the shares add up to `text` exactly, and `text * (1 + fresh + helpful)`,
/// rounded to 2^-20, is the score. `fresh` is `ranking::fresh / 2^(days / fresh_days)` with the whole days since
/// `document::changed`, `helpful` is `ranking::helpful * used / (used + helpful_half)`.
struct explanation {
    double score = 0, text = 0, fresh = 0, helpful = 0;
    std::vector<share> shares;
};

/// How many documents a viewer can find, and what the index weighs.
struct index_size {
    std::size_t documents = 0, segments = 0, bytes = 0, terms = 0;
};

/// How many documents have each value of an attribute.
struct facet {
    struct count {
        std::string value;
        std::size_t documents = 0;
        friend bool operator==(count const&, count const&) = default;
    };
    std::string name;
    std::vector<count> values{}; ///< the commonest first, then by value
    friend bool operator==(facet const&, facet const&) = default;
};

/// A segment as bytes.
struct piece {
    std::uint64_t name = 0; ///< bytes of one name are the same: they need not be written again
    std::shared_ptr<std::vector<std::uint8_t> const> bytes{};
    std::vector<std::uint8_t> gone{}; ///< which documents are gone; changes while the name stays
};

/// A request that was read once on a snapshot, to be asked under several filters and explained: with a long text,
/// looking its words up costs more than the rest. Its `where` and `top` are given each time. Belongs to one thread at a
/// time.
class reading {
public:
    GUICHET_DECL reading(reading&&) noexcept;
    GUICHET_DECL reading& operator=(reading&&) noexcept;
    GUICHET_DECL ~reading();
    /// As those of `snapshot`.
    GUICHET_DECL answer find(std::size_t top, filter const& where = {}) const;
    /// An answer for each filter, of what scores at least so much, from one pass: little more than the dearest of them
    /// costs.
    GUICHET_DECL std::vector<answer> find(std::size_t top, std::span<filter const> lists, double least = 0) const;
    GUICHET_DECL std::optional<explanation> explain(std::string_view id) const;
    GUICHET_DECL std::vector<std::optional<explanation>> explain(std::span<std::string const> ids) const;

private:
    friend class snapshot;
    struct state;
    GUICHET_DECL explicit reading(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

/// The index at one moment. Reading it blocks nobody and is not changed by what is written meanwhile. Safe from any
/// thread; cheap to copy.
class snapshot {
public:
    /// The best documents: BM25F (Robertson and Zaragoza 2009) with the statistics of what the viewer sees, pruned by
    /// the maxima of blocks (Ding and Suel 2011) in windows of documents, which changes no answer. Costs some tenths of
    /// a millisecond among 100,000 documents.
    GUICHET_DECL answer find(request const& asked) const;
    GUICHET_DECL reading read(request const& asked) const;

    /// Whether `find` may choose each of some documents, whether it has a word of the text or not: the viewer sees it,
    /// and what the text demands, `where` and `accepts` hold.
    GUICHET_DECL std::vector<bool> admits(request const& asked, std::span<std::string const> ids) const;

    /// The score that `find` gives a document, in parts; nothing if the viewer does not see it.
    GUICHET_DECL std::optional<explanation> explain(request const& asked, std::string_view id) const;
    /// The same of many, at little more cost than of one.
    GUICHET_DECL std::vector<std::optional<explanation>> explain(request const& asked,
                                                                 std::span<std::string const> ids) const;

    /// Words that begin as the text ends, the commonest first, of what the viewer sees: "impr" -> "imprimante". Folded.
    GUICHET_DECL std::vector<std::string> suggest(std::string_view typed, viewer const& who, std::size_t top = 8) const;

    /// What is like a document, which need not be in the index and is not found itself: its words as a text without
    /// syntax, of which the most telling ones are asked if there are many.
    GUICHET_DECL answer similar(document const& to, viewer const& who, std::size_t top = 10,
                                filter const& where = {}) const;

    /// The values of some attributes among the documents that `find` chooses from; names that none of them has have no
    /// values. With `thing_of`, documents whose ids it gives one name count once. Looks at every posting of the words.
    GUICHET_DECL std::vector<facet> facets(request const& asked, std::span<std::string const> names,
                                           std::string_view (*thing_of)(std::string_view id) = nullptr) const;

    GUICHET_DECL index_size size(viewer const& who) const;

    /// The ids of all documents of a kind, whoever may see them. Looks at each document.
    GUICHET_DECL std::vector<std::string> ids_of(std::string_view kind) const;

    /// The index as bytes, to be kept and given to `index::open`. Nothing is copied but what says which documents are
    /// gone. Texts are not among them.
    GUICHET_DECL std::vector<piece> pieces() const;

private:
    friend class index;
    friend class reading;
    struct state;
    explicit snapshot(std::shared_ptr<state const> s) : state_{std::move(s)} {}
    std::shared_ptr<state const> state_;
};

struct index_options {
    ranking rank{};
    synonyms synonym{};
    bool keeps_texts = false; ///< in memory, beside the index
    /// The text of a document, asked where texts are not kept, to see whether words follow each other. Without it, and
    /// where it gives nothing, a phrase asks only for all of its words. Called from whoever searches.
    std::function<std::optional<document>(std::string_view id)> text_of{};
};

/// An inverted index in memory: segments that never change, of which small ones are made at each change and merged as
/// they grow. Writing is serialised within; it blocks no reader, and what was written is in the next snapshot.
class index {
public:
    GUICHET_DECL explicit index(index_options options = {});
    GUICHET_DECL ~index();
    GUICHET_DECL index(index&&) noexcept;
    GUICHET_DECL index& operator=(index&&) noexcept;

    /// The index of which these were the pieces, made with the same options. One changed byte is `store_corrupt`, and
    /// so are other constants: then index the documents anew. Bytes that nobody else holds are not copied. Some 60 ms
    /// for a million documents.
    GUICHET_DECL static result<index> open(index_options options, std::vector<piece> pieces);

    /// Adds documents, or replaces those of the same id; of two in one call the last counts. One document costs some
    /// half a millisecond; many at once cost less each, some 60 us. Joins four segments of single documents, and what
    /// is small only when it became much: `merge` does the rest.
    GUICHET_DECL void add(std::span<document const> documents);
    void add(document const& one) { add(std::span{&one, 1}); }

    /// Whether there was such a document.
    GUICHET_DECL bool remove(std::string_view id);

    GUICHET_DECL snapshot now() const;

    /// Merges segments that are small beside others or hold much that is gone, as long as those of one merge have at
    /// most so many documents together. False when nothing is left to merge. A host that never calls it gets a segment
    /// for every hundred single documents, and each query asks all of them.
    GUICHET_DECL bool merge(std::size_t documents_max);

    /// Writes every segment anew of which anything is gone, so that nothing of that is left in `pieces`: for texts that
    /// had to be destroyed. Costs a merge of these segments.
    GUICHET_DECL void purge();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/index.ipp>
#include <guichet/search/impl/snapshot.ipp>
#endif
