#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/kb/contents.hpp>
#include <guichet/kb/evolve.hpp>

#include <algorithm>
#include <concepts>
#include <string_view>

namespace guichet::inline v0::kb {
namespace detail {

/// What each event does to an article: one overload each.
struct evolver {
    article& a;
    event const& e;

    void set(std::string& into, personal_text const& from) {
        into = from.body;
        a.texts = std::max(a.texts, from.no);
    }
    void set(auto& into, auto const& from) { into = from; }

    void operator()(article_written const& b) {
        a.id = e.article;
        a.tenant = e.tenant;
        a.number = b.number;
        a.source = b.source;
        a.revision_of = b.revision_of;
        a.author = e.actor;
        a.created_at = e.at;
        a.edition = a.worded = 1;
        each_member([&](auto, auto const& member) { set(member(a), member(b)); });
    }
    void operator()(article_revised const& b) {
        ++a.edition;
        each_text_member([&](auto, auto const& member) {
            if (member(b)) {
                set(member(a), *member(b));
                a.worded = a.edition;
            }
        });
        each_plain_member([&](auto, auto const& member) {
            if (member(b))
                set(member(a), *member(b));
        });
        each_clearable_member([&](std::string_view name, auto const& member) {
            if (member(b))
                set(member(a), *member(b));
            else if (std::find(b.cleared.begin(), b.cleared.end(), name) != b.cleared.end())
                make_empty(member(a));
        });
    }
    void enter(article_state state, std::vector<std::string> reviewers = {}) {
        a.state = state;
        a.reviewers = std::move(reviewers);
    }
    void operator()(article_submitted const& b) { enter(article_state::review, b.reviewers); }
    void operator()(article_returned const& b) {
        enter(article_state::draft);
        a.texts = std::max(a.texts, b.reason.no);
    }
    void operator()(article_rated const& b) {
        if (b.before)
            --(*b.before ? a.helped : a.helped_not);
        ++(b.helped ? a.helped : a.helped_not);
        a.texts = std::max(a.texts, b.why.no);
    }
    void operator()(article_used const&) { ++a.uses; }
    void operator()(article_published const&) { enter(article_state::published); }
    void operator()(article_archived const&) { enter(article_state::archived); }
    void operator()(article_linked const& b) {
        ++a.links;
        ++a.uses;
        if (a.tickets.size() == limits::article_tickets_max)
            a.tickets.erase(a.tickets.begin());
        a.tickets.push_back(b.ticket);
    }
    void operator()(article_unlinked const& b) {
        --a.links;
        std::erase(a.tickets, b.ticket);
    }
    void operator()(article_redacted const& b) {
        for (auto const& field : b.fields)
            if (auto* const text = text_of(a, field))
                text->clear();
    }
    template <class Body>
        requires(!article_event<Body>)
    void operator()(Body const&) {} // of a ticket
};

} // namespace detail

GUICHET_DECL void apply(article& state, event const& e) {
    std::visit(detail::evolver{state, e}, e.body);
    state.version = e.version;
    state.updated_at = e.at;
}

} // namespace guichet::inline v0::kb
