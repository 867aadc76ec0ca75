/// A week at a help desk where everything goes wrong that can: the clock steps, the store fails, the program crashes.
#include "property/script.hpp"

#include <guichet/testing/faulty_store.hpp>

#if defined(PLAY_ON_SQLITE)
namespace {

using namespace play;

/// A clock that is now and then read wrong: some hours before or after what it is.
class hostile_environment final : public environment {
public:
    explicit hostile_environment(std::uint64_t seed)
        : calm_{instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{8}}, seed},
          dice_{seed} {}

    instant now() noexcept override {
        if (wrong_ && dice_.percent(3))
            return calm_.now() + std::chrono::minutes{dice_.between(-200, 200)};
        return calm_.now();
    }
    std::chrono::nanoseconds monotonic() noexcept override { return calm_.monotonic(); }
    void random(std::span<std::byte> out) noexcept override { calm_.random(out); }

    testing::simulated_environment& calm() noexcept { return calm_; }
    void calm_down() noexcept { wrong_ = false; }

private:
    testing::simulated_environment calm_;
    dice dice_;
    bool wrong_ = true;
};

/// What was acknowledged, and must be there for ever.
struct acknowledged {
    command wish;
    std::uint64_t version = 0;
    std::vector<event> events;
};

class week {
public:
    explicit week(std::uint64_t seed) : env_{seed}, day_{seed}, chance_{seed ^ 0x5eed} { start(); }

    void run() {
        auto const end = env_.calm().now() + std::chrono::days{7};
        while (env_.calm().now() < end) {
            auto const next = day_.next();
            if (auto const* one = std::get_if<one_command>(&next))
                send(*one);
            else if (auto const* many = std::get_if<many_commands>(&next))
                send_all(*many);
            else if (auto const* move = std::get_if<clock_moves>(&next))
                // The week passes slowly, so that much happens in it; the pump is late when it is busy elsewhere.
                env_.calm().advance(move->by / 16);
            else if (auto const* change = std::get_if<new_documents>(&next))
                configure(*change);
            else
                pump();
            if (chance_.percent(1))
                crash();
        }
        settle();
    }

    std::size_t crashes = 0, failures = 0, doubts = 0, fired = 0;
    std::vector<acknowledged> promises;
    guichet::desk const& desk() const { return *desk_; }
    hostile_environment& env() { return env_; }

private:
    void start() {
        faults_ = std::make_shared<testing::faulty_store>(open_file(file_.path()));
        desk_ = guichet::desk::open(faults_, env_).value();
        break_things();
    }

    /// One operation in two hundred fails; one failure in four happens after the deed.
    void break_things() {
        bool const late = chance_.percent(25);
        faults_->set({.chance = 0.005,
                      .seed = chance_.next(),
                      .why = late ? reason::commit_in_doubt : reason::store_failed,
                      .late = late});
    }

    /// The process dies in the middle of a command: nothing of the objects is left, and the file is as it is.
    void crash() {
        ++crashes;
        faults_->set({.fail_at = 1 + chance_.below(12)});
        (void)desk_->execute(command{.by = administrator("north"), .body = open_ticket{.subject = "nobody knows"}});
        desk_.reset();
        faults_.reset();
        start();
    }

    bool struck(error const& e) {
        if (e.why() != reason::store_failed && e.why() != reason::commit_in_doubt)
            return false;
        failures += e.why() == reason::store_failed;
        doubts += e.why() == reason::commit_in_doubt;
        break_things();
        return true;
    }

    /// Sends a command as a careful client does: with an id, again and again until there is an answer.
    void send(one_command const& one) {
        auto wish = one.wish;
        if (!wish.id)
            wish.id = day_.chance().fresh_id<command_id>();
        for (int tries = 0; tries < 20; ++tries) {
            auto const came_to = desk_->execute(wish);
            if (!came_to && struck(came_to.error()))
                continue;
            if (came_to)
                note(wish, *came_to);
            return;
        }
    }
    void send_all(many_commands const& many) {
        auto wishes = many.wishes;
        for (auto& wish : wishes)
            if (!wish.id)
                wish.id = day_.chance().fresh_id<command_id>();
        for (int tries = 0; tries < 20; ++tries) {
            auto const came_to = desk_->execute(wishes, many.mode);
            if (!came_to && struck(came_to.error()))
                continue;
            if (came_to)
                for (std::size_t i = 0; i < wishes.size(); ++i)
                    if ((*came_to)[i])
                        note(wishes[i], *(*came_to)[i]);
            return;
        }
    }
    void note(command const& wish, outcome const& came_to) {
        day_.learn(wish, came_to);
        promises.push_back({wish, came_to.version, came_to.events});
    }

    void configure(new_documents const& change) {
        auto const done = desk_->configure(change.documents, administrator("north"));
        if (!done)
            struck(done.error());
    }
    void pump() {
        auto const report = desk_->pump({.timers_max = 1 + chance_.below(60), .batch = 1 + chance_.below(10)});
        if (!report)
            struck(report.error());
        else
            fired += report->timers_fired;
    }

    /// The storm is over: the desk is opened once more, and catches up.
    void settle() {
        faults_->set({});
        env_.calm_down();
        desk_ = guichet::desk::open(faults_, env_).value();
        pump_report report;
        do {
            report = desk_->pump().value();
            fired += report.timers_fired;
        } while (report.next && *report.next <= env_.now());
    }

    scratch_file file_;
    hostile_environment env_;
    script day_;
    dice chance_;
    std::shared_ptr<testing::faulty_store> faults_;
    std::unique_ptr<guichet::desk> desk_;
};

/// The clocks that are past their time without a verdict.
std::vector<std::string> overlooked(week& w) {
    std::vector<std::string> out;
    for (auto const& tenant : tenants)
        for (auto const& t : all_tickets(w.desk(), tenant)) {
            auto const clocks = w.desk().clocks(t).value();
            for (auto const& c : clocks) {
                bool const judged = std::any_of(t.clocks.begin(), t.clocks.end(), [&](auto const& v) {
                    return v.metric == c.metric &&
                           (v.cycle > c.cycle || (v.cycle == c.cycle && v.outcome != clock_outcome::running));
                });
                if (t.open() && !judged && !c.stopped && !c.paused_since && c.due && *c.due <= w.env().now())
                    out.push_back(t.number + ": " + std::string{c.metric} + " is overdue, and nobody said so");
            }
            if (t.status == status::pending && t.pending_until && *t.pending_until <= w.env().now())
                out.push_back(t.number + ": still waits, though its time has come");
        }
    return out;
}

void check(week& w) {
    auto found = troubles(w.desk());
    for (auto const& tenant : tenants) {
        auto const wrong = clock_troubles(whole_log(w.desk(), tenant));
        found.insert(found.end(), wrong.begin(), wrong.end());
    }
    auto const late = overlooked(w);
    found.insert(found.end(), late.begin(), late.end());
    CHECK_MESSAGE(found.empty(), joined(found));
    CHECK(w.desk().store().due_timers(w.env().now(), 10).value().empty());

    // What was promised is in the log, where it was said to be.
    std::map<std::uint64_t, storage::stored_event> log;
    for (auto& e : w.desk().store().read_log(0, 10'000'000).value())
        log.emplace(e.seq, std::move(e));
    for (auto const& promise : w.promises)
        for (auto const& e : promise.events) {
            REQUIRE(log.contains(e.seq));
            auto const& stored = log[e.seq];
            auto const about = e.article ? storage::in_log(e.article) : e.ticket;
            REQUIRE((stored.ticket == about && stored.version == e.version && stored.at == e.at &&
                     stored.type == type_number(e.body)));
        }
}

void play_week(std::uint64_t seed) {
    CAPTURE(seed);
    week w{seed};
    w.run();
    MESSAGE("seed ", seed, ": ", w.promises.size(), " commands, ", w.fired, " timers, ", w.failures, " failures, ",
            w.doubts, " doubts, ", w.crashes, " crashes");
    check(w);
}

TEST_CASE("given a week of wrong clocks, failing disks and crashes, then nothing that was promised is lost") {
    for (auto const seed : {1ull, 7ull, 42ull})
        play_week(seed);
    play_week(seed_of_run());
}

} // namespace
#endif
