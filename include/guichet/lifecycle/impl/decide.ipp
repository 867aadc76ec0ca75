#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/lifecycle/impl/custom_fields.ipp>
#include <guichet/lifecycle/impl/gathering.ipp>
#include <guichet/lifecycle/impl/mover.ipp>
#include <guichet/lifecycle/impl/scribe.ipp>
#include <guichet/lifecycle/impl/splitting.ipp>
#include <guichet/model/codec.hpp>
#include <guichet/model/impl/checks.ipp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace guichet::inline v0::lifecycle {
namespace detail {

/// Works out one command: one overload each, collecting events on a copy of the ticket.
class decider : scribe {
public:
    decider(ticket const* state, command const& wish, facts const& known) : scribe{state, wish, known} {}

    result<decision> run() {
        GUICHET_TRY(admit());
        auto const outcome = std::visit([this](auto const& body) { return decide(body); }, wish_.body);
        if (!outcome)
            return outcome.error();
        GUICHET_TRY(check_size(t()));
        for (auto const& other : out_.others)
            GUICHET_TRY(check_size(*other));
        return std::move(out_);
    }

private:
    using opened = open_ticket;

    /// What holds for every command: the ticket exists, is not merged away, and is at the version expected.
    result<void> admit() const {
        GUICHET_TRY(check_text("by.person", wish_.by.person, limits::name_bytes_max));
        GUICHET_TRY(check_text("by.tenant", wish_.by.tenant, limits::name_bytes_max));
        GUICHET_TRY(check_text("by.organisation", wish_.by.organisation, limits::name_bytes_max));
        bool const opens = std::holds_alternative<opened>(wish_.body);
        if (!exists_)
            return opens ? result<void>{}
                         : result<void>{error{reason::ticket_not_found, {{"ticket", to_string(wish_.ticket)}}}};
        if (opens)
            return error{reason::ticket_exists, {{"ticket", to_string(wish_.ticket)}}};
        if (wish_.expected_version && *wish_.expected_version != t().version)
            return error{
                reason::version_conflict,
                {{"expected", std::to_string(*wish_.expected_version)}, {"current", std::to_string(t().version)}}};
        bool const on_merged =
            std::holds_alternative<unmerge_ticket>(wish_.body) || std::holds_alternative<redact_ticket>(wish_.body) ||
            std::holds_alternative<add_note>(wish_.body) || std::holds_alternative<fire_timer>(wish_.body) ||
            std::holds_alternative<tell_trend>(wish_.body);
        if (t().merged_into && !on_merged)
            return error{reason::ticket_merged, {{"into", to_string(t().merged_into)}}};
        return {};
    }

    static result<void> check_size(ticket const& of) {
        GUICHET_TRY(check_count("tags", of.tags.size(), limits::tags_max));
        GUICHET_TRY(check_count("watchers", of.watchers.size(), limits::watchers_max));
        GUICHET_TRY(check_count("links", of.links.size() + of.merged.size(), limits::links_max));
        GUICHET_TRY(check_count("articles", of.articles.size(), limits::links_max));
        GUICHET_TRY(check_count("attachments", of.attachments.size(), limits::attachments_max));
        GUICHET_TRY(check_count("fields", of.fields.size(), limits::custom_fields_max));
        GUICHET_TRY(check_count("time_entries", of.time_entries.size(), limits::time_entries_max));
        GUICHET_TRY(check_count("guides", of.guides.size(), limits::guide_walks_max));
        GUICHET_TRY(check_count("follow_ups", of.follow_ups.size(), limits::watchers_max));
        GUICHET_TRY(check_count("texts", of.texts, limits::texts_max));
        return check_count("states", of.spans.size(), limits::state_spans_max);
    }

    // --- opening

    result<void> decide(open_ticket const& c) {
        GUICHET_TRY(check_opening(c));
        auto const& d = rules_.document();
        ticket_opened b;
        b.kind = c.kind.empty() ? d.kinds.front().name : c.kind;
        b.state = c.state.empty() ? d.initial : c.state;
        b.status = rules_.find_state(b.state)->status;
        b.subject = {1, c.subject};
        b.requester = c.requester.empty() ? wish_.by.person : c.requester;
        b.organisation = c.organisation.empty() && c.requester.empty() ? wish_.by.organisation : c.organisation;
        b.contact = c.contact;
        b.channel = c.channel;
        b.impact = c.impact.empty() ? d.default_impact : c.impact;
        b.urgency = c.urgency.empty() ? d.default_urgency : c.urgency;
        b.priority = c.priority.empty() ? std::string{rules_.priority_of(b.impact, b.urgency)} : c.priority;
        b.priority_rank = rules_.rank_of(b.priority);
        b.category = c.category;
        b.queue = c.queue;
        b.team = c.team;
        b.tier = c.tier;
        b.assignee = c.assignee;
        b.tags = sorted_unique(c.tags);
        b.watchers = sorted_unique(c.watchers);
        emit(std::move(b));
        exists_ = true;
        if (!c.fields.empty())
            GUICHET_TRY(change_fields(fields_set{}, c.fields));
        if (!c.text.empty() || !c.html.empty())
            GUICHET_TRY(
                add_message(c.text, c.html, audience::public_, c.channel, c.attachments, requester_of(c), c.automatic));
        else
            GUICHET_TRY(add_attachments(c.attachments, 0, audience::public_));
        if (!c.parent)
            return {};
        if (!known_.other)
            return error{reason::ticket_not_found, {{"ticket", to_string(c.parent)}}};
        if (known_.other->merged_into)
            return error{reason::ticket_merged, {{"into", to_string(known_.other->merged_into)}}};
        emit(ticket_linked{link_kind::child_of, c.parent});
        emit_on_other(ticket_linked{link_kind::parent_of, t().id});
        return {};
    }

    /// Who speaks in the opening message: the requester, also when somebody of the desk took the call.
    std::string requester_of(open_ticket const& c) const { return c.requester.empty() ? wish_.by.person : c.requester; }

    result<void> check_opening(open_ticket const& c) const {
        auto const& d = rules_.document();
        if (c.subject.empty())
            return error{reason::missing_field, {{"path", "subject"}}};
        GUICHET_TRY(check_text("subject", c.subject, limits::subject_bytes_max));
        GUICHET_TRY(check_known("kind", c.kind, d.kinds));
        GUICHET_TRY(check_known("state", c.state, d.states));
        GUICHET_TRY(check_known("impact", c.impact, d.impacts));
        GUICHET_TRY(check_known("urgency", c.urgency, d.urgencies));
        GUICHET_TRY(check_known("priority", c.priority, d.priorities));
        GUICHET_TRY(check_category(c.category, d.categories));
        std::pair<std::string_view, std::string const*> const names[] = {
            {"requester", &c.requester}, {"organisation", &c.organisation},
            {"contact", &c.contact},     {"category", &c.category},
            {"queue", &c.queue},         {"team", &c.team},
            {"tier", &c.tier},           {"assignee", &c.assignee}};
        for (auto const& [path, name] : names)
            GUICHET_TRY(check_text(path, *name, limits::name_bytes_max));
        GUICHET_TRY(check_names("tags", c.tags));
        return check_names("watchers", c.watchers);
    }

    // --- the conversation

    result<void> decide(reply const& c) {
        auto const before = t().status;
        GUICHET_TRY(add_reply(c));
        if (!c.state.empty())
            return c.state == t().state ? result<void>{} : move_to(c.state);
        bool const by_requester = std::get<message_added>(message_event().body).side == side::requester;
        bool const reopens = by_requester && rules_.document().reply_of_requester_reopens && before != status::new_ &&
                             before != status::open;
        bool const opens = !by_requester && rules_.document().reply_of_desk_opens && before == status::new_;
        auto const* target = rules_.first_state(status::open);
        if ((reopens || opens) && allowed(target->name))
            return move_to(target->name);
        return {};
    }
    event const& message_event() const {
        return *std::find_if(out_.events.begin(), out_.events.end(),
                             [](event const& e) { return std::holds_alternative<message_added>(e.body); });
    }

    result<void> decide(add_note const& c) {
        return add_message(c.text, c.html, audience::internal, c.channel, c.attachments, wish_.by.person);
    }

    result<void> decide(attach_file const& c) {
        if (c.attachments.empty())
            return error{reason::missing_field, {{"path", "attachments"}}};
        return add_attachments(c.attachments, 0, audience::public_);
    }

    // --- who has it

    result<void> decide(assign_ticket const& c) {
        GUICHET_TRY(check_text("assignee", c.assignee, limits::name_bytes_max));
        if (c.assignee == t().assignee)
            return nothing();
        emit(ticket_assigned{c.assignee, t().assignee});
        return {};
    }

    result<void> decide(hand_over_ticket const& c) {
        ticket_handed_over b;
        b.from_queue = t().queue;
        b.from_team = t().team;
        b.from_tier = t().tier;
        b.from_assignee = t().assignee;
        b.queue = c.queue.value_or(t().queue);
        b.team = c.team.value_or(t().team);
        b.tier = c.tier.value_or(t().tier);
        bool const moved = b.queue != t().queue || b.team != t().team || b.tier != t().tier;
        b.assignee = c.assignee.value_or(moved ? std::string{} : t().assignee);
        std::pair<std::string_view, std::string const*> const names[] = {
            {"queue", &b.queue}, {"team", &b.team}, {"tier", &b.tier}, {"assignee", &b.assignee}};
        for (auto const& [path, name] : names)
            GUICHET_TRY(check_text(path, *name, limits::name_bytes_max));
        if (!moved)
            return decide(assign_ticket{b.assignee});
        emit(std::move(b));
        return {};
    }

    // --- attributes

    result<void> decide(set_priority const& c) {
        auto const& d = rules_.document();
        GUICHET_TRY(check_known("impact", c.impact, d.impacts));
        GUICHET_TRY(check_known("urgency", c.urgency, d.urgencies));
        GUICHET_TRY(check_known("priority", c.priority, d.priorities));
        priority_set b;
        b.impact = c.impact.empty() ? t().impact : c.impact;
        b.urgency = c.urgency.empty() ? t().urgency : c.urgency;
        b.priority = c.priority.empty() ? std::string{rules_.priority_of(b.impact, b.urgency)} : c.priority;
        b.priority_rank = rules_.rank_of(b.priority);
        b.from = t().priority;
        if (b.impact == t().impact && b.urgency == t().urgency && b.priority == t().priority)
            return nothing();
        emit(std::move(b));
        return {};
    }

    result<void> decide(set_fields const& c) {
        auto const& d = rules_.document();
        fields_set b;
        if (c.subject && *c.subject != t().subject) {
            if (c.subject->empty())
                return error{reason::empty_text, {{"path", "subject"}}};
            GUICHET_TRY(check_text("subject", *c.subject, limits::subject_bytes_max));
            b.subject = numbered(*c.subject);
        }
        auto const take = [](auto const& from, std::string const& present, auto& into) {
            if (from && *from != present)
                into = from;
        };
        if (c.kind && c.kind->empty())
            return error{reason::empty_text, {{"path", "kind"}}};
        take(c.kind, t().kind, b.kind);
        take(c.category, t().category, b.category);
        take(c.requester, t().requester, b.requester);
        take(c.organisation, t().organisation, b.organisation);
        take(c.contact, t().contact, b.contact);
        if (b.kind)
            GUICHET_TRY(check_known("kind", *b.kind, d.kinds));
        if (b.category)
            GUICHET_TRY(check_category(*b.category, d.categories));
        std::pair<std::string_view, std::optional<std::string> const*> const names[] = {
            {"category", &b.category},
            {"requester", &b.requester},
            {"organisation", &b.organisation},
            {"contact", &b.contact}};
        for (auto const& [path, name] : names)
            if (*name)
                GUICHET_TRY(check_text(path, **name, limits::name_bytes_max));
        GUICHET_TRY(change_fields(std::move(b), c.fields));
        return out_.events.empty() ? result<void>{nothing()} : result<void>{};
    }

    /// Completes `b` with the custom fields that really change, and records it unless nothing does.
    result<void> change_fields(fields_set b, std::vector<custom_field> const& fields) {
        auto next_text = t().texts + (b.subject ? 2 : 1);
        auto const kind = b.kind.value_or(t().kind);
        for (auto f : fields) {
            if (f.value == field_value{std::string{}})
                f.value = std::monostate{};
            GUICHET_LET(bool const free_text, check_field(rules_, f, kind));
            auto const* present = t().field(f.name);
            if (present ? present->value == f.value : std::holds_alternative<std::monostate>(f.value))
                continue;
            field_change change{f.name, f.value, {}};
            if (free_text) {
                change.text = {next_text++, std::get<std::string>(f.value)};
                change.value = std::monostate{};
            }
            b.fields.push_back(std::move(change));
        }
        if (b.subject || b.kind || b.category || b.requester || b.organisation || b.contact || !b.fields.empty())
            emit(std::move(b));
        return {};
    }

    /// The part of `add` that is new and the part of `remove` that is there.
    static std::pair<std::vector<std::string>, std::vector<std::string>> difference(
        std::vector<std::string> const& present, std::vector<std::string> const& add,
        std::vector<std::string> const& remove) {
        auto const has = [&](std::string const& name) {
            return std::binary_search(present.begin(), present.end(), name);
        };
        auto added = sorted_unique(add), removed = sorted_unique(remove);
        std::erase_if(added, has);
        std::erase_if(removed, [&](std::string const& name) { return !has(name); });
        return {std::move(added), std::move(removed)};
    }

    template <class Event, class Command>
    result<void> change_names(Command const& c, std::vector<std::string> const& present) {
        GUICHET_TRY(check_names("add", c.add));
        auto [added, removed] = difference(present, c.add, c.remove);
        if (added.empty() && removed.empty())
            return nothing();
        emit(Event{std::move(added), std::move(removed)});
        return {};
    }
    result<void> decide(tag_ticket const& c) { return change_names<tags_changed>(c, t().tags); }
    result<void> decide(watch_ticket const& c) { return change_names<watchers_changed>(c, t().watchers); }

    // --- the lifecycle

    result<void> decide(set_state const& c) {
        if (c.state.empty())
            return error{reason::missing_field, {{"path", "state"}}};
        return c.state == t().state ? result<void>{nothing()} : move_to(c.state);
    }

    result<void> decide(hold_ticket const& c) {
        GUICHET_LET(auto const state, state_for(c.state, status::on_hold));
        return state == t().state ? result<void>{nothing()} : move_to(state);
    }

    result<void> decide(wait_until const& c) {
        GUICHET_LET(auto const state, state_for(c.state, status::pending));
        if (c.until && *c.until <= now_)
            return error{reason::time_in_the_past, {{"path", "until"}, {"value", time::to_text(*c.until)}}};
        return state == t().state && c.until == t().pending_until ? result<void>{nothing()} : move_to(state, c.until);
    }

    result<void> decide(resolve_ticket const& c) {
        GUICHET_LET(auto const state, state_for(c.state, status::resolved));
        GUICHET_TRY(check_known("code", c.code, rules_.document().resolution_codes));
        GUICHET_TRY(check_text("code", c.code, limits::name_bytes_max));
        GUICHET_TRY(check_text("text", c.text, limits::text_field_bytes_max));
        bool const same = state == t().state && c.code == t().resolution_code && c.text == t().resolution;
        return same ? result<void>{nothing()} : move_to(state, {}, c.code, c.text);
    }

    result<void> decide(reopen_ticket const& c) {
        GUICHET_LET(auto const state, state_for(c.state, status::open));
        return t().open() ? result<void>{nothing()} : move_to(state);
    }

    /// The ticket's own part, and with `known_.family` that of one of the family: told, and resolved.
    result<void> decide(resolve_family const& c) {
        if (!known_.family)
            return t().open() ? decide(resolve_ticket{c.code, c.text, c.state}) : result<void>{};
        if (!t().open())
            return error{reason::not_open};
        GUICHET_TRY(tell(c.text));
        return decide(resolve_ticket{c.code, c.text, c.state});
    }
    result<void> decide(undo_family const& c) {
        bool const undone = known_.family ? !t().open() && t().resolved_with == known_.family : !t().family.empty();
        if (!undone)
            return known_.family ? error{reason::resolved_otherwise} : nothing();
        GUICHET_TRY(tell(c.text));
        return t().open() ? result<void>{} : decide(reopen_ticket{});
    }

    result<void> decide(close_ticket const& c) {
        GUICHET_LET(auto const state, state_for(c.state, status::closed));
        return state == t().state ? result<void>{nothing()} : move_to(state);
    }

    // --- two tickets

    result<void> need_other(ticket_id id) const {
        if (!known_.other)
            return error{reason::ticket_not_found, {{"ticket", to_string(id)}}};
        return {};
    }

    result<void> decide(link_ticket const& c) {
        if (c.other == t().id)
            return error{reason::link_to_itself};
        GUICHET_TRY(need_other(c.other));
        if (std::find(t().links.begin(), t().links.end(), ticket_link{c.kind, c.other}) != t().links.end())
            return error{reason::link_exists};
        if (known_.closes_circle)
            return error{reason::link_cycle, {{"kind", std::string{to_string(c.kind)}}}};
        emit(ticket_linked{c.kind, c.other});
        emit_on_other(ticket_linked{inverse(c.kind), t().id});
        return {};
    }

    result<void> decide(unlink_ticket const& c) {
        if (std::find(t().links.begin(), t().links.end(), ticket_link{c.kind, c.other}) == t().links.end())
            return error{reason::link_missing};
        GUICHET_TRY(need_other(c.other));
        emit(ticket_unlinked{c.kind, c.other});
        emit_on_other(ticket_unlinked{inverse(c.kind), t().id});
        return {};
    }

    result<bool> has_article(std::string const& named) const {
        if (!known_.article)
            return error{reason::article_not_found, {{"article", named}}};
        return std::find(t().articles.begin(), t().articles.end(), known_.article->id) != t().articles.end();
    }
    result<void> decide(link_article const& c) {
        GUICHET_LET(bool const linked, has_article(c.article));
        if (linked)
            return error{reason::link_exists};
        emit(ticket_article_linked{known_.article->id});
        return {};
    }
    result<void> decide(unlink_article const& c) {
        GUICHET_LET(bool const linked, has_article(c.article));
        if (!linked)
            return error{reason::link_missing};
        emit(ticket_article_unlinked{known_.article->id});
        return {};
    }
    /// The guide said what the answer comes to; here it is done, an end with the commands that anybody would give.
    result<void> decide(answer_guide const&) {
        auto const& move = *known_.guided;
        auto b = move.event;
        if (!b.text.body.empty())
            b.text = numbered(std::move(b.text.body));
        emit(std::move(b));
        GUICHET_TRY(change_fields(fields_set{}, move.fields));
        if (move.cures)
            return decide(*move.cures);
        if (!move.passes)
            return {};
        auto const handed = decide(*move.passes);
        if (!handed && handed.error().why() != reason::nothing_to_do)
            return handed;
        return add_message(move.note, {}, audience::internal, channel::portal, {}, wish_.by.person);
    }

    result<void> decide(draft_article const& c) {
        GUICHET_TRY(check_text("language", c.language, limits::name_bytes_max));
        if (t().open())
            return error{reason::ticket_not_resolved};
        emit(ticket_article_linked{known_.fresh_article});
        return {};
    }
    // --- a major incident

    result<void> decide(declare_major const&) {
        if (!t().open())
            return error{reason::ticket_closed};
        if (t().is_major())
            return nothing();
        emit(major_declared{});
        return {};
    }
    result<void> decide(post_update const& c) {
        if (!t().is_major())
            return error{reason::not_major};
        if (c.text.empty())
            return error{reason::missing_field, {{"path", "text"}}};
        GUICHET_TRY(tell(c.text));
        emit(status_posted{t().texts});
        return {};
    }
    result<void> decide(end_major const&) {
        if (!t().is_major())
            return error{reason::not_major};
        emit(major_ended{});
        return {};
    }

    // --- what the requester thinks

    result<void> decide(ask_rating const&) {
        if (t().open())
            return error{reason::ticket_not_resolved};
        if (t().rating_asked_at || t().rating)
            return nothing();
        emit(*known_.question);
        if (std::holds_alternative<notice_queued>(*known_.question))
            emit(rating_asked{});
        return {};
    }
    result<void> decide(rate_ticket const& c) {
        if (wish_.by.person != t().requester)
            return error{reason::not_the_requester, {{"person", wish_.by.person}}};
        if (c.score < 1 || c.score > 5)
            return error{reason::bad_value,
                         {{"path", "score"}, {"value", std::to_string(c.score)}, {"hint", "from 1 (bad) to 5 (good)"}}};
        GUICHET_TRY(check_text("text", c.text, limits::text_field_bytes_max));
        if (t().open())
            return error{reason::ticket_not_resolved};
        auto const& said = t().rating;
        if (said && said->score == c.score && said->text == c.text)
            return nothing();
        if (said && t().status == status::closed)
            return error{reason::rating_stands};
        emit(ticket_rated{c.score, said ? said->score : 0, c.text.empty() ? personal_text{} : numbered(c.text)});
        return {};
    }

    /// Of no ticket; `kb::decide` decides these.
    result<void> decide(article_command auto const&) { return nothing(); }
    result<void> decide(inquiry_command auto const&) { return nothing(); }

    result<void> decide(merge_ticket const& c) {
        if (c.into == t().id)
            return error{reason::merge_cycle};
        GUICHET_TRY(need_other(c.into));
        if (known_.other->merged_into)
            return error{reason::merge_cycle};
        GUICHET_TRY(check_children());
        auto const* end = rules_.first_state(status::closed);
        emit(ticket_merged{step_to(*end), c.into});
        emit_on_other(merge_received{t().id});
        return {};
    }

    result<void> decide(unmerge_ticket const&) {
        if (!t().merged_into)
            return error{reason::not_merged};
        auto const into = t().merged_into;
        GUICHET_TRY(need_other(into));
        auto const* back = rules_.find_state(t().state_before_merge);
        if (!back)
            back = rules_.first_state(status::open);
        emit(ticket_unmerged{step_to(*back), into});
        emit_on_other(merge_undone{t().id});
        return {};
    }

    /// The new ticket begins with a copy of the message, by its author; the two are linked.
    result<void> decide(split_message const& c) {
        if (known_.split_text.empty())
            return error{reason::message_not_found, {{"message", std::to_string(c.message)}}};
        GUICHET_TRY(check_text("subject", c.subject, limits::subject_bytes_max));
        auto& fresh = *out_.others.emplace_back(std::make_shared<ticket>());
        emit(message_split{c.message, known_.fresh});
        emit_on(fresh, known_.fresh, opening_of(c, t(), known_, rules_));
        emit_on(fresh, known_.fresh, first_message_of(fresh, t(), known_));
        emit(ticket_linked{link_kind::relates_to, known_.fresh});
        emit_on(fresh, known_.fresh, ticket_linked{link_kind::relates_to, t().id});
        return {};
    }

    // --- trends

    result<void> decide(tell_trend const& c) {
        if (was_told(c.trend, t()))
            return nothing();
        trend_told b{c.trend, {}};
        if (b.trend.field == "word")
            b.word = numbered(std::exchange(b.trend.value, {}));
        emit(std::move(b));
        return {};
    }

    result<void> decide(gather_tickets const& c) {
        bool const under_itself = c.under == t().id;
        if (c.under && !under_itself)
            GUICHET_TRY(need_other(c.under));
        auto const* const master = under_itself ? &t() : known_.other;
        GUICHET_TRY(may_be_over(master));
        auto const children = that_may_join(known_.gathered, master);
        bool const itself = !under_itself && may_join(t());
        if (children.size() + itself < (master ? 1U : 2U))
            return nothing();
        auto* over = under_itself ? &t() : master ? &changed(*master) : nullptr;
        if (!over) {
            command const wish{wish_.by, master_of(c, t(), rules_)};
            GUICHET_LET(auto made, (decider{nullptr, wish, known_}.run()));
            std::move(made.events.begin(), made.events.end(), std::back_inserter(out_.events));
            over = out_.others.emplace_back(std::move(made.after)).get();
        }
        if (itself)
            put_below(t(), *over);
        for (auto const* child : children)
            put_below(changed(*child), *over);
        return {};
    }

    // --- the rest

    result<void> decide(log_time const& c) {
        if (c.seconds.count() <= 0)
            return error{
                reason::bad_value,
                {{"path", "seconds"}, {"value", std::to_string(c.seconds.count())}, {"hint", "more than 0 is needed"}}};
        GUICHET_TRY(check_text("person", c.person, limits::name_bytes_max));
        emit(time_logged{c.person.empty() ? wish_.by.person : c.person, c.seconds});
        return {};
    }

    result<void> decide(follow_up_ticket const& c) {
        GUICHET_TRY(check_text("person", c.person, limits::name_bytes_max));
        if (c.at && *c.at <= now_)
            return error{reason::time_in_the_past, {{"path", "at"}, {"value", time::to_text(*c.at)}}};
        auto const& person = c.person.empty() ? wish_.by.person : c.person;
        auto const known = std::find_if(t().follow_ups.begin(), t().follow_ups.end(),
                                        [&](follow_up const& f) { return f.person == person; });
        bool const same = known == t().follow_ups.end() ? !c.at : c.at == known->at;
        if (same)
            return nothing();
        emit(follow_up_set{person, c.at});
        return {};
    }

    /// The desk puts its actions in its place.
    result<void> decide(run_macro const&) { return nothing(); }

    result<void> decide(route_ticket const& c) {
        GUICHET_TRY(check_text("team", c.team, limits::name_bytes_max));
        GUICHET_TRY(check_text("exclude", c.exclude, limits::name_bytes_max));
        if (!t().open())
            return error{reason::ticket_closed};
        auto const& chosen = *known_.routed;
        bool const stays = chosen.person == t().assignee && (chosen.person.empty() || chosen.team == t().team);
        bool const in_vain = chosen.person.empty() && !t().assignee.empty(); // he keeps it
        if (in_vain || (stays && chosen.again == t().route_again))
            return nothing();
        emit(chosen);
        if (chosen.person.empty())
            return {};
        auto const handed = decide(hand_over_ticket{{}, chosen.team, chosen.tier, chosen.person});
        return !handed && handed.error().why() == reason::nothing_to_do ? result<void>{} : handed;
    }

    result<void> decide(escalate_ticket const& c) {
        GUICHET_TRY(check_text("reason", c.reason, limits::name_bytes_max));
        if (!t().open())
            return error{reason::ticket_closed};
        auto const& to = *known_.escalated;
        GUICHET_TRY(check_count("escalations", t().escalations.size() + 1, limits::escalations_max));
        emit(to);
        GUICHET_TRY(decide(hand_over_ticket{{}, to.team, to.tier, to.assignee}));
        if (!c.text.empty())
            GUICHET_TRY(add_message(c.text, {}, audience::internal, channel::portal, {}, wish_.by.person));
        return {};
    }

    /// Who is told before his hours may answer before them.
    result<void> decide(acknowledge_escalation const& c) {
        auto const open = t().alerts;
        for (auto const& a : open)
            if ((a.from || a.answer_by) && (c.path.empty() || c.path == a.path))
                emit(escalation_acknowledged{a.path, a.step});
        return out_.events.empty() ? result<void>{nothing()} : result<void>{};
    }

    result<void> decide(redact_ticket const&) {
        if (known_.texts_to_redact.empty())
            return error{reason::already_redacted};
        emit(text_redacted{{known_.texts_to_redact.begin(), known_.texts_to_redact.end()}});
        return {};
    }

    /// Fenced: a timer that the ticket no longer wants changes nothing, and is no error.
    result<void> decide(fire_timer const& c) {
        if (std::find(t().timers.begin(), t().timers.end(), c.timer) == t().timers.end())
            return {};
        switch (c.timer.kind) {
        case timer_kind::pending_return: {
            auto const* open = rules_.first_state(status::open);
            return move_to(open->name);
        }
        case timer_kind::auto_close: return move_to(rules_.first_state(status::closed)->name);
        case timer_kind::reminder: return remind();
        case timer_kind::follow_up: emit(follow_up_due{c.timer.name}); return {};
        case timer_kind::rule:
        case timer_kind::route:
        case timer_kind::escalation:
        case timer_kind::sla_breach:
        case timer_kind::sla_threshold: return {}; // the desk lets the clock itself record it
        }
        return {};
    }

    result<void> remind() {
        auto const& rule = rules_.document().reminders;
        if (t().reminders >= rule.times)
            return move_to(rule.then);
        emit(requester_reminded{t().reminders + 1});
        return {};
    }
};

} // namespace detail

GUICHET_DECL result<decision> decide(ticket const* state, command const& wish, facts const& known) {
    return detail::decider{state, wish, known}.run();
}

GUICHET_DECL void wanted_timers(ticket const& state, std::vector<timer>& out) {
    if (state.status == status::pending && state.pending_until)
        out.push_back({timer_kind::pending_return, {}, *state.pending_until});
    for (auto const& f : state.follow_ups)
        out.push_back({timer_kind::follow_up, f.person, f.at});
    if (state.route_again && state.open() && state.assignee.empty())
        out.push_back({timer_kind::route, {}, *state.route_again});
}

} // namespace guichet::inline v0::lifecycle
