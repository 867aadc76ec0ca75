#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/scenario.hpp>
#if __has_include(<guichet/sqlite/sqlite_store.hpp>)
#include <guichet/sqlite/sqlite_store.hpp>
#define GUICHET_TEST_SQLITE
#endif

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

using guichet::testing::run_scenario;
using guichet::testing::store_maker;

/// Every scenario, in the order of its name; GUICHET_SCENARIO picks those with a part in their name.
std::vector<std::filesystem::path> scenario_files() {
    std::vector<std::filesystem::path> out;
    auto const* part = std::getenv("GUICHET_SCENARIO");
    for (auto const& entry : std::filesystem::directory_iterator{GUICHET_SOURCE_DIR "/tests/scenarios"})
        if (entry.path().extension() == ".json" &&
            (!part || entry.path().stem().string().find(part) != std::string::npos))
            out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

std::string read_file(std::filesystem::path const& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void run_all(store_maker const& make_store) {
    for (auto const& file : scenario_files()) {
        auto const name = file.stem().string();
        auto const report = run_scenario(read_file(file), make_store);
        if (!report) {
            FAIL_CHECK(name << ": " << report.error().describe());
            continue;
        }
        for (auto const& f : report->failures)
            FAIL_CHECK(name << ": " << f.path << "\n  expected: " << f.expected << "\n  actual:   " << f.actual);
        CHECK(report->steps > 0);
        CHECK(report->checks > 1);
    }
}

/// A folder that goes when the test does.
struct folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("guichet-scenarios-" + std::to_string(::getpid()));
    folder() { std::filesystem::create_directories(path); }
    ~folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("given the scenarios of a support desk, when they run in memory, then all come out as told") {
    run_all([] { return guichet::result<std::shared_ptr<guichet::storage::store>>{guichet::memory_store()}; });
}

#if defined(GUICHET_TEST_SQLITE)
TEST_CASE("given the scenarios of a support desk, when they run on SQLite files, then all come out as told") {
    folder const files;
    int number = 0;
    run_all([&] {
        guichet::sqlite_options options;
        options.create = true;
        options.durability = guichet::durability::normal;
        return guichet::sqlite_store((files.path / (std::to_string(++number) + ".guichet")).string(), options);
    });
}
#endif

TEST_CASE("given the files of scenarios, when they are read, then each has a name of its own") {
    std::set<std::string> names;
    auto const files = scenario_files();
    for (auto const& file : files)
        if (auto const report = run_scenario(read_file(file)))
            names.insert(report->name);
    CHECK(names.size() == files.size());
}

TEST_CASE("given a scenario that expects what does not happen, when it runs, then the report names the place") {
    auto const report = run_scenario(R"({"name": "wrong", "actors": {"luc": {"role": "agent"}}, "steps": [
        {"do": {"command": "open_ticket", "by": "luc", "subject": "Paper jam"}, "save": "t"},
        {"look": "$t", "as": "luc", "expect": {"ticket": {"subject": "No paper", "state": "new"}}},
        {"do": {"command": "close_ticket", "by": "luc", "ticket": "$t"}, "expect": {"error": "ticket_closed"}},
        {"do": {"command": "resolve_ticket", "by": "luc", "ticket": "nobody"}}]})");
    REQUIRE(report.has_value());
    REQUIRE(report->failures.size() == 3);
    CHECK(report->failures[0].path == "steps[1].expect.ticket.subject");
    CHECK(report->failures[1].path == "steps[2].expect.error");
    CHECK(report->failures[2].path == "steps[3]");
}

TEST_CASE("given a scenario with a slip, when it runs, then the error names the step") {
    auto const unknown = run_scenario(R"({"name": "slip", "steps": [{"pmup": true}]})");
    REQUIRE(!unknown.has_value());
    CHECK(unknown.error()["path"] == "steps[0]");
    CHECK_FALSE(run_scenario("{").has_value());
    CHECK_FALSE(run_scenario(R"({"name": "no steps"})").has_value());
    CHECK_FALSE(run_scenario(R"({"name": "bad clock", "clock": 5, "steps": []})").has_value());
}
