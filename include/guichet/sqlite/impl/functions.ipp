#pragma once
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/sqlite/impl/connection.ipp>
#include <guichet/sqlite/impl/packing.ipp>

#include <cmath>
#include <cstring>

/// The functions that conditions need beside SQL's own. They read as the evaluator in memory reads.
namespace guichet::inline v0::sqlite {

inline std::string_view argument_text(sqlite3_value* value) noexcept {
    auto const* text = reinterpret_cast<char const*>(sqlite3_value_text(value));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// guichet_contains(text, wanted), guichet_has_word, guichet_starts_with: false when the text is empty.
template <expr::context::comparison expr::context::*Comparison>
void sql_compare(sqlite3_context* call, int, sqlite3_value** arguments) {
    auto const text = argument_text(arguments[0]);
    sqlite3_result_int(call, !text.empty() && (ticket_context({}).*Comparison)(text, argument_text(arguments[1])));
}

/// guichet_matches(text, pattern): the pattern is compiled once a statement.
inline void sql_matches(sqlite3_context* call, sqlite3_value** arguments) {
    auto* compiled = static_cast<expr::pattern*>(sqlite3_get_auxdata(call, 1));
    expr::pattern fresh;
    if (!compiled) {
        auto made = expr::pattern::compile(argument_text(arguments[1]));
        if (!made)
            return sqlite3_result_error(call, "a pattern that was checked is none", -1);
        fresh = *made; // SQLite may drop what it is given to keep
        sqlite3_set_auxdata(call, 1, new expr::pattern{std::move(*made)},
                            [](void* kept) { delete static_cast<expr::pattern*>(kept); });
    }
    auto const text = argument_text(arguments[0]);
    sqlite3_result_int(call, !text.empty() && (compiled ? *compiled : fresh).found_in(text));
}

/// Gives a field's value where it is of the type that the schema says, NULL where it counts as empty.
inline void give_field(sqlite3_context* call, field_value const& value, expr::field_type type) {
    auto const give_text = [&](std::string const& text) {
        text.empty() ? sqlite3_result_null(call)
                     : sqlite3_result_text64(call, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    };
    bool const wants_text = type != expr::field_type::number && type != expr::field_type::boolean;
    sqlite3_result_null(call);
    if (auto const* text = std::get_if<std::string>(&value); text && wants_text)
        give_text(*text);
    else if (auto const* object = std::get_if<object_reference>(&value); object && wants_text)
        give_text(object->id);
    else if (auto const* number = std::get_if<double>(&value); number && type == expr::field_type::number)
        std::isnan(*number) ? sqlite3_result_null(call) : sqlite3_result_double(call, *number);
    else if (auto const* flag = std::get_if<bool>(&value); flag && type == expr::field_type::boolean)
        sqlite3_result_int(call, *flag);
}

/// Unpacks the lists of a ticket and decodes them, unless the JSON cannot hold `needed`; then they are left empty.
inline bool read_lists(sqlite3_context* call, sqlite3_value* packed, std::string_view needed, ticket_lists& lists) {
    auto const* bytes = static_cast<char const*>(sqlite3_value_blob(packed));
    std::string json;
    bool const sound = unpack({bytes ? bytes : "", static_cast<std::size_t>(sqlite3_value_bytes(packed))}, json) &&
                       (json.find(needed) == json.npos || decode_lists(json, lists));
    if (!sound)
        sqlite3_result_error(call, "the lists of a ticket are damaged", -1);
    return sound;
}

/// Runs a function that may run out of memory.
template <void (*Function)(sqlite3_context*, sqlite3_value**)>
void guarded(sqlite3_context* call, int, sqlite3_value** arguments) {
    try {
        Function(call, arguments);
    } catch (std::bad_alloc const&) {
        sqlite3_result_error_nomem(call);
    }
}

/// guichet_field(lists, name, type): an administrator's field of a ticket.
inline void sql_field(sqlite3_context* call, sqlite3_value** arguments) {
    ticket t;
    if (!read_lists(call, arguments[0], "\"fields\"", t))
        return;
    auto const* found = t.field(argument_text(arguments[1]));
    found ? give_field(call, found->value, static_cast<expr::field_type>(sqlite3_value_int(arguments[2])))
          : sqlite3_result_null(call);
}

/// guichet_tagged(lists, tag), guichet_watched(lists, person): a NULL asks whether there is any.
template <std::vector<std::string> ticket_lists::*List>
void sql_member(sqlite3_context* call, sqlite3_value** arguments) {
    ticket_lists lists;
    if (!read_lists(call, arguments[0], List == &ticket_lists::tags ? "\"tags\"" : "\"watchers\"", lists))
        return;
    auto const& members = lists.*List;
    bool const any = sqlite3_value_type(arguments[1]) == SQLITE_NULL;
    sqlite3_result_int(call,
                       any ? !members.empty()
                           : std::find(members.begin(), members.end(), argument_text(arguments[1])) != members.end());
}

/// guichet_last_contact(lists, what): of the last public message, its author's side (0), its instant (1), or whether
/// it is the requester's (2).
inline void sql_last_contact(sqlite3_context* call, sqlite3_value** arguments) {
    ticket_lists lists;
    if (!read_lists(call, arguments[0], "\"contacts\"", lists))
        return;
    int const what = sqlite3_value_int(arguments[1]);
    auto const* last = lists.contacts.empty() ? nullptr : &lists.contacts.back();
    if (what == 2)
        return sqlite3_result_int(call, last && last->by == side::requester);
    if (!last)
        return sqlite3_result_null(call);
    if (what == 1)
        return sqlite3_result_int64(call, last->at.time_since_epoch().count());
    auto const word = json::to_text(last->by);
    sqlite3_result_text64(call, word.data(), word.size(), SQLITE_STATIC, SQLITE_UTF8);
}

/// guichet_links(lists, kind): how many links the ticket has of a kind.
inline void sql_links(sqlite3_context* call, sqlite3_value** arguments) {
    ticket_lists lists;
    if (!read_lists(call, arguments[0], "\"links\"", lists))
        return;
    auto const kind = static_cast<link_kind>(sqlite3_value_int(arguments[1]));
    sqlite3_result_int64(call, std::count_if(lists.links.begin(), lists.links.end(),
                                             [&](ticket_link const& l) { return l.kind == kind; }));
}

/// guichet_rating(lists, what): what the requester thinks, its score (0) or its text (1).
inline void sql_rating(sqlite3_context* call, sqlite3_value** arguments) {
    ticket_lists lists;
    if (!read_lists(call, arguments[0], "\"rating\"", lists))
        return;
    bool const words = sqlite3_value_int(arguments[1]) != 0;
    if (!lists.rating || (words && lists.rating->text.empty()))
        return sqlite3_result_null(call);
    if (!words)
        return sqlite3_result_int64(call, lists.rating->score);
    auto const& text = lists.rating->text;
    sqlite3_result_text64(call, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// guichet_major(lists, what): whether it is a major incident (0), or the instant of its last status (1).
inline void sql_major(sqlite3_context* call, sqlite3_value** arguments) {
    ticket t;
    if (!read_lists(call, arguments[0], "\"major\"", t))
        return;
    if (sqlite3_value_int(arguments[1]) == 0)
        return sqlite3_result_int(call, t.is_major());
    if (!t.major || !t.major->updated_at)
        return sqlite3_result_null(call);
    sqlite3_result_int64(call, t.major->updated_at->time_since_epoch().count());
}

/// One of the members that `packed_members` put together, taken off the front.
inline std::string_view take_member(std::string_view& packed) noexcept {
    std::uint32_t size = 0;
    std::memcpy(&size, packed.data(), sizeof size);
    auto const out = packed.substr(sizeof size, size);
    packed.remove_prefix(sizeof size + size);
    return out;
}

/// Several members as one value, so that the lists of a ticket are read once for all of them.
inline std::string packed_members(std::vector<expr::literal> const& members) {
    std::string out;
    for (auto const& member : members) {
        auto const& text = *std::get_if<std::string>(&member);
        auto const size = static_cast<std::uint32_t>(text.size());
        out.append(reinterpret_cast<char const*>(&size), sizeof size).append(text);
    }
    return out;
}

/// guichet_tagged_with(lists, packed, all), guichet_watched_by(lists, packed, all): any or all of several.
template <std::vector<std::string> ticket_lists::*List>
void sql_members(sqlite3_context* call, sqlite3_value** arguments) {
    ticket_lists lists;
    if (!read_lists(call, arguments[0], List == &ticket_lists::tags ? "\"tags\"" : "\"watchers\"", lists))
        return;
    auto const& members = lists.*List;
    std::string_view packed{static_cast<char const*>(sqlite3_value_blob(arguments[1])),
                            static_cast<std::size_t>(sqlite3_value_bytes(arguments[1]))};
    bool const all = sqlite3_value_int(arguments[2]) != 0;
    bool verdict = all;
    while (!packed.empty() && verdict == all)
        verdict = std::find(members.begin(), members.end(), take_member(packed)) != members.end();
    sqlite3_result_int(call, verdict);
}

inline result<void> add_functions(connection& db) {
    struct {
        char const* name;
        int arguments;
        void (*function)(sqlite3_context*, int, sqlite3_value**);
    } const functions[] = {{"guichet_contains", 2, &sql_compare<&expr::context::contains>},
                           {"guichet_has_word", 2, &sql_compare<&expr::context::has_word>},
                           {"guichet_starts_with", 2, &sql_compare<&expr::context::starts_with>},
                           {"guichet_matches", 2, &guarded<&sql_matches>},
                           {"guichet_last_contact", 2, &guarded<&sql_last_contact>},
                           {"guichet_links", 2, &guarded<&sql_links>},
                           {"guichet_rating", 2, &guarded<&sql_rating>},
                           {"guichet_major", 2, &guarded<&sql_major>},
                           {"guichet_tagged_with", 3, &guarded<&sql_members<&ticket_lists::tags>>},
                           {"guichet_watched_by", 3, &guarded<&sql_members<&ticket_lists::watchers>>},
                           {"guichet_field", 3, &guarded<&sql_field>},
                           {"guichet_tagged", 2, &guarded<&sql_member<&ticket_lists::tags>>},
                           {"guichet_watched", 2, &guarded<&sql_member<&ticket_lists::watchers>>}};
    for (auto const& f : functions)
        if (int const code = sqlite3_create_function_v2(db.handle(), f.name, f.arguments,
                                                        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nullptr,
                                                        f.function, nullptr, nullptr, nullptr);
            code != SQLITE_OK)
            return failure_of(db.handle(), code);
    return {};
}

} // namespace guichet::inline v0::sqlite
