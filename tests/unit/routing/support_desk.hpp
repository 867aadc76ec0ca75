#pragma once
#include <guichet/base/error.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/routing/choose.hpp>
#include <guichet/sla/policy.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A support desk in Paris and Singapore, as routing tests speak of it.
namespace support {

using namespace guichet;
using namespace std::chrono_literals;

/// Wednesday 25 November 2026, 10:00 in Paris.
inline instant const wednesday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 9h};

inline time::calendar hours(std::string zone, int from, int to, std::size_t days = 5) {
    time::calendar_definition d;
    d.tz = std::move(zone);
    for (std::size_t day = 0; day < days; ++day)
        d.weekly[day] = {{std::chrono::hours{from}, std::chrono::hours{to}}};
    return time::calendar::compile(std::move(d)).value();
}

/// paris: 09 to 18; singapore: 09 to 18; late: 12 to 20 in Paris; nights: 18 to 33 (09:00) in Paris, every day.
inline std::map<std::string, time::calendar> const& calendars() {
    static std::map<std::string, time::calendar> const all{{"paris", hours("Europe/Paris", 9, 18)},
                                                           {"singapore", hours("Asia/Singapore", 9, 18)},
                                                           {"late", hours("Europe/Paris", 12, 20)},
                                                           {"nights", hours("Europe/Paris", 18, 33, 7)}};
    return all;
}

inline result<std::shared_ptr<routing::roster const>> compiled(routing::roster_documents documents) {
    static auto const lifecycle = itil_lifecycle();
    static auto const schema = ticket_schema(lifecycle);
    return routing::roster::compile(std::move(documents), calendars(), lifecycle, schema);
}

inline person_document person(std::string name, std::vector<skill_definition> skills = {}) {
    person_document out;
    out.name = std::move(name);
    out.skills = std::move(skills);
    return out;
}
inline team_document team(std::string name, std::vector<std::string> members,
                          assignment_mode mode = assignment_mode::least_loaded) {
    team_document out;
    out.name = std::move(name);
    out.members = std::move(members);
    out.mode = mode;
    return out;
}
inline raw_json category(std::string_view name) {
    return {R"({"field":"category","op":"=","value":")" + std::string{name} + "\"}"};
}

/// Everything that a question needs; tests change it and ask.
struct desk_of {
    std::shared_ptr<routing::roster const> roster;
    routing::workload loads;
    routing::turns turns;
    ticket about;
    std::string language, known_by, excluded;
    instant now = wednesday;

    explicit desk_of(routing::roster_documents documents)
        : roster{compiled(std::move(documents)).value()}, loads{roster} {
        about.kind = "incident";
        about.priority = "low";
        about.priority_rank = 1;
        if (!roster->teams().empty())
            about.team = roster->teams()[0].name;
    }
    routing::decision ask() const {
        return routing::choose(*roster, {about, {}, language, known_by, excluded}, loads, turns, now);
    }
    std::string who() const { return ask().person; }
    /// Asks, and puts the ticket where it belongs.
    std::string give() {
        auto const d = ask();
        loads.add(d.person, roster->weight(about));
        loads.gave(d.person, now);
        if (d.taken)
            turns[d.taken->team] = d.taken->person;
        now += 1s;
        return d.person;
    }
};

inline routing::candidate const* about(routing::decision const& d, std::string_view person) {
    for (auto const& s : d.steps)
        for (auto const& c : s.candidates)
            if (c.person == person)
                return &c;
    return nullptr;
}
/// How somebody stood; fails where the explanation does not speak of him.
inline routing::standing stood(routing::decision const& d, std::string_view person) {
    auto const* c = about(d, person);
    REQUIRE(c != nullptr);
    return c->how;
}

} // namespace support
