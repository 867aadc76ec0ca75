#pragma once
#include "figures.hpp"
#include "replay.hpp"
#include "vocabulary.hpp"

namespace guichet::cli {

/// What stands under the figures: where the desk is, how big, and what the replay did if there was one.
struct report_machine {
    std::string call; ///< how to call the program on this desk; empty: it is gone when the program ends
    storage::store_stats stats;
    replay_result const* replay = nullptr;
};

/// The report that a service manager reads.
std::string print_report(console const& out, vocabulary const& words, figures const& f, report_machine const& machine);

} // namespace guichet::cli
