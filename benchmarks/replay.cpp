/// The replay of a whole incident log into a SQLite file, by the program as a user runs it. The log of
/// GUICHET_SHARED_DIR where it is, else the sample of the project.
#include "row.hpp"

#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

namespace fs = std::filesystem;

fs::path folder_of(char const* variable, fs::path const& otherwise) {
    auto const* text = std::getenv(variable);
    return text ? fs::path{text} : otherwise;
}

std::string output_of(std::string const& command) {
    std::string out;
    auto* const child = ::popen(command.c_str(), "r");
    char room[4096];
    for (std::size_t got; child && (got = std::fread(room, 1, sizeof room, child)) > 0;)
        out.append(room, got);
    if (!child || ::pclose(child) != 0) {
        std::fprintf(stderr, "replay: this failed: %s\n", command.c_str());
        std::exit(1);
    }
    return out;
}

} // namespace

int main() {
    auto const self = fs::canonical("/proc/self/exe").parent_path();
    auto const source = folder_of("GUICHET_SOURCE_DIR", self.parent_path().parent_path().parent_path());
    auto log = folder_of("GUICHET_SHARED_DIR", source.parent_path() / "shared") /
               "data/uci_servicenow_incidents/incident_event_log.csv.gz";
    if (!fs::exists(log))
        log = source / "examples/replay/sample.csv";
    auto const file = self.parent_path() / "bench-data" / "replay.db";
    fs::create_directories(file.parent_path());
    auto const answer = output_of(folder_of("GUICHET_BIN", self / "guichet").string() + " --db " + file.string() +
                                  " replay --replace --json " + log.string());
    auto const told = boost::json::parse(answer);
    auto const seconds = told.at_pointer("/replay/seconds").to_number<double>();
    auto const events = told.at_pointer("/store/events").to_number<double>() / seconds;
    auto const rows = told.at_pointer("/replay/rows_per_second").to_number<double>();
    print_row("replay.events", events, "events/s", log.filename().string(), 0, ">= 20000", events >= 20'000);
    print_row("replay.rows", rows, "rows/s", log.filename().string(), 0, "", true);
}
