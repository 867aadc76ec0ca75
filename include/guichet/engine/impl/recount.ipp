#pragma once
#include <string_view>

namespace guichet::inline v0::detail {

/// The document that says, in the store, that open tickets are still to be counted again after a change.
inline constexpr std::string_view recount_kind = "recount";
inline constexpr std::string_view recount_id = "open_tickets";

} // namespace guichet::inline v0::detail
