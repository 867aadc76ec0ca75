#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/impl/notify.ipp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/rules/dispatch.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What rules do when something happened to a ticket: decisions that follow a decision, in the same transaction.
namespace guichet::inline v0::detail {

/// The names under which events say that a rule made them: on its own ticket, and on others; there also whether the
/// rule answered a machine.
inline constexpr std::string_view by_rule = "rule:", by_deed = "deed:", by_automatic_deed = "automatic_deed:";
inline event_cause cause_of(rules::rule const& r) { return {std::string{by_rule} + r.name, {}}; }
inline event_cause deed_of(rules::rule const& r, bool automatic) {
    return {std::string{automatic ? by_automatic_deed : by_deed} + r.name, {}};
}
/// The rule whose deed something was; empty where it was none.
inline std::string_view deed_by(event_cause const& cause) noexcept {
    std::string_view const what = cause.what;
    for (auto const kind : {by_deed, by_automatic_deed})
        if (what.starts_with(kind))
            return what.substr(kind.size());
    return {};
}

/// What an action says on a ticket.
inline result<command_body> wish_of(rules::action const& one, ticket const& t, configuration const& config,
                                    instant now) {
    if (one.raise_priority) {
        auto const& priorities = config.rules->document().priorities; // the most severe first
        auto const count = static_cast<int>(priorities.size());
        int at = count; // no priority is below the lowest
        for (int i = 0; i < count; ++i)
            if (priorities[static_cast<std::size_t>(i)].name == t.priority)
                at = i;
        auto const to = std::clamp(at - one.raise_priority, 0, std::max(count - 1, 0));
        return command_body{set_priority{{}, {}, count ? priorities[static_cast<std::size_t>(to)].name : ""}};
    }
    auto out = one.wish;
    if (one.wording.empty())
        return out;
    GUICHET_LET(auto const says, worded(one.wording, t, config, now));
    std::visit(
        [&](auto& body) {
            if constexpr (requires { body.text, body.html; }) {
                body.text = says.text;
                body.html = says.html;
            }
            using type = std::remove_cvref_t<decltype(body)>;
            if constexpr (std::is_same_v<type, open_ticket> || std::is_same_v<type, gather_tickets>)
                body.subject = says.subject;
        },
        out);
    return out;
}

/// What the decision of a command needs from routing and escalation. Keep it as long as the facts.
struct guidance {
    std::optional<ticket_routed> routed;
    std::optional<ticket_escalated> escalated;
    std::optional<event_body> question;

    result<void> gather(command_body const& wish, ticket const& t, configuration const& config, surroundings& around,
                        lifecycle::facts& known) {
        if (auto const* c = std::get_if<route_ticket>(&wish)) {
            GUICHET_LET(routed, around.route(t, *c, known.cause, known.now));
            known.routed = &*routed;
        } else if (auto const* e = std::get_if<escalate_ticket>(&wish)) {
            GUICHET_LET(escalated, config.ladder->climb(t, *e, known.now));
            known.escalated = &*escalated;
        } else if (auto const* asked = std::get_if<ask_rating>(&wish)) {
            GUICHET_LET(question, question_to_requester(*asked, t, config, around, known.now));
            known.question = &*question;
        }
        return {};
    }
};

/// An action that was refused, and why.
struct refused_action {
    rules::rule const* of;
    error why;
};

/// Something that a rule does to other tickets than its own, or to two: whoever writes does it when the rules of this
/// one have answered.
struct deed {
    rules::rule const* of;
    rules::action const* what;
    bool automatic = false; ///< what the rule answered was written by a machine
};

/// What happened to a ticket, as rules are asked about it: its events among those.
inline rules::change change_of(ticket const* before, ticket const& after, std::span<event const> events, instant now,
                               relations const* related) noexcept {
    rules::change out{before, &after, 0, std::max(now, after.updated_at), false, related};
    for (auto const& e : events)
        if (e.ticket == after.id) {
            out.events |= rules::event_bit(e.body);
            auto const* message = std::get_if<message_added>(&e.body);
            out.automatic = out.automatic || (message && message->automatic);
        }
    return out;
}

/// What is so whether anybody likes it or not: what clocks say, and whom they make the desk tell.
inline bool follows_clocks(event_body const& body) noexcept {
    return name_of(body).starts_with("clock_") || std::holds_alternative<supervisor_alerted>(body) ||
           std::holds_alternative<notice_queued>(body) || std::holds_alternative<notice_withheld>(body);
}

/// Whether guards let a change pass. What clocks say is no change that could be refused.
inline result<void> ask_guards(rules::rule_set const& automation, ticket const* before, ticket const& after,
                               std::span<event const> events, instant now, relations const* related) {
    if (!automation.has(rules::rule_kind::guard))
        return {};
    bool const asks = std::any_of(events.begin(), events.end(),
                                  [&](event const& e) { return e.ticket == after.id && !follows_clocks(e.body); });
    auto const* guard = asks ? rules::refusing(automation, change_of(before, after, events, now, related)) : nullptr;
    if (!guard)
        return {};
    return error{reason::rule_refused,
                 {{"message", guard->message_en}, {"message.fr", guard->message_fr}, {"rule", guard->name}}};
}

/// Lets rules work on one ticket. What it decides is written by others, or by nobody; beside the ticket it asks its
/// surroundings only.
class reaction {
public:
    /// `after` and `events` are what happened so far, and grow; where others hold the ticket too, it is replaced and
    /// not changed. `fired`: the rules that fired on it before, in answer to the same command.
    reaction(configuration const& config, surroundings& around, std::shared_ptr<ticket>& after,
             std::vector<event>& events, std::span<std::string const> open_children, instant now,
             std::vector<std::uint32_t> fired_before = {})
        : fired{std::move(fired_before)},
          config_{config},
          around_{around},
          after_{after},
          events_{events},
          open_children_{open_children},
          now_{now} {}

    /// What one rule does; true when it changed something.
    bool perform(rules::rule const& r, rules::action const& one, event_cause const& cause) {
        auto const changed = attempt(r, one, cause);
        if (changed)
            return *changed;
        if (changed.error().why() != reason::nothing_to_do)
            refused.push_back({&r, changed.error()});
        return false;
    }

    /// Lets the triggers answer a change; true when they changed something.
    template <class Observe>
    bool run(rules::change const& of, Observe const& observe, bool all = false) {
        auto const before = events_.size();
        answers_machine_ = of.automatic;
        cuts = rules::dispatch(
            *config_.automation, of, [&]() -> std::shared_ptr<ticket const> { return after_; },
            [&](rules::rule const& r, rules::action const& one) { return perform(r, one, cause_of(r)); }, observe,
            fired, all);
        for (auto const& cut : cuts)
            record({own(), events_}, rules_cut{cut.of->name, cut.depth}, system_person, cause_of(*cut.of), now_);
        return events_.size() != before;
    }
    bool run(rules::change const& of) {
        return run(of, [](auto const&...) {});
    }

    std::vector<std::uint32_t> fired;
    std::vector<refused_action> refused;
    std::vector<deed> deeds;
    std::vector<rules::cut> cuts;

private:
    std::shared_ptr<ticket>& own() {
        if (after_.use_count() > 1)
            after_ = std::make_shared<ticket>(*after_);
        return after_;
    }

    result<bool> attempt(rules::rule const& r, rules::action const& one, event_cause const& cause) {
        if (one.notice)
            return send(*one.notice, {own(), events_}, config_, around_, cause, now_, answers_machine_);
        if (one.elsewhere()) {
            deeds.push_back({&r, &one, answers_machine_});
            return false;
        }
        command wish;
        wish.by.tenant = after_->tenant;
        wish.by.person = wish.by.role = system_person;
        wish.ticket = after_->id;
        GUICHET_LET(wish.body, wish_of(one, *after_, config_, now_));
        lifecycle::facts known;
        known.rules = config_.rules.get();
        known.now = now_;
        known.acting_side = side::system;
        known.cause = cause;
        known.open_children = open_children_;
        guidance guided;
        GUICHET_TRY(guided.gather(wish.body, *after_, config_, around_, known));
        GUICHET_LET(auto decided, lifecycle::decide(after_.get(), wish, known));
        if (decided.events.empty())
            return false;
        GUICHET_TRY(
            ask_guards(*config_.automation, after_.get(), *decided.after, decided.events, now_, around_.related()));
        after_ = std::move(decided.after);
        std::move(decided.events.begin(), decided.events.end(), std::back_inserter(events_));
        return true;
    }

    configuration const& config_;
    surroundings& around_;
    std::shared_ptr<ticket>& after_;
    std::vector<event>& events_;
    std::span<std::string const> open_children_;
    instant now_;
    bool answers_machine_ = false;
};

} // namespace guichet::inline v0::detail
