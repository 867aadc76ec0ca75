#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/heard.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace guichet::inline v0::detail {

/// The actor under whose name timers act.
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

/// The timer that closes a resolved ticket by itself, after working days of the lifecycle's calendar.
inline void wanted_auto_close(ticket const& t, configuration const& config, std::vector<timer>& out) {
    auto const& rule = config.rules->document().auto_close;
    if (t.status != status::resolved || rule.working_days == 0 || !t.resolved_at)
        return;
    auto const* calendar = config.policies->find_calendar(rule.calendar);
    if (auto const due = calendar->add_working_days(*t.resolved_at, static_cast<int>(rule.working_days)))
        out.push_back({timer_kind::auto_close, {}, *due});
}

/// The timer of the next reminder of a pending ticket, or of what follows the last one: so many working days after the
/// last sign of life of either side.
inline void wanted_reminder(ticket const& t, configuration const& config, std::vector<timer>& out) {
    auto const& rule = config.rules->document().reminders;
    bool const over = t.reminders >= rule.times && rule.then.empty();
    if (t.status != status::pending || t.pending_until || rule.working_days == 0 || over)
        return;
    auto since = std::max(t.spans.back().since, t.reminded_at.value_or(instant::min()));
    for (auto const& c : t.contacts)
        if (c.by == side::requester)
            since = std::max(since, c.at);
    auto const* calendar = config.policies->find_calendar(rule.calendar);
    if (auto const due = calendar->add_working_days(since, static_cast<int>(rule.working_days)))
        out.push_back({timer_kind::reminder, {}, *due});
}

inline bool earlier(timer const& a, timer const& b) {
    return std::tie(a.due, a.kind, a.name) < std::tie(b.due, b.kind, b.name);
}
/// Those armed and those that come later, in order.
inline std::vector<timer> timers_of(ticket const& t) {
    auto out = t.timers;
    out.insert(out.end(), t.later.begin(), t.later.end());
    std::sort(out.begin(), out.end(), &earlier);
    return out;
}

/// Arms the earliest of the clocks' timers, unless one is armed: the store is called for that, and then all clocks are
/// asked.
inline void arm_earliest(ticket& t) {
    auto const of_clock = [](timer const& one) {
        return one.kind == timer_kind::sla_breach || one.kind == timer_kind::sla_threshold;
    };
    if (t.later.empty() || std::any_of(t.timers.begin(), t.timers.end(), of_clock))
        return;
    auto const first =
        std::min_element(t.later.begin(), t.later.end(), [](timer const& a, timer const& b) { return a.due < b.due; });
    t.timers.push_back(std::move(*first));
    t.later.erase(first);
}

/// Sets what follows from the ticket and the configuration and is kept for queries only: timers and the next deadline.
inline void derive(ticket& t, std::span<sla::signal const> heard, std::vector<sla::clock> const& clocks,
                   configuration const& config, instant now) {
    t.due_at = sla::earliest_due(clocks);
    std::vector<timer> of_clocks, of_rules;
    config.automation->wanted_timers(t, now, t.timers, of_rules);
    sla::wanted_timers({t, heard}, clocks, now, of_clocks);
    t.timers.clear();
    t.later = std::move(of_clocks);
    lifecycle::wanted_timers(t, t.timers);
    wanted_auto_close(t, config, t.timers);
    wanted_reminder(t, config, t.timers);
    t.timers.insert(t.timers.end(), of_rules.begin(), of_rules.end());
    arm_earliest(t);
}
inline void derive(ticket& t, std::span<sla::signal const> heard, configuration const& config, instant now) {
    derive(t, heard, sla::clocks({t, heard}, *config.policies, now), config, now);
}

/// One transaction of the desk: executes commands one after the other on one unit of work.
class session {
public:
    session(storage::store& where, storage::unit_of_work& work, configuration const& config, environment& env)
        : store_{where}, work_{work}, config_{config}, env_{env} {}

    struct hooks {
        std::vector<desk::before_hook> before;
        std::vector<desk::around_hook> around;
        std::vector<desk::after_hook> after;
    };

    result<outcome> run(command const& wish, hooks const& hooks, event_cause const& cause = {}) {
        GUICHET_LET(auto const target, target_of(wish));
        if (wish.id) {
            GUICHET_LET(auto const known, repeated(wish));
            if (known)
                return *known;
        }
        GUICHET_LET(ticket const* const on, load(wish.by.tenant, target));
        GUICHET_LET(access::role const* const as, admit(wish, on, cause));
        std::optional<lifecycle::decision> decided;
        GUICHET_TRY(heed(hooks, wish, on, [&]() -> result<void> {
            GUICHET_LET(decided, decide(wish, on, target, *as, cause));
            return {};
        }));
        if (!decided)
            return error{reason::hook_refused, {{"problem", "a hook around the command did not let it go on"}}};
        GUICHET_TRY(number_tickets(*decided));
        return write(wish, on, std::move(*decided));
    }

    /// Takes away a timer that the ticket does not want, or whose command was refused: it is not tried again before the
    /// ticket changes.
    result<void> disarm(storage::due_timer const& due) {
        GUICHET_LET(ticket const* const on, load(due.tenant, due.ticket));
        auto const rearmed = [&](timer const& t) {
            return t.kind == due.timer.kind && t.name == due.timer.name && t.due != due.timer.due;
        };
        if (!on || std::any_of(on->timers.begin(), on->timers.end(), rearmed))
            return {}; // somebody moved the timer between the look at what is due and this transaction
        auto after = std::make_shared<ticket>(*on);
        std::erase(after->timers, due.timer);
        auto const left = after->timers.size();
        arm_earliest(*after);
        GUICHET_TRY(
            work_.append({on, after, {}, {}, {}, std::span{&due.timer, 1}, std::span{after->timers}.subspan(left)}));
        seen_.insert_or_assign(due.ticket, std::move(after));
        return {};
    }

    /// Recomputes what follows from the configuration, of a ticket as committed that this session has not met; true
    /// when something changed.
    result<bool> rederive(storage::ticket_snapshot const& on) {
        GUICHET_LET(auto const heard, listen(on->id, {}));
        auto after = std::make_shared<ticket>(*on);
        derive(*after, heard, config_, std::max(env_.now(), after->updated_at));
        if (after->timers == on->timers && after->later == on->later && after->due_at == on->due_at)
            return false;
        std::vector<event> none;
        auto head = work_.head();
        GUICHET_TRY(write_ticket(on.get(), after, none, head));
        return true;
    }

    /// Whether anything was written that a failure would leave half done.
    bool poisoned() const noexcept { return poisoned_; }

private:
    /// Asks the hooks. One that throws refuses the command, and fails none of those that share the transaction.
    static result<void> heed(hooks const& hooks, command const& wish, ticket const* on,
                             std::function<result<void>()> const& core) try {
        for (auto const& hook : hooks.before)
            GUICHET_TRY(hook(wish, on));
        return surrounded(hooks.around, 0, wish, core);
    } catch (failure const& thrown) {
        return thrown.error();
    } catch (std::exception const& thrown) {
        return error{reason::hook_refused, {{"problem", thrown.what()}}};
    }

    static result<void> surrounded(std::vector<desk::around_hook> const& hooks, std::size_t at, command const& wish,
                                   std::function<result<void>()> const& core) {
        if (at == hooks.size())
            return core();
        return hooks[at](wish, [&] { return surrounded(hooks, at + 1, wish, core); });
    }

    /// Under what role the command runs, if it may. Only the desk itself gives a cause, so only a timer's command has
    /// one.
    result<access::role const*> admit(command const& wish, ticket const* on, event_cause const& cause) const {
        bool const opens = std::holds_alternative<open_ticket>(wish.body);
        if (!cause.what.empty())
            return on ? result<access::role const*>{&access::role_set::system()} : not_found(wish);
        auto as = config_.roles->authorise(wish.by, wish.body, opens ? nullptr : on);
        if (!as && as.error().why() == reason::ticket_not_found)
            return not_found(wish);
        if (as && opens && on)
            return error{reason::ticket_exists, {{"ticket", to_string(on->id)}}};
        if (as && !opens && !on)
            return wish.ticket || !wish.number.empty() ? not_found(wish)
                                                       : error{reason::missing_field, {{"path", "ticket"}}};
        return as;
    }
    /// Says no more than the command itself: who may not see a ticket does not learn the id of its number.
    static error not_found(command const& wish) {
        return error{reason::ticket_not_found, {{"ticket", wish.ticket ? to_string(wish.ticket) : wish.number}}};
    }

    result<ticket_id> target_of(command const& wish) {
        if (wish.ticket || wish.number.empty())
            return wish.ticket;
        if (std::holds_alternative<open_ticket>(wish.body))
            return parse_id<ticket_id>(wish.number, "ticket");
        GUICHET_LET(auto const found, work_.find_number(wish.by.tenant, wish.number));
        return found.value_or(ticket_id{});
    }

    /// The ticket as this session left it, else as stored; null when there is none.
    result<ticket const*> load(std::string_view tenant, ticket_id id) {
        if (!id)
            return nullptr;
        if (auto const found = seen_.find(id); found != seen_.end())
            return found->second->tenant == tenant ? found->second.get() : nullptr;
        GUICHET_LET(auto stored, work_.load(tenant, id));
        if (!stored)
            return nullptr;
        return seen_.emplace(id, std::move(stored)).first->second.get();
    }

    static digest print_of_command(command const& wish) {
        auto bare = wish;
        bare.id = {};
        return hasher{}.add_sized(encode(bare)).finish();
    }

    /// What the command came to if it was executed before.
    result<std::optional<outcome>> repeated(command const& wish) {
        GUICHET_LET(auto const receipt, work_.find_receipt(wish.by.tenant, wish.id));
        if (!receipt)
            return std::optional<outcome>{};
        if (receipt->print != digest{} && receipt->print != print_of_command(wish))
            return error{reason::command_id_reused, {{"command", to_string(wish.id)}}};
        GUICHET_LET(auto const stored,
                    work_.read_log(receipt->first_seq - 1, receipt->last_seq + 1 - receipt->first_seq));
        outcome out;
        out.ticket = receipt->ticket;
        out.repeated = true;
        for (auto const& s : stored) {
            GUICHET_LET(auto const texts, work_.load_texts(s.ticket));
            GUICHET_LET(auto e, from_stored(s, texts));
            if (e.ticket == receipt->ticket)
                out.version = e.version;
            out.events.push_back(std::move(e));
        }
        GUICHET_LET(ticket const* const on, load(wish.by.tenant, receipt->ticket));
        if (on)
            out.number = on->number;
        return std::optional<outcome>{std::move(out)};
    }

    // --- deciding

    result<lifecycle::decision> decide(command const& wish, ticket const* on, ticket_id target, access::role const& as,
                                       event_cause const& cause) {
        lifecycle::facts known;
        known.rules = config_.rules.get();
        // What made a timer fall due holds for its command, also where the clock was set back in between.
        known.now = cause.due ? std::max(env_.now(), *cause.due) : env_.now();
        known.acting_side = as.side;
        known.cause = cause;
        std::vector<std::string> children;
        std::vector<std::uint32_t> texts;
        GUICHET_TRY(gather(wish, on, target, as, known, texts));
        GUICHET_TRY(check_files(wish.body));
        GUICHET_TRY(gather_children(on, children));
        known.open_children = children;
        known.texts_to_redact = texts;
        GUICHET_LET(auto decided, decide_by_kind(wish, on, known));
        GUICHET_TRY(let_all_speak(decided, decided.after, on, known, wish));
        if (decided.other_after) {
            auto const before = seen_.find(decided.other_after->id);
            known.open_children = {};
            GUICHET_TRY(let_all_speak(decided, decided.other_after,
                                      before == seen_.end() ? nullptr : before->second.get(), known, wish));
        }
        return decided;
    }

    /// What the command itself comes to; what a macro or a rule of time stands for is done in its place.
    result<lifecycle::decision> decide_by_kind(command const& wish, ticket const* on, lifecycle::facts const& known) {
        if (auto const* macro = std::get_if<run_macro>(&wish.body))
            return decide_macro(*macro, wish, on, known);
        GUICHET_LET(auto decided, lifecycle::decide(on, wish, known));
        auto const* fired = std::get_if<fire_timer>(&wish.body);
        if (!fired)
            return decided;
        if (fired->timer.kind != timer_kind::rule || std::erase(decided.after->timers, fired->timer) == 0)
            return decided; // else it is armed no more: a rule has one time, and this was it
        auto const* r = config_.automation->find(fired->timer.name);
        if (!r)
            return decided;
        rules::change const now{on, on, 0, known.now};
        if (config_.automation->idle(*r, now, on->tenant) ||
            !r->condition.evaluate(ticket_record{*on, config_.automation->schema()},
                                   config_.automation->context(known.now)))
            return decided;
        reaction acting{config_, decided.after, decided.events, known.open_children, known.now};
        for (auto const& one : r->actions)
            acting.perform(*r, one, known.cause);
        return decided;
    }

    /// Each action under the rights of who runs the macro; what changes nothing is passed over, a refusal refuses all.
    result<lifecycle::decision> decide_macro(run_macro const& macro, command const& wish, ticket const* on,
                                             lifecycle::facts known) {
        auto const* r = config_.automation->find(macro.name);
        if (!r || r->kind != rules::rule_kind::macro)
            return error{reason::unknown_value,
                         {{"path", "name"}, {"value", macro.name}, {"known", "the macros of the rules in force"}}};
        if (!r->condition.evaluate(ticket_record{*on, config_.automation->schema()},
                                   config_.automation->context(known.now)))
            return error{reason::rule_refused,
                         {{"message", "the macro is not for this ticket: " + r->condition.describe()},
                          {"message.fr", "la macro ne s'applique pas ici : " + r->condition.describe(language::fr)},
                          {"rule", r->name}}};
        lifecycle::decision out;
        out.after = std::make_shared<ticket>(*on);
        known.cause = {"macro:" + r->name, {}};
        for (auto const& one : r->actions) {
            auto part = wish;
            part.body = body_of(one, *out.after, config_);
            if (!out.events.empty())
                part.expected_version.reset();
            GUICHET_TRY(config_.roles->authorise(part.by, part.body, on));
            auto decided = lifecycle::decide(out.after.get(), part, known);
            if (!decided && decided.error().why() == reason::nothing_to_do)
                continue;
            if (!decided)
                return decided.error();
            out.after = std::move(decided->after);
            std::move(decided->events.begin(), decided->events.end(), std::back_inserter(out.events));
        }
        if (out.events.empty())
            return error{reason::nothing_to_do};
        return out;
    }

    /// After a change of a ticket the clocks judge, then guards may refuse and triggers answer, then the clocks judge
    /// what those did.
    result<void> let_all_speak(lifecycle::decision& decided, std::shared_ptr<ticket>& t, ticket const* before,
                               lifecycle::facts const& known, command const& wish) {
        GUICHET_TRY(let_clocks_speak(decided, *t, known.now, wish, known.cause));
        auto const& automation = *config_.automation;
        auto const bits = bits_of(decided.events, t->id);
        if (automation.empty() || bits == 0)
            return {};
        std::shared_ptr<ticket const> const after = t;
        rules::change const happened{before, after.get(), bits, std::max(known.now, after->updated_at)};
        if (auto const* guard = rules::refusing(automation, happened))
            return error{reason::rule_refused,
                         {{"message", guard->message_en}, {"message.fr", guard->message_fr}, {"rule", guard->name}}};
        reaction answer{config_, t, decided.events, known.open_children, happened.now};
        if (!answer.run(happened))
            return {};
        return let_clocks_speak(decided, *t, known.now, wish, known.cause);
    }

    /// The facts that a command needs beside the ticket.
    result<void> gather(command const& wish, ticket const* on, ticket_id target, access::role const& as,
                        lifecycle::facts& known, std::vector<std::uint32_t>& texts) {
        if (std::holds_alternative<open_ticket>(wish.body)) {
            GUICHET_LET(known.fresh, fresh_id(target, known.now));
            return {};
        }
        if (auto const* c = std::get_if<split_message>(&wish.body)) {
            GUICHET_LET(known.fresh, fresh_id(c->new_ticket, known.now));
            return gather_split(*c, *on, known);
        }
        if (auto const* c = std::get_if<redact_ticket>(&wish.body))
            return gather_redaction(*c, *on, texts);
        ticket_id other;
        if (auto const* link = std::get_if<link_ticket>(&wish.body))
            other = link->other;
        else if (auto const* unlink = std::get_if<unlink_ticket>(&wish.body))
            other = unlink->other;
        else if (auto const* merge = std::get_if<merge_ticket>(&wish.body))
            other = merge->into;
        else if (std::holds_alternative<unmerge_ticket>(wish.body))
            other = on->merged_into;
        if (other) {
            GUICHET_LET(known.other, load(wish.by.tenant, other));
            bool const ties =
                std::holds_alternative<link_ticket>(wish.body) || std::holds_alternative<merge_ticket>(wish.body);
            if (ties && known.other && !access::sees(wish.by, as, *known.other))
                known.other = nullptr;
            if (auto const* link = std::get_if<link_ticket>(&wish.body); link && known.other) {
                GUICHET_LET(known.closes_circle, reaches(*known.other, link->kind, on->id));
            }
        }
        return {};
    }

    /// The id of a ticket to be opened: the caller's, unless any tenant has a ticket of that id, or a new one.
    result<ticket_id> fresh_id(ticket_id given, instant now) {
        if (!given)
            return make_id<ticket_id>(env_, now);
        GUICHET_LET(auto const taken, store_.read_history(given));
        if (!taken.empty() || seen_.contains(given))
            return error{reason::ticket_exists, {{"ticket", to_string(given)}}};
        return given;
    }

    /// The files that a command names are stored, and as long as it says.
    result<void> check_files(command_body const& wish) {
        static std::vector<new_attachment> const none;
        auto const& files = std::visit(
            [](auto const& c) -> auto const& {
                if constexpr (requires { c.attachments; })
                    return c.attachments;
                else
                    return none;
            },
            wish);
        for (std::size_t i = 0; i < std::min(files.size(), limits::attachments_max); ++i) {
            auto const here = "attachments[" + std::to_string(i) + "]";
            if (files[i].digest == digest{})
                return error{reason::missing_field, {{"path", here + ".digest"}}};
            GUICHET_LET(auto const bytes, work_.find_blob(files[i].digest));
            if (!bytes)
                return error{reason::blob_not_found, {{"digest", to_hex(files[i].digest)}}};
            if (*bytes != files[i].size_bytes)
                return error{reason::bad_value,
                             {{"path", here + ".size_bytes"},
                              {"value", std::to_string(files[i].size_bytes)},
                              {"hint", "the stored file has " + std::to_string(*bytes) + " bytes"}}};
        }
        return {};
    }

    /// Gives new tickets their number, only once nothing can refuse them, so that numbers have no gaps.
    result<void> number_tickets(lifecycle::decision& decided) {
        for (auto& e : decided.events) {
            auto* opened = std::get_if<ticket_opened>(&e.body);
            if (!opened)
                continue;
            auto const* kind = config_.rules->find_kind(opened->kind);
            auto const year = year_of(e.at);
            auto const& prefix = lifecycle::number_prefix(*kind);
            GUICHET_LET(auto const count, work_.next_in_sequence(e.tenant, prefix + ":" + std::to_string(year)));
            opened->number = format_number(prefix, year, count);
            (decided.after->id == e.ticket ? decided.after : decided.other_after)->number = opened->number;
        }
        return {};
    }

    result<void> gather_split(split_message const& c, ticket const& on, lifecycle::facts& known) {
        GUICHET_LET(auto const texts, work_.load_texts(on.id));
        for (auto const& r : texts)
            if (r.no == c.message && r.role == storage::text_role::message && !r.erased) {
                known.split_text = r.body;
                known.split_html = r.html;
                known.split_author = r.author;
                known.split_audience = r.audience;
            }
        return {};
    }

    /// Which texts a redaction covers: everything of a person, a message with its files, or every value that a field,
    /// the subject or the resolution ever had.
    result<void> gather_redaction(redact_ticket const& c, ticket const& on, std::vector<std::uint32_t>& out) {
        if (!c.message && c.field.empty() && c.person.empty())
            return error{reason::missing_field, {{"path", "message"}}};
        GUICHET_LET(auto const texts, work_.load_texts(on.id));
        bool const known = std::any_of(texts.begin(), texts.end(), [&](storage::text_record const& r) {
            return r.no == c.message && r.role == storage::text_role::message;
        });
        if (c.message && !known)
            return error{reason::message_not_found, {{"message", std::to_string(c.message)}}};
        std::vector<std::uint32_t> of_field;
        if (!c.field.empty() && c.field != "subject" && c.field != "resolution") {
            GUICHET_LET(auto const past, store_.read_history(on.id));
            GUICHET_LET(auto const events, from_stored(past, texts));
            for (auto const& e : events)
                if (auto const* set = std::get_if<fields_set>(&e.body))
                    for (auto const& change : set->fields)
                        if (change.name == c.field)
                            of_field.push_back(change.text.no);
            if (auto const* now = on.field(c.field)) // set in this transaction, perhaps
                of_field.push_back(now->text);
        }
        auto const with_message = [&](std::uint32_t no) {
            return std::any_of(on.attachments.begin(), on.attachments.end(),
                               [&](attachment const& a) { return a.no == no && a.message == c.message; });
        };
        for (auto const& r : texts) {
            using enum storage::text_role;
            bool const wanted =
                (c.message &&
                 ((r.no == c.message && r.role == message) || (r.role == attachment && with_message(r.no)))) ||
                (!c.person.empty() && r.author == c.person) || (c.field == "subject" && r.role == subject) ||
                (c.field == "resolution" && r.role == resolution) ||
                std::find(of_field.begin(), of_field.end(), r.no) != of_field.end();
            if (wanted && !r.erased)
                out.push_back(r.no);
        }
        return {};
    }

    /// Whether links of a kind lead from one ticket to another. Symmetric links make no circles.
    result<bool> reaches(ticket const& from, link_kind kind, ticket_id goal) {
        if (kind == inverse(kind))
            return false;
        std::vector<ticket_id> open{from.id};
        for (std::size_t at = 0; at < open.size(); ++at) {
            if (open[at] == goal)
                return true;
            GUICHET_LET(ticket const* const t, load(from.tenant, open[at]));
            for (auto const& link : t ? t->links : std::vector<ticket_link>{})
                if (link.kind == kind && std::find(open.begin(), open.end(), link.ticket) == open.end())
                    open.push_back(link.ticket);
        }
        return false;
    }

    result<void> gather_children(ticket const* on, std::vector<std::string>& out) {
        if (!on)
            return {};
        for (auto const& link : on->links) {
            if (link.kind != link_kind::parent_of)
                continue;
            GUICHET_LET(ticket const* const child, load(on->tenant, link.ticket));
            if (child && child->open())
                out.push_back(child->number);
        }
        return {};
    }

    /// What metrics that listen heard of a ticket: what is committed, what this session wrote, and `fresh` events.
    result<std::vector<sla::signal>> listen(ticket_id id, std::span<event const> fresh) {
        if (config_.policies->listeners().empty())
            return std::vector<sla::signal>{};
        auto known = past_.find(id);
        if (known == past_.end()) {
            GUICHET_LET(auto past, past_of(store_, id));
            known = past_.emplace(id, std::move(past)).first;
        }
        auto all = known->second;
        std::copy_if(fresh.begin(), fresh.end(), std::back_inserter(all),
                     [&](event const& e) { return e.ticket == id; });
        return heard_in(all, *config_.policies);
    }

    /// The clocks judge the ticket as it is after the command, in the same transaction; then timers follow from them.
    result<void> let_clocks_speak(lifecycle::decision& decided, ticket& t, instant now, command const& wish,
                                  event_cause const& cause) {
        now = std::max(now, t.updated_at);
        GUICHET_LET(auto const heard, listen(t.id, decided.events));
        auto const clocks = sla::clocks({t, heard}, *config_.policies, now);
        for (auto& body : sla::react({t, heard}, clocks, now)) {
            auto& e = decided.events.emplace_back();
            e.tenant = t.tenant;
            e.ticket = t.id;
            e.version = t.version + 1;
            e.at = now;
            e.actor = wish.by.person;
            e.cause = cause;
            e.body = std::move(body);
            lifecycle::apply(t, e);
        }
        derive(t, heard, clocks, config_, now);
        return {};
    }

    // --- writing

    result<outcome> write(command const& wish, ticket const* on, lifecycle::decision decided) {
        auto head = head_ ? *head_ : work_.head();
        outcome out;
        out.ticket = decided.after->id;
        out.number = decided.after->number;
        out.version = decided.after->version;
        auto const first_seq = head.seq + 1;
        poisoned_ = true;
        GUICHET_TRY(write_ticket(on, decided.after, decided.events, head));
        if (decided.other_after) {
            auto const other = seen_.find(decided.other_after->id);
            GUICHET_TRY(write_ticket(other == seen_.end() ? nullptr : other->second.get(), decided.other_after,
                                     decided.events, head));
        }
        if (wish.id) {
            storage::receipt r{wish.id, wish.by.tenant, print_of_command(wish), out.ticket, first_seq, head.seq};
            GUICHET_TRY(work_.put_receipt(r));
        }
        poisoned_ = false;
        head_ = head;
        for (auto const& e : decided.events)
            if (auto const known = past_.find(e.ticket); known != past_.end())
                known->second.push_back(e);
        seen_.insert_or_assign(out.ticket, std::move(decided.after));
        if (decided.other_after)
            seen_.insert_or_assign(decided.other_after->id, std::move(decided.other_after));
        out.events = std::move(decided.events);
        std::sort(out.events.begin(), out.events.end(), [](event const& a, event const& b) { return a.seq < b.seq; });
        return out;
    }

    /// Writes the events of one ticket with what belongs to them.
    result<void> write_ticket(ticket const* before, std::shared_ptr<ticket> const& snapshot, std::vector<event>& events,
                              storage::log_head& head) {
        auto const& after = *snapshot;
        stored_.clear();
        texts_.clear();
        std::vector<std::uint32_t> erased;
        for (auto& e : events) {
            if (e.ticket != after.id)
                continue;
            e.seq = ++head.seq;
            auto const first_text = texts_.size();
            collect_texts(e, env_, texts_);
            prints_.clear();
            for (auto i = first_text; i < texts_.size(); ++i)
                prints_.push_back(texts_[i].print = storage::text_print(texts_[i]));
            auto& s = stored_.emplace_back(to_stored(e));
            head.hash = s.hash = link_of(head.hash, s, prints_);
            if (auto const* attached = std::get_if<attachment_added>(&e.body))
                GUICHET_TRY(work_.use_blob(attached->digest));
            if (auto const* redacted = std::get_if<text_redacted>(&e.body)) {
                erased.insert(erased.end(), redacted->texts.begin(), redacted->texts.end());
                GUICHET_TRY(drop_blobs(before, redacted->texts));
            }
        }
        auto const no_timers = std::vector<timer>{};
        auto const& then = before ? before->timers : no_timers;
        disarmed_.clear();
        armed_.clear();
        for (auto const& t : then)
            if (std::find(after.timers.begin(), after.timers.end(), t) == after.timers.end())
                disarmed_.push_back(t);
        for (auto const& t : after.timers)
            if (std::find(then.begin(), then.end(), t) == then.end())
                armed_.push_back(t);
        if (before && stored_.empty() && disarmed_.empty() && armed_.empty() && before->due_at == after.due_at &&
            before->later == after.later)
            return {};
        return work_.append({before, snapshot, stored_, texts_, erased, disarmed_, armed_});
    }

    result<void> drop_blobs(ticket const* t, std::vector<std::uint32_t> const& texts) {
        for (auto const& a : t ? t->attachments : std::vector<attachment>{})
            if (!a.redacted && std::find(texts.begin(), texts.end(), a.no) != texts.end())
                GUICHET_TRY(work_.drop_blob(a.digest));
        return {};
    }

    storage::store& store_;
    storage::unit_of_work& work_;
    configuration const& config_;
    environment& env_;
    std::unordered_map<ticket_id, storage::ticket_snapshot> seen_; ///< as this session left them
    std::unordered_map<ticket_id, std::vector<event>> past_;       ///< where metrics listen
    std::optional<storage::log_head> head_;
    bool poisoned_ = false;
    std::vector<storage::stored_event> stored_;
    std::vector<storage::text_record> texts_;
    std::vector<digest> prints_;
    std::vector<timer> disarmed_, armed_;
};

} // namespace guichet::inline v0::detail
