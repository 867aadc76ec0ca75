#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/lifecycle/evolve.hpp>

#include <algorithm>

namespace guichet::inline v0::lifecycle {
namespace detail {

inline void insert_sorted(std::vector<std::string>& names, std::string const& name) {
    auto const at = std::lower_bound(names.begin(), names.end(), name);
    if (at == names.end() || *at != name)
        names.insert(at, name);
}

inline void erase_sorted(std::vector<std::string>& names, std::string const& name) {
    auto const at = std::lower_bound(names.begin(), names.end(), name);
    if (at != names.end() && *at == name)
        names.erase(at);
}

/// One overload per event; `e` is the envelope.
struct evolver {
    ticket& t;
    event const& e;

    void count_text(std::uint32_t no) { t.texts = std::max(t.texts, no); }

    void enter(std::string const& state, status s) {
        if (t.spans.empty() || t.state != state || t.status != s) {
            t.spans.push_back({state, s, e.at});
            begin_silence();
        }
        t.state = state;
        t.status = s;
        t.pending_until.reset();
    }
    void begin_silence() {
        t.reminders = 0;
        t.reminded_at.reset();
    }

    void hold(std::string const& team, std::string const& tier) {
        bool const same = t.holdings.empty() ? team.empty() && tier.empty()
                                             : t.holdings.back().team == team && t.holdings.back().tier == tier;
        if (!same)
            t.holdings.push_back({team, tier, e.at});
    }
    void own() {
        if (!t.owned_at && !t.assignee.empty())
            t.owned_at = e.at;
    }

    /// From one to another: neither a first assignment nor a withdrawal.
    static bool passed_on(std::string const& from, std::string const& to) {
        return !from.empty() && !to.empty() && from != to;
    }

    void leave_the_end() {
        t.reopenings += !is_open(t.status);
        t.resolved_at.reset();
        t.closed_at.reset();
        t.resolved_with = {};
    }

    void operator()(ticket_opened const& b) {
        t.id = e.ticket;
        t.tenant = e.tenant;
        t.created_at = e.at;
        t.number = b.number;
        t.kind = b.kind;
        t.subject = b.subject.body;
        t.subject_text = b.subject.no;
        count_text(b.subject.no);
        t.requester = b.requester;
        t.organisation = b.organisation;
        t.contact = b.contact;
        t.channel = b.channel;
        t.impact = b.impact;
        t.urgency = b.urgency;
        t.priority = b.priority;
        t.priority_rank = b.priority_rank;
        t.category = b.category;
        t.queue = b.queue;
        t.team = b.team;
        t.tier = b.tier;
        t.assignee = b.assignee;
        t.tags = b.tags;
        t.watchers = b.watchers;
        hold(b.team, b.tier);
        own();
        enter(b.state, b.status);
        if (!is_open(b.status)) // resolved on the first call
            t.resolved_at = e.at;
        if (b.status == status::closed)
            t.closed_at = e.at;
    }

    void operator()(message_added const& b) {
        count_text(b.text.no);
        ++t.messages;
        if (b.audience == audience::public_)
            t.contacts.push_back({e.at, b.side});
        if (b.side == side::requester)
            begin_silence();
        if (b.audience == audience::public_ && b.side == side::desk) {
            ++t.replies;
            if (!t.first_response_at)
                t.first_response_at = e.at;
        }
    }

    void operator()(attachment_added const& b) {
        count_text(b.name.no);
        t.attachments.push_back({b.name.no, b.message, b.audience, b.name.body, b.type, b.size_bytes, b.digest, false});
    }

    void operator()(ticket_assigned const& b) {
        forget_routing();
        t.reassignments += passed_on(t.assignee, b.assignee);
        t.assignee = b.assignee;
        own();
    }

    void operator()(ticket_handed_over const& b) {
        t.reassignments += passed_on(t.assignee, b.assignee);
        t.handovers += passed_on(t.queue, b.queue) || passed_on(t.team, b.team) || passed_on(t.tier, b.tier);
        t.queue = b.queue;
        t.team = b.team;
        t.tier = b.tier;
        t.assignee = b.assignee;
        forget_routing();
        hold(b.team, b.tier);
        own();
    }

    void operator()(priority_set const& b) {
        t.impact = b.impact;
        t.urgency = b.urgency;
        t.priority = b.priority;
        t.priority_rank = b.priority_rank;
    }

    void operator()(fields_set const& b) {
        if (b.subject) {
            t.subject = b.subject->body;
            t.subject_text = b.subject->no;
            count_text(b.subject->no);
        }
        auto const take = [](std::optional<std::string> const& from, std::string& into) {
            if (from)
                into = *from;
        };
        take(b.kind, t.kind);
        take(b.category, t.category);
        take(b.requester, t.requester);
        take(b.organisation, t.organisation);
        take(b.contact, t.contact);
        for (auto const& change : b.fields)
            set(change);
    }

    void set(field_change const& change) {
        count_text(change.text.no);
        auto const at = std::lower_bound(t.fields.begin(), t.fields.end(), change.name,
                                         [](custom_field const& f, std::string const& name) { return f.name < name; });
        bool const present = at != t.fields.end() && at->name == change.name;
        auto value = change.text.no ? field_value{change.text.body} : change.value;
        if (std::holds_alternative<std::monostate>(value)) {
            if (present)
                t.fields.erase(at);
        } else if (present) {
            at->value = std::move(value);
            at->text = change.text.no;
        } else
            t.fields.insert(at, {change.name, std::move(value), change.text.no});
    }

    void operator()(tags_changed const& b) {
        for (auto const& name : b.removed)
            erase_sorted(t.tags, name);
        for (auto const& name : b.added)
            insert_sorted(t.tags, name);
    }

    void operator()(watchers_changed const& b) {
        for (auto const& name : b.removed)
            erase_sorted(t.watchers, name);
        for (auto const& name : b.added)
            insert_sorted(t.watchers, name);
    }

    void operator()(ticket_state_set const& b) { enter(b.to, b.status); }
    void operator()(ticket_put_on_hold const& b) {
        leave_the_end();
        enter(b.to, b.status);
    }
    void operator()(ticket_pended const& b) {
        leave_the_end();
        enter(b.to, b.status);
        t.pending_until = b.until;
    }
    void operator()(ticket_resolved const& b) {
        if (t.status != status::resolved || !t.resolved_at) // to word a resolution anew is not to resolve again
            t.resolved_at = e.at;
        enter(b.to, b.status);
        t.closed_at.reset();
        t.resolution_code = b.code;
        t.resolution = b.text.body;
        t.resolution_text = b.text.no;
        t.resolved_with = b.with;
        count_text(b.text.no);
    }
    void operator()(ticket_reopened const& b) {
        leave_the_end();
        enter(b.to, b.status);
    }
    void operator()(ticket_closed const& b) {
        enter(b.to, b.status);
        t.closed_at = e.at;
        if (!t.resolved_at)
            t.resolved_at = e.at;
    }

    void operator()(ticket_linked const& b) { t.links.push_back({b.kind, b.other}); }
    void operator()(ticket_unlinked const& b) { std::erase(t.links, ticket_link{b.kind, b.other}); }

    void operator()(ticket_article_linked const& b) { t.articles.push_back(b.article); }
    void operator()(ticket_article_unlinked const& b) { std::erase(t.articles, b.article); }
    void operator()(article_event auto const&) {} // of no ticket

    void operator()(guide_answered const& b) {
        count_text(b.text.no);
        auto known = std::find_if(t.guides.begin(), t.guides.end(), [&](auto const& w) { return w.guide == b.guide; });
        if (known == t.guides.end())
            known = t.guides.insert(t.guides.end(), guide_walk{b.guide});
        known->version = b.guide_version;
        if (b.audience == audience::public_) // who began it sees how it goes on
            known->audience = audience::public_;
        known->outcome = b.outcome;
        known->next = b.next;
        known->answers.resize(std::min<std::size_t>(known->answers.size(), b.after));
        known->answers.push_back({b.step, b.text.no ? field_value{b.text.body} : b.answer, b.text.no});
        known->at = e.at;
    }

    void operator()(ticket_merged const& b) {
        t.state_before_merge = t.state;
        t.pending_before_merge = t.pending_until;
        t.resolved_before_merge = t.resolved_at;
        t.closed_before_merge = t.closed_at;
        t.merged_into = b.into;
        enter(b.to, b.status);
        t.closed_at = e.at;
        if (!t.resolved_at)
            t.resolved_at = e.at;
    }
    void operator()(ticket_unmerged const& b) {
        t.merged_into = {};
        enter(b.to, b.status);
        bool const back = b.to == t.state_before_merge;
        t.pending_until = back ? t.pending_before_merge : std::nullopt;
        t.resolved_at = back ? t.resolved_before_merge : std::nullopt;
        t.closed_at = back ? t.closed_before_merge : std::nullopt;
        t.state_before_merge.clear();
        t.pending_before_merge.reset();
        t.resolved_before_merge.reset();
        t.closed_before_merge.reset();
    }
    void operator()(merge_received const& b) { t.merged.push_back(b.from); }
    void operator()(merge_undone const& b) { std::erase(t.merged, b.from); }
    void operator()(message_split const&) {}
    void operator()(time_logged const& b) { t.time_entries.push_back({b.person, b.seconds, e.at}); }

    void operator()(text_redacted const& b) {
        auto const gone = [&](std::uint32_t no) {
            return no && std::find(b.texts.begin(), b.texts.end(), no) != b.texts.end();
        };
        if (gone(t.subject_text))
            t.subject.clear();
        if (gone(t.resolution_text))
            t.resolution.clear();
        for (auto& f : t.fields)
            if (gone(f.text))
                f.value = std::string{};
        for (auto& walk : t.guides)
            for (auto& one : walk.answers)
                if (gone(one.text))
                    one.answer = std::string{};
        if (t.rating && gone(t.rating->no))
            t.rating->text.clear();
        for (auto& told : t.trends)
            if (gone(told.text))
                told.value.clear();
        for (auto& a : t.attachments)
            if (gone(a.no)) {
                a.redacted = true;
                a.name.clear();
            }
    }

    void operator()(family_resolved const& b) {
        for (auto const id : b.tickets)
            if (std::find(t.family.begin(), t.family.end(), id) == t.family.end())
                t.family.push_back(id);
    }
    /// What was left out had gone its own way, so it is forgotten, too.
    void operator()(family_reopened const&) { t.family.clear(); }

    void operator()(major_declared const&) { t.major = major_incident{e.at}; }
    void operator()(status_posted const&) {
        if (!t.major)
            return;
        t.major->updated_at = e.at;
        ++t.major->updates;
    }
    void operator()(major_ended const&) {
        if (t.major)
            t.major->ended_at = e.at;
    }

    void operator()(rating_asked const&) { t.rating_asked_at = e.at; }
    void operator()(ticket_rated const& b) {
        count_text(b.text.no);
        t.rating = rating{b.score, b.text.body, b.text.no, e.at};
    }

    void operator()(requester_reminded const& b) {
        t.reminders = b.no;
        t.reminded_at = e.at;
    }
    void forget_follow_up(std::string const& person) {
        std::erase_if(t.follow_ups, [&](follow_up const& f) { return f.person == person; });
    }
    void operator()(follow_up_set const& b) {
        forget_follow_up(b.person);
        if (!b.at)
            return;
        auto const place = std::find_if(t.follow_ups.begin(), t.follow_ups.end(),
                                        [&](follow_up const& f) { return f.person > b.person; });
        t.follow_ups.insert(place, {b.person, *b.at});
    }
    void operator()(follow_up_due const& b) { forget_follow_up(b.person); }

    void operator()(rules_cut const&) {}

    void operator()(ticket_routed const& b) {
        forget_routing();
        if (b.person.empty()) {
            t.route_again = b.again;
            t.route_team = b.asked;
            t.route_exclude = b.exclude;
        }
        if (b.turn)
            t.turn = routing_turn{b.team, b.person, e.at};
    }
    void forget_routing() {
        t.route_again.reset();
        t.route_team.clear();
        t.route_exclude.clear();
    }

    void operator()(ticket_escalated const& b) {
        t.escalations.push_back({b.direction, b.from_team, b.from_tier, b.from_assignee, e.at});
    }
    void operator()(supervisor_alerted const& b) {
        std::erase_if(t.alerts,
                      [&](alert const& a) { return a.path == b.path && (a.step == b.step || a.cycle != b.cycle); });
        t.alerts.push_back({b.path, b.metric, b.person, b.cycle, b.step, b.from, b.answer_by});
    }
    void operator()(escalation_acknowledged const& b) {
        for (auto& a : t.alerts)
            if (a.path == b.path && a.step == b.step)
                a.from.reset(), a.answer_by.reset();
    }

    void operator()(trend_told const& b) {
        count_text(b.word.no);
        auto& told = t.trends.emplace_back(b.trend);
        if (b.word.no) {
            told.value = b.word.body;
            told.text = b.word.no;
        }
    }

    void operator()(notice_queued const& b) {
        std::erase_if(t.notices, [&](sent_notice const& n) { return n.at + limits::notices_kept < e.at; });
        if (b.channel != notice_channel::call)
            t.notices.push_back({b.to, e.at});
    }
    void operator()(notice_withheld const&) {}

    void judge(std::string const& metric, clock_verdict verdict) {
        std::erase_if(t.clocks, [&](clock_verdict const& c) { return c.metric == metric; });
        t.breached = t.breached || verdict.outcome == clock_outcome::breached;
        t.clocks.push_back(std::move(verdict));
    }
    void operator()(clock_met const& b) {
        judge(b.metric, {b.metric, b.policy, b.policy_version, clock_outcome::met, b.due, e.at, b.cycle});
    }
    void operator()(clock_breached const& b) {
        judge(b.metric, {b.metric, b.policy, b.policy_version, clock_outcome::breached, b.due, e.at, b.cycle});
    }
    void operator()(clock_threshold_reached const& b) {
        std::erase_if(t.thresholds,
                      [&](threshold_mark const& m) { return m.metric == b.metric && m.threshold == b.threshold; });
        t.thresholds.push_back({b.metric, b.threshold, b.cycle, b.due});
    }
    void operator()(clock_restarted const& b) {
        auto const meant = [&](clock_verdict const& c) { return c.metric == b.metric && c.cycle == b.cycle; };
        if (b.cycle == 1)
            std::erase_if(t.clocks, meant);
        for (auto& c : t.clocks) // the cycles before it stay judged
            if (meant(c))
                c.outcome = clock_outcome::running;
    }
};

} // namespace detail

GUICHET_DECL void apply(ticket& state, event const& e) {
    std::visit(detail::evolver{state, e}, e.body);
    state.version = e.version;
    state.updated_at = e.at;
}

} // namespace guichet::inline v0::lifecycle
