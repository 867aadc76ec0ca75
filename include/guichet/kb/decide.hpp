#pragma once
#include <guichet/model/article.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The knowledge base: what is known of failures and their cures.
namespace guichet::inline v0::kb {

/// A text that an article has or had, without its words.
struct known_text {
    std::uint32_t no = 0;
    std::string_view field; ///< "title", "symptom", "body", "cause", "workaround", "attached" or "remark"
    std::string_view author;
    bool erased = false;
};

/// What `decide` may know beside the article and the command.
struct facts {
    instant now;
    article_id fresh{};              ///< the id of an article to be written; the desk gives it its number
    std::vector<known_text> texts{}; ///< all of the article in the order of their writing, for `redact_article`
    article const* original{};       ///< what it is or becomes a translation of; null when there is none such
    article const* revised{};        ///< what it is or becomes a revision of; null when there is none such
    article const* saved{};          ///< the edition to restore; null when there is none such
    std::optional<bool> rated{};     ///< whether it helped, as who acts said before
    std::span<std::string const> template_names{}; ///< what the body of a canned article may name
};

/// What a command comes to: events in order, and the article as it is after them.
struct decision {
    std::vector<event> events;
    std::shared_ptr<article> after;
    std::vector<event> revising{};      ///< of what a revision that waited is published into ...
    std::shared_ptr<article> revised{}; ///< ... and that article after them; null for every other command
};

/// Decides a command about an article. Pure, as `lifecycle::decide` is. `state` is null for `write_article` only.
GUICHET_DECL result<decision> decide(article const* state, command const& wish, facts const& known);

/// What was said in public on a ticket, in order.
struct said {
    std::string_view text;
    guichet::side side = side::requester;
};
/// The article that a ticket tells: title from its subject, symptom from the first message, body from the resolution
/// and the answers of the desk. A problem's fields `cause` and `workaround` are the article's, which names the problem.
GUICHET_DECL write_article article_of(ticket const& t, std::span<said const> conversation, draft_article const& wish);

/// The id of an article that was imported from somewhere, where it has a name that stays: so an import that is repeated
/// finds what it brought.
GUICHET_DECL article_id id_of_source(std::string_view tenant, std::string_view source);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/decide.ipp>
#endif
