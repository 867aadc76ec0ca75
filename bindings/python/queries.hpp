#pragma once
#include "desk.hpp"

/// What the queries share: their arguments as Python gives them.
namespace guichet::python {

inline py::arg_v viewer_argument() { return py::arg("viewer") = py::none(); }

/// A condition is text, JSON's form of one, or nothing.
std::string condition_text(py::handle condition);
/// A list of texts, or nothing.
std::vector<std::string> texts(py::handle from, std::string_view word);
view make_view(py::handle where, py::handle order, std::size_t limit, std::string cursor);
/// From `start` on and before `end`; None is without a bound.
report_period make_period(py::handle start, py::handle end);
std::vector<document> read_documents(py::handle given);

/// A query about one thing that `find` finds by what Python calls it: `ask(living_desk&, id, viewer)`.
template <class Id, class Ask>
auto about(char const* word, result<Id> (reference::*find)(desk const&, viewer const&) const, Ask ask) {
    return [word, find, ask](desk_handle const& d, py::object const& named, py::object const& viewer) {
        auto const meant = reference::of(named, word);
        auto const who = d.who(viewer, "viewer");
        return d.ask([&](living_desk& in) -> decltype(ask(in, Id{}, who)) {
            GUICHET_LET(auto const id, (meant.*find)(*in.core, who));
            return ask(in, id, who);
        });
    };
}
template <class Ask>
auto of_ticket(Ask ask) {
    return about("ticket", &reference::ticket, ask);
}
template <class Ask>
auto of_article(Ask ask) {
    return about("article", &reference::article, ask);
}

} // namespace guichet::python
