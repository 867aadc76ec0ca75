#include "completion.hpp"

#include <fmt/format.h>

namespace guichet::cli {
namespace {

std::vector<CLI::App const*> commands_of(CLI::App const& app) {
    return app.get_subcommands([](CLI::App const*) { return true; });
}

std::vector<CLI::Option const*> options_of(CLI::App const& app) {
    return app.get_options([](CLI::Option const* o) { return o->nonpositional(); });
}

std::string words_of(CLI::App const& app) {
    std::string out;
    for (auto const* o : options_of(app))
        for (auto const& name : o->get_lnames())
            out.append(out.empty() ? "" : " ").append("--").append(name);
    return out;
}

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (auto const c : text)
        out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return out + "'";
}

std::string names_of(std::vector<CLI::App const*> const& commands) {
    std::string out;
    for (auto const* c : commands)
        out.append(out.empty() ? "" : " ").append(c->get_name());
    return out;
}

std::string bash_script(CLI::App const& app) {
    std::string const names = names_of(commands_of(app));
    std::string cases, families;
    for (auto const* sub : commands_of(app)) {
        cases += fmt::format("            {}) words=\"{}\" ;;\n", sub->get_name(), words_of(*sub));
        auto const members = commands_of(*sub);
        if (members.empty())
            continue;
        families += fmt::format("        {}) family=\"{}\" ;;\n", sub->get_name(), names_of(members));
        for (auto const* member : members)
            cases += fmt::format("            \"{} {}\") words=\"{}\" ;;\n", sub->get_name(), member->get_name(),
                                 words_of(*member));
    }
    return fmt::format(R"(_guichet() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" command="" family="" words="" word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        if [[ -n "$family" ]]; then
            case " $family " in *" $word "*) command="$command $word"; family=""; break ;; esac
            continue
        fi
        case " {0} " in *" $word "*) command="$word" ;; *) continue ;; esac
        case "$command" in
{3}        *) break ;;
        esac
    done
    if [[ "$current" == -* ]]; then
        case "$command" in
{1}        esac
        COMPREPLY=($(compgen -W "{2} $words" -- "$current"))
    elif [[ -z "$command" ]]; then
        COMPREPLY=($(compgen -W "{0}" -- "$current"))
    elif [[ -n "$family" ]]; then
        COMPREPLY=($(compgen -W "$family" -- "$current"))
    elif [[ "$command" == completion ]]; then
        COMPREPLY=($(compgen -W "bash zsh fish" -- "$current"))
    else
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}}
complete -o filenames -F _guichet guichet
)",
                       names, cases, words_of(app), families);
}

std::string fish_script(CLI::App const& app) {
    auto const none = std::string{"__fish_use_subcommand"};
    std::string out = "complete -c guichet -e\n";
    for (auto const* o : options_of(app))
        for (auto const& name : o->get_lnames())
            out += fmt::format("complete -c guichet -l {} {}-d {}\n", name, o->get_items_expected_max() ? "-r " : "",
                               shell_quoted(o->get_description()));
    for (auto const* sub : commands_of(app)) {
        out += fmt::format("complete -c guichet -n {} -f -a {} -d {}\n", none, sub->get_name(),
                           shell_quoted(sub->get_description()));
        auto const seen = "__fish_seen_subcommand_from " + sub->get_name();
        auto const options = [&](CLI::App const& of, std::string const& when) {
            for (auto const* o : options_of(of))
                for (auto const& name : o->get_lnames())
                    out += fmt::format("complete -c guichet -n '{}' -l {} {}-d {}\n", when, name,
                                       o->get_items_expected_max() ? "-r " : "", shell_quoted(o->get_description()));
        };
        options(*sub, seen);
        auto const members = commands_of(*sub);
        for (auto const* member : members) {
            out += fmt::format("complete -c guichet -n '{}; and not __fish_seen_subcommand_from {}' -f -a {} -d {}\n",
                               seen, names_of(members), member->get_name(), shell_quoted(member->get_description()));
            options(*member, seen + "; and __fish_seen_subcommand_from " + member->get_name());
        }
    }
    return out;
}

} // namespace

std::string completion_script(CLI::App const& app, std::string_view shell) {
    if (shell == "fish")
        return fish_script(app);
    auto const bash = bash_script(app);
    return shell == "zsh" ? "autoload -Uz bashcompinit && bashcompinit\n" + bash : bash;
}

} // namespace guichet::cli
