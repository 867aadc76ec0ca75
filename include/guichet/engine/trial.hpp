#pragma once
#include <guichet/engine/reports.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/model/event.hpp>
#include <guichet/rules/rule_set.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Rules explained, and tried before they live.
namespace guichet::inline v0 {

/// Who or what gave a field a value.
struct field_origin {
    std::uint64_t version = 0; ///< of the ticket, after it
    instant at;
    std::string actor;
    event_cause cause; ///< "rule:set/name", "macro:set/name", "timer:..."; empty: the actor's own command
    std::string event; ///< its type
    expr::literal from{}, to{};
};

/// What became of one rule when something happened to a ticket, and why.
struct rule_decision {
    std::string rule;
    std::uint32_t version = 0, pass = 0;
    rules::rule_verdict verdict = rules::rule_verdict::condition_false;
    expr::explanation why;            ///< its condition, as it stood when the rule was looked at
    std::vector<std::string> refused; ///< actions that the desk refused, in the words of the error
};

/// Which decisions a desk keeps beside its log, in memory. The log alone tells why and why not at any time; what is
/// kept tells it without answering the past again, and with what linked tickets and the host said then.
struct decision_policy {
    enum class which : std::uint8_t {
        none,
        fired,   ///< of the rules that did something, or tried to
        sampled, ///< one in so many, whatever it came to
        all
    };
    which keep = which::none;
    std::uint32_t one_in = 100; ///< of `sampled`
    std::size_t most = 10'000;  ///< the latest
};
struct kept_decision {
    ticket_id ticket;
    std::uint64_t ticket_version = 0; ///< before the rules answered
    instant at;
    rule_decision what;
};

/// What rules would do about a change: every trigger with its verdict, and the events that would follow.
struct dry_run_report {
    std::vector<rule_decision> decisions; ///< by order of the rules
    std::vector<event> events;
    /// What rules would do on other tickets, and that they would open one: named, not carried out.
    struct deed {
        std::string rule, on, command;
    };
    std::vector<deed> elsewhere;
    bool cut = false; ///< the depth was reached
};

struct dry_run_of_ticket {
    ticket_id ticket;
    std::string number;
    dry_run_report report;
};

/// What rules would have done with the past.
struct back_test_report {
    std::uint64_t events = 0, changes = 0;
    std::uint64_t conflicts = 0; ///< changes in which two rules set the same field
    std::uint64_t cuts = 0, refused = 0;
    std::uint64_t differences = 0; ///< changes after which the log has other events of rules than these
    /// Clocks that ran out: with these rules, all else being as it was, and in the log. Metrics that listen do not
    /// count.
    std::uint64_t breaches = 0, breaches_in_log = 0;
    struct count {
        std::string rule;
        std::uint64_t fired = 0, in_log = 0; ///< events of the rule in the log
    };
    std::vector<count> rules; ///< those that fired, or are in the log
};

GUICHET_DECL std::string encode(field_origin const& o);
/// `{"rule": ..., "verdict": ..., "why": {...}}`
GUICHET_DECL std::string encode(rule_decision const& d);
GUICHET_DECL std::string encode(dry_run_of_ticket const& r);
GUICHET_DECL std::string encode(back_test_report const& r);

} // namespace guichet::inline v0
