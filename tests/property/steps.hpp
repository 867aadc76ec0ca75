#pragma once
#include "property/world.hpp"

#include <variant>

/// The steps of a script; each can be played on any number of desks.
namespace play {

struct one_command {
    command wish;
    bool repeats = false;  ///< this id, with this content, was executed before
    std::string file = {}; ///< comes with the command: stored first, then named in it
};
struct many_commands {
    std::vector<command> wishes;
    batch_mode mode = batch_mode::each;
};
struct clock_moves {
    duration by;
};
struct pump_runs {
    pump_budget budget;
};
struct new_documents {
    std::vector<document> documents;
};
using step = std::variant<one_command, many_commands, clock_moves, pump_runs, new_documents>;

/// How wild it gets.
struct temper {
    bool configures = true, redacts = true, goes_back = true;
};

/// What a script has learnt about a ticket from the outcomes.
struct acquaintance {
    ticket_id id;
    std::string tenant, number;
    std::uint64_t version = 0;
    std::uint32_t texts = 0;
};

/// The same about an article.
struct known_article {
    article_id id;
    std::string tenant, number;
    std::uint64_t version = 0;
};

} // namespace play
