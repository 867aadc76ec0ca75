#pragma once
#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The ERP's way to its database. An ERP that exists has one already.
class database {
public:
    using row = std::vector<std::string>;

    explicit database(std::string const& path) {
        sqlite3* opened = nullptr;
        int const code = sqlite3_open(path.c_str(), &opened);
        db_.reset(opened);
        if (code != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(opened)};
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA foreign_keys = ON");
    }

    sqlite3* handle() const noexcept { return db_.get(); }

    /// The rows of a statement, as text. Each `?` is a value.
    template <class... Values>
    std::vector<row> run(std::string_view sql, Values const&... values) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v2(db_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr));
        std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> const statement{made, &sqlite3_finalize};
        int place = 0;
        (bind(made, ++place, values), ...);
        std::vector<row> out;
        int code = 0;
        while ((code = sqlite3_step(made)) == SQLITE_ROW) {
            auto& cells = out.emplace_back();
            for (int i = 0; i < sqlite3_column_count(made); ++i) {
                auto const* text = reinterpret_cast<char const*>(sqlite3_column_text(made, i));
                cells.emplace_back(text ? text : "");
            }
        }
        if (code != SQLITE_DONE)
            throw std::runtime_error{sqlite3_errmsg(db_.get())};
        return out;
    }
    /// The first cell of the first row; empty where there is none.
    template <class... Values>
    std::string one(std::string_view sql, Values const&... values) {
        auto const rows = run(sql, values...);
        return rows.empty() ? "" : rows.front().front();
    }

private:
    void bind(sqlite3_stmt* to, int place, std::string const& text) {
        check(sqlite3_bind_text(to, place, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
    }
    void bind(sqlite3_stmt* to, int place, long long number) { check(sqlite3_bind_int64(to, place, number)); }
    void check(int code) {
        if (code != SQLITE_OK)
            throw std::runtime_error{sqlite3_errmsg(db_.get())};
    }

    std::unique_ptr<sqlite3, int (*)(sqlite3*)> db_{nullptr, &sqlite3_close};
};
