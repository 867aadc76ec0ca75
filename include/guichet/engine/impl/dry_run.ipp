#pragma once
#include <guichet/engine/impl/around.ipp>
#include <guichet/engine/impl/heard.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/engine/trial.hpp>

#include <algorithm>
#include <map>
#include <optional>

/// Changes as the log has them, and rules that answer them without writing anything.
namespace guichet::inline v0::detail {

/// One change of one ticket as the log has it: what a command or a timer did, and what rules made of it.
struct past_change {
    std::shared_ptr<ticket const> before;     ///< null: it was opened
    std::shared_ptr<ticket const> after, now; ///< before and after the rules; one and the same where they did nothing
    event_cause cause;
    std::uint64_t bits = 0;
    bool automatic = false;
    bool goes_on = false; ///< in answer to the same command as the change before it: what fired then fires no more
    std::vector<event> by_rules;

    bool empty() const noexcept { return bits == 0; }
    rules::change as_change() const { return {before.get(), after.get(), bits, after->updated_at, automatic}; }
};

/// The rules that fired on a ticket, in answer to one command after another of the past: none fires twice for one, and
/// none on the ticket that it opened.
class fired_rules {
public:
    std::vector<std::uint32_t>& before(past_change const& c, rules::rule_set const& set) {
        if (!c.goes_on)
            numbers_.clear();
        auto const* opener = c.before ? nullptr : set.find(deed_by(c.cause));
        if (opener)
            numbers_.push_back(opener->order);
        return numbers_;
    }

private:
    std::vector<std::uint32_t> numbers_;
};

/// Which rules answer the past: those in force, or others that are tried.
enum class trial_of : std::uint8_t { in_force, candidates };
inline trial_of tried(std::span<document const> candidates) noexcept {
    return candidates.empty() ? trial_of::in_force : trial_of::candidates;
}

/// Answers as the log says it was answered then. Where the log says nothing, the routing of a rule in force chose what
/// was there already; that of another is asked as at a desk where nobody has anything to do.
class past_surroundings final : public surroundings {
public:
    past_surroundings(configuration const& config, std::span<event const> by_rules, trial_of what)
        : config_{config}, by_rules_{by_rules}, what_{what} {}

    result<ticket_routed> route(ticket const& t, route_ticket const& wish, event_cause const& cause,
                                instant now) override {
        GUICHET_TRY(team_asked(t, wish, *config_.people));
        for (auto i = next_; i < by_rules_.size(); ++i) {
            auto const* e = std::get_if<ticket_routed>(&by_rules_[i].body);
            if (e && by_rules_[i].cause == cause && e->asked == wish.team && e->exclude == wish.exclude) {
                next_ = i + 1;
                return *e;
            }
        }
        if (what_ == trial_of::in_force)
            return as_it_is(t);
        return routed(t, wish, config_, routing::workload{config_.people}, {}, {}, {}, now);
    }
    result<bool> may_send(std::string const& to, instant) override {
        return std::none_of(by_rules_.begin(), by_rules_.end(), [&](event const& e) {
            auto const* held = std::get_if<notice_withheld>(&e.body);
            return held && held->to == to && held->why == withheld_because::too_many_to_recipient;
        });
    }

private:
    static ticket_routed as_it_is(ticket const& t) {
        ticket_routed out;
        out.person = t.assignee;
        out.team = t.team;
        out.tier = t.tier;
        out.again = t.route_again;
        return out;
    }

    configuration const& config_;
    std::span<event const> by_rules_;
    trial_of what_;
    std::size_t next_ = 0;
};

/// Tickets whose memory the next copy takes: most of a copy's cost is asking for it.
class spare_tickets {
public:
    std::shared_ptr<ticket> copy_of(ticket const& t) {
        if (spares_.empty())
            return std::make_shared<ticket>(t);
        auto out = std::move(spares_.back());
        spares_.pop_back();
        *out = t;
        return out;
    }
    /// Keeps it if nobody else has it.
    void take_back(std::shared_ptr<ticket>&& one) {
        if (one && one.use_count() == 1)
            spares_.push_back(std::move(one));
        one.reset();
    }

private:
    std::vector<std::shared_ptr<ticket>> spares_;
};

/// Puts the events of a ticket together to changes. What one command did bears one instant, actor and cause; events of
/// rules follow it, and verdicts of clocks on what those did. Two commands of one actor in one millisecond count as
/// one.
class past_reader {
public:
    explicit past_reader(spare_tickets& spares) : spares_{&spares} {}

    /// Null before the first event.
    ticket const* now() const noexcept { return now_.get(); }

    /// Calls `take` with the change that ends where this event begins another.
    template <class Take>
    result<void> hear(event const& e, Take const& take) {
        bool const of_rule = e.cause.what.starts_with(by_rule);
        bool const of_clock = !of_rule && follows_clocks(e.body);
        bool const same = !present_.empty() && e.at == at_ &&
                          (of_rule || (e.cause == present_.cause && (e.actor == actor_ || of_clock)));
        if (!same || (!of_rule && !of_clock && !present_.by_rules.empty())) {
            GUICHET_TRY(end(take));
            before_ = std::move(now_);
            now_ = before_ ? spares_->copy_of(*before_) : std::make_shared<ticket>();
            present_.before = before_;
            present_.goes_on = e.at == at_ && !deed_by(e.cause).empty();
            present_.automatic = e.cause.what.starts_with(by_automatic_deed);
            present_.cause = e.cause;
            at_ = e.at;
            actor_ = e.actor;
        }
        if (of_rule && present_.by_rules.empty()) {
            after_ = std::move(now_);
            now_ = spares_->copy_of(*after_);
            present_.after = after_;
        }
        lifecycle::apply(*now_, e);
        if (of_rule)
            present_.by_rules.push_back(e);
        else if (present_.by_rules.empty()) {
            present_.bits |= rules::event_bit(e.body);
            auto const* message = std::get_if<message_added>(&e.body);
            present_.automatic = present_.automatic || (message && message->automatic);
        }
        return {};
    }
    template <class Take>
    result<void> end(Take const& take) {
        present_.now = now_;
        if (present_.by_rules.empty())
            present_.after = now_;
        if (!present_.empty())
            GUICHET_TRY(take(std::as_const(present_)));
        present_.bits = 0;
        present_.automatic = false;
        present_.by_rules.clear();
        present_.before = present_.after = present_.now = nullptr;
        spares_->take_back(std::move(before_));
        spares_->take_back(std::move(after_));
        return {};
    }

private:
    spare_tickets* spares_;
    past_change present_;
    std::shared_ptr<ticket> before_, after_; ///< those of the change
    std::shared_ptr<ticket> now_;            ///< shared with the change only when that has ended
    instant at_;
    std::string actor_;
};

/// Lets rules answer a change without writing anything. `fired`: those that did so before, in answer to the same
/// command.
inline dry_run_report dry_run(configuration const& config, past_change const& past, fired_rules& fired,
                              std::span<std::string const> open_children, trial_of what, bool all = true) {
    dry_run_report out;
    auto const of = past.as_change();
    auto after = std::make_shared<ticket>(*of.after);
    past_surroundings around{config, past.by_rules, what};
    auto& fired_before = fired.before(past, *config.automation);
    reaction answer{config, around, after, out.events, open_children, of.now, std::move(fired_before)};
    std::map<std::uint32_t, rule_decision> decisions;
    auto const observe = [&](rules::rule const& r, std::uint32_t pass, rules::rule_verdict verdict,
                             rules::changed_record const& record) {
        auto const known = decisions.find(r.order);
        bool const first = known == decisions.end();
        bool const cut = verdict == rules::rule_verdict::depth || verdict == rules::rule_verdict::single_pass;
        if (!first && verdict >= rules::rule_verdict::condition_false && !cut)
            return; // the first look tells why not, unless a later pass is told why not yet
        auto& d = decisions[r.order];
        d.rule = r.name;
        d.version = r.version;
        d.pass = pass;
        d.verdict = verdict;
        d.why = r.condition.explain(record, config.automation->context(of.now));
    };
    answer.run(of, observe, all);
    fired_before = std::move(answer.fired);
    for (auto const& one : answer.refused)
        decisions[one.of->order].refused.push_back(one.why.describe());
    for (auto const& one : answer.deeds)
        out.elsewhere.push_back({one.of->name, std::string{json::to_text(one.what->on)},
                                 std::string{one.what->is_command() ? name_of(one.what->wish) : "set_priority"}});
    for (auto& [order, d] : decisions)
        out.decisions.push_back(std::move(d));
    out.cut = !answer.cuts.empty();
    return out;
}

/// Whether two rules gave the same field a value in one dispatch.
inline bool conflicting(std::span<event const> events) {
    std::map<std::size_t, std::string> by;
    for (auto const& e : events) {
        auto const [place, fresh] = by.emplace(e.body.index(), e.cause.what);
        bool const adds = std::holds_alternative<message_added>(e.body) ||
                          std::holds_alternative<tags_changed>(e.body) ||
                          std::holds_alternative<watchers_changed>(e.body);
        if (!fresh && !adds && place->second != e.cause.what)
            return true;
    }
    return false;
}

/// Whether rules would do what the log says they did.
inline bool same_deeds(std::span<event const> a, std::span<event const> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](event const& x, event const& y) {
        std::string of_x, of_y;
        encode_body(x.body, of_x);
        encode_body(y.body, of_y);
        return x.cause.what == y.cause.what && x.body.index() == y.body.index() && of_x == of_y;
    });
}

} // namespace guichet::inline v0::detail
