#pragma once
#include "context.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace guichet::cli {

/// What a subcommand does; the number is the exit code of a program that did its work (0: all is well).
using action = std::function<result<int>(context&)>;

/// Collects the subcommands; the chosen one's action remains after parsing.
struct builder {
    CLI::App& app;
    speaker say;
    action chosen;

    CLI::App* add(msg group, std::string const& name, msg help, action what) {
        return add(app, group, name, help, std::move(what));
    }
    CLI::App* add(CLI::App& under, msg group, std::string const& name, msg help, action what) {
        auto* sub = under.add_subcommand(name, say(help));
        sub->group(say(group));
        sub->callback([this, what = std::move(what)] { chosen = what; });
        return sub;
    }
    /// A command that is but the first word of others, added under it.
    CLI::App* add_family(msg group, std::string const& name, msg help) {
        auto* sub = app.add_subcommand(name, say(help));
        sub->group(say(group));
        sub->require_subcommand(1);
        return sub;
    }
    /// An option of a subcommand with its help.
    template <class Value>
    CLI::Option* option(CLI::App* sub, std::string const& name, Value& into, msg help) const {
        return sub->add_option(name, into, say(help))->group(say(msg::group_options));
    }
    CLI::Option* flag(CLI::App* sub, std::string const& name, bool& into, msg help) const {
        return sub->add_flag(name, into, say(help))->group(say(msg::group_options));
    }
};

/// What happened to a ticket or an article; as JSON an event a line, without the heading.
void show_history(context const& c, desk const& d, std::string const& heading, std::vector<event> const& events);

void add_begin_commands(builder& to);    // init, replay
void add_ticket_commands(builder& to);   // open, list, show, sla, history, as-of
void add_reply_command(builder& to);     // reply
void add_program_commands(builder& to);  // execute, query, vectors, search-eval, completion
void add_care_commands(builder& to);     // pump, verify, stats, backup
void add_report_commands(builder& to);   // report
void add_rule_commands(builder& to);     // why, why-not, back-test
void add_people_commands(builder& to);   // route, leaves, journey, outbox
void add_search_commands(builder& to);   // search, similar (suggest)
void add_article_commands(builder& to);  // article write, revise, show, list, and others
void add_kb_commands(builder& to);       // kb report, kb follow
void add_guide_commands(builder& to);    // guide list, show, check, import, walk, report
void add_problem_commands(builder& to);  // problem show, resolve, undo, prevent, effect; major; rate
void add_trend_commands(builder& to);    // trends, gather
void add_rule_set_commands(builder& to); // rules list, show, lint, diff, export, import
void add_calendar_commands(builder& to); // calendar show, holidays, check, import

} // namespace guichet::cli
