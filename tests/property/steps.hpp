#pragma once
#include "property/dice.hpp"
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

/// What a guide asks on a ticket after an answer.
struct asked_on {
    ticket_id on;
    std::string guide, next;
};

/// What was asked of the knowledge base.
class known_inquiries {
public:
    void learn(command const& wish, outcome const& came_to) {
        if (auto const* asked = std::get_if<record_inquiry>(&wish.body); asked && !came_to.repeated)
            known_.push_back({came_to.inquiry, wish.by, asked->shown});
    }
    static record_inquiry asked(dice& by, std::string words) {
        record_inquiry out{by.percent(97) ? std::move(words) : "", by.percent(50) ? "fr" : "", {}};
        for (auto left = by.below(4); left > 0; --left)
            out.shown.push_back("KB-2026-00000" + std::to_string(1 + by.below(5)));
        return out;
    }
    /// What is followed is mostly one's own, and so asked before.
    void speak_of_one(dice& by, command& c, ticket_id some) const {
        auto* said = std::get_if<follow_inquiry>(&c.body);
        if (!said || known_.empty())
            return;
        auto const& one = by.pick(known_);
        if (by.percent(90))
            c.by = one.by;
        said->inquiry = one.id;
        if (!one.shown.empty() && by.percent(60))
            said->opened = by.percent(95) ? by.pick(one.shown) : "KB-2025-000001";
        if (by.percent(40))
            said->helped = by.percent(60);
        if (by.percent(30))
            c.ticket = some;
    }

private:
    struct known {
        inquiry_id id;
        actor by;
        std::vector<std::string> shown;
    };
    std::vector<known> known_;
};

} // namespace play
