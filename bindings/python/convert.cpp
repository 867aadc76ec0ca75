#include "convert.hpp"

#include <guichet/time/iso8601.hpp>

#include <datetime.h>

#include <algorithm>
#include <cmath>

namespace guichet::python {
namespace {

/// The C interface of `datetime`, loaded once.
PyDateTime_CAPI& dates() {
    if (!PyDateTimeAPI)
        PyDateTime_IMPORT;
    if (!PyDateTimeAPI)
        throw py::error_already_set();
    return *PyDateTimeAPI;
}

/// A word of Python's; such a name gets a trailing underscore.
bool is_keyword(std::string_view word) {
    static constexpr std::string_view all[] = {
        "and",      "as",     "assert",  "async", "await", "break",  "class", "continue", "def",  "del",  "elif",
        "else",     "except", "finally", "for",   "from",  "global", "if",    "import",   "in",   "is",   "lambda",
        "nonlocal", "not",    "or",      "pass",  "raise", "return", "try",   "while",    "with", "yield"};
    return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

/// The namespaces whose names are clear without them.
bool is_silent(std::string_view part) {
    static constexpr std::string_view all[] = {"guichet", "v0",         "python",  "sla",   "search",
                                               "storage", "reporting",  "testing", "time",  "kb",
                                               "rules",   "escalation", "expr",    "trends"};
    return std::find(std::begin(all), std::end(all), part) != std::end(all);
}

} // namespace

namespace detail {

std::string python_name(std::type_info const& type) {
    auto const whole = boost::core::demangle(type.name());
    std::string out;
    for (std::size_t at = 0; at <= whole.size();) {
        auto const end = std::min(whole.find("::", at), whole.size());
        auto const part = std::string_view{whole}.substr(at, end - at);
        at = end + 2;
        if (is_silent(part))
            continue;
        if (part == "routing") { // there are types that begin with this word
            out += "Route";
            continue;
        }
        bool upper = true;
        for (auto const c : part) {
            if (c != '_')
                out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            upper = c == '_';
        }
    }
    return out;
}

std::string python_word(std::string_view plain) { return std::string{plain} + (is_keyword(plain) ? "_" : ""); }

py::object make_enum(std::string const& name, std::vector<std::string> const& words) {
    auto const builtins = py::module_::import("builtins");
    py::list members;
    for (auto const& word : words)
        members.append(py::make_tuple(py::str(word).attr("upper")(), word));
    auto const made = py::module_::import("enum").attr("Enum")(name, members, py::arg("type") = builtins.attr("str"),
                                                               py::arg("module") = "guichet");
    // As a text it is its word, in every version of Python.
    made.attr("__str__") = builtins.attr("str").attr("__str__");
    made.attr("__format__") = builtins.attr("str").attr("__format__");
    if (py::hasattr(module_in_the_making, name.c_str()))
        throw py::import_error("two types are called " + name);
    module_in_the_making.attr(name.c_str()) = made;
    return made;
}

std::string literal_of(std::vector<std::string> const& words) {
    std::string out = "Literal[";
    for (auto const& word : words)
        out += (out.back() == '[' ? "'" : ", '") + word + "'";
    return out + "]";
}

} // namespace detail

py::object text(std::string_view value) {
    auto* const out = PyUnicode_DecodeUTF8(value.data(), static_cast<Py_ssize_t>(value.size()), "replace");
    if (!out)
        throw py::error_already_set();
    return py::reinterpret_steal<py::object>(out);
}

result<std::string> read_text(py::handle from, json::path const& at) {
    if (!PyUnicode_Check(from.ptr()))
        return wrong_type(at, "a text", from);
    Py_ssize_t size = 0;
    auto const* bytes = PyUnicode_AsUTF8AndSize(from.ptr(), &size);
    if (!bytes) { // half of a surrogate pair
        PyErr_Clear();
        return error{reason::not_utf8, {{"path", at.text()}, {"offset", "?"}}};
    }
    return std::string(bytes, static_cast<std::size_t>(size));
}

py::object to_datetime(instant at) {
    using namespace std::chrono;
    auto const day = floor<days>(at);
    year_month_day const date{day};
    if (date.year() < year{1} || date.year() > year{9999})
        return py::none();
    hh_mm_ss const clock{at - day};
    auto& api = dates();
    auto* const out = api.DateTime_FromDateAndTime(
        int{date.year()}, static_cast<int>(unsigned{date.month()}), static_cast<int>(unsigned{date.day()}),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()) * 1'000,
        api.TimeZone_UTC, api.DateTimeType);
    if (!out)
        throw py::error_already_set();
    return py::reinterpret_steal<py::object>(out);
}

result<instant> read_datetime(py::handle from, json::path const& at) {
    using namespace std::chrono;
    auto& api = dates();
    if (PyUnicode_Check(from.ptr())) {
        GUICHET_LET(auto const words, read_text(from, at));
        return time::parse_instant(words, at.text());
    }
    if (!PyDateTime_Check(from.ptr()))
        return wrong_type(at, "a datetime with a zone", from);
    if (from.attr("utcoffset")().is_none())
        return bad_value(at, from,
                         "it has no zone; say which: datetime.now(timezone.utc), or value.replace(tzinfo=...)");
    auto const utc = from.attr("astimezone")(py::handle(api.TimeZone_UTC));
    auto* const d = utc.ptr();
    sys_days const day{year{PyDateTime_GET_YEAR(d)} / PyDateTime_GET_MONTH(d) / PyDateTime_GET_DAY(d)};
    return instant{day} + hours{PyDateTime_DATE_GET_HOUR(d)} + minutes{PyDateTime_DATE_GET_MINUTE(d)} +
           seconds{PyDateTime_DATE_GET_SECOND(d)} + milliseconds{PyDateTime_DATE_GET_MICROSECOND(d) / 1'000};
}

py::object to_timedelta(std::chrono::milliseconds length) {
    using namespace std::chrono;
    auto const day = floor<days>(length);
    auto const second = floor<seconds>(length - day);
    auto& api = dates();
    auto const rest = length - day - second;
    auto* const out = api.Delta_FromDelta(static_cast<int>(day.count()), static_cast<int>(second.count()),
                                          static_cast<int>(rest.count()) * 1'000, 1, api.DeltaType);
    if (!out)
        throw py::error_already_set();
    return py::reinterpret_steal<py::object>(out);
}

result<std::chrono::milliseconds> read_timedelta(py::handle from, json::path const& at) {
    using namespace std::chrono;
    dates();
    if (PyDelta_Check(from.ptr()))
        return days{PyDateTime_DELTA_GET_DAYS(from.ptr())} + seconds{PyDateTime_DELTA_GET_SECONDS(from.ptr())} +
               milliseconds{PyDateTime_DELTA_GET_MICROSECONDS(from.ptr()) / 1'000};
    double count = 0;
    if (PyBool_Check(from.ptr()) || !PyNumber_Check(from.ptr()))
        return wrong_type(at, "a timedelta, or seconds", from);
    GUICHET_TRY(from_python(from, count, at));
    if (!(std::abs(count) < 9e12))
        return bad_value(at, from, "so many seconds are no length of time");
    return milliseconds{std::llround(count * 1'000)};
}

py::object parse_json(std::string_view words) {
    static py::handle const loads = py::object(py::module_::import("json").attr("loads")).release();
    return loads(text(words));
}

result<std::string> write_json(py::handle value, json::path const& at) {
    static py::handle const dumps = py::object(py::module_::import("json").attr("dumps")).release();
    try {
        return dumps(to_plain(value), py::arg("ensure_ascii") = false, py::arg("allow_nan") = false)
            .cast<std::string>();
    } catch (py::error_already_set const& e) {
        if (!e.matches(PyExc_TypeError) && !e.matches(PyExc_ValueError))
            throw;
        return error{reason::malformed_json,
                     {{"path", at.text()}, {"problem", py::str(e.value()).cast<std::string>()}}};
    }
}

result<std::array<std::byte, 16>> read_id(py::handle from, json::path const& at) {
    if (auto const* of = kind_of_value(from)) {
        auto const* value = unbox(from).get();
        if (of == &kind_of<ticket>())
            return static_cast<ticket const*>(value)->id.bytes;
        if (of == &kind_of<article>())
            return static_cast<article const*>(value)->id.bytes;
        if (of == &kind_of<outcome>()) {
            auto const& came_to = *static_cast<outcome const*>(value);
            return came_to.article   ? came_to.article.bytes
                   : came_to.inquiry ? came_to.inquiry.bytes
                                     : came_to.ticket.bytes;
        }
        if (of == &kind_of<inquiry>())
            return static_cast<inquiry const*>(value)->id.bytes;
    }
    if (!PyUnicode_Check(from.ptr()) && !py::hasattr(from, "hex"))
        return wrong_type(at, "an id, or what has one", from);
    auto const words = py::str(from).cast<std::string>();
    auto const id = parse_id<ticket_id>(words, at.text());
    if (!id)
        return bad_value(at, from, "a UUID is needed; of a number, ask the desk: desk.find(number)");
    return id->bytes;
}

void from_word(actor& into, std::string word) {
    auto const colon = word.rfind(':');
    if (colon != std::string::npos)
        into.role = word.substr(colon + 1);
    into.person = word.substr(0, colon);
}

} // namespace guichet::python
