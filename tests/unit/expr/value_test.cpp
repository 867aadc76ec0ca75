#include <guichet/expr/value.hpp>

#include <doctest/doctest.h>

namespace expr = guichet::expr;
using namespace std::chrono_literals;

TEST_CASE("given the ways people write an instant, when it is read, then only those with a zone are accepted") {
    auto const round = [](std::string_view text) {
        auto const at = expr::parse_instant(text);
        return at ? expr::to_text(*at) : "refused";
    };
    CHECK(round("2026-01-05T08:00:00Z") == "2026-01-05T08:00:00Z");
    CHECK(round("2026-01-05T08:00Z") == "2026-01-05T08:00:00Z");
    CHECK(round("2026-01-05T08:00:00.120Z") == "2026-01-05T08:00:00.120Z");
    CHECK(round("2026-01-05T08:00:00.123456789Z") == "2026-01-05T08:00:00.123Z");
    CHECK(round("2026-01-05T00:30:00+01:00") == "2026-01-04T23:30:00Z");
    CHECK(round("2026-01-05T00:30:00-05:30") == "2026-01-05T06:00:00Z");
    CHECK(round("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00Z");
    CHECK(round("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z");
    CHECK(round("9999-12-31T23:59:59.999Z") == "9999-12-31T23:59:59.999Z");
    for (auto const wrong :
         {"", "2026-01-05", "2026-01-05T08:00:00", "2026-02-29T00:00:00Z", "2026-01-05 08:00:00Z",
          "2026-01-05T24:00:00Z", "2026-01-05T08:60:00Z", "2026-01-05T08:00:60Z", "2026-01-05T08:00:00Zz",
          "2026-01-05T08:00:00.Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "2026-1-5T08:00:00Z",
          "2026-01-05T08:00:00+1:00", "2026-01-05T08:00:00.1234567890Z"})
        CHECK_MESSAGE(round(wrong) == "refused", wrong);
}

TEST_CASE("given the ways people write a duration, when it is read, then it is written back in the largest unit") {
    auto const round = [](std::string_view text) {
        auto const length = expr::parse_duration(text);
        return length ? expr::to_text(*length) : "refused";
    };
    CHECK(expr::parse_duration("30min") == 30min);
    CHECK(expr::parse_duration("P1DT12H30M5S") == 36h + 30min + 5s);
    CHECK(round("90s") == "90s");
    CHECK(round("60min") == "1h");
    CHECK(round("48h") == "2d");
    CHECK(round("7d") == "1w");
    CHECK(round("1500ms") == "1500ms");
    CHECK(round("0w") == "0s");
    CHECK(round("PT4H") == "4h");
    CHECK(round("P2W") == "2w");
    CHECK(round("PT0S") == "0s");
    CHECK(round("36525d") == "36525d");
    for (auto const wrong : {"",
                             "4",
                             "h",
                             "-4h",
                             "+4h",
                             " 4h",
                             "4 h",
                             "4hours",
                             "1m",
                             "P",
                             "PT",
                             "P1DT",
                             "P1M",
                             "P1Y",
                             "PT1H1D",
                             "P1H",
                             "PT1M1H",
                             "P1D1W",
                             "PTT1H",
                             "36526d",
                             "9223372036854775807w",
                             "99999999999999999999h",
                             "PT9223372036854775807H"})
        CHECK_MESSAGE(round(wrong) == "refused", wrong);
}
