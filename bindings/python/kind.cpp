#include "kind.hpp"

#include "errors.hpp"

#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>

namespace guichet::python {

result<std::string> read_text(py::handle from, json::path const& at);

namespace {

/// The object of Python: what it is, and the value. It never changes, so copies are itself.
struct boxed_value {
    PyObject_HEAD kind const* of;
    owner value;
};

boxed_value& in(PyObject* self) { return *reinterpret_cast<boxed_value*>(self); }

std::vector<kind const*>& made() {
    static std::vector<kind const*> all;
    return all;
}

py::object get(member const& m, PyObject* self) { return m.get(in(self).value.get(), in(self).value); }

PyObject* get_attribute(PyObject* self, void* which) {
    return guarded(static_cast<PyObject*>(nullptr),
                   [&] { return get(*static_cast<member const*>(which), self).release().ptr(); });
}

PyObject* get_type(PyObject* self, void*) {
    auto const name = in(self).of->type_of(in(self).value.get());
    return PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
}

PyObject* make_new(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
    return guarded(static_cast<PyObject*>(nullptr), [&]() -> PyObject* {
        auto const& of = *kind_of_type(reinterpret_cast<PyObject*>(type));
        auto value = of.make();
        unwrap(fill(of, value.get(), args, kwargs, json::path{}));
        return box(of, std::move(value)).release().ptr();
    });
}

void destroy(PyObject* self) {
    auto* const type = Py_TYPE(self);
    in(self).value.~owner();
    type->tp_free(self);
    Py_DECREF(type);
}

/// Name(member=..., ...), of those that differ from what they are by themselves.
PyObject* show(PyObject* self) {
    return guarded(static_cast<PyObject*>(nullptr), [&] {
        auto const& of = *in(self).of;
        owner const fresh = of.make();
        std::string out = of.name + "(";
        bool first = true;
        for (auto const& m : of.members) {
            auto const value = get(m, self);
            if (value.equal(m.get(fresh.get(), fresh)))
                continue;
            out.append(first ? "" : ", ").append(m.name).append("=").append(py::repr(value).cast<std::string>());
            first = false;
        }
        return py::str(out + ")").release().ptr();
    });
}

PyObject* compare(PyObject* left, PyObject* right, int how) {
    if ((how != Py_EQ && how != Py_NE) || Py_TYPE(left) != Py_TYPE(right))
        return new_ref(Py_NotImplemented);
    return guarded(static_cast<PyObject*>(nullptr), [&] {
        auto const& members = in(left).of->members;
        bool const equal = in(left).value == in(right).value ||
                           std::all_of(members.begin(), members.end(),
                                       [&](auto const& m) { return get(m, left).equal(get(m, right)); });
        return new_ref(equal == (how == Py_EQ) ? Py_True : Py_False);
    });
}

/// Dicts, which have no hash of their own, by their entries in any order; lists as tuples.
Py_hash_t hash_of(py::handle value) {
    if (PyDict_Check(value.ptr())) {
        py::set entries;
        for (auto const& [name, one] : py::reinterpret_borrow<py::dict>(value))
            entries.add(py::make_tuple(name, hash_of(one)));
        return py::hash(py::module_::import("builtins").attr("frozenset")(entries));
    }
    if (!PyList_Check(value.ptr()) && !PyTuple_Check(value.ptr()))
        return py::hash(value);
    py::list parts;
    for (py::object const one : py::reinterpret_borrow<py::sequence>(value))
        parts.append(hash_of(one));
    return py::hash(py::tuple(parts));
}

Py_hash_t hash(PyObject* self) {
    return guarded(Py_hash_t{-1}, [&] {
        py::list parts;
        parts.append(in(self).of->name);
        for (auto const& m : in(self).of->members)
            parts.append(hash_of(get(m, self)));
        return py::hash(py::tuple(parts));
    });
}

PyObject* reduce(PyObject* self, PyObject*) {
    return guarded(static_cast<PyObject*>(nullptr), [&] {
        py::list values;
        for (auto const& m : in(self).of->members)
            values.append(get(m, self));
        return py::make_tuple(py::handle(reinterpret_cast<PyObject*>(Py_TYPE(self))), py::tuple(values))
            .release()
            .ptr();
    });
}

PyObject* itself(PyObject* self, PyObject*) { return new_ref(self); }

PyObject* replace(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded(static_cast<PyObject*>(nullptr), [&] {
        auto const& of = *in(self).of;
        auto value = of.copy(in(self).value.get());
        if (PyTuple_GET_SIZE(args) != 0)
            throw py::type_error("replace() takes keywords only: replace(" +
                                 (of.members.empty() ? std::string{} : of.members.front().name + "=...") + ")");
        unwrap(fill(of, value.get(), {}, kwargs, json::path{}));
        return box(of, std::move(value)).release().ptr();
    });
}

PyObject* to_dict(PyObject* self, PyObject*) {
    return guarded(static_cast<PyObject*>(nullptr), [&] { return to_plain(self).release().ptr(); });
}

/// What a notebook shows; the module is loaded by who shows something.
PyObject* to_html(PyObject* self, PyObject*) {
    return guarded(static_cast<PyObject*>(nullptr), [&] {
        auto const html_of = py::module_::import("guichet._html").attr("html_of");
        return py::object(html_of(py::handle(self))).release().ptr();
    });
}

PyObject* from_dict(PyObject* type, PyObject* from) {
    return guarded(static_cast<PyObject*>(nullptr), [&] {
        auto const& of = *kind_of_type(type);
        auto value = of.make();
        unwrap(fill_from_dict(of, value.get(), from, json::path{}));
        return box(of, std::move(value)).release().ptr();
    });
}

PyCFunction as_function(PyObject* (*with_keywords)(PyObject*, PyObject*, PyObject*)) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(with_keywords));
}

PyMethodDef* methods() {
    static PyMethodDef all[] = {
        {"replace", as_function(replace), METH_VARARGS | METH_KEYWORDS,
         "The same with other values: ``policy.replace(position=2)``."},
        {"__replace__", as_function(replace), METH_VARARGS | METH_KEYWORDS, "For ``copy.replace``."},
        {"to_dict", to_dict, METH_NOARGS, "to_dict($self, /)\n--\n\nWhat JSON says of it, with every member."},
        {"from_dict", from_dict, METH_O | METH_CLASS,
         "from_dict($type, values, /)\n--\n\nReads what ``to_dict`` gives; members may be left out."},
        {"_repr_html_", to_html, METH_NOARGS, "_repr_html_($self, /)\n--\n\nWhat a notebook shows."},
        {"__reduce__", reduce, METH_NOARGS, nullptr},
        {"__copy__", itself, METH_NOARGS, nullptr},
        {"__deepcopy__", itself, METH_O, nullptr},
        {nullptr, nullptr, 0, nullptr}};
    return all;
}

std::string known_members(kind const& of) {
    std::string out;
    for (auto const& m : of.members)
        out.append(out.empty() ? "" : ", ").append(m.name);
    return out;
}

member const* find(kind const& of, std::string_view name) {
    auto const found = std::find_if(of.members.begin(), of.members.end(),
                                    [&](auto const& m) { return m.name == name || m.plain == name; });
    return found == of.members.end() ? nullptr : &*found;
}

py::dict plain_members(kind const& of, owner const& value) {
    py::dict out;
    if (!of.tag.empty())
        out[of.tag.c_str()] = of.tag_value;
    for (auto const& m : of.members)
        out[m.plain.c_str()] = to_plain(m.get(value.get(), value));
    return out;
}

} // namespace

std::vector<kind const*> const& kinds() { return made(); }

void create_type(kind& of) {
    for (auto const& m : of.members)
        of.attributes.push_back({m.name.c_str(), get_attribute, nullptr, nullptr, const_cast<member*>(&m)});
    if (of.type_of)
        of.attributes.push_back({"type", get_type, nullptr, "The name of the body.", nullptr});
    of.attributes.push_back({nullptr, nullptr, nullptr, nullptr, nullptr});
    static std::deque<std::string> texts; // a type keeps pointers to its name and its help
    auto const& name = texts.emplace_back("guichet." + of.name);
    std::string help = of.name + "(";
    for (auto const& m : of.members)
        help += (help.back() == '(' ? "" : ", ") + m.name + "=...";
    auto const& doc = texts.emplace_back(help + ")");
    PyType_Slot slots[] = {{Py_tp_new, reinterpret_cast<void*>(make_new)},
                           {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
                           {Py_tp_repr, reinterpret_cast<void*>(show)},
                           {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
                           {Py_tp_hash, reinterpret_cast<void*>(hash)},
                           {Py_tp_getset, of.attributes.data()},
                           {Py_tp_methods, methods()},
                           {Py_tp_doc, const_cast<char*>(doc.c_str())},
                           {0, nullptr}};
    PyType_Spec spec{name.c_str(), sizeof(boxed_value), 0, Py_TPFLAGS_DEFAULT, slots};
    auto* const type = PyType_FromSpec(&spec);
    if (!type)
        throw py::error_already_set();
    of.type = reinterpret_cast<PyTypeObject*>(type);
    py::tuple names(of.members.size());
    for (std::size_t i = 0; i < of.members.size(); ++i)
        names[i] = of.members[i].name;
    py::setattr(type, "__match_args__", names);
    made().push_back(&of);
}

kind const* kind_of_type(py::handle type) noexcept {
    static std::unordered_map<PyObject*, kind const*> known;
    for (auto at = known.size(); at < made().size(); ++at)
        known.emplace(reinterpret_cast<PyObject*>(made()[at]->type), made()[at]);
    auto const found = known.find(type.ptr());
    return found == known.end() ? nullptr : found->second;
}

kind const* kind_of_value(py::handle value) noexcept {
    return Py_TYPE(value.ptr())->tp_new == make_new ? in(value.ptr()).of : nullptr;
}

py::object box(kind const& of, owner value) {
    auto* const out = of.type->tp_alloc(of.type, 0);
    if (!out)
        throw py::error_already_set();
    in(out).of = &of;
    new (&in(out).value) owner{std::move(value)};
    return py::reinterpret_steal<py::object>(out);
}

owner const& unbox(py::handle value) noexcept { return in(value.ptr()).value; }

result<void> fill(kind const& of, void* object, py::handle args, py::handle kwargs, json::path const& at) {
    std::size_t given = 0;
    if (args)
        for (auto const value : py::reinterpret_borrow<py::tuple>(args)) {
            if (given == of.members.size()) {
                auto const all = std::to_string(of.members.size());
                return error{
                    reason::bad_usage,
                    {{"problem", of.name + " takes at most " + all + " values; give names: " + known_members(of)},
                     {"problem.fr",
                      of.name + " prend au plus " + all + " valeurs ; donnez des noms : " + known_members(of)}}};
            }
            auto const& m = of.members[given++];
            GUICHET_TRY(m.set(object, value, json::path(at, m.name)));
        }
    if (!kwargs)
        return {};
    for (auto const& [name, value] : py::reinterpret_borrow<py::dict>(kwargs)) {
        GUICHET_LET(auto const word, read_text(name, at));
        json::path const here{at, word};
        auto const* m = find(of, word);
        if (!m)
            return error{reason::unknown_field, {{"path", here.text()}, {"known", known_members(of)}}};
        if (static_cast<std::size_t>(m - of.members.data()) < given)
            return error{reason::bad_usage,
                         {{"problem", here.text() + " is given twice: by its place and by its name"},
                          {"problem.fr", here.text() + " est donné deux fois : par sa place et par son nom"}}};
        GUICHET_TRY(m->set(object, value, here));
    }
    return {};
}

result<void> fill_from_dict(kind const& of, void* object, py::handle from, json::path const& at) {
    if (!PyDict_Check(from.ptr()))
        return wrong_type(at, "a dict", from);
    py::dict mine;
    for (auto const& [name, value] : py::reinterpret_borrow<py::dict>(from))
        if (of.tag.empty() || !name.equal(py::str(of.tag)))
            mine[name] = value;
    return fill(of, object, {}, mine, at);
}

py::object to_plain(py::handle value) {
    auto* const given = value.ptr();
    if (auto const* of = kind_of_value(value))
        return plain_members(*of, unbox(value));
    if (PyUnicode_Check(given)) // a word of an enumeration is a text
        return PyUnicode_CheckExact(given) ? py::reinterpret_borrow<py::object>(value) : value.attr("value");
    if (PyDict_Check(given)) {
        py::dict out;
        for (auto const& [name, one] : py::reinterpret_borrow<py::dict>(value))
            out[name] = to_plain(one);
        return out;
    }
    if (PyTuple_Check(given) || PyList_Check(given)) {
        py::list out;
        for (py::object const one : py::reinterpret_borrow<py::sequence>(value))
            out.append(to_plain(one));
        return out;
    }
    if (py::hasattr(value, "to_dict"))
        return value.attr("to_dict")();
    if (py::hasattr(value, "total_seconds")) {
        py::object const seconds = value.attr("total_seconds")();
        return seconds.attr("is_integer")().cast<bool>() ? py::object(py::int_(seconds)) : seconds;
    }
    if (py::hasattr(value, "tzinfo")) {
        return value
            .attr("isoformat")(py::arg("timespec") = value.attr("microsecond").cast<int>() ? "milliseconds" : "seconds")
            .attr("replace")("+00:00", "Z");
    }
    return py::reinterpret_borrow<py::object>(value);
}

error wrong_type(json::path const& at, std::string_view expected, py::handle found) {
    std::string const name = found.is_none() ? "None" : Py_TYPE(found.ptr())->tp_name;
    return {reason::wrong_type, {{"path", at.text()}, {"expected", std::string{expected}}, {"found", name}}};
}

error bad_value(json::path const& at, py::handle found, std::string hint) {
    return {reason::bad_value,
            {{"path", at.text()}, {"value", py::str(found).cast<std::string>()}, {"hint", std::move(hint)}}};
}

} // namespace guichet::python
