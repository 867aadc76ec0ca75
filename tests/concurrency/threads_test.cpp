/// Many threads at one desk.
#include "property/script.hpp"

#include <guichet/testing/faulty_store.hpp>

#include <atomic>
#include <mutex>
#include <thread>

namespace {

using namespace play;

/// The simulated world, shared by threads.
class shared_environment final : public environment {
public:
    instant now() noexcept override { return inner_.now(); }
    std::chrono::nanoseconds monotonic() noexcept override { return inner_.monotonic(); }
    void random(std::span<std::byte> out) noexcept override {
        std::lock_guard const lock{mutex_};
        inner_.random(out);
    }
    template <class Duration>
    void advance(Duration by) noexcept {
        inner_.advance(by);
    }

private:
    std::mutex mutex_;
    testing::simulated_environment inner_{
        instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{8}}, seed_of_run()};
};

/// Runs one function on many threads at once; the argument is the thread's number.
template <class Work>
void together(std::size_t count, Work const& work) {
    std::atomic<std::size_t> ready{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            ++ready;
            while (ready < count)
                std::this_thread::yield();
            work(i);
        });
    for (auto& t : threads)
        t.join();
}

actor const luc{.tenant = "north", .person = "luc", .role = "agent"};

command_id nth_command(std::uint64_t n) { return dice{n}.fresh_id<command_id>(); }

std::uint64_t count_of(guichet::desk const& desk, view const& what) {
    return desk.count(std::span{&what, 1}, administrator("north")).value().front().count;
}

/// The same cases on each kind of store.
void on_each_store(void (*play_case)(std::shared_ptr<storage::store>)) {
    SUBCASE("in memory") { play_case(memory_store()); }
#if defined(PLAY_ON_SQLITE)
    SUBCASE("on a file") {
        scratch_file file;
        play_case(open_file(file.path()));
    }
#endif
}

void check_sound(guichet::desk const& desk) {
    auto const found = troubles(desk);
    CHECK_MESSAGE(found.empty(), joined(found));
}

TEST_CASE("given one ticket, when many answer it at once expecting the same version, then exactly one is first") {
    on_each_store([](std::shared_ptr<storage::store> store) {
        shared_environment env;
        auto const desk = guichet::desk::open(store, env).value();
        auto const ticket = desk->execute({.by = luc, .body = open_ticket{.subject = "No network"}}).value();
        auto version = ticket.version;
        for (int round = 0; round < 30; ++round) {
            std::atomic<int> won{0}, lost{0};
            std::atomic<std::uint64_t> next{0};
            together(4, [&](std::size_t i) {
                auto const came_to = desk->execute({.by = luc,
                                                    .body = add_note{.text = "by " + std::to_string(i)},
                                                    .ticket = ticket.ticket,
                                                    .expected_version = version});
                if (came_to) {
                    ++won;
                    next = came_to->version;
                } else
                    lost += came_to.error().why() == reason::version_conflict;
            });
            REQUIRE(won == 1);
            REQUIRE(lost == 3);
            version = next;
        }
        check_sound(*desk);
    });
}

TEST_CASE("given one command, when many send it at once, then it happens once and all hear the same") {
    on_each_store([](std::shared_ptr<storage::store> store) {
        shared_environment env;
        auto const desk = guichet::desk::open(store, env).value();
        for (std::uint64_t round = 0; round < 30; ++round) {
            std::mutex mutex;
            std::set<std::pair<ticket_id, std::uint64_t>> heard;
            std::atomic<int> first{0};
            together(4, [&](std::size_t) {
                auto const came_to =
                    desk->execute({.by = luc, .body = open_ticket{.subject = "No network"}, .id = nth_command(round)})
                        .value();
                first += !came_to.repeated;
                std::lock_guard const lock{mutex};
                heard.emplace(came_to.ticket, came_to.version);
            });
            REQUIRE(first == 1);
            REQUIRE(heard.size() == 1);
        }
        CHECK(count_of(*desk, {}) == 30);
        check_sound(*desk);
    });
}

TEST_CASE(
    "given writers and readers, when the pump runs and the configuration changes between them, then all adds up") {
    on_each_store([](std::shared_ptr<storage::store> store) {
        shared_environment env;
        auto const desk = guichet::desk::open(store, env).value();
        constexpr std::size_t writers = 3, each = 60;
        std::atomic<std::uint64_t> resolved{0}, hooked{0};
        std::atomic<std::size_t> busy{writers};
        desk->after([&](outcome const&) { ++hooked; });
        std::atomic<std::uint64_t> answered{0};
        together(writers + 3, [&](std::size_t i) {
            if (i < writers) {
                for (std::size_t n = 0; n < each; ++n) {
                    auto const opened = desk->execute({.by = luc,
                                                       .body = open_ticket{.subject = "call",
                                                                           .text = "It is broken.",
                                                                           .requester = "ana",
                                                                           .queue = "network"}})
                                            .value();
                    (void)desk->execute({.by = luc, .body = reply{.text = "on it"}, .ticket = opened.ticket}).value();
                    answered += 2;
                    if (n % 3 == 0) {
                        (void)desk
                            ->execute({.by = luc, .body = resolve_ticket{.code = "solved"}, .ticket = opened.ticket})
                            .value();
                        ++resolved;
                        ++answered;
                    }
                    env.advance(std::chrono::minutes{5});
                }
                --busy;
            } else if (i == writers) {
                view open;
                open.matching = expr::where("open", expr::op::equal, true);
                open.limit = 20;
                while (busy) {
                    auto const page = desk->query(open, luc).value();
                    for (auto const& t : page.tickets) {
                        CHECK(t.open());
                        CHECK(!desk->conversation(t.id, luc).value().empty());
                        CHECK(desk->history(t.id, luc).value().size() >= t.version);
                    }
                }
            } else if (i == writers + 1) {
                while (busy) {
                    (void)desk->pump().value();
                    std::this_thread::yield();
                }
            } else {
                for (int n = 0; busy && n < 100; ++n) {
                    auto policy = sla::standard_policy();
                    policy.targets[6].within = std::to_string(1 + n % 9) + "h";
                    desk->configure({.kind = "policy", .id = "standard", .body = encode(policy)},
                                    administrator("north"))
                        .value();
                    std::this_thread::yield();
                }
            }
        });
        view all, over;
        over.matching = expr::where("status", expr::op::equal, "resolved");
        CHECK(count_of(*desk, all) == writers * each);
        CHECK(count_of(*desk, over) == resolved);
        CHECK(hooked >= answered);
        std::set<std::string> numbers;
        for (auto const& t : all_tickets(*desk, "north"))
            numbers.insert(t.number);
        CHECK(numbers.size() == writers * each);
        check_sound(*desk);
    });
}

TEST_CASE("given administrators who change documents at once, then what is in force is what is stored") {
    on_each_store([](std::shared_ptr<storage::store> store) {
        shared_environment env;
        auto const desk = guichet::desk::open(store, env).value();
        together(4, [&](std::size_t i) {
            for (int n = 0; n < 5; ++n) {
                role_document role{"role" + std::to_string(i) + std::to_string(n), "requester", side::requester, {}};
                desk->configure({.kind = "role", .id = role.name, .body = encode(role)}, administrator("north"))
                    .value();
            }
        });
        for (int i = 0; i < 4; ++i)
            for (int n = 0; n < 5; ++n) {
                actor const who{
                    .tenant = "north", .person = "zoe", .role = "role" + std::to_string(i) + std::to_string(n)};
                CHECK(desk->config()->roles->find(who).has_value());
            }
    });
}

TEST_CASE("given a desk at work, when it is verified meanwhile, then no false alarm is raised") {
    on_each_store([](std::shared_ptr<storage::store> store) {
        shared_environment env;
        auto const desk = guichet::desk::open(store, env).value();
        std::atomic<bool> over{false};
        auto const ticket = desk->execute({.by = luc, .body = open_ticket{.subject = "No network"}}).value();
        together(2, [&](std::size_t i) {
            if (i == 0) {
                for (int n = 0; n < 150; ++n) {
                    (void)desk->execute({.by = luc, .body = add_note{.text = "still at it"}, .ticket = ticket.ticket})
                        .value();
                    (void)desk->execute({.by = luc, .body = open_ticket{.subject = "another"}}).value();
                }
                over = true;
                return;
            }
            while (!over) {
                auto const report = desk->verify().value();
                std::vector<std::string> found;
                for (auto const& problem : report.problems)
                    found.push_back(problem.describe());
                CHECK_MESSAGE(found.empty(), joined(found));
            }
        });
        check_sound(*desk);
    });
}

TEST_CASE("given a hook that throws, then the command is refused, and the desk goes on") {
    shared_environment env;
    auto const desk = guichet::desk::open(memory_store(), env).value();
    desk->before([](command const& wish, ticket const*) -> result<void> {
        if (std::get<open_ticket>(wish.body).subject == "bad")
            throw std::runtime_error{"the host stumbled"};
        return {};
    });
    std::atomic<int> opened{0}, refused{0};
    together(4, [&](std::size_t i) {
        for (int n = 0; n < 20; ++n) {
            auto const came_to = desk->execute({.by = luc, .body = open_ticket{.subject = i % 2 ? "bad" : "good"}});
            opened += came_to.has_value();
            refused += !came_to && came_to.error().why() == reason::hook_refused;
        }
    });
    CHECK(opened == 40);
    CHECK(refused == 40);
    desk->around([](command const&, auto const&) -> result<void> { return {}; });
    CHECK((desk->execute({.by = luc, .body = open_ticket{.subject = "good"}}).error().why() == reason::hook_refused));
}

TEST_CASE("given commands that wait together, when the store fails among them, then each is told the truth") {
    shared_environment env;
    auto const faults = std::make_shared<testing::faulty_store>(memory_store());
    auto const desk = guichet::desk::open(faults, env).value();
    std::atomic<std::uint64_t> opened{0};
    for (int round = 0; round < 30; ++round) {
        faults->set({.fail_at = static_cast<std::uint64_t>(1 + round)});
        together(6, [&](std::size_t) {
            auto const came_to = desk->execute({.by = luc, .body = open_ticket{.subject = "No network"}});
            opened += came_to.has_value();
            CHECK((came_to || came_to.error().why() == reason::store_failed));
        });
    }
    faults->set({});
    CHECK(count_of(*desk, {}) == opened);
    CHECK(opened >= 30);
    check_sound(*desk);
}

} // namespace
