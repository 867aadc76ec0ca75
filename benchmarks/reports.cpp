/// Reports: twenty of them on a million tickets, what the columns take in memory, and what it costs a command to have
/// them follow. GUICHET_BENCH_TICKETS makes fewer tickets.
#include "row.hpp"

#include <guichet/engine/statistics.hpp>
#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

instant const begin{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

/// Tickets of two years: nine in ten resolved, half handed over, one in twenty reopened, two verdicts each.
reporting::ledger tickets_of_two_years(std::size_t many) {
    std::mt19937_64 chance{2026};
    auto const pick = [&](char const* what, std::size_t of) { return what + std::to_string(chance() % of); };
    reporting::ledger out;
    for (std::size_t i = 0; i < many; ++i) {
        ticket t;
        std::memcpy(t.id.bytes.data() + 8, &i, sizeof i); // which is what ids differ by
        t.tenant = pick("tenant-", 5);
        t.kind = pick("kind-", 4);
        t.priority = pick("P", 4);
        t.category = pick("category-", 60);
        t.queue = pick("queue-", 20);
        t.assignee = pick("agent-", 200);
        t.organisation = pick("organisation-", 500);
        t.resolution_code = pick("code-", 12);
        t.team = pick("team-", 25);
        t.tier = pick("L", 3);
        auto at = begin + duration{std::int64_t(std::chrono::milliseconds{std::chrono::days{730}}.count() * double(i) /
                                                double(many))};
        auto const later = [&] { return at += std::chrono::minutes{1 + chance() % 2'000}; };
        t.created_at = at;
        t.spans = {{"new", status::new_, at}};
        t.holdings = {{t.team, t.tier, at}};
        t.spans.push_back({"open", status::open, later()});
        t.first_response_at = at;
        if (chance() % 2) {
            t.team = pick("team-", 25);
            t.holdings.push_back({t.team, t.tier, later()});
            t.handovers = 1;
        }
        t.spans.push_back({"pending", status::pending, later()});
        if (chance() % 10) {
            t.spans.push_back({"resolved", status::resolved, later()});
            if (chance() % 20 == 0) {
                t.reopenings = 1;
                t.spans.push_back({"open", status::open, later()});
                t.spans.push_back({"resolved", status::resolved, later()});
            }
            t.resolved_at = at;
            t.spans.push_back({"closed", status::closed, later()});
            t.closed_at = at;
        }
        t.state = t.spans.back().state;
        t.status = t.spans.back().status;
        t.time_entries = {{"luc", std::chrono::seconds{chance() % 7'200}, at}};
        out.put(t, std::uint32_t(chance() % 6));
        clock_met kept{.metric = "first_response", .policy = t.priority};
        out.hear(t.id, *t.first_response_at, kept);
        kept.metric = "resolution";
        clock_breached late{.metric = "resolution", .policy = t.priority, .due = at};
        chance() % 5 ? out.hear(t.id, at, kept) : out.hear(t.id, at, late);
    }
    return out;
}

struct named_report {
    char const* name;
    reporting::request asked;
    char const* where = "";
    bool working = false;
};

std::vector<named_report> const twenty{
    {"volume.month", {.what = "volume"}},
    {"volume.day", {.what = "volume", .by = {"day"}}},
    {"volume.week.team", {.what = "volume", .by = {"week", "team"}}},
    {"volume.tenant.kind", {.what = "volume", .by = {"tenant", "kind"}}},
    {"volume.month.of_one_team", {.what = "volume"}, "team = \"team-7\" and priority in (\"P0\", \"P1\")"},
    {"volume.month.after_a_date", {.what = "volume"}, "created_at >= 2025-06-01T00:00Z"},
    {"backlog.day", {.what = "backlog"}},
    {"backlog.week.team", {.what = "backlog", .by = {"week", "team"}}},
    {"fcr.month", {.what = "fcr"}},
    {"fcr.category", {.what = "fcr", .by = {"category"}}},
    {"time.state", {.what = "time"}},
    {"time.state.working", {.what = "time"}, "", true},
    {"time.team.tier", {.what = "time", .by = {"team", "tier"}}},
    {"reopen.month", {.what = "reopen"}},
    {"reopen.team.category", {.what = "reopen", .by = {"team", "category"}}},
    {"sla.month", {.what = "sla"}},
    {"sla.organisation", {.what = "sla", .by = {"organisation", "metric"}}},
    {"cost.quarter.queue", {.what = "cost", .by = {"quarter", "queue"}, .hourly_rate = 50}},
    {"causes", {.what = "causes", .top = 20}},
    {"satisfaction.month.assignee", {.what = "satisfaction", .by = {"month", "assignee"}}}};

time::calendar office() {
    time::calendar_definition of{.tz = "Europe/Paris"};
    for (std::size_t day = 0; day < 5; ++day)
        of.weekly[day] = {{9h, 12h + 30min}, {14h, 18h}};
    return time::calendar::compile(of).value();
}

void measure_reports(reporting::ledger const& of) {
    auto const hours = office();
    auto const schema = ticket_schema({});
    double worst = 0;
    for (auto const& one : twenty) {
        auto asked = one.asked;
        asked.now = begin + std::chrono::days{740};
        asked.with = ticket_context(asked.now);
        if (*one.where)
            asked.where = expr::condition::parse(one.where, schema).value();
        asked.hours = one.working ? &hours : nullptr;
        double best = 1e9;
        std::size_t rows = 0;
        for (int i = 0; i < 5; ++i) {
            auto const start = steady::now();
            rows = reporting::report(of, asked).value().rows.size();
            best = std::min(best, seconds_since(start) * 1e3);
        }
        worst = std::max(worst, best);
        print_row(std::string{"reports."} + one.name, best, "ms", "", 0, "<= 100 ms", best <= 100 && rows > 0);
    }
    print_row("reports.slowest", worst, "ms", "", 0, "<= 100 ms", worst <= 100);
}

/// Seconds of the processor that a thousand commands take, and what following them takes beside.
void measure_following() {
    namespace fs = std::filesystem;
    auto const folder = fs::temp_directory_path() / ("guichet-reports-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    {
        sqlite_options options;
        options.create = true;
        testing::simulated_environment env;
        auto d = desk::open(sqlite_store((folder / "desk.db").string(), options).value(), env).value();
        statistics of{*d, {.keep_tickets = 1'000'000'000}};
        actor const agent{.tenant = "acme", .person = "luc", .role = "agent"};
        std::vector<double> commands, following, together;
        for (int round = 0; round < 30; ++round) {
            auto start = steady::now();
            for (int i = 0; i < 50; ++i) {
                auto const id =
                    d->execute({.by = agent, .body = open_ticket{.subject = "No network", .text = "Since noon"}})
                        .value()
                        .ticket;
                (void)d->execute({.by = agent, .body = reply{.text = "Which room?"}, .ticket = id}).value();
                (void)d->execute({.by = agent, .body = resolve_ticket{.code = "fixed"}, .ticket = id}).value();
                env.advance(1min);
            }
            commands.push_back(seconds_since(start) * 1e6 / 150);
            start = steady::now();
            (void)of.catch_up().value();
            following.push_back(seconds_since(start) * 1e6 / 150);
        }
        std::sort(commands.begin(), commands.end());
        std::sort(following.begin(), following.end());
        auto const a = commands[commands.size() / 2], b = following[following.size() / 2];
        print_row("reports.command", a, "us", "", 0, "", true);
        print_row("reports.following", b, "us", "", b / a, "<= 10 % of a command", b <= a / 10);
    }
    fs::remove_all(folder);
}

} // namespace

int main() {
    auto const* text = std::getenv("GUICHET_BENCH_TICKETS");
    std::size_t const many = text ? std::stoul(text) : 1'000'000;
    auto const start = steady::now();
    auto of = tickets_of_two_years(many);
    std::fprintf(stderr, "reports: %zu tickets put in %.1f s\n", many, seconds_since(start));
    print_row("reports.memory", double(of.memory_bytes()) / double(many), "B a ticket", "", 0, "", true);
    measure_reports(of);
    auto const kept = steady::now();
    auto const pieces = of.pieces([](std::uint64_t) { return false; });
    print_row("reports.written_out", seconds_since(kept), "s", "", 0, "", true);
    auto const opened = steady::now();
    bool const same = reporting::ledger::open(pieces)->rows() == of.rows();
    print_row("reports.read_in", seconds_since(opened), "s", "", 0, "", same);
    measure_following();
}
