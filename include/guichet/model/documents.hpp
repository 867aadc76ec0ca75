#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>
#include <guichet/model/raw_json.hpp>
#include <guichet/model/vocabulary.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The administrator's documents, as he writes them. The modules they belong to check and compile them.
namespace guichet::inline v0 {

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

/// A pending ticket without a date whose requester is silent: he is reminded after so many working days (0: never), and
/// again after as many, and when `times` reminders brought no word, the ticket goes to the state `then` after as many
/// days more (empty: it goes on waiting).
struct reminder_definition {
    std::uint32_t working_days = 0;
    std::string calendar{};
    std::uint32_t times = 2;
    std::string then{};
};
BOOST_DESCRIBE_STRUCT(reminder_definition, (), (working_days, calendar, times, then))

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
    std::vector<field_definition> related{}; ///< what the host knows beside: `related.<name>` in conditions of rules
    auto_close_definition auto_close{};
    reminder_definition reminders{};
    bool reply_of_requester_reopens = true; ///< pending, on hold and resolved tickets go back to work
    bool reply_of_desk_opens = true;        ///< a new ticket that the desk answers is open
    bool parent_waits_for_children = true;  ///< a parent is not resolved while a child is open
};
BOOST_DESCRIBE_STRUCT(lifecycle_document, (),
                      (kinds, states, initial, transitions, impacts, urgencies, priorities, matrix, default_impact,
                       default_urgency, categories, resolution_codes, fields, related, auto_close, reminders,
                       reply_of_requester_reopens, reply_of_desk_opens, parent_waits_for_children))

/// ITIL's practice: new, open, pending, on hold, resolved, closed; impact x urgency in three steps to four priorities;
/// problems with a cause and a workaround, preventive actions with a due date.
GUICHET_DECL lifecycle_document itil_lifecycle();

/// One target of a service level policy, for a metric. The first whose condition holds counts, else the one that names
/// the ticket's priority, else the one that names none.
struct target_definition {
    std::string metric{}, priority{};
    std::string within{};   ///< working time: "4h", "30min", "2d" (24 h each); or working days: "3wd"
    std::string calendar{}; ///< default: the policy's
    raw_json condition{};
    bool end_of_day = false;   ///< of working days: until the desk closes on the last of them
    std::string until_field{}; ///< instead of `within`: a date field of the ticket that holds the contractual date
};
BOOST_DESCRIBE_STRUCT(target_definition, (), (metric, priority, within, calendar, condition, end_of_day, until_field))

/// How a metric of a policy departs from its usual rules; with `start`, a metric of the administrator's own. Conditions
/// are asked at every event of the ticket's log, also of the log before they were written: one that speaks of a change
/// (`changed`, `changed_to`) fires at that event, any other when it begins to hold.
struct metric_definition {
    std::string metric{};
    std::optional<std::vector<std::string>> pause{}; ///< states or statuses, instead of the policy's
    bool pause_excludes_time = true;                 ///< false: a pause only hides the deadline, the time goes on
    /// next_response: first_unanswered (default) or last_contact (every contact begins anew); periodic_update: always
    /// (default) or unless_waiting (not while the requester waits for an answer); resolution: resume (default) or
    /// restart (a reopened ticket has its whole time again).
    std::string mode{};
    raw_json start{};       ///< begins a cycle, unless one runs
    raw_json stop{};        ///< ends it: met, or late
    raw_json cancel{};      ///< ends it without a verdict
    raw_json reset{};       ///< begins it anew: the time so far counts for nothing
    raw_json pause_when{};  ///< of any metric: the clock stands while it holds, or until `resume_when`
    raw_json resume_when{}; ///< goes on
};
BOOST_DESCRIBE_STRUCT(metric_definition, (),
                      (metric, pause, pause_excludes_time, mode, start, stop, cancel, reset, pause_when, resume_when))

/// A point of a clock at which something is to happen: "80%" of the target, "-30min" of working time before it, "+1h"
/// after it.
struct threshold_definition {
    std::string metric{}, name{}, at{};
};
BOOST_DESCRIBE_STRUCT(threshold_definition, (), (metric, name, at))

/// A service level policy. Of each family (the customer's contract, a team's own promise, a supplier's) the first in
/// order of position whose condition holds is a ticket's; `pause` names the states or statuses in which its clocks
/// stand still.
struct policy_document {
    std::string name{};
    std::uint32_t position = 0;
    raw_json condition{};
    std::string calendar{};
    std::vector<target_definition> targets{};
    std::vector<std::string> pause{};
    std::string family{};   ///< default: the customer's
    std::string boundary{}; ///< nearest (default) or farthest: where a target that is used up as the desk closes ends
    std::vector<metric_definition> metrics{};
    std::vector<threshold_definition> thresholds{};
    /// What happens to thresholds that fell due more than a minute before the desk could tell: all (default) are
    /// passed, late; once: of one clock only the last; skip: none. Those left out are recorded as overrun.
    std::string catch_up{};
};
BOOST_DESCRIBE_STRUCT(policy_document, (),
                      (name, position, condition, calendar, targets, pause, family, boundary, metrics, thresholds,
                       catch_up))

/// When a rule of time runs: so long after (or, with a minus, before) an instant of the ticket.
struct schedule_definition {
    std::string since{};    ///< a field that holds an instant: created_at, updated_at, due_at, resolved_at ...
    std::string delay{};    ///< "4h", "-30min"
    std::string calendar{}; ///< in its working time; empty: by the wall clock
};
BOOST_DESCRIBE_STRUCT(schedule_definition, (), (since, delay, calendar))

/// One rule. Its actions are commands in their JSON form, without an envelope, and `{"raise_priority": 1}`.
struct rule_definition {
    std::string name{};
    std::string kind{};              ///< trigger (default), guard, macro or schedule
    std::vector<std::string> on{};   ///< of a trigger: names of events; empty: any
    raw_json when{};                 ///< the condition
    std::vector<raw_json> actions{}; ///< in order
    bool stop = false;               ///< once it fired, no later rule of its set does
    std::string hours{};             ///< a calendar: only while it is open
    schedule_definition schedule{};
    std::string message_en{}, message_fr{}; ///< of a guard: why it refuses
    bool enabled = true;
};
BOOST_DESCRIBE_STRUCT(rule_definition, (),
                      (name, kind, on, when, actions, stop, hours, schedule, message_en, message_fr, enabled))

/// A set of rules, in order. Sets follow one another by position, then name.
struct rules_document {
    std::string name{};
    std::uint32_t position = 0;
    bool chaining = true;               ///< what a rule does may make another one fire; else one pass
    std::uint32_t depth = 10;           ///< how many passes at most
    std::vector<std::string> tenants{}; ///< empty: all
    std::vector<rule_definition> rules{};
};
BOOST_DESCRIBE_STRUCT(rules_document, (), (name, position, chaining, depth, tenants, rules))

/// What a template says in one language (such as "fr" or "fr-CA"). It needs a text or an html; one with html alone is
/// sent as text too, made of it.
struct template_language {
    std::string language{}, subject{}, text{}, html{};
};
BOOST_DESCRIBE_STRUCT(template_language, (), (language, subject, text, html))

/// Words with places for values of the ticket (`text::template_text`): replies, notes, mails. The first language is for
/// everybody whose own is not there.
struct template_document {
    std::string name{};
    std::vector<template_language> languages{};
};
BOOST_DESCRIBE_STRUCT(template_document, (), (name, languages))

/// What a role may do: rights by name (the names of commands, and those of `access/roles.hpp`). `extends` takes
/// over another role's rights.
struct role_document {
    std::string name{}, extends{};
    guichet::side side = side::desk;
    std::vector<std::string> rights{};
};
BOOST_DESCRIBE_STRUCT(role_document, (), (name, extends, side, rights))

/// Who reads an article that is for `audience:<name>`: whoever the condition holds for. It asks `person`, `role`,
/// `side`, `organisation`, `tenant` and `teams` of the reader.
struct audience_document {
    std::string name{};
    raw_json condition{};
};
BOOST_DESCRIBE_STRUCT(audience_document, (), (name, condition))

/// What somebody can do, and how well: from 1 (beginner) to 5 (expert).
struct skill_definition {
    std::string name{};
    std::uint32_t level = 1;
};
BOOST_DESCRIBE_STRUCT(skill_definition, (), (name, level))

/// A person is away. Dates (`2026-12-24`) are whole days, the last included, where his shift is; times have their zone
/// (`2026-12-24T12:00:00+01:00`). Without `to`, until further notice.
struct absence_definition {
    std::string from{}, to{};
    std::string substitute{}; ///< the person who gets meanwhile what would be his
};
BOOST_DESCRIBE_STRUCT(absence_definition, (), (from, to, substitute))

/// Somebody at the desk to whom tickets may go.
struct person_document {
    std::string name{}, label{};
    std::vector<std::string> languages{}; ///< such as "fr"; none: whatever the requester speaks
    std::vector<std::string> teams{};     ///< beside those that name him as a member
    std::vector<skill_definition> skills{};
    std::string shift{}; ///< the calendar of his hours; empty: always there
    std::vector<absence_definition> absences{};
    std::uint32_t capacity = 0; ///< the load that he carries at most; 0: any
};
BOOST_DESCRIBE_STRUCT(person_document, (), (name, label, languages, teams, skills, shift, absences, capacity))

/// Where the condition holds, a ticket needs a skill of at least this level.
struct skill_requirement {
    raw_json condition{};
    std::string skill{};
    std::uint32_t level = 1;
};
BOOST_DESCRIBE_STRUCT(skill_requirement, (), (condition, skill, level))

/// While the calendar is open and where the condition holds, the first of the persons who is not absent answers.
struct on_call_definition {
    raw_json condition{};
    std::string calendar{}; ///< empty: always
    std::vector<std::string> persons{};
};
BOOST_DESCRIBE_STRUCT(on_call_definition, (), (condition, calendar, persons))

/// How a team chooses among those who are there and able.
enum class assignment_mode : std::uint8_t {
    least_loaded, ///< the smallest load
    by_capacity,  ///< the smallest part of his capacity
    round_robin,  ///< each in his turn, by name
    direct,       ///< the first in the order of `members`: the others stand in for him
    manual        ///< nobody is chosen: members take tickets themselves
};
BOOST_DESCRIBE_ENUM(assignment_mode, least_loaded, by_capacity, round_robin, direct, manual)

/// Those who share the tickets of a kind.
struct team_document : labelled {
    std::string tier{};
    std::vector<std::string> members{};     ///< beside the persons who name the team
    std::vector<std::string> supervisors{}; ///< to whom it escalates, the nearest first: lead, manager, director
    std::string calendar{};                 ///< when the team works; empty: whenever a member does
    assignment_mode mode = assignment_mode::least_loaded;
    bool sticky = false;                     ///< who last resolved something for the requester comes first
    bool language_required = false;          ///< false: those who speak the requester's language only come first
    std::vector<skill_requirement> skills{}; ///< all of those whose condition holds
    std::string overflow{};                  ///< the team that takes over where nobody is there or able, and ...
    std::uint32_t overflow_load = 0;         ///< ... as long as each who is has at least this load; 0: not for load
    std::vector<on_call_definition> on_call{};
};
BOOST_DESCRIBE_STRUCT(team_document, (labelled),
                      (tier, members, supervisors, calendar, mode, sticky, language_required, skills, overflow,
                       overflow_load, on_call))

/// What a ticket counts in the load of who has it. Empty: any kind, any priority.
struct load_weight {
    std::string kind{}, priority{};
    std::uint32_t weight = 1;
};
BOOST_DESCRIBE_STRUCT(load_weight, (), (kind, priority, weight))

/// What all teams share. Of the weights the first that fits counts; where none does, a ticket counts the rank of its
/// priority: 1 for the least urgent, 4 for the critical of four.
struct routing_document {
    std::vector<load_weight> weights{};
    std::vector<std::string> skills{}; ///< the names that persons and teams may use; empty: any
};
BOOST_DESCRIBE_STRUCT(routing_document, (), (weights, skills))

/// Something that must be so before a ticket may pass on: a line of a handover checklist.
struct check_definition : labelled {
    raw_json condition{};
};
BOOST_DESCRIBE_STRUCT(check_definition, (labelled), (condition))

/// What a tier promises to the one before it: so much working time from when it has the ticket.
struct ola_definition {
    std::string within{}, calendar{};
};
BOOST_DESCRIBE_STRUCT(ola_definition, (), (within, calendar))

/// A level of support: L1, L2, ... Its teams take what is escalated to it, the first of them unless one is named.
struct tier_document : labelled {
    std::uint32_t position = 0; ///< from the requester on: 1, 2, 3
    std::vector<std::string> teams{};
    std::vector<check_definition> entry{}; ///< what must be filled in before it accepts a ticket
    std::vector<check_definition> exit{};  ///< ... before a ticket leaves it upwards
    ola_definition ola{};
};
BOOST_DESCRIBE_STRUCT(tier_document, (labelled), (position, teams, entry, exit, ola))

/// One step of an escalation path.
struct escalation_step {
    std::string at{};              ///< of the clock, as a threshold: "80%", "-30min", "+1h"
    std::vector<std::string> to{}; ///< the first that there is: supervisor, supervisor:2, assignee, or a person
    std::string answer_within{};   ///< of his working time; then the next step is taken. Empty: no answer is asked
    bool in_hours = true;          ///< false: told at once, whatever the hour
    notice_channel channel = notice_channel::mail;
    std::string wording{}; ///< the template; empty: a standard text
};
BOOST_DESCRIBE_STRUCT(escalation_step, (), (at, to, answer_within, in_hours, channel, wording))

/// Hierarchical escalation: who is told when the time of a clock is running out. Of the paths of a metric, the first by
/// position whose condition holds is a ticket's.
struct escalation_document {
    std::string name{};
    std::uint32_t position = 0;
    raw_json condition{};
    std::string metric{}; ///< default: resolution
    std::vector<escalation_step> steps{};
};
BOOST_DESCRIBE_STRUCT(escalation_document, (), (name, position, condition, metric, steps))

/// What grows is watched (docs/concepts/trends.md). Nothing is, unless a document says so.
struct trend_document {
    std::string name{};
    std::vector<std::string> tenants{}; ///< empty: all that no other document names, each by itself
    /// The fields of a ticket whose values are traits, as in conditions: category, team, tags, fields.<name> ...;
    /// `word`, each word of the subject; `all`, tickets of any kind. Default: category.
    std::vector<std::string> keys{};
    std::string tz{};       ///< whose weekdays and hours the seasons follow; default: UTC
    std::string language{}; ///< of subjects, where a ticket has no field `language`: en, fr; empty: no stop words
    double false_alarms_a_week = 1;
    std::string learning{}; ///< in which nothing is told: 14d, the default; 7d at least
    std::string window{};   ///< no longer one is told: 24h, the default and the most
    std::uint32_t tickets_min = 4;
    double half_life_weeks = 8;
    std::uint32_t traits_max = 4'096;
};
BOOST_DESCRIBE_STRUCT(trend_document, (),
                      (name, tenants, keys, tz, language, false_alarms_a_week, learning, window, tickets_min,
                       half_life_weeks, traits_max))

/// A versioned document of the configuration, as stored: nothing of the ticket log, but with a log of its own.
struct document {
    /// lifecycle, calendar, policy, role, rules, template, person, team, routing, tier, escalation, guide,
    /// trend
    std::string kind{};
    std::string id{};
    std::uint32_t version = 0;
    std::string body{}; ///< JSON; empty: withdrawn
    std::string author{};
    instant at{};
    friend bool operator==(document const&, document const&) = default;
};
BOOST_DESCRIBE_STRUCT(document, (), (kind, id, version, body, author, at))

} // namespace guichet::inline v0
