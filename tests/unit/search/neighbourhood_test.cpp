#include "property/dice.hpp"

#include <guichet/search/neighbourhood.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace guichet;
using namespace play;

namespace {

search::document said(std::string id, std::string title, std::string text = {}) {
    search::document out{.id = std::move(id), .language = text::tongue::en};
    out[search::field::title] = std::move(title);
    out[search::field::symptom] = std::move(text);
    return out;
}

std::vector<search::document> a_day() {
    std::vector<search::document> out{said("1", "VPN error 809", "The tunnel does not come up"),
                                      said("2", "Error 809 of the VPN", "The tunnel is down"),
                                      said("3", "VPN tunnel down, error 809"),
                                      said("4", "Broken mouse"),
                                      said("5", "Printer on the second floor jammed"),
                                      said("6", "The printer on the second floor is jammed"),
                                      said("7", "Forgotten password"),
                                      said("8", "New chair")};
    return out;
}

std::string told(std::vector<search::cluster> const& some) {
    std::string out;
    for (auto const& one : some) {
        out += one.centre;
        for (auto const& other : one.others)
            out += " " + other.id + "=" + std::to_string(other.likeness);
        for (auto const& word : one.words)
            out += " " + word;
        out += "\n";
    }
    return out;
}

} // namespace

TEST_CASE("given a copy of a document and one that says half of it, when they are compared, then the copy is likest") {
    search::neighbourhood in;
    in.put(a_day());
    in.put(said("copy", "VPN error 809", "The tunnel does not come up"));
    in.put(said("half", "VPN error 809", "It began on Monday after the update of the laptop, nobody else has it"));
    auto const found = in.like("1", 0.2, 5);
    REQUIRE(found.size() >= 2);
    CHECK(found[0].id == "copy");
    CHECK(found[0].likeness == doctest::Approx(1));
    for (std::size_t i = 1; i < found.size(); ++i)
        CHECK(found[i].likeness < 0.9);
    CHECK(std::ranges::count(found[0].because, "809") == 1);
    CHECK(in.like("1", 0.2, 1).size() == 1);
    CHECK(in.like("4", 0.2, 5).empty());
    CHECK(in.like("nobody", 0.2, 5).empty());
    CHECK(in.remove("copy"));
    CHECK_FALSE(in.remove("copy"));
    CHECK(in.like("1", 0.9, 5).empty());
}

TEST_CASE(
    "given a day's tickets in any order, when clusters are asked for, then they are the same, each ticket in one") {
    auto day = a_day();
    search::neighbourhood first;
    first.put(day);
    auto const clusters = first.clusters(0.3);
    REQUIRE(clusters.size() == 2);
    CHECK(clusters[0].others.size() == 2);
    CHECK(clusters[1].others.size() == 1);
    std::set<std::string> seen;
    for (auto const& one : clusters) {
        CHECK(seen.insert(one.centre).second);
        for (auto const& other : one.others)
            CHECK(seen.insert(other.id).second);
    }
    for (auto const seed : seeds(10)) {
        dice chance{seed};
        for (std::size_t i = day.size(); i > 1; --i)
            std::swap(day[i - 1], day[chance.below(i)]);
        search::neighbourhood next;
        for (auto const& one : day)
            next.put(one);
        REQUIRE(told(next.clusters(0.3)) == told(clusters));
    }
}
