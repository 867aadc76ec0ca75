#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

/// What this module needs of SQLite: a connection that owns its prepared statements, and errors as values.
namespace guichet::inline v0::sqlite {

inline error failure_of(sqlite3* db, int code) {
    std::string problem = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {reason::store_busy, {{"problem", std::move(problem)}}};
    case SQLITE_FULL: return {reason::store_full};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {reason::store_corrupt, {{"problem", std::move(problem)}}};
    case SQLITE_READONLY: return {reason::store_read_only};
    default: return {reason::store_failed, {{"problem", std::move(problem)}}};
    }
}

/// A value on its way into a statement. Text is viewed, not owned.
using binding = std::variant<std::monostate, std::int64_t, double, std::string_view, std::span<std::byte const>>;

/// SQL as the file has it: our tables and indexes are marked, `FROM {tickets}`, and get the prefix that they have in a
/// file that a desk shares with its host (`sqlite_options::prefix`).
inline std::string with_prefix(std::string_view sql, std::string_view prefix) {
    std::string out;
    out.reserve(sql.size() + 8 * prefix.size());
    for (char const c : sql)
        if (c == '{')
            out += prefix;
        else if (c != '}')
            out += c;
    return out;
}

/// A cached statement, lent to one use: bind, step, read the columns. Resets itself at the end.
class query {
public:
    explicit query(sqlite3_stmt* lent) noexcept : lent_{lent} {}
    query(query&& other) noexcept
        : lent_{std::exchange(other.lent_, nullptr)}, bound_{other.bound_}, problem_{other.problem_} {}
    query& operator=(query&&) = delete;
    ~query() {
        if (lent_) {
            sqlite3_reset(lent_);
            sqlite3_clear_bindings(lent_);
        }
    }

    // Binding goes from the first parameter on. What it refers to must outlive the last `step`.
    query& null() noexcept { return noted(sqlite3_bind_null(lent_, ++bound_)); }
    query& number(std::int64_t value) noexcept { return noted(sqlite3_bind_int64(lent_, ++bound_, value)); }
    query& number(std::uint64_t value) noexcept { return number(static_cast<std::int64_t>(value)); }
    query& number(std::uint32_t value) noexcept { return number(std::int64_t{value}); }
    query& real(double value) noexcept { return noted(sqlite3_bind_double(lent_, ++bound_, value)); }
    query& text(std::string_view value) noexcept {
        return noted(sqlite3_bind_text64(lent_, ++bound_, value.data() ? value.data() : "", value.size(), SQLITE_STATIC,
                                         SQLITE_UTF8));
    }
    query& blob(std::span<std::byte const> value) noexcept {
        if (value.empty())
            return noted(sqlite3_bind_zeroblob(lent_, ++bound_, 0));
        return noted(sqlite3_bind_blob64(lent_, ++bound_, value.data(), value.size(), SQLITE_STATIC));
    }
    query& packed(std::string_view value) noexcept { return blob(std::as_bytes(std::span{value})); }
    query& at(instant value) noexcept { return number(std::int64_t{value.time_since_epoch().count()}); }
    /// Empty text is stored as NULL where a column may be empty.
    query& text_or_null(std::string_view value) noexcept { return value.empty() ? null() : text(value); }
    query& value(binding const& value) noexcept {
        switch (value.index()) {
        case 1: return number(*std::get_if<1>(&value));
        case 2: return real(*std::get_if<2>(&value));
        case 3: return text(*std::get_if<3>(&value));
        case 4: return blob(*std::get_if<4>(&value));
        default: return null();
        }
    }

    /// Goes to the next row; false after the last one.
    result<bool> step() {
        if (problem_ != SQLITE_OK)
            return failure_of(sqlite3_db_handle(lent_), problem_);
        int const code = sqlite3_step(lent_);
        if (code == SQLITE_ROW)
            return true;
        if (code == SQLITE_DONE)
            return false;
        return failure_of(sqlite3_db_handle(lent_), code);
    }
    /// For a statement without rows; the same statement may then be bound again.
    result<void> run() {
        auto const stepped = step();
        sqlite3_reset(lent_);
        bound_ = 0;
        if (!stepped)
            return stepped.error();
        return {};
    }

    // Columns, numbered from 0.
    bool is_null(int column) const noexcept { return sqlite3_column_type(lent_, column) == SQLITE_NULL; }
    bool is_blob(int column) const noexcept { return sqlite3_column_type(lent_, column) == SQLITE_BLOB; }
    std::int64_t number_at(int column) const noexcept { return sqlite3_column_int64(lent_, column); }
    std::uint64_t count_at(int column) const noexcept { return static_cast<std::uint64_t>(number_at(column)); }
    std::uint32_t small_at(int column) const noexcept { return static_cast<std::uint32_t>(number_at(column)); }
    instant instant_at(int column) const noexcept { return instant{duration{number_at(column)}}; }
    /// A view, valid until the next step.
    std::string_view text_at(int column) const noexcept {
        auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(lent_, column));
        return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(lent_, column))};
    }
    std::span<std::byte const> blob_at(int column) const noexcept {
        auto const* bytes = static_cast<std::byte const*>(sqlite3_column_blob(lent_, column));
        return {bytes, bytes ? static_cast<std::size_t>(sqlite3_column_bytes(lent_, column)) : 0};
    }
    /// The bytes of a BLOB as characters.
    std::string_view packed_at(int column) const noexcept {
        auto const bytes = blob_at(column);
        return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
    }
    /// Fills an id or a digest; what has another size stays as it is.
    template <std::size_t Size>
    void bytes_at(int column, std::array<std::byte, Size>& out) const noexcept {
        if (auto const bytes = blob_at(column); bytes.size() == Size)
            std::copy(bytes.begin(), bytes.end(), out.begin());
    }

private:
    query& noted(int code) noexcept {
        if (code != SQLITE_OK)
            problem_ = code;
        return *this;
    }

    sqlite3_stmt* lent_;
    int bound_ = 0;
    int problem_ = SQLITE_OK;
};

/// One connection with its statements. Belongs to one thread at a time.
class connection {
public:
    static result<std::unique_ptr<connection>> open(std::string const& path, int flags,
                                                    std::chrono::milliseconds busy_time, std::string prefix = {}) {
        sqlite3* db = nullptr;
        int const code =
            sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
        std::unique_ptr<connection> out{new connection{db, std::move(prefix), true}};
        if (code != SQLITE_OK)
            return failure_of(db, code);
        out->wait_at_most(busy_time);
        return out;
    }
    /// A connection of somebody else, which stays his: of ours nothing is left on it at the end.
    static std::unique_ptr<connection> borrow(sqlite3* db, std::string prefix) {
        return std::unique_ptr<connection>{new connection{db, std::move(prefix), false}};
    }
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() {
        statements_.clear();
        if (own_)
            sqlite3_close_v2(db_);
    }

    sqlite3* handle() const noexcept { return db_; }
    std::string const& prefix() const noexcept { return prefix_; }
    /// For a lock that another connection has.
    void wait_at_most(std::chrono::milliseconds busy_time) noexcept {
        busy_ms_ = static_cast<int>(std::min<std::int64_t>(busy_time.count(), 1 << 30));
        sqlite3_busy_timeout(db_, busy_ms_);
    }

    /// The statement of that text, prepared once. Text is made of constants only; data is bound.
    result<query> use(std::string_view sql) {
        if (auto const found = statements_.find(sql); found != statements_.end()) {
            found->second.last_use = ++uses_;
            return query{found->second.statement.get()};
        }
        if (statements_.size() >= statements_max)
            forget_oldest();
        sqlite3_stmt* made = nullptr;
        auto const text = with_prefix(sql, prefix_);
        int const code = sqlite3_prepare_v3(db_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                            &made, nullptr);
        if (code != SQLITE_OK)
            return failure_of(db_, code);
        statements_.emplace(std::string{sql}, cached{{made, &sqlite3_finalize}, ++uses_});
        return query{made};
    }

    /// Runs statements without parameters and without rows.
    result<void> run(std::string_view sql) {
        auto const text = with_prefix(sql, prefix_);
        if (int const code = sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
            return failure_of(db_, code);
        return {};
    }
    /// The first column of the first row, 0 when there is none.
    result<std::int64_t> ask(std::string_view sql) {
        GUICHET_LET(auto asked, use(sql));
        GUICHET_LET(bool const found, asked.step());
        return found ? asked.number_at(0) : 0;
    }
    /// How many rows the last statement changed.
    int changed() const noexcept { return sqlite3_changes(db_); }
    std::uint64_t last_row() const noexcept { return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(db_)); }
    /// Moves the write-ahead log into the file and cuts it off, unless somebody reads it just now; then it is false.
    bool empty_log() noexcept {
        sqlite3_busy_timeout(db_, 0);
        int const code = sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        sqlite3_busy_timeout(db_, busy_ms_);
        return code == SQLITE_OK;
    }
    bool in_transaction() const noexcept { return sqlite3_get_autocommit(db_) == 0; }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    struct cached {
        std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement;
        std::uint64_t last_use;
    };
    static constexpr std::size_t statements_max = 200;

    connection(sqlite3* db, std::string prefix, bool own) noexcept : db_{db}, prefix_{std::move(prefix)}, own_{own} {}

    /// Conditions come in any shape, so their statements must not pile up. Those in use stay.
    void forget_oldest() {
        std::vector<std::uint64_t> uses;
        for (auto const& [sql, kept] : statements_)
            uses.push_back(kept.last_use);
        auto const middle = uses.begin() + static_cast<std::ptrdiff_t>(uses.size() / 2);
        std::nth_element(uses.begin(), middle, uses.end());
        std::erase_if(statements_, [&](auto const& entry) {
            return entry.second.last_use < *middle && !sqlite3_stmt_busy(entry.second.statement.get());
        });
    }

    sqlite3* db_;
    std::string prefix_;
    bool own_;
    int busy_ms_ = 0;
    std::unordered_map<std::string, cached, text_hash, std::equal_to<>> statements_;
    std::uint64_t uses_ = 0;
};

/// Several reads of one state of the file. Ends with its scope.
class snapshot {
public:
    static result<snapshot> begin(connection& on) {
        GUICHET_LET(auto begin, on.use("BEGIN"));
        GUICHET_TRY(begin.run());
        return snapshot{on};
    }
    snapshot(snapshot&& other) noexcept : on_{std::exchange(other.on_, nullptr)} {}
    snapshot& operator=(snapshot&&) = delete;
    ~snapshot() {
        if (on_ && on_->in_transaction())
            if (auto end = on_->use("COMMIT"))
                (void)end->run();
    }

private:
    explicit snapshot(connection& on) noexcept : on_{&on} {}
    connection* on_;
};

} // namespace guichet::inline v0::sqlite
