#include "replay_plan.hpp"

#include <algorithm>

namespace guichet::cli {
namespace {

/// The log's editors stripped the words before numbers ("Caller 12"). They come back, because caller 8 and agent 8 are
/// two people.
std::string named(std::string_view word, std::string_view value) {
    if (value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos)
        return std::string{value};
    return std::string{word}.append("-").append(value);
}

std::string level(std::string_view value, std::initializer_list<char const*> names) {
    auto const digit = value.find_first_of("12345");
    if (digit == std::string_view::npos)
        return {};
    return names.begin()[std::min<std::size_t>(static_cast<std::size_t>(value[digit] - '1'), names.size() - 1)];
}
std::string priority_of(log_row const& row) {
    return level(row[column::priority], {"critical", "high", "normal", "low"});
}
std::string impact_of(log_row const& row) { return level(row[column::impact], {"high", "medium", "low"}); }
std::string urgency_of(log_row const& row) { return level(row[column::urgency], {"high", "medium", "low"}); }

std::string category_of(log_row const& row) {
    std::string out{row[column::category]};
    if (auto const below = row[column::subcategory]; !out.empty() && !below.empty())
        out.append("/").append(below);
    return out;
}

std::string requester_of(log_row const& row) {
    auto const caller = row[column::caller_id];
    return caller.empty() ? "unknown" : named("caller", caller);
}

channel channel_of(std::string_view contact) noexcept {
    struct word {
        std::string_view name;
        channel means;
    };
    static constexpr word words[] = {{"Phone", channel::phone},
                                     {"Email", channel::mail},
                                     {"Mail", channel::mail},
                                     {"Chat", channel::chat},
                                     {"Monitoring", channel::monitoring},
                                     {"Event", channel::monitoring},
                                     {"IVR", channel::phone},
                                     {"API", channel::api},
                                     {"Direct opening", channel::api}};
    for (auto const& w : words)
        if (contact == w.name)
            return w.means;
    return channel::portal;
}

std::string subject_of(log_row const& row) {
    if (auto const given = row[column::short_description]; !given.empty())
        return std::string{given};
    auto const category = category_of(row);
    return "Incident " + std::string{row[column::number]} + (category.empty() ? "" : ", category " + category);
}

field_value value_of(replay_field const& f, std::string_view cell) {
    if (cell.empty())
        return std::monostate{};
    if (f.flag)
        return cell == "true";
    auto const person = f.from == column::opened_by;
    return person ? named("agent", cell) : std::string{cell};
}

bool differ(log_row const& a, log_row const& b, std::initializer_list<column> which) {
    return std::any_of(which.begin(), which.end(), [&](column c) { return a[c] != b[c]; });
}

} // namespace

void replay_plan::add(log_row const& row, std::vector<planned_command>& to) {
    out_ = &to;
    row_ = &row;
    auto& of = incidents_[row.incident];
    if (of.before)
        change(row, of);
    else
        open(row, of);
    of.before = &row;
}

planned_command& replay_plan::push(command_body body) {
    auto& out = out_->emplace_back();
    out.wish.body = std::move(body);
    out.wish.ticket = ticket_;
    auto const actor = (*row_)[column::sys_updated_by];
    out.wish.by.person = actor.empty() ? "unknown" : named("agent", actor);
    out.wish.by.tenant = tenant_;
    out.wish.by.role = "agent";
    out.wish.by.via = "replay";
    out.at = row_->at;
    out.row = row_;
    return out;
}

/// The row's state; the previous one where the log's word is unreadable (such as -100).
state_definition const* replay_plan::state_of(log_row const& row, incident const& of) {
    if (auto const* known = setup_.state(row[column::incident_state]))
        return known;
    ++bad_states_;
    return of.state ? of.state : setup_.state("New");
}

void replay_plan::open(log_row const& row, incident& of) {
    of.id = ticket_ = make_id<ticket_id>(env_, row.at);
    of.state = state_of(row, of);
    open_ticket wish;
    wish.subject = subject_of(row);
    wish.text = row[column::comments];
    wish.channel = channel_of(row[column::contact_type]);
    wish.requester = requester_of(row);
    wish.impact = impact_of(row);
    wish.urgency = urgency_of(row);
    wish.priority = priority_of(row);
    wish.category = category_of(row);
    wish.queue = named("group", row[column::assignment_group]);
    wish.assignee = named("agent", row[column::assigned_to]);
    wish.state = of.state->name;
    wish.fields.push_back({source_field, std::string{row[column::number]}, 0});
    for (auto const& f : replay_fields())
        if (auto value = value_of(f, row[f.from]); value.index() != 0)
            wish.fields.push_back({f.name, std::move(value), 0});
    push(std::move(wish)).opens = true;
    if (auto const note = row[column::work_notes]; !note.empty())
        push(add_note{std::string{note}, {}, channel::portal, {}});
    if (auto const code = row[column::closed_code]; of.state->status == status::resolved && !code.empty())
        push(resolve_ticket{std::string{code}, {}, of.state->name});
}

void replay_plan::change(log_row const& row, incident& of) {
    ticket_ = of.id;
    auto const planned = out_->size();
    add_messages(row);
    add_fields(row, *of.before);
    add_priority(row, *of.before);
    add_assignment(row, *of.before);
    add_state(row, of);
    if (out_->size() != planned)
        return;
    // Somebody saved the incident and the log does not show what: the update itself is recorded.
    ++silent_rows_;
    set_fields touched;
    touched.fields.push_back({revision_field, static_cast<double>(row.order), 0});
    push(std::move(touched));
}

void replay_plan::add_messages(log_row const& row) {
    if (auto const note = row[column::work_notes]; !note.empty())
        push(add_note{std::string{note}, {}, channel::portal, {}});
    if (auto const said = row[column::comments]; !said.empty())
        push(reply{std::string{said}, {}, channel_of(row[column::contact_type]), {}, {}});
}

void replay_plan::add_fields(log_row const& row, log_row const& before) {
    set_fields wish;
    bool any = false;
    if (differ(row, before, {column::category, column::subcategory})) {
        wish.category = category_of(row);
        any = true;
    }
    if (differ(row, before, {column::caller_id})) {
        wish.requester = requester_of(row);
        any = true;
    }
    if (differ(row, before, {column::short_description}) && !row[column::short_description].empty()) {
        wish.subject = row[column::short_description];
        any = true;
    }
    for (auto const& f : replay_fields())
        if (row[f.from] != before[f.from]) {
            wish.fields.push_back({f.name, value_of(f, row[f.from]), 0});
            any = true;
        }
    if (any)
        push(std::move(wish));
}

void replay_plan::add_priority(log_row const& row, log_row const& before) {
    if (!differ(row, before, {column::impact, column::urgency, column::priority}))
        return;
    set_priority wish{impact_of(row), urgency_of(row), priority_of(row)};
    if (wish.priority.empty())
        wish.priority = priority_of(before);
    push(std::move(wish)).restarts = true;
}

void replay_plan::add_assignment(log_row const& row, log_row const& before) {
    auto const assignee = named("agent", row[column::assigned_to]);
    if (differ(row, before, {column::assignment_group}))
        push(hand_over_ticket{named("group", row[column::assignment_group]), {}, {}, assignee});
    else if (differ(row, before, {column::assigned_to}))
        push(assign_ticket{assignee});
}

/// The command that a person would have given to get from one state to the other.
void replay_plan::add_state(log_row const& row, incident& of) {
    auto const* const to = state_of(row, of);
    auto const* const from = of.state;
    of.state = to;
    if (to == from)
        return;
    auto const moved = [&]() -> planned_command& {
        switch (to->status) {
        case status::pending: return push(wait_until{{}, to->name});
        case status::on_hold: return push(hold_ticket{to->name});
        case status::resolved: return push(resolve_ticket{std::string{row[column::closed_code]}, {}, to->name});
        case status::closed: return push(close_ticket{to->name});
        case status::open:
            if (!is_open(from->status))
                return push(reopen_ticket{to->name});
            break;
        case status::new_: break;
        }
        return push(set_state{to->name});
    };
    auto const runs = [](status s) { return s == status::new_ || s == status::open; };
    moved().restarts = runs(to->status) && !runs(from->status);
}

} // namespace guichet::cli
