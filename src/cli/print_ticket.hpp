#pragma once
#include "vocabulary.hpp"

#include <guichet/engine/desk.hpp>

namespace guichet::cli {

/// How numbers are found for the ids that links and events hold.
using number_of = std::function<std::string(ticket_id)>;
/// The number of a ticket; its id where he may not see it.
std::string number_of_ticket(desk const& d, viewer const& who, ticket_id id);
/// The same for many; keep the desk and the viewer as long.
number_of numbers_in(desk const& d, viewer const& who);

/// A ticket for people: header, attributes, clocks, conversation.
std::string print_ticket(console const& out, vocabulary const& words, ticket const& t,
                         std::vector<sla::clock> const& clocks, std::vector<message> const& conversation,
                         number_of const& numbers, instant now);
/// A page of tickets as a table.
std::string print_list(console const& out, vocabulary const& words, std::vector<ticket> const& tickets);
/// One line per event, or more where there is text.
std::string print_history(console const& out, vocabulary const& words, std::vector<event> const& events,
                          number_of const& numbers);

} // namespace guichet::cli
