/// The index finds the rules that a loop over all would find, and what the desk did can be done again.
#include "property/script.hpp"

#include <guichet/engine/impl/dry_run.ipp>

namespace {

using namespace play;

TEST_CASE("given rules under chance, when the past is answered again, then index and loop agree on every change") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        world w{memory_store()};
        script day{seed};
        for (int i = 0; i < 1'500; ++i)
            play_step(w, day.next(), &day);
        w.desk->configure({"rules", "desk", 0, encode(day.some_rules()), {}, {}}, administrator(tenants[0])).value();
        for (int i = 0; i < 500; ++i)
            play_step(w, day.next(), &day);
        auto const config = w.desk->config();
        std::size_t changes = 0, fired = 0;
        for (auto const& tenant : tenants)
            for (auto const& t : all_tickets(*w.desk, tenant)) {
                detail::past_reader reader;
                auto const take = [&](detail::past_change const& c) -> result<void> {
                    auto const by_index = detail::dry_run(*config, c.as_change(), false);
                    auto const by_loop = detail::dry_run(*config, c.as_change(), true);
                    REQUIRE(detail::same_deeds(by_index.events, by_loop.events));
                    REQUIRE(by_index.cut == by_loop.cut);
                    ++changes;
                    fired += by_loop.events.size();
                    return {};
                };
                auto const past = detail::past_of(*w.store, t.id).value();
                for (auto const& e : past)
                    reader.hear(e, take).value();
                reader.end(take).value();
            }
        CHECK(changes > 500);
        CHECK(fired > 50);
    }
}

} // namespace
