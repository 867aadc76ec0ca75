#pragma once
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/model/impl/checks.ipp>

#include <algorithm>

namespace guichet::inline v0::lifecycle::detail {
using namespace checks;

/// What every command needs: the ticket as it will be, events emitted on it, and moves between states.
class mover {
protected:
    mover(ticket const* state, command const& wish, facts const& known)
        : wish_{wish}, known_{known}, rules_{*known.rules}, state_{state}, exists_{state != nullptr} {
        out_.after = state ? std::make_shared<ticket>(*state) : std::make_shared<ticket>();
        now_ = state ? std::max(known.now, state->updated_at) : known.now;
    }

    ticket& t() { return *out_.after; }
    ticket const& t() const { return *out_.after; }

    void emit_on(ticket& on, ticket_id id, event_body body) {
        auto& e = out_.events.emplace_back();
        e.tenant = wish_.by.tenant;
        e.ticket = id;
        e.version = on.version + 1;
        e.at = std::max(now_, on.updated_at);
        e.actor = wish_.by.person;
        e.cause = known_.cause;
        e.body = std::move(body);
        apply(on, e);
    }
    void emit(event_body body) { emit_on(t(), exists_ ? t().id : known_.fresh, std::move(body)); }
    /// Another ticket as it will be.
    ticket& changed(ticket const& of) {
        for (auto const& one : out_.others)
            if (one->id == of.id)
                return *one;
        return *out_.others.emplace_back(std::make_shared<ticket>(of));
    }
    void put_below(ticket& child, ticket& over) {
        emit_on(child, child.id, ticket_linked{link_kind::child_of, over.id});
        emit_on(over, over.id, ticket_linked{link_kind::parent_of, child.id});
    }
    void emit_on_other(event_body body) { emit_on(changed(*known_.other), known_.other->id, std::move(body)); }

    personal_text numbered(std::string body) { return {t().texts + 1, std::move(body)}; }

    static error nothing() { return error{reason::nothing_to_do}; }

    // --- moves

    transition step_to(state_definition const& to) const { return {t().state, to.name, to.status}; }

    bool allowed(std::string const& state) const {
        auto const* to = rules_.find_state(state);
        ticket after = t();
        after.state = to->name;
        after.status = to->status;
        return rules_.allow(t(), after, now_).has_value();
    }

    /// Goes to a state; the event follows from what the state means. All commands that move a ticket end here.
    result<void> move_to(std::string const& state, std::optional<instant> until = {}, std::string const& code = {},
                         std::string const& text = {}) {
        auto const* to = rules_.find_state(state);
        if (!to)
            return check_known("state", state, rules_.document().states);
        auto const before = t().status;
        bool const same = t().state == state;
        auto const step = step_to(*to);
        if (to->status == status::resolved || to->status == status::closed)
            GUICHET_TRY(check_children());
        switch (to->status) {
        case status::pending: emit(ticket_pended{step, until}); break;
        case status::on_hold: emit(ticket_put_on_hold{step}); break;
        case status::resolved:
            emit(ticket_resolved{step, code, text.empty() ? personal_text{} : numbered(text), known_.family});
            break;
        case status::closed: emit(ticket_closed{step}); break;
        case status::new_:
        case status::open:
            if (is_open(before))
                emit(ticket_state_set{step});
            else
                emit(ticket_reopened{step});
            break;
        }
        return same ? result<void>{} : rules_.allow(*state_, t(), now_);
    }

    result<void> check_children() const {
        if (known_.open_children.empty() || !rules_.document().parent_waits_for_children)
            return {};
        std::string numbers;
        for (auto const& n : known_.open_children)
            numbers.append(numbers.empty() ? "" : ", ").append(n);
        return error{reason::children_open,
                     {{"count", std::to_string(known_.open_children.size())}, {"children", numbers}}};
    }

    /// The state that a command means: the one it names, which must have the status, or the lifecycle's first.
    result<std::string> state_for(std::string const& named, status wanted) const {
        if (named.empty()) {
            auto const* first = rules_.first_state(wanted);
            if (!first)
                return error{reason::bad_configuration,
                             {{"path", "lifecycle.states"},
                              {"problem", "no state of status " + std::string{to_string(wanted)}}}};
            return first->name;
        }
        GUICHET_TRY(check_known("state", named, rules_.document().states));
        auto const found = rules_.find_state(named)->status;
        if (found != wanted)
            return error{reason::state_of_other_kind,
                         {{"state", named},
                          {"found", std::string{to_string(found)}},
                          {"expected", std::string{to_string(wanted)}}}};
        return named;
    }

    command const& wish_;
    facts const& known_;
    machine const& rules_;
    ticket const* state_; ///< before the command; null when it opens one
    bool exists_;
    instant now_;
    decision out_;
};

} // namespace guichet::inline v0::lifecycle::detail
