/// Opening tickets in a new file, one to a transaction and a hundred: microseconds a ticket. Programs in other
/// languages are measured beside it (python_package.py).
#include "printer.hpp"
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using steady = std::chrono::steady_clock;
namespace fs = std::filesystem;

double microseconds(std::size_t count, std::size_t batch) {
    auto const folder =
        fs::temp_directory_path() / ("guichet-bench-open-" + std::to_string(steady::now().time_since_epoch().count()));
    fs::create_directories(folder);
    testing::simulated_environment env;
    sqlite_options how;
    how.create = true;
    auto d = desk::open(sqlite_store((folder / "desk.db").string(), how).value(), env).value();
    auto const start = steady::now();
    for (std::size_t i = 0; i < count; i += batch) {
        if (batch == 1) {
            d->execute(printer_ticket(i)).value();
            continue;
        }
        std::vector<command> wishes;
        for (std::size_t k = i; k < i + batch; ++k)
            wishes.push_back(printer_ticket(k));
        d->execute(wishes, batch_mode::all_or_none).value();
    }
    auto const took = std::chrono::duration<double, std::micro>(steady::now() - start).count();
    d.reset();
    fs::remove_all(folder);
    return took / static_cast<double>(count);
}

} // namespace

int main() {
    print_row("open_tickets.durable", microseconds(1'000, 1), "us", "", 0, "", true);
    print_row("open_tickets.batch100", microseconds(10'000, 100), "us", "", 0, "", true);
}
