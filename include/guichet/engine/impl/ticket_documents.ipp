#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/engine/impl/notify.ipp>
#include <guichet/engine/impl/ticket_filter.ipp>
#include <guichet/search/document.hpp>
#include <guichet/storage/records.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Tickets as what a search finds, and who may find them.
namespace guichet::inline v0::detail {

/// Internal notes are a document of their own, with keys of their own: who may not see them has no use for their words.
inline constexpr std::string_view internal_mark = "/internal";

inline constexpr std::string_view ticket_kind = "ticket";

/// The language of a name, or the usual one where the name is none's.
inline text::tongue tongue_or(std::string_view named, text::tongue usual) {
    auto const known = text::tongue_of(named);
    return known == text::tongue::neutral ? usual : known;
}

/// Documents of a kind.
inline search::filter of_kind(std::string_view kind) { return search::has("document", {std::string{kind}}); }

/// What a document speaks of: the id of the ticket, or of the article, in its id; of a host's document all of it.
inline std::string_view thing_part(std::string_view document) noexcept {
    return document.find('\n') == document.npos ? document.substr(0, document.find('/')) : document;
}

/// Who may see a ticket, as keys; `access::sees` in other words. A name ends its key, so that none contains another.
class audience_keys {
public:
    audience_keys(std::string_view tenant, bool internal)
        : begin_{(internal ? "internal\n" : "public\n") + std::string{tenant} + '\n'} {}

    std::string all() const { return begin_ + "all"; }
    std::string queue(std::string_view name) const { return begin_ + "queue:" + std::string{name}; }
    std::string assignee(std::string_view name) const { return begin_ + "assignee:" + std::string{name}; }
    std::string organisation(std::string_view name) const { return begin_ + "organisation:" + std::string{name}; }
    std::string participant(std::string_view name) const { return begin_ + "participant:" + std::string{name}; }

    std::vector<std::string> of(ticket const& t) const {
        std::vector<std::string> out{all(), queue(t.queue)};
        if (!t.assignee.empty())
            out.push_back(assignee(t.assignee));
        if (!t.organisation.empty())
            out.push_back(organisation(t.organisation));
        for (auto const& person : {t.requester, t.contact})
            if (!person.empty())
                out.push_back(participant(person));
        for (auto const& person : t.watchers)
            out.push_back(participant(person));
        return out;
    }
    void add(viewer const& who, access::role const& as, std::vector<std::string>& out) const {
        if (as.has(access::see_all) || (as.has(access::see_queues) && who.queues.empty())) {
            out.push_back(all());
            return;
        }
        if (as.has(access::see_queues)) {
            for (auto const& name : who.queues)
                out.push_back(queue(name));
            out.push_back(assignee(who.person));
        }
        if (as.has(access::see_organisation) && !who.organisation.empty())
            out.push_back(organisation(who.organisation));
        if (as.has(access::see_own))
            out.push_back(participant(who.person));
    }

private:
    std::string begin_;
};

inline search::viewer keys_of(viewer const& who, access::role const& as) {
    search::viewer out;
    audience_keys{who.tenant, false}.add(who, as, out.keys);
    if (as.has(access::see_internal))
        audience_keys{who.tenant, true}.add(who, as, out.keys);
    return out;
}

/// A ticket as documents: what everybody concerned may read, and what the desk says among itself.
struct ticket_documents {
    search::document open, internal;
};

inline constexpr std::uint64_t documents_version = 1; ///< greater when a ticket gives other documents

inline void add_text(std::string& to, std::string_view text) {
    if (!text.empty())
        to.append(to.empty() ? "" : "\n").append(text);
}

inline ticket_documents documents_of(ticket const& t, std::span<storage::text_record const> texts, text::tongue usual) {
    ticket_documents out;
    for (auto* d : {&out.open, &out.internal}) {
        d->kind = ticket_kind;
        d->attributes = attributes_of(t);
        d->changed = t.updated_at;
        d->used = static_cast<std::uint32_t>(t.merged.size()); // so often it came again
        d->language = tongue_or(language_of(t), usual);
    }
    out.open.id = to_string(t.id);
    out.internal.id = out.open.id + std::string{internal_mark};
    out.open.audience = audience_keys{t.tenant, false}.of(t);
    out.internal.audience = audience_keys{t.tenant, true}.of(t);
    out.open[search::field::title] = t.subject;
    add_text(out.open[search::field::tags], t.number);
    for (auto const& tag : t.tags)
        add_text(out.open[search::field::tags], tag);
    for (auto const& file : t.attachments)
        add_text((file.audience == audience::internal ? out.internal : out.open)[search::field::attachments],
                 file.name);
    for (auto const& text : texts) {
        if (text.erased || text.role == storage::text_role::attachment ||
            (text.role == storage::text_role::subject && text.ticket == t.id))
            continue;
        bool const notes = text.audience == audience::internal;
        auto& into = notes ? out.internal : out.open;
        bool const first = !notes && text.role == storage::text_role::message && text.side == side::requester &&
                           into[search::field::symptom].empty();
        add_text(into[first ? search::field::symptom : search::field::body], text.body);
    }
    return out;
}

inline bool says_something(search::document const& d) {
    return std::any_of(d.texts.begin(), d.texts.end(), [](std::string const& text) { return !text.empty(); });
}

} // namespace guichet::inline v0::detail
