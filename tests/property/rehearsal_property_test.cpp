/// What is rehearsed comes to what it will, and writes nothing; what a family was resolved with is what comes back.
#include "property/playing.hpp"

namespace {

using namespace play;

std::string told(result<outcome> const& came_to) {
    if (!came_to)
        return came_to.error().describe();
    std::string out;
    for (auto const& e : came_to->events)
        out.append(name_of(e.body)).append(" of version ").append(std::to_string(e.version)).append("\n");
    return out;
}

TEST_CASE("given any day at the desk, when a command is rehearsed before it is given, then both come to the same") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        world w{memory_store(), seed};
        script day{seed};
        std::size_t executed = 0;
        for (int i = 0; i < 1'300; ++i) {
            auto const next = day.next();
            auto const* one = std::get_if<one_command>(&next);
            if (!one || !one->file.empty()) {
                play_step(w, next, &day);
                continue;
            }
            auto const head = w.store->head().value();
            auto const sizes = w.store->stats().value();
            auto const rehearsed = told(w.desk->rehearse(one->wish));
            REQUIRE((w.store->head().value() == head));
            auto const now = w.store->stats().value();
            REQUIRE((std::tie(now.tickets, now.texts, now.timers, now.receipts) ==
                     std::tie(sizes.tickets, sizes.texts, sizes.timers, sizes.receipts)));
            auto const came_to = w.desk->execute(one->wish);
            CAPTURE(encode(one->wish));
            REQUIRE(told(came_to) == rehearsed);
            executed += came_to.has_value();
            if (came_to)
                day.learn(one->wish, *came_to);
        }
        CHECK(executed > 200);
        CHECK(troubles(*w.desk).empty());
    }
}

TEST_CASE("given any day at the desk, when families are resolved and that is undone, then each of those resolved comes "
          "back or is left out, and no other") {
    std::size_t resolved = 0, reopened = 0;
    for (auto const seed : seeds(4)) {
        CAPTURE(seed);
        world w{memory_store(), seed};
        script day{seed};
        for (int i = 0; i < 6'000; ++i)
            play_step(w, day.next(), &day);
        for (auto const& tenant : tenants) {
            std::map<ticket_id, std::set<ticket_id>> families;
            for (auto const& e : whole_log(*w.desk, tenant)) {
                auto& family = families[e.ticket];
                if (auto const* done = std::get_if<family_resolved>(&e.body)) {
                    family.insert(done->tickets.begin(), done->tickets.end());
                    resolved += done->tickets.size();
                } else if (auto const* undone = std::get_if<family_reopened>(&e.body)) {
                    std::set<ticket_id> told(undone->tickets.begin(), undone->tickets.end());
                    for (auto const& one : undone->left_out)
                        told.insert(one.ticket);
                    CHECK((told == family));
                    family.clear();
                    reopened += undone->tickets.size();
                }
            }
        }
    }
    MESSAGE(resolved, " tickets resolved with their family, ", reopened, " of them reopened");
    CHECK(resolved > 20);
    CHECK(reopened > 5);
}

} // namespace
