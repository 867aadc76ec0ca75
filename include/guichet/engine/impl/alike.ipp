#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/alike.hpp>
#include <guichet/engine/impl/opening.ipp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace guichet::inline v0 {
namespace detail {

inline alike_ticket brief(ticket const& t) { return {t.id, t.number, t.subject, t.state, t.created_at}; }

inline alike_ticket brief(ticket const& t, search::alike const& found) {
    auto out = brief(t);
    out.likeness = found.likeness;
    out.because = found.because;
    return out;
}

/// The first tickets of a view, page by page, but for those that were merged into others.
inline result<std::vector<ticket>> first_tickets(desk const& on, view wanted, viewer const& who, std::size_t most) {
    std::vector<ticket> out;
    wanted.cursor.clear();
    do {
        wanted.limit = std::min(most - out.size(), limits::page_rows_max);
        GUICHET_LET(auto found, on.query(wanted, who));
        for (auto& t : found.tickets)
            if (!t.merged_into)
                out.push_back(std::move(t));
        wanted.cursor = std::move(found.next);
    } while (!wanted.cursor.empty() && out.size() < most);
    return out;
}

inline result<void> check_alike_tickets(std::size_t most) {
    if (most > limits::alike_tickets_max)
        return error{reason::limit_passed,
                     {{"path", "tickets_max"},
                      {"found", std::to_string(most)},
                      {"limit", std::to_string(limits::alike_tickets_max)}}};
    return {};
}

inline ticket_cluster cluster_of(search::cluster const& from, std::map<std::string, ticket> const& tickets) {
    ticket_cluster out;
    out.words = from.words;
    out.others.push_back(brief(tickets.at(from.centre)));
    for (auto const& one : from.others)
        out.others.push_back(brief(tickets.at(one.id), one));
    auto const master =
        std::min_element(out.others.begin(), out.others.end(), [&](alike_ticket const& a, alike_ticket const& b) {
            auto const rank = [&](alike_ticket const& of) {
                return std::tuple{!tickets.at(to_string(of.ticket)).open(), of.created_at, to_string(of.ticket)};
            };
            return rank(a) < rank(b);
        });
    out.master = std::move(*master);
    out.others.erase(master);
    return out;
}

} // namespace detail

GUICHET_DECL result<std::vector<ticket_cluster>> clusters(desk const& of, view const& among, viewer const& who,
                                                          alike_options const& options) {
    GUICHET_TRY(detail::check_alike_tickets(options.tickets_max));
    GUICHET_LET(auto const found, detail::first_tickets(of, among, who, options.tickets_max));
    return clusters_among(of, found, who, options);
}

GUICHET_DECL result<std::vector<ticket_cluster>> clusters_among(desk const& of, std::span<ticket const> among,
                                                                viewer const& who, alike_options const& options) {
    GUICHET_TRY(detail::check_alike_tickets(among.size()));
    std::map<std::string, ticket> tickets;
    std::vector<search::document> documents;
    for (auto const& t : among) {
        GUICHET_LET(auto one, detail::opening_of(of, t, who, options.language));
        tickets.emplace(one.id, t);
        documents.push_back(std::move(one));
    }
    search::neighbourhood all;
    all.put(documents);
    std::vector<ticket_cluster> out;
    for (auto const& one : all.clusters(options.least))
        out.push_back(detail::cluster_of(one, tickets));
    return out;
}

struct duplicate_watch::implementation {
    desk const& on;
    viewer who;
    listener tell;
    watch_options options;
    std::mutex reading{}; ///< guards what follows
    bool primed = false;
    std::uint64_t seq = 0; ///< of the log that was read
    search::neighbourhood all{};
    std::map<std::string, instant> opened{};            ///< when, by id
    std::set<std::pair<instant, std::string>> by_age{}; ///< the oldest first

    result<void> prime() {
        GUICHET_TRY(detail::check_alike_tickets(options.tickets_max));
        GUICHET_LET(auto const head, on.store().head());
        GUICHET_LET(auto const latest, detail::first_tickets(on, {}, who, options.tickets_max));
        std::vector<search::document> documents;
        for (auto const& t : latest) {
            GUICHET_LET(auto one, detail::opening_of(on, t, who, options.language));
            note(one.id, t.created_at);
            documents.push_back(std::move(one));
        }
        all.put(documents);
        seq = head.seq;
        primed = true;
        return {};
    }

    /// What the log tells from here on, a page of it; nothing at its end.
    result<std::optional<std::vector<likely_duplicates>>> read_page() {
        GUICHET_LET(auto const events, on.store().read_log(seq, limits::page_rows_max));
        if (events.empty())
            return std::optional<std::vector<likely_duplicates>>{};
        static auto const opening = type_number(ticket_opened{});
        std::map<std::string, bool> touched; ///< and whether it is new
        std::vector<ticket_id> order;
        for (auto const& e : events) {
            if (e.tenant != who.tenant || is_article_type(e.type))
                continue;
            auto const [at, fresh] = touched.try_emplace(to_string(e.ticket), false);
            at->second = at->second || e.type == opening;
            if (fresh)
                order.push_back(e.ticket);
        }
        std::vector<likely_duplicates> out;
        for (auto const id : order)
            GUICHET_TRY(read(id, touched[to_string(id)], out));
        seq = events.back().seq;
        return std::optional{std::move(out)};
    }

    result<void> read(ticket_id id, bool fresh, std::vector<likely_duplicates>& out) {
        auto const name = to_string(id);
        if (!fresh && !all.contains(name))
            return {};
        auto const t = on.find(id, who);
        if (!t && t.error().code() != errc::not_found)
            return t.error();
        if (!t || t->merged_into) {
            forget(name);
            return {};
        }
        GUICHET_LET(auto const one, detail::opening_of(on, *t, who, options.language));
        all.put(one);
        note(name, t->created_at);
        if (fresh)
            compare(*t, out);
        while (all.size() > options.tickets_max)
            forget(std::string{by_age.begin()->second});
        return {};
    }

    void compare(ticket const& t, std::vector<likely_duplicates>& out) {
        likely_duplicates found{detail::brief(t), {}};
        for (auto const& like : all.like(to_string(t.id), options.least, options.top)) {
            auto const other = on.find(*parse_id<ticket_id>(like.id), who);
            if (other && t.created_at - other->created_at <= options.age_max)
                found.of.push_back(detail::brief(*other, like));
        }
        if (!found.of.empty())
            out.push_back(std::move(found));
    }

    void note(std::string const& id, instant at) {
        opened[id] = at;
        by_age.emplace(at, id);
    }
    void forget(std::string const& id) {
        all.remove(id);
        if (auto const at = opened.find(id); at != opened.end()) {
            by_age.erase({at->second, id});
            opened.erase(at);
        }
    }

    /// The next page, for whoever comes first.
    result<std::optional<std::vector<likely_duplicates>>> next() {
        std::lock_guard const held{reading};
        if (!primed)
            GUICHET_TRY(prime());
        return read_page();
    }
};

GUICHET_DECL duplicate_watch::duplicate_watch(desk const& of, viewer who, listener tell, watch_options options)
    : impl_{new implementation{of, std::move(who), std::move(tell), options}} {}
GUICHET_DECL duplicate_watch::~duplicate_watch() = default;

GUICHET_DECL result<std::size_t> duplicate_watch::catch_up() {
    for (std::size_t told = 0;;) {
        GUICHET_LET(auto const found, impl_->next());
        if (!found)
            return told;
        for (auto const& one : *found) {
            try {
                impl_->tell(one);
            } catch (...) { // as of hooks
            }
            ++told;
        }
    }
}

namespace detail {

inline void write(json::writer& w, alike_ticket const& one) {
    w.begin_object();
    for (auto const& [name, value] : {std::pair{"ticket", to_string(one.ticket)},
                                      {"number", one.number},
                                      {"subject", one.subject},
                                      {"state", one.state},
                                      {"created_at", time::to_text(one.created_at)}}) {
        w.key(name);
        w.text(value);
    }
    w.key("likeness");
    w.number(one.likeness);
    w.key("because");
    w.texts(one.because);
    w.end_object();
}

inline void write(json::writer& w, std::vector<alike_ticket> const& some) {
    w.begin_array();
    for (auto const& one : some)
        write(w, one);
    w.end_array();
}

} // namespace detail

GUICHET_DECL std::string encode(std::vector<ticket_cluster> const& some) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& one : some) {
        w.begin_object();
        w.key("master");
        detail::write(w, one.master);
        w.key("others");
        detail::write(w, one.others);
        w.key("words");
        w.texts(one.words);
        w.end_object();
    }
    w.end_array();
    return out;
}

GUICHET_DECL std::string encode(likely_duplicates const& found) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("opened");
    detail::write(w, found.opened);
    w.key("of");
    detail::write(w, found.of);
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
