#include "property/dice.hpp"

#include <guichet/kb/guide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/codec.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <set>

using namespace guichet;

namespace {

/// Guides by chance: each step leads only to later ones and to ends, so nothing comes round.
class guide_maker {
public:
    explicit guide_maker(play::dice& chance) : dice_{chance} {}

    guide_document next() {
        guide_document g;
        g.name = "any";
        auto const count = 1 + dice_.below(12);
        for (std::size_t i = 0; i < 4; ++i)
            g.ends.push_back(end(i));
        for (std::size_t i = 0; i < count; ++i)
            g.steps.push_back(step(i, count));
        leave_out_unreached(g);
        return g;
    }

    field_value answer_to(guide_step const& s) {
        switch (s.kind) {
        case answer_kind::yes_no: return dice_.percent(50);
        case answer_kind::choice: return dice_.pick(s.choices).name;
        case answer_kind::number: return static_cast<double>(dice_.between(-9, 99)) / 2;
        case answer_kind::date: return "2026-01-" + std::to_string(dice_.between(10, 31));
        case answer_kind::text: break;
        }
        return "noise " + std::to_string(dice_.below(9));
    }

private:
    static guide_end end(std::size_t i) {
        guide_end out{"end " + std::to_string(i)};
        if (i % 2)
            out.outcome = guide_outcome::handed_over, out.team = "experts";
        return out;
    }
    std::string later(std::size_t i, std::size_t count) {
        auto const at = i + 1 + dice_.below(count - i);
        return at < count && dice_.percent(75) ? "step " + std::to_string(at) : "end " + std::to_string(dice_.below(4));
    }
    guide_step step(std::size_t i, std::size_t count) {
        guide_step out{"step " + std::to_string(i), {"Well?", ""}};
        out.kind = static_cast<answer_kind>(dice_.below(5));
        auto const to = [&] { return later(i, count); };
        std::string const day = "2026-01-20";
        switch (out.kind) {
        case answer_kind::yes_no: out.next = {{{true}, {}, {}, to()}, {{false}, {}, {}, to()}}; break;
        case answer_kind::choice:
            for (std::size_t c = 0; c < 1 + dice_.below(4); ++c) {
                out.choices.push_back({std::to_string(c), "", ""});
                out.next.push_back({{std::to_string(c)}, {}, {}, to()});
            }
            break;
        case answer_kind::number:
            out.next = {{{}, 10.0, 20.5, to()}, {{}, {}, 10.0, to()}, {{}, 20.5, {}, to()}};
            break;
        case answer_kind::date: out.next = {{{}, {}, day, to()}, {{}, day, {}, to()}}; break;
        case answer_kind::text: out.next = {{{std::string{"noise 1"}}, {}, {}, to()}, {{}, {}, {}, to()}}; break;
        }
        return out;
    }
    static void leave_out_unreached(guide_document& g) {
        std::set<std::string> reached{g.steps.front().name};
        for (auto const& s : g.steps) // in order, for they lead to later ones only
            if (reached.contains(s.name))
                for (auto const& b : s.next)
                    reached.insert(b.to);
        std::erase_if(g.steps, [&](auto const& s) { return !reached.contains(s.name); });
        std::erase_if(g.ends, [&](auto const& e) { return !reached.contains(e.name); });
    }

    play::dice& dice_;
};

/// What the desk makes of an answer, on a ticket alone.
void say(ticket& on, kb::guide const& by, answer_guide const& wish) {
    event e;
    e.version = on.version + 1;
    e.at = on.updated_at + std::chrono::minutes{1};
    auto body = kb::answer(by, on, wish, language::en).value().event;
    if (!body.text.body.empty())
        body.text.no = on.texts + 1;
    e.body = body;
    lifecycle::apply(on, e);
}

} // namespace

TEST_CASE("given guides by chance, when they are answered and corrected by chance, then nobody is ever stuck") {
    play::dice chance{play::seed_of_run()};
    guide_maker maker{chance};
    std::size_t ended = 0;
    for (int round = 0; round < 400; ++round) {
        kb::guide const by{maker.next(), 1};
        CAPTURE(encode(by.written));
        REQUIRE(kb::check(by.written, itil_lifecycle()).has_value());
        CHECK(encode(decode_guide(encode(by.written)).value()) == encode(by.written));
        ticket on;
        for (int turns = 0; turns < 3; ++turns) {
            for (std::size_t answers = 0;; ++answers) {
                REQUIRE(answers <= by.written.steps.size());
                auto const* walk = kb::walk_of(on, "any");
                auto const here = kb::follow(by.written, walk ? walk->answers : std::vector<guide_answer>{});
                REQUIRE(here.answers == (walk ? walk->answers.size() : 0)); // all that was said fits
                if (here.end) {
                    CHECK(walk->next == here.end->name);
                    CHECK(walk->outcome == here.end->outcome);
                    break;
                }
                say(on, by, {"any", "", maker.answer_to(*here.step), ""});
            }
            ++ended;
            auto const back = chance.pick(on.guides.front().answers).step;
            auto const place = kb::follow(by.written, on.guides.front().answers);
            auto const* asked = &*std::find_if(by.written.steps.begin(), by.written.steps.end(),
                                               [&](guide_step const& s) { return s.name == back; });
            say(on, by, {"any", back, maker.answer_to(*asked), ""});
            CHECK(on.guides.front().answers.size() <= place.answers);
            CHECK(on.guides.front().answers.back().step == back);
        }
    }
    CHECK(ended == 1'200);
}

TEST_CASE("given guides by chance, when one thing is broken in each, then it is refused for that") {
    play::dice chance{play::seed_of_run() + 1};
    guide_maker maker{chance};
    auto const why = [](guide_document const& g) { return kb::check(g, itil_lifecycle()).error().why(); };
    for (int round = 0; round < 300; ++round) {
        auto const sound = maker.next();
        auto& some = chance.pick(sound.steps);
        auto const broken = [&](std::function<void(guide_document&, guide_step&)> const& by) {
            auto out = sound;
            by(out, out.steps[static_cast<std::size_t>(&some - sound.steps.data())]);
            CAPTURE(encode(out));
            return why(out);
        };
        CHECK(broken([](auto&, auto& s) { s.next.clear(); }) == reason::guide_dead_end);
        CHECK(broken([](auto& g, auto& s) { s.next.back().to = g.steps.front().name; }) == reason::guide_cycle);
        CHECK(broken([](auto&, auto& s) {
                  s.next.push_back({{}, {}, {}, s.next.front().to});
              }) == reason::guide_branch_idle);
        CHECK(broken([](auto&, auto& s) { s.next.back().to = "nowhere"; }) == reason::unknown_value);
        CHECK(broken([](auto& g, auto&) { g.ends.push_back({"island"}); }) == reason::guide_unreachable);
        CHECK(broken([](auto&, auto& s) {
                  s.kind = answer_kind::choice;
                  s.choices.clear();
              }) == reason::guide_unanswerable);
        if (some.next.size() > 1)
            CHECK(broken([](auto&, auto& s) { s.next.pop_back(); }) == reason::guide_answer_leads_nowhere);
    }
}
