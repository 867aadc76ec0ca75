#pragma once
#include "replay_plan.hpp"

#include <guichet/engine/desk.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <functional>

namespace guichet::cli {

/// What a replay did.
struct replay_result {
    std::size_t rows = 0, incidents = 0, commands = 0, batches = 0;
    std::size_t timers_fired = 0, silent_rows = 0, bad_states = 0;
    std::vector<skipped_row> skipped; ///< unreadable rows, then those with a command that the desk refused
    double seconds = 0;
};

/// Replays a log into a desk whose clock is `env`. Every timer fires at its due second, before later commands and after
/// those of the same instant; where none can fall due, commands share a transaction of up to `batch`. `show` hears how
/// many rows are done.
result<replay_result> replay_log(incident_log const& log, replay_setup const& setup, desk& into,
                                 testing::simulated_environment& env, std::string const& tenant, std::size_t batch,
                                 speaker const& say, std::function<void(std::size_t)> const& show);

} // namespace guichet::cli
