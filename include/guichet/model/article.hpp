#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace guichet::inline v0 {

/// What may be done with an article: only a published one is read and found by those who do not write it.
enum class article_state : std::uint8_t { draft, published, archived };
BOOST_DESCRIBE_ENUM(article_state, draft, published, archived)

/// What is known of a failure and its cure, as it stands: a value, folded from the events of the article.
///
/// `audience` names who may read it once it is published, as keys: "public" (everybody of the tenant), "staff" (the
/// desk), "role:NAME", "team:NAME", "organisation:NAME". Without any, the staff.
struct article {
    article_id id{};
    std::string tenant{};
    std::string number{}; ///< for people, such as KB-2026-000001
    article_state state = article_state::draft;
    std::string title{}, symptom{};
    std::string body{};                          ///< Markdown
    std::string language{};                      ///< such as "fr"; empty: whatever the desk speaks
    std::string category{};                      ///< a path, as a ticket's
    std::vector<std::string> tags{}, audience{}; ///< sorted, unique
    std::string source{}; ///< what it is called where it was imported from; gives the id, so it never changes
    std::string author{};
    instant created_at{}, updated_at{};
    std::uint64_t version = 0;
    std::uint32_t links = 0;          ///< tickets that it helped
    std::vector<ticket_id> tickets{}; ///< the latest `limits::article_tickets_max` of them
    std::uint32_t texts = 0;          ///< numbered texts so far
    friend bool operator==(article const&, article const&) = default;
};
BOOST_DESCRIBE_STRUCT(article, (),
                      (id, tenant, number, state, title, symptom, body, language, category, tags, audience, source,
                       author, created_at, updated_at, version, links, tickets, texts))

} // namespace guichet::inline v0
