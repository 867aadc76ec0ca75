#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/model/vocabulary.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace guichet::inline v0 {

/// A host's object that a ticket speaks of (`customer:4711`): Guichet keeps the name, the host keeps the thing.
struct object_reference {
    std::string type{}, id{};
    friend bool operator==(object_reference const&, object_reference const&) = default;
};
BOOST_DESCRIBE_STRUCT(object_reference, (), (type, id))

/// The value of a custom field. Text, choice and date (`2026-11-21`) are strings; the field's document says which.
using field_value = std::variant<std::monostate, std::string, double, bool, object_reference>;

/// One custom field of a ticket; `text` numbers the stored text that holds it when it is free text (0: none).
struct custom_field {
    std::string name{};
    field_value value{};
    std::uint32_t text = 0;
    friend bool operator==(custom_field const&, custom_field const&) = default;
};
BOOST_DESCRIBE_STRUCT(custom_field, (), (name, value, text))

/// A link as this ticket reads it.
struct ticket_link {
    link_kind kind = link_kind::relates_to;
    ticket_id ticket{};
    friend bool operator==(ticket_link const&, ticket_link const&) = default;
};
BOOST_DESCRIBE_STRUCT(ticket_link, (), (kind, ticket))

/// A file of the conversation: its bytes are a blob, found by digest. `no` is the text that holds its name.
struct attachment {
    std::uint32_t no = 0;
    std::uint32_t message = 0; ///< the message it came with; 0 when none
    guichet::audience audience = audience::public_;
    std::string name{}, type{};
    std::uint64_t size_bytes = 0;
    guichet::digest digest{};
    bool redacted = false;
    friend bool operator==(attachment const&, attachment const&) = default;
};
BOOST_DESCRIBE_STRUCT(attachment, (), (no, message, audience, name, type, size_bytes, digest, redacted))

/// Time that somebody spent on the ticket.
struct time_entry {
    std::string person{};
    std::chrono::seconds seconds{};
    instant at{};
    friend bool operator==(time_entry const&, time_entry const&) = default;
};
BOOST_DESCRIBE_STRUCT(time_entry, (), (person, seconds, at))

/// Since when the ticket is in a state. The list of these is what every clock is computed from.
struct state_span {
    std::string state{};
    guichet::status status = status::new_;
    instant since{};
    friend bool operator==(state_span const&, state_span const&) = default;
};
BOOST_DESCRIBE_STRUCT(state_span, (), (state, status, since))

/// A word that passed between the requester and the desk: a public message. Notes are none.
struct contact {
    instant at{};
    guichet::side by = side::requester;
    friend bool operator==(contact const&, contact const&) = default;
};
BOOST_DESCRIBE_STRUCT(contact, (), (at, by))

/// Since when a team and tier have the ticket.
struct holding {
    std::string team{}, tier{};
    instant since{};
    friend bool operator==(holding const&, holding const&) = default;
};
BOOST_DESCRIBE_STRUCT(holding, (), (team, tier, since))

/// Somebody wants to look at the ticket again.
struct follow_up {
    std::string person{};
    instant at{};
    friend bool operator==(follow_up const&, follow_up const&) = default;
};
BOOST_DESCRIBE_STRUCT(follow_up, (), (person, at))

/// A functional escalation, as the ticket remembers it: enough to go back.
struct escalation_mark {
    escalation_direction direction = escalation_direction::up;
    std::string from_team{}, from_tier{}, from_assignee{};
    instant at{};
    friend bool operator==(escalation_mark const&, escalation_mark const&) = default;
};
BOOST_DESCRIBE_STRUCT(escalation_mark, (), (direction, from_team, from_tier, from_assignee, at))

/// A step that an escalation path has reached on a ticket, in the latest cycle of its metric.
struct alert {
    std::string path{}, metric{}, person{};
    std::uint32_t cycle = 1, step = 1;
    std::optional<instant> from{}, answer_by{};
    friend bool operator==(alert const&, alert const&) = default;
};
BOOST_DESCRIBE_STRUCT(alert, (), (path, metric, person, cycle, step, from, answer_by))

/// Somebody was given a ticket because it was his turn.
struct routing_turn {
    std::string team{}, person{};
    instant at{};
    friend bool operator==(routing_turn const&, routing_turn const&) = default;
};
BOOST_DESCRIBE_STRUCT(routing_turn, (), (team, person, at))

/// Something left for somebody: what the limits count.
struct sent_notice {
    std::string to{};
    instant at{};
    friend bool operator==(sent_notice const&, sent_notice const&) = default;
};
BOOST_DESCRIBE_STRUCT(sent_notice, (), (to, at))

/// An answer to a step of a guide. `text` numbers the stored text that holds it when it is free text (0: none).
struct guide_answer {
    std::string step{};
    field_value answer{};
    std::uint32_t text = 0;
    friend bool operator==(guide_answer const&, guide_answer const&) = default;
};
BOOST_DESCRIBE_STRUCT(guide_answer, (), (step, answer, text))

/// A guide as it was walked on a ticket: the answers that count, in order, and what comes next.
struct guide_walk {
    std::string guide{};
    std::uint32_t version = 0; ///< of the guide, when it was last answered
    guichet::audience audience = audience::internal;
    guide_outcome outcome = guide_outcome::walking;
    std::string next{}; ///< the step that is asked now, or the end that was reached
    std::vector<guide_answer> answers{};
    instant at{}; ///< of the last answer
    friend bool operator==(guide_walk const&, guide_walk const&) = default;
};
BOOST_DESCRIBE_STRUCT(guide_walk, (), (guide, version, audience, outcome, next, answers, at))

/// A ticket that was declared a major incident, and what was said of it to everybody concerned.
struct major_incident {
    instant since{};
    std::optional<instant> updated_at{}, ended_at{}; ///< the last status; none yet
    std::uint32_t updates = 0;
    friend bool operator==(major_incident const&, major_incident const&) = default;
};
BOOST_DESCRIBE_STRUCT(major_incident, (), (since, updated_at, ended_at, updates))

/// What the requester thinks of how his ticket was resolved. `no` numbers the stored text (0: none).
struct rating {
    std::uint32_t score = 0; ///< 1 (bad) to 5 (good)
    std::string text{};
    std::uint32_t no = 0;
    instant at{};
    friend bool operator==(rating const&, rating const&) = default;
};
BOOST_DESCRIBE_STRUCT(rating, (), (score, text, no, at))

/// Tickets that share a trait came faster than they usually do: what was told of it on a ticket.
struct told_trend {
    trend_stage stage = trend_stage::began;
    std::string field{}, value{}; ///< the trait, such as category, network; both empty: tickets of any kind
    instant since{}, at{};        ///< when the first of the tickets came, and when this was so
    std::uint32_t observed = 0;   ///< what raised it: so many tickets in this time, and so many are usual in it
    std::chrono::seconds window{};
    double usual = 0;
    std::uint64_t count = 0;          ///< tickets since then
    std::vector<ticket_id> tickets{}; ///< the first of them, by time; at most `limits::trend_tickets_max`
    ticket_id began_on{};             ///< the ticket that raised it; with the trait, what it is known by
    ticket_id part_of{};              ///< that of the wider one that has at least half of these tickets; none
    trend_proposal suggests = trend_proposal::incident;
    std::uint32_t text = 0; ///< numbers the stored text that holds `value`, where that is a word (0: none)
    friend bool operator==(told_trend const&, told_trend const&) = default;
};
BOOST_DESCRIBE_STRUCT(told_trend, (),
                      (stage, field, value, since, at, observed, window, usual, count, tickets, began_on, part_of,
                       suggests, text))

/// A threshold of a clock that was passed, for the deadline it was passed under.
struct threshold_mark {
    std::string metric{}, threshold{};
    std::uint32_t cycle = 1;
    instant due{};
    friend bool operator==(threshold_mark const&, threshold_mark const&) = default;
};
BOOST_DESCRIBE_STRUCT(threshold_mark, (), (metric, threshold, cycle, due))

/// The recorded verdict of a service level clock: with the target and the policy that judged it. Of the cycles of a
/// metric (each unanswered question is one), this is the latest; the log has them all.
struct clock_verdict {
    std::string metric{}, policy{};
    std::uint32_t policy_version = 0;
    clock_outcome outcome = clock_outcome::running;
    std::optional<instant> due{};
    instant at{};
    std::uint32_t cycle = 1;
    friend bool operator==(clock_verdict const&, clock_verdict const&) = default;
};
BOOST_DESCRIBE_STRUCT(clock_verdict, (), (metric, policy, policy_version, outcome, due, at, cycle))

/// A wish to be called at an instant. `name` tells timers of one kind apart (the metric of a breach).
struct timer {
    timer_kind kind = timer_kind::pending_return;
    std::string name{};
    instant due{};
    friend bool operator==(timer const&, timer const&) = default;
};
BOOST_DESCRIBE_STRUCT(timer, (), (kind, name, due))

/// The attributes of a ticket that are one value each: a column each in a database, a field each in the condition
/// language. Empty text, "none" ids and absent optionals mean "not set".
struct ticket_row {
    ticket_id id{};
    std::string tenant{};
    std::string number{}; ///< for people, such as INC-2026-000123; never an authority for access
    std::string kind{};   ///< incident, service_request, problem, task, ...
    std::string state{};
    guichet::status status = status::new_;
    std::string subject{};
    std::string requester{}, organisation{}, contact{};
    guichet::channel channel = channel::portal;
    std::string impact{}, urgency{}, priority{};
    std::uint32_t priority_rank = 0; ///< 1 is the least urgent; 0: no priority
    std::string category{};          ///< a path, such as hardware/printer
    std::string queue{}, team{}, tier{}, assignee{};
    instant created_at{}, updated_at{};
    std::optional<instant> due_at{}; ///< the earliest deadline still to be met
    std::optional<instant> pending_until{}, first_response_at{}, resolved_at{}, closed_at{};
    bool breached = false; ///< some deadline was missed
    std::string resolution_code{}, resolution{};
    ticket_id merged_into{};
    std::uint64_t version = 0;
    std::uint32_t texts = 0; ///< numbered texts so far; messages are among them
    std::uint32_t messages = 0, replies = 0;
    std::uint32_t reassignments = 0, handovers = 0, reopenings = 0;
    friend bool operator==(ticket_row const&, ticket_row const&) = default;
};
BOOST_DESCRIBE_STRUCT(ticket_row, (),
                      (id, tenant, number, kind, state, status, subject, requester, organisation, contact, channel,
                       impact, urgency, priority, priority_rank, category, queue, team, tier, assignee, created_at,
                       updated_at, due_at, pending_until, first_response_at, resolved_at, closed_at, breached,
                       resolution_code, resolution, merged_into, version, texts, messages, replies, reassignments,
                       handovers, reopenings))

/// The attributes of a ticket that are lists.
struct ticket_lists {
    std::vector<std::string> tags{}, watchers{}; ///< sorted, unique
    std::vector<custom_field> fields{};          ///< sorted by name
    std::vector<ticket_link> links{};
    std::vector<ticket_id> merged{}; ///< tickets merged into this one: their messages are read with its own
    std::vector<attachment> attachments{};
    std::vector<time_entry> time_entries{};
    std::vector<state_span> spans{};   ///< the states since creation, in order
    std::vector<contact> contacts{};   ///< in order
    std::vector<holding> holdings{};   ///< the teams and tiers, in order
    std::optional<instant> owned_at{}; ///< when somebody first had it
    std::vector<clock_verdict> clocks{};
    std::vector<threshold_mark> thresholds{};
    std::vector<timer> timers{}; ///< those armed in the store: of those of the clocks, the earliest
    std::vector<timer> later{};  ///< those of the clocks that follow it; whichever fires, all clocks are asked
    std::uint32_t subject_text = 0, resolution_text = 0;
    std::string state_before_merge{};
    std::optional<instant> pending_before_merge{}, resolved_before_merge{}, closed_before_merge{};
    std::uint32_t reminders = 0; ///< since it is pending and the requester is silent
    std::optional<instant> reminded_at{};
    std::vector<follow_up> follow_ups{}; ///< one a person, by person
    std::vector<escalation_mark> escalations{};
    std::vector<alert> alerts{};               ///< one a step
    std::vector<sent_notice> notices{};        ///< of the last ten hours before the last one
    std::optional<instant> route_again{};      ///< the routing found nobody, and may then
    std::optional<routing_turn> turn{};        ///< whose turn it was, and in which team
    std::string route_team{}, route_exclude{}; ///< how the routing was asked when it found nobody
    std::vector<article_id> articles{};        ///< that helped
    std::vector<guide_walk> guides{};          ///< one a guide, in the order in which they were begun
    std::vector<ticket_id> family{};           ///< what was resolved with it, and not undone
    ticket_id resolved_with{};                 ///< the ticket with which this one was resolved
    std::optional<major_incident> major{};
    std::optional<instant> rating_asked_at{};
    std::optional<guichet::rating> rating{};
    std::vector<told_trend> trends{}; ///< told on this ticket, the newest last
    friend bool operator==(ticket_lists const&, ticket_lists const&) = default;
};
BOOST_DESCRIBE_STRUCT(ticket_lists, (),
                      (tags, watchers, fields, links, merged, attachments, time_entries, spans, contacts, holdings,
                       owned_at, clocks, thresholds, timers, later, subject_text, resolution_text, state_before_merge,
                       pending_before_merge, resolved_before_merge, closed_before_merge, reminders, reminded_at,
                       follow_ups, escalations, alerts, notices, route_again, turn, route_team, route_exclude, articles,
                       guides, family, resolved_with, major, rating_asked_at, rating, trends))

/// A ticket as it stands: a value. It is what `evolve` folds from events, and what the store keeps beside the log.
/// The conversation is not in it; see `desk::conversation`.
struct ticket : ticket_row, ticket_lists {
    /// The order in which the store first saw it: the last criterion of every sort. Not part of the ticket's history.
    std::uint64_t ordinal = 0;

    custom_field const* field(std::string_view name) const noexcept {
        for (auto const& f : fields)
            if (f.name == name)
                return &f;
        return nullptr;
    }
    /// What a custom field says; empty where it is not set, or says no text.
    std::string_view field_text(std::string_view name) const noexcept {
        auto const* own = field(name);
        auto const* text = own ? std::get_if<std::string>(&own->value) : nullptr;
        return text ? std::string_view{*text} : std::string_view{};
    }
    bool open() const noexcept { return is_open(status); }
    bool is_major() const noexcept { return major && !major->ended_at; }
    /// Equal in all that the log determines.
    friend bool same_history(ticket const& a, ticket const& b) noexcept {
        return static_cast<ticket_row const&>(a) == b && static_cast<ticket_lists const&>(a) == b;
    }
};

} // namespace guichet::inline v0
