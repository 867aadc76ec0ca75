#include "support_desk.hpp"

using namespace support;

namespace {

ticket held(std::string number, std::string priority, std::uint32_t rank, instant created, std::string category = {}) {
    ticket t;
    t.id = *parse_id<ticket_id>("01890a5d-ac96-774b-bcce-0000000000" + number.substr(number.size() - 2));
    t.number = std::move(number);
    t.kind = "incident";
    t.priority = std::move(priority);
    t.priority_rank = rank;
    t.team = "network";
    t.category = std::move(category);
    t.assignee = "paul";
    t.created_at = created;
    return t;
}

} // namespace

TEST_CASE("given somebody who leaves, when his tickets are planned, then each has a new owner and loads stay even") {
    auto t = team("network", {"anne", "bob", "paul"});
    t.skills = {{category("firewall"), "firewall", 2}};
    auto const roster = compiled({{person("anne", {{"firewall", 3}}), person("bob"), person("paul")}, {t}, {}}).value();
    routing::workload loads{roster};
    loads.add("paul", 8);
    loads.add("bob", 2);
    std::vector<ticket> const tickets{
        held("INC-01", "low", 1, wednesday - 5h), held("INC-02", "critical", 4, wednesday - 1h),
        held("INC-03", "low", 1, wednesday - 9h), held("INC-04", "normal", 2, wednesday - 2h, "firewall")};
    std::vector<routing::request> requests;
    for (auto const& one : tickets)
        requests.push_back({one});
    auto const plan = routing::redistribute(*roster, "paul", requests, loads, {}, wednesday);
    REQUIRE(plan.size() == 4);
    std::string told;
    for (auto const& one : plan)
        told += one.number + " " + one.to.person + "; ";
    // the critical one to anne (0 -> 4), the firewall to her who knows it (6), the oldest low to bob (2 -> 3 -> 4)
    CHECK(told == "INC-02 anne; INC-04 anne; INC-03 bob; INC-01 bob; ");
    CHECK(plan[0].ticket == tickets[1].id);
    CHECK(stood(plan[0].to, "paul") == routing::standing::excluded);
    CHECK(loads.of("anne").load == 0); // nothing is written
}

TEST_CASE("given a team in turn, when somebody leaves, then his tickets go round among the others") {
    auto const roster = compiled({{person("anne"), person("bob"), person("paul")},
                                  {team("network", {"anne", "bob", "paul"}, assignment_mode::round_robin)},
                                  {}})
                            .value();
    routing::workload const loads{roster};
    std::vector<ticket> const tickets(5, held("INC-01", "low", 1, wednesday));
    std::vector<routing::request> const requests(tickets.begin(), tickets.end());
    std::string told;
    for (auto const& one : routing::redistribute(*roster, "paul", requests, loads, {{"network", "anne"}}, wednesday))
        told += one.to.person + " ";
    CHECK(told == "bob anne bob anne bob ");
}

TEST_CASE("given the last of a team, when he leaves, then his tickets have no owner and stay with the team") {
    auto const roster = compiled({{person("paul")}, {team("network", {"paul"})}, {}}).value();
    auto homeless = held("INC-01", "low", 1, wednesday);
    homeless.team.clear();
    std::vector<routing::request> const requests{{homeless}};
    auto const plan = routing::redistribute(*roster, "paul", requests, routing::workload{roster}, {}, wednesday);
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].to.person.empty());
    CHECK(plan[0].to.team == "network");
}

TEST_CASE(
    "given a roster without the leaver, when his tickets are planned under old loads, then all is found by name") {
    auto const before = compiled({{person("anne"), person("bob"), person("paul")}, {}, {}}).value();
    auto const after = compiled({{person("bob"), person("zoe")}, {}, {}}).value();
    routing::workload loads{before};
    loads.add("bob", 3);
    auto one = held("INC-01", "low", 1, wednesday);
    one.team.clear();
    std::vector<routing::request> const requests{{one}};
    auto const plan = routing::redistribute(*after, "paul", requests, loads, {}, wednesday);
    CHECK(plan[0].to.person == "zoe");
    CHECK(about(plan[0].to, "bob")->load == 3);
}
