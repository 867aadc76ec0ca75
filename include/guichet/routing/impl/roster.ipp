#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/json/path.hpp>
#include <guichet/routing/roster.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace guichet::inline v0::routing {
namespace detail {

/// "fr-CA" and "FR" are "fr": the region does not decide who understands.
inline std::string tongue(std::string_view language) {
    std::string out{language.substr(0, language.find_first_of("-_"))};
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

template <class Sorted>
std::uint32_t place_of(Sorted const& sorted, std::string_view name) noexcept {
    auto const at = std::lower_bound(sorted.begin(), sorted.end(), name,
                                     [](auto const& one, std::string_view n) { return one.name < n; });
    return at == sorted.end() || at->name != name ? none : static_cast<std::uint32_t>(at - sorted.begin());
}
inline std::uint32_t place_of(std::vector<std::string> const& sorted, std::string_view name) noexcept {
    auto const at = std::lower_bound(sorted.begin(), sorted.end(), name);
    return at == sorted.end() || *at != name ? none : static_cast<std::uint32_t>(at - sorted.begin());
}

/// What may be written, for an error: a long list is cut.
template <class List, class Name>
std::string known(List const& list, Name const& name) {
    std::string out;
    std::size_t told = 0;
    for (auto const& one : list) {
        if (++told > 20)
            return out + ", ...";
        out.append(out.empty() ? "" : ", ").append(name(one));
    }
    return out.empty() ? "-" : out;
}

inline result<void> within(std::size_t found, std::size_t limit, std::string path) {
    if (found <= limit)
        return {};
    return error{reason::limit_passed,
                 {{"path", std::move(path)}, {"found", std::to_string(found)}, {"limit", std::to_string(limit)}}};
}

inline std::string entry(std::string const& list, std::size_t i) { return list + "[" + std::to_string(i) + "]"; }

/// A name that people and documents use.
inline result<void> check_name(std::string const& name, std::string const& path) {
    if (name.empty())
        return error{reason::empty_text, {{"path", path}}};
    return within(name.size(), limits::name_bytes_max, path);
}

inline error twice(std::string path, std::string const& value) {
    return error{reason::named_twice, {{"path", std::move(path)}, {"value", value}}};
}

/// Each name of a list, and none twice.
inline result<void> check_names(std::vector<std::string> const& names, std::string const& path) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
        GUICHET_TRY(check_name(names[i], entry(path, i)));
        if (!seen.insert(names[i]).second)
            return twice(entry(path, i), names[i]);
    }
    return {};
}

} // namespace detail

/// Makes a roster of documents. First it numbers what has a name, then it looks up who names whom.
class roster_compiler {
public:
    roster_compiler(roster_documents documents, std::map<std::string, time::calendar> const& calendars,
                    lifecycle_document const& lifecycle, expr::schema const& schema)
        : documents_{std::move(documents)}, lifecycle_{lifecycle} {
        for (auto const& [name, calendar] : calendars) {
            calendar_names_.push_back(name);
            out_.calendars_.push_back(calendar);
        }
        out_.schema_ = schema;
    }

    result<std::shared_ptr<roster const>> run() {
        GUICHET_TRY(detail::within(documents_.persons.size(), limits::persons_max, "person"));
        GUICHET_TRY(detail::within(documents_.teams.size(), limits::teams_max, "team"));
        GUICHET_TRY(sort(documents_.persons, "person."));
        GUICHET_TRY(sort(documents_.teams, "team."));
        if (documents_.teams.empty() && !documents_.persons.empty())
            everybody();
        GUICHET_TRY(weights());
        GUICHET_TRY(words());
        for (auto const& d : documents_.persons) { // their names first: they speak of each other
            auto& p = out_.persons_.emplace_back();
            p.name = d.name;
            p.label = d.label;
        }
        for (auto const& d : documents_.teams)
            out_.teams_.emplace_back().name = d.name;
        joining_.resize(out_.teams_.size());
        out_.levels_.resize(out_.skills_.size() * out_.persons_.size());
        for (std::size_t i = 0; i < documents_.persons.size(); ++i)
            GUICHET_TRY(add_person(documents_.persons[i], static_cast<std::uint32_t>(i)));
        for (std::size_t i = 0; i < documents_.teams.size(); ++i)
            GUICHET_TRY(add_team(documents_.teams[i], static_cast<std::uint32_t>(i)));
        for (std::uint32_t i = 0; i < out_.teams_.size(); ++i) {
            GUICHET_TRY(find_circle(i));
            GUICHET_TRY(find_capacities(out_.teams_[i]));
        }
        return std::make_shared<roster const>(std::move(out_));
    }

private:
    template <class Documents>
    static result<void> sort(Documents& list, std::string const& kind) {
        std::stable_sort(list.begin(), list.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const& name = list[i].name;
            GUICHET_TRY(detail::check_name(name, kind + "name"));
            if (i > 0 && list[i - 1].name == name)
                return detail::twice(kind + name, name);
        }
        return {};
    }

    /// A desk without teams is one.
    void everybody() {
        auto& t = documents_.teams.emplace_back();
        for (auto const& p : documents_.persons)
            t.members.push_back(p.name);
    }

    result<void> weights() {
        auto const& d = documents_.routing;
        GUICHET_TRY(detail::within(d.weights.size(), limits::weights_max, "routing.weights"));
        for (std::size_t i = 0; i < d.weights.size(); ++i) {
            auto const here = detail::entry("routing.weights", i);
            auto const& w = d.weights[i];
            GUICHET_TRY(detail::within(w.weight, limits::weight_max, here + ".weight"));
            GUICHET_TRY(defined(lifecycle_.kinds, w.kind, here + ".kind"));
            GUICHET_TRY(defined(lifecycle_.priorities, w.priority, here + ".priority"));
        }
        out_.weights_ = d.weights;
        for (auto const& p : lifecycle_.priorities)
            out_.priorities_.push_back(p.name);
        return {};
    }
    template <class Labelled>
    static result<void> defined(std::vector<Labelled> const& list, std::string const& name, std::string path) {
        if (name.empty() || std::any_of(list.begin(), list.end(), [&](labelled const& l) { return l.name == name; }))
            return {};
        return unknown(std::move(path), name, detail::known(list, [](labelled const& l) { return l.name; }));
    }
    static error unknown(std::string path, std::string const& value, std::string known) {
        return error{reason::unknown_value, {{"path", std::move(path)}, {"value", value}, {"known", std::move(known)}}};
    }

    /// Numbers the skills and the languages that anybody names.
    result<void> words() {
        std::set<std::string> skills, languages;
        auto const& allowed = documents_.routing.skills;
        GUICHET_TRY(detail::check_names(allowed, "routing.skills"));
        auto const take = [&](std::string const& skill, std::string const& path) -> result<void> {
            GUICHET_TRY(detail::check_name(skill, path));
            if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), skill) == allowed.end())
                return unknown(path, skill, detail::known(allowed, [](std::string const& s) { return s; }));
            skills.insert(skill);
            return {};
        };
        for (auto const& p : documents_.persons) {
            auto const here = "person." + p.name;
            for (std::size_t i = 0; i < p.skills.size(); ++i)
                GUICHET_TRY(take(p.skills[i].name, detail::entry(here + ".skills", i) + ".name"));
            for (std::size_t i = 0; i < p.languages.size(); ++i) {
                auto word = detail::tongue(p.languages[i]);
                GUICHET_TRY(detail::check_name(word, detail::entry(here + ".languages", i)));
                languages.insert(std::move(word));
            }
            GUICHET_TRY(detail::within(languages.size(), limits::languages_max, here + ".languages"));
            GUICHET_TRY(detail::within(skills.size(), limits::skills_max, here + ".skills"));
        }
        for (auto const& t : documents_.teams) {
            auto const here = "team." + t.name + ".skills";
            for (std::size_t i = 0; i < t.skills.size(); ++i)
                GUICHET_TRY(take(t.skills[i].skill, detail::entry(here, i) + ".skill"));
            GUICHET_TRY(detail::within(skills.size(), limits::skills_max, here));
        }
        out_.skills_.assign(skills.begin(), skills.end());
        out_.languages_.assign(languages.begin(), languages.end());
        return {};
    }

    result<std::uint32_t> calendar(std::string const& name, std::string path) const {
        if (name.empty())
            return none;
        auto const found = detail::place_of(calendar_names_, name);
        if (found == none)
            return unknown(std::move(path), name,
                           detail::known(calendar_names_, [](std::string const& n) { return n; }));
        return found;
    }
    result<std::uint32_t> known_person(std::string const& name, std::string path) const {
        auto const found = out_.find_person(name);
        if (found == none)
            return unknown(std::move(path), name, detail::known(out_.persons_, [](person const& p) { return p.name; }));
        return found;
    }
    result<std::uint32_t> known_team(std::string const& name, std::string path) const {
        auto const found = out_.find_team(name);
        if (found == none)
            return unknown(std::move(path), name, detail::known(out_.teams_, [](team const& t) { return t.name; }));
        return found;
    }
    /// A level of a skill, from 1 to 5.
    static result<std::uint8_t> level(std::uint32_t given, std::string path) {
        if (given >= 1 && given <= 5)
            return static_cast<std::uint8_t>(given);
        return error{reason::bad_skill_level, {{"path", std::move(path)}, {"value", std::to_string(given)}}};
    }

    result<void> add_person(person_document const& d, std::uint32_t number) {
        auto const here = "person." + d.name;
        auto& p = out_.persons_[number];
        GUICHET_TRY(detail::within(d.label.size(), limits::name_bytes_max, here + ".label"));
        GUICHET_LET(p.shift, calendar(d.shift, here + ".shift"));
        GUICHET_TRY(detail::within(d.capacity, limits::capacity_max, here + ".capacity"));
        p.capacity = d.capacity;
        p.languages = d.languages.empty() ? ~std::uint64_t{0} : 0;
        for (auto const& language : d.languages)
            p.languages |= out_.find_language(language);
        GUICHET_TRY(detail::check_names(d.teams, here + ".teams"));
        for (std::size_t i = 0; i < d.teams.size(); ++i) {
            GUICHET_LET(auto const in, known_team(d.teams[i], detail::entry(here + ".teams", i)));
            p.teams.push_back(in);
            joining_[in].push_back(number);
        }
        for (std::size_t i = 0; i < d.skills.size(); ++i) {
            auto const path = detail::entry(here + ".skills", i);
            GUICHET_LET(auto const reached, level(d.skills[i].level, path + ".level"));
            auto const skill = detail::place_of(out_.skills_, d.skills[i].name);
            auto& into = out_.levels_[skill * out_.persons_.size() + number];
            if (into != 0)
                return detail::twice(path + ".name", d.skills[i].name);
            into = reached;
        }
        GUICHET_TRY(detail::within(d.absences.size(), limits::absences_max, here + ".absences"));
        for (std::size_t i = 0; i < d.absences.size(); ++i)
            GUICHET_TRY(add_absence(d.absences[i], number, detail::entry(here + ".absences", i)));
        std::stable_sort(p.absences.begin(), p.absences.end(),
                         [](absence const& a, absence const& b) { return a.from < b.from; });
        presence hot;
        hot.languages = p.languages;
        hot.shift = p.shift;
        hot.capacity = p.capacity;
        hot.away = static_cast<std::uint32_t>(out_.away_.size());
        auto latest = instant::min();
        for (auto& a : p.absences) {
            if (a.from > latest)
                out_.away_.push_back({a.from, a.to});
            a.latest = latest = std::max(latest, a.to);
            hot.substituted = hot.substituted || a.substitute != none;
            out_.away_.back().to = latest;
        }
        hot.away_end = static_cast<std::uint32_t>(out_.away_.size());
        out_.presences_.push_back(hot);
        return {};
    }

    /// A date is a whole day where the person's shift is.
    result<instant> moment(std::string const& text, person const& p, bool end, std::string const& path) const {
        if (auto const date = time::read_date(text)) {
            auto const zone = p.shift == none ? time::zone{} : out_.calendars_[p.shift].zone();
            return zone.to_sys(time::local_instant{time::local_date{*date} + std::chrono::days{end ? 1 : 0}});
        }
        if (auto const at = time::read_instant(text))
            return *at;
        return error{reason::bad_absence_time, {{"path", path}, {"value", text}}};
    }
    result<void> add_absence(absence_definition const& d, std::uint32_t number, std::string const& here) {
        auto& p = out_.persons_[number];
        absence out;
        GUICHET_LET(out.from, moment(d.from, p, false, here + ".from"));
        out.to = instant::max();
        if (!d.to.empty()) {
            GUICHET_LET(out.to, moment(d.to, p, true, here + ".to"));
        }
        if (out.to <= out.from)
            return error{reason::absence_backwards, {{"path", here + ".to"}, {"value", d.to}, {"other", d.from}}};
        if (!d.substitute.empty()) {
            auto const path = here + ".substitute";
            GUICHET_LET(out.substitute, known_person(d.substitute, path));
            if (out.substitute == number)
                return error{reason::own_substitute, {{"path", path}, {"value", d.substitute}}};
        }
        p.absences.push_back(out);
        return {};
    }

    result<expr::condition> condition(raw_json const& written, std::string const& path) const {
        if (written.empty())
            return expr::condition{};
        GUICHET_LET(auto const json, json::parse(written.text));
        GUICHET_LET(auto out, expr::condition::compile(json, out_.schema_.stored().with_calendars({}), path));
        if (out.asks_change())
            return error{reason::condition_asks_change, {{"path", path}}};
        return out;
    }

    result<void> add_team(team_document const& d, std::uint32_t number) {
        auto const here = "team." + d.name;
        auto& t = out_.teams_[number];
        t.label_en = d.label_en;
        t.label_fr = d.label_fr;
        t.tier = d.tier;
        t.mode = d.mode;
        t.sticky = d.sticky;
        t.language_required = d.language_required;
        GUICHET_LET(t.calendar, calendar(d.calendar, here + ".calendar"));
        if (!d.overflow.empty()) {
            GUICHET_LET(t.overflow, known_team(d.overflow, here + ".overflow"));
        } else if (d.overflow_load > 0)
            return error{reason::overflow_missing, {{"path", here + ".overflow_load"}}};
        t.overflow_load = d.overflow_load;
        GUICHET_TRY(add_members(d, number));
        GUICHET_TRY(detail::check_names(d.supervisors, here + ".supervisors"));
        GUICHET_TRY(detail::within(d.supervisors.size(), limits::team_list_max, here + ".supervisors"));
        for (std::size_t i = 0; i < d.supervisors.size(); ++i)
            GUICHET_TRY(known_person(d.supervisors[i], detail::entry(here + ".supervisors", i)));
        t.supervisors = d.supervisors;
        GUICHET_TRY(detail::within(d.skills.size(), limits::team_list_max, here + ".skills"));
        for (std::size_t i = 0; i < d.skills.size(); ++i) {
            auto const path = detail::entry(here + ".skills", i);
            auto& r = t.skills.emplace_back();
            GUICHET_LET(r.condition, condition(d.skills[i].condition, path + ".condition"));
            GUICHET_LET(r.level, level(d.skills[i].level, path + ".level"));
            r.skill = detail::place_of(out_.skills_, d.skills[i].skill);
        }
        GUICHET_TRY(detail::within(d.on_call.size(), limits::team_list_max, here + ".on_call"));
        for (std::size_t i = 0; i < d.on_call.size(); ++i)
            GUICHET_TRY(add_duty(d.on_call[i], t, detail::entry(here + ".on_call", i)));
        return {};
    }

    /// Those whom the team names, in its order; then those who name the team, by name.
    result<void> add_members(team_document const& d, std::uint32_t number) {
        auto const path = "team." + d.name + ".members";
        GUICHET_TRY(detail::check_names(d.members, path));
        std::vector<std::pair<std::uint32_t, std::uint32_t>> members; // person, rank
        for (std::size_t i = 0; i < d.members.size(); ++i) {
            GUICHET_LET(auto const member, known_person(d.members[i], detail::entry(path, i)));
            members.emplace_back(member, static_cast<std::uint32_t>(i));
        }
        std::set<std::uint32_t> const named = [&] {
            std::set<std::uint32_t> out;
            for (auto const& [member, rank] : members)
                out.insert(member);
            return out;
        }();
        for (auto const member : joining_[number])
            if (!named.contains(member))
                members.emplace_back(member, static_cast<std::uint32_t>(members.size()));
        std::sort(members.begin(), members.end());
        auto& t = out_.teams_[number];
        for (auto const& [member, rank] : members) {
            t.members.push_back(member);
            t.ranks.push_back(rank);
            auto& in = out_.persons_[member].teams;
            if (std::find(in.begin(), in.end(), number) == in.end())
                in.push_back(number);
        }
        return {};
    }

    result<void> add_duty(on_call_definition const& d, team& t, std::string const& here) {
        duty out;
        GUICHET_LET(out.condition, condition(d.condition, here + ".condition"));
        GUICHET_LET(out.calendar, calendar(d.calendar, here + ".calendar"));
        auto const path = here + ".persons";
        if (d.persons.empty())
            return error{reason::missing_field, {{"path", path}}};
        GUICHET_TRY(detail::check_names(d.persons, path));
        for (std::size_t i = 0; i < d.persons.size(); ++i) {
            GUICHET_LET(auto const called, known_person(d.persons[i], detail::entry(path, i)));
            out.persons.push_back(called);
        }
        t.on_call.push_back(std::move(out));
        return {};
    }

    result<void> find_circle(std::uint32_t start) const {
        std::string way = out_.teams_[start].name;
        auto at = out_.teams_[start].overflow;
        for (std::size_t steps = 0; at != none && steps < out_.teams_.size(); ++steps, at = out_.teams_[at].overflow) {
            way.append(" -> ").append(out_.teams_[at].name);
            if (at == start)
                return error{reason::teams_in_circle,
                             {{"path", "team." + out_.teams_[start].name + ".overflow"}, {"value", way}}};
        }
        return {};
    }

    /// Who has no capacity would always have the smallest part of it in use.
    result<void> find_capacities(team const& t) const {
        if (t.mode != assignment_mode::by_capacity)
            return {};
        for (auto const member : t.members) {
            auto const& p = out_.persons_[member];
            if (p.capacity == 0)
                return error{reason::capacity_missing,
                             {{"path", "person." + p.name + ".capacity"}, {"team", t.name}, {"value", p.name}}};
        }
        return {};
    }

    roster_documents documents_;
    lifecycle_document const& lifecycle_;
    std::vector<std::string> calendar_names_;         ///< sorted
    std::vector<std::vector<std::uint32_t>> joining_; ///< of each team: the persons who name it
    roster out_;
};

GUICHET_DECL absence const* person::absent(instant at) const noexcept {
    auto next = std::upper_bound(absences.begin(), absences.end(), at,
                                 [](instant when, absence const& a) { return when < a.from; });
    absence const* out = nullptr;
    while (next != absences.begin() && (--next)->latest > at)
        if (next->to > at && (!out || next->to > out->to))
            out = &*next;
    return out;
}

GUICHET_DECL std::optional<instant> person::back(instant at) const noexcept {
    while (auto const* a = absent(at)) {
        if (a->to == instant::max())
            return std::nullopt;
        at = a->to;
    }
    return at;
}

GUICHET_DECL bool team::has(std::uint32_t person) const noexcept {
    return std::binary_search(members.begin(), members.end(), person);
}

GUICHET_DECL result<std::shared_ptr<roster const>> roster::compile(
    roster_documents documents, std::map<std::string, time::calendar> const& calendars,
    lifecycle_document const& lifecycle, expr::schema const& schema) {
    return roster_compiler(std::move(documents), calendars, lifecycle, schema).run();
}

GUICHET_DECL std::uint32_t roster::find_person(std::string_view name) const noexcept {
    return detail::place_of(persons_, name);
}
GUICHET_DECL std::uint32_t roster::find_team(std::string_view name) const noexcept {
    return detail::place_of(teams_, name);
}

GUICHET_DECL std::uint64_t roster::find_language(std::string_view name) const {
    auto const at = detail::place_of(languages_, detail::tongue(name));
    return at == none ? 0 : std::uint64_t{1} << at;
}

GUICHET_DECL bool roster::away(presence const& p, instant at) const noexcept {
    auto const first = away_.begin() + p.away, last = away_.begin() + p.away_end;
    if (p.away_end - p.away > 16) { // in order, without overlap
        auto const next =
            std::upper_bound(first, last, at, [](instant when, time::interval const& i) { return when < i.from; });
        return next != first && at < (next - 1)->to;
    }
    bool out = false;
    for (auto i = first; i != last; ++i)
        out |= (i->from <= at) & (at < i->to);
    return out;
}

GUICHET_DECL std::uint32_t roster::weight(std::string_view kind, std::string_view priority) const noexcept {
    for (auto const& w : weights_)
        if ((w.kind.empty() || w.kind == kind) && (w.priority.empty() || w.priority == priority))
            return w.weight;
    auto const found = std::find(priorities_.begin(), priorities_.end(), priority);
    return found == priorities_.end() ? 1 : static_cast<std::uint32_t>(priorities_.end() - found);
}

} // namespace guichet::inline v0::routing
