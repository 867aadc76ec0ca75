#pragma once
#include "described.hpp"
#include "errors.hpp"
#include "kind.hpp"

#include <guichet/json/describe.hpp>

#include <boost/core/demangle.hpp>

#include <array>
#include <typeinfo>

/// Every type of the library that Python sees, to Python and back, from the descriptions alone.
namespace guichet::python {

/// A type whose form in Python its description does not tell specialises this:
/// `to(T const&, owner const&)`, `from(handle, T&, path)`, `hint()`, `taken()`.
template <class T>
struct form;

/// What is declared becomes a member of this module; only while it is imported.
inline py::handle module_in_the_making;

namespace detail {

template <class T>
concept has_form = requires {
    &form<T>::to;
};
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;

/// `routing::skill_seen` is RouteSkillSeen, whose siblings have common names; of other namespaces the last word but
/// for classes within classes: `facet::count` is FacetCount.
std::string python_name(std::type_info const& type);
/// `from_` of `from`.
std::string python_word(std::string_view plain);
py::object make_enum(std::string const& name, std::vector<std::string> const& words);
std::string literal_of(std::vector<std::string> const& words);

} // namespace detail

template <class T>
kind& kind_of();
template <class T>
void declare();

py::object text(std::string_view value);
result<std::string> read_text(py::handle from, json::path const& at);
py::object to_datetime(instant at);
result<instant> read_datetime(py::handle from, json::path const& at);
py::object to_timedelta(std::chrono::milliseconds length);
result<std::chrono::milliseconds> read_timedelta(py::handle from, json::path const& at);
py::object parse_json(std::string_view text);
result<std::string> write_json(py::handle value, json::path const& at);
/// The id in a ticket, an outcome, an article, or in the text of one.
result<std::array<std::byte, 16>> read_id(py::handle from, json::path const& at);

/// Values that a word can stand for: a text for itself, "luc" or "luc:agent" for who acts.
inline void from_word(personal_text& into, std::string word) { into = {0, std::move(word)}; }
void from_word(actor& into, std::string word);
template <class T>
inline constexpr bool has_short = std::same_as<T, personal_text> || std::same_as<T, actor>;

/// The words of an enumeration in Python, by their place.
template <class E>
struct enum_words {
    py::handle type;
    std::vector<std::pair<E, py::handle>> values;
    std::vector<std::string> words;

    static enum_words const& get() {
        static enum_words const made = make();
        return made;
    }

private:
    static enum_words make() {
        enum_words out;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
            [&](auto d) { out.words.emplace_back(json::detail::plain(d.name)); });
        out.type = detail::make_enum(detail::python_name(typeid(E)), out.words).release();
        std::size_t at = 0;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
            [&](auto d) { out.values.emplace_back(d.value, out.type(out.words[at++]).release()); });
        return out;
    }
};

template <class T>
py::object to_python(T const& value, owner const& of);
template <class T>
result<void> from_python(py::handle from, T& into, json::path const& at);
template <class T>
std::string hint_of();
template <class T>
std::string taken_by();

template <class T>
py::object boxed(T value) {
    auto kept = std::make_shared<T const>(std::move(value));
    auto const* raw = kept.get();
    return to_python(*raw, std::move(kept));
}

template <class T>
py::object to_python(T const& value, owner const& of) {
    if constexpr (detail::has_form<T>)
        return form<T>::to(value, of);
    else if constexpr (std::same_as<T, bool>)
        return py::bool_(value);
    else if constexpr (json::detail::described_enum<T>) {
        for (auto const& [one, word] : enum_words<T>::get().values)
            if (one == value)
                return py::reinterpret_borrow<py::object>(word);
        return py::none();
    } else if constexpr (std::integral<T>)
        return py::int_(value);
    else if constexpr (std::floating_point<T>)
        return py::float_(value);
    else if constexpr (std::convertible_to<T const&, std::string_view>)
        return text(value);
    else if constexpr (std::same_as<T, std::chrono::seconds> || std::same_as<T, duration>)
        return to_timedelta(value);
    else if constexpr (json::detail::is_optional<T>)
        return value ? to_python(*value, of) : py::object(py::none());
    else if constexpr (json::detail::is_vector<T> || detail::is_array<T>) {
        py::tuple out(value.size());
        for (std::size_t i = 0; i < value.size(); ++i)
            out[i] = to_python(value[i], of);
        return out;
    } else if constexpr (json::detail::is_id<T>)
        return value ? text(to_string(value)) : py::object(py::none());
    else {
        static_assert(json::detail::described_struct<T>);
        return box(kind_of<T>(), owner{of, &value});
    }
}

namespace detail {

template <class T>
result<void> read_number(py::handle from, T& into, json::path const& at) {
    if (PyBool_Check(from.ptr()) || !PyIndex_Check(from.ptr()))
        return wrong_type(at, "a whole number", from);
    auto const whole = py::reinterpret_steal<py::object>(PyNumber_Index(from.ptr()));
    if (!whole)
        throw py::error_already_set();
    if constexpr (std::signed_integral<T>) {
        auto const number = PyLong_AsLongLong(whole.ptr());
        if (!PyErr_Occurred() && std::in_range<T>(number)) {
            into = static_cast<T>(number);
            return {};
        }
    } else {
        auto const number = PyLong_AsUnsignedLongLong(whole.ptr());
        if (!PyErr_Occurred() && std::in_range<T>(number)) {
            into = static_cast<T>(number);
            return {};
        }
    }
    PyErr_Clear();
    return bad_value(at, from,
                     "a whole number from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                         std::to_string(std::numeric_limits<T>::max()) + " is needed");
}

/// Calls `take(index, element)` for a list or a tuple, which a text is not.
template <class Take>
result<void> each(py::handle from, json::path const& at, Take&& take) {
    if (PyUnicode_Check(from.ptr()) || PyBytes_Check(from.ptr()) || PyDict_Check(from.ptr()) ||
        !PyObject_HasAttrString(from.ptr(), "__iter__"))
        return wrong_type(at, "a list", from);
    std::size_t index = 0;
    for (auto const element : py::reinterpret_borrow<py::object>(from)) {
        GUICHET_TRY(take(index, element));
        ++index;
    }
    return {};
}

template <class Enum>
result<void> read_word(py::handle from, Enum& into, json::path const& at) {
    if (!PyUnicode_Check(from.ptr()))
        return wrong_type(at, "one of " + json::words_of<Enum>(), from);
    GUICHET_LET(auto const word, read_text(from, at));
    auto const known = json::from_text<Enum>(word);
    if (!known)
        return error{reason::unknown_value, {{"path", at.text()}, {"value", word}, {"known", json::words_of<Enum>()}}};
    into = *known;
    return {};
}

} // namespace detail

template <class T>
result<void> from_python(py::handle from, T& into, json::path const& at) {
    if constexpr (detail::has_form<T>)
        return form<T>::from(from, into, at);
    else if constexpr (std::same_as<T, bool>) {
        if (!PyBool_Check(from.ptr()))
            return wrong_type(at, "True or False", from);
        into = from.ptr() == Py_True;
    } else if constexpr (json::detail::described_enum<T>)
        return detail::read_word(from, into, at);
    else if constexpr (std::integral<T>)
        return detail::read_number(from, into, at);
    else if constexpr (std::floating_point<T>) {
        if (PyBool_Check(from.ptr()) || !PyNumber_Check(from.ptr()))
            return wrong_type(at, "a number", from);
        into = static_cast<T>(PyFloat_AsDouble(from.ptr()));
        if (PyErr_Occurred())
            throw py::error_already_set();
    } else if constexpr (std::same_as<T, std::string>) {
        GUICHET_LET(into, read_text(from, at));
    } else if constexpr (std::same_as<T, std::chrono::seconds> || std::same_as<T, duration>) {
        GUICHET_LET(auto const length, read_timedelta(from, at));
        into = std::chrono::duration_cast<T>(length);
    } else if constexpr (json::detail::is_optional<T>) {
        if (from.is_none())
            into.reset();
        else
            return from_python(from, into.emplace(), at);
    } else if constexpr (json::detail::is_vector<T>) {
        into.clear();
        return detail::each(from, at, [&](std::size_t index, py::handle element) {
            return from_python(element, into.emplace_back(), json::path(at, index));
        });
    } else if constexpr (detail::is_array<T>) {
        return detail::each(from, at, [&](std::size_t index, py::handle element) -> result<void> {
            if (index >= into.size())
                return wrong_type(at, "a list of " + std::to_string(into.size()), from);
            return from_python(element, into[index], json::path(at, index));
        });
    } else if constexpr (json::detail::is_id<T>) {
        if (from.is_none())
            into = {};
        else {
            GUICHET_LET(into.bytes, read_id(from, at));
        }
    } else {
        static_assert(json::detail::described_struct<T>);
        if constexpr (has_short<T>)
            if (PyUnicode_Check(from.ptr())) {
                GUICHET_LET(auto word, read_text(from, at));
                from_word(into, std::move(word));
                return {};
            }
        if (kind_of_value(from) == &kind_of<T>())
            into = *static_cast<T const*>(unbox(from).get());
        else if (PyDict_Check(from.ptr()))
            return fill_from_dict(kind_of<T>(), &into, from, at);
        else
            return wrong_type(at, "a " + kind_of<T>().name, from);
    }
    return {};
}

template <class T>
std::string hint_of() {
    if constexpr (detail::has_form<T>)
        return form<T>::hint();
    else if constexpr (std::same_as<T, bool>)
        return "bool";
    else if constexpr (json::detail::described_enum<T>)
        return detail::python_name(typeid(T));
    else if constexpr (std::integral<T>)
        return "int";
    else if constexpr (std::floating_point<T>)
        return "float";
    else if constexpr (std::convertible_to<T const&, std::string_view>)
        return "str";
    else if constexpr (std::same_as<T, std::chrono::seconds> || std::same_as<T, duration>)
        return "timedelta";
    else if constexpr (json::detail::is_optional<T>)
        return "Optional[" + hint_of<typename T::value_type>() + "]";
    else if constexpr (json::detail::is_vector<T> || detail::is_array<T>)
        return "Tuple[" + hint_of<typename T::value_type>() + ", ...]";
    else if constexpr (json::detail::is_id<T>)
        return "Optional[str]";
    else
        return kind_of<T>().name;
}

template <class T>
std::string taken_by() {
    if constexpr (detail::has_form<T>)
        return form<T>::taken();
    else if constexpr (json::detail::described_enum<T>)
        return "Union[" + hint_of<T>() + ", " + detail::literal_of(enum_words<T>::get().words) + "]";
    else if constexpr (std::same_as<T, std::chrono::seconds> || std::same_as<T, duration>)
        return "Union[timedelta, float]";
    else if constexpr (json::detail::is_optional<T>)
        return "Optional[" + taken_by<typename T::value_type>() + "]";
    else if constexpr (json::detail::is_vector<T> || detail::is_array<T>)
        return "Iterable[" + taken_by<typename T::value_type>() + "]";
    else if constexpr (json::detail::is_id<T>)
        return std::same_as<T, ticket_id>    ? "Union[str, Ticket, Outcome, None]"
               : std::same_as<T, article_id> ? "Union[str, Article, Outcome, None]"
               : std::same_as<T, inquiry_id> ? "Union[str, Inquiry, Outcome, None]"
                                             : "Optional[str]";
    else if constexpr (json::detail::described_struct<T>)
        return "Union[" + hint_of<T>() + (has_short<T> ? ", str" : "") + ", Dict[str, Any]]";
    else
        return hint_of<T>();
}

template <class T>
void declare() {
    if constexpr (detail::has_form<T>) {
        if constexpr (requires { form<T>::declare(); })
            form<T>::declare();
    } else if constexpr (json::detail::described_enum<T>)
        enum_words<T>::get();
    else if constexpr (json::detail::is_vector<T> || json::detail::is_optional<T> || detail::is_array<T>)
        declare<typename T::value_type>();
    else if constexpr (json::detail::described_struct<T>) {
        auto& made = kind_of<T>();
        if (made.type)
            return;
        create_type(made);
        for (auto const& m : made.members)
            m.declare();
    }
}

namespace detail {

/// Of a variant, what it holds; None where that is nothing.
template <class... T>
py::object held_by(std::variant<std::monostate, T...> const& value, owner const& of) {
    return std::visit(
        [&]<class V>(V const& one) -> py::object {
            if constexpr (std::same_as<V, std::monostate>)
                return py::none();
            else
                return to_python(one, of);
        },
        value);
}

template <class T, class D>
member member_of() {
    using type = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;
    auto const plain = std::string{json::detail::plain(D::name)};
    return {
        python_word(plain),
        plain,
        [](void const* object, owner const& of) { return to_python(static_cast<T const*>(object)->*D::pointer, of); },
        [](void* object, py::handle from, json::path const& at) {
            return from_python(from, static_cast<T*>(object)->*D::pointer, at);
        },
        hint_of<type>,
        taken_by<type>,
        declare<type>};
}

template <class T, class... D>
std::vector<member> members_of(boost::mp11::mp_list<D...>) {
    return {member_of<T, D>()...};
}

template <class T>
kind describe_kind() {
    kind out{python_name(typeid(T)),
             members_of<T>(boost::mp11::mp_rename<json::detail::members<T>, boost::mp11::mp_list>{}),
             [] { return std::shared_ptr<void>(std::make_shared<T>()); },
             [](void const* from) { return std::shared_ptr<void>(std::make_shared<T>(*static_cast<T const*>(from))); },
             {},
             {}};
    if constexpr (boost::mp11::mp_contains<command_body, T>::value) {
        out.tag = "command";
        out.tag_value = name_of(command_body{T{}});
    } else if constexpr (boost::mp11::mp_contains<event_body, T>::value) {
        out.tag = "event";
        out.tag_value = name_of(event_body{T{}});
    } else if constexpr (std::same_as<T, command> || std::same_as<T, event>)
        out.type_of = [](void const* object) { return name_of(static_cast<T const*>(object)->body); };
    return out;
}

} // namespace detail

template <class T>
kind& kind_of() {
    static auto& made = *new kind{detail::describe_kind<T>()}; // lives as long as the interpreter may ask
    return made;
}

// --- the types that have a form of their own

template <>
struct form<instant> {
    static py::object to(instant value, owner const&) { return to_datetime(value); }
    static result<void> from(py::handle from, instant& into, json::path const& at) {
        GUICHET_LET(into, read_datetime(from, at));
        return {};
    }
    static std::string hint() { return "datetime"; }
    static std::string taken() { return "datetime"; }
};

template <>
struct form<digest> {
    static py::object to(digest const& value, owner const&) { return text(to_hex(value)); }
    static result<void> from(py::handle from, digest& into, json::path const& at) {
        if (!PyUnicode_Check(from.ptr()))
            return wrong_type(at, "64 hexadecimal digits", from);
        GUICHET_LET(auto const digits, read_text(from, at));
        if (!from_hex(digits, into))
            return bad_value(at, from, "64 hexadecimal digits are needed");
        return {};
    }
    static std::string hint() { return "str"; }
    static std::string taken() { return "str"; }
};

template <>
struct form<raw_json> {
    static py::object to(raw_json const& value, owner const&) {
        return value.empty() ? py::object(py::none()) : parse_json(value.text);
    }
    static result<void> from(py::handle from, raw_json& into, json::path const& at) {
        into.text.clear();
        if (!from.is_none()) {
            GUICHET_LET(into.text, write_json(from, at));
        }
        return {};
    }
    static std::string hint() { return "Any"; }
    static std::string taken() { return "Any"; }
};

template <>
struct form<field_value> {
    static py::object to(field_value const& value, owner const& of) { return detail::held_by(value, of); }
    static result<void> from(py::handle from, field_value& into, json::path const& at) {
        if (from.is_none())
            into = std::monostate{};
        else if (PyBool_Check(from.ptr()))
            into = from.ptr() == Py_True;
        else if (PyUnicode_Check(from.ptr()))
            return from_python(from, into.emplace<std::string>(), at);
        else if (PyDict_Check(from.ptr()) || kind_of_value(from))
            return from_python(from, into.emplace<object_reference>(), at);
        else
            return from_python(from, into.emplace<double>(), at);
        return {};
    }
    static std::string hint() { return "Union[None, str, float, bool, ObjectReference]"; }
    static std::string taken() { return hint(); }
    static void declare() { python::declare<object_reference>(); }
};

/// Custom fields are a dict of their names.
template <>
struct form<std::vector<custom_field>> {
    static py::object to(std::vector<custom_field> const& fields, owner const& of) {
        py::dict out;
        for (auto const& f : fields)
            out[text(f.name)] = to_python(f.value, of);
        return out;
    }
    static result<void> from(py::handle from, std::vector<custom_field>& into, json::path const& at) {
        into.clear();
        if (!PyDict_Check(from.ptr()))
            return wrong_type(at, "a dict of names and values", from);
        for (auto const& [name, value] : py::reinterpret_borrow<py::dict>(from)) {
            auto& f = into.emplace_back();
            GUICHET_TRY(from_python(name, f.name, at));
            GUICHET_TRY(from_python(value, f.value, json::path(at, f.name)));
        }
        return {};
    }
    static std::string hint() { return "Dict[str, " + form<field_value>::hint() + "]"; }
    static std::string taken() { return hint(); }
    static void declare() { form<field_value>::declare(); }
};

template <>
struct form<expr::literal> {
    static py::object to(expr::literal const& value, owner const& of) { return detail::held_by(value, of); }
    static result<void> from(py::handle from, expr::literal& into, json::path const& at) {
        auto* const given = from.ptr();
        if (from.is_none())
            into = std::monostate{};
        else if (PyBool_Check(given))
            into = given == Py_True;
        else if (PyUnicode_Check(given))
            return from_python(from, into.emplace<std::string>(), at);
        else if (PyLong_Check(given))
            return from_python(from, into.emplace<std::int64_t>(), at);
        else if (PyFloat_Check(given))
            return from_python(from, into.emplace<double>(), at);
        else if (py::hasattr(from, "tzinfo"))
            return from_python(from, into.emplace<instant>(), at);
        else if (py::hasattr(from, "total_seconds"))
            return from_python(from, into.emplace<duration>(), at);
        else
            return from_python(from, into.emplace<std::vector<std::string>>(), at);
        return {};
    }
    static std::string hint() { return "Union[None, bool, int, float, str, datetime, timedelta, Tuple[str, ...]]"; }
    static std::string taken() { return "Union[None, bool, int, float, str, datetime, timedelta, Iterable[str]]"; }
};

/// Its JSON: the leaves with what was seen and the verdict. It is only told, so what is read back has the verdict
/// alone.
template <>
struct form<expr::explanation> {
    static py::object to(expr::explanation const& value, owner const&) {
        return parse_json(boost::json::serialize(expr::to_json(value)));
    }
    static result<void> from(py::handle from, expr::explanation& into, json::path const& at) {
        if (!PyDict_Check(from.ptr()))
            return wrong_type(at, "a dict", from);
        into.verdict = py::bool_(from.attr("get")("verdict", true));
        return {};
    }
    static std::string hint() { return "Dict[str, Any]"; }
    static std::string taken() { return "Dict[str, Any]"; }
};

template <>
struct form<error> {
    static py::object to(error const& value, owner const&) { return to_exception(value); }
    static result<void> from(py::handle from, error& into, json::path const& at) {
        auto known = from_exception(from);
        if (!known)
            return wrong_type(at, "a guichet.Error", from);
        into = std::move(*known);
        return {};
    }
    static std::string hint() { return "Error"; }
    static std::string taken() { return "Error"; }
};

/// One value of many: a command's body, an event's. `variants.hpp` has how.
template <class Variant>
struct variant_form {
    static py::object to(Variant const& value, owner const& of);
    static result<void> from(py::handle from, Variant& into, json::path const& at);
    static std::string hint() { return std::same_as<Variant, event_body> ? "_AnyEvent" : "_AnyCommand"; }
    static std::string taken() { return "Union[" + hint() + ", Dict[str, Any]]"; }
    static void declare();
    /// The kind of an alternative.
    static kind const& of(std::size_t index);
};
template <>
struct form<command_body> : variant_form<command_body> {};
template <>
struct form<event_body> : variant_form<event_body> {};

// Compiled once: each of them brings many others along.
extern template struct variant_form<command_body>;
extern template struct variant_form<event_body>;
extern template kind& kind_of<actor>();
extern template kind& kind_of<article>();
extern template kind& kind_of<command>();
extern template kind& kind_of<document>();
extern template kind& kind_of<event>();
extern template kind& kind_of<outcome>();
extern template kind& kind_of<ticket>();

} // namespace guichet::python
