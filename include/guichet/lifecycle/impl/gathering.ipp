#pragma once
#include <guichet/base/error.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/ticket.hpp>

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

/// Trends told on a ticket, and tickets that go below one master.
namespace guichet::inline v0::lifecycle::detail {

/// Whoever follows the log may say again what it said before it was stopped.
inline bool was_told(told_trend const& trend, ticket const& on) noexcept {
    return std::any_of(on.trends.begin(), on.trends.end(), [&](told_trend const& one) {
        return one.stage == trend.stage && one.field == trend.field && one.value == trend.value &&
               one.began_on == trend.began_on;
    });
}

/// Not what is below another, merged or closed.
inline bool may_join(ticket const& one) noexcept {
    bool const below = std::any_of(one.links.begin(), one.links.end(),
                                   [](ticket_link const& l) { return l.kind == link_kind::child_of; });
    return !below && !one.merged_into && one.status != status::closed;
}

inline std::vector<ticket const*> that_may_join(std::span<std::shared_ptr<ticket const> const> some,
                                                ticket const* master) {
    std::vector<ticket const*> out;
    for (auto const& one : some)
        if (may_join(*one) && (!master || one->id != master->id))
            out.push_back(one.get());
    return out;
}

inline result<void> may_be_over(ticket const* master) {
    if (master && master->merged_into)
        return error{reason::ticket_merged, {{"into", to_string(master->merged_into)}}};
    return master && !master->open() ? result<void>{error{reason::ticket_closed}} : result<void>{};
}

inline open_ticket master_of(gather_tickets const& c, ticket const& first, machine const& rules) {
    open_ticket out;
    // A kind that was withdrawn meanwhile opens no new ticket.
    out.kind = c.kind.empty() && rules.find_kind(first.kind) ? first.kind : c.kind;
    out.subject = c.subject.empty() ? first.subject : c.subject;
    out.category = c.category.empty() ? first.category : c.category;
    out.text = c.text;
    out.html = c.html;
    out.impact = c.impact;
    out.urgency = c.urgency;
    out.priority = c.priority;
    out.queue = c.queue;
    out.team = c.team;
    out.tier = c.tier;
    out.assignee = c.assignee;
    return out;
}

} // namespace guichet::inline v0::lifecycle::detail
