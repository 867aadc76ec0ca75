// A ticket's life in twenty lines: opened, answered too late, resolved. Time is simulated; a program of yours passes
// guichet::system_environment(), and guichet::sqlite_store("desk.db", {.create = true}).value() for a desk on a file.
#include <guichet/guichet.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <iostream>

int main() {
    using namespace guichet;
    using namespace std::chrono_literals;
    testing::simulated_environment clock{std::chrono::sys_days{2026y / 3 / 2} + 9h};
    auto const helpdesk = desk::open(memory_store(), clock).value();
    actor const ana{.person = "ana"}, luc{.person = "luc", .role = "agent"};

    open_ticket wish{.subject = "No network in room 12", .impact = "high", .urgency = "high"};
    auto const id = helpdesk->execute({.by = ana, .body = wish}).value().ticket;
    clock.advance(1h);
    helpdesk->pump().value(); // a critical ticket is to be answered within 15 minutes
    helpdesk->execute({.by = luc, .body = reply{.text = "Sorry, looking at it."}, .ticket = id}).value();
    helpdesk->execute({.by = luc, .body = resolve_ticket{.code = "fixed"}, .ticket = id}).value();

    for (auto const& e : helpdesk->history(id, luc).value())
        std::cout << time::to_text(e.at) << "  " << e.actor << "  " << name_of(e.body) << '\n';
}
