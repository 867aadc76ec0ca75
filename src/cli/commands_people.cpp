// route, leaves, journey, outbox: who gets tickets, where they have been, and what waits to leave.

#include "commands.hpp"
#include "table.hpp"
#include "vocabulary.hpp"

#include <guichet/engine/answers.hpp>

#include <memory>

namespace guichet::cli {
namespace {

struct route_options {
    std::string ticket, team, exclude;
    bool apply = false;
};

result<int> run_route(context& c, route_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(given.ticket, c.who()));
    route_ticket const wish{given.team, given.exclude};
    GUICHET_LET(auto const would, d->route(t.id, c.who(), wish));
    if (given.apply)
        GUICHET_TRY(d->execute({.by = c.who(), .body = wish, .ticket = t.id}));
    if (c.opt().json)
        print_line(routing::encode(would));
    else
        print(harmless(routing::describe(would, c.say().lang), true));
    return 0;
}

struct leaves_options {
    std::string person;
    bool apply = false;
};

result<int> run_leaves(context& c, leaves_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const plan, d->redistribute(given.person, c.who()));
    if (c.opt().json)
        print_line(guichet::encode(plan));
    else {
        table rows{
            {{c.say()(msg::leaves_ticket)}, {c.say()(msg::leaves_to)}, {c.say()(msg::leaves_team), false, true}}};
        for (auto const& one : plan)
            rows.add({{one.number},
                      {one.to.person.empty() ? c.say()(msg::nobody) : harmless(one.to.person),
                       one.to.person.empty() ? style::yellow : style::bold},
                      {harmless(one.to.team)}});
        if (!rows.empty())
            print(rows.print(c.out()));
    }
    if (!given.apply)
        return 0;
    GUICHET_LET(auto const moved, d->reroute(given.person, c.who()));
    if (!c.opt().json)
        print_line(c.say()(msg::leaves_moved, c.out().number(moved)));
    return 0;
}

msg words_of(escalation::arrival how) {
    switch (how) {
    case escalation::arrival::opened: return msg::arrival_opened;
    case escalation::arrival::assigned: return msg::arrival_assigned;
    case escalation::arrival::handed_over: return msg::arrival_handed_over;
    case escalation::arrival::escalated: return msg::arrival_escalated;
    case escalation::arrival::handed_down: return msg::arrival_handed_down;
    case escalation::arrival::sent_back: return msg::arrival_sent_back;
    case escalation::arrival::routed: return msg::arrival_routed;
    }
    return msg::arrival_opened;
}

result<int> run_journey(context& c, std::string const& ticket) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(ticket, c.who()));
    GUICHET_LET(auto const way, d->journey(t.id, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(way));
        return 0;
    }
    table rows{{{c.say()(msg::why_at)},
                {c.say()(msg::journey_tier)},
                {c.say()(msg::report_team)},
                {c.say()(msg::journey_person)},
                {c.say()(msg::journey_stayed), true},
                {c.say()(msg::journey_why), false, true}}};
    for (auto const& s : way.stays) {
        auto const until = s.to.value_or(t.closed_at.value_or(c.env().now()));
        auto why = c.say()(words_of(s.how)) + ", " + harmless(s.cause.what.empty() ? s.by : s.cause.what);
        if (!s.reason.empty())
            why += ": " + harmless(s.reason);
        rows.add({{c.out().date(s.from)},
                  {harmless(s.tier)},
                  {harmless(s.team)},
                  {harmless(s.assignee), style::bold},
                  {c.out().length(std::chrono::duration_cast<std::chrono::seconds>(until - s.from))},
                  {std::move(why), style::dim}});
    }
    print(rows.print(c.out()));
    print_line(c.say()(msg::journey_counts, way.counts.handovers, way.counts.ping_pongs, way.counts.escalations,
                       way.counts.returns));
    return 0;
}

result<int> run_outbox(context& c, std::size_t limit) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(d->config()->roles->require(c.who(), access::audit));
    GUICHET_LET(auto const due, d->store().due_outbox(c.env().now(), limit));
    if (c.opt().json) {
        for (auto const& entry : due)
            print_line(entry.body);
        return 0;
    }
    table rows{{{"#", true},
                {c.say()(msg::why_at)},
                {c.say()(msg::outbox_way)},
                {c.say()(msg::outbox_tries), true},
                {c.say()(msg::outbox_body), false, true}}};
    for (auto const& entry : due)
        rows.add({{std::to_string(entry.id)},
                  {c.out().date(entry.not_before)},
                  {harmless(entry.kind)},
                  {std::to_string(entry.attempts)},
                  {harmless(entry.body), style::dim}});
    print(due.empty() ? c.say()(msg::outbox_empty) + "\n" : rows.print(c.out()));
    return 0;
}

} // namespace

void add_people_commands(builder& to) {
    auto const routed = std::make_shared<route_options>();
    auto* route =
        to.add(msg::group_tickets, "route", msg::help_route, [routed](context& c) { return run_route(c, *routed); });
    route->add_option("TICKET", routed->ticket, to.say(msg::help_ticket))->required();
    to.option(route, "--team", routed->team, msg::help_route_team);
    to.option(route, "--exclude", routed->exclude, msg::help_route_exclude);
    to.flag(route, "--apply", routed->apply, msg::help_route_apply);
    auto const gone = std::make_shared<leaves_options>();
    auto* leaves =
        to.add(msg::group_tickets, "leaves", msg::help_leaves, [gone](context& c) { return run_leaves(c, *gone); });
    leaves->add_option("PERSON", gone->person, to.say(msg::help_leaves_person))->required();
    to.flag(leaves, "--apply", gone->apply, msg::help_leaves_apply);
    auto const travelled = std::make_shared<std::string>();
    auto* journey = to.add(msg::group_tickets, "journey", msg::help_journey,
                           [travelled](context& c) { return run_journey(c, *travelled); });
    journey->add_option("TICKET", *travelled, to.say(msg::help_ticket))->required();
    auto const limit = std::make_shared<std::size_t>(100);
    auto* outbox =
        to.add(msg::group_care, "outbox", msg::help_outbox, [limit](context& c) { return run_outbox(c, *limit); });
    to.option(outbox, "--limit", *limit, msg::help_limit);
}

} // namespace guichet::cli
