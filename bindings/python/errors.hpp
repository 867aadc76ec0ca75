#pragma once
#include "kind.hpp"

#include <guichet/base/error.hpp>

#include <optional>
#include <utility>

/// Errors of the library as exceptions of Python, both ways.
namespace guichet::python {

/// Makes the classes of `base/errc.def` and puts them into the module.
void add_errors(py::module_& into);
/// An exception, not raised.
py::object to_exception(error const& e);
/// The error that an exception tells of; none when it is not one of ours.
std::optional<error> from_exception(py::handle thrown);

/// Raises an error, with what a hook raised as its cause.
[[noreturn]] void raise(error const& e);
/// The error that a function of the host's comes to: the one that it raised, or `otherwise` with what it raised as its
/// problem. Remembers on this thread what was raised, until a command is refused for it.
error remember(py::error_already_set const& raised, reason otherwise = reason::hook_refused);
void forget() noexcept;
/// Raises what a function of the host's raised where no engine is between: an error of ours as it is, anything else as
/// the refusal that it comes to.
[[noreturn]] void raise(py::error_already_set const& raised);

template <class T>
T unwrap(result<T> r) {
    if (!r)
        raise(r.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(*r);
}

/// Runs what may throw where C may not: what is thrown is set as the exception of Python, and `failed` returned.
template <class Function, class Result>
Result guarded(Result failed, Function&& run) noexcept {
    try {
        return run();
    } catch (py::error_already_set& e) {
        e.restore();
    } catch (failure const& e) {
        auto const out = to_exception(e.error());
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(out.ptr())), out.ptr());
    } catch (py::builtin_exception const& e) {
        e.set_error();
    } catch (std::exception const& e) {
        PyErr_SetString(PyExc_RuntimeError, e.what());
    }
    return failed;
}

} // namespace guichet::python
