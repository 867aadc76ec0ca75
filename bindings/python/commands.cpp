#include "desk.hpp"

#include <guichet/model/codec.hpp>

namespace guichet::python {
namespace {

std::string help_of(kind const& of, target const& about) {
    std::string out = of.tag_value + "(";
    if (about.needed)
        out += about.name;
    for (auto const& m : of.members)
        out += (out.back() == '(' ? "" : ", ") + m.name + "=...";
    out += (out.back() == '(' ? std::string{} : ", ") + "by=None, command_id=None, expected_version=None";
    if (!about.needed)
        out += std::string{", "} + about.name + "=None";
    return out + ")\n\nA command; returns an Outcome. docs/concepts tells what it does.";
}

std::vector<command> read_all(desk_handle const& d, py::iterable const& wishes) {
    std::vector<command> out;
    for (auto const wish : wishes)
        out.push_back(d.read(wish, {}));
    return out;
}

py::list execute_many(desk_handle const& d, py::iterable const& wishes, bool all_or_none) {
    auto const commands = read_all(d, wishes);
    auto came_to = d.write([&](living_desk& in) {
        return in.core->execute(commands, all_or_none ? batch_mode::all_or_none : batch_mode::each);
    });
    py::list out;
    for (auto& one : came_to)
        if (one)
            out.append(boxed(std::move(*one)));
        else if (all_or_none)
            raise(one.error());
        else
            out.append(to_exception(one.error()));
    return out;
}

} // namespace

void add_commands(desk_class& to) {
    for (std::size_t i = 0; i < std::variant_size_v<command_body>; ++i) {
        auto const& k = form<command_body>::of(i);
        to.def(
            k.tag_value.c_str(),
            [i](desk_handle const& d, py::args const& args, py::kwargs const& kwargs) {
                auto const wish = d.make(i, args, kwargs);
                return d.ask_write([&](living_desk& in) { return in.core->execute(wish); });
            },
            help_of(k, target_of(body_at(i))).c_str());
    }
    to.def("_command",
           [](desk_handle const& d, std::string const& name, py::args const& args, py::kwargs const& kwargs) {
               std::optional<command> out;
               for (std::size_t i = 0; i < std::variant_size_v<command_body>; ++i)
                   if (form<command_body>::of(i).tag_value == name)
                       out = d.make(i, args, kwargs);
               if (!out)
                   throw py::attribute_error("there is no command " + name);
               return boxed(std::move(*out));
           })
        .def(
            "execute",
            [](desk_handle const& d, py::object const& wish, py::kwargs const& envelope) {
                auto const read = d.read(wish, envelope);
                return d.ask_write([&](living_desk& in) { return in.core->execute(read); });
            },
            "execute(command, ticket=None, article=None, by=None, command_id=None, expected_version=None)\n\n"
            "Executes a Command, a command's body such as Reply(text=...), or the dict that is its JSON.")
        .def(
            "rehearse",
            [](desk_handle const& d, py::object const& wish, py::kwargs const& envelope) {
                auto const read = d.read(wish, envelope);
                return d.ask_write([&](living_desk& in) { return in.core->rehearse(read); });
            },
            "rehearse(command, ticket=None, article=None, by=None, command_id=None, expected_version=None)\n\n"
            "What a command would come to now, with all that rules would do about it; nothing is written.")
        .def("execute_many", &execute_many, py::arg("commands"), py::kw_only(), py::arg("all_or_none") = false,
             "Executes many in one transaction, each on what those before it left. Gives a list of outcomes, and of\n"
             "errors where one was refused; with all_or_none the first error is raised, and nothing is done.");
}

} // namespace guichet::python
