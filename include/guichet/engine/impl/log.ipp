#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/storage/described.hpp>

#include <algorithm>
#include <span>
#include <unordered_map>
#include <vector>

/// From events to what the log stores, and back; and the chain that proves the log.
namespace guichet::inline v0::detail {

/// The link of an event: its own members, what came before, and the prints of its texts. Erasing a text keeps its
/// print, so the chain holds; altering one breaks it.
inline digest link_of(digest const& previous, storage::stored_event const& e, std::span<digest const> prints) {
    hasher h;
    h.add(previous).add(e.seq).add_sized(e.tenant).add(e.ticket.bytes).add(e.version);
    h.add(static_cast<std::uint64_t>(e.at.time_since_epoch().count())).add(std::uint64_t{e.type}).add_sized(e.actor);
    h.add_sized(e.cause.what);
    h.add(e.cause.due ? static_cast<std::uint64_t>(e.cause.due->time_since_epoch().count()) : 0);
    h.add_sized(e.body);
    for (auto const& print : prints)
        h.add(print);
    return h.finish();
}

inline storage::text_role role_named(std::string_view role) noexcept {
    return json::from_text<storage::text_role>(role).value_or(storage::text_role::field);
}

/// Who wrote the texts of an event: the author of a message, the requester of a ticket's subject, else who acted.
inline std::string const& author_of(event const& e) {
    if (auto const* message = std::get_if<message_added>(&e.body))
        return message->author;
    if (auto const* opened = std::get_if<ticket_opened>(&e.body))
        return opened->requester;
    return e.actor;
}

/// What an event happened to, as the log has it.
inline ticket_id subject_of(event const& e) noexcept { return e.article ? storage::in_log(e.article) : e.ticket; }

/// The texts of an event as records, each with its salt.
inline void collect_texts(event const& e, environment& env, std::vector<storage::text_record>& out) {
    each_text(e.body, [&](std::string_view role, personal_text const& text, std::string const& html) {
        if (!text.no)
            return;
        auto& r = out.emplace_back();
        r.ticket = subject_of(e);
        r.no = text.no;
        r.seq = e.seq;
        r.role = role_named(role);
        r.at = e.at;
        r.author = author_of(e);
        r.body = text.body;
        r.html = html;
        env.random(r.salt);
        if (auto const* message = std::get_if<message_added>(&e.body)) {
            r.audience = message->audience;
            r.side = message->side;
            r.channel = message->channel;
        }
        if (auto const* answer = std::get_if<guide_answered>(&e.body))
            r.audience = answer->audience;
    });
}

inline storage::stored_event to_stored(event const& e) {
    storage::stored_event out;
    out.seq = e.seq;
    out.tenant = e.tenant;
    out.ticket = subject_of(e);
    out.version = e.version;
    out.at = e.at;
    out.type = static_cast<std::uint32_t>(type_number(e.body));
    out.actor = e.actor;
    out.cause = e.cause;
    encode_body(e.body, out.body);
    return out;
}

/// The text of an event, among texts in the order in which they were written.
inline storage::text_record const* find_text(std::span<storage::text_record const> texts,
                                             storage::stored_event const& of, std::uint32_t no) {
    auto at =
        std::partition_point(texts.begin(), texts.end(), [&](storage::text_record const& r) { return r.seq < of.seq; });
    for (; at != texts.end() && at->seq == of.seq; ++at)
        if (at->no == no && at->ticket == of.ticket)
            return &*at;
    return nullptr;
}

/// The event of a stored one, its texts filled in from the ticket's, or from those written with it.
inline result<event> from_stored(storage::stored_event const& stored, std::span<storage::text_record const> texts) {
    event out;
    out.seq = stored.seq;
    out.tenant = stored.tenant;
    if (is_article_type(stored.type))
        out.article = storage::article_in_log(stored.ticket);
    else
        out.ticket = stored.ticket;
    out.version = stored.version;
    out.at = stored.at;
    out.actor = stored.actor;
    out.cause = stored.cause;
    GUICHET_LET(out.body, decode_body(type_name(stored.type), stored.body));
    each_text(out.body, [&](std::string_view, personal_text& text, std::string& html) {
        if (!text.no)
            return;
        auto const* found = find_text(texts, stored, text.no);
        if (!found)
            return;
        text.body = found->body;
        if (std::holds_alternative<message_added>(out.body))
            html = found->html;
    });
    return out;
}

inline result<std::vector<event>> from_stored(std::span<storage::stored_event const> stored,
                                              std::span<storage::text_record const> texts) {
    std::vector<event> out;
    out.reserve(stored.size());
    for (auto const& s : stored) {
        GUICHET_LET(auto e, from_stored(s, texts));
        out.push_back(std::move(e));
    }
    return out;
}

} // namespace guichet::inline v0::detail
