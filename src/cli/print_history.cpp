#include "print_ticket.hpp"

#include <guichet/json/describe.hpp>

namespace guichet::cli {
namespace {

/// Puts an event into words: one overload each.
struct narrator {
    console const& out;
    vocabulary const& words;
    number_of const& numbers;
    speaker const& say = out.say;

    std::string name(std::string const& person) const { return person.empty() ? say(msg::nobody) : harmless(person); }
    std::string moved(transition const& t) const {
        return say(msg::event_moved, words.state(t.from), words.state(t.to));
    }

    std::string operator()(ticket_opened const& e) const {
        return say(msg::event_opened, name(e.requester), words.state(e.state), words.priority(e.priority)) +
               (e.subject.body.empty() ? "" : "\n" + harmless(e.subject.body));
    }
    std::string operator()(message_added const& e) const {
        auto const body = e.text.body.empty() ? say(msg::erased) : harmless(e.text.body, true);
        auto const wrote = e.canned ? msg::event_wrote_canned : msg::event_wrote;
        auto const what = e.audience == audience::internal ? say(msg::event_note) : say(wrote, name(e.author));
        return what + " · " + words.of(e.channel) + "\n" + body;
    }
    std::string operator()(attachment_added const& e) const {
        return say(msg::event_attached, harmless(e.name.body), out.bytes(e.size_bytes));
    }
    std::string operator()(ticket_assigned const& e) const {
        if (e.assignee.empty())
            return say(msg::event_unassigned, name(e.from));
        return e.from.empty() ? say(msg::event_assigned, name(e.assignee))
                              : say(msg::event_assigned_from, name(e.assignee), name(e.from));
    }
    std::string operator()(ticket_handed_over const& e) const {
        auto const place = [](std::string const& queue, std::string const& team, std::string const& tier) {
            std::string text;
            for (auto const* part : {&queue, &team, &tier})
                if (!part->empty())
                    text.append(text.empty() ? "" : " / ").append(harmless(*part));
            return text;
        };
        auto const to = place(e.queue, e.team, e.tier), from = place(e.from_queue, e.from_team, e.from_tier);
        auto text =
            from.empty() ? say(msg::event_handed, to) : say(msg::event_handed_from, to.empty() ? "-" : to, from);
        if (e.assignee != e.from_assignee)
            text += say(msg::event_and_assigned, name(e.assignee));
        return text;
    }
    std::string operator()(priority_set const& e) const {
        if (e.priority != e.from)
            return say(msg::event_priority, words.priority(e.priority), words.priority(e.from));
        return say(msg::event_impact, words.impact(e.impact), words.urgency(e.urgency), words.priority(e.priority));
    }
    std::string operator()(fields_set const& e) const {
        std::string text;
        auto const add = [&](std::string const& field, std::string const& value) {
            text.append(text.empty() ? "" : " · ");
            text += value.empty() ? say(msg::event_cleared, field) : say(msg::event_field, field, harmless(value));
        };
        if (e.subject)
            add(say(msg::subject), e.subject->body.empty() ? say(msg::erased) : e.subject->body);
        std::pair<msg, std::optional<std::string> const*> const plain[] = {{msg::category, &e.category},
                                                                           {msg::requester, &e.requester},
                                                                           {msg::organisation, &e.organisation},
                                                                           {msg::contact, &e.contact}};
        for (auto const& [label, value] : plain)
            if (*value)
                add(say(label), **value);
        if (e.kind)
            add(say(msg::kind), words.kind(*e.kind));
        for (auto const& change : e.fields)
            add(words.field(change.name), change.text.no ? change.text.body : words.value(change.value));
        return text;
    }
    std::string names_changed(msg what, std::vector<std::string> const& added,
                              std::vector<std::string> const& removed) const {
        std::string text;
        auto const add = [&](msg how, std::vector<std::string> const& list) {
            std::string joined;
            for (auto const& n : list)
                joined.append(joined.empty() ? "" : ", ").append(harmless(n));
            if (!joined.empty())
                text += (text.empty() ? "" : " · ") + say(how, say(what), joined);
        };
        add(msg::event_added, added);
        add(msg::event_removed, removed);
        return text;
    }
    std::string operator()(tags_changed const& e) const { return names_changed(msg::tags, e.added, e.removed); }
    std::string operator()(watchers_changed const& e) const { return names_changed(msg::watchers, e.added, e.removed); }
    std::string operator()(ticket_state_set const& e) const { return moved(e); }
    std::string operator()(ticket_put_on_hold const& e) const { return moved(e); }
    std::string operator()(ticket_pended const& e) const {
        return moved(e) + (e.until ? say(msg::event_until, out.date(*e.until)) : std::string{});
    }
    std::string operator()(ticket_resolved const& e) const {
        return moved(e) + (e.code.empty() ? std::string{} : say(msg::event_code, harmless(e.code))) +
               (e.text.body.empty() ? "" : "\n" + harmless(e.text.body, true));
    }
    std::string operator()(ticket_reopened const& e) const {
        return say(msg::event_reopened, words.state(e.from), words.state(e.to));
    }
    std::string operator()(ticket_closed const& e) const { return moved(e); }
    std::string operator()(ticket_linked const& e) const {
        return say(msg::event_linked, words.of(e.kind), numbers(e.other));
    }
    std::string operator()(ticket_unlinked const& e) const {
        return say(msg::event_unlinked, words.of(e.kind), numbers(e.other));
    }
    std::string operator()(ticket_article_linked const& e) const {
        return say(msg::event_helped, to_string(e.article));
    }
    std::string operator()(ticket_article_unlinked const& e) const {
        return say(msg::event_helped_not, to_string(e.article));
    }
    std::string operator()(guide_answered const& e) const {
        auto const answer =
            e.text.no ? (e.text.body.empty() ? say(msg::erased) : harmless(e.text.body)) : words.value(e.answer);
        return say(msg::event_guide_answered, harmless(e.guide), harmless(e.step), answer, harmless(e.next));
    }
    std::string operator()(trend_told const& e) const {
        static constexpr msg stages[] = {msg::event_trend_began, msg::event_trend_grew, msg::event_trend_ended};
        auto const value = e.word.no ? (e.word.body.empty() ? say(msg::erased) : e.word.body) : e.trend.value;
        auto const trait = e.trend.field.empty() ? say(msg::trend_all) : harmless(e.trend.field + " " + value);
        return say(stages[static_cast<std::size_t>(e.trend.stage)], trait, describe(e.trend, say.lang), e.trend.count);
    }
    std::string operator()(article_written const& e) const {
        return say(msg::event_written) + "\n" + harmless(e.title.body);
    }
    std::string operator()(article_revised const& e) const {
        std::string what;
        auto const add = [&](bool changed, msg member) {
            if (changed)
                what.append(what.empty() ? "" : ", ").append(say(member));
        };
        add(e.title.has_value(), msg::article_title);
        add(e.symptom.has_value(), msg::article_symptom);
        add(e.body.has_value(), msg::article_body);
        add(e.language.has_value(), msg::article_language);
        add(e.category.has_value(), msg::article_category);
        add(e.tags.has_value(), msg::article_tags);
        add(e.audience.has_value(), msg::article_audience);
        add(e.kind.has_value(), msg::kind);
        add(e.cause.has_value(), msg::article_cause);
        add(e.workaround.has_value(), msg::article_workaround);
        add(e.attached.has_value(), msg::article_attached);
        add(e.fix_version.has_value(), msg::article_fix_version);
        add(e.assets.has_value(), msg::article_assets);
        add(e.see_also.has_value(), msg::article_see_also);
        add(e.translates.has_value(), msg::article_translates);
        add(e.revises.has_value(), msg::article_revises);
        auto const cleared = [&](std::string_view name) {
            return std::find(e.cleared.begin(), e.cleared.end(), name) != e.cleared.end();
        };
        add(e.problem || cleared("problem"), msg::article_problem);
        add(e.valid_from || cleared("valid_from"), msg::article_valid_from);
        add(e.valid_until || cleared("valid_until"), msg::article_valid_until);
        add(e.review_by || cleared("review_by"), msg::article_review_by);
        add(e.translation_of || cleared("translation_of"), msg::article_translation_of);
        return e.restores ? say(msg::event_restored, e.restores, what) : say(msg::event_revised, what);
    }
    std::string operator()(article_submitted const& e) const {
        std::string who;
        for (auto const& one : e.reviewers)
            who.append(who.empty() ? "" : ", ").append(name(one));
        return say(msg::event_submitted, who);
    }
    std::string operator()(article_returned const& e) const { return say(msg::event_returned) + remark(e.reason); }
    std::string operator()(article_rated const& e) const {
        return say(e.helped ? msg::event_rated_helped : msg::event_rated_helped_not) + remark(e.why);
    }
    std::string operator()(article_used const&) const { return say(msg::event_used); }
    static std::string remark(personal_text const& text) {
        return text.body.empty() ? std::string{} : "\n" + harmless(text.body, true);
    }
    std::string operator()(article_published const&) const { return say(msg::event_published); }
    std::string operator()(article_archived const&) const { return say(msg::event_archived); }
    std::string operator()(article_linked const& e) const { return say(msg::event_helped, numbers(e.ticket)); }
    std::string operator()(article_unlinked const& e) const { return say(msg::event_helped_not, numbers(e.ticket)); }
    std::string operator()(article_redacted const& e) const { return say(msg::event_redacted, e.texts.size()); }
    std::string operator()(ticket_merged const& e) const { return say(msg::event_merged, numbers(e.into)); }
    std::string operator()(ticket_unmerged const& e) const { return say(msg::event_unmerged, numbers(e.from_ticket)); }
    std::string operator()(merge_received const& e) const { return say(msg::event_merge_received, numbers(e.from)); }
    std::string operator()(merge_undone const& e) const { return say(msg::event_merge_undone, numbers(e.from)); }
    std::string operator()(message_split const& e) const { return say(msg::event_split, e.message, numbers(e.into)); }
    std::string operator()(time_logged const& e) const {
        return say(msg::event_time, out.length(e.seconds), name(e.person));
    }
    std::string operator()(text_redacted const& e) const { return say(msg::event_redacted, e.texts.size()); }
    std::string operator()(clock_met const& e) const {
        return e.due ? say(msg::event_clock_met_due, words.metric(e.metric), out.date(*e.due))
                     : say(msg::event_clock_met, words.metric(e.metric));
    }
    std::string operator()(clock_breached const& e) const {
        return say(msg::event_clock_breached, words.metric(e.metric), e.due ? out.date(*e.due) : std::string{"-"});
    }
    std::string operator()(clock_threshold_reached const& e) const {
        return say(e.overrun ? msg::event_clock_overrun : msg::event_clock_threshold, words.metric(e.metric),
                   harmless(e.threshold), out.date(e.due));
    }
    std::string operator()(clock_restarted const& e) const {
        return say(msg::event_clock_restarted, words.metric(e.metric));
    }
    std::string operator()(rules_cut const& e) const { return say(msg::event_rules_cut, e.depth, harmless(e.rule)); }
    std::string operator()(ticket_routed const& e) const {
        if (!e.person.empty())
            return say(msg::event_routed, name(e.person), harmless(e.how));
        return e.again ? say(msg::event_routed_later, out.date(*e.again)) : say(msg::event_routed_nobody);
    }
    std::string operator()(ticket_escalated const& e) const {
        auto const place = [](std::string const& team, std::string const& tier) {
            return harmless(tier.empty() ? team : team.empty() ? tier : tier + "/" + team);
        };
        auto const text = e.direction == escalation_direction::up     ? msg::event_escalated
                          : e.direction == escalation_direction::down ? msg::event_deescalated
                                                                      : msg::event_sent_back;
        return say(text, place(e.from_team, e.from_tier), place(e.team, e.tier)) +
               (e.reason.empty() ? "" : " (" + harmless(e.reason) + ")");
    }
    std::string operator()(supervisor_alerted const& e) const {
        auto const who = e.person.empty() ? std::string{"-"} : name(e.person);
        return say(e.from ? msg::event_alert_waits : msg::event_alerted, who, words.metric(e.metric), e.step,
                   out.date(e.from.value_or(instant{})));
    }
    std::string operator()(escalation_acknowledged const& e) const {
        return say(msg::event_acknowledged, harmless(e.path), e.step);
    }
    std::string operator()(notice_queued const& e) const {
        return say(msg::event_notice, guichet::json::to_text(e.channel), harmless(e.to), harmless(e.wording));
    }
    std::string operator()(notice_withheld const& e) const {
        auto const why = e.why == withheld_because::answers_machine ? msg::withheld_machine : msg::withheld_many;
        return say(msg::event_withheld, guichet::json::to_text(e.channel), harmless(e.to), say(why));
    }
    std::string family(msg done, msg nothing_left_out, std::vector<ticket_id> const& tickets,
                       std::vector<left_out> const& left) const {
        std::string list;
        for (auto const id : tickets)
            list.append(list.empty() ? "" : ", ").append(numbers(id));
        return say(left.empty() ? nothing_left_out : done, list.empty() ? "-" : list, left.size());
    }
    std::string operator()(family_resolved const& e) const {
        return family(msg::event_family_resolved_but, msg::event_family_resolved, e.tickets, e.left_out);
    }
    std::string operator()(family_reopened const& e) const {
        return family(msg::event_family_reopened_but, msg::event_family_reopened, e.tickets, e.left_out);
    }
    std::string operator()(major_declared const&) const { return say(msg::event_major_declared); }
    std::string operator()(status_posted const&) const { return say(msg::event_status_posted); }
    std::string operator()(major_ended const&) const { return say(msg::event_major_ended); }
    std::string operator()(rating_asked const&) const { return say(msg::event_rating_asked); }
    std::string operator()(ticket_rated const& e) const {
        return say(e.before ? msg::event_rated_anew : msg::event_rated, e.score, e.before) +
               (e.text.body.empty() ? "" : "\n" + harmless(e.text.body, true));
    }
    std::string operator()(requester_reminded const& e) const { return say(msg::event_reminded, e.no); }
    std::string operator()(follow_up_set const& e) const {
        return e.at ? say(msg::event_follow_up_set, name(e.person), out.date(*e.at))
                    : say(msg::event_follow_up_gone, name(e.person));
    }
    std::string operator()(follow_up_due const& e) const { return say(msg::event_follow_up_due, name(e.person)); }
};

style look_of(event_body const& body) {
    if (std::holds_alternative<clock_breached>(body))
        return style::red;
    if (std::holds_alternative<ticket_resolved>(body) || std::holds_alternative<clock_met>(body))
        return style::green;
    if (std::holds_alternative<ticket_reopened>(body))
        return style::yellow;
    return style::plain;
}

/// Why it happened when nobody wished it directly.
std::string why(console const& out, event_cause const& cause) {
    static constexpr std::string_view of_family = "family:";
    return cause.what.starts_with(of_family) ? out.say(msg::cause_family, harmless(cause.what.substr(of_family.size())))
                                             : out.say(msg::cause_timer);
}

/// Cuts a line that is too long at the separators between its facts, else where it must.
std::vector<std::string> lines_of(std::string const& told, std::size_t room) {
    auto out = wrapped(told.substr(0, told.find('\n')), room);
    return out.empty() ? std::vector<std::string>{""} : out;
}

} // namespace

std::string print_history(console const& out, vocabulary const& words, std::vector<event> const& events,
                          number_of const& numbers) {
    std::size_t actors = 0, dates = 0;
    for (auto const& e : events) {
        actors = std::max(actors, columns(harmless(e.actor)));
        dates = std::max(dates, columns(out.date(e.at)));
    }
    actors = std::min<std::size_t>(actors, 20);
    auto const indent = dates + actors + 4;
    auto const room = out.width > indent + 30 ? out.width - indent : 60;
    narrator const tell{out, words, numbers};
    std::string text, last_date;
    for (auto const& e : events) {
        auto const date = out.date(e.at);
        auto told = std::visit(tell, e.body);
        if (!e.cause.what.empty() && !std::holds_alternative<trend_told>(e.body))
            told.insert(std::min(told.find('\n'), told.size()), " · " + why(out, e.cause));
        auto const lines = lines_of(told, room);
        for (std::size_t i = 0; i < lines.size(); ++i)
            text += i ? std::string(indent, ' ') + lines[i] + "\n"
                      : fmt::format("{}  {}  {}\n", out.paint(style::dim, padded(date == last_date ? "" : date, dates)),
                                    out.paint(style::cyan, padded(clipped(harmless(e.actor), actors), actors)),
                                    out.paint(look_of(e.body), lines[i]));
        if (auto const end = told.find('\n'); end != std::string::npos)
            for (auto const& line : wrapped(told.substr(end + 1), room - 2))
                text += std::string(indent, ' ') + out.paint(style::dim, "│ ") + line + "\n";
        last_date = date;
    }
    return text;
}

} // namespace guichet::cli
