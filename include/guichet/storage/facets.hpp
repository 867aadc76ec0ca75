#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace guichet::inline v0::storage {

/// The attributes that counters are kept for. A store keeps one number for each combination that occurs, so a counter
/// that asks for nothing else adds up some hundred numbers instead of reading a million tickets.
struct facet_key {
    std::string tenant, queue, state, priority, kind, team, tier, assignee;
    guichet::status status = status::new_;
    bool breached = false;
    friend auto operator<=>(facet_key const&, facet_key const&) = default;
};
GUICHET_DECL facet_key facets_of(ticket const& t);
/// Whether a condition asks for facets only, so that the numbers answer it.
GUICHET_DECL bool facets_answer(expr::condition const& c, expr::schema const& schema);
/// A ticket that has the facets and nothing else, for evaluating such a condition.
GUICHET_DECL ticket sample_of(facet_key const& key);

/// What a unit of work changes about the numbers: collected in memory, written once at the commit.
class facet_changes {
public:
    GUICHET_DECL void move(ticket const* before, ticket const& after);
    std::map<facet_key, std::int64_t> const& changes() const noexcept { return changes_; }

private:
    std::map<facet_key, std::int64_t> changes_;
};

} // namespace guichet::inline v0::storage

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/storage/impl/facets.ipp>
#endif
