#include <guichet/base/hash.hpp>
#include <guichet/base/ids.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

using namespace guichet;
using namespace std::chrono_literals;

TEST_CASE("given a new id, when it is written and read, then it is the same, in either case of letters") {
    testing::simulated_environment world;
    auto const made = make_id<ticket_id>(world, world.now());
    auto const text = to_string(made);
    CHECK(text.size() == 36);
    CHECK(text[14] == '7');
    CHECK(std::string{"89ab"}.find(text[19]) != std::string::npos);
    CHECK(parse_id<ticket_id>(text).value() == made);
    CHECK(parse_id<ticket_id>("01890A5D-AC96-774B-BCCE-B302099A8057").value() ==
          parse_id<ticket_id>("01890a5d-ac96-774b-bcce-b302099a8057").value());
    CHECK(ticket_id{}.empty());
    CHECK_FALSE(made.empty());
}

TEST_CASE("given ids made one after the other, when they are sorted, then they stand in the order of their making") {
    testing::simulated_environment world;
    std::set<ticket_id> all;
    ticket_id last;
    for (int i = 0; i < 1'000; ++i) {
        world.advance(1ms);
        auto const next = make_id<ticket_id>(world, world.now());
        CHECK(last < next);
        last = next;
        all.insert(next);
    }
    CHECK(all.size() == 1'000);
}

TEST_CASE("given what is no id, when it is read, then the error names the place and the value") {
    for (auto const* bad : {"", "x", "01890a5d-ac96-774b-bcce-b302099a805", "01890a5d-ac96-774b-bcce-b302099a80577",
                            "01890a5dac96774bbcceb302099a8057----", "01890a5d-ac96-774b-bcce-b302099a805g",
                            "{1890a5d-ac96-774b-bcce-b302099a8057}"}) {
        auto const read = parse_id<ticket_id>(bad, "other");
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().why() == reason::bad_value);
        CHECK(read.error()["path"] == "other");
        CHECK(read.error()["value"] == bad);
    }
}

TEST_CASE("given bytes, when they are hashed, then the digest is BLAKE2b-256 of RFC 7693") {
    CHECK(to_hex(hash({})) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    digest back{};
    CHECK(from_hex(to_hex(hash({})), back));
    CHECK(back == hash({}));
    CHECK(from_hex("0E5751C026E543B2E8AB2EB06099DAA1D1E5DF47778F7787FAAB45CDF12FE3A8", back));
    for (auto const* bad : {"", "0e", "zz5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
                            "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a800"})
        CHECK_FALSE(from_hex(bad, back));
}

TEST_CASE("given neighbouring texts, when a letter moves from one to the other, then the digest changes") {
    CHECK(hasher{}.add_sized("ab").add_sized("c").finish() != hasher{}.add_sized("a").add_sized("bc").finish());
    CHECK(hasher{}.add("ab").add("c").finish() == hasher{}.add("a").add("bc").finish());
}

TEST_CASE("given the same seed, when two worlds run, then chance is the same in both") {
    testing::simulated_environment a{instant{}, 7}, b{instant{}, 7}, c{instant{}, 8};
    CHECK(make_id<ticket_id>(a, a.now()) == make_id<ticket_id>(b, b.now()));
    CHECK(make_id<ticket_id>(a, a.now()) != make_id<ticket_id>(c, c.now()));
}

TEST_CASE("given the real world, when it is asked, then clocks go and chance differs") {
    auto& world = system_environment();
    auto const before = world.monotonic();
    CHECK(world.monotonic() >= before);
    CHECK(world.now() > instant{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}});
    CHECK(make_id<ticket_id>(world, world.now()) != make_id<ticket_id>(world, world.now()));
}
