#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/internal.ipp>
#include <guichet/engine/impl/kept_decisions.ipp>
#include <guichet/engine/impl/session.ipp>
#include <guichet/engine/impl/trend_watch.ipp>
#include <guichet/model/forms.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace guichet::inline v0 {

namespace detail {

/// The document that says, in the store, that open tickets are still to be counted again after a change. It is the
/// desk's own: no part of the configuration.
inline constexpr std::string_view recount_kind = "recount";
inline constexpr std::string_view recount_id = "open_tickets";

/// The documents of the configuration.
inline result<std::vector<document>> documents_of(storage::store& store) {
    GUICHET_LET(auto all, store.documents({}));
    std::erase_if(all, [](document const& d) { return d.kind == recount_kind; });
    return all;
}

} // namespace detail

using batch_result = result<std::vector<result<outcome>>>;

struct desk::implementation {
    /// A command that waits for the writer, with the place for what it comes to.
    struct waiting {
        command const* wish;
        std::optional<result<outcome>> came_to;
    };

    implementation(storage::store& s, environment& e) : store{s}, env{e}, watch{s} {}

    storage::store& store;
    environment& env;
    detail::session::hooks hooks;
    detail::host_answers host;
    detail::kept_decisions decisions;
    detail::standing kept; ///< of whoever holds the writer
    std::mutex config_mutex;
    std::shared_ptr<configuration const> config;

    /// Where the open tickets are being counted again under a new configuration, if they are.
    struct recount {
        std::string tenant{};
        std::optional<storage::position> after{};
        std::uint64_t generation = 0; ///< of the configuration: a later one begins from the start
    };
    std::mutex recount_mutex;
    std::optional<recount> behind;
    std::uint64_t generation = 0;
    std::optional<recount> recount_place();
    result<std::optional<recount>> recount_from(recount place);
    void recounted(std::uint64_t of_generation, std::optional<recount> next);

    std::atomic<duration::rep> keep_inquiries = duration{limits::inquiries_kept}.count();
    std::atomic<instant::rep> inquiries_swept = instant::min().time_since_epoch().count();

    /// Destroys the inquiries whose time is over, at most once an hour.
    result<std::uint64_t> sweep_inquiries() {
        static constexpr duration pause = std::chrono::hours{1};
        auto const now = env.now().time_since_epoch().count();
        auto const last = inquiries_swept.load();
        bool const lately = last <= now && last > now - pause.count();
        if (lately)
            return std::uint64_t{0};
        auto const begun = store.begin();
        if (!begun)
            return begun.error().why() == reason::store_read_only ? result<std::uint64_t>{0} : begun.error();
        auto const& work = *begun;
        GUICHET_LET(auto const dropped,
                    work->drop_inquiries({.before = instant{duration{now - keep_inquiries.load()}}}));
        if (dropped > 0)
            GUICHET_TRY(work->commit());
        inquiries_swept = now;
        return dropped;
    }
    std::mutex watch_mutex; ///< never held while the store's writer is waited for, but to keep what the watch knows
    detail::trend_watch watch;

    std::mutex queue_mutex;
    std::condition_variable queue_moved;
    std::deque<waiting*> queue;
    bool committing = false;

    std::shared_ptr<configuration const> current() {
        std::lock_guard const lock{config_mutex};
        return config;
    }

    /// What is not committed did not come to be.
    struct kept_guard {
        detail::standing& kept;
        bool holds = false;
        ~kept_guard() {
            if (!holds)
                kept.forget();
        }
    };

    /// One transaction. `run(session)` tells whether there is anything to commit.
    template <class Run>
    result<void> within_one(Run const& run) {
        GUICHET_LET(auto const work, store.begin());
        auto const in_force = current(); // once nobody else can write, so that it is still in force at the commit
        detail::session session{store, *work, *in_force, env, kept, host, &decisions};
        kept_guard guard{kept};
        GUICHET_LET(bool const wrote, run(session));
        if (wrote)
            GUICHET_TRY(work->commit());
        guard.holds = true;
        decisions.add(session.decisions());
        return {};
    }

    /// Executes commands in one transaction.
    template <class Commands>
    batch_result transact(Commands const& wishes, batch_mode mode) {
        std::vector<result<outcome>> out;
        out.reserve(std::size(wishes));
        auto const done = within_one([&](detail::session& session) -> result<bool> {
            bool wrote = false;
            for (command const* wish : wishes) {
                out.push_back(session.run(*wish, hooks));
                if (session.poisoned())
                    return out.back().error();
                if (!out.back() && mode == batch_mode::all_or_none)
                    return out.back().error().with("batch_index", std::to_string(out.size() - 1));
                wrote = wrote || (out.back() && !out.back()->repeated);
            }
            return wrote;
        });
        GUICHET_TRY(done);
        return out;
    }

    /// Executes commands of different callers: together where that goes, else one by one, so that nobody fails for what
    /// his neighbour broke. Never throws: others wait for what it comes to.
    std::vector<result<outcome>> transact_apart(std::vector<command const*> const& wishes) {
        try {
            return transact_or_throw(wishes);
        } catch (std::exception const& thrown) {
            return std::vector<result<outcome>>(wishes.size(), internal(thrown.what()));
        } catch (...) {
            return std::vector<result<outcome>>(wishes.size(), internal("something that is no std::exception"));
        }
    }
    static error internal(char const* thrown) { return error{reason::defect, {{"problem", thrown}}}; }
    std::vector<result<outcome>> transact_or_throw(std::vector<command const*> const& wishes) {
        auto together = transact(wishes, batch_mode::each);
        if (together)
            return std::move(*together);
        if (wishes.size() == 1 || together.error().code() == errc::in_doubt)
            return std::vector<result<outcome>>(wishes.size(), together.error());
        std::vector<result<outcome>> out;
        for (auto const* wish : wishes) {
            auto alone = transact(std::array{wish}, batch_mode::each);
            out.push_back(alone ? std::move(alone->front()) : result<outcome>{alone.error()});
        }
        return out;
    }

    /// Takes those who wait and commits them together. Called with the lock held, by the one who found nobody
    /// committing.
    void commit_waiting(std::unique_lock<std::mutex>& lock) {
        committing = true;
        auto const count = std::min(queue.size(), limits::group_commit_max);
        std::vector<waiting*> const group{queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count)};
        queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(count));
        lock.unlock();
        std::vector<command const*> wishes;
        for (auto const* w : group)
            wishes.push_back(w->wish);
        auto came_to = transact_apart(wishes);
        lock.lock();
        for (std::size_t i = 0; i < group.size(); ++i)
            group[i]->came_to = std::move(came_to[i]);
        committing = false;
        queue_moved.notify_all();
    }

    /// What a hook throws keeps neither the others nor whoever asked from hearing: it is committed.
    void tell(result<outcome> const& came_to) {
        if (!came_to || came_to->repeated)
            return;
        for (auto const& hook : hooks.after)
            try {
                hook(*came_to);
            } catch (...) {
                continue;
            }
    }

    /// Hooks hear of everything, whoever asked of what he may see.
    void hide_internal(result<outcome>& came_to, actor const& by) {
        hide_internal(came_to, by, [&](ticket_id id) { return store.load(by.tenant, id); });
    }
    /// `load` finds tickets as they are after the command.
    template <class Load>
    void hide_internal(result<outcome>& came_to, actor const& by, Load const& load) {
        if (!came_to)
            return;
        auto const in_force = current(); // the role lives in it
        auto const as = in_force->roles->find(by);
        if (!as)
            return;
        detail::hide_internal(*came_to, **as);
        if (access::sees_all(by, **as))
            return;
        std::erase_if(came_to->events, [&](event const& e) {
            if (e.ticket == came_to->ticket || e.article)
                return false;
            auto const other = load(e.ticket); // which rules changed, perhaps
            return !other || !*other || !access::sees(by, **as, **other);
        });
    }
};

GUICHET_DECL desk::desk(std::shared_ptr<storage::store> where, environment& env)
    : store_{std::move(where)}, env_{env}, impl_{std::make_unique<implementation>(*store_, env_)} {}
GUICHET_DECL desk::~desk() = default;

GUICHET_DECL result<std::unique_ptr<desk>> desk::open(std::shared_ptr<storage::store> where, environment& env) {
    GUICHET_LET(auto const documents, detail::documents_of(*where));
    GUICHET_LET(auto const recounts, where->documents(detail::recount_kind));
    GUICHET_LET(auto config, configuration::compile(documents));
    std::unique_ptr<desk> out{new desk{std::move(where), env}};
    out->impl_->config = std::move(config);
    if (std::any_of(recounts.begin(), recounts.end(), [](document const& d) { return !d.body.empty(); }))
        out->impl_->behind.emplace();
    return out;
}

GUICHET_DECL std::shared_ptr<configuration const> desk::config() const { return impl_->current(); }
GUICHET_DECL void desk::before(before_hook hook) { impl_->hooks.before.push_back(std::move(hook)); }
GUICHET_DECL void desk::around(around_hook hook) { impl_->hooks.around.push_back(std::move(hook)); }
GUICHET_DECL void desk::after(after_hook hook) { impl_->hooks.after.push_back(std::move(hook)); }
GUICHET_DECL void desk::relate(std::string name, related_answer answer) {
    impl_->host.related.insert_or_assign(std::move(name), std::move(answer));
}
GUICHET_DECL void desk::route_by(routing::router chooses) { impl_->host.router = std::move(chooses); }

// --- commands

GUICHET_DECL result<outcome> desk::execute(command const& wish) {
    implementation::waiting mine{&wish, {}};
    std::unique_lock lock{impl_->queue_mutex};
    impl_->queue.push_back(&mine);
    while (!mine.came_to) {
        if (impl_->committing)
            impl_->queue_moved.wait(lock);
        else
            impl_->commit_waiting(lock);
    }
    lock.unlock();
    impl_->tell(*mine.came_to);
    impl_->hide_internal(*mine.came_to, wish.by);
    return std::move(*mine.came_to);
}

GUICHET_DECL batch_result desk::execute(std::span<command const> wishes, batch_mode mode) {
    if (wishes.size() > limits::batch_commands_max)
        return error{reason::limit_passed,
                     {{"path", "batch"},
                      {"found", std::to_string(wishes.size())},
                      {"limit", std::to_string(limits::batch_commands_max)}}};
    std::vector<command const*> list;
    for (auto const& wish : wishes)
        list.push_back(&wish);
    auto out = impl_->transact(list, mode);
    for (std::size_t i = 0; out && i < out->size(); ++i) {
        impl_->tell((*out)[i]);
        impl_->hide_internal((*out)[i], wishes[i].by);
    }
    return out;
}

GUICHET_DECL result<outcome> desk::rehearse(command const& wish) {
    GUICHET_LET(auto const work, store_->begin()); // and never committed
    auto const in_force = impl_->current();
    detail::standing fresh;
    detail::session session{*store_, *work, *in_force, env_, fresh, impl_->host};
    auto came_to = session.run(wish, impl_->hooks);
    impl_->hide_internal(came_to, wish.by, [&](ticket_id id) { return session.look(wish.by.tenant, id); });
    return came_to;
}

GUICHET_DECL result<new_attachment> desk::put_file(std::span<std::byte const> bytes, std::string name,
                                                   std::string type) {
    if (bytes.size() > limits::blob_bytes_max)
        return error{reason::limit_passed,
                     {{"path", "attachment"},
                      {"found", std::to_string(bytes.size()) + " bytes"},
                      {"limit", std::to_string(limits::blob_bytes_max) + " bytes"}}};
    GUICHET_LET(auto const work, store_->begin());
    GUICHET_LET(auto const address, work->put_blob(bytes));
    GUICHET_TRY(work->commit());
    return new_attachment{std::move(name), std::move(type), address, bytes.size()};
}

GUICHET_DECL result<std::size_t> desk::redact_person(std::string const& person, actor const& by) {
    GUICHET_TRY(config()->roles->require(by, name_of(redact_ticket{})));
    view theirs;
    theirs.order = {"created_at"};
    theirs.limit = limits::page_rows_max;
    std::size_t touched = 0;
    do {
        GUICHET_LET(auto const found, query(theirs, by));
        for (auto const& t : found.tickets) {
            command wish{by, redact_ticket{0, {}, person}, t.id, {}, {}, {}};
            auto const came_to = execute(wish);
            if (!came_to && came_to.error().why() != reason::already_redacted)
                return came_to.error();
            touched += came_to.has_value();
        }
        theirs.cursor = found.next;
    } while (!theirs.cursor.empty());
    GUICHET_LET(auto const work, store_->begin());
    GUICHET_TRY(work->drop_inquiries({.tenant = by.tenant, .person = person}));
    GUICHET_TRY(work->commit());
    return touched;
}

// --- inquiries

GUICHET_DECL result<std::vector<inquiry>> desk::inquiries(viewer const& who, storage::inquiry_place const& after,
                                                          std::size_t limit) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    return store_->inquiries(who.tenant, after, std::min(limit, limits::page_rows_max));
}

GUICHET_DECL void desk::keep_inquiries(duration how_long) {
    impl_->keep_inquiries = std::max(how_long, duration::zero()).count();
}

// --- time

GUICHET_DECL result<std::optional<instant>> desk::next_wakeup() const {
    if (behind())
        return std::optional{env_.now()};
    GUICHET_LET(auto const timer, store_->next_timer());
    auto const in_force = config();
    if (in_force->watched->empty())
        return timer;
    std::lock_guard const lock{impl_->watch_mutex};
    auto const look = impl_->watch.next(*in_force->watched, env_.now());
    return timer && look ? std::min(timer, look) : timer ? timer : look;
}

GUICHET_DECL result<pump_report> desk::pump(pump_budget const& budget) {
    pump_report report;
    if (behind())
        GUICHET_TRY(recount(std::max(budget.timers_max, budget.batch)));
    for (std::size_t left = budget.timers_max; left > 0;) {
        auto const wanted = std::min(left, std::max<std::size_t>(budget.batch, 1));
        GUICHET_LET(auto const due, store_->due_timers(env_.now(), wanted));
        if (due.empty())
            break;
        left -= due.size();
        std::vector<result<outcome>> fired;
        auto const done = impl_->within_one([&](detail::session& session) -> result<bool> {
            for (auto const& d : due) {
                auto const name = d.timer.name.empty() ? std::string{} : ":" + d.timer.name;
                command const wish{detail::system_actor(d.tenant), fire_timer{d.timer}, d.ticket, {}, {}, {}};
                fired.push_back(
                    session.run(wish, {}, {"timer:" + std::string{to_string(d.timer.kind)} + name, d.timer.due}));
                if (session.poisoned())
                    return fired.back().error();
                bool const changed = fired.back() && !fired.back()->events.empty();
                report.timers_fired += changed;
                report.timers_fenced += !changed;
                if (!changed)
                    GUICHET_TRY(session.disarm(d));
            }
            return true;
        });
        GUICHET_TRY(done);
        for (auto const& came_to : fired)
            if (came_to && !came_to->events.empty())
                impl_->tell(came_to);
    }
    GUICHET_TRY(tell_trends(budget.events_max));
    GUICHET_LET(report.inquiries_destroyed, impl_->sweep_inquiries());
    GUICHET_LET(report.next, next_wakeup());
    return report;
}

GUICHET_DECL result<storage::store_stats> desk::stats() const { return store_->stats(); }
GUICHET_DECL result<void> desk::backup(std::string const& path) const { return store_->backup(path); }

} // namespace guichet::inline v0
