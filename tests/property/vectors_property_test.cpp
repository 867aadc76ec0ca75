/// Vectors against a scan: whatever was added, replaced, shown to others and removed, in any order, and whoever looks.
#include "property/dice.hpp"

#include <guichet/search/vectors.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace {

using namespace guichet;
using namespace play;
using search::vector_document;

constexpr std::size_t dimension = 5;

vector_document any(dice& chance) {
    vector_document out{"d" + std::to_string(chance.below(60)), chance.percent(50) ? "open" : "solved"};
    for (auto const* key : {"a", "b", "c"})
        if (chance.percent(40))
            out.audience.emplace_back(key);
    for (std::size_t i = 0; i < dimension; ++i)
        out.values.push_back(static_cast<float>(chance.between(-2, 2)));
    out.values[chance.below(dimension)] = 3;
    return out;
}

using tickets = std::map<std::string, vector_document>;

bool sees(search::viewer const& who, vector_document const& one) {
    return who.sees_all || std::ranges::find_first_of(who.keys, one.audience) != who.keys.end();
}

/// The similarities of what is seen, the greatest first.
std::vector<double> scan(tickets const& all, search::vector_request const& asked) {
    std::vector<double> out;
    for (auto const& [id, one] : all) {
        if (!sees(asked.who, one) ||
            (!asked.kinds.empty() && std::ranges::find(asked.kinds, one.kind) == asked.kinds.end()))
            continue;
        double both = 0, a = 0, b = 0;
        for (std::size_t i = 0; i < dimension; ++i) {
            both += one.values[i] * asked.values[i];
            a += one.values[i] * one.values[i];
            b += asked.values[i] * asked.values[i];
        }
        out.push_back(both / std::sqrt(a * b));
    }
    std::ranges::sort(out, std::greater<>{});
    out.resize(std::min(out.size(), asked.top));
    return out;
}

} // namespace

TEST_CASE(
    "given any changes, when anybody asks, then the vectors answer as a scan does, also after a journey as bytes") {
    std::vector<search::viewer> const viewers{{{}, true}, {{"a"}, false}, {{"b", "c"}, false}, {{"nobody"}, false}};
    for (auto const seed : seeds(20)) {
        CAPTURE(seed);
        dice chance{seed};
        search::vector_index in{{.dimension = dimension, .exact_max = chance.percent(50) ? 0U : 1'000U, .links = 4}};
        tickets known;
        for (int step = 0; step < 150; ++step) {
            auto const one = any(chance);
            if (auto const deed = chance.below(10); deed < 6) {
                in.add(one).value();
                known[one.id] = one;
            } else if (deed < 8) {
                REQUIRE(in.remove(one.id) == (known.erase(one.id) > 0));
            } else if (deed < 9) {
                REQUIRE(in.relabel(one.id, one.kind, one.audience) == known.contains(one.id));
                if (auto const at = known.find(one.id); at != known.end()) {
                    at->second.kind = one.kind;
                    at->second.audience = one.audience;
                }
            } else {
                in = search::vector_index::open({.exact_max = 1'000}, in.bytes()).value();
            }
            auto const asked = any(chance);
            std::string const kind[] = {chance.percent(50) ? "open" : "solved"};
            auto const kinds = chance.percent(50) ? std::span<std::string const>{} : std::span{kind};
            search::vector_request const wish{asked.values, chance.pick(viewers), 1 + chance.below(9), kinds};
            auto const got = in.find(wish).value();
            auto const want = scan(known, wish);
            REQUIRE(got.size() == want.size());
            for (std::size_t i = 0; i < got.size(); ++i) {
                REQUIRE(std::abs(got[i].similarity - want[i]) < 1e-5);
                REQUIRE(sees(wish.who, known.at(got[i].id)));
            }
        }
        REQUIRE(in.size() == known.size());
    }
}

TEST_CASE(
    "given the same vectors in another order and hidden ones among them, when somebody asks, then he gets the same") {
    for (auto const seed : seeds(20)) {
        CAPTURE(seed);
        dice chance{seed};
        tickets known;
        for (int i = 0; i < 50; ++i) {
            auto const one = any(chance);
            known[one.id] = one;
        }
        search::vector_index forwards, backwards;
        search::viewer const who{{"a", "b"}, false};
        for (auto const& [id, one] : known)
            if (sees(who, one))
                forwards.add(one).value();
        for (auto at = known.rbegin(); at != known.rend(); ++at)
            backwards.add(at->second).value();
        for (int i = 0; i < 20; ++i) {
            auto const asked = any(chance);
            search::vector_request const wish{asked.values, who, 1 + chance.below(9)};
            auto const some = forwards.find(wish).value(), others = backwards.find(wish).value();
            REQUIRE(some.size() == others.size());
            for (std::size_t n = 0; n < some.size(); ++n) {
                REQUIRE(some[n].id == others[n].id);
                REQUIRE(some[n].similarity == others[n].similarity);
            }
        }
    }
}
