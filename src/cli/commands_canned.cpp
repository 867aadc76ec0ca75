// reply, article render.

#include "commands_article.hpp"

#include <guichet/json/writer.hpp>
#include <guichet/text/markdown.hpp>

#include <memory>

namespace guichet::cli {
namespace {

result<int> run_reply(context& c, std::string const& named, reply said) {
    GUICHET_LET(desk* const d, c.open_desk());
    if (said.text == "-" || said.text.starts_with('@')) {
        GUICHET_LET(said.text, read_all(said.text == "-" ? said.text : said.text.substr(1)));
    }
    GUICHET_LET(auto const came_to, d->execute(c.wish(std::move(said), named)));
    return tell(c, came_to, msg::replied);
}

struct render_options {
    std::string ticket, language;
    bool html = false;
};

/// An article with the values of a ticket, or without a ticket as it stands.
result<rules::wording> rendered(desk const& d, std::string const& named, render_options const& given,
                                viewer const& who) {
    if (!given.ticket.empty())
        return d.render(named, given.ticket, who, given.language);
    GUICHET_LET(auto const a, d.find_article(named, who));
    return rules::wording{a.language, a.title, text::plain_of_markdown(a.body), text::html_of_markdown(a.body)};
}

result<int> run_render(context& c, std::string const& named, render_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const said, rendered(*d, named, given, c.who()));
    if (!c.opt().json) {
        print_line(given.html ? said.html : harmless(said.text, true));
        return 0;
    }
    std::string out;
    json::writer w{out};
    w.begin_object();
    for (auto const& [name, value] : {std::pair{"language", &said.language},
                                      {"subject", &said.subject},
                                      {"text", &said.text},
                                      {"html", &said.html}}) {
        w.key(name);
        w.text(*value);
    }
    w.end_object();
    print_line(out);
    return 0;
}

} // namespace

void add_reply_command(builder& to) {
    auto const ticket = std::make_shared<std::string>();
    auto const said = std::make_shared<reply>();
    auto* sub = to.add(msg::group_tickets, "reply", msg::help_reply,
                       [ticket, said](context& c) { return run_reply(c, *ticket, *said); });
    sub->add_option("TICKET", *ticket, to.say(msg::help_ticket))->required();
    sub->add_option("TEXT", said->text, to.say(msg::help_reply_text));
    to.option(sub, "--canned", said->canned, msg::help_reply_canned);
    to.option(sub, "--language", said->language, msg::help_reply_language);
    to.option(sub, "--state", said->state, msg::help_reply_state);
}

void add_render_command(article_family const& to) {
    auto const given = std::make_shared<render_options>();
    auto* sub = to.add("render", msg::help_article_render,
                       [named = to.named, given](context& c) { return run_render(c, *named, *given); });
    to.to.option(sub, "--ticket", given->ticket, msg::help_article_render_ticket);
    to.to.option(sub, "--language", given->language, msg::help_reply_language);
    to.to.flag(sub, "--html", given->html, msg::help_article_render_html);
}

} // namespace guichet::cli
