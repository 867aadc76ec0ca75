// report: the figures of the service, by any dimension and period, and what will be late.

#include "commands.hpp"
#include "print_figures.hpp"
#include "report.hpp"
#include "table.hpp"

#include <guichet/engine/statistics.hpp>
#include <guichet/reporting/output.hpp>
#include <guichet/time/iso8601.hpp>

#include <memory>

namespace guichet::cli {
namespace {

struct report_options {
    std::string what, from, to, where, within = "8h", calendar = "default", format = "table";
    std::vector<std::string> by;
    double rate = 0;
    std::size_t top = 0;
    bool all_tenants = false;
};

/// Where time went by state, team and tier, one below the other; what was in no team or tier is left out.
result<reporting::table> time_by_place(statistics& of, report_request asked, viewer const& who) {
    reporting::table out;
    for (std::string const place : {"state", "team", "tier"}) {
        asked.by = {place};
        GUICHET_LET(auto part, of.report(asked, who));
        out.what = part.what;
        out.measures = part.measures;
        for (auto& row : part.rows) {
            if (row.keys[0].empty())
                continue;
            row.keys.insert(row.keys.begin(), place);
            out.rows.push_back(std::move(row));
        }
    }
    out.keys = {"dimension", "name"};
    return out;
}

result<int> report_figures(context& c, report_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    report_request asked{.what = given.what,
                         .by = given.by,
                         .where = given.where,
                         .hourly_rate = given.rate,
                         .all_tenants = given.all_tenants,
                         .top = given.top};
    GUICHET_LET(asked.period, c.period(given.from, given.to));
    if (given.what == "time")
        asked.calendar = given.calendar;
    statistics of{*d};
    (void)of.catch_up(); // keeps them for the next report, where the file may be written
    bool const places = given.what == "time" && given.by.empty();
    GUICHET_LET(auto const found, places ? time_by_place(of, asked, c.who()) : of.report(asked, c.who()));
    if (c.opt().json || given.format == "json")
        print_line(encode(found));
    else if (given.format == "csv")
        print(to_csv(found));
    else if (given.format == "svg")
        print(to_svg(found, words_of_chart(found, c.say())));
    else {
        auto const config = d->config();
        print(print_figures(found, c.out(), {config->rules->document(), c.say()}));
    }
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
    if (given.what == "risk")
        return report_risk(c, given);
    if (!given.what.empty() && given.what != "service")
        return report_figures(c, given);
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
        ->check(CLI::IsMember({"service", "volume", "backlog", "fcr", "time", "reopen", "sla", "cost", "causes",
                               "satisfaction", "risk"}));
    to.option(report, "--from", wanted->from, msg::help_report_from)->type_name("TIME");
    to.option(report, "--to", wanted->to, msg::help_report_to)->type_name("TIME");
    to.option(report, "--by", wanted->by, msg::help_report_by)->delimiter(',')->type_name("COLUMN,...");
    to.option(report, "--where", wanted->where, msg::help_where);
    to.option(report, "--format", wanted->format, msg::help_report_format)
        ->check(CLI::IsMember({"table", "csv", "json", "svg"}));
    to.option(report, "--top", wanted->top, msg::help_report_top);
    to.option(report, "--rate", wanted->rate, msg::help_report_rate)->type_name("MONEY");
    to.flag(report, "--all-tenants", wanted->all_tenants, msg::help_report_all_tenants);
    to.option(report, "--within", wanted->within, msg::help_report_within)->type_name("LENGTH");
    to.option(report, "--calendar", wanted->calendar, msg::help_report_calendar)->type_name("NAME");
}

} // namespace guichet::cli
