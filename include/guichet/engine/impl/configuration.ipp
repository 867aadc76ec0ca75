#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/model/calendar_document.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/working_time.hpp>

#include <algorithm>
#include <map>

namespace guichet::inline v0 {
namespace detail {

struct decoded_documents {
    lifecycle_document lifecycle = itil_lifecycle();
    calendar_texts calendars{{"default", encode(sla::office_hours())}};
    std::map<std::string, std::uint32_t> calendar_versions;
    std::vector<sla::versioned_policy> policies;
    std::vector<role_document> roles;
    std::vector<rules::versioned_rules> automation;
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

inline result<void> decode_document(document const& d, decoded_documents& into) {
    static constexpr std::string_view kinds[]{"lifecycle", "calendar", "policy", "rules", "role"};
    if (std::find(std::begin(kinds), std::end(kinds), d.kind) == std::end(kinds))
        return error{
            reason::unknown_value,
            {{"path", "document.kind"}, {"value", d.kind}, {"known", "lifecycle, calendar, policy, rules, role"}}};
    if (d.body.empty()) // withdrawn
        return {};
    if (d.kind == "lifecycle") {
        GUICHET_LET(into.lifecycle, decode_lifecycle(d.body));
    } else if (d.kind == "calendar") {
        into.calendars[d.id] = d.body;
        into.calendar_versions[d.id] = d.version;
    } else if (d.kind == "policy") {
        GUICHET_LET(auto policy, decode_policy(d.body, "policy." + d.id));
        policy.name = d.id;
        into.policies.push_back({std::move(policy), d.version});
    } else if (d.kind == "rules") {
        GUICHET_LET(auto set, decode_rules(d.body, "rules." + d.id));
        set.name = d.id;
        into.automation.push_back({std::move(set), d.version});
    } else {
        GUICHET_LET(auto role, decode_role(d.body, "role." + d.id));
        role.name = d.id;
        into.roles.push_back(std::move(role));
    }
    return {};
}

/// The built-in policy, as far as it makes sense under a lifecycle: its pauses and priorities must exist there.
inline policy_document standard_policy_under(lifecycle_document const& lifecycle) {
    auto out = sla::standard_policy();
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

} // namespace detail

GUICHET_DECL result<std::shared_ptr<configuration const>> configuration::compile(std::span<document const> documents) {
    detail::decoded_documents all;
    for (auto const& d : documents)
        GUICHET_TRY(detail::decode_document(d, all));
    GUICHET_LET(auto calendars, detail::compile_calendars(all.calendars));
    if (all.policies.empty())
        all.policies.push_back({detail::standard_policy_under(all.lifecycle), 1});
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
    GUICHET_LET(out->policies,
                sla::policy_set::compile(std::move(calendars), std::move(all.policies), out->rules->document(),
                                         out->rules->schema(), all.calendar_versions));
    GUICHET_LET(out->roles, access::role_set::compile(all.roles));
    auto const find_calendar = [policies = out->policies](std::string_view name) {
        return policies->find_calendar(name);
    };
    out->calendars = std::make_shared<calendar_answers>(find_calendar);
    GUICHET_LET(out->automation, guichet::rules::rule_set::compile(std::move(all.automation), asked, find_calendar));
    return std::shared_ptr<configuration const>{std::move(out)};
}

} // namespace guichet::inline v0
