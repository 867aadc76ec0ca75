#pragma once
#include <guichet/base/call_host.hpp>
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/around.ipp>
#include <guichet/engine/impl/deliberate.ipp>
#include <guichet/engine/impl/kept_decisions.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/kb/decide.hpp>
#include <guichet/kb/evolve.hpp>
#include <guichet/kb/inquire.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <optional>

namespace guichet::inline v0::detail {

inline constexpr char article_prefix[] = "KB"; ///< of an article's number

/// One transaction of the desk: executes commands one after the other on one unit of work.
class session {
public:
    session(storage::store& where, storage::unit_of_work& work, configuration const& config, environment& env,
            standing& kept, host_answers const& host = no_answers(), kept_decisions* keep = nullptr)
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
        if (wish.id) {
            GUICHET_LET(auto const known, repeated(wish));
            if (known)
                return *known;
        }
        if (is_about_article(wish.body))
            return run_on_article(wish, hooks);
        if (is_about_inquiry(wish.body))
            return run_on_inquiry(wish, hooks);
        GUICHET_LET(auto const target, target_of(wish));
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
        GUICHET_TRY(work_.append(storage::ticket_change{
            on.get(), after, {}, {}, {}, std::span{&due.timer, 1}, std::span{after->timers}.subspan(left)}));
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

    /// A ticket as this transaction leaves it.
    result<storage::ticket_snapshot> look(std::string_view tenant, ticket_id id) { return hands_.load(tenant, id); }

    /// What was kept of the decisions of rules, to be kept on when this is committed.
    decision_taker decisions() { return std::move(take_); }

    /// Whether anything was written that a failure would leave half done.
    bool poisoned() const noexcept { return poisoned_; }

private:
    static host_answers const& no_answers() noexcept {
        static host_answers const none;
        return none;
    }

    result<void> deliberate(plan& into, command const& wish, storage::ticket_snapshot const& on, ticket_id target,
                            access::role const& as, hooks const& hooks, event_cause const& cause) {
        deliberation work{config_, env_, hands_, around_, into};
        if (take_.wants())
            work.observe = std::ref(take_);
        GUICHET_TRY(decide_within(hooks, wish, on.get(), [&] { return work.decide(wish, on, target, as, cause); }));
        return work.answer();
    }

    /// Asks the hooks, of which the innermost decides.
    static result<void> decide_within(hooks const& hooks, command const& wish, ticket const* on,
                                      std::function<result<void>()> const& decide) {
        bool decided = false;
        GUICHET_TRY(heed(hooks, wish, on, [&] {
            auto own = decide();
            decided = own.has_value();
            return own;
        }));
        if (!decided)
            return error{reason::hook_refused, {{"problem", "a hook around the command did not let it go on"}}};
        return {};
    }

    /// Asks the hooks. One that throws refuses the command, and fails none of those that share the transaction.
    static result<void> heed(hooks const& hooks, command const& wish, ticket const* on,
                             std::function<result<void>()> const& core) {
        return call_host([&]() -> result<void> {
            for (auto const& hook : hooks.before)
                GUICHET_TRY(hook(wish, on));
            return surrounded(hooks.around, 0, wish, core);
        });
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

    // --- articles

    result<outcome> run_on_article(command const& wish, hooks const& hooks) {
        auto const* const fresh = std::get_if<write_article>(&wish.body);
        GUICHET_LET(auto const on, fresh ? load_fresh(wish, *fresh) : hands_.load_article(wish.by.tenant, named(wish)));
        kb::facts known{.now = env_.now(), .template_names = config_.wordings->names()};
        GUICHET_TRY(admit_to_article(wish, on.get(), known.now));
        if (fresh) {
            GUICHET_LET(known.fresh, fresh_article(wish, *fresh, known.now));
        }
        std::vector<storage::text_record> texts;
        if (std::holds_alternative<redact_article>(wish.body)) {
            GUICHET_LET(texts, work_.load_texts(storage::in_log(on->id)));
        }
        for (auto const& text : texts)
            known.texts.push_back({text.no, json::to_text(text.role), text.author, text.erased});
        GUICHET_LET(auto const revised, revised_by(wish, on.get()));
        known.revised = revised.get();
        GUICHET_LET(auto const original, original_of(wish, on ? on.get() : revised.get(), known.now));
        known.original = original.get();
        article saved;
        if (auto const* restored = std::get_if<restore_article>(&wish.body)) {
            GUICHET_LET(auto const past, past_of(*on));
            known.saved = restored->edition && edition_in(past, restored->edition, saved) ? &saved : nullptr;
        }
        if (std::holds_alternative<rate_article>(wish.body) && on->helped + on->helped_not > 0) {
            GUICHET_LET(auto const past, past_of(*on));
            known.rated = rating_in(past, wish.by.person);
        }
        kb::decision decided;
        auto const let = decide_within(hooks, wish, nullptr, [&]() -> result<void> {
            GUICHET_LET(decided, kb::decide(on.get(), wish, known));
            return {};
        });
        GUICHET_TRY(let);
        return write_on_article(wish, on, decided, revised.get());
    }

    /// All that happened to an article, in this transaction too.
    result<std::vector<event>> past_of(article const& a) {
        auto const id = storage::in_log(a.id);
        GUICHET_LET(auto stored, hands_.store().read_history(id));
        if (hands_.knows(id)) {
            GUICHET_LET(auto fresh, work_.read_log(*began_, head_->seq - *began_));
            std::erase_if(fresh, [&](storage::stored_event const& e) { return e.ticket != id; });
            std::move(fresh.begin(), fresh.end(), std::back_inserter(stored));
        }
        GUICHET_LET(auto const texts, work_.load_texts(id));
        return from_stored(stored, texts);
    }

    static std::string named(command const& wish) { return wish.article ? to_string(wish.article) : wish.number; }
    /// The id that an article to be written is given, or that its source gives it; none.
    static article_id given_to(command const& wish, write_article const& fresh) {
        if (wish.article || fresh.source.empty())
            return wish.article;
        return kb::id_of_source(wish.by.tenant, fresh.source);
    }
    result<storage::article_snapshot> load_fresh(command const& wish, write_article const& fresh) {
        return work_.load_article(wish.by.tenant, given_to(wish, fresh));
    }
    result<article_id> fresh_article(command const& wish, write_article const& fresh, instant now) {
        auto const given = given_to(wish, fresh);
        if (!given)
            return make_id<article_id>(env_, now);
        GUICHET_LET(auto const taken, hands_.store().read_history(storage::in_log(given)));
        if (!taken.empty() || hands_.knows(storage::in_log(given)))
            return error{reason::article_exists, {{"article", to_string(given)}}};
        return given;
    }

    result<void> admit_to_article(command const& wish, article const* on, instant now) const {
        GUICHET_LET(access::role const* const as, reviews(wish, on)
                                                      ? config_.roles->find(wish.by)
                                                      : config_.roles->authorise(wish.by, wish.body, nullptr));
        GUICHET_TRY(admit_named(wish, *as, now));
        if (std::holds_alternative<write_article>(wish.body))
            return on ? result<void>{error{reason::article_exists, {{"article", on->number}}}} : result<void>{};
        auto const name = named(wish);
        if (name.empty())
            return error{reason::missing_field, {{"path", "article"}}};
        if (!on || !access::sees(reader(wish.by, *as), *on, now))
            return error{reason::article_not_found, {{"article", name}}};
        return {};
    }

    /// Who was asked to review an article needs no right of his own to publish it or to give it back.
    static bool reviews(command const& wish, article const* on) noexcept {
        bool const decides =
            std::holds_alternative<publish_article>(wish.body) || std::holds_alternative<return_article>(wish.body);
        return decides && on && std::binary_search(on->reviewers.begin(), on->reviewers.end(), wish.by.person);
    }
    access::readership reader(actor const& by, access::role const& as) const { return reader_of(config_, by, as); }
    /// What an article names must be there, and he must see it.
    result<void> admit_named(command const& wish, access::role const& as, instant now) const {
        ticket_id problem;
        std::vector<article_id> others;
        if (auto const* fresh = std::get_if<write_article>(&wish.body)) {
            problem = fresh->problem;
            others = fresh->see_also;
        } else if (auto const* revised = std::get_if<revise_article>(&wish.body)) {
            problem = revised->problem.value_or(ticket_id{});
            others = revised->see_also.value_or(std::vector<article_id>{});
        }
        GUICHET_LET(auto const behind, work_.load(wish.by.tenant, problem));
        if (problem && (!behind || !access::sees(wish.by, as, *behind)))
            return error{reason::ticket_not_found, {{"ticket", to_string(problem)}}};
        for (auto const id : others) {
            GUICHET_LET(auto const other, work_.load_article(wish.by.tenant, id));
            if (!other || !access::sees(reader(wish.by, as), *other, now))
                return error{reason::article_not_found, {{"article", to_string(id)}}};
        }
        return {};
    }
    /// What an article is, or is to become, a translation of; null when there is none that he sees.
    result<storage::article_snapshot> original_of(command const& wish, article const* on, instant now) const {
        auto named = on ? on->translation_of : article_id{};
        if (auto const* fresh = std::get_if<write_article>(&wish.body))
            named = fresh->translation_of ? fresh->translation_of : named;
        else if (auto const* revised = std::get_if<revise_article>(&wish.body))
            named = revised->translation_of.value_or(named);
        if (!named)
            return storage::article_snapshot{};
        GUICHET_LET(access::role const* const as, config_.roles->find(wish.by));
        GUICHET_LET(auto original, work_.load_article(wish.by.tenant, named));
        bool const hidden = original && !access::sees(reader(wish.by, *as), *original, now);
        return hidden ? storage::article_snapshot{} : original;
    }

    /// What an article is, or is to become, a revision of.
    result<storage::article_snapshot> revised_by(command const& wish, article const* on) const {
        auto const* const fresh = std::get_if<write_article>(&wish.body);
        auto const named = fresh ? fresh->revision_of : on->revision_of;
        return named ? work_.load_article(wish.by.tenant, named) : storage::article_snapshot{};
    }

    /// `revised`: what it revises, as it stood.
    result<outcome> write_on_article(command const& wish, storage::article_snapshot const& before,
                                     kb::decision& decided, article const* revised) {
        auto& after = *decided.after;
        GUICHET_TRY(number_article(decided));
        auto head = head_ ? *head_ : work_.head();
        outcome out;
        out.article = after.id;
        out.number = after.number;
        out.version = after.version;
        auto const first_seq = head.seq + 1;
        poisoned_ = true;
        GUICHET_TRY(write_article_row(before.get(), decided.after, decided.events, head));
        if (decided.revised)
            GUICHET_TRY(write_article_row(revised, decided.revised, decided.revising, head));
        GUICHET_TRY(give_receipt(wish, storage::in_log(after.id), first_seq, head));
        kept_.wrote(std::span<touched const>{}, first_seq, head.seq);
        out.events = std::move(decided.events);
        std::move(decided.revising.begin(), decided.revising.end(), std::back_inserter(out.events));
        return out;
    }

    /// Gives a new article its number, once nothing can refuse it.
    result<void> number_article(kb::decision& decided) {
        auto& first = decided.events.front();
        auto* const written = std::get_if<article_written>(&first.body);
        if (!written)
            return {};
        auto const year = year_of(first.at);
        GUICHET_LET(auto const count,
                    work_.next_in_sequence(first.tenant, article_prefix + (":" + std::to_string(year))));
        written->number = decided.after->number = format_number(article_prefix, year, count);
        return {};
    }

    /// The article that a ticket tells, whose events go with those of the ticket.
    result<kb::decision> drafted(command const& wish, draft_article const& as, plan const& decided) {
        auto const& t = *decided.tickets.front().after;
        GUICHET_LET(auto const texts, work_.load_texts(t.id));
        std::vector<kb::said> conversation;
        for (auto const& text : texts)
            if (text.role == storage::text_role::message && text.audience == audience::public_ && !text.erased)
                conversation.push_back({text.body, text.side});
        auto alone = wish;
        alone.expected_version.reset();
        alone.body = kb::article_of(t, conversation, as);
        auto const& linked = std::get<ticket_article_linked>(decided.events.front().body);
        GUICHET_LET(auto out, kb::decide(nullptr, alone,
                                         {.now = decided.events.front().at,
                                          .fresh = linked.article,
                                          .template_names = config_.wordings->names()}));
        GUICHET_TRY(number_article(out));
        return out;
    }

    result<void> write_article_row(article const* before, storage::article_snapshot const& after,
                                   std::vector<event>& events, storage::log_head& head) {
        std::vector<std::uint32_t> erased;
        auto const entered = enter(events, storage::in_log(after->id), head, [&](event& e) {
            if (auto const* redacted = std::get_if<article_redacted>(&e.body))
                erased.insert(erased.end(), redacted->texts.begin(), redacted->texts.end());
            return result<void>{};
        });
        GUICHET_TRY(entered);
        hands_.wrote(after->id);
        return work_.append(storage::article_change{before, after, stored_, texts_, erased});
    }

    struct linked_article {
        storage::article_snapshot before;
        std::shared_ptr<article> after;
    };
    /// What goes on an article with an event of a ticket; no id when nothing does.
    static std::pair<article_id, event_body> on_article(event const& e) {
        if (auto const* link = std::get_if<ticket_article_linked>(&e.body))
            return {link->article, article_linked{e.ticket}};
        if (auto const* link = std::get_if<ticket_article_unlinked>(&e.body))
            return {link->article, article_unlinked{e.ticket}};
        auto const* said = std::get_if<message_added>(&e.body);
        return {said ? said->canned : article_id{}, article_used{}};
    }
    /// A link stands on both sides: what links of tickets, and articles that were sent, come to on the articles.
    result<std::vector<linked_article>> linked_articles(command const& wish, plan& decided) {
        std::vector<linked_article> out;
        auto& events = decided.events;
        if (auto const* draft = std::get_if<draft_article>(&wish.body)) {
            GUICHET_LET(auto fresh, drafted(wish, *draft, decided));
            std::move(fresh.events.begin(), fresh.events.end(), std::back_inserter(events));
            out.push_back({nullptr, fresh.after});
        }
        for (std::size_t i = 0, own = events.size(); i < own; ++i) {
            auto [to, body] = on_article(events[i]);
            if (!to)
                continue;
            event e = events[i];
            e.article = to;
            e.body = std::move(body);
            e.ticket = {};
            auto known = std::find_if(out.begin(), out.end(), [&](auto const& a) { return a.after->id == e.article; });
            if (known == out.end()) {
                GUICHET_LET(auto const before, work_.load_article(e.tenant, e.article));
                known = out.insert(out.end(), {before, std::make_shared<article>(*before)});
            }
            e.version = known->after->version + 1;
            e.at = std::max(e.at, known->after->updated_at);
            kb::apply(*known->after, e);
            events.push_back(std::move(e));
        }
        return out;
    }

    // --- inquiries

    /// Writes no event: no ticket, no article and no rule depends on an inquiry.
    result<outcome> run_on_inquiry(command const& wish, hooks const& hooks) {
        GUICHET_LET(access::role const* const as, config_.roles->authorise(wish.by, wish.body, nullptr));
        auto const now = env_.now();
        kb::inquiry_facts known{.now = now, .fresh = make_id<inquiry_id>(env_, now), .side = as->side};
        if (wish.ticket || !wish.number.empty()) {
            GUICHET_LET(known.ticket, target_of(wish));
            GUICHET_LET(auto const became, hands_.load(wish.by.tenant, known.ticket));
            if (!became || !access::sees(wish.by, *as, *became))
                return not_found(wish);
        }
        std::optional<inquiry> before;
        if (auto const* followed = std::get_if<follow_inquiry>(&wish.body)) {
            GUICHET_LET(before, work_.load_inquiry(wish.by.tenant, followed->inquiry));
        }
        inquiry after;
        auto const let = decide_within(hooks, wish, nullptr, [&]() -> result<void> {
            GUICHET_LET(after, kb::inquire(before ? &*before : nullptr, wish, known));
            return {};
        });
        GUICHET_TRY(let);
        outcome out;
        out.inquiry = after.id;
        auto const head = head_ ? *head_ : work_.head();
        poisoned_ = true;
        GUICHET_TRY(work_.put_inquiry(after));
        GUICHET_TRY(give_receipt(wish, {after.id.bytes}, head.seq + 1, head));
        return out;
    }

    static digest print_of_command(command const& wish) {
        auto bare = wish;
        bare.id = {};
        if (auto* asked = std::get_if<record_inquiry>(&bare.body))
            asked->words.clear(); // an inquiry is destroyed without a look at its receipt
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
        auto& about = is_about_article(wish.body)   ? out.article.bytes
                      : is_about_inquiry(wish.body) ? out.inquiry.bytes
                                                    : out.ticket.bytes;
        about = receipt->ticket.bytes;
        out.repeated = true;
        for (auto const& s : stored) {
            GUICHET_LET(auto const texts, work_.load_texts(s.ticket));
            GUICHET_LET(auto e, from_stored(s, texts));
            if (subject_of(e) == receipt->ticket)
                out.version = e.version;
            out.events.push_back(std::move(e));
        }
        GUICHET_LET(auto const on, hands_.load(wish.by.tenant, out.ticket));
        GUICHET_LET(auto const article, work_.load_article(wish.by.tenant, out.article));
        out.number = on ? on->number : article ? article->number : "";
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
        GUICHET_LET(auto const articles, linked_articles(wish, decided));
        poisoned_ = true;
        for (auto const& t : decided.tickets)
            GUICHET_TRY(write_ticket(t.before.get(), t.after, decided.events, head));
        for (auto const& a : articles)
            GUICHET_TRY(write_article_row(a.before.get(), a.after, decided.events, head));
        GUICHET_TRY(give_receipt(wish, out.ticket, first_seq, head));
        hands_.wrote(decided.events);
        kept_.wrote(decided.tickets, first_seq, head.seq);
        for (auto& t : decided.tickets)
            hands_.wrote(std::move(t.after));
        out.events = std::move(decided.events);
        std::sort(out.events.begin(), out.events.end(), [](event const& a, event const& b) { return a.seq < b.seq; });
        return out;
    }

    /// The last thing that is written: from then on a failure of the next command leaves nothing half done.
    result<void> give_receipt(command const& wish, ticket_id about, std::uint64_t first_seq,
                              storage::log_head const& head) {
        if (wish.id) {
            storage::receipt r{wish.id, wish.by.tenant, print_of_command(wish), about, first_seq, head.seq};
            GUICHET_TRY(work_.put_receipt(r));
        }
        poisoned_ = false;
        if (!began_)
            began_ = first_seq - 1;
        head_ = head;
        return {};
    }

    /// Numbers the events of a ticket or an article, and makes of them and of their texts what the log stores.
    template <class Each>
    result<void> enter(std::vector<event>& events, ticket_id of, storage::log_head& head, Each const& each) {
        stored_.clear();
        texts_.clear();
        for (auto& e : events) {
            if (subject_of(e) != of)
                continue;
            e.seq = ++head.seq;
            auto const first_text = texts_.size();
            collect_texts(e, env_, texts_);
            prints_.clear();
            for (auto i = first_text; i < texts_.size(); ++i)
                prints_.push_back(texts_[i].print = storage::text_print(texts_[i]));
            auto& s = stored_.emplace_back(to_stored(e));
            head.hash = s.hash = link_of(head.hash, s, prints_);
            GUICHET_TRY(each(e));
        }
        return {};
    }

    /// Writes the events of one ticket with what belongs to them.
    result<void> write_ticket(ticket const* before, std::shared_ptr<ticket> const& snapshot, std::vector<event>& events,
                              storage::log_head& head) {
        auto const& after = *snapshot;
        std::vector<std::uint32_t> erased;
        auto const entered = enter(events, after.id, head, [&](event& e) -> result<void> {
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
            return {};
        });
        GUICHET_TRY(entered);
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
        return work_.append(storage::ticket_change{before, snapshot, stored_, texts_, erased, disarmed_, armed_});
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
    std::optional<std::uint64_t> began_; ///< the last event before those of this transaction
    bool poisoned_ = false;
    std::vector<storage::stored_event> stored_;
    std::vector<storage::text_record> texts_;
    std::vector<digest> prints_;
    std::vector<timer> disarmed_, armed_;
};

} // namespace guichet::inline v0::detail
