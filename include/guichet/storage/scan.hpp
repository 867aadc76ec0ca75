#pragma once
#include <guichet/storage/store.hpp>

#include <vector>

/// Views by reading every ticket: what a store answers with until it translates conditions into queries of its own.
namespace guichet::inline v0::storage {

/// The page of a query, of tickets in any order; those of other tenants are left out. Costs an evaluation of both
/// conditions for each ticket, and sorting what fits.
GUICHET_DECL result<std::vector<ticket_snapshot>> scan(std::vector<ticket_snapshot> all, ticket_query const& query,
                                                       expr::schema const& schema);
/// The counter of a query: exact where facets would answer it, as a store that keeps them is.
GUICHET_DECL counter count_by_scan(std::vector<ticket_snapshot> const& all, ticket_query const& query,
                                   expr::schema const& schema);

} // namespace guichet::inline v0::storage

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/storage/impl/scan.ipp>
#endif
