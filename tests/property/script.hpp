#pragma once
#include "property/operands.hpp"
#include "property/paperwork.hpp"
#include "property/steps.hpp"
#include "property/words.hpp"
#include "property/world.hpp"

#include <guichet/model/calendar_document.hpp>

#include <array>
#include <deque>

/// A long day at a help desk, made up by chance: what people wish, what the administrator changes, what the clock does.
namespace play {

class script : public words {
public:
    explicit script(std::uint64_t seed, temper mood = {}) : words{seed}, mood_{mood} {}
    rules_document some_rules() { return paperwork{dice_}.next_rules(); }

    step next() {
        static constexpr unsigned weights[] = {74, 5, 12, 6, 3};
        switch (dice_.weighted(weights)) {
        case 0: return next_command();
        case 1: return next_batch();
        case 2: return clock_moves{next_move()};
        case 3:
            return pump_runs{
                {static_cast<std::size_t>(dice_.between(1, 50)), static_cast<std::size_t>(dice_.between(1, 9))}};
        default:
            return mood_.configures ? step{new_documents{paperwork{dice_}.next_documents()}} : step{next_command()};
        }
    }

    /// Takes note of what a command came to, so that later ones speak of tickets that exist.
    void learn(command const& wish, outcome const& came_to) {
        if (wish.id && !came_to.repeated && done_.size() < 500)
            done_.push_back(wish);
        inquiries_.learn(wish, came_to);
        for (auto const& e : came_to.events) {
            if (e.article) {
                learn_article(e);
                continue;
            }
            auto found = std::find_if(known_.begin(), known_.end(), [&](auto const& k) { return k.id == e.ticket; });
            if (found == known_.end())
                found = known_.insert(known_.end(), acquaintance{e.ticket, e.tenant, {}, 0, 0});
            found->version = std::max(found->version, e.version);
            if (auto const* opened = std::get_if<ticket_opened>(&e.body))
                found->number = opened->number;
            if (std::holds_alternative<ticket_merged>(e.body))
                merged_.push_back(e.ticket);
            if (auto const* said = std::get_if<guide_answered>(&e.body))
                asked_.push_back({e.ticket, said->guide, said->next});
            if (auto const* link = std::get_if<ticket_linked>(&e.body)) {
                links_.push_back({e.ticket, {link->kind, link->other}});
                if (link->kind == link_kind::causes || link->kind == link_kind::duplicated_by)
                    heads_.push_back(e.ticket);
            }
            if (std::holds_alternative<family_resolved>(e.body))
                families_.push_back(e.ticket);
            if (std::holds_alternative<major_declared>(e.body))
                majors_.push_back(e.ticket);
            if (std::holds_alternative<ticket_resolved>(e.body))
                resolved_.push_back(e.ticket);
            each_text(e.body, [&](auto, personal_text const& text, auto const&) {
                found->texts = std::max(found->texts, text.no);
            });
        }
    }

    void learn_article(event const& e) {
        auto found = std::find_if(articles_.begin(), articles_.end(), [&](auto const& k) { return k.id == e.article; });
        if (found == articles_.end())
            found = articles_.insert(articles_.end(), known_article{e.article, e.tenant, {}, 0});
        found->version = std::max(found->version, e.version);
        if (auto const* written = std::get_if<article_written>(&e.body))
            found->number = written->number;
        if (auto const* linked = std::get_if<article_linked>(&e.body))
            helped_.push_back({linked->ticket, e.article});
        if (auto const* written = std::get_if<article_written>(&e.body); written && is_canned(written->kind))
            canned_.push_back(*found);
    }

    /// What timers did is in the log only.
    void read(storage::store& where) {
        for (auto const& e : where.read_log(read_, 1'000'000).value()) {
            read_ = e.seq;
            if (type_name(e.type) == "supervisor_alerted")
                alerted_.push_back(e.ticket);
        }
    }

    std::deque<acquaintance> const& known() const noexcept { return known_; }
    std::deque<known_article> const& known_articles() const noexcept { return articles_; }
    dice& chance() noexcept { return dice_; }

    /// A view that asks for anything that can be asked for.
    view next_view(expr::schema const& schema) {
        view out;
        if (dice_.percent(85))
            out.matching = next_condition(schema, 3);
        static std::vector<std::string> const orders{"priority", "created_at",  "updated_at",
                                                     "due_at",   "resolved_at", "number"};
        for (auto left = dice_.below(3); left > 0; --left)
            out.order.push_back((dice_.percent(50) ? "-" : "") + dice_.pick(orders));
        out.limit = 1 + dice_.below(12);
        return out;
    }

    actor somebody(std::string const& tenant) {
        static constexpr unsigned weights[] = {45, 12, 22, 13, 8};
        actor out{.tenant = tenant};
        switch (dice_.weighted(weights)) {
        case 0: out.person = dice_.pick(agents), out.role = "agent"; break;
        case 1: out.person = dice_.pick(agents), out.role = "agent", out.queues = {dice_.pick(queues)}; break;
        case 2: out.person = dice_.pick(requesters), out.organisation = dice_.pick(organisations); break;
        case 3: out.person = "sam", out.role = "supervisor"; break;
        default: out.person = "root", out.role = "administrator";
        }
        return out;
    }

private:
    // --- commands

    one_command next_command() {
        if (!done_.empty() && dice_.percent(6))
            return {dice_.pick(done_), true};
        one_command out{wish(), false};
        bool const is_for_files = std::holds_alternative<attach_file>(out.wish.body) && dice_.percent(90);
        if (is_for_files || dice_.percent(5))
            out.file = "file " + std::to_string(dice_.below(20));
        return out;
    }

    many_commands next_batch() {
        many_commands out;
        for (auto left = dice_.between(1, 12); left > 0; --left)
            out.wishes.push_back(!done_.empty() && dice_.percent(5) ? dice_.pick(done_) : wish());
        out.mode = dice_.percent(70) ? batch_mode::each : batch_mode::all_or_none;
        return out;
    }

    command wish() {
        command out;
        auto const& tenant = dice_.pick(tenants);
        out.by = somebody(tenant);
        out.body = wish_of(tenant);
        if (is_about_article(out.body)) {
            about_article(out, tenant);
        } else if (is_about_inquiry(out.body)) {
            inquiries_.speak_of_one(dice_, out, some_ticket(tenant).id);
        } else if (std::holds_alternative<open_ticket>(out.body)) {
            if (dice_.percent(30))
                out.ticket = dice_.percent(95) ? dice_.fresh_id<ticket_id>() : some_ticket(tenant).id;
        } else {
            auto const& on = some_ticket(dice_.percent(97) ? tenant : dice_.pick(tenants));
            if (dice_.percent(10) && !on.number.empty())
                out.number = on.number;
            else
                out.ticket = on.id;
            undo(out);
            if (dice_.percent(12))
                out.expected_version = on.version + (dice_.percent(20) ? 1 : 0);
        }
        if (dice_.percent(60))
            out.id = dice_.fresh_id<command_id>();
        return out;
    }

    void about_article(command& c, std::string const& tenant) {
        auto const& on = some_article(dice_.percent(97) ? tenant : dice_.pick(tenants));
        if (std::holds_alternative<write_article>(c.body)) {
            if (dice_.percent(20))
                c.article = dice_.percent(80) ? dice_.fresh_id<article_id>() : on.id;
            return;
        }
        if (dice_.percent(20) && !on.number.empty())
            c.number = on.number;
        else
            c.article = on.id;
        if (dice_.percent(12))
            c.expected_version = on.version + (dice_.percent(20) ? 1 : 0);
    }
    known_article const& some_article(std::string const& tenant) {
        static known_article const none{};
        for (int tries = 0; tries < 20 && !articles_.empty(); ++tries)
            if (auto const& found = dice_.pick(articles_); found.tenant == tenant)
                return found;
        return none;
    }

    /// What undoes something speaks of a ticket to which it was done.
    void undo(command& c) {
        if (std::holds_alternative<unmerge_ticket>(c.body) && !merged_.empty()) {
            c.ticket = dice_.pick(merged_);
            c.number.clear();
        }
        auto const speaks_of = [&](std::vector<ticket_id> const& some) {
            if (some.empty() || dice_.percent(20))
                return;
            c.ticket = dice_.pick(some);
            c.number.clear();
        };
        if (std::holds_alternative<resolve_family>(c.body))
            speaks_of(heads_);
        if (std::holds_alternative<undo_family>(c.body))
            speaks_of(families_);
        if (std::holds_alternative<post_update>(c.body) || std::holds_alternative<end_major>(c.body))
            speaks_of(majors_);
        if (std::holds_alternative<rate_ticket>(c.body) || std::holds_alternative<ask_rating>(c.body))
            speaks_of(resolved_);
        if (std::holds_alternative<acknowledge_escalation>(c.body) && !alerted_.empty()) {
            c.ticket = alerted_.back();
            c.number.clear();
        }
        if (auto* said = std::get_if<answer_guide>(&c.body); said && !asked_.empty() && dice_.percent(60)) {
            auto const& latest = asked_[asked_.size() - 1 - dice_.below(std::min<std::size_t>(asked_.size(), 5))];
            c.ticket = latest.on;
            c.number.clear();
            said->guide = latest.guide;
            said->answer = guide_answer_for(latest.next);
            said->step = dice_.percent(70) ? "" : latest.next;
        }
        if (auto* unlink = std::get_if<unlink_ticket>(&c.body); unlink && !links_.empty()) {
            auto const& [from, link] = dice_.pick(links_);
            *unlink = {link.kind, link.ticket};
            c.ticket = from;
            c.number.clear();
        }
        if (auto* unlink = std::get_if<unlink_article>(&c.body); unlink && !helped_.empty()) {
            auto const& [from, helper] = dice_.percent(70) ? helped_.back() : dice_.pick(helped_);
            unlink->article = to_string(helper);
            c.ticket = from;
            c.number.clear();
        }
    }

    command_body wish_of(std::string const& tenant) {
        static constexpr unsigned weights[] = {16, 16, 6, 5, 5, 5, 7, 3, 3, 4, 4, 7, 8, 4, 4, 4, 2, 3,
                                               3,  3,  2, 3, 3, 1, 3, 2, 4, 5, 3, 6, 6, 3, 2, 3, 6, 3,
                                               9,  3,  2, 3, 4, 2, 3, 6, 4, 3, 4, 2, 4, 8, 3, 4, 1, 5};
        static_assert(std::size(weights) == std::variant_size_v<command_body>, "each command has its chance");
        auto const place = known_.empty() ? 0 : dice_.weighted(weights);
        command_body out;
        std::size_t at = 0;
        [&]<class... Wish>(std::variant<Wish...> const*) {
            ((at++ == place ? void(out = make(Wish{}, tenant)) : void()), ...);
        }(static_cast<command_body const*>(nullptr));
        return out;
    }

    open_ticket make(open_ticket c, std::string const&) {
        c.kind = maybe(20, std::vector<std::string>{"incident", "service_request", "problem", "gift"});
        c.subject = dice_.percent(98) ? sentence() : "";
        if (dice_.percent(60))
            c.text = sentence();
        if (dice_.percent(15))
            c.html = "<p>" + sentence() + " &amp; more</p>";
        c.channel = static_cast<channel>(dice_.below(6));
        c.requester = maybe(40, requesters);
        c.organisation = maybe(30, organisations);
        c.contact = maybe(20, requesters);
        c.impact = maybe(50, levels());
        c.urgency = maybe(50, levels());
        c.priority = maybe(20, priorities());
        c.category = maybe(40, categories);
        c.queue = maybe(70, queues);
        c.team = maybe(40, teams);
        c.assignee = maybe(30, agents);
        c.state = maybe(5, states());
        c.tags = some(tags);
        c.watchers = some(requesters);
        if (dice_.percent(20))
            c.fields = fields();
        return c;
    }
    reply make(reply c, std::string const& tenant) {
        c.text = dice_.percent(97) ? sentence() : "";
        if (dice_.percent(10))
            c.html = "<b>" + c.text + "</b>";
        c.channel = static_cast<channel>(dice_.below(6));
        c.state = maybe(12, states());
        if (dice_.percent(25) && !canned_.empty()) {
            c.canned = dice_.percent(90) ? dice_.pick(canned_).number : to_string(some_article(tenant).id);
            c.language = maybe(50, std::vector<std::string>{"fr", "fr-CA", "en"});
            c.html = c.text = dice_.percent(20) ? c.text : "";
        }
        return c;
    }
    add_note make(add_note c, std::string const&) { return c.text = sentence(), c; }
    assign_ticket make(assign_ticket c, std::string const&) { return c.assignee = maybe(85, agents), c; }
    hand_over_ticket make(hand_over_ticket c, std::string const&) {
        if (dice_.percent(60))
            c.queue = dice_.pick(queues);
        if (dice_.percent(30))
            c.team = dice_.pick(teams);
        if (dice_.percent(30))
            c.tier = dice_.pick(tiers);
        if (dice_.percent(30))
            c.assignee = dice_.pick(agents);
        return c;
    }
    set_priority make(set_priority c, std::string const&) {
        c.impact = maybe(50, levels());
        c.urgency = maybe(50, levels());
        c.priority = maybe(30, priorities());
        return c;
    }
    set_fields make(set_fields c, std::string const&) {
        if (dice_.percent(30))
            c.subject = sentence();
        if (dice_.percent(15))
            c.kind = dice_.pick(std::vector<std::string>{"incident", "problem"});
        if (dice_.percent(25))
            c.category = dice_.pick(categories);
        if (dice_.percent(15))
            c.requester = dice_.pick(requesters);
        if (dice_.percent(15))
            c.organisation = dice_.pick(organisations);
        if (dice_.percent(15))
            c.contact = maybe(60, requesters);
        if (dice_.percent(60))
            c.fields = fields();
        return c;
    }
    tag_ticket make(tag_ticket c, std::string const&) { return c.add = some(tags), c.remove = some(tags), c; }
    watch_ticket make(watch_ticket c, std::string const&) {
        return c.add = some(requesters), c.remove = some(requesters), c;
    }
    set_state make(set_state c, std::string const&) { return c.state = dice_.pick(states()), c; }
    hold_ticket make(hold_ticket c, std::string const&) { return c.state = maybe(20, states()), c; }
    wait_until make(wait_until c, std::string const&) {
        if (dice_.percent(75))
            c.until = somewhen();
        return c;
    }
    resolve_ticket make(resolve_ticket c, std::string const&) {
        c.code = maybe(60, std::vector<std::string>{"solved", "workaround", "cannot reproduce"});
        c.text = dice_.percent(70) ? sentence() : "";
        return c;
    }
    reopen_ticket make(reopen_ticket c, std::string const&) { return c; }
    close_ticket make(close_ticket c, std::string const&) { return c; }
    link_ticket make(link_ticket c, std::string const& tenant) {
        c.kind = static_cast<link_kind>(dice_.below(9));
        c.other = some_ticket(dice_.percent(97) ? tenant : dice_.pick(tenants)).id;
        return c;
    }
    unlink_ticket make(unlink_ticket c, std::string const&) { return c; }
    tell_trend make(tell_trend c, std::string const&) { return c; }
    gather_tickets make(gather_tickets c, std::string const& tenant) {
        for (auto left = dice_.below(6); left > 0; --left)
            if (auto const one = some_ticket(dice_.percent(98) ? tenant : dice_.pick(tenants)).id)
                c.tickets.push_back(one);
        if (dice_.percent(30))
            c.under = some_ticket(tenant).id;
        c.subject = dice_.percent(50) ? sentence() : "";
        c.text = dice_.percent(30) ? sentence() : "";
        c.kind = maybe(20, std::vector<std::string>{"incident", "problem", "gift"});
        c.priority = maybe(20, priorities());
        return c;
    }
    write_article make(write_article c, std::string const& tenant) {
        c.title = dice_.percent(95) ? sentence() : "";
        c.symptom = dice_.percent(60) ? sentence() : "";
        c.body = dice_.percent(80) ? "# " + sentence() + "\n\n- **" + sentence() + "**" : "";
        c.language = maybe(60, std::vector<std::string>{"fr", "en"});
        c.category = maybe(40, categories);
        c.tags = some(tags);
        c.audience = some(audiences());
        c.source = maybe(40, std::vector<std::string>{"a.md", "b.md", "c.md", "d.md"});
        c.publish = dice_.percent(50);
        tie(c, tenant);
        if (auto const& other = some_article(tenant); other.id && dice_.percent(20)) {
            c.revision_of = other.id;
            c.publish = false;
            c.source.clear();
        }
        if (is_canned(c.kind))
            c.body = dice_.percent(95) ? "**{{ticket.number}}** : {{ticket.subject}}" : "{{nobody}}";
        return c;
    }
    revise_article make(revise_article c, std::string const& tenant) {
        if (dice_.percent(40))
            c.title = sentence();
        if (dice_.percent(40))
            c.body = dice_.percent(80) ? sentence() : "";
        if (dice_.percent(20))
            c.symptom = sentence();
        if (dice_.percent(20))
            c.tags = some(tags);
        if (dice_.percent(30))
            c.audience = some(audiences());
        tie(c, tenant);
        if (dice_.percent(10))
            c.clear = {dice_.percent(50) ? "problem" : "translation_of"};
        return c;
    }
    publish_article make(publish_article c, std::string const&) { return c; }
    archive_article make(archive_article c, std::string const&) { return c; }
    redact_article make(redact_article c, std::string const&) {
        if (!mood_.redacts)
            return c;
        c.field = maybe(60, std::vector<std::string>{"title", "symptom", "body", "cause", "remark", "tags"});
        c.person = maybe(20, std::vector<std::string>{"luc", "eva"});
        c.earlier = dice_.percent(40);
        return c;
    }
    link_article make(link_article c, std::string const& tenant) {
        auto const& found = some_article(dice_.percent(97) ? tenant : dice_.pick(tenants));
        c.article = dice_.percent(50) && !found.number.empty() ? found.number : to_string(found.id);
        return c;
    }
    unlink_article make(unlink_article c, std::string const&) { return c; }
    answer_guide make(answer_guide c, std::string const&) {
        c.guide = dice_.pick(std::vector<std::string>{"printer", "network", "none"});
        c.step = maybe(30, std::vector<std::string>{"lit", "model", "pages", "since", "said", "what"});
        c.answer = guide_answer_for(c.step.empty() ? "lit" : c.step);
        c.language = maybe(30, std::vector<std::string>{"fr", "en"});
        return c;
    }
    /// Fits the step of a guide, most times.
    field_value guide_answer_for(std::string const& expected) {
        static std::vector<std::string> const steps{"lit", "model", "pages", "since", "said"};
        auto const& asked = dice_.percent(95) ? expected : dice_.pick(steps);
        if (asked == "lit")
            return dice_.percent(50);
        if (asked == "model")
            return dice_.pick(std::vector<std::string>{"old", "new", "other"});
        if (asked == "pages")
            return static_cast<double>(dice_.between(-4, 40)) / 2;
        if (asked == "since")
            return dice_.pick(std::vector<std::string>{"2026-01-07", "2026-01-08", "yesterday"});
        return dice_.percent(20) ? "nothing" : sentence();
    }
    submit_article make(submit_article c, std::string const&) { return c.reviewers = some(agents), c; }
    return_article make(return_article c, std::string const&) {
        c.reason = dice_.percent(60) ? sentence() : "";
        return c;
    }
    restore_article make(restore_article c, std::string const&) {
        c.edition = static_cast<std::uint32_t>(dice_.below(4));
        return c;
    }
    rate_article make(rate_article c, std::string const&) {
        c.helped = dice_.percent(60);
        c.why = dice_.percent(40) ? sentence() : "";
        return c;
    }
    use_article make(use_article c, std::string const&) { return c; }
    record_inquiry make(record_inquiry, std::string const&) { return known_inquiries::asked(dice_, sentence()); }
    follow_inquiry make(follow_inquiry c, std::string const&) { return c; }
    draft_article make(draft_article c, std::string const&) {
        c.language = maybe(60, std::vector<std::string>{"fr", "en"});
        return c;
    }
    resolve_family make(resolve_family c, std::string const&) {
        c.code = maybe(40, std::vector<std::string>{"solved", "workaround"});
        c.text = dice_.percent(70) ? sentence() : "";
        return c;
    }
    undo_family make(undo_family c, std::string const&) {
        c.text = dice_.percent(40) ? sentence() : "";
        return c;
    }
    declare_major make(declare_major c, std::string const&) { return c; }
    post_update make(post_update c, std::string const&) {
        c.text = dice_.percent(95) ? sentence() : "";
        return c;
    }
    end_major make(end_major c, std::string const&) { return c; }
    ask_rating make(ask_rating c, std::string const&) {
        c.question = maybe(30, std::vector<std::string>{"received", "none"});
        return c;
    }
    rate_ticket make(rate_ticket c, std::string const&) {
        c.score = static_cast<std::uint32_t>(dice_.below(7));
        c.text = dice_.percent(60) ? sentence() : "";
        return c;
    }
    /// What an article says beside its words.
    template <class Wish>
    void tie(Wish& c, std::string const& tenant) {
        if (dice_.percent(20))
            c.kind = static_cast<article_kind>(dice_.below(7));
        if (dice_.percent(20))
            c.cause = sentence();
        if (dice_.percent(20))
            c.workaround = sentence();
        if (dice_.percent(10))
            c.attached = sentence();
        if (dice_.percent(10))
            c.fix_version = dice_.pick(std::vector<std::string>{"1.2", "2026.1"});
        if (dice_.percent(10))
            c.problem = some_ticket(tenant).id;
        if (auto const& other = some_article(dice_.percent(90) ? tenant : dice_.pick(tenants)); other.id)
            if (dice_.percent(10))
                c.see_also = std::vector{other.id};
        if (auto const& other = some_article(tenant); other.id && dice_.percent(15))
            c.translation_of = other.id;
        if (dice_.percent(10))
            c.assets = some(tags);
    }
    static std::vector<std::string> const& audiences() {
        static std::vector<std::string> const all{
            "public", "staff", "role:supervisor", "team:experts", "organisation:bakery", "person:ana", "everybody"};
        return all;
    }
    merge_ticket make(merge_ticket c, std::string const& tenant) { return c.into = some_ticket(tenant).id, c; }
    unmerge_ticket make(unmerge_ticket c, std::string const&) { return c; }
    split_message make(split_message c, std::string const&) {
        c.message = static_cast<std::uint32_t>(1 + dice_.below(6));
        if (dice_.percent(50))
            c.subject = sentence();
        if (dice_.percent(40))
            c.new_ticket = dice_.fresh_id<ticket_id>();
        return c;
    }
    log_time make(log_time c, std::string const&) {
        c.seconds = std::chrono::seconds{dice_.between(-1, 3'000)};
        c.person = maybe(20, agents);
        return c;
    }
    follow_up_ticket make(follow_up_ticket c, std::string const&) {
        if (dice_.percent(80))
            c.at = somewhen();
        c.person = maybe(30, agents);
        return c;
    }
    route_ticket make(route_ticket c, std::string const&) {
        c.team = maybe(30, teams);
        c.exclude = maybe(20, agents);
        return c;
    }
    escalate_ticket make(escalate_ticket c, std::string const&) {
        c.team = maybe(30, teams);
        c.tier = maybe(40, tiers);
        c.text = dice_.percent(30) ? sentence() : "";
        c.back = dice_.percent(30);
        return c;
    }
    acknowledge_escalation make(acknowledge_escalation c, std::string const&) { return c; }
    run_macro make(run_macro c, std::string const&) {
        c.name = dice_.percent(80) ? "desk/take" : "desk/none";
        return c;
    }
    attach_file make(attach_file c, std::string const&) { return c; }
    redact_ticket make(redact_ticket c, std::string const&) {
        if (!mood_.redacts)
            return c;
        switch (dice_.below(3)) {
        case 0: c.message = static_cast<std::uint32_t>(1 + dice_.below(8)); break;
        case 1: c.person = dice_.pick(requesters); break;
        default:
            c.field =
                dice_.pick(std::vector<std::string>{"subject", "resolution", "remark", "effort", "satisfaction_text"});
        }
        return c;
    }
    /// Only timers may say this; a person who tries is refused.
    fire_timer make(fire_timer c, std::string const&) { return c.timer.due = somewhen(), c; }

    acquaintance const& some_ticket(std::string const& tenant) {
        static acquaintance const nobody{};
        if (known_.empty() || dice_.percent(1))
            return nobody;
        // The latest ones are spoken of most.
        for (int tries = 0; tries < 20; ++tries) {
            auto const back = std::min(dice_.below(known_.size()), dice_.below(known_.size()));
            if (auto const& found = known_[known_.size() - 1 - back]; found.tenant == tenant)
                return found;
        }
        return known_.back();
    }

    // --- the clock

    duration next_move() {
        static constexpr unsigned weights[] = {30, 40, 15, 15};
        switch (dice_.weighted(weights)) {
        case 0: return std::chrono::seconds{dice_.between(1, 600)};
        case 1: return std::chrono::minutes{dice_.between(1, 300)};
        case 2: return std::chrono::hours{dice_.between(8, 90)};
        default: return mood_.goes_back ? duration{-std::chrono::minutes{dice_.between(1, 500)}} : duration{1};
        }
    }

    // --- conditions

    expr::draft next_condition(expr::schema const& schema, int depth) {
        auto const kind = depth ? dice_.below(6) : 5;
        if (kind >= 3)
            return dice_.percent(5) ? expr::is_open("default") : next_leaf(schema);
        if (kind == 2)
            return expr::negate(next_condition(schema, depth - 1));
        std::vector<expr::draft> parts;
        for (auto left = dice_.between(0, 3); left > 0; --left)
            parts.push_back(next_condition(schema, depth - 1));
        return kind ? expr::all_of(std::move(parts)) : expr::any_of(std::move(parts));
    }
    expr::draft next_leaf(expr::schema const& schema) {
        for (;;) {
            auto const& field = schema[static_cast<std::uint32_t>(dice_.below(schema.size()))];
            auto const kind = static_cast<expr::op>(dice_.below(expr::op_count));
            if (!expr::offers(field, kind) || (field.related && schema.stored_only()))
                continue;
            using enum expr::op;
            if (kind == empty || kind == changed)
                return expr::where(field.name, kind, dice_.percent(50));
            if (kind == older_than || kind == newer_than || kind == within || field.type == expr::field_type::age) {
                auto leaf = expr::where(field.name, kind, duration{std::chrono::minutes{dice_.between(0, 20'000)}});
                return dice_.percent(60) ? leaf : expr::working(std::move(leaf));
            }
            if (kind == in)
                return expr::where(field.name, kind, std::vector<expr::literal>{operand(field), operand(field)});
            if (kind == any_of || kind == all_of || kind == none_of) {
                std::vector<expr::literal> members(dice_.below(4));
                for (auto& member : members)
                    member = dice_.percent(50) ? expr::literal{dice_.pick(tags)} : operand(field);
                return expr::where(field.name, kind, std::move(members));
            }
            if (kind == matches)
                return expr::where(field.name, kind, dice_.pick(patterns()));
            bool const takes_null = kind == equal || kind == not_equal || kind == changed_from || kind == changed_to;
            if (takes_null && dice_.percent(15))
                return expr::where(field.name, kind, nullptr);
            return expr::where(field.name, kind, operand(field));
        }
    }
    expr::literal operand(expr::field const& field) {
        using enum expr::field_type;
        if (!field.choices.empty())
            return dice_.pick(field.choices);
        switch (field.type) {
        case number:
            return dice_.percent(70) ? expr::literal{std::int64_t{dice_.between(-1, 6)}}
                                     : expr::literal{dice_.between(-4, 20) / 4.0};
        case boolean: return dice_.percent(50);
        case expr::field_type::instant: return somewhen();
        case id:
            if (!known_.empty() && dice_.percent(70))
                return to_string(dice_.pick(known_).id);
            return std::to_string(dice_.below(5));
        default: return dice_.pick(text_operands());
        }
    }

    temper mood_;
    std::deque<acquaintance> known_;
    std::deque<command> done_;
    std::vector<ticket_id> merged_, alerted_, heads_, families_, majors_, resolved_;
    std::uint64_t read_ = 0;
    std::vector<std::pair<ticket_id, ticket_link>> links_;
    std::deque<known_article> articles_, canned_;
    std::vector<std::pair<ticket_id, article_id>> helped_;
    std::vector<asked_on> asked_;
    known_inquiries inquiries_;
};

} // namespace play
