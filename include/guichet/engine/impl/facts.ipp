#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/base/environment.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/engine/impl/at_hand.ipp>
#include <guichet/engine/impl/canned.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/model/impl/checks.ipp>

#include <algorithm>
#include <string>
#include <vector>

namespace guichet::inline v0::detail {

/// The facts of a decision, with what they point to.
struct gathered {
    gathered() = default;
    gathered(gathered const&) = delete;
    gathered& operator=(gathered const&) = delete;
    ~gathered() = default;

    lifecycle::facts known{};
    ticket_id target{}; ///< the id that a ticket to be opened is to have, if its opener gave one
    std::vector<std::string> children{};
    std::vector<std::uint32_t> texts{};
    storage::ticket_snapshot other{};
    std::vector<storage::ticket_snapshot> alike{};
    storage::article_snapshot article{};
    guidance guided{};
    guide_move answer{};
    lifecycle::canned_answer canned{};
};

/// Looks up what decisions must know beside their ticket.
class fact_finder {
public:
    fact_finder(at_hand& hands, configuration const& config, environment& env)
        : hands_{hands}, config_{config}, env_{env} {}

    /// The facts that a command needs beside the ticket; `with.known` has those that the caller knows.
    result<void> gather(command const& wish, ticket const* on, access::role const& as, surroundings& around,
                        gathered& with) {
        auto& known = with.known;
        known.rules = config_.rules.get();
        known.acting_side = as.side;
        GUICHET_TRY(check_files(wish.body));
        GUICHET_TRY(gather_children(on, with.children));
        known.open_children = with.children;
        if (auto const* c = std::get_if<split_message>(&wish.body)) {
            GUICHET_LET(known.fresh, fresh_id(c->new_ticket, known.now));
            return gather_split(*c, *on, known);
        }
        if (auto const* c = std::get_if<redact_ticket>(&wish.body)) {
            GUICHET_TRY(gather_redaction(*c, *on, with.texts));
            known.texts_to_redact = with.texts;
            return {};
        }
        if (std::holds_alternative<open_ticket>(wish.body)) {
            GUICHET_LET(known.fresh, fresh_id(with.target, known.now));
        }
        if (auto const* c = std::get_if<gather_tickets>(&wish.body))
            return gather_alike(*c, wish.by, *on, as, with);
        GUICHET_TRY(gather_other(wish, on, as, with));
        if (auto const* link = std::get_if<link_article>(&wish.body))
            GUICHET_TRY(gather_article(link->article, wish.by, as, with));
        if (auto const* link = std::get_if<unlink_article>(&wish.body))
            GUICHET_TRY(gather_article(link->article, wish.by, as, with));
        if (auto const* said = std::get_if<reply>(&wish.body); said && !said->canned.empty())
            GUICHET_TRY(gather_canned(*said, wish.by, as, *on, with));
        if (auto const* answer = std::get_if<answer_guide>(&wish.body))
            GUICHET_TRY(gather_guide(*answer, wish.by, as, *on, with));
        if (std::holds_alternative<draft_article>(wish.body))
            known.fresh_article = make_id<article_id>(env_, known.now);
        return on ? with.guided.gather(wish.body, *on, config_, around, known) : result<void>{};
    }

    /// The numbers of the open children of a ticket.
    result<void> gather_children(ticket const* on, std::vector<std::string>& out) {
        if (!on)
            return {};
        for (auto const& link : on->links) {
            if (link.kind != link_kind::parent_of)
                continue;
            GUICHET_LET(auto const child, hands_.load(on->tenant, link.ticket));
            if (child && child->open())
                out.push_back(child->number);
        }
        return {};
    }

private:
    /// The second ticket of a command that has to do with two.
    result<void> gather_other(command const& wish, ticket const* on, access::role const& as, gathered& with) {
        ticket_id other;
        bool ties = true; // what is tied to must be seen
        if (auto const* open = std::get_if<open_ticket>(&wish.body))
            other = open->parent;
        else if (auto const* link = std::get_if<link_ticket>(&wish.body))
            other = link->other;
        else if (auto const* merge = std::get_if<merge_ticket>(&wish.body))
            other = merge->into;
        else if (auto const* unlink = std::get_if<unlink_ticket>(&wish.body))
            other = unlink->other, ties = false;
        else if (std::holds_alternative<unmerge_ticket>(wish.body))
            other = on->merged_into, ties = false;
        if (!other)
            return {};
        GUICHET_LET(with.other, hands_.load(wish.by.tenant, other));
        if (ties && with.other && !access::sees(wish.by, as, *with.other))
            with.other.reset();
        with.known.other = with.other.get();
        if (auto const* link = std::get_if<link_ticket>(&wish.body); link && with.other) {
            GUICHET_LET(with.known.closes_circle, reaches(*with.other, link->kind, on->id));
        }
        return {};
    }

    /// The tickets to be gathered that are seen, and what they go under. One that is named and not seen is refused.
    result<void> gather_alike(gather_tickets const& c, actor const& by, ticket const& on, access::role const& as,
                              gathered& with) {
        GUICHET_TRY(checks::check_count("tickets", c.tickets.size(), limits::trend_tickets_max));
        auto const& told = on.trends;
        auto const ids = !c.tickets.empty() ? c.tickets : told.empty() ? std::vector<ticket_id>{} : told.back().tickets;
        for (auto const id : ids) {
            GUICHET_LET(auto const one, hands_.load(by.tenant, id));
            bool const seen = one && access::sees(by, as, *one);
            if (!seen && !c.tickets.empty())
                return error{reason::ticket_not_found, {{"ticket", to_string(id)}}};
            bool const met = std::any_of(with.alike.begin(), with.alike.end(),
                                         [&](storage::ticket_snapshot const& t) { return t->id == id; });
            if (seen && !met && id != on.id)
                with.alike.push_back(one);
        }
        auto const under = c.under ? c.under : shared_parent(on, with.alike);
        if (under && under != on.id) {
            GUICHET_LET(with.other, hands_.load(by.tenant, under));
            if (with.other && !access::sees(by, as, *with.other))
                with.other.reset();
            if (!c.under && with.other && (!with.other->open() || with.other->merged_into))
                with.other.reset();
        }
        if (auto const* const over = under == on.id ? &on : with.other.get())
            GUICHET_TRY(leave_out_above(*over, with.alike));
        with.known.other = with.other.get();
        with.known.gathered = with.alike;
        GUICHET_LET(with.known.fresh, fresh_id(c.new_ticket, with.known.now));
        return {};
    }

    /// What most of the tickets are below, two at least.
    static ticket_id shared_parent(ticket const& on, std::span<storage::ticket_snapshot const> others) {
        std::vector<std::pair<ticket_id, int>> parents;
        auto const look = [&](ticket const& one) {
            for (auto const& link : one.links) {
                if (link.kind != link_kind::child_of)
                    continue;
                auto const known =
                    std::find_if(parents.begin(), parents.end(), [&](auto const& p) { return p.first == link.ticket; });
                known == parents.end() ? void(parents.emplace_back(link.ticket, 1)) : void(++known->second);
            }
        };
        look(on);
        for (auto const& one : others)
            look(*one);
        auto const most = std::max_element(parents.begin(), parents.end(),
                                           [](auto const& a, auto const& b) { return a.second < b.second; });
        return most != parents.end() && most->second >= 2 ? most->first : ticket_id{};
    }

    result<void> leave_out_above(ticket const& master, std::vector<storage::ticket_snapshot>& others) {
        std::vector<storage::ticket_snapshot> kept;
        for (auto& one : others) {
            GUICHET_LET(bool const above, reaches(master, link_kind::child_of, one->id));
            if (!above)
                kept.push_back(std::move(one));
        }
        others = std::move(kept);
        return {};
    }

    /// The article of that id or number, if he may read it.
    result<void> gather_article(std::string const& named, actor const& by, access::role const& as, gathered& with) {
        GUICHET_LET(with.article, hands_.load_article(by.tenant, named));
        auto const reader = reader_of(config_, by, as);
        if (with.article && !access::sees(reader, *with.article, with.known.now))
            with.article.reset();
        with.known.article = with.article.get();
        return {};
    }

    /// The canned article that a reply names, in the language of the reply, filled in for the ticket.
    result<void> gather_canned(reply const& c, actor const& by, access::role const& as, ticket const& on,
                               gathered& with) {
        GUICHET_TRY(gather_article(c.canned, by, as, with));
        if (!with.article)
            return error{reason::article_not_found, {{"article", c.canned}}};
        auto const language = c.language.empty() ? std::string{language_of(on)} : c.language;
        GUICHET_LET(with.article,
                    canned_in(hands_.work(), with.article, language, reader_of(config_, by, as), with.known.now));
        GUICHET_LET(auto said, filled_in(*with.article, on, config_, with.known.now));
        with.canned = {with.article->id, std::move(said.text), std::move(said.html)};
        with.known.canned = &with.canned;
        return {};
    }

    /// What the guide in force makes of an answer, if he may walk it.
    result<void> gather_guide(answer_guide const& c, actor const& by, access::role const& as, ticket const& on,
                              gathered& with) {
        auto const reader = reader_of(config_, by, as);
        GUICHET_LET(kb::guide const* const found, find_guide(*config_.guides, c.guide, reader));
        GUICHET_LET(with.answer, kb::answer(*found, on, c, spoken_in(c.language, on)));
        if (as.side == side::requester)
            with.answer.event.audience = audience::public_;
        with.known.guided = &with.answer;
        return {};
    }
    static language spoken_in(std::string_view given, ticket const& on) {
        auto const known = given.empty() ? language_of(on) : std::string{given};
        return known.starts_with("fr") ? language::fr : language::en;
    }

    /// The id of a ticket to be opened: the caller's, unless any tenant has a ticket of that id, or a new one.
    result<ticket_id> fresh_id(ticket_id given, instant now) {
        if (!given)
            return make_id<ticket_id>(env_, now);
        GUICHET_LET(auto const taken, hands_.store().read_history(given));
        if (!taken.empty() || hands_.knows(given))
            return error{reason::ticket_exists, {{"ticket", to_string(given)}}};
        return given;
    }

    /// The files that a command names are stored, and as long as it says.
    result<void> check_files(command_body const& wish) {
        static std::vector<new_attachment> const none;
        auto const& files = std::visit(
            [](auto const& c) -> auto const& {
                if constexpr (requires { c.attachments; })
                    return c.attachments;
                else
                    return none;
            },
            wish);
        for (std::size_t i = 0; i < std::min(files.size(), limits::attachments_max); ++i) {
            auto const here = "attachments[" + std::to_string(i) + "]";
            if (files[i].digest == digest{})
                return error{reason::missing_field, {{"path", here + ".digest"}}};
            GUICHET_LET(auto const bytes, hands_.work().find_blob(files[i].digest));
            if (!bytes)
                return error{reason::blob_not_found, {{"digest", to_hex(files[i].digest)}}};
            if (*bytes != files[i].size_bytes)
                return error{reason::bad_value,
                             {{"path", here + ".size_bytes"},
                              {"value", std::to_string(files[i].size_bytes)},
                              {"hint", "the stored file has " + std::to_string(*bytes) + " bytes"}}};
        }
        return {};
    }

    result<void> gather_split(split_message const& c, ticket const& on, lifecycle::facts& known) {
        GUICHET_LET(auto const texts, hands_.work().load_texts(on.id));
        for (auto const& r : texts)
            if (r.no == c.message && r.role == storage::text_role::message && !r.erased) {
                known.split_text = r.body;
                known.split_html = r.html;
                known.split_author = r.author;
                known.split_audience = r.audience;
            }
        return {};
    }

    /// Which texts a redaction covers: everything of a person, a message with its files, or every value that a field,
    /// the subject or the resolution ever had.
    result<void> gather_redaction(redact_ticket const& c, ticket const& on, std::vector<std::uint32_t>& out) {
        if (!c.message && c.field.empty() && c.person.empty())
            return error{reason::missing_field, {{"path", "message"}}};
        GUICHET_LET(auto const texts, hands_.work().load_texts(on.id));
        bool const known = std::any_of(texts.begin(), texts.end(), [&](storage::text_record const& r) {
            return r.no == c.message && r.role == storage::text_role::message;
        });
        if (c.message && !known)
            return error{reason::message_not_found, {{"message", std::to_string(c.message)}}};
        std::vector<std::uint32_t> of_field;
        if (!c.field.empty() && c.field != "subject" && c.field != "resolution") {
            GUICHET_LET(auto const past, hands_.store().read_history(on.id));
            GUICHET_LET(auto const events, from_stored(past, texts));
            bool const thought = c.field == "satisfaction_text";
            for (auto const& e : events) {
                if (auto const* set = std::get_if<fields_set>(&e.body))
                    for (auto const& change : set->fields)
                        if (change.name == c.field)
                            of_field.push_back(change.text.no);
                if (auto const* rated = std::get_if<ticket_rated>(&e.body); rated && thought)
                    of_field.push_back(rated->text.no);
            }
            if (auto const* now = on.field(c.field)) // set in this transaction, perhaps
                of_field.push_back(now->text);
            if (on.rating && thought)
                of_field.push_back(on.rating->no);
        }
        auto const with_message = [&](std::uint32_t no) {
            return std::any_of(on.attachments.begin(), on.attachments.end(),
                               [&](attachment const& a) { return a.no == no && a.message == c.message; });
        };
        bool const of_subject = // a word of it was told, perhaps
            c.field == "subject" || std::any_of(texts.begin(), texts.end(), [&](storage::text_record const& r) {
                return r.role == storage::text_role::subject && !c.person.empty() && r.author == c.person;
            });
        for (auto const& r : texts) {
            using enum storage::text_role;
            bool const wanted =
                (c.message &&
                 ((r.no == c.message && r.role == message) || (r.role == attachment && with_message(r.no)))) ||
                (!c.person.empty() && r.author == c.person) || (c.field == "subject" && r.role == subject) ||
                (c.field == "resolution" && r.role == resolution) || (r.role == word && of_subject) ||
                std::find(of_field.begin(), of_field.end(), r.no) != of_field.end();
            if (wanted && !r.erased)
                out.push_back(r.no);
        }
        return {};
    }

    /// Whether links of a kind lead from one ticket to another. Symmetric links make no circles.
    result<bool> reaches(ticket const& from, link_kind kind, ticket_id goal) {
        if (kind == inverse(kind))
            return false;
        std::vector<ticket_id> open{from.id};
        for (std::size_t at = 0; at < open.size(); ++at) {
            if (open[at] == goal)
                return true;
            GUICHET_LET(auto const t, hands_.load(from.tenant, open[at]));
            for (auto const& link : t ? t->links : std::vector<ticket_link>{})
                if (link.kind == kind && std::find(open.begin(), open.end(), link.ticket) == open.end())
                    open.push_back(link.ticket);
        }
        return false;
    }

    at_hand& hands_;
    configuration const& config_;
    environment& env_;
};

} // namespace guichet::inline v0::detail
