#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/canned.ipp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/engine/impl/readers.ipp>

#include <algorithm>

/// The articles of a desk, as a viewer reads them.
namespace guichet::inline v0 {
namespace detail {

inline error no_article(std::string named) { return {reason::article_not_found, {{"article", std::move(named)}}}; }

inline result<bool> belongs_to(storage::store& store, article const& a, article_list wanted, instant now) {
    switch (wanted) {
    case article_list::all: return true;
    case article_list::review_due: return a.state == article_state::published && a.review_by && *a.review_by <= now;
    case article_list::outdated: break;
    }
    if (!a.translation_of || a.revision_of || a.state == article_state::archived)
        return false;
    GUICHET_LET(auto const original, store.load_article(a.tenant, a.translation_of));
    return original && is_outdated(a, *original);
}

} // namespace detail

GUICHET_DECL result<article> desk::find_article(article_id id, viewer const& who) const {
    GUICHET_LET(auto const reader, detail::reader_of(*config(), who));
    GUICHET_LET(auto const found, store_->load_article(who.tenant, id));
    if (!found || !access::sees(reader, *found, env().now()))
        return detail::no_article(to_string(id));
    return *found;
}

GUICHET_DECL result<article> desk::find_article(std::string_view number_or_id, viewer const& who) const {
    if (auto const id = parse_id<article_id>(number_or_id); id)
        return find_article(*id, who);
    GUICHET_LET(auto const id, store_->find_article(who.tenant, number_or_id));
    auto found = id ? find_article(*id, who) : result<article>{detail::no_article({})};
    if (!found && found.error().why() == reason::article_not_found)
        return detail::no_article(std::string{number_or_id}); // and not the id of its number
    return found;
}

GUICHET_DECL result<article_page> desk::articles(viewer const& who, std::string_view after, std::size_t limit,
                                                 article_list wanted) const {
    auto const now = env().now();
    GUICHET_LET(auto const reader, detail::reader_of(*config(), who));
    limit = std::min(limit, limits::page_rows_max);
    article_page out;
    for (std::string at{after};;) {
        GUICHET_LET(auto const rows, store_->articles(who.tenant, at, limits::page_rows_max));
        if (rows.empty())
            return out;
        for (auto const& row : rows) {
            if (!access::sees(reader, *row, now))
                continue;
            GUICHET_LET(bool const listed, detail::belongs_to(*store_, *row, wanted, now));
            if (!listed)
                continue;
            if (out.articles.size() == limit) {
                out.next = limit ? out.articles.back().number : at;
                return out;
            }
            out.articles.push_back(*row);
        }
        at = rows.back()->number;
    }
}

GUICHET_DECL result<std::vector<event>> desk::article_history(article_id id, viewer const& who) const {
    GUICHET_LET(auto const a, find_article(id, who));
    GUICHET_TRY(config()->roles->require(who, name_of(write_article{})));
    GUICHET_LET(auto const stored, store_->read_history(storage::in_log(a.id)));
    GUICHET_LET(auto const texts, store_->read_texts(storage::in_log(a.id)));
    return detail::from_stored(stored, texts);
}

GUICHET_DECL result<article> desk::article_edition(article_id id, std::uint32_t edition, viewer const& who) const {
    GUICHET_LET(auto const past, article_history(id, who));
    article out;
    if (edition == 0 || !detail::edition_in(past, edition, out))
        return error{reason::edition_not_found, {{"edition", std::to_string(edition)}}};
    return out;
}

GUICHET_DECL result<rules::wording> desk::render(std::string_view article, std::string_view ticket, viewer const& who,
                                                 std::string_view language) const {
    auto const now = env().now();
    auto const in_force = config();
    GUICHET_LET(auto const reader, detail::reader_of(*in_force, who));
    GUICHET_LET(auto const of, find(ticket, who));
    GUICHET_LET(auto const named, find_article(article, who));
    auto const spoken = language.empty() ? detail::language_of(of) : language;
    GUICHET_LET(auto const chosen,
                detail::canned_in(*store_, std::make_shared<guichet::article const>(named), spoken, reader, now));
    return detail::filled_in(*chosen, of, *in_force, now);
}

} // namespace guichet::inline v0
