/// Trends: false alarms where tickets come by chance, bursts found within 30 minutes by their size, the cost of a
/// ticket, by itself and on a desk. The tickets are those of the public incident log; without it there is nothing to
/// measure.
#include "../tests/simulation/trend_log.hpp"
#include "replayed.hpp"
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <unistd.h>

#include <ctime>

namespace {

using namespace trend_year;
namespace fs = std::filesystem;

/// Microseconds of the processor for a ticket, the best of some years.
double cost(ticket_log const& of, dice& d) {
    auto const year = drawn(of, 52, d);
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        auto by = trends::detector::make().value();
        auto const start = std::clock();
        watch(by, of, year);
        best = std::min(best, 1e6 * double(std::clock() - start) / CLOCKS_PER_SEC / double(year.size()));
    }
    return best;
}

/// Bytes for each trait of a detector that was told of ten times as many traits as it watches.
double memory_of_a_flood() {
    trends::detector_options const options;
    auto by = trends::detector::make(options).value();
    auto const start = instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
    for (std::size_t i = 0; i < options.traits_max * 10; ++i) {
        auto const word = std::to_string(i), often = std::to_string(i % 200);
        std::vector<trends::trait> const traits{{"word", word}, {"often", often}};
        by.observe({start + std::chrono::seconds{i * 3}, i, traits});
    }
    return double(by.memory_bytes()) / double(options.traits_max);
}

/// Microseconds of the processor for a ticket of three commands on a desk, and for following it beside.
struct on_a_desk {
    double commands = 0, following = 0;
};

on_a_desk follow() {
    auto const folder = fs::temp_directory_path() / ("guichet-trends-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::vector<double> commands, following;
    {
        sqlite_options options;
        options.create = true;
        guichet::testing::simulated_environment env;
        auto d = desk::open(sqlite_store((folder / "desk.db").string(), options).value(), env).value();
        actor const agent{.tenant = "acme", .person = "luc", .role = "agent"};
        actor const root{.tenant = "acme", .person = "root", .role = "administrator"};
        d->configure({"trend", "desk", 0, R"({"keys": ["category", "team", "word"]})", {}, {}}, root).value();
        auto const since = [](std::clock_t start) { return 1e6 * double(std::clock() - start) / CLOCKS_PER_SEC; };
        for (int round = 0; round < 30; ++round) {
            auto start = std::clock();
            for (int i = 0; i < 50; ++i) {
                auto const id = d->execute({.by = agent,
                                            .body = open_ticket{.subject = "No network in room " + std::to_string(i),
                                                                .category = "network",
                                                                .team = "first line"}})
                                    .value()
                                    .ticket;
                (void)d->execute({.by = agent, .body = reply{.text = "Which room?"}, .ticket = id}).value();
                (void)d->execute({.by = agent, .body = resolve_ticket{}, .ticket = id}).value();
                env.advance(std::chrono::minutes{1});
            }
            commands.push_back(since(start) / 50);
            start = std::clock();
            (void)d->pump().value();
            following.push_back(since(start) / 50);
        }
    }
    fs::remove_all(folder);
    std::sort(commands.begin(), commands.end());
    std::sort(following.begin(), following.end());
    return {commands[15], following[15]};
}

} // namespace

int main() {
    auto const self = std::filesystem::canonical("/proc/self/exe").parent_path();
    auto const source = folder_of("GUICHET_SOURCE_DIR", self.parent_path().parent_path().parent_path());
    auto const file = folder_of("GUICHET_SHARED_DIR", source.parent_path() / "shared") /
                      "data/uci_servicenow_incidents/incident_event_log.csv.gz";
    if (!std::filesystem::exists(file)) {
        std::fprintf(stderr, "there is no %s\n", file.c_str());
        return 0;
    }
    auto const of = read_trend_log(file.string());
    auto const seed = play::seed_of_run();
    std::fprintf(stderr, "seed: %llu\n", static_cast<unsigned long long>(seed));
    dice d{seed};

    constexpr int years = 5, weeks = 50;
    double told = 0, own = 0, apart = 0;
    for (int year = 0; year < years; ++year) {
        auto by = trends::detector::make().value();
        told += double(begun(watch(by, of, drawn(of, weeks + 2, d)))) / (years * weeks);
    }
    print_row("trends.false_alarms", told, "a week", "", 0, "<= 1 a week", told <= 1);

    auto by = trends::detector::make().value();
    for (auto const& a : watch(by, of, of.tickets))
        if (a.what == trends::stage::began) {
            own += 1 / (of.weeks - 2);
            apart += a.part_of == 0 ? 1 / (of.weeks - 2) : 0;
        }
    print_row("trends.alarms_of_the_log", own, "a week", "", 0, "", true);
    print_row("trends.alarms_of_the_log.apart", apart, "a week", "", 0, "", true);

    bench at{of, 12, {}, d};
    for (double const times : {3.0, 5.0, 10.0})
        for (double const usual : {0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 20.0}) {
            auto const found = at.find(times, usual, usual == 20 ? 100 : usual * 1.3, 200);
            bool const asked = usual >= 20;
            print_row("trends.burst.x" + std::to_string(int(times)) + ".usual_" + std::to_string(usual).substr(0, 4),
                      found.percent(), "%", "", 0, asked ? ">= 95 %" : "", !asked || found.percent() >= 95);
        }
    auto const us = cost(of, d);
    print_row("trends.ticket", us, "us", "", 0, "<= 2 us", us <= 2);
    auto const beside = follow();
    print_row("trends.desk.ticket", beside.commands, "us", "", 0, "", true);
    print_row("trends.desk.following", beside.following, "us", "", beside.following / beside.commands,
              "<= 10 % of its commands", beside.following <= beside.commands / 10);
    auto const bytes = memory_of_a_flood();
    print_row("trends.memory.trait", bytes, "B", "", 0, "<= 4096 B", bytes <= 4'096);
}
