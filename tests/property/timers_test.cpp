/// Timers under a clock and a load that are against them.
#include "property/world.hpp"

#include <guichet/engine/impl/session.ipp>

namespace {

using namespace play;

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};
actor const luc{.tenant = "north", .person = "luc", .role = "agent"};

/// A clock that is set back right after somebody looked.
class set_back final : public environment {
public:
    instant now() noexcept override { return first_++ ? monday : monday + std::chrono::days{1}; }
    std::chrono::nanoseconds monotonic() noexcept override { return {}; }
    void random(std::span<std::byte> out) noexcept override { inner_.random(out); }

private:
    int first_ = 0;
    testing::simulated_environment inner_;
};

TEST_CASE(
    "given a breach that is due, when the clock is set back while the pump works, then the breach is still recorded") {
    auto const store = memory_store();
    world w{store};
    w.env.set(monday);
    auto const opened = w.desk->execute({.by = luc, .body = open_ticket{.subject = "No network"}}).value();
    set_back env;
    auto const desk = guichet::desk::open(store, env).value();
    CHECK(desk->pump().value().timers_fired == 1);
    auto const t = *store->load("north", opened.ticket).value();
    CHECK(t.breached);
    REQUIRE(t.clocks.size() == 1);
    CHECK(t.clocks.front().metric == sla::first_response);
    REQUIRE(t.timers.size() == 1);
    CHECK(t.timers.front().name == sla::resolution);
    CHECK(t.later.empty());
}

TEST_CASE(
    "given a timer that was put off while the pump looked, when the pump disarms the old one, then the new one stays") {
    world w{memory_store()};
    w.env.set(monday);
    auto const opened = w.desk->execute({.by = luc, .body = open_ticket{.subject = "No network"}}).value();
    auto const wait = [&](int hours) {
        w.desk
            ->execute({.by = luc, .body = wait_until{monday + std::chrono::hours{hours}, {}}, .ticket = opened.ticket})
            .value();
    };
    wait(1);
    auto const seen = w.store->due_timers(monday + std::chrono::hours{1}, 10).value();
    REQUIRE(seen.size() == 1);
    wait(5);
    auto const config = w.desk->config();
    {
        auto const work = w.store->begin().value();
        detail::standing kept;
        detail::session session{*w.store, *work, *config, w.env, kept};
        session.disarm(seen.front()).value();
        work->commit().value();
    }
    auto const found = troubles(*w.desk);
    CHECK_MESSAGE(found.empty(), joined(found));
    CHECK((w.desk->next_wakeup().value() == monday + std::chrono::hours{5}));
}

} // namespace
