#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/change.ipp>
#include <guichet/engine/impl/dry_run.ipp>
#include <guichet/engine/trial.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/forms.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace guichet::inline v0 {

GUICHET_DECL result<std::vector<field_origin>> desk::why(ticket_id id, std::string_view field,
                                                         viewer const& who) const {
    auto const in_force = config();
    auto const& schema = in_force->rules->schema();
    auto const number = schema.find(field);
    if (!number)
        return error{reason::condition_field_unknown,
                     {{"path", "field"}, {"value", std::string{field}}, {"known", schema.known()}}};
    GUICHET_LET(auto const past, history(id, who));
    std::vector<field_origin> out;
    ticket before, after;
    for (auto const& e : past) {
        lifecycle::apply(after, e);
        ticket_record const then{before, schema}, now{after, schema, &before};
        if (now.changed(*number))
            out.push_back({e.version, e.at, e.actor, e.cause, std::string{name_of(e.body)},
                           expr::to_literal(then.get(*number)), expr::to_literal(now.get(*number))});
        before = after;
    }
    return out;
}

GUICHET_DECL result<rule_decision> desk::why_not(ticket_id id, std::string_view rule, viewer const& who,
                                                 std::uint64_t version) const {
    auto const in_force = config();
    GUICHET_TRY(in_force->roles->require(who, access::see_internal));
    auto const* wanted = in_force->automation->find(rule);
    if (!wanted || wanted->kind != rules::rule_kind::trigger)
        return error{reason::unknown_value,
                     {{"path", "rule"}, {"value", std::string{rule}}, {"known", "the triggers in force: set/name"}}};
    GUICHET_LET(auto const past, history(id, who));
    std::optional<rule_decision> out;
    detail::spare_tickets spares;
    detail::past_reader reader{spares};
    detail::fired_rules fired;
    auto const take = [&](detail::past_change const& c) -> result<void> {
        auto would =
            detail::dry_run(*in_force, c, fired, open_children_then(*c.after, who), detail::trial_of::in_force);
        bool const meant = !version || (c.now->version >= version && (!c.before || c.before->version < version));
        for (auto& d : would.decisions)
            if (meant && d.rule == rule)
                out = std::move(d);
        return {};
    };
    for (auto const& e : past)
        GUICHET_TRY(reader.hear(e, take));
    GUICHET_TRY(reader.end(take));
    if (out)
        return *out;
    return error{reason::bad_value,
                 {{"path", "version"}, {"value", std::to_string(version)}, {"hint", "see the ticket's history"}}};
}

GUICHET_DECL void desk::keep_decisions(decision_policy const& policy) { impl_->decisions.follow(policy); }

GUICHET_DECL result<std::vector<kept_decision>> desk::decisions(ticket_id id, viewer const& who) const {
    GUICHET_LET(auto const t, find(id, who));
    GUICHET_TRY(config()->roles->require(who, access::see_internal));
    return impl_->decisions.of(t.id);
}

/// The numbers of the children that were open when a ticket was as it is here, of those that the viewer sees.
GUICHET_DECL std::vector<std::string> desk::open_children_then(ticket const& t, viewer const& who) const {
    std::vector<std::string> out;
    for (auto const& link : t.links) {
        if (link.kind != link_kind::parent_of)
            continue;
        auto const child = as_of(link.ticket, t.updated_at, who);
        if (child && child->open())
            out.push_back(child->number);
    }
    return out;
}

GUICHET_DECL result<dry_run_report> desk::dry_run(std::span<document const> candidates, ticket_id id,
                                                  viewer const& who) const {
    GUICHET_LET(auto all, detail::documents_of(*store_));
    GUICHET_LET(auto const next, configuration::compile(detail::with_changes(std::move(all), candidates)));
    GUICHET_TRY(config()->roles->require(who, access::see_internal));
    GUICHET_LET(auto const past, history(id, who));
    return dry_run(*next, detail::tried(candidates), past, who);
}

GUICHET_DECL result<dry_run_report> desk::dry_run(configuration const& next, detail::trial_of what,
                                                  std::span<event const> past, viewer const& who) const {
    dry_run_report out;
    detail::spare_tickets spares;
    detail::past_reader reader{spares};
    detail::fired_rules fired;
    auto const take = [&](detail::past_change const& c) -> result<void> {
        out = detail::dry_run(next, c, fired, open_children_then(*c.after, who), what);
        return {};
    };
    for (auto const& e : past)
        GUICHET_TRY(reader.hear(e, take));
    GUICHET_TRY(reader.end(take));
    return out;
}

GUICHET_DECL result<std::vector<dry_run_of_ticket>> desk::dry_run(std::span<document const> candidates, view const& on,
                                                                  viewer const& who) const {
    GUICHET_TRY(config()->roles->require(who, access::see_internal));
    GUICHET_LET(auto all, detail::documents_of(*store_));
    GUICHET_LET(auto const next, configuration::compile(detail::with_changes(std::move(all), candidates)));
    GUICHET_LET(auto const found, query(on, who));
    std::vector<dry_run_of_ticket> out;
    for (auto const& t : found.tickets) {
        GUICHET_LET(auto const past, history(t.id, who));
        GUICHET_LET(auto report, dry_run(*next, detail::tried(candidates), past, who));
        out.push_back({t.id, t.number, std::move(report)});
    }
    return out;
}

GUICHET_DECL std::string encode(field_origin const& o) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("version");
    w.number(o.version);
    auto const value = [&](std::string_view name, expr::literal const& of) {
        w.key(name);
        auto const* text = std::get_if<std::string>(&of);
        w.text(text ? *text : std::holds_alternative<std::monostate>(of) ? std::string{} : expr::to_text(of));
    };
    for (auto const& [name, text] :
         {std::pair{"at", time::to_text(o.at)}, {"actor", o.actor}, {"cause", o.cause.what}, {"event", o.event}}) {
        w.key(name);
        w.text(text);
    }
    value("from", o.from);
    value("to", o.to);
    w.end_object();
    return out;
}

GUICHET_DECL std::string encode(rule_decision const& d) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("rule");
    w.text(d.rule);
    w.key("version");
    w.number(std::uint64_t{d.version});
    w.key("pass");
    w.number(std::uint64_t{d.pass});
    w.key("verdict");
    w.text(json::to_text(d.verdict));
    w.key("why");
    w.raw(boost::json::serialize(expr::to_json(d.why)));
    w.key("refused");
    w.begin_array();
    for (auto const& one : d.refused)
        w.text(one);
    w.end_array();
    w.end_object();
    return out;
}

GUICHET_DECL std::string encode(dry_run_of_ticket const& r) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("ticket");
    w.text(to_string(r.ticket));
    w.key("number");
    w.text(r.number);
    w.key("fired");
    w.begin_array();
    for (auto const& d : r.report.decisions)
        if (d.verdict == rules::rule_verdict::fired)
            w.text(d.rule);
    w.end_array();
    w.key("events");
    w.begin_array();
    for (auto const& e : r.report.events)
        w.raw(encode(e));
    w.end_array();
    w.key("elsewhere");
    w.begin_array();
    for (auto const& one : r.report.elsewhere) {
        w.begin_object();
        for (auto const& [name, value] : {std::pair{"rule", one.rule}, {"on", one.on}, {"command", one.command}}) {
            w.key(name);
            w.text(value);
        }
        w.end_object();
    }
    w.end_array();
    w.key("cut");
    w.boolean(r.report.cut);
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
