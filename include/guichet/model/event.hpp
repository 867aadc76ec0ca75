#pragma once
#include <guichet/config.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/raw_json.hpp>
#include <guichet/model/ticket.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The events: what happened, in the past tense, and nothing else. A ticket is the fold of its events, and so is an
/// article.
namespace guichet::inline v0 {

/// Free text, which may be about a person, is not written into an event: the event holds the number of a text of the
/// ticket, and the text can be erased. `body` is filled while the event is in memory; stored, only `no` remains.
struct personal_text {
    std::uint32_t no = 0;
    std::string body{};
    friend bool operator==(personal_text const&, personal_text const&) = default;
};

struct ticket_opened {
    std::string number{}, kind{}, state{};
    guichet::status status = status::new_;
    personal_text subject{};
    std::string requester{}, organisation{}, contact{};
    guichet::channel channel = channel::portal;
    std::string impact{}, urgency{}, priority{};
    std::uint32_t priority_rank = 0;
    std::string category{}, queue{}, team{}, tier{}, assignee{};
    std::vector<std::string> tags{}, watchers{};
    ticket_id split_from{};
};
BOOST_DESCRIBE_STRUCT(ticket_opened, (),
                      (number, kind, state, status, subject, requester, organisation, contact, channel, impact, urgency,
                       priority, priority_rank, category, queue, team, tier, assignee, tags, watchers, split_from))

struct message_added {
    personal_text text{};
    std::string html{}; ///< beside the text in the text's record; never in the event's body
    guichet::audience audience = audience::public_;
    guichet::side side = side::requester;
    guichet::channel channel = channel::portal;
    std::string author{};
    bool automatic = false; ///< written by a machine
    article_id canned{};    ///< the article that was sent
};
BOOST_DESCRIBE_STRUCT(message_added, (), (text, audience, side, channel, author, automatic, canned))

struct attachment_added {
    personal_text name{};
    std::uint32_t message = 0;
    guichet::audience audience = audience::public_;
    std::string type{};
    std::uint64_t size_bytes = 0;
    guichet::digest digest{};
};
BOOST_DESCRIBE_STRUCT(attachment_added, (), (name, message, audience, type, size_bytes, digest))

struct ticket_assigned {
    std::string assignee{}, from{};
};
BOOST_DESCRIBE_STRUCT(ticket_assigned, (), (assignee, from))

struct ticket_handed_over {
    std::string queue{}, team{}, tier{}, assignee{};
    std::string from_queue{}, from_team{}, from_tier{}, from_assignee{};
};
BOOST_DESCRIBE_STRUCT(ticket_handed_over, (),
                      (queue, team, tier, assignee, from_queue, from_team, from_tier, from_assignee))

struct priority_set {
    std::string impact{}, urgency{}, priority{}, from{};
    std::uint32_t priority_rank = 0;
};
BOOST_DESCRIBE_STRUCT(priority_set, (), (impact, urgency, priority, from, priority_rank))

struct field_change {
    std::string name{};
    field_value value{}; ///< empty when `text` holds it
    personal_text text{};
};
BOOST_DESCRIBE_STRUCT(field_change, (), (name, value, text))

struct fields_set {
    std::optional<personal_text> subject{};
    std::optional<std::string> kind{}, category{}, requester{}, organisation{}, contact{};
    std::vector<field_change> fields{};
};
BOOST_DESCRIBE_STRUCT(fields_set, (), (subject, kind, category, requester, organisation, contact, fields))

struct tags_changed {
    std::vector<std::string> added{}, removed{};
};
BOOST_DESCRIBE_STRUCT(tags_changed, (), (added, removed))

struct watchers_changed {
    std::vector<std::string> added{}, removed{};
};
BOOST_DESCRIBE_STRUCT(watchers_changed, (), (added, removed))

/// What all moves in the lifecycle share.
struct transition {
    std::string from{}, to{};
    guichet::status status = status::open;
};
BOOST_DESCRIBE_STRUCT(transition, (), (from, to, status))

/// A move to a new or open state from another one that is not the end.
struct ticket_state_set : transition {};
BOOST_DESCRIBE_STRUCT(ticket_state_set, (transition), ())

struct ticket_put_on_hold : transition {};
BOOST_DESCRIBE_STRUCT(ticket_put_on_hold, (transition), ())

struct ticket_pended : transition {
    std::optional<instant> until{};
};
BOOST_DESCRIBE_STRUCT(ticket_pended, (transition), (until))

struct ticket_resolved : transition {
    std::string code{};
    personal_text text{};
    ticket_id with{}; ///< the ticket whose whole family was resolved
};
BOOST_DESCRIBE_STRUCT(ticket_resolved, (transition), (code, text, with))

struct ticket_reopened : transition {};
BOOST_DESCRIBE_STRUCT(ticket_reopened, (transition), ())

struct ticket_closed : transition {};
BOOST_DESCRIBE_STRUCT(ticket_closed, (transition), ())

struct ticket_linked {
    link_kind kind = link_kind::relates_to;
    ticket_id other{};
};
BOOST_DESCRIBE_STRUCT(ticket_linked, (), (kind, other))

struct ticket_unlinked {
    link_kind kind = link_kind::relates_to;
    ticket_id other{};
};
BOOST_DESCRIBE_STRUCT(ticket_unlinked, (), (kind, other))

/// On the ticket that disappears from the queues.
struct ticket_merged : transition {
    ticket_id into{};
};
BOOST_DESCRIBE_STRUCT(ticket_merged, (transition), (into))

/// On the same ticket, when the merge is undone.
struct ticket_unmerged : transition {
    ticket_id from_ticket{};
};
BOOST_DESCRIBE_STRUCT(ticket_unmerged, (transition), (from_ticket))

/// On the ticket that goes on.
struct merge_received {
    ticket_id from{};
};
BOOST_DESCRIBE_STRUCT(merge_received, (), (from))

struct merge_undone {
    ticket_id from{};
};
BOOST_DESCRIBE_STRUCT(merge_undone, (), (from))

struct message_split {
    std::uint32_t message = 0;
    ticket_id into{};
};
BOOST_DESCRIBE_STRUCT(message_split, (), (message, into))

struct time_logged {
    std::string person{};
    std::chrono::seconds seconds{};
};
BOOST_DESCRIBE_STRUCT(time_logged, (), (person, seconds))

/// The texts and attachments with these numbers were erased.
struct text_redacted {
    std::vector<std::uint32_t> texts{};
};
BOOST_DESCRIBE_STRUCT(text_redacted, (), (texts))

/// A service level clock stopped in time.
struct clock_met {
    std::string metric{}, policy{};
    std::uint32_t policy_version = 0;
    std::optional<instant> due{}; ///< none: no deadline could be told, or it had not begun to run
    std::uint32_t cycle = 1;      ///< of a metric that begins again: which time
};
BOOST_DESCRIBE_STRUCT(clock_met, (), (metric, policy, policy_version, due, cycle))

/// A service level clock passed its target. `due` is when it should have been stopped; the event's own time is when
/// the breach was recorded: late is recorded, never rewritten.
struct clock_breached {
    std::string metric{}, policy{};
    std::uint32_t policy_version = 0;
    std::optional<instant> due{};
    std::uint32_t cycle = 1;
};
BOOST_DESCRIBE_STRUCT(clock_breached, (), (metric, policy, policy_version, due, cycle))

/// The ticket left the closed states, and this verdict no longer stands.
struct clock_restarted {
    std::string metric{};
    std::uint32_t cycle = 1;
};
BOOST_DESCRIBE_STRUCT(clock_restarted, (), (metric, cycle))

/// A clock reached a threshold of its policy: 80 % of its target, half an hour before it, a day after it. Once for each
/// deadline; again when the deadline moves into the future. `overrun`: the desk was down when it was due, and the
/// policy's catch-up says that nothing is to be done any more.
struct clock_threshold_reached {
    std::string metric{}, threshold{}, policy{};
    std::uint32_t policy_version = 0;
    instant due{};
    std::uint32_t cycle = 1;
    bool overrun = false;
};
BOOST_DESCRIBE_STRUCT(clock_threshold_reached, (), (metric, threshold, policy, policy_version, due, cycle, overrun))

/// The requester of a pending ticket was reminded that the desk waits for his word.
struct requester_reminded {
    std::uint32_t no = 1; ///< which time, since the ticket waits
};
BOOST_DESCRIBE_STRUCT(requester_reminded, (), (no))

/// Somebody wants to look at the ticket again; without `at`, no longer.
struct follow_up_set {
    std::string person{};
    std::optional<instant> at{};
};
BOOST_DESCRIBE_STRUCT(follow_up_set, (), (person, at))

/// The time that somebody had set has come.
struct follow_up_due {
    std::string person{};
};
BOOST_DESCRIBE_STRUCT(follow_up_due, (), (person))

/// Rules went on making each other fire until the depth that their set allows, and were stopped.
struct rules_cut {
    std::string rule{}; ///< one that would have fired
    std::uint32_t depth = 0;
};
BOOST_DESCRIBE_STRUCT(rules_cut, (), (rule, depth))

/// The routing chose somebody, or nobody (then it asks `again`). What follows from it is in the events after it.
struct ticket_routed {
    std::string person{}, team{}, tier{};
    std::string how{}; ///< what decided: least_loaded, round_robin, sticky, on_call, ...
    bool turn = false; ///< it was his turn in his team
    std::optional<instant> again{};
    std::string asked{}, exclude{}; ///< the team that was asked, and who was not to get it
    raw_json why{};                 ///< the teams and persons that were looked at, as `routing::encode` writes them
};
BOOST_DESCRIBE_STRUCT(ticket_routed, (), (person, team, tier, how, turn, again, asked, exclude, why))

/// The ticket goes to another tier because of what it needs. The handover itself is the next event.
struct ticket_escalated {
    escalation_direction direction = escalation_direction::up;
    std::string from_team{}, from_tier{}, from_assignee{};
    std::string team{}, tier{}, assignee{};
    std::string reason{};
};
BOOST_DESCRIBE_STRUCT(ticket_escalated, (),
                      (direction, from_team, from_tier, from_assignee, team, tier, assignee, reason))

/// Time is running out, and somebody above was told, or will be when his hours begin.
struct supervisor_alerted {
    std::string path{};
    std::uint32_t step = 1;
    std::string person{};
    std::string metric{};
    std::uint32_t cycle = 1;
    std::optional<instant> from{};      ///< when his hours begin: he is told then
    std::optional<instant> answer_by{}; ///< until when he must acknowledge, or the next step is taken
};
BOOST_DESCRIBE_STRUCT(supervisor_alerted, (), (path, step, person, metric, cycle, from, answer_by))

struct escalation_acknowledged {
    std::string path{};
    std::uint32_t step = 1;
};
BOOST_DESCRIBE_STRUCT(escalation_acknowledged, (), (path, step))

/// Something leaves after the commit: a mail, a message, a webhook, a call of a function of the host's.
struct notice_queued {
    notice_channel channel = notice_channel::mail;
    std::string to{};      ///< a person, an address, or the function's name
    std::string wording{}; ///< the template
    std::string body{};    ///< what the outbox has; never in the event's body
};
BOOST_DESCRIBE_STRUCT(notice_queued, (), (channel, to, wording))

/// It did not leave: too much went to the same recipient, or it would have answered a machine.
struct notice_withheld {
    notice_channel channel = notice_channel::mail;
    std::string to{}, wording{};
    withheld_because why = withheld_because::too_many_of_ticket;
};
BOOST_DESCRIBE_STRUCT(notice_withheld, (), (channel, to, wording, why))

struct article_written {
    std::string number{};
    personal_text title{}, symptom{}, body{};
    std::string language{}, category{};
    std::vector<std::string> tags{}, audience{};
    std::string source{};
    guichet::article_kind kind = article_kind::how_to;
    personal_text cause{}, workaround{};
    std::string fix_version{};
    ticket_id problem{};
    std::optional<instant> valid_from{}, valid_until{}, review_by{};
    std::vector<std::string> assets{};
    std::vector<article_id> see_also{};
    article_id translation_of{};
    std::uint32_t translates = 0;
    personal_text attached{};
    article_id revision_of{};
    std::uint32_t revises = 0;
};
BOOST_DESCRIBE_STRUCT(article_written, (),
                      (number, title, symptom, body, language, category, tags, audience, source, kind, cause,
                       workaround, fix_version, problem, valid_from, valid_until, review_by, assets, see_also,
                       translation_of, translates, attached, revision_of, revises))

struct article_revised {
    std::optional<personal_text> title{}, symptom{}, body{};
    std::optional<std::string> language{}, category{};
    std::optional<std::vector<std::string>> tags{}, audience{};
    std::optional<article_kind> kind{};
    std::optional<personal_text> cause{}, workaround{};
    std::optional<std::string> fix_version{};
    std::optional<ticket_id> problem{};
    std::optional<instant> valid_from{}, valid_until{}, review_by{};
    std::optional<std::vector<std::string>> assets{};
    std::optional<std::vector<article_id>> see_also{};
    std::optional<article_id> translation_of{};
    std::optional<std::uint32_t> translates{};
    std::vector<std::string> cleared{}; ///< of those that have no empty value
    std::uint32_t restores = 0;         ///< the edition that it says again
    std::optional<personal_text> attached{};
    std::optional<std::uint32_t> revises{};
};
BOOST_DESCRIBE_STRUCT(article_revised, (),
                      (title, symptom, body, language, category, tags, audience, kind, cause, workaround, fix_version,
                       problem, valid_from, valid_until, review_by, assets, see_also, translation_of, translates,
                       cleared, restores, attached, revises))

struct article_published {};
BOOST_DESCRIBE_STRUCT(article_published, (), ())

struct article_archived {};
BOOST_DESCRIBE_STRUCT(article_archived, (), ())

/// On the article, when a ticket that it helped is linked to it.
struct article_linked {
    ticket_id ticket{};
};
BOOST_DESCRIBE_STRUCT(article_linked, (), (ticket))

struct article_unlinked {
    ticket_id ticket{};
};
BOOST_DESCRIBE_STRUCT(article_unlinked, (), (ticket))

/// On that ticket.
struct ticket_article_linked {
    article_id article{};
};
BOOST_DESCRIBE_STRUCT(ticket_article_linked, (), (article))

struct ticket_article_unlinked {
    article_id article{};
};
BOOST_DESCRIBE_STRUCT(ticket_article_unlinked, (), (article))

/// The texts of the article with these numbers were erased.
struct article_redacted {
    std::vector<std::uint32_t> texts{};
    std::vector<std::string> fields{}; ///< what it said until then and is empty now: title, symptom, ...
};
BOOST_DESCRIBE_STRUCT(article_redacted, (), (texts, fields))

/// A question of a guide was answered on the ticket.
struct guide_answered {
    std::string guide{};
    std::uint32_t guide_version = 0;
    std::string step{};
    field_value answer{}; ///< empty when `text` holds it
    personal_text text{};
    std::uint32_t after = 0; ///< so many answers before it still count: those that came later were taken back
    std::string next{};      ///< the step that is asked now, or the end that was reached
    guide_outcome outcome = guide_outcome::walking;
    guichet::audience audience = audience::internal;
};
BOOST_DESCRIBE_STRUCT(guide_answered, (), (guide, guide_version, step, answer, text, after, next, outcome, audience))

struct article_submitted {
    std::vector<std::string> reviewers{};
};
BOOST_DESCRIBE_STRUCT(article_submitted, (), (reviewers))

struct article_returned {
    personal_text reason{};
};
BOOST_DESCRIBE_STRUCT(article_returned, (), (reason))

struct article_rated {
    bool helped = false;
    std::optional<bool> before{}; ///< what the same person had said
    personal_text why{};
};
BOOST_DESCRIBE_STRUCT(article_rated, (), (helped, before, why))

struct article_used {};
BOOST_DESCRIBE_STRUCT(article_used, (), ())

/// A ticket of a family that stayed as it was.
struct left_out {
    ticket_id ticket{};
    std::string why{};  ///< the name of a reason: not_open, rule_refused, right_missing, ...
    std::string rule{}; ///< the guard that refused it
};
BOOST_DESCRIBE_STRUCT(left_out, (), (ticket, why, rule))

/// On the ticket whose family it is, after what happened on each.
struct family_resolved {
    std::vector<ticket_id> tickets{};
    std::vector<guichet::left_out> left_out{};
};
BOOST_DESCRIBE_STRUCT(family_resolved, (), (tickets, left_out))

struct family_reopened {
    std::vector<ticket_id> tickets{};
    std::vector<guichet::left_out> left_out{};
};
BOOST_DESCRIBE_STRUCT(family_reopened, (), (tickets, left_out))

struct major_declared {};
BOOST_DESCRIBE_STRUCT(major_declared, (), ())

/// The message with this number says how a major incident stands.
struct status_posted {
    std::uint32_t message = 0;
};
BOOST_DESCRIBE_STRUCT(status_posted, (), (message))

struct major_ended {};
BOOST_DESCRIBE_STRUCT(major_ended, (), ())

/// The requester was asked what he thinks of it.
struct rating_asked {};
BOOST_DESCRIBE_STRUCT(rating_asked, (), ())

struct ticket_rated {
    std::uint32_t score = 0, before = 0; ///< 1 to 5; what he had said before, 0: nothing
    personal_text text{};
};
BOOST_DESCRIBE_STRUCT(ticket_rated, (), (score, before, text))

/// Tickets that share a trait with this one came faster than usual, or no longer do.
struct trend_told {
    told_trend trend{};   ///< its `value` is empty where `word` holds it
    personal_text word{}; ///< of a text
};
BOOST_DESCRIBE_STRUCT(trend_told, (), (trend, word))

/// The order of this list is the number of the type in stored files: append only, never reorder.
using event_body =
    std::variant<ticket_opened, message_added, attachment_added, ticket_assigned, ticket_handed_over, priority_set,
                 fields_set, tags_changed, watchers_changed, ticket_state_set, ticket_put_on_hold, ticket_pended,
                 ticket_resolved, ticket_reopened, ticket_closed, ticket_linked, ticket_unlinked, ticket_merged,
                 ticket_unmerged, merge_received, merge_undone, message_split, time_logged, text_redacted, clock_met,
                 clock_breached, clock_restarted, clock_threshold_reached, requester_reminded, follow_up_set,
                 follow_up_due, rules_cut, ticket_routed, ticket_escalated, supervisor_alerted, escalation_acknowledged,
                 notice_queued, notice_withheld, article_written, article_revised, article_published, article_archived,
                 article_linked, article_unlinked, ticket_article_linked, ticket_article_unlinked, article_redacted,
                 guide_answered, article_submitted, article_returned, article_rated, article_used, family_resolved,
                 family_reopened, major_declared, status_posted, major_ended, rating_asked, ticket_rated, trend_told>;

/// What happens to an article; all else happens to a ticket.
template <class Body>
concept article_event = std::same_as<Body, article_written> || std::same_as<Body, article_revised> ||
    std::same_as<Body, article_published> || std::same_as<Body, article_archived> ||
    std::same_as<Body, article_linked> || std::same_as<Body, article_unlinked> ||
    std::same_as<Body, article_redacted> || std::same_as<Body, article_submitted> ||
    std::same_as<Body, article_returned> || std::same_as<Body, article_rated> || std::same_as<Body, article_used>;

/// Why an event happened when nobody wished it directly: the timer that fell due (later: the rule that fired).
struct event_cause {
    std::string what{}; ///< "timer:pending_return", "timer:sla_breach:resolution"; empty: the actor's own command
    std::optional<instant> due{};
    friend bool operator==(event_cause const&, event_cause const&) = default;
};
BOOST_DESCRIBE_STRUCT(event_cause, (), (what, due))

/// An event with its envelope.
struct event {
    std::uint64_t seq = 0; ///< its place in the log of the whole desk, from 1, without gaps
    std::string tenant{};
    ticket_id ticket{};
    std::uint64_t version = 0; ///< the ticket's or the article's version after it
    instant at{};
    std::string actor{};
    event_cause cause{};
    event_body body{};
    article_id article{}; ///< what an `article_event` happened to, instead of a ticket
};

/// `ticket_opened`, `message_added`, ...: the name in JSON and in the documentation.
GUICHET_DECL std::string_view name_of(event_body const& body) noexcept;

} // namespace guichet::inline v0
