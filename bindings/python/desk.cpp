#include "asked.hpp"

#include <guichet/model/codec.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <thread>
#include <unistd.h>

namespace guichet::python {

class told_clock final : public environment {
public:
    explicit told_clock(py::object told) : told_{std::move(told)} {}
    told_clock(told_clock const&) = delete;
    told_clock& operator=(told_clock const&) = delete;
    ~told_clock() override {
        if (Py_IsInitialized()) {
            py::gil_scoped_acquire hold;
            told_ = {};
        } else
            told_.release();
    }

    /// What the function says, or raises. With the GIL.
    instant ask() const { return unwrap(read_datetime(told_(), json::path("clock"))); }

    /// Outside of a call of the desk, as when one is opened, what goes wrong is reported as in a finaliser, and the
    /// real time taken.
    instant now() noexcept override {
        for (auto const* at = clock_reading::current(); at; at = at->outer_)
            if (at->clock_ == this)
                return at->at_;
        py::gil_scoped_acquire hold;
        auto const at = guarded(std::optional<instant>{}, [&]() -> std::optional<instant> { return ask(); });
        if (!at)
            PyErr_WriteUnraisable(told_.ptr());
        return at ? *at : system_environment().now();
    }
    std::chrono::nanoseconds monotonic() noexcept override { return system_environment().monotonic(); }
    void random(std::span<std::byte> out) noexcept override { system_environment().random(out); }

private:
    py::object told_;
};

clock_reading const*& clock_reading::current() noexcept {
    thread_local clock_reading const* innermost = nullptr;
    return innermost;
}

clock_reading::clock_reading(told_clock const* clock) : clock_{clock}, outer_{current()} {
    if (!clock_)
        return;
    try {
        at_ = clock_->ask();
    } catch (py::error_already_set const& raised) {
        raise(raised);
    }
    current() = this;
}

clock_reading::~clock_reading() { current() = outer_; }

namespace {

/// Of all desks, those that are not at their end: a thread that came back to an interpreter that has ended would be
/// torn down in the middle of one.
std::atomic<std::size_t> calls{0};

void wait_for_calls(double seconds) {
    py::gil_scoped_release free;
    auto const end = std::chrono::steady_clock::now() + std::chrono::duration<double>{seconds};
    while (calls != 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

using simulated_clock = testing::simulated_environment;

result<std::shared_ptr<living_desk>> open_desk(std::shared_ptr<storage::store> store, finder_options how,
                                               std::shared_ptr<environment> env) {
    auto out = std::make_shared<living_desk>();
    out->env = std::move(env);
    out->clock = dynamic_cast<told_clock const*>(out->env.get());
    GUICHET_LET(out->core, desk::open(std::move(store), *out->env));
    out->found = std::make_unique<finder>(*out->core, std::move(how));
    out->counted = std::make_unique<statistics>(*out->core);
    return out;
}

py::object take(py::dict& from, char const* key) {
    if (!from.contains(key))
        return py::none();
    return from.attr("pop")(key);
}

error usage(std::string english, std::string french) {
    return {reason::bad_usage, {{"problem", std::move(english)}, {"problem.fr", std::move(french)}}};
}

} // namespace

target target_of(command_body const& body) noexcept {
    if (std::visit([]<class Body>(Body const&) { return opening_command<Body>; }, body))
        return {"id", false};
    return {is_about_article(body) ? "article" : "ticket", !is_about_inquiry(body)};
}

command_body body_at(std::size_t index) {
    command_body out;
    boost::mp11::mp_with_index<std::variant_size_v<command_body>>(index, [&](auto i) { out.template emplace<i>(); });
    return out;
}

std::shared_ptr<environment> read_clock(py::handle given) {
    if (given.is_none())
        return {&system_environment(), [](environment*) {}};
    if (py::isinstance<simulated_clock>(given))
        return given.cast<std::shared_ptr<simulated_clock>>();
    if (!PyCallable_Check(given.ptr()))
        raise(wrong_type(json::path("clock"), "a SimulatedClock or a function that gives a datetime", given));
    return std::make_shared<told_clock>(py::reinterpret_borrow<py::object>(given));
}

std::vector<std::pair<std::string, std::string>>& desk_class::returns() {
    static std::vector<std::pair<std::string, std::string>> all;
    return all;
}

void add_clocks(py::module_& into) {
    into.def("_wait_for_calls", wait_for_calls);
    py::class_<simulated_clock, std::shared_ptr<simulated_clock>>(
        into, "SimulatedClock", "A clock that stands still until it is told otherwise, and chance from a seed.")
        .def(py::init([](py::object const& start, std::uint64_t seed) {
                 return std::make_shared<simulated_clock>(
                     start.is_none() ? instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}}
                                     : unwrap(read_datetime(start, json::path("start"))),
                     seed);
             }),
             py::arg("start") = py::none(), py::arg("seed") = 1)
        .def(
            "now", [](simulated_clock& c) { return to_datetime(c.now()); }, "The time that it shows.")
        .def(
            "set", [](simulated_clock& c, py::object const& at) { c.set(unwrap(read_datetime(at, json::path("at")))); },
            py::arg("at"), "Shows another time.")
        .def(
            "advance",
            [](simulated_clock& c, py::object const& by) { c.advance(unwrap(read_timedelta(by, json::path("by")))); },
            py::arg("by"), "Goes on by a timedelta.");
}

desk_handle::desk_handle(options given)
    : process_{getpid()},
      roles_{std::move(given.roles)},
      identity_{std::move(given.identity)},
      tenant_{std::move(given.tenant)} {
    auto env = read_clock(given.clock);
    auto const open_store = read_store(given.path, given.blobs,
                                       {.durability = given.durable ? durability::full : durability::normal,
                                        .create = given.create,
                                        .prefix = std::move(given.prefix)});
    finder_options how;
    how.language = text::tongue_of(given.language);
    how.sources = read_sources(given.sources);
    auto made = [&]() -> result<std::shared_ptr<living_desk>> {
        py::gil_scoped_release free;
        GUICHET_LET(auto store, open_store());
        return open_desk(std::move(store), std::move(how), std::move(env));
    }();
    living_ = unwrap(std::move(made));
    living_->listeners->failed = std::move(given.failed);
    install_hooks(*living_);
    if (!given.by.is_none())
        default_ = who(given.by, "by");
}

desk_handle::~desk_handle() { close(); }

void desk_handle::close() noexcept {
    auto leaving = std::move(living_);
    living_.reset();
    if (leaving && getpid() != process_) // its file and its locks are the parent's
        new std::shared_ptr<living_desk>(std::move(leaving));
}

std::shared_ptr<living_desk> desk_handle::alive() const {
    if (getpid() != process_)
        raise(usage("this desk was opened in another process; open it again after a fork",
                    "ce guichet a été ouvert dans un autre processus ; ouvrez-le de nouveau après un fork"));
    if (!living_)
        raise(usage("the desk is closed; open it again with guichet.open",
                    "le guichet est fermé ; rouvrez-le avec guichet.open"));
    forget();
    ++calls;
    return {living_.get(), [kept = living_](living_desk*) { --calls; }};
}

void desk_handle::refuse_within_hooks() {
    if (hook_depth() != 0)
        raise({reason::hook_refused,
               {{"problem",
                 "a hook that decides on a command cannot write: the store is held; use desk.on or desk.after"},
                {"problem.fr", "un module qui décide d'une commande ne peut pas écrire : le fichier est tenu ; "
                               "utilisez desk.on ou desk.after"}}});
}

actor desk_handle::by_name(std::string word) const {
    actor out;
    if (!identity_.is_none()) { // what somebody calls himself is never more than a name
        out.person = word;
        try {
            if (auto const known = identity_(out.person); !known.is_none())
                unwrap(from_python(known, out, json::path("identity")));
        } catch (py::error_already_set const& raised) {
            raise(raised);
        }
        if (out.person.empty())
            out.person = std::move(word);
        if (out.tenant.empty())
            out.tenant = tenant_;
        if (out.via.empty())
            out.via = "python";
        return out;
    }
    from_word(out, std::move(word));
    out.tenant = tenant_;
    out.via = "python";
    if (!out.role.empty())
        return out;
    if (roles_.is_none())
        out.role = "agent";
    else {
        auto const role = PyCallable_Check(roles_.ptr()) ? roles_(out.person) : roles_.attr("get")(out.person);
        if (!role.is_none())
            out.role = unwrap(read_text(role, json::path("roles")));
    }
    return out;
}

actor desk_handle::who(py::handle given, std::string_view word) const {
    if (PyUnicode_Check(given.ptr()))
        return by_name(unwrap(read_text(given, json::path(word))));
    if (!given.is_none()) {
        actor out;
        unwrap(from_python(given, out, json::path(word)));
        return out;
    }
    if (default_)
        return *default_;
    if (word == "by")
        raise(usage("who acts? name him: by=\"luc\", or once for all: guichet.open(..., by=\"luc\")",
                    "qui agit ? nommez-le : by=\"luc\", ou une fois pour toutes : guichet.open(..., by=\"luc\")"));
    raise(usage("who looks? name him: viewer=\"luc\", or once for all: guichet.open(..., by=\"luc\")",
                "qui regarde ? nommez-le : viewer=\"luc\", ou une fois pour toutes : guichet.open(..., by=\"luc\")"));
}

void desk_handle::address(command& into, py::handle target) const {
    auto const about_article = is_about_article(into.body);
    auto const meant = reference::of(target, about_article ? "article" : "ticket");
    into.number = meant.number;
    (about_article ? into.article.bytes : into.ticket.bytes) = meant.id;
}

void desk_handle::sign(command& into, py::dict& envelope) const {
    auto const by = take(envelope, "by");
    bool const signed_already = by.is_none() && !into.by.person.empty();
    auto const* opened = std::get_if<open_ticket>(&into.body);
    if (!signed_already)
        into.by = by.is_none() && !default_ && opened && !opened->requester.empty() ? by_name(opened->requester)
                                                                                    : who(by, "by");
    json::path const root;
    if (envelope.contains("command_id"))
        unwrap(from_python(take(envelope, "command_id"), into.id, json::path(root, "command_id")));
    if (envelope.contains("expected_version"))
        unwrap(from_python(take(envelope, "expected_version"), into.expected_version,
                           json::path(root, "expected_version")));
}

command desk_handle::make(std::size_t index, py::tuple const& args, py::kwargs const& kwargs) const {
    command out;
    out.body = body_at(index);
    py::dict members = kwargs.attr("copy")();
    py::dict envelope;
    for (auto const* key : {"by", "command_id", "expected_version"})
        if (members.contains(key))
            envelope[key] = take(members, key);
    std::size_t first = 0;
    auto const about = target_of(out.body);
    if (about.needed && !args.empty()) {
        py::object const given = args[first++];
        address(out, given);
    } else if (members.contains(about.name))
        address(out, take(members, about.name));
    else if (about.needed)
        raise({reason::missing_field, {{"path", about.name}}});
    py::tuple const rest = args[py::slice(static_cast<py::ssize_t>(first), static_cast<py::ssize_t>(args.size()), 1)];
    auto* const body = std::visit([](auto& one) -> void* { return &one; }, out.body);
    unwrap(fill(form<command_body>::of(index), body, rest, members, json::path{}));
    sign(out, envelope);
    return out;
}

command desk_handle::read(py::handle wish, py::kwargs const& given) const {
    command out;
    py::dict envelope = given.attr("copy")();
    auto const about = take(envelope, "ticket"), article = take(envelope, "article");
    if (kind_of_value(wish) == &kind_of<command>())
        out = *static_cast<command const*>(unbox(wish).get());
    else if (PyDict_Check(wish.ptr()))
        out = unwrap(decode_command(unwrap(write_json(wish, json::path("command")))));
    else
        unwrap(from_python(wish, out.body, json::path("command")));
    for (auto const& target : {about, article})
        if (!target.is_none())
            address(out, target);
    sign(out, envelope);
    if (!envelope.empty())
        raise({reason::unknown_field,
               {{"path", py::str((*envelope.begin()).first).cast<std::string>()},
                {"known", "ticket, article, by, command_id, expected_version"}}});
    return out;
}

reference reference::of(py::handle given, std::string_view word) {
    reference out;
    json::path const at{word};
    if (PyUnicode_Check(given.ptr())) {
        auto const words = unwrap(read_text(given, at));
        if (auto const id = parse_id<ticket_id>(words))
            out.id = id->bytes;
        else
            out.number = words;
        return out;
    }
    if (given.is_none() || !kind_of_value(given))
        raise(wrong_type(at, "its number, its id, or the " + std::string{word} + " itself", given));
    out.id = unwrap(read_id(given, at));
    return out;
}

std::string reference::text() const { return number.empty() ? to_string(ticket_id{id}) : number; }

result<ticket_id> reference::ticket(desk const& in, viewer const& who) const {
    if (number.empty())
        return ticket_id{id};
    GUICHET_LET(auto const found, in.find(number, who));
    return found.id;
}

result<article_id> reference::article(desk const& in, viewer const& who) const {
    if (number.empty())
        return article_id{id};
    GUICHET_LET(auto const found, in.find_article(number, who));
    return found.id;
}

} // namespace guichet::python
