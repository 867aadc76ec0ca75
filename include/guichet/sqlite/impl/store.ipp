#pragma once
#include <guichet/sqlite/impl/append.ipp>
#include <guichet/sqlite/sqlite_store.hpp>

#include <cstdio>

namespace guichet::inline v0::sqlite {

/// Reader connections: opened when needed, a few kept.
class reader_pool {
public:
    reader_pool(std::string path, sqlite_options const& options) : path_{std::move(path)}, options_{options} {}

    result<std::unique_ptr<connection>> take() {
        {
            std::lock_guard const lock{mutex_};
            if (!idle_.empty()) {
                auto out = std::move(idle_.back());
                idle_.pop_back();
                return out;
            }
        }
        return open_reader(path_, options_, options_.cache_bytes / 2 / kept_max);
    }
    void give_back(std::unique_ptr<connection> done) {
        std::lock_guard const lock{mutex_};
        if (idle_.size() < kept_max)
            idle_.push_back(std::move(done));
    }

private:
    static constexpr std::size_t kept_max = 4;

    std::string path_;
    sqlite_options options_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<connection>> idle_;
};

class store final : public storage::store {
public:
    store(std::string path, sqlite_options const& options, std::unique_ptr<connection> writer)
        : options_{options},
          path_{path},
          place_{std::make_shared<writing_place>()},
          readers_{std::move(path), options} {
        place_->db = std::move(writer);
        if (!options_.prefix.empty())
            place_->db->wait_at_most(std::min(options_.busy_time, shared_attempt));
    }

    result<std::unique_ptr<storage::unit_of_work>> begin() override {
        if (options_.read_only)
            return error{reason::store_read_only};
        bool const own_file = options_.prefix.empty();
        for (auto left = own_file ? 1 : options_.busy_time / shared_attempt;; --left) {
            auto work = start(nullptr, own_file ? options_.busy_time : shared_attempt);
            if (work || left <= 1 || work.error().why() != reason::store_busy)
                return work;
        }
    }
    /// A unit of work in the transaction of a connection of the host's.
    result<std::unique_ptr<storage::guest_unit>> join(sqlite3* hosts) {
        if (options_.read_only)
            return error{reason::store_read_only};
        char const* const path = sqlite3_db_filename(hosts, "main");
        std::string_view const mine = sqlite3_db_filename(place_->db->handle(), "main");
        if (!path || path != mine || options_.prefix.empty())
            return error{reason::join_elsewhere, {{"path", path ? path : ""}, {"desk", std::string{mine}}}};
        return start(connection::borrow(hosts, options_.prefix), options_.busy_time);
    }

    result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return with_reader([&](reading& r) { return r.load(tenant, id); });
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return with_reader([&](reading& r) { return r.find_number(tenant, number); });
    }
    result<storage::article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return with_reader([&](reading& r) { return r.load_article(tenant, id); });
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return with_reader([&](reading& r) { return r.find_article(tenant, number); });
    }
    result<std::vector<storage::article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                            std::size_t limit) override {
        return with_reader([&](reading& r) { return r.articles(tenant, after, limit); });
    }
    result<std::vector<storage::article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return with_reader([&](reading& r) { return r.translations(tenant, original); });
    }
    result<std::vector<storage::ticket_snapshot>> find(storage::ticket_query const& asked,
                                                       expr::schema const& schema) override {
        return with_reader([&](reading& r) { return r.find(asked, schema); });
    }
    result<std::vector<storage::counter>> count(std::span<storage::ticket_query const> asked,
                                                expr::schema const& schema) override {
        return with_reader([&](reading& r) { return counters(r, asked, schema); });
    }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return with_reader([&](reading& r) { return r.read_log(after_seq, limit); });
    }
    result<std::vector<storage::stored_event>> read_history(ticket_id id) override {
        return with_reader([&](reading& r) { return r.read_history(id); });
    }
    result<std::vector<storage::text_record>> read_texts(ticket_id id) override {
        return with_reader([&](reading& r) { return r.read_texts(id); });
    }
    result<std::vector<storage::text_record>> read_texts_between(std::uint64_t first_seq,
                                                                 std::uint64_t last_seq) override {
        return with_reader([&](reading& r) { return r.read_texts_between(first_seq, last_seq); });
    }
    result<storage::log_head> head() override {
        return with_reader([&](reading& r) { return r.head(); });
    }
    result<std::vector<std::string>> tenants() override;
    result<std::vector<storage::due_timer>> due_timers(instant now, std::size_t limit) override;
    result<std::optional<instant>> next_timer() override;
    result<std::vector<storage::outbox_entry>> due_outbox(instant now, std::size_t limit) override;
    result<std::vector<document>> documents(std::string_view kind) override;
    result<std::vector<document>> document_versions(std::string_view kind, std::string_view id) override;
    result<std::vector<std::byte>> read_blob(digest const& address) override;
    result<std::vector<std::string>> piece_names() override;
    result<std::optional<std::vector<std::uint8_t>>> read_piece(std::string_view name) override;
    result<std::vector<inquiry>> inquiries(std::string_view tenant, storage::inquiry_place const& after,
                                           std::size_t limit) override;
    result<storage::store_stats> stats() override;
    result<void> check() override;
    result<void> backup(std::string const& path) override;

private:
    /// How long the writer of a shared file tries at a time for the file's lock before it gives its turn back. For who
    /// has the lock may be a connection of the host's that is about to join, and waits for that turn.
    static constexpr std::chrono::milliseconds shared_attempt{50};

    result<std::unique_ptr<unit>> start(std::unique_ptr<connection> hosts, std::chrono::milliseconds patience) {
        if (!place_->gate.enter(patience))
            return error{reason::store_busy, {{"problem", "another unit of work is open"}}};
        auto work = std::make_unique<unit>(place_, std::move(hosts));
        GUICHET_TRY(work->start());
        return work;
    }
    /// Several reads of one state of the file.
    template <class Work>
    auto with_reader(Work const& work) -> std::invoke_result_t<Work, reading&> {
        GUICHET_LET(auto db, readers_.take());
        auto out = [&]() -> std::invoke_result_t<Work, reading&> {
            GUICHET_LET(auto const one_state, snapshot::begin(*db));
            reading r{place_->names, *db, true};
            return work(r);
        }();
        if (out)
            readers_.give_back(std::move(db));
        return out;
    }
    /// Every row of a statement, made into a value.
    template <class T, class Read>
    static result<std::vector<T>> gather(query& rows, Read const& read) {
        std::vector<T> out;
        for (;;) {
            GUICHET_LET(bool const more, rows.step());
            if (!more)
                return out;
            GUICHET_TRY(read(out.emplace_back()));
        }
    }
    static result<void> get_document(query const& row, document& d) {
        d.kind = row.text_at(0);
        d.id = row.text_at(1);
        d.version = row.small_at(2);
        d.body = row.text_at(3);
        d.author = row.text_at(4);
        d.at = row.instant_at(5);
        return {};
    }
    result<std::vector<storage::counter>> counters(reading& r, std::span<storage::ticket_query const> asked,
                                                   expr::schema const& schema);

    sqlite_options options_;
    std::string path_;
    std::shared_ptr<writing_place> place_;
    reader_pool readers_;
};

inline result<std::vector<storage::counter>> store::counters(reading& r, std::span<storage::ticket_query const> asked,
                                                             expr::schema const& schema) {
    std::vector<storage::counter> out;
    std::shared_ptr<facet_tables const> tables;
    std::map<std::string_view, facet_counter> by_tenant;
    for (auto const& one : asked) {
        if (!storage::facets_answer(one.wanted, schema) || !storage::facets_answer(one.visible, schema)) {
            GUICHET_LET(auto const counted, r.count(one, schema));
            out.push_back(counted);
            continue;
        }
        if (!tables) {
            GUICHET_LET(auto const head, r.head());
            tables = place_->facets.at(head.seq);
            if (!tables) {
                GUICHET_LET(auto loaded, load_facets(r.db(), r.names(), head.seq));
                tables = loaded;
                place_->facets.put(std::move(loaded));
            }
        }
        auto& c = out.emplace_back();
        auto const facets = tables->tenants.find(one.tenant);
        if (facets == tables->tenants.end())
            continue;
        auto& counter = by_tenant.try_emplace(one.tenant, facets->second, facets->first, schema).first->second;
        GUICHET_LET(auto wanted, counter.where(one.wanted.root()));
        GUICHET_LET(auto const visible, counter.where(one.visible.root()));
        for (std::size_t i = 0; i < wanted.size(); ++i)
            wanted[i] &= visible[i];
        c.count = facets->second.sum(wanted);
    }
    return out;
}

inline result<std::vector<std::string>> store::tenants() {
    return with_reader([&](reading& r) -> result<std::vector<std::string>> {
        GUICHET_LET(auto rows,
                    r.db().use("SELECT name FROM {names} n WHERE EXISTS (SELECT 1 FROM {facets} f WHERE f.tenant = "
                               "n.number) ORDER BY name"));
        return gather<std::string>(rows, [&](std::string& name) -> result<void> {
            name = rows.text_at(0);
            return {};
        });
    });
}

inline result<std::vector<storage::due_timer>> store::due_timers(instant now, std::size_t limit) {
    return with_reader([&](reading& r) -> result<std::vector<storage::due_timer>> {
        GUICHET_LET(auto rows,
                    r.db().use("SELECT t.tenant, t.id, m.kind, m.name, m.due FROM {timers} m CROSS JOIN {tickets} t ON "
                               "t.ordinal = m.ticket WHERE m.due <= ? ORDER BY m.due, m.ticket, m.kind, m.name "
                               "LIMIT ?"));
        rows.at(now).number(std::uint64_t{limit});
        return gather<storage::due_timer>(rows, [&](storage::due_timer& due) -> result<void> {
            GUICHET_TRY(r.names().name(rows.number_at(0), due.tenant));
            get(rows, 1, due.ticket);
            get(rows, 2, due.timer.kind);
            due.timer.name = rows.text_at(3);
            due.timer.due = rows.instant_at(4);
            return {};
        });
    });
}

inline result<std::optional<instant>> store::next_timer() {
    return with_reader([&](reading& r) -> result<std::optional<instant>> {
        GUICHET_LET(auto row, r.db().use("SELECT due FROM {timers} ORDER BY due LIMIT 1"));
        GUICHET_LET(bool const found, row.step());
        return found ? std::optional{row.instant_at(0)} : std::nullopt;
    });
}

inline result<std::vector<storage::outbox_entry>> store::due_outbox(instant now, std::size_t limit) {
    return with_reader([&](reading& r) -> result<std::vector<storage::outbox_entry>> {
        GUICHET_LET(auto rows, r.db().use("SELECT id, tenant, ticket, kind, body, not_before, attempts FROM {outbox} "
                                          "WHERE not_before <= ? ORDER BY not_before, id LIMIT ?"));
        rows.at(now).number(std::uint64_t{limit});
        return gather<storage::outbox_entry>(rows, [&](storage::outbox_entry& entry) -> result<void> {
            entry.id = rows.count_at(0);
            GUICHET_TRY(r.names().name(rows.number_at(1), entry.tenant));
            rows.bytes_at(2, entry.ticket.bytes);
            entry.kind = rows.text_at(3);
            entry.body = rows.text_at(4);
            entry.not_before = rows.instant_at(5);
            entry.attempts = rows.small_at(6);
            return {};
        });
    });
}

inline result<std::vector<document>> store::documents(std::string_view kind) {
    return with_reader([&](reading& r) -> result<std::vector<document>> {
        GUICHET_LET(auto rows,
                    r.db().use("SELECT kind, id, max(version), body, author, at FROM {documents} WHERE ?1 = '' OR kind "
                               "= ?1 GROUP BY kind, id ORDER BY kind, id"));
        rows.text(kind);
        return gather<document>(rows, [&](document& d) { return get_document(rows, d); });
    });
}

inline result<std::vector<document>> store::document_versions(std::string_view kind, std::string_view id) {
    return with_reader([&](reading& r) -> result<std::vector<document>> {
        GUICHET_LET(auto rows,
                    r.db().use("SELECT kind, id, version, body, author, at FROM {documents} WHERE kind = ? AND id = ? "
                               "ORDER BY version"));
        rows.text(kind).text(id);
        return gather<document>(rows, [&](document& d) { return get_document(rows, d); });
    });
}

inline result<std::vector<std::byte>> store::read_blob(digest const& address) {
    return with_reader([&](reading& r) -> result<std::vector<std::byte>> {
        GUICHET_LET(auto row,
                    r.db().use("SELECT c.content FROM {blobs} b JOIN {blob_bytes} c ON c.number = b.bytes WHERE "
                               "b.digest = ?"));
        GUICHET_LET(bool const found, row.blob(address).step());
        if (!found)
            return error{reason::blob_not_found, {{"digest", to_hex(address)}}};
        auto const bytes = row.blob_at(0);
        return std::vector<std::byte>{bytes.begin(), bytes.end()};
    });
}

inline result<std::vector<std::string>> store::piece_names() {
    return with_reader([&](reading& r) -> result<std::vector<std::string>> {
        GUICHET_LET(auto rows, r.db().use("SELECT name FROM {pieces} ORDER BY name"));
        return gather<std::string>(rows, [&](std::string& name) -> result<void> {
            name = rows.text_at(0);
            return {};
        });
    });
}

inline result<std::optional<std::vector<std::uint8_t>>> store::read_piece(std::string_view name) {
    return with_reader([&](reading& r) -> result<std::optional<std::vector<std::uint8_t>>> {
        std::optional<std::vector<std::uint8_t>> out;
        GUICHET_LET(auto row, r.db().use("SELECT content FROM {pieces} WHERE name = ?"));
        GUICHET_LET(bool const found, row.text(name).step());
        if (!found)
            return out;
        auto const bytes = row.blob_at(0);
        auto const* from = reinterpret_cast<std::uint8_t const*>(bytes.data());
        out.emplace(from, from + bytes.size());
        return out;
    });
}

inline result<std::vector<inquiry>> store::inquiries(std::string_view tenant, storage::inquiry_place const& after,
                                                     std::size_t limit) {
    return with_reader([&](reading& r) -> result<std::vector<inquiry>> {
        GUICHET_LET(auto const owner, r.names().number(tenant));
        if (!owner)
            return std::vector<inquiry>{};
        GUICHET_LET(auto rows, r.db().use("SELECT content FROM {inquiries} WHERE tenant = ?1 AND at >= ?2 AND "
                                          "(at > ?2 OR id > ?3) ORDER BY at, id LIMIT ?4"));
        rows.number(*owner).at(after.at).blob(after.id.bytes).number(std::uint64_t{limit});
        return gather<inquiry>(rows, [&](inquiry& i) -> result<void> {
            GUICHET_LET(i, unpack_inquiry(rows, 0));
            return {};
        });
    });
}

inline result<storage::store_stats> store::stats() {
    return with_reader([&](reading& r) -> result<storage::store_stats> {
        auto& db = r.db();
        storage::store_stats out;
        // Tickets and events are never deleted, so their last number is their count.
        for (auto const& [sql, into] : std::initializer_list<std::pair<char const*, std::uint64_t*>>{
                 {"SELECT max(ordinal) FROM {tickets}", &out.tickets},
                 {"SELECT max(ordinal) FROM {articles}", &out.articles},
                 {"SELECT max(seq) FROM {events}", &out.events},
                 {"SELECT count(*) FROM {texts}", &out.texts},
                 {"SELECT count(*) FROM {timers}", &out.timers},
                 {"SELECT count(*) FROM {receipts}", &out.receipts},
                 {"SELECT count(*) FROM {blobs}", &out.blobs},
                 {"SELECT count(*) FROM {documents}", &out.documents}}) {
            GUICHET_LET(auto const count, db.ask(sql));
            *into = static_cast<std::uint64_t>(count);
        }
        GUICHET_LET(auto const pages, db.ask("PRAGMA page_count"));
        GUICHET_LET(auto const page_size, db.ask("PRAGMA page_size"));
        out.bytes = static_cast<std::uint64_t>(pages * page_size);
        GUICHET_LET(auto const version, version_of(db));
        out.schema_version = static_cast<std::uint32_t>(version);
        return out;
    });
}

inline result<void> store::check() {
    return with_reader([&](reading& r) -> result<void> {
        auto const damaged = [](std::string problem) {
            return error{reason::store_corrupt, {{"problem", std::move(problem)}}};
        };
        GUICHET_LET(auto sound, r.db().use("PRAGMA integrity_check(1)"));
        GUICHET_TRY(sound.step());
        if (sound.text_at(0) != "ok")
            return damaged(std::string{sound.text_at(0)});
        GUICHET_LET(auto keys, r.db().use("SELECT \"table\" FROM pragma_foreign_key_check WHERE "
                                          "substr(\"table\", 1, length('{}')) = '{}' LIMIT 1"));
        GUICHET_LET(bool const dangling, keys.step());
        if (dangling)
            return damaged("a row of " + std::string{keys.text_at(0)} + " points to nothing");
        GUICHET_LET(
            auto const differing,
            r.db().ask("SELECT count(*) FROM (SELECT tenant, ifnull(queue, 0), status, ifnull(assignee, 0), "
                       "ifnull(state, 0), ifnull(priority, 0), ifnull(kind, 0), ifnull(team, 0), ifnull(tier, 0), "
                       "breached, count(*) FROM {tickets} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 EXCEPT SELECT * FROM "
                       "{facets})"));
        GUICHET_LET(auto const counted,
                    r.db().ask("SELECT ifnull(sum(tickets), 0) - (SELECT count(*) FROM {tickets}) FROM {facets}"));
        if (differing != 0 || counted != 0)
            return damaged("the counters differ from the tickets");
        return {};
    });
}

/// Copies in one step, out of one snapshot, to a file beside the goal; only a complete copy gets the name.
inline result<void> store::backup(std::string const& path) {
    return with_reader([&](reading& r) -> result<void> {
        std::string const part = path + ".part";
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        auto const work = [&]() -> result<void> {
            auto copy = connection::open(part, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options_.busy_time);
            if (!copy)
                return error{reason::file_unwritable,
                             {{"path", path}, {"problem", std::string{copy.error()["problem"]}}}};
            auto* const running = sqlite3_backup_init((*copy)->handle(), "main", r.db().handle(), "main");
            if (!running)
                return failure_of((*copy)->handle(), sqlite3_errcode((*copy)->handle()));
            int const stepped = sqlite3_backup_step(running, -1);
            int const finished = sqlite3_backup_finish(running);
            if (stepped != SQLITE_DONE || finished != SQLITE_OK)
                return failure_of((*copy)->handle(), stepped != SQLITE_DONE ? stepped : finished);
            return {};
        };
        if (auto const done = work(); !done) {
            std::filesystem::remove(part, ignored);
            return done.error();
        }
        std::error_code failed;
        std::filesystem::rename(part, path, failed);
        if (failed)
            return error{reason::file_unwritable, {{"path", path}, {"problem", failed.message()}}};
        return {};
    });
}

} // namespace guichet::inline v0::sqlite

namespace guichet::inline v0 {

GUICHET_DECL result<std::shared_ptr<storage::store>> sqlite_store(std::string const& path,
                                                                  sqlite_options const& options) {
    GUICHET_LET(auto writer, sqlite::open_writer(path, options, options.cache_bytes / 2));
    return std::shared_ptr<storage::store>{std::make_shared<sqlite::store>(path, options, std::move(writer))};
}

} // namespace guichet::inline v0
