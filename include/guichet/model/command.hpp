#pragma once
#include <guichet/config.hpp>
#include <guichet/model/actor.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/ticket.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The commands: everything that a person, a program, a timer or a rule may wish. Imperatives, plain values. Each
/// struct here is one row of the JSON form `{"command": "<its name>", ...envelope, ...its members}`.
namespace guichet::inline v0 {

/// A file that arrives: its bytes are stored as a blob before the command is decided.
struct new_attachment {
    std::string name{}, type{};
    guichet::digest digest{};
    std::uint64_t size_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(new_attachment, (), (name, type, digest, size_bytes))

struct open_ticket {
    std::string kind{}; ///< default: the first kind of the configuration
    std::string subject{}, text{}, html{};
    guichet::channel channel = channel::portal;
    std::string requester{}; ///< default: who acts
    std::string organisation{}, contact{};
    std::string impact{}, urgency{}, priority{}; ///< priority wins over the matrix
    std::string category{}, queue{}, team{}, tier{}, assignee{};
    std::string state{}; ///< default: the lifecycle's initial state
    std::vector<std::string> tags{}, watchers{};
    std::vector<custom_field> fields{};
    std::vector<new_attachment> attachments{};
    ticket_id parent{};     ///< it becomes a child of this one
    bool automatic = false; ///< written by a machine (Auto-Submitted): nothing is sent in answer to it
};
BOOST_DESCRIBE_STRUCT(open_ticket, (),
                      (kind, subject, text, html, channel, requester, organisation, contact, impact, urgency, priority,
                       category, queue, team, tier, assignee, state, tags, watchers, fields, attachments, parent,
                       automatic))

/// A public message, from either side. One that names a canned reply (`article_kind`) says that, filled in for the
/// ticket, or a text of its own that was made of it; either way it is used once more.
struct reply {
    std::string text{}, html{};
    guichet::channel channel = channel::portal;
    std::vector<new_attachment> attachments{};
    std::string state{};    ///< moves the ticket as well; empty: the lifecycle decides
    bool automatic = false; ///< an out-of-office answer, a bounce: nothing is sent in answer to it
    std::string canned{};   ///< a canned reply or a question, by its number or id
    std::string language{}; ///< in which it is to be; default: the requester's
};
BOOST_DESCRIBE_STRUCT(reply, (), (text, html, channel, attachments, state, automatic, canned, language))

/// A message that only the desk may read.
struct add_note {
    std::string text{}, html{};
    guichet::channel channel = channel::portal;
    std::vector<new_attachment> attachments{};
};
BOOST_DESCRIBE_STRUCT(add_note, (), (text, html, channel, attachments))

/// Gives the ticket to one person; empty: to nobody.
struct assign_ticket {
    std::string assignee{};
};
BOOST_DESCRIBE_STRUCT(assign_ticket, (), (assignee))

/// Gives the ticket to another queue, team or tier; what is absent stays. The assignee is cleared unless named.
struct hand_over_ticket {
    std::optional<std::string> queue{}, team{}, tier{}, assignee{};
};
BOOST_DESCRIBE_STRUCT(hand_over_ticket, (), (queue, team, tier, assignee))

/// By impact and urgency (the matrix decides) or directly.
struct set_priority {
    std::string impact{}, urgency{}, priority{};
};
BOOST_DESCRIBE_STRUCT(set_priority, (), (impact, urgency, priority))

/// Absent or null: unchanged; empty: cleared. A custom field is cleared by null too.
struct set_fields {
    std::optional<std::string> subject{}, kind{}, category{}, requester{}, organisation{}, contact{};
    std::vector<custom_field> fields{};
};
BOOST_DESCRIBE_STRUCT(set_fields, (), (subject, kind, category, requester, organisation, contact, fields))

struct tag_ticket {
    std::vector<std::string> add{}, remove{};
};
BOOST_DESCRIBE_STRUCT(tag_ticket, (), (add, remove))

struct watch_ticket {
    std::vector<std::string> add{}, remove{};
};
BOOST_DESCRIBE_STRUCT(watch_ticket, (), (add, remove))

/// Any transition of the lifecycle by the name of its state.
struct set_state {
    std::string state{};
};
BOOST_DESCRIBE_STRUCT(set_state, (), (state))

struct hold_ticket {
    std::string state{}; ///< default: the lifecycle's state of that status
};
BOOST_DESCRIBE_STRUCT(hold_ticket, (), (state))

/// Waits for the requester; with `until`, a timer brings the ticket back.
struct wait_until {
    std::optional<instant> until{};
    std::string state{};
};
BOOST_DESCRIBE_STRUCT(wait_until, (), (until, state))

struct resolve_ticket {
    std::string code{}, text{};
    std::string state{};
};
BOOST_DESCRIBE_STRUCT(resolve_ticket, (), (code, text, state))

struct reopen_ticket {
    std::string state{};
};
BOOST_DESCRIBE_STRUCT(reopen_ticket, (), (state))

struct close_ticket {
    std::string state{};
};
BOOST_DESCRIBE_STRUCT(close_ticket, (), (state))

struct link_ticket {
    link_kind kind = link_kind::relates_to;
    ticket_id other{};
};
BOOST_DESCRIBE_STRUCT(link_ticket, (), (kind, other))

struct unlink_ticket {
    link_kind kind = link_kind::relates_to;
    ticket_id other{};
};
BOOST_DESCRIBE_STRUCT(unlink_ticket, (), (kind, other))

/// This ticket's conversation is read with that of `into` from now on. A merge is a link, not a copy, so that
/// `unmerge_ticket` undoes it without loss.
struct merge_ticket {
    ticket_id into{};
};
BOOST_DESCRIBE_STRUCT(merge_ticket, (), (into))

struct unmerge_ticket {};
BOOST_DESCRIBE_STRUCT(unmerge_ticket, (), ())

/// Opens a new ticket from one message of this one. The new ticket's id may be supplied.
struct split_message {
    std::uint32_t message = 0;
    std::string subject{}; ///< default: this ticket's
    ticket_id new_ticket{};
};
BOOST_DESCRIBE_STRUCT(split_message, (), (message, subject, new_ticket))

struct log_time {
    std::chrono::seconds seconds{};
    std::string person{}; ///< default: who acts
};
BOOST_DESCRIBE_STRUCT(log_time, (), (seconds, person))

struct attach_file {
    std::vector<new_attachment> attachments{};
};
BOOST_DESCRIBE_STRUCT(attach_file, (), (attachments))

/// Erases text for good: one message, one custom field, the subject, or all that a person wrote on this ticket. The
/// log goes on to verify, because events point to texts and do not hold them.
struct redact_ticket {
    std::uint32_t message = 0;
    std::string field{}; ///< a custom field's name, "subject", "resolution" or "satisfaction_text"
    std::string person{};
};
BOOST_DESCRIBE_STRUCT(redact_ticket, (), (message, field, person))

/// The ticket comes back to somebody at a time, whatever its state; without `at`, it no longer does.
struct follow_up_ticket {
    std::optional<instant> at{};
    std::string person{}; ///< default: who acts
};
BOOST_DESCRIBE_STRUCT(follow_up_ticket, (), (at, person))

/// What the actions of a macro come to, each under the rights of who acts.
struct run_macro {
    std::string name{}; ///< of the rule: "set/name"
};
BOOST_DESCRIBE_STRUCT(run_macro, (), (name))

/// Gives the ticket to whom the routing chooses, now and, where it finds nobody, again when it may find somebody.
struct route_ticket {
    std::string team{};    ///< default: the ticket's
    std::string exclude{}; ///< who must not get it
};
BOOST_DESCRIBE_STRUCT(route_ticket, (), (team, exclude))

/// Functional escalation: this needs another competence. Without `tier`, the next one above; with `back`, to who had it
/// before it came here.
struct escalate_ticket {
    std::string tier{}, team{}; ///< default of the team: the tier's first
    std::string reason{};       ///< in a word or two, for counting: "access rights missing"
    std::string text{};         ///< what the next one should know: an internal note
    bool back = false;
};
BOOST_DESCRIBE_STRUCT(escalate_ticket, (), (tier, team, reason, text, back))

/// Somebody was told that time is running out, and answers for it from now on.
struct acknowledge_escalation {
    std::string path{}; ///< default: all that wait for an answer
};
BOOST_DESCRIBE_STRUCT(acknowledge_escalation, (), (path))

/// What the pump sends when a timer falls due. Fenced: it does nothing unless the ticket still wants exactly this
/// timer.
struct fire_timer {
    guichet::timer timer{};
};
BOOST_DESCRIBE_STRUCT(fire_timer, (), (timer))

/// Puts an article into the knowledge base, as a draft or published at once. Its title must not be empty.
struct write_article {
    std::string title{}, symptom{};
    std::string body{}; ///< Markdown
    std::string language{}, category{};
    std::vector<std::string> tags{}, audience{}; ///< see `article`
    std::string source{};                        ///< what it is called elsewhere: once in a tenant
    bool publish = false;
    guichet::article_kind kind = article_kind::how_to;
    std::string cause{}, workaround{}, fix_version{};
    ticket_id problem{};
    std::optional<instant> valid_from{}, valid_until{}, review_by{};
    std::vector<std::string> assets{};
    std::vector<article_id> see_also{};
    article_id translation_of{};
    std::uint32_t translates = 0; ///< default: the present edition of the original
    std::string attached{};       ///< see `article`
    /// A revision of this one that waits: it begins as what that says, but for what is given here.
    article_id revision_of{};
    std::uint32_t revises = 0; ///< default: the present edition of that article
};
BOOST_DESCRIBE_STRUCT(write_article, (),
                      (title, symptom, body, language, category, tags, audience, source, publish, kind, cause,
                       workaround, fix_version, problem, valid_from, valid_until, review_by, assets, see_also,
                       translation_of, translates, attached, revision_of, revises))

/// Absent or null: unchanged; empty: cleared. What has no empty value is named in `clear`: a date, `problem`,
/// `translation_of`. With `translation_of`, it says the present edition of that original, unless `translates` is given.
struct revise_article {
    std::optional<std::string> title{}, symptom{}, body{}, language{}, category{};
    std::optional<std::vector<std::string>> tags{}, audience{};
    std::optional<article_kind> kind{};
    std::optional<std::string> cause{}, workaround{}, fix_version{};
    std::optional<ticket_id> problem{};
    std::optional<instant> valid_from{}, valid_until{}, review_by{};
    std::optional<std::vector<std::string>> assets{};
    std::optional<std::vector<article_id>> see_also{};
    std::optional<article_id> translation_of{};
    std::optional<std::uint32_t> translates{};
    std::vector<std::string> clear{};
    std::optional<std::string> attached{};
    std::optional<std::uint32_t> revises{}; ///< of one that waits: the edition of the other that it has regard to
};
BOOST_DESCRIBE_STRUCT(revise_article, (),
                      (title, symptom, body, language, category, tags, audience, kind, cause, workaround, fix_version,
                       problem, valid_from, valid_until, review_by, assets, see_also, translation_of, translates, clear,
                       attached, revises))

/// From now on its audience reads and finds it. Of a revision that waited: what it revises says what it says, in one
/// transaction, and the revision is archived.
struct publish_article {};
BOOST_DESCRIBE_STRUCT(publish_article, (), ())

/// Nobody but who writes articles reads or finds it any more, until it is published again.
struct archive_article {};
BOOST_DESCRIBE_STRUCT(archive_article, (), ())

/// Erases texts of an article for good, in what it says and in what it said before; the log goes on to verify. Each
/// member that is given narrows what goes, and one at least must be.
struct redact_article {
    std::string field{};  ///< "title", "symptom", "body", "cause", "workaround", "attached" or "remark"; default: all
    std::string person{}; ///< only what this person wrote
    bool earlier = false; ///< only what the article does not say any more
};
BOOST_DESCRIBE_STRUCT(redact_article, (), (field, person, earlier))

/// The article helped with the ticket: once that is resolved, its words find the article, too.
struct link_article {
    std::string article{}; ///< its id or number
};
BOOST_DESCRIBE_STRUCT(link_article, (), (article))

struct unlink_article {
    std::string article{};
};
BOOST_DESCRIBE_STRUCT(unlink_article, (), (article))

/// Answers the question of a guide on a ticket. A step that was answered before is answered anew, and the walk goes on
/// from there; an end that is reached resolves the ticket or hands it over.
struct answer_guide {
    std::string guide{};
    std::string step{}; ///< default: the one that is asked now
    field_value answer{};
    std::string language{}; ///< of the texts that the guide writes on the ticket: en, fr; default: the ticket's
};
BOOST_DESCRIBE_STRUCT(answer_guide, (), (guide, step, answer, language))

/// A draft is to be looked at: any of the reviewers may publish it or give it back. Nobody reviews what he submits.
struct submit_article {
    std::vector<std::string> reviewers{};
};
BOOST_DESCRIBE_STRUCT(submit_article, (), (reviewers))

/// What was under review is a draft again.
struct return_article {
    std::string reason{};
};
BOOST_DESCRIBE_STRUCT(return_article, (), (reason))

/// A revision that makes the article say what it said in an edition.
struct restore_article {
    std::uint32_t edition = 0;
};
BOOST_DESCRIBE_STRUCT(restore_article, (), (edition))

/// Whether it helped who acts; what he says last counts.
struct rate_article {
    bool helped = false;
    std::string why{};
};
BOOST_DESCRIBE_STRUCT(rate_article, (), (helped, why))

/// It was sent to somebody; a link to a ticket counts as a use by itself.
struct use_article {};
BOOST_DESCRIBE_STRUCT(use_article, (), ())

/// A draft for the staff of what a resolved ticket tells, linked to it: title from the subject, symptom from the first
/// message, body from the resolution and the public answers.
struct draft_article {
    std::string language{};
    guichet::article_kind kind = article_kind::how_to;
};
BOOST_DESCRIBE_STRUCT(draft_article, (), (language, kind))

/// Resolves a ticket and with it those of its family that are open: the tickets that it causes, and its duplicates.
/// Each under the rights of who acts and the guards; one that cannot be resolved is left out. What was resolved before
/// stays as it is.
struct resolve_family {
    std::string code{};
    std::string text{}; ///< the resolution of all, and what each requester reads as a public message
    std::string state{};
};
BOOST_DESCRIBE_STRUCT(resolve_family, (), (code, text, state))

/// Reopens what the last `resolve_family` resolved and nobody reopened or resolved otherwise since, and the ticket.
struct undo_family {
    std::string text{}; ///< a public message on each
};
BOOST_DESCRIBE_STRUCT(undo_family, (), (text))

/// From now on it is a major incident: one status is told to everybody concerned.
struct declare_major {};
BOOST_DESCRIBE_STRUCT(declare_major, (), ())

/// How a major incident stands: a public message on it, and a mail to the requester of each open ticket of its family.
struct post_update {
    std::string text{};
};
BOOST_DESCRIBE_STRUCT(post_update, (), (text))

struct end_major {};
BOOST_DESCRIBE_STRUCT(end_major, (), ())

/// Asks the requester of a resolved ticket by mail what he thinks of it: once a ticket, and not when he said it
/// already.
struct ask_rating {
    std::string question{}; ///< the template; empty: a standard text
};
BOOST_DESCRIBE_STRUCT(ask_rating, (), (question))

/// What the requester thinks of how his ticket was resolved. He may say it anew until the ticket is closed.
struct rate_ticket {
    std::uint32_t score = 0; ///< 1 (bad) to 5 (good)
    std::string text{};
};
BOOST_DESCRIBE_STRUCT(rate_ticket, (), (score, text))

/// What somebody asked the knowledge base and what he was shown; nothing where nothing was found.
struct record_inquiry {
    std::string words{}, language{};
    std::vector<std::string> shown{}; ///< see `inquiry`
};
BOOST_DESCRIBE_STRUCT(record_inquiry, (), (words, language, shown))

/// What came of it, said by who asked: what he opened, whether it helped, and, as the ticket of the command, the ticket
/// that he opened all the same.
struct follow_inquiry {
    inquiry_id inquiry{};
    std::string opened{}; ///< as in `shown`
    std::optional<bool> helped{};
};
BOOST_DESCRIBE_STRUCT(follow_inquiry, (), (inquiry, opened, helped))

/// What the pump says when tickets came faster than usual, on the one that made it so.
struct tell_trend {
    told_trend trend{};
};
BOOST_DESCRIBE_STRUCT(tell_trend, (), (trend))

/// Puts this ticket and others below one master: that named, else the open ticket that most of them are below already
/// (two at least), else a new one. Those that are below another, merged or closed are left out.
struct gather_tickets {
    std::vector<ticket_id> tickets{}; ///< default: those of the trend that was last told on this ticket
    ticket_id under{};
    std::string kind{}, subject{}, category{}; ///< of a new master; default: this ticket's
    std::string text{}, html{};
    std::string impact{}, urgency{}, priority{};
    std::string queue{}, team{}, tier{}, assignee{};
    ticket_id new_ticket{}; ///< the id to give it
};
BOOST_DESCRIBE_STRUCT(gather_tickets, (),
                      (tickets, under, kind, subject, category, text, html, impact, urgency, priority, queue, team,
                       tier, assignee, new_ticket))

using command_body = std::variant<
    open_ticket, reply, add_note, assign_ticket, hand_over_ticket, set_priority, set_fields, tag_ticket, watch_ticket,
    set_state, hold_ticket, wait_until, resolve_ticket, reopen_ticket, close_ticket, link_ticket, unlink_ticket,
    merge_ticket, unmerge_ticket, split_message, log_time, attach_file, redact_ticket, fire_timer, follow_up_ticket,
    run_macro, route_ticket, escalate_ticket, acknowledge_escalation, write_article, revise_article, publish_article,
    archive_article, redact_article, link_article, unlink_article, answer_guide, submit_article, return_article,
    restore_article, rate_article, use_article, draft_article, resolve_family, undo_family, declare_major, post_update,
    end_major, ask_rating, rate_ticket, record_inquiry, follow_inquiry, tell_trend, gather_tickets>;

/// Whether it is one of these.
template <class... Wish>
constexpr bool is_any(command_body const& body) noexcept {
    return (std::holds_alternative<Wish>(body) || ...);
}

/// The commands about an article.
template <class Body>
concept article_command = std::same_as<Body, write_article> || std::same_as<Body, revise_article> ||
    std::same_as<Body, publish_article> || std::same_as<Body, archive_article> || std::same_as<Body, redact_article> ||
    std::same_as<Body, submit_article> || std::same_as<Body, return_article> || std::same_as<Body, restore_article> ||
    std::same_as<Body, rate_article> || std::same_as<Body, use_article>;
inline bool is_about_article(command_body const& body) noexcept {
    return std::visit([]<class Body>(Body const&) { return article_command<Body>; }, body);
}

/// The commands about an inquiry, which happen to nothing else.
template <class Body>
concept inquiry_command = std::same_as<Body, record_inquiry> || std::same_as<Body, follow_inquiry>;
inline bool is_about_inquiry(command_body const& body) noexcept {
    return std::visit([]<class Body>(Body const&) { return inquiry_command<Body>; }, body);
}

/// A wish with its envelope.
struct command {
    actor by{};
    command_body body{};
    ticket_id ticket{};   ///< which one; for `open_ticket`, the id to give it (none: the desk makes one)
    std::string number{}; ///< the ticket, or the article, by its number instead
    command_id id{};      ///< makes a retry harmless; none: no receipt is kept
    std::optional<std::uint64_t> expected_version{};
    article_id article{}; ///< of a command about an article; for `write_article`, the id to give it
};

/// The name of a command's body in JSON, errors and documentation: `open_ticket`, `reply`, ...
GUICHET_DECL std::string_view name_of(command_body const& body) noexcept;

} // namespace guichet::inline v0
