#include "errors.hpp"

#include <array>
#include <optional>

namespace guichet::python {
namespace {

constexpr std::size_t codes = [] {
    std::size_t out = 0;
#define GUICHET_ERRC(name, http, exit_code, python, retry, text) ++out;
#include <guichet/base/errc.def>
#undef GUICHET_ERRC
    return out;
}();

py::handle base;
std::array<py::handle, codes> classes;

/// What a function of the host's raised on this thread, and the error that it came to.
thread_local PyObject* raised_by_host = nullptr;
thread_local reason came_to = reason::hook_refused;

std::string camel(std::string_view words) {
    std::string out;
    bool upper = true;
    for (auto const c : words) {
        if (c != '_')
            out += upper ? static_cast<char>(c - 'a' + 'A') : c;
        upper = c == '_';
    }
    return out;
}

constexpr std::string_view advice(retry_advice retry) {
    switch (retry) {
    case retry_advice::no: return "no";
    case retry_advice::yes: return "yes";
    case retry_advice::after_reload: return "after_reload";
    case retry_advice::after_change: return "after_change";
    case retry_advice::with_command_id: return "with_command_id";
    }
    return "no";
}

/// The way out: the fact called so, else what the sentence says behind its last semicolon.
std::string way_out(error const& e, std::string const& sentence) {
    if (auto const hint = e["hint"]; !hint.empty())
        return std::string{hint};
    auto const cut = sentence.rfind("; ");
    return cut == std::string::npos ? std::string{} : sentence.substr(cut + 2);
}

} // namespace

void add_errors(py::module_& into) {
    auto const make = [&](std::string const& name, py::object const& bases, std::string_view doc) {
        auto* const made =
            PyErr_NewExceptionWithDoc(("guichet." + name).c_str(), std::string{doc}.c_str(), bases.ptr(), nullptr);
        if (!made)
            throw py::error_already_set();
        into.attr(name.c_str()) = py::handle(made);
        return py::handle(made);
    };
    base = make("Error", py::reinterpret_borrow<py::object>(PyExc_Exception),
                "What the desk refuses, or could not do.\n\n"
                "code, reason  stable words: what the caller can do about it, and why\n"
                "detail        the sentence for people: what, why and the way out (detail_fr in French)\n"
                "context       the facts, as a dict: the field, the value, what is allowed\n"
                "hint          the way out\n"
                "retry         no, yes, after_reload, after_change or with_command_id\n"
                "http_status   the status of HTTP that says the same");
    auto const builtins = py::module_::import("builtins");
    for (std::size_t i = 0; i < codes; ++i) {
        auto const& row = info(static_cast<errc>(i));
        py::object const parent = builtins.attr(std::string{row.python_class}.c_str());
        classes[i] = make(camel(row.name), py::make_tuple(base, parent), row.meaning);
    }
}

py::object to_exception(error const& e) {
    auto const& row = info(e.code());
    auto const detail = e.describe();
    py::object out = classes[static_cast<std::size_t>(row.code)](detail);
    py::dict context;
    for (auto const& [key, value] : e.context())
        context[key.c_str()] = value;
    out.attr("code") = row.name;
    out.attr("reason") = info(e.why()).name;
    out.attr("detail") = detail;
    out.attr("detail_fr") = e.describe(language::fr);
    out.attr("context") = context;
    out.attr("hint") = way_out(e, detail);
    out.attr("retry") = advice(row.retry);
    out.attr("http_status") = row.http_status;
    return out;
}

std::optional<error> from_exception(py::handle thrown) {
    if (!base || !py::isinstance(thrown, base) || !py::hasattr(thrown, "reason"))
        return std::nullopt;
    auto const name = thrown.attr("reason").cast<std::string>();
    std::optional<error> out;
#define GUICHET_REASON(word, code, en, fr)                                                                             \
    if (name == #word)                                                                                                 \
        out.emplace(reason::word);
#include <guichet/base/reasons.def>
#undef GUICHET_REASON
    if (out)
        for (auto const& [key, value] : thrown.attr("context").cast<py::dict>())
            std::move(*out).with(key.cast<std::string>(), value.cast<std::string>());
    return out;
}

void forget() noexcept { Py_CLEAR(raised_by_host); }

error remember(py::error_already_set const& raised, reason otherwise) {
    Py_XDECREF(raised_by_host);
    raised_by_host = new_ref(raised.value().ptr());
    auto out = from_exception(raised.value());
    if (!out) {
        auto const name = raised.type().attr("__name__").cast<std::string>();
        auto const said = py::str(raised.value()).cast<std::string>();
        out = error{otherwise, {{"problem", said.empty() ? name : name + ": " + said}}};
    }
    came_to = out->why();
    return std::move(*out);
}

void raise(error const& e) {
    auto const out = to_exception(e);
    if (auto* const cause = std::exchange(raised_by_host, nullptr)) {
        if (e.why() == came_to)
            PyException_SetCause(out.ptr(), cause); // takes the reference
        else
            Py_DECREF(cause);
    }
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(out.ptr())), out.ptr());
    throw py::error_already_set();
}

void raise(py::error_already_set const& raised) {
    if (from_exception(raised.value()))
        throw py::error_already_set{raised};
    raise(remember(raised));
}

} // namespace guichet::python
