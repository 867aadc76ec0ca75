#pragma once
#include <guichet/engine/trial.hpp>

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace guichet::inline v0::detail {

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

    void add(std::vector<kept_decision>&& fresh) {
        if (fresh.empty())
            return;
        std::lock_guard const lock{mutex_};
        std::move(fresh.begin(), fresh.end(), std::back_inserter(all_));
        shrink();
    }
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
};

/// Chooses, while a command runs, what of its decisions is to be kept; all of it when the command is committed.
class decision_taker {
public:
    explicit decision_taker(decision_policy const& policy) : policy_{policy} {}

    bool wants() const noexcept { return policy_.keep != decision_policy::which::none; }

    void operator()(rules::rule const& r, std::uint32_t pass, rules::rule_verdict verdict,
                    rules::changed_record const& record, ticket const& on, expr::context const& with) {
        bool const fired = verdict == rules::rule_verdict::fired || verdict == rules::rule_verdict::unchanged;
        bool const meant =
            policy_.keep == decision_policy::which::all || (policy_.keep == decision_policy::which::fired && fired) ||
            (policy_.keep == decision_policy::which::sampled && policy_.one_in != 0 && ++count_ % policy_.one_in == 0);
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

    std::vector<kept_decision> taken;

private:
    decision_policy policy_;
    std::uint64_t count_ = 0;
};

} // namespace guichet::inline v0::detail
