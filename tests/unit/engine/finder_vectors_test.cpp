#include "help_desk.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/text/fold.hpp>

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

using namespace guichet;

namespace {

/// What a model knows of a desk's words: some mean the same. It can be made to fail.
struct toy_model {
    std::map<std::string, std::size_t, std::less<>> meaning{{"imprimante", 0}, {"copieur", 0}, {"bloquee", 1},
                                                            {"coincee", 1},    {"badge", 2},   {"porte", 3}};
    bool throws = false;
    std::size_t dimension = 8, asked = 0;

    std::vector<float> operator()(std::string_view text) {
        ++asked;
        if (throws)
            throw std::runtime_error{"the model does not answer"};
        std::vector<float> out(dimension);
        auto const folded = text::fold(text);
        for (auto const& [word, at] : meaning)
            if (folded.find(word) != std::string::npos)
                out[at] = 1;
        out.back() = 0.1F;
        return out;
    }
};

struct desk_with_model : help_desk {
    toy_model model;
    finder find{*desk, {.language = text::tongue::fr, .embed = [this](std::string_view text, text::tongue) {
                            return model(text);
                        }}};

    std::vector<std::string> found(std::string_view typed, viewer const& who) {
        std::vector<std::string> out;
        for (auto const& hit : find.find({.typed = typed}, who).value().hits)
            out.push_back(hit.subject);
        return out;
    }
};

using subjects = std::vector<std::string>;

} // namespace

TEST_CASE("given a model of meanings, when somebody asks in other words, then the ticket is found once it caught up") {
    desk_with_model d;
    d.opened(d.ana, "Imprimante bloquée");
    d.opened(d.ana, "Chaise cassée");
    CHECK(d.found("copieur coincé", d.luc).empty());
    CHECK(d.find.health().waiting == 2);
    CHECK(d.model.asked == 0); // nobody who searches waits for what others wrote
    d.find.catch_up().value();
    CHECK(d.find.health().vectors == 2);
    CHECK(d.find.health().waiting == 0);
    auto const got = d.find.find({.typed = "copieur coincée"}, d.luc).value();
    REQUIRE(got.hits.size() == 1);
    CHECK(got.hits[0].subject == "Imprimante bloquée");
    CHECK(got.hits[0].similarity.value() > 0.9);
    CHECK(encode(got).find("\"similarity\"") != std::string::npos);
    auto const again = d.opened(d.bob, "Le copieur est coincée");
    CHECK(d.find.similar(again, d.luc).value().hits.size() == 1);
}

TEST_CASE("given a query with syntax, when it is asked, then no vector brings back what it leaves out") {
    desk_with_model d;
    d.opened(d.ana, "Imprimante bloquée");
    d.opened(d.ana, "Copieur en panne");
    d.find.catch_up().value();
    CHECK(d.found("copieur", d.luc).size() == 2);
    CHECK(d.found("copieur -imprimante", d.luc) == subjects{"Copieur en panne"});
    CHECK(d.found("\"copieur en panne\"", d.luc) == subjects{"Copieur en panne"});
}

TEST_CASE("given hidden tickets of the same meaning, when a requester asks, then nothing of them shows") {
    desk_with_model d;
    auto const hers = d.opened(d.ana, "Imprimante bloquée");
    auto const seen = [&] {
        d.find.catch_up().value();
        return encode(d.find.find({.typed = "copieur coincée"}, d.ana).value());
    };
    auto const alone = seen();
    for (int i = 0; i < 20; ++i)
        d.opened(d.bob, "Imprimante bloquée encore " + std::to_string(i));
    CHECK(seen() == alone);
    d.act(d.luc, add_note{.text = "badge"}, hers).value();
    d.find.catch_up().value();
    CHECK(d.found("badge", d.ana).empty());
    d.model.meaning.emplace("carte", 2);
    CHECK(d.found("carte", d.ana).empty());
    CHECK(d.found("carte", d.luc) == subjects{"Imprimante bloquée"});
}

TEST_CASE("given a vector of a text, when the text is erased, then its meaning is not found any more") {
    desk_with_model d;
    auto const id = d.opened(d.ana, "Panne", "Le badge de la porte");
    d.model.meaning.emplace("carte", 2);
    d.find.catch_up().value();
    CHECK(d.found("carte", d.luc).size() == 1);
    d.act(d.root, redact_ticket{0, {}, "ana"}, id).value();
    CHECK(d.found("carte", d.luc).empty());
}

TEST_CASE(
    "given a model that throws, when tickets come and somebody asks, then words are still found, and it is told") {
    desk_with_model d;
    d.opened(d.ana, "Imprimante bloquée");
    d.opened(d.ana, "Badge perdu");
    d.find.catch_up().value();
    d.model.throws = true;
    CHECK(d.found("imprimante", d.luc) == subjects{"Imprimante bloquée"});
    auto const ill = d.find.health();
    CHECK(ill.failures == 1);
    REQUIRE(ill.last_failure);
    CHECK(ill.last_failure->describe().find("the model does not answer") != std::string::npos);
    d.opened(d.ana, "Porte bloquée");
    d.opened(d.ana, "Porte coincée");
    auto const asked = d.model.asked;
    d.find.catch_up().value();
    CHECK(d.model.asked == asked + 1); // the rest waits
    d.model.throws = false;
    d.find.catch_up().value();
    CHECK(d.find.health().waiting == 0);
    CHECK(d.find.health().vectors == 4);
}

TEST_CASE(
    "given a model that changes its length, when a ticket comes, then only its vector fails, until its text changes") {
    desk_with_model d;
    d.opened(d.ana, "Imprimante bloquée");
    d.find.catch_up().value();
    d.model.dimension = 9;
    auto const id = d.opened(d.ana, "Badge perdu");
    for (int i = 0; i < 6; ++i)
        d.find.catch_up().value();
    CHECK(d.find.health().failures == 3);
    CHECK(d.find.health().last_failure->why() == reason::vector_of_other_length);
    CHECK(d.find.health().waiting == 1);
    CHECK(d.found("badge", d.luc) == subjects{"Badge perdu"});
    d.model.dimension = 8;
    d.act(d.luc, reply{.text = "Nouveau badge demandé"}, id).value();
    d.find.catch_up().value();
    CHECK(d.find.health().waiting == 0);
}
