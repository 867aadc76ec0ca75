#pragma once
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/sqlite/impl/names.ipp>
#include <guichet/sqlite/impl/packing.ipp>
#include <guichet/storage/records.hpp>

#include <algorithm>
#include <array>

/// Between values and rows. The columns of a ticket are those of its description.
namespace guichet::inline v0::sqlite {

// --- the columns of a ticket

using ticket_columns = json::detail::members<ticket_row>;
inline constexpr std::size_t column_count = boost::mp11::mp_size<ticket_columns>::value;
inline constexpr int lists_column = int{column_count} + 1, last_event_column = lists_column + 1,
                     armed_column = lists_column + 2;

inline std::array<std::string_view, column_count> const& column_names() {
    static auto const names = [] {
        std::array<std::string_view, column_count> out;
        std::size_t i = 0;
        boost::mp11::mp_for_each<ticket_columns>([&](auto d) { out[i++] = d.name; });
        return out;
    }();
    return names;
}

/// Whether a member is stored as the number of a name.
template <class Description>
constexpr bool is_named(Description) noexcept {
    constexpr std::array named{&ticket_row::tenant,   &ticket_row::kind,     &ticket_row::state,
                               &ticket_row::impact,   &ticket_row::urgency,  &ticket_row::priority,
                               &ticket_row::category, &ticket_row::queue,    &ticket_row::team,
                               &ticket_row::tier,     &ticket_row::assignee, &ticket_row::resolution_code};
    if constexpr (std::is_same_v<decltype(Description::pointer), std::string ticket_row::*const>)
        return std::find(named.begin(), named.end(), Description::pointer) != named.end();
    else
        return false;
}
/// Every row has a tenant, even one without a name; other names may be absent.
template <class Description>
constexpr bool is_tenant(Description) noexcept {
    if constexpr (is_named(Description{}))
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
        return out + ", lists, last_event, armed FROM {tickets} WHERE ";
    }();
    return sql;
}

inline result<void> get_lists(std::string_view packed, ticket& t) {
    std::string json;
    if (!unpack(packed, json))
        return error{reason::store_corrupt, {{"problem", "the lists of ticket " + to_string(t.id)}}};
    if (auto const read = decode_lists(json, t); !read)
        return error{reason::store_corrupt,
                     {{"problem", "ticket " + to_string(t.id) + ": " + read.error().describe()}}};
    return {};
}

/// Reads a row of `select_ticket`.
inline result<void> get_ticket(query const& from, directory& names, ticket& t) {
    int column = 0;
    result<void> named;
    t.ordinal = from.count_at(column);
    boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
        ++column;
        if constexpr (is_named(d)) {
            if (named && !from.is_null(column))
                named = names.name(from.number_at(column), t.*d.pointer);
        } else {
            get(from, column, t.*d.pointer);
        }
    });
    GUICHET_TRY(named);
    return get_lists(from.packed_at(lists_column), t);
}

/// Binds a member of a ticket.
template <class Description>
result<void> put_column(query& into, directory& names, Description d, ticket const& t) {
    if constexpr (is_named(d)) {
        auto const& name = t.*d.pointer;
        if (name.empty() && !is_tenant(d)) {
            into.null();
            return {};
        }
        GUICHET_LET(auto const number, names.make(name));
        into.number(number);
    } else {
        put(into, t.*d.pointer);
    }
    return {};
}

// --- articles

/// SELECT of articles; the caller adds WHERE.
inline constexpr char select_article[] = "SELECT ordinal, last_event, content FROM {articles} WHERE ";

/// Reads a row of `select_article`.
inline result<void> get_article(query const& from, article& a) {
    std::string json;
    auto const damaged = [&](std::string const& problem) {
        return error{reason::store_corrupt,
                     {{"problem", "article in row " + std::to_string(from.count_at(0)) + ": " + problem}}};
    };
    if (!unpack(from.packed_at(2), json))
        return damaged("its content");
    auto read = decode_article(json);
    if (!read)
        return damaged(read.error().describe());
    a = std::move(*read);
    return {};
}

inline result<inquiry> unpack_inquiry(query const& from, int column) {
    std::string json;
    if (!unpack(from.packed_at(column), json))
        return error{reason::store_corrupt, {{"problem", "the content of an inquiry"}}};
    auto read = decode_inquiry(json);
    if (!read)
        return error{reason::store_corrupt, {{"problem", "an inquiry: " + read.error().describe()}}};
    return read;
}

// --- events and texts

inline constexpr std::int64_t places_per_event = 1024;

/// SELECT of events with what stands in the row of their ticket or article; the caller adds WHERE and ORDER.
inline constexpr char select_events[] =
    "SELECT e.seq, ifnull(t.tenant, a.tenant), ifnull(t.id, a.id), e.version, e.at, e.type, e.actor, e.cause, "
    "e.cause_due, e.body, e.hash, e.previous FROM {events} e LEFT JOIN {tickets} t ON t.ordinal = e.ticket "
    "LEFT JOIN {articles} a ON a.ordinal = e.article WHERE ";

/// Reads a row of `select_events`.
inline result<void> get_event(query const& from, directory& names, storage::stored_event& e) {
    e.seq = from.count_at(0);
    GUICHET_TRY(names.name(from.number_at(1), e.tenant));
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
    return {};
}

/// SELECT of texts with what they share with their event; the caller adds WHERE and ORDER.
inline constexpr char select_texts[] =
    "SELECT x.place, x.no, x.role, x.audience, x.side, x.channel, ifnull(x.at, e.at), ifnull(x.author, e.actor), "
    "x.body, x.html, x.salt, x.print, ifnull(t.id, a.id) FROM {texts} x CROSS JOIN {events} e ON e.seq = x.place / "
    "1024 "
    "LEFT JOIN {tickets} t ON t.ordinal = e.ticket LEFT JOIN {articles} a ON a.ordinal = e.article WHERE ";

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
