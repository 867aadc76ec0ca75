#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/ticket.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guichet::inline v0::storage {

/// One criterion of an order, by field number; an empty value sorts as the smallest. Text sorts by its bytes, a choice
/// by its rank in the schema, and a value that is not among the choices as an empty one. A list has no order.
struct order_by {
    std::uint32_t field = 0;
    bool descending = false;
    friend bool operator==(order_by const&, order_by const&) = default;
};

/// Where a page ended: the values of the order's fields in its last row, and that row's ordinal. The next page begins
/// after it, so pages neither skip nor repeat rows whatever is written between two of them. As many values as the order
/// has criteria, else `bad_cursor`.
struct position {
    std::vector<expr::literal> values{};
    std::uint64_t ordinal = 0;
};

/// Which tickets of a tenant, in what order, how many. The last criterion is always the ordinal, descending when the
/// first criterion is. `wanted` and `visible` are checked against the same schema; both must hold. Related fields are
/// empty.
struct ticket_query {
    std::string tenant{};
    expr::condition wanted{}, visible{};
    std::vector<order_by> order{};
    std::optional<position> after{};
    std::size_t limit = 50;
    instant now{}; ///< for conditions that ask for time
    /// For those that ask for working time; without, no calendar is known. Keep it alive.
    expr::calendars const* calendars = nullptr;
};

/// How many tickets: exact, or at least `count`, which then is `limits::counted_rows_max`, when there are more than
/// that and no facets answer.
struct counter {
    std::uint64_t count = 0;
    bool exact = true;
    friend bool operator==(counter const&, counter const&) = default;
};

} // namespace guichet::inline v0::storage
