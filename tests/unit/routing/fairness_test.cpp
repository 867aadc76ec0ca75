/// What routing promises, asked of random desks. The second implementation of "able" here reads the documents, not the
/// roster.
#include "support_desk.hpp"

#include <property/dice.hpp>

#include <guichet/time/iso8601.hpp>

#include <set>

using namespace support;
using play::dice;
using routing::standing;

namespace {

/// A desk of some persons and teams that overflow into each other, and a question.
struct world {
    routing::roster_documents documents;
    std::vector<std::string> names;

    world(dice& d, assignment_mode mode, bool plain = false) {
        auto const people = 2 + d.below(12);
        for (std::size_t i = 0; i < people; ++i)
            names.push_back(std::string(1, static_cast<char>('a' + d.below(26))) + std::to_string(i));
        for (auto const& name : names) {
            auto p = person(name);
            for (auto const* skill : {"network", "sap"})
                if (d.percent(60))
                    p.skills.push_back({skill, static_cast<std::uint32_t>(d.between(1, 5))});
            if (d.percent(40))
                p.languages = {d.percent(50) ? "fr" : "en"};
            if (!plain && d.percent(50))
                p.shift = d.percent(50) ? "paris" : "late";
            if (!plain && d.percent(30))
                p.absences = {{"2026-11-25T06:00:00Z", time::to_text(wednesday + std::chrono::hours{d.below(40)}),
                               other(d, name)}};
            p.capacity = mode == assignment_mode::by_capacity || d.percent(30)
                             ? static_cast<std::uint32_t>(d.between(3, 40))
                             : 0;
            documents.persons.push_back(std::move(p));
        }
        auto t = team("first", {}, mode);
        t.members = names;
        if (!plain)
            std::erase_if(t.members, [&](auto const&) { return d.percent(20); });
        t.language_required = d.percent(30);
        t.skills = {{category("network"), "network", static_cast<std::uint32_t>(d.between(1, 4))},
                    {category("sap"), "sap", static_cast<std::uint32_t>(d.between(1, 4))}};
        documents.teams = {t};
        if (!plain && d.percent(40)) {
            documents.teams[0].overflow = "second";
            documents.teams[0].overflow_load = static_cast<std::uint32_t>(d.between(0, 20));
            documents.teams.push_back(team("second", {names[d.below(names.size())]}));
        }
    }
    std::string other(dice& d, std::string const& than) const {
        auto const& one = d.pick(names);
        return one == than || d.percent(50) ? std::string{} : one;
    }
};

void ask_something(dice& d, desk_of& desk) {
    desk.about.team = "first";
    desk.about.category = d.percent(40) ? "network" : d.percent(50) ? "sap" : "";
    desk.about.priority = d.percent(20) ? "critical" : "low";
    desk.language = d.percent(50) ? "fr" : "";
    desk.now = wednesday + std::chrono::hours{d.below(24)};
}

/// Whether a member can take the ticket, read off the documents.
bool able(world const& w, desk_of const& desk, std::string const& name) {
    auto const p = *std::find_if(w.documents.persons.begin(), w.documents.persons.end(),
                                 [&](person_document const& one) { return one.name == name; });
    for (auto const& a : p.absences)
        if (*time::read_instant(a.from) <= desk.now && desk.now < *time::read_instant(a.to))
            return false;
    if (!p.shift.empty() && !calendars().at(p.shift).is_open(desk.now))
        return false;
    for (auto const& need : w.documents.teams[0].skills) {
        auto const has = std::find_if(p.skills.begin(), p.skills.end(),
                                      [&](skill_definition const& s) { return s.name == need.skill; });
        if (need.skill == desk.about.category && (has == p.skills.end() || has->level < need.level))
            return false;
    }
    auto const weight = desk.about.priority == "critical" ? 4U : 1U;
    auto const load = desk.loads.of(name).load;
    return p.capacity == 0 || load == 0 || load + weight <= p.capacity;
}
bool speaks(world const& w, desk_of const& desk, std::string const& name) {
    auto const p = *std::find_if(w.documents.persons.begin(), w.documents.persons.end(),
                                 [&](person_document const& one) { return one.name == name; });
    return desk.language.empty() || p.languages.empty() || p.languages[0] == desk.language;
}

} // namespace

TEST_CASE("given any desk by load, when a ticket comes, then nobody able is passed over for one with more load") {
    std::size_t chosen = 0, passed = 0;
    for (auto const seed : play::seeds(300)) {
        CAPTURE(seed);
        dice d{seed};
        auto const mode = d.percent(50) ? assignment_mode::least_loaded : assignment_mode::by_capacity;
        world const w{d, mode};
        desk_of desk{w.documents};
        for (auto const& name : w.names)
            desk.loads.add(name, static_cast<std::uint32_t>(d.below(30)));
        for (int i = 0; i < 40; ++i) {
            ask_something(d, desk);
            auto const to = desk.ask();
            std::vector<std::string> members;
            for (auto const& name : w.documents.teams[0].members)
                if (able(w, desk, name) && (speaks(w, desk, name) || !w.documents.teams[0].language_required))
                    members.push_back(name);
            bool const speakers =
                std::any_of(members.begin(), members.end(), [&](auto const& n) { return speaks(w, desk, n); });
            if (to.person.empty()) {
                CHECK(members.empty());
                continue;
            }
            ++chosen;
            if (to.team == "second")
                continue;
            if (about(to, to.person)->for_.empty()) // else he is no member
                CHECK(std::find(members.begin(), members.end(), to.person) != members.end());
            auto const part = [&](std::string const& name) {
                auto const& p = desk.roster->persons()[desk.roster->find_person(name)];
                auto const of = mode == assignment_mode::by_capacity && p.capacity ? p.capacity : 1;
                return double(desk.loads.of(name).load) / of;
            };
            bool const spoken = speaks(w, desk, to.person);
            CHECK((spoken || !speakers));
            bool const stands_in = mode == assignment_mode::by_capacity && !about(to, to.person)->for_.empty();
            for (auto const& name : members)
                if (speaks(w, desk, name) == spoken && !stands_in) { // who stands in is measured as the one absent
                    ++passed;
                    CHECK(part(to.person) <= part(name) + 1e-9);
                }
            desk.loads.add(to.person, desk.roster->weight(desk.about));
            desk.loads.gave(to.person, desk.now);
        }
    }
    CHECK(chosen > 2'000);
    CHECK(passed > 5'000);
}

TEST_CASE("given any desk in turn, when tickets come, then those who are always able differ by one ticket at most") {
    std::size_t given = 0;
    for (auto const seed : play::seeds(200)) {
        CAPTURE(seed);
        dice d{seed};
        world const w{d, assignment_mode::round_robin};
        desk_of desk{w.documents};
        desk.about.team = "first";
        std::map<std::string, int> counts;
        std::set<std::string> always(w.documents.teams[0].members.begin(), w.documents.teams[0].members.end());
        for (int i = 0; i < 120; ++i) {
            ask_something(d, desk);
            std::set<std::string> now;
            for (auto const& name : w.documents.teams[0].members)
                if (able(w, desk, name) && speaks(w, desk, name))
                    now.insert(name);
            std::erase_if(always, [&](auto const& name) { return !now.contains(name); });
            auto const to = desk.ask();
            if (to.taken) {
                CHECK(to.taken->team == to.team);
                desk.turns[to.taken->team] = to.taken->person;
            }
            if (to.team == "first" && !to.person.empty())
                ++counts[to.person];
            if (d.percent(20)) // loads change for reasons of their own
                desk.loads.add(d.pick(w.names), static_cast<std::uint32_t>(d.below(2)));
        }
        int low = 1'000'000, high = 0;
        for (auto const& name : always) {
            low = std::min(low, counts[name]);
            high = std::max(high, counts[name]);
        }
        if (!always.empty()) {
            CHECK(high - low <= 1);
            given += static_cast<std::size_t>(high);
        }
    }
    CHECK(given > 300);
}

TEST_CASE("given equal tickets and equal people, when they are shared by load, then counts differ by one at most") {
    for (auto const seed : play::seeds(50)) {
        CAPTURE(seed);
        dice d{seed};
        routing::roster_documents documents;
        auto const people = 1 + d.below(30);
        for (std::size_t i = 0; i < people; ++i)
            documents.persons.push_back(person("p" + std::to_string(i)));
        desk_of desk{documents};
        auto const tickets = 1 + d.below(300);
        for (std::size_t i = 0; i < tickets; ++i)
            desk.give();
        for (auto const& p : documents.persons) {
            CHECK(desk.loads.of(p.name).load >= tickets / people);
            CHECK(desk.loads.of(p.name).load <= (tickets + people - 1) / people);
        }
    }
}

TEST_CASE("given the same documents in another order, when tickets are routed, then every word is the same") {
    assignment_mode const modes[]{assignment_mode::least_loaded, assignment_mode::by_capacity,
                                  assignment_mode::round_robin, assignment_mode::direct};
    for (auto const seed : play::seeds(200)) {
        CAPTURE(seed);
        dice d{seed};
        auto const mode = d.pick(modes);
        world const w{d, mode};
        auto shuffled = w.documents;
        auto const shuffle = [&](auto& list) {
            for (std::size_t i = list.size(); i > 1; --i)
                std::swap(list[i - 1], list[d.below(i)]);
        };
        shuffle(shuffled.persons);
        shuffle(shuffled.teams);
        for (auto& p : shuffled.persons)
            shuffle(p.skills);
        if (mode != assignment_mode::direct) // there the order of the members is what decides
            shuffle(shuffled.teams[shuffled.teams[0].name == "first" ? 0 : 1].members);
        desk_of one{w.documents}, two{shuffled};
        for (int i = 0; i < 30; ++i) {
            auto same = d;
            ask_something(d, one);
            ask_something(same, two);
            CHECK(routing::encode(one.ask()) == routing::encode(two.ask()));
            CHECK(one.give() == two.give());
        }
    }
}

TEST_CASE("given any decision, when it is explained, then its numbers add up and both languages tell it") {
    assignment_mode const modes[]{assignment_mode::least_loaded, assignment_mode::by_capacity,
                                  assignment_mode::round_robin, assignment_mode::direct, assignment_mode::manual};
    for (auto const seed : play::seeds(200)) {
        CAPTURE(seed);
        dice d{seed};
        world w{d, d.pick(modes)};
        w.documents.teams[0].sticky = d.percent(50);
        desk_of desk{w.documents};
        for (int i = 0; i < 20; ++i) {
            ask_something(d, desk);
            desk.known_by = d.percent(50) ? d.pick(w.names) : "";
            desk.excluded = d.percent(30) ? d.pick(w.names) : "";
            auto const to = desk.ask();
            CHECK((to.person.empty() || to.person != desk.excluded));
            CHECK(to.person.empty() == (to.how == routing::way::nobody));
            std::size_t picked = 0;
            for (auto const& s : to.steps) {
                std::array<std::uint32_t, routing::standings> told{};
                for (auto const& c : s.candidates)
                    ++told[static_cast<std::size_t>(c.how)];
                for (std::size_t k = 0; k < told.size(); ++k)
                    CHECK(told[k] <= s.counts[k]);
                picked += s.counts[static_cast<std::size_t>(standing::chosen)];
            }
            CHECK(picked == (to.person.empty() ? 0 : 1));
            CHECK_FALSE(routing::describe(to).empty());
            CHECK_FALSE(routing::describe(to, language::fr).empty());
            CHECK((!to.ask_again || (to.person.empty() && *to.ask_again > desk.now)));
            if (!to.person.empty())
                desk.give();
        }
    }
}
