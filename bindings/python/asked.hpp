#pragma once
#include "desk.hpp"

#include <guichet/sqlite/sqlite_store.hpp>

#include <span>

/// Objects of Python behind the ports of the library.
namespace guichet::python {

/// While it lives, this thread is in a function of Python that the store is held for: the desk writes nothing.
struct within_hook {
    within_hook() noexcept { ++hook_depth(); }
    ~within_hook() { --hook_depth(); }
    within_hook(within_hook const&) = delete;
    within_hook& operator=(within_hook const&) = delete;
};

/// What a port gives becomes a value of Python of its own; what is a view in C++ is copied.
template <class T>
py::object told(T const& value) {
    if constexpr (std::derived_from<T, py::object>)
        return value;
    else if constexpr (std::same_as<T, digest>)
        return boxed(value);
    else if constexpr (std::convertible_to<T const&, std::string_view>)
        return text(value);
    else if constexpr (std::convertible_to<T const&, std::span<std::byte const>> ||
                       std::convertible_to<T const&, std::span<std::uint8_t const>>)
        return py::bytes(reinterpret_cast<char const*>(value.data()), value.size());
    else
        return boxed(T{value});
}

/// An object of Python that answers for a port, by its methods. Any thread, without the GIL. What a method raises is an
/// error: a `guichet.Error` is the one that it is, anything else the one that was named when this was made, with what
/// was raised as the cause of the exception that the desk's caller gets.
class asked {
public:
    asked(py::handle whom, reason otherwise) : whom_{py::reinterpret_borrow<py::object>(whom)}, otherwise_{otherwise} {}
    asked(asked const&) = delete;
    asked& operator=(asked const&) = delete;
    ~asked() {
        if (!Py_IsInitialized()) {
            whom_.release();
            return;
        }
        py::gil_scoped_acquire hold;
        whom_ = {};
    }

    template <class T, class... Args>
    result<T> call(char const* method, Args const&... args) const {
        return call_or<T>(otherwise_, method, args...);
    }
    template <class T, class... Args>
    result<T> call_or(reason otherwise, char const* method, Args const&... args) const {
        return read<T>(
            otherwise, method,
            [&](py::object const& said) -> result<T> {
                if constexpr (std::is_void_v<T>)
                    return {};
                else {
                    T out{};
                    GUICHET_TRY(from_python(said, out, json::path(method)));
                    return out;
                }
            },
            args...);
    }
    /// What `take(object)` makes of what the method returns.
    template <class T, class Take, class... Args>
    result<T> read(reason otherwise, char const* method, Take const& take, Args const&... args) const {
        py::gil_scoped_acquire hold;
        within_hook const here;
        try {
            return take(whom_.attr(method)(told(args)...));
        } catch (py::error_already_set const& raised) {
            return remember(raised, otherwise);
        }
    }

private:
    py::object whom_;
    reason otherwise_;
};

/// `bytes` in Python.
template <class Bytes>
struct bytes_form {
    static py::object to(Bytes const& value, owner const&) {
        return py::bytes(reinterpret_cast<char const*>(value.data()), value.size());
    }
    static result<void> from(py::handle from, Bytes& into, json::path const& at) {
        if (!PyBytes_Check(from.ptr()))
            return wrong_type(at, "bytes", from);
        auto const* const first = PyBytes_AS_STRING(from.ptr());
        auto const size = static_cast<std::size_t>(PyBytes_GET_SIZE(from.ptr()));
        if constexpr (requires { into.resize(size); })
            into.resize(size);
        else if (size != into.size())
            return wrong_type(at, std::to_string(into.size()) + " bytes", from);
        std::transform(first, first + size, into.begin(),
                       [](char one) { return static_cast<typename Bytes::value_type>(one); });
        return {};
    }
    static std::string hint() { return "bytes"; }
    static std::string taken() { return "bytes"; }
};
template <>
struct form<std::vector<std::byte>> : bytes_form<std::vector<std::byte>> {};
template <>
struct form<std::vector<std::uint8_t>> : bytes_form<std::vector<std::uint8_t>> {};
template <>
struct form<std::array<std::byte, 16>> : bytes_form<std::array<std::byte, 16>> {};

/// What is shared in C++ is shared with Python.
template <class T>
struct form<std::shared_ptr<T const>> {
    static py::object to(std::shared_ptr<T const> const& value, owner const&) {
        return value ? box(kind_of<T>(), value) : py::object(py::none());
    }
    static result<void> from(py::handle from, std::shared_ptr<T const>& into, json::path const& at) {
        into.reset();
        if (from.is_none())
            return {};
        if (kind_of_value(from) != &kind_of<T>())
            return wrong_type(at, "a " + kind_of<T>().name, from);
        into = std::static_pointer_cast<T const>(unbox(from));
        return {};
    }
    static std::string hint() { return "Optional[" + kind_of<T>().name + "]"; }
    static std::string taken() { return hint(); }
};

template <>
struct form<std::pair<std::string, std::string>> {
    using pair = std::pair<std::string, std::string>;
    static py::object to(pair const& value, owner const&) {
        return py::make_tuple(text(value.first), text(value.second));
    }
    static result<void> from(py::handle from, pair& into, json::path const& at) {
        std::array<std::string, 2> both;
        GUICHET_TRY(from_python(from, both, at));
        into = {std::move(both[0]), std::move(both[1])};
        return {};
    }
    static std::string hint() { return "Tuple[str, str]"; }
    static std::string taken() { return hint(); }
};

/// A store that is a path, `":memory:"`, or a `guichet.Store`; its blobs in a `guichet.BlobStore` unless that is None.
/// A path with `how`.
std::function<result<std::shared_ptr<storage::store>>()> read_store(py::handle where, py::handle blobs,
                                                                    sqlite_options const& how);
/// The sources of documents, by their kind; from a dict or None.
std::map<std::string, std::shared_ptr<document_source>> read_sources(py::handle given);
/// What they are made of in Python, and the conformance suite.
void add_ports(py::module_& into);

} // namespace guichet::python
