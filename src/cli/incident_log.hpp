#pragma once
#include "messages.hpp"

#include <guichet/base/instant.hpp>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::cli {

/// The columns that a replay reads; any other is ignored, and all but three may be missing.
enum class column : std::uint8_t {
#define GUICHET_COLUMN(name) name,
#include "columns.def"
#undef GUICHET_COLUMN
};
inline constexpr std::size_t column_count = 0
#define GUICHET_COLUMN(name) +1
#include "columns.def"
#undef GUICHET_COLUMN
    ;

/// One row of the log: the incident as it was after an update. Cells are views; "?" and blanks have become empty.
struct log_row {
    std::size_t line = 0;
    std::size_t incident = 0; ///< its place in `incident_log::numbers`
    std::int64_t order = 0;   ///< sys_mod_count
    instant at;               ///< never before the incident's previous row
    std::array<std::string_view, column_count> cells;

    std::string_view operator[](column c) const noexcept { return cells[static_cast<std::size_t>(c)]; }
};

/// A row that cannot be replayed, and why.
struct skipped_row {
    std::size_t line = 0;
    std::string why;
};

/// Other names for columns and states: `{"columns": {"number": "Incident ID"}, "states": {"Wait": "on_hold"}}`.
struct log_mapping {
    std::map<std::string, std::string, std::less<>> columns; ///< ours -> the file's
    std::map<std::string, std::string, std::less<>> states;  ///< the file's -> a status
};
result<log_mapping> read_mapping(std::string_view json);

/// An incident log on one time line.
struct incident_log {
    std::shared_ptr<void const> owner; ///< of the text that cells look at
    std::vector<log_row> rows;         ///< by time; rows of one incident by sys_mod_count
    std::vector<std::string_view> numbers;
    std::vector<skipped_row> skipped;
    std::array<bool, column_count> present{}; ///< which columns the file has

    bool has(column c) const noexcept { return present[static_cast<std::size_t>(c)]; }
};

/// Reads and orders a log. Event times are minutes and may run against sys_mod_count: the rows of an incident follow
/// sys_mod_count, at the latest time seen so far.
result<incident_log> read_incident_log(std::string const& path, log_mapping const& mapping, std::size_t row_limit,
                                       speaker const& say);

/// Reads `dd/mm/yyyy hh:mm[:ss]` or `yyyy-mm-dd[T ]hh:mm[:ss][Z]`, as UTC.
std::optional<instant> read_log_time(std::string_view text) noexcept;

} // namespace guichet::cli
