#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/model/vocabulary.hpp>

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace guichet::inline v0 {

/// What somebody asked the knowledge base, what he was shown and what came of it. It is kept for a time and then
/// destroyed (`desk::keep_inquiries`); no ticket and no article depends on it.
struct inquiry {
    inquiry_id id{};
    std::string tenant{}, person{};
    guichet::side side = side::requester; ///< at a portal, or at the desk
    instant at{};
    std::string words{};               ///< as typed: personal text
    std::string language{};            ///< such as "fr"; empty: whatever the desk speaks
    std::vector<std::string> shown{};  ///< names of what was found, such as KB-2026-000001, the best first
    std::vector<std::string> opened{}; ///< of these, in the order of opening
    std::optional<bool> helped{};      ///< as he said last
    ticket_id ticket{};                ///< that he opened in the end
    friend bool operator==(inquiry const&, inquiry const&) = default;
};
BOOST_DESCRIBE_STRUCT(inquiry, (), (id, tenant, person, side, at, words, language, shown, opened, helped, ticket))

} // namespace guichet::inline v0
