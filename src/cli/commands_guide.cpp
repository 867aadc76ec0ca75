// guide list, show, check, import, walk, report: diagnostic guides.

#include "commands.hpp"
#include "table.hpp"

#include <guichet/engine/answers.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

namespace guichet::cli {
namespace {

std::string title_of(context const& c, guide_document const& g) {
    auto const& title = g.title.in(c.say().lang);
    return harmless(title.empty() ? g.name : title);
}

std::string audience_of(guide_document const& g) {
    return g.audience.empty() ? "staff" : harmless(joined(g.audience, ", "));
}

// --- list, show

result<int> run_guide_list(context& c) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const all, d->guides(c.who()));
    if (c.opt().json) {
        std::string out;
        json::writer w{out};
        w.begin_array();
        for (auto const& g : all)
            w.raw(guichet::encode(g));
        w.end_array();
        print_line(out);
        return 0;
    }
    table rows{{{c.say()(msg::guide)},
                {c.say()(msg::rules_version), true},
                {c.say()(msg::guide_steps), true},
                {c.say()(msg::article_audience)},
                {c.say()(msg::article_title), false, true}}};
    for (auto const& g : all)
        rows.add({{harmless(g.written.name), style::bold},
                  {std::to_string(g.version)},
                  {std::to_string(g.written.steps.size())},
                  {audience_of(g.written)},
                  {title_of(c, g.written)}});
    print(all.empty() ? c.say()(msg::guide_none) + "\n" : rows.print(c.out()));
    return 0;
}

std::string answers_of(context const& c, guide_step const& s, guide_branch const& b) {
    auto const lang = c.say().lang;
    std::string out;
    for (auto const& v : b.is)
        out.append(out.empty() ? "" : ", ").append(kb::in_words(s, v, lang));
    for (auto const& [sign, bound] : {std::pair{">= ", &b.from}, std::pair{"< ", &b.below}})
        if (!std::holds_alternative<std::monostate>(*bound))
            out.append(out.empty() ? "" : ", ").append(sign).append(kb::in_words(s, *bound, lang));
    return harmless(out.empty() ? c.say()(msg::guide_else) : out);
}

void print_step(context const& c, guide_step const& s) {
    auto const& out = c.out();
    print_line("\n" + out.paint(style::bold, harmless(s.name)) + "  " + harmless(s.question.in(c.say().lang)) +
               (s.field.empty() ? "" : out.paint(style::dim, "  = " + harmless(s.field))));
    for (auto const& b : s.next)
        print_line("  " + answers_of(c, s, b) + " > " + out.paint(style::cyan, harmless(b.to)));
}

void print_end(context const& c, guide_end const& e) {
    bool const cured = e.outcome == guide_outcome::cured;
    std::string to;
    for (auto const* part : {&e.queue, &e.team, &e.tier})
        if (!part->empty())
            to.append(to.empty() ? "" : " / ").append(harmless(*part));
    print_line("\n" + c.out().paint(style::bold, harmless(e.name)) + "  " +
               c.out().paint(cured ? style::green : style::yellow,
                             cured ? c.say()(msg::guide_cured) : c.say()(msg::guide_handed_over, to)));
    if (auto const& text = e.text.in(c.say().lang); !text.empty())
        print_line("  " + harmless(text));
}

result<int> run_guide_show(context& c, std::string const& name) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const g, d->find_guide(name, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(g));
        return 0;
    }
    print_line(c.out().paint(style::bold, title_of(c, g.written)) + " · " + c.say()(msg::version_at, g.version) +
               " · " + audience_of(g.written));
    for (auto const& s : g.written.steps)
        print_step(c, s);
    for (auto const& e : g.written.ends)
        print_end(c, e);
    return 0;
}

// --- check, import

result<document> read_guide_file(std::string const& path) {
    GUICHET_LET(auto text, read_all(path));
    return document{"guide", std::filesystem::path{path}.stem().string(), 0, std::move(text), {}, {}};
}

/// The lifecycle of the desk, or the usual one where there is no desk.
result<lifecycle_document> lifecycle_for(context& c) {
    auto const d = c.open_desk();
    if (d)
        return (*d)->config()->rules->document();
    return d.error().why() == reason::store_not_found ? result<lifecycle_document>{itil_lifecycle()} : d.error();
}

result<int> run_guide_check(context& c, std::vector<std::string> const& files) {
    GUICHET_LET(auto const lifecycle, lifecycle_for(c));
    for (auto const& path : files) {
        GUICHET_LET(auto const file, read_guide_file(path));
        GUICHET_LET(auto guide, decode_guide(file.body, "guide." + file.id));
        guide.name = file.id;
        GUICHET_TRY(kb::check(guide, lifecycle));
        if (!c.opt().json)
            print_line(c.say()(msg::guide_sound, harmless(guide.name), guide.steps.size(), guide.ends.size()));
    }
    if (c.opt().json)
        print_line(R"({"sound":true})");
    return 0;
}

result<int> run_guide_import(context& c, std::vector<std::string> const& files) {
    GUICHET_LET(desk* const d, c.open_desk());
    std::vector<document> guides;
    for (auto const& path : files) {
        GUICHET_LET(auto one, read_guide_file(path));
        guides.push_back(std::move(one));
    }
    GUICHET_TRY(d->configure(guides, c.who()));
    auto const config = d->config();
    std::string out;
    json::writer w{out};
    w.begin_object();
    for (auto const& one : guides) {
        auto const version = config->guides->find(one.id)->version;
        w.key(one.id);
        w.number(std::uint64_t{version});
        if (!c.opt().json)
            print_line(c.say()(msg::rules_imported, harmless(one.id), version));
    }
    w.end_object();
    if (c.opt().json)
        print_line(out);
    return 0;
}

// --- walk

struct walk_options {
    std::string ticket, guide, step;
    std::vector<std::string> answers;
};

/// Walks a guide on a ticket, one answer after the other.
class walker {
public:
    walker(context& c, desk& d, walk_options const& given) : c_{c}, desk_{d}, given_{given} {}

    result<int> run() {
        GUICHET_TRY(look());
        auto named = given_.step;
        for (auto const& typed : given_.answers) {
            GUICHET_TRY(say(named, typed));
            named.clear();
        }
        if (!given_.answers.empty() || c_.opt().json) {
            tell();
            return 0;
        }
        for (std::string line; ask(named) && std::getline(std::cin, line);) {
            auto const said = say(named, line);
            if (!said && said.error().code() != errc::invalid_argument)
                return said.error();
            if (said)
                named.clear();
            else
                print_line(c_.out().paint(style::yellow, harmless(said.error().describe(c_.say().lang))));
        }
        return 0;
    }

private:
    result<void> look() {
        GUICHET_LET(guide_, desk_.find_guide(given_.guide, c_.who()));
        GUICHET_LET(ticket_, desk_.find(given_.ticket, c_.who()));
        auto const* walk = kb::walk_of(ticket_, given_.guide);
        place_ = kb::follow(guide_.written, walk ? walk->answers : std::vector<guide_answer>{});
        return {};
    }

    guide_step const* asked(std::string const& named) const {
        if (named.empty())
            return place_.step;
        auto const& steps = guide_.written.steps;
        auto const at = std::find_if(steps.begin(), steps.end(), [&](auto const& s) { return s.name == named; });
        return at == steps.end() ? nullptr : &*at;
    }

    result<void> say(std::string const& named, std::string const& typed) {
        answer_guide body{given_.guide, named, {}, c_.say().lang == language::fr ? "fr" : "en"};
        if (auto const* step = asked(named)) {
            GUICHET_LET(body.answer, kb::read_answer(*step, typed));
        }
        GUICHET_TRY(desk_.execute(c_.wish(std::move(body), ticket_.number)));
        return look();
    }

    /// Whether there is a question to ask.
    bool ask(std::string const& named) const {
        auto const* step = asked(named);
        if (!step) {
            tell();
            return false;
        }
        auto const lang = c_.say().lang;
        print_line(c_.out().paint(style::bold, harmless(step->question.in(lang))));
        for (std::size_t i = 0; i < step->choices.size(); ++i)
            print_line("  " + std::to_string(i + 1) + ". " +
                       harmless(kb::in_words(*step, step->choices[i].name, lang)));
        return true;
    }

    void tell() const {
        if (c_.opt().json)
            print_line(encode_place());
        else if (place_.end)
            print_end(c_, *place_.end);
        else
            ask({});
    }
    std::string encode_place() const {
        std::string out;
        json::writer w{out};
        w.begin_object();
        for (auto const& [key, text] : {std::pair{"ticket", ticket_.number},
                                        {"guide", given_.guide},
                                        {"asked", place_.step ? place_.step->name : ""},
                                        {"question", place_.step ? place_.step->question.in(c_.say().lang) : ""},
                                        {"end", place_.end ? place_.end->name : ""},
                                        {"state", ticket_.state}}) {
            w.key(key);
            w.text(text);
        }
        w.key("answers");
        w.number(std::uint64_t{place_.answers});
        w.end_object();
        return out;
    }

    context& c_;
    desk& desk_;
    walk_options const& given_;
    kb::guide guide_;
    ticket ticket_;
    kb::guide_place place_;
};

result<int> run_walk(context& c, walk_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    return walker{c, *d, given}.run();
}

// --- report

struct guide_report_options {
    std::string guide, from, to;
};

result<int> run_guide_report(context& c, guide_report_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const period, c.period(given.from, given.to));
    GUICHET_LET(auto const found, d->guide_report(period, c.who(), given.guide));
    if (c.opt().json) {
        print_line(guichet::encode(found));
        return 0;
    }
    table rows{{{c.say()(msg::guide)},
                {c.say()(msg::guide_step)},
                {c.say()(msg::guide_next)},
                {c.say()(msg::guide_taken), true},
                {c.say()(msg::guide_cured), true},
                {c.say()(msg::guide_passed), true}}};
    for (auto const& r : found)
        rows.add({{harmless(r.guide), style::bold},
                  {harmless(r.step)},
                  {harmless(r.next)},
                  {c.out().number(r.taken)},
                  {c.out().number(r.cured), style::green},
                  {c.out().number(r.handed_over)}});
    print(found.empty() ? c.say()(msg::guide_never_walked) + "\n" : rows.print(c.out()));
    return 0;
}

} // namespace

void add_guide_commands(builder& to) {
    auto& family = *to.add_family(msg::group_articles, "guide", msg::help_guide);
    auto const add = [&](char const* name, msg help, action what) {
        return to.add(family, msg::group_articles, name, help, std::move(what));
    };
    add("list", msg::help_guide_list, run_guide_list);

    auto const named = std::make_shared<std::string>();
    auto* show = add("show", msg::help_guide_show, [named](context& c) { return run_guide_show(c, *named); });
    show->add_option("GUIDE", *named, to.say(msg::help_guide_named))->required();

    auto const files = std::make_shared<std::vector<std::string>>();
    auto* check = add("check", msg::help_guide_check, [files](context& c) { return run_guide_check(c, *files); });
    check->add_option("FILE", *files, to.say(msg::help_guide_files))->required();
    auto* import = add("import", msg::help_guide_import, [files](context& c) { return run_guide_import(c, *files); });
    import->add_option("FILE", *files, to.say(msg::help_guide_files))->required();

    auto const walked = std::make_shared<walk_options>();
    auto* walk = add("walk", msg::help_guide_walk, [walked](context& c) { return run_walk(c, *walked); });
    walk->add_option("TICKET", walked->ticket, to.say(msg::help_ticket))->required();
    walk->add_option("GUIDE", walked->guide, to.say(msg::help_guide_named))->required();
    walk->add_option("ANSWER", walked->answers, to.say(msg::help_guide_answers));
    to.option(walk, "--step", walked->step, msg::help_guide_step);

    auto const told = std::make_shared<guide_report_options>();
    auto* report = add("report", msg::help_guide_report, [told](context& c) { return run_guide_report(c, *told); });
    report->add_option("GUIDE", told->guide, to.say(msg::help_guide_named));
    to.option(report, "--from", told->from, msg::help_guide_from)->type_name("TIME");
    to.option(report, "--to", told->to, msg::help_guide_to)->type_name("TIME");
}

} // namespace guichet::cli
