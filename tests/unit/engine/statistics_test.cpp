#include "sla_desk.hpp"

#include <guichet/engine/statistics.hpp>
#include <guichet/reporting/output.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

/// A desk whose tickets are counted.
struct counted_desk : help_desk {
    statistics figures{*desk, {.keep_tickets = 1}};

    std::string csv(report_request const& asked, viewer const& who) {
        return to_csv(figures.report(asked, who).value());
    }
};

} // namespace

TEST_CASE("given a desk at work, when a report is asked for again, then it has what happened meanwhile") {
    counted_desk d;
    auto const id = d.opened(d.ana);
    CHECK(d.csv({.what = "volume"}, d.root) == "month,opened,resolved,closed\r\n2026-01,1,0,0\r\n");
    d.act(d.luc, resolve_ticket{.code = "fixed"}, id).value();
    d.opened(d.bob);
    CHECK(d.csv({.what = "volume"}, d.root) == "month,opened,resolved,closed\r\n2026-01,2,1,0\r\n");
    CHECK(d.csv({.what = "backlog", .by = {"state"}}, d.root) == "state,open\r\nnew,1\r\n");
}

TEST_CASE("given who may not audit, when he asks for a report, then he is refused") {
    counted_desk d;
    CHECK(d.figures.report({.what = "volume"}, d.luc).error().why() == reason::right_missing);
    CHECK(d.figures.report({.what = "volume", .where = "subject contains \"x\""}, d.root).error().why() ==
          reason::unknown_field);
    CHECK(d.figures.report({.what = "time", .calendar = "moon"}, d.root).error()["path"] == "calendar");
}

TEST_CASE("given two tenants, when reports are asked for, then each sees his own, and only who is named sees both") {
    counted_desk d;
    auto south = d.root;
    south.tenant = "south";
    d.opened(d.ana);
    d.act(south, open_ticket{.subject = "No light"}).value();
    d.act(south, open_ticket{.subject = "No heat"}).value();
    CHECK(d.csv({.what = "volume", .by = {"year"}}, south) == "year,opened,resolved,closed\r\n2026,2,0,0\r\n");
    auto const all = report_request{.what = "volume", .by = {"tenant"}, .all_tenants = true};
    CHECK(d.figures.report(all, south).error().why() == reason::right_missing);
    d.configure("role", "group", R"({"name": "group", "side": "desk", "rights": ["audit", "audit_tenants"]})").value();
    actor const group{.person = "gil", .role = "group"};
    CHECK(d.csv(all, group) == "tenant,opened,resolved,closed\r\n,1,0,0\r\nsouth,2,0,0\r\n");
}

TEST_CASE("given working hours, when time is asked for, then a night is long by the clock and short in working time") {
    counted_desk d;
    put(d, contract());
    auto const id = d.opened(d.ana);
    pass(d, 24h);
    d.act(d.luc, close_ticket{}, id).value();
    CHECK(d.csv({.what = "time", .calendar = "default"}, d.root) ==
          "state,tickets,wall_seconds,working_seconds,mean_wall_seconds\r\nnew,1,86400,32400,86400\r\n");
}

TEST_CASE("given statistics that are kept, when a text is erased, then they are dropped with it and told again") {
    counted_desk d;
    auto const id = d.opened(d.ana, "Broken", "My password is red");
    d.figures.catch_up().value();
    CHECK(!d.desk->store().piece_names().value().empty());
    d.act(d.eva, redact_ticket{.field = "subject"}, id).value();
    CHECK(d.desk->store().piece_names().value().empty());
    statistics again{*d.desk};
    CHECK(to_csv(again.report({.what = "volume"}, d.root).value()) == d.csv({.what = "volume"}, d.root));
}
