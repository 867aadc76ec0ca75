#pragma once
#include <guichet/access/audiences.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/model/article.hpp>
#include <guichet/text/markdown.hpp>
#include <guichet/text/utf8.hpp>

/// Articles as what a search finds, and who may find them.
namespace guichet::inline v0::detail {

inline constexpr std::string_view article_kind = "article";

/// What of an article everybody finds whom it is for; and the same with the words of tickets that it helped, for those
/// of them who see all tickets: else a completion would tell words of tickets that somebody may not see.
struct article_documents {
    search::document own, with_tickets;
};

/// Who may find an article, as keys; `access::sees` in other words.
inline std::string article_key(std::string_view tenant, std::string_view audience, bool with_tickets) {
    return (with_tickets ? "article+tickets\n" : "article\n") + std::string{tenant} + '\n' + std::string{audience};
}
inline constexpr std::string_view every_article = "*"; ///< the audience of who writes them

inline void add_article_keys(access::readership const& who, bool all_tickets, std::vector<std::string>& out) {
    auto const writer = std::vector<std::string>{std::string{every_article}};
    for (auto const& audience : who.writes ? writer : who.audiences) {
        out.push_back(article_key(who.tenant, audience, false));
        if (all_tickets)
            out.push_back(article_key(who.tenant, audience, true));
    }
}

/// What was said of a resolved ticket in public: its subject, its first message and what cured it.
inline std::string words_of_helped(ticket const& t, std::span<storage::text_record const> texts) {
    std::string out = t.subject;
    for (auto const& text : texts)
        if (text.role == storage::text_role::message && text.audience == audience::public_ && !text.erased) {
            add_text(out, text.body);
            break;
        }
    add_text(out, t.resolution);
    return std::string{text::truncate(out, limits::helped_text_bytes_max)};
}

inline constexpr std::string_view article_mark = "/article", with_tickets_mark = "+tickets";

inline bool is_article_document(std::string_view id) noexcept { return id.find(article_mark) != id.npos; }

/// Without texts where there is nothing to find.
inline article_documents documents_of(article const& a, std::span<std::string const> helped, text::tongue usual,
                                      instant now) {
    article_documents out;
    auto const id = to_string(a.id) + std::string{article_mark};
    out.own.id = id;
    out.with_tickets.id = id + std::string{with_tickets_mark};
    if (a.state != article_state::published || !is_valid(a, now))
        return out;
    auto& own = out.own;
    own.kind = article_kind;
    own.changed = a.updated_at;
    own.used = a.uses + a.helped > a.helped_not ? a.uses + a.helped - a.helped_not : 0;
    own.language = tongue_or(a.language, usual);
    own[search::field::title] = a.title;
    own[search::field::symptom] = a.symptom;
    add_text(own[search::field::symptom], a.cause);
    own[search::field::body] = text::plain_of_markdown(a.body);
    add_text(own[search::field::body], text::plain_of_markdown(a.workaround));
    own[search::field::attachments] = a.attached;
    add_text(own[search::field::tags], a.fix_version);
    for (auto const& asset : a.assets)
        add_text(own[search::field::tags], asset);
    add_text(own[search::field::tags], a.number);
    for (auto const& tag : a.tags)
        add_text(own[search::field::tags], tag);
    if (!helped.empty()) {
        auto const mine = out.with_tickets.id;
        out.with_tickets = own;
        out.with_tickets.id = mine;
        for (auto const& words : helped)
            add_text(out.with_tickets[search::field::resolved], words);
    }
    auto audiences = access::audiences_of(a);
    audiences.emplace_back(every_article);
    for (auto const& audience : audiences) {
        out.own.audience.push_back(article_key(a.tenant, audience, false));
        out.with_tickets.audience.push_back(article_key(a.tenant, audience, true));
    }
    return out;
}

} // namespace guichet::inline v0::detail
