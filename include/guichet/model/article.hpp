#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guichet::inline v0 {

/// What may be done with an article: only a published one is read and found by those who do not write it. One under
/// review is also read by its reviewers.
enum class article_state : std::uint8_t { draft, review, published, archived };
BOOST_DESCRIBE_ENUM(article_state, draft, review, published, archived)

/// What an article is: `question` is one that helps to find the failure, `canned_reply` an answer that is ready to
/// send.
enum class article_kind : std::uint8_t { how_to, known_error, faq, procedure, canned_reply, question, guide };
BOOST_DESCRIBE_ENUM(article_kind, how_to, known_error, faq, procedure, canned_reply, question, guide)

/// What is known of a failure and its cure, as it stands: a value, folded from the events of the article.
///
/// `audience` names who may read it once it is published, as keys: "public" (everybody of the tenant), "staff" (the
/// desk), "role:NAME", "team:NAME", "organisation:NAME", "person:NAME", "audience:NAME" (see `audience_document`).
/// Without any, the staff.
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
    guichet::article_kind kind = article_kind::how_to;
    std::string cause{}, workaround{};                  ///< of a known error
    std::string fix_version{};                          ///< in which it is cured
    ticket_id problem{};                                ///< the ticket behind it
    std::optional<instant> valid_from{}, valid_until{}; ///< outside them its audience neither reads nor finds it
    std::optional<instant> review_by{};                 ///< when somebody is to look whether it still holds
    std::vector<std::string> assets{};                  ///< what it is about, as the host names it; sorted, unique
    std::vector<article_id> see_also{};                 ///< sorted, unique
    article_id translation_of{};                        ///< the original, which is no translation itself
    std::uint32_t translates = 0;                       ///< the edition of the original that it says
    std::uint32_t edition = 0;                          ///< how often it was written and revised
    std::uint32_t worded = 0;                           ///< the edition in which its words changed last
    std::vector<std::string> reviewers{};               ///< while it is under review; sorted, unique
    std::uint32_t uses = 0;                             ///< how often it was linked or sent
    std::uint32_t helped = 0, helped_not = 0;           ///< persons who said so
    std::string attached{}; ///< the words of its attachments, as the host read them: found, not shown
    /// The published article that it would change: it waits, as a draft, until it is published itself.
    article_id revision_of{};
    std::uint32_t revises = 0; ///< the edition of that article from which it goes on
    friend bool operator==(article const&, article const&) = default;
};
BOOST_DESCRIBE_STRUCT(article, (),
                      (id, tenant, number, state, title, symptom, body, language, category, tags, audience, source,
                       author, created_at, updated_at, version, links, tickets, texts, kind, cause, workaround,
                       fix_version, problem, valid_from, valid_until, review_by, assets, see_also, translation_of,
                       translates, edition, worded, reviewers, uses, helped, helped_not, attached, revision_of,
                       revises))

/// Whether its body has places for the values of a ticket (`text::template_text`) and is sent in a reply.
inline bool is_canned(article_kind kind) noexcept {
    return kind == article_kind::canned_reply || kind == article_kind::question;
}
/// Whether its dates let it be read.
inline bool is_valid(article const& a, instant now) noexcept {
    return (!a.valid_from || *a.valid_from <= now) && (!a.valid_until || now < *a.valid_until);
}
/// Whether it translates words of its original that have changed since.
inline bool is_outdated(article const& translation, article const& original) noexcept {
    return translation.translation_of == original.id && translation.translates < original.worded;
}

} // namespace guichet::inline v0
