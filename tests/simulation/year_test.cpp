/// A year at a French help desk, second by second: lunch breaks, public holidays, both changes of the clocks; the
/// process dies over deadlines, the clock is set back, contracts and opening hours change. Every verdict and every
/// threshold is compared with those of a desk that counts minutes.
#include "simulation/comparison.hpp"

#include <guichet/model/calendar_document.hpp>

#if defined(PLAY_ON_SQLITE)
namespace {

using namespace naive;
using namespace std::chrono;
using play::dice;

std::string const tenant = "north";
actor const root{.tenant = tenant, .person = "root", .role = "administrator"};
actor const luc{.tenant = tenant, .person = "luc", .role = "agent"};

instant utc(month m, unsigned d, seconds time = {}) { return sys_days{2026y / m / day{d}} + time; }

// --- what is agreed, in the course of the year

struct opening {
    minutes from, to;
};
using hours_of_day = std::vector<opening>;

hours_of_day const usual{{9h, 12h + 30min}, {14h, 18h}}, short_lunch{{9h, 12h}, {13h, 18h}},
    summer{{8h, 12h}, {13h, 16h}};
/// Every night, holidays too; 02:30 is a time that a change of the clocks skips, or shows twice.
hours_of_day const night{{0h, 2h + 30min}, {4h, 6h}, {22h, 24h}};

std::shared_ptr<minute_table const> table_of(hours_of_day const& open, bool nights) {
    return std::make_shared<minute_table const>(2026y, 2027y, [&](wall const& w) {
        return (nights || w.working_day()) &&
               std::any_of(open.begin(), open.end(), [&](auto const& o) { return w.between(o.from, o.to); });
    });
}
document calendar_of(std::string name, hours_of_day const& open, bool nights) {
    time::calendar_definition out{.tz = "Europe/Paris"};
    for (std::size_t day = 0; day < (nights ? 7 : 5); ++day)
        for (auto const& o : open)
            out.weekly[day].push_back({o.from, o.to});
    if (!nights)
        out.public_holidays = {"FR"};
    return {"calendar", std::move(name), 0, encode(out), {}, {}};
}

/// Everything that may change: the opening hours, how strict the targets are, whether waiting for a part stops a clock.
struct season {
    hours_of_day const* open = &usual;
    int percent = 100;
    bool hold_pauses = true;
};

std::vector<policy> policies_in(season const& now) {
    auto const length = [&](minutes m) { return m * now.percent / 100; };
    std::vector<point> const points{{"50%", 50}, {"80%", 80}, {"-30min", 100, -30min}, {"+1h", 100, 1h}};
    std::vector<std::string> pause{"pending"};
    if (now.hold_pauses)
        pause.push_back("on_hold");
    std::vector<policy> out;
    for (auto const& [organisation, catch_up] :
         {std::pair{"bakery", "once"}, std::pair{"town hall", "skip"}, std::pair{"", "all"}}) {
        policy p{.name = catch_up, .organisation = organisation, .catch_up = catch_up};
        p.promises = {
            {"resolution",
             {{"critical", length(4h), "always"}, {"high", length(8h), "paris"}, {"", length(20h), "paris"}},
             pause,
             points},
            {"first_response", {{"critical", length(40min), "always"}, {"", length(4h), "paris"}}, {}, points},
            {"next_response", {{"critical", length(2h), "always"}, {"", length(6h), "paris"}}, pause, points},
            {"periodic_update", {{"critical", length(2h), "always"}, {"", length(10h), "paris"}}, pause, points}};
        out.push_back(std::move(p));
    }
    out.push_back({.name = "between teams", .family = "team", .catch_up = "all"});
    out.back().promises = {{"time_to_own", {{"", length(2h), "paris"}, {"critical", 20min, "always"}}, {}, points},
                           {"handover", {{"", length(9h), "paris"}}, {"pending"}, points}};
    out.push_back({.name = "night watch", .family = "watch", .catch_up = "once"});
    out.back().promises = {{"resolution", {{"", length(6h), "night"}}, {"pending"}, points}};
    return out;
}

// --- the year

struct outage {
    instant from, to;
};

/// Where the desk lies: what reopens it after the process died.
using place = std::function<std::shared_ptr<storage::store>()>;

class year_at_a_desk {
public:
    year_at_a_desk(place where, std::uint64_t seed, std::size_t tickets)
        : where_{std::move(where)}, dice_{seed}, env_{utc(January, 1), seed}, tickets_{tickets} {
        for (auto const* hours : {&usual, &short_lunch, &summer})
            tables_[hours] = table_of(*hours, false);
        agreed_.calendars["night"] = table_of(night, true);
        agreed_.calendars["always"] = table_of({{0h, 24h}}, true);
        start();
        auto rules = itil_lifecycle();
        rules.auto_close.working_days = 0;
        desk_->configure(document{"lifecycle", "default", 0, encode(rules), {}, {}}, root).value();
        desk_->configure(document{"calendar", "night", 0, calendar_of("night", night, true).body, {}, {}}, root)
            .value();
        desk_->configure(document{"calendar", "always", 0, R"({"always_open": true})", {}, {}}, root).value();
        change({});
        plan_outages();
    }

    void run() {
        std::vector<std::pair<instant, std::function<void()>>> const changes{
            {utc(February, 10, 15h), [&] { change({.percent = 80}); }},
            {utc(April, 20, 9h), [&] { change({.open = &short_lunch, .percent = 80}); }},
            {utc(July, 1, 11h), [&] { change_and_die({.open = &summer, .percent = 150}); }},
            {utc(September, 1, 7h), [&] { change({}); }},
            {utc(November, 3, 13h), [&] { change({.percent = 60, .hold_pauses = false}); }},
            {utc(December, 1, 10h), [&] { roll_back(); }}};
        auto next_change = changes.begin();
        auto next_outage = outages_.begin();
        auto const step_max = static_cast<int>(365 * 86'400 / (tickets_ * commands_each) * 2);
        while (env_.now() < utc(December, 31, 23h)) {
            act();
            if (next_change != changes.end() && env_.now() >= next_change->first)
                next_change++->second();
            if (next_outage != outages_.end() && env_.now() >= next_outage->from)
                be_down_until(next_outage++->to);
            if (dice_.below(1'000) < 3)
                set_back();
            pass(env_.now() + (dice_.percent(15) ? 0s : seconds{dice_.between(1, step_max)}));
        }
        CHECK(next_change == changes.end());
        CHECK(next_outage == outages_.end());
    }

    comparison compare() { return comparing{*desk_, tenant, second_, env_.now()}.run(); }
    guichet::desk const& desk() const { return *desk_; }

    /// When the desk could not record a deadline as it passed: it was down, or its clock jumped over it.
    std::vector<outage> blind;
    /// When deadlines moved without anything happening to their tickets.
    std::set<instant> changed;
    std::size_t commands = 0, deaths = 0;

private:
    static constexpr std::size_t commands_each = 9;

    void start() {
        desk_ = guichet::desk::open(where_(), env_).value();
        desk_->after([this](outcome const& o) { heard_.push_back(o.events); });
    }
    void die() {
        ++deaths;
        desk_.reset();
    }

    void plan_outages() {
        outages_ = {{utc(June, 5, 15h), utc(June, 8, 7h)},          // over a weekend
                    {utc(October, 24, 20h), utc(October, 26, 9h)},  // over the change of the clocks
                    {utc(May, 13, 16h), utc(May, 18, 8h + 30min)}}; // over Ascension and the day off after it
        for (int i = 0; i < 24; ++i) {
            auto const from = utc(January, 1) + hours{dice_.between(24, 8'600)} + seconds{dice_.below(3'600)};
            outages_.push_back({from, from + minutes{dice_.between(40, 600)}});
        }
        std::sort(outages_.begin(), outages_.end(), [](auto const& a, auto const& b) { return a.from < b.from; });
    }
    void be_down_until(instant end) {
        if (end <= env_.now())
            return;
        blind.push_back({env_.now(), end});
        die();
        env_.set(end);
        start();
        for (auto hasty = dice_.below(4); hasty > 0; --hasty) // who acts before the pump has run
            act();
        pump();
    }
    /// For some commands the clock is wrong; then it is put right, or never.
    void set_back() {
        auto const by = minutes{dice_.between(1, 180)};
        env_.set(env_.now() - by);
        for (auto few = dice_.below(12); few > 0; --few) {
            act();
            pass(env_.now() + seconds{dice_.between(0, 300)});
        }
        if (dice_.percent(50))
            return;
        blind.push_back({env_.now(), env_.now() + by});
        env_.set(env_.now() + by);
        pump();
    }

    // --- what was agreed

    std::vector<document> draw_up(season const& now) {
        std::vector<document> out{calendar_of("paris", *now.open, false)};
        agreed_.calendars["paris"] = tables_[now.open];
        agreed_.policies = policies_in(now);
        std::uint32_t position = 0;
        for (auto& p : agreed_.policies) {
            p.version = ++versions_[p.name];
            out.push_back(document_of(p, ++position));
            written_[p.name].push_back(p);
        }
        second_.put_in_force(agreed_);
        changed.insert(env_.now());
        return out;
    }
    void change(season const& now) {
        desk_->configure(draw_up(now), root).value();
        second_.recount(env_.now());
        pump();
    }
    /// The process dies right after the change, before any ticket has followed it.
    void change_and_die(season const& now) {
        desk_->apply(draw_up(now), root).value();
        die();
        blind.push_back({env_.now(), env_.now() + 5h});
        env_.set(env_.now() + 5h);
        start();
        CHECK(desk_->behind());
        changed.insert(env_.now());
        second_.recount(env_.now());
        pump();
        CHECK_FALSE(desk_->behind());
    }
    /// One contract as it was in the beginning.
    void roll_back() {
        desk_->roll_back("policy", "once", 1, root).value();
        for (auto& p : agreed_.policies)
            if (p.name == "once") {
                p = written_["once"].front();
                p.version = ++versions_["once"];
            }
        changed.insert(env_.now());
        second_.put_in_force(agreed_);
        second_.recount(env_.now());
        pump();
    }

    // --- what happens

    void act() {
        if (active_.empty() || dice_.below(commands_each) == 0) {
            static std::vector<std::string> const organisations{"bakery", "town hall", "museum"};
            auto const& organisation = dice_.pick(organisations);
            open_ticket wish{.subject = "No network", .text = dice_.percent(80) ? "Since noon." : ""};
            wish.requester = "ana";
            wish.organisation = organisation;
            wish.priority = priority();
            wish.team = dice_.percent(50) ? "first line" : "";
            wish.assignee = dice_.percent(15) ? "luc" : "";
            if (send({.by = luc, .body = wish}))
                active_.push_back({last_, organisation});
            return;
        }
        auto const i = dice_.below(active_.size());
        auto const [id, organisation] = active_[i];
        actor const ana{.tenant = tenant, .person = "ana", .role = "requester", .organisation = organisation};
        static std::vector<std::string> const teams{"first line", "experts", "network", ""};
        static constexpr unsigned weights[] = {24, 14, 4, 8, 9, 7, 9, 5, 8, 14, 6, 7};
        switch (dice_.weighted(weights)) {
        case 0: send({.by = luc, .body = reply{.text = "Which one?"}, .ticket = id}); break;
        case 1: send({.by = ana, .body = reply{.text = "The third."}, .ticket = id}); break;
        case 2: send({.by = luc, .body = add_note{.text = "A note is no answer."}, .ticket = id}); break;
        case 3: send({.by = luc, .body = assign_ticket{dice_.percent(70) ? "luc" : ""}, .ticket = id}); break;
        case 4: send({.by = luc, .body = hand_over_ticket{{}, dice_.pick(teams), {}, {}}, .ticket = id}); break;
        case 5: send({.by = luc, .body = set_priority{{}, {}, priority()}, .ticket = id}); break;
        case 6: {
            wait_until wish;
            if (dice_.percent(70))
                wish.until = env_.now() + seconds{dice_.between(600, 400'000)};
            send({.by = luc, .body = wish, .ticket = id});
            break;
        }
        case 7: send({.by = luc, .body = hold_ticket{}, .ticket = id}); break;
        case 8: send({.by = luc, .body = set_state{"open"}, .ticket = id}); break;
        case 9: send({.by = luc, .body = resolve_ticket{.code = "solved"}, .ticket = id}); break;
        case 10: send({.by = luc, .body = reopen_ticket{}, .ticket = id}); break;
        default:
            if (send({.by = luc, .body = close_ticket{}, .ticket = id}) && dice_.percent(90))
                active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    std::string priority() {
        return dice_.percent(15) ? "critical" : dice_.percent(25) ? "high" : dice_.percent(70) ? "normal" : "low";
    }

    bool send(command const& wish) {
        auto const came_to = desk_->execute(wish); // one that is refused changes nothing
        listen();
        commands += came_to.has_value();
        if (came_to)
            last_ = came_to->ticket;
        return came_to.has_value();
    }
    void listen() {
        for (auto const& events : heard_)
            second_.hear(events);
        heard_.clear();
    }

    // --- time

    void pump() {
        for (pump_report report{.next = env_.now()}; report.next && *report.next <= env_.now();)
            report = desk_->pump().value();
        second_.pump(env_.now());
        listen();
    }
    void same_wakeup(std::optional<instant> next) {
        REQUIRE_MESSAGE(next == second_.next(), "the desk would wake at ", text_of(next),
                        ", counted: ", text_of(second_.next()));
    }
    void pass(instant until) {
        for (auto next = desk_->next_wakeup().value(); next && *next <= until; next = desk_->next_wakeup().value()) {
            same_wakeup(next);
            env_.set(std::max(env_.now(), *next));
            pump();
        }
        same_wakeup(desk_->next_wakeup().value());
        env_.set(std::max(env_.now(), until));
    }

    place where_;
    dice dice_;
    testing::simulated_environment env_;
    std::size_t tickets_;
    std::map<hours_of_day const*, std::shared_ptr<minute_table const>> tables_;
    agreement agreed_;
    std::map<std::string, std::uint32_t> versions_;
    std::map<std::string, std::vector<policy>> written_;
    std::unique_ptr<guichet::desk> desk_;
    second_desk second_;
    std::vector<outage> outages_;
    std::vector<std::vector<event>> heard_;
    std::vector<std::pair<ticket_id, std::string>> active_;
    ticket_id last_;
};

// --- what the documentation says of any log, whatever the second desk counted

struct reading {
    std::vector<std::string> wrong;
    std::size_t breached_late = 0, thresholds = 0, restarted = 0, reached_again = 0;
    std::map<std::string, std::size_t> late, overrun; ///< thresholds of each policy
};

class log_reader {
public:
    log_reader(std::vector<outage> const& blind, std::set<instant> const& changed) : blind_{blind}, changed_{changed} {}

    reading read(std::vector<event> const& log) {
        for (auto const& e : log) {
            here_ = to_string(e.ticket) + " version " + std::to_string(e.version) + ": ";
            if (auto const* b = std::get_if<clock_breached>(&e.body))
                breached(e, *b);
            else if (auto const* m = std::get_if<clock_met>(&e.body))
                expect(!breached_.contains({e.ticket, m->metric, m->cycle}), "met after it was breached");
            else if (auto const* r = std::get_if<clock_restarted>(&e.body))
                restarted(e, *r);
            else if (auto const* t = std::get_if<clock_threshold_reached>(&e.body))
                threshold(e, *t);
            else if (auto const* opened = std::get_if<ticket_opened>(&e.body))
                stands_[e.ticket] = opened->status;
            else
                std::visit(
                    [&](auto const& body) {
                        if constexpr (requires { body.to, body.status; })
                            stands_[e.ticket] = body.status;
                    },
                    e.body);
            if (auto s = sentence_of(e); s && s->word != "clock_restarted")
                last_cycle_[{e.ticket, s->metric}] = s->cycle;
        }
        catch_up();
        return std::move(out_);
    }

private:
    void expect(bool holds, std::string const& what) {
        if (!holds)
            out_.wrong.push_back(here_ + what);
    }

    void breached(event const& e, clock_breached const& b) {
        expect(breached_.emplace(e.ticket, b.metric, b.cycle).second, "breached twice: " + b.metric);
        expect(b.due && *b.due <= e.at, "breached before it was due: " + b.metric);
        own_timer(e, "timer:sla_breach:" + b.metric, b.metric, *b.due);
        out_.breached_late += e.at - *b.due > 1min;
    }
    void restarted(event const& e, clock_restarted const& r) {
        ++out_.restarted;
        expect(!breached_.contains({e.ticket, r.metric, last_cycle_[{e.ticket, r.metric}]}),
               "a breach was taken back: " + r.metric);
    }
    void threshold(event const& e, clock_threshold_reached const& t) {
        ++out_.thresholds;
        expect(t.due <= e.at, "a threshold before it was due");
        expect(passed_.emplace(e.ticket, t.metric, t.threshold, t.cycle, t.due).second, "a threshold twice");
        out_.reached_again += !once_.emplace(e.ticket, t.metric, t.threshold, t.cycle).second;
        own_timer(e, "timer:sla_threshold:" + t.metric + "/" + t.threshold, t.metric, t.due);
        together_[{e.ticket, t.metric, e.at}].push_back({e, t});
    }
    /// What its own timer brought about: not in a pause, and late only where the desk could not know better.
    void own_timer(event const& e, std::string const& timer, std::string const& metric, instant due) {
        if (e.cause.what != timer)
            return;
        bool const pauses = metric.ends_with("resolution") || metric.ends_with("handover") ||
                            metric.ends_with("next_response") || metric.ends_with("periodic_update");
        auto const now = stands_[e.ticket];
        expect(is_open(now) && !(pauses && now == status::pending), "fired while it stood: " + metric);
        expect(e.cause.due == due, "another deadline than its timer's: " + metric);
        bool const could_not_tell =
            changed_.contains(e.at) ||
            std::any_of(blind_.begin(), blind_.end(), [&](outage const& o) { return o.from <= due && due <= o.to; });
        expect(e.at == due || could_not_tell, "late for no reason: " + metric);
    }
    /// Those of one clock that were told together: all count, or none that is late but for the last.
    void catch_up() {
        for (auto& [place, list] : together_) {
            std::stable_sort(list.begin(), list.end(),
                             [](auto const& a, auto const& b) { return a.second.due < b.second.due; });
            for (std::size_t i = 0; i < list.size(); ++i) {
                auto const& [e, t] = list[i];
                here_ = to_string(e.ticket) + " version " + std::to_string(e.version) + ": ";
                bool const late = e.at - t.due > 1min;
                out_.late[t.policy] += late;
                out_.overrun[t.policy] += t.overrun;
                if (t.policy == "skip")
                    expect(t.overrun == late, "skip: every late one is overrun, and no other");
                else if (t.policy == "once" || t.policy == "night watch")
                    expect(t.overrun == (late && i + 1 != list.size()), "once: the last one counts");
                else
                    expect(!t.overrun, "all: none is overrun");
            }
        }
    }

    std::vector<outage> const& blind_;
    std::set<instant> const& changed_;
    reading out_;
    std::string here_;
    std::map<ticket_id, status> stands_;
    std::map<std::pair<ticket_id, std::string>, std::uint32_t> last_cycle_;
    std::set<std::tuple<ticket_id, std::string, std::uint32_t>> breached_;
    std::set<std::tuple<ticket_id, std::string, std::string, std::uint32_t>> once_;
    std::set<std::tuple<ticket_id, std::string, std::string, std::uint32_t, instant>> passed_;
    std::map<std::tuple<ticket_id, std::string, instant>, std::vector<std::pair<event, clock_threshold_reached>>>
        together_;
};

void play_year(place const& where, std::uint64_t seed, std::size_t tickets) {
    CAPTURE(seed);
    year_at_a_desk year{where, seed, tickets};
    year.run();
    auto const found = year.compare();
    CHECK_MESSAGE(found.differences.empty(), some_of(found.differences));
    auto const read = log_reader{year.blind, year.changed}.read(play::whole_log(year.desk(), tenant));
    CHECK_MESSAGE(read.wrong.empty(), some_of(read.wrong));
    auto const troubles = play::troubles(year.desk());
    CHECK_MESSAGE(troubles.empty(), play::joined(troubles));

    MESSAGE("seed ", seed, ": ", found.tickets, " tickets, ", year.commands, " commands, ", found.clocks, " clocks, ",
            found.sentences, " verdicts and thresholds, ", read.breached_late, " breaches told late, ", read.restarted,
            " restarts, ", read.reached_again, " thresholds reached again, ", year.deaths, " deaths");
    CHECK(found.tickets * 10 >= tickets * 8);
    CHECK(read.breached_late > 0); // the year was hard enough to show something
    CHECK(read.restarted > 0);
    CHECK(read.reached_again > 0);
    CHECK(read.overrun.at("all") == 0);
    CHECK(read.late.at("all") > 0);
    CHECK(read.overrun.at("once") > 0);
    CHECK(read.overrun.at("once") < read.late.at("once"));
    CHECK(read.overrun.at("skip") == read.late.at("skip"));
    CHECK(read.overrun.at("skip") > 0);
}

TEST_CASE("given a year of outages and changes on a desk in memory, when minutes are counted, then every verdict "
          "agrees") {
    auto const store = memory_store();
    play_year([&] { return store; }, play::seed_of_run(), 1'600);
}

TEST_CASE("given a year of outages and changes on a desk in a file, when minutes are counted, then every verdict "
          "agrees") {
    play::scratch_file const file;
    play_year([&] { return play::open_file(file.path()); }, play::seeds(1).front(), 700);
}

} // namespace
#endif
