#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace guichet::inline v0::expr {

/// What a record shows of one field: a view, valid as long as the record. `std::monostate` means empty.
/// Choices and ids travel as text.
using value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string_view, instant, std::span<std::string const>>;

/// What a condition compares with, and what an explanation keeps of a value: the same things, owned. `duration` is the
/// operand of `older_than` and `newer_than`. `std::monostate` is JSON's null.
using literal =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, instant, duration, std::vector<std::string>>;

/// An owning copy of what a record showed.
GUICHET_DECL literal to_literal(value const& seen);
/// As a person writes it: `"high"`, `12`, `2026-01-05T08:00:00Z`, `4h`, `["vip", "paris"]`, `null`.
GUICHET_DECL std::string to_text(literal const& operand);

/// Reads ISO 8601: `2026-01-05T08:00Z`, with seconds and up to nine decimals if wanted (kept to the millisecond),
/// ending in `Z` or in an offset such as `+01:00`. Years 0001 to 9999. Nothing on any other text: a time without a
/// zone is not an instant.
GUICHET_DECL std::optional<instant> parse_instant(std::string_view text) noexcept;
/// Writes what `parse_instant` reads, in UTC; milliseconds only where there are some.
GUICHET_DECL std::string to_text(instant at);

/// Reads `1500ms`, `90s`, `30min`, `4h`, `2d`, `1w`, or ISO 8601 without years and months (`PT4H`, `P1DT12H`, `P2W`).
/// A day is 24 hours of wall-clock time. Nothing on any other text, or beyond `duration_max`.
GUICHET_DECL std::optional<duration> parse_duration(std::string_view text) noexcept;
/// Writes what `parse_duration` reads, in the largest unit that divides it.
GUICHET_DECL std::string to_text(duration length);

/// The longest `older_than`: about a hundred years, so that no sum with a date overflows.
inline constexpr duration duration_max = std::chrono::days{36'525};

} // namespace guichet::inline v0::expr

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/expr/impl/value.ipp>
#endif
