#include "property/dice.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/search/fusion.hpp>
#include <guichet/search/vectors.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace guichet;
using namespace play;

namespace {

using search::vector_document;
using search::vector_index;

search::viewer const all{{}, true};

std::vector<float> direction(dice& chance, std::size_t dimension) {
    std::vector<float> out(dimension);
    for (auto& x : out) // the sum of twelve throws is nearly normal
        for (int i = 0; i < 12; ++i)
            x += static_cast<float>(chance.below(20'001)) / 10'000 - 1;
    return out;
}

/// Vectors around centres, as those of tickets about the same few failures, or without any.
std::vector<vector_document> directions(std::size_t count, std::size_t dimension, std::size_t centres,
                                        std::uint64_t seed) {
    dice chance{seed};
    std::vector<std::vector<float>> around;
    for (std::size_t i = 0; i < centres; ++i)
        around.push_back(direction(chance, dimension));
    std::vector<vector_document> out;
    for (std::size_t i = 0; i < count; ++i) {
        auto values = direction(chance, dimension);
        if (centres > 0) {
            auto const& centre = chance.pick(around);
            for (std::size_t n = 0; n < dimension; ++n)
                values[n] = centre[n] + values[n] * 0.3F;
        }
        out.push_back({"d" + std::to_string(i), "ticket", {i % 10 == 0 ? "few" : "many"}, std::move(values)});
    }
    return out;
}

vector_index filled(std::vector<vector_document> const& with, std::size_t exact_max) {
    vector_index out{{.exact_max = exact_max}};
    for (auto const& one : with)
        out.add(one).value();
    return out;
}

std::vector<std::string> ids(std::vector<search::vector_hit> const& hits) {
    std::vector<std::string> out;
    for (auto const& one : hits)
        out.push_back(one.id);
    return out;
}

/// How many of the ten nearest a graph finds, as a share.
double recall(vector_index const& graph, vector_index const& exact, std::vector<vector_document> const& asked,
              search::viewer const& who) {
    double found = 0, wanted = 0;
    for (auto const& one : asked) {
        auto const right = ids(exact.find({.values = one.values, .who = who}).value());
        auto const got = ids(graph.find({.values = one.values, .who = who}).value());
        std::set<std::string> const known{got.begin(), got.end()};
        for (auto const& id : right)
            found += known.contains(id) ? 1 : 0;
        wanted += static_cast<double>(right.size());
    }
    return found / wanted;
}

} // namespace

TEST_CASE("given tickets with meanings, when a meaning is looked for, then the nearest come first, equal ones by id") {
    vector_index in;
    in.add({"printer", "open", {"staff"}, {1, 0, 0}}).value();
    in.add({"scanner", "open", {"staff"}, {4, 3, 0}}).value(); // the length of a vector says nothing
    in.add({"chair", "solved", {"staff"}, {0, 0, 2}}).value();
    in.add({"a twin of the chair", "open", {"staff"}, {0, 0, 1}}).value();
    float const asked[] = {2, 0, 0}, seat[] = {0, 0, 1};
    auto const got = in.find({.values = asked, .who = all, .least = 0.5}).value();
    REQUIRE(ids(got) == std::vector<std::string>{"printer", "scanner"});
    CHECK(got[0].similarity == doctest::Approx(1));
    CHECK(got[1].similarity == doctest::Approx(0.8));
    CHECK(ids(in.find({.values = seat, .who = all, .top = 2}).value()) ==
          std::vector<std::string>{"a twin of the chair", "chair"});
    std::string const solved[] = {"solved"};
    CHECK(ids(in.find({.values = seat, .who = all, .kinds = solved}).value()) == std::vector<std::string>{"chair"});
}

TEST_CASE(
    "given an index of vectors, when one does not fit, then the error says what is expected, and nothing changes") {
    vector_index in{{.documents_max = 2}};
    in.add({"a", {}, {}, {1, 0}}).value();
    auto const other = in.add({"b", {}, {}, {1, 0, 0}});
    CHECK(other.error().why() == reason::vector_of_other_length);
    CHECK(other.error()["expected"] == "2");
    CHECK(other.error()["found"] == "3");
    CHECK(other.error()["path"] == "b");
    float const three[] = {1, 2, 3};
    CHECK(in.find({.values = three, .who = all}).error()["found"] == "3");
    auto const nan = std::numeric_limits<float>::quiet_NaN(), endless = std::numeric_limits<float>::infinity();
    for (auto const& values : {std::vector{nan, 1.F}, {endless, 1.F}, {0.F, 0.F}})
        CHECK(in.add({"a", {}, {}, values}).error().why() == reason::vector_without_direction);
    CHECK(in.size() == 1);
    in.add({"b", {}, {}, {0, 1}}).value();
    in.add({"b", {}, {}, {1, 1}}).value();
    CHECK(in.add({"c", {}, {}, {0, 1}}).error().why() == reason::limit_passed);
    vector_index wide;
    CHECK(wide.add({"a", {}, {}, std::vector<float>(limits::vector_dimension_max + 1, 1)}).error().why() ==
          reason::limit_passed);
    wide.add({"a", {}, {}, std::vector<float>(limits::vector_dimension_max, 1)}).value();
    CHECK(wide.dimension() == limits::vector_dimension_max);
}

TEST_CASE(
    "given thousands of vectors, by chance or about few things, when the graph is asked, then it finds 19 of 20") {
    for (std::size_t const centres : {0U, 40U}) {
        CAPTURE(centres);
        auto const some = directions(2'000, 24, centres, 7);
        auto const asked = directions(100, 24, 0, 8);
        auto const graph = filled(some, 0), exact = filled(some, 1'000'000);
        std::vector<vector_document> const near{some.begin(), some.begin() + 100};
        auto const far = recall(graph, exact, asked, all), own = recall(graph, exact, near, all);
        MESSAGE("recall of 10 among 2,000, centres " << centres << ": " << far << ", of its own " << own);
        CHECK(far >= 0.95);
        CHECK(own >= 0.95);
        search::viewer const few{{"few"}, false};
        auto const filtered = recall(graph, exact, asked, few);
        MESSAGE("of a viewer who sees one in ten: " << filtered);
        CHECK(filtered >= 0.95);
    }
}

TEST_CASE("given a graph, when most is removed and replaced, then it finds as well as a new one, and nothing removed") {
    auto const some = directions(1'500, 16, 20, 3);
    auto graph = filled(some, 0);
    for (std::size_t i = 0; i < 1'000; ++i)
        CHECK(graph.remove(some[i].id));
    CHECK_FALSE(graph.remove(some[0].id));
    auto const next = directions(750, 16, 20, 4);
    for (auto const& one : next)
        graph.add(one).value();
    std::vector<vector_document> now{some.begin() + 1'000, some.end()};
    now.insert(now.begin(), next.begin(), next.end());
    auto const exact = filled(now, 1'000'000);
    CHECK(graph.size() == now.size());
    CHECK(recall(graph, exact, directions(100, 16, 0, 5), all) >= 0.95);
    for (auto const& one : now)
        graph.remove(one.id);
    CHECK(graph.size() == 0);
    CHECK(graph.find({.values = now[0].values, .who = all}).value().empty());
    graph.add(now[0]).value();
    CHECK(graph.find({.values = now[1].values, .who = all}).value().size() == 1);
}

TEST_CASE("given a thousand alarms of one text, when the graph is asked for all, then none is out of reach") {
    vector_index in{{.exact_max = 0}};
    for (int i = 0; i < 1'000; ++i)
        in.add({"alarm " + std::to_string(i), {}, {}, {1, 2, 3}}).value();
    in.add({"other", {}, {}, {3, 2, 1}}).value();
    float const asked[] = {1, 2, 3};
    CHECK(in.find({.values = asked, .who = all, .top = 2'000}).value().size() == 1'001);
}

TEST_CASE("given few visible vectors among many, when their viewer asks, then he gets all of them and no other") {
    vector_index in{{.exact_max = 50}};
    for (auto one : directions(1'000, 8, 0, 6)) {
        one.audience = {one.id == "d17" || one.id == "d800" ? "ana" : "staff"};
        in.add(one).value();
    }
    float const asked[] = {1, 0, 0, 0, 0, 0, 0, 0};
    search::viewer const ana{{"ana", "nobody"}, false}, nobody{};
    auto got = ids(in.find({.values = asked, .who = ana}).value());
    std::ranges::sort(got);
    CHECK(got == std::vector<std::string>{"d17", "d800"});
    CHECK(in.find({.values = asked, .who = nobody}).value().empty());
    std::string const staff[] = {"staff"};
    CHECK(in.relabel("d17", {}, staff));
    CHECK_FALSE(in.relabel("d1017", {}, staff));
    CHECK(ids(in.find({.values = asked, .who = ana}).value()) == std::vector<std::string>{"d800"});
}

TEST_CASE("given the bytes of an index of vectors, when they are opened, then it answers as before") {
    for (std::size_t const exact_max : {0U, 1'000U}) {
        auto const some = directions(300, 9, 5, 9);
        auto in = filled(some, exact_max);
        for (int i = 0; i < 50; ++i)
            in.remove("d" + std::to_string(i * 5));
        auto const bytes = in.bytes();
        auto again = vector_index::open({.exact_max = exact_max}, bytes).value();
        CHECK(again.bytes() == bytes);
        search::viewer const few{{"few"}, false};
        for (auto const& one : directions(30, 9, 0, 10))
            for (auto const& who : {all, few}) {
                auto const before = in.find({.values = one.values, .who = who}).value();
                auto const after = again.find({.values = one.values, .who = who}).value();
                REQUIRE(ids(before) == ids(after));
                REQUIRE(before.front().similarity == after.front().similarity);
            }
        CHECK(vector_index::open({.dimension = 8}, bytes).error().why() == reason::store_corrupt);
        for (std::size_t i = 0; i < bytes.size(); i += i < 200 ? 1 : 97) {
            auto damaged = bytes;
            damaged[i] ^= 1;
            CHECK(vector_index::open({}, damaged).error().why() == reason::store_corrupt);
        }
        CHECK(vector_index::open({}, std::span{bytes}.first(bytes.size() - 1)).error().why() == reason::store_corrupt);
    }
    CHECK(vector_index::open({}, vector_index{}.bytes()).value().size() == 0);
}

TEST_CASE("given two lists, when they are fused, then what both have wins, and each share is told") {
    std::vector<std::vector<std::string>> const lists{{"a", "b", "c", "b"}, {"c", "d"}};
    auto const got = search::fuse(lists, 3);
    REQUIRE(got.size() == 3);
    CHECK(got[0].id == "c");
    CHECK(got[0].score == doctest::Approx(1. / 63 + 1. / 61));
    REQUIRE(got[0].shares.size() == 2);
    CHECK(got[0].shares[0].rank == 3);
    CHECK(got[0].shares[1].list == 1);
    CHECK(got[0].shares[1].score == doctest::Approx(1. / 61));
    CHECK(got[1].id == "a");
    CHECK(got[2].id == "b"); // as good as d: by id
}
