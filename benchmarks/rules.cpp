/// Rules: what a command costs with a hundred and with ten thousand of them, in memory and on disk, and how fast a log
/// is answered again. All desks have service levels, as desks do.
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
measured commands(std::shared_ptr<storage::store> store, std::vector<document> const& documents, std::size_t wanted) {
    testing::simulated_environment env{monday};
    auto const d = desk::open(std::move(store), env).value();
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

void back_test() {
    testing::simulated_environment env{monday};
    auto const d = desk::open(memory_store(), env).value();
    std::mt19937_64 chance{11};
    std::vector<ticket_id> tickets;
    std::vector<command> batch;
    for (int i = 0; i < 100'000; ++i) {
        if (tickets.empty() || chance() % 6 == 0)
            tickets.push_back(d->execute({.by = agent,
                                          .body = open_ticket{.subject = "The printer does not answer",
                                                              .queue = "queue-" + std::to_string(chance() % 100)}})
                                  ->ticket);
        else
            (void)d->execute({.by = agent,
                              .body = chance() % 2 ? command_body{add_note{.text = "Called back"}}
                                                   : command_body{set_priority{{}, {}, chance() % 2 ? "high" : "low"}},
                              .ticket = tickets[chance() % tickets.size()]});
        env.advance(1s);
    }
    auto const start = steady::now();
    std::vector const candidate{rules_for(100, 100)};
    auto const report = d->back_test(candidate, {}, root).value();
    auto const rate = static_cast<double>(report.events) / seconds_since(start);
    print_row("rules.back_test", rate, "events/s", "", 0, ">= 200000", rate >= 200'000);
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
