#pragma once
#include <guichet/engine/finder.hpp>
#include <guichet/engine/impl/meanings.ipp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/json/describe.hpp>
#include <guichet/search/snippet.hpp>

#include <algorithm>
#include <mutex>
#include <set>

namespace guichet::inline v0 {
struct finder::implementation {
    implementation(desk const& of, finder_options with)
        : on{of}, store{of.store()}, options{std::move(with)}, index{{.synonym = options.synonym}}, meanings{options} {}

    desk const& on;
    storage::store& store;
    finder_options options;
    search::index index;
    detail::meanings meanings;
    std::mutex reading;
    std::uint64_t seq = 0; ///< what the index knows of the log

    /// Reads on in the log, and the tickets that it names as they are now.
    result<std::size_t> read_on() {
        std::lock_guard const lock{reading};
        std::size_t changed = 0;
        for (;;) {
            GUICHET_LET(auto const events, store.read_log(seq, limits::page_rows_max));
            if (events.empty())
                return changed;
            std::set<std::pair<std::string, ticket_id>> tickets;
            for (auto const& e : events)
                tickets.emplace(e.tenant, e.ticket);
            std::vector<search::document> fresh;
            for (auto const& [tenant, id] : tickets)
                GUICHET_TRY(read(tenant, id, fresh));
            index.add(fresh);
            seq = events.back().seq;
            changed += tickets.size();
        }
    }

    /// The documents of a ticket; those that it has no more go at once.
    result<void> read(std::string_view tenant, ticket_id id, std::vector<search::document>& out) {
        GUICHET_LET(auto const t, store.load(tenant, id));
        if (!t)
            return {};
        bool const merged = static_cast<bool>(t->merged_into); // its texts are found in the other one
        std::vector<storage::text_record> texts;
        if (!merged) {
            GUICHET_LET(texts, store.read_texts(id));
            for (auto const source : t->merged) {
                GUICHET_LET(auto const more, store.read_texts(source));
                texts.insert(texts.end(), more.begin(), more.end());
            }
        }
        auto both = detail::documents_of(*t, texts, options.language);
        for (auto* d : {&both.open, &both.internal})
            if (!merged && detail::says_something(*d)) {
                meanings.put(*d);
                out.push_back(std::move(*d));
            } else {
                meanings.remove(d->id);
                index.remove(d->id);
            }
        return {};
    }

    result<search::viewer> keys(viewer const& who) const {
        auto const in_force = on.config();
        GUICHET_LET(access::role const* const as, in_force->roles->find(who));
        return detail::keys_of(who, *as);
    }

    /// Two documents of one ticket are one hit; `self` is none.
    result<found_tickets> look(search::request const& asked, viewer const& who, ticket_id self) {
        auto const now = index.now();
        auto wider = asked;
        wider.top = asked.top * 2 + 2;
        auto const alike = meanings.find(wider);
        if (!alike.empty())
            wider.top = std::max(wider.top, detail::fused_depth);
        auto const found = now.find(wider);
        found_tickets out;
        out.did_you_mean = found.did_you_mean;
        text::analysers with;
        for (auto const& hit : detail::fused(found.hits, alike)) {
            if (out.hits.size() == asked.top)
                break;
            auto const id = parse_id<ticket_id>(std::string_view{hit.id}.substr(0, hit.id.find('/')));
            if (!id || *id == self || std::any_of(out.hits.begin(), out.hits.end(), [&](found_ticket const& known) {
                    return known.ticket == *id;
                }))
                continue;
            auto const t = on.find(*id, who);
            if (!t)
                continue; // it changed hands just now
            auto& shown = out.hits.emplace_back();
            shown.ticket = t->id;
            shown.number = t->number;
            shown.subject = t->subject;
            shown.state = t->state;
            shown.score = hit.score;
            shown.similarity = hit.similarity;
            GUICHET_LET(shown.snippet, snippet_of(*t, who, asked, with));
            if (auto const why = now.explain(asked, hit.id))
                shown.because = telling(*why);
        }
        return out;
    }

    result<std::string> snippet_of(ticket const& t, viewer const& who, search::request const& asked,
                                   text::analysers& with) const {
        GUICHET_LET(auto const said, on.conversation(t.id, who));
        std::string text = t.subject;
        for (auto const& m : said)
            detail::add_text(text, m.text);
        detail::add_text(text, t.resolution);
        return search::snippet(with, text, asked.language, asked.text);
    }

    static std::vector<std::string> telling(search::explanation const& why) {
        auto shares = why.shares;
        std::stable_sort(shares.begin(), shares.end(),
                         [](search::share const& a, search::share const& b) { return a.score > b.score; });
        std::vector<std::string> out;
        for (auto const& one : shares)
            if (out.size() < 5 && one.score > 0 && std::find(out.begin(), out.end(), one.typed) == out.end())
                out.push_back(one.typed);
        return out;
    }

    /// What is asked to find the like of a ticket.
    static std::string words_of(ticket const& t, std::span<message const> said) {
        std::string out = t.subject;
        if (!said.empty())
            detail::add_text(out, said.front().text);
        for (auto const& tag : t.tags)
            detail::add_text(out, tag);
        return out;
    }

    result<found_tickets> alike(ticket_id to, viewer const& who, std::size_t top, std::span<std::string const> kinds) {
        GUICHET_TRY(read_on());
        GUICHET_LET(auto const t, on.find(to, who));
        GUICHET_LET(auto const said, on.conversation(t.id, who));
        GUICHET_LET(auto const eyes, keys(who));
        auto const words = words_of(t, said);
        auto const named = text::tongue_of(detail::language_of(t));
        search::request asked{.text = words, .who = eyes};
        asked.language = named == text::tongue::neutral ? options.language : named;
        asked.top = top;
        asked.kinds = kinds;
        asked.fuzzy = false;
        asked.plain = true;
        return look(asked, who, t.id);
    }
};

GUICHET_DECL finder::finder(desk const& of, finder_options options)
    : impl_{std::make_unique<implementation>(of, std::move(options))} {}
GUICHET_DECL finder::~finder() = default;

GUICHET_DECL result<std::size_t> finder::catch_up() {
    GUICHET_LET(auto const changed, impl_->read_on());
    impl_->index.merge(impl_->options.merge_documents);
    impl_->meanings.catch_up();
    return changed;
}

GUICHET_DECL finder_health finder::health() const { return impl_->meanings.health(); }

GUICHET_DECL result<found_tickets> finder::find(find_request const& asked, viewer const& who) const {
    GUICHET_TRY(impl_->read_on());
    GUICHET_LET(auto const eyes, impl_->keys(who));
    search::request wish{.text = asked.typed, .who = eyes};
    wish.language = asked.language.value_or(impl_->options.language);
    wish.top = asked.top;
    wish.as_you_type = asked.as_you_type;
    return impl_->look(wish, who, {});
}

GUICHET_DECL result<std::vector<std::string>> finder::complete(std::string_view typed, viewer const& who,
                                                               std::size_t top) const {
    GUICHET_TRY(impl_->read_on());
    GUICHET_LET(auto const eyes, impl_->keys(who));
    return impl_->index.now().suggest(typed, eyes, top);
}

GUICHET_DECL result<found_tickets> finder::similar(ticket_id to, viewer const& who, std::size_t top) const {
    return impl_->alike(to, who, top, {});
}

GUICHET_DECL result<suggestions> finder::suggest(ticket_id to, viewer const& who, std::size_t top) const {
    suggestions out;
    std::string const solved[] = {"solved"}, open[] = {"open"};
    GUICHET_LET(auto found, impl_->alike(to, who, top, solved));
    out.solved = std::move(found.hits);
    GUICHET_LET(found, impl_->alike(to, who, top, open));
    out.duplicates = std::move(found.hits);
    return out;
}

namespace detail {

inline void write(json::writer& w, std::vector<found_ticket> const& hits) {
    w.begin_array();
    for (auto const& hit : hits) {
        w.begin_object();
        for (auto const& [name, value] : {std::pair{"ticket", to_string(hit.ticket)},
                                          {"number", hit.number},
                                          {"subject", hit.subject},
                                          {"state", hit.state},
                                          {"snippet", hit.snippet}}) {
            w.key(name);
            w.text(value);
        }
        w.key("score");
        w.number(hit.score);
        if (hit.similarity) {
            w.key("similarity");
            w.number(*hit.similarity);
        }
        w.key("because");
        w.begin_array();
        for (auto const& word : hit.because)
            w.text(word);
        w.end_array();
        w.end_object();
    }
    w.end_array();
}

} // namespace detail

GUICHET_DECL std::string encode(found_tickets const& found) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("hits");
    detail::write(w, found.hits);
    w.key("did_you_mean");
    w.text(found.did_you_mean);
    w.end_object();
    return out;
}

GUICHET_DECL std::string encode(suggestions const& some) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("solved");
    detail::write(w, some.solved);
    w.key("duplicates");
    detail::write(w, some.duplicates);
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
