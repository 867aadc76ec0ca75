#pragma once
#include "property/world.hpp"
#include "simulation/minute_table.hpp"

#include <compare>
#include <deque>

/// The service levels of a desk once more, too simple to be wrong. It hears what happened to each ticket, counts open
/// minutes in a table, and says what the desk should have recorded, when, and when the desk should wake. It shares no
/// arithmetic with the library: docs/concepts/service-levels.md is what it was written from.
namespace naive {

using namespace guichet;

// --- what was agreed

/// "50%", "-30min": the share of the target, and what is added to it.
struct point {
    std::string at;
    int percent = 100;
    duration offset{};
};
/// Working time by a calendar; for one priority, or for those that no other names.
struct goal {
    std::string priority;
    std::chrono::minutes within;
    std::string calendar;
};
struct promise {
    std::string metric;
    std::vector<goal> goals;
    std::vector<std::string> pause; ///< states
    std::vector<point> points;
    std::string key{};  ///< with the family
    std::size_t no = 0; ///< of the key
};
struct policy {
    std::string name, family;
    std::string organisation; ///< for whom; empty: for all
    std::string catch_up;
    std::vector<promise> promises;
    std::uint32_t version = 1;
};
struct agreement {
    std::vector<policy> policies; ///< by family; of each, the first that fits counts
    std::map<std::string, std::shared_ptr<minute_table const>> calendars;
};

/// The same as the administrator writes it.
inline document document_of(policy const& p, std::uint32_t position) {
    policy_document out;
    out.name = p.name;
    out.family = p.family;
    out.position = position;
    out.catch_up = p.catch_up;
    if (!p.organisation.empty())
        out.condition.text = R"({"field":"organisation","op":"=","value":")" + p.organisation + "\"}";
    for (auto const& promised : p.promises) {
        for (auto const& g : promised.goals)
            out.targets.push_back(
                {promised.metric, g.priority, std::to_string(g.within.count()) + "min", g.calendar, {}});
        out.metrics.push_back({promised.metric, promised.pause});
        for (auto const& one : promised.points)
            out.thresholds.push_back({promised.metric, "", one.at});
    }
    return {"policy", p.name, 0, encode(out), {}, {}};
}

// --- what was heard

struct cycle {
    instant started;
    std::optional<instant> stopped;
};

/// A ticket, as far as its clocks care.
struct life {
    struct span {
        instant since;
        std::string state;
        bool open = true;
    };
    instant created, updated;
    std::string organisation, priority, team, tier;
    bool closed = false;
    std::optional<instant> returns; ///< from pending
    std::vector<span> spans;
    std::map<std::string, std::vector<cycle>> cycles;

    bool open() const { return spans.back().open; }

    void hear(event const& e) {
        if (auto const* opened = std::get_if<ticket_opened>(&e.body)) {
            created = e.at;
            organisation = opened->organisation;
            priority = opened->priority;
            spans.push_back({e.at, opened->state, is_open(opened->status)});
            closed = opened->status == status::closed;
            for (auto const* metric : {"first_response", "time_to_own", "resolution"})
                cycles[metric].push_back({e.at, {}});
            if (!open())
                stop("resolution", e.at);
            own(opened->assignee, e.at);
            hold(opened->team, opened->tier, e.at);
        } else if (auto const* said = std::get_if<message_added>(&e.body)) {
            if (said->audience == audience::public_)
                talk(said->side, e.at);
        } else if (auto const* given = std::get_if<ticket_assigned>(&e.body)) {
            own(given->assignee, e.at);
        } else if (auto const* moved = std::get_if<ticket_handed_over>(&e.body)) {
            own(moved->assignee, e.at);
            hold(moved->team, moved->tier, e.at);
        } else if (auto const* set = std::get_if<priority_set>(&e.body)) {
            priority = set->priority;
        } else
            std::visit(
                [&](auto const& body) {
                    if constexpr (requires { body.to, body.status; })
                        enter(body.to, body.status, e.at);
                },
                e.body);
        auto const* waits = std::get_if<ticket_pended>(&e.body);
        if (waits)
            returns = waits->until;
    }

private:
    void stop(std::string const& metric, instant at) {
        if (auto& all = cycles[metric]; !all.empty() && !all.back().stopped)
            all.back().stopped = at;
    }
    void own(std::string const& assignee, instant at) {
        if (!assignee.empty())
            stop("time_to_own", at);
    }
    void talk(side who, instant at) {
        auto& exchanges = cycles["next_response"];
        if (who == side::requester) {
            if (exchanges.empty() || exchanges.back().stopped)
                exchanges.push_back({at, {}});
            return;
        }
        for (auto const* metric : {"first_response", "next_response", "periodic_update"})
            stop(metric, at);
        cycles["periodic_update"].push_back({at, {}});
    }
    void hold(std::string const& to_team, std::string const& to_tier, instant at) {
        if (to_team == team && to_tier == tier)
            return;
        auto& holdings = cycles["handover"];
        if (!team.empty() || !tier.empty())
            holdings.back().stopped = at; // also where resolving it had stopped it for the time being
        team = to_team;
        tier = to_tier;
        if (!team.empty() || !tier.empty())
            holdings.push_back({at, {}});
        if (cycles["resolution"].back().stopped == at) // at one instant, no order is told
            stop("handover", at);
    }
    void enter(std::string const& state, status to, instant at) {
        bool const was = open(), is = is_open(to);
        spans.push_back({at, state, is});
        closed = to == status::closed;
        returns.reset();
        if (was && !is) {
            stop("resolution", at);
            stop("handover", at);
        }
        if (!was && is) { // the same clocks go on
            cycles["resolution"].back().stopped.reset();
            if (!team.empty() || !tier.empty())
                cycles["handover"].back().stopped.reset();
        }
    }
};

/// A clock under a promise.
class clock {
public:
    struct run {
        instant from;
        std::optional<instant> to; ///< none: it still runs, or ran when it was stopped
    };

    clock(life const& of, std::vector<std::string> const& pause, cycle const& one, minute_table const& table)
        : one_{one}, table_{table} {
        auto const stands = [&](life::span const& s) {
            return !s.open || std::find(pause.begin(), pause.end(), s.state) != pause.end();
        };
        for (std::size_t i = 0; i < of.spans.size(); ++i) {
            auto const from = std::max(of.spans[i].since, one.started);
            auto to = i + 1 < of.spans.size() ? std::optional{of.spans[i + 1].since} : std::nullopt;
            if (one.stopped)
                to = std::min(to.value_or(*one.stopped), *one.stopped);
            bool const at_once = one.stopped == one.started && from == to; // begun and stopped in one instant
            if (stands(of.spans[i]) || (to && *to <= from && !at_once))
                continue; // no time passed in it
            if (!runs_.empty() && runs_.back().to == from)
                runs_.back().to = to;
            else
                runs_.push_back({from, to});
        }
        if (one.stopped && !runs_.empty() && runs_.back().to == one.stopped)
            runs_.back().to.reset();
        paused = !one.stopped && stands(of.spans.back());
    }

    bool paused = false;

    duration consumed(instant now) const {
        auto const end = std::min(one_.stopped.value_or(now), now);
        duration out{};
        for (auto const& r : runs_)
            if (r.from < end)
                out += table_.between(r.from, std::min(r.to.value_or(end), end));
        return out;
    }
    /// When so much of it is, or was, used up.
    std::optional<instant> reaches(duration level) const {
        for (auto const& r : runs_) {
            if (!r.to || table_.between(r.from, *r.to) >= level)
                return table_.add(r.from, level);
            level -= table_.between(r.from, *r.to);
        }
        return {};
    }

private:
    cycle const& one_;
    minute_table const& table_;
    std::vector<run> runs_;
};

/// A sentence of the log about a clock.
struct sentence {
    instant at;
    std::string word, metric, point;
    std::uint32_t cycle = 0;
    std::optional<instant> due;
    std::string policy;
    std::uint32_t version = 0;
    bool overrun = false;
    friend auto operator<=>(sentence const&, sentence const&) = default;
};

inline std::optional<sentence> sentence_of(event const& e) {
    sentence out{e.at, std::string{name_of(e.body)}, {}, {}, 0, {}, {}, 0, false};
    bool const told = std::visit(
        [&](auto const& body) {
            using type = std::remove_cvref_t<decltype(body)>;
            if constexpr (std::is_same_v<type, clock_restarted>) {
                out.metric = body.metric;
                return true;
            } else if constexpr (requires { body.metric, body.policy_version, body.cycle; }) {
                out.metric = body.metric;
                out.cycle = body.cycle;
                out.due = body.due;
                out.policy = body.policy;
                out.version = body.policy_version;
                if constexpr (requires { body.threshold; }) {
                    out.point = body.threshold;
                    out.overrun = body.overrun;
                }
                return true;
            } else
                return false;
        },
        e.body);
    return told ? std::optional{out} : std::nullopt;
}

/// A ticket with what should be in its log about its clocks.
struct watched {
    struct mark {
        std::uint32_t cycle = 0;
        instant due;
    };
    using key = std::pair<std::size_t, std::size_t>; ///< of a promise, and of its point
    life happened;
    std::map<std::pair<std::size_t, std::uint32_t>, bool> met; ///< verdicts by promise and cycle, false: breached
    std::map<key, mark> marks;
    std::map<key, instant> again; ///< thresholds that were passed, and are to come again under another deadline
    std::vector<sentence> said;
    std::optional<instant> wakes, returns; ///< as the desk's lists have them
};

class second_desk {
public:
    void put_in_force(agreement a) {
        agreed_ = std::move(a);
        for (auto& p : agreed_.policies)
            for (auto& m : p.promises) {
                m.key = (p.family.empty() ? "" : p.family + "/") + m.metric;
                m.no = numbers_.emplace(m.key, numbers_.size()).first->second;
            }
    }
    agreement const& agreed() const { return agreed_; }

    /// The open tickets follow what was put in force.
    void recount(instant now) {
        for (auto& [id, t] : tickets_)
            if (!t.happened.closed)
                arm(id, t, std::max(now, t.happened.updated));
    }
    /// What one command came to; verdicts among it are not listened to.
    void hear(std::span<event const> events) {
        bool any = false;
        for (auto const& e : events)
            if (!sentence_of(e)) {
                tickets_[e.ticket].happened.hear(e);
                tickets_[e.ticket].happened.updated = e.at;
                any = true;
            }
        if (any)
            look(events.front().ticket, events.front().at);
    }
    /// What timers of clocks did. Those that end a pause are heard as what they came to.
    void pump(instant now) {
        while (!wakes_.empty() && wakes_.begin()->first <= now) {
            auto const [at, id] = *wakes_.begin();
            look(id, std::max(now, tickets_[id].happened.updated));
            if (wakes_.contains({at, id}))
                throw std::logic_error{"a clock that spoke would speak again"};
        }
    }
    /// When the desk is to wake, if nothing happens.
    std::optional<instant> next() const {
        std::optional<instant> out;
        for (auto const* list : {&wakes_, &returns_})
            if (!list->empty())
                out = std::min(out.value_or(instant::max()), list->begin()->first);
        return out;
    }
    std::map<ticket_id, watched> const& tickets() const { return tickets_; }

    /// Calls `take` with each promise to a ticket that has a goal for it, the policy, the goal and the minutes.
    template <class Take>
    void each_promise(life const& of, Take const& take) const {
        policy const* last = nullptr;
        for (auto const& p : agreed_.policies) {
            if ((!p.organisation.empty() && p.organisation != of.organisation) || (last && last->family == p.family))
                continue;
            last = &p;
            for (auto const& m : p.promises) {
                goal const* chosen = nullptr;
                for (auto const& g : m.goals)
                    if (g.priority == of.priority || (g.priority.empty() && !chosen))
                        chosen = &g;
                if (chosen)
                    take(p, m, *chosen, *agreed_.calendars.at(chosen->calendar));
            }
        }
    }

private:
    void look(ticket_id id, instant now) {
        auto& t = tickets_[id];
        auto const before = t.said.size();
        each_promise(t.happened, [&](policy const& p, promise const& m, goal const& g, minute_table const& table) {
            auto const found = t.happened.cycles.find(m.metric);
            if (found == t.happened.cycles.end() || found->second.empty())
                return;
            auto const clock_of = [&](cycle const& one) { return clock{t.happened, m.pause, one, table}; };
            std::uint32_t no = 0;
            for (auto const& one : found->second) {
                auto const verdict = t.met.find({m.no, ++no});
                // A breach stands for good, and what was met stands while it is stopped.
                if (verdict == t.met.end() || (verdict->second && !one.stopped))
                    judge(t, p, m, clock_of(one).reaches(g.within), one, no, now);
            }
            if (!found->second.back().stopped)
                pass_points(t, p, m, g, clock_of(found->second.back()), no, now);
        });
        if (t.said.size() != before)
            t.happened.updated = now;
        arm(id, t, now);
    }

    static void judge(watched& t, policy const& p, promise const& m, std::optional<instant> due, cycle const& one,
                      std::uint32_t no, instant now) {
        if (t.met.erase({m.no, no}) != 0) // it goes on
            t.said.push_back({now, "clock_restarted", m.key, {}, 0, {}, {}, 0, false});
        bool const late = due && (one.stopped ? *one.stopped > *due : now >= *due);
        if (!late && !one.stopped)
            return;
        t.met[{m.no, no}] = !late;
        t.said.push_back({now, late ? "clock_breached" : "clock_met", m.key, {}, no, due, p.name, p.version, false});
    }

    static void pass_points(watched& t, policy const& p, promise const& m, goal const& g, clock const& c,
                            std::uint32_t no, instant now) {
        std::vector<sentence> passed;
        for (std::size_t i = 0; i < m.points.size(); ++i) {
            auto const& one = m.points[i];
            watched::key const key{m.no, i};
            auto const level = level_of(one, g);
            auto const at = level > duration::zero() ? c.reaches(level) : std::nullopt;
            if (!at || *at > now)
                continue;
            auto const mark = t.marks.find(key);
            auto const again = t.again.find(key);
            bool const passed_before = mark != t.marks.end() && mark->second.cycle == no;
            if (passed_before && (mark->second.due == at || again == t.again.end() || again->second != at))
                continue;
            t.marks[key] = {no, *at};
            t.again.erase(key);
            bool const long_ago = now - *at > 1min;
            passed.push_back({now, "clock_threshold_reached", m.key, one.at, no, at, p.name, p.version,
                              p.catch_up != "all" && long_ago});
        }
        if (passed.empty())
            return;
        std::stable_sort(passed.begin(), passed.end(), [](auto const& a, auto const& b) { return a.due < b.due; });
        if (p.catch_up == "once")
            passed.back().overrun = false;
        t.said.insert(t.said.end(), passed.begin(), passed.end());
    }

    static duration level_of(point const& one, goal const& g) {
        return duration{g.within} * one.percent / 100 + one.offset;
    }

    /// When the ticket is to be looked at again, if nothing happens.
    void arm(ticket_id id, watched& t, instant now) {
        std::set<instant> wanted;
        each_promise(t.happened, [&](policy const&, promise const& m, goal const& g, minute_table const& table) {
            auto const found = t.happened.cycles.find(m.metric);
            if (found == t.happened.cycles.end() || found->second.empty() || found->second.back().stopped)
                return;
            clock const c{t.happened, m.pause, found->second.back(), table};
            auto const no = static_cast<std::uint32_t>(found->second.size());
            auto const due = c.reaches(g.within);
            if (!c.paused && due && !t.met.contains({m.no, no}))
                wanted.insert(*due);
            for (std::size_t i = 0; i < m.points.size(); ++i) {
                watched::key const key{m.no, i};
                auto const level = level_of(m.points[i], g);
                auto const at = level > duration::zero() ? c.reaches(level) : std::nullopt;
                auto const mark = t.marks.find(key);
                bool const passed = mark != t.marks.end() && mark->second.cycle == no;
                auto& again = t.again[key];
                if (c.paused || !at || !passed || mark->second.due == at)
                    again = {};
                else if (again != at) // the deadline moved: into the future, or not
                    again = *at > now ? *at : instant{};
                if (!c.paused && at && (!passed || again == at))
                    wanted.insert(*at);
            }
        });
        auto const put = [&](auto& list, std::optional<instant>& from, std::optional<instant> to) {
            if (from)
                list.erase({*from, id});
            if (to)
                list.emplace(*to, id);
            from = to;
        };
        put(wakes_, t.wakes, wanted.empty() ? std::nullopt : std::optional{*wanted.begin()});
        put(returns_, t.returns, t.happened.returns);
    }

    agreement agreed_;
    std::map<std::string, std::size_t> numbers_; ///< of the promises' keys
    std::map<ticket_id, watched> tickets_;
    std::set<std::pair<instant, ticket_id>> wakes_, returns_;
};

} // namespace naive
