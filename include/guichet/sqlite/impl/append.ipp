#pragma once
#include <guichet/sqlite/impl/unit.ipp>

/// How a change of a ticket is written.
namespace guichet::inline v0::sqlite {

inline result<void> unit::write(storage::ticket_change const& change) {
    GUICHET_TRY(check(change));
    auto& after = *change.after;
    GUICHET_TRY(change.before ? update_row(*change.before, after) : insert_row(after));
    last_ticket_ = after.id;
    last_ordinal_ = static_cast<std::int64_t>(after.ordinal);
    facets_.move(change.before, after);
    GUICHET_TRY(note_state(after));
    GUICHET_TRY(write_participants(change.before, after));
    GUICHET_TRY(write_events(change));
    GUICHET_TRY(write_texts(change));
    GUICHET_TRY(erase_texts(after, change.erased_texts));
    return write_timers(change);
}

/// The events must be the ticket's and go on from the end of the log; tenant and ticket are not stored with each.
inline result<void> unit::check(storage::ticket_change const& change) const {
    auto seq = head_.seq;
    for (auto const& e : change.events) {
        if (e.seq != ++seq)
            return misuse("event " + std::to_string(e.seq) + " was written where " + std::to_string(seq) + " is next");
        if (e.ticket != change.after->id || e.tenant != change.after->tenant)
            return misuse("event " + std::to_string(e.seq) + " is of another ticket than the change");
    }
    return {};
}

inline result<void> unit::insert_row(ticket& t) {
    static std::string const sql = [] {
        std::string names = "INSERT INTO tickets (", marks;
        for (auto const name : column_names()) {
            names.append(name).append(", ");
            marks += "?, ";
        }
        return names + "is_open, lists) VALUES (" + marks + "?, ?)";
    }();
    last_ticket_ = {};
    GUICHET_LET(auto const known, ordinal_of(t.id));
    if (known)
        return error{reason::ticket_exists, {{"ticket", to_string(t.id)}}};
    GUICHET_LET(auto const tenant, tenant_number(t.tenant));
    GUICHET_LET(auto added, db_.use(sql));
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        if constexpr (is_tenant(d))
            added.number(tenant);
        else
            put(added, t.*d.pointer);
    });
    lists_.clear();
    encode_lists(t, lists_);
    GUICHET_TRY(added.number(std::int64_t{t.open()}).text(lists_).run());
    t.ordinal = db_.last_row();
    return {};
}

/// Writes what changed and nothing else, so that only the indexes concerned are touched.
inline result<void> unit::update_row(ticket const& before, ticket& after) {
    std::string sql = "UPDATE tickets SET ";
    std::uint64_t changed = 0, bit = 1;
    static_assert(column_count < 62);
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        if (!(before.*d.pointer == after.*d.pointer) && !is_tenant(d)) {
            changed |= bit;
            sql.append(d.name).append(" = ?, ");
        }
        bit <<= 1;
    });
    bool const other_lists = !(static_cast<ticket_lists const&>(before) == static_cast<ticket_lists const&>(after));
    if (before.open() != after.open())
        sql += "is_open = ?, ";
    sql += other_lists ? "lists = ?" : "ordinal = ordinal";
    sql += " WHERE id = ? AND version = ? AND tenant = ? RETURNING ordinal";

    GUICHET_LET(auto const tenant, tenant_number(after.tenant));
    GUICHET_LET(auto update, db_.use(sql));
    bit = 1;
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        if (changed & bit)
            put(update, after.*d.pointer);
        bit <<= 1;
    });
    if (before.open() != after.open())
        update.number(std::int64_t{after.open()});
    lists_.clear();
    if (other_lists) {
        encode_lists(after, lists_);
        update.text(lists_);
    }
    GUICHET_LET(bool const written, update.blob(after.id.bytes).number(before.version).number(tenant).step());
    if (written) {
        after.ordinal = update.count_at(0);
        return {};
    }
    GUICHET_LET(auto row, db_.use("SELECT version FROM tickets WHERE id = ? AND tenant = ?"));
    GUICHET_LET(bool const there, row.blob(after.id.bytes).number(tenant).step());
    return error{reason::version_conflict,
                 {{"expected", std::to_string(before.version)}, {"current", std::to_string(there ? row.number_at(0) : 0)}}};
}

inline result<void> unit::note_state(ticket const& t) {
    GUICHET_LET(auto const tenant, tenant_number(t.tenant));
    std::tuple const known{tenant, t.state, t.open()};
    if (place_->states.contains(known) || !new_states_.insert(known).second)
        return {};
    GUICHET_LET(auto note, db_.use("INSERT INTO states (tenant, state, is_open) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"));
    return note.number(tenant).text(t.state).number(std::int64_t{t.open()}).run();
}

inline result<void> unit::write_participants(ticket const* before, ticket const& after) {
    if (before && before->requester == after.requester && before->contact == after.contact &&
        before->watchers == after.watchers)
        return {};
    auto const persons = [](ticket const* t) {
        std::set<std::string_view> out;
        if (!t)
            return out;
        out.insert(t->watchers.begin(), t->watchers.end());
        out.insert({t->requester, t->contact});
        out.erase(std::string_view{});
        return out;
    };
    auto const then = persons(before), now = persons(&after);
    for (auto const person : then)
        if (!now.contains(person)) {
            GUICHET_LET(auto gone, db_.use("DELETE FROM participants WHERE person = ? AND ticket = ?"));
            GUICHET_TRY(gone.text(person).number(after.ordinal).run());
        }
    for (auto const person : now)
        if (!then.contains(person)) {
            GUICHET_LET(auto added, db_.use("INSERT INTO participants (person, ticket) VALUES (?, ?)"));
            GUICHET_TRY(added.text(person).number(after.ordinal).run());
        }
    return {};
}

inline result<void> unit::write_events(storage::ticket_change const& change) {
    GUICHET_LET(auto added, db_.use("INSERT INTO events (seq, ticket, version, at, type, actor, cause, cause_due, body, hash) "
                                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (auto const& e : change.events) {
        added.number(e.seq).number(change.after->ordinal).number(e.version).at(e.at).number(e.type);
        added.text_or_null(e.actor).text_or_null(e.cause.what);
        put(added, e.cause.due);
        GUICHET_TRY(added.text(e.body).blob(e.hash).run());
        head_ = {e.seq, e.hash};
    }
    return {};
}

inline result<void> unit::write_texts(storage::ticket_change const& change) {
    GUICHET_LET(auto added, db_.use("INSERT INTO texts (place, no, role, audience, side, channel, at, author, body, html, "
                                    "salt, print) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    std::uint64_t seq = 0, place = 0;
    for (auto const& r : change.texts) {
        place = r.seq == seq ? place + 1 : 0;
        seq = r.seq;
        if (place >= std::uint64_t{places_per_event})
            return misuse("an event came with too many texts");
        added.number(seq * places_per_event + place).number(r.no);
        put(added, r.role);
        put(added, r.audience);
        put(added, r.side);
        put(added, r.channel);
        added.at(r.at).text_or_null(r.author).text_or_null(r.body).text_or_null(r.html);
        r.erased ? added.null().blob(r.print) : added.blob(r.salt).null();
        GUICHET_TRY(added.run());
    }
    return {};
}

/// Destroys the content of texts and keeps their prints.
inline result<void> unit::erase_texts(ticket const& t, std::span<std::uint32_t const> numbers) {
    if (numbers.empty())
        return {};
    GUICHET_LET(auto const texts, read_.read_texts(t.id));
    std::uint64_t seq = 0, place = 0;
    for (auto const& r : texts) {
        place = r.seq == seq ? place + 1 : 0;
        seq = r.seq;
        if (r.erased || std::find(numbers.begin(), numbers.end(), r.no) == numbers.end())
            continue;
        auto const print = storage::text_print(r);
        GUICHET_LET(auto erase, db_.use("UPDATE texts SET body = NULL, html = NULL, salt = NULL, print = ? WHERE place = ?"));
        GUICHET_TRY(erase.blob(print).number(seq * places_per_event + place).run());
        erased_ = true;
    }
    return {};
}

inline result<void> unit::write_timers(storage::ticket_change const& change) {
    for (auto const& t : change.disarmed) {
        GUICHET_LET(auto gone, db_.use("DELETE FROM timers WHERE ticket = ? AND kind = ? AND name = ?"));
        gone.number(change.after->ordinal);
        put(gone, t.kind);
        GUICHET_TRY(gone.text(t.name).run());
    }
    for (auto const& t : change.armed) {
        GUICHET_LET(auto armed, db_.use("INSERT INTO timers (ticket, kind, name, due) VALUES (?, ?, ?, ?) "
                                        "ON CONFLICT DO UPDATE SET due = excluded.due"));
        armed.number(change.after->ordinal);
        put(armed, t.kind);
        GUICHET_TRY(armed.text(t.name).at(t.due).run());
    }
    return {};
}

} // namespace guichet::inline v0::sqlite
