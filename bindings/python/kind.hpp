#pragma once
#include <guichet/json/path.hpp>

#include <pybind11/pybind11.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Values of the library as objects of Python. There is one implementation for all of them: a `kind` is what it has to
/// know of a type, made from its description (`convert.hpp`). They are types of C and not of pybind11, because there
/// are some two hundred of them, and whoever imports the package waits for each.
namespace guichet::python {

namespace py = pybind11;

/// Keeps the value alive that something is a part of: what is read of a value shares its memory.
using owner = std::shared_ptr<void const>;

/// A member of a type.
struct member {
    std::string name;  ///< in Python: `from_`, where `from` is a word of the language
    std::string plain; ///< in JSON
    py::object (*get)(void const* object, owner const& of);
    result<void> (*set)(void* object, py::handle from, json::path const& at);
    std::string (*hint)();  ///< the type that is read, for the stubs
    std::string (*taken)(); ///< the type that is accepted
    void (*declare)();      ///< makes the types known that it has
};

struct kind {
    std::string name;
    std::vector<member> members;
    std::shared_ptr<void> (*make)();
    std::shared_ptr<void> (*copy)(void const* object);
    std::string tag, tag_value;                                ///< `{"command": "reply", ...}` in JSON
    std::string_view (*type_of)(void const* object) = nullptr; ///< of an envelope: the name of what is in it
    PyTypeObject* type = nullptr;
    std::vector<PyGetSetDef> attributes{};
};

/// Makes the type of Python; once for each kind, before a value of it exists.
void create_type(kind& of);
/// All that were made, in order.
std::vector<kind const*> const& kinds();
/// The kind of a type or of a value; null of anything else.
kind const* kind_of_type(py::handle type) noexcept;
kind const* kind_of_value(py::handle value) noexcept;

py::object box(kind const& of, owner value);
/// What a value holds; only of a value of a kind.
owner const& unbox(py::handle value) noexcept;

/// Sets members: those of `args` in their order, then those of `kwargs` by name (either may be null).
result<void> fill(kind const& of, void* object, py::handle args, py::handle kwargs, json::path const& at);
/// A value of a kind from a dict in JSON's form.
result<void> fill_from_dict(kind const& of, void* object, py::handle from, json::path const& at);

inline PyObject* new_ref(PyObject* object) noexcept {
    Py_INCREF(object);
    return object;
}

/// What JSON can say of a value: dict, list, str, number, bool, None.
py::object to_plain(py::handle value);

/// What is wrong with what Python gave.
error wrong_type(json::path const& at, std::string_view expected, py::handle found);
error bad_value(json::path const& at, py::handle found, std::string hint);

} // namespace guichet::python
