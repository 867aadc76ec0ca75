#include "support_desk.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/time/iso8601.hpp>

#include <unit/facts_of.hpp>

using namespace support;

namespace {

error refused(routing::roster_documents documents) {
    auto const r = compiled(std::move(documents));
    REQUIRE_FALSE(r.has_value());
    auto const e = r.error();
    for (auto const fact : facts_of(info(e.why()).english)) {
        CAPTURE(fact);
        bool const told = std::any_of(e.context().begin(), e.context().end(),
                                      [&](error::context_pair const& c) { return c.first == fact; });
        CHECK(told);
    }
    CHECK(e.describe(language::fr).find('{') == std::string::npos);
    return e;
}
void check_refused(routing::roster_documents documents, reason why, std::string_view path) {
    auto const e = refused(std::move(documents));
    CHECK(info(e.why()).name == info(why).name);
    CHECK(e["path"] == path);
}

person_document away(std::string from, std::string to, std::string substitute = {}, std::string shift = {}) {
    auto p = person("anne");
    p.shift = std::move(shift);
    p.absences = {{std::move(from), std::move(to), std::move(substitute)}};
    return p;
}

} // namespace

TEST_CASE("given no documents, when the roster is compiled, then there is nobody, and nothing breaks") {
    desk_of d{{}};
    CHECK(d.roster->persons().empty());
    auto const none = d.ask();
    CHECK(none.person.empty());
    CHECK(routing::describe(none) == "the ticket names no team");
}

TEST_CASE("given a lone technician, when a ticket comes, then it is his") {
    desk_of d{{{person("luc")}, {}, {}}};
    CHECK(d.who() == "luc");
    CHECK(routing::describe(d.ask()) == "the desk: luc, smallest load\n  luc: load 0");
    CHECK(routing::describe(d.ask(), language::fr) == "le guichet : luc, la plus petite charge\n  luc : charge 0");
}

TEST_CASE("given documents that name what is not there, when they are compiled, then the error names place and way") {
    auto p = person("paul");
    p.shift = "moon";
    auto const e = refused({{p}, {}, {}});
    CHECK(e.describe() == "person.paul.shift: unknown value \"moon\"; known: late, nights, paris, singapore");
    p = person("paul");
    p.teams = {"netwrok"};
    check_refused({{p}, {team("network", {})}, {}}, reason::unknown_value, "person.paul.teams[0]");
    check_refused({{p}, {}, {}}, reason::unknown_value, "person.paul.teams[0]");
    check_refused({{}, {team("network", {"zoe"})}, {}}, reason::unknown_value, "team.network.members[0]");
    auto t = team("network", {});
    t.overflow = "servers";
    check_refused({{}, {t}, {}}, reason::unknown_value, "team.network.overflow");
    t = team("network", {});
    t.overflow_load = 5;
    check_refused({{}, {t}, {}}, reason::overflow_missing, "team.network.overflow_load");
    t = team("network", {});
    t.calendar = "moon";
    check_refused({{}, {t}, {}}, reason::unknown_value, "team.network.calendar");
    t = team("network", {});
    t.supervisors = {"zoe"};
    check_refused({{}, {t}, {}}, reason::unknown_value, "team.network.supervisors[0]");
    t = team("network", {});
    t.on_call = {{{}, "nights", {"zoe"}}};
    check_refused({{}, {t}, {}}, reason::unknown_value, "team.network.on_call[0].persons[0]");
    t.on_call = {{{}, "moon", {"zoe"}}};
    check_refused({{}, {t}, {}}, reason::unknown_value, "team.network.on_call[0].calendar");
    t.on_call = {{{}, "nights", {}}};
    check_refused({{}, {t}, {}}, reason::missing_field, "team.network.on_call[0].persons");
    check_refused({{}, {}, {{{"poem", "", 1}}, {}}}, reason::unknown_value, "routing.weights[0].kind");
    check_refused({{}, {}, {{{"", "urgent", 1}}, {}}}, reason::unknown_value, "routing.weights[0].priority");
    check_refused({{person("paul", {{"sap", 1}})}, {}, {{}, {"network"}}}, reason::unknown_value,
                  "person.paul.skills[0].name");
    t = team("network", {});
    t.skills = {{{}, "sap", 1}};
    check_refused({{}, {t}, {{}, {"network"}}}, reason::unknown_value, "team.network.skills[0].skill");
}

TEST_CASE("given names that stand twice or are empty, when they are compiled, then they are refused") {
    check_refused({{person("paul"), person("anne"), person("paul")}, {}, {}}, reason::named_twice, "person.paul");
    check_refused({{}, {team("a", {}), team("a", {})}, {}}, reason::named_twice, "team.a");
    check_refused({{person("")}, {}, {}}, reason::empty_text, "person.name");
    check_refused({{}, {team("", {})}, {}}, reason::empty_text, "team.name");
    check_refused({{person("paul", {{"sap", 1}, {"sap", 2}})}, {}, {}}, reason::named_twice,
                  "person.paul.skills[1].name");
    check_refused({{person("paul", {{"", 1}})}, {}, {}}, reason::empty_text, "person.paul.skills[0].name");
    check_refused({{person("paul")}, {team("a", {"paul", "paul"})}, {}}, reason::named_twice, "team.a.members[1]");
    check_refused({{}, {}, {{}, {"sap", "sap"}}}, reason::named_twice, "routing.skills[1]");
}

TEST_CASE("given levels outside 1 to 5, when they are compiled, then they are refused") {
    for (auto const level : {0U, 6U, 300U}) {
        check_refused({{person("paul", {{"sap", level}})}, {}, {}}, reason::bad_skill_level,
                      "person.paul.skills[0].level");
        auto t = team("erp", {});
        t.skills = {{{}, "sap", level}};
        check_refused({{}, {t}, {}}, reason::bad_skill_level, "team.erp.skills[0].level");
    }
    for (auto const level : {1U, 5U})
        CHECK(compiled({{person("paul", {{"sap", level}})}, {}, {}}).has_value());
}

TEST_CASE("given absences, when they are compiled, then they must be times, go forward and name another person") {
    check_refused({{away("tomorrow", "")}, {}, {}}, reason::bad_absence_time, "person.anne.absences[0].from");
    check_refused({{away("2026-12-24", "27.12.")}, {}, {}}, reason::bad_absence_time, "person.anne.absences[0].to");
    check_refused({{away("", "")}, {}, {}}, reason::bad_absence_time, "person.anne.absences[0].from");
    check_refused({{away("2026-12-24", "2026-12-23")}, {}, {}}, reason::absence_backwards,
                  "person.anne.absences[0].to");
    check_refused({{away("2026-12-24", "", "anne")}, {}, {}}, reason::own_substitute,
                  "person.anne.absences[0].substitute");
    check_refused({{away("2026-12-24", "", "zoe")}, {}, {}}, reason::unknown_value,
                  "person.anne.absences[0].substitute");
}

TEST_CASE("given a day off in Paris, when it is compiled, then it is that day from midnight to midnight there") {
    auto const roster = compiled({{away("2026-12-24", "2026-12-24", "", "paris")}, {}, {}}).value();
    auto const& anne = roster->persons()[0];
    instant const midnight{std::chrono::sys_days{std::chrono::year{2026} / 12 / 23} + 23h};
    CHECK_FALSE(anne.absent(midnight - 1ms));
    CHECK(anne.absent(midnight));
    CHECK(anne.absent(midnight + 24h - 1ms));
    CHECK_FALSE(anne.absent(midnight + 24h));
    CHECK(anne.back(midnight) == midnight + 24h);
}

TEST_CASE("given absences that follow and overlap each other, when she is asked for, then she is back after the last") {
    auto p = person("anne");
    p.absences = {{"2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z", ""},
                  {"2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z", ""},
                  {"2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", ""},
                  {"2026-12-24T00:00:00Z", "", ""}};
    auto const roster = compiled({{p}, {}, {}}).value();
    auto const& anne = roster->persons()[0];
    CHECK(anne.back(wednesday) == instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 28}});
    CHECK(anne.back(wednesday + std::chrono::days{10}) == wednesday + std::chrono::days{10});
    CHECK(anne.back(wednesday + std::chrono::days{40}) == std::nullopt);
}

TEST_CASE("given years of absences, when a person is asked for at any time, then the short and the long answer agree") {
    for (int const many : {1, 16, 17, 60}) {
        auto p = person("anne");
        for (int i = 0; i < many; ++i) { // of three hours, ten hours apart; every fifth overlaps the next
            auto const from = wednesday + std::chrono::hours{10 * i};
            auto const length = std::chrono::hours{i % 5 == 0 ? 13 : 3};
            p.absences.push_back({time::to_text(from), time::to_text(from + length), ""});
        }
        auto const roster = compiled({{p}, {}, {}}).value();
        std::size_t away = 0;
        for (auto at = wednesday - 5h; at < wednesday + std::chrono::hours{10 * many + 20}; at += 30min) {
            auto const* const why = roster->persons()[0].absent(at);
            CHECK(roster->away(roster->presences()[0], at) == (why != nullptr));
            away += why != nullptr;
        }
        CHECK(away >= static_cast<std::size_t>(many) * 6);
    }
}

TEST_CASE("given teams that overflow into each other, when they are compiled, then the circle is shown") {
    auto a = team("a", {}), b = team("b", {}), c = team("c", {});
    a.overflow = "b";
    b.overflow = "c";
    CHECK(compiled({{}, {a, b, c}, {}}).has_value());
    c.overflow = "b";
    auto const e = refused({{}, {a, b, c}, {}});
    CHECK(e.why() == reason::teams_in_circle);
    CHECK(e["path"] == "team.b.overflow");
    CHECK(e["value"] == "b -> c -> b");
    a.overflow = "a";
    check_refused({{}, {a}, {}}, reason::teams_in_circle, "team.a.overflow");
}

TEST_CASE("given a team that shares by capacity, when a member has none, then he is named") {
    check_refused({{person("paul")}, {team("network", {"paul"}, assignment_mode::by_capacity)}, {}},
                  reason::capacity_missing, "person.paul.capacity");
}

TEST_CASE("given conditions with slips, when they are compiled, then the path leads to them") {
    auto t = team("erp", {});
    t.skills = {{{R"({"field":"colour","op":"=","value":1})"}, "sap", 1}};
    CHECK(refused({{}, {t}, {}})["path"].substr(0, 28) == "team.erp.skills[0].condition");
    t.skills = {{{R"({"field":"priority","op":"changed"})"}, "sap", 1}};
    check_refused({{}, {t}, {}}, reason::condition_asks_change, "team.erp.skills[0].condition");
}

TEST_CASE("given lists at their limit and one past it, when they are compiled, then the second is refused") {
    using namespace limits;
    auto const over = [](routing::roster_documents d) { check_refused(std::move(d), reason::limit_passed, "person"); };
    std::vector<person_document> many(persons_max);
    for (std::size_t i = 0; i < many.size(); ++i)
        many[i].name = "p" + std::to_string(i);
    CHECK(compiled({many, {}, {}}).has_value());
    many.push_back(person("one too many"));
    over({many, {}, {}});

    std::vector<team_document> teams(teams_max);
    for (std::size_t i = 0; i < teams.size(); ++i)
        teams[i].name = "t" + std::to_string(i);
    CHECK(compiled({{}, teams, {}}).has_value());
    teams.push_back(team("one too many", {}));
    check_refused({{}, teams, {}}, reason::limit_passed, "team");

    auto p = person("paul");
    for (std::size_t i = 0; i < skills_max; ++i)
        p.skills.push_back({"s" + std::to_string(i), 1});
    CHECK(compiled({{p}, {}, {}}).has_value());
    p.skills.push_back({"another", 1});
    check_refused({{p}, {}, {}}, reason::limit_passed, "person.paul.skills");

    p = person("paul");
    for (std::size_t i = 0; i < languages_max; ++i)
        p.languages.push_back("l" + std::to_string(i));
    CHECK(compiled({{p}, {}, {}}).has_value());
    p.languages.push_back("another");
    check_refused({{p}, {}, {}}, reason::limit_passed, "person.paul.languages");

    p = person("paul");
    p.absences.assign(absences_max, {"2026-12-24", "2026-12-24", ""});
    CHECK(compiled({{p}, {}, {}}).has_value());
    p.absences.push_back({"2026-12-25", "", ""});
    check_refused({{p}, {}, {}}, reason::limit_passed, "person.paul.absences");

    p = person("paul");
    p.capacity = capacity_max;
    CHECK(compiled({{p}, {}, {}}).has_value());
    ++p.capacity;
    check_refused({{p}, {}, {}}, reason::limit_passed, "person.paul.capacity");
    p = person(std::string(name_bytes_max + 1, 'x'));
    check_refused({{p}, {}, {}}, reason::limit_passed, "person.name");
    p = person("paul");
    p.label = std::string(name_bytes_max + 1, 'x');
    check_refused({{p}, {}, {}}, reason::limit_passed, "person.paul.label");

    routing_document r;
    r.weights.assign(weights_max, {"incident", "critical", weight_max});
    CHECK(compiled({{}, {}, r}).has_value());
    r.weights.push_back({});
    check_refused({{}, {}, r}, reason::limit_passed, "routing.weights");
    r.weights.assign(1, {"", "", weight_max + 1});
    check_refused({{}, {}, r}, reason::limit_passed, "routing.weights[0].weight");

    auto t = team("erp", {});
    t.skills.assign(team_list_max, {{}, "sap", 1});
    CHECK(compiled({{}, {t}, {}}).has_value());
    t.skills.push_back({{}, "sap", 1});
    check_refused({{}, {t}, {}}, reason::limit_passed, "team.erp.skills");
    t = team("erp", {});
    t.on_call.assign(team_list_max, {{}, "", {"paul"}});
    CHECK(compiled({{person("paul")}, {t}, {}}).has_value());
    t.on_call.push_back({{}, "", {"paul"}});
    check_refused({{person("paul")}, {t}, {}}, reason::limit_passed, "team.erp.on_call");
    t = team("erp", {});
    many.resize(team_list_max);
    for (auto const& one : many)
        t.supervisors.push_back(one.name);
    CHECK(compiled({many, {t}, {}}).has_value());
    many.push_back(person("one too many"));
    t.supervisors.push_back("one too many");
    check_refused({many, {t}, {}}, reason::limit_passed, "team.erp.supervisors");
}

TEST_CASE("given weights, when a ticket is weighed, then the first that fits counts, and else its priority's rank") {
    auto const plain = compiled({{}, {}, {}}).value();
    CHECK(plain->weight("incident", "critical") == 4);
    CHECK(plain->weight("service_request", "low") == 1);
    CHECK(plain->weight("incident", "") == 1);
    auto const own =
        compiled({{}, {}, {{{"incident", "critical", 8}, {"service_request", "", 1}, {"", "high", 5}}, {}}}).value();
    CHECK(own->weight("incident", "critical") == 8);
    CHECK(own->weight("service_request", "high") == 1);
    CHECK(own->weight("problem", "high") == 5);
    CHECK(own->weight("problem", "critical") == 4);
}

TEST_CASE("given a workload, when persons come and go, then what the others have stays with them") {
    auto const before = compiled({{person("anne"), person("paul")}, {}, {}}).value();
    routing::workload loads{before};
    CHECK(loads.add("paul", 7));
    CHECK(loads.gave("paul", wednesday));
    CHECK(loads.gave("paul", wednesday - 1h));
    CHECK_FALSE(loads.add("zoe", 1));
    CHECK_FALSE(loads.remove("zoe", 1));
    CHECK_FALSE(loads.gave("zoe", wednesday));
    auto const after = loads.under(compiled({{person("bob"), person("paul"), person("zoe")}, {}, {}}).value());
    CHECK(after.of("paul") == routing::workload::share{7, wednesday});
    CHECK(after.of("bob") == routing::workload::share{});
    CHECK(loads.remove("paul", 9));
    CHECK(loads.of("paul").load == 0);
    CHECK(loads.add("paul", 4'000'000'000U));
    CHECK(loads.add("paul", 4'000'000'000U));
    CHECK(loads.of("paul").load == 4'294'967'295U);
}
