#include <guichet/escalation/journey.hpp>

#include <doctest/doctest.h>

using namespace guichet;
using namespace std::chrono_literals;
using escalation::arrival;
using escalation::stay;

namespace {

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h};

/// The log of one ticket; an hour passes between any two events unless they belong together.
struct way {
    std::vector<event> past;
    instant now = monday;

    way& then(std::string by, event_body body, event_cause cause = {}) {
        now += past.empty() ? 0h : 1h;
        return at_once(std::move(by), std::move(body), std::move(cause));
    }
    way& at_once(std::string by, event_body body, event_cause cause = {}) {
        auto& e = past.emplace_back();
        e.version = past.size();
        e.at = now;
        e.actor = std::move(by);
        e.cause = std::move(cause);
        e.body = std::move(body);
        return *this;
    }
    way& opened(std::string team, std::string tier, std::string assignee) {
        ticket_opened b;
        b.team = std::move(team);
        b.tier = std::move(tier);
        b.assignee = std::move(assignee);
        return then("ana", std::move(b));
    }
    way& escalated(escalation_direction direction, std::string reason, std::string team, std::string tier,
                   std::string assignee = {}) {
        ticket_escalated b;
        b.direction = direction;
        b.team = team;
        b.tier = tier;
        b.reason = std::move(reason);
        then("luc", std::move(b));
        return at_once("luc", handed_to(std::move(team), std::move(tier), std::move(assignee)));
    }
    static ticket_handed_over handed_to(std::string team, std::string tier, std::string assignee = {},
                                        std::string queue = {}) {
        ticket_handed_over b;
        b.team = std::move(team);
        b.tier = std::move(tier);
        b.assignee = std::move(assignee);
        b.queue = std::move(queue);
        return b;
    }
    std::vector<stay> stays() const { return escalation::journey(past); }
};

stay at(std::string team, std::string tier, std::string assignee = {}, arrival how = arrival::handed_over) {
    stay out;
    out.team = std::move(team);
    out.tier = std::move(tier);
    out.assignee = std::move(assignee);
    out.how = how;
    return out;
}

/// "handovers/ping-pongs".
std::string counted(std::vector<stay> const& all) {
    auto const counts = escalation::count(all);
    return std::to_string(counts.handovers) + "/" + std::to_string(counts.ping_pongs);
}

std::string told(stay const& s) { return s.team + "|" + s.tier + "|" + s.assignee; }

} // namespace

TEST_CASE("given nothing, when a way is asked for, then there is none and it counts nothing") {
    CHECK(escalation::journey({}).empty());
    CHECK(counted({}) == "0/0");
    CHECK(escalation::time_per_tier({}, monday).empty());
    CHECK(way{}.then("luc", ticket_assigned{"luc", ""}).stays().empty()); // a log without its beginning
}

TEST_CASE("given a new ticket, when its way is asked for, then the first stay has no end and says who opened it") {
    auto const stays = way{}.opened("desk", "L1", "").stays();
    REQUIRE(stays.size() == 1);
    CHECK(told(stays[0]) == "desk|L1|");
    CHECK(stays[0].how == arrival::opened);
    CHECK(stays[0].by == "ana");
    CHECK(stays[0].from == monday);
    CHECK_FALSE(stays[0].to);
}

TEST_CASE("given persons of one team, when the ticket goes round among them, then each stays and none is a handover") {
    auto const stays = way{}
                           .opened("desk", "L1", "")
                           .then("luc", ticket_assigned{"luc", ""})
                           .then("luc", ticket_assigned{"mia", "luc"})
                           .then("mia", ticket_assigned{"", "mia"})
                           .then("luc", ticket_assigned{"luc", ""})
                           .stays();
    REQUIRE(stays.size() == 5);
    CHECK(told(stays[1]) == "desk|L1|luc");
    CHECK(told(stays[3]) == "desk|L1|"); // nobody: a stay as well
    CHECK(stays[4].how == arrival::assigned);
    for (std::size_t i = 1; i < stays.size(); ++i)
        CHECK(stays[i - 1].to == stays[i].from);
    CHECK(counted(stays) == "0/0");
}

TEST_CASE("given escalations, when the ticket moves, then the way says up, down or back, and why") {
    auto const stays = way{}
                           .opened("desk", "L1", "luc")
                           .escalated(escalation_direction::up, "rights missing", "network", "L2")
                           .escalated(escalation_direction::back, "question not asked", "desk", "L1", "luc")
                           .escalated(escalation_direction::up, "again", "vendor", "L3")
                           .escalated(escalation_direction::down, "", "desk", "L1")
                           .stays();
    REQUIRE(stays.size() == 5);
    CHECK(stays[1].how == arrival::escalated);
    CHECK(stays[1].reason == "rights missing");
    CHECK(stays[1].by == "luc");
    CHECK(stays[2].how == arrival::sent_back);
    CHECK(stays[2].reason == "question not asked");
    CHECK(stays[2].assignee == "luc");
    CHECK(stays[3].how == arrival::escalated);
    CHECK(stays[4].how == arrival::handed_down);
    auto const counts = escalation::count(stays);
    CHECK(counts.handovers == 4);
    CHECK(counts.ping_pongs == 2);
    CHECK(counts.escalations == 2);
    CHECK(counts.returns == 1);
}

TEST_CASE("given a routing, when it gave the ticket to somebody, then the way says so, with what made it route") {
    ticket_routed chosen;
    chosen.person = "mia";
    auto const stays = way{}
                           .opened("desk", "L1", "")
                           .then("system", chosen, {"rule:intake/route", {}})
                           .at_once("system", ticket_assigned{"mia", ""}, {"rule:intake/route", {}})
                           .stays();
    REQUIRE(stays.size() == 2);
    CHECK(stays[1].how == arrival::routed);
    CHECK(stays[1].by == "system");
    CHECK(stays[1].cause.what == "rule:intake/route");
}

TEST_CASE("given a routing that changed nothing, when somebody moves the ticket later, then that was no routing") {
    ticket_routed chosen, nobody;
    chosen.person = "luc";
    auto const stays = way{}
                           .opened("desk", "L1", "luc")
                           .then("system", nobody)
                           .then("luc", ticket_assigned{"mia", "luc"})
                           .then("system", chosen) // who has it already, after nobody was there: no move follows
                           .then("mia", message_added{})
                           .then("mia", ticket_assigned{"zoe", "mia"})
                           .then("system", chosen)
                           .then("zoe", way::handed_to("network", "L2"))
                           .stays();
    REQUIRE(stays.size() == 4);
    CHECK(stays[1].how == arrival::assigned);
    CHECK(stays[2].how == arrival::assigned);
    CHECK(stays[2].assignee == "zoe");
}

TEST_CASE("given other events in between, when the way is followed, then they make no stay") {
    auto const stays = way{}
                           .opened("desk", "L1", "luc")
                           .then("ana", message_added{})
                           .then("luc", ticket_pended{})
                           .then("luc", way::handed_to("desk", "L1", "luc", "night queue"))
                           .then("luc", ticket_closed{})
                           .stays();
    REQUIRE(stays.size() == 1); // another queue of the same team, with the same person
    CHECK_FALSE(stays[0].to);   // closed, it keeps its last stay open
    auto const emptied =
        way{}.opened("desk", "L1", "luc").then("luc", way::handed_to("desk", "L1", "", "night queue")).stays();
    CHECK(emptied.size() == 2);
    CHECK(counted(emptied) == "0/0");
}

TEST_CASE("given a ticket that nobody has yet, when a team gets it, then that is no handover") {
    CHECK(counted({at("", ""), at("desk", "L1")}) == "0/0");
    CHECK(counted({at("", "", "luc"), at("desk", "L1"), at("network", "L2")}) == "1/0");
    CHECK(counted({at("", "")}) == "0/0");
}

TEST_CASE(
    "given a ticket that is taken from all teams for a while, when the next one gets it, then it is one handover") {
    CHECK(counted({at("desk", "L1"), at("", ""), at("network", "L2")}) == "1/0");
    CHECK(counted({at("desk", "L1"), at("", ""), at("desk", "L1")}) == "0/0");
    CHECK(counted({at("desk", "L1"), at("network", "L2"), at("", ""), at("desk", "L1")}) == "2/1");
}

TEST_CASE("given a team whose line becomes known later, when that is filled in, then nothing was handed over") {
    CHECK(counted({at("desk", ""), at("desk", "L1")}) == "0/0"); // as routing does: a team has its tier
    CHECK(counted({at("", "L1"), at("desk", "L1")}) == "0/0");
    CHECK(counted({at("desk", "L1"), at("desk", "")}) == "0/0");
    CHECK(counted({at("desk", ""), at("desk", "L1"), at("desk", "L2")}) == "1/0");
    CHECK(counted({at("desk", ""), at("network", "L2"), at("desk", "L1")}) == "2/1");
    CHECK(counted({at("desk", ""), at("network", "")}) == "1/0");
    CHECK(counted({at("", "L1"), at("", "L2"), at("", "L1")}) == "2/1");
}

TEST_CASE(
    "given a ticket that goes round, when its handovers are counted, then only the way straight back is ping-pong") {
    CHECK(counted({at("desk", "L1"), at("network", "L2"), at("desk", "L1")}) == "2/1");
    CHECK(counted({at("desk", "L1"), at("network", "L2"), at("desk", "L1"), at("network", "L2")}) == "3/2");
    CHECK(counted({at("desk", "L1"), at("network", "L2"), at("vendor", "L3"), at("desk", "L1")}) == "3/0");
    CHECK(counted({at("desk", "L1"), at("network", "L2"), at("network", "L2", "mia"), at("desk", "L1")}) == "2/1");
    CHECK(counted({at("desk", "L1"), at("night", "L1"), at("desk", "L1")}) == "2/1"); // within a line too
    CHECK(counted({at("desk", "L1"), at("desk", "L2"), at("desk", "L1")}) == "2/1");  // one team, two lines
}

TEST_CASE(
    "given stays, when the time of each line is asked for, then it adds up to the way, until the end and no more") {
    auto const stays = way{}
                           .opened("desk", "L1", "luc")
                           .escalated(escalation_direction::up, "", "network", "L2")
                           .then("luc", ticket_assigned{"mia", ""})
                           .escalated(escalation_direction::back, "", "desk", "L1", "luc")
                           .stays();
    using spent = std::map<std::string, duration>;
    CHECK(escalation::time_per_tier(stays, monday + 10h) == spent{{"L1", 8h}, {"L2", 2h}});
    CHECK(escalation::time_per_tier(stays, monday + 3h) == spent{{"L1", 1h}, {"L2", 2h}});
    CHECK(escalation::time_per_tier(stays, monday + 90min) == spent{{"L1", 1h}, {"L2", 30min}}); // in the middle of it
    CHECK(escalation::time_per_tier(stays, monday - 1h) == spent{{"L1", 0h}, {"L2", 0h}});
    CHECK(escalation::time_per_tier(way{}.opened("desk", "", "").stays(), monday + 1h) == spent{{"", 1h}});
}
