#pragma once
#include <guichet/base/error.hpp>

#include <exception>

namespace guichet::inline v0::detail {

/// What a function of the host answers, a `result`. What it throws is an error too: of a `failure` its own, else
/// `hook_refused`.
template <class Function>
auto call_host(Function const& function) -> decltype(function()) {
    try {
        return function();
    } catch (failure const& thrown) {
        return thrown.error();
    } catch (std::exception const& thrown) {
        return error{reason::hook_refused, {{"problem", thrown.what()}}};
    } catch (...) {
        return error{reason::hook_refused, {{"problem", "something that is no std::exception was thrown"}}};
    }
}

} // namespace guichet::inline v0::detail
