/// What holds of a desk whatever people do to it.
#include "property/playing.hpp"

namespace {

using namespace play;

constexpr int steps = 1'300;

TEST_CASE("given any day at the desk, when its log is replayed, then it gives the tickets as they stand") {
    for (auto const seed : seeds(4)) {
        CAPTURE(seed);
        world w{memory_store(), seed};
        script day{seed};
        for (int i = 1; i <= steps; ++i) {
            play_step(w, day.next(), &day);
            if (i % 200 == 0) {
                auto const found = troubles(*w.desk);
                REQUIRE_MESSAGE(found.empty(), "after step ", i, joined(found));
            }
        }
        for (auto const& tenant : tenants) {
            auto const found = clock_troubles(whole_log(*w.desk, tenant));
            CHECK_MESSAGE(found.empty(), joined(found));
        }
    }
}

TEST_CASE("given two desks in the same world, when the same things happen, then they are the same to the last byte") {
    auto const seed = seeds(1).front();
    CAPTURE(seed);
    auto const play_all = [&] {
        world w{memory_store(), seed};
        script day{seed};
        for (int i = 0; i < steps; ++i)
            play_step(w, day.next(), &day);
        return w.desk->verify().value().chain;
    };
    CHECK(to_hex(play_all()) == to_hex(play_all()));
}

TEST_CASE("given a command that is refused, then nothing has changed") {
    auto const seed = seeds(1).front();
    CAPTURE(seed);
    world w{memory_store(), seed};
    script day{seed};
    std::size_t refused = 0;
    for (int i = 0; i < steps; ++i) {
        auto const next = day.next();
        auto const* one = std::get_if<one_command>(&next);
        auto const head = w.store->head().value();
        auto const before = one ? w.store->load(one->wish.by.tenant, one->wish.ticket).value() : nullptr;
        auto const sizes = w.store->stats().value();
        auto const said = play_step(w, next, &day);
        if (!one || said.front().starts_with('{'))
            continue;
        ++refused;
        CAPTURE(said.front());
        REQUIRE((w.store->head().value() == head));
        auto const after = w.store->load(one->wish.by.tenant, one->wish.ticket).value();
        REQUIRE((before == nullptr) == (after == nullptr));
        REQUIRE((!before || (same_history(*before, *after) && before->ordinal == after->ordinal)));
        auto const now = w.store->stats().value();
        REQUIRE((std::tie(now.tickets, now.texts, now.timers, now.receipts) ==
                 std::tie(sizes.tickets, sizes.texts, sizes.timers, sizes.receipts)));
    }
    CHECK(refused > 100);
}

TEST_CASE("given a command that was executed, when it is sent again, then it comes to the same and happens once") {
    auto const seed = seeds(1).front();
    CAPTURE(seed);
    world w{memory_store(), seed};
    script day{seed, {.redacts = false}}; // what was erased is not told again
    std::map<command_id, std::string> came_to;
    std::size_t repeated = 0;
    for (int i = 0; i < steps; ++i) {
        auto const next = day.next();
        auto const* one = std::get_if<one_command>(&next);
        auto const head = w.store->head().value();
        auto said = play_step(w, next, &day);
        if (!one || !one->wish.id || !said.front().starts_with('{'))
            continue;
        if (!one->repeats) {
            came_to[one->wish.id] = said.front();
            continue;
        }
        if (!came_to.contains(one->wish.id))
            continue; // it was one of a batch
        ++repeated;
        auto expected = came_to[one->wish.id];
        expected.replace(expected.find(R"("repeated":false)"), 16, R"("repeated":true)");
        REQUIRE(said.front() == expected);
        REQUIRE((w.store->head().value() == head));

        auto other = one->wish;
        other.body = add_note{.text = "something else"};
        auto const refused = w.desk->execute(other);
        REQUIRE(refused.has_error());
        REQUIRE((refused.error().why() == reason::command_id_reused));
        REQUIRE((w.store->head().value() == head));
    }
    CHECK(repeated > 20);
}

/// A ticket without what follows from the configuration of the moment, and is no part of its past.
std::string past_of(ticket t) {
    t.timers.clear();
    t.later.clear();
    t.due_at.reset();
    return encode(t);
}

TEST_CASE("given what a ticket was at some time, when it is asked for later, then it is told as it was") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        world w{memory_store(), seed};
        script day{seed, {.redacts = false}};
        std::map<std::pair<ticket_id, instant>, std::string> seen; // the last state of each instant
        for (int i = 0; i < steps; ++i) {
            play_step(w, day.next(), &day);
            if (i % 40 != 0)
                continue;
            for (auto const& tenant : tenants)
                for (auto const& t : all_tickets(*w.desk, tenant))
                    seen[{t.id, t.updated_at}] = past_of(t);
        }
        auto& chance = day.chance();
        std::size_t asked = 0;
        for (auto const& [moment, expected] : seen) {
            auto const& [id, at] = moment;
            auto const now = w.store->load(tenants[0], id).value() ? tenants[0] : tenants[1];
            auto const latest = w.desk->find(id, administrator(now)).value();
            if (chance.percent(20)) {
                auto const then = w.desk->as_of(id, at, administrator(now)).value();
                // Later events of the same instant belong to it.
                if (then.version == decode_ticket(expected).value().version) {
                    REQUIRE(past_of(then) == expected);
                    ++asked;
                }
            }
            auto const today = w.desk->as_of(id, std::max(w.env.now(), latest.updated_at), administrator(now)).value();
            REQUIRE(past_of(today) == past_of(latest));
            REQUIRE((today.due_at == latest.due_at));
        }
        CHECK(asked > 20);
    }
}

} // namespace
