/// The replay of a whole incident log into a SQLite file, by the program as a user runs it.
#include "replayed.hpp"
#include "row.hpp"

#include <boost/json.hpp>

int main() {
    auto const done = replay_the_log();
    auto const told = boost::json::parse(done.answer);
    auto const seconds = told.at_pointer("/replay/seconds").to_number<double>();
    auto const events = told.at_pointer("/store/events").to_number<double>() / seconds;
    auto const rows = told.at_pointer("/replay/rows_per_second").to_number<double>();
    auto const name = done.log.filename().string();
    print_row("replay.events", events, "events/s", name, 0, ">= 20000", events >= 20'000);
    print_row("replay.rows", rows, "rows/s", name, 0, "", true);
}
