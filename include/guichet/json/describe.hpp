#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/ids.hpp>
#include <guichet/json/path.hpp>
#include <guichet/json/writer.hpp>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

/// JSON of every type that BOOST_DESCRIBE describes: one description, both directions. Heavy to compile, so only `.ipp`
/// files include it; `model/codec.hpp` is the light door. A type with a form of its own specialises `form`.
namespace guichet::inline v0::json {

/// What the writer leaves out: nothing (for people and programs), or all that equals its default (for storage).
enum class fullness { full, sparse };

/// Types that storage writes as a list of their members, in order, because there are many of them: append members only.
template <class T>
inline constexpr bool positional = false;

/// How a type that needs more than its description is written and read.
/// `static void write(writer&, T const&, fullness)`, `static result<void> read(boost::json::value const&, T&, path
/// const&)`.
template <class T>
struct form;

namespace detail {

template <class T>
concept has_form = requires {
    &form<T>::write;
};
template <class T>
concept described_struct = boost::describe::has_describe_members<T>::value;
template <class T>
concept described = described_struct<T> && !has_form<T>;
template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<id<Tag>> = true;

template <class T>
using members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

/// A trailing underscore keeps a word clear of C++'s own (`new_`); it is not part of the name.
constexpr std::string_view plain(std::string_view name) noexcept {
    return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

} // namespace detail

/// The words of a described enumeration.
template <detail::described_enum E>
std::string_view to_text(E value) noexcept {
    std::string_view out = "?";
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        if (value == d.value)
            out = detail::plain(d.name);
    });
    return out;
}
template <detail::described_enum E>
std::optional<E> from_text(std::string_view text) noexcept {
    std::optional<E> out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        if (text == detail::plain(d.name))
            out = d.value;
    });
    return out;
}
template <detail::described_enum E>
std::string words_of() {
    std::string out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto d) {
        out += out.empty() ? "" : ", ";
        out += detail::plain(d.name);
    });
    return out;
}

template <class T>
void write(writer& out, T const& value, fullness how);
template <class T>
result<void> read(boost::json::value const& from, T& into, path const& at);

namespace detail {

/// A member of a described type as data: the loops over members are compiled once, not once for every type.
struct member_row {
    std::string_view name;
    bool (*unset)(void const* object);
    void (*write)(writer& out, void const* object, fullness how);
    result<void> (*read)(boost::json::value const& from, void* object, path const& at);
};

/// What a reader finds where nothing is written: an object as it is made.
template <class T>
T const& fresh() {
    static T const made{};
    return made;
}

/// Whether a member need not be written. A member's own default may differ from that of its type (`side::desk`).
template <class Member>
bool is_unset(Member const& value, Member const& unset) {
    if constexpr (requires { value.empty(); })
        return value.empty();
    else if constexpr (std::equality_comparable<Member>)
        return value == unset;
    else
        return false;
}

template <class T, class D>
constexpr member_row row_of() {
    using member_type = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;
    return {
        plain(D::name),
        [](void const* object) { return is_unset(static_cast<T const*>(object)->*D::pointer, fresh<T>().*D::pointer); },
        [](writer& out, void const* object, fullness how) {
            json::write(out, static_cast<T const*>(object)->*D::pointer, how);
        },
        [](boost::json::value const& from, void* object, path const& at) -> result<void> {
            auto& member = static_cast<T*>(object)->*D::pointer;
            if (!has_form<member_type> && from.is_null()) {
                member = member_type{};
                return {};
            }
            return json::read(from, member, at);
        }};
}

template <class T, class... D>
constexpr std::array<member_row, sizeof...(D)> rows_of(boost::mp11::mp_list<D...>) {
    return {row_of<T, D>()...};
}
template <class T>
inline constexpr auto rows = rows_of<T>(boost::mp11::mp_rename<members<T>, boost::mp11::mp_list>{});

inline void write_rows(writer& out, std::span<member_row const> rows, void const* object, fullness how) {
    for (auto const& row : rows) {
        if (how == fullness::sparse && row.unset(object))
            continue;
        out.key(row.name);
        row.write(out, object, how);
    }
}

inline result<void> read_rows(boost::json::object const& from, std::span<member_row const> rows, void* object,
                              path const& at, std::span<std::string_view const> skip) {
    for (auto const& [name, value] : from) {
        std::string_view const key = name;
        if (std::find(skip.begin(), skip.end(), key) != skip.end())
            continue;
        auto const row = std::find_if(rows.begin(), rows.end(), [&](member_row const& r) { return r.name == key; });
        path const here{at, key};
        if (row == rows.end()) {
            std::string names;
            for (auto const& r : rows)
                names.append(names.empty() ? "" : ", ").append(r.name);
            return error{reason::unknown_field, {{"path", here.text()}, {"known", names}}};
        }
        GUICHET_TRY(row->read(value, object, here));
    }
    return {};
}

} // namespace detail

/// Writes the members of a described type, without the braces.
template <class T>
void write_members(writer& out, T const& value, fullness how) {
    detail::write_rows(out, detail::rows<T>, &value, how);
}

/// Writes any supported value.
template <class T>
void write(writer& out, T const& value, fullness how) {
    if constexpr (detail::has_form<T>)
        form<T>::write(out, value, how);
    else if constexpr (std::same_as<T, bool>)
        out.boolean(value);
    else if constexpr (detail::described_enum<T>)
        out.text(to_text(value));
    else if constexpr (std::signed_integral<T>)
        out.number(std::int64_t{value});
    else if constexpr (std::unsigned_integral<T>)
        out.number(std::uint64_t{value});
    else if constexpr (std::floating_point<T>)
        out.number(static_cast<double>(value));
    else if constexpr (std::convertible_to<T const&, std::string_view>)
        out.text(value);
    else if constexpr (std::same_as<T, std::chrono::seconds>)
        out.number(std::int64_t{value.count()});
    else if constexpr (detail::is_optional<T>) {
        if (value)
            write(out, *value, how);
        else
            out.null();
    } else if constexpr (detail::is_vector<T>) {
        out.begin_array();
        for (auto const& element : value)
            write(out, element, how);
        out.end_array();
    } else if constexpr (detail::is_id<T>) {
        if (value)
            out.text(to_string(value));
        else
            out.null();
    } else if constexpr (std::same_as<T, digest>)
        out.text(to_hex(value));
    else {
        static_assert(detail::described<T>);
        if (positional<T> && how == fullness::sparse) {
            out.begin_array();
            for (auto const& row : detail::rows<T>)
                row.write(out, &value, how);
            out.end_array();
            return;
        }
        out.begin_object();
        write_members(out, value, how);
        out.end_object();
    }
}

/// Reads the members of a described type; a key that names no member is an error, so that a slip is not ignored.
/// `skip` names keys that belong to somebody else (an envelope around the same object).
template <class T>
result<void> read_members(boost::json::object const& from, T& into, path const& at,
                          std::span<std::string_view const> skip = {}) {
    return detail::read_rows(from, detail::rows<T>, &into, at, skip);
}

/// Reads the members of a positional type in their order; members added since are absent at the end.
template <class T>
result<void> read_positions(boost::json::array const& from, T& into, path const& at) {
    for (std::size_t i = 0; i < std::min(from.size(), detail::rows<T>.size()); ++i)
        GUICHET_TRY(detail::rows<T>[i].read(from[i], &into, path(at, i)));
    return {};
}

/// Reads any supported value; the error says where, what was expected and what was found.
template <class T>
result<void> read(boost::json::value const& from, T& into, path const& at) {
    if constexpr (detail::has_form<T>)
        return form<T>::read(from, into, at);
    else if constexpr (std::same_as<T, bool>) {
        if (!from.is_bool())
            return wrong_type(at, "true or false", from);
        into = from.get_bool();
    } else if constexpr (detail::described_enum<T>) {
        if (!from.is_string())
            return wrong_type(at, "a text", from);
        auto const value = from_text<T>(from.get_string());
        if (!value)
            return unknown_value(at, from, words_of<T>());
        into = *value;
    } else if constexpr (std::integral<T>) {
        boost::json::error_code failed;
        into = from.to_number<T>(failed);
        if (failed)
            return from.is_number()
                       ? bad_value(at, from,
                                   "a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                                       std::to_string(std::numeric_limits<T>::max()) + " is needed")
                       : wrong_type(at, "a number", from);
    } else if constexpr (std::floating_point<T>) {
        if (!from.is_number())
            return wrong_type(at, "a number", from);
        into = from.to_number<T>();
    } else if constexpr (std::same_as<T, std::string>) {
        if (!from.is_string())
            return wrong_type(at, "a text", from);
        into = std::string_view{from.get_string()};
    } else if constexpr (std::same_as<T, std::chrono::seconds>) {
        std::int64_t count = 0;
        GUICHET_TRY(read(from, count, at));
        into = std::chrono::seconds{count};
    } else if constexpr (detail::is_optional<T>) {
        if (from.is_null())
            into.reset();
        else
            return read(from, into.emplace(), at);
    } else if constexpr (detail::is_vector<T>) {
        if (!from.is_array())
            return wrong_type(at, "a list", from);
        into.clear();
        into.reserve(from.get_array().size());
        for (std::size_t i = 0; i < from.get_array().size(); ++i)
            GUICHET_TRY(read(from.get_array()[i], into.emplace_back(), path(at, i)));
    } else if constexpr (detail::is_id<T>) {
        if (!from.is_string())
            return wrong_type(at, "a text", from);
        auto const value = parse_id<T>(from.get_string(), "");
        if (!value)
            return bad_value(at, from, "a UUID is needed");
        into = *value;
    } else if constexpr (std::same_as<T, digest>) {
        if (!from.is_string() || !from_hex(from.get_string(), into))
            return wrong_type(at, "64 hexadecimal digits", from);
    } else {
        static_assert(detail::described<T>);
        if constexpr (positional<T>)
            if (from.is_array())
                return read_positions(from.get_array(), into, at);
        if (!from.is_object())
            return wrong_type(at, "an object", from);
        return read_members(from.get_object(), into, at);
    }
    return {};
}

} // namespace guichet::inline v0::json
