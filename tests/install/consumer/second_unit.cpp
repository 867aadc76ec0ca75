#include "second_unit.hpp"

#include <guichet/guichet.hpp>

std::string text_of(guichet::ticket_id ticket) { return guichet::to_string(ticket); }
