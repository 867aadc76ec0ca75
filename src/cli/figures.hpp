#pragma once
#include <guichet/engine/desk.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace guichet::cli {

/// The figures of a service, from the desk's own rows and log. docs/guides/command-line.md defines each.
struct figures {
    struct clock_count {
        std::uint64_t met = 0, breached = 0, running = 0;
    };
    struct move_count {
        std::uint64_t times = 0, tickets = 0;
        void add(std::uint32_t of_one) {
            times += of_one;
            tickets += of_one > 0;
        }
    };
    using name_pair = std::pair<std::string, std::string>;

    std::uint64_t tickets = 0, finished = 0, events = 0, timers_fired = 0;
    instant from = instant::max(), to = instant::min();
    std::map<name_pair, std::uint64_t> by_state_and_priority;
    std::map<name_pair, std::uint64_t> transitions; ///< from one state to another
    std::map<std::string, std::uint64_t> openings;  ///< by month, 2026-11
    move_count reassignments, handovers, reopenings;
    std::map<std::string, std::vector<double>> hours_to_resolve;   ///< by priority, ascending
    std::map<name_pair, clock_count> clocks;                       ///< by metric and priority
    std::vector<std::uint64_t> backlog;                            ///< at the end of each day from `from` to `to`
    std::vector<std::pair<std::string, std::uint64_t>> categories; ///< of the first level, most frequent first
    std::string telling_ticket; ///< a breached ticket with a long history, to look at
};

/// Reads every ticket of the viewer's tenant once, and the log once; the viewer needs the right to audit.
result<figures> collect_figures(desk const& d, viewer const& who);

/// The value below which a share of the sorted values lies (nearest rank); 0 without values.
double quantile(std::vector<double> const& sorted, double share) noexcept;

/// The figures as a JSON object.
std::string encode(figures const& f);

} // namespace guichet::cli
