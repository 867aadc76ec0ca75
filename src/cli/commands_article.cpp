// article write, show, list, publish, archive, redact, link, import.

#include "article_import.hpp"
#include "commands.hpp"
#include "table.hpp"

#include <guichet/json/describe.hpp>
#include <guichet/model/codec.hpp>

#include <cstdio>
#include <memory>

namespace guichet::cli {
namespace {

std::string state_of(context const& c, article const& a) {
    switch (a.state) {
    case article_state::draft: return c.say()(msg::article_draft);
    case article_state::published: return c.say()(msg::article_is_published);
    case article_state::archived: return c.say()(msg::article_is_archived);
    }
    return {};
}

int tell(context const& c, outcome const& came_to, msg what) {
    print_line(c.opt().json ? guichet::encode(came_to) : c.say()(what, c.out().paint(style::bold, came_to.number)));
    return 0;
}

/// A command about an article that is named by its id or number.
command about(context const& c, std::string const& named, command_body body) {
    command out;
    out.by = c.who();
    out.body = std::move(body);
    if (auto const id = parse_id<article_id>(named); id)
        out.article = *id;
    else
        out.number = named;
    return out;
}

// --- write

result<int> run_write(context& c, write_article wish) {
    GUICHET_LET(desk* const d, c.open_desk());
    if (wish.body.starts_with('@')) {
        GUICHET_LET(wish.body, read_all(wish.body.substr(1)));
    }
    GUICHET_LET(auto const came_to, d->execute(about(c, "", std::move(wish))));
    return tell(c, came_to, msg::article_is_written);
}

void add_write(builder& to, CLI::App& under) {
    auto const wish = std::make_shared<write_article>();
    auto* sub = to.add(under, msg::group_articles, "write", msg::help_article_write,
                       [wish](context& c) { return run_write(c, *wish); });
    sub->add_option("TITLE", wish->title, to.say(msg::help_article_title))->required();
    to.option(sub, "--symptom", wish->symptom, msg::help_article_symptom);
    to.option(sub, "--body", wish->body, msg::help_article_body);
    to.option(sub, "--language", wish->language, msg::help_article_language);
    to.option(sub, "--category", wish->category, msg::help_category);
    to.option(sub, "--tag", wish->tags, msg::help_tag);
    to.option(sub, "--audience", wish->audience, msg::help_article_audience);
    to.flag(sub, "--publish", wish->publish, msg::help_article_publish_now);
}

// --- show, list

result<int> run_show(context& c, std::string const& named) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const a, d->find_article(named, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(a));
        return 0;
    }
    auto const& out = c.out();
    print_line(out.paint(style::bold, a.number + "  " + harmless(a.title)));
    auto const audience = a.audience.empty() ? std::string{"staff"} : harmless(joined(a.audience, ", "));
    print_line(out.paint(style::dim, c.say()(msg::article_head, state_of(c, a), audience, harmless(a.language),
                                             out.date(a.updated_at), harmless(a.author), out.number(a.links))));
    if (!a.tags.empty())
        print_line(out.paint(style::dim, harmless(joined(a.tags, ", "))));
    for (auto const* text : {&a.symptom, &a.body})
        if (!text->empty())
            print_line("\n" + harmless(*text, true));
    return 0;
}

struct list_options {
    std::string after;
    std::size_t limit = 50;
};

result<int> run_list(context& c, list_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const page, d->articles(c.who(), given.after, given.limit));
    if (c.opt().json) {
        std::string out;
        json::writer w{out};
        w.begin_object();
        w.key("articles");
        w.begin_array();
        for (auto const& a : page.articles)
            w.raw(guichet::encode(a));
        w.end_array();
        w.key("next");
        w.text(page.next);
        w.end_object();
        print_line(out);
        return 0;
    }
    if (page.articles.empty()) {
        print_line(c.say()(msg::no_article));
        return 0;
    }
    table rows{{{c.say()(msg::number)},
                {c.say()(msg::state)},
                {c.say()(msg::article_title), false, true},
                {c.say()(msg::article_language)},
                {c.say()(msg::article_links), true}}};
    for (auto const& a : page.articles)
        rows.add({{a.number, style::bold},
                  {state_of(c, a)},
                  {harmless(a.title)},
                  {harmless(a.language)},
                  {c.out().number(a.links)}});
    print(rows.print(c.out()));
    if (!page.next.empty())
        print_line(c.out().paint(style::dim, c.say()(msg::more_articles, page.next)));
    return 0;
}

result<int> run_history(context& c, std::string const& named) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const a, d->find_article(named, c.who()));
    GUICHET_LET(auto const events, d->article_history(a.id, c.who()));
    show_history(c, *d, a.number + "  " + a.title, events);
    return 0;
}

// --- import

result<int> run_import(context& c, std::vector<std::string> const& paths, bool draft) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const done, import_articles(*d, c.who(), paths, !draft));
    if (c.opt().json) {
        std::string out;
        json::writer w{out};
        w.begin_object();
        for (auto const& [name, count] :
             {std::pair{"new", done.fresh}, {"revised", done.revised}, {"unchanged", done.unchanged}}) {
            w.key(name);
            w.number(std::uint64_t{count});
        }
        w.key("errors");
        w.begin_array();
        for (auto const& p : done.problems) {
            w.begin_object();
            w.key("place");
            w.text(p.place);
            w.key("message");
            w.text(p.what.describe(c.say().lang));
            w.end_object();
        }
        w.end_array();
        w.end_object();
        print_line(out);
    } else {
        for (auto const& p : done.problems)
            fmt::print(stderr, "guichet: {}: {}\n", harmless(p.place), harmless(p.what.describe(c.say().lang)));
        print_line(c.say()(msg::articles_imported, c.out().number(done.fresh), c.out().number(done.revised),
                           c.out().number(done.unchanged)));
    }
    return done.problems.empty() ? 0 : info(done.problems.front().what.code()).exit_code;
}

} // namespace

void add_article_commands(builder& to) {
    auto& family = *to.add_family(msg::group_articles, "article", msg::help_article);
    add_write(to, family);

    auto const named = std::make_shared<std::string>();
    auto const on_article = [&](char const* name, msg help, action what) {
        auto* sub = to.add(family, msg::group_articles, name, help, std::move(what));
        sub->add_option("ARTICLE", *named, to.say(msg::help_article_named))->required();
        return sub;
    };
    on_article("show", msg::help_article_show, [named](context& c) { return run_show(c, *named); });
    on_article("history", msg::help_article_history, [named](context& c) { return run_history(c, *named); });
    auto const executes = [named](command_body body, msg what) {
        return [named, body, what](context& c) -> result<int> {
            GUICHET_LET(desk* const d, c.open_desk());
            GUICHET_LET(auto const came_to, d->execute(about(c, *named, body)));
            return tell(c, came_to, what);
        };
    };
    on_article("publish", msg::help_article_publish, executes(publish_article{}, msg::article_published_now));
    on_article("archive", msg::help_article_archive, executes(archive_article{}, msg::article_archived_now));

    auto const gone = std::make_shared<redact_article>();
    auto* redact = on_article("redact", msg::help_article_redact, [named, gone, executes](context& c) -> result<int> {
        return executes(*gone, msg::article_redacted_now)(c);
    });
    to.option(redact, "--field", gone->field, msg::help_article_redact_field);
    to.option(redact, "--person", gone->person, msg::help_article_redact_person);
    to.flag(redact, "--earlier", gone->earlier, msg::help_article_redact_earlier);

    auto const ticket = std::make_shared<std::string>();
    auto* link = on_article("link", msg::help_article_link, [named, ticket](context& c) -> result<int> {
        GUICHET_LET(desk* const d, c.open_desk());
        GUICHET_LET(auto const t, d->find(*ticket, c.who()));
        command wish;
        wish.by = c.who();
        wish.body = link_article{*named};
        wish.ticket = t.id;
        GUICHET_LET(auto const came_to, d->execute(wish));
        return tell(c, came_to, msg::article_linked_now);
    });
    link->add_option("TICKET", *ticket, to.say(msg::help_ticket))->required();

    auto const listed = std::make_shared<list_options>();
    auto* list = to.add(family, msg::group_articles, "list", msg::help_article_list,
                        [listed](context& c) { return run_list(c, *listed); });
    to.option(list, "--after", listed->after, msg::help_article_after);
    to.option(list, "--limit", listed->limit, msg::help_limit);

    auto const paths = std::make_shared<std::vector<std::string>>();
    auto const draft = std::make_shared<bool>(false);
    auto* import = to.add(family, msg::group_articles, "import", msg::help_article_import,
                          [paths, draft](context& c) { return run_import(c, *paths, *draft); });
    import->add_option("PATH", *paths, to.say(msg::help_article_paths))->required();
    to.flag(import, "--draft", *draft, msg::help_article_draft);
}

} // namespace guichet::cli
