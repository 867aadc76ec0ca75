#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/reporting/ledger.hpp>
#include <guichet/time/calendar.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::reporting {

/// What a figure is counted in. `share` is from 0 to 1.
enum class unit : std::uint8_t { tickets, times, share, seconds, money, score };
GUICHET_DECL std::string_view name_of(unit which) noexcept;

struct measure {
    std::string_view name;
    unit in = unit::tickets;
};

struct table_row {
    std::vector<std::string> keys;
    std::vector<std::optional<double>> values; ///< nothing where there is none, such as a share of no tickets
};

/// A report: rows of figures, by keys.
struct table {
    std::string what;
    std::vector<std::string> keys; ///< names of what the rows are by
    std::vector<measure> measures;
    std::vector<table_row> rows; ///< by key, but `causes`, the most frequent first
    /// Which of the keys is a day, a week, a month, a quarter or a year.
    GUICHET_DECL std::optional<std::size_t> time_key() const noexcept;
};

/// What to count. docs/concepts/reports.md says what each report counts.
struct request {
    std::string what; ///< volume, backlog, fcr, time, reopen, sla, cost, causes, satisfaction
    /// `dimensions`; one of day, week, month, quarter, year (UTC); of `sla`, policy and metric too. Empty: as is usual
    /// for the report.
    std::vector<std::string> by{};
    instant from = instant::min(), to = instant::max(); ///< `to` itself is not counted
    instant now{};                                      ///< until when open tickets stay as they are
    expr::condition where{}; ///< of `dimensions`, `moments`, `counts` and `open`: on the tickets as they are now
    expr::context with{};
    std::optional<std::string> tenant{};   ///< none: all of them
    time::calendar const* hours = nullptr; ///< of `time`: counts the working time, too
    double hourly_rate = 0;                ///< of `cost`: what an hour that was logged costs
    std::size_t top = 0;                   ///< rows at most; 0: all
};

/// Names of the reports, for messages: "volume, backlog, ...".
GUICHET_DECL std::string known_reports();

/// Costs a walk through the columns: a few nanoseconds for each ticket, stay or verdict and for each key; with `where`
/// on `dimensions` little more, on anything else 50 ns a ticket. At most `limits::report_rows_max` rows.
GUICHET_DECL result<table> report(ledger const& of, request const& asked);

} // namespace guichet::inline v0::reporting

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/reporting/impl/report.ipp>
#endif
