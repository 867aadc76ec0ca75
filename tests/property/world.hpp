#pragma once
#include "property/dice.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/simulated_environment.hpp>
#if __has_include(<guichet/sqlite/sqlite_store.hpp>)
#include <guichet/sqlite/sqlite_store.hpp>
#define PLAY_ON_SQLITE 1
#endif

#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// A desk to play with, and what must hold of it whatever was played.
namespace play {

using namespace guichet;

inline std::vector<std::string> const tenants{"north", "south"};

inline actor administrator(std::string tenant) {
    return {.tenant = std::move(tenant), .person = "root", .role = "administrator"};
}

/// A file name in a folder of its own, which goes away with it.
class scratch_file {
public:
    scratch_file() {
        auto pattern = (std::filesystem::temp_directory_path() / "guichet-test-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    scratch_file(scratch_file const&) = delete;
    scratch_file& operator=(scratch_file const&) = delete;
    ~scratch_file() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    std::string path() const { return (folder_ / "desk.guichet").string(); }

private:
    std::filesystem::path folder_;
};

#if defined(PLAY_ON_SQLITE)
/// A file written as a program would, but without waiting for the disk: `durability::full` has tests of its own.
inline std::shared_ptr<storage::store> open_file(std::string const& path, durability how = durability::normal) {
    sqlite_options options;
    options.create = true;
    options.durability = how;
    return sqlite_store(path, options).value();
}
#endif

/// A desk with the world around it.
struct world {
    explicit world(std::shared_ptr<storage::store> where, std::uint64_t seed = 1)
        : env{instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{8}}, seed},
          store{std::move(where)} {
        reopen();
    }
    void reopen() { desk = guichet::desk::open(store, env).value(); }

    testing::simulated_environment env;
    std::shared_ptr<storage::store> store;
    std::unique_ptr<guichet::desk> desk;
};

/// Every ticket of a tenant, in the order in which they were opened.
inline std::vector<ticket> all_tickets(guichet::desk const& desk, std::string const& tenant) {
    std::vector<ticket> out;
    view everything;
    everything.order = {"created_at"};
    everything.limit = limits::page_rows_max;
    do {
        auto found = desk.query(everything, administrator(tenant)).value();
        out.insert(out.end(), found.tickets.begin(), found.tickets.end());
        everything.cursor = found.next;
    } while (!everything.cursor.empty());
    std::sort(out.begin(), out.end(), [](ticket const& a, ticket const& b) { return a.ordinal < b.ordinal; });
    return out;
}

/// The whole log, decoded, texts included.
inline std::vector<event> whole_log(guichet::desk const& desk, std::string const& tenant) {
    return desk.read_log(0, 1'000'000, administrator(tenant)).value();
}

/// What is wrong with a ticket, looked at alone; empty when nothing is.
inline std::string contradiction(ticket const& t) {
    bool const ended = !is_open(t.status);
    if (t.resolved_at.has_value() != ended)
        return "resolved_at says otherwise than the status";
    if (t.closed_at.has_value() != (t.status == status::closed))
        return "closed_at says otherwise than the status";
    if (t.pending_until && t.status != status::pending)
        return "pending_until without pending";
    if (t.merged_into && t.status != status::closed)
        return "merged, but not closed";
    if (t.spans.empty() || t.spans.back().state != t.state || t.spans.back().status != t.status)
        return "the last span is another state";
    for (std::size_t i = 1; i < t.spans.size(); ++i)
        if (t.spans[i].since < t.spans[i - 1].since)
            return "the spans go backwards";
    auto const breached = [](clock_verdict const& v) { return v.outcome == clock_outcome::breached; };
    if (!t.breached && std::any_of(t.clocks.begin(), t.clocks.end(), breached))
        return "breached says otherwise than the clocks";
    auto const by_time = [](auto const& a, auto const& b) { return a.at < b.at; };
    if (!std::is_sorted(t.contacts.begin(), t.contacts.end(), by_time))
        return "the contacts go backwards";
    if (t.created_at > t.updated_at || (t.resolved_at && *t.resolved_at > t.updated_at))
        return "a date after the last change";
    if (!std::is_sorted(t.tags.begin(), t.tags.end()) || !std::is_sorted(t.watchers.begin(), t.watchers.end()))
        return "a list is not sorted";
    auto timers = t.timers;
    timers.insert(timers.end(), t.later.begin(), t.later.end());
    for (auto const& armed : timers) {
        // only these begin but once
        auto const verdict = [&](clock_verdict const& v) {
            return v.metric == armed.name && (v.metric.ends_with("first_response") || v.metric.ends_with("own"));
        };
        switch (armed.kind) {
        case timer_kind::pending_return:
            if (t.pending_until != armed.due)
                return "a return without a date to wait for";
            break;
        case timer_kind::auto_close:
            if (t.status != status::resolved)
                return "closing by itself what is not resolved";
            break;
        case timer_kind::sla_breach:
            if (ended || std::any_of(t.clocks.begin(), t.clocks.end(), verdict))
                return "a breach timer of a clock that stopped";
            break;
        case timer_kind::sla_threshold:
            if (ended)
                return "a threshold of a clock that stopped";
            break;
        case timer_kind::rule: break; // of any ticket
        case timer_kind::route:
            if (t.route_again != armed.due || !t.assignee.empty())
                return "somebody looked for who is not wanted";
            break;
        case timer_kind::escalation:
            if (std::none_of(t.alerts.begin(), t.alerts.end(),
                             [&](alert const& a) { return a.path + "/" + std::to_string(a.step) == armed.name; }))
                return "an escalation of which nobody was told";
            break;
        case timer_kind::reminder:
            if (t.status != status::pending || t.pending_until)
                return "a reminder of who is not waited for";
            break;
        case timer_kind::follow_up:
            if (std::find(t.follow_ups.begin(), t.follow_ups.end(), follow_up{armed.name, armed.due}) ==
                t.follow_ups.end())
                return "a follow-up that nobody wants";
            break;
        }
    }
    return {};
}

/// What is wrong with a desk; one line each.
inline std::vector<std::string> troubles(guichet::desk const& desk) {
    std::vector<std::string> out;
    auto const report = desk.verify();
    if (!report)
        return {report.error().describe()};
    for (auto const& problem : report->problems)
        out.push_back(problem.describe());
    if (auto const sound = desk.store().check(); !sound)
        out.push_back(sound.error().describe());

    using armed = std::tuple<instant, std::string, timer_kind, std::string>;
    std::set<armed> of_rows, of_store;
    for (auto const& tenant : tenants)
        for (auto const& t : all_tickets(desk, tenant)) {
            if (auto const wrong = contradiction(t); !wrong.empty())
                out.push_back(t.number + ": " + wrong);
            for (auto const& timer : t.timers)
                of_rows.emplace(timer.due, to_string(t.id), timer.kind, timer.name);
        }
    auto const due =
        desk.store().due_timers(instant{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}}, 1'000'000);
    for (auto const& d : due.value())
        of_store.emplace(d.timer.due, to_string(d.ticket), d.timer.kind, d.timer.name);
    if (of_rows != of_store)
        out.push_back("the timers of the store are not those of the tickets");
    return out;
}

/// What is wrong with the clocks' judgements in a log: each once, and none while it stood still.
inline std::vector<std::string> clock_troubles(std::vector<event> const& log) {
    std::vector<std::string> out;
    std::map<ticket_id, status> stands;
    std::set<std::tuple<ticket_id, std::string, std::uint32_t>> breached;
    for (auto const& e : log) {
        if (auto const* judged = std::get_if<clock_breached>(&e.body)) {
            auto const now = stands[e.ticket];
            if (!breached.emplace(e.ticket, judged->metric, judged->cycle).second)
                out.push_back(to_string(e.ticket) + " breached twice: " + judged->metric);
            if (!judged->due || *judged->due > e.at)
                out.push_back(to_string(e.ticket) + " breached before it was due: " + judged->metric);
            if (e.cause.what == "timer:sla_breach:" + judged->metric &&
                !judged->metric.ends_with("periodic_update") && // which the script gives pauses of its own
                (now == status::pending || now == status::on_hold || !is_open(now)))
                out.push_back(to_string(e.ticket) + " breached while it stood still: " + judged->metric);
        }
        std::visit(
            [&](auto const& body) {
                if constexpr (requires { body.status; })
                    stands[e.ticket] = body.status;
            },
            e.body);
    }
    return out;
}

inline std::string joined(std::vector<std::string> const& lines) {
    std::string out;
    for (auto const& line : lines)
        out += "\n  " + line;
    return out;
}

} // namespace play
