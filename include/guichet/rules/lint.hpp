#pragma once
#include <guichet/base/error.hpp>
#include <guichet/rules/requirements.hpp>
#include <guichet/rules/rule_set.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace guichet::inline v0::rules {

/// What can be wrong with rules that are well written each.
enum class lint_kind : std::uint8_t {
    never_true,     ///< no ticket satisfies the condition
    always_true,    ///< a trigger that asks for nothing: it answers everything
    shadowed,       ///< where the condition holds, a rule before it holds as well and ends the set
    fight,          ///< two rules can hold at once and give the same thing different values
    cycle,          ///< what the rules do can make one another hold, round and round
    unknown_person, ///< nobody is called so
    unknown_team,
    unknown_queue,
    unknown_tier,
    unfinished ///< too many rules to compare: not all was looked at
};
BOOST_DESCRIBE_ENUM(lint_kind, never_true, always_true, shadowed, fight, cycle, unknown_person, unknown_team,
                    unknown_queue, unknown_tier, unfinished)

/// Errors are what is certainly not meant, warnings what a person should look at.
enum class lint_severity : std::uint8_t { warning, error };
BOOST_DESCRIBE_ENUM(lint_severity, warning, error)

/// Something in a set of rules that is probably not meant.
struct finding {
    lint_kind kind = lint_kind::never_true;
    lint_severity severity = lint_severity::warning;
    std::string place;              ///< "desk/vip.when", "desk/vip.actions[1]"
    std::vector<std::string> rules; ///< the one that it is about, and the others; of a cycle, in its order
    std::string field;              ///< of the ticket, where it is about one
    std::string value, other;       ///< that the rule gives it, and the one that the other rule does
    expr::label called;             ///< how people call the field
};
/// One sentence for people, without an end.
GUICHET_DECL std::string describe(finding const& of, language lang = language::en);
/// `[{"kind":"fight","severity":"warning","place":"desk/b.actions[0]","rules":["desk/b","desk/a"],...}]`
GUICHET_DECL std::string encode(std::vector<finding> const& all, language lang = language::en);

/// Whoever and whatever rules may name. What is empty is not looked at.
struct known_names {
    std::vector<std::string> persons, teams, queues, tiers;
};

/// Looks at rules as they lie together. What it says of conditions is certain: one that "is never true" holds for no
/// ticket, and one that is shadowed for none that the other does not hold for, as the ticket then stands. Fights and
/// cycles are possible, not certain: events are not looked at, and a rule fires once a change at most, so that a cycle
/// ends, but it can go on at the next change. In the order of the rules. Near linear: conditions are compared where
/// they ask for the same values, and for each kind of finding no more than
/// a million times. Pure, safe from any thread.
GUICHET_DECL std::vector<finding> lint(rule_set const& set, known_names const& known = {});

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/lint.ipp>
#endif
