/// A SQLite file with a million tickets, each with at least five events and two messages of 400 characters: how large
/// it is, how fast it opens cold, how long a page of a queue and 20 counters take, and how much memory a desk needs
/// under load. The file is built once and kept beside the other build products, until the program is built anew;
/// GUICHET_BENCH_TICKETS makes a smaller one.
#include "row.hpp"

#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>
#include <guichet/text/utf8.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
namespace fs = std::filesystem;

std::size_t tickets_wanted() {
    auto const* text = std::getenv("GUICHET_BENCH_TICKETS");
    return text ? std::stoul(text) : 1'000'000;
}

constexpr std::size_t queues = 20, agents = 100;
std::string queue(std::size_t i) { return "queue-" + std::to_string(i % queues); }
std::string agent_name(std::size_t i) { return "agent-" + std::to_string(i % agents); }
std::string user(std::size_t i) { return "user-" + std::to_string(i % 50'000); }
actor agent(std::size_t i) { return {.tenant = "acme", .person = agent_name(i), .role = "agent"}; }
actor const supervisor{.tenant = "acme", .person = "sue", .role = "supervisor"};

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

std::string words(std::mt19937_64& chance, std::size_t bytes) {
    static constexpr std::array<char const*, 16> list{
        "printer",      "network", "the",         "does", "not",    "answer", "since", "morning",
        "l'imprimante", "ne",      "r\u00e9pond", "plus", "depuis", "ce",     "matin", "error"};
    std::string out;
    while (out.size() < bytes)
        out.append(list[chance() % list.size()]).append(" ");
    return out.substr(0, text::truncate(out, bytes).size());
}

std::size_t events_written = 0;

void execute_all(desk& d, std::vector<command>& wishes, std::vector<outcome>* out) {
    for (auto& came_to : d.execute(wishes).value()) {
        events_written += came_to.value().events.size();
        if (out)
            out->push_back(std::move(*came_to));
    }
    wishes.clear();
}

/// Opens a thousand tickets, has them answered, and resolves nine in ten; the file grows like that of a desk at work.
void build(fs::path const& path) {
    sqlite_options options;
    options.create = true;
    options.durability = durability::normal;
    testing::simulated_environment env;
    auto d = desk::open(sqlite_store(path.string(), options).value(), env).value();
    std::mt19937_64 chance{2026};
    auto const start = steady::now();
    std::vector<command> wishes;
    static constexpr std::array<char const*, 3> levels{"high", "medium", "low"};
    for (std::size_t done = 0; done < tickets_wanted(); done += 1'000) {
        std::vector<outcome> opened;
        for (std::size_t i = 0; i < 1'000; ++i)
            wishes.push_back({.by = agent(chance()),
                              .body = open_ticket{.subject = words(chance, 50),
                                                  .text = words(chance, 400),
                                                  .channel = channel::mail,
                                                  .requester = user(chance()),
                                                  .impact = levels[chance() % 3],
                                                  .urgency = levels[chance() % 3],
                                                  .category = "hardware/printer",
                                                  .queue = queue(chance()),
                                                  .assignee = agent_name(chance())}});
        execute_all(*d, wishes, &opened);
        env.advance(5min);
        for (std::size_t i = 0; i < opened.size(); ++i)
            wishes.push_back(
                {.by = agent(chance()),
                 .body = reply{.text = words(chance, 400), .channel = channel::mail, .state = i % 10 ? "resolved" : ""},
                 .ticket = opened[i].ticket});
        execute_all(*d, wishes, nullptr);
        if (done % 50'000 == 0)
            std::fprintf(stderr, "million: %zu tickets, %.0f s\n", done + 1'000, seconds_since(start));
    }
    std::fprintf(stderr, "million: built in %.0f s, %.0f commands/s, %.2f events a ticket\n", seconds_since(start),
                 2.0 * double(tickets_wanted()) / seconds_since(start),
                 double(events_written) / double(tickets_wanted()));
}

/// The file's pages leave the memory of the operating system.
void forget(fs::path const& path) {
    int const file = ::open(path.c_str(), O_RDONLY);
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

double percentile(std::vector<double> ms, double p) {
    std::sort(ms.begin(), ms.end());
    return ms[std::min(ms.size() - 1, static_cast<std::size_t>(p * double(ms.size())))];
}

view queue_view(std::mt19937_64& chance) {
    static std::array<std::vector<std::string>, 3> const orders{
        {{"-priority", "created_at"}, {"-updated_at"}, {"due_at"}}};
    view v;
    v.where = R"({"all":[{"field":"queue","op":"=","value":")" + queue(chance()) +
              R"("},{"field":"status","op":"in","value":["new","open","pending"]}]})";
    v.order = orders[chance() % orders.size()];
    return v;
}

std::vector<double> page_times(desk const& d, std::size_t count) {
    std::vector<double> out;
    std::mt19937_64 chance{7};
    while (out.size() < count) {
        auto v = queue_view(chance);
        for (int depth = 0; depth < 3 && out.size() < count; ++depth) { // the first page, and two after it by cursor
            auto const start = steady::now();
            auto const page = d.query(v, supervisor).value();
            out.push_back(seconds_since(start) * 1e3);
            v.cursor = page.next;
            if (page.next.empty())
                break;
        }
    }
    return out;
}

std::vector<view> twenty_counters(std::mt19937_64& chance) {
    std::vector<view> out(20);
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto const one = i % 4 == 0   ? R"({"field":"queue","op":"=","value":")" + queue(chance()) + R"("})"
                         : i % 4 == 1 ? R"({"field":"assignee","op":"=","value":")" + agent_name(chance()) + R"("})"
                         : i % 4 == 2 ? std::string{R"({"field":"priority","op":">=","value":"high"})"}
                                      : std::string{R"({"field":"breached","op":"=","value":true})"};
        out[i].where = R"({"all":[{"field":"open","op":"=","value":true},)" + one + "]}";
    }
    return out;
}

/// A desk at work on the file, in a process of its own: its peak memory is what a host pays.
int under_load(fs::path const& path) {
    testing::simulated_environment env{instant{std::chrono::sys_days{std::chrono::year{2027} / 6 / 1}}};
    auto d = desk::open(sqlite_store(path.string()).value(), env).value();
    std::mt19937_64 chance{11};
    for (std::size_t i = 0; i < 300; ++i) {
        auto const listed = d->query(queue_view(chance), supervisor).value();
        auto const counters = twenty_counters(chance);
        d->count(counters, supervisor).value();
        for (std::size_t k = 0; k < 5 && k < listed.tickets.size(); ++k) {
            auto const& t = listed.tickets[chance() % listed.tickets.size()];
            (void)d->execute({.by = agent(chance()), .body = add_note{.text = words(chance, 400)}, .ticket = t.id});
            (void)d->conversation(t.id, supervisor);
            (void)d->history(t.id, supervisor);
        }
        (void)d->pump({.timers_max = 50, .batch = 50});
        env.advance(1min);
    }
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            std::printf("%s\n", line.c_str() + 6);
    return 0;
}

double peak_megabytes(fs::path const& self, fs::path const& path) {
    auto const copy = fs::path{path.string() + ".load"};
    fs::copy_file(path, copy, fs::copy_options::overwrite_existing);
    auto* const child = ::popen((self.string() + " load " + copy.string()).c_str(), "r");
    double kilobytes = 0;
    if (!child || std::fscanf(child, "%lf", &kilobytes) != 1)
        std::exit(1);
    ::pclose(child);
    for (auto const* suffix : {"", "-wal", "-shm"})
        fs::remove(copy.string() + suffix);
    return kilobytes / 1024;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 3)
        return under_load(argv[2]);
    auto const self = fs::canonical("/proc/self/exe");
    auto const folder = self.parent_path().parent_path() / "bench-data";
    fs::create_directories(folder);
    auto const path = folder / ("tickets-" + std::to_string(tickets_wanted()) + ".db");
    if (!fs::exists(path) || fs::last_write_time(path) < fs::last_write_time(self)) {
        auto const unfinished = fs::path{path.string() + ".part"};
        for (auto const* suffix : {"", "-wal", "-shm"})
            fs::remove(unfinished.string() + suffix);
        build(unfinished);
        fs::rename(unfinished, path);
    }
    auto const scale = double(tickets_wanted()) / 1e6;
    auto const bytes = double(fs::file_size(path));
    print_row("million.file", bytes / 1e9, "GB", "", 0, "<= 2.2 GB", bytes <= 2.2e9 * scale);

    forget(path);
    testing::simulated_environment env{instant{std::chrono::sys_days{std::chrono::year{2027} / 6 / 1}}};
    auto const start = steady::now();
    auto d = desk::open(sqlite_store(path.string()).value(), env).value();
    std::mt19937_64 chance{3};
    d->query(queue_view(chance), supervisor).value();
    auto const opened = seconds_since(start);
    print_row("million.open_cold", opened * 1e3, "ms", "", 0, "<= 1000 ms, first page included", opened <= 1);

    auto const pages = page_times(*d, 600);
    auto const page99 = percentile(pages, 0.99);
    print_row("million.page.p50", percentile(pages, 0.5), "ms", "", 0, "", true);
    print_row("million.page.p99", page99, "ms", "", 0, "<= 10 ms", page99 <= 10);

    std::vector<double> counts;
    for (int i = 0; i < 300; ++i) {
        auto const views = twenty_counters(chance);
        auto const begun = steady::now();
        d->count(views, supervisor).value();
        counts.push_back(seconds_since(begun) * 1e3);
    }
    auto const count99 = percentile(counts, 0.99);
    print_row("million.counters20.p50", percentile(counts, 0.5), "ms", "", 0, "", true);
    print_row("million.counters20.p99", count99, "ms", "", 0, "<= 10 ms", count99 <= 10);

    d.reset();
    auto const peak = peak_megabytes(self, path);
    print_row("million.peak_memory", peak, "MB", "", 0, "<= 300 MB", peak <= 300);
}
