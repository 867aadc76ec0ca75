#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/storage/store.hpp>

#include <span>
#include <vector>

/// What the metrics that listen hear in a ticket's log. Nothing of it is stored, so a metric that is declared today has
/// heard all that happened before.
namespace guichet::inline v0::detail {

inline std::vector<sla::signal> heard_in(std::span<event const> history, sla::policy_set const& policies) {
    if (policies.listeners().empty())
        return {};
    sla::listener listener{policies};
    ticket before, after;
    for (auto const& e : history) {
        lifecycle::apply(after, e);
        listener.hear(before.version ? &before : nullptr, after);
        before = after;
    }
    return std::move(listener.heard);
}

/// The committed events of a ticket, without their texts.
inline result<std::vector<event>> past_of(storage::store& store, ticket_id id) {
    GUICHET_LET(auto const stored, store.read_history(id));
    return from_stored(stored, {});
}

inline result<std::vector<sla::signal>> heard_of(storage::store& store, ticket_id id, sla::policy_set const& policies) {
    if (policies.listeners().empty())
        return std::vector<sla::signal>{};
    GUICHET_LET(auto const past, past_of(store, id));
    return heard_in(past, policies);
}

} // namespace guichet::inline v0::detail
