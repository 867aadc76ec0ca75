#pragma once
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

/// A new ticket out of one message of another: what it begins with.
namespace guichet::inline v0::lifecycle::detail {

inline ticket_opened opening_of(split_message const& c, ticket const& from, facts const& known, machine const& rules) {
    ticket_opened out;
    // A kind that was withdrawn meanwhile opens no new ticket.
    out.kind = rules.find_kind(from.kind) ? from.kind : rules.document().kinds.front().name;
    out.state = rules.document().initial;
    out.status = rules.find_state(out.state)->status;
    out.subject = {1, c.subject.empty() ? from.subject : c.subject};
    out.requester = known.split_author;
    out.organisation = from.organisation;
    out.channel = from.channel;
    out.impact = from.impact;
    out.urgency = from.urgency;
    out.priority = from.priority;
    out.priority_rank = from.priority_rank;
    out.category = from.category;
    out.queue = from.queue;
    out.team = from.team;
    out.tier = from.tier;
    out.split_from = from.id;
    return out;
}

inline message_added first_message_of(ticket const& fresh, ticket const& from, facts const& known) {
    message_added out;
    out.text = {2, known.split_text};
    out.html = known.split_html;
    out.audience = known.split_audience;
    out.side = known.split_author == fresh.requester ? side::requester : side::desk;
    out.author = known.split_author;
    out.channel = from.channel;
    return out;
}

} // namespace guichet::inline v0::lifecycle::detail
