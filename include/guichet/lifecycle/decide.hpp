#pragma once
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/guide.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace guichet::inline v0::lifecycle {

/// The article that a reply names, filled in for the ticket.
struct canned_answer {
    article_id article{};
    std::string text{}, html{};
};

/// What `decide` may know beside the ticket and the command. The desk gathers it; nothing else is read.
struct facts {
    machine const* rules = nullptr;
    instant now;
    side acting_side = side::desk;
    event_cause cause;
    ticket_id fresh; ///< the id of a ticket to be opened; the desk gives it its number
    /// The second ticket of a link, merge or unmerge, or what others are gathered under; null when there is none such.
    ticket const* other = nullptr;
    /// Of `gather_tickets`: the others, without those that `other` is below.
    std::span<std::shared_ptr<ticket const> const> gathered = {};
    guichet::article const* article = nullptr;       ///< of a link to one; null when there is none such
    canned_answer const* canned = nullptr;           ///< of a reply; null when it names none
    article_id fresh_article{};                      ///< the id of one that is drafted from the ticket
    bool closes_circle = false;                      ///< a link to `other` of that kind would come back to this ticket
    std::span<std::string const> open_children = {}; ///< their numbers, when the ticket is to be resolved
    std::string split_text, split_html;              ///< the message to be split off; empty when there is none such
    std::string split_author;
    audience split_audience = audience::public_;
    /// Texts of this ticket that a redaction named by person or message covers, with attachments' names.
    std::span<std::uint32_t const> texts_to_redact = {};
    ticket_routed const* routed = nullptr;       ///< whom the routing chose
    ticket_escalated const* escalated = nullptr; ///< where an escalation leads
    guide_move const* guided = nullptr;          ///< what an answer in a guide comes to
    ticket_id family{};                          ///< the ticket with whose family this one is resolved
    event_body const* question = nullptr;        ///< what leaves when the requester is asked, or why nothing does
};

/// What a command comes to: events in order, and the tickets as they are after them.
struct decision {
    std::vector<event> events; ///< of `after` and `others`
    std::shared_ptr<ticket> after;
    std::vector<std::shared_ptr<ticket>> others{}; ///< other tickets, changed or newly opened
};

/// Decides a command. Pure: the same arguments give the same decision, and a refusal changes nothing. `state` is null
/// for `open_ticket` only. Events come numbered by ticket version; their place in the log is the desk's matter.
GUICHET_DECL result<decision> decide(ticket const* state, command const& wish, facts const& known);

/// The timers that a ticket wants of the lifecycle: its return from pending. (Closing by itself needs a calendar; the
/// desk adds it.)
GUICHET_DECL void wanted_timers(ticket const& state, std::vector<timer>& out);

} // namespace guichet::inline v0::lifecycle

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/lifecycle/impl/decide.ipp>
#endif
