/// A log of real incidents on their way through three support lines: where each was and what was counted of it, and who
/// was told that its time runs out, against a second count made straight from the rows. The public log is used where it
/// lies beside the project; a small made-up one of the same shape is always there.
#include "cli/csv.hpp"

#include <guichet/engine/desk.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/simulated_environment.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include <filesystem>
#include <set>
#include <tuple>

namespace {

using namespace guichet;
using std::chrono::days, std::chrono::hours;

actor const root{.tenant = "", .person = "root", .role = "administrator"};

// --- the log

struct row {
    std::string incident, status, sub_status, person;
    std::string team, line; ///< the support team and its line
    instant at;

    bool queued() const { return status == "Queued"; }
    bool waits() const { return sub_status.starts_with("Wait"); }
    bool completed() const { return status == "Completed"; }
};

/// The rows of each incident, in the order in which the log has them.
struct line_log {
    std::vector<row> rows; ///< by time
    std::vector<std::vector<row const*>> incidents;
    std::map<std::string, std::string> lines; ///< of each team
};

/// A team belongs to one line: one that the log has on two is two teams. What serves two lines counts on the first.
void name_teams(line_log& log) {
    std::map<std::string, std::set<std::string>> known;
    for (auto& r : log.rows) {
        r.line = r.line.substr(0, 2);
        known[r.team].insert(r.line);
    }
    for (auto& r : log.rows) {
        if (known[r.team].size() > 1)
            r.team += " " + r.line;
        log.lines[r.team] = r.line;
    }
}

line_log read_log(std::string_view text) {
    cli::csv_reader reader{text};
    std::vector<std::string_view> cells;
    REQUIRE(reader.next(cells).value());
    std::map<std::string, std::size_t, std::less<>> place;
    for (std::size_t i = 0; i < cells.size(); ++i)
        place.emplace(cells[i], i);
    line_log out;
    while (reader.next(cells).value()) {
        auto const cell = [&](char const* name) { return std::string{cells.at(place.at(name))}; };
        out.rows.push_back({cell("SR Number"), cell("Status"), cell("Sub Status"), cell("Resource"),
                            cell("Involved ST"), cell("ST Level"),
                            time::parse_instant(cell("Change Date+Time")).value()});
    }
    name_teams(out);
    std::stable_sort(out.rows.begin(), out.rows.end(), [](row const& a, row const& b) { return a.at < b.at; });
    std::map<std::string_view, std::size_t> numbers;
    for (auto const& r : out.rows) {
        auto const no = numbers.try_emplace(r.incident, numbers.size()).first->second;
        out.incidents.resize(numbers.size());
        out.incidents[no].push_back(&r);
    }
    return out;
}

/// What the public log has: straight to the third line and back, between teams of a line, into a pause and out of it,
/// several changes in one second, a team on two lines, moved when it was done already, opened done, opened again.
constexpr std::string_view made_up =
    R"(SR Number,Change Date+Time,Status,Sub Status,Involved ST,ST Level,Resource
1-1,2012-03-05T08:00:00+01:00,Accepted,In Progress,G96,L1,pl-Anna
1-1,2012-03-05T08:20:00+01:00,Queued,Awaiting Assignment,V5 2nd,L2,pl-Anna
1-1,2012-03-05T09:00:00+01:00,Accepted,In Progress,V5 2nd,L2,se-Bo
1-1,2012-03-05T09:10:00+01:00,Queued,Awaiting Assignment,G96,L1,se-Bo
1-1,2012-03-05T10:00:00+01:00,Accepted,In Progress,G96,L1,pl-Anna
1-1,2012-03-05T10:30:00+01:00,Queued,Awaiting Assignment,V5 2nd,L2,pl-Anna
1-1,2012-03-05T11:00:00+01:00,Accepted,In Progress,V5 2nd,L2,se-Bo
1-1,2012-03-05T11:00:00+01:00,Accepted,Wait - User,V5 2nd,L2,se-Bo
1-1,2012-03-06T11:00:00+01:00,Accepted,In Progress,V5 2nd,L2,se-Bo
1-1,2012-03-06T15:00:00+01:00,Queued,Awaiting Assignment,V5 3rd,L3,se-Bo
1-1,2012-03-09T08:00:00+01:00,Accepted,In Progress,V5 3rd,L3,se-Carl
1-1,2012-03-09T08:00:01+01:00,Completed,Resolved,V5 3rd,L3,se-Carl
1-1,2012-03-17T00:05:00+01:00,Completed,Closed,V5 3rd,L3,se-Siebel
1-2,2012-03-05T08:05:00+01:00,Queued,Awaiting Assignment,D9,L1,be-Dirk
1-2,2012-03-05T08:05:00+01:00,Accepted,Assigned,D9,L1,be-Els
1-2,2012-03-05T08:30:00+01:00,Accepted,In Progress,D4,L1,be-Els
1-2,2012-03-05T08:31:00+01:00,Accepted,In Progress,D9,L1,be-Els
1-2,2012-03-05T09:00:00+01:00,Queued,Awaiting Assignment,D9,L2,be-Els
1-2,2012-03-05T09:00:00+01:00,Accepted,In Progress,D9,L2,be-Fred
1-2,2012-03-05T12:00:00+01:00,Queued,Awaiting Assignment,D4,L1,be-Fred
1-2,2012-03-07T12:00:00+01:00,Accepted,Wait - Vendor,D4,L1,be-Gust
1-2,2012-03-08T12:00:00+01:00,Unmatched,Unmatched,D4,L1,be-Gust
1-2,2012-03-08T13:00:00+01:00,Accepted,In Progress,D4,L1,be-Gust
1-2,2012-03-08T14:00:00+01:00,Completed,Resolved,D4,L1,be-Gust
1-2,2012-03-09T14:00:00+01:00,Accepted,In Progress,D4,L1,be-Gust
1-2,2012-03-14T14:00:00+01:00,Completed,Resolved,D4,L1,be-Gust
1-2,2012-03-20T00:05:00+01:00,Completed,Closed,D4,L1,be-Siebel
1-3,2012-03-06T09:00:00+01:00,Completed,In Call,G97,L1,pl-Hanna
1-4,2012-03-06T10:00:00+01:00,Accepted,In Progress,G97,L1,pl-Hanna
1-4,2012-03-06T10:05:00+01:00,Queued,Awaiting Assignment,V13 2nd 3rd,L2/L3,pl-Hanna
1-4,2012-03-06T10:10:00+01:00,Accepted,In Progress,V13 2nd 3rd,L2/L3,se-Ivar
1-4,2012-03-06T11:00:00+01:00,Completed,Resolved,V13 2nd 3rd,L2/L3,se-Ivar
1-4,2012-03-06T12:00:00+01:00,Completed,Resolved,G97,L1,pl-Hanna
1-4,2012-03-07T12:00:00+01:00,Queued,Awaiting Assignment,V13 2nd 3rd,L2/L3,pl-Hanna
1-4,2012-03-07T12:00:00+01:00,Queued,Awaiting Assignment,G97,L1,pl-Hanna
1-4,2012-03-08T12:00:00+01:00,Accepted,Wait,G97,L1,pl-Hanna
1-4,2012-03-09T12:00:00+01:00,Accepted,Wait - Implementation,G97,L1,pl-Hanna
1-4,2012-03-16T12:00:00+01:00,Accepted,In Progress,G97,L1,pl-Hanna
1-5,2012-03-06T10:00:00+01:00,Accepted,In Progress,G97,L1,pl-Hanna
1-5,2012-03-08T10:00:00+01:00,Completed,Cancelled,G97,L1,pl-Hanna
1-6,2012-03-06T10:00:00+01:00,Queued,Awaiting Assignment,G97,L1,pl-Hanna
)";

constexpr char public_log[] = GUICHET_SHARED_DIR "/data/bpic2013_volvo_vinst/";

// --- the second count: it knows the rows and nothing of the library

/// Who has it, as the log says. A queued row still names who put it there.
std::string holder(row const& r) { return r.queued() ? std::string{} : r.person; }

struct stretch {
    std::string team, line, person;
    instant from, to;
    bool same_place(stretch const& other) const { return team == other.team && line == other.line; }
    friend bool operator==(stretch const&, stretch const&) = default;
};

struct tally {
    std::vector<stretch> stretches;
    std::size_t handovers = 0, ping_pongs = 0;
    std::map<std::string, duration> per_line;
};

tally count_by_hand(std::vector<row const*> const& rows) {
    tally out;
    std::vector<std::pair<std::string, std::string>> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const& r = *rows[i];
        auto const until = rows[std::min(i + 1, rows.size() - 1)]->at;
        out.per_line[r.line] += until - r.at;
        if (places.empty() || places.back() != std::pair{r.team, r.line})
            places.emplace_back(r.team, r.line);
        stretch const here{r.team, r.line, holder(r), r.at, until};
        auto& all = out.stretches;
        if (!all.empty() && all.back().same_place(here) && all.back().person == here.person)
            all.back().to = until;
        else
            all.push_back(here);
    }
    out.handovers = places.size() - 1;
    for (std::size_t i = 2; i < places.size(); ++i)
        out.ping_pongs += places[i] == places[i - 2];
    return out;
}

/// What a desk does in two steps at one instant, to the team and then to a person, the log has in one row: whoever had
/// a ticket for no time before another of his team is left out, on both sides.
std::vector<stretch> lasting(std::vector<stretch> const& all) {
    std::vector<stretch> out;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (i + 1 == all.size() || all[i].from != all[i].to || !all[i].same_place(all[i + 1]))
            out.push_back(all[i]);
    return out;
}

/// Somebody is told: when, at which step of which cycle, and who.
using call = std::tuple<instant, std::uint32_t, std::uint32_t, std::string>;

constexpr duration promised = hours{120};
constexpr std::array<duration, 3> levels{promised * 8 / 10, promised, promised * 3 / 2};
std::string person_told(std::size_t step, std::string const& line) {
    return step == 0 ? "lead of " + line : step == 1 ? "manager" : "director";
}

/// Adds up the time in which somebody worked on it, row by row.
std::vector<call> calls_by_hand(std::vector<row const*> const& rows, bool restart, instant end) {
    enum { runs, stands, over } pace = runs;
    std::vector<call> out;
    duration used{};
    std::size_t step = 0;
    std::uint32_t cycle = 1;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const& r = *rows[i];
        auto const before = pace;
        if (r.status != "Unmatched")
            pace = r.completed() ? over : r.waits() ? stands : runs;
        if (restart && before == over && pace != over) {
            ++cycle;
            used = {};
            step = 0;
        }
        auto const until = i + 1 < rows.size() ? rows[i + 1]->at : end;
        if (pace != runs)
            continue;
        for (; step < levels.size() && used + (until - r.at) >= levels[step]; ++step)
            out.emplace_back(r.at + (levels[step] - used), cycle, static_cast<std::uint32_t>(step + 1),
                             person_told(step, r.line));
        used += until - r.at;
    }
    return out;
}

// --- the desk

std::string quoted_list(std::vector<std::string> const& names) {
    std::string out;
    for (auto const& name : names)
        out.append(out.empty() ? "\"" : ", \"").append(name).append("\"");
    return "[" + out + "]";
}

lifecycle_document without_timers() {
    auto out = itil_lifecycle();
    out.transitions = {{"*", {"new", "open", "pending", "on_hold", "resolved", "closed"}, {}}};
    out.auto_close.working_days = 0;
    out.reminders.working_days = 0;
    return out;
}

std::vector<document> tiers_of(line_log const& log) {
    std::map<std::string, std::vector<std::string>> teams;
    for (auto const& [team, line] : log.lines)
        teams[line].push_back(team);
    std::vector<document> out{{"lifecycle", "default", 0, encode(without_timers()), {}, {}},
                              {"calendar", "always", 0, R"({"always_open": true})", {}, {}}};
    for (auto const& [line, names] : teams)
        out.push_back({"tier",
                       line,
                       0,
                       R"({"position": )" + line.substr(1) + R"(, "teams": )" + quoted_list(names) + "}",
                       {},
                       {}});
    return out;
}

/// Nobody is promised anything: nothing disturbs the way of a ticket.
document no_promise() {
    return {"policy", "standard", 0, R"({"calendar": "always", "condition": "kind = task",
        "targets": [{"metric": "resolution", "within": "1h"}]})", {}, {}};
}

/// Three people above each team, and when they want to know.
std::vector<document> supervision(line_log const& log, bool restart) {
    std::vector<document> out;
    std::set<std::string> people;
    for (auto const& [team, line] : log.lines) {
        std::vector<std::string> above;
        for (std::size_t step = 0; step < levels.size(); ++step)
            above.push_back(person_told(step, line));
        people.insert(above.begin(), above.end());
        out.push_back({"team", team, 0, R"({"supervisors": )" + quoted_list(above) + "}", {}, {}});
    }
    for (auto const& name : people)
        out.push_back({"person", name, 0, "{}", {}, {}});
    auto const within = std::to_string(std::chrono::duration_cast<hours>(promised).count());
    out.push_back({"policy",
                   "standard",
                   0,
                   R"({"calendar": "always", "pause": ["pending", "on_hold"],
                       "metrics": [{"metric": "resolution", "mode": ")" +
                       std::string{restart ? "restart" : "resume"} +
                       R"("}], "targets": [{"metric": "resolution", "within": ")" + within + R"(h"}]})",
                   {},
                   {}});
    out.push_back({"escalation",
                   "usual",
                   0,
                   R"({"steps": [{"at": "80%", "to": ["supervisor"]}, {"at": "100%", "to": ["supervisor:2"]},
                                 {"at": "150%", "to": ["supervisor:3"]}]})",
                   {},
                   {}});
    return out;
}

/// An incident as the desk was told of it.
struct told {
    ticket_id id;
    std::string state, person, had_before;
    std::vector<std::pair<std::string, std::string>> places;
    bool begun = false, came_by_escalation = false;
    std::size_t escalations = 0, returns = 0;
};

class replayed {
public:
    replayed(line_log const& log, std::vector<document> more)
        : log_{log}, env_{log.rows.front().at}, desk_{guichet::desk::open(memory_store(), env_).value()} {
        auto documents = tiers_of(log);
        std::move(more.begin(), more.end(), std::back_inserter(documents));
        desk_->configure(documents, root).value();
    }

    /// All that happened in one second is one batch. The desk wakes whenever it wants, before anything else happens.
    void run() {
        std::vector<command> batch;
        for (std::size_t i = 0; i < log_.rows.size(); ++i) {
            auto const& r = log_.rows[i];
            tell(r, batch);
            if (i + 1 < log_.rows.size() && log_.rows[i + 1].at == r.at)
                continue;
            execute(batch, r.at);
            batch.clear();
        }
        pass(end());
        env_.set(end());
    }

    instant end() const { return log_.rows.back().at + days{30}; }
    guichet::desk const& desk() const { return *desk_; }
    std::map<std::string_view, told> const& incidents() const { return incidents_; }
    std::size_t commands() const { return commands_; }
    std::vector<std::string> const& refused() const { return refused_; }

private:
    void execute(std::vector<command> const& batch, instant at) {
        pass(at);
        env_.set(at);
        commands_ += batch.size();
        for (auto const& done : desk_->execute(batch).value())
            if (!done)
                refused_.push_back(time::to_text(at) + ": " + done.error().describe());
    }
    void pass(instant until) {
        for (auto next = desk_->next_wakeup().value(); next && *next <= until; next = desk_->next_wakeup().value()) {
            env_.set(*next);
            desk_->pump({100'000, 1'000}).value();
        }
    }

    void tell(row const& r, std::vector<command>& to) {
        auto& t = incidents_[r.incident];
        auto const state = state_of(r, t);
        auto const person = holder(r);
        auto const push = [&](command_body body) {
            to.push_back({{.tenant = "", .person = r.person, .role = "agent"}, std::move(body), t.id, {}, {}, {}});
        };
        if (!t.id) {
            t.id = make_id<ticket_id>(env_, r.at);
            push(open_ticket{.subject = "Incident " + r.incident,
                             .requester = "caller",
                             .team = r.team,
                             .tier = r.line,
                             .assignee = person,
                             .state = state});
            t.state = state;
            t.person = person;
            t.places.emplace_back(r.team, r.line);
            return;
        }
        bool const over = t.state == "resolved" || t.state == "closed";
        if (over && state != t.state) // what is over is opened before it moves
            push(change_to(t.state = state));
        if (t.places.back() != std::pair{r.team, r.line})
            move(r, t, push);
        if (person != t.person)
            push(assign_ticket{person});
        t.person = person;
        if (state != t.state)
            push(change_to(t.state = state));
    }

    static command_body change_to(std::string const& state) {
        if (state == "pending")
            return wait_until{{}, state};
        if (state == "on_hold")
            return hold_ticket{state};
        if (state == "resolved")
            return resolve_ticket{{}, {}, state};
        if (state == "closed")
            return close_ticket{state};
        return set_state{state};
    }
    static std::string state_of(row const& r, told& t) {
        if (r.status == "Unmatched") // nobody knows what it is: it stays as it was
            return t.state.empty() ? "new" : t.state;
        if (r.queued())
            return t.begun ? "open" : "new";
        t.begun = true;
        if (r.completed())
            return r.sub_status == "Closed" || r.sub_status == "Cancelled" ? "closed" : "resolved";
        return r.sub_status == "Wait - User" ? "pending" : r.waits() ? "on_hold" : "open";
    }

    /// Up by an escalation; down by another one, or back where it came from; within a line from team to team.
    template <class Push>
    void move(row const& r, told& t, Push const& push) {
        auto const& line = t.places.back().second;
        auto const n = t.places.size();
        bool const straight_back = n > 1 && t.places[n - 2] == std::pair{r.team, r.line};
        bool const open = t.state != "resolved" && t.state != "closed";
        if (!open || r.line == line) {
            push(hand_over_ticket{{}, r.team, r.line, holder(r)});
            t.person = holder(r);
            t.came_by_escalation = false;
        } else if (r.line < line && straight_back && t.came_by_escalation) {
            push(escalate_ticket{.reason = "not ours", .back = true});
            t.person = t.had_before;
            t.came_by_escalation = false;
            ++t.returns;
        } else {
            push(escalate_ticket{.tier = r.line, .team = r.team, .reason = r.sub_status});
            t.had_before = std::exchange(t.person, {});
            t.came_by_escalation = true;
            t.escalations += r.line > line;
        }
        t.places.emplace_back(r.team, r.line);
    }

    line_log const& log_;
    testing::simulated_environment env_;
    std::unique_ptr<guichet::desk> desk_;
    std::map<std::string_view, told> incidents_;
    std::vector<std::string> refused_;
    std::size_t commands_ = 0;
};

// --- both compared

std::vector<stretch> stretches_of(std::span<escalation::stay const> way, instant end) {
    std::vector<stretch> out;
    for (auto const& s : way)
        out.push_back({s.team, s.tier, s.assignee, s.from, s.to.value_or(end)});
    return out;
}

std::string some_of(std::vector<std::string> const& all) {
    std::string out = std::to_string(all.size()) + " differences";
    for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 10); ++i)
        out += "\n  " + all[i];
    return out;
}

struct totals {
    std::size_t handovers = 0, ping_pongs = 0, with_ping_pong = 0, escalations = 0, returns = 0, stays = 0;
    std::map<std::string, duration> per_line;
    std::vector<std::string> differences;
};

class comparing_ways {
public:
    explicit comparing_ways(replayed const& of) : of_{of} {}

    totals run(line_log const& log) {
        for (auto const& rows : log.incidents)
            compare(rows);
        return std::move(out_);
    }

private:
    void expect(bool holds, std::string what) {
        if (!holds)
            out_.differences.push_back(std::string{here_} + ": " + std::move(what));
    }
    void expect(char const* what, std::size_t found, std::size_t counted) {
        expect(found == counted,
               std::string{what} + ": " + std::to_string(found) + ", counted: " + std::to_string(counted));
    }

    void compare(std::vector<row const*> const& rows) {
        here_ = rows.front()->incident;
        auto const last = rows.back()->at;
        auto const& given = of_.incidents().at(here_);
        auto const counted = count_by_hand(rows);
        auto const way = of_.desk().journey(given.id, root).value();
        auto const ticket = of_.desk().find(given.id, root).value();
        auto const per_line = escalation::time_per_tier(way.stays, last);
        expect("handovers", way.counts.handovers, counted.handovers);
        expect("ping-pongs", way.counts.ping_pongs, counted.ping_pongs);
        expect("escalations", way.counts.escalations, given.escalations);
        expect("returns", way.counts.returns, given.returns);
        // The ticket's own counter also counts moves to another queue, of which this log has none; and it looks at
        // queue, team and tier each by itself, so that a ticket taken from a team and given to another one later is no
        // handover to it. Here a team always has the ticket: the two agree.
        expect("handovers of the ticket", ticket.handovers, counted.handovers);
        expect(per_line == counted.per_line, "the time on the lines is another");
        expect(lasting(stretches_of(way.stays, last)) == lasting(counted.stretches), "the stays are others");
        out_.handovers += counted.handovers;
        out_.ping_pongs += counted.ping_pongs;
        out_.with_ping_pong += counted.ping_pongs > 0;
        out_.escalations += given.escalations;
        out_.returns += given.returns;
        out_.stays += way.stays.size();
        for (auto const& [line, spent] : per_line)
            out_.per_line[line] += spent;
    }

    replayed const& of_;
    std::string_view here_;
    totals out_;
};

totals check_ways(line_log const& log) {
    replayed r{log, {no_promise()}};
    r.run();
    auto out = comparing_ways{r}.run(log);
    MESSAGE(log.rows.size(), " rows, ", log.incidents.size(), " incidents, ", log.lines.size(), " teams, ",
            r.commands(), " commands, ", out.stays, " stays");
    MESSAGE(out.handovers, " handovers (", out.escalations, " to a higher line, ", out.returns, " sent back), ",
            out.ping_pongs, " ping-pongs in ", out.with_ping_pong, " incidents");
    for (auto const& [line, spent] : out.per_line)
        MESSAGE(line, ": ", std::chrono::floor<hours>(spent).count(), " hours");
    CHECK_MESSAGE(r.refused().empty(), some_of(r.refused()));
    CHECK_MESSAGE(out.differences.empty(), some_of(out.differences));
    CHECK(r.desk().verify().value().problems.empty());
    return out;
}

/// What the log of the desk says of an incident, and what is wrong with how it says it.
std::vector<call> calls_of(std::vector<event> const& history, std::vector<std::string>& wrong) {
    std::vector<call> out;
    for (auto const& e : history) {
        auto const* alert = std::get_if<supervisor_alerted>(&e.body);
        if (!alert)
            continue;
        out.emplace_back(e.at, alert->cycle, alert->step, alert->person);
        if (alert->path != "usual" || alert->metric != "resolution" || alert->from || alert->answer_by)
            wrong.push_back("an alert that says something else: " + time::to_text(e.at));
    }
    return out;
}

std::string text_of(std::vector<call> const& all) {
    std::string out;
    for (auto const& [at, cycle, step, person] : all)
        out +=
            " [" + time::to_text(at) + " #" + std::to_string(cycle) + "/" + std::to_string(step) + " " + person + "]";
    return out;
}

std::size_t check_calls(line_log const& log, bool restart) {
    replayed r{log, supervision(log, restart)};
    r.run();
    std::vector<std::string> differences;
    std::array<std::size_t, levels.size()> told_at{};
    std::size_t calls = 0, later_cycles = 0;
    for (auto const& rows : log.incidents) {
        auto const& name = rows.front()->incident;
        auto const counted = calls_by_hand(rows, restart, r.end());
        std::vector<std::string> wrong;
        auto const found = calls_of(r.desk().history(r.incidents().at(name).id, root).value(), wrong);
        if (found != counted)
            wrong.push_back("told:" + text_of(found) + ", counted:" + text_of(counted));
        for (auto const& one : wrong)
            differences.push_back(name + ": " + one);
        for (auto const& [at, cycle, step, person] : counted) {
            ++told_at[step - 1];
            later_cycles += cycle > 1;
        }
        calls += counted.size();
    }
    MESSAGE(std::string{restart ? "reopened from zero: " : "reopened where it stood: "}, log.incidents.size(),
            " incidents, told at 80 %: ", told_at[0], ", at 100 %: ", told_at[1], ", at 150 %: ", told_at[2],
            "; in a later cycle: ", later_cycles);
    CHECK_MESSAGE(r.refused().empty(), some_of(r.refused()));
    CHECK_MESSAGE(differences.empty(), some_of(differences));
    CHECK(r.desk().verify().value().problems.empty());
    return calls;
}

/// What those who published the log wrote down of it.
void check_against_its_figures(line_log const& log) {
    auto const figures = boost::json::parse(cli::read_unpacked(std::string{public_log} + "stats.json").value());
    std::map<std::string, std::uint64_t> states;
    for (auto const& r : log.rows)
        ++states[r.status + " / " + r.sub_status];
    auto const number = [&](char const* name) { return figures.at(name).to_number<std::size_t>(); };
    auto const time_of = [&](char const* name) {
        return time::parse_instant(std::string{figures.at(name).as_string()}).value();
    };
    CHECK(log.rows.size() == number("events"));
    CHECK(log.incidents.size() == number("cases"));
    CHECK(log.lines.size() == number("support_teams"));
    CHECK(log.rows.front().at == time_of("first"));
    CHECK(log.rows.back().at == time_of("last"));
    for (auto const& [name, count] : figures.at("status").as_object())
        CHECK(states[std::string{name}] == count.to_number<std::uint64_t>());
}

std::optional<line_log> read_public_log() {
    auto const file = std::string{public_log} + "vinst_incidents.csv.gz";
    if (!std::filesystem::exists(file)) {
        MESSAGE("the public log is not here; the made-up one alone was counted");
        return {};
    }
    return read_log(cli::read_unpacked(file).value());
}

TEST_CASE("given six made-up incidents over three lines, when their ways are counted by hand, then all agrees") {
    auto const out = check_ways(read_log(made_up));
    CHECK(out.handovers == 12);
    CHECK(out.ping_pongs == 6);
}

TEST_CASE("given six made-up incidents over three lines, when time runs out, then those above are told once each") {
    auto const log = read_log(made_up);
    CHECK(check_calls(log, false) == 8);
    CHECK(check_calls(log, true) == 8);
}

TEST_CASE("given a public log of 7 554 incidents over three lines, when their ways are counted by hand, then all "
          "agrees") {
    if (auto const log = read_public_log()) {
        check_against_its_figures(*log);
        auto const out = check_ways(*log);
        CHECK(out.ping_pongs > 1'000);
    }
}

TEST_CASE("given a public log of 7 554 incidents over three lines, when time runs out, then those above are told once "
          "each, to the second") {
    if (auto const log = read_public_log()) {
        CHECK(check_calls(*log, false) > 1'000);
        CHECK(check_calls(*log, true) > 1'000);
    }
}

} // namespace
