#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/model/calendar_document.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/working_time.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace guichet::inline v0 {
namespace detail {

struct decoded_documents {
    lifecycle_document lifecycle = itil_lifecycle();
    calendar_texts calendars{{"default", guichet::encode(sla::office_hours())}};
    std::map<std::string, std::uint32_t> calendar_versions;
    std::vector<sla::versioned_policy> policies;
    std::vector<role_document> roles;
    std::vector<audience_document> audiences;
    std::vector<rules::versioned_rules> automation;
    routing::roster_documents people;
    escalation::ladder_documents ladder;
    std::vector<template_document> wordings;
    std::vector<kb::guide> guides;
    std::vector<trend_document> trends;
};

/// Compiles each once, behind the one it extends: an error then names the document that has it, not one that takes it
/// over.
inline result<std::map<std::string, time::calendar>> compile_calendars(calendar_texts const& texts) {
    std::map<std::string, time::calendar> out;
    for (auto const& [name, text] : texts) {
        GUICHET_LET(auto lineage, resolve_calendar(name, texts));
        for (auto& [id, definition] : lineage)
            if (!out.contains(id)) {
                GUICHET_LET(auto calendar, time::calendar::compile(std::move(definition), "calendar." + id));
                out.emplace(id, std::move(calendar));
            }
    }
    return out;
}

/// Decodes a document that bears the name under which it is stored.
template <class Document>
result<Document> named(result<Document> (*decode)(std::string_view, std::string_view), document const& d) {
    GUICHET_LET(auto out, decode(d.body, d.kind + "." + d.id));
    out.name = d.id;
    return out;
}

inline result<void> decode_document(document const& d, decoded_documents& into) {
    if (d.body.empty() && !d.kind.empty()) // withdrawn
        return {};
    if (d.kind == "lifecycle") {
        GUICHET_LET(into.lifecycle, decode_lifecycle(d.body));
    } else if (d.kind == "calendar") {
        into.calendars[d.id] = d.body;
        into.calendar_versions[d.id] = d.version;
    } else if (d.kind == "policy") {
        GUICHET_LET(auto policy, named(&decode_policy, d));
        into.policies.push_back({std::move(policy), d.version});
    } else if (d.kind == "rules") {
        GUICHET_LET(auto set, named(&decode_rules, d));
        into.automation.push_back({std::move(set), d.version});
    } else if (d.kind == "role") {
        GUICHET_LET(auto role, named(&decode_role, d));
        into.roles.push_back(std::move(role));
    } else if (d.kind == "audience") {
        GUICHET_LET(auto audience, named(&decode_audience, d));
        into.audiences.push_back(std::move(audience));
    } else if (d.kind == "person") {
        GUICHET_LET(auto person, named(&decode_person, d));
        into.people.persons.push_back(std::move(person));
    } else if (d.kind == "team") {
        GUICHET_LET(auto team, named(&decode_team, d));
        into.people.teams.push_back(std::move(team));
    } else if (d.kind == "routing") {
        GUICHET_LET(into.people.routing, decode_routing(d.body));
    } else if (d.kind == "tier") {
        GUICHET_LET(auto tier, named(&decode_tier, d));
        into.ladder.tiers.push_back(std::move(tier));
    } else if (d.kind == "escalation") {
        GUICHET_LET(auto path, named(&decode_escalation, d));
        into.ladder.paths.push_back(std::move(path));
    } else if (d.kind == "template") {
        GUICHET_LET(auto wording, named(&decode_template, d));
        into.wordings.push_back(std::move(wording));
    } else if (d.kind == "guide") {
        GUICHET_LET(auto guide, named(&decode_guide, d));
        into.guides.push_back({std::move(guide), d.version});
    } else if (d.kind == "trend") {
        GUICHET_LET(auto trend, named(&decode_trend, d));
        into.trends.push_back(std::move(trend));
    } else {
        std::string known;
        for (auto const kind : document_kinds)
            known.append(known.empty() ? "" : ", ").append(kind);
        return error{reason::unknown_value, {{"path", "document.kind"}, {"value", d.kind}, {"known", known}}};
    }
    return {};
}

/// A policy that nobody wrote, as far as it makes sense under a lifecycle: its pauses and priorities must exist there.
inline policy_document under(lifecycle_document const& lifecycle, policy_document out) {
    std::erase_if(out.pause, [&](std::string const& pause) {
        return std::none_of(lifecycle.states.begin(), lifecycle.states.end(),
                            [&](state_definition const& s) { return s.name == pause || to_string(s.status) == pause; });
    });
    std::erase_if(out.targets, [&](target_definition const& t) {
        return !t.priority.empty() && std::none_of(lifecycle.priorities.begin(), lifecycle.priorities.end(),
                                                   [&](labelled const& p) { return p.name == t.priority; });
    });
    return out;
}

/// A path hears a clock that a policy has; else it would wait for ever.
inline result<void> check_metrics(std::vector<escalation_document> const& paths,
                                  std::vector<sla::versioned_policy> const& policies) {
    std::set<std::string> known;
    for (auto const& policy : policies)
        for (auto const& target : policy.document.targets)
            known.insert(policy.document.family.empty() ? target.metric : policy.document.family + "/" + target.metric);
    for (auto const& path : paths) {
        auto const metric = path.metric.empty() ? std::string{"resolution"} : path.metric;
        if (known.contains(metric))
            continue;
        std::string names;
        for (auto const& name : known)
            names += (names.empty() ? "" : ", ") + name;
        return error{reason::unknown_value,
                     {{"path", "escalation." + path.name + ".metric"}, {"value", metric}, {"known", names}}};
    }
    return {};
}

/// The templates that escalation paths name are there.
template <class Find>
result<void> check_steps(escalation::ladder const& ladder, Find const& find_wording) {
    for (auto const& path : ladder.paths())
        for (std::size_t i = 0; i < path.steps.size(); ++i)
            if (auto const& name = path.steps[i].wording; !name.empty() && !find_wording(name))
                return error{reason::unknown_value,
                             {{"path", "escalation." + path.name + ".steps[" + std::to_string(i) + "].wording"},
                              {"value", name},
                              {"known", "the templates that are stored"}}};
    return {};
}

} // namespace detail

GUICHET_DECL result<std::shared_ptr<configuration const>> configuration::compile(std::span<document const> documents) {
    detail::decoded_documents all;
    for (auto const& d : documents)
        GUICHET_TRY(detail::decode_document(d, all));
    GUICHET_LET(auto calendars, detail::compile_calendars(all.calendars));
    if (all.policies.empty())
        all.policies.push_back({detail::under(all.lifecycle, sla::standard_policy()), 1});
    for (auto& policy : escalation::promises(all.ladder.tiers))
        all.policies.push_back({detail::under(all.lifecycle, std::move(policy)), 1});
    GUICHET_TRY(detail::check_metrics(all.ladder.paths, all.policies));
    for (auto& policy : all.policies)
        escalation::add_thresholds(policy.document, all.ladder.paths);
    auto out = std::make_shared<configuration>();
    GUICHET_LET(out->rules, lifecycle::machine::compile(std::move(all.lifecycle)));
    auto const& rules = out->rules->document();
    auto const needs = [&](std::uint32_t days, std::string const& calendar, std::string path) -> result<void> {
        if (days == 0 || calendars.contains(calendar))
            return {};
        return error{reason::bad_configuration,
                     {{"path", std::move(path)}, {"problem", "there is no calendar \"" + calendar + "\""}}};
    };
    GUICHET_TRY(needs(rules.auto_close.working_days, rules.auto_close.calendar, "lifecycle.auto_close.calendar"));
    GUICHET_TRY(needs(rules.reminders.working_days, rules.reminders.calendar, "lifecycle.reminders.calendar"));
    std::vector<std::string> calendar_names;
    for (auto const& [name, calendar] : calendars)
        calendar_names.push_back(name);
    auto const asked = out->rules->schema().with_calendars(std::move(calendar_names));
    out->viewed = asked.stored();
    GUICHET_LET(out->people, routing::roster::compile(std::move(all.people), calendars, rules, out->rules->schema()));
    GUICHET_LET(out->ladder, escalation::ladder::compile(all.ladder, out->rules->schema()));
    GUICHET_LET(out->wordings, guichet::rules::template_set::compile(std::move(all.wordings), rules));
    GUICHET_LET(out->guides, kb::guide_set::compile(std::move(all.guides), rules));
    GUICHET_LET(out->watched, trends::watch_set::compile(std::move(all.trends), out->rules->schema()));
    GUICHET_LET(out->policies,
                sla::policy_set::compile(std::move(calendars), std::move(all.policies), out->rules->document(),
                                         out->rules->schema(), all.calendar_versions));
    GUICHET_LET(out->roles, access::role_set::compile(all.roles));
    GUICHET_LET(out->audiences, access::audience_set::compile(all.audiences));
    auto const find_calendar = [policies = out->policies](std::string_view name) {
        return policies->find_calendar(name);
    };
    out->calendars = std::make_shared<calendar_answers>(find_calendar);
    auto const find_wording = [&](std::string_view name) { return out->wordings->find(name) != nullptr; };
    GUICHET_LET(out->automation,
                guichet::rules::rule_set::compile(std::move(all.automation), asked, find_calendar, find_wording));
    GUICHET_TRY(detail::check_steps(*out->ladder, find_wording));
    return std::shared_ptr<configuration const>{std::move(out)};
}

} // namespace guichet::inline v0
