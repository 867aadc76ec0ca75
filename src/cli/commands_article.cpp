// article write, revise, show, list, publish, archive, redact, link, import.

#include "commands_article.hpp"
#include "article_import.hpp"
#include "table.hpp"

#include <guichet/json/describe.hpp>
#include <guichet/model/codec.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <tuple>

namespace guichet::cli {
namespace {

std::string state_of(context const& c, article const& a) {
    switch (a.state) {
    case article_state::draft: return c.say()(msg::article_draft);
    case article_state::review: return c.say()(msg::article_in_review);
    case article_state::published: return c.say()(msg::article_is_published);
    case article_state::archived: return c.say()(msg::article_is_archived);
    }
    return {};
}

// --- write, revise

/// What an article is to say, as options: what was not given stays as it is.
struct wording {
    std::optional<std::string> symptom, body, cause, workaround, attached, language, category, fix_version;
    std::optional<std::string> kind, problem, original, valid_from, valid_until, review_by;
    std::vector<std::string> tags, audience, assets, see_also;
};

void add_options(builder& to, CLI::App* sub, wording& into) {
    std::tuple<char const*, std::optional<std::string>&, msg> const texts[] = {
        {"--symptom", into.symptom, msg::help_article_symptom},
        {"--body", into.body, msg::help_article_body},
        {"--cause", into.cause, msg::help_article_cause},
        {"--workaround", into.workaround, msg::help_article_workaround},
        {"--attached", into.attached, msg::help_article_attached},
        {"--language", into.language, msg::help_article_language},
        {"--category", into.category, msg::help_category},
        {"--fix-version", into.fix_version, msg::help_article_fix_version},
        {"--kind", into.kind, msg::help_article_kind},
        {"--problem", into.problem, msg::help_article_problem},
        {"--translation-of", into.original, msg::help_article_translation_of},
        {"--valid-from", into.valid_from, msg::help_article_valid_from},
        {"--valid-until", into.valid_until, msg::help_article_valid_until},
        {"--review-by", into.review_by, msg::help_article_review_by}};
    for (auto const& [name, text, help] : texts)
        to.option(sub, name, text, help);
    to.option(sub, "--tag", into.tags, msg::help_tag);
    to.option(sub, "--audience", into.audience, msg::help_article_audience);
    to.option(sub, "--asset", into.assets, msg::help_article_asset);
    to.option(sub, "--see-also", into.see_also, msg::help_article_see_also);
}

result<article_kind> kind_named(std::string const& word) {
    if (auto const kind = json::from_text<article_kind>(word))
        return *kind;
    return error{reason::unknown_value,
                 {{"path", "--kind"}, {"value", word}, {"known", json::words_of<article_kind>()}}};
}

/// Of a `write_article` or a `revise_article`.
template <class Wish>
result<void> say(context const& c, desk const& d, wording const& given, Wish& wish) {
    auto const put = [](auto& into, auto const& from) {
        if (from)
            into = *from;
    };
    put(wish.symptom, given.symptom);
    put(wish.body, given.body);
    put(wish.cause, given.cause);
    put(wish.workaround, given.workaround);
    put(wish.attached, given.attached);
    put(wish.language, given.language);
    put(wish.category, given.category);
    put(wish.fix_version, given.fix_version);
    if (given.body && given.body->starts_with('@')) {
        GUICHET_LET(wish.body, read_all(given.body->substr(1)));
    }
    if (given.attached && given.attached->starts_with('@')) {
        GUICHET_LET(wish.attached, read_all(given.attached->substr(1)));
    }
    if (given.kind) {
        GUICHET_LET(wish.kind, kind_named(*given.kind));
    }
    if (given.problem) {
        GUICHET_LET(auto const behind, d.find(*given.problem, c.who()));
        wish.problem = behind.id;
    }
    if (given.original) {
        GUICHET_LET(auto const original, d.find_article(*given.original, c.who()));
        wish.translation_of = original.id;
    }
    if (given.valid_from) {
        GUICHET_LET(wish.valid_from, c.when(*given.valid_from, "--valid-from"));
    }
    if (given.valid_until) {
        GUICHET_LET(wish.valid_until, c.when(*given.valid_until, "--valid-until"));
    }
    if (given.review_by) {
        GUICHET_LET(wish.review_by, c.when(*given.review_by, "--review-by"));
    }
    auto const list = [](auto& into, std::vector<std::string> const& from) {
        if (!from.empty())
            into = from;
    };
    list(wish.tags, given.tags);
    list(wish.audience, given.audience);
    list(wish.assets, given.assets);
    std::vector<article_id> others;
    for (auto const& named : given.see_also) {
        GUICHET_LET(auto const other, d.find_article(named, c.who()));
        others.push_back(other.id);
    }
    if (!others.empty())
        wish.see_also = others;
    return {};
}

template <class Wish>
result<int> run_wording(context& c, std::string const& named, wording const& given, Wish wish, msg done) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(say(c, *d, given, wish));
    GUICHET_LET(auto const came_to, d->execute(about_article(c, named, std::move(wish))));
    return tell(c, came_to, done);
}

void add_write(builder& to, CLI::App& under) {
    auto const wish = std::make_shared<write_article>();
    auto const given = std::make_shared<wording>();
    auto* sub = to.add(under, msg::group_articles, "write", msg::help_article_write, [wish, given](context& c) {
        return run_wording(c, "", *given, *wish, msg::article_is_written);
    });
    sub->add_option("TITLE", wish->title, to.say(msg::help_article_title))->required();
    add_options(to, sub, *given);
    to.flag(sub, "--publish", wish->publish, msg::help_article_publish_now);
}

/// Writes a revision that waits beside what is published.
result<int> run_wait(context& c, std::string const& named, wording const& given, revise_article const& as) {
    if (!as.clear.empty())
        return error{reason::bad_value,
                     {{"path", "--clear"}, {"value", joined(as.clear, ",")}, {"hint", c.say()(msg::help_clear_waits)}}};
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const original, d->find_article(named, c.who()));
    write_article wish;
    wish.revision_of = original.id;
    wish.title = as.title.value_or("");
    GUICHET_TRY(say(c, *d, given, wish));
    GUICHET_LET(auto const came_to, d->execute(c.wish(std::move(wish))));
    print_line(c.opt().json ? guichet::encode(came_to)
                            : c.say()(msg::article_waits, c.out().paint(style::bold, came_to.number), original.number));
    return 0;
}

void add_revise(article_family const& family) {
    auto const wish = std::make_shared<revise_article>();
    auto const given = std::make_shared<wording>();
    auto const waits = std::make_shared<bool>(false);
    auto* sub = family.add("revise", msg::help_article_revise, [named = family.named, wish, given, waits](context& c) {
        return *waits ? run_wait(c, *named, *given, *wish)
                      : run_wording(c, *named, *given, *wish, msg::article_revised_now);
    });
    family.to.flag(sub, "--wait", *waits, msg::help_article_wait);
    family.to.option(sub, "--revises", wish->revises, msg::help_article_revises);
    family.to.option(sub, "--title", wish->title, msg::help_article_title);
    add_options(family.to, sub, *given);
    family.to.option(sub, "--clear", wish->clear, msg::help_article_clear);
}

// --- show, list

result<article> edition_of(desk const& d, std::string const& named, std::uint32_t edition, viewer const& who) {
    GUICHET_LET(auto present, d.find_article(named, who));
    return edition ? d.article_edition(present.id, edition, who) : present;
}

/// What there is to say beside the texts, one on a line.
void print_ties(context const& c, desk const& d, article const& a) {
    auto const line = [&](msg what, std::string const& value) {
        if (!value.empty())
            print_line(c.out().paint(style::dim, c.say()(what) + ": " + harmless(value)));
    };
    auto const day = [&](std::optional<instant> const& at) { return at ? c.out().date(*at) : std::string{}; };
    auto const title = [&](article_id id) {
        auto const other = d.find_article(id, c.who());
        return other ? other->number + " " + other->title : std::string{};
    };
    line(msg::article_fix_version, a.fix_version);
    if (auto const behind = d.find(a.problem, c.who()); a.problem && behind)
        line(msg::article_problem, behind->number + " " + behind->subject);
    line(msg::article_assets, joined(a.assets, ", "));
    for (auto const other : a.see_also)
        line(msg::article_see_also, title(other));
    line(msg::article_translation_of, title(a.translation_of));
    line(msg::article_revision_of, title(a.revision_of));
    line(msg::article_reviewers, joined(a.reviewers, ", "));
    line(msg::article_valid_from, day(a.valid_from));
    line(msg::article_valid_until, day(a.valid_until));
    line(msg::article_review_by, day(a.review_by));
}

result<int> run_article_show(context& c, std::string const& named, std::uint32_t edition) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const a, edition_of(*d, named, edition, c.who()));
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
    print_line(out.paint(style::dim, c.say()(msg::article_counts, a.edition, out.number(a.uses), out.number(a.helped),
                                             out.number(a.helped_not))));
    print_ties(c, *d, a);
    std::pair<msg, std::string const*> const parts[] = {{msg::article_symptom, &a.symptom},
                                                        {msg::article_cause, &a.cause},
                                                        {msg::article_workaround, &a.workaround},
                                                        {msg::article_body, &a.body}};
    for (auto const& [label, text] : parts)
        if (!text->empty())
            print_line("\n" + out.paint(style::cyan, c.say()(label)) + "\n" + harmless(*text, true));
    return 0;
}

struct article_list_options {
    std::string after;
    std::size_t limit = 50;
    bool outdated = false, due = false;
};

result<int> run_article_list(context& c, article_list_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    auto const wanted = given.outdated ? article_list::outdated
                        : given.due    ? article_list::review_due
                                       : article_list::all;
    GUICHET_LET(auto const page, d->articles(c.who(), given.after, given.limit, wanted));
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

result<int> run_article_history(context& c, std::string const& named) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const a, d->find_article(named, c.who()));
    GUICHET_LET(auto const events, d->article_history(a.id, c.who()));
    show_history(c, *d, a.number + "  " + a.title, events);
    return 0;
}

// --- import

result<int> run_article_import(context& c, std::vector<std::string> const& paths, bool draft) {
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

int tell(context const& c, outcome const& came_to, msg what) {
    print_line(c.opt().json ? guichet::encode(came_to) : c.say()(what, c.out().paint(style::bold, came_to.number)));
    return 0;
}

/// A command about an article that is named by its id or number.
command about_article(context const& c, std::string const& named, command_body body) {
    command out;
    out.by = c.who();
    out.body = std::move(body);
    if (auto const id = parse_id<article_id>(named); id)
        out.article = *id;
    else
        out.number = named;
    return out;
}

void add_article_commands(builder& to) {
    auto& family = *to.add_family(msg::group_articles, "article", msg::help_article);
    add_write(to, family);

    article_family const articles{to, family};
    auto const& named = articles.named;
    auto const edition = std::make_shared<std::uint32_t>(0);
    add_revise(articles);
    auto* show = articles.add("show", msg::help_article_show,
                              [named, edition](context& c) { return run_article_show(c, *named, *edition); });
    to.option(show, "--edition", *edition, msg::help_article_edition);
    articles.add("history", msg::help_article_history, [named](context& c) { return run_article_history(c, *named); });
    articles.executes("publish", msg::help_article_publish, msg::article_published_now,
                      [] { return publish_article{}; });
    articles.executes("archive", msg::help_article_archive, msg::article_archived_now,
                      [] { return archive_article{}; });
    add_review_commands(articles);
    add_edition_commands(articles);
    add_render_command(articles);

    auto const gone = std::make_shared<redact_article>();
    auto* redact =
        articles.executes("redact", msg::help_article_redact, msg::article_redacted_now, [gone] { return *gone; });
    to.option(redact, "--field", gone->field, msg::help_article_redact_field);
    to.option(redact, "--person", gone->person, msg::help_article_redact_person);
    to.flag(redact, "--earlier", gone->earlier, msg::help_article_redact_earlier);

    auto const ticket = std::make_shared<std::string>();
    auto* link = articles.add("link", msg::help_article_link, [named, ticket](context& c) -> result<int> {
        GUICHET_LET(desk* const d, c.open_desk());
        GUICHET_LET(auto const came_to, d->execute(c.wish(link_article{*named}, *ticket)));
        return tell(c, came_to, msg::article_linked_now);
    });
    link->add_option("TICKET", *ticket, to.say(msg::help_ticket))->required();

    auto const listed = std::make_shared<article_list_options>();
    auto* list = to.add(family, msg::group_articles, "list", msg::help_article_list,
                        [listed](context& c) { return run_article_list(c, *listed); });
    to.option(list, "--after", listed->after, msg::help_article_after);
    to.option(list, "--limit", listed->limit, msg::help_limit);
    auto* const outdated = to.flag(list, "--outdated", listed->outdated, msg::help_article_outdated);
    to.flag(list, "--due", listed->due, msg::help_article_due)->excludes(outdated);

    auto const paths = std::make_shared<std::vector<std::string>>();
    auto const draft = std::make_shared<bool>(false);
    auto* import = to.add(family, msg::group_articles, "import", msg::help_article_import,
                          [paths, draft](context& c) { return run_article_import(c, *paths, *draft); });
    import->add_option("PATH", *paths, to.say(msg::help_article_paths))->required();
    to.flag(import, "--draft", *draft, msg::help_article_draft);
}

} // namespace guichet::cli
