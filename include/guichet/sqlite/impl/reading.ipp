#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/sqlite/impl/counters.ipp>
#include <guichet/sqlite/impl/find.ipp>
#include <guichet/storage/store.hpp>

/// What can be read through a connection, by readers and by the unit of work.
namespace guichet::inline v0::sqlite {

class reading {
public:
    reading(name_table& shared, connection& db, bool committed) noexcept : db_{db}, names_{shared, db, committed} {}

    connection& db() const noexcept { return db_; }
    directory& names() noexcept { return names_; }

    result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) {
        static std::string const sql = select_ticket() + "id = ?";
        GUICHET_LET(auto row, db_.use(sql));
        GUICHET_LET(auto const found, one(row.blob(id.bytes)));
        return found && found->tenant == tenant ? found : nullptr;
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) {
        std::optional<ticket_id> out;
        GUICHET_LET(auto const owner, names_.number(tenant));
        if (!owner)
            return out;
        GUICHET_LET(auto row, db_.use("SELECT id FROM {tickets} WHERE tenant = ? AND number = ?"));
        GUICHET_LET(bool const found, row.number(*owner).text(number).step());
        if (found)
            get(row, 0, out.emplace());
        return out;
    }
    result<storage::article_snapshot> load_article(std::string_view tenant, article_id id) {
        static std::string const sql = std::string{select_article} + "id = ?";
        GUICHET_LET(auto row, db_.use(sql));
        GUICHET_LET(auto const found, one_article(row.blob(id.bytes)));
        return found && found->tenant == tenant ? found : nullptr;
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) {
        std::optional<article_id> out;
        GUICHET_LET(auto const owner, names_.number(tenant));
        if (!owner)
            return out;
        GUICHET_LET(auto row, db_.use("SELECT id FROM {articles} WHERE tenant = ? AND number = ?"));
        GUICHET_LET(bool const found, row.number(*owner).text(number).step());
        if (found)
            get(row, 0, out.emplace());
        return out;
    }
    result<std::vector<storage::article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                            std::size_t limit) {
        static std::string const sql =
            std::string{select_article} + "tenant = ? AND number > ? ORDER BY number LIMIT ?";
        GUICHET_LET(auto const owner, names_.number(tenant));
        if (!owner)
            return std::vector<storage::article_snapshot>{};
        GUICHET_LET(auto rows, db_.use(sql));
        return all_articles(rows.number(*owner).text(after).number(std::uint64_t{limit}));
    }
    result<std::vector<storage::article_snapshot>> translations(std::string_view tenant, article_id original) {
        static std::string const sql = std::string{select_article} + "original = ? AND tenant = ? ORDER BY number";
        GUICHET_LET(auto const owner, names_.number(tenant));
        if (!owner)
            return std::vector<storage::article_snapshot>{};
        GUICHET_LET(auto rows, db_.use(sql));
        return all_articles(rows.blob(original.bytes).number(*owner));
    }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) {
        static std::string const sql = std::string{select_events} + "e.seq > ? ORDER BY e.seq LIMIT ?";
        GUICHET_LET(auto rows, db_.use(sql));
        return events(rows.number(after_seq).number(std::uint64_t{limit}));
    }
    /// Walks the chain of a ticket or an article backwards.
    result<std::vector<storage::stored_event>> read_history(ticket_id id) {
        static std::string const sql = std::string{select_events} + "e.seq = ?";
        std::vector<storage::stored_event> out;
        GUICHET_LET(auto seq, last_event(id));
        while (seq != 0) {
            GUICHET_LET(auto row, db_.use(sql));
            GUICHET_LET(bool const found, row.number(seq).step());
            auto const previous = found ? row.count_at(11) : 0;
            if (!found || previous >= seq)
                return error{reason::store_corrupt, {{"problem", "the chain of events of " + to_string(id)}}};
            GUICHET_TRY(get_event(row, names_, out.emplace_back()));
            seq = previous;
        }
        std::reverse(out.begin(), out.end());
        return out;
    }
    result<std::vector<storage::text_record>> read_texts(ticket_id id) {
        GUICHET_LET(auto const last, last_event(id));
        return read_texts_of_chain(last);
    }
    /// The texts of the events of a chain, which ends with `seq`.
    result<std::vector<storage::text_record>> read_texts_of_chain(std::uint64_t seq) {
        std::vector<std::uint64_t> chain;
        while (seq != 0) {
            chain.push_back(seq);
            GUICHET_LET(auto row, db_.use("SELECT previous FROM {events} WHERE seq = ?"));
            GUICHET_LET(bool const found, row.number(seq).step());
            seq = found && row.count_at(0) < seq ? row.count_at(0) : 0;
        }
        std::vector<storage::text_record> out;
        for (auto at = chain.rbegin(); at != chain.rend(); ++at)
            GUICHET_TRY(read_texts_between(*at, *at, out));
        return out;
    }
    result<std::vector<storage::text_record>> read_texts_between(std::uint64_t first_seq, std::uint64_t last_seq) {
        std::vector<storage::text_record> out;
        GUICHET_TRY(read_texts_between(first_seq, last_seq, out));
        return out;
    }
    result<storage::log_head> head() {
        GUICHET_LET(auto row, db_.use("SELECT seq, hash FROM {events} ORDER BY seq DESC LIMIT 1"));
        GUICHET_LET(bool const found, row.step());
        storage::log_head out;
        if (found) {
            out.seq = row.count_at(0);
            row.bytes_at(1, out.hash);
        }
        return out;
    }

    result<std::vector<storage::ticket_snapshot>> find(storage::ticket_query const& asked, expr::schema const& schema);
    /// A counter that the facets do not answer.
    result<storage::counter> count(storage::ticket_query const& asked, expr::schema const& schema);
    /// The SQL of a page: its ranges, in order. For `find`, and for tests of plans.
    result<std::vector<sql_text>> pages(storage::ticket_query const& asked, expr::schema const& schema,
                                        translator& translate);

    /// The ticket of a row of `select_ticket`, if there is a row.
    result<storage::ticket_snapshot> one(query& row) {
        GUICHET_LET(bool const found, row.step());
        if (!found)
            return nullptr;
        auto out = std::make_shared<ticket>();
        GUICHET_TRY(get_ticket(row, names_, *out));
        return out;
    }

    result<std::vector<storage::article_snapshot>> all_articles(query& rows) {
        std::vector<storage::article_snapshot> out;
        for (;;) {
            GUICHET_LET(auto found, one_article(rows));
            if (!found)
                return out;
            out.push_back(std::move(found));
        }
    }
    /// The article of the next row of `select_article`, if there is one.
    result<storage::article_snapshot> one_article(query& row) {
        GUICHET_LET(bool const found, row.step());
        if (!found)
            return nullptr;
        auto out = std::make_shared<article>();
        GUICHET_TRY(get_article(row, *out));
        return out;
    }

private:
    result<std::uint64_t> last_event(ticket_id id) {
        GUICHET_LET(auto row, db_.use("SELECT last_event FROM {tickets} WHERE id = ?1 UNION ALL "
                                      "SELECT last_event FROM {articles} WHERE id = ?1"));
        GUICHET_LET(bool const found, row.blob(id.bytes).step());
        return found ? row.count_at(0) : 0;
    }
    result<void> read_texts_between(std::uint64_t first_seq, std::uint64_t last_seq,
                                    std::vector<storage::text_record>& out) {
        static std::string const sql = std::string{select_texts} + "x.place >= ? AND x.place < ? ORDER BY x.place";
        constexpr auto last_possible = static_cast<std::uint64_t>(INT64_MAX / places_per_event) - 1;
        GUICHET_LET(auto rows, db_.use(sql));
        rows.number(std::min(first_seq, last_possible) * places_per_event)
            .number((std::min(last_seq, last_possible) + 1) * places_per_event);
        for (;;) {
            GUICHET_LET(bool const more, rows.step());
            if (!more)
                return {};
            get_text(rows, out.emplace_back());
        }
    }
    result<std::vector<storage::stored_event>> events(query& rows) {
        std::vector<storage::stored_event> out;
        for (;;) {
            GUICHET_LET(bool const more, rows.step());
            if (!more)
                return out;
            GUICHET_TRY(get_event(rows, names_, out.emplace_back()));
        }
    }
    result<std::vector<known_state>> states(std::int64_t tenant) {
        GUICHET_LET(auto rows,
                    db_.use("SELECT ifnull(n.name, ''), s.is_open FROM {states} s LEFT JOIN {names} n ON n.number = "
                            "s.state WHERE s.tenant = ?"));
        rows.number(tenant);
        std::vector<known_state> out;
        for (;;) {
            GUICHET_LET(bool const more, rows.step());
            if (!more)
                return out;
            out.push_back({std::string{rows.text_at(0)}, rows.number_at(1) != 0});
        }
    }
    result<pinned_values> analyse(storage::ticket_query const& asked, std::int64_t tenant, translator& translate) {
        GUICHET_LET(auto const known, states(tenant));
        analyst look{translate, known};
        look.look_at(asked.wanted.root());
        look.look_at(asked.visible.root());
        return look.found();
    }

    connection& db_;
    directory names_;
};

/// Both conditions; where the way in is complete, the plus keeps SQLite from looking for another one.
inline sql_text filter(storage::ticket_query const& asked, translator& translate, bool complete) {
    std::array const both{translate.condition(asked.wanted.root()), translate.condition(asked.visible.root())};
    sql_text out{complete ? " AND +" : " AND "};
    return out += translator::join(both, true);
}

inline sql_text select_page(way_in const& way, std::span<criterion const> criteria, sql_text const* range,
                            sql_text const& conditions) {
    sql_text out;
    for (auto const& arm : way.arms) {
        out += out.text.empty() ? "SELECT ordinal" : " UNION ALL SELECT ordinal";
        for (auto const& c : criteria.first(criteria.size() - 1)) {
            out += ", ";
            out += c.key;
        }
        (out += way.from) += " WHERE ";
        out += arm;
        if (range) {
            out += " AND ";
            out += *range;
        }
        out += conditions;
    }
    for (std::size_t i = 0; i < criteria.size(); ++i) {
        bool const ordinal = i + 1 == criteria.size();
        out += (i == 0 ? " ORDER BY " : ", ") + std::to_string(ordinal ? 1 : i + 2) +
               (criteria[i].descending ? " DESC" : "");
    }
    return out += " LIMIT ?";
}

inline result<std::vector<sql_text>> reading::pages(storage::ticket_query const& asked, expr::schema const& schema,
                                                    translator& translate) {
    std::vector<sql_text> out;
    GUICHET_LET(auto const tenant, names_.number(asked.tenant));
    if (!tenant)
        return out;
    auto const criteria = criteria_of(asked, schema, translate);
    GUICHET_LET(auto const pinned, analyse(asked, *tenant, translate));
    auto const way = choose(*tenant, pinned, criteria);
    auto const conditions = filter(asked, translate, way.complete);
    if (!asked.after)
        out.push_back(select_page(way, criteria, nullptr, conditions));
    else
        for (auto const& range : ranges_after(criteria))
            out.push_back(select_page(way, criteria, &range, conditions));
    return out;
}

inline result<std::vector<storage::ticket_snapshot>> reading::find(storage::ticket_query const& asked,
                                                                   expr::schema const& schema) {
    if (asked.after && asked.after->values.size() != asked.order.size())
        return error{reason::bad_cursor};
    translator translate{names_, asked.tenant, schema, asked.now, asked.calendars};
    GUICHET_LET(auto const ranges, pages(asked, schema, translate));
    GUICHET_TRY(translate.problem());
    std::vector<std::int64_t> found;
    for (auto const& range : ranges) {
        GUICHET_LET(auto rows, db_.use(range.text));
        for (auto const& value : range.values)
            rows.value(value);
        rows.number(std::uint64_t{asked.limit - found.size()});
        while (found.size() < asked.limit) {
            GUICHET_LET(bool const more, rows.step());
            if (!more)
                break;
            found.push_back(rows.number_at(0));
        }
    }
    static std::string const sql = select_ticket() + "ordinal = ?";
    std::vector<storage::ticket_snapshot> out;
    out.reserve(found.size());
    for (auto const ordinal : found) {
        GUICHET_LET(auto row, db_.use(sql));
        GUICHET_LET(auto t, one(row.number(ordinal)));
        if (t)
            out.push_back(std::move(t));
    }
    return out;
}

inline result<storage::counter> reading::count(storage::ticket_query const& asked, expr::schema const& schema) {
    storage::counter out;
    GUICHET_LET(auto const tenant, names_.number(asked.tenant));
    if (!tenant)
        return out;
    translator translate{names_, asked.tenant, schema, asked.now, asked.calendars};
    GUICHET_LET(auto const pinned, analyse(asked, *tenant, translate));
    std::array const no_order{criterion{{"ordinal"}, false, false}};
    auto const way = choose(*tenant, pinned, no_order);
    sql_text sql{"SELECT count(*) FROM (SELECT 1"};
    (sql += way.from) += " WHERE ";
    sql += way.arms[0];
    sql += filter(asked, translate, way.complete);
    sql += " LIMIT ?)";
    GUICHET_TRY(translate.problem());
    GUICHET_LET(auto row, db_.use(sql.text));
    for (auto const& value : sql.values)
        row.value(value);
    GUICHET_TRY(row.number(std::uint64_t{limits::counted_rows_max + 1}).step());
    out.count = row.count_at(0);
    if (out.count > limits::counted_rows_max)
        out = {limits::counted_rows_max, false};
    return out;
}

} // namespace guichet::inline v0::sqlite
