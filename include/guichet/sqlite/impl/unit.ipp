#pragma once
#include <guichet/sqlite/impl/reading.ipp>
#include <guichet/sqlite/impl/schema.ipp>
#include <guichet/storage/guest_unit.hpp>
#include <guichet/storage/impl/writer_gate.ipp>

#include <set>

/// The one writer: a transaction of SQLite, with what is collected in memory until the commit.
namespace guichet::inline v0::sqlite {

/// What the units of work of a store share.
struct writing_place {
    std::unique_ptr<connection> db;
    storage::detail::writer_gate gate;
    name_table names;
    facet_cache facets;
    // The writer's alone:
    std::set<std::tuple<std::int64_t, std::int64_t, bool>> states{}; ///< committed rows of `states`
    bool log_to_empty = false;                                       ///< it still holds something erased
};

/// Over the store's own connection, or as a guest over one of the host's, which it borrows.
class unit final : public storage::guest_unit {
public:
    explicit unit(std::shared_ptr<writing_place> where, std::unique_ptr<connection> hosts = nullptr)
        : place_{std::move(where)},
          hosts_{std::move(hosts)},
          db_{hosts_ ? *hosts_ : *place_->db},
          read_{place_->names, db_, false} {}
    unit(unit const&) = delete;
    unit& operator=(unit const&) = delete;
    ~unit() override {
        if (!over_)
            end();
    }

    /// Begins the transaction, or joins that of the host; called once, by the store.
    result<void> start() {
        GUICHET_TRY(hosts_ ? join() : db_.run("BEGIN IMMEDIATE"));
        GUICHET_LET(head_, read_.head());
        seq_at_start_ = head_.seq;
        return {};
    }

    result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return guard([&] { return load_met(tenant, id); });
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return guard([&] { return read_.find_number(tenant, number); });
    }
    result<storage::article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return guard([&] { return read_.load_article(tenant, id); });
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return guard([&] { return read_.find_article(tenant, number); });
    }
    result<std::vector<storage::article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return guard([&] { return read_.translations(tenant, original); });
    }
    result<std::uint64_t> next_in_sequence(std::string_view tenant, std::string_view name) override;
    result<std::optional<storage::receipt>> find_receipt(std::string_view tenant, command_id id) override;
    result<std::vector<storage::text_record>> load_texts(ticket_id id) override {
        return guard([&] { return texts_of(id); });
    }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return guard([&] { return read_.read_log(after_seq, limit); });
    }
    storage::log_head head() override { return head_; }

    result<void> append(storage::ticket_change const& change) override {
        return guard([&] { return write(change); });
    }
    result<void> append(storage::article_change const& change) override {
        return guard([&] { return write(change); });
    }
    result<void> put_receipt(storage::receipt const& r) override;
    result<void> put_outbox(storage::outbox_entry const& entry) override;
    result<std::uint32_t> put_document(document const& d) override;
    result<digest> put_blob(std::span<std::byte const> bytes) override;
    result<std::optional<std::uint64_t>> find_blob(digest const& address) override;
    result<void> use_blob(digest const& address) override;
    result<void> drop_blob(digest const& address) override;
    result<void> ack_outbox(std::uint64_t id) override;
    result<void> retry_outbox(std::uint64_t id, instant not_before) override;
    result<void> drop_outbox(ticket_id about) override;
    result<void> put_piece(std::string_view name, std::span<std::uint8_t const> bytes) override;
    result<void> drop_piece(std::string_view name) override;
    result<std::optional<inquiry>> load_inquiry(std::string_view tenant, inquiry_id id) override;
    result<void> put_inquiry(inquiry const& i) override;
    result<std::uint64_t> drop_inquiries(storage::inquiries_of const& some) override;
    result<void> flush() override {
        auto out = guard([&] { return write_held_back(); });
        facets_ = {};
        return out;
    }
    result<void> commit() override;
    bool leave() noexcept override {
        bool const too_late = hosts_ && !undo() && is_in_log();
        if (too_late)
            publish();
        end();
        return too_late;
    }

private:
    static error misuse(std::string problem) { return {reason::defect, {{"problem", std::move(problem)}}}; }

    /// After an error nothing of the unit may be committed, so it refuses all that follows.
    template <class Work>
    auto guard(Work const& work) -> decltype(work()) {
        if (broken_)
            return *broken_;
        if (over_)
            return misuse("a unit of work was used after its commit");
        if (hosts_ && !db_.in_transaction())
            return error{reason::joined_over};
        auto out = work();
        if (!out)
            broken_ = out.error();
        return out;
    }
    /// Rolls back what was not committed, and lets the next one in.
    void end() noexcept {
        over_ = true;
        if (!hosts_ && db_.in_transaction())
            (void)db_.run("ROLLBACK");
        if (hosts_ && !undone_)
            (void)undo();
        if (hosts_)
            (void)db_.run(secure_delete_before_);
        place_->gate.leave();
    }

    // As a guest.

    /// With the file's lock for writing from the start: a snapshot that another writer made old is refused here, and
    /// not in the middle of a command. Erased text is overwritten, whatever the host's connection does.
    result<void> join() {
        GUICHET_LET(auto const secure, db_.ask("PRAGMA secure_delete"));
        secure_delete_before_ = "PRAGMA secure_delete = " + std::to_string(secure);
        GUICHET_TRY(db_.run("PRAGMA secure_delete = ON"));
        began_ = !db_.in_transaction();
        if (began_)
            GUICHET_TRY(db_.run("BEGIN IMMEDIATE"));
        GUICHET_TRY(db_.run("SAVEPOINT {unit_of_work}"));
        return db_.run("UPDATE {states} SET is_open = is_open WHERE false");
    }
    /// Takes back what was written since `join`. False when the host has ended the transaction, and our savepoint with
    /// it.
    bool undo() noexcept {
        undone_ = true;
        bool const ours = db_.run("ROLLBACK TO {unit_of_work}; RELEASE {unit_of_work}").has_value();
        if (ours && began_)
            (void)db_.run("ROLLBACK");
        return ours;
    }
    /// Whether the host has committed what this unit wrote. The log tells, by the hash of the last event, and it is
    /// asked over the store's own connection, which sees nothing else than what is committed.
    bool is_in_log() noexcept {
        if (head_.seq == seq_at_start_)
            return false;
        auto row = place_->db->use("SELECT hash FROM {events} WHERE seq = ?");
        auto const there = row ? row->number(head_.seq).step() : result<bool>{false};
        digest found{};
        if (there && *there)
            row->bytes_at(0, found);
        return found == head_.hash;
    }
    result<void> commit_as_guest();

    /// After a commit: what the next units and the readers go on with.
    void publish() {
        read_.names().publish();
        place_->states.merge(new_states_);
        // What was erased must not live on in the write-ahead log. A reader at work puts this off to the next commit.
        place_->log_to_empty |= erased_;
        if (place_->log_to_empty)
            place_->log_to_empty = !place_->db->empty_log();
    }
    /// A failed write is undone and known to be; when the disk did not answer a flush, nobody knows what it holds.
    result<void> send_commit() {
        auto const done = [&]() -> result<void> { // the statement is put back before somebody else has the connection
            GUICHET_LET(auto commit, db_.use("COMMIT"));
            return commit.run();
        }();
        if (!done && sqlite3_extended_errcode(db_.handle()) == SQLITE_IOERR_FSYNC)
            return error{reason::commit_in_doubt, {{"problem", std::string{done.error()["problem"]}}}};
        return done;
    }

    /// A ticket that the unit has met: its row as it is stored and as it is to be at the commit, which are the same
    /// until it is changed; where its chain of events ends, and how many timers it has (0 for none). However often a
    /// unit changes a ticket, its row is written once.
    struct met {
        storage::ticket_snapshot stored, latest;
        std::uint64_t last_event = 0, armed = 0;
    };
    /// A ticket of any tenant; null when there is none.
    result<met*> meet(ticket_id id) {
        if (auto const known = met_.find(id); known != met_.end())
            return &known->second;
        static std::string const sql = select_ticket() + "id = ?";
        GUICHET_LET(auto row, db_.use(sql));
        GUICHET_LET(auto const found, read_.one(row.blob(id.bytes)));
        if (!found)
            return nullptr;
        return &(met_[id] = {found, found, row.count_at(last_event_column), row.count_at(armed_column)});
    }
    result<storage::ticket_snapshot> load_met(std::string_view tenant, ticket_id id) {
        GUICHET_LET(auto const* const found, meet(id));
        return found && found->latest->tenant == tenant ? found->latest : nullptr;
    }
    result<std::vector<storage::text_record>> texts_of(ticket_id id) {
        GUICHET_LET(auto const* const found, meet(id));
        return found ? read_.read_texts_of_chain(found->last_event) : read_.read_texts(id);
    }

    // append, in parts; see append.ipp
    result<void> write(storage::ticket_change const& change);
    result<void> write(storage::article_change const& change);
    result<void> check_log(std::span<storage::stored_event const> events, ticket_id of, std::string_view tenant) const;
    template <class Row>
    result<void> check_version(Row const* before, Row const& after, Row const* present, error const& taken) const;
    /// What an event happened to: the place of one of these.
    struct event_place {
        std::uint64_t ticket = 0, article = 0;
    };
    result<void> insert_row(ticket& t, met& as);
    /// The row as the caller knows it, for an update that reads nothing first.
    struct expected_row {
        std::uint64_t version, armed;
    };
    result<void> update_row(ticket const& before, ticket const& after, std::uint64_t armed,
                            std::optional<std::uint64_t> last_event, std::optional<expected_row> expected = {});
    result<bool> write_derived(storage::ticket_change const& change);
    void pack_lists(ticket_lists const& lists);
    result<void> note_state(ticket const& t);
    result<void> write_participants(ticket const* before, ticket const& after);
    result<void> write_events(std::span<storage::stored_event const> events, event_place of, std::uint64_t previous);
    result<void> write_texts(std::span<storage::text_record const> texts,
                             std::span<storage::stored_event const> events);
    result<void> erase_texts(event_place of, ticket_id id, std::span<std::uint32_t const> numbers);
    struct timer_moves {
        std::vector<timer> gone, come;
    };
    result<void> write_held_back();
    result<timer_moves> plan_timers(storage::ticket_change const& change, met& of);
    result<void> move_timers(timer_moves const& moves, std::uint64_t ordinal);

    std::shared_ptr<writing_place> place_;
    std::unique_ptr<connection> hosts_; ///< borrowed; null: not a guest
    connection& db_;
    reading read_;
    storage::log_head head_;
    std::uint64_t seq_at_start_ = 0;
    std::unordered_map<ticket_id, met> met_;
    storage::facet_changes facets_;
    std::map<std::pair<std::string, std::string>, std::uint64_t> sequences_;
    std::set<std::tuple<std::int64_t, std::int64_t, bool>> new_states_;
    std::string json_, packed_; ///< room, kept
    bool erased_ = false;
    std::optional<error> broken_;
    bool over_ = false;
    bool began_ = false, undone_ = false; ///< as a guest: the transaction began here; it is no more
    std::string secure_delete_before_;
};

inline result<std::uint64_t> unit::next_in_sequence(std::string_view tenant, std::string_view name) {
    return guard([&]() -> result<std::uint64_t> {
        auto const [at, fresh] = sequences_.try_emplace({std::string{tenant}, std::string{name}});
        if (fresh) {
            GUICHET_LET(auto const number, read_.names().make(tenant));
            GUICHET_LET(auto row, db_.use("SELECT value FROM {sequences} WHERE tenant = ? AND name = ?"));
            GUICHET_LET(bool const found, row.number(number).text(name).step());
            at->second = found ? row.count_at(0) : 0;
        }
        return ++at->second;
    });
}

inline result<std::optional<storage::receipt>> unit::find_receipt(std::string_view tenant, command_id id) {
    return guard([&]() -> result<std::optional<storage::receipt>> {
        std::optional<storage::receipt> out;
        GUICHET_LET(auto const number, read_.names().number(tenant));
        if (!number)
            return out;
        GUICHET_LET(auto row,
                    db_.use("SELECT r.print, coalesce(t.id, r.ticket, a.id), r.first_seq, r.more FROM {receipts} r "
                            "LEFT JOIN {events} e ON e.seq = r.first_seq "
                            "LEFT JOIN {tickets} t ON t.ordinal = ifnull(r.ticket, e.ticket) "
                            "LEFT JOIN {articles} a ON a.ordinal = e.article WHERE r.id = ? AND r.tenant = ?"));
        GUICHET_LET(bool const found, row.blob(id.bytes).number(*number).step());
        if (!found)
            return out;
        auto& r = out.emplace();
        r.id = id;
        r.tenant = tenant;
        row.bytes_at(0, r.print);
        get(row, 1, r.ticket);
        r.first_seq = row.count_at(2);
        r.last_seq = r.first_seq + row.count_at(3);
        return out;
    });
}

inline result<void> unit::put_receipt(storage::receipt const& r) {
    GUICHET_LET(auto const known, find_receipt(r.tenant, r.id));
    return guard([&]() -> result<void> {
        if (known)
            return error{reason::command_id_reused, {{"command", to_string(r.id)}}};
        GUICHET_LET(auto const tenant, read_.names().make(r.tenant));
        GUICHET_LET(auto const* const about, meet(r.ticket));
        auto const ordinal = about ? about->latest->ordinal : 0;
        GUICHET_LET(auto first, db_.use("SELECT ticket FROM {events} WHERE seq = ?"));
        GUICHET_LET(bool const found, first.number(r.first_seq).step());
        GUICHET_LET(auto added, db_.use("INSERT INTO {receipts} (id, tenant, print, ticket, first_seq, more) "
                                        "VALUES (?, ?, ?, ?, ?, ?)"));
        added.blob(r.id.bytes).number(tenant).blob(r.print);
        if (found && first.count_at(0) == ordinal)
            added.null();
        else if (ordinal != 0)
            added.number(ordinal);
        else
            added.blob(r.ticket.bytes);
        return added.number(r.first_seq).number(r.last_seq - r.first_seq).run();
    });
}

inline result<void> unit::put_outbox(storage::outbox_entry const& entry) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto const tenant, read_.names().make(entry.tenant));
        GUICHET_LET(auto added, db_.use("INSERT INTO {outbox} (tenant, ticket, kind, body, not_before, attempts) "
                                        "VALUES (?, ?, ?, ?, ?, ?)"));
        added.number(tenant).blob(entry.ticket.bytes).text(entry.kind).text(entry.body);
        return added.at(entry.not_before).number(entry.attempts).run();
    });
}

inline result<void> unit::drop_outbox(ticket_id about) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto gone, db_.use("DELETE FROM {outbox} WHERE ticket = ?"));
        return gone.blob(about.bytes).run();
    });
}

inline result<void> unit::ack_outbox(std::uint64_t id) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto gone, db_.use("DELETE FROM {outbox} WHERE id = ?"));
        return gone.number(id).run();
    });
}

inline result<void> unit::retry_outbox(std::uint64_t id, instant not_before) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto later, db_.use("UPDATE {outbox} SET not_before = ?, attempts = attempts + 1 WHERE id = ?"));
        return later.at(not_before).number(id).run();
    });
}

inline result<std::uint32_t> unit::put_document(document const& d) {
    return guard([&]() -> result<std::uint32_t> {
        GUICHET_LET(auto last, db_.use("SELECT max(version) FROM {documents} WHERE kind = ? AND id = ?"));
        GUICHET_TRY(last.text(d.kind).text(d.id).step());
        auto const version = last.small_at(0) + 1;
        GUICHET_LET(auto added,
                    db_.use("INSERT INTO {documents} (kind, id, version, body, author, at) VALUES (?, ?, ?, ?, ?, ?)"));
        GUICHET_TRY(added.text(d.kind).text(d.id).number(version).text(d.body).text(d.author).at(d.at).run());
        return version;
    });
}

inline result<digest> unit::put_blob(std::span<std::byte const> bytes) {
    return guard([&]() -> result<digest> {
        auto const address = hash(bytes);
        GUICHET_LET(auto again, db_.use("SELECT 1 FROM {blobs} WHERE digest = ?"));
        GUICHET_LET(bool const known, again.blob(address).step());
        if (known)
            return address;
        GUICHET_LET(auto content, db_.use("INSERT INTO {blob_bytes} (content) VALUES (?)"));
        GUICHET_TRY(content.blob(bytes).run());
        auto const number = db_.last_row();
        GUICHET_LET(auto first, db_.use("INSERT INTO {blobs} (digest, uses, bytes) VALUES (?, 0, ?)"));
        GUICHET_TRY(first.blob(address).number(number).run());
        return address;
    });
}

inline result<std::optional<std::uint64_t>> unit::find_blob(digest const& address) {
    return guard([&]() -> result<std::optional<std::uint64_t>> {
        GUICHET_LET(auto row,
                    db_.use("SELECT length(c.content) FROM {blobs} b JOIN {blob_bytes} c ON c.number = b.bytes "
                            "WHERE b.digest = ?"));
        GUICHET_LET(bool const found, row.blob(address).step());
        return found ? std::optional{row.count_at(0)} : std::nullopt;
    });
}

inline result<void> unit::use_blob(digest const& address) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto more, db_.use("UPDATE {blobs} SET uses = uses + 1 WHERE digest = ?"));
        GUICHET_TRY(more.blob(address).run());
        if (db_.changed() == 0)
            return error{reason::blob_not_found, {{"digest", to_hex(address)}}};
        return {};
    });
}

inline result<void> unit::drop_blob(digest const& address) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto less,
                    db_.use("UPDATE {blobs} SET uses = max(uses - 1, 0) WHERE digest = ? RETURNING uses, bytes"));
        GUICHET_LET(bool const found, less.blob(address).step());
        if (!found)
            return error{reason::blob_not_found, {{"digest", to_hex(address)}}};
        if (less.number_at(0) > 0)
            return {};
        auto const content = less.number_at(1);
        GUICHET_TRY(less.run());
        GUICHET_LET(auto row, db_.use("DELETE FROM {blobs} WHERE digest = ?"));
        GUICHET_TRY(row.blob(address).run());
        GUICHET_LET(auto bytes, db_.use("DELETE FROM {blob_bytes} WHERE number = ?"));
        erased_ = true;
        return bytes.number(content).run();
    });
}

inline result<void> unit::put_piece(std::string_view name, std::span<std::uint8_t const> bytes) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto put, db_.use("INSERT INTO {pieces} (name, content) VALUES (?, ?) "
                                      "ON CONFLICT DO UPDATE SET content = excluded.content"));
        return put.text(name).blob(std::as_bytes(bytes)).run();
    });
}

inline result<void> unit::drop_piece(std::string_view name) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto gone, db_.use("DELETE FROM {pieces} WHERE name = ?"));
        return gone.text(name).run();
    });
}

inline result<std::optional<inquiry>> unit::load_inquiry(std::string_view tenant, inquiry_id id) {
    return guard([&]() -> result<std::optional<inquiry>> {
        std::optional<inquiry> out;
        GUICHET_LET(auto const owner, read_.names().number(tenant));
        if (!owner)
            return out;
        GUICHET_LET(auto row, db_.use("SELECT content FROM {inquiries} WHERE tenant = ? AND id = ?"));
        GUICHET_LET(bool const found, row.number(*owner).blob(id.bytes).step());
        if (found) {
            GUICHET_LET(out, unpack_inquiry(row, 0));
        }
        return out;
    });
}

inline result<void> unit::put_inquiry(inquiry const& i) {
    return guard([&]() -> result<void> {
        GUICHET_LET(auto const owner, read_.names().make(i.tenant));
        json_.clear();
        packed_.clear();
        encode_row(i, json_);
        pack(json_, packed_);
        GUICHET_LET(auto put,
                    db_.use("INSERT INTO {inquiries} (tenant, id, at, person, content) VALUES (?, ?, ?, ?, ?) "
                            "ON CONFLICT DO UPDATE SET content = excluded.content"));
        return put.number(owner).blob(i.id.bytes).at(i.at).text(i.person).packed(packed_).run();
    });
}

inline result<std::uint64_t> unit::drop_inquiries(storage::inquiries_of const& some) {
    return guard([&]() -> result<std::uint64_t> {
        std::string sql = "DELETE FROM {inquiries} WHERE true";
        sql.append(some.tenant ? " AND tenant = ?" : "").append(some.person ? " AND person = ?" : "");
        sql.append(some.before ? " AND at < ?" : "");
        GUICHET_LET(auto gone, db_.use(sql));
        if (some.tenant) {
            GUICHET_LET(auto const owner, read_.names().number(*some.tenant));
            gone.number(owner.value_or(0));
        }
        if (some.person)
            gone.text(*some.person);
        if (some.before)
            gone.at(*some.before);
        GUICHET_TRY(gone.run());
        auto const dropped = static_cast<std::uint64_t>(db_.changed());
        erased_ |= dropped > 0;
        return dropped;
    });
}

inline result<void> unit::write_held_back() {
    for (auto& [id, ticket] : met_)
        if (ticket.stored != ticket.latest) {
            GUICHET_TRY(update_row(*ticket.stored, *ticket.latest, ticket.armed, ticket.last_event));
            ticket.stored = ticket.latest;
        }
    for (auto const& [name, value] : sequences_) {
        GUICHET_LET(auto const tenant, read_.names().make(name.first));
        GUICHET_LET(auto save, db_.use("INSERT INTO {sequences} (tenant, name, value) VALUES (?, ?, ?) "
                                       "ON CONFLICT DO UPDATE SET value = excluded.value"));
        GUICHET_TRY(save.number(tenant).text(name.second).number(value).run());
    }
    return save_facets(db_, read_.names(), facets_);
}

/// The counters in memory are told nothing: they find that the log has gone on.
inline result<void> unit::commit_as_guest() {
    if (over_)
        return misuse("a unit of work was used after its end");
    auto const write = [&]() -> result<void> {
        GUICHET_TRY(flush());
        return send_commit();
    };
    auto const look = [&]() -> result<void> { // for the host has ended it
        if (head_.seq == seq_at_start_)
            return error{reason::commit_in_doubt, {{"problem", "the host ended the transaction"}}};
        return is_in_log() ? result<void>{} : error{reason::joined_rolled_back};
    };
    bool const open = db_.run("RELEASE {unit_of_work}").has_value();
    undone_ = true;
    auto const done = open ? write() : look();
    if (done)
        publish();
    else if (open && db_.in_transaction())
        (void)db_.run("ROLLBACK");
    end();
    return done;
}

inline result<void> unit::commit() {
    if (hosts_)
        return commit_as_guest();
    GUICHET_TRY(guard([&] { return write_held_back(); }));
    auto const done = send_commit();
    if (done) {
        place_->facets.commit(seq_at_start_, head_.seq, facets_);
        publish();
    }
    end();
    return done;
}

} // namespace guichet::inline v0::sqlite
