#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/rules/dispatch.hpp>

#include <memory>
#include <string>
#include <vector>

/// What rules do when something happened to a ticket: decisions that follow a decision, in the same transaction.
namespace guichet::inline v0::detail {

/// The name under which a rule's events say why they happened.
inline event_cause cause_of(rules::rule const& r) { return {"rule:" + r.name, {}}; }

/// What an action says on a ticket.
inline command_body body_of(rules::action const& one, ticket const& t, configuration const& config) {
    if (!one.raise_priority)
        return one.wish;
    auto const& priorities = config.rules->document().priorities; // the most severe first
    auto const count = static_cast<int>(priorities.size());
    int at = count; // no priority is below the lowest
    for (int i = 0; i < count; ++i)
        if (priorities[static_cast<std::size_t>(i)].name == t.priority)
            at = i;
    auto const to = std::clamp(at - one.raise_priority, 0, std::max(count - 1, 0));
    return set_priority{{}, {}, count ? priorities[static_cast<std::size_t>(to)].name : std::string{}};
}

/// An action that was refused, and why.
struct refused_action {
    rules::rule const* of;
    error why;
};

/// Lets rules work on one ticket. Pure: it reads nothing, and what it decides is written by others or by nobody.
class reaction {
public:
    /// `after` and `events` are what happened so far, and grow.
    reaction(configuration const& config, std::shared_ptr<ticket>& after, std::vector<event>& events,
             std::span<std::string const> open_children, instant now)
        : config_{config}, after_{after}, events_{events}, open_children_{open_children}, now_{now} {}

    /// What one rule does; true when it changed something.
    bool perform(rules::rule const& r, rules::action const& one, event_cause const& cause) {
        command wish;
        wish.by.tenant = after_->tenant;
        wish.by.person = wish.by.role = system_person;
        wish.ticket = after_->id;
        wish.body = body_of(one, *after_, config_);
        lifecycle::facts known;
        known.rules = config_.rules.get();
        known.now = now_;
        known.acting_side = side::system;
        known.cause = cause;
        known.open_children = open_children_;
        auto decided = lifecycle::decide(after_.get(), wish, known);
        if (!decided) {
            if (decided.error().why() != reason::nothing_to_do)
                refused.push_back({&r, decided.error()});
            return false;
        }
        if (decided->events.empty())
            return false;
        after_ = std::move(decided->after);
        std::move(decided->events.begin(), decided->events.end(), std::back_inserter(events_));
        return true;
    }

    /// Lets the triggers answer a change; true when they changed something.
    template <class Observe>
    bool run(rules::change const& of, Observe const& observe, bool all = false) {
        auto const before = events_.size();
        cut = rules::dispatch(
            *config_.automation, of, [&]() -> std::shared_ptr<ticket const> { return after_; },
            [&](rules::rule const& r, rules::action const& one) { return perform(r, one, cause_of(r)); }, observe, all);
        if (cut)
            record(rules_cut{cut->of->name, cut->depth}, cause_of(*cut->of));
        return events_.size() != before;
    }
    bool run(rules::change const& of) {
        return run(of, [](auto const&...) {});
    }

    std::vector<refused_action> refused;
    std::optional<rules::cut> cut;

private:
    void record(event_body body, event_cause cause) {
        auto next = std::make_shared<ticket>(*after_);
        auto& e = events_.emplace_back();
        e.tenant = next->tenant;
        e.ticket = next->id;
        e.version = next->version + 1;
        e.at = std::max(now_, next->updated_at);
        e.actor = system_person;
        e.cause = std::move(cause);
        e.body = std::move(body);
        lifecycle::apply(*next, e);
        after_ = std::move(next);
    }

    configuration const& config_;
    std::shared_ptr<ticket>& after_;
    std::vector<event>& events_;
    std::span<std::string const> open_children_;
    instant now_;
};

/// The events of a ticket among those, as bits.
inline std::uint64_t bits_of(std::span<event const> events, ticket_id of) noexcept {
    std::uint64_t out = 0;
    for (auto const& e : events)
        if (e.ticket == of)
            out |= rules::event_bit(e.body);
    return out;
}

} // namespace guichet::inline v0::detail
