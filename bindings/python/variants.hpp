#pragma once
#include "convert.hpp"

#include <array>

namespace guichet::python {

template <class Variant>
kind const& variant_form<Variant>::of(std::size_t index) {
    static auto const all = []<class... T>(std::type_identity<std::variant<T...>>) {
        return std::array<kind const*, sizeof...(T)>{&kind_of<T>()...};
    }(std::type_identity<Variant>{});
    return *all[index];
}

template <class Variant>
void variant_form<Variant>::declare() {
    []<class... T>(std::type_identity<std::variant<T...>>) {
        (python::declare<T>(), ...);
    }(std::type_identity<Variant>{});
}

template <class Variant>
py::object variant_form<Variant>::to(Variant const& value, owner const& whole) {
    return std::visit([&](auto const& one) { return to_python(one, whole); }, value);
}

/// A value of one of its kinds, or the dict that names one: `{"command": "reply", ...}`.
template <class Variant>
result<void> variant_form<Variant>::from(py::handle from, Variant& into, json::path const& at) {
    auto const* given = kind_of_value(from);
    result<void> out{};
    bool found = false;
    auto const attempt = [&](auto index) {
        auto const& k = of(index);
        if (found)
            return;
        if (given == &k) {
            using one = std::variant_alternative_t<index, Variant>;
            into = *static_cast<one const*>(unbox(from).get());
            found = true;
        } else if (PyDict_Check(from.ptr())) {
            auto const name = py::reinterpret_borrow<py::dict>(from).attr("get")(k.tag);
            if (!name.equal(text(k.tag_value)))
                return;
            out = fill_from_dict(k, &into.template emplace<index>(), from, at);
            found = true;
        }
    };
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<std::variant_size_v<Variant>>>(attempt);
    if (!found)
        return wrong_type(at, "one of its kinds, or a dict that names it", from);
    return out;
}

} // namespace guichet::python
