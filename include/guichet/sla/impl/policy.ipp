#pragma once
#include <guichet/json/path.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/sla/policy.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace guichet::inline v0::sla {
namespace detail {

inline error unknown(std::string path, std::string_view value, std::string known) {
    return error{reason::unknown_value,
                 {{"path", std::move(path)}, {"value", std::string{value}}, {"known", std::move(known)}}};
}

/// A pause names a state or a status.
inline result<void> compile_pause(policy_document const& document, lifecycle_document const& lifecycle, policy& into) {
    for (std::size_t i = 0; i < document.pause.size(); ++i) {
        bool known = false;
        std::string names;
        for (auto const& state : lifecycle.states) {
            bool const named = state.name == document.pause[i], meant = to_string(state.status) == document.pause[i];
            if (named)
                into.pause_states.push_back(state.name);
            if (meant)
                into.pause_statuses.push_back(state.status);
            known = known || named || meant;
            names.append(names.empty() ? "" : ", ").append(state.name);
        }
        if (!known)
            return unknown("policy." + document.name + ".pause[" + std::to_string(i) + "]", document.pause[i], names);
    }
    return {};
}

template <class Calendars>
result<target> compile_target(target_definition const& written, policy_document const& of, Calendars const& calendars,
                              lifecycle_document const& lifecycle, std::string const& here) {
    target out{written.metric, written.priority};
    if (written.metric != first_response && written.metric != resolution)
        return unknown(here + ".metric", written.metric, "first_response, resolution");
    bool const priority_known =
        written.priority.empty() || std::any_of(lifecycle.priorities.begin(), lifecycle.priorities.end(),
                                                [&](labelled const& p) { return p.name == written.priority; });
    if (!priority_known)
        return unknown(here + ".priority", written.priority, "the lifecycle's priorities");
    GUICHET_LET(out.within, time::parse_duration(written.within, here + ".within"));
    auto const& name = written.calendar.empty() ? of.calendar : written.calendar;
    auto const calendar = calendars.find(name);
    if (calendar == calendars.end())
        return unknown(here + ".calendar", name, "the calendars that are stored");
    out.calendar = &calendar->second;
    return out;
}

} // namespace detail

GUICHET_DECL target const* policy::find(std::string_view metric, std::string_view priority) const noexcept {
    target const* fallback = nullptr;
    for (auto const& t : targets) {
        if (t.metric != metric)
            continue;
        if (t.priority == priority)
            return &t;
        if (t.priority.empty())
            fallback = &t;
    }
    return fallback;
}

GUICHET_DECL bool policy::pauses(state_span const& span) const noexcept {
    auto const among = [](auto const& list, auto const& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    return !is_open(span.status) || among(pause_statuses, span.status) || among(pause_states, span.state);
}

GUICHET_DECL result<std::shared_ptr<policy_set const>> policy_set::compile(
    std::map<std::string, time::calendar> calendars, std::vector<versioned_policy> policies,
    lifecycle_document const& lifecycle, expr::schema const& schema) {
    auto out = std::make_shared<policy_set>();
    out->schema_ = schema;
    for (auto& [name, calendar] : calendars)
        out->calendars_.emplace(name, std::move(calendar));
    std::stable_sort(policies.begin(), policies.end(), [](versioned_policy const& a, versioned_policy const& b) {
        return std::tie(a.document.position, a.document.name) < std::tie(b.document.position, b.document.name);
    });
    for (auto const& [document, version] : policies) {
        policy p{document.name, version, {}, {}, {}, {}};
        auto const here = "policy." + document.name;
        if (!document.condition.empty()) {
            GUICHET_LET(auto const json, json::parse(document.condition.text));
            GUICHET_LET(p.condition, expr::condition::compile(json, out->schema_, here + ".condition"));
            if (p.condition.asks_time() || p.condition.asks_change())
                return error{
                    reason::bad_configuration,
                    {{"path", here + ".condition"},
                     {"problem", "a policy is chosen by what a ticket is, not by its age or by what changed"}}};
        }
        GUICHET_TRY(detail::compile_pause(document, lifecycle, p));
        for (std::size_t i = 0; i < document.targets.size(); ++i) {
            GUICHET_LET(auto compiled, detail::compile_target(document.targets[i], document, out->calendars_, lifecycle,
                                                              here + ".targets[" + std::to_string(i) + "]"));
            p.targets.push_back(std::move(compiled));
        }
        out->policies_.push_back(std::move(p));
    }
    return std::shared_ptr<policy_set const>{std::move(out)};
}

GUICHET_DECL policy const* policy_set::select(ticket const& t, instant now) const noexcept {
    for (auto const& p : policies_)
        if (p.condition.always() || p.condition.evaluate(ticket_record{t, schema_}, ticket_context(now)))
            return &p;
    return nullptr;
}

GUICHET_DECL time::calendar const* policy_set::find_calendar(std::string_view name) const noexcept {
    auto const found = calendars_.find(name);
    return found == calendars_.end() ? nullptr : &found->second;
}

GUICHET_DECL time::calendar_definition office_hours() {
    time::calendar_definition out;
    for (std::size_t day = 0; day < 5; ++day)
        out.weekly[day] = {{std::chrono::hours{9}, std::chrono::hours{18}}};
    return out;
}

GUICHET_DECL policy_document standard_policy() {
    policy_document out;
    out.name = "standard";
    out.position = 1'000;
    out.calendar = "default";
    out.targets = {{"first_response", "critical", "15min", {}},
                   {"resolution", "critical", "4h", {}},
                   {"first_response", "high", "1h", {}},
                   {"resolution", "high", "9h", {}},
                   {"first_response", "low", "9h", {}},
                   {"resolution", "low", "90h", {}},
                   {"first_response", "", "4h", {}},
                   {"resolution", "", "45h", {}}};
    out.pause = {"pending", "on_hold"};
    return out;
}

} // namespace guichet::inline v0::sla
