#pragma once
#include <guichet/json/path.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace guichet::inline v0 {

GUICHET_DECL lifecycle_document itil_lifecycle() {
    lifecycle_document d;
    d.kinds = {{{"incident", "Incident", "Incident"}, "INC"},
               {{"service_request", "Service request", "Demande de service"}, "REQ"},
               {{"problem", "Problem", "Probl\u00e8me"}, "PRB"},
               {{"task", "Task", "T\u00e2che"}, "TSK"},
               {{"preventive_action", "Preventive action", "Action pr\u00e9ventive"}, "PRV"}};
    d.states = {{{"new", "New", "Nouveau"}, status::new_},
                {{"open", "In progress", "En cours"}, status::open},
                {{"pending", "Waiting for the requester", "En attente du demandeur"}, status::pending},
                {{"on_hold", "On hold", "Suspendu"}, status::on_hold},
                {{"resolved", "Resolved", "R\u00e9solu"}, status::resolved},
                {{"closed", "Closed", "Clos"}, status::closed}};
    d.initial = "new";
    d.transitions = {{"new", {"open", "pending", "on_hold", "resolved", "closed"}, {}},
                     {"open", {"pending", "on_hold", "resolved", "closed"}, {}},
                     {"pending", {"open", "on_hold", "resolved", "closed"}, {}},
                     {"on_hold", {"open", "pending", "resolved", "closed"}, {}},
                     {"resolved", {"open", "closed"}, {}},
                     {"closed", {"open"}, {}}};
    d.impacts = {{"high", "High", "\u00c9lev\u00e9"}, {"medium", "Medium", "Moyen"}, {"low", "Low", "Faible"}};
    d.urgencies = {{"high", "High", "\u00c9lev\u00e9e"}, {"medium", "Medium", "Moyenne"}, {"low", "Low", "Faible"}};
    d.priorities = {{"critical", "Critical", "Critique"},
                    {"high", "High", "Haute"},
                    {"normal", "Normal", "Normale"},
                    {"low", "Low", "Basse"}};
    d.matrix = {{"high", "high", "critical"}, {"high", "medium", "high"},     {"high", "low", "normal"},
                {"medium", "high", "high"},   {"medium", "medium", "normal"}, {"medium", "low", "low"},
                {"low", "high", "normal"},    {"low", "medium", "low"},       {"low", "low", "low"}};
    d.default_impact = d.default_urgency = "medium";
    d.fields = {{{"cause", "Cause", "Cause"}, "text", {}, {"problem"}},
                {{"workaround", "Workaround", "Contournement"}, "text", {}, {"problem"}},
                {{"due_date", "Due date", "\u00c9ch\u00e9ance"}, "date", {}, {"preventive_action"}}};
    d.auto_close = {5, "default"};
    return d;
}

namespace lifecycle {
namespace detail {

template <class Definitions>
auto find_named(Definitions const& definitions, std::string_view name) noexcept -> decltype(definitions.data()) {
    for (auto const& d : definitions)
        if (d.name == name)
            return &d;
    return nullptr;
}

inline error problem(std::string_view path, std::string_view member, std::string what) {
    return error{reason::bad_configuration,
                 {{"path", std::string{path}.append(".").append(member)}, {"problem", std::move(what)}}};
}

template <class Definitions>
result<void> check_unique(Definitions const& definitions, std::string_view path, std::string_view member) {
    std::set<std::string_view> seen;
    for (auto const& d : definitions) {
        if (d.name.empty())
            return problem(path, member, "a name is missing");
        if (!seen.insert(d.name).second)
            return problem(path, member, "\"" + d.name + "\" stands there twice");
    }
    return {};
}

} // namespace detail

GUICHET_DECL result<std::shared_ptr<machine const>> machine::compile(lifecycle_document document,
                                                                     std::string_view path) {
    auto out = std::make_shared<machine>();
    out->document_ = std::move(document);
    GUICHET_TRY(out->check_names(path));
    out->schema_ = ticket_schema(out->document_);
    GUICHET_TRY(out->compile_transitions(path));
    GUICHET_TRY(out->check_reach(path));
    GUICHET_TRY(out->check_reminders(path));
    return std::shared_ptr<machine const>{std::move(out)};
}

inline result<void> machine::check_names(std::string_view path) const {
    auto const& d = document_;
    GUICHET_TRY(detail::check_unique(d.kinds, path, "kinds"));
    GUICHET_TRY(detail::check_unique(d.states, path, "states"));
    GUICHET_TRY(detail::check_unique(d.impacts, path, "impacts"));
    GUICHET_TRY(detail::check_unique(d.urgencies, path, "urgencies"));
    GUICHET_TRY(detail::check_unique(d.priorities, path, "priorities"));
    GUICHET_TRY(detail::check_unique(d.fields, path, "fields"));
    if (d.kinds.empty())
        return detail::problem(path, "kinds", "at least one kind is needed");
    std::set<std::string_view> prefixes;
    for (auto const& k : d.kinds)
        if (!prefixes.insert(number_prefix(k)).second)
            return detail::problem(path, "kinds", "two kinds number their tickets with \"" + number_prefix(k) + "\"");
    if (!find_state(d.initial))
        return detail::problem(path, "initial", "there is no state \"" + d.initial + "\"");
    for (auto const s : {status::open, status::resolved, status::closed})
        if (!first_state(s))
            return detail::problem(path, "states", "a state of status " + std::string{to_string(s)} + " is needed");
    for (auto const& cell : d.matrix) {
        if (!detail::find_named(d.impacts, cell.impact))
            return detail::problem(path, "matrix", "there is no impact \"" + cell.impact + "\"");
        if (!detail::find_named(d.urgencies, cell.urgency))
            return detail::problem(path, "matrix", "there is no urgency \"" + cell.urgency + "\"");
        if (!detail::find_named(d.priorities, cell.priority))
            return detail::problem(path, "matrix", "there is no priority \"" + cell.priority + "\"");
    }
    static constexpr std::string_view types[] = {"text", "number", "boolean", "date", "choice", "reference"};
    for (auto const& f : d.fields)
        if (std::find(std::begin(types), std::end(types), f.type) == std::end(types))
            return error{reason::unknown_value,
                         {{"path", std::string{path} + ".fields." + f.name + ".type"},
                          {"value", f.type},
                          {"known", "text, number, boolean, date, choice, reference"}}};
    return {};
}

/// Where a silent requester's ticket goes must be a state, not one in which it waits again, and be within reach.
inline result<void> machine::check_reminders(std::string_view path) const {
    auto const& rule = document_.reminders;
    if (rule.working_days == 0 || rule.then.empty())
        return {};
    auto const* then = find_state(rule.then);
    if (!then)
        return detail::problem(path, "reminders.then", "there is no state \"" + rule.then + "\"");
    if (then->status == status::pending)
        return detail::problem(path, "reminders.then", "in \"" + rule.then + "\" the ticket would wait again");
    for (auto const& s : document_.states) {
        auto const next = successors(s.name);
        if (s.status == status::pending && std::find(next.begin(), next.end(), rule.then) == next.end())
            return detail::problem(path, "reminders.then",
                                   "no transition leads from \"" + s.name + "\" to \"" + rule.then + "\"");
    }
    return {};
}

inline std::size_t machine::index_of(std::string_view state) const noexcept {
    auto const* found = find_state(state);
    return found ? static_cast<std::size_t>(found - document_.states.data()) : document_.states.size();
}

inline result<void> machine::compile_transitions(std::string_view path) {
    auto const count = document_.states.size();
    for (std::size_t i = 0; i < document_.transitions.size(); ++i) {
        auto const& written = document_.transitions[i];
        auto const here = std::string{path} + ".transitions[" + std::to_string(i) + "]";
        expr::condition guard;
        if (!written.guard.empty()) {
            GUICHET_LET(auto const json, json::parse(written.guard.text));
            GUICHET_LET(guard, expr::condition::compile(json, schema_.stored().with_calendars({}), here + ".guard"));
        }
        if (written.from != "*" && index_of(written.from) == count)
            return detail::problem(here, "from", "there is no state \"" + written.from + "\"");
        for (auto const& to : written.to) {
            auto const target = index_of(to);
            if (target == count)
                return detail::problem(here, "to", "there is no state \"" + to + "\"");
            for (std::size_t from = 0; from < count; ++from)
                if (from != target && (written.from == "*" || document_.states[from].name == written.from))
                    edges_.push_back({from, target, guard});
        }
    }
    return {};
}

inline std::vector<bool> machine::reached(std::vector<bool> from, bool backwards) const {
    for (bool grew = true; grew;) {
        grew = false;
        for (auto const& e : edges_) {
            auto const a = backwards ? e.to : e.from, b = backwards ? e.from : e.to;
            if (from[a] && !from[b])
                from[b] = grew = true;
        }
    }
    return from;
}

inline result<void> machine::check_reach(std::string_view path) const {
    auto const& states = document_.states;
    std::vector<bool> start(states.size()), finish(states.size());
    start[index_of(document_.initial)] = true;
    for (std::size_t i = 0; i < states.size(); ++i)
        finish[i] = states[i].status == status::closed;
    auto const reachable = reached(start, false), ends = reached(finish, true);
    for (std::size_t i = 0; i < states.size(); ++i) {
        auto const here = std::string{path} + ".states[" + std::to_string(i) + "]";
        if (!reachable[i])
            return error{reason::unreachable_state, {{"path", here}, {"state", states[i].name}}};
        if (!ends[i])
            return error{reason::dead_end_state, {{"path", here}, {"state", states[i].name}}};
    }
    return {};
}

GUICHET_DECL state_definition const* machine::find_state(std::string_view name) const noexcept {
    return detail::find_named(document_.states, name);
}

GUICHET_DECL state_definition const* machine::first_state(status s) const noexcept {
    for (auto const& state : document_.states)
        if (state.status == s)
            return &state;
    return nullptr;
}

GUICHET_DECL kind_definition const* machine::find_kind(std::string_view name) const noexcept {
    return detail::find_named(document_.kinds, name);
}

GUICHET_DECL field_definition const* machine::find_field(std::string_view name) const noexcept {
    return detail::find_named(document_.fields, name);
}

GUICHET_DECL std::vector<std::string> machine::successors(std::string_view state) const {
    std::vector<std::string> out;
    for (auto const& e : edges_)
        if (document_.states[e.from].name == state &&
            std::find(out.begin(), out.end(), document_.states[e.to].name) == out.end())
            out.push_back(document_.states[e.to].name);
    return out;
}

GUICHET_DECL result<void> machine::allow(ticket const& before, ticket const& after, instant now) const {
    auto const from = index_of(before.state), to = index_of(after.state);
    if (from == document_.states.size())
        return {};
    expr::condition const* refused = nullptr;
    for (auto const& e : edges_) {
        if (e.from != from || e.to != to)
            continue;
        if (e.guard.always() || e.guard.evaluate(ticket_record{after, schema_, &before}, ticket_context(now)))
            return {};
        refused = &e.guard;
    }
    if (refused)
        return error{reason::guard_refused,
                     {{"from", before.state},
                      {"to", after.state},
                      {"guard", refused->describe() + " (" + refused->to_text() + ')'},
                      {"guard.fr", refused->describe(language::fr) + " (" + refused->to_text() + ')'}}};
    std::string allowed;
    for (auto const& name : successors(before.state))
        allowed.append(allowed.empty() ? "" : ", ").append(name);
    return error{reason::transition_not_allowed,
                 {{"from", before.state}, {"to", after.state}, {"allowed", allowed.empty() ? "-" : allowed}}};
}

GUICHET_DECL std::string_view machine::priority_of(std::string_view impact, std::string_view urgency) const noexcept {
    for (auto const& cell : document_.matrix)
        if (cell.impact == impact && cell.urgency == urgency)
            return cell.priority;
    return document_.priorities.empty() ? std::string_view{} : std::string_view{document_.priorities.back().name};
}

GUICHET_DECL std::uint32_t machine::rank_of(std::string_view priority) const noexcept {
    auto const* found = detail::find_named(document_.priorities, priority);
    return found ? static_cast<std::uint32_t>(document_.priorities.data() + document_.priorities.size() - found) : 0;
}

} // namespace lifecycle
} // namespace guichet::inline v0
