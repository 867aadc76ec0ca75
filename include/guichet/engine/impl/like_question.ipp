#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/search/index.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace guichet::inline v0::detail {

/// A ticket as a question for its like, to be asked of several kinds.
struct like_question {
    like_question(ticket_id of, search::document const& said, search::viewer seen, search::snapshot in, std::size_t top,
                  instant now, std::function<bool(std::string_view)> accepts)
        : self{of},
          words{said.words()},
          eyes{std::move(seen)},
          wish{.text = words,
               .who = eyes,
               .language = said.language,
               .top = top,
               .accepts = std::move(accepts),
               .now = now,
               .fuzzy = false,
               .plain = true},
          index{std::move(in)},
          read{index.read(wish)} {}
    like_question(like_question const&) = delete;

    /// What the ticket scores in its own question; 0 where the index does not know it.
    double own_score() const {
        auto const itself = read.explain(to_string(self));
        return itself ? itself->score : 0;
    }

    ticket_id self;
    std::string words;
    search::viewer eyes;
    search::request wish;
    search::snapshot index;
    search::reading read; ///< of the wish
};

} // namespace guichet::inline v0::detail
