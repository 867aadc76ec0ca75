#include "queries.hpp"

namespace guichet::python {
namespace {

py::arg_v by_argument() { return py::arg("by") = py::none(); }

void add_configuration(desk_class& to) {
    to.def(
          "_configure",
          [](desk_handle const& d, py::object const& documents, py::object const& by) {
              auto const wanted = read_documents(documents);
              auto const who = d.who(by, "by");
              d.write([&](living_desk& in) { return in.core->configure(wanted, who); });
          },
          py::arg("documents"), py::kw_only(), by_argument())
        .def(
            "_apply",
            [](desk_handle const& d, py::object const& documents, py::object const& by) {
                auto const wanted = read_documents(documents);
                auto const who = d.who(by, "by");
                d.write([&](living_desk& in) { return in.core->apply(wanted, who); });
            },
            py::arg("documents"), py::kw_only(), by_argument())
        .def(
            "roll_back",
            [](desk_handle const& d, std::string const& kind, std::string const& id, std::uint32_t version,
               py::object const& by) {
                auto const who = d.who(by, "by");
                d.write([&](living_desk& in) { return in.core->roll_back(kind, id, version, who); });
            },
            py::arg("kind"), py::arg("id"), py::arg("version"), py::kw_only(), by_argument(),
            "Puts an earlier version of a document in force again, as its next version.")
        .def(
            "behind",
            [](desk_handle const& d) {
                return d.run([](living_desk& in) -> result<bool> { return in.core->behind(); });
            },
            "Whether open tickets are still to be counted again after apply.")
        .def(
            "documents",
            [](desk_handle const& d, std::string const& kind, py::object const& by) {
                auto const who = d.who(by, "by");
                return d.ask([&](living_desk& in) -> result<std::vector<document>> {
                    GUICHET_TRY(in.core->config()->roles->require(who, access::configure));
                    return in.core->store().documents(kind);
                });
            },
            py::arg("kind") = "", py::kw_only(), by_argument(),
            "The documents in force, of a kind or of all; needs the right configure.")
        .def(
            "keep_decisions",
            [](desk_handle const& d, py::object const& keep, std::uint32_t one_in, std::size_t most) {
                decision_policy policy;
                unwrap(from_python(keep, policy.keep, json::path("keep")));
                policy.one_in = one_in;
                policy.most = most;
                d.run([&](living_desk& in) -> result<void> {
                    in.core->keep_decisions(policy);
                    return {};
                });
            },
            py::arg("keep"), py::kw_only(), py::arg("one_in") = 100, py::arg("most") = 10'000,
            "Which decisions of rules to keep from now on: none, fired, sampled, all.");
}

/// `send(entry)` with {"id", "kind", "tenant", "ticket", "attempts", "body"}; what it raises is a failed attempt.
result<void> send_by(py::object const& send, hooks const& listeners, storage::outbox_entry const& entry) {
    py::gil_scoped_acquire hold;
    try {
        py::dict out;
        out["id"] = entry.id;
        out["kind"] = entry.kind;
        out["tenant"] = entry.tenant;
        out["ticket"] = to_python(entry.ticket, owner{});
        out["attempts"] = entry.attempts;
        out["body"] = parse_json(entry.body);
        send(out);
        return {};
    } catch (py::error_already_set& raised) {
        if (listeners.failed && !listeners.failed.is_none())
            listeners.failed(send, raised.value());
        auto const said = remember(raised);
        forget();
        return said;
    }
}

void add_running(desk_class& to) {
    to.def(
          "pump",
          [](desk_handle const& d, std::size_t timers_max, std::size_t batch, std::size_t events_max) {
              return d.ask_write([&](living_desk& in) { return in.core->pump({timers_max, batch, events_max}); });
          },
          py::kw_only(), py::arg("timers_max") = 1'000, py::arg("batch") = 100, py::arg("events_max") = 20'000,
          "Fires what is due, as commands, tells what grows, and says when to call again.")
        .def(
            "next_wakeup",
            [](desk_handle const& d) { return d.ask([](living_desk& in) { return in.core->next_wakeup(); }); },
            "When pump is to be called; None: not until something happens.")
        .def(
            "catch_up",
            [](desk_handle const& d) {
                return d.write([](living_desk& in) -> result<std::size_t> {
                    GUICHET_LET(auto const read, in.found->catch_up());
                    GUICHET_TRY(in.counted->catch_up());
                    return read;
                });
            },
            "Lets search and reports read what was written since, and keeps what they made of it. Call it beside pump.")
        .def("_deliver",
             [](desk_handle const& d, py::object const& send, std::size_t limit) {
                 return d.ask_write([&](living_desk& in) {
                     return in.core->deliver(
                         [&](storage::outbox_entry const& entry) { return send_by(send, *in.listeners, entry); },
                         limit);
                 });
             })
        .def(
            "reroute",
            [](desk_handle const& d, std::string const& person, py::object const& by) {
                auto const who = d.who(by, "by");
                return d.write([&](living_desk& in) { return in.core->reroute(person, who); });
            },
            py::arg("person"), py::kw_only(), by_argument(), "Routes the open tickets of a person; how many moved.")
        .def(
            "redact_person",
            [](desk_handle const& d, std::string const& person, py::object const& by) {
                auto const who = d.who(by, "by");
                return d.write([&](living_desk& in) { return in.core->redact_person(person, who); });
            },
            py::arg("person"), py::kw_only(), by_argument(), "Erases all that a person wrote; how many tickets.")
        .def(
            "keep_inquiries",
            [](desk_handle const& d, py::object const& how_long) {
                auto const length = unwrap(read_timedelta(how_long, json::path("how_long")));
                d.run([&](living_desk& in) -> result<void> {
                    in.core->keep_inquiries(length);
                    return {};
                });
            },
            py::arg("how_long"), "How long inquiries are kept: a timedelta. pump destroys older ones.")
        .def(
            "put_file",
            [](desk_handle const& d, py::bytes const& content, std::string name, std::string type) {
                std::string_view const bytes = content;
                auto const view = std::as_bytes(std::span{bytes.data(), bytes.size()});
                return d.ask_write([&](living_desk& in) { return in.core->put_file(view, name, type); });
            },
            py::arg("content"), py::arg("name"), py::arg("type") = "application/octet-stream",
            "Stores a file's bytes, to be named in a command's attachments.");
}

void add_proof(desk_class& to) {
    to.def(
          "verify", [](desk_handle const& d) { return d.ask([](living_desk& in) { return in.core->verify(); }); },
          "Replays the whole log: checks the chain, and that every row is the fold of its events.")
        .def(
            "stats", [](desk_handle const& d) { return d.ask([](living_desk& in) { return in.core->stats(); }); },
            "Sizes.")
        .def(
            "backup",
            [](desk_handle const& d, py::object const& path) {
                auto const where = py::module_::import("os").attr("fspath")(path).cast<std::string>();
                d.run([&](living_desk& in) { return in.core->backup(where); });
            },
            py::arg("path"), "A consistent copy while the desk goes on.");
}

} // namespace

void add_care(desk_class& to) {
    add_configuration(to);
    add_running(to);
    add_proof(to);
}

} // namespace guichet::python
