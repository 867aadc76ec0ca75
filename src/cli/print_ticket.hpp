#pragma once
#include "vocabulary.hpp"

#include <guichet/engine/desk.hpp>

namespace guichet::cli {

/// How numbers are found for the ids that links and events hold.
using number_of = std::function<std::string(ticket_id)>;

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
