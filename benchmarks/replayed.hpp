#pragma once
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

/// The incident log of GUICHET_SHARED_DIR (where it is, else the sample of the project), replayed into a SQLite file by
/// the program as a user runs it.
struct replayed {
    std::filesystem::path log, file;
    std::string answer; ///< what the program told, as JSON
};

inline std::filesystem::path folder_of(char const* variable, std::filesystem::path const& otherwise) {
    auto const* text = std::getenv(variable);
    return text ? std::filesystem::path{text} : otherwise;
}

inline std::string output_of(std::string const& command) {
    std::string out;
    auto* const child = ::popen(command.c_str(), "r");
    char room[4096];
    for (std::size_t got; child && (got = std::fread(room, 1, sizeof room, child)) > 0;)
        out.append(room, got);
    if (!child || ::pclose(child) != 0) {
        std::fprintf(stderr, "this failed: %s\n", command.c_str());
        std::exit(1);
    }
    return out;
}

inline replayed replay_the_log() {
    replayed out;
    auto const self = std::filesystem::canonical("/proc/self/exe").parent_path();
    auto const source = folder_of("GUICHET_SOURCE_DIR", self.parent_path().parent_path().parent_path());
    out.log = folder_of("GUICHET_SHARED_DIR", source.parent_path() / "shared") /
              "data/uci_servicenow_incidents/incident_event_log.csv.gz";
    if (!std::filesystem::exists(out.log))
        out.log = source / "examples/replay/sample.csv";
    out.file = self.parent_path() / "bench-data" / "replay.db";
    std::filesystem::create_directories(out.file.parent_path());
    out.answer = output_of(folder_of("GUICHET_BIN", self / "guichet").string() + " --db " + out.file.string() +
                           " replay --replace --json " + out.log.string());
    return out;
}
