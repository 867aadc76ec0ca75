#include "queries.hpp"

#include <guichet/reporting/output.hpp>

namespace guichet::python {

/// `condition` is text, JSON's form of a condition, or nothing.
std::string condition_text(py::handle condition) {
    if (condition.is_none())
        return {};
    if (PyUnicode_Check(condition.ptr()))
        return unwrap(read_text(condition, json::path("where")));
    return unwrap(write_json(condition, json::path("where")));
}

std::vector<std::string> texts(py::handle from, std::string_view word) {
    std::vector<std::string> out;
    if (!from.is_none())
        unwrap(from_python(from, out, json::path(word)));
    return out;
}

view make_view(py::handle where, py::handle order, std::size_t limit, std::string cursor) {
    view out;
    out.where = condition_text(where);
    out.order = texts(order, "order");
    out.limit = limit;
    out.cursor = std::move(cursor);
    return out;
}

report_period make_period(py::handle start, py::handle end) {
    report_period out;
    if (!start.is_none())
        out.from = unwrap(read_datetime(start, json::path("start")));
    if (!end.is_none())
        out.to = unwrap(read_datetime(end, json::path("end")));
    return out;
}

std::vector<document> read_documents(py::handle given) {
    std::vector<document> out;
    unwrap(from_python(given, out, json::path("documents")));
    return out;
}

namespace {

clock shown(sla::clock const& c, instant now) {
    return {std::string{c.metric},
            c.policy ? c.policy->name : std::string{},
            c.policy ? c.policy->family : std::string{},
            c.cycle,
            c.target,
            c.consumed,
            c.started,
            c.stopped,
            c.due,
            c.paused_since,
            c.cancelled,
            c.late(now)};
}

result<std::vector<clock>> clocks_of(desk const& d, ticket const& t) {
    auto const hold = d.config();
    GUICHET_LET(auto const all, d.clocks(t));
    std::vector<clock> out;
    for (auto const& c : all)
        out.push_back(shown(c, d.env().now()));
    return out;
}

report_table shown(reporting::table const& t) {
    report_table out{t.what, t.keys, {}, t.rows, reporting::to_csv(t), reporting::to_svg(t)};
    for (auto const& m : t.measures)
        out.measures.push_back({std::string{m.name}, m.in});
    return out;
}

void add_ticket_queries(desk_class& to) {
    auto const about = [&](char const* name, auto ask, char const* help) {
        to.def(name, of_ticket(ask), py::arg("ticket"), py::kw_only(), viewer_argument(), help);
    };
    about(
        "find", [](living_desk& in, ticket_id id, viewer const& who) { return in.core->find(id, who); },
        "A ticket as it stands, by its number or id.");
    about(
        "conversation", [](living_desk& in, ticket_id id, viewer const& who) { return in.core->conversation(id, who); },
        "The messages, oldest first; internal ones for those who may read them.");
    about(
        "history", [](living_desk& in, ticket_id id, viewer const& who) { return in.core->history(id, who); },
        "The events of a ticket, oldest first, without what the viewer may not read.");
    about(
        "clocks",
        [](living_desk& in, ticket_id id, viewer const& who) -> result<std::vector<clock>> {
            GUICHET_LET(auto const t, in.core->find(id, who));
            return clocks_of(*in.core, t);
        },
        "The service level clocks of a ticket, now.");
    about(
        "explain", [](living_desk& in, ticket_id id, viewer const& who) { return in.core->explain(id, who); },
        "Why each clock of a ticket stands where it stands.");
    about(
        "decisions", [](living_desk& in, ticket_id id, viewer const& who) { return in.core->decisions(id, who); },
        "The decisions of rules that were kept of a ticket; see keep_decisions.");
    about(
        "journey", [](living_desk& in, ticket_id id, viewer const& who) { return in.core->journey(id, who); },
        "Where a ticket has been: who held it, how long, why it moved.");

    to.def(
          "as_of",
          [](desk_handle const& d, py::object const& ticket, py::object const& at, py::object const& viewer) {
              auto const when = unwrap(read_datetime(at, json::path("at")));
              return of_ticket([when](living_desk& in, ticket_id id, guichet::viewer const& who) {
                  return in.core->as_of(id, when, who);
              })(d, ticket, viewer);
          },
          py::arg("ticket"), py::arg("at"), py::kw_only(), viewer_argument(),
          "The ticket as it was at an instant: the fold of its events until then.")
        .def(
            "read_file",
            [](desk_handle const& d, py::object const& ticket, std::uint32_t attachment, py::object const& viewer) {
                auto const meant = reference::of(ticket, "ticket");
                auto const who = d.who(viewer, "viewer");
                auto const bytes = d.run([&](living_desk& in) -> result<std::vector<std::byte>> {
                    GUICHET_LET(auto const id, meant.ticket(*in.core, who));
                    return in.core->read_file(id, attachment, who);
                });
                return py::bytes(reinterpret_cast<char const*>(bytes.data()), bytes.size());
            },
            py::arg("ticket"), py::arg("attachment"), py::kw_only(), viewer_argument(),
            "The bytes of an attachment, by its number.")
        .def(
            "route",
            [](desk_handle const& d, py::object const& ticket, std::string team, std::string exclude,
               py::object const& viewer) {
                route_ticket const wish{std::move(team), std::move(exclude)};
                return of_ticket([wish](living_desk& in, ticket_id id, guichet::viewer const& who) {
                    return in.core->route(id, who, wish);
                })(d, ticket, viewer);
            },
            py::arg("ticket"), py::kw_only(), py::arg("team") = "", py::arg("exclude") = "", viewer_argument(),
            "Whom the routing would choose for a ticket now, and why; nothing is written.")
        .def(
            "why",
            [](desk_handle const& d, py::object const& ticket, std::string const& field, py::object const& viewer) {
                return of_ticket([field](living_desk& in, ticket_id id, guichet::viewer const& who) {
                    return in.core->why(id, field, who);
                })(d, ticket, viewer);
            },
            py::arg("ticket"), py::arg("field"), py::kw_only(), viewer_argument(),
            "Who or what gave a field its values, oldest first.")
        .def(
            "why_not",
            [](desk_handle const& d, py::object const& ticket, std::string const& rule, std::uint64_t version,
               py::object const& viewer) {
                return of_ticket([rule, version](living_desk& in, ticket_id id, guichet::viewer const& who) {
                    return in.core->why_not(id, rule, who, version);
                })(d, ticket, viewer);
            },
            py::arg("ticket"), py::arg("rule"), py::kw_only(), py::arg("version") = 0, viewer_argument(),
            "What became of a rule (\"set/name\") at the change that led to a version of the ticket (0: the last "
            "one).");
}

void add_lists(desk_class& to) {
    to.def(
          "query",
          [](desk_handle const& d, py::object const& where, py::object const& order, std::size_t limit,
             std::string cursor, py::object const& viewer) {
              auto const wanted = make_view(where, order, limit, std::move(cursor));
              auto const who = d.who(viewer, "viewer");
              return d.ask([&](living_desk& in) { return in.core->query(wanted, who); });
          },
          py::arg("where") = py::none(), py::kw_only(), py::arg("order") = py::none(), py::arg("limit") = 50,
          py::arg("cursor") = "", viewer_argument(),
          "A page of tickets: query('open and priority = \"high\"', order=[\"due_at\"]).")
        .def(
            "count",
            [](desk_handle const& d, py::iterable const& conditions, py::object const& viewer) {
                if (PyUnicode_Check(conditions.ptr()))
                    raise(wrong_type(json::path("conditions"), "a list", conditions));
                std::vector<view> views;
                for (auto const one : conditions)
                    views.push_back(make_view(one, py::none(), 50, {}));
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->count(views, who); });
            },
            py::arg("conditions"), py::kw_only(), viewer_argument(), "One counter for each condition, in one call.")
        .def(
            "at_risk",
            [](desk_handle const& d, py::object const& within, py::object const& viewer) {
                auto const length = unwrap(read_timedelta(within, json::path("within")));
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->at_risk(length, who); });
            },
            py::arg("within"), py::kw_only(), viewer_argument(),
            "The running clocks whose deadline has passed or comes within a timedelta.")
        .def(
            "read_log",
            [](desk_handle const& d, std::uint64_t after, std::size_t limit, py::object const& viewer) {
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->read_log(after, limit, who); });
            },
            py::arg("after") = 0, py::kw_only(), py::arg("limit") = 1'000, viewer_argument(),
            "All events from after a seq; needs the right audit.");
}

void add_figures(desk_class& to) {
    to.def(
          "report",
          [](desk_handle const& d, std::string what, py::object const& by, py::object const& start,
             py::object const& end, py::object const& where, std::string calendar, double hourly_rate, bool all_tenants,
             std::size_t top, py::object const& viewer) {
              report_request const asked{std::move(what),
                                         texts(by, "by"),
                                         make_period(start, end),
                                         condition_text(where),
                                         std::move(calendar),
                                         hourly_rate,
                                         all_tenants,
                                         top};
              auto const who = d.who(viewer, "viewer");
              return d.ask([&](living_desk& in) -> result<report_table> {
                  GUICHET_LET(auto const t, in.counted->report(asked, who));
                  return shown(t);
              });
          },
          py::arg("what"), py::kw_only(), py::arg("by") = py::none(), py::arg("start") = py::none(),
          py::arg("end") = py::none(), py::arg("where") = py::none(), py::arg("calendar") = "",
          py::arg("hourly_rate") = 0.0, py::arg("all_tenants") = false, py::arg("top") = 0, viewer_argument(),
          "Figures: volume, backlog, fcr, time, reopen, sla, cost, causes, satisfaction. Needs the right audit.")
        .def(
            "attainment",
            [](desk_handle const& d, py::object const& start, py::object const& end, py::object const& by,
               py::object const& viewer) {
                auto const period = make_period(start, end);
                auto const keys = by.is_none()
                                      ? std::vector<std::string>{"month", "policy", "metric", "priority", "team"}
                                      : texts(by, "by");
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->attainment(period, who, keys); });
            },
            py::kw_only(), py::arg("start") = py::none(), py::arg("end") = py::none(), py::arg("by") = py::none(),
            viewer_argument(), "How the promises were kept.")
        .def(
            "time_spent",
            [](desk_handle const& d, py::object const& start, py::object const& end, std::string const& calendar,
               py::object const& viewer) {
                auto const period = make_period(start, end);
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->time_spent(period, who, calendar); });
            },
            py::kw_only(), py::arg("start") = py::none(), py::arg("end") = py::none(), py::arg("calendar") = "default",
            viewer_argument(), "How long the tickets were in each state, team and tier.");
}

void add_effects(desk_class& to) {
    to.def(
          "guide_report",
          [](desk_handle const& d, std::string const& guide, py::object const& start, py::object const& end,
             py::object const& viewer) {
              auto const period = make_period(start, end);
              auto const who = d.who(viewer, "viewer");
              return d.ask([&](living_desk& in) { return in.core->guide_report(period, who, guide); });
          },
          py::arg("guide") = "", py::kw_only(), py::arg("start") = py::none(), py::arg("end") = py::none(),
          viewer_argument(), "How often each branch of a guide was taken, and what came of it.")
        .def(
            "effect_of",
            [](desk_handle const& d, py::object const& problem, py::object const& action, py::object const& since,
               py::object const& over, py::object const& viewer) {
                auto const done = action.is_none() ? reference{} : reference::of(action, "action");
                std::optional<instant> from;
                unwrap(from_python(since, from, json::path("since")));
                auto const days =
                    std::chrono::floor<std::chrono::days>(unwrap(read_timedelta(over, json::path("over"))));
                return of_ticket(
                    [&](living_desk& in, ticket_id id, guichet::viewer const& who) -> result<problem_effect> {
                        GUICHET_LET(auto const by, done.ticket(*in.core, who));
                        return in.core->effect_of(id, who, by, from, days);
                    })(d, problem, viewer);
            },
            py::arg("problem"), py::kw_only(), py::arg("action") = py::none(), py::arg("since") = py::none(),
            py::arg("over") = 90 * 86'400, viewer_argument(),
            "Whether a problem's tickets became fewer since its cause was removed, in so long before and after.")
        .def(
            "trends",
            [](desk_handle const& d, py::object const& start, py::object const& end, py::object const& viewer) {
                auto const period = make_period(start, end);
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->trends(period, who); });
            },
            py::kw_only(), py::arg("start") = py::none(), py::arg("end") = py::none(), viewer_argument(),
            "What comes faster than usual, and what was told of it in a period.")
        .def(
            "redistribute",
            [](desk_handle const& d, std::string const& person, py::object const& viewer) {
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->redistribute(person, who); });
            },
            py::arg("person"), py::kw_only(), viewer_argument(),
            "Who would get the open tickets of somebody who leaves; nothing is written.");
}

void add_trials(desk_class& to) {
    to.def(
          "dry_run",
          [](desk_handle const& d, py::object const& candidates, py::object const& ticket, py::object const& where,
             std::size_t limit, py::object const& viewer) -> py::object {
              auto const documents = read_documents(candidates);
              if (!ticket.is_none())
                  return of_ticket([documents](living_desk& in, ticket_id id, guichet::viewer const& who) {
                      return in.core->dry_run(documents, id, who);
                  })(d, ticket, viewer);
              auto const on = make_view(where, py::none(), limit, {});
              auto const who = d.who(viewer, "viewer");
              return d.ask([&](living_desk& in) { return in.core->dry_run(documents, on, who); });
          },
          py::arg("candidates"), py::arg("ticket") = py::none(), py::kw_only(), py::arg("where") = py::none(),
          py::arg("limit") = 50, viewer_argument(),
          "What rules under these documents would do about the last change of a ticket, or of each ticket of a view.")
        .def(
            "back_test",
            [](desk_handle const& d, py::object const& candidates, py::object const& start, py::object const& end,
               py::object const& viewer) {
                auto const documents = read_documents(candidates);
                auto const period = make_period(start, end);
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->back_test(documents, period, who); });
            },
            py::arg("candidates") = py::tuple(), py::kw_only(), py::arg("start") = py::none(),
            py::arg("end") = py::none(), viewer_argument(),
            "Lets rules under these documents (none: those in force) answer every change that the log has.")
        .def(
            "preview",
            [](desk_handle const& d, py::object const& documents, py::object const& by) {
                auto const wanted = read_documents(documents);
                auto const who = d.who(by, "by");
                return d.ask([&](living_desk& in) { return in.core->preview(wanted, who); });
            },
            py::arg("documents"), py::kw_only(), py::arg("by") = py::none(),
            "What the documents would do to the open tickets; nothing is written.");
}

} // namespace

void add_queries(desk_class& to) {
    add_ticket_queries(to);
    add_lists(to);
    add_figures(to);
    add_effects(to);
    add_trials(to);
}

} // namespace guichet::python
