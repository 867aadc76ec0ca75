#include <guichet/base/limits.hpp>
#include <guichet/kb/guide.hpp>
#include <guichet/lifecycle/machine.hpp>

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace guichet;

namespace {

guide_document sample(std::string const& name) {
    std::ifstream file{GUICHET_SOURCE_DIR "/examples/guides/" + name + ".json"};
    std::ostringstream text;
    text << file.rdbuf();
    auto out = decode_guide(text.str(), "guide." + name).value();
    out.name = name;
    return out;
}

/// Two questions, one after the other.
guide_document short_one() {
    guide_document out{"short"};
    out.steps = {{"what", {"What?", "Quoi ?"}, answer_kind::text, {}, {}, {{{}, {}, {}, "end"}}}};
    out.ends = {{"end"}};
    return out;
}

result<void> checked(guide_document const& g) { return kb::check(g, itil_lifecycle()); }

} // namespace

TEST_CASE("given the guides that come with the library, when they are checked, then they are sound in both languages") {
    for (auto const* name : {"printer", "vpn"}) {
        auto const g = sample(name);
        CHECK(checked(g).has_value());
        for (auto const& s : g.steps) {
            CAPTURE(s.name);
            CHECK_FALSE(s.question.en.empty());
            CHECK_FALSE(s.question.fr.empty());
        }
        for (auto const& e : g.ends)
            CHECK((!e.text.en.empty() && !e.text.fr.empty()));
    }
}

TEST_CASE("given a requester at a shell, when he types an answer, then it is understood in both languages") {
    auto const g = sample("printer");
    auto const typed = [&](std::size_t step, char const* text) { return kb::read_answer(g.steps[step], text); };
    CHECK(typed(0, "oui").value() == field_value{true});
    CHECK(typed(0, "No").value() == field_value{false});
    CHECK(typed(0, "maybe").error().why() == reason::bad_value);
    CHECK(typed(2, "bourrage papier").value() == field_value{std::string{"jam"}});
    CHECK(typed(2, "2").value() == field_value{std::string{"toner"}});
    CHECK(typed(2, "9").error().why() == reason::unknown_value);
    CHECK(typed(4, "4.5").value() == field_value{4.5});
    CHECK(typed(4, "4 or 5").error().why() == reason::bad_value);
    CHECK(typed(6, "2026-01-02").value() == field_value{std::string{"2026-01-02"}});
    CHECK(typed(6, "Monday").error().why() == reason::bad_value);
    CHECK(typed(8, "").error().why() == reason::empty_text);
    CHECK(kb::in_words(g.steps[2], std::string{"jam"}, language::fr) == "Bourrage papier");
    CHECK(kb::in_words(g.steps[0], true, language::fr) == "oui");
    CHECK(kb::in_words(g.steps[4], 4.5, language::en) == "4.5");
}

TEST_CASE(
    "given ranges of numbers, when an answer stands at their border, then it belongs to the one that begins there") {
    auto const g = sample("printer");
    auto const after = [&](double percent) {
        std::vector<guide_answer> const said{{"power", true}, {"display", std::string{"toner"}}, {"toner", percent}};
        auto const here = kb::follow(g, said);
        return here.step ? here.step->name : here.end->name;
    };
    CHECK(after(4.99) == "order_toner");
    CHECK(after(5) == "message");
}

TEST_CASE("given a guide at its limits, when it has one thing more, then it is refused") {
    auto at = short_one();
    at.steps[0].next.clear();
    for (std::size_t i = 0; i + 1 < limits::guide_branches_max; ++i)
        at.steps[0].next.push_back({{"answer " + std::to_string(i)}, {}, {}, "end"});
    at.steps[0].next.push_back({{}, {}, {}, "end"});
    CHECK(checked(at).has_value());
    at.steps[0].next.insert(at.steps[0].next.begin(), {{std::string{"more"}}, {}, {}, "end"});
    CHECK(checked(at).error().why() == reason::limit_passed);

    auto steps = short_one();
    while (steps.steps.size() + 1 < limits::guide_steps_max) {
        steps.steps.back().next[0].to = "step " + std::to_string(steps.steps.size());
        steps.steps.push_back(short_one().steps[0]);
        steps.steps.back().name = steps.steps[steps.steps.size() - 2].next[0].to;
    }
    CHECK(checked(steps).has_value());
    steps.ends.push_back({"one more"});
    CHECK(checked(steps).error().why() == reason::limit_passed);

    auto words = short_one();
    words.steps[0].question.fr = std::string(limits::text_field_bytes_max, 'x');
    CHECK(checked(words).has_value());
    words.steps[0].question.fr += 'x';
    CHECK(checked(words).error().why() == reason::limit_passed);
}

TEST_CASE("given a question in one language, when it is asked in the other one, then it is asked as it stands") {
    CHECK(phrase{"What?", ""}.in(language::fr) == "What?");
    CHECK(phrase{"", "Quoi ?"}.in(language::en) == "Quoi ?");
    CHECK(phrase{"What?", "Quoi ?"}.in(language::fr) == "Quoi ?");
}
