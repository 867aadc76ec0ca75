#pragma once
#include <guichet/base/error.hpp>
#include <guichet/search/document.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search {

/// What a host knows of the meaning of texts: texts of like meaning have vectors of like direction. All of one length,
/// which is the model's. May throw. Called on the thread that searches or catches up.
using embedding = std::function<std::vector<float>(std::string_view text, text::tongue language)>;

struct vector_options {
    std::size_t dimension = 0;              ///< of all vectors; 0: that of the first one added
    std::size_t documents_max = 10'000'000; ///< one more is refused
    /// Vectors are compared one by one where the square of the visible ones is at most this times all, which is where a
    /// graph would cost as much: all while there are so few, later those of a viewer who sees few. 0: never.
    std::size_t exact_max = 10'000;
    std::size_t links = 16;          ///< that a new vector gets on a level of the graph; twice as many on the lowest
    std::size_t breadth = 96;        ///< nodes that a search of the graph keeps in hand: more find more, and cost more
    std::size_t breadth_added = 128; ///< the same for what is added
};

/// A document's place among meanings. `values` need no certain length, for only their direction counts.
struct vector_document {
    std::string id, kind{};
    std::vector<std::string> audience{}; ///< as in `document`
    std::vector<float> values{};
};

struct vector_hit {
    std::string id;
    double similarity = 0; ///< the cosine of the angle between them: 1 is the same direction
};

struct vector_request {
    std::span<float const> values;
    viewer const& who;
    std::size_t top = 10;
    std::span<std::string const> kinds{}; ///< empty: all
    double least = -1;                    ///< what is less similar is no hit
};

/// Documents by the directions of their vectors: exactly while they are few, beyond that through a graph (HNSW, Malkov
/// and Yashunin 2018), which misses some of the nearest. The levels of the graph follow from the ids, so the same calls
/// in the same order give the same answers. What is removed leaves nothing behind.
///
/// What a viewer may not see takes no place in his answer and changes no similarity; through the graph it may change
/// which of the nearest are missed. Any thread: writing is serialised within, and readers wait for it only while links
/// are set, not while their neighbours are looked for.
class vector_index {
public:
    GUICHET_DECL explicit vector_index(vector_options options = {});
    GUICHET_DECL ~vector_index();
    GUICHET_DECL vector_index(vector_index&&) noexcept;
    GUICHET_DECL vector_index& operator=(vector_index&&) noexcept;

    /// Adds a document, or replaces the one of its id. `vector_of_other_length` names both lengths; numbers that are
    /// not finite, or all zero, are `vector_without_direction`. Costs a search of the graph and some
    /// thousands of comparisons.
    GUICHET_DECL result<void> add(vector_document const& one);
    /// Who sees a document from now on, and of which kind it is; false where there is none. Costs next to nothing.
    GUICHET_DECL bool relabel(std::string_view id, std::string_view kind, std::span<std::string const> audience);
    /// Whether there was such a document.
    GUICHET_DECL bool remove(std::string_view id);

    /// The most similar documents first; equal ones by id.
    GUICHET_DECL result<std::vector<vector_hit>> find(vector_request const& asked) const;

    GUICHET_DECL std::size_t size() const;
    GUICHET_DECL std::size_t dimension() const; ///< 0 until there is one

    /// All of it, to be kept and given to `open`. Four bytes a number, some 150 more a document.
    GUICHET_DECL std::vector<std::uint8_t> bytes() const;
    /// The index of which these were the bytes; one changed byte is `store_corrupt`: then add the documents anew. Bytes
    /// that were forged are read with care.
    GUICHET_DECL static result<vector_index> open(vector_options options, std::span<std::uint8_t const> bytes);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/vectors.ipp>
#endif
