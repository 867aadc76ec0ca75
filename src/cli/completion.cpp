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

std::string bash_script(CLI::App const& app) {
    std::string names, cases;
    for (auto const* sub : commands_of(app)) {
        names.append(names.empty() ? "" : " ").append(sub->get_name());
        cases += fmt::format("            {}) words=\"{}\" ;;\n", sub->get_name(), words_of(*sub));
    }
    return fmt::format(R"(_guichet() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" command="" words="" word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case " {0} " in *" $word "*) command="$word"; break ;; esac
    done
    if [[ "$current" == -* ]]; then
        case "$command" in
{1}        esac
        COMPREPLY=($(compgen -W "{2} $words" -- "$current"))
    elif [[ -z "$command" ]]; then
        COMPREPLY=($(compgen -W "{0}" -- "$current"))
    elif [[ "$command" == completion ]]; then
        COMPREPLY=($(compgen -W "bash zsh fish" -- "$current"))
    else
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}}
complete -o filenames -F _guichet guichet
)",
                       names, cases, words_of(app));
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
        for (auto const* o : options_of(*sub))
            for (auto const& name : o->get_lnames())
                out += fmt::format("complete -c guichet -n '__fish_seen_subcommand_from {}' -l {} {}-d {}\n",
                                   sub->get_name(), name, o->get_items_expected_max() ? "-r " : "",
                                   shell_quoted(o->get_description()));
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
