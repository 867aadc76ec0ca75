#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/around.ipp>
#include <guichet/engine/impl/deliberate.ipp>
#include <guichet/engine/impl/kept_decisions.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/json/describe.hpp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <optional>

namespace guichet::inline v0::detail {

/// One transaction of the desk: executes commands one after the other on one unit of work.
class session {
public:
    session(storage::store& where, storage::unit_of_work& work, configuration const& config, environment& env,
            standing& kept, related_answers const& host = no_answers(), kept_decisions* keep = nullptr)
        : work_{work},
          config_{config},
          env_{env},
          kept_{kept},
          hands_{where, work},
          around_{kept, hands_, config, host},
          take_{keep} {}

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
        GUICHET_LET(auto const on, hands_.load(wish.by.tenant, target));
        GUICHET_LET(access::role const* const as, admit(wish, on.get(), cause));
        plan all;
        auto const kept_so_far = take_.taken.size();
        hands_.now = &all;
        auto const decided = deliberate(all, wish, on, target, *as, hooks, cause);
        hands_.now = nullptr;
        around_.forget();
        if (decided) {
            take_.trim();
            return write(wish, all);
        }
        take_.taken.resize(kept_so_far);
        return decided.error();
    }

    /// Takes away a timer that the ticket does not want, or whose command was refused: it is not tried again before the
    /// ticket changes.
    result<void> disarm(storage::due_timer const& due) {
        GUICHET_LET(auto const on, hands_.load(due.tenant, due.ticket));
        auto const rearmed = [&](timer const& t) {
            return t.kind == due.timer.kind && t.name == due.timer.name && t.due != due.timer.due;
        };
        if (!on || std::any_of(on->timers.begin(), on->timers.end(), rearmed))
            return {}; // somebody moved the timer between the look at what is due and this transaction
        auto after = std::make_shared<ticket>(*on);
        std::erase(after->timers, due.timer);
        auto const left = after->timers.size();
        arm_earliest(*after);
        GUICHET_TRY(work_.append(
            {on.get(), after, {}, {}, {}, std::span{&due.timer, 1}, std::span{after->timers}.subspan(left)}));
        hands_.wrote(std::move(after));
        return {};
    }

    /// Recomputes what follows from the configuration, of a ticket as committed that this session has not met; true
    /// when something changed.
    result<bool> rederive(storage::ticket_snapshot const& on) {
        GUICHET_LET(auto const heard, hands_.listen(on->id, {}, config_));
        auto after = std::make_shared<ticket>(*on);
        derive(*after, heard, config_, std::max(env_.now(), after->updated_at));
        if (after->timers == on->timers && after->later == on->later && after->due_at == on->due_at)
            return false;
        std::vector<event> none;
        auto head = work_.head();
        GUICHET_TRY(write_ticket(on.get(), after, none, head));
        return true;
    }

    /// What was kept of the decisions of rules, to be kept on when this is committed.
    decision_taker decisions() { return std::move(take_); }

    /// Whether anything was written that a failure would leave half done.
    bool poisoned() const noexcept { return poisoned_; }

private:
    static related_answers const& no_answers() noexcept {
        static related_answers const none;
        return none;
    }

    result<void> deliberate(plan& into, command const& wish, storage::ticket_snapshot const& on, ticket_id target,
                            access::role const& as, hooks const& hooks, event_cause const& cause) {
        deliberation work{config_, env_, hands_, around_, into};
        if (take_.wants())
            work.observe = std::ref(take_);
        bool decided = false;
        GUICHET_TRY(heed(hooks, wish, on.get(), [&] {
            auto own = work.decide(wish, on, target, as, cause);
            decided = own.has_value();
            return own;
        }));
        if (!decided)
            return error{reason::hook_refused, {{"problem", "a hook around the command did not let it go on"}}};
        return work.answer();
    }

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
    } catch (...) {
        return error{reason::hook_refused, {{"problem", "something that is no std::exception was thrown"}}};
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
        GUICHET_LET(auto const on, hands_.load(wish.by.tenant, receipt->ticket));
        if (on)
            out.number = on->number;
        return std::optional<outcome>{std::move(out)};
    }

    // --- writing

    result<outcome> write(command const& wish, plan& decided) {
        auto head = head_ ? *head_ : work_.head();
        auto const& own = *decided.tickets.front().after;
        outcome out;
        out.ticket = own.id;
        out.number = own.number;
        out.version = own.version;
        auto const first_seq = head.seq + 1;
        poisoned_ = true;
        for (auto const& t : decided.tickets)
            GUICHET_TRY(write_ticket(t.before.get(), t.after, decided.events, head));
        if (wish.id) {
            storage::receipt r{wish.id, wish.by.tenant, print_of_command(wish), out.ticket, first_seq, head.seq};
            GUICHET_TRY(work_.put_receipt(r));
        }
        poisoned_ = false;
        head_ = head;
        hands_.wrote(decided.events);
        kept_.wrote(decided.tickets, first_seq, head.seq);
        for (auto& t : decided.tickets)
            hands_.wrote(std::move(t.after));
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
            if (auto* leaves = std::get_if<notice_queued>(&e.body))
                GUICHET_TRY(work_.put_outbox({0, e.tenant, e.ticket, std::string{json::to_text(leaves->channel)},
                                              std::move(leaves->body), e.at, 0}));
            if (auto const* redacted = std::get_if<text_redacted>(&e.body)) {
                erased.insert(erased.end(), redacted->texts.begin(), redacted->texts.end());
                GUICHET_TRY(drop_blobs(before, redacted->texts));
                GUICHET_TRY(work_.drop_outbox(after.id)); // its mails may repeat what is erased
                take_.forgotten.push_back(after.id);
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

    storage::unit_of_work& work_;
    configuration const& config_;
    environment& env_;
    standing& kept_;
    at_hand hands_;
    live_surroundings around_;
    decision_taker take_;
    std::optional<storage::log_head> head_;
    bool poisoned_ = false;
    std::vector<storage::stored_event> stored_;
    std::vector<storage::text_record> texts_;
    std::vector<digest> prints_;
    std::vector<timer> disarmed_, armed_;
};

} // namespace guichet::inline v0::detail
