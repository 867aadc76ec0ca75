/// What a desk's rules did under chance, they do again when its log is answered once more.
#include "property/playing.hpp"

#include <guichet/time/iso8601.hpp>

namespace {

using namespace play;

/// One configuration for the rest of the day: rules, who answers, tiers, promises.
std::vector<document> all_papers(script& day) {
    paperwork desk{day.chance()};
    auto promise = desk.next_policy();
    promise.family.clear(); // the ladder's path is about the customer's
    std::vector<document> out{{"template",
                               "received",
                               0,
                               R"({"languages": [{"language": "en", "subject": "{{ticket.number}}",
                                   "text": "We have your {{ticket.subject}}"}]})",
                               {},
                               {}},
                              {"rules", "desk", 0, encode(day.some_rules()), {}, {}},
                              {"policy", "standard", 0, encode(promise), {}, {}},
                              {"calendar", "default", 0, desk.next_calendar(), {}, {}}};
    for (auto const& more : {desk.next_team(), desk.next_ladder()})
        out.insert(out.end(), more.begin(), more.end());
    return out;
}

/// Plays one command after another, so that no two changes bear one instant; a pump fires one timer at a time.
void play_apart(world& w, step const& s, script& day) {
    auto const then = [&](step const& one) {
        play_step(w, one, &day);
        w.env.advance(std::chrono::milliseconds{1});
    };
    if (auto const* many = std::get_if<many_commands>(&s))
        for (auto const& wish : many->wishes)
            then(one_command{wish});
    else if (auto const* pump = std::get_if<pump_runs>(&s))
        for (auto left = pump->budget.timers_max; left > 0; --left)
            then(pump_runs{{1, 1}});
    else
        then(s);
}

/// A ticket's log, as text: what to look at when the past comes out otherwise.
std::string differences_of(world& w, std::string const& tenant, instant from) {
    std::string out;
    for (auto at = from; at < w.env.now();) {
        auto const until = std::min(w.env.now(), at + std::chrono::hours{1});
        auto const part = w.desk->back_test({}, {at, until}, administrator(tenant)).value();
        if (part.differences)
            out += "\n  " + std::to_string(part.differences) + " from " + time::to_text(at);
        at = until;
    }
    return out;
}

TEST_CASE(
    "given a configuration that stays, when its rules are tested on its own log, then they do again what they did") {
    std::uint64_t fired = 0;
    for (auto const seed : seeds(6)) {
        CAPTURE(seed);
        world w{memory_store()};
        script day{seed, {.configures = false, .redacts = false, .goes_back = false}};
        for (int i = 0; i < 100; ++i)
            play_apart(w, day.next(), day);
        auto const papers = all_papers(day);
        if (auto const done = w.desk->configure(papers, administrator(tenants[0])); !done)
            FAIL(done.error().describe());
        w.env.advance(std::chrono::milliseconds{1});
        auto const from = w.env.now();
        for (int i = 0; i < 1'400; ++i)
            play_apart(w, day.next(), day);
        for (auto const& tenant : tenants) {
            auto const again =
                w.desk->back_test({}, {from, w.env.now() + std::chrono::hours{1}}, administrator(tenant)).value();
            CHECK(again.changes > 100);
            CHECK_MESSAGE(again.differences == 0, tenant, differences_of(w, tenant, from));
            for (auto const& r : again.rules)
                fired += r.fired;
        }
    }
    CHECK(fired > 500);
}

} // namespace
