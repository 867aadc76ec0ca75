#include "help_desk.hpp"

#include <guichet/engine/statistics.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace guichet;

namespace {

/// A desk that looks for the causes of things.
struct thorough_desk : help_desk {
    ticket_id problem =
        act(luc, open_ticket{.kind = "problem", .subject = "Driver", .category = "printer"}).value().ticket;

    ticket_id caused(actor by, std::string category = "printer") {
        auto const id =
            act(std::move(by), open_ticket{.subject = "No print", .category = std::move(category)}).value().ticket;
        act(luc, link_ticket{link_kind::caused_by, problem}, id).value();
        return id;
    }
    ticket read(ticket_id id) { return desk->find(id, eva).value(); }
    command wish(actor by, command_body body, ticket_id on) {
        return {.by = std::move(by), .body = std::move(body), .ticket = on};
    }
    void days(int count) { world.advance(std::chrono::days{count}); }
};

template <class Event>
Event const* in(outcome const& o) {
    for (auto const& e : o.events)
        if (auto const* found = std::get_if<Event>(&e.body))
            return found;
    return nullptr;
}

} // namespace

TEST_CASE(
    "given a problem with incidents, when its resolution is rehearsed, then it comes to what it will, and nothing "
    "is written") {
    thorough_desk d;
    auto const open = d.caused(d.ana), done = d.caused(d.bob);
    d.act(d.luc, resolve_ticket{}, done).value();
    auto const wish = d.wish(d.luc, resolve_family{.code = "solved", .text = "Driver 4.3"}, d.problem);
    auto const before = d.desk->stats().value().events;

    auto const rehearsed = d.desk->rehearse(wish).value();
    auto const* family = in<family_resolved>(rehearsed);
    REQUIRE(family);
    CHECK(family->tickets == std::vector{open});
    REQUIRE(family->left_out.size() == 1);
    CHECK(family->left_out[0].ticket == done);
    CHECK(family->left_out[0].why == "not_open");
    CHECK(d.desk->stats().value().events == before);
    CHECK(d.read(open).open());
    CHECK(d.read(d.problem).open());

    auto const came_to = d.desk->execute(wish).value();
    REQUIRE(came_to.events.size() == rehearsed.events.size());
    for (std::size_t i = 0; i < came_to.events.size(); ++i)
        CHECK(name_of(came_to.events[i].body) == name_of(rehearsed.events[i].body));
    CHECK(d.read(open).resolved_with == d.problem);
    CHECK(d.desk->rehearse(wish).error().why() == reason::nothing_to_do);
    CHECK(d.desk->rehearse(d.wish(d.ana, resolve_family{}, d.problem)).error().why() == reason::right_missing);
    CHECK(d.sound());
}

TEST_CASE("given a rehearsed ticket, when one is opened in earnest, then its number has no gap before it") {
    thorough_desk d;
    auto const number = [&](result<outcome> const& o) { return o.value().number; };
    auto const wish = d.wish(d.ana, open_ticket{.subject = "Mouse"}, {});
    auto const rehearsed = number(d.desk->rehearse(wish));
    CHECK(number(d.desk->execute(wish)) == rehearsed);
    CHECK(d.sound());
}

TEST_CASE("given a family of many, when it is resolved and that is undone, then each is as it was") {
    thorough_desk d;
    std::vector<ticket_id> all;
    for (int i = 0; i < 60; ++i)
        all.push_back(d.caused(i % 2 ? d.ana : d.bob));
    d.act(d.luc, resolve_family{.text = "Driver 4.3"}, d.problem).value();
    CHECK(std::none_of(all.begin(), all.end(), [&](ticket_id id) { return d.read(id).open(); }));
    CHECK(d.read(d.problem).family.size() == 60);
    d.act(d.luc, undo_family{}, d.problem).value();
    CHECK(std::all_of(all.begin(), all.end(), [&](ticket_id id) { return d.read(id).open(); }));
    CHECK(d.read(d.problem).open());
    CHECK(d.sound());
}

TEST_CASE(
    "given a family in another's hands, when nothing of it may be resolved, then the problem is, and says who was "
    "left out") {
    thorough_desk d;
    auto const id = d.caused(d.ana);
    auto const part = d.act(d.eva, open_ticket{.kind = "task", .subject = "Part", .parent = id}).value().ticket;
    auto const came_to = d.act(d.luc, resolve_family{}, d.problem).value();
    auto const* family = in<family_resolved>(came_to);
    REQUIRE(family);
    CHECK(family->tickets.empty());
    CHECK(family->left_out.at(0).why == "children_open");
    CHECK(d.read(id).open());
    CHECK(d.read(id).version == 3); // opened, linked twice: it was not touched
    CHECK(d.read(part).open());
    CHECK_FALSE(d.read(d.problem).open());
    CHECK(d.sound());
}

TEST_CASE("given a problem whose incidents come no more, when the effect is measured, then both rates are told and "
          "chance hardly explains it") {
    thorough_desk d;
    CHECK(d.desk->effect_of(d.problem, d.eva).error().why() == reason::ticket_not_resolved);
    for (int i = 0; i < 9; ++i) {
        d.caused(d.ana);
        d.act(d.bob, open_ticket{.subject = "Jam", .category = "printer"}).value();
        d.act(d.bob, open_ticket{.subject = "VPN", .category = "network"}).value();
        d.days(10);
    }
    d.caused(d.ana, "network"); // linked, whatever its category
    d.days(1);
    auto const action = d.act(d.luc, open_ticket{.kind = "preventive_action",
                                                 .subject = "New driver",
                                                 .assignee = "luc",
                                                 .fields = {{"due_date", field_value{"2026-05-01"}, 0}}})
                            .value()
                            .ticket;
    d.act(d.luc, resolve_ticket{}, action).value();
    d.days(30);
    d.caused(d.ana);
    d.days(15);

    auto const found = d.desk->effect_of(d.problem, d.eva, action).value();
    CHECK(found.tickets_before == 17); // the first day is outside of the 90
    CHECK(found.tickets_after == 1);
    CHECK(found.after.to == d.desk->env().now());
    CHECK(monthly(found.tickets_before, found.before) == doctest::Approx(17.0 / 3));
    CHECK(monthly(found.tickets_after, found.after) == doctest::Approx(1.0 / 1.5));
    // Binomial: of 18, at least 17 before, where two thirds were to be expected.
    CHECK(found.chance == doctest::Approx(std::pow(2.0 / 3, 18) + 18 * std::pow(2.0 / 3, 17) / 3));
    CHECK(d.desk->effect_of(d.problem, d.eva, {}, found.since, std::chrono::days{0}).error().why() ==
          reason::bad_value);
    CHECK(d.desk->effect_of(d.problem, d.bob, action).error().why() == reason::ticket_not_found);
    auto const now = d.desk->env().now();
    CHECK(d.desk->effect_of(d.problem, d.eva, {}, now).value().chance == 1);
}

TEST_CASE("given answers of requesters, when satisfaction is reported, then the last word of each counts") {
    thorough_desk d;
    auto const rated = [&](actor by, std::uint32_t score) {
        auto const id = d.opened(by);
        d.act(d.luc, resolve_ticket{}, id).value();
        if (score)
            d.act(by, rate_ticket{score, {}}, id).value();
        return id;
    };
    auto const changed = rated(d.ana, 1);
    rated(d.bob, 5), rated(d.bob, 0);
    statistics figures{*d.desk};
    actor const auditor = d.root;
    auto const mean = [&] {
        return *figures.report({.what = "satisfaction"}, auditor).value().rows.at(0).values.at(2);
    };
    CHECK(mean() == 3);
    d.act(d.ana, rate_ticket{4, "better"}, changed).value();
    CHECK(mean() == 4.5);
}
