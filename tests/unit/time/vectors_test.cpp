#include <guichet/testing/vectors.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <fstream>

namespace {

using namespace guichet;
using testing::run_vectors;

std::string failures_of(testing::vector_report const& report) {
    std::string out;
    for (auto const& f : report.failures)
        out += f.id + " (" + f.kind + "): expected " + f.expected + ", found " + f.actual + "\n";
    return out;
}

TEST_CASE("given the project's calendar vectors, when they are run, then all pass") {
    std::ifstream lines{GUICHET_SOURCE_DIR "/tests/vectors/calendar.jsonl"};
    REQUIRE(lines.is_open());
    auto const report = run_vectors(lines);
    INFO(failures_of(report));
    CHECK(report.ok());
    CHECK(report.passed >= 60);
}

TEST_CASE("given a line whose expectation is wrong, when it is run, then the report names it and what came out") {
    auto const report = run_vectors(
        R"({"id":"a","kind":"is_open","calendar":{"always_open":true},"at":"2026-01-01T00:00:00Z","expected":true}

{"id":"b","kind":"is_open","calendar":{"always_open":true},"at":"2026-01-01T00:00:00Z","expected":false})");
    CHECK(report.passed == 1);
    REQUIRE(report.failures.size() == 1);
    CHECK(failures_of(report) == "b (is_open): expected false, found true\n");
}

TEST_CASE("given a wrong answer for one boundary only, when the case is run, then it fails") {
    auto const line = [](char const* farthest) {
        return std::string{R"({"id":"a","kind":"add_business_time","calendar":{"tz":"UTC",)"
                           R"("weekly":{"mon":[["09:00","10:00"]]}},)"
                           R"("start":"2026-11-23T09:00:00Z","seconds":3600,"boundary":"nearest",)"
                           R"("expected":"2026-11-23T10:00:00Z",)"
                           R"("expected_nearest":"2026-11-23T10:00:00Z","expected_farthest":")"} +
               farthest + "\"}";
    };
    CHECK(run_vectors(line("2026-11-30T09:00:00Z")).ok());
    CHECK_FALSE(run_vectors(line("2026-11-23T10:00:00Z")).ok());
}

TEST_CASE("given lines that cannot be judged, when they are run, then each is a failure, never skipped") {
    auto const report = run_vectors(R"({"id":"new","kind":"phase_of_the_moon","expected":1}
not json
[1]
{"id":"mute"}
{"id":"bare","kind":"is_open"}
{"id":"zone","kind":"is_open","calendar":{"tz":"Nowhere/Land"},"at":"2026-01-01T00:00:00Z","expected":true}
{"id":"word","kind":"add_business_time","calendar":{},"boundary":"middle","expected":null}
{"id":"half","kind":"is_open","calendar":{"always_open":true},"at":"2026-01-01T00:00:00Z"})");
    CHECK(report.passed == 0);
    CHECK(report.failed == 8);
    REQUIRE(report.failures.size() == 8);
    CHECK(report.failures[0].actual.find("phase_of_the_moon") != std::string::npos);
    CHECK(report.failures[1].id == "line 2");
    CHECK(report.failures[5].actual.find("Nowhere/Land") != std::string::npos);
}

TEST_CASE("given a kind of the host's own, when its check is added, then its lines are judged") {
    auto kinds = testing::calendar_vector_kinds();
    kinds["always_right"] = [](boost::json::object const&) { return std::optional<testing::vector_mismatch>{}; };
    CHECK(run_vectors(R"({"id":"a","kind":"always_right"})", kinds).ok());
}

} // namespace
