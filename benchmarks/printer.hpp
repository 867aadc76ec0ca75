#pragma once
#include <guichet/model/command.hpp>

#include <cstddef>
#include <string>

/// The ticket that benchmarks open, with a number of its own: a mail of 400 characters to a queue and a team.
inline guichet::command printer_ticket(std::size_t number) {
    using namespace guichet;
    static actor const ana{.tenant = "acme", .person = "ana", .role = "requester"};
    return {.by = ana,
            .body =
                open_ticket{.subject = "The printer on the third floor does not answer, case " + std::to_string(number),
                            .text = std::string(400, 'x'),
                            .channel = channel::mail,
                            .category = "hardware/printer",
                            .queue = "hardware",
                            .team = "desk"}};
}
