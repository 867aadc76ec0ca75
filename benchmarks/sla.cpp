/// Service levels: the clocks of one ticket, a changed calendar over very many, timers, and a proof.
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/model/calendar_document.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h};
actor const root{.person = "root", .role = "administrator"};
actor const agent{.person = "luc", .role = "agent"};

std::size_t tickets_wanted() {
    auto const* text = std::getenv("GUICHET_BENCH_TICKETS");
    return text ? std::strtoull(text, nullptr, 10) : 1'000'000;
}

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

policy_document clocks_of(std::initializer_list<char const*> metrics) {
    policy_document p;
    p.calendar = "default";
    p.pause = {"pending", "on_hold"};
    for (auto const* metric : metrics)
        p.targets.push_back({metric, "", "40h", {}});
    return p;
}
policy_document five_clocks() {
    return clocks_of({"first_response", "next_response", "time_to_own", "handover", "resolution"});
}
document policy(policy_document const& p) { return {"policy", "standard", 0, encode(p), {}, {}}; }
document calendar(int opens) {
    auto d = sla::office_hours();
    d.tz = "Europe/Paris";
    d.public_holidays = {"FR"};
    for (std::size_t day = 0; day < 5; ++day)
        d.weekly[day] = {{std::chrono::hours{opens}, 12h + 30min}, {14h, 18h}};
    return {"calendar", "default", 0, encode(d), {}, {}};
}

/// A ticket that was asked, answered, handed over and left waiting: so many events.
ticket lived(std::size_t events) {
    ticket t;
    t.created_at = monday;
    t.state = "new";
    t.spans = {{"new", status::new_, monday}};
    t.holdings = {{"desk", "L1", monday}};
    auto at = monday;
    for (std::size_t i = 0; i < events; ++i) {
        at += 37min;
        switch (i % 4) {
        case 0: t.contacts.push_back({at, side::requester}); break;
        case 1: t.contacts.push_back({at, side::desk}); break;
        case 2: t.spans.push_back({"pending", status::pending, at}); break;
        default: t.spans.push_back({"open", status::open, at});
        }
    }
    t.updated_at = at;
    t.version = events;
    return t;
}

void one_ticket() {
    auto const config = configuration::compile(std::vector{policy(five_clocks()), calendar(9)}).value();
    auto const t = lived(20);
    std::vector<double> samples;
    std::size_t seen = 0;
    for (int round = 0; round < 2'000; ++round) {
        auto const start = steady::now();
        for (int i = 0; i < 50; ++i)
            seen += sla::clocks(t, *config->policies, t.updated_at + std::chrono::seconds{i}).size();
        samples.push_back(seconds_since(start) / 50 * 1e6);
    }
    std::nth_element(samples.begin(), samples.begin() + 1'000, samples.end());
    std::fprintf(stderr, "sla: %zu clocks a ticket\n", seen / 100'000);
    print_row("sla.clocks", samples[1'000], "us", "", 0, "<= 3 us median", samples[1'000] <= 3);

    auto const old = lived(1'000);
    auto const clocks = sla::clocks(old, *config->policies, old.updated_at);
    samples.clear();
    for (int round = 0; round < 300; ++round) {
        auto const start = steady::now();
        seen += sla::explain(old, clocks.back(), old.updated_at).intervals.size();
        samples.push_back(seconds_since(start) * 1e3);
    }
    std::nth_element(samples.begin(), samples.begin() + 150, samples.end());
    print_row("sla.explain", samples[150], "ms", "", 0, "<= 1 ms", samples[150] <= 1);
}

std::unique_ptr<desk> filled(std::shared_ptr<storage::store> store, environment& env, std::size_t tickets,
                             policy_document const& contract) {
    auto out = desk::open(std::move(store), env).value();
    out->configure(std::vector{policy(contract), calendar(9)}, root).value();
    std::vector<command> batch;
    for (std::size_t i = 0; i < tickets; ++i) {
        batch.push_back(
            {.by = {.person = "ana"}, .body = open_ticket{.subject = "The printer does not answer", .team = "desk"}});
        if (batch.size() == 1'000 || i + 1 == tickets) {
            out->execute(batch).value();
            batch.clear();
        }
    }
    return out;
}

void edit(std::string const& name, desk& d, std::size_t tickets, double goal) {
    d.apply(std::vector{calendar(8)}, root).value();
    std::atomic<bool> over{false};
    std::vector<double> waits;
    std::thread other{[&] {
        while (!over) {
            auto const start = steady::now();
            d.execute({.by = {.person = "bob"}, .body = open_ticket{.subject = "Meanwhile"}}).value();
            waits.push_back(seconds_since(start) * 1e3);
            std::this_thread::sleep_for(5ms);
        }
    }};
    auto const start = steady::now();
    while (d.behind())
        d.pump({.timers_max = 1'000}).value();
    auto const rate = static_cast<double>(tickets) / seconds_since(start);
    over = true;
    other.join();
    std::sort(waits.begin(), waits.end());
    auto const p99 = waits.empty() ? 0 : waits[waits.size() * 99 / 100];
    print_row("sla.edit." + name, rate, "tickets/s", "", 0, ">= " + std::to_string(static_cast<int>(goal)),
              rate >= goal);
    print_row("sla.edit." + name + ".others_p99", p99, "ms", "", 0, "<= 50 ms", p99 <= 50);
}

void due_at_once(desk& d, testing::simulated_environment& env, std::size_t timers) {
    env.set(monday + std::chrono::days{365});
    auto const start = steady::now();
    std::size_t fired = 0;
    while (fired < timers) {
        auto const report = d.pump({.timers_max = 10'000, .batch = 1'000}).value();
        fired += report.timers_fired + report.timers_fenced;
        if (report.timers_fired + report.timers_fenced == 0)
            break;
    }
    auto const rate = static_cast<double>(fired) / seconds_since(start);
    print_row("sla.pump", rate, "timers/s", "", 0, ">= 30000", rate >= 30'000);
}

/// Arms so many timers more on each ticket.
void arm_more(storage::store& store, desk const& d, std::size_t more) {
    for (std::optional<storage::position> after;;) {
        auto const found =
            store.find({.tenant = "", .after = after, .limit = 1'000, .now = monday}, d.config()->rules->schema())
                .value();
        if (found.empty())
            return;
        auto const work = store.begin().value();
        for (auto const& t : found) {
            std::vector<timer> wanted;
            for (std::size_t i = 0; i < more; ++i)
                wanted.push_back({timer_kind::sla_threshold, "bench/" + std::to_string(i),
                                  monday + 1h + std::chrono::seconds{t->ordinal * more + i}});
            work->append({t.get(), std::make_shared<ticket>(*t), {}, {}, {}, {}, wanted}).value();
        }
        work->commit().value();
        after = storage::position{{}, found.back()->ordinal};
    }
}

void memory_timers(std::size_t count) {
    testing::simulated_environment env{monday};
    auto const store = memory_store();
    auto const d = filled(store, env, count / 4, five_clocks());
    arm_more(*store, *d, 3);
    auto const timers = store->stats().value().timers;
    std::fprintf(stderr, "sla: %llu timers armed in memory\n", static_cast<unsigned long long>(timers));
    // arming and cancelling, apart from the rest of a command: the unit of work alone
    auto const found = store->find({.tenant = "", .limit = 1'000, .now = monday}, d->config()->rules->schema()).value();
    double armed = 0, cancelled = 0;
    std::size_t done = 0;
    for (auto const& t : found) {
        auto const before = std::make_shared<ticket>(*t), after = std::make_shared<ticket>(*t);
        timer const wish{timer_kind::sla_threshold, "resolution/bench", monday + 1h + std::chrono::seconds{done}};
        for (bool const arm : {true, false}) {
            auto const work = store->begin().value();
            auto const start = steady::now();
            work->append({before.get(),
                          after,
                          {},
                          {},
                          {},
                          arm ? std::span<timer const>{} : std::span{&wish, 1},
                          arm ? std::span{&wish, 1} : std::span<timer const>{}})
                .value();
            work->commit().value();
            (arm ? armed : cancelled) += seconds_since(start) * 1e6;
        }
        ++done;
    }
    auto const n = static_cast<double>(done);
    print_row("sla.arm", armed / n, "us", "", 0, "<= 3 us", armed / n <= 3);
    print_row("sla.cancel", cancelled / n, "us", "", 0, "<= 3 us", cancelled / n <= 3);
}

void edited(std::size_t tickets) {
    testing::simulated_environment env{monday};
    auto const d = filled(memory_store(), env, tickets, five_clocks());
    edit("memory", *d, tickets, 400'000);
}

/// A SQLite file that is gone when the benchmark ends.
struct scratch_file {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "guichet-bench-sla.db";
    scratch_file() { remove(); }
    ~scratch_file() { remove(); }
    void remove() const {
        for (auto const* tail : {"", "-wal", "-shm"})
            std::filesystem::remove(path.string() + tail);
    }
};

void edited_on_disk(std::size_t tickets) {
    testing::simulated_environment env{monday};
    scratch_file const file;
    auto const d = filled(sqlite_store(file.path.string(), {.create = true}).value(), env, tickets, five_clocks());
    edit("sqlite", *d, tickets, 60'000);
}

void pumped(std::size_t timers) {
    testing::simulated_environment env{monday};
    scratch_file const file;
    auto const d =
        filled(sqlite_store(file.path.string(), {.create = true}).value(), env, timers, clocks_of({"resolution"}));
    due_at_once(*d, env, timers);
}

} // namespace

int main() {
    auto const tickets = tickets_wanted();
    one_ticket();
    memory_timers(tickets);
    edited(tickets);
    edited_on_disk(tickets);
    pumped(std::min<std::size_t>(tickets, 100'000));
}
