#pragma once
#include <guichet/engine/finder.hpp>
#include <guichet/engine/impl/article_documents.ipp>
#include <guichet/engine/impl/dated_articles.ipp>
#include <guichet/engine/impl/host_documents.ipp>
#include <guichet/engine/impl/like_question.ipp>
#include <guichet/engine/impl/meanings.ipp>
#include <guichet/engine/impl/opening.ipp>
#include <guichet/engine/impl/piece_keeper.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/engine/impl/typed_number.ipp>
#include <guichet/engine/impl/where.ipp>
#include <guichet/model/forms.hpp>
#include <guichet/search/impl/analyser_pool.ipp>
#include <guichet/search/impl/telling.ipp>
#include <guichet/search/snippet.hpp>
#include <guichet/text/markdown.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <set>

namespace guichet::inline v0 {
struct finder::implementation {
    implementation(desk const& of, finder_options with)
        : on{of},
          store{of.store()},
          options{std::move(with)},
          index{index_options()},
          meanings{options},
          kept{store, "search/" + std::string{text::code_of(options.language)} + '/', detail::documents_version} {}

    search::index_options index_options() const { return {.synonym = options.synonym}; }

    desk const& on;
    storage::store& store;
    finder_options options;
    search::index index;
    search::detail::analyser_pool analysers; ///< for what is shown
    detail::meanings meanings;
    std::mutex reading, keeping;
    detail::piece_keeper kept; ///< guarded by `keeping`, and by `reading` before `opened`
    // Guarded by `reading`:
    bool opened = false;
    std::uint64_t seq = 0;                    ///< what the index knows of the log
    std::size_t unkept = 0;                   ///< tickets changed since the index was kept
    bool purges = false;                      ///< something was erased of which a segment may still have the words
    std::map<std::string, std::string> marks; ///< what it knows of the sources, by kind
    detail::dated_articles dates;             ///< what it must read anew without an event

    using named_articles = std::set<std::pair<std::string, article_id>>;

    /// Reads on in the log and in what the host tells.
    result<std::size_t> read_on() {
        std::lock_guard const lock{reading};
        if (!std::exchange(opened, true) && !options.embed) // vectors are not kept, and come with their documents
            kept.open([this](detail::piece_list&& found) {
                auto made = search::index::open(index_options(), std::move(found.parts));
                if (!made)
                    return false;
                index = std::move(*made);
                seq = found.seq;
                marks = std::move(found.marks);
                if (auto const with_dates = marks.extract(detail::dated_articles::mark))
                    dates.recall(with_dates.mapped());
                return true;
            });
        GUICHET_LET(auto changed, read_log());
        GUICHET_TRY(read_dated());
        for (auto const& [kind, source] : options.sources) {
            GUICHET_TRY(detail::check_kind(kind));
            changed += read_source(kind, *source);
        }
        return changed;
    }

    /// Reads on in the log, and the tickets and articles that it names as they are now.
    result<std::size_t> read_log() {
        std::size_t changed = 0;
        for (;;) {
            GUICHET_LET(auto const events, store.read_log(seq, limits::page_rows_max));
            if (events.empty())
                return changed;
            std::set<std::pair<std::string, ticket_id>> tickets;
            named_articles articles;
            for (auto const& e : events) {
                if (is_article_type(e.type))
                    articles.emplace(e.tenant, storage::article_in_log(e.ticket));
                else
                    tickets.emplace(e.tenant, e.ticket);
                purges |= detail::erases(e);
            }
            std::vector<search::document> fresh;
            for (auto const& [tenant, id] : tickets)
                GUICHET_TRY(read(tenant, id, fresh, articles));
            for (auto const& [tenant, id] : articles)
                GUICHET_TRY(read(tenant, id, fresh));
            index.add(fresh);
            seq = events.back().seq;
            changed += tickets.size() + articles.size();
            unkept += tickets.size() + articles.size();
            if (events.size() == limits::page_rows_max) // a long way, on which each segment makes the next step longer
                while (index.merge(std::numeric_limits<std::size_t>::max())) {
                }
        }
    }

    /// Reads the articles anew whose dates have come.
    result<void> read_dated() {
        std::vector<search::document> fresh;
        for (auto const& [tenant, id] : dates.due(on.env().now()))
            GUICHET_TRY(read(tenant, id, fresh));
        index.add(fresh);
        unkept += fresh.size();
        return {};
    }

    /// Reads what changed in a source of the host; how many documents. Where it fails, the mark stays, so that it is
    /// asked for the same again.
    std::size_t read_source(std::string const& kind, document_source& source) {
        auto& mark = marks[kind];
        auto at = mark;
        std::optional<std::set<std::string>> listed; ///< where all are told anew
        std::size_t changed = 0;
        for (bool more = true; more;) {
            auto told = detail::heard_of(kind, [&] { return source.changes(at); });
            if (!told) {
                meanings.count(told.error());
                return changed;
            }
            if (told->all || (mark.empty() && !listed))
                listed.emplace();
            changed += take(kind, *told, listed);
            at = std::move(told->mark);
            more = told->more;
        }
        mark = std::move(at);
        if (listed)
            for (auto const& id : index.now().ids_of(kind))
                if (!listed->contains(id))
                    forget(id);
        return changed;
    }

    std::size_t take(std::string const& kind, document_changes const& told,
                     std::optional<std::set<std::string>>& listed) {
        for (auto const& [tenant, id] : told.removed)
            forget(detail::host_document_id(kind, tenant, id));
        std::vector<search::document> fresh;
        for (auto const& one : told.put) {
            auto const id = detail::host_document_id(kind, one.tenant, one.id);
            if (auto const fits = detail::check_host_document(one); !fits) {
                meanings.count(fits.error());
                forget(id); // what it was is no longer true
                continue;
            }
            if (listed)
                listed->insert(id);
            auto d = detail::document_of(kind, one, options.language);
            replace(d, fresh);
        }
        index.add(fresh);
        auto const changed = told.put.size() + told.removed.size();
        purges |= told.destroys;
        unkept += told.destroys ? options.keep_tickets : changed;
        return changed;
    }

    /// Keeps the index in the store when enough changed. Nobody who searches waits for the writing.
    result<void> keep() {
        std::lock_guard const one_at_a_time{keeping};
        std::vector<search::piece> pieces;
        std::uint64_t until = 0;
        std::map<std::string, std::string> told;
        {
            std::lock_guard const lock{reading};
            if (unkept < options.keep_tickets)
                return {};
            if (std::exchange(purges, false))
                index.purge();
            pieces = index.now().pieces();
            until = seq;
            told = marks;
            if (!dates.empty())
                told.emplace(detail::dated_articles::mark, dates.told());
            unkept = 0;
        }
        auto const done = kept.keep(pieces, until, std::move(told));
        if (done)
            return {};
        std::lock_guard const lock{reading};
        unkept += options.keep_tickets;
        return done.error().why() == reason::store_read_only ? result<void>{} : done;
    }

    void replace(search::document& d, std::vector<search::document>& out) {
        if (!detail::says_something(d))
            return forget(d.id);
        meanings.put(d);
        out.push_back(std::move(d));
    }
    void forget(std::string const& id) {
        meanings.remove(id);
        index.remove(id);
    }

    /// The documents of an article; those that it has no more go at once.
    result<void> read(std::string const& tenant, article_id id, std::vector<search::document>& out) {
        GUICHET_LET(auto const a, store.load_article(tenant, id));
        if (!a)
            return {};
        dates.await(*a, on.env().now());
        GUICHET_LET(auto both, documents_of(*a));
        replace(both.own, out);
        replace(both.with_tickets, out);
        return {};
    }
    result<detail::article_documents> documents_of(article const& a) const {
        std::vector<std::string> helped;
        auto const latest = std::span{a.tickets}.last(std::min(a.tickets.size(), limits::helped_tickets_max));
        for (auto const ticket : latest) {
            GUICHET_LET(auto const t, store.load(a.tenant, ticket));
            if (!t || t->open() || t->merged_into)
                continue;
            GUICHET_LET(auto const texts, store.read_texts(ticket));
            helped.push_back(detail::words_of_helped(*t, texts));
        }
        return detail::documents_of(a, helped, options.language, on.env().now());
    }

    /// The documents of a ticket; those that it has no more go at once. The articles that helped may find more now.
    result<void> read(std::string const& tenant, ticket_id id, std::vector<search::document>& out,
                      named_articles& helpers) {
        GUICHET_LET(auto const t, store.load(tenant, id));
        if (!t)
            return {};
        for (auto const helper : t->articles)
            helpers.emplace(tenant, helper);
        bool const merged = static_cast<bool>(t->merged_into); // its texts are found in the other one
        if (merged)
            GUICHET_TRY(read(tenant, t->merged_into, out, helpers));
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
            if (merged)
                forget(d->id);
            else
                replace(*d, out);
        return {};
    }

    result<search::viewer> keys(viewer const& who) const {
        auto const in_force = on.config();
        GUICHET_LET(access::role const* const as, in_force->roles->find(who));
        auto out = detail::keys_of(who, *as);
        auto const reader = detail::reader_of(*in_force, who, *as);
        detail::add_article_keys(reader, access::sees_all(who, *as), out.keys);
        for (auto const& [kind, source] :
             options.sources) // of no others, though the index may have been kept with some
            detail::add_document_keys(kind, reader, out.keys);
        return out;
    }

    /// A condition of the host on what somebody sees is not in the index: each ticket that would be found is read.
    /// `further`: what else must hold.
    using acceptance = std::function<bool(std::string_view document)>;
    result<acceptance> accepted_by_host(viewer const& who, acceptance further = {}) const {
        GUICHET_LET(access::role const* const as, on.config()->roles->find(who));
        if (as->only.always())
            return further;
        return acceptance{[this, &who, further = std::move(further)](std::string_view document) {
            bool const is_ticket = !detail::is_host_document(document) && !detail::is_article_document(document);
            auto const id = parse_id<ticket_id>(detail::thing_part(document));
            return (!is_ticket || (id && on.find(*id, who))) && (!further || further(document));
        }};
    }

    /// Lets only tickets through for which a condition holds. `failed` is why one could not be read.
    result<void> restrict(search::request& asked, std::string const& where, viewer const& who,
                          std::optional<error>& failed) {
        auto const in_force = on.config();
        auto const now = on.env().now();
        GUICHET_LET(auto const wanted, detail::compile_where(where, in_force->viewed));
        auto [indexed, exact] = detail::split(wanted);
        indexed.parts.push_back(detail::of_kind(detail::ticket_kind));
        asked.where = search::all_of({std::move(asked.where), std::move(indexed)});
        if (exact)
            return {};
        asked.accepts = [this, in_force, now, wanted, &who, &failed](std::string_view document) {
            auto const id = parse_id<ticket_id>(detail::thing_part(document));
            auto const t = id ? store.load(who.tenant, *id) : result<storage::ticket_snapshot>{nullptr};
            if (!t)
                failed = t.error();
            if (!t || !*t)
                return false;
            ticket_record const record{**t, in_force->viewed};
            return wanted.evaluate(record, ticket_context(now, in_force->calendars.get()));
        };
        return {};
    }

    /// An attribute of tickets, the kind, or an attribute of a source's documents.
    bool is_countable(std::string_view name) const {
        auto const dot = name.find('.');
        return detail::is_attribute(name) || name == "document" ||
               (dot != name.npos && options.sources.contains(std::string{name.substr(0, dot)}));
    }
    result<void> check_facets(std::span<std::string const> names) const {
        for (auto const& name : names)
            if (!is_countable(name)) {
                std::string known = "document";
                for (auto const one : detail::attribute_fields)
                    known.append(", ").append(one);
                for (auto const& [kind, source] : options.sources)
                    known.append(", ").append(kind).append(".NAME");
                return error{reason::unknown_field, {{"path", "facets"}, {"known", std::move(known)}}};
            }
        return {};
    }

    std::vector<std::string> source_kinds() const {
        std::vector<std::string> out;
        for (auto const& [kind, source] : options.sources)
            out.push_back(kind);
        return out;
    }
    result<void> check_kinds(std::span<std::string const> kinds) const {
        auto known = source_kinds();
        known.insert(known.end(), {std::string{detail::ticket_kind}, std::string{detail::article_kind}});
        for (auto const& kind : kinds)
            GUICHET_TRY(checks::check_known("kinds", kind, known));
        return {};
    }

    std::vector<search::vector_hit> like_in_meaning(search::snapshot const& now, search::request const& asked) {
        auto out = meanings.find(asked);
        if (out.empty())
            return out;
        std::vector<std::string> ids;
        for (auto const& one : out)
            ids.push_back(one.id);
        auto const admitted = now.admits(asked, ids);
        std::size_t place = 0;
        std::erase_if(out, [&](search::vector_hit const&) { return !admitted[place++]; });
        return out;
    }

    /// Who is shown what was found, and the words that he asked for.
    struct onlooker {
        viewer const& who;
        search::viewer const& eyes;
        search::highlighter words;
    };
    static onlooker onlooker_of(search::request const& asked, viewer const& who, text::analysers& with) {
        return {who, asked.who, {with, asked.language, asked.text}};
    }

    /// How many documents are asked of the words for so many hits.
    std::size_t depth_of(std::size_t top) const noexcept {
        return options.embed ? std::max(top * 2 + 2, detail::fused_depth) : top * 2 + 2;
    }

    /// Shows what was found. Two documents of one ticket or article are one hit; `self` is none.
    result<search_results> look(search::snapshot const& now, search::reading const& read, search::request const& asked,
                                search::answer found, onlooker const& to, ticket_id self) {
        auto wider = asked;
        wider.top = asked.top * 2 + 2;
        auto const alike = like_in_meaning(now, wider);
        search_results out;
        out.did_you_mean = found.did_you_mean;
        auto const number = self ? std::nullopt : detail::typed_number::of(asked.text);
        auto order = number ? with_digits_of(*number, asked) : std::vector<detail::found_document>{};
        auto const numbered = order.size();
        std::ranges::move(detail::fused(found.hits, alike), std::back_inserter(order));
        double const best = numbered < order.size() ? order[numbered].score : 0;
        std::set<std::string, std::less<>> known{to_string(self)};
        std::vector<std::string> ids; // of the hits
        for (std::size_t i = 0; i < order.size() && out.hits.size() < asked.top; ++i) {
            auto const& hit = order[i];
            auto const thing = detail::thing_part(hit.id);
            if (known.contains(thing))
                continue;
            auto shown = show(hit.id, to);
            if (!shown)
                continue; // it changed hands just now
            if (i < numbered && !number->ends(shown->number))
                continue;
            known.emplace(thing);
            shown->score = i < numbered ? std::max(best, hit.score) : hit.score;
            shown->similarity = hit.similarity;
            if (i < numbered)
                shown->because = {shown->number};
            if (auto const place = place_among(out.hits, *shown, asked.language); place < out.hits.size()) {
                out.hits[place] = std::move(*shown);
                ids[place] = hit.id;
            } else if (place == out.hits.size()) {
                out.hits.push_back(std::move(*shown));
                ids.push_back(hit.id);
            }
        }
        auto const why = read.explain(ids);
        for (std::size_t i = 0; i < ids.size(); ++i)
            if (out.hits[i].because.empty())
                out.hits[i].because = search::detail::telling(why[i]);
        return out;
    }

    /// Where among the hits one belongs: behind them, or, of an article that says what another translation among them
    /// says, in its place if it speaks the language of who asks and the other does not; else nowhere (`npos`).
    std::size_t place_among(std::vector<search_result> const& hits, search_result& fresh, text::tongue asked) const {
        auto const original = [](search_result const& of) {
            return of.translation_of ? of.translation_of : of.article;
        };
        auto const same = std::find_if(hits.begin(), hits.end(), [&](search_result const& one) {
            return fresh.article && one.article && original(one) == original(fresh);
        });
        auto const place = static_cast<std::size_t>(same - hits.begin());
        if (same == hits.end())
            return place;
        auto const speaks = [&](search_result const& one) {
            return detail::tongue_or(one.language, options.language) == asked;
        };
        if (!speaks(fresh) || speaks(*same))
            return std::string::npos;
        fresh.score = same->score;
        return place;
    }

    /// The documents that may have a number which ends so.
    std::vector<detail::found_document> with_digits_of(detail::typed_number const& number,
                                                       search::request asked) const {
        auto const typed = "tags:" + number.digits();
        asked.text = typed;
        asked.top = limits::numbered_documents_max;
        asked.as_you_type = asked.fuzzy = false;
        std::vector<detail::found_document> out;
        for (auto const& one : index.now().find(asked).hits)
            out.push_back({one.id, one.score});
        return out;
    }

    /// What a document speaks of, as he sees it now.
    result<search_result> show(std::string_view document, onlooker const& to) const {
        if (detail::is_host_document(document))
            return show(detail::host_document_parts(document), to);
        auto const id = parse_id<ticket_id>(detail::thing_part(document));
        if (!id)
            return error{reason::store_corrupt, {{"problem", "the search index names what has no id"}}};
        return detail::is_article_document(document) ? show(storage::article_in_log(*id), to) : show(*id, to);
    }

    result<search_result> show(ticket_id id, onlooker const& to) const {
        GUICHET_LET(auto const t, on.find(id, to.who));
        search_result out;
        out.kind = detail::ticket_kind;
        out.ticket = t.id;
        out.number = t.number;
        out.subject = t.subject;
        out.state = t.state;
        GUICHET_LET(out.snippet, snippet_of(t, to));
        return out;
    }
    result<search_result> show(article_id id, onlooker const& to) const {
        GUICHET_LET(auto const a, on.find_article(id, to.who));
        search_result out;
        out.kind = detail::article_kind;
        out.article = a.id;
        out.translation_of = a.translation_of;
        out.language = a.language;
        out.number = a.number;
        out.subject = a.title;
        out.state = json::to_text(a.state);
        auto said = a.title;
        for (auto const* text : {&a.symptom, &a.cause})
            detail::add_text(said, *text);
        for (auto const* text : {&a.workaround, &a.body})
            detail::add_text(said, text::plain_of_markdown(*text));
        out.snippet = to.words.snippet(said);
        return out;
    }

    result<search_result> show(std::array<std::string_view, 3> const& parts, onlooker const& to) const {
        auto const& [kind, tenant, id] = parts;
        auto const source = options.sources.find(std::string{kind});
        if (source == options.sources.end() || tenant != to.who.tenant)
            return detail::no_document(parts);
        GUICHET_LET(auto const one, detail::heard_of(kind, [&] { return source->second->find(tenant, id); }));
        if (!one || !detail::opens(detail::document_of(kind, *one, options.language), to.eyes))
            return detail::no_document(parts);
        search_result out;
        out.kind = kind;
        out.document = out.number = id;
        out.subject = one->title;
        auto said = one->title;
        detail::add_text(said, one->symptom);
        detail::add_text(said, one->body);
        out.snippet = to.words.snippet(said);
        return out;
    }

    result<std::string> snippet_of(ticket const& t, onlooker const& to) const {
        GUICHET_LET(auto const said, on.conversation(t.id, to.who));
        std::string text = t.subject;
        for (auto const& m : said)
            detail::add_text(text, m.text);
        detail::add_text(text, t.resolution);
        return to.words.snippet(text);
    }

    result<std::unique_ptr<detail::like_question>> ask_like(ticket_id to, viewer const& who, std::size_t top) {
        GUICHET_TRY(read_on());
        GUICHET_LET(auto const t, on.find(to, who));
        GUICHET_LET(auto const said, detail::opening_of(on, t, who, options.language));
        GUICHET_LET(auto eyes, keys(who));
        GUICHET_LET(auto accepts, accepted_by_host(who));
        return std::make_unique<detail::like_question>(t.id, said, std::move(eyes), index.now(), top, on.env().now(),
                                                       std::move(accepts));
    }

    /// What scores less shares too little of what the ticket says of itself.
    double least_of(detail::like_question const& asked) const { return options.likeness_min * asked.own_score(); }

    /// What is like a ticket, of each of several kinds.
    result<std::vector<search_results>> like(ticket_id to, viewer const& who, std::size_t top,
                                             std::vector<search::filter> const& lists) {
        GUICHET_LET(auto const asked, ask_like(to, who, top));
        auto with = analysers.borrow();
        auto const looks = onlooker_of(asked->wish, who, *with);
        auto found = asked->read.find(depth_of(top), lists, least_of(*asked));
        std::vector<search_results> out;
        for (std::size_t i = 0; i < lists.size(); ++i) {
            asked->wish.where = lists[i];
            GUICHET_LET(out.emplace_back(),
                        look(asked->index, asked->read, asked->wish, std::move(found[i]), looks, asked->self));
        }
        return out;
    }
};

GUICHET_DECL finder::finder(desk const& of, finder_options options)
    : impl_{std::make_unique<implementation>(of, std::move(options))} {}
GUICHET_DECL finder::~finder() = default;
GUICHET_DECL finder::finder(finder&&) noexcept = default;
GUICHET_DECL finder& finder::operator=(finder&&) noexcept = default;

GUICHET_DECL result<std::size_t> finder::catch_up() {
    GUICHET_LET(auto const changed, impl_->read_on());
    impl_->index.merge(impl_->options.merge_documents);
    impl_->meanings.catch_up();
    GUICHET_TRY(impl_->keep());
    return changed;
}

GUICHET_DECL finder_health finder::health() const { return impl_->meanings.health(); }

GUICHET_DECL result<search_results> finder::find(find_request const& asked, viewer const& who) const {
    GUICHET_TRY(impl_->read_on());
    GUICHET_LET(auto const eyes, impl_->keys(who));
    search::request wish{.text = asked.typed, .who = eyes};
    wish.language = asked.language.value_or(impl_->options.language);
    wish.top = asked.top;
    wish.now = impl_->on.env().now();
    wish.as_you_type = asked.as_you_type;
    std::optional<error> failed;
    GUICHET_TRY(impl_->check_facets(asked.facets));
    GUICHET_TRY(impl_->check_kinds(asked.kinds));
    wish.where = asked.having;
    if (!asked.kinds.empty())
        wish.where = search::all_of({std::move(wish.where), search::has("document", asked.kinds)});
    if (!asked.where.empty())
        GUICHET_TRY(impl_->restrict(wish, asked.where, who, failed));
    GUICHET_LET(wish.accepts, impl_->accepted_by_host(who, std::move(wish.accepts)));
    auto const now = impl_->index.now();
    auto const read = now.read(wish);
    auto with = impl_->analysers.borrow();
    GUICHET_LET(auto out, impl_->look(now, read, wish, read.find(impl_->depth_of(wish.top), wish.where),
                                      impl_->onlooker_of(wish, who, *with), {}));
    if (!asked.facets.empty())
        out.facets = now.facets(wish, asked.facets, &detail::thing_part);
    if (failed)
        return *failed;
    return out;
}

GUICHET_DECL result<std::vector<std::string>> finder::complete(std::string_view typed, viewer const& who,
                                                               std::size_t top) const {
    GUICHET_TRY(impl_->read_on());
    GUICHET_LET(access::role const* const as, impl_->on.config()->roles->find(who));
    if (!as->only.always())
        return std::vector<std::string>{}; // of what he sees, the index does not know the words
    GUICHET_LET(auto const eyes, impl_->keys(who));
    return impl_->index.now().suggest(typed, eyes, top);
}

GUICHET_DECL result<search_results> finder::similar(ticket_id to, viewer const& who, std::size_t top) const {
    GUICHET_LET(auto found, impl_->like(to, who, top, {detail::of_kind(detail::ticket_kind)}));
    return std::move(found.front());
}

GUICHET_DECL result<suggestions> finder::suggest(ticket_id to, viewer const& who, std::size_t top) const {
    std::vector<search::filter> lists{detail::of_kind(detail::article_kind), search::has("open", {"false"}),
                                      search::has("open", {"true"})};
    if (!impl_->options.sources.empty())
        lists.push_back(search::has("document", impl_->source_kinds()));
    GUICHET_LET(auto found, impl_->like(to, who, top, lists));
    suggestions out{.articles = std::move(found[0].hits),
                    .solved = std::move(found[1].hits),
                    .duplicates = std::move(found[2].hits)};
    if (found.size() > 3)
        out.documents = std::move(found[3].hits);
    return out;
}

namespace detail {

inline void write(json::writer& w, std::vector<search_result> const& hits) {
    w.begin_array();
    for (auto const& hit : hits) {
        w.begin_object();
        auto const named = hit.ticket    ? std::pair{"ticket", to_string(hit.ticket)}
                           : hit.article ? std::pair{"article", to_string(hit.article)}
                                         : std::pair{"document", hit.document};
        for (auto const& [name, value] : {named,
                                          {"kind", hit.kind},
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
        w.texts(hit.because);
        w.end_object();
    }
    w.end_array();
}

} // namespace detail

GUICHET_DECL std::string encode(search_results const& found) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("hits");
    detail::write(w, found.hits);
    w.key("did_you_mean");
    w.text(found.did_you_mean);
    w.key("facets");
    w.begin_object();
    for (auto const& facet : found.facets) {
        w.key(facet.name);
        w.begin_object();
        for (auto const& [value, tickets] : facet.values) {
            w.key(value);
            w.number(static_cast<std::uint64_t>(tickets));
        }
        w.end_object();
    }
    w.end_object();
    w.end_object();
    return out;
}

GUICHET_DECL std::string encode(suggestions const& some) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("articles");
    detail::write(w, some.articles);
    w.key("solved");
    detail::write(w, some.solved);
    w.key("duplicates");
    detail::write(w, some.duplicates);
    w.key("documents");
    detail::write(w, some.documents);
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
