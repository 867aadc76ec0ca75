#pragma once
#include <guichet/sqlite/impl/connection.ipp>

#include <map>
#include <shared_mutex>

/// Names that come back in many rows: tenants, queues, states, assignees. A row holds the number of a name.
namespace guichet::inline v0::sqlite {

/// Committed names, as far as they were met. They never change, so a number once read is good for ever. Thread-safe.
class name_table {
public:
    std::optional<std::int64_t> number(std::string_view name) const {
        std::shared_lock const lock{mutex_};
        auto const at = numbers_.find(name);
        return at == numbers_.end() ? std::nullopt : std::optional{at->second};
    }
    bool name(std::int64_t number, std::string& out) const {
        std::shared_lock const lock{mutex_};
        auto const at = names_.find(number);
        if (at == names_.end())
            return false;
        out = at->second;
        return true;
    }
    void add(std::string_view name, std::int64_t number) {
        std::unique_lock const lock{mutex_};
        auto const at = numbers_.emplace(name, number).first;
        names_.emplace(number, at->first);
    }
    void move_to(name_table& other) {
        for (auto const& [name, number] : numbers_)
            other.add(name, number);
        names_.clear();
        numbers_.clear();
    }

private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, std::int64_t, std::less<>> numbers_;
    std::unordered_map<std::int64_t, std::string_view> names_;
};

/// Names by number and numbers by name, as one connection sees them.
class directory {
public:
    /// A reader shares what it finds at once; the writer only what it committed.
    directory(name_table& shared, connection& db, bool committed) noexcept
        : shared_{shared}, db_{db}, committed_{committed} {}

    result<std::optional<std::int64_t>> number(std::string_view name) {
        auto known = shared_.number(name);
        if (!known && !committed_)
            known = mine_.number(name);
        if (known)
            return known;
        GUICHET_LET(auto row, db_.use("SELECT number FROM {names} WHERE name = ?"));
        GUICHET_LET(bool const found, row.text(name).step());
        if (found) {
            known = row.number_at(0);
            (committed_ ? shared_ : mine_).add(name, *known);
        }
        return known;
    }
    result<void> name(std::int64_t number, std::string& out) {
        if (shared_.name(number, out) || (!committed_ && mine_.name(number, out)))
            return {};
        GUICHET_LET(auto row, db_.use("SELECT name FROM {names} WHERE number = ?"));
        GUICHET_LET(bool const found, row.number(number).step());
        if (!found)
            return error{reason::store_corrupt,
                         {{"problem", "a row with name " + std::to_string(number) + ", which is lost"}}};
        out = row.text_at(0);
        (committed_ ? shared_ : mine_).add(out, number);
        return {};
    }
    /// The number of a name that is there from now on.
    result<std::int64_t> make(std::string_view name) {
        GUICHET_LET(auto const known, number(name));
        if (known)
            return *known;
        GUICHET_LET(auto added, db_.use("INSERT INTO {names} (name) VALUES (?)"));
        GUICHET_TRY(added.text(name).run());
        auto const made = static_cast<std::int64_t>(db_.last_row());
        mine_.add(name, made);
        return made;
    }
    /// After the commit.
    void publish() { mine_.move_to(shared_); }

private:
    name_table& shared_;
    connection& db_;
    bool committed_;
    name_table mine_;
};

} // namespace guichet::inline v0::sqlite
