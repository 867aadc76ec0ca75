#pragma once
#include <boost/describe/enum.hpp>

#include <cstdint>

/// The closed vocabularies of the field (ITIL). What an administrator may extend (kinds, states, priorities, queues)
/// is text in documents instead.
namespace guichet::inline v0 {

/// What a state means, whatever the administrator calls it. Clocks, views and commands reason on this.
enum class status : std::uint8_t {
    new_,     ///< nobody has looked at it
    open,     ///< somebody works on it
    pending,  ///< waits for the requester, perhaps until a date
    on_hold,  ///< waits for a third party
    resolved, ///< answered; the requester may still object
    closed    ///< finished
};
BOOST_DESCRIBE_ENUM(status, new_, open, pending, on_hold, resolved, closed)

/// Not resolved and not closed.
constexpr bool is_open(status s) noexcept { return s < status::resolved; }

/// By what way a message came or left.
enum class channel : std::uint8_t { portal, phone, mail, chat, api, monitoring };
BOOST_DESCRIBE_ENUM(channel, portal, phone, mail, chat, api, monitoring)

/// Who may read a message: everybody who sees the ticket, or the desk only.
enum class audience : std::uint8_t { public_, internal };
BOOST_DESCRIBE_ENUM(audience, public_, internal)

/// On which side of the counter the author of a message stands.
enum class side : std::uint8_t { requester, desk, system };
BOOST_DESCRIBE_ENUM(side, requester, desk, system)

/// What a link from one ticket to another means. Every link stands on both tickets, each with its own reading.
enum class link_kind : std::uint8_t {
    relates_to,
    duplicate_of,
    duplicated_by,
    blocks,
    blocked_by,
    caused_by,
    causes,
    child_of,
    parent_of
};
BOOST_DESCRIBE_ENUM(link_kind, relates_to, duplicate_of, duplicated_by, blocks, blocked_by, caused_by, causes, child_of,
                    parent_of)

/// The same link as read from the other ticket.
constexpr link_kind inverse(link_kind kind) noexcept {
    switch (kind) {
    case link_kind::relates_to: return link_kind::relates_to;
    case link_kind::duplicate_of: return link_kind::duplicated_by;
    case link_kind::duplicated_by: return link_kind::duplicate_of;
    case link_kind::blocks: return link_kind::blocked_by;
    case link_kind::blocked_by: return link_kind::blocks;
    case link_kind::caused_by: return link_kind::causes;
    case link_kind::causes: return link_kind::caused_by;
    case link_kind::child_of: return link_kind::parent_of;
    case link_kind::parent_of: return link_kind::child_of;
    }
    return link_kind::relates_to;
}

/// What a timer does when it falls due.
enum class timer_kind : std::uint8_t {
    pending_return, ///< a pending ticket's date has come
    auto_close,     ///< resolved long enough
    sla_breach,     ///< a clock reached its target
    sla_threshold,  ///< a clock reached a threshold before or after its target
    reminder,       ///< the requester of a pending ticket has been silent
    follow_up,      ///< somebody wanted to look at the ticket again
    rule,           ///< the time of a rule has come
    route,          ///< somebody may be there now
    escalation      ///< somebody's hours began, or he did not answer
};
BOOST_DESCRIBE_ENUM(timer_kind, pending_return, auto_close, sla_breach, sla_threshold, reminder, follow_up, rule, route,
                    escalation)

/// Where a functional escalation goes.
enum class escalation_direction : std::uint8_t {
    up,   ///< to a tier above, or another team of the same
    down, ///< to a tier below: the competence is there, it is only work
    back  ///< to who had it before
};
BOOST_DESCRIBE_ENUM(escalation_direction, up, down, back)

/// By what way something leaves the desk. The host sends it; the desk keeps it until it was sent.
enum class notice_channel : std::uint8_t { mail, message, webhook, call };
BOOST_DESCRIBE_ENUM(notice_channel, mail, message, webhook, call)

/// Why something did not leave.
enum class withheld_because : std::uint8_t {
    too_many_of_ticket,    ///< to this recipient, about this ticket
    too_many_to_recipient, ///< to this recipient, about all tickets
    answers_machine        ///< it would answer automatic mail
};
BOOST_DESCRIBE_ENUM(withheld_because, too_many_of_ticket, too_many_to_recipient, answers_machine)

/// How a clock ended, or that it has not.
enum class clock_outcome : std::uint8_t { running, met, breached };
BOOST_DESCRIBE_ENUM(clock_outcome, running, met, breached)

/// Where the walk of a guide on a ticket stands.
enum class guide_outcome : std::uint8_t { walking, cured, handed_over };
BOOST_DESCRIBE_ENUM(guide_outcome, walking, cured, handed_over)

/// What is told of a trend: that it began, that twice as many tickets belong to it as when it was last told, and that
/// the usual is back.
enum class trend_stage : std::uint8_t { began, grew, ended };
BOOST_DESCRIBE_ENUM(trend_stage, began, grew, ended)

/// What a desk may make of a trend: one incident with the others below it, or a problem whose cause is to be found.
enum class trend_proposal : std::uint8_t { incident, problem };
BOOST_DESCRIBE_ENUM(trend_proposal, incident, problem)

} // namespace guichet::inline v0
