#pragma once
#include <guichet/storage/facets.hpp>

#include <algorithm>
#include <array>

namespace guichet::inline v0::storage {

namespace detail {
/// The facets of a ticket or of a key, in place.
inline auto facets_tied(auto const& t) noexcept {
    return std::tie(t.tenant, t.queue, t.state, t.priority, t.kind, t.team, t.tier, t.assignee, t.status, t.breached);
}
} // namespace detail

GUICHET_DECL facet_key facets_of(ticket const& t) {
    return {t.tenant, t.queue, t.state, t.priority, t.kind, t.team, t.tier, t.assignee, t.status, t.breached};
}

GUICHET_DECL bool facets_answer(expr::condition const& c, expr::schema const&) {
    static std::array const answered{ticket_field("tenant"),   ticket_field("queue"),       ticket_field("state"),
                                     ticket_field("priority"), ticket_field("kind"),        ticket_field("team"),
                                     ticket_field("tier"),     ticket_field("assignee"),    ticket_field("status"),
                                     ticket_field("breached"), derived_ticket_fields().open};
    return !c.asks_time() && std::all_of(c.fields().begin(), c.fields().end(), [](std::uint32_t field) {
        return std::find(answered.begin(), answered.end(), field) != answered.end();
    });
}

GUICHET_DECL ticket sample_of(facet_key const& key) {
    ticket t;
    t.tenant = key.tenant;
    t.queue = key.queue;
    t.state = key.state;
    t.priority = key.priority;
    t.kind = key.kind;
    t.team = key.team;
    t.tier = key.tier;
    t.assignee = key.assignee;
    t.status = key.status;
    t.breached = key.breached;
    return t;
}

GUICHET_DECL void facet_changes::move(ticket const* before, ticket const& after) {
    if (before && detail::facets_tied(*before) == detail::facets_tied(after))
        return;
    if (before)
        --changes_[facets_of(*before)];
    ++changes_[facets_of(after)];
}

} // namespace guichet::inline v0::storage
