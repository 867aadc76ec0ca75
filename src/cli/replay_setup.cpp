#include "replay_setup.hpp"

#include <guichet/model/calendar_document.hpp>
#include <guichet/model/codec.hpp>

#include <algorithm>

namespace guichet::cli {
namespace {

struct known_state {
    char const* in_log;
    char const* name;
    status means;
    char const* label_fr;
};

/// The states of the log, then what other desks call theirs.
constexpr known_state known_states[] = {
    {"New", "new", status::new_, "Nouveau"},
    {"Active", "active", status::open, "En cours"},
    {"Awaiting User Info", "awaiting_user_info", status::pending, "Attente demandeur"},
    {"Awaiting Vendor", "awaiting_vendor", status::on_hold, "Attente fournisseur"},
    {"Awaiting Problem", "awaiting_problem", status::on_hold, "Attente problème"},
    {"Awaiting Evidence", "awaiting_evidence", status::on_hold, "Attente éléments"},
    {"Resolved", "resolved", status::resolved, "Résolu"},
    {"Closed", "closed", status::closed, "Clos"},
};
constexpr known_state other_states[] = {
    {"Open", "open", status::open, "Ouvert"},
    {"Assigned", "assigned", status::open, "Assigné"},
    {"In Progress", "in_progress", status::open, "En cours"},
    {"Work in Progress", "work_in_progress", status::open, "En cours"},
    {"Pending", "pending", status::pending, "En attente"},
    {"Awaiting Caller", "awaiting_caller", status::pending, "Attente demandeur"},
    {"On Hold", "on_hold", status::on_hold, "Suspendu"},
    {"Solved", "solved", status::resolved, "Résolu"},
    {"Cancelled", "cancelled", status::closed, "Annulé"},
    {"Canceled", "canceled", status::closed, "Annulé"},
};

std::string slug(std::string_view text) {
    std::string out;
    for (auto const c : text)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c == ' ' || c == '-' ? '_' : c;
    return out;
}

void add_state(replay_setup& to, std::string_view in_log, std::string name, status means, std::string label_fr) {
    to.states.emplace(in_log, to.lifecycle.states.size());
    to.lifecycle.states.push_back({{std::move(name), std::string{in_log}, std::move(label_fr)}, means});
}

result<void> add_states(replay_setup& to, incident_log const& log, log_mapping const& mapping) {
    to.lifecycle.states.clear();
    for (auto const& s : known_states)
        add_state(to, s.in_log, s.name, s.means, s.label_fr);
    for (auto const& [in_log, means] : mapping.states) {
        GUICHET_LET(auto const wanted, parse_status(means, "mapping.states." + in_log));
        if (to.states.contains(in_log))
            to.lifecycle.states[to.states.at(in_log)].status = wanted;
        else
            add_state(to, in_log, slug(in_log), wanted, in_log);
    }
    for (auto const& row : log.rows)
        if (auto const word = row[column::incident_state]; !word.empty() && !to.states.contains(word))
            for (auto const& s : other_states)
                if (word == s.in_log)
                    add_state(to, s.in_log, s.name, s.means, s.label_fr);
    return {};
}

lifecycle_document base_lifecycle() {
    auto out = itil_lifecycle();
    out.initial = "new";
    out.auto_close.working_days = 0;
    out.reply_of_requester_reopens = out.reply_of_desk_opens = out.parent_waits_for_children = false;
    for (auto const& f : replay_fields())
        out.fields.push_back({{f.name, f.label_en, f.label_fr}, f.flag ? "boolean" : "choice", {}, {}});
    out.fields.push_back({{source_field, "Number in the log", "Numéro dans le journal"}, "choice", {}, {}});
    out.fields.push_back({{revision_field, "Last silent revision", "Dernière révision muette"}, "number", {}, {}});
    return out;
}

time::calendar_definition working_hours() {
    time::calendar_definition out;
    for (std::size_t day = 0; day < 5; ++day)
        out.weekly[day] = {{std::chrono::hours{8}, std::chrono::hours{18}}};
    return out;
}

time::calendar_definition around_the_clock() {
    time::calendar_definition out;
    out.always_open = true;
    return out;
}

policy_document service_levels(bool promises_answer) {
    policy_document out;
    out.name = "standard";
    out.calendar = "default";
    out.pause = {"pending", "on_hold"};
    out.targets = {{"resolution", "critical", "4h", "around_the_clock"},
                   {"resolution", "high", "10h", {}},
                   {"resolution", "normal", "50h", {}},
                   {"resolution", "low", "100h", {}}};
    if (promises_answer)
        out.targets.insert(out.targets.end(), {{"first_response", "critical", "15min", "around_the_clock"},
                                               {"first_response", "high", "1h", {}},
                                               {"first_response", "normal", "4h", {}},
                                               {"first_response", "low", "10h", {}}});
    return out;
}

} // namespace

std::vector<replay_field> const& replay_fields() {
    static std::vector<replay_field> const all{
        {"location", column::location, "Location", "Lieu"},
        {"symptom", column::u_symptom, "Symptom", "Symptôme"},
        {"configuration_item", column::cmdb_ci, "Configuration item", "Élément de configuration"},
        {"opened_by", column::opened_by, "Taken by", "Pris par"},
        {"notify", column::notify, "Notification", "Notification"},
        {"problem", column::problem_id, "Problem", "Problème"},
        {"change", column::rfc, "Change", "Changement"},
        {"vendor", column::vendor, "Vendor", "Fournisseur"},
        {"caused_by", column::caused_by, "Caused by", "Causé par"},
        {"knowledge", column::knowledge, "Knowledge used", "Connaissance utilisée", true},
        {"priority_confirmed", column::u_priority_confirmation, "Priority confirmed", "Priorité confirmée", true},
    };
    return all;
}

result<replay_setup> make_replay_setup(incident_log const& log, log_mapping const& mapping) {
    replay_setup out;
    out.lifecycle = base_lifecycle();
    GUICHET_TRY(add_states(out, log, mapping));
    std::vector<std::string> names;
    for (auto const& s : out.lifecycle.states)
        names.push_back(s.name);
    out.lifecycle.transitions = {{"*", names, {}}};
    bool const promises_answer = log.has(column::comments);
    out.shortest_target = promises_answer ? duration{std::chrono::minutes{15}} : duration{std::chrono::hours{4}};
    auto const add = [&](char const* kind, char const* id, std::string body) {
        auto& d = out.documents.emplace_back();
        d.kind = kind;
        d.id = id;
        d.body = std::move(body);
    };
    add("lifecycle", "default", encode(out.lifecycle));
    add("calendar", "default", encode(working_hours()));
    add("calendar", "around_the_clock", encode(around_the_clock()));
    add("policy", "standard", encode(service_levels(promises_answer)));
    return out;
}

} // namespace guichet::cli
