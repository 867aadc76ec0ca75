#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/kb/evolve.hpp>

#include <algorithm>
#include <concepts>
#include <optional>

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
    void set(auto& into, std::optional<auto> const& from) {
        if (from)
            set(into, *from);
    }
    /// What is written and what can be revised.
    void take(auto const& b) {
        set(a.title, b.title);
        set(a.symptom, b.symptom);
        set(a.body, b.body);
        set(a.language, b.language);
        set(a.category, b.category);
        set(a.tags, b.tags);
        set(a.audience, b.audience);
    }

    void operator()(article_written const& b) {
        a.id = e.article;
        a.tenant = e.tenant;
        a.number = b.number;
        a.source = b.source;
        a.author = e.actor;
        a.created_at = e.at;
        take(b);
    }
    void operator()(article_revised const& b) { take(b); }
    void operator()(article_published const&) { a.state = article_state::published; }
    void operator()(article_archived const&) { a.state = article_state::archived; }
    void operator()(article_linked const& b) {
        ++a.links;
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
