#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/routing/choose.hpp>
#include <guichet/routing/workload.hpp>
#include <guichet/rules/notices.hpp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

/// What a desk keeps in memory about all its tickets together: who has how much, whose turn it is, what left for whom.
namespace guichet::inline v0::detail {

/// Calls `take` with every ticket of every tenant that a condition holds for, page by page.
template <class Take>
result<void> each_ticket(storage::store& store, expr::condition const& where, expr::schema const& schema, instant now,
                         Take const& take) {
    GUICHET_LET(auto const tenants, store.tenants());
    for (auto const& tenant : tenants) {
        storage::ticket_query query;
        query.tenant = tenant;
        query.wanted = where;
        query.now = now;
        query.limit = limits::page_rows_max;
        for (;;) {
            GUICHET_LET(auto const found, store.find(query, schema));
            for (auto const& t : found)
                take(*t);
            if (found.size() < query.limit)
                break;
            query.after = storage::position{{}, found.back()->ordinal};
        }
    }
    return {};
}

/// Follows the log: asked the first time, it reads the open tickets and those that sent something lately; from then on
/// it is told what this desk writes, and looks up what others wrote to the same store. Used by whoever holds the
/// writer, and by nobody else.
class standing {
public:
    /// Makes it true as of the unit of work. `unwritten` are tickets that the unit changed already.
    result<void> catch_up(storage::store& store, storage::unit_of_work& work, configuration const& config,
                          std::unordered_map<ticket_id, storage::ticket_snapshot> const& unwritten, instant now) {
        bool const stale = stale_.exchange(false);
        if (!stale && loads_ && loads_->people() == config.people && seq_ == work.head().seq)
            return {};
        if (stale || !loads_ || loads_->people() != config.people)
            GUICHET_TRY(learn(store, config, now));
        else
            GUICHET_TRY(read_on(work));
        for (auto const& [id, t] : unwritten)
            took(*t);
        seq_ = work.head().seq;
        return {};
    }

    /// Reads it all.
    result<void> learn(storage::store& store, configuration const& config, instant now) {
        loads_.emplace(config.people);
        held_.clear();
        turns_.clear();
        turned_.clear();
        sent_.clear();
        noted_.clear();
        auto const& schema = config.rules->schema();
        GUICHET_LET(auto const open,
                    expr::condition::compile(expr::where("status", expr::op::in, {"new", "open", "pending", "on_hold"}),
                                             schema));
        GUICHET_LET(auto const lately,
                    expr::condition::compile(
                        expr::where("updated_at", expr::op::newer_than, duration{limits::notices_kept}), schema));
        auto const take = [&](ticket const& t) { took(t); };
        GUICHET_TRY(each_ticket(store, open, schema, now, take));
        return each_ticket(store, lately, schema, now, take);
    }

    /// These events were written, and left the tickets so. What others wrote before them is looked up when it matters.
    template <class Tickets>
    void wrote(Tickets const& tickets, std::uint64_t first_seq, std::uint64_t last_seq) {
        if (!loads_ || stale_ || seq_ + 1 != first_seq)
            return;
        for (auto const& t : tickets)
            took(*t.after);
        seq_ = last_seq;
    }

    /// A ticket as it is or will be, where that is not written.
    void foresee(ticket const& t) {
        if (loads_)
            took(t);
    }
    /// A ticket that was foreseen is not opened.
    void withdraw(ticket const& t) {
        ticket none = t;
        none.assignee.clear();
        none.notices.clear();
        foresee(none);
    }
    /// What it was told did not come to be. From any thread: the next question reads it all again.
    void forget() noexcept { stale_ = true; }

    routing::workload const& loads() const noexcept { return *loads_; }
    routing::turns const& turns() const noexcept { return turns_; }
    std::vector<instant> const& sent_to(std::string const& to) const noexcept {
        static std::vector<instant> const none;
        auto const known = sent_.find(to);
        return known == sent_.end() ? none : known->second;
    }

private:
    struct share {
        std::string person;
        std::uint32_t weight = 0;
    };

    result<void> read_on(storage::unit_of_work& work) {
        std::unordered_map<ticket_id, std::string> touched;
        static constexpr std::size_t chunk = 1'000;
        for (auto after = seq_;;) {
            GUICHET_LET(auto const events, work.read_log(after, chunk));
            if (events.empty())
                break;
            after = events.back().seq;
            for (auto const& e : events)
                touched.emplace(e.ticket, e.tenant);
        }
        for (auto const& [id, tenant] : touched) {
            GUICHET_LET(auto const t, work.load(tenant, id));
            if (t)
                took(*t);
        }
        return {};
    }

    void took(ticket const& t) {
        auto const weight = loads_->people()->weight(t);
        bool const has = t.open() && !t.assignee.empty();
        auto const known = held_.find(t.id);
        if (known != held_.end() && (!has || known->second.person != t.assignee || known->second.weight != weight)) {
            loads_->remove(known->second.person, known->second.weight);
            held_.erase(known);
        }
        if (has && !held_.contains(t.id) && loads_->add(t.assignee, weight)) {
            held_.emplace(t.id, share{t.assignee, weight});
            loads_->gave(t.assignee, t.holdings.empty() ? t.created_at : t.updated_at);
        }
        if (t.turn)
            if (auto& at = turned_[t.turn->team]; t.turn->at >= at) {
                at = t.turn->at;
                turns_[t.turn->team] = t.turn->person;
            }
        remember(t);
    }

    /// Counts what left of this ticket lately, instead of what was counted of it.
    void remember(ticket const& t) {
        auto const known = noted_.find(t.id);
        if (known == noted_.end() && t.notices.empty())
            return;
        auto& noted = known == noted_.end() ? noted_[t.id] : known->second;
        for (auto const& n : noted)
            if (auto& times = sent_[n.to]; !times.empty())
                if (auto const one = std::find(times.begin(), times.end(), n.at); one != times.end())
                    times.erase(one);
        noted = t.notices;
        auto const old = [&](instant at) { return at + limits::notices_kept < t.updated_at; };
        std::erase_if(noted, [&](sent_notice const& n) { return old(n.at); });
        for (auto const& n : noted) {
            auto& times = sent_[n.to];
            std::erase_if(times, old);
            times.push_back(n.at);
        }
        if (noted.empty())
            noted_.erase(t.id);
    }

    std::optional<routing::workload> loads_;
    routing::turns turns_;
    std::unordered_map<std::string, instant> turned_; ///< when the last turn of a team was taken
    std::unordered_map<ticket_id, share> held_;
    std::unordered_map<std::string, std::vector<instant>> sent_;
    std::unordered_map<ticket_id, std::vector<sent_notice>> noted_;
    std::uint64_t seq_ = 0;
    std::atomic<bool> stale_ = false;
};

} // namespace guichet::inline v0::detail
