#pragma once
#include "commands.hpp"

#include <memory>
#include <string>
#include <utility>

/// What the commands about articles share.
namespace guichet::cli {

/// A command about an article that is named by its id or number.
command about_article(context const& c, std::string const& named, command_body body);

/// Says what a command about an article came to.
int tell(context const& c, outcome const& came_to, msg what);

/// The subcommands `article ... ARTICLE`; only one is chosen, so they share the name.
struct article_family {
    builder& to;
    CLI::App& under;
    std::shared_ptr<std::string> named = std::make_shared<std::string>();

    CLI::App* add(char const* name, msg help, action what) const {
        auto* sub = to.add(under, msg::group_articles, name, help, std::move(what));
        sub->add_option("ARTICLE", *named, to.say(msg::help_article_named))->required();
        return sub;
    }
    /// Executes what `make` gives when the program runs.
    template <class Make>
    CLI::App* executes(char const* name, msg help, msg done, Make make) const {
        return add(name, help, [article = named, done, make](context& c) -> result<int> {
            GUICHET_LET(desk* const d, c.open_desk());
            GUICHET_LET(auto const came_to, d->execute(about_article(c, *article, make())));
            return tell(c, came_to, done);
        });
    }
};

void add_review_commands(article_family const& to);  // submit, return, rate, use
void add_edition_commands(article_family const& to); // diff, restore, draft
void add_render_command(article_family const& to);   // render

} // namespace guichet::cli
