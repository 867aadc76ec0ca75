// The C library. Each function is a door: it takes JSON, lets no exception out, and answers JSON or an error.

#pragma GCC visibility push(default)
#include "guichet.h"
#pragma GCC visibility pop

#include <guichet/engine/answers.hpp>
#include <guichet/engine/ask.hpp>
#include <guichet/guichet.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>
#include <guichet/version.hpp>

#include <climits>
#include <unistd.h>

using namespace guichet;

#define GUICHET_ERRC(name, http, exit_code, python, retry, text) static_assert(guichet_##name == exit_code);
#include <guichet/base/errc.def>
#undef GUICHET_ERRC

struct guichet_answer {
    std::string text, detail{}, detail_fr{};
    std::optional<guichet::error> failed{};

    explicit guichet_answer(std::string json) : text{std::move(json)} {}
    explicit guichet_answer(guichet::error e)
        : text{"{\"error\":" + encode(e) + "}"},
          detail{e.describe()},
          detail_fr{e.describe(language::fr)},
          failed{std::move(e)} {}
};

struct guichet_desk {
    std::unique_ptr<testing::simulated_environment> simulated;
    std::unique_ptr<guichet::desk> core;
    finder found;
    statistics counted;
    pid_t process = getpid();

    asked_desk asked() { return {*core, found, counted}; }
};

namespace {

struct clock_options {
    instant start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
    std::uint64_t seed = 1;
};
BOOST_DESCRIBE_STRUCT(clock_options, (), (start, seed))

struct open_options {
    bool create = true, read_only = false, durable = true;
    std::uint32_t busy_ms = 5'000;
    std::string language{};
    std::optional<clock_options> clock{};
};
BOOST_DESCRIBE_STRUCT(open_options, (), (create, read_only, durable, busy_ms, language, clock))

/// What is answered when there is no memory to say anything else.
guichet_answer no_memory{error{reason::defect, {{"problem", "out of memory"}, {"problem.fr", "mémoire épuisée"}}}};

/// Runs `f`, which gives a `result` with JSON, and answers what it came to, whatever that was.
template <class F>
guichet_answer* answer_of(F&& f) noexcept {
    try {
        try {
            result<std::string> came_to = f();
            return came_to ? new guichet_answer{std::move(*came_to)} : new guichet_answer{came_to.error()};
        } catch (failure const& thrown) {
            return new guichet_answer{thrown.error()};
        } catch (std::bad_alloc const&) {
            return &no_memory;
        } catch (std::exception const& thrown) {
            return new guichet_answer{error{reason::defect, {{"problem", thrown.what()}}}};
        }
    } catch (...) {
        return &no_memory;
    }
}

error null_given(std::string const& english, std::string const& french) {
    return {reason::bad_usage, {{"problem", english + " is NULL"}, {"problem.fr", french + " vaut NULL"}}};
}

/// The same of an open desk and of a text, neither of which may be NULL.
template <class F>
guichet_answer* answer_of(guichet_desk* of, char const* json, F&& f) noexcept {
    return answer_of([&]() -> result<std::string> {
        if (!of || !json)
            return of ? null_given("the JSON", "le JSON") : null_given("the desk", "le guichet");
        if (getpid() != of->process)
            return error{reason::bad_usage,
                         {{"problem", "this desk was opened in another process; open it again after a fork"},
                          {"problem.fr",
                           "ce guichet a été ouvert dans un autre processus ; ouvrez-le de nouveau après un fork"}}};
        return f(*of);
    });
}

result<open_options> read_options(char const* json) {
    open_options out;
    if (json) {
        GUICHET_LET(auto const value, json::parse(json));
        GUICHET_TRY(json::read(value, out, json::path("options")));
    }
    return out;
}

result<std::shared_ptr<storage::store>> open_store(std::string const& path, open_options const& given) {
    if (path == ":memory:")
        return std::shared_ptr<storage::store>{memory_store()};
    sqlite_options how;
    how.create = given.create;
    how.read_only = given.read_only;
    how.durability = given.durable ? durability::full : durability::normal;
    how.busy_time = std::chrono::milliseconds{given.busy_ms};
    return sqlite_store(path, how);
}

result<std::unique_ptr<guichet_desk>> open_desk(char const* path, char const* options) {
    GUICHET_LET(auto const given, read_options(options));
    GUICHET_LET(auto store, open_store(path, given));
    std::unique_ptr<testing::simulated_environment> simulated;
    if (given.clock)
        simulated = std::make_unique<testing::simulated_environment>(given.clock->start, given.clock->seed);
    environment& env = simulated ? static_cast<environment&>(*simulated) : system_environment();
    GUICHET_LET(auto core, desk::open(std::move(store), env));
    finder_options how;
    how.language = text::tongue_of(given.language);
    finder found{*core, std::move(how)};
    statistics counted{*core};
    return std::unique_ptr<guichet_desk>{
        new guichet_desk{std::move(simulated), std::move(core), std::move(found), std::move(counted)}};
}

result<std::vector<result<command>>> read_commands(std::string_view text) {
    if (text.size() > limits::blob_bytes_max)
        return error{reason::limit_passed,
                     {{"path", "commands"},
                      {"found", std::to_string(text.size())},
                      {"limit", std::to_string(limits::blob_bytes_max)}}};
    GUICHET_LET(auto const value, json::parse(text));
    if (!value.is_array())
        return json::wrong_type(json::path("commands"), "a list", value);
    std::vector<result<command>> out;
    for (auto const& one : value.get_array())
        out.push_back(read_command(one));
    return out;
}

/// What each command came to, in their order; what was no command is answered in its place.
std::string told(std::vector<result<command>> const& wishes, std::vector<result<outcome>> const& came_to) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    auto next = came_to.begin();
    for (auto const& wish : wishes) {
        if (wish && *next)
            w.raw(encode(**next));
        else
            w.raw("{\"error\":" + encode(wish ? next->error() : wish.error()) + "}");
        if (wish)
            ++next;
    }
    w.end_array();
    return out;
}

result<std::string> execute_all(guichet_desk& in, std::string_view text, batch_mode mode) {
    GUICHET_LET(auto const wishes, read_commands(text));
    std::vector<command> readable;
    for (auto const& wish : wishes)
        if (wish)
            readable.push_back(*wish);
        else if (mode == batch_mode::all_or_none)
            return wish.error().with("batch_index", std::to_string(&wish - wishes.data()));
    GUICHET_LET(auto const came_to, in.core->execute(readable, mode));
    return told(wishes, came_to);
}

std::string text_of(std::optional<instant> at) {
    std::string out;
    json::writer w{out};
    json::write(w, at, json::fullness::full);
    return out;
}

} // namespace

// --- answers

int guichet_code(guichet_answer const* answer) {
    return answer->failed ? info(answer->failed->code()).exit_code : int{guichet_ok};
}

char const* guichet_text(guichet_answer const* answer) { return answer->text.c_str(); }

size_t guichet_size(guichet_answer const* answer) { return answer->text.size(); }

char const* guichet_error(guichet_answer const* answer, char const* part) {
    if (!answer->failed || !part)
        return nullptr;
    std::string_view const wanted = part;
    auto const& e = *answer->failed;
    if (wanted == "code")
        return info(e.code()).name.data();
    if (wanted == "reason")
        return info(e.why()).name.data();
    if (wanted == "detail")
        return answer->detail.c_str();
    if (wanted == "detail_fr")
        return answer->detail_fr.c_str();
    static constexpr std::string_view context = "context.";
    if (wanted.starts_with(context))
        for (auto const& [key, value] : e.context())
            if (key == wanted.substr(context.size()))
                return value.c_str();
    return nullptr;
}

void guichet_free(guichet_answer* answer) {
    if (answer != &no_memory)
        delete answer;
}

// --- the desk

char const* guichet_version(void) { return GUICHET_VERSION_STRING; }

guichet_answer* guichet_open(char const* path, char const* options, guichet_desk** desk) {
    return answer_of([&]() -> result<std::string> {
        if (!desk)
            return null_given("where to put the desk", "l'endroit où mettre le guichet");
        *desk = nullptr;
        if (!path)
            return null_given("the path", "le chemin");
        GUICHET_LET(auto opened, open_desk(path, options));
        *desk = opened.release();
        return std::string{"null"};
    });
}

void guichet_close(guichet_desk* desk) {
    if (desk && getpid() == desk->process) // its file and its locks are the parent's
        delete desk;
}

guichet_answer* guichet_execute(guichet_desk* desk, char const* command) {
    return answer_of(desk, command, [&](guichet_desk& in) -> result<std::string> {
        GUICHET_LET(auto const wish, decode_command(command));
        GUICHET_LET(auto const came_to, in.core->execute(wish));
        return encode(came_to);
    });
}

guichet_answer* guichet_execute_batch(guichet_desk* desk, char const* commands, int all_or_none) {
    return answer_of(desk, commands, [&](guichet_desk& in) {
        return execute_all(in, commands, all_or_none ? batch_mode::all_or_none : batch_mode::each);
    });
}

guichet_answer* guichet_query(guichet_desk* desk, char const* query) {
    return answer_of(desk, query, [&](guichet_desk& in) { return ask(in.asked(), query); });
}

guichet_answer* guichet_manage(guichet_desk* desk, char const* task) {
    return answer_of(desk, task, [&](guichet_desk& in) { return manage(in.asked(), task); });
}

guichet_answer* guichet_pump(guichet_desk* desk, size_t timers_max) {
    return answer_of(desk, "", [&](guichet_desk& in) -> result<std::string> {
        pump_budget budget;
        if (timers_max)
            budget.timers_max = timers_max;
        GUICHET_LET(auto const done, in.core->pump(budget));
        return encode(done);
    });
}

guichet_answer* guichet_next_wakeup(guichet_desk* desk, int* wait_ms) {
    return answer_of(desk, "", [&](guichet_desk& in) -> result<std::string> {
        GUICHET_LET(auto const next, in.core->next_wakeup());
        if (wait_ms) {
            auto const left = next ? (*next - in.core->env().now()).count() : -1;
            *wait_ms = next ? static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX)) : -1;
        }
        return text_of(next);
    });
}

guichet_answer* guichet_advance_clock(guichet_desk* desk, int64_t seconds) {
    return answer_of(desk, "", [&](guichet_desk& in) -> result<std::string> {
        if (!in.simulated)
            return error{
                reason::bad_usage,
                {{"problem", "the desk shows the real time; open it with a \"clock\" to move it"},
                 {"problem.fr", "le guichet est à l'heure réelle ; ouvrez-le avec « clock » pour la changer"}}};
        in.simulated->advance(std::chrono::seconds{seconds});
        return text_of(in.simulated->now());
    });
}

guichet_answer* guichet_subscribe(guichet_desk* desk, guichet_committed* listener, void* context) {
    return answer_of(desk, "", [&](guichet_desk& in) -> result<std::string> {
        if (!listener)
            return null_given("the listener", "la fonction à prévenir");
        in.core->after([listener, context](outcome const& came_to) {
            if (!came_to.events.empty())
                listener(context, came_to.events.back().seq);
        });
        return std::string{"null"};
    });
}

guichet_answer* guichet_deliver(guichet_desk* desk, size_t limit, guichet_send* send, void* context) {
    return answer_of(desk, "", [&](guichet_desk& in) -> result<std::string> {
        if (!send)
            return null_given("the sender", "la fonction d'envoi");
        GUICHET_LET(auto const done,
                    in.core->deliver(
                        [&](storage::outbox_entry const& entry) -> result<void> {
                            if (send(context, encode(entry).c_str()) != 0)
                                return error{reason::hook_refused,
                                             {{"problem", "it was not sent"}, {"problem.fr", "ce n'est pas parti"}}};
                            return {};
                        },
                        limit));
        return encode(done);
    });
}

guichet_answer* guichet_put_file(guichet_desk* desk, void const* bytes, size_t size, char const* name,
                                 char const* type) {
    return answer_of(desk, "", [&](guichet_desk& in) -> result<std::string> {
        if (!name)
            return null_given("the name", "le nom");
        if (!bytes && size)
            return null_given("the file", "le fichier");
        GUICHET_LET(auto const stored, in.core->put_file({static_cast<std::byte const*>(bytes), size}, name,
                                                         type ? type : "application/octet-stream"));
        std::string out;
        json::writer w{out};
        json::write(w, stored, json::fullness::full);
        return out;
    });
}

guichet_answer* guichet_read_file(guichet_desk* desk, char const* query) {
    return answer_of(desk, query, [&](guichet_desk& in) { return read_file(in.asked(), query); });
}
