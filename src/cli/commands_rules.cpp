// why, why-not, dry-run, back-test: what rules did, why they did not, and what others would do or would have done.

#include "commands.hpp"
#include "table.hpp"
#include "vocabulary.hpp"

#include <guichet/expr/condition.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/time/iso8601.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace guichet::cli {
namespace {

std::string text_of(expr::literal const& value) {
    if (auto const* text = std::get_if<std::string>(&value))
        return *text;
    if (auto const* flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (auto const* at = std::get_if<instant>(&value))
        return time::to_text(*at);
    if (auto const* whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    return {};
}

struct why_options {
    std::string ticket, what;
    std::uint64_t version = 0;
};

result<int> run_why(context& c, why_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(given.ticket, c.who()));
    GUICHET_LET(auto const origins, d->why(t.id, given.what, c.who()));
    auto const by = [&](field_origin const& o) {
        return o.cause.what.empty() ? o.actor : o.cause.what + " (" + o.actor + ")";
    };
    if (c.opt().json) {
        std::string out = "[";
        for (auto const& o : origins)
            out.append(out.size() > 1 ? "," : "").append(guichet::encode(o));
        out += "]";
        print_line(out);
        return 0;
    }
    table rows{{{"#", true},
                {c.say()(msg::why_at)},
                {c.say()(msg::why_from)},
                {c.say()(msg::why_to)},
                {c.say()(msg::why_by), false, true}}};
    for (auto const& o : origins)
        rows.add({{std::to_string(o.version)},
                  {c.out().date(o.at)},
                  {harmless(text_of(o.from)), style::dim},
                  {harmless(text_of(o.to)), style::bold},
                  {harmless(by(o)), o.cause.what.empty() ? style::plain : style::cyan}});
    print(rows.print(c.out()));
    return 0;
}

msg sentence_of(rules::rule_verdict verdict) {
    switch (verdict) {
    case rules::rule_verdict::fired: return msg::verdict_fired;
    case rules::rule_verdict::unchanged: return msg::verdict_unchanged;
    case rules::rule_verdict::condition_false: return msg::verdict_condition;
    case rules::rule_verdict::no_event: return msg::verdict_no_event;
    case rules::rule_verdict::out_of_hours: return msg::verdict_hours;
    case rules::rule_verdict::other_tenant: return msg::verdict_tenant;
    case rules::rule_verdict::stopped: return msg::verdict_stopped;
    case rules::rule_verdict::single_pass: return msg::verdict_single_pass;
    case rules::rule_verdict::depth: return msg::verdict_depth;
    }
    return msg::verdict_condition;
}

result<int> run_why_not(context& c, why_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(given.ticket, c.who()));
    GUICHET_LET(auto const decision, d->why_not(t.id, given.what, c.who(), given.version));
    if (c.opt().json) {
        print_line(guichet::encode(decision));
        return 0;
    }
    bool const fired = decision.verdict == rules::rule_verdict::fired;
    print_line(c.out().paint(fired ? style::green : style::yellow, harmless(decision.rule)) + ": " +
               c.say()(sentence_of(decision.verdict)));
    print(expr::describe(decision.why, c.say().lang));
    for (auto const& one : decision.refused)
        print_line(c.say()(msg::rule_action_refused, harmless(one)));
    return 0;
}

struct back_test_options {
    std::vector<std::string> files;
    std::string from, to;
};

/// The rules of files, each a set named after its file.
result<std::vector<document>> read_sets(std::vector<std::string> const& files) {
    std::vector<document> out;
    for (auto const& path : files) {
        std::ifstream file{path, std::ios::binary};
        std::ostringstream text;
        text << file.rdbuf();
        if (!file)
            return error{reason::file_unreadable, {{"path", path}, {"problem", "it is not there, or not readable"}}};
        out.push_back({"rules", std::filesystem::path{path}.stem().string(), 0, text.str(), {}, {}});
    }
    return out;
}

struct dry_run_options {
    std::vector<std::string> files;
    std::string where;
    std::size_t limit = 50;
};

/// What one event of a dry run does, in a few words: its type, and the member that says to what.
std::string effect_of(event const& e) {
    std::string out{name_of(e.body)};
    if (auto const* set = std::get_if<priority_set>(&e.body))
        out += ": " + set->from + " -> " + set->priority;
    else if (auto const* given = std::get_if<ticket_assigned>(&e.body))
        out += ": " + given->assignee;
    else if (auto const* handed = std::get_if<ticket_handed_over>(&e.body))
        out += ": " + (handed->queue.empty() ? handed->team : handed->queue);
    else if (auto const* leaves = std::get_if<notice_queued>(&e.body))
        out += ": " + leaves->to;
    else if (auto const* tags = std::get_if<tags_changed>(&e.body)) {
        out += ":";
        for (auto const& tag : tags->added)
            out += " +" + tag;
        for (auto const& tag : tags->removed)
            out += " -" + tag;
    }
    return out;
}

result<int> run_dry_run(context& c, dry_run_options const& given) {
    GUICHET_LET(auto const candidates, read_sets(given.files));
    GUICHET_LET(desk* const d, c.open_desk());
    view on;
    on.where = given.where;
    on.limit = given.limit;
    on.order = {"-updated_at"};
    GUICHET_LET(auto const all, d->dry_run(candidates, on, c.who()));
    if (c.opt().json) {
        for (auto const& one : all)
            print_line(guichet::encode(one));
        return 0;
    }
    table rows{{{c.say()(msg::number)}, {c.say()(msg::rule_name)}, {c.say()(msg::rule_effect), false, true}}};
    for (auto const& one : all) {
        for (auto const& e : one.report.events)
            rows.add({{harmless(one.number)},
                      {harmless(e.cause.what.substr(e.cause.what.find(':') + 1)), style::cyan},
                      {harmless(effect_of(e))}});
        for (auto const& deed : one.report.elsewhere)
            rows.add({{harmless(one.number)},
                      {harmless(deed.rule), style::cyan},
                      {harmless(deed.on + ": " + deed.command)}});
    }
    print(rows.print(c.out()));
    print_line(c.say()(msg::dry_run_summary, c.out().number(all.size())));
    return 0;
}

result<int> run_back_test(context& c, back_test_options const& given) {
    GUICHET_LET(auto const candidates, read_sets(given.files));
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const period, c.period(given.from, given.to));
    GUICHET_LET(auto const report, d->back_test(candidates, period, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(report));
        return 0;
    }
    auto const& out = c.out();
    table rows{{{c.say()(msg::rule_name), false, true},
                {c.say()(msg::rule_would_fire), true},
                {c.say()(msg::rule_in_log), true}}};
    for (auto const& r : report.rules)
        rows.add({{harmless(r.rule)}, {out.number(r.fired)}, {out.number(r.in_log), style::dim}});
    if (!report.rules.empty())
        print(rows.print(out));
    print_line(c.say()(msg::rule_summary, out.number(report.changes), out.number(report.events),
                       out.number(report.conflicts), out.number(report.cuts), out.number(report.refused)));
    print_line(c.say()(msg::rule_breaches, out.number(report.breaches), out.number(report.breaches_in_log)));
    return 0;
}

} // namespace

void add_rule_commands(builder& to) {
    auto const asked = std::make_shared<why_options>();
    auto* why = to.add(msg::group_tickets, "why", msg::help_why, [asked](context& c) { return run_why(c, *asked); });
    why->add_option("TICKET", asked->ticket, to.say(msg::help_ticket))->required();
    why->add_option("FIELD", asked->what, to.say(msg::help_why_field))->required();
    auto const doubted = std::make_shared<why_options>();
    auto* why_not = to.add(msg::group_tickets, "why-not", msg::help_why_not,
                           [doubted](context& c) { return run_why_not(c, *doubted); });
    why_not->add_option("TICKET", doubted->ticket, to.say(msg::help_ticket))->required();
    why_not->add_option("RULE", doubted->what, to.say(msg::help_why_rule))->required();
    to.option(why_not, "--version", doubted->version, msg::help_why_version);
    auto const tried = std::make_shared<dry_run_options>();
    auto* dry = to.add(msg::group_care, "dry-run", msg::help_rules_dry_run,
                       [tried](context& c) { return run_dry_run(c, *tried); });
    dry->add_option("FILE", tried->files, to.say(msg::help_back_test_file));
    to.option(dry, "--where", tried->where, msg::help_where);
    to.option(dry, "--limit", tried->limit, msg::help_limit);
    auto const tested = std::make_shared<back_test_options>();
    auto* test = to.add(msg::group_care, "back-test", msg::help_back_test,
                        [tested](context& c) { return run_back_test(c, *tested); });
    test->add_option("FILE", tested->files, to.say(msg::help_back_test_file));
    to.option(test, "--from", tested->from, msg::help_report_from)->type_name("TIME");
    to.option(test, "--to", tested->to, msg::help_report_to)->type_name("TIME");
}

} // namespace guichet::cli
