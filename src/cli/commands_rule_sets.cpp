// rules list, show, lint, diff, export, import: sets of rules, in the desk and as files.

#include "commands.hpp"
#include "table.hpp"

#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/rules/files.hpp>
#include <guichet/rules/lint.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <tuple>

namespace guichet::cli {
namespace {

/// A set of the desk, or of a file (version 0).
struct one_set {
    std::string name;
    std::uint32_t version = 0;
    rules_document rules;
    document stored;
};

result<one_set> read_set(document const& of) {
    one_set out{of.id, of.version, {}, of};
    if (!of.body.empty()) {
        GUICHET_LET(out.rules, decode_rules(of.body, "rules." + of.id));
    }
    out.rules.name = of.id;
    return out;
}

std::string name_of_file(std::string const& path) { return std::filesystem::path{path}.stem().string(); }

result<one_set> read_set_file(std::string const& path, std::string const& name) {
    GUICHET_LET(auto text, read_all(path));
    return read_set({"rules", name, 0, std::move(text), {}, {}});
}

/// The sets in force, as they follow one another.
result<std::vector<one_set>> sets_in_force(desk& d) {
    GUICHET_LET(auto const stored, d.store().documents("rules"));
    std::vector<one_set> out;
    for (auto const& one : stored)
        if (!one.body.empty()) {
            GUICHET_LET(auto set, read_set(one));
            out.push_back(std::move(set));
        }
    std::stable_sort(out.begin(), out.end(), [](one_set const& a, one_set const& b) {
        return std::tie(a.rules.position, a.name) < std::tie(b.rules.position, b.name);
    });
    return out;
}

/// A set of the desk under a version (0: the latest).
result<one_set> find_set(desk& d, std::string const& name, std::uint32_t version, char const* option) {
    GUICHET_LET(auto const versions, d.store().document_versions("rules", name));
    if (versions.empty()) {
        GUICHET_LET(auto const all, sets_in_force(d));
        std::string known;
        for (auto const& one : all)
            known.append(known.empty() ? "" : ", ").append(one.name);
        return error{reason::unknown_value, {{"path", "SET"}, {"value", name}, {"known", known}}};
    }
    auto const found =
        std::find_if(versions.begin(), versions.end(), [&](document const& one) { return one.version == version; });
    if (version && found == versions.end())
        return error{reason::unknown_value,
                     {{"path", option},
                      {"value", std::to_string(version)},
                      {"known", "1 - " + std::to_string(versions.size())}}};
    return read_set(version ? *found : versions.back());
}

// --- list

result<int> run_set_list(context& c) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const sets, sets_in_force(*d));
    std::string out;
    json::writer w{out};
    w.begin_array();
    table rows{{{c.say()(msg::rules_position), true},
                {c.say()(msg::rules_set), false, true},
                {c.say()(msg::rules_version), true},
                {c.say()(msg::rules_count), true},
                {c.say()(msg::rules_changed)}}};
    for (auto const& s : sets) {
        auto const enabled =
            std::count_if(s.rules.rules.begin(), s.rules.rules.end(), [](auto const& r) { return r.enabled; });
        rows.add({{std::to_string(s.rules.position), style::dim},
                  {harmless(s.name), style::bold},
                  {std::to_string(s.version)},
                  {c.out().number(static_cast<std::uint64_t>(enabled))},
                  {c.out().short_date(s.stored.at) + " " + harmless(s.stored.author), style::dim}});
        w.begin_object();
        w.key("set");
        w.text(s.name);
        for (auto const& [key, value] :
             {std::pair{"position", std::uint64_t{s.rules.position}}, std::pair{"version", std::uint64_t{s.version}},
              std::pair{"rules", std::uint64_t{s.rules.rules.size()}},
              std::pair{"enabled", static_cast<std::uint64_t>(enabled)}}) {
            w.key(key);
            w.number(value);
        }
        for (auto const& [key, value] :
             {std::pair{"at", time::to_text(s.stored.at)}, std::pair{"author", s.stored.author}}) {
            w.key(key);
            w.text(value);
        }
        w.end_object();
    }
    w.end_array();
    if (c.opt().json)
        print_line(out);
    else
        print(sets.empty() ? c.say()(msg::rules_none) + "\n" : rows.print(c.out()));
    return 0;
}

// --- show

struct set_show_options {
    std::string set;
    std::uint32_t version = 0;
};

std::string condition_of(rule_definition const& r, expr::schema const& known, language lang) {
    if (r.when.empty())
        return {};
    boost::system::error_code wrong;
    auto const written = boost::json::parse(r.when.text, wrong);
    auto const compiled = expr::condition::compile(written, known);
    return compiled ? compiled->describe(lang) : r.when.text;
}

std::string print_set(context const& c, one_set const& s, expr::schema const& known) {
    auto const& out = c.out();
    auto text = out.paint(style::bold, harmless(s.name)) + " · " + c.say()(msg::version_at, s.version) + " · " +
                c.say()(msg::rules_position) + " " + std::to_string(s.rules.position) +
                (s.rules.chaining ? "" : " · " + c.say()(msg::rules_once)) + "\n";
    for (std::size_t i = 0; i < s.rules.rules.size(); ++i) {
        auto const& r = s.rules.rules[i];
        std::string heard;
        for (auto const& type : r.on)
            heard.append(heard.empty() ? "" : ", ").append(type);
        text += "\n" + std::to_string(i + 1) + ". " + out.paint(style::bold, harmless(r.name)) + "  " +
                out.paint(style::cyan, harmless(r.kind.empty() ? "trigger" : r.kind)) +
                (heard.empty() ? "" : "  " + out.paint(style::dim, harmless(heard))) +
                (r.enabled ? "" : "  " + out.paint(style::yellow, c.say()(msg::rules_disabled))) + "\n";
        if (auto const when = condition_of(r, known, c.say().lang); !when.empty())
            for (auto const& line : wrapped(harmless(when), out.width > 20 ? out.width - 4 : 16))
                text += "   " + line + "\n";
        for (auto const& one : r.actions)
            text += "   > " + harmless(one.text) + "\n";
        if (auto const& why = c.say().lang == language::fr && !r.message_fr.empty() ? r.message_fr : r.message_en;
            !why.empty())
            text += "   ! " + harmless(why) + "\n";
    }
    return text;
}

result<int> run_set_show(context& c, set_show_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const s, find_set(*d, given.set, given.version, "--version"));
    auto const config = d->config();
    if (!c.opt().json) {
        print(print_set(c, s, config->rules->schema()));
        return 0;
    }
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("set");
    w.text(s.name);
    w.key("version");
    w.number(std::uint64_t{s.version});
    w.key("definition");
    w.raw(guichet::encode(s.rules));
    w.end_object();
    print_line(out);
    return 0;
}

// --- lint

/// What is in force, with the sets of files in their places.
result<std::vector<document>> documents_with(context& c, std::vector<std::string> const& files) {
    std::vector<document> out;
    std::set<std::string> replaced;
    for (auto const& path : files) {
        GUICHET_LET(auto text, read_all(path));
        out.push_back({"rules", name_of_file(path), 1, std::move(text), {}, {}});
        replaced.insert(out.back().id);
    }
    auto const d = c.open_desk();
    if (!d && d.error().why() == reason::store_not_found && !files.empty())
        return out;
    if (!d)
        return d.error();
    for (auto const kind : document_kinds) {
        GUICHET_LET(auto const stored, (*d)->store().documents(kind));
        for (auto const& one : stored)
            if (one.kind != "rules" || !replaced.contains(one.id))
                out.push_back(one);
    }
    return out;
}

rules::known_names names_among(std::vector<document> const& documents) {
    rules::known_names out;
    for (auto const& one : documents) {
        if (one.kind == "person" && !one.body.empty())
            out.persons.push_back(one.id);
        if (one.kind != "team" || one.body.empty())
            continue;
        out.teams.push_back(one.id);
        if (auto const team = decode_team(one.body); team && !team->tier.empty())
            out.tiers.push_back(team->tier);
    }
    return out;
}

result<int> run_lint(context& c, std::vector<std::string> const& files) {
    GUICHET_LET(auto const documents, documents_with(c, files));
    GUICHET_LET(auto const config, configuration::compile(documents));
    auto const found = rules::lint(*config->automation, names_among(documents));
    auto const errors = static_cast<std::size_t>(std::count_if(
        found.begin(), found.end(), [](auto const& f) { return f.severity == rules::lint_severity::error; }));
    if (c.opt().json) {
        print_line(R"({"findings":)" + rules::encode(found, c.say().lang) + R"(,"errors":)" + std::to_string(errors) +
                   R"(,"warnings":)" + std::to_string(found.size() - errors) + "}");
        return errors ? 1 : 0;
    }
    for (auto const& f : found) {
        bool const is_error = f.severity == rules::lint_severity::error;
        print_line(c.out().paint(is_error ? style::red : style::yellow,
                                 c.say()(is_error ? msg::check_error : msg::check_warning)) +
                   "  " + harmless(rules::describe(f, c.say().lang)));
    }
    print_line(
        c.say()(msg::rules_linted, c.out().number(config->automation->rules().size()), errors, found.size() - errors));
    return errors ? 1 : 0;
}

// --- diff, export, import

void print_changes(context const& c, std::vector<rules::rule_change> const& changes) {
    if (changes.empty())
        return print_line(c.say()(msg::rules_same));
    std::string const text = harmless(rules::describe(changes, c.say().lang), true);
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        auto const line = std::string_view{text}.substr(at, end - at);
        auto const sign = line.empty() ? ' ' : line[std::min(line.find_first_not_of(' '), line.size() - 1)];
        print_line(c.out().paint(sign == '+' ? style::green : sign == '-' ? style::red : style::bold, line));
        at = end + 1;
    }
}

struct diff_options {
    std::string set, file;
    std::uint32_t from = 0, to = 0;
};

result<int> run_set_diff(context& c, diff_options const& given) {
    if (given.file.empty() && !given.from)
        return error{reason::missing_field, {{"path", "FILE | --from"}}};
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const from, find_set(*d, given.set, given.from, "--from"));
    auto const to =
        given.file.empty() ? find_set(*d, given.set, given.to, "--to") : read_set_file(given.file, given.set);
    if (!to)
        return to.error();
    auto const config = d->config();
    auto const changes = rules::diff(from.rules, to->rules, config->rules->schema());
    if (c.opt().json)
        print_line(rules::encode(changes));
    else
        print_changes(c, changes);
    return 0;
}

struct export_options {
    std::string set, file;
    std::uint32_t version = 0;
};

result<int> run_export(context& c, export_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const s, find_set(*d, given.set, given.version, "--version"));
    auto const config = d->config();
    auto const text = rules::to_file(s.rules, config->rules->schema());
    if (given.file.empty() || given.file == "-") {
        print(text);
        return 0;
    }
    auto* const file = std::fopen(given.file.c_str(), "wb");
    bool const written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if ((file && std::fclose(file) != 0) || !written)
        return error{reason::file_unwritable,
                     {{"path", given.file}, {"problem", std::generic_category().message(errno)}}};
    print_line(c.say()(msg::rules_exported, harmless(s.name), s.version, harmless(given.file)));
    return 0;
}

struct set_import_options {
    std::string file, into;
    bool dry_run = false;
};

std::string encode(std::string const& set, std::vector<rules::rule_change> const& changes,
                   std::optional<std::uint32_t> version) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("set");
    w.text(set);
    w.key("changes");
    w.raw(rules::encode(changes));
    w.key("version");
    version ? w.number(std::uint64_t{*version}) : w.null();
    w.end_object();
    return out;
}

result<int> run_set_import(context& c, set_import_options const& given) {
    auto const name = given.into.empty() ? name_of_file(given.file) : given.into;
    GUICHET_LET(auto const wanted, read_set_file(given.file, name));
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(d->config()->roles->require(c.who(), access::configure));
    GUICHET_LET(auto const versions, d->store().document_versions("rules", name));
    one_set before;
    if (!versions.empty()) {
        GUICHET_LET(before, read_set(versions.back()));
    }
    bool const is_new = versions.empty() || versions.back().body.empty();
    auto const config = d->config();
    auto const changes = rules::diff(before.rules, wanted.rules, config->rules->schema());
    document const changed{"rules", name, 0, wanted.stored.body, {}, {}};
    std::optional<std::uint32_t> version;
    if (given.dry_run) {
        GUICHET_TRY(d->preview(std::span{&changed, 1}, c.who()));
    } else if (is_new || !changes.empty()) {
        GUICHET_LET(version, d->configure(changed, c.who()));
    }
    if (c.opt().json) {
        print_line(encode(name, changes, version));
        return 0;
    }
    print_changes(c, changes);
    if (version)
        print_line(c.say()(msg::rules_imported, harmless(name), *version));
    else if (given.dry_run)
        print_line(c.say()(msg::import_dry));
    return 0;
}

} // namespace

void add_rule_set_commands(builder& to) {
    auto* family = to.add_family(msg::group_care, "rules", msg::help_rules);
    auto const add = [&](char const* name, msg help, action what) {
        return to.add(*family, msg::group_rules, name, help, std::move(what));
    };
    add("list", msg::help_rules_list, run_set_list);

    auto const shown = std::make_shared<set_show_options>();
    auto* show = add("show", msg::help_rules_show, [shown](context& c) { return run_set_show(c, *shown); });
    show->add_option("SET", shown->set, to.say(msg::help_rules_set))->required();
    to.option(show, "--version", shown->version, msg::help_rules_version);

    auto const files = std::make_shared<std::vector<std::string>>();
    auto* lint = add("lint", msg::help_rules_lint, [files](context& c) { return run_lint(c, *files); });
    lint->add_option("FILE", *files, to.say(msg::help_rules_lint_file));

    auto const compared = std::make_shared<diff_options>();
    auto* diff = add("diff", msg::help_rules_diff, [compared](context& c) { return run_set_diff(c, *compared); });
    diff->add_option("SET", compared->set, to.say(msg::help_rules_set))->required();
    auto* file = diff->add_option("FILE", compared->file, to.say(msg::help_rules_diff_file));
    to.option(diff, "--from", compared->from, msg::help_rules_from)->type_name("VERSION");
    to.option(diff, "--to", compared->to, msg::help_rules_to)->type_name("VERSION")->excludes(file);

    auto const out = std::make_shared<export_options>();
    auto* exported = add("export", msg::help_rules_export, [out](context& c) { return run_export(c, *out); });
    exported->add_option("SET", out->set, to.say(msg::help_rules_set))->required();
    exported->add_option("FILE", out->file, to.say(msg::help_rules_export_file));
    to.option(exported, "--version", out->version, msg::help_rules_version);

    auto const in = std::make_shared<set_import_options>();
    auto* imported = add("import", msg::help_rules_import, [in](context& c) { return run_set_import(c, *in); });
    imported->add_option("FILE", in->file, to.say(msg::help_rules_import_file))->required();
    to.option(imported, "--into", in->into, msg::help_rules_into)->type_name("SET");
    to.flag(imported, "--dry-run", in->dry_run, msg::help_dry_run);
}

} // namespace guichet::cli
