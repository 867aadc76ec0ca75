#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

#include <algorithm>

/// What only the desk may see, and requesters never.
namespace guichet::inline v0::detail {

inline void hide_internal(ticket& t, access::role const& as) {
    if (as.has(access::see_internal))
        return;
    std::erase_if(t.attachments, [](attachment const& a) { return a.audience == audience::internal; });
    std::erase_if(t.guides, [](guide_walk const& w) { return w.audience == audience::internal; });
    t.time_entries.clear();
    t.clocks.clear();
    t.timers.clear();
    t.later.clear();
    t.follow_ups.clear();
    t.thresholds.clear();
    t.escalations.clear();
    t.alerts.clear();
    t.notices.clear();
    t.trends.clear();
    t.route_again.reset();
    t.turn.reset();
    t.route_team.clear();
    t.route_exclude.clear();
    t.family.clear();
    t.resolved_with = {};
    t.rating_asked_at.reset();
}

inline bool is_internal(event const& e) {
    if (auto const* message = std::get_if<message_added>(&e.body))
        return message->audience == audience::internal;
    if (auto const* file = std::get_if<attachment_added>(&e.body))
        return file->audience == audience::internal;
    if (auto const* answer = std::get_if<guide_answered>(&e.body))
        return answer->audience == audience::internal;
    return std::holds_alternative<time_logged>(e.body) || std::holds_alternative<clock_met>(e.body) ||
           std::holds_alternative<clock_breached>(e.body) || std::holds_alternative<clock_restarted>(e.body) ||
           std::holds_alternative<clock_threshold_reached>(e.body) || std::holds_alternative<follow_up_set>(e.body) ||
           std::holds_alternative<follow_up_due>(e.body) || std::holds_alternative<ticket_routed>(e.body) ||
           std::holds_alternative<ticket_escalated>(e.body) || std::holds_alternative<supervisor_alerted>(e.body) ||
           std::holds_alternative<escalation_acknowledged>(e.body) || std::holds_alternative<notice_queued>(e.body) ||
           std::holds_alternative<notice_withheld>(e.body) || std::holds_alternative<rules_cut>(e.body) ||
           std::holds_alternative<family_resolved>(e.body) || std::holds_alternative<family_reopened>(e.body) ||
           std::holds_alternative<rating_asked>(e.body) || std::holds_alternative<trend_told>(e.body);
}

inline void hide_internal(outcome& came_to, access::role const& as) {
    if (!as.has(access::see_internal))
        std::erase_if(came_to.events, is_internal);
}

} // namespace guichet::inline v0::detail
