#pragma once
#include <guichet/json/describe.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/sqlite/impl/connection.ipp>
#include <guichet/sqlite/impl/packing.ipp>
#include <guichet/storage/records.hpp>

#include <array>
#include <map>
#include <shared_mutex>

/// Between values and rows. The columns of a ticket are those of its description.
namespace guichet::inline v0::sqlite {

// --- tenants, which rows hold as small numbers

/// The committed tenants. They never change, so a number once read is good for ever. Thread-safe.
class tenant_names {
public:
    std::optional<std::int64_t> number(std::string_view name) const {
        std::shared_lock const lock{mutex_};
        auto const at = numbers_.find(name);
        return at == numbers_.end() ? std::nullopt : std::optional{at->second};
    }
    std::optional<std::string> name(std::int64_t number) const {
        std::shared_lock const lock{mutex_};
        auto const at = names_.find(number);
        return at == names_.end() ? std::nullopt : std::optional{at->second};
    }
    void add(std::string const& name, std::int64_t number) {
        std::unique_lock const lock{mutex_};
        numbers_.emplace(name, number);
        names_.emplace(number, name);
    }
    void move_to(tenant_names& other) {
        std::unique_lock const lock{mutex_};
        for (auto const& [name, number] : numbers_)
            other.add(name, number);
        numbers_.clear();
        names_.clear();
    }

private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, std::int64_t, std::less<>> numbers_;
    std::map<std::int64_t, std::string> names_;
};

inline result<std::optional<std::int64_t>> select_tenant(connection& db, std::string_view name) {
    GUICHET_LET(auto found, db.use("SELECT number FROM tenants WHERE name = ?"));
    GUICHET_LET(bool const there, found.text(name).step());
    return there ? std::optional{found.number_at(0)} : std::nullopt;
}
inline result<std::string> select_tenant_name(connection& db, std::int64_t number) {
    GUICHET_LET(auto found, db.use("SELECT name FROM tenants WHERE number = ?"));
    GUICHET_LET(bool const there, found.number(number).step());
    if (!there)
        return error{reason::store_corrupt, {{"problem", "a row of an unknown tenant"}}};
    return std::string{found.text_at(0)};
}

// --- the columns of a ticket

using ticket_columns = json::detail::members<ticket_row>;
inline constexpr std::size_t column_count = boost::mp11::mp_size<ticket_columns>::value;
inline constexpr int lists_column = int{column_count} + 1, last_event_column = lists_column + 1;

inline std::array<std::string_view, column_count> const& column_names() {
    static auto const names = [] {
        std::array<std::string_view, column_count> out;
        std::size_t i = 0;
        boost::mp11::mp_for_each<ticket_columns>([&](auto d) { out[i++] = d.name; });
        return out;
    }();
    return names;
}

/// Whether a described member is the tenant, which is stored by number.
template <class Description>
constexpr bool is_tenant(Description) noexcept {
    if constexpr (std::is_same_v<decltype(Description::pointer), std::string ticket_row::*const>)
        return Description::pointer == &ticket_row::tenant;
    else
        return false;
}

template <class T>
void put(query& into, T const& value) {
    if constexpr (std::is_same_v<T, std::string>)
        into.text_or_null(value);
    else if constexpr (json::detail::is_id<T>)
        value ? into.blob(value.bytes) : into.null();
    else if constexpr (std::is_same_v<T, instant>)
        into.at(value);
    else if constexpr (std::is_same_v<T, std::optional<instant>>)
        value ? into.at(*value) : into.null();
    else
        into.number(static_cast<std::int64_t>(value));
}

template <class T>
void get(query const& from, int column, T& value) {
    if constexpr (std::is_same_v<T, std::string>)
        value = from.text_at(column);
    else if constexpr (json::detail::is_id<T>)
        from.bytes_at(column, value.bytes);
    else if constexpr (std::is_same_v<T, instant>)
        value = from.instant_at(column);
    else if constexpr (std::is_same_v<T, std::optional<instant>>)
        value = from.is_null(column) ? std::nullopt : std::optional{from.instant_at(column)};
    else
        value = static_cast<T>(from.number_at(column));
}

/// SELECT of everything about a ticket; the caller adds WHERE.
inline std::string const& select_ticket() {
    static std::string const sql = [] {
        std::string out = "SELECT ordinal";
        for (auto const name : column_names())
            out.append(", ").append(name);
        return out + ", lists, last_event FROM tickets WHERE ";
    }();
    return sql;
}

inline result<void> get_lists(std::string_view packed, ticket& t) {
    std::string json;
    if (!unpack(packed, json))
        return error{reason::store_corrupt, {{"problem", "the lists of ticket " + to_string(t.id)}}};
    if (auto const read = decode_lists(json, t); !read)
        return error{reason::store_corrupt, {{"problem", "ticket " + to_string(t.id) + ": " + read.error().describe()}}};
    return {};
}

/// Reads a row of `select_ticket`, but its tenant, whose number is returned.
inline result<std::int64_t> get_ticket(query const& from, ticket& t) {
    int column = 0;
    std::int64_t tenant = 0;
    t.ordinal = from.count_at(column);
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        ++column;
        if constexpr (is_tenant(d))
            tenant = from.number_at(column);
        else
            get(from, column, t.*d.pointer);
    });
    GUICHET_TRY(get_lists(from.packed_at(lists_column), t));
    return tenant;
}

// --- events and texts

inline constexpr std::int64_t places_per_event = 1024;

/// SELECT of events with what stands in their ticket's row; the caller adds WHERE and ORDER.
inline constexpr char select_events[] =
    "SELECT e.seq, t.tenant, t.id, e.version, e.at, e.type, e.actor, e.cause, e.cause_due, e.body, e.hash, e.previous "
    "FROM events e CROSS JOIN tickets t ON t.ordinal = e.ticket WHERE ";

/// Reads a row of `select_events`, but its tenant, whose number is returned.
inline result<std::int64_t> get_event(query const& from, storage::stored_event& e) {
    e.seq = from.count_at(0);
    get(from, 2, e.ticket);
    e.version = from.count_at(3);
    e.at = from.instant_at(4);
    e.type = from.small_at(5);
    e.actor = from.text_at(6);
    e.cause.what = from.text_at(7);
    get(from, 8, e.cause.due);
    if (!unpack(from.packed_at(9), e.body))
        return error{reason::store_corrupt, {{"problem", "the body of event " + std::to_string(e.seq)}}};
    from.bytes_at(10, e.hash);
    return from.number_at(1);
}

/// SELECT of texts with what they share with their event; the caller adds WHERE and ORDER.
inline constexpr char select_texts[] =
    "SELECT x.place, x.no, x.role, x.audience, x.side, x.channel, ifnull(x.at, e.at), ifnull(x.author, e.actor), x.body, "
    "x.html, x.salt, x.print, t.id FROM texts x CROSS JOIN events e ON e.seq = x.place / 1024 CROSS JOIN tickets t ON t.ordinal "
    "= e.ticket WHERE ";

/// Reads a row of `select_texts`.
inline void get_text(query const& from, storage::text_record& r) {
    r.seq = from.count_at(0) / places_per_event;
    r.no = from.small_at(1);
    get(from, 2, r.role);
    get(from, 3, r.audience);
    get(from, 4, r.side);
    get(from, 5, r.channel);
    r.at = from.instant_at(6);
    r.author = from.text_at(7);
    r.body = from.text_at(8);
    r.html = from.text_at(9);
    from.bytes_at(10, r.salt);
    r.erased = !from.is_null(11);
    from.bytes_at(11, r.print);
    get(from, 12, r.ticket);
}

} // namespace guichet::inline v0::sqlite
