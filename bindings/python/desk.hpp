#pragma once
#include "convert.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/engine/statistics.hpp>

#include <atomic>

/// `guichet._core.Desk`: the desk, who acts where nobody is named, and the hooks.
namespace guichet::python {

/// What Python added to a desk. The lists belong to the GIL; the counts let a command that nobody listens to go without
/// it.
struct hooks {
    std::vector<py::object> before, around, after, related;
    std::atomic<std::size_t> deciding{0}, listening{0};
    py::object failed; ///< called with the function and what it raised, when nobody else can be told

    hooks() = default;
    hooks(hooks const&) = delete;
    hooks& operator=(hooks const&) = delete;
    ~hooks();
};

/// A clock that Python tells: a function that gives an aware datetime.
class told_clock;
/// What a told clock says, for one call of the desk on this thread: it is asked once, before the engine is, so that
/// what it raises refuses the call.
class clock_reading {
public:
    explicit clock_reading(told_clock const* clock);
    clock_reading(clock_reading const&) = delete;
    clock_reading& operator=(clock_reading const&) = delete;
    ~clock_reading();

private:
    friend told_clock;
    static clock_reading const*& current() noexcept;

    told_clock const* clock_;
    instant at_{};
    clock_reading const* outer_;
};

/// An open desk with what rests on it; each call keeps it, so that `close` waits for nobody.
struct living_desk {
    std::shared_ptr<hooks> listeners = std::make_shared<hooks>();
    std::shared_ptr<environment> env;
    told_clock const* clock = nullptr; ///< `env`, where it is one
    std::unique_ptr<desk> core;
    std::unique_ptr<guichet::finder> found;
    std::unique_ptr<statistics> counted;
};

/// An object of Python that is a T, or the form of one.
template <class T>
struct value_of : py::object {
    using value = T;
    value_of() = default;
    explicit value_of(py::object made) : py::object{std::move(made)} {}
};

} // namespace guichet::python

namespace pybind11::detail {
template <class T>
struct handle_type_name<guichet::python::value_of<T>> {
    static constexpr auto name = const_name("object");
};
} // namespace pybind11::detail

namespace guichet::python {

class desk_handle {
public:
    /// What `guichet.open` says.
    struct options {
        py::object path; ///< or a store
        bool create = true;
        py::object clock, by, roles, identity, blobs, sources;
        std::string tenant, language, prefix;
        bool durable = true;
        py::object failed;
    };
    explicit desk_handle(options given);
    desk_handle(desk_handle const&) = delete;
    desk_handle& operator=(desk_handle const&) = delete;
    ~desk_handle();

    void close() noexcept;
    bool closed() const noexcept { return !living_; }

    /// Who acts (`word` is "by") or looks ("viewer"): as given, or as told when the desk was opened.
    actor who(py::handle given, std::string_view word) const;
    /// A command from what a method was given: the target, then members in their order, and names.
    command make(std::size_t index, py::tuple const& args, py::kwargs const& kwargs) const;
    /// One of: Command; a command's body, with an envelope beside; JSON's form of a command.
    command read(py::handle wish, py::kwargs const& envelope) const;

    /// Runs `f(living_desk&)` without the GIL; its result for Python, or its error raised.
    template <class F>
    auto run(F&& f) const {
        auto const kept = alive();
        clock_reading const now{kept->clock};
        auto came_to = [&] {
            py::gil_scoped_release free;
            return f(*kept);
        }();
        return unwrap(std::move(came_to));
    }
    /// The same of what writes: not from a hook that decides, for the store is held meanwhile.
    template <class F>
    auto write(F&& f) const {
        refuse_within_hooks();
        return run(std::forward<F>(f));
    }
    template <class F>
    auto ask(F&& f) const {
        return answer(run(std::forward<F>(f)));
    }

    template <class F>
    auto ask_write(F&& f) const {
        return answer(write(std::forward<F>(f)));
    }

    std::shared_ptr<living_desk> alive() const;

private:
    template <class T>
    static value_of<T> answer(T value) {
        return value_of<T>{boxed(std::move(value))};
    }
    actor by_name(std::string word) const;
    void address(command& into, py::handle target) const;
    void sign(command& into, py::dict& envelope) const;
    static void refuse_within_hooks();

    std::shared_ptr<living_desk> living_;
    int process_;
    std::optional<actor> default_;
    py::object roles_, identity_;
    std::string tenant_;
};

/// The commands that make something new, so that they have nothing that they are about.
template <class Body>
concept opening_command = std::same_as<Body, open_ticket> || std::same_as<Body, write_article>;

/// What the method of a command takes beside its members, to say what it is about.
struct target {
    char const* name; ///< `ticket` or `article`; `id` of what is new
    bool needed;      ///< and it comes first; else it may be named
};
target target_of(command_body const& body) noexcept;
/// An empty one, by its place in the variant.
command_body body_at(std::size_t index);

/// Which ticket or article is meant: an id, or a number to be looked up. Any thread.
struct reference {
    std::array<std::byte, 16> id{};
    std::string number;

    static reference of(py::handle given, std::string_view word);
    /// As the desk takes it as a text.
    std::string text() const;
    result<ticket_id> ticket(desk const& in, viewer const& who) const;
    result<article_id> article(desk const& in, viewer const& who) const;
};

/// The class of Python while it is made. It notes what each method returns, for the stubs.
class desk_class : public py::class_<desk_handle> {
public:
    using py::class_<desk_handle>::class_;

    template <class Function, class... Extra>
    desk_class& def(char const* name, Function&& f, Extra const&... extra) {
        note(name, static_cast<py::detail::function_signature_t<std::remove_reference_t<Function>>*>(nullptr));
        py::class_<desk_handle>::def(name, std::forward<Function>(f), extra...);
        return *this;
    }
    template <class... Args, class... Extra>
    desk_class& def(py::detail::initimpl::factory<Args...>&& made, Extra const&... extra) {
        py::class_<desk_handle>::def(std::move(made), extra...);
        return *this;
    }

    /// Method to type, as the stubs write it.
    static std::vector<std::pair<std::string, std::string>>& returns();

private:
    template <class Result, class... Args>
    static void note(char const* name, Result (*)(Args...)) {
        if constexpr (requires { typename Result::value; })
            returns().emplace_back(name, hint_of<typename Result::value>());
        else if constexpr (std::is_void_v<Result>)
            returns().emplace_back(name, "None");
        else if constexpr (std::is_arithmetic_v<Result>)
            returns().emplace_back(name, hint_of<Result>());
        else if constexpr (std::same_as<Result, py::bytes>)
            returns().emplace_back(name, "bytes");
        else
            returns().emplace_back(name, "Any");
    }
};

void install_hooks(living_desk& into);
void add_hooks(desk_class& to);
void add_commands(desk_class& to);
void add_queries(desk_class& to);
void add_knowledge(desk_class& to);
void add_care(desk_class& to);

/// How deep this thread is within hooks that decide.
int& hook_depth() noexcept;

std::shared_ptr<environment> read_clock(py::handle given);
void add_clocks(py::module_& into);

} // namespace guichet::python
