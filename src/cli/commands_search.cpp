// search, similar: what the desk knows of a failure already.

#include "commands.hpp"
#include "host_documents.hpp"
#include "table.hpp"
#include "vocabulary.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/alike.hpp>
#include <guichet/engine/finder.hpp>

#include <algorithm>
#include <memory>

namespace guichet::cli {
namespace {

struct search_options {
    std::vector<std::string> words, facets, kinds, with;
    std::string where;
    std::size_t limit = 10;
    bool record = false;
};

std::string list(context& c, std::vector<search_result> const& hits) {
    table rows{{{c.say()(msg::number)},
                {c.say()(msg::state)},
                {c.say()(msg::subject), false, true},
                {c.say()(msg::search_because)}}};
    for (auto const& hit : hits)
        rows.add({{hit.number, style::bold},
                  {harmless(hit.state.empty() ? hit.kind : hit.state)},
                  {harmless(hit.subject)},
                  {harmless(joined(hit.because, ", ")), style::dim}});
    return rows.print(c.out());
}

result<finder> finder_of(context const& c, desk const& d, std::vector<std::string> const& with) {
    finder_options options{.language = c.tongue()};
    GUICHET_LET(options.sources, read_documents(with, c.who().tenant));
    return finder{d, std::move(options)};
}

/// The facets, a line each: "queue: network 12, desk 3".
std::string list(std::vector<search::facet> const& facets) {
    std::string out;
    for (auto const& one : facets) {
        out += harmless(one.name) + ':';
        for (auto const& [value, tickets] : one.values)
            out += (&value == &one.values.front().value ? " " : ", ") + harmless(value) + ' ' + std::to_string(tickets);
        out += '\n';
    }
    return out;
}

/// The id under which a search is recorded, with the first that it showed.
result<std::string> record(context const& c, desk& d, std::string const& typed, search_results const& found) {
    record_inquiry asked{.words = typed, .language = std::string{text::code_of(c.tongue())}};
    for (auto const& hit : found.hits)
        if (asked.shown.size() < limits::inquiry_shown_max)
            asked.shown.push_back(hit.number);
    GUICHET_LET(auto const came_to, d.execute(c.wish(std::move(asked))));
    return to_string(came_to.inquiry);
}

result<int> run_search(context& c, search_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto in, finder_of(c, *d, given.with));
    auto const typed = joined(given.words, " ");
    find_request asked{.typed = typed, .language = c.tongue(), .top = given.limit};
    asked.where = given.where;
    asked.facets = given.facets;
    asked.kinds = given.kinds;
    GUICHET_LET(auto const found, in.find(asked, c.who()));
    (void)in.catch_up(); // keeps the index for the next search, where the file may be written
    std::string recorded;
    if (given.record) {
        GUICHET_LET(recorded, record(c, *d, typed, found));
    }
    if (c.opt().json) {
        auto out = guichet::encode(found);
        if (!recorded.empty())
            out.insert(1, R"("inquiry":")" + recorded + R"(",)");
        print_line(out);
        return 0;
    }
    if (found.hits.empty())
        print_line(c.say()(msg::search_nothing));
    else
        print(list(c, found.hits));
    print(list(found.facets));
    if (!found.did_you_mean.empty())
        print_line(c.say()(msg::search_meant, c.out().paint(style::cyan, harmless(found.did_you_mean))));
    if (!recorded.empty())
        print_line(c.out().paint(style::dim, c.say()(msg::search_recorded, recorded)));
    return 0;
}

struct similar_options {
    std::string ticket, where;
    std::vector<std::string> with;
    std::size_t limit = 5;
    bool clusters = false;
};

std::string list(context& c, ticket_cluster const& cluster) {
    table rows{{{c.say()(msg::number)},
                {c.say()(msg::state)},
                {c.say()(msg::subject), false, true},
                {c.say()(msg::similar_likeness), true}}};
    rows.add({{cluster.master.number, style::bold},
              {harmless(cluster.master.state)},
              {harmless(cluster.master.subject)},
              {c.say()(msg::similar_master), style::green}});
    for (auto const& one : cluster.others)
        rows.add({{one.number, style::bold},
                  {harmless(one.state)},
                  {harmless(one.subject)},
                  {std::to_string(static_cast<int>(one.likeness * 100 + 0.5)) + " %", style::dim}});
    return rows.print(c.out());
}

result<int> run_clusters(context& c, similar_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    view among;
    among.where = given.where;
    GUICHET_LET(auto found, guichet::clusters(*d, among, c.who(), {.language = c.tongue()}));
    found.resize(std::min(found.size(), given.limit));
    if (c.opt().json) {
        print_line(guichet::encode(found));
        return 0;
    }
    if (found.empty())
        print_line(c.say()(msg::search_nothing));
    for (auto const& one : found) {
        print_line(c.out().paint(style::yellow, c.say()(msg::similar_cluster, std::to_string(one.others.size() + 1),
                                                        harmless(joined(one.words, ", ")))));
        print(list(c, one));
    }
    return 0;
}

result<int> run_similar(context& c, similar_options const& given) {
    if (given.clusters)
        return run_clusters(c, given);
    if (given.ticket.empty())
        return error{reason::bad_usage, {{"problem", c.say()(msg::similar_what)}}};
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(given.ticket, c.who()));
    GUICHET_LET(auto in, finder_of(c, *d, given.with));
    GUICHET_LET(auto const some, in.suggest(t.id, c.who(), given.limit));
    (void)in.catch_up();
    if (c.opt().json) {
        print_line(guichet::encode(some));
        return 0;
    }
    if (some.articles.empty() && some.solved.empty() && some.duplicates.empty() && some.documents.empty())
        print_line(c.say()(msg::search_nothing));
    auto const show = [&](std::vector<search_result> const& hits, style look, msg title) {
        if (hits.empty())
            return;
        print_line(c.out().paint(look, c.say()(title)));
        print(list(c, hits));
    };
    show(some.articles, style::cyan, msg::similar_articles);
    show(some.solved, style::green, msg::similar_solved);
    show(some.duplicates, style::yellow, msg::similar_open);
    show(some.documents, style::cyan, msg::similar_documents);
    return 0;
}

} // namespace

void add_search_commands(builder& to) {
    auto const looked = std::make_shared<search_options>();
    auto* search =
        to.add(msg::group_tickets, "search", msg::help_search, [looked](context& c) { return run_search(c, *looked); });
    search->add_option("WORDS", looked->words, to.say(msg::help_search_text))->required();
    to.option(search, "--where", looked->where, msg::help_where);
    to.option(search, "--facets", looked->facets, msg::help_facets)->delimiter(',')->allow_extra_args(false);
    to.option(search, "--kind", looked->kinds, msg::help_search_kind)->delimiter(',')->allow_extra_args(false);
    to.option(search, "--with", looked->with, msg::help_search_with)->allow_extra_args(false);
    to.option(search, "--limit", looked->limit, msg::help_limit);
    to.flag(search, "--record", looked->record, msg::help_search_record);
    auto const alike = std::make_shared<similar_options>();
    auto* similar = to.add(msg::group_tickets, "similar", msg::help_similar,
                           [alike](context& c) { return run_similar(c, *alike); });
    similar->alias("suggest");
    similar->add_option("TICKET", alike->ticket, to.say(msg::help_ticket));
    to.flag(similar, "--clusters", alike->clusters, msg::help_clusters);
    to.option(similar, "--where", alike->where, msg::help_where);
    to.option(similar, "--with", alike->with, msg::help_search_with)->allow_extra_args(false);
    to.option(similar, "--limit", alike->limit, msg::help_limit);
}

} // namespace guichet::cli
