/// Every clock against a second implementation that is too simple to be wrong: it walks through the ticket's events
/// minute by minute and counts.
#include "property/world.hpp"

#include <guichet/model/calendar_document.hpp>

#include <array>
#include <map>

namespace {

using namespace play;
using namespace std::chrono;

instant const start{sys_days{year{2026} / 2 / 23} + 7h};
actor const root{.tenant = "", .person = "root", .role = "administrator"};
actor const luc{.tenant = "", .person = "luc", .role = "agent"};
actor const ana{.tenant = "", .person = "ana", .role = "requester"};

/// The opening hours by the wall clock, read off the definition.
bool opens(time::calendar_definition const& d, time::zone const& zone, instant at) {
    if (d.always_open)
        return true;
    auto const local = zone.to_local(at);
    auto const day = floor<days>(local);
    year_month_day const date{day};
    auto const since = duration_cast<seconds>(local - day);
    for (auto const& h : d.holidays)
        if (h.day == date.month() / date.day() && h.year.value_or(date.year()) == date.year())
            return false;
    auto const within = [&](std::vector<time::opening> const& list) {
        return std::any_of(list.begin(), list.end(), [&](auto const& o) { return o.from <= since && since < o.to; });
    };
    auto const shift = d.shifts.find(date);
    bool const open = within(shift != d.shifts.end() ? shift->second : d.weekly[weekday{day}.iso_encoding() - 1]);
    auto const pause = d.breaks.find(date);
    return open && !(pause != d.breaks.end() && within(pause->second));
}

/// A cycle as it is counted.
struct counted {
    bool begun = false, stands = false;
    std::uint32_t no = 0;
    std::int64_t used = 0; ///< minutes
    instant started;
    std::optional<instant> stopped, due;
};

struct naive {
    std::map<std::string, counted> clocks;
    status now = status::new_;
    std::string team, tier;

    void begin(std::string const& metric, instant at) {
        auto const no = clocks[metric].no + 1;
        clocks[metric] = {};
        clocks[metric].begun = true;
        clocks[metric].no = no;
        clocks[metric].started = at;
    }
    void stop(std::string const& metric, instant at) {
        if (auto& c = clocks[metric]; c.begun && !c.stopped)
            c.stopped = at;
    }
    void hold(std::string const& to_team, std::string const& to_tier, instant at) {
        if (to_team == team && to_tier == tier)
            return;
        if (!team.empty() || !tier.empty())
            clocks["handover"].stopped = at; // also where resolving it had stopped it for the time being
        team = to_team;
        tier = to_tier;
        if (!team.empty() || !tier.empty())
            begin("handover", at);
        if (clocks["resolution"].stopped == at) // at one instant, no order is told
            stop("handover", at);
    }
    void enter(status to, instant at) {
        bool const was = is_open(now), is = is_open(to);
        now = to;
        if (was && !is) {
            stop("resolution", at);
            stop("handover", at);
        }
        if (!was && is) { // the same clocks go on
            clocks["resolution"].stopped.reset();
            if (!team.empty() || !tier.empty())
                clocks["handover"].stopped.reset();
        }
    }
    void hear(event const& e) {
        if (auto const* b = std::get_if<ticket_opened>(&e.body)) {
            begin("first_response", e.at);
            begin("resolution", e.at);
            begin("time_to_own", e.at);
            if (!b->assignee.empty())
                stop("time_to_own", e.at);
            now = b->status;
            hold(b->team, b->tier, e.at);
        } else if (auto const* said = std::get_if<message_added>(&e.body)) {
            if (said->audience != audience::public_)
                return;
            if (said->side == side::requester) {
                if (auto& c = clocks["next_response"]; !c.begun || c.stopped)
                    begin("next_response", e.at);
            } else {
                stop("first_response", e.at);
                stop("next_response", e.at);
                stop("periodic_update", e.at);
                begin("periodic_update", e.at);
            }
        } else if (auto const* given = std::get_if<ticket_assigned>(&e.body)) {
            if (!given->assignee.empty())
                stop("time_to_own", e.at);
        } else if (auto const* moved = std::get_if<ticket_handed_over>(&e.body)) {
            if (!moved->assignee.empty())
                stop("time_to_own", e.at);
            hold(moved->team, moved->tier, e.at);
        } else
            std::visit(
                [&](auto const& body) {
                    if constexpr (requires { body.to, body.status; })
                        enter(body.status, e.at);
                },
                e.body);
    }
};

struct contract {
    time::calendar_definition calendar;
    std::map<std::string, int> minutes; ///< of each metric
};

contract drawn(dice& d) {
    contract out;
    out.calendar.tz = d.pick(std::array<char const*, 4>{"Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC"});
    for (auto& day : out.calendar.weekly)
        if (d.percent(75)) {
            out.calendar.weekly[&day - out.calendar.weekly.data()] = {{hours{8} + minutes{d.below(60)}, hours{12}}};
            if (d.percent(70))
                day.push_back({hours{13} + minutes{d.below(60)}, hours{18}});
        }
    if (d.percent(20))
        out.calendar = {.tz = "Europe/Paris", .always_open = true};
    else {
        out.calendar.holidays.push_back({{}, March / d.between(1, 31), "fete"});
        out.calendar.shifts[year{2026} / 3 / d.between(1, 28)] = {{hours{10}, hours{11}}};
        out.calendar.breaks[year{2026} / 3 / d.between(1, 28)] = {{hours{9}, hours{10}}};
    }
    for (auto const* metric :
         {"first_response", "next_response", "periodic_update", "time_to_own", "handover", "resolution"})
        out.minutes[metric] = d.between(1, 900);
    return out;
}

void configure(desk& on, contract const& c) {
    policy_document p;
    p.name = "contract";
    p.calendar = "default";
    p.pause = {"pending", "on_hold"};
    for (auto const& [metric, minutes] : c.minutes)
        p.targets.push_back({metric, "", std::to_string(minutes) + "min", {}});
    p.thresholds = {{"resolution", "half", "50%"}, {"resolution", "late", "+10min"}, {"first_response", "", "-5min"}};
    std::vector<document> const documents{{"calendar", "default", 0, encode(c.calendar), {}, {}},
                                          {"policy", "contract", 0, encode(p), {}, {}}};
    on.configure(documents, root).value();
}

/// Counts until `now`, and on to the deadline as if nothing happened.
naive count(std::vector<event> const& events, contract const& c, instant now) {
    naive out;
    auto const zone = time::zone::find(c.calendar.tz).value();
    std::size_t next = 0;
    for (auto at = events.front().at; at < now + days{60}; at += 1min) {
        for (; next < events.size() && events[next].at <= at; ++next)
            out.hear(events[next]);
        bool const stands = out.now == status::pending || out.now == status::on_hold || !is_open(out.now);
        bool missing = false;
        for (auto& [metric, clock] : out.clocks) {
            clock.stands = stands;
            if (!clock.begun || clock.stopped || stands)
                continue;
            missing = missing || !clock.due;
            if (!opens(c.calendar, zone, at))
                continue;
            clock.used += at < now;
            auto const ahead = (clock.due ? 0 : 1);
            if (ahead && (at < now ? clock.used : clock.used + 1) == c.minutes.at(metric))
                clock.due = at + 1min;
            else if (ahead && at >= now) { // counted apart: it has not happened
                ++clock.used;
            }
        }
        if (at >= now && !missing)
            break;
    }
    return out;
}

void check_verdicts(std::vector<event> const& log) {
    std::set<std::tuple<std::string, std::uint32_t>> breached;
    std::set<std::tuple<std::string, std::string, std::uint32_t, instant>> reached;
    for (auto const& e : log) {
        if (auto const* b = std::get_if<clock_breached>(&e.body)) {
            REQUIRE(breached.emplace(b->metric, b->cycle).second);
            REQUIRE(b->due <= e.at);
        }
        if (auto const* t = std::get_if<clock_threshold_reached>(&e.body)) {
            REQUIRE(reached.emplace(t->metric, t->threshold, t->cycle, t->due).second);
            REQUIRE(t->due <= e.at);
        }
    }
}

void check_proof(ticket const& t, sla::proof const& p) {
    auto at = t.created_at;
    guichet::duration used{};
    for (auto const& i : p.intervals) {
        REQUIRE(i.when.from == at);
        REQUIRE(i.when.to > at);
        at = i.when.to;
        used += i.used;
        REQUIRE(i.total == used);
        if (!i.ahead)
            REQUIRE(used <= p.consumed);
        if (i.kind != sla::proof_kind::running)
            REQUIRE(i.used == guichet::duration::zero());
    }
    auto const sum = [&] {
        guichet::duration out{};
        for (auto const& i : p.intervals)
            out += i.ahead ? guichet::duration::zero() : i.used;
        return out;
    }();
    REQUIRE(sum == p.consumed);
    if (!p.intervals.empty() && p.intervals.back().ahead)
        REQUIRE(used == p.target);
}

void play_once(std::uint64_t seed) {
    CAPTURE(seed);
    dice d{seed};
    testing::simulated_environment env{start};
    auto const desk = guichet::desk::open(memory_store(), env).value();
    auto contract = drawn(d);
    configure(*desk, contract);
    auto const pass = [&](minutes length) {
        auto const until = env.now() + length;
        for (auto next = desk->next_wakeup().value(); next && *next <= until; next = desk->next_wakeup().value()) {
            env.set(std::max(env.now(), *next));
            desk->pump().value();
        }
        env.set(until);
    };
    auto const opened = desk->execute({.by = d.percent(70) ? ana : luc,
                                       .body = open_ticket{.subject = "No network",
                                                           .text = d.percent(70) ? "Since noon." : "",
                                                           .team = d.percent(50) ? "desk" : ""}});
    auto const id = opened.value().ticket;
    for (int step = 0; step < 25; ++step) {
        pass(minutes{d.percent(20) ? 0 : d.between(1, d.percent(20) ? 4'000 : 240)});
        command wish{.by = luc, .body = {}, .ticket = id};
        switch (d.below(9)) {
        case 0:
            wish.by = ana;
            wish.body = reply{.text = "Still nothing."};
            break;
        case 1: wish.body = reply{.text = "Which one?"}; break;
        case 2: wish.body = add_note{.text = "A note is no answer."}; break;
        case 3: wish.body = wait_until{env.now() + minutes{d.between(1, 3'000)}}; break;
        case 4: wish.body = hold_ticket{}; break;
        case 5: wish.body = resolve_ticket{.code = "fixed"}; break;
        case 6: wish.body = reopen_ticket{}; break;
        case 7: wish.body = hand_over_ticket{{}, d.pick(std::array<char const*, 3>{"desk", "net", ""}), {}, {}}; break;
        default: wish.body = assign_ticket{d.percent(50) ? "luc" : "paul"};
        }
        (void)desk->execute(wish); // one that is refused changes nothing
        if (d.percent(5)) {        // the contract changes: all is counted again from the start
            contract = drawn(d);
            configure(*desk, contract);
            desk->pump().value();
        }
        auto const t = desk->find(id, root).value();
        auto const expected = count(desk->history(id, root).value(), contract, env.now());
        std::map<std::string, sla::clock> last;
        for (auto const& c : desk->clocks(t).value())
            last.insert_or_assign(std::string{c.metric}, c);
        for (auto const& [metric, wanted] : expected.clocks) {
            CAPTURE(metric);
            CAPTURE(step);
            if (!wanted.begun)
                continue;
            REQUIRE(last.contains(metric));
            auto const& c = last.at(metric);
            REQUIRE(c.cycle == wanted.no);
            REQUIRE(c.started == wanted.started);
            REQUIRE((c.stopped == wanted.stopped));
            if (wanted.stopped || wanted.stands)
                REQUIRE(c.consumed == minutes{wanted.used});
            if (!wanted.stopped)
                REQUIRE((c.due == wanted.due));
        }
        for (auto const& p : desk->explain(id, root).value())
            check_proof(t, p);
    }
    check_verdicts(desk->history(id, root).value());
    CHECK(desk->verify().value().problems.empty());
}

TEST_CASE("given tickets under chance, when each minute is counted by hand, then every clock agrees") {
    for (auto const seed : seeds(30))
        play_once(seed);
}

} // namespace
