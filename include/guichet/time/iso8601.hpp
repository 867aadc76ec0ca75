#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>
#include <guichet/time/zone.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Instants, durations and dates as text. Free functions without state, callable from any thread.
namespace guichet::inline v0::time {

/// An instant's text without an allocation.
struct instant_text {
    std::array<char, 24> bytes; ///< "2026-11-21T01:19:33.125Z" is 24 long
    std::size_t size;
    operator std::string_view() const noexcept { return {bytes.data(), size}; }
};

/// "2026-11-21T01:19:33Z", with ".125" only if there are milliseconds. Always UTC. Years 0000 to 9999; an instant
/// outside is printed as the nearest one inside. About 10 ns.
GUICHET_DECL instant_text print(instant at) noexcept;
GUICHET_DECL std::string to_text(instant at);

/// Reads RFC 3339: a date, 'T' or a blank, a time with seconds, an optional fraction (cut after milliseconds), and 'Z'
/// or an offset (+02:00, +0200, +02). An offset is required: local time without a zone names no instant. A leap second
/// (:60) is the second that follows. Nothing if the text is anything else. About 10 ns.
GUICHET_DECL std::optional<instant> read_instant(std::string_view text) noexcept;
/// The same, with `bad_value` at `path` when the text is something else.
GUICHET_DECL result<instant> parse_instant(std::string_view text, std::string_view path = "instant");

/// "90s", "30min", "4h", "2d", "1w", sums of these in falling order ("1h30min"), "ms" as well, a leading '-'; and the
/// ISO 8601 form ("PT1H30M", "P2D", "P1W"). A day is 24 hours: these are lengths of time, not dates. Months and years
/// have no fixed length and are refused. `bad_value` at `path` when the text is something else or over 292 years.
GUICHET_DECL result<duration> parse_duration(std::string_view text, std::string_view path = "duration");

/// The shortest text that `parse_duration` reads back as the same value: "1h30min", "2w", "0s". Sums use days at most,
/// so ten days are "10d"; only whole weeks are weeks.
GUICHET_DECL std::string to_text(duration length);

/// "YYYY-MM-DD".
GUICHET_DECL std::optional<std::chrono::year_month_day> read_date(std::string_view text) noexcept;
GUICHET_DECL std::string to_text(std::chrono::year_month_day date);

/// For people: "Sat 21 Nov 2026", in French "sam. 21 nov. 2026".
GUICHET_DECL std::string print_date(std::chrono::year_month_day date, language lang = language::en);
/// For people: "Sat 21 Nov 2026 02:19 CET", in French "sam. 21 nov. 2026 02:19 CET".
GUICHET_DECL std::string print_local(instant at, zone const& where, language lang = language::en);

} // namespace guichet::inline v0::time

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/time/impl/iso8601.ipp>
#endif
