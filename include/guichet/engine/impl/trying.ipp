#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/change.ipp>
#include <guichet/engine/impl/dry_run.ipp>
#include <guichet/engine/trial.hpp>
#include <guichet/json/describe.hpp>
#include <guichet/json/writer.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

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
    detail::past_reader reader;
    detail::fired_rules fired;
    auto const take = [&](detail::past_change const& c) -> result<void> {
        auto would = detail::dry_run(*in_force, c, fired, open_children_then(c.after, who), detail::trial_of::in_force);
        bool const meant = !version || (c.now.version >= version && (!c.before || c.before->version < version));
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
    auto const what = candidates.empty() ? detail::trial_of::in_force : detail::trial_of::candidates;
    dry_run_report out;
    detail::past_reader reader;
    detail::fired_rules fired;
    auto const take = [&](detail::past_change const& c) -> result<void> {
        out = detail::dry_run(*next, c, fired, open_children_then(c.after, who), what);
        return {};
    };
    for (auto const& e : past)
        GUICHET_TRY(reader.hear(e, take));
    GUICHET_TRY(reader.end(take));
    return out;
}

GUICHET_DECL result<back_test_report> desk::back_test(std::span<document const> candidates, report_period const& period,
                                                      viewer const& who) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    GUICHET_LET(auto all, detail::documents_of(*store_));
    GUICHET_LET(auto const next, configuration::compile(detail::with_changes(std::move(all), candidates)));
    auto const what = candidates.empty() ? detail::trial_of::in_force : detail::trial_of::candidates;
    back_test_report out;
    std::map<std::string, back_test_report::count> counts;
    struct followed {
        detail::past_reader reader;
        detail::fired_rules fired;
    };
    std::unordered_map<ticket_id, followed> readers;
    auto const open_children = [&](ticket const& t) {
        std::vector<std::string> numbers;
        for (auto const& link : t.links)
            if (auto const child = readers.find(link.ticket);
                link.kind == link_kind::parent_of && child != readers.end() && child->second.reader.now().open())
                numbers.push_back(child->second.reader.now().number);
        return numbers;
    };
    auto const take = [&](detail::past_change const& c) -> result<void> {
        if (c.after.updated_at < period.from || c.after.updated_at >= period.to)
            return {};
        ++out.changes;
        auto after = std::make_shared<ticket>(c.after);
        std::vector<event> made;
        auto& fired_before = readers.at(c.after.id).fired.before(c, *next->automation);
        auto const children = open_children(c.after);
        detail::past_surroundings around{*next, c.by_rules, what};
        detail::reaction answer{*next, around, after, made, children, c.after.updated_at, std::move(fired_before)};
        answer.run(c.as_change());
        fired_before = std::move(answer.fired);
        std::set<std::string> fired;
        for (auto const& e : made)
            fired.insert(e.cause.what);
        for (auto const& name : fired)
            ++counts[name].fired;
        for (auto const& e : c.by_rules)
            ++counts[e.cause.what].in_log;
        out.cuts += answer.cuts.size();
        out.refused += answer.refused.size();
        out.conflicts += fired.size() > 1 && detail::conflicting(made);
        out.differences += !detail::same_deeds(made, c.by_rules);
        return {};
    };
    // What one instant brought is answered before the next, so that each ticket finds the others as they were.
    std::vector<ticket_id> touched;
    instant present{};
    auto const end_all = [&]() -> result<void> {
        for (auto const id : touched)
            GUICHET_TRY(readers.at(id).reader.end(take));
        touched.clear();
        return {};
    };
    static constexpr std::size_t chunk = 2'000;
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const stored, store_->read_log(seq, chunk));
        if (stored.empty())
            break;
        seq = stored.back().seq;
        GUICHET_LET(auto const texts, store_->read_texts_between(stored.front().seq, seq));
        for (auto const& s : stored) {
            if (s.tenant != who.tenant || s.at >= period.to)
                continue;
            ++out.events;
            GUICHET_LET(auto const e, detail::from_stored(s, texts));
            if (e.at != present)
                GUICHET_TRY(end_all());
            present = e.at;
            GUICHET_TRY(readers[e.ticket].reader.hear(e, take));
            if (touched.empty() || touched.back() != e.ticket)
                touched.push_back(e.ticket);
        }
    }
    GUICHET_TRY(end_all());
    for (auto& [cause, count] : counts) {
        count.rule = cause.substr(cause.find(':') + 1);
        out.rules.push_back(std::move(count));
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

GUICHET_DECL std::string encode(back_test_report const& r) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    for (auto const& [name, value] : {std::pair{"events", r.events},
                                      {"changes", r.changes},
                                      {"conflicts", r.conflicts},
                                      {"cuts", r.cuts},
                                      {"refused", r.refused},
                                      {"differences", r.differences}}) {
        w.key(name);
        w.number(value);
    }
    w.key("rules");
    w.begin_array();
    for (auto const& one : r.rules) {
        w.begin_object();
        w.key("rule");
        w.text(one.rule);
        w.key("fired");
        w.number(one.fired);
        w.key("in_log");
        w.number(one.in_log);
        w.end_object();
    }
    w.end_array();
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
