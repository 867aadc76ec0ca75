/// The index finds the rules that a loop over all would find, and what the desk did can be done again.
#include "property/playing.hpp"

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
                detail::spare_tickets spares;
                detail::past_reader reader{spares};
                detail::fired_rules fired_by_index, fired_by_loop;
                auto const take = [&](detail::past_change const& c) -> result<void> {
                    auto const by_index =
                        detail::dry_run(*config, c, fired_by_index, {}, detail::trial_of::in_force, false);
                    auto const by_loop = detail::dry_run(*config, c, fired_by_loop, {}, detail::trial_of::in_force);
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

/// Rules with any events and with conditions of up to three parts, each of which anything may be.
rules_document many_rules(script& day, expr::schema const& schema, std::size_t count) {
    rules_document out;
    out.name = "many";
    for (std::size_t i = 0; i < count; ++i) {
        rule_definition r;
        r.name = std::to_string(i);
        std::vector<expr::draft> parts;
        for (auto left = day.chance().below(4); left > 0; --left)
            parts.push_back(day.next_view(schema).matching.value_or(expr::where("kind", expr::op::equal, "incident")));
        auto const when = expr::condition::compile(expr::all_of(std::move(parts)), schema);
        if (!when) // two patterns too many, say
            continue;
        r.when.text = boost::json::serialize(when->to_json());
        if (day.chance().percent(40))
            r.on = {day.chance().pick(std::vector<std::string>{"ticket_opened", "message_added", "priority_set"})};
        r.actions = {{R"({"raise_priority":1})"}};
        out.rules.push_back(std::move(r));
    }
    return out;
}

TEST_CASE("given any conditions, when any ticket becomes any other, then the index leaves out no rule that holds") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        world w{memory_store()};
        script day{seed};
        for (int i = 0; i < 500; ++i)
            play_step(w, day.next(), &day);
        auto const tickets = all_tickets(*w.desk, tenants[0]);
        REQUIRE(tickets.size() > 3);
        auto const config = w.desk->config();
        auto const& schema = config->rules->schema();
        auto const set = rules::rule_set::compile({{many_rules(day, schema, 1'000), 1}}, schema, {}).value();
        std::vector<std::uint32_t> found;
        std::size_t held = 0, asked = 0;
        for (int i = 0; i < 200; ++i) {
            auto const& before = day.chance().pick(tickets);
            auto const& after = day.chance().percent(30) ? before : day.chance().pick(tickets);
            auto const& current = day.chance().percent(70) ? after : day.chance().pick(tickets);
            rules::change const of{day.chance().percent(20) ? nullptr : &before, &after, day.chance().next(),
                                   w.env.now()};
            auto const from = static_cast<std::uint32_t>(day.chance().below(100));
            set->candidates(rules::rule_kind::trigger, of, current, from, found);
            REQUIRE(std::is_sorted(found.begin(), found.end()));
            REQUIRE(std::adjacent_find(found.begin(), found.end()) == found.end());
            asked += found.size();
            rules::changed_record const record{current, of, schema};
            for (auto const& r : set->rules())
                if (r.order >= from && !set->idle(r, of, tenants[0]) &&
                    r.condition.evaluate(record, ticket_context(of.now))) {
                    ++held;
                    REQUIRE(std::binary_search(found.begin(), found.end(), r.order));
                }
        }
        CHECK(held > 1'000);
        CHECK(asked < 2 * held + 20'000);
    }
}

} // namespace
