#include "print_figures.hpp"

#include "table.hpp"

#include <cmath>

namespace guichet::cli {
namespace {

struct called {
    std::string_view name;
    msg title;
};

std::string title_of(std::string_view name, speaker const& say) {
    static constexpr called all[]{{"day", msg::report_day},
                                  {"week", msg::report_week},
                                  {"month", msg::report_month},
                                  {"quarter", msg::report_quarter},
                                  {"year", msg::report_year},
                                  {"tenant", msg::report_tenant},
                                  {"kind", msg::kind},
                                  {"priority", msg::priority},
                                  {"category", msg::category},
                                  {"queue", msg::queue},
                                  {"team", msg::report_team},
                                  {"tier", msg::report_tier},
                                  {"assignee", msg::assignee},
                                  {"organisation", msg::organisation},
                                  {"channel", msg::report_channel},
                                  {"resolution_code", msg::report_code},
                                  {"status", msg::report_status},
                                  {"state", msg::state},
                                  {"policy", msg::report_policy},
                                  {"metric", msg::report_metric},
                                  {"dimension", msg::report_where},
                                  {"opened", msg::report_opened_tickets},
                                  {"resolved", msg::report_resolved_tickets},
                                  {"closed", msg::report_closed_tickets},
                                  {"open", msg::report_open_tickets},
                                  {"first_contact", msg::report_first_contact},
                                  {"share", msg::report_part},
                                  {"tickets", msg::report_tickets_short},
                                  {"wall_seconds", msg::report_wall},
                                  {"working_seconds", msg::report_working},
                                  {"mean_wall_seconds", msg::report_mean_wall},
                                  {"resolutions", msg::report_resolutions},
                                  {"reopenings", msg::report_times_reopened},
                                  {"met", msg::report_met},
                                  {"breached", msg::report_breached},
                                  {"latest_seconds", msg::report_latest},
                                  {"logged_seconds", msg::report_logged},
                                  {"seconds_a_ticket", msg::report_logged_a_ticket},
                                  {"cost", msg::report_cost},
                                  {"cost_a_ticket", msg::report_cost_a_ticket},
                                  {"answers", msg::report_answers},
                                  {"score", msg::report_score},
                                  {"content", msg::report_content}};
    for (auto const& one : all)
        if (one.name == name)
            return say(one.title);
    return {};
}

std::string title_of_report(std::string_view what, speaker const& say) {
    static constexpr called all[]{
        {"volume", msg::report_what_volume}, {"backlog", msg::report_what_backlog}, {"fcr", msg::report_what_fcr},
        {"time", msg::report_what_time},     {"reopen", msg::report_what_reopen},   {"sla", msg::report_what_sla},
        {"cost", msg::report_what_cost},     {"causes", msg::report_what_causes},
    };
    for (auto const& one : all)
        if (one.name == what)
            return say(one.title);
    return say(msg::report_what_satisfaction);
}

std::string key_text(std::string_view key, std::string const& name, vocabulary const& words) {
    if (name.empty())
        return "-";
    if (key == "dimension")
        return title_of(name, words.say);
    if (key == "state")
        return words.state(name);
    if (key == "priority")
        return words.priority(name);
    if (key == "kind")
        return words.kind(name);
    if (key == "metric")
        return words.metric(name);
    return harmless(name);
}

std::string value_text(std::optional<double> value, reporting::unit in, console const& out) {
    if (!value)
        return "-";
    switch (in) {
    case reporting::unit::share: return out.percent(*value, 1);
    case reporting::unit::seconds: return out.length(std::chrono::seconds{std::llround(*value)});
    case reporting::unit::money:
    case reporting::unit::score: return out.decimal(*value, 2);
    default: return out.number(static_cast<std::uint64_t>(*value));
    }
}

style style_of(std::string_view measure, std::optional<double> value) {
    if (!value || *value == 0)
        return style::dim;
    return measure == "breached" || measure == "reopenings" ? style::red
           : measure == "met" || measure == "first_contact" ? style::green
                                                            : style::plain;
}

} // namespace

std::string print_figures(reporting::table const& of, console const& out, vocabulary const& words) {
    if (of.rows.empty())
        return out.say(msg::report_nothing) + "\n";
    std::vector<table::column> titles;
    for (auto const& key : of.keys)
        titles.push_back({title_of(key, out.say)});
    for (auto const& measure : of.measures)
        titles.push_back({title_of(measure.name, out.say), true});
    table printed{std::move(titles)};
    bool const places = of.keys[0] == "dimension"; // whose names are of the dimension beside them
    for (auto const& row : of.rows) {
        std::vector<cell> line;
        for (std::size_t i = 0; i < row.keys.size(); ++i)
            line.push_back({key_text(places && i ? row.keys[0] : of.keys[i], row.keys[i], words)});
        for (std::size_t i = 0; i < row.values.size(); ++i)
            line.push_back(
                {value_text(row.values[i], of.measures[i].in, out), style_of(of.measures[i].name, row.values[i])});
        printed.add(std::move(line));
    }
    return printed.print(out);
}

reporting::chart_words words_of_chart(reporting::table const& of, speaker const& say) {
    std::vector<std::string> keys;
    for (auto const& key : of.keys)
        if (auto title = title_of(key, say); !title.empty())
            keys.push_back(std::move(title));
    reporting::chart_words out{.title = title_of_report(of.what, say)};
    for (auto const& measure : of.measures)
        out.measures.push_back(title_of(measure.name, say));
    out.description = say(msg::report_chart, out.measures[0], joined(keys, ", "));
    return out;
}

} // namespace guichet::cli
