#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guichet::inline v0 {

/// What to list: a condition, an order, a page size. JSON form:
/// `{"where": {...}, "order": ["-priority", "created_at"], "limit": 50, "cursor": "..."}`.
struct view {
    std::optional<expr::draft> matching{}; ///< for hosts that write C++ ...
    std::string where{};                   ///< ... or JSON; both must hold; neither: every ticket
    std::vector<std::string> order{};      ///< field names, `-` before one for descending; default: `-created_at`
    std::size_t limit = 50;
    std::string cursor{}; ///< of the previous page; empty: the first page
};

/// Reads the JSON form.
GUICHET_DECL result<view> decode_view(std::string_view json);

/// A page of a view. `next` is the cursor of the page after it, empty on the last one.
struct page {
    std::vector<ticket> tickets{};
    std::string next{};
};

/// A message of the conversation, as a viewer may see it.
struct message {
    std::uint32_t no = 0;
    ticket_id ticket{}; ///< where it was written: another ticket after a merge
    instant at{};
    std::string author{};
    guichet::side side = side::requester;
    guichet::audience audience = audience::public_;
    guichet::channel channel = channel::portal;
    std::string text{}, html{};
    bool erased = false;
    std::vector<attachment> attachments{};
};
BOOST_DESCRIBE_STRUCT(message, (), (no, ticket, at, author, side, audience, channel, text, html, erased, attachments))

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/view.ipp>
#endif
