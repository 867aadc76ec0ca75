#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>
#include <guichet/model/vocabulary.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The administrator's documents, as he writes them. They are checked and compiled by `lifecycle::machine`.
namespace guichet::inline v0 {

/// JSON that is kept as it was written until the module it belongs to compiles it (a condition).
struct raw_json {
    std::string text{};
    bool empty() const noexcept { return text.empty(); }
    friend bool operator==(raw_json const&, raw_json const&) = default;
};

/// A name with its words for people.
struct labelled {
    std::string name{}, label_en{}, label_fr{};
};
BOOST_DESCRIBE_STRUCT(labelled, (), (name, label_en, label_fr))

/// A kind of ticket; `prefix` begins its numbers (INC).
struct kind_definition : labelled {
    std::string prefix{};
};
BOOST_DESCRIBE_STRUCT(kind_definition, (labelled), (prefix))

/// A state, and what it means. The first state of a status is the one that commands without a state take.
struct state_definition : labelled {
    guichet::status status = status::open;
};
BOOST_DESCRIBE_STRUCT(state_definition, (labelled), (status))

/// From a state (`*`: from any) to each of `to`, where the guard holds for the ticket as it would be.
struct transition_definition {
    std::string from{};
    std::vector<std::string> to{};
    raw_json guard{};
};
BOOST_DESCRIBE_STRUCT(transition_definition, (), (from, to, guard))

/// One cell of the priority matrix.
struct matrix_cell {
    std::string impact{}, urgency{}, priority{};
};
BOOST_DESCRIBE_STRUCT(matrix_cell, (), (impact, urgency, priority))

/// A typed field of the administrator's. `kinds` empty: for every kind.
struct field_definition : labelled {
    std::string type{}; ///< text, number, boolean, date, choice, reference
    std::vector<std::string> choices{}, kinds{};
};
BOOST_DESCRIBE_STRUCT(field_definition, (labelled), (type, choices, kinds))

/// Resolved tickets close by themselves after so many working days of a calendar; 0: never.
struct auto_close_definition {
    std::uint32_t working_days = 0;
    std::string calendar{};
};
BOOST_DESCRIBE_STRUCT(auto_close_definition, (), (working_days, calendar))

/// Everything about how a ticket lives. Lists that are empty allow any value (categories, resolution_codes).
struct lifecycle_document {
    std::vector<kind_definition> kinds{};
    std::vector<state_definition> states{};
    std::string initial{};
    std::vector<transition_definition> transitions{};
    std::vector<labelled> impacts{}, urgencies{}, priorities{}; ///< the most severe first
    std::vector<matrix_cell> matrix{};
    std::string default_impact{}, default_urgency{};
    std::vector<std::string> categories{}, resolution_codes{};
    std::vector<field_definition> fields{};
    auto_close_definition auto_close{};
    bool reply_of_requester_reopens = true; ///< pending, on hold and resolved tickets go back to work
    bool reply_of_desk_opens = true;        ///< a new ticket that the desk answers is open
    bool parent_waits_for_children = true;  ///< a parent is not resolved while a child is open
};
BOOST_DESCRIBE_STRUCT(lifecycle_document, (),
                      (kinds, states, initial, transitions, impacts, urgencies, priorities, matrix, default_impact,
                       default_urgency, categories, resolution_codes, fields, auto_close, reply_of_requester_reopens,
                       reply_of_desk_opens, parent_waits_for_children))

/// ITIL's practice: new, open, pending, on hold, resolved, closed; impact x urgency in three steps to four priorities.
GUICHET_DECL lifecycle_document itil_lifecycle();

/// One target of a service level policy: `metric` is first_response or resolution; `priority` empty: for all others.
struct target_definition {
    std::string metric{}, priority{};
    std::string within{};   ///< a duration of working time: "4h", "30min", "2d" (24 h each)
    std::string calendar{}; ///< default: the policy's
};
BOOST_DESCRIBE_STRUCT(target_definition, (), (metric, priority, within, calendar))

/// A service level policy. The first in order of position whose condition holds is a ticket's; `pause` names the states
/// or statuses in which its clocks stand still.
struct policy_document {
    std::string name{};
    std::uint32_t position = 0;
    raw_json condition{};
    std::string calendar{};
    std::vector<target_definition> targets{};
    std::vector<std::string> pause{};
};
BOOST_DESCRIBE_STRUCT(policy_document, (), (name, position, condition, calendar, targets, pause))

/// What a role may do: rights by name (the names of commands, and those of `access/roles.hpp`). `extends` takes
/// over another role's rights.
struct role_document {
    std::string name{}, extends{};
    guichet::side side = side::desk;
    std::vector<std::string> rights{};
};
BOOST_DESCRIBE_STRUCT(role_document, (), (name, extends, side, rights))

/// A versioned document of the configuration, as stored: nothing of the ticket log, but with a log of its own.
struct document {
    std::string kind{}; ///< lifecycle, calendar, policy, role
    std::string id{};
    std::uint32_t version = 0;
    std::string body{}; ///< JSON; empty: withdrawn
    std::string author{};
    instant at{};
    friend bool operator==(document const&, document const&) = default;
};
BOOST_DESCRIBE_STRUCT(document, (), (kind, id, version, body, author, at))

} // namespace guichet::inline v0
