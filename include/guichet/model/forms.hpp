#pragma once
#include <guichet/json/describe.hpp>
#include <guichet/model/actor.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/time/iso8601.hpp>

#include <bit>
#include <cmath>

/// How JSON writes those types of the model whose form their description does not tell. Internal: whoever writes or
/// reads a type of the model includes this, never `json/describe.hpp` alone, so that it has one form everywhere.
namespace guichet::inline v0::json {

template <>
inline constexpr bool positional<state_span> = true;
template <>
inline constexpr bool positional<clock_verdict> = true;
template <>
inline constexpr bool positional<contact> = true;
template <>
inline constexpr bool positional<holding> = true;
template <>
inline constexpr bool positional<threshold_mark> = true;
template <>
inline constexpr bool positional<timer> = true;
template <>
inline constexpr bool positional<time_entry> = true;
template <>
inline constexpr bool positional<ticket_link> = true;
template <>
inline constexpr bool positional<escalation_mark> = true;
template <>
inline constexpr bool positional<sent_notice> = true;

/// ISO 8601 for people, milliseconds since 1970 in storage; both are read.
template <>
struct form<instant> {
    static void write(writer& out, instant value, fullness how) {
        if (how == fullness::sparse)
            return out.number(std::int64_t{value.time_since_epoch().count()});
        out.text(time::to_text(value));
    }
    static result<void> read(boost::json::value const& from, instant& into, path const& at) {
        if (from.is_int64()) {
            into = instant{duration{from.get_int64()}};
            return {};
        }
        if (!from.is_string())
            return wrong_type(at, "a time such as 2026-11-21T09:30:00Z", from);
        auto const value = time::read_instant(from.get_string());
        if (!value)
            return error{reason::bad_value,
                         {{"path", at.text()},
                          {"value", std::string{from.get_string()}},
                          {"hint", "write a time with its zone, such as 2026-11-21T09:30:00Z"}}};
        into = *value;
        return {};
    }
};

template <>
struct form<raw_json> { // nothing is written as the condition that asks for nothing
    static void write(writer& out, raw_json const& value, fullness) { out.raw(value.empty() ? "{}" : value.text); }
    static result<void> read(boost::json::value const& from, raw_json& into, path const&) {
        bool const nothing = from.is_null() || (from.is_object() && from.get_object().empty());
        into.text = nothing ? std::string{} : boost::json::serialize(from);
        return {};
    }
};

/// Boost.JSON 1.81 reads some numbers of 16 digits and more as a neighbour. Storage writes those by their bits, so that
/// what is folded from the log is what was put in.
template <>
struct form<field_value> {
    static bool reads_back(double value) {
        if (std::abs(value) < 1e15 && value == std::trunc(value))
            return true;
        std::string text;
        writer{text}.number(value);
        boost::json::error_code failed;
        auto const read = boost::json::parse(text, failed);
        return !failed && read.is_double() && read.get_double() == value;
    }
    static void write_bits(writer& out, double value) {
        out.begin_object();
        out.key("bits");
        out.number(std::bit_cast<std::uint64_t>(value));
        out.end_object();
    }
    static void write(writer& out, field_value const& value, fullness how) {
        std::visit(
            [&](auto const& v) {
                using type = std::remove_cvref_t<decltype(v)>;
                if constexpr (std::is_same_v<type, std::monostate>)
                    out.null();
                else if constexpr (std::is_same_v<type, double>)
                    how == fullness::full || reads_back(v) ? out.number(v) : write_bits(out, v);
                else
                    json::write(out, v, how);
            },
            value);
    }
    static result<void> read(boost::json::value const& from, field_value& into, path const& at) {
        switch (from.kind()) {
        case boost::json::kind::null: into = std::monostate{}; return {};
        case boost::json::kind::string: into = std::string{std::string_view{from.get_string()}}; return {};
        case boost::json::kind::bool_: into = from.get_bool(); return {};
        case boost::json::kind::object:
            if (auto const* bits = from.get_object().if_contains("bits")) {
                std::uint64_t number = 0;
                GUICHET_TRY(json::read(*bits, number, path(at, "bits")));
                into = std::bit_cast<double>(number);
                return {};
            }
            return json::read(from, into.emplace<object_reference>(), at);
        case boost::json::kind::array: return wrong_type(at, "one value", from);
        default: into = from.to_number<double>(); return {};
        }
    }
};

/// `{"cost_centre": "4711"}` for people; storage also keeps which text a value is in.
template <>
struct form<std::vector<custom_field>> {
    static void write(writer& out, std::vector<custom_field> const& fields, fullness how) {
        if (how == fullness::sparse) {
            out.begin_array();
            for (auto const& f : fields) {
                out.begin_object();
                write_members(out, f, how);
                out.end_object();
            }
            return out.end_array();
        }
        out.begin_object();
        for (auto const& f : fields) {
            out.key(f.name);
            json::write(out, f.value, how);
        }
        out.end_object();
    }
    static result<void> read(boost::json::value const& from, std::vector<custom_field>& into, path const& at) {
        into.clear();
        if (from.is_array()) {
            for (std::size_t i = 0; i < from.get_array().size(); ++i) {
                path const here{at, i};
                auto const* f = from.get_array()[i].if_object();
                if (!f)
                    return wrong_type(here, "an object", from.get_array()[i]);
                GUICHET_TRY(read_members(*f, into.emplace_back(), here));
            }
            return {};
        }
        if (!from.is_object())
            return wrong_type(at, "an object of names and values", from);
        for (auto const& [name, value] : from.get_object()) {
            auto& f = into.emplace_back();
            f.name = std::string_view{name};
            GUICHET_TRY(json::read(value, f.value, path(at, std::string_view{name})));
        }
        return {};
    }
};

/// Stored, a text is its number; shown, it is the number and the text.
template <>
struct form<personal_text> {
    static void write(writer& out, personal_text const& value, fullness how) {
        if (how == fullness::sparse)
            return out.number(std::uint64_t{value.no});
        out.begin_object();
        out.key("no");
        out.number(std::uint64_t{value.no});
        out.key("body");
        out.text(value.body);
        out.end_object();
    }
    static result<void> read(boost::json::value const& from, personal_text& into, path const& at) {
        if (auto const* shown = from.if_object()) {
            auto const *no = shown->if_contains("no"), *body = shown->if_contains("body");
            if (body)
                GUICHET_TRY(json::read(*body, into.body, path(at, "body")));
            if (no)
                GUICHET_TRY(json::read(*no, into.no, path(at, "no")));
            return {};
        }
        return json::read(from, into.no, at);
    }
};

/// Who acts ("by") or looks ("viewer"), in the envelope of a command or a query: a name with "role" and "tenant" beside
/// it, or an actor. Nobody where nothing is written.
inline result<void> read_who(boost::json::object const& from, std::string_view key, actor& into) {
    path const root;
    if (auto const* who = from.if_contains(key)) {
        if (who->is_string())
            into.person = std::string_view{who->get_string()};
        else
            GUICHET_TRY(read(*who, into, path(root, key)));
    }
    if (auto const* role = from.if_contains("role"))
        GUICHET_TRY(read(*role, into.role, path(root, "role")));
    if (auto const* tenant = from.if_contains("tenant"))
        GUICHET_TRY(read(*tenant, into.tenant, path(root, "tenant")));
    return {};
}

} // namespace guichet::inline v0::json
