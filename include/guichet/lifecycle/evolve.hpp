#pragma once
#include <guichet/config.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

namespace guichet::inline v0::lifecycle {

/// Folds one event into a ticket, in place. Pure: nothing but the two arguments decides the outcome, and nothing is
/// refused, because an event has happened. This is the only code that changes a ticket. Below a microsecond.
GUICHET_DECL void apply(ticket& state, event const& e);

/// The same as a function of values: the ticket as it is after the event.
inline ticket evolve(ticket state, event const& e) {
    apply(state, e);
    return state;
}

} // namespace guichet::inline v0::lifecycle

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/lifecycle/impl/evolve.ipp>
#endif
