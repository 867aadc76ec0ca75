#pragma once
#include <guichet/engine/trial.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace guichet::inline v0::detail {

class decision_taker;

/// The latest decisions of rules, as many as the policy says.
class kept_decisions {
public:
    void follow(decision_policy const& policy) {
        std::lock_guard const lock{mutex_};
        policy_ = policy;
        shrink();
    }
    decision_policy policy() const {
        std::lock_guard const lock{mutex_};
        return policy_;
    }

    /// Whether this one is among those of a sample, counted over all commands.
    bool falls_in_sample(std::uint32_t one_in) noexcept { return one_in != 0 && ++looked_at_ % one_in == 0; }

    void add(decision_taker&& fresh);

    std::vector<kept_decision> of(ticket_id id) const {
        std::lock_guard const lock{mutex_};
        std::vector<kept_decision> out;
        std::copy_if(all_.begin(), all_.end(), std::back_inserter(out),
                     [&](kept_decision const& d) { return d.ticket == id; });
        return out;
    }

private:
    void shrink() {
        while (all_.size() > policy_.most)
            all_.pop_front();
    }

    mutable std::mutex mutex_;
    decision_policy policy_;
    std::deque<kept_decision> all_;
    std::atomic<std::uint64_t> looked_at_ = 0;
};

/// Chooses, while a command runs, what of its decisions is to be kept; all of it when the command is committed.
class decision_taker {
public:
    /// Null: nothing is kept.
    explicit decision_taker(kept_decisions* keep) : keep_{keep}, policy_{keep ? keep->policy() : decision_policy{}} {}

    bool wants() const noexcept { return policy_.keep != decision_policy::which::none; }

    void operator()(rules::rule const& r, std::uint32_t pass, rules::rule_verdict verdict,
                    rules::changed_record const& record, ticket const& on, expr::context const& with) {
        bool const fired = verdict == rules::rule_verdict::fired || verdict == rules::rule_verdict::unchanged;
        bool const meant = policy_.keep == decision_policy::which::all ||
                           (policy_.keep == decision_policy::which::fired && fired) ||
                           (policy_.keep == decision_policy::which::sampled && keep_->falls_in_sample(policy_.one_in));
        if (!meant)
            return;
        auto& out = taken.emplace_back();
        out.ticket = on.id;
        out.ticket_version = on.version;
        out.at = with.now;
        out.what.rule = r.name;
        out.what.version = r.version;
        out.what.pass = pass;
        out.what.verdict = verdict;
        out.what.why = r.condition.explain(record, with);
    }

    /// Keeps no more than the policy will.
    void trim() {
        while (taken.size() > policy_.most)
            taken.pop_front();
    }

    std::deque<kept_decision> taken;
    std::vector<ticket_id> forgotten; ///< what was kept of them goes: something of theirs was erased

private:
    kept_decisions* keep_;
    decision_policy policy_;
};

inline void kept_decisions::add(decision_taker&& fresh) {
    if (fresh.taken.empty() && fresh.forgotten.empty())
        return;
    std::lock_guard const lock{mutex_};
    std::move(fresh.taken.begin(), fresh.taken.end(), std::back_inserter(all_));
    for (auto const id : fresh.forgotten)
        std::erase_if(all_, [&](kept_decision const& d) { return d.ticket == id; });
    shrink();
}

} // namespace guichet::inline v0::detail
