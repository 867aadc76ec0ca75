#pragma once
#include <guichet/storage/impl/memory_contents.ipp>
#include <guichet/storage/scan.hpp>

#include <algorithm>

namespace guichet::inline v0::storage {

GUICHET_DECL result<std::vector<ticket_snapshot>> scan(std::vector<ticket_snapshot> all, ticket_query const& query,
                                                       expr::schema const& schema) {
    if (query.after && query.after->values.size() != query.order.size())
        return error{reason::bad_cursor};
    detail::memory::ordering const order{query, schema};
    std::erase_if(all, [&](ticket_snapshot const& t) {
        return !detail::memory::matches(query, *t, schema) || (query.after && !order.after(*t, *query.after));
    });
    auto const end = all.begin() + static_cast<std::ptrdiff_t>(std::min(query.limit, all.size()));
    std::partial_sort(all.begin(), end, all.end(), [&](auto const& a, auto const& b) { return order.before(*a, *b); });
    all.erase(end, all.end());
    return all;
}

GUICHET_DECL counter count_by_scan(std::vector<ticket_snapshot> const& all, ticket_query const& query,
                                   expr::schema const& schema) {
    counter out;
    out.count = static_cast<std::uint64_t>(std::count_if(
        all.begin(), all.end(), [&](ticket_snapshot const& t) { return detail::memory::matches(query, *t, schema); }));
    if (out.count > limits::counted_rows_max &&
        !(facets_answer(query.wanted, schema) && facets_answer(query.visible, schema)))
        out = {limits::counted_rows_max, false};
    return out;
}

} // namespace guichet::inline v0::storage
