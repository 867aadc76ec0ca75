#pragma once
#include <guichet/sqlite/impl/rows.ipp>
#include <guichet/storage/facets.hpp>
#include <guichet/storage/query.hpp>

#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>

/// Counters out of the facets: the table `facets` in memory, by column, so that a condition is a few bit operations.
namespace guichet::inline v0::sqlite {

/// Which of a tenant's facets a condition holds for: a bit each.
using facet_set = std::vector<std::uint64_t>;

/// The facets of one tenant. Every column holds numbers of words, so a leaf is decided once for each word.
class tenant_facets {
public:
    void add(storage::facet_key const& key, std::int64_t by) {
        std::array<std::uint32_t, columns> row;
        each_word(key, [&](std::size_t column, std::string const& word) { row[column] = number(column, word); });
        auto const [at, fresh] = rows_.try_emplace(row, counts_.size());
        if (fresh) {
            counts_.push_back(0);
            for (std::size_t i = 0; i < columns; ++i)
                cells_[i].push_back(row[i]);
        }
        counts_[at->second] += by;
    }

    std::size_t size() const noexcept { return counts_.size(); }

    std::uint64_t sum(facet_set const& of) const noexcept {
        std::int64_t out = 0;
        for (std::size_t word = 0; word < of.size(); ++word)
            for (auto bits = of[word]; bits; bits &= bits - 1)
                out += counts_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
        return static_cast<std::uint64_t>(out);
    }

    /// The facets for which a leaf holds, given its answer for a facet that differs from others in one column only.
    template <class Answer>
    facet_set where(std::size_t column, Answer const& answer) const {
        std::vector<char> holds;
        for (auto const& word : words_[column])
            holds.push_back(answer(sample(column, word)));
        facet_set out((size() + 63) / 64);
        for (std::size_t i = 0; i < size(); ++i)
            out[i / 64] |= std::uint64_t{holds[cells_[column][i]] != 0} << i % 64;
        return out;
    }

    static constexpr std::size_t columns = 9;
    /// The column that a field is in; `columns` for the tenant, which is the same everywhere.
    static std::size_t column_of(std::uint32_t field) {
        static std::array const fields{ticket_field("queue"),    ticket_field("state"),  ticket_field("priority"),
                                       ticket_field("kind"),     ticket_field("team"),   ticket_field("tier"),
                                       ticket_field("assignee"), ticket_field("status"), ticket_field("breached")};
        if (field == derived_ticket_fields().open)
            field = fields[7];
        return static_cast<std::size_t>(std::find(fields.begin(), fields.end(), field) - fields.begin());
    }

private:
    struct row_hash {
        std::size_t operator()(std::array<std::uint32_t, columns> const& row) const noexcept {
            std::size_t out = 0;
            for (auto const cell : row)
                out = (out ^ cell) * 0x9e3779b97f4a7c15;
            return out ^ out >> 32;
        }
    };

    template <class Visitor>
    static void each_word(storage::facet_key const& key, Visitor const& visit) {
        std::array const texts{&key.queue, &key.state, &key.priority, &key.kind, &key.team, &key.tier, &key.assignee};
        for (std::size_t i = 0; i < texts.size(); ++i)
            visit(i, *texts[i]);
        visit(7, std::string(1, static_cast<char>(key.status)));
        visit(8, std::string(1, static_cast<char>(key.breached)));
    }
    static storage::facet_key sample(std::size_t column, std::string const& word) {
        storage::facet_key key;
        std::array const texts{&key.queue, &key.state, &key.priority, &key.kind, &key.team, &key.tier, &key.assignee};
        if (column < texts.size())
            *texts[column] = word;
        else if (column == 7)
            key.status = static_cast<status>(word[0]);
        else
            key.breached = word[0] != 0;
        return key;
    }

    std::uint32_t number(std::size_t column, std::string const& word) {
        auto const [at, fresh] = numbers_[column].try_emplace(word, static_cast<std::uint32_t>(words_[column].size()));
        if (fresh)
            words_[column].push_back(word);
        return at->second;
    }

    std::array<std::unordered_map<std::string, std::uint32_t>, columns> numbers_;
    std::array<std::vector<std::string>, columns> words_;
    std::array<std::vector<std::uint32_t>, columns> cells_;
    std::vector<std::int64_t> counts_;
    std::unordered_map<std::array<std::uint32_t, columns>, std::size_t, row_hash> rows_;
};

/// Answers conditions that ask for facets only. Remembers the leaves it has seen, for counters share many.
class facet_counter {
public:
    facet_counter(tenant_facets const& facets, std::string const& tenant, expr::schema const& schema) noexcept
        : facets_{facets}, tenant_{tenant}, schema_{schema} {}

    result<facet_set> where(expr::node const& tree) {
        if (tree.kind == expr::op::negate) {
            GUICHET_LET(auto out, where(tree.children[0]));
            for (auto& word : out)
                word = ~word;
            return trimmed(std::move(out));
        }
        if (tree.kind != expr::op::all && tree.kind != expr::op::any)
            return leaf(tree);
        bool const all = tree.kind == expr::op::all;
        auto out = trimmed(facet_set((facets_.size() + 63) / 64, all ? ~std::uint64_t{0} : 0));
        for (auto const& child : tree.children) {
            GUICHET_LET(auto const part, where(child));
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = all ? out[i] & part[i] : out[i] | part[i];
        }
        return out;
    }

private:
    /// No bits past the last facet.
    facet_set trimmed(facet_set out) const {
        if (auto const rest = facets_.size() % 64; rest && !out.empty())
            out.back() &= (std::uint64_t{1} << rest) - 1;
        return out;
    }

    result<facet_set> leaf(expr::node const& leaf) {
        for (auto const& [node, known] : seen_)
            if (*node == leaf)
                return known;
        GUICHET_LET(auto const alone,
                    expr::condition::compile(expr::where(leaf.name, leaf.kind, leaf.operands), schema_));
        auto const answer = [&](storage::facet_key key) {
            key.tenant = tenant_;
            auto const t = storage::sample_of(key);
            return alone.evaluate(ticket_record{t, schema_}, ticket_context({}));
        };
        auto const column = tenant_facets::column_of(leaf.field);
        auto out = column < tenant_facets::columns
                       ? facets_.where(column, answer)
                       : trimmed(facet_set((facets_.size() + 63) / 64, answer({}) ? ~std::uint64_t{0} : 0));
        seen_.emplace_back(&leaf, out);
        return out;
    }

    tenant_facets const& facets_;
    std::string const& tenant_;
    expr::schema const& schema_;
    std::vector<std::pair<expr::node const*, facet_set>> seen_;
};

/// The facets of all tenants as they were when the log ended at `seq`.
struct facet_tables {
    std::uint64_t seq = 0;
    std::map<std::string, tenant_facets, std::less<>> tenants;
};

/// The facets in memory, loaded when first asked for and kept up by the commits of this process. What another process
/// commits moves the end of the log, and that is noticed. Thread-safe; readers hold what they took.
class facet_cache {
public:
    std::shared_ptr<facet_tables const> at(std::uint64_t seq) const {
        std::lock_guard const lock{mutex_};
        return tables_ && tables_->seq == seq ? tables_ : nullptr;
    }
    void put(std::shared_ptr<facet_tables> loaded) {
        std::lock_guard const lock{mutex_};
        if (!tables_ || tables_->seq <= loaded->seq)
            tables_ = std::move(loaded);
    }
    /// After a commit that moved the end of the log from `before` to `after`.
    void commit(std::uint64_t before, std::uint64_t after, storage::facet_changes const& changed) {
        std::lock_guard const lock{mutex_};
        if (!tables_)
            return;
        if (tables_->seq != before)
            return tables_.reset();
        if (tables_.use_count() > 1)
            tables_ = std::make_shared<facet_tables>(*tables_);
        for (auto const& [key, by] : changed.changes())
            if (by)
                tables_->tenants[key.tenant].add(key, by);
        tables_->seq = after;
    }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<facet_tables> tables_;
};

/// Reads the table `facets`.
inline result<std::shared_ptr<facet_tables>> load_facets(connection& db, directory& names, std::uint64_t seq) {
    auto out = std::make_shared<facet_tables>();
    out->seq = seq;
    GUICHET_LET(auto rows,
                db.use("SELECT tenant, queue, state, priority, kind, team, tier, assignee, status, breached, tickets "
                       "FROM {facets}"));
    for (;;) {
        GUICHET_LET(bool const more, rows.step());
        if (!more)
            return out;
        storage::facet_key key;
        std::array const texts{&key.tenant, &key.queue, &key.state, &key.priority,
                               &key.kind,   &key.team,  &key.tier,  &key.assignee};
        int column = 0;
        for (auto* text : texts) {
            if (rows.number_at(column) != 0)
                GUICHET_TRY(names.name(rows.number_at(column), *text));
            ++column;
        }
        get(rows, column++, key.status);
        get(rows, column++, key.breached);
        out->tenants[key.tenant].add(key, rows.number_at(column));
    }
}

/// Writes what a unit of work changed about the numbers.
inline result<void> save_facets(connection& db, directory& names, storage::facet_changes const& changed) {
    for (auto const& [key, by] : changed.changes()) {
        if (!by)
            continue;
        std::array const texts{&key.tenant,   &key.queue, &key.assignee, &key.state,
                               &key.priority, &key.kind,  &key.team,     &key.tier};
        std::array<std::int64_t, 8> numbers{};
        for (std::size_t i = 0; i < texts.size(); ++i)
            if (i == 0 || !texts[i]->empty()) {
                GUICHET_LET(numbers[i], names.make(*texts[i]));
            }
        auto const bind = [&, status = key.status, breached = key.breached](query& q) -> query& {
            q.number(numbers[0]).number(numbers[1]).number(static_cast<std::int64_t>(status));
            for (std::size_t i = 2; i < numbers.size(); ++i)
                q.number(numbers[i]);
            return q.number(std::int64_t{breached});
        };
        GUICHET_LET(auto save,
                    db.use("INSERT INTO {facets} (tenant, queue, status, assignee, state, priority, kind, team, "
                           "tier, breached, tickets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                           "ON CONFLICT DO UPDATE SET tickets = tickets + excluded.tickets RETURNING tickets"));
        GUICHET_LET(bool const saved, bind(save).number(by).step());
        if (!saved || save.number_at(0) != 0)
            continue;
        GUICHET_LET(auto drop,
                    db.use("DELETE FROM {facets} WHERE tenant = ? AND queue = ? AND status = ? AND assignee = ? "
                           "AND state = ? AND priority = ? AND kind = ? AND team = ? AND tier = ? AND breached = ?"));
        GUICHET_TRY(bind(drop).run());
    }
    return {};
}

} // namespace guichet::inline v0::sqlite
