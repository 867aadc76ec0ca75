#include "second_unit.hpp"

#include <guichet/guichet.hpp>

int main() {
    auto& world = guichet::system_environment();
    auto const ticket = guichet::make_id<guichet::ticket_id>(world, world.now());
    auto const again = guichet::parse_id<guichet::ticket_id>(text_of(ticket));
    return again && *again == ticket ? 0 : 1;
}
