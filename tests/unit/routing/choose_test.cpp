#include "support_desk.hpp"

#include <guichet/base/limits.hpp>

#include <boost/json.hpp>

using namespace support;
using routing::standing;

namespace {

routing::roster_documents three(assignment_mode mode) {
    return {{person("anne"), person("bob"), person("carl")}, {team("desk", {"carl", "anne", "bob"}, mode)}, {}};
}

} // namespace

TEST_CASE("given a team in turn, when tickets come, then each has one after the other by name, and once more") {
    desk_of d{three(assignment_mode::round_robin)};
    std::string order;
    for (int i = 0; i < 7; ++i)
        order += d.give() + " ";
    CHECK(order == "anne bob carl anne bob carl anne ");
    CHECK(d.ask().how == routing::way::round_robin);
}

TEST_CASE("given a turn, when the one who had it is gone from the roster, then it goes on behind his name") {
    desk_of d{three(assignment_mode::round_robin)};
    d.turns["desk"] = "bill";
    CHECK(d.who() == "bob");
    d.turns["desk"] = "zoe";
    CHECK(d.who() == "anne");
}

TEST_CASE("given loads, when a ticket comes, then the smallest has it, and ties go to who waited longest") {
    desk_of d{three(assignment_mode::least_loaded)};
    d.loads.add("anne", 4);
    CHECK(d.who() == "bob");
    d.loads.gave("bob", wednesday - 1h);
    CHECK(d.who() == "carl");
    d.loads.gave("carl", wednesday - 2h);
    CHECK(d.who() == "carl");
    d.loads.gave("carl", wednesday - 1h);
    CHECK(d.who() == "bob");
}

TEST_CASE("given a critical incident, when it is given away, then its weight keeps the next tickets from that person") {
    desk_of d{three(assignment_mode::least_loaded)};
    d.about.priority = "critical";
    CHECK(d.give() == "anne");
    d.about.priority = "low";
    std::string order;
    for (int i = 0; i < 8; ++i)
        order += d.give() + " ";
    CHECK(order == "bob carl bob carl bob carl bob carl ");
    CHECK(d.loads.of("anne").load == 4);
}

TEST_CASE("given capacities, when tickets come, then the smallest part in use has them, and a full desk none") {
    auto anne = person("anne"), bob = person("bob");
    anne.capacity = 10;
    bob.capacity = 4;
    desk_of d{{{anne, bob}, {team("desk", {"anne", "bob"}, assignment_mode::by_capacity)}, {}}};
    for (int i = 0; i < 14; ++i)
        CHECK_FALSE(d.give().empty());
    CHECK(d.loads.of("anne").load == 10);
    CHECK(d.loads.of("bob").load == 4);
    auto const none = d.ask();
    CHECK(none.person.empty());
    CHECK(none.team == "desk");
    CHECK(stood(none, "anne") == standing::full);
    CHECK(none.steps[0].counts[static_cast<std::size_t>(standing::full)] == 2);
}

TEST_CASE("given a ticket that weighs more than somebody's capacity, when he has nothing, then it can be his") {
    auto anne = person("anne");
    anne.capacity = 3;
    desk_of d{{{anne}, {}, {}}};
    d.about.priority = "critical";
    CHECK(d.give() == "anne");
    CHECK(stood(d.ask(), "anne") == standing::full);
}

TEST_CASE("given a direct team, when its first is away, then his substitute stands in, else the next") {
    auto documents = three(assignment_mode::direct);
    CHECK(desk_of{documents}.who() == "carl");
    documents.persons[2].absences = {{"2026-11-23", "2026-11-27", ""}};
    CHECK(desk_of{documents}.who() == "anne");
    documents.persons[2].absences[0].substitute = "bob";
    auto const d = desk_of{documents}.ask();
    CHECK(d.person == "bob");
    CHECK(about(d, "bob")->for_ == "carl");
    documents.persons.push_back(person("dora"));
    documents.persons[2].absences[0].substitute = "dora";
    CHECK(desk_of{documents}.who() == "dora");
}

TEST_CASE("given a manual team, when a ticket comes, then nobody is chosen and it stays with the team") {
    auto documents = three(assignment_mode::manual);
    documents.teams[0].tier = "L1";
    auto const d = desk_of{documents}.ask();
    CHECK(d.person.empty());
    CHECK(d.team == "desk");
    CHECK(d.tier == "L1");
    CHECK_FALSE(d.ask_again);
    CHECK(d.steps[0].how == routing::outcome::manual);
}

TEST_CASE("given a ticket that needs a skill, when it is routed, then only those who have enough of it are asked") {
    auto t = team("it", {"anne", "bob", "carl", "dora"});
    t.skills = {{category("network"), "network", 3}, {category("network"), "network", 2}, {category("erp"), "sap", 1}};
    desk_of d{{{person("anne", {{"network", 5}}), person("bob", {{"network", 2}}), person("carl"),
                person("dora", {{"network", 3}})},
               {t},
               {}}};
    CHECK(d.who() == "anne"); // any ticket
    d.about.category = "network";
    auto const chosen = d.ask();
    CHECK(chosen.person == "dora"); // the lowest sufficient level: the expert stays free
    CHECK(stood(chosen, "anne") == standing::available);
    CHECK(stood(chosen, "bob") == standing::skill_too_low);
    CHECK(stood(chosen, "carl") == standing::no_skill);
    REQUIRE(about(chosen, "dora")->skills.size() == 1);
    CHECK(about(chosen, "dora")->skills[0].needed == 3);
    d.loads.add("dora", 1);
    CHECK(d.who() == "anne"); // load comes first
    d.about.category = "erp";
    CHECK(d.who().empty());
}

TEST_CASE("given a requester who was helped before, when the team is sticky, then the same person helps again") {
    auto documents = three(assignment_mode::least_loaded);
    documents.persons.push_back(person("zoe"));
    desk_of loose{documents};
    loose.known_by = "carl";
    CHECK(loose.who() == "anne");
    documents.teams[0].sticky = true;
    desk_of d{documents};
    d.loads.add("carl", 50);
    d.known_by = "carl";
    CHECK(d.who() == "carl");
    CHECK(d.ask().how == routing::way::sticky);
    CHECK_FALSE(d.ask().taken);
    d.known_by = "zoe";
    CHECK(d.who() == "anne");
    CHECK(stood(d.ask(), "zoe") == standing::not_member);
    d.known_by = "somebody who left years ago";
    CHECK(d.who() == "anne");
    documents.persons[2].absences = {{"2026-11-23", "", "bob"}};
    desk_of away{documents};
    away.known_by = "carl";
    away.loads.add("bob", 50);
    CHECK(away.who() == "bob");
}

TEST_CASE("given a requester who speaks French, when the team has speakers, then they come before the others") {
    auto anne = person("anne"), bob = person("bob"), carl = person("carl");
    anne.languages = {"en"};
    bob.languages = {"FR", "en"};
    auto t = team("desk", {"anne", "bob", "carl"});
    desk_of d{{{anne, bob, carl}, {t}, {}}};
    d.loads.add("bob", 3);
    d.loads.add("carl", 5);
    CHECK(d.who() == "anne");
    d.language = "fr-CA";
    CHECK(d.who() == "bob");
    d.loads.add("bob", 3);
    CHECK(d.who() == "carl"); // who names no language speaks any
    d.language = "is";
    CHECK(d.who() == "carl");

    desk_of only{{{anne}, {team("desk", {"anne"})}, {}}};
    only.language = "fr";
    CHECK(only.who() == "anne"); // better than nobody
    t = team("desk", {"anne"});
    t.language_required = true;
    desk_of strict{{{anne}, {t}, {}}};
    strict.language = "fr";
    CHECK(strict.who().empty());
    CHECK(stood(strict.ask(), "anne") == standing::language);
    strict.language = "en";
    CHECK(strict.who() == "anne");
}

TEST_CASE("given shifts, when a ticket comes at any hour, then only those at work get it") {
    auto anne = person("anne"), bob = person("bob");
    anne.shift = "paris";
    bob.shift = "late";
    desk_of d{{{anne, bob}, {team("desk", {"anne", "bob"}, assignment_mode::round_robin)}, {}}};
    CHECK(d.who() == "anne");
    CHECK(stood(d.ask(), "bob") == standing::off_shift);
    CHECK(about(d.ask(), "bob")->until == wednesday + 2h);
    CHECK(about(d.ask(), "anne")->until == wednesday + 8h);
    d.now = wednesday + 9h; // 19:00 in Paris
    CHECK(d.who() == "bob");
    d.now = wednesday + 11h; // 21:00
    auto const none = d.ask();
    CHECK(none.person.empty());
    CHECK(none.ask_again == wednesday + 23h); // 09:00
}

TEST_CASE("given an absent team, when it is asked, then it says when somebody is back") {
    auto anne = person("anne"), bob = person("bob");
    anne.shift = bob.shift = "paris";
    anne.absences = {{"2026-11-25", "2026-11-29", ""}};
    bob.absences = {{"2026-11-01", "", ""}};
    desk_of d{{{anne, bob}, {}, {}}};
    auto const none = d.ask();
    CHECK(none.person.empty());
    CHECK(stood(none, "anne") == standing::absent);
    CHECK(none.ask_again == instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 30} + 8h});
}

TEST_CASE("given a substitute from another team, when the absent person's team is asked, then he is asked too") {
    auto anne = person("anne", {{"network", 3}}), dora = person("dora");
    anne.absences = {{"2026-11-25", "2026-11-25", "dora"}};
    auto t = team("network", {"anne"});
    desk_of d{{{anne, dora}, {t}, {}}};
    CHECK(d.who() == "dora");
    CHECK(about(d.ask(), "dora")->for_ == "anne");
    t.skills = {{{}, "network", 2}};
    desk_of skilled{{{anne, dora}, {t}, {}}};
    CHECK(skilled.who().empty());
    CHECK(stood(skilled.ask(), "dora") == standing::no_skill);
}

TEST_CASE("given persons who stand in for each other, when all of them are away, then nobody is found") {
    auto anne = person("anne"), bob = person("bob");
    anne.absences = {{"2026-11-25", "", "bob"}};
    bob.absences = {{"2026-11-25", "", "anne"}};
    desk_of d{{{anne, bob}, {}, {}}};
    CHECK(d.who().empty());
    CHECK_FALSE(d.ask().ask_again);
}

TEST_CASE("given a desk that follows the sun, when Paris is closed, then Singapore answers, and nobody is woken") {
    auto anne = person("anne"), lim = person("lim");
    auto paris = team("paris", {"anne"}), singapore = team("singapore", {"lim"});
    paris.calendar = "paris";
    paris.overflow = "singapore";
    paris.on_call = {{{R"({"field":"priority","op":"=","value":"critical"})"}, "nights", {"anne", "lim"}}};
    singapore.calendar = "singapore";
    singapore.tier = "L1";
    desk_of d{{{anne, lim}, {paris, singapore}, {}}};
    CHECK(d.who() == "anne");
    d.now = wednesday + 16h + 30min; // 02:30 in Paris, 09:30 in Singapore
    auto const found = d.ask();
    CHECK(found.person == "lim");
    CHECK(found.team == "singapore");
    CHECK(found.tier == "L1");
    CHECK(found.steps[0].how == routing::outcome::closed);
    d.now = wednesday + 12h; // 22:00 in Paris, 05:00 in Singapore
    CHECK(d.who().empty());
    CHECK(d.ask().team == "paris");
    CHECK(d.ask().ask_again == wednesday + 16h); // Singapore opens
    d.about.priority = "critical";
    auto const called = d.ask();
    CHECK(called.person == "anne");
    CHECK(called.how == routing::way::on_call);
    CHECK(called.team == "paris");
    d.excluded = "anne";
    CHECK(d.who() == "lim");
}

TEST_CASE("given a loaded team, when another has room, then it takes over, and else the first keeps its tickets") {
    auto first = team("l1", {"anne"}), second = team("l2", {"bob"});
    first.overflow = "l2";
    first.overflow_load = 3;
    desk_of d{{{person("anne"), person("bob")}, {first, second}, {}}};
    std::string order;
    for (int i = 0; i < 5; ++i)
        order += d.give() + " ";
    CHECK(order == "anne anne anne bob bob ");
    auto const over = d.ask();
    CHECK(over.team == "l2");
    CHECK(over.steps[0].how == routing::outcome::overloaded);
    auto bob = person("bob");
    bob.absences = {{"2026-11-25", "", ""}};
    desk_of alone{{{person("anne"), bob}, {first, second}, {}}};
    alone.loads.add("anne", 10);
    auto const kept = alone.ask();
    CHECK(kept.person == "anne");
    CHECK(kept.team == "l1");
    CHECK(kept.steps[0].how == routing::outcome::chosen);
    CHECK(stood(kept, "anne") == standing::chosen);
    second.mode = assignment_mode::manual;
    desk_of queue{{{person("anne"), bob}, {first, second}, {}}};
    queue.loads.add("anne", 10);
    CHECK(queue.who().empty());
    CHECK(queue.ask().team == "l2");
}

TEST_CASE("given a person who hands a ticket back, when it is routed, then it goes to another") {
    desk_of d{three(assignment_mode::least_loaded)};
    d.excluded = "anne";
    CHECK(d.who() == "bob");
    CHECK(stood(d.ask(), "anne") == standing::excluded);
}

TEST_CASE("given a ticket of a team that nobody described, when it is routed, then that is said") {
    desk_of d{three(assignment_mode::least_loaded)};
    d.about.team = "plumbing";
    auto const none = d.ask();
    CHECK(none.person.empty());
    CHECK(routing::describe(none) == "plumbing: there is no such team");
    CHECK(routing::describe(none, language::fr) == "plumbing : cette équipe n'existe pas");
}

TEST_CASE("given a decision, when it is told in English and French, then one line stands for each candidate") {
    auto paul = person("paul", {{"network", 3}}), anne = person("anne", {{"network", 5}}),
         bob = person("bob", {{"network", 2}}), lim = person("lim", {{"network", 4}}),
         mia = person("mia", {{"network", 3}}), eva = person("eva");
    paul.label = "Paul Martin";
    anne.label = "Anne";
    paul.capacity = 10;
    mia.capacity = 8;
    paul.shift = anne.shift = eva.shift = "paris";
    lim.shift = "singapore";
    anne.absences = {{"2026-11-23", "2026-11-29", ""}};
    auto t = team("network", {"paul", "anne", "bob", "lim", "mia", "eva"}, assignment_mode::least_loaded);
    t.label_en = "Network";
    t.label_fr = "Réseau";
    t.skills = {{{}, "network", 3}};
    desk_of d{{{paul, anne, bob, lim, mia, eva}, {t}, {}}};
    d.loads.add("paul", 4);
    d.loads.add("mia", 8);
    d.now += 2h; // 19:00 in Singapore
    CHECK(routing::describe(d.ask()) == "Network: Paul Martin, smallest load\n"
                                        "  Paul Martin: skill network 3, load 4/10, on shift until 18:00\n"
                                        "  Anne skipped: absent until Monday\n"
                                        "  bob skipped: skill network 2, 3 needed\n"
                                        "  eva skipped: lacks the skill network\n"
                                        "  lim skipped: off shift until Thursday 09:00\n"
                                        "  mia skipped: full, load 8/8");
    CHECK(routing::describe(d.ask(), language::fr) ==
          "Réseau : Paul Martin, la plus petite charge\n"
          "  Paul Martin : compétence network 3, charge 4/10, en service jusqu'à 18:00\n"
          "  sans Anne : absence jusqu'à lundi\n"
          "  sans bob : compétence network 2, 3 demandé\n"
          "  sans eva : il manque la compétence network\n"
          "  sans lim : hors service jusqu'à jeudi 09:00\n"
          "  sans mia : plus de place, charge 8/8");
    auto const json = boost::json::parse(routing::encode(d.ask()));
    CHECK(json.at("person").as_string() == "paul");
    CHECK(json.at("how").as_string() == "least_loaded");
    CHECK(json.at("steps").at(0).at("candidates").at(1).at("how").as_string() == "absent");
    CHECK(json.at("steps").at(0).at("candidates").at(1).at("until").as_string() == "2026-11-29T23:00:00Z");
    CHECK(json.at("steps").at(0).at("counts").at("skill_too_low").as_int64() == 1);
}

TEST_CASE("given long absences, when they are told, then far ends are dates and open ends are said to be open") {
    auto anne = person("anne"), bob = person("bob");
    anne.absences = {{"2026-11-23", "2026-12-24T12:30:00Z", ""}};
    bob.absences = {{"2026-11-23", "", ""}};
    desk_of d{{{anne, bob}, {}, {}}};
    CHECK(routing::describe(d.ask()) == "the desk: nobody can take it\n"
                                        "  anne skipped: absent until 24 Dec 2026 12:30\n"
                                        "  bob skipped: absent until further notice\n"
                                        "ask again: Thu 24 Dec 2026 12:30 UTC");
    CHECK(routing::describe(d.ask(), language::fr) == "le guichet : personne ne peut le prendre\n"
                                                      "  sans anne : absence jusqu'au 24 déc. 2026 12:30\n"
                                                      "  sans bob : absence jusqu'à nouvel ordre\n"
                                                      "redemander : jeu. 24 déc. 2026 12:30 UTC");
}

TEST_CASE("given every standing and way, when they are told, then both languages have words for them") {
    for (std::size_t i = 0; i < routing::standings; ++i)
        for (auto const lang : {language::en, language::fr})
            CHECK_FALSE(routing::words(static_cast<standing>(i), lang).empty());
}

TEST_CASE("given a large team, when a decision is explained, then it tells a bounded number and counts the others") {
    routing::roster_documents documents;
    auto t = team("desk", {});
    for (int i = 0; i < 100; ++i) {
        auto p = person("p" + std::to_string(100 + i));
        p.teams = {"desk"};
        if (i % 4 == 0)
            p.absences = {{"2026-11-25", "2026-11-25", ""}};
        documents.persons.push_back(p);
    }
    documents.teams = {t};
    desk_of d{documents};
    d.loads.add("p101", 1);
    auto const chosen = d.ask();
    CHECK(chosen.person == "p102");
    CHECK(chosen.steps[0].candidates.size() == limits::routing_candidates_max);
    CHECK(chosen.steps[0].counts[static_cast<std::size_t>(standing::available)] == 74);
    auto const text = routing::describe(chosen);
    CHECK(text.substr(text.rfind('\n') + 1) == "  80 others: 65 available, 15 absent");
}

TEST_CASE("given overflow through several teams, when it is explained, then no more is told, and the chosen is told") {
    routing::roster_documents documents;
    for (int i = 0; i < 30; ++i) {
        auto t = team("t" + std::to_string(100 + i), {});
        if (i < 29)
            t.overflow = "t" + std::to_string(101 + i);
        for (int k = 0; k < 4; ++k) {
            auto p = person(t.name + "-" + std::to_string(k));
            p.teams = {t.name};
            if (i < 29)
                p.absences = {{"2026-11-25", "2026-11-25", ""}};
            documents.persons.push_back(p);
        }
        documents.teams.push_back(t);
    }
    desk_of d{documents};
    auto const chosen = d.ask();
    CHECK(chosen.person == "t129-0");
    CHECK(stood(chosen, "t129-0") == standing::chosen);
    std::size_t told = 0;
    for (auto const& s : chosen.steps)
        told += s.candidates.size();
    CHECK(told <= limits::routing_candidates_max + documents.teams.size());
}
