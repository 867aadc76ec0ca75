/// The engine without a disk: mixed commands on tickets in the memory store, at 1,000 and at 100,000 tickets. The mix
/// is that of a desk at work; every command goes through the one door, with clocks, timers, log and hash chain.
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

actor const agent{.tenant = "acme", .person = "luc", .role = "agent"};
actor const requester{.tenant = "acme", .person = "ana", .role = "requester"};

class world {
public:
    explicit world(std::size_t tickets) : desk_{desk::open(memory_store(), env_).value()} {
        for (std::size_t i = 0; i < tickets; ++i)
            open();
    }

    void open() {
        env_.advance(1s);
        auto const wish = command{.by = requester,
                                  .body = open_ticket{.subject = "The printer on the third floor does not answer",
                                                      .text = "Since this morning nothing comes out.",
                                                      .queue = "hardware",
                                                      .team = "desk"}};
        tickets_.push_back(desk_->execute(wish).value().ticket);
    }

    /// One command of the mix on a ticket chosen by chance; refusals (a ticket already resolved, a tag already there)
    /// count as the work they are.
    void step() {
        auto const ticket = tickets_[chance_() % tickets_.size()];
        auto const roll = chance_() % 100;
        env_.advance(1s);
        if (roll < 20)
            run(ticket, requester, reply{.text = "It still does not work."});
        else if (roll < 45)
            run(ticket, agent, reply{.text = "Have you switched it off and on again?"});
        else if (roll < 60)
            run(ticket, agent, assign_ticket{names_[chance_() % names_.size()]});
        else if (roll < 70)
            run(ticket, agent, add_note{.text = "Toner ordered."});
        else if (roll < 78)
            run(ticket, agent, tag_ticket{{names_[chance_() % names_.size()]}, {}});
        else if (roll < 84)
            run(ticket, agent, set_priority{.impact = roll % 2 ? "high" : "low", .urgency = "medium"});
        else if (roll < 90)
            run(ticket, agent, wait_until{env_.now() + 240h});
        else if (roll < 95)
            run(ticket, agent, resolve_ticket{.code = "fixed"});
        else
            open();
    }

    std::size_t refused() const { return refused_; }

private:
    void run(ticket_id ticket, actor const& by, command_body body) {
        refused_ += !desk_->execute(command{.by = by, .body = std::move(body), .ticket = ticket});
    }

    testing::simulated_environment env_;
    std::unique_ptr<desk> desk_;
    std::vector<ticket_id> tickets_;
    std::mt19937_64 chance_{2026};
    std::vector<std::string> const names_{"luc", "paul", "marie", "ines", "tom", "lea", "karim", "nora"};
    std::size_t refused_ = 0;
};

double commands_per_second(std::size_t tickets, std::size_t commands) {
    world w{tickets};
    auto const start = steady::now();
    for (std::size_t i = 0; i < commands; ++i)
        w.step();
    auto const seconds = std::chrono::duration<double>(steady::now() - start).count();
    std::fprintf(stderr, "memory: %zu tickets, %zu commands, %.1f %% refused\n", tickets, commands,
                 100.0 * double(w.refused()) / double(commands));
    return double(commands) / seconds;
}

} // namespace

int main() {
    auto const small = commands_per_second(1'000, 20'000);
    auto const large = commands_per_second(100'000, 300'000);
    print_row("memory.mixed.100000", large, "commands/s", "", 0, ">= 150000", large >= 150'000);
    print_row("memory.flat", small / large, "x slower than 1,000 tickets", "1,000 tickets", small / large, "<= 1.5",
              small / large <= 1.5);
}
