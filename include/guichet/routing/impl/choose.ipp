#pragma once
#include <guichet/base/call_host.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/routing/choose.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <tuple>

namespace guichet::inline v0::routing {
namespace detail {

/// An able person among others who are. Lower comes first.
struct rival {
    /// The bits of what the mode measures: a load, a part of a capacity, a place. Above all else, whether he lacks the
    /// requester's language. Parts of capacities up to `capacity_max` that differ do so by far more than a double
    /// rounds, and equal ones are rounded alike.
    std::uint64_t order = 0;
    std::uint32_t surplus = 0; ///< levels above those needed
    std::uint32_t person = none;
    instant last{}; ///< when he was last given a ticket
    std::uint32_t in_place_of = none;

    friend bool operator<(rival const& a, rival const& b) noexcept {
        if (a.order != b.order)
            return a.order < b.order;
        if (a.surplus != b.surplus)
            return a.surplus < b.surplus;
        return a.last != b.last ? a.last < b.last : a.person < b.person;
    }
};

/// What asking one team came to.
struct answer {
    std::size_t step = 0;
    std::uint32_t team = none, person = none, in_place_of = none;
    way how = way::nobody;
    bool overloaded = false;
};

class chooser {
public:
    chooser(roster const& among, request const& asked, workload const& loads, turns const& last, instant now)
        : roster_{among},
          asked_{asked},
          loads_{loads},
          turns_{last},
          now_{now},
          weight_{among.weight(asked.about)},
          excluded_{among.find_person(asked.excluded)},
          known_by_{among.find_person(asked.known_by)},
          hours_(among.calendars().size()),
          record_{asked.about, among.schema()} {
        if (asked.language.empty())
            return;
        auto const named = among.find_language(asked.language);
        tongue_ = named != 0 ? named : std::uint64_t{1} << limits::languages_max; // only those who name none speak it
    }

    decision run() {
        out_.at = now_;
        auto const name = asked_.team.empty() ? std::string_view{asked_.about.team} : asked_.team;
        out_.team = name;
        auto const first = roster_.find_team(name);
        if (first == none) {
            auto& s = out_.steps.emplace_back();
            s.team = name;
            s.how = outcome::unknown_team;
            return std::move(out_);
        }
        out_.tier = roster_.teams()[first].tier;
        std::optional<answer> second; // the first that has somebody, though all of them are loaded
        for (auto at = first; at != none; at = roster_.teams()[at].overflow) {
            auto const& t = roster_.teams()[at];
            auto const found = ask(t, at);
            if (found.how == way::nobody && out_.steps[found.step].how == outcome::manual)
                return end(found);
            if (found.person != none && !found.overloaded)
                return end(found);
            if (found.person != none && !second)
                second = found;
        }
        if (second)
            return end(*second);
        for (auto at = first; at != none; at = roster_.teams()[at].overflow)
            if (auto const found = call(roster_.teams()[at], at); found.person != none)
                return end(found);
        ask_again(first);
        return std::move(out_);
    }

private:
    /// What is known of a calendar now; it is asked once.
    struct hours {
        bool known = false, open = false, edge_known = false;
        std::optional<instant> edge; ///< when it closes, or opens
    };
    hours& hours_of(std::uint32_t calendar) {
        auto& h = hours_[calendar];
        if (!h.known) {
            h.known = true;
            h.open = roster_.calendars()[calendar].is_open(now_);
        }
        return h;
    }
    bool open(std::uint32_t calendar) { return calendar == none || hours_of(calendar).open; }
    std::optional<instant> edge(std::uint32_t calendar) {
        auto& h = hours_of(calendar);
        if (!h.edge_known) {
            auto const& c = roster_.calendars()[calendar];
            h.edge_known = true;
            h.edge = h.open ? c.next_close(now_) : c.next_open(now_);
        }
        return h.edge;
    }
    bool holds(expr::condition const& c) const { return c.always() || c.evaluate(record_, ticket_context(now_)); }

    /// The skills that the ticket needs in a team, each once.
    void look_up_needs(team const& t) {
        needs_.clear();
        for (auto const& r : t.skills) {
            if (!holds(r.condition))
                continue;
            auto const same =
                std::find_if(needs_.begin(), needs_.end(), [&](need const& n) { return n.skill == r.skill; });
            if (same == needs_.end())
                needs_.push_back({roster_.levels(r.skill), r.skill, r.level});
            else
                same->level = std::max(same->level, r.level);
        }
    }

    /// How a person stands; `surplus` counts his levels above those needed.
    standing judge(team const& t, std::uint32_t number, std::uint32_t& surplus) {
        if (number == excluded_)
            return standing::excluded;
        for (auto const& n : needs_) {
            auto const has = n.levels[number];
            if (has < n.level)
                return has == 0 ? standing::no_skill : standing::skill_too_low;
            surplus += has - n.level;
        }
        auto const& p = roster_.presences()[number];
        if (roster_.away(p, now_))
            return standing::absent;
        if (!open(p.shift))
            return standing::off_shift;
        if (t.language_required && (p.languages & tongue_) == 0)
            return standing::language;
        auto const load = loads_[number].load;
        if (p.capacity != 0 && load != 0 && std::uint64_t{load} + weight_ > p.capacity)
            return standing::full;
        return standing::available;
    }

    /// What an able person competes with in the team's mode.
    rival rival_of(team const& t, std::uint32_t number, std::uint32_t surplus, std::uint32_t rank,
                   std::uint32_t in_place_of) const {
        auto const& p = roster_.presences()[number];
        auto const& mine = loads_[number];
        double measure = rank;
        if (t.mode == assignment_mode::least_loaded)
            measure = mine.load;
        else if (t.mode == assignment_mode::by_capacity) { // who has none stands in for somebody who has
            auto const own =
                p.capacity != 0 || in_place_of == none ? p.capacity : roster_.presences()[in_place_of].capacity;
            measure = double{1} * mine.load / std::max(own, 1U);
        } else if (t.mode == assignment_mode::round_robin)
            measure = static_cast<double>(number < turn_ ? number + roster_.persons().size() : number);
        // positive numbers are in the order of their bits
        auto const foreign = std::uint64_t{(p.languages & tongue_) == 0} << 63;
        return {std::bit_cast<std::uint64_t>(measure) | foreign, surplus, number, mine.last, in_place_of};
    }
    void compete(team const& t, std::uint32_t number, std::uint32_t surplus, std::uint32_t rank,
                 std::uint32_t in_place_of) {
        able_.push_back(rival_of(t, number, surplus, rank, in_place_of));
    }

    /// Who stands in for an absent person: his substitute, or that one's, and so on.
    std::uint32_t substitute(std::uint32_t person) const {
        for (int links = 0; links < 8; ++links) {
            auto const* away = roster_.persons()[person].absent(now_);
            if (!away)
                return person;
            if (away->substitute == none)
                return none;
            person = away->substitute;
        }
        return none;
    }

    answer ask(team const& t, std::uint32_t number) {
        auto& s = begin(t);
        answer out{out_.steps.size() - 1, number};
        if (t.mode == assignment_mode::manual || !open(t.calendar)) {
            s.how = open(t.calendar) ? outcome::manual : outcome::closed;
            return out;
        }
        consider_all(t, s);
        if (able_.empty()) {
            tell(t, s);
            return out;
        }
        auto best = std::min_element(able_.begin(), able_.end());
        out.how = static_cast<way>(static_cast<int>(t.mode) + 1); // the same words, after "nobody"
        auto const friendly = t.sticky ? known(t, s) : able_.end();
        if (friendly != able_.end()) {
            best = friendly;
            out.how = way::sticky;
        } else if (t.overflow_load > 0)
            out.overloaded = std::none_of(able_.begin(), able_.end(),
                                          [&](rival const& r) { return loads_[r.person].load < t.overflow_load; });
        std::iter_swap(able_.begin(), best);
        out.person = able_.front().person;
        out.in_place_of = able_.front().in_place_of;
        s.how = out.overloaded ? outcome::overloaded : outcome::chosen;
        tell(t, s);
        return out;
    }

    step& begin(team const& t) {
        auto& s = out_.steps.emplace_back();
        s.team = t.name;
        s.label_en = t.label_en;
        s.label_fr = t.label_fr;
        able_.clear();
        skipped_.clear();
        return s;
    }

    void note(step& s, std::uint32_t person, standing how, std::uint32_t in_place_of = none) {
        ++s.counts[static_cast<std::size_t>(how)];
        if (how != standing::available && skipped_.size() < limits::routing_candidates_max)
            skipped_.push_back({person, in_place_of, how});
    }

    void consider_all(team const& t, step& s) {
        look_up_needs(t);
        if (t.mode == assignment_mode::round_robin)
            turn_ = turn_in(t);
        deputies_.clear();
        able_.reserve(t.members.size());
        for (std::size_t i = 0; i < t.members.size(); ++i) {
            auto const person = t.members[i];
            std::uint32_t surplus = 0;
            auto const how = judge(t, person, surplus);
            note(s, person, how);
            if (how == standing::available)
                compete(t, person, surplus, t.ranks[i], none);
            else if (how == standing::absent && roster_.presences()[person].substituted)
                if (auto const other = substitute(person); other != none)
                    deputies_.push_back({other, person, t.mode == assignment_mode::direct ? t.ranks[i] : person});
        }
        // each once, where he stands in for the first in order
        std::sort(deputies_.begin(), deputies_.end(), [](deputy const& a, deputy const& b) {
            return std::tie(a.person, a.rank) < std::tie(b.person, b.rank);
        });
        auto const same = [](deputy const& a, deputy const& b) { return a.person == b.person; };
        deputies_.erase(std::unique(deputies_.begin(), deputies_.end(), same), deputies_.end());
        for (auto const& d : deputies_)
            consider(t, s, d);
    }

    struct deputy {
        std::uint32_t person, in_place_of, rank;
    };
    void consider(team const& t, step& s, deputy const& d) {
        if (t.has(d.person)) { // asked already: it means something only where the order of the document counts
            auto const him =
                std::find_if(able_.begin(), able_.end(), [&](rival const& r) { return r.person == d.person; });
            if (t.mode == assignment_mode::direct && him != able_.end())
                *him = std::min(*him, rival_of(t, him->person, him->surplus, d.rank, d.in_place_of));
            return;
        }
        std::uint32_t surplus = 0;
        auto const how = judge(t, d.person, surplus);
        note(s, d.person, how, d.in_place_of);
        if (how == standing::available)
            compete(t, d.person, surplus, d.rank, d.in_place_of);
    }

    /// The person whom the requester knows, or who stands in for him.
    std::vector<rival>::iterator known(team const& t, step& s) {
        if (known_by_ == none)
            return able_.end();
        if (!t.has(known_by_)) {
            note(s, known_by_, standing::not_member);
            return able_.end();
        }
        auto const person = substitute(known_by_);
        auto const found = std::find_if(able_.begin(), able_.end(), [&](rival const& r) { return r.person == person; });
        if (found != able_.end() && person != known_by_)
            found->in_place_of = known_by_;
        return found;
    }

    /// The first number that has not had its turn.
    std::uint32_t turn_in(team const& t) const {
        auto const last = turns_.find(t.name);
        if (last == turns_.end())
            return 0;
        auto const people = roster_.persons();
        auto const next = std::upper_bound(people.begin(), people.end(), last->second,
                                           [](std::string const& name, person const& p) { return name < p.name; });
        return static_cast<std::uint32_t>(next - people.begin());
    }

    answer call(team const& t, std::uint32_t number) {
        answer out{out_.steps.size(), number};
        if (t.on_call.empty())
            return out;
        auto& s = begin(t);
        s.on_call = true;
        s.how = outcome::closed;
        needs_.clear();
        for (auto const& d : t.on_call) {
            if (!open(d.calendar) || !holds(d.condition))
                continue;
            s.how = outcome::nobody;
            for (auto const person : d.persons) {
                auto const who = substitute(person);
                if (who == none || who == excluded_) {
                    note(s, person, who == none ? standing::absent : standing::excluded);
                    continue;
                }
                s.how = outcome::chosen;
                ++s.counts[static_cast<std::size_t>(standing::available)];
                rival as;
                as.person = out.person = who;
                as.in_place_of = out.in_place_of = who == person ? none : person;
                able_.push_back(as);
                out.how = way::on_call;
                tell(t, s);
                return out;
            }
        }
        tell(t, s);
        return out;
    }

    /// Puts the candidates into words that last: those who could, the best first, and those who were skipped.
    void tell(team const& t, step& s) {
        auto left = limits::routing_candidates_max - std::min(told_, limits::routing_candidates_max);
        if (t.overflow != none)
            left /= 2; // the next team may need some
        left = std::max<std::size_t>(left, 1);
        auto const some = std::min(skipped_.size(), left / 2);
        auto const best = std::min(able_.size(), left - some);
        if (best > 1)
            std::partial_sort(able_.begin() + 1, able_.begin() + static_cast<std::ptrdiff_t>(best), able_.end());
        auto const skips = std::min(skipped_.size(), left - best);
        s.candidates.reserve(best + skips);
        for (std::size_t i = 0; i < best; ++i)
            tell(t, s, able_[i].person, able_[i].in_place_of, standing::available);
        for (std::size_t i = 0; i < skips; ++i)
            tell(t, s, skipped_[i].person, skipped_[i].in_place_of, skipped_[i].how);
        told_ += best + skips;
    }
    void tell(team const& t, step& s, std::uint32_t number, std::uint32_t in_place_of, standing how) {
        auto const& p = roster_.persons()[number];
        auto& c = s.candidates.emplace_back();
        c.person = p.name;
        c.label = p.label;
        c.how = how;
        c.load = loads_[number].load;
        c.capacity = p.capacity;
        if (!needs_.empty()) {
            c.skills.reserve(needs_.size());
            for (auto const& n : needs_)
                c.skills.push_back({roster_.skills()[n.skill], n.levels[number], n.level});
        }
        if (in_place_of != none)
            c.for_ = roster_.persons()[in_place_of].shown();
        auto const calendar = p.shift != none ? p.shift : t.calendar;
        if (calendar != none)
            c.zone = roster_.calendars()[calendar].definition().tz;
        if (how == standing::absent)
            c.until = p.back(now_);
        else if (how == standing::off_shift)
            c.until = edge(p.shift);
        else if (how == standing::available && p.shift != none && open(p.shift))
            c.until = edge(p.shift);
    }

    decision end(answer const& a) {
        auto const& t = roster_.teams()[a.team];
        auto& s = out_.steps[a.step];
        out_.team = t.name;
        out_.tier = t.tier;
        out_.how = a.how;
        if (a.person == none) // a team whose members take tickets themselves
            return std::move(out_);
        out_.person = roster_.persons()[a.person].name;
        s.how = outcome::chosen;
        s.candidates.front().how = standing::chosen;
        --s.counts[static_cast<std::size_t>(standing::available)];
        ++s.counts[static_cast<std::size_t>(standing::chosen)];
        if (a.how == way::round_robin)
            out_.taken = turn{out_.team, out_.person};
        return std::move(out_);
    }

    /// The earliest change that a calendar or an absence promises.
    void ask_again(std::uint32_t first) {
        auto const take = [&](std::optional<instant> at) {
            if (at && *at > now_ && (!out_.ask_again || *at < *out_.ask_again))
                out_.ask_again = at;
        };
        for (auto at = first; at != none; at = roster_.teams()[at].overflow) {
            auto const& t = roster_.teams()[at];
            for (auto const& d : t.on_call)
                if (!open(d.calendar) && holds(d.condition))
                    take(edge(d.calendar));
            if (!open(t.calendar)) {
                take(edge(t.calendar));
                continue;
            }
            for (auto const member : t.members) {
                auto const& p = roster_.persons()[member];
                if (member == excluded_)
                    continue;
                if (!p.absences.empty() && p.absent(now_)) {
                    auto const back = p.back(now_);
                    take(back && p.shift != none ? roster_.calendars()[p.shift].next_open(*back) : back);
                } else if (!open(p.shift))
                    take(edge(p.shift));
            }
        }
    }

    struct need {
        std::span<std::uint8_t const> levels;
        std::uint32_t skill;
        std::uint8_t level;
    };
    struct skip {
        std::uint32_t person, in_place_of;
        standing how;
    };

    roster const& roster_;
    request const& asked_;
    workload const& loads_;
    turns const& turns_;
    instant now_;
    std::uint32_t weight_, excluded_, known_by_;
    std::uint64_t tongue_ = ~std::uint64_t{0};
    std::vector<hours> hours_; ///< by calendar
    ticket_record record_;
    std::vector<need> needs_;
    std::uint32_t turn_ = 0;
    std::vector<rival> able_;
    std::vector<skip> skipped_;
    std::vector<deputy> deputies_;
    std::size_t told_ = 0;
    decision out_;
};

} // namespace detail

GUICHET_DECL decision choose(roster const& among, request const& asked, workload const& loads, turns const& last,
                             instant now) {
    if (loads.people().get() == &among)
        return detail::chooser(among, asked, loads, last, now).run();
    // not owned: the copy does not outlive this call
    auto const moved = loads.under(std::shared_ptr<roster const>{std::shared_ptr<void>{}, &among});
    return detail::chooser(among, asked, moved, last, now).run();
}

namespace detail {

/// Puts somebody else, or nobody, into a decision.
class overruling {
public:
    overruling(decision& d, roster const& among, std::string_view person) : out_{d}, roster_{among}, person_{person} {}

    void run() {
        for (auto& s : out_.steps)
            release(s);
        out_.person = person_;
        out_.how = person_.empty() ? way::nobody : way::host;
        out_.taken.reset();
        if (person_.empty() || out_.steps.empty())
            return;
        for (auto& s : out_.steps)
            if (auto const at = std::ranges::find(s.candidates, person_, &candidate::person); at != s.candidates.end())
                return put_first(s, at);
        auto& s = out_.steps.front(); // somebody whom the routing did not look at
        auto& c = s.candidates.emplace_back();
        c.person = person_;
        if (auto const known = roster_.find_person(person_); known != none)
            c.label = roster_.persons()[known].label;
        ++s.counts[static_cast<std::size_t>(standing::available)];
        put_first(s, s.candidates.end() - 1);
    }

private:
    static void move(step& s, candidate& c, standing to) {
        --s.counts[static_cast<std::size_t>(c.how)];
        ++s.counts[static_cast<std::size_t>(to)];
        c.how = to;
    }
    static void release(step& s) {
        if (s.how != outcome::chosen)
            return;
        s.how = outcome::nobody;
        for (auto& c : s.candidates)
            if (c.how == standing::chosen)
                move(s, c, standing::available);
    }
    void put_first(step& s, std::vector<candidate>::iterator at) {
        move(s, *at, standing::chosen);
        s.how = outcome::chosen;
        std::rotate(s.candidates.begin(), at, at + 1);
        out_.team = s.team;
        auto const team = roster_.find_team(s.team);
        out_.tier = team == none ? std::string{} : roster_.teams()[team].tier;
    }

    decision& out_;
    roster const& roster_;
    std::string person_;
};

} // namespace detail

GUICHET_DECL result<decision> heed(router const& host, roster const& among, ticket const& about, decision proposed) {
    if (!host)
        return proposed;
    GUICHET_LET(auto const said, guichet::detail::call_host([&] { return host(about, proposed); }));
    if (said && *said != proposed.person)
        detail::overruling{proposed, among, *said}.run();
    return proposed;
}

GUICHET_DECL std::vector<transfer> redistribute(roster const& among, std::string_view person,
                                                std::span<request const> tickets, workload const& loads,
                                                turns const& last, instant now) {
    std::vector<request const*> order;
    for (auto const& one : tickets)
        order.push_back(&one);
    std::stable_sort(order.begin(), order.end(), [](request const* a, request const* b) {
        auto const &x = a->about, &y = b->about;
        return std::tie(y.priority_rank, x.created_at, x.id) < std::tie(x.priority_rank, y.created_at, y.id);
    });
    auto const leaver = among.find_person(person);
    std::string_view home;
    if (leaver != none && !among.persons()[leaver].teams.empty())
        home = among.teams()[among.persons()[leaver].teams.front()].name;
    auto planned = loads.under(std::shared_ptr<roster const>{std::shared_ptr<void>{}, &among});
    auto taken = last;
    std::vector<transfer> out;
    out.reserve(order.size());
    for (auto const* one : order) {
        auto const& t = one->about;
        auto const team = !one->team.empty() ? one->team : !t.team.empty() ? std::string_view{t.team} : home;
        auto to = choose(among, {t, team, one->language, one->known_by, person}, planned, taken, now);
        if (!to.person.empty()) {
            planned.add(to.person, among.weight(t));
            planned.gave(to.person, now);
        }
        if (to.taken)
            taken[to.taken->team] = to.taken->person;
        out.push_back({t.id, t.number, std::move(to)});
    }
    return out;
}

} // namespace guichet::inline v0::routing
