#pragma once
#include <guichet/search/index.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::search {

/// A document that is like another one. Likeness goes from 0 to 1: asked for the words of one document, the search
/// gives that document a score, and the other one a share of it; likeness is the mean of the shares of both directions,
/// so that a short text that stands within a long one is only half like it.
struct alike {
    std::string id;
    double likeness = 0;
    std::vector<std::string> because{}; ///< the words that told most, at most five
};

/// Documents that are all like one of them.
struct cluster {
    std::string centre;
    std::vector<alike> others{};      ///< the likest first, at least one; `because` is empty
    std::vector<std::string> words{}; ///< that they share, the most telling first, at most five
};

/// Some documents, such as the tickets of a day, and how alike they are. What words tell is counted among these alone.
/// Audiences are not looked at: put in what its reader may see. Belongs to one thread at a time.
class neighbourhood {
public:
    GUICHET_DECL explicit neighbourhood(index_options options = {});

    /// Adds documents, or replaces those of the same id.
    GUICHET_DECL void put(std::span<document const> some);
    void put(document const& one) { put(std::span{&one, 1}); }
    GUICHET_DECL bool remove(std::string_view id);
    std::size_t size() const noexcept { return known_.size(); }
    bool contains(std::string_view id) const { return known_.find(id) != known_.end(); }

    /// The documents that are at least so like one of them, the likest first, equal ones by id. Costs a search and two
    /// looks at each candidate, of which there are at most four times `top`.
    GUICHET_DECL std::vector<alike> like(std::string_view id, double least, std::size_t top) const;

    /// Clusters, the greatest first: star-shaped, so that each member is like the centre and none only like another
    /// member (Aslam, Pelekhov and Rus 2004). A document is in one cluster at most; documents that are like none are in
    /// none. The order in which documents came changes nothing. Costs a search that goes through all for each document.
    GUICHET_DECL std::vector<cluster> clusters(double least) const;

private:
    struct asking;
    GUICHET_DECL std::vector<std::string> shared_words(document const& centre, std::vector<alike> const& others) const;

    index in_;
    std::map<std::string, document, std::less<>> known_;
};

} // namespace guichet::inline v0::search

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/search/impl/neighbourhood.ipp>
#endif
