#pragma once
#include <guichet/engine/impl/at_hand.ipp>
#include <guichet/engine/impl/climb.ipp>
#include <guichet/engine/impl/derive.ipp>
#include <guichet/engine/impl/facts.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/engine/trial.hpp>
#include <guichet/model/forms.hpp>

#include <algorithm>
#include <deque>
#include <optional>

namespace guichet::inline v0::detail {

/// The actor under whose name timers and rules act.
inline actor system_actor(std::string_view tenant) {
    actor out;
    out.tenant = tenant;
    out.person = out.role = system_person;
    return out;
}

/// INC-2026-000123.
inline std::string format_number(std::string_view prefix, int year, std::uint64_t count) {
    auto const padded = [](std::string const& digits, std::size_t width) {
        return std::string(width - std::min(width, digits.size()), '0') + digits;
    };
    return std::string{prefix} + "-" + padded(std::to_string(year), 4) + "-" + padded(std::to_string(count), 6);
}

inline int year_of(instant at) noexcept {
    return int{std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(at)}.year()};
}

/// Whether an error says that something may not be, and not that something is broken.
inline bool is_refusal(error const& e) noexcept {
    return e.code() != errc::unavailable && e.code() != errc::data_loss && e.code() != errc::internal;
}

/// Works out what one command comes to: its own decision, what the clocks and guards say to it, then what rules do in
/// answer, on its tickets and on others, until all is quiet. Writes nothing but numbers of new tickets.
class deliberation {
public:
    deliberation(configuration const& config, environment& env, at_hand& hands, surroundings& around, plan& into)
        : config_{config}, env_{env}, hands_{hands}, around_{around}, plan_{into}, finder_{hands, config, env} {}

    /// The command's own part. A refusal is the command's.
    result<void> decide(command const& wish, storage::ticket_snapshot const& on, ticket_id target,
                        access::role const& as, event_cause const& cause) {
        gathered with;
        with.target = target;
        // What made a timer fall due holds for its command, also where the clock was set back in between.
        with.known.now = now_ = cause.due ? std::max(env_.now(), *cause.due) : env_.now();
        with.known.cause = cause;
        GUICHET_TRY(finder_.gather(wish, on.get(), as, around_, with));
        GUICHET_TRY(decide_by_kind(wish, on, with));
        origin const by{wish.by.person, with.known.cause}; // a macro is a cause of its own
        for (auto& t : plan_.tickets) {
            GUICHET_TRY(judge(t, by));
            GUICHET_TRY(ask_guards(t.before.get(), *t.after, 0));
        }
        answers_.clear(); // what a macro did on other tickets is part of one change with the rest
        std::vector<step> own;
        for (auto const& t : plan_.tickets)
            own.push_back({t.after->id, t.before, 0, plan_.events.size(), by});
        todo_.insert(todo_.begin(), own.begin(), own.end());
        return {};
    }

    /// What follows from it. Nothing that a rule does can refuse the command any more.
    result<void> answer() {
        answering_ = true;
        GUICHET_TRY(number_tickets());
        while (!todo_.empty()) {
            auto next = take_first();
            GUICHET_TRY(next.wanted.of ? perform(std::move(next)) : let_rules_answer(next));
        }
        return {};
    }

    /// Which decisions of rules to keep beside the events.
    std::function<void(rules::rule const&, std::uint32_t pass, rules::rule_verdict, rules::changed_record const&,
                       ticket const&, expr::context const&)>
        observe;

private:
    /// Under what name and why something happens.
    struct origin {
        std::string actor;
        event_cause cause;
    };
    /// A change that rules are still to answer: the events from `first` to `last` of a ticket; or something that a rule
    /// is still to do on other tickets than its own.
    struct step {
        ticket_id ticket;
        storage::ticket_snapshot before;
        std::size_t first = 0, last = 0;
        origin by;
        deed wanted{};
        bool automatic = false; ///< a machine is at the beginning of it
    };

    // --- the command's own part

    /// What a macro or a timer stands for is done in its place.
    result<void> decide_by_kind(command const& wish, storage::ticket_snapshot const& on, gathered& with) {
        if (auto const* macro = std::get_if<run_macro>(&wish.body))
            return decide_macro(*macro, wish, on, with);
        GUICHET_LET(auto decided, lifecycle::decide(on.get(), wish, with.known));
        GUICHET_TRY(take(std::move(decided)));
        if (auto const* fired = std::get_if<fire_timer>(&wish.body))
            return follow_timer(fired->timer, wish, *on, with);
        if (std::holds_alternative<resolve_family>(wish.body) || std::holds_alternative<undo_family>(wish.body))
            return decide_on_family(wish, *on, with.known.cause);
        auto const* update = std::get_if<post_update>(&wish.body);
        return update ? tell_family(update->text, *on) : result<void>{};
    }

    result<void> follow_timer(timer const& due, command const& wish, ticket const& on, gathered& with) {
        bool const ours =
            due.kind == timer_kind::rule || due.kind == timer_kind::route || due.kind == timer_kind::escalation;
        auto& own = plan_.tickets.front();
        if (!ours || std::erase(own.after->timers, due) == 0)
            return {}; // else it is armed no more: it had one time, and this was it
        if (due.kind == timer_kind::escalation)
            return climber{config_, around_, {own.after, plan_.events}, with.known.cause, now_}.due(due.name, due.due);
        if (due.kind == timer_kind::route)
            return route_again(wish, with);
        auto const* r = config_.automation->find(due.name);
        if (!r || r->kind != rules::rule_kind::schedule)
            return {};
        rules::change const now{&on, &on, 0, now_, false, around_.related()};
        if (config_.automation->idle(*r, now, on.tenant) ||
            !r->condition.evaluate(ticket_record{on, config_.automation->schema(), nullptr, around_.related()},
                                   config_.automation->context(now_)))
            return {};
        reaction acting{config_, around_, own.after, plan_.events, with.known.open_children, now_};
        for (auto const& one : r->actions)
            acting.perform(*r, one, with.known.cause);
        queue(acting.deeds, on.id);
        return {};
    }

    result<void> route_again(command wish, gathered& with) {
        auto const& t = *plan_.tickets.front().after;
        wish.body = route_ticket{t.route_team, t.route_exclude};
        GUICHET_TRY(with.guided.gather(wish.body, t, config_, around_, with.known));
        auto decided = lifecycle::decide(&t, wish, with.known);
        if (decided)
            return take(std::move(*decided));
        return decided.error().why() == reason::nothing_to_do ? result<void>{} : decided.error();
    }

    /// Each action under the rights of who runs the macro; what changes nothing is passed over, a refusal refuses all.
    result<void> decide_macro(run_macro const& macro, command const& wish, storage::ticket_snapshot const& on,
                              gathered& with) {
        auto const* r = config_.automation->find(macro.name);
        if (!r || r->kind != rules::rule_kind::macro)
            return error{reason::unknown_value,
                         {{"path", "name"}, {"value", macro.name}, {"known", "the macros of the rules in force"}}};
        auto const fits = lifecycle::decide(on.get(), wish, with.known); // as the ticket stands, any command
        if (!fits && fits.error().why() != reason::nothing_to_do)
            return fits.error();
        rules::change const now{on.get(), on.get(), 0, now_, false, around_.related()};
        if (auto const why = config_.automation->idle(*r, now, on->tenant))
            return error{reason::rule_refused,
                         {{"message", "the macro does not work now: " + std::string{json::to_text(*why)}},
                          {"message.fr", "la macro n'agit pas ici et maintenant : " + std::string{json::to_text(*why)}},
                          {"rule", r->name}}};
        if (!r->condition.evaluate(ticket_record{*on, config_.automation->schema(), nullptr, around_.related()},
                                   config_.automation->context(now_)))
            return error{reason::rule_refused,
                         {{"message", "the macro is not for this ticket: " + r->condition.describe()},
                          {"message.fr", "la macro ne s'applique pas ici : " + r->condition.describe(language::fr)},
                          {"rule", r->name}}};
        with.known.cause = {"macro:" + r->name, {}};
        GUICHET_TRY(take({{}, std::make_shared<ticket>(*on), {}}));
        for (auto const& one : r->actions)
            GUICHET_TRY(decide_part({r, &one}, wish, with));
        return plan_.events.empty() ? result<void>{error{reason::nothing_to_do}} : result<void>{};
    }

    result<void> decide_part(deed const& part, command const& wish, gathered& with) {
        auto& own = plan_.tickets.front();
        auto const& one = *part.what;
        if (one.notice) {
            GUICHET_TRY(send(*one.notice, {own.after, plan_.events}, config_, around_, with.known.cause, now_, false));
            return {};
        }
        if (one.elsewhere())
            return each_target(part, *own.after, wish.by, with.known.cause, false);
        auto alone = wish;
        GUICHET_LET(alone.body, wish_of(one, *own.after, config_, now_));
        if (!plan_.events.empty())
            alone.expected_version.reset();
        GUICHET_TRY(config_.roles->authorise(alone.by, alone.body, own.before.get()));
        with.children.clear(); // an action before may have resolved some
        GUICHET_TRY(finder_.gather_children(own.after.get(), with.children));
        with.known.open_children = with.children;
        GUICHET_TRY(with.guided.gather(alone.body, *own.after, config_, around_, with.known));
        return passed_over(lifecycle::decide(own.after.get(), alone, with.known));
    }

    // --- a family: the tickets that one causes, and its duplicates

    static std::vector<ticket_id> family_of(ticket const& t) {
        std::vector<ticket_id> out;
        for (auto const& link : t.links)
            if ((link.kind == link_kind::causes || link.kind == link_kind::duplicated_by) &&
                std::find(out.begin(), out.end(), link.ticket) == out.end())
                out.push_back(link.ticket);
        return out;
    }

    /// Does on each of the family what its ticket wishes, and records on that ticket what came of it.
    result<void> decide_on_family(command const& wish, ticket const& head, event_cause const& cause) {
        bool const undoes = std::holds_alternative<undo_family>(wish.body);
        std::vector<ticket_id> done;
        std::vector<left_out> left;
        for (auto const id : undoes ? head.family : family_of(head)) {
            auto const came_to = decide_on_member(wish, id, head);
            if (came_to)
                done.push_back(id);
            else if (is_refusal(came_to.error()))
                left.push_back(left_out_for(id, came_to.error()));
            else
                return came_to;
        }
        if (done.empty() && plan_.events.empty())
            return error{reason::nothing_to_do};
        if (done.empty() && left.empty())
            return {};
        auto& own = plan_.tickets.front();
        auto body = undoes ? event_body{family_reopened{std::move(done), std::move(left)}}
                           : event_body{family_resolved{std::move(done), std::move(left)}};
        record({own.after, plan_.events}, std::move(body), wish.by.person, cause, now_);
        return {};
    }
    static left_out left_out_for(ticket_id id, error const& why) {
        return {id, std::string{info(why.why()).name}, std::string{why["rule"]}};
    }

    /// One of a family, under the rights of who acts: he needs those of the command and of what it does here.
    result<void> decide_on_member(command wish, ticket_id id, ticket const& head) {
        wish.ticket = id;
        wish.expected_version.reset();
        GUICHET_LET(auto const on, hands_.load(wish.by.tenant, id));
        if (!on)
            return error{reason::ticket_not_found, {{"ticket", to_string(id)}}};
        GUICHET_LET(access::role const* const as, role_of(wish, on.get()));
        gathered with;
        with.known.now = now_;
        with.known.cause = {"family:" + head.number, {}};
        GUICHET_TRY(finder_.gather(wish, on.get(), *as, around_, with));
        with.known.family = head.id;
        GUICHET_LET(auto decided, lifecycle::decide(on.get(), wish, with.known));
        return settle(std::move(decided), {wish.by.person, with.known.cause});
    }

    /// A mail to the requester of each open ticket of the family.
    result<void> tell_family(std::string const& text, ticket const& head) {
        event_cause const cause{"family:" + head.number, {}};
        for (auto const id : family_of(head)) {
            GUICHET_LET(auto const on, hands_.load(head.tenant, id));
            if (!on || !on->open() || on->merged_into)
                continue;
            lifecycle::decision told{{}, std::make_shared<ticket>(*on), {}};
            rules::notice_action const mail{notice_channel::mail, {}, {}, {}};
            auto const words = [&] {
                return result<rules::wording>{rules::wording{{}, "[" + on->number + "] " + on->subject, text, {}}};
            };
            GUICHET_LET(auto body, notice_to(on->requester, mail, *on, around_, now_, false, words));
            record({told.after, told.events}, std::move(body), system_person, cause, now_);
            GUICHET_TRY(settle(std::move(told), {std::string{system_person}, cause}));
        }
        return {};
    }

    /// Takes a decision; that nothing is to be done is none.
    result<void> passed_over(result<lifecycle::decision> decided) {
        if (decided)
            return take(std::move(*decided));
        return decided.error().why() == reason::nothing_to_do ? result<void>{} : decided.error();
    }

    result<void> take(lifecycle::decision decided) {
        GUICHET_TRY(place(decided.after, decided.events));
        for (auto const& other : decided.others)
            GUICHET_TRY(place(other, decided.events));
        std::move(decided.events.begin(), decided.events.end(), std::back_inserter(plan_.events));
        return {};
    }
    result<void> place(std::shared_ptr<ticket> const& after, std::span<event const> events) {
        if (!after)
            return {};
        if (auto* known = plan_.find(after->id)) {
            known->after = after;
            return {};
        }
        bool const opened = std::any_of(events.begin(), events.end(),
                                        [&](event const& e) { return e.ticket == after->id && e.version == 1; });
        storage::ticket_snapshot before;
        if (!opened) {
            GUICHET_LET(before, hands_.load_before(after->tenant, after->id));
        }
        plan_.tickets.push_back({std::move(before), after});
        return {};
    }

    // --- clocks and guards

    /// The clocks judge the ticket as it is, whoever is to be told is, and timers follow from both.
    result<void> judge(touched& t, origin const& by) {
        auto const now = std::max(now_, t.after->updated_at);
        GUICHET_LET(auto const heard, hands_.listen(t.after->id, plan_.events, config_));
        auto const clocks = sla::clocks({*t.after, heard}, *config_.policies, now);
        auto const said = sla::react({*t.after, heard}, clocks, now);
        for (auto const& body : said) {
            auto& e = plan_.events.emplace_back();
            e.tenant = t.after->tenant;
            e.ticket = t.after->id;
            e.version = t.after->version + 1;
            e.at = now;
            e.actor = by.actor;
            e.cause = by.cause;
            e.body = body;
            lifecycle::apply(*t.after, e);
        }
        if (!said.empty() && !config_.ladder->paths().empty())
            GUICHET_TRY((climber{config_, around_, {t.after, plan_.events}, by.cause, now}.heed(said)));
        derive(*t.after, heard, clocks, config_, now);
        return {};
    }

    result<void> ask_guards(ticket const* before, ticket const& after, std::size_t first) const {
        auto const events = std::span<event const>{plan_.events}.subspan(first);
        return detail::ask_guards(*config_.automation, before, after, events, now_, around_.related());
    }

    /// Gives new tickets their number, only once nothing can refuse them, so that numbers have no gaps.
    result<void> number_tickets() {
        for (; numbered_ < plan_.events.size(); ++numbered_) {
            auto& e = plan_.events[numbered_];
            auto* opened = std::get_if<ticket_opened>(&e.body);
            if (!opened)
                continue;
            auto const* kind = config_.rules->find_kind(opened->kind);
            auto const year = year_of(e.at);
            auto const& prefix = lifecycle::number_prefix(*kind);
            GUICHET_LET(auto const count,
                        hands_.work().next_in_sequence(e.tenant, prefix + ":" + std::to_string(year)));
            opened->number = format_number(prefix, year, count);
            plan_.find(e.ticket)->after->number = opened->number;
        }
        return {};
    }

    // --- what rules do

    result<void> let_rules_answer(step const& of) {
        auto& t = *plan_.find(of.ticket);
        auto const& automation = *config_.automation;
        if (automation.empty())
            return {};
        storage::ticket_snapshot const after = t.after;
        auto const events = std::span<event const>{plan_.events}.subspan(of.first, of.last - of.first);
        auto happened = change_of(of.before.get(), *after, events, now_, around_.related());
        if (!happened.events)
            return {};
        happened.automatic = happened.automatic || of.automatic;
        std::vector<std::string> children;
        GUICHET_TRY(finder_.gather_children(after.get(), children));
        reaction answer{config_, around_, t.after, plan_.events, children, happened.now, std::move(t.fired)};
        bool const changed =
            observe
                ? answer.run(happened,
                             [&](auto const&... seen) { observe(seen..., *after, automation.context(happened.now)); })
                : answer.run(happened);
        t.fired = std::move(answer.fired);
        queue(answer.deeds, of.ticket);
        return changed ? judge(t, of.by) : result<void>{};
    }

    void queue(std::span<deed const> deeds, ticket_id by) {
        for (auto const& one : deeds)
            todo_.push_back(
                {by, {}, 0, 0, {std::string{system_person}, deed_of(*one.of, one.automatic)}, one, one.automatic});
    }

    step take_first() {
        auto out = std::move(todo_.front());
        todo_.pop_front();
        return out;
    }

    /// All that one rule does elsewhere in answer to one change; the rules of each ticket answer it as one, and at
    /// once.
    result<void> perform(step wanted) {
        answers_.clear();
        auto const* const rule = wanted.wanted.of;
        auto const from = wanted.ticket;
        for (;;) {
            auto const& t = *plan_.find(from)->after;
            // A refusal is the rule's own matter, as it is on its own ticket.
            auto const done = each_target(wanted.wanted, t, system_actor(t.tenant), wanted.by.cause, true);
            if (!done && !is_refusal(done.error()))
                return done;
            if (todo_.empty() || todo_.front().wanted.of != rule || todo_.front().ticket != from)
                break;
            wanted = take_first();
        }
        for (auto& answer : answers_)
            answer.automatic = wanted.automatic;
        todo_.insert(todo_.begin(), answers_.begin(), answers_.end());
        return {};
    }

    /// Does what a rule or a macro says on each ticket that it is meant for.
    result<void> each_target(deed const& wanted, ticket const& from, actor const& by, event_cause const& cause,
                             bool each_alone) {
        auto const id = from.id;
        auto targets = targets_of(*wanted.what, from);
        for (auto const target : targets) {
            if (++deeds_ > limits::rule_deeds_max) {
                auto& t = *plan_.find(id);
                if (deeds_ == limits::rule_deeds_max + 1)
                    record({t.after, plan_.events}, rules_cut{wanted.of->name, limits::rule_deeds_max}, system_person,
                           cause, now_);
                return deeds_ == limits::rule_deeds_max + 1 ? judge(t, {std::string{system_person}, cause})
                                                            : result<void>{};
            }
            auto const done = attempt(wanted, id, target, by, cause);
            if (!done && done.error().why() != reason::nothing_to_do && (!each_alone || !is_refusal(done.error())))
                return done;
        }
        return {};
    }

    static std::vector<ticket_id> targets_of(rules::action const& what, ticket const& from) {
        auto const linked = [&](auto const& wanted) {
            std::vector<ticket_id> out;
            for (auto const& link : from.links)
                if (wanted(link.kind))
                    out.push_back(link.ticket);
            return out;
        };
        switch (what.on) {
        case rules::action_target::itself: break;
        case rules::action_target::parent: return linked([](link_kind k) { return k == link_kind::child_of; });
        case rules::action_target::children: return linked([](link_kind k) { return k == link_kind::parent_of; });
        case rules::action_target::duplicates: return linked([](link_kind k) { return k == link_kind::duplicated_by; });
        case rules::action_target::linked: return linked([](link_kind) { return true; });
        }
        return {from.id};
    }

    /// One ticket. What its clocks and guards say holds here too; refused, it leaves nothing behind.
    result<void> attempt(deed const& wanted, ticket_id from, ticket_id target, actor const& by,
                         event_cause const& cause) {
        storage::ticket_snapshot const origin_now = plan_.find(from)->after;
        bool const opens = wanted.what->opens();
        GUICHET_LET(auto const on, hands_.load(by.tenant, target));
        if (!on)
            return error{reason::ticket_not_found, {{"ticket", to_string(target)}}};
        command wish;
        wish.by = by;
        GUICHET_LET(wish.body, wish_of(*wanted.what, opens ? *origin_now : *on, config_, now_));
        if (opens)
            complete(std::get<open_ticket>(wish.body), *origin_now);
        else
            wish.ticket = target;
        GUICHET_LET(access::role const* const as, role_of(wish, opens ? nullptr : on.get()));
        gathered with;
        with.known.now = now_;
        with.known.cause = cause;
        GUICHET_TRY(finder_.gather(wish, opens ? nullptr : on.get(), *as, around_, with));
        GUICHET_LET(auto decided, lifecycle::decide(opens ? nullptr : on.get(), wish, with.known));
        auto const id = decided.after->id;
        GUICHET_TRY(settle(std::move(decided), {by.person, cause}));
        if (opens) // else it would open one for that one, too
            plan_.find(id)->fired.push_back(wanted.of->order);
        return {};
    }

    result<access::role const*> role_of(command const& wish, ticket const* on) const {
        if (wish.by.role == system_person)
            return &access::role_set::system();
        return config_.roles->authorise(wish.by, wish.body, on);
    }

    /// A ticket that a rule opens is a child of the rule's own, for the same person about the same thing.
    static void complete(open_ticket& wish, ticket const& parent) {
        wish.parent = parent.id;
        auto const inherit = [](std::string& into, std::string const& from) {
            if (into.empty())
                into = from;
        };
        inherit(wish.requester, parent.requester);
        inherit(wish.organisation, parent.organisation);
        inherit(wish.category, parent.category);
        inherit(wish.subject, parent.subject);
    }

    result<void> settle(lifecycle::decision decided, origin const& by) {
        struct place_before {
            ticket_id id;
            std::shared_ptr<ticket> after;
        };
        std::vector<place_before> saved;
        auto const save = [&](ticket const& t) {
            saved.push_back({t.id, plan_.find(t.id) ? plan_.find(t.id)->after : nullptr});
        };
        save(*decided.after);
        for (auto const& other : decided.others)
            save(*other);
        auto const first = plan_.events.size();
        auto const all = plan_.tickets.size();
        auto const settled = [&]() -> result<void> {
            GUICHET_TRY(take(std::move(decided)));
            for (auto const& s : saved) {
                auto& t = *plan_.find(s.id);
                GUICHET_TRY(judge(t, by));
                GUICHET_TRY(ask_guards(s.after ? s.after.get() : t.before.get(), *t.after, first));
            }
            return {};
        }();
        if (!settled) {
            for (auto const& s : saved)
                if (s.after)
                    plan_.find(s.id)->after = s.after;
            while (plan_.tickets.size() > all)
                plan_.tickets.pop_back();
            plan_.events.resize(first);
            return settled;
        }
        if (answering_)
            GUICHET_TRY(number_tickets());
        for (auto const& s : saved) {
            auto const& t = *plan_.find(s.id);
            storage::ticket_snapshot before = s.after ? storage::ticket_snapshot{s.after} : t.before;
            await_rules({s.id, std::move(before), first, plan_.events.size(), by});
        }
        return {};
    }

    /// What one rule does to a ticket by several actions is one change.
    void await_rules(step change) {
        for (auto& s : answers_)
            if (s.ticket == change.ticket) {
                s.last = change.last;
                return;
            }
        answers_.push_back(std::move(change));
    }

    configuration const& config_;
    environment& env_;
    at_hand& hands_;
    surroundings& around_;
    plan& plan_;
    fact_finder finder_;
    instant now_;
    std::deque<step> todo_;
    std::vector<step> answers_; ///< to what a rule is just doing on other tickets
    std::size_t numbered_ = 0, deeds_ = 0;
    bool answering_ = false; ///< nothing can refuse the command any more
};

} // namespace guichet::inline v0::detail
