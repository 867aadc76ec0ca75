/// Routing: who of 1,000 persons with 20 skills gets a ticket, the explanation included.
#include "median.hpp"
#include "row.hpp"

#include <guichet/guichet.hpp>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;

constexpr int agents = 1'000, skills = 20;
instant const wednesday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 9h};

time::calendar hours(char const* zone, int from) {
    auto d = sla::office_hours();
    d.tz = zone;
    for (auto& day : d.weekly)
        for (auto& o : day)
            o = {std::chrono::hours{from}, std::chrono::hours{from + 9}};
    return time::calendar::compile(std::move(d)).value();
}

/// One team of all. `at_work` in percent: the others are absent, or their shift is over.
std::shared_ptr<routing::roster const> roster(assignment_mode mode, unsigned at_work, bool needs) {
    std::mt19937 chance{2026};
    auto const lifecycle = itil_lifecycle();
    routing::roster_documents documents;
    team_document t;
    t.name = "desk";
    t.mode = mode;
    for (int i = 0; needs && i < skills; ++i) {
        auto const name = "skill" + std::to_string(i);
        t.skills.push_back({{R"({"field":"category","op":"=","value":")" + name + "\"}"}, name, 3});
    }
    documents.teams = {t};
    for (int i = 0; i < agents; ++i) {
        person_document p;
        p.name = "agent" + std::to_string(10'000 + i);
        p.label = "Agent number " + std::to_string(i);
        p.teams = {"desk"};
        p.capacity = 1'000;
        if (chance() % 2)
            p.languages = {chance() % 2 ? "fr" : "en", "de"};
        for (int s = 0; s < skills; ++s)
            if (chance() % 2)
                p.skills.push_back({"skill" + std::to_string(s), 1 + std::uint32_t(chance() % 5)});
        p.shift = "paris";
        p.absences = {{"2026-08-01", "2026-08-21", ""}, {"2026-12-24", "2027-01-02", ""}};
        if (chance() % 100 >= at_work)
            chance() % 2 ? p.shift = "singapore" : (p.absences.push_back({"2026-11-23", "2026-11-27", ""}), p.shift);
        documents.persons.push_back(std::move(p));
    }
    return routing::roster::compile(std::move(documents),
                                    {{"paris", hours("Europe/Paris", 9)}, {"singapore", hours("Asia/Singapore", 3)}},
                                    lifecycle, ticket_schema(lifecycle))
        .value();
}

/// Microseconds of one decision; tickets ask for one skill after the other, and what is given counts.
double choosing(assignment_mode mode, unsigned at_work, bool needs) {
    auto const people = roster(mode, at_work, needs);
    routing::workload loads{people};
    routing::turns turns;
    std::mt19937 chance{11};
    for (auto const& p : people->persons())
        loads.add(p.name, std::uint32_t(chance() % 40));
    std::vector<ticket> tickets(skills);
    for (int i = 0; i < skills; ++i) {
        tickets[std::size_t(i)].category = "skill" + std::to_string(i);
        tickets[std::size_t(i)].team = "desk";
        tickets[std::size_t(i)].priority = "low";
    }
    return median_ns(20'000,
                     [&](std::size_t i) {
                         auto const d =
                             routing::choose(*people, {tickets[i % skills], {}, "fr", {}, {}}, loads, turns, wednesday);
                         if (d.person.empty())
                             std::abort();
                         loads.add(d.person, 1);
                         if (d.taken)
                             turns["desk"] = d.taken->person;
                     }) /
           1e3;
}

void row(std::string const& name, double value) { print_row(name, value, "us", "", 0, "<= 20 us", value <= 20); }

} // namespace

int main() {
    row("rules.routing", choosing(assignment_mode::least_loaded, 60, true));
    row("rules.routing.capacity", choosing(assignment_mode::by_capacity, 60, true));
    row("rules.routing.turn", choosing(assignment_mode::round_robin, 60, true));
    row("rules.routing.all_able", choosing(assignment_mode::least_loaded, 100, false));
    auto const start = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i)
        roster(assignment_mode::least_loaded, 60, true);
    auto const ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / 10;
    print_row("rules.roster", ms, "ms", "", 0, "<= 50 ms", ms <= 50);
}
