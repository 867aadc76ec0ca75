#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/alike.hpp>
#include <guichet/engine/ask.hpp>
#include <guichet/engine/described.hpp>
#include <guichet/engine/impl/answers.ipp>
#include <guichet/engine/knowledge.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/reporting/output.hpp>

#include <span>

namespace guichet::inline v0 {
namespace detail {

/// Any JSON, for whoever knows what it is.
struct any_json {
    boost::json::value of{};
};

/// A document as somebody who configures writes it; without a body it is withdrawn.
struct given_document {
    std::string kind{}, id{};
    any_json body{};
};
BOOST_DESCRIBE_STRUCT(given_document, (), (kind, id, body))

} // namespace detail

template <>
struct json::form<v0::detail::any_json> {
    static void write(writer& out, v0::detail::any_json const& value, fullness) {
        out.raw(boost::json::serialize(value.of));
    }
    static result<void> read(boost::json::value const& from, v0::detail::any_json& into, path const&) {
        into.of = from;
        return {};
    }
};

namespace detail {

/// Everything that some query or task takes. One name means the same in all of them.
struct question {
    std::string ticket{}, article{}, problem{}, action{}, person{}, name{}, guide{}; ///< what it is about
    std::string field{}, rule{}, team{}, exclude{}, kind{}, id{}, path{}, what{};
    std::uint32_t version = 0, edition = 0, attachment = 0;
    std::optional<instant> at{}, from{}, to{}, since{};
    std::chrono::seconds within_seconds{};
    std::uint32_t days = 90;
    any_json where{};
    std::vector<any_json> conditions{};
    std::vector<std::string> order{}, by{}, facets{}, kinds{};
    std::string cursor{}, after{};
    std::uint64_t after_seq = 0;
    inquiry_id after_id{};
    std::optional<std::size_t> limit{}, top{};
    article_list wanted = article_list::all;
    std::string typed{}, language{}, calendar{};
    bool as_you_type = false, all_tenants = false;
    double hourly_rate = 0;
    std::vector<given_document> documents{};
    any_json command{};
    decision_policy::which keep = decision_policy::which::none;
    std::uint32_t one_in = 100;
};
BOOST_DESCRIBE_STRUCT(question, (),
                      (ticket, article, problem, action, person, name, guide, field, rule, team, exclude, kind, id,
                       path, what, version, edition, attachment, at, from, to, since, within_seconds, days, where,
                       conditions, order, by, facets, kinds, cursor, after, after_seq, after_id, limit, top, wanted,
                       typed, language, calendar, as_you_type, all_tenants, hourly_rate, documents, command, keep,
                       one_in))

/// A condition or a body as text, whether it was written as text or as JSON.
inline std::string text_of(any_json const& written) {
    if (written.of.is_null())
        return {};
    return written.of.is_string() ? std::string{std::string_view{written.of.get_string()}}
                                  : boost::json::serialize(written.of);
}

inline view view_of(question const& q) {
    view out;
    out.where = text_of(q.where);
    out.order = q.order;
    out.limit = q.limit.value_or(out.limit);
    out.cursor = q.cursor;
    return out;
}

inline report_period period_of(question const& q) {
    report_period const all;
    return {q.from.value_or(all.from), q.to.value_or(all.to)};
}

inline std::vector<document> documents_of(question const& q) {
    std::vector<document> out;
    for (auto const& given : q.documents) {
        auto& d = out.emplace_back();
        d.kind = given.kind;
        d.id = given.id;
        d.body = text_of(given.body);
    }
    return out;
}

/// JSON, or why there is none.
using answered = result<std::string>;

template <class T>
answered told(result<T> const& found) {
    if (!found)
        return found.error();
    return answer(*found);
}
inline answered told(result<void> const& done) {
    if (!done)
        return done.error();
    return std::string{"null"};
}

inline std::vector<std::string> words_of(std::string_view names) {
    std::vector<std::string> out;
    while (!names.empty()) {
        auto const end = std::min(names.find(' '), names.size());
        out.emplace_back(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return out;
}

/// A name by which a host asks for something: what it needs, what it may have beside, what it comes to.
struct asked_name {
    std::string_view name, needs, may, says;
    answered (*run)(asked_desk const& of, actor const& who, question const& q);

    bool takes(std::string_view one) const {
        for (auto const names : {needs, may})
            for (auto const& name : words_of(names))
                if (name == one)
                    return true;
        return false;
    }
    std::string known() const {
        std::string out;
        for (auto const& row : json::detail::rows<question>)
            if (takes(row.name))
                out.append(out.empty() ? "" : ", ").append(row.name);
        return out;
    }
};

inline std::string catalogue_of(std::initializer_list<std::span<asked_name const>> lists, std::string_view key) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& list : lists)
        for (auto const& one : list)
            w.raw(answer_object{}
                      .add(key, one.name)
                      .add("needs", words_of(one.needs))
                      .add("may", words_of(one.may))
                      .add("says", one.says)
                      .done());
    w.end_array();
    return out;
}

/// What `ask(id)` says of the ticket, or of the article, that the question names.
template <class Ask>
answered of_ticket(asked_desk const& of, actor const& who, question const& q, Ask const& ask) {
    GUICHET_LET(auto const t, of.core.find(q.ticket, who));
    return told(ask(t.id));
}
template <class Ask>
answered of_article(asked_desk const& of, actor const& who, question const& q, Ask const& ask) {
    GUICHET_LET(auto const a, of.core.find_article(q.article, who));
    return told(ask(a.id));
}
/// The same for who has a right.
template <class Ask>
answered with_right(asked_desk const& of, actor const& who, std::string_view right, Ask const& ask) {
    GUICHET_TRY(of.core.config()->roles->require(who, right));
    return told(ask());
}

inline answered ask_clocks(asked_desk const& of, actor const& who, question const& q) {
    GUICHET_LET(auto const t, of.core.find(q.ticket, who));
    auto const hold = of.core.config();
    return told(of.core.clocks(t));
}

inline answered ask_dry_run(asked_desk const& of, actor const& who, question const& q) {
    auto const candidates = documents_of(q);
    if (q.ticket.empty())
        return told(of.core.dry_run(candidates, view_of(q), who));
    GUICHET_LET(auto const t, of.core.find(q.ticket, who));
    GUICHET_LET(auto would, of.core.dry_run(candidates, t.id, who));
    return answer(std::vector{dry_run_of_ticket{t.id, t.number, std::move(would)}});
}

inline answered ask_effect(asked_desk const& of, actor const& who, question const& q) {
    GUICHET_LET(auto const problem, of.core.find(q.problem, who));
    ticket_id action;
    if (!q.action.empty()) {
        GUICHET_LET(auto const found, of.core.find(q.action, who));
        action = found.id;
    }
    return told(of.core.effect_of(problem.id, who, action, q.since, std::chrono::days{q.days}));
}

inline answered ask_search(asked_desk const& of, actor const& who, question const& q) {
    find_request asked;
    asked.typed = q.typed;
    asked.top = q.top.value_or(asked.top);
    asked.as_you_type = q.as_you_type;
    asked.where = text_of(q.where);
    asked.facets = q.facets;
    asked.kinds = q.kinds;
    if (!q.language.empty())
        asked.language = text::tongue_of(q.language);
    return told(of.found.find(asked, who));
}

inline answered ask_clusters(asked_desk const& of, actor const& who, question const& q) {
    alike_options how;
    how.language = text::tongue_of(q.language);
    return told(clusters(of.core, view_of(q), who, how));
}

inline answered ask_report(asked_desk const& of, actor const& who, question const& q) {
    report_request const asked{q.what,     q.by,          period_of(q),  text_of(q.where),
                               q.calendar, q.hourly_rate, q.all_tenants, q.top.value_or(0)};
    return told(of.counted.report(asked, who));
}

inline answered ask_knowledge(asked_desk const& of, actor const& who, question const& q) {
    knowledge_request asked;
    asked.period = period_of(q);
    asked.top = q.top.value_or(asked.top);
    asked.language = text::tongue_of(q.language);
    return told(report_knowledge(of.core, of.found, who, asked));
}

inline answered ask_rehearsal(asked_desk const& of, actor const& who, question const& q) {
    GUICHET_LET(auto wish, read_command(q.command.of));
    if (wish.by.person.empty())
        wish.by = who;
    return told(of.core.rehearse(wish));
}

inline answered ask_count(asked_desk const& of, actor const& who, question const& q) {
    std::vector<view> views;
    for (auto const& one : q.conditions)
        views.emplace_back().where = text_of(one);
    return told(of.core.count(views, who));
}

inline answered ask_documents(asked_desk const& of, actor const& who, question const& q) {
    return with_right(of, who, access::configure, [&]() -> result<std::vector<document>> {
        GUICHET_LET(auto kept, of.core.store().documents(q.kind));
        std::erase_if(kept, [](document const& d) { return d.body.empty(); }); // withdrawn
        return kept;
    });
}

inline answered keep_decisions(asked_desk const& of, actor const& who, question const& q) {
    return with_right(of, who, access::configure, [&]() -> result<void> {
        of.core.keep_decisions({q.keep, q.one_in, q.limit.value_or(decision_policy{}.most)});
        return {};
    });
}

inline answered keep_inquiries(asked_desk const& of, actor const& who, question const& q) {
    return with_right(of, who, access::configure, [&]() -> result<void> {
        of.core.keep_inquiries(std::chrono::days{q.days});
        return {};
    });
}

inline answered catch_up(asked_desk const& of, actor const&, question const&) {
    GUICHET_LET(auto const read, of.found.catch_up());
    GUICHET_TRY(of.counted.catch_up());
    return answer(read);
}

inline constexpr asked_name ticket_queries[] = {
    {"find", "ticket", "", "the ticket as it stands",
     [](auto& of, auto& who, auto& q) { return told(of.core.find(q.ticket, who)); }},
    {"conversation", "ticket", "", "its messages, oldest first, as far as the viewer may read them",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.conversation(id, who); });
     }},
    {"history", "ticket", "", "its events, oldest first, as far as the viewer may read them",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.history(id, who); });
     }},
    {"as_of", "ticket at", "", "the ticket as it was at an instant",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.as_of(id, *q.at, who); });
     }},
    {"clocks", "ticket", "", "its service level clocks, now", ask_clocks},
    {"explain", "ticket", "", "why each of its clocks stands where it stands",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.explain(id, who); });
     }},
    {"journey", "ticket", "", "where it has been: who held it, how long, why it moved",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.journey(id, who); });
     }},
    {"decisions", "ticket", "", "the decisions of rules that were kept of it",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.decisions(id, who); });
     }},
    {"why", "ticket field", "", "who or what gave a field its values, oldest first",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.why(id, q.field, who); });
     }},
    {"why_not", "ticket rule", "version",
     "what became of a rule at the change that led to a version (default: the last one)",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.why_not(id, q.rule, who, q.version); });
     }},
    {"route", "ticket", "team exclude", "whom the routing would choose for it now, and why",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.core.route(id, who, {q.team, q.exclude}); });
     }},
    {"similar", "ticket", "top", "the tickets that are most like it",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.found.similar(id, who, q.top.value_or(10)); });
     }},
    {"suggest", "ticket", "top", "what may help: articles, and similar tickets by what became of them",
     [](auto& of, auto& who, auto& q) {
         return of_ticket(of, who, q, [&](ticket_id id) { return of.found.suggest(id, who, q.top.value_or(5)); });
     }},
    {"render", "article ticket", "language", "what a canned reply says on a ticket",
     [](auto& of, auto& who, auto& q) { return told(of.core.render(q.article, q.ticket, who, q.language)); }},
    {"effect_of", "problem", "action since days", "whether a problem's tickets became fewer", ask_effect},
};

inline constexpr asked_name desk_queries[] = {
    {"query", "", "where order limit cursor", "a page of tickets",
     [](auto& of, auto& who, auto& q) { return told(of.core.query(view_of(q), who)); }},
    {"count", "conditions", "", "one counter for each condition", ask_count},
    {"at_risk", "within_seconds", "", "the clocks whose deadline has passed or comes so soon",
     [](auto& of, auto& who, auto& q) { return told(of.core.at_risk(q.within_seconds, who)); }},
    {"read_log", "", "after_seq limit", "all events after a seq, for followers; needs the right audit",
     [](auto& of, auto& who, auto& q) { return told(of.core.read_log(q.after_seq, q.limit.value_or(1'000), who)); }},
    {"search", "typed", "top as_you_type where facets kinds language", "the tickets and articles that fit best",
     ask_search},
    {"complete", "typed", "top", "words that begin as the text ends",
     [](auto& of, auto& who, auto& q) { return told(of.found.complete(q.typed, who, q.top.value_or(8))); }},
    {"clusters", "", "where order limit cursor language", "tickets of a page that may be one incident", ask_clusters},
    {"find_article", "article", "", "an article that the viewer may read",
     [](auto& of, auto& who, auto& q) { return told(of.core.find_article(q.article, who)); }},
    {"article_history", "article", "", "its events, oldest first; needs the right write_article",
     [](auto& of, auto& who, auto& q) {
         return of_article(of, who, q, [&](article_id id) { return of.core.article_history(id, who); });
     }},
    {"article_edition", "article edition", "", "the article as it was when an edition of it (from 1) was written",
     [](auto& of, auto& who, auto& q) {
         return of_article(of, who, q, [&](article_id id) { return of.core.article_edition(id, q.edition, who); });
     }},
    {"articles", "", "after limit wanted", "the articles that the viewer may read, by number",
     [](auto& of, auto& who, auto& q) {
         return told(of.core.articles(who, q.after, q.limit.value_or(100), q.wanted));
     }},
    {"guides", "", "", "the diagnostic guides that the viewer may walk",
     [](auto& of, auto& who, auto&) { return told(of.core.guides(who)); }},
    {"find_guide", "name", "", "one guide",
     [](auto& of, auto& who, auto& q) { return told(of.core.find_guide(q.name, who)); }},
    {"inquiries", "", "at after_id limit",
     "what was asked of the knowledge base after the one of that instant and id; needs the right audit",
     [](auto& of, auto& who, auto& q) {
         return told(of.core.inquiries(who, {q.at.value_or(instant::min()), q.after_id}, q.limit.value_or(1'000)));
     }},
    {"redistribute", "person", "", "who would get the open tickets of somebody who leaves",
     [](auto& of, auto& who, auto& q) { return told(of.core.redistribute(q.person, who)); }},
    {"report", "what", "by from to where calendar hourly_rate all_tenants top", "figures; needs the right audit",
     ask_report},
    {"attainment", "", "from to by", "how the promises were kept; needs the right audit",
     [](auto& of, auto& who, auto& q) {
         return told(q.by.empty() ? of.core.attainment(period_of(q), who)
                                  : of.core.attainment(period_of(q), who, q.by));
     }},
    {"time_spent", "", "from to calendar", "how long the tickets were in each state, team and tier",
     [](auto& of, auto& who, auto& q) {
         return told(of.core.time_spent(period_of(q), who, q.calendar.empty() ? "default" : q.calendar));
     }},
    {"guide_report", "", "guide from to",
     "how often each branch of a guide was taken, and what came of it; needs the right audit",
     [](auto& of, auto& who, auto& q) { return told(of.core.guide_report(period_of(q), who, q.guide)); }},
    {"trends", "", "from to", "what comes faster than usual, and what was told of it",
     [](auto& of, auto& who, auto& q) { return told(of.core.trends(period_of(q), who)); }},
    {"knowledge", "", "from to top language",
     "what the knowledge base is worth and what it lacks; needs the right audit", ask_knowledge},
    {"rehearse", "command", "", "what a command would come to now, with all that rules would do", ask_rehearsal},
    {"dry_run", "documents", "ticket where order limit cursor",
     "what rules under these documents would do about the last change of a ticket, or of each of a page", ask_dry_run},
    {"back_test", "", "documents from to",
     "what rules under these documents (none: those in force) would have done with the whole log; needs the right "
     "audit",
     [](auto& of, auto& who, auto& q) { return told(of.core.back_test(documents_of(q), period_of(q), who)); }},
    {"preview", "documents", "", "what the documents would do to the open tickets",
     [](auto& of, auto& who, auto& q) { return told(of.core.preview(documents_of(q), who)); }},
    {"documents", "", "kind", "the documents in force; needs the right configure", ask_documents},
    {"behind", "", "", "whether open tickets are still to be counted again after apply",
     [](auto& of, auto&, auto&) { return answered{answer(of.core.behind())}; }},
    {"verify", "", "", "replays the whole log and tells what does not fit; needs the right audit",
     [](auto& of, auto& who, auto&) { return with_right(of, who, access::audit, [&] { return of.core.verify(); }); }},
    {"stats", "", "", "sizes", [](auto& of, auto&, auto&) { return told(of.core.stats()); }},
};

inline constexpr asked_name tasks[] = {
    {"configure", "documents", "", "puts documents in force, with all that follows for open tickets",
     [](auto& of, auto& who, auto& q) { return told(of.core.configure(documents_of(q), who)); }},
    {"apply", "documents", "", "puts documents in force; open tickets follow in pump",
     [](auto& of, auto& who, auto& q) { return told(of.core.apply(documents_of(q), who)); }},
    {"roll_back", "kind id version", "", "puts an earlier version of a document in force again",
     [](auto& of, auto& who, auto& q) { return told(of.core.roll_back(q.kind, q.id, q.version, who)); }},
    {"reroute", "person", "", "routes the open tickets of somebody who leaves; how many moved",
     [](auto& of, auto& who, auto& q) { return told(of.core.reroute(q.person, who)); }},
    {"redact_person", "person", "", "erases all that a person wrote; how many tickets were touched",
     [](auto& of, auto& who, auto& q) { return told(of.core.redact_person(q.person, who)); }},
    {"keep_decisions", "keep", "one_in limit",
     "which decisions of rules to keep from now on; needs the right configure", keep_decisions},
    {"keep_inquiries", "days", "", "how long inquiries are kept; needs the right configure", keep_inquiries},
    {"backup", "path", "", "copies the desk to a file while it goes on; needs the right audit",
     [](auto& of, auto& who, auto& q) {
         return with_right(of, who, access::audit, [&] { return of.core.backup(q.path); });
     }},
    {"catch_up", "", "", "lets search and reports read what was written since, and keeps what they made of it",
     catch_up},
};

inline answered bytes_of(asked_desk const& of, actor const& who, question const& q) {
    GUICHET_LET(auto const t, of.core.find(q.ticket, who));
    GUICHET_LET(auto const bytes, of.core.read_file(t.id, q.attachment, who));
    return std::string{reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

inline constexpr asked_name files[] = {{"read_file", "ticket attachment", "", "the bytes of an attachment", bytes_of}};

inline constexpr asked_name catalogues[] = {
    {"queries", "", "", "these names, and what each needs, may have and says",
     [](auto&, auto&, auto&) -> answered {
         return catalogue_of({ticket_queries, desk_queries}, "query");
     }},
    {"tasks", "", "", "the names of tasks, likewise",
     [](auto&, auto&, auto&) -> answered { return catalogue_of({tasks}, "task"); }},
};

/// Reads what a name takes, and nothing else.
inline result<question> read_question(boost::json::object const& from, asked_name const& to, std::string_view key,
                                      std::string_view by) {
    question out;
    std::vector<std::string_view> envelope{key, by, "role", "tenant"};
    for (auto const& [name, value] : from)
        if (std::find(envelope.begin(), envelope.end(), std::string_view{name}) == envelope.end() && !to.takes(name))
            return error{reason::unknown_field, {{"path", std::string{std::string_view{name}}}, {"known", to.known()}}};
    for (auto const& name : words_of(to.needs))
        if (auto const* given = from.if_contains(name); !given || given->is_null())
            return error{reason::missing_field, {{"path", name}}};
    GUICHET_TRY(json::read_members(from, out, json::path(), envelope));
    return out;
}

/// `key` names what is wished, `by` who wishes it.
inline answered answer_to(asked_desk const& of, std::string_view text, std::string_view key, std::string_view by,
                          std::span<std::span<asked_name const> const> lists) {
    if (text.size() > limits::command_bytes_max)
        return error{reason::limit_passed,
                     {{"path", std::string{key}},
                      {"found", std::to_string(text.size())},
                      {"limit", std::to_string(limits::command_bytes_max)}}};
    GUICHET_LET(auto const value, json::parse(text));
    auto const* object = value.if_object();
    if (!object)
        return json::wrong_type(json::path(key), "an object", value);
    auto const* name = object->if_contains(key);
    if (!name)
        return error{reason::missing_field, {{"path", std::string{key}}}};
    std::string known;
    for (auto const& list : lists)
        for (auto const& one : list) {
            known.append(known.empty() ? "" : ", ").append(one.name);
            if (!name->is_string() || std::string_view{name->get_string()} != one.name)
                continue;
            GUICHET_LET(auto const asked, read_question(*object, one, key, by));
            actor who;
            GUICHET_TRY(json::read_who(*object, by, who));
            if (who.person.empty())
                return error{reason::missing_field, {{"path", std::string{by}}}};
            return one.run(of, who, asked);
        }
    return json::unknown_value(json::path(key), *name, known);
}

} // namespace detail

GUICHET_DECL result<std::string> ask(asked_desk const& of, std::string_view query) {
    static constexpr std::span<detail::asked_name const> lists[] = {detail::ticket_queries, detail::desk_queries,
                                                                    detail::catalogues};
    return detail::answer_to(of, query, "query", "viewer", lists);
}

GUICHET_DECL result<std::string> manage(asked_desk const& of, std::string_view task) {
    static constexpr std::span<detail::asked_name const> lists[] = {detail::tasks};
    return detail::answer_to(of, task, "task", "by", lists);
}

GUICHET_DECL result<std::string> read_file(asked_desk const& of, std::string_view query) {
    static constexpr std::span<detail::asked_name const> lists[] = {detail::files};
    return detail::answer_to(of, query, "query", "viewer", lists);
}

} // namespace guichet::inline v0
