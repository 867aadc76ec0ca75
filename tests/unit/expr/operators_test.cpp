#include "desk_record.hpp"

#include <doctest/doctest.h>

using namespace desk;
using namespace std::string_view_literals;
using namespace std::chrono_literals;

namespace {

guichet::instant const noon = at("2026-01-05T12:00:00Z");

bool holds_text(std::string_view text, expr::record const& about) {
    auto const read = expr::condition::parse(text, known());
    REQUIRE_MESSAGE(read.has_value(), read.error().describe());
    CHECK(read->explain(about, {.now = noon}).verdict == read->evaluate(about, {.now = noon}));
    return read->evaluate(about, {.now = noon});
}

} // namespace

TEST_CASE("given a subject, when words, beginnings and patterns are looked for, then each is found as documented") {
    ticket t;
    t.with(subject, "VPN-4711 down, no VPN at all"sv);
    CHECK(holds_text("subject has word vpn", t));
    CHECK(holds_text("subject has word DOWN", t));
    CHECK(holds_text("subject has word \"no vpn\"", t));
    CHECK_FALSE(holds_text("subject has word vp", t));
    CHECK_FALSE(holds_text("subject has word wn", t));
    CHECK(holds_text("subject starts with vpn-4", t));
    CHECK_FALSE(holds_text("subject starts with down", t));
    CHECK(holds_text("subject matches \"VPN-[0-9]{4}\"", t));
    CHECK(holds_text("subject matches \"^VPN.*all$\"", t));
    CHECK_FALSE(holds_text("subject matches \"^vpn\"", t));
    CHECK(holds_text("subject matches \"(?i)^vpn\"", t));
    ticket const bare;
    CHECK_FALSE(holds_text("subject has word vpn", bare));
    CHECK_FALSE(holds_text("subject starts with vpn", bare));
    CHECK_FALSE(holds_text("subject matches \"^$\"", bare));
    CHECK(holds_text("not subject matches \"^$\"", bare));
    CHECK(refusal(R"({"field":"subject","op":"matches","value":"a("})") ==
          "guard.value: \"a(\" is not a pattern: missing ): a(; write it as RE2 reads it");
    CHECK(refusal(R"({"field":"subject","op":"matches","value":"(a)\\1"})").find("invalid escape sequence") !=
          std::string::npos);
}

TEST_CASE("given a deadline to come, when it is asked whether it is near, then it must be ahead and not too far") {
    ticket t;
    t.with(opened_at, noon + 2h);
    CHECK(holds_text("opened_at within 2h", t));
    CHECK_FALSE(holds_text("opened_at within 119min", t));
    CHECK_FALSE(holds_text("opened_at overdue", t));
    t.with(opened_at, noon);
    CHECK_FALSE(holds_text("opened_at within 2h", t));
    CHECK(holds_text("opened_at overdue", t));
    CHECK_FALSE(holds_text("opened_at within 2h", ticket{}));
    CHECK(expr::condition::parse("opened_at within 2h", known())->asks_time());
    CHECK(expr::horizon(guichet::instant::max(), expr::duration_max) == guichet::instant::max());
}

TEST_CASE("given tags, when several are asked about, then any, all and none of them are told apart") {
    static std::vector<std::string> const two{"paris", "vip"};
    ticket t;
    t.with(tags, std::span<std::string const>{two});
    CHECK(holds_text("tags has any of (vip, oslo)", t));
    CHECK_FALSE(holds_text("tags has any of (oslo)", t));
    CHECK_FALSE(holds_text("tags has any of ()", t));
    CHECK(holds_text("tags has all of (vip, paris)", t));
    CHECK_FALSE(holds_text("tags has all of (vip, oslo)", t));
    CHECK(holds_text("tags has all of ()", t));
    CHECK(holds_text("tags has none of (oslo)", t));
    CHECK_FALSE(holds_text("tags has none of (oslo, vip)", t));
    ticket const bare;
    CHECK_FALSE(holds_text("tags has any of (vip)", bare));
    CHECK_FALSE(holds_text("tags has all of (vip)", bare));
    CHECK(holds_text("tags has all of ()", bare));
    CHECK(holds_text("tags has none of (vip)", bare));
    CHECK(refusal(R"({"field":"tags","op":"any_of","value":["a",""]})") == "guard.value[1]: must not be empty");
    CHECK(refusal(R"({"field":"tags","op":"any_of","value":"a"})") == "guard.value: expected an array, found text");
    CHECK(refusal(R"({"field":"subject","op":"any_of","value":["a"]})").find("possible: =, !=") != std::string::npos);
}

TEST_CASE("given an age, when it is compared, then the clock decides, to the millisecond") {
    expr::schema const aged{{.name = "idle", .type = field_type::age}};
    ticket t;
    auto const holds_of = [&](std::string_view text) {
        return expr::condition::parse(text, aged).value().evaluate(t, {.now = noon});
    };
    t.now[0] = noon - 4h;
    CHECK_FALSE(holds_of("idle > 4h"));
    CHECK(holds_of("idle >= 4h"));
    CHECK(holds_of("idle <= 4h"));
    CHECK_FALSE(holds_of("idle < 4h"));
    t.now[0] = noon - 4h - 1ms;
    CHECK(holds_of("idle > 4h"));
    CHECK_FALSE(holds_of("idle <= 4h"));
    t.now[0] = noon + 1h; // by another clock
    CHECK(holds_of("idle < 0s"));
    t.now[0] = {};
    CHECK_FALSE(holds_of("idle >= 0s or idle < 4h"));
    CHECK(holds_of("idle empty"));
    auto const c = expr::condition::parse("idle > 4h", aged).value();
    CHECK(c.asks_time());
    t.now[0] = noon - 90min;
    CHECK(expr::describe(c.explain(t, {.now = noon})) == "- idle > 4h  (seen: 90min)\n");
    CHECK(expr::condition::parse("idle = 4h", aged).error().describe().find("possible: <, <=, >, >=, empty, changed") !=
          std::string::npos);
}
