// report: the figures of the service, how promises were kept, where time went, what will be late.

#include "commands.hpp"
#include "report.hpp"
#include "table.hpp"

#include <guichet/time/iso8601.hpp>

#include <memory>

namespace guichet::cli {
namespace {

struct report_options {
    std::string what, from, to, within = "8h", calendar = "default";
    std::vector<std::string> by;
};

result<report_period> period_of(context const& c, report_options const& given) {
    report_period out;
    if (!given.from.empty()) {
        GUICHET_LET(out.from, c.when(given.from, "--from"));
    }
    if (!given.to.empty()) {
        GUICHET_LET(out.to, c.when(given.to, "--to"));
    }
    return out;
}

/// A number of which none is best, or of which none is missing.
cell count_cell(console const& out, std::uint64_t count, style look) {
    return {out.number(count), count ? look : style::dim};
}

result<int> report_sla(context& c, report_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const period, period_of(c, given));
    auto const by =
        given.by.empty() ? std::vector<std::string>{"month", "policy", "metric", "priority", "team"} : given.by;
    GUICHET_LET(auto const rows, d->attainment(period, c.who(), by));
    if (c.opt().json) {
        print_line(guichet::encode(rows));
        return 0;
    }
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    auto const& out = c.out();
    struct shown {
        std::string_view name;
        msg title;
        std::string (*text)(vocabulary const&, attainment_row const&);
    };
    static constexpr shown columns[]{
        {"month", msg::report_month, [](vocabulary const&, attainment_row const& r) { return r.month; }},
        {"policy", msg::report_policy, [](vocabulary const&, attainment_row const& r) { return harmless(r.policy); }},
        {"metric", msg::report_metric, [](vocabulary const& w, attainment_row const& r) { return w.metric(r.metric); }},
        {"priority", msg::priority,
         [](vocabulary const& w, attainment_row const& r) { return w.priority(r.priority); }},
        {"team", msg::report_team, [](vocabulary const&, attainment_row const& r) { return harmless(r.team); }},
        {"organisation", msg::organisation,
         [](vocabulary const&, attainment_row const& r) { return harmless(r.organisation); }},
        {"tenant", msg::report_tenant, [](vocabulary const&, attainment_row const& r) { return harmless(r.tenant); }}};
    std::vector<table::column> titles;
    std::vector<shown const*> chosen;
    for (auto const& one : columns)
        if (std::find(by.begin(), by.end(), one.name) != by.end()) {
            titles.push_back({c.say()(one.title)});
            chosen.push_back(&one);
        }
    for (auto const title : {msg::report_met, msg::report_breached, msg::report_share, msg::report_latest})
        titles.push_back({c.say()(title), true});
    table printed{std::move(titles)};
    for (auto const& r : rows) {
        std::vector<cell> line;
        for (auto const* one : chosen)
            line.push_back({one->text(words, r)});
        line.push_back(count_cell(out, r.met, style::green));
        line.push_back(count_cell(out, r.breached, style::red));
        line.push_back({out.percent(static_cast<double>(r.met), static_cast<double>(r.met + r.breached))});
        line.push_back({r.breached ? out.length(r.latest) : ""});
        printed.add(std::move(line));
    }
    print(rows.empty() ? c.say()(msg::report_no_verdicts) + "\n" : printed.print(out));
    return 0;
}

result<int> report_time(context& c, report_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const period, period_of(c, given));
    GUICHET_LET(auto const rows, d->time_spent(period, c.who(), given.calendar));
    if (c.opt().json) {
        print_line(guichet::encode(rows));
        return 0;
    }
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    auto const& out = c.out();
    table printed{{{c.say()(msg::report_where)},
                   {""},
                   {c.say()(msg::report_tickets_short), true},
                   {c.say()(msg::report_working), true},
                   {c.say()(msg::report_wall), true},
                   {c.say()(msg::report_mean), true}}};
    std::string last;
    for (auto const& r : rows) {
        auto const title = r.dimension == "state"  ? msg::state
                           : r.dimension == "team" ? msg::report_team
                                                   : msg::report_tier;
        auto const name = r.name.empty()           ? std::string{"-"}
                          : r.dimension == "state" ? words.state(r.name)
                                                   : harmless(r.name);
        printed.add({{last == r.dimension ? "" : c.say()(title), style::bold},
                     {name},
                     {out.number(r.tickets)},
                     {out.length(r.working)},
                     {out.length(r.wall)},
                     {out.length(r.working / static_cast<duration::rep>(r.tickets))}});
        last = r.dimension;
    }
    print(printed.print(out));
    return 0;
}

result<int> report_risk(context& c, report_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const within, time::parse_duration(given.within, "--within"));
    GUICHET_LET(auto const rows, d->at_risk(within, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(rows));
        return 0;
    }
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    auto const& out = c.out();
    table printed{{{c.say()(msg::number)},
                   {c.say()(msg::report_metric)},
                   {c.say()(msg::priority)},
                   {c.say()(msg::assignee)},
                   {c.say()(msg::report_due)},
                   {c.say()(msg::report_left), true},
                   {c.say()(msg::subject), false, true}}};
    std::uint64_t late = 0;
    for (auto const& r : rows) {
        bool const over = r.left.wall && *r.left.wall <= duration::zero();
        late += over;
        printed.add({{r.number},
                     {words.metric(r.metric)},
                     {words.priority(r.priority)},
                     {harmless(r.assignee)},
                     {out.date(r.due)},
                     {over ? c.say()(msg::clock_late, out.length(-r.left.working)) : out.length(r.left.working),
                      over ? style::red : style::yellow},
                     {harmless(r.subject)}});
    }
    if (!rows.empty())
        print(printed.print(out));
    print_line(c.say()(msg::report_forecast, out.length(within), rows.size() - late, late));
    return 0;
}

result<int> run_report(context& c, report_options const& given) {
    if (given.what == "sla")
        return report_sla(c, given);
    if (given.what == "time")
        return report_time(c, given);
    if (given.what == "risk")
        return report_risk(c, given);
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const f, collect_figures(*d, c.who()));
    GUICHET_LET(auto const stats, d->stats());
    if (c.opt().json) {
        print_line(encode(f));
        return 0;
    }
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    print(print_report(c.out(), words, f, {c.opt().call(), stats, nullptr}));
    return 0;
}

} // namespace

void add_report_commands(builder& to) {
    auto const wanted = std::make_shared<report_options>();
    auto* report =
        to.add(msg::group_care, "report", msg::help_report, [wanted](context& c) { return run_report(c, *wanted); });
    report->add_option("WHAT", wanted->what, to.say(msg::help_report_what))
        ->check(CLI::IsMember({"service", "sla", "time", "risk"}));
    to.option(report, "--from", wanted->from, msg::help_report_from)->type_name("TIME");
    to.option(report, "--to", wanted->to, msg::help_report_to)->type_name("TIME");
    to.option(report, "--by", wanted->by, msg::help_report_by)->delimiter(',')->type_name("COLUMN,...");
    to.option(report, "--within", wanted->within, msg::help_report_within)->type_name("LENGTH");
    to.option(report, "--calendar", wanted->calendar, msg::help_report_calendar)->type_name("NAME");
}

} // namespace guichet::cli
