#pragma once
#include <guichet/sqlite/impl/unit.ipp>

/// How a change of a ticket or an article is written.
namespace guichet::inline v0::sqlite {

inline result<void> unit::write(storage::ticket_change const& change) {
    auto& after = *change.after;
    GUICHET_TRY(check_log(change.events, after.id, after.tenant));
    GUICHET_LET(bool const done, write_derived(change));
    if (done)
        return {};
    GUICHET_LET(met* const known, meet(after.id));
    GUICHET_TRY(check_version(change.before, std::as_const(after), known ? known->latest.get() : nullptr,
                              error{reason::ticket_exists, {{"ticket", to_string(after.id)}}}));
    met now = known ? *known : met{};
    GUICHET_LET(auto const timers, plan_timers(change, now));
    auto const previous = now.last_event;
    if (!change.events.empty())
        now.last_event = change.events.back().seq;
    now.latest = change.after;
    if (known)
        after.ordinal = known->latest->ordinal;
    else
        GUICHET_TRY(insert_row(after, now));
    met_[after.id] = std::move(now);
    facets_.move(change.before, after);
    GUICHET_TRY(note_state(after));
    GUICHET_TRY(write_participants(change.before, after));
    GUICHET_TRY(write_events(change.events, {.ticket = after.ordinal}, previous));
    GUICHET_TRY(write_texts(change.texts, change.events));
    GUICHET_TRY(erase_texts({.ticket = after.ordinal}, after.id, change.erased_texts));
    return move_timers(timers, after.ordinal);
}

/// What was only derived anew is written without reading the row again, as long as it is the one that the caller knows
/// and the unit has not met it. False where it is not.
inline result<bool> unit::write_derived(storage::ticket_change const& change) {
    auto const* before = change.before;
    auto& after = *change.after;
    if (!before || !change.events.empty() || met_.contains(after.id) || before->version != after.version)
        return false;
    met now;
    now.armed = before->timers.size();
    GUICHET_LET(auto const timers, plan_timers(change, now));
    after.ordinal = before->ordinal;
    GUICHET_TRY(update_row(*before, after, now.armed, {}, expected_row{before->version, before->timers.size()}));
    if (db_.changed() == 0)
        return false;
    facets_.move(before, after);
    GUICHET_TRY(move_timers(timers, after.ordinal));
    return true;
}

template <class Id>
query& id_or_null(query& to, Id const& id) {
    return id ? to.blob(id.bytes) : to.null();
}

/// There is one row for each article, and one for each number.
inline result<void> unit::write(storage::article_change const& change) {
    auto const& after = *change.after;
    GUICHET_TRY(check_log(change.events, storage::in_log(after.id), after.tenant));
    static std::string const sql = std::string{select_article} + "id = ?";
    GUICHET_LET(auto row, db_.use(sql));
    GUICHET_LET(auto const present, read_.one_article(row.blob(after.id.bytes)));
    GUICHET_TRY(check_version(change.before, after, present.get(),
                              error{reason::article_exists, {{"article", to_string(after.id)}}}));
    if (change.events.empty())
        return misuse("an article was written without an event");
    std::uint64_t ordinal = present ? row.count_at(0) : 0;
    auto const previous = present ? row.count_at(1) : 0;
    json_.clear();
    packed_.clear();
    encode_row(after, json_);
    pack(json_, packed_);
    if (present) {
        GUICHET_LET(auto moved, db_.use("UPDATE {articles} SET number = ?, version = ?, last_event = ?, content = ?, "
                                        "original = ? WHERE ordinal = ?"));
        moved.text(after.number).number(after.version).number(change.events.back().seq).packed(packed_);
        GUICHET_TRY(id_or_null(moved, after.translation_of).number(ordinal).run());
    } else {
        GUICHET_LET(auto const tenant, read_.names().make(after.tenant));
        GUICHET_LET(auto added, db_.use("INSERT INTO {articles} (id, tenant, number, version, last_event, content, "
                                        "original) VALUES (?, ?, ?, ?, ?, ?, ?)"));
        added.blob(after.id.bytes).number(tenant).text(after.number).number(after.version);
        added.number(change.events.back().seq).packed(packed_);
        GUICHET_TRY(id_or_null(added, after.translation_of).run());
        ordinal = static_cast<std::uint64_t>(db_.last_row());
    }
    GUICHET_TRY(write_events(change.events, {.article = ordinal}, previous));
    GUICHET_TRY(write_texts(change.texts, change.events));
    return erase_texts({.article = ordinal}, storage::in_log(after.id), change.erased_texts);
}

/// The events must be of what changes, and go on from the end of the log; tenant and id are not stored with each.
inline result<void> unit::check_log(std::span<storage::stored_event const> events, ticket_id of,
                                    std::string_view tenant) const {
    auto seq = head_.seq;
    for (auto const& e : events) {
        if (e.seq != ++seq)
            return misuse("event " + std::to_string(e.seq) + " was written where " + std::to_string(seq) + " is next");
        if (e.ticket != of || e.tenant != tenant)
            return misuse("event " + std::to_string(e.seq) + " is of something else than the change");
    }
    return {};
}

/// The row stands at the version that the change builds on, or there is none.
template <class Row>
result<void> unit::check_version(Row const* before, Row const& after, Row const* present, error const& taken) const {
    if (!before)
        return present ? result<void>{taken} : result<void>{};
    auto const current = present && present->tenant == after.tenant ? present->version : 0;
    if (before->version == current)
        return {};
    return error{reason::version_conflict,
                 {{"expected", std::to_string(before->version)}, {"current", std::to_string(current)}}};
}

/// The row of a new ticket is there at once, since it gives the ordinal.
inline result<void> unit::insert_row(ticket& t, met& as) {
    static std::string const sql = [] {
        std::string names = "INSERT INTO {tickets} (", marks;
        for (auto const name : column_names()) {
            names.append(name).append(", ");
            marks += "?, ";
        }
        return names + "is_open, lists, last_event, armed) VALUES (" + marks + "?, ?, ?, ?)";
    }();
    GUICHET_LET(auto added, db_.use(sql));
    result<void> bound;
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        if (bound)
            bound = put_column(added, read_.names(), d, t);
    });
    GUICHET_TRY(bound);
    pack_lists(t);
    added.number(std::int64_t{t.open()}).packed(packed_);
    as.last_event ? added.number(as.last_event) : added.null();
    GUICHET_TRY(added.number(as.armed).run());
    t.ordinal = db_.last_row();
    as.stored = as.latest;
    return {};
}

inline void unit::pack_lists(ticket_lists const& lists) {
    json_.clear();
    packed_.clear();
    encode_lists(lists, json_);
    pack(json_, packed_);
}

/// Writes what changed and nothing else, so that only the indexes concerned are touched.
inline result<void> unit::update_row(ticket const& before, ticket const& after, std::uint64_t armed,
                                     std::optional<std::uint64_t> last_event, std::optional<expected_row> expected) {
    std::string sql = "UPDATE {tickets} SET ";
    std::uint64_t columns = 0, bit = 1;
    static_assert(column_count < 64);
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        if (!is_tenant(d) && !(before.*d.pointer == after.*d.pointer)) {
            columns |= bit;
            sql.append(d.name).append(" = ?, ");
        }
        bit <<= 1;
    });
    bool const other_openness = before.open() != after.open();
    bool const other_lists = !(static_cast<ticket_lists const&>(before) == static_cast<ticket_lists const&>(after));
    sql.append(other_openness ? "is_open = ?, " : "").append(other_lists ? "lists = ?, " : "");
    sql.append(last_event ? "last_event = ?, " : "").append("armed = ? WHERE ordinal = ?");
    sql.append(expected ? " AND version = ? AND armed = ?" : "");

    GUICHET_LET(auto update, db_.use(sql));
    result<void> bound;
    bit = 1;
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        if (columns & bit && bound)
            bound = put_column(update, read_.names(), d, after);
        bit <<= 1;
    });
    GUICHET_TRY(bound);
    if (other_openness)
        update.number(std::int64_t{after.open()});
    if (other_lists) {
        pack_lists(after);
        update.packed(packed_);
    }
    if (last_event)
        *last_event ? update.number(*last_event) : update.null();
    update.number(armed).number(after.ordinal);
    if (expected)
        update.number(expected->version).number(expected->armed);
    return update.run();
}

inline result<void> unit::note_state(ticket const& t) {
    GUICHET_LET(auto const tenant, read_.names().make(t.tenant));
    std::int64_t state = 0;
    if (!t.state.empty()) {
        GUICHET_LET(state, read_.names().make(t.state));
    }
    std::tuple const known{tenant, state, t.open()};
    if (place_->states.contains(known) || !new_states_.insert(known).second)
        return {};
    GUICHET_LET(auto note,
                db_.use("INSERT INTO {states} (tenant, state, is_open) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"));
    return note.number(tenant).number(state).number(std::int64_t{t.open()}).run();
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
            GUICHET_LET(auto gone, db_.use("DELETE FROM {participants} WHERE person = ? AND ticket = ?"));
            GUICHET_TRY(gone.text(person).number(after.ordinal).run());
        }
    for (auto const person : now)
        if (!then.contains(person)) {
            GUICHET_LET(auto added, db_.use("INSERT INTO {participants} (person, ticket) VALUES (?, ?)"));
            GUICHET_TRY(added.text(person).number(after.ordinal).run());
        }
    return {};
}

inline result<void> unit::write_events(std::span<storage::stored_event const> events, event_place of,
                                       std::uint64_t previous) {
    GUICHET_LET(
        auto added,
        db_.use("INSERT INTO {events} (seq, ticket, previous, version, at, type, actor, cause, cause_due, body, "
                "hash, article) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    auto const place = [&](std::uint64_t row) { row ? added.number(row) : added.null(); };
    for (auto const& e : events) {
        added.number(e.seq);
        place(of.ticket);
        place(previous);
        added.number(e.version).at(e.at).number(e.type).text_or_null(e.actor).text_or_null(e.cause.what);
        put(added, e.cause.due);
        packed_.clear();
        pack(e.body, packed_);
        added.packed(packed_).blob(e.hash);
        place(of.article);
        GUICHET_TRY(added.run());
        head_ = {e.seq, e.hash};
        previous = e.seq;
    }
    return {};
}

inline result<void> unit::write_texts(std::span<storage::text_record const> texts,
                                      std::span<storage::stored_event const> events) {
    GUICHET_LET(auto added,
                db_.use("INSERT INTO {texts} (place, no, role, audience, side, channel, at, author, body, html, "
                        "salt, print) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    std::uint64_t seq = 0, place = 0;
    for (auto const& r : texts) {
        place = r.seq == seq ? place + 1 : 0;
        seq = r.seq;
        auto const of = std::find_if(events.begin(), events.end(), [&](auto const& e) { return e.seq == seq; });
        if (of == events.end() || place >= std::uint64_t{places_per_event})
            return misuse("a text came with event " + std::to_string(seq) + ", which is not its own or has too many");
        added.number(seq * places_per_event + place).number(r.no);
        put(added, r.role);
        put(added, r.audience);
        put(added, r.side);
        put(added, r.channel);
        r.at == of->at ? added.null() : added.at(r.at);
        r.author == of->actor ? added.null() : added.text(r.author);
        added.text_or_null(r.body).text_or_null(r.html);
        r.erased ? added.null().blob(r.print) : added.blob(r.salt).null();
        GUICHET_TRY(added.run());
    }
    return {};
}

/// Destroys the content of texts and keeps their prints.
inline result<void> unit::erase_texts(event_place of, ticket_id id, std::span<std::uint32_t const> numbers) {
    if (numbers.empty())
        return {};
    // Reads all receipts: there is no index for what is done once in a while.
    GUICHET_LET(auto unprint,
                db_.use("UPDATE {receipts} SET print = zeroblob(32) WHERE ticket = ?1 OR (ticket IS NULL AND EXISTS "
                        "(SELECT 1 FROM {events} e WHERE e.seq = first_seq AND (e.ticket = ?1 OR e.article = ?2)))"));
    GUICHET_TRY(unprint.number(of.ticket).number(of.article).run());
    GUICHET_LET(auto pieces, db_.use("DELETE FROM {pieces}"));
    GUICHET_TRY(pieces.run());
    erased_ |= db_.changed() > 0;
    GUICHET_LET(auto const texts, texts_of(id));
    std::uint64_t seq = 0, place = 0;
    for (auto const& r : texts) {
        place = r.seq == seq ? place + 1 : 0;
        seq = r.seq;
        if (r.erased || std::find(numbers.begin(), numbers.end(), r.no) == numbers.end())
            continue;
        auto const print = storage::text_print(r);
        GUICHET_LET(auto erase,
                    db_.use("UPDATE {texts} SET body = NULL, html = NULL, salt = NULL, print = ? WHERE place = ?"));
        GUICHET_TRY(erase.blob(print).number(seq * places_per_event + place).run());
        erased_ = true;
    }
    return {};
}

/// Finds the rows of the timers that go. The ticket's list says when they are due, as long as it has as many as there
/// are rows; else all timers are searched.
inline result<unit::timer_moves> unit::plan_timers(storage::ticket_change const& change, met& of) {
    timer_moves out;
    if (change.disarmed.empty() && change.armed.empty())
        return out;
    auto known = change.before ? change.before->timers : std::vector<timer>{};
    if (known.size() != of.armed) {
        known.clear();
        GUICHET_LET(auto rows, db_.use("SELECT kind, name, due FROM {timers} WHERE ticket = ?"));
        rows.number(of.latest->ordinal);
        for (;;) {
            GUICHET_LET(bool const more, rows.step());
            if (!more)
                break;
            auto& t = known.emplace_back();
            get(rows, 0, t.kind);
            t.name = rows.text_at(1);
            t.due = rows.instant_at(2);
        }
    }
    auto const disarm = [&](timer const& t) {
        auto const same = [&](timer const& other) { return other.kind == t.kind && other.name == t.name; };
        if (auto const row = std::find_if(known.begin(), known.end(), same); row != known.end()) {
            out.gone.push_back(std::move(*row));
            known.erase(row);
        }
        std::erase_if(out.come, same);
    };
    for (auto const& t : change.disarmed)
        disarm(t);
    for (auto const& t : change.armed) {
        disarm(t);
        out.come.push_back(t);
    }
    of.armed = known.size() + out.come.size();
    return out;
}

inline result<void> unit::move_timers(timer_moves const& moves, std::uint64_t ordinal) {
    auto const each = [&](std::vector<timer> const& timers, char const* sql) -> result<void> {
        for (auto const& t : timers) {
            GUICHET_LET(auto row, db_.use(sql));
            row.at(t.due).number(ordinal);
            put(row, t.kind);
            GUICHET_TRY(row.text(t.name).run());
        }
        return {};
    };
    GUICHET_TRY(each(moves.gone, "DELETE FROM {timers} WHERE due = ? AND ticket = ? AND kind = ? AND name = ?"));
    return each(moves.come, "INSERT INTO {timers} (due, ticket, kind, name) VALUES (?, ?, ?, ?)");
}

} // namespace guichet::inline v0::sqlite
