#pragma once
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/sqlite/impl/connection.ipp>

#include <cmath>

/// The functions that conditions need beside SQL's own. They read as the evaluator in memory reads.
namespace guichet::inline v0::sqlite {

inline std::string_view argument_text(sqlite3_value* value) noexcept {
    auto const* text = reinterpret_cast<char const*>(sqlite3_value_text(value));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// guichet_contains(haystack, needle): false when the haystack is empty.
inline void sql_contains(sqlite3_context* call, int, sqlite3_value** arguments) {
    auto const haystack = argument_text(arguments[0]);
    sqlite3_result_int(call, !haystack.empty() && ticket_context({}).contains(haystack, argument_text(arguments[1])));
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

/// guichet_field(lists, name, type): an administrator's field of a ticket. Reads the whole list, about 5 us.
inline void sql_field(sqlite3_context* call, int, sqlite3_value** arguments) {
    try {
        ticket t;
        if (!decode_lists(argument_text(arguments[0]), t))
            return sqlite3_result_error(call, "the lists of a ticket are damaged", -1);
        auto const* found = t.field(argument_text(arguments[1]));
        found ? give_field(call, found->value, static_cast<expr::field_type>(sqlite3_value_int(arguments[2])))
              : sqlite3_result_null(call);
    } catch (std::bad_alloc const&) {
        sqlite3_result_error_nomem(call);
    }
}

inline result<void> add_functions(connection& db) {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    int code = sqlite3_create_function_v2(db.handle(), "guichet_contains", 2, flags, nullptr, &sql_contains, nullptr,
                                          nullptr, nullptr);
    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(db.handle(), "guichet_field", 3, flags, nullptr, &sql_field, nullptr, nullptr,
                                          nullptr);
    if (code != SQLITE_OK)
        return failure_of(db.handle(), code);
    return {};
}

} // namespace guichet::inline v0::sqlite
