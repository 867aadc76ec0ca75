// The command line program: `guichet --help`.

#include "commands.hpp"

#include <guichet/version.hpp>

#include <cstdio>
#include <filesystem>

namespace guichet::cli {
namespace {

/// The language of the help must be known before the options are read.
language early_language(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::string_view const word = argv[i];
        auto const value = word.starts_with("--lang=")        ? word.substr(7)
                           : word == "--lang" && i + 1 < argc ? std::string_view{argv[i + 1]}
                                                              : std::string_view{};
        if (!value.empty())
            return value == "fr" ? language::fr : language::en;
    }
    return locale_language();
}

void add_common_options(CLI::App& app, options& into, speaker say) {
    auto const group = say(msg::group_options);
    app.add_option("--db", into.db, say(msg::help_db))->type_name("FILE")->group(group);
    app.add_flag("--json", into.json, say(msg::help_json))->group(group);
    app.add_option("--as", into.as, say(msg::help_as))->type_name("PERSON[:ROLE]")->group(group);
    app.add_option("--tenant", into.tenant, say(msg::help_tenant))->group(group);
    app.add_option("--tz", into.tz, say(msg::help_tz))->group(group);
    app.add_option("--lang", into.lang, say(msg::help_lang))->check(CLI::IsMember({"en", "fr"}))->group(group);
    app.add_option("--now", into.now, say(msg::help_now))->type_name("TIME")->group(group);
}

void speak(CLI::App& app, speaker say) {
    auto const formatter = std::make_shared<CLI::Formatter>();
    formatter->label("Usage", say(msg::label_usage));
    formatter->label("Positionals", say(msg::label_positionals));
    formatter->label("SUBCOMMAND", say(msg::label_subcommand));
    formatter->label("OPTIONS", "OPTIONS");
    formatter->label("REQUIRED", say(msg::label_required));
    formatter->column_width(28);
    app.formatter(formatter);
    app.set_help_flag("-h,--help", say(msg::help_help))->group(say(msg::group_options));
}

/// What CLI11 found wrong, as one of our sentences.
std::string usage_error(CLI::ParseError const& e, CLI::App const& app, options const& opt, speaker say) {
    auto see = opt.program;
    auto const* asked = &app; // the last command that was named
    for (auto named = app.get_subcommands(); !named.empty(); named = asked->get_subcommands()) {
        asked = named.front();
        see += " " + asked->get_name();
    }
    see += " --help";
    bool const incomplete = !asked->get_subcommands([](CLI::App const*) { return true; }).empty();
    std::string const what = e.what();
    if (e.get_name() == "ExtrasError")
        return say(msg::usage_unknown, what.substr(std::min(what.rfind(": ") + 2, what.size())), see);
    auto const unknown = app.remaining(true);
    if (e.get_name() == "RequiredError" && incomplete)
        return unknown.empty() ? say(msg::usage_command, see) : say(msg::usage_unknown, unknown.front(), see);
    if (e.get_name() == "RequiredError")
        return say(msg::usage_required, what.substr(0, what.find(" is required")), see);
    return say(msg::usage_bad, what, see);
}

void complain(std::string const& sentence) { fmt::print(stderr, "guichet: {}\n", sentence); }

int fail(error const& e, bool json, language lang) {
    if (json)
        fmt::print(stderr, "{}\n", to_json(e, lang));
    else
        complain(e.describe(lang));
    return info(e.code()).exit_code;
}

int run(int argc, char** argv) {
    options opt;
    opt.program = argv[0];
    speaker const say{early_language(argc, argv)};
    CLI::App app{say(msg::help_program), "guichet"};
    speak(app, say);
    app.footer(say(msg::help_footer));
    app.set_version_flag("--version", std::string{"guichet "} + GUICHET_VERSION_STRING, say(msg::help_version))
        ->group(say(msg::group_options));
    app.fallthrough();
    app.require_subcommand(1);
    add_common_options(app, opt, say);
    builder commands{app, say, {}};
    add_begin_commands(commands);
    add_ticket_commands(commands);
    add_reply_command(commands);
    add_program_commands(commands);
    add_care_commands(commands);
    add_report_commands(commands);
    add_rule_commands(commands);
    add_people_commands(commands);
    add_search_commands(commands);
    add_article_commands(commands);
    add_kb_commands(commands);
    add_guide_commands(commands);
    add_problem_commands(commands);
    add_trend_commands(commands);
    add_rule_set_commands(commands);
    add_calendar_commands(commands);
    try {
        app.parse(argc, argv);
    } catch (CLI::Success const& e) {
        return app.exit(e);
    } catch (CLI::ParseError const& e) {
        auto const sentence = usage_error(e, app, opt, say);
        if (opt.json)
            fmt::print(stderr, "{}\n", to_json(error{reason::bad_usage, {{"problem", sentence}}}, say.lang));
        else
            complain(sentence);
        return info(errc::invalid_argument).exit_code;
    }
    auto const made = context::make(opt);
    if (!made)
        return fail(made.error(), opt.json, say.lang);
    auto const came_to = commands.chosen(**made);
    if (std::fflush(stdout) != 0)
        return fail(
            error{reason::file_unwritable, {{"path", "stdout"}, {"problem", std::generic_category().message(errno)}}},
            opt.json, say.lang);
    return came_to ? *came_to : fail(came_to.error(), opt.json, say.lang);
}

} // namespace
} // namespace guichet::cli

int main(int argc, char** argv) {
    try {
        return guichet::cli::run(argc, argv);
    } catch (std::exception const& e) {
        return guichet::cli::fail(guichet::error{guichet::reason::defect, {{"problem", e.what()}}}, false,
                                  guichet::cli::locale_language());
    }
}
