#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/around.ipp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/model/forms.hpp>

#include <algorithm>

namespace guichet::inline v0 {
GUICHET_DECL result<routing::decision> desk::route(ticket_id id, viewer const& who, route_ticket const& wish) const {
    GUICHET_LET(auto const t, find(id, who));
    auto const in_force = config();
    GUICHET_TRY(in_force->roles->require(who, access::see_internal));
    auto const now = env_.now();
    detail::standing kept; // read anew: a preview does not wait for the writer
    GUICHET_TRY(kept.learn(*store_, *in_force, now));
    GUICHET_LET(auto const team, detail::team_asked(t, wish, *in_force->people));
    GUICHET_LET(auto const known, detail::known_by(t, wish, *in_force, *store_, now));
    routing::request const asked{t, team, detail::language_of(t), known, wish.exclude};
    return routing::heed(impl_->host.router, *in_force->people, t,
                         routing::choose(*in_force->people, asked, kept.loads(), kept.turns(), now));
}

GUICHET_DECL result<std::vector<routing::transfer>> desk::redistribute(std::string const& person,
                                                                       viewer const& who) const {
    auto const in_force = config();
    GUICHET_TRY(in_force->roles->require(who, access::see_internal));
    auto const now = env_.now();
    detail::standing kept; // read anew: a preview does not wait for the writer
    GUICHET_TRY(kept.learn(*store_, *in_force, now));
    GUICHET_LET(auto const tickets, open_tickets_of(person, who));
    std::vector<std::string> known;
    for (auto const& t : tickets) {
        auto one = detail::known_by(t, {}, *in_force, *store_, now);
        known.push_back(one ? std::move(*one) : std::string{});
    }
    std::vector<routing::request> asked;
    for (std::size_t i = 0; i < tickets.size(); ++i)
        asked.push_back({tickets[i], {}, detail::language_of(tickets[i]), known[i], person});
    auto plan = routing::redistribute(*in_force->people, person, asked, kept.loads(), kept.turns(), now);
    for (auto& one : plan) {
        auto const& t = *std::ranges::find(tickets, one.ticket, &ticket::id);
        GUICHET_LET(one.to, routing::heed(impl_->host.router, *in_force->people, t, std::move(one.to)));
    }
    return plan;
}

GUICHET_DECL result<std::size_t> desk::reroute(std::string const& person, actor const& by) {
    GUICHET_LET(auto const plan, redistribute(person, by));
    std::size_t moved = 0;
    for (auto const& one : plan) {
        auto const team = one.to.steps.empty() ? std::string{} : one.to.steps.front().team;
        command const wish{by, route_ticket{team, person}, one.ticket, {}, {}, {}};
        auto const done = execute(wish);
        if (!done && !detail::is_refusal(done.error()))
            return done.error();
        auto const now = find(one.ticket, by); // a rule may have given it back
        moved += done && (!now || now->assignee != person);
    }
    return moved;
}

GUICHET_DECL result<std::vector<ticket>> desk::open_tickets_of(std::string const& person, viewer const& who) const {
    view theirs;
    theirs.matching = expr::all_of({expr::where("assignee", expr::op::equal, person),
                                    expr::where("status", expr::op::in, {"new", "open", "pending", "on_hold"})});
    theirs.order = {"created_at"};
    theirs.limit = limits::page_rows_max;
    std::vector<ticket> out;
    do {
        GUICHET_LET(auto found, query(theirs, who));
        std::move(found.tickets.begin(), found.tickets.end(), std::back_inserter(out));
        theirs.cursor = found.next;
    } while (!theirs.cursor.empty());
    return out;
}

GUICHET_DECL result<ticket_journey> desk::journey(ticket_id id, viewer const& who) const {
    GUICHET_TRY(config()->roles->require(who, access::see_internal));
    GUICHET_LET(auto const past, history(id, who));
    ticket_journey out{escalation::journey(past), {}};
    out.counts = escalation::count(out.stays);
    return out;
}

GUICHET_DECL std::string encode(ticket_journey const& way) {
    std::string out;
    json::writer w{out};
    json::write(w, way, json::fullness::full);
    return out;
}

} // namespace guichet::inline v0
