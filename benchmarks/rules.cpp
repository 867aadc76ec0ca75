/// Rules: what a command costs with a hundred and with ten thousand of them, in memory and on disk, and how fast a log
/// is answered again. All desks have service levels, as desks do.
#include "replayed.hpp"
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h};
actor const root{.person = "root", .role = "administrator"};
actor const agent{.person = "luc", .role = "agent"};

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

std::string leaf(std::string const& field, std::string const& value) {
    return R"({"field":")" + field + R"(","op":"=","value":")" + value + R"("})";
}

/// So many rules for `queues` queues: each asks for a queue and something more, and few fire. `unlike`: no two of a
/// queue ask for the same.
document rules_for(std::size_t count, std::size_t queues, bool unlike = false) {
    rules_document set;
    for (std::size_t i = 0; i < count; ++i) {
        rule_definition r;
        r.name = "r" + std::to_string(i);
        auto const own = std::to_string(10 + i / queues);
        auto const more = unlike       ? R"({"field":"replies","op":">","value":)" + own + "}"
                          : i % 3 == 0 ? leaf("priority", "high")
                          : i % 3 == 1 ? std::string{R"({"field":"replies","op":">","value":3})"}
                                       : std::string{R"({"field":"tags","op":"contains","value":"vip"})"};
        r.when.text = R"({"all":[)" + leaf("queue", "queue-" + std::to_string(i % queues)) + "," + more + "]}";
        r.actions = {{R"({"command":"tag_ticket","add":["seen"]})"}};
        set.rules.push_back(std::move(r));
    }
    return {"rules", "desk", 0, encode(set), {}, {}};
}

struct measured {
    double median_us = 0;
    std::uint64_t events = 0;
};

/// Notes, one a command, on tickets of many queues.
measured commands(std::shared_ptr<storage::store> store, std::vector<document> const& documents, std::size_t wanted,
                  decision_policy const& keep = {}) {
    testing::simulated_environment env{monday};
    auto const d = desk::open(std::move(store), env).value();
    d->keep_decisions(keep);
    if (!documents.empty())
        d->configure(documents, root).value();
    std::vector<ticket_id> tickets;
    for (int i = 0; i < 1'000; ++i)
        tickets.push_back(d->execute({.by = agent,
                                      .body = open_ticket{.subject = "The printer does not answer",
                                                          .priority = i % 5 ? "normal" : "high",
                                                          .queue = "queue-" + std::to_string(i % 100)}})
                              ->ticket);
    std::mt19937_64 chance{7};
    std::vector<double> samples;
    for (std::size_t i = 0; i < wanted; ++i) {
        command const wish{.by = agent, .body = add_note{.text = "Called back"}, .ticket = tickets[chance() % 1'000]};
        auto const start = steady::now();
        d->execute(wish).value();
        samples.push_back(seconds_since(start) * 1e6);
    }
    std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(wanted / 2), samples.end());
    return {samples[wanted / 2], d->stats()->events};
}

/// A hundred rules on what the incident log has: groups, priorities, categories, states; none of them was in force.
document rules_for_the_log() {
    rules_document set;
    for (int i = 0; i < 100; ++i) {
        rule_definition r;
        r.name = "r" + std::to_string(i);
        auto const group = leaf("queue", "group-" + std::to_string(i % 80));
        auto const more = i % 4 == 0   ? leaf("priority", "high")
                          : i % 4 == 1 ? std::string{R"({"field":"assignee","op":"changed","value":true})"}
                          : i % 4 == 2 ? std::string{R"({"field":"reassignments","op":">","value":2})"}
                                       : std::string{R"({"field":"idle","op":">","value":"2d"})"};
        r.when.text = R"({"all":[)" + group + "," + more + "]}";
        r.actions = {{R"({"command":"tag_ticket","add":["seen"]})"}, {R"({"raise_priority":1})"}};
        set.rules.push_back(std::move(r));
    }
    return {"rules", "desk", 0, encode(set), {}, {}};
}

/// The whole incident log, replayed by the program, answered by rules that it did not have.
void back_test() {
    auto const log = replay_the_log();
    testing::simulated_environment env{monday + std::chrono::hours{24 * 365 * 20}};
    auto const d = desk::open(sqlite_store(log.file.string()).value(), env).value();
    std::vector const candidate{rules_for_the_log()};
    double best = 0;
    back_test_report report;
    for (int round = 0; round < 3; ++round) {
        auto const start = steady::now();
        report = d->back_test(candidate, {}, root).value();
        best = std::max(best, static_cast<double>(report.events) / seconds_since(start));
    }
    std::uint64_t fired = 0;
    for (auto const& r : report.rules)
        fired += r.fired;
    std::fprintf(stderr, "rules: back-test of %s: %llu events, %llu changes, %llu firings\n",
                 log.log.filename().c_str(), static_cast<unsigned long long>(report.events),
                 static_cast<unsigned long long>(report.changes), static_cast<unsigned long long>(fired));
    print_row("rules.back_test", best, "events/s", log.log.filename().string(), 0, ">= 200000", best >= 200'000);
}

} // namespace

int main() {
    auto const none = commands(memory_store(), {}, 20'000);
    auto const hundred = commands(memory_store(), {rules_for(100, 100)}, 20'000);
    auto const many = commands(memory_store(), {rules_for(10'000, 100)}, 20'000);
    print_row("rules.command.none", none.median_us, "us", "", 0, "", true);
    print_row("rules.command.100", hundred.median_us, "us", "", 0, "<= 10 us median", hundred.median_us <= 10);
    auto const ratio = many.median_us / hundred.median_us;
    print_row("rules.command.10000", many.median_us, "us", "100 rules", ratio, "<= 3x of 100 rules", ratio <= 3);
    auto const unlike = commands(memory_store(), {rules_for(10'000, 100, true)}, 20'000);
    auto const worst = unlike.median_us / hundred.median_us;
    print_row("rules.command.10000.unlike", unlike.median_us, "us", "100 rules", worst, "<= 3x of 100 rules",
              worst <= 3);
    // Beside one another, in turns: what the machine does else hits both.
    double bare_us = 0, kept_us = 0;
    for (int round = 0; round < 5; ++round) {
        bare_us += commands(memory_store(), {rules_for(100, 100)}, 10'000).median_us;
        kept_us +=
            commands(memory_store(), {rules_for(100, 100)}, 10'000, {.keep = decision_policy::which::fired}).median_us;
    }
    print_row("rules.decisions_kept", kept_us / 5, "us", "none kept", kept_us / bare_us, "<= 1.10x of none kept",
              kept_us <= 1.10 * bare_us);
    auto const folder = std::filesystem::temp_directory_path();
    auto const on_disk = [&](std::vector<document> const& documents) {
        auto const path = (folder / "guichet-bench-rules.db").string();
        auto const clear = [&] {
            for (auto const* tail : {"", "-wal", "-shm"})
                std::filesystem::remove(path + tail);
        };
        clear();
        auto const out = commands(sqlite_store(path, {.create = true}).value(), documents, 3'000);
        clear();
        return out;
    };
    auto const bare = on_disk({}), ruled = on_disk({rules_for(100, 100)});
    auto const cost = ruled.median_us / bare.median_us;
    print_row("rules.sqlite", ruled.median_us, "us", "no rules", cost, "<= 1.25x of no rules", cost <= 1.25);
    back_test();
}
