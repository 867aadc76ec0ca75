#pragma once
#include "cli/incident_log.hpp"
#include "trend_year.hpp"

#include <limits>

namespace trend_year {

/// The first row of each incident, by what it shares with others. The detector is told the minute of the row.
inline ticket_log read_trend_log(std::string const& file) {
    using cli::column;
    auto const rows = cli::read_incident_log(file, {}, std::numeric_limits<std::size_t>::max(), cli::speaker{}).value();
    std::vector<ticket> tickets;
    std::vector<bool> seen(rows.numbers.size());
    for (auto const& row : rows.rows) {
        if (seen[row.incident])
            continue;
        seen[row.incident] = true;
        tickets.push_back({row.at, {}});
        for (auto const c :
             {column::category, column::subcategory, column::u_symptom, column::location, column::assignment_group})
            tickets.back().values.emplace_back(row[c]);
    }
    return log_of({"category", "subcategory", "symptom", "location", "team"}, std::move(tickets));
}

} // namespace trend_year
