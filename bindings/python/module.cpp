#include "asked.hpp"

#include <guichet/model/guide.hpp>
#include <guichet/reporting/output.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/scenario.hpp>
#include <guichet/version.hpp>

#include <pybind11/stl.h>

#include <cstdlib>

/// The main function of the command line program, which is linked into the module.
int guichet_command_line(int argc, char** argv);

namespace guichet::python {
namespace {

/// All that Python can meet: what queries and commands give and take, and the documents of the configuration.
using met = boost::mp11::mp_list<
    command, command_body, event, event_body, outcome, ticket, article, message, actor, document, new_attachment, page,
    article_page, article_list, inquiry, pump_report, verify_report, change_preview, attainment_row, time_row, risk,
    guide_row, problem_effect, trends_report, ticket_cluster, knowledge_report, rules::wording, field_origin,
    rule_decision, kept_decision, decision_policy::which, dry_run_report, dry_run_of_ticket, back_test_report,
    delivery_report, search_results, suggestions, suggestion_quality, finder_health, clock, report_table, sla::proof,
    routing::decision, routing::transfer, kb::guide, storage::counter, storage::store_stats, ticket_journey,
    testing::scenario_report, lifecycle_document, policy_document, role_document, rules_document, template_document,
    audience_document, person_document, team_document, routing_document, tier_document, escalation_document,
    guide_document, trend_document, status>;

/// What the stubs are made from: the values as `(name, tag, tagged, [(member, type read, type taken)])`, and what the
/// methods of the desk return.
py::tuple describe() {
    py::list out;
    py::dict returned;
    for (auto const& [method, type] : desk_class::returns())
        returned[method.c_str()] = type;
    for (auto const* k : kinds()) {
        py::list members;
        for (auto const& m : k->members)
            members.append(py::make_tuple(m.name, m.hint(), m.taken()));
        out.append(py::make_tuple(k->name, k->tag, k->tag_value, members));
    }
    return py::make_tuple(out, returned);
}

template <class Variant>
py::tuple names() {
    py::tuple out(std::variant_size_v<Variant>);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = form<Variant>::of(i).tag_value;
    return out;
}

int run_command_line(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    py::gil_scoped_release free;
    return guichet_command_line(static_cast<int>(words.size()), argv.data());
}

py::object run_scenario(std::string const& json, py::object const& path) {
    auto const where = path.is_none() ? std::string{} : path.cast<std::string>();
    auto came_to = [&] {
        py::gil_scoped_release free;
        if (where.empty())
            return testing::run_scenario(json);
        return testing::run_scenario(json, [&]() -> result<std::shared_ptr<storage::store>> {
            sqlite_options how;
            how.create = true;
            how.durability = durability::normal;
            return sqlite_store(where, how);
        });
    }();
    return boxed(unwrap(std::move(came_to)));
}

void add_functions(py::module_& m) {
    m.def("run_scenario", run_scenario, py::arg("json"), py::arg("path") = py::none(),
          "Runs a scenario (docs/reference/scenarios.md) in memory, or in a new file at a path.");
    m.def("run_command_line", run_command_line, py::arg("argv"), "The command line program; its exit code.");
    m.def(
        "itil_lifecycle", [] { return boxed(itil_lifecycle()); },
        "The lifecycle of a desk that has no document of its own, to begin one with.");
    m.def("_describe", describe);
    m.def("_to_plain", to_plain, py::arg("value"), py::pos_only());
    m.def("_csv_field", reporting::csv_field, py::arg("text"), py::pos_only());
    m.attr("COMMANDS") = names<command_body>();
    m.attr("EVENTS") = names<event_body>();
    m.attr("__version__") = GUICHET_VERSION_STRING;
}

void add_desk(py::module_& m) {
    desk_class desk{m, "Desk"};
    desk.def(py::init([](py::object path, bool create, py::object clock, py::object by, py::object roles,
                         py::object identity, py::object blobs, py::object sources, std::string tenant,
                         std::string language, std::string prefix, bool durable, py::object failed) {
                 return std::make_unique<desk_handle>(
                     desk_handle::options{std::move(path), create, std::move(clock), std::move(by), std::move(roles),
                                          std::move(identity), std::move(blobs), std::move(sources), std::move(tenant),
                                          std::move(language), std::move(prefix), durable, std::move(failed)});
             }),
             py::arg("path"), py::kw_only(), py::arg("create") = true, py::arg("clock") = py::none(),
             py::arg("by") = py::none(), py::arg("roles") = py::none(), py::arg("identity") = py::none(),
             py::arg("blobs") = py::none(), py::arg("sources") = py::none(), py::arg("tenant") = "",
             py::arg("language") = "", py::arg("prefix") = "", py::arg("durable") = true,
             py::arg("failed") = py::none())
        .def(
            "close", [](desk_handle& d) { d.close(); }, "Closes the desk; a second time nothing happens.")
        .def_property_readonly("closed", &desk_handle::closed, "Whether it was closed.");
    add_commands(desk);
    add_queries(desk);
    add_knowledge(desk);
    add_care(desk);
    add_hooks(desk);
}

} // namespace
} // namespace guichet::python

PYBIND11_MODULE(_core, m) {
    using namespace guichet::python;
    m.doc() = "The engine. Import guichet instead.";
    module_in_the_making = m;
    add_errors(m);
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, met>>(
        []<class One>(std::type_identity<One>) { declare<One>(); });
    add_ports(m);
    for (auto const* k : kinds())
        if (py::hasattr(m, k->name.c_str()))
            throw py::import_error("two types are called " + k->name);
        else
            m.attr(k->name.c_str()) = py::handle(reinterpret_cast<PyObject*>(k->type));
    add_clocks(m);
    add_desk(m);
    add_functions(m);
}
