#include "asked.hpp"

namespace guichet::python {
namespace {

/// What a function of Python says to a command: nothing or True lets it go on.
result<void> answer_of(py::handle said) {
    if (PyUnicode_Check(said.ptr())) {
        GUICHET_LET(auto const why, read_text(said, json::path("hook")));
        return error{reason::hook_refused, {{"problem", why}}};
    }
    if (said.ptr() == Py_False)
        return error{reason::hook_refused, {{"problem", "a guard said no"}, {"problem.fr", "une garde a dit non"}}};
    return {};
}

result<void> ask_before(hooks const& all, command const& wish, ticket const* on) {
    if (all.deciding == 0)
        return {};
    py::gil_scoped_acquire hold;
    within_hook const here;
    try {
        auto const c = boxed(wish);
        auto const t = on ? boxed(ticket{*on}) : py::object(py::none());
        for (std::size_t i = 0; i < all.before.size(); ++i) {
            auto const one = all.before[i];
            GUICHET_TRY(answer_of(one(c, t)));
        }
        return {};
    } catch (py::error_already_set const& raised) {
        return remember(raised);
    }
}

/// Calls the function with the command and `proceed`. What the engine said to `proceed` stands, whatever the function
/// makes of it.
result<void> go_around(py::object const& function, command const& wish, std::function<result<void>()> const& next) {
    struct way { // outlived by nothing but a `proceed` that somebody kept
        std::function<result<void>()> const* next;
        result<void> decided;
    };
    auto const on = std::make_shared<way>(way{&next, {}});
    auto const proceed = py::cpp_function([on] {
        auto const* const go = std::exchange(on->next, nullptr);
        if (!go)
            raise({reason::bad_usage,
                   {{"problem", "proceed goes on once, while its hook runs"},
                    {"problem.fr", "proceed continue une fois, pendant que son module s'exécute"}}});
        {
            py::gil_scoped_release free;
            on->decided = (*go)();
        }
        if (!on->decided)
            raise(on->decided.error());
    });
    auto const said = [&]() -> result<void> {
        try {
            return answer_of(function(boxed(wish), proceed));
        } catch (py::error_already_set const& raised) {
            return remember(raised);
        }
    }();
    on->next = nullptr;
    return on->decided ? said : on->decided;
}

result<void> ask_around(hooks const& all, std::size_t at, command const& wish,
                        std::function<result<void>()> const& next) {
    if (all.deciding == 0)
        return next();
    py::gil_scoped_acquire hold;
    if (at >= all.around.size()) {
        py::gil_scoped_release free;
        return next();
    }
    within_hook const here;
    auto const function = all.around[at];
    return go_around(function, wish, [&] { return ask_around(all, at + 1, wish, next); });
}

/// Tells who listens for failures; without him it is reported as in a finaliser.
void tell_failure(hooks const& all, py::handle function, py::error_already_set& raised) {
    try {
        if (all.failed && !all.failed.is_none()) {
            all.failed(function, raised.value());
            return;
        }
    } catch (py::error_already_set& again) {
        again.discard_as_unraisable(all.failed);
        return;
    }
    raised.discard_as_unraisable(py::reinterpret_borrow<py::object>(function));
}

void tell_after(hooks const& all, outcome const& came_to) {
    if (all.listening == 0)
        return;
    py::gil_scoped_acquire hold;
    auto const told = boxed(outcome{came_to});
    for (std::size_t i = 0; i < all.after.size(); ++i) {
        auto const one = all.after[i];
        try {
            one(told);
        } catch (py::error_already_set& raised) {
            tell_failure(all, one, raised);
        }
    }
}

} // namespace

int& hook_depth() noexcept {
    thread_local int depth = 0;
    return depth;
}

hooks::~hooks() {
    if (Py_IsInitialized()) {
        py::gil_scoped_acquire hold;
        before.clear();
        around.clear();
        after.clear();
        related.clear();
        failed = {};
        return;
    }
    failed.release();
    for (auto* list : {&before, &around, &after, &related})
        for (auto& one : *list)
            one.release();
}

void install_hooks(living_desk& into) {
    auto const all = into.listeners;
    into.core->before([all](command const& wish, ticket const* on) { return ask_before(*all, wish, on); });
    into.core->around([all](command const& wish, std::function<result<void>()> const& next) {
        return ask_around(*all, 0, wish, next);
    });
    into.core->after([all](outcome const& came_to) { tell_after(*all, came_to); });
}

void add_hooks(desk_class& to) {
    to.def("_before",
           [](desk_handle const& d, py::object function) {
               auto const all = d.alive()->listeners;
               all->before.push_back(std::move(function));
               ++all->deciding;
           })
        .def("_around",
             [](desk_handle const& d, py::object function) {
                 auto const all = d.alive()->listeners;
                 all->around.push_back(std::move(function));
                 ++all->deciding;
             })
        .def("_after",
             [](desk_handle const& d, py::object function) {
                 auto const all = d.alive()->listeners;
                 all->after.push_back(std::move(function));
                 ++all->listening;
             })
        .def("_relate",
             [](desk_handle const& d, std::string name, py::object function) {
                 auto const kept = d.alive();
                 auto const all = kept->listeners;
                 auto const index = all->related.size();
                 all->related.push_back(std::move(function));
                 kept->core->relate(std::move(name), [all, index](ticket const& of) -> expr::literal {
                     py::gil_scoped_acquire hold;
                     within_hook const here;
                     auto const one = all->related[index];
                     try {
                         expr::literal out;
                         unwrap(from_python(one(boxed(ticket{of})), out, json::path("related")));
                         return out;
                     } catch (py::error_already_set& raised) {
                         tell_failure(*all, one, raised);
                         return {};
                     }
                 });
             })
        .def("_router", [](desk_handle const& d, py::handle function) {
            auto const host = std::make_shared<asked const>(function, reason::hook_refused);
            d.alive()->core->route_by([host](ticket const& about, routing::decision const& proposed) {
                return host->call<std::optional<std::string>>("__call__", about, proposed);
            });
        });
}

} // namespace guichet::python
