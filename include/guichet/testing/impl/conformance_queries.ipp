#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/storage/facets.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/impl/conformance_world.ipp>

/// Views and counters; the memory store is the oracle.
namespace guichet::inline v0::testing::conformance {

inline storage::order_by by(char const* column, bool descending = false) { return {ticket_field(column), descending}; }

inline storage::ticket_query where(expr::draft const& wanted, std::vector<storage::order_by> order = {}) {
    storage::ticket_query q;
    q.tenant = "main";
    q.wanted = checked(wanted);
    q.order = std::move(order);
    q.now = monday;
    return q;
}

inline void orders_put_the_empty_first(clerk& c, report& r) {
    auto const make = [&](char const* priority, std::optional<instant> due) {
        auto t = c.blank();
        t.priority = priority;
        t.due_at = due;
        return c.open(t);
    };
    using namespace std::chrono_literals;
    auto const low = make("low", monday), critical = make("critical", {}), none = make("", monday - 1h),
               high = make("high", monday - instant::duration{1}), unknown = make("abolished", {}),
               also_low = make("low", monday);
    auto const expect = [&](std::vector<storage::order_by> order, std::vector<ticket> const& expected,
                            std::string_view what) {
        auto const found = find_all(*c.store, where(expr::all_of({}), std::move(order)));
        r.check(numbers_of(found) == numbers_of(expected),
                std::string{what} + ": " + numbers_of(found) + "instead of " + numbers_of(expected));
    };
    expect({}, {low, critical, none, high, unknown, also_low}, "without an order, by ordinal");
    expect({by("priority")}, {none, unknown, low, also_low, high, critical},
           "by rank, the empty and the unknown first");
    expect({by("priority", true)}, {critical, high, also_low, low, unknown, none}, "downwards, the ordinal too");
    expect({by("due_at")}, {critical, unknown, none, high, low, also_low}, "by instant");
    expect({by("due_at", true), by("priority")}, {also_low, low, high, none, unknown, critical},
           "downwards, then by rank");
    expect({by("priority"), by("due_at", true)}, {none, unknown, low, also_low, high, critical},
           "by rank, then downwards");
    expect({by("number", true)}, {also_low, unknown, high, none, critical, low}, "by text");
}

inline void both_conditions_hold(clerk& c, report& r) {
    auto vip = c.blank(), other = c.blank();
    vip.tags = {"vip"};
    other.tags = {"vip"};
    other.queue = "network";
    c.open(vip);
    c.open(other);
    auto q = where(expr::where("tags", expr::op::contains, "vip"));
    r.check(find_all(*c.store, q).size() == 2, "the wanted condition alone");
    q.visible = checked(expr::where("queue", expr::op::equal, "network"));
    auto const found = find_all(*c.store, q);
    r.check(found.size() == 1 && found[0].number == other.number, "a ticket is shown that the viewer may not see");
    r.check(c.store->count({&q, 1}, schema()).value()[0] == storage::counter{1, true},
            "a ticket is counted that the viewer may not see");
}

inline void time_is_the_querys(clerk& c, report& r) {
    using namespace std::chrono_literals;
    auto t = c.blank();
    t.updated_at = monday;
    c.open(t);
    auto q = where(expr::where("updated_at", expr::op::older_than, std::chrono::hours{4}));
    auto const found_at = [&](instant now) {
        q.now = now;
        return find_all(*c.store, q).size() == 1;
    };
    r.check(!found_at(monday + 4h - 1ms), "a ticket is older a millisecond early");
    r.check(found_at(monday + 4h), "a ticket is not older at the very millisecond");
}

inline void found_tickets_are_whole(clerk& c, report& r) {
    auto const tickets = populate(c, 5, 20);
    for (auto const* tenant : {"main", "other"}) {
        storage::ticket_query q{.tenant = tenant, .limit = 100};
        for (auto const& t : find_all(*c.store, q))
            r.check(same(c.load(t), t), "a ticket is found otherwise than it is loaded");
    }
}

inline void pages_neither_skip_nor_repeat(clerk& c, report& r) {
    for (int i = 0; i < 60; ++i) {
        auto t = c.blank();
        t.priority = i % 4 ? "normal" : "";
        t.due_at = i % 3 ? std::optional{monday + std::chrono::hours{i % 5}} : std::nullopt;
        c.open(t);
    }
    std::vector<std::vector<storage::order_by>> const orders{
        {}, {by("created_at", true)}, {by("priority"), by("due_at", true)}, {by("due_at"), by("priority", true)}};
    for (auto const& order : orders) {
        auto q = where(expr::all_of({}), order);
        q.limit = 1'000;
        auto const at_once = find_all(*c.store, q);
        r.check(at_once.size() == 60, "not all tickets are found");
        for (std::size_t const limit : {1U, 7U, 59U, 60U, 61U}) {
            q.limit = limit;
            r.check(numbers_of(all_pages(*c.store, q)) == numbers_of(at_once),
                    "the pages are not the whole, " + std::to_string(limit) + " at a time");
        }
    }
    auto q = where(expr::all_of({}), {by("priority")});
    q.limit = 0;
    r.check(find_all(*c.store, q).empty(), "a limit of zero gives tickets");
    q.limit = 10;
    q.after = storage::position{};
    r.refused(c.store->find(q, schema()), reason::bad_cursor);
}

inline void cursors_hold_while_tickets_come(clerk& c, report& r) {
    std::vector<ticket> first;
    for (int i = 0; i < 40; ++i)
        first.push_back(c.open());
    for (bool const descending : {false, true}) {
        auto q = where(expr::all_of({}), {by("updated_at", descending)});
        q.limit = 7;
        std::vector<ticket> seen;
        for (;;) {
            auto const page = find_all(*c.store, q);
            if (page.empty())
                break;
            seen.insert(seen.end(), page.begin(), page.end());
            q.after = position_of(q, page.back());
            auto early = c.blank(), late = c.blank();
            early.updated_at = monday - std::chrono::hours{1};
            late.updated_at = descending ? monday - std::chrono::hours{2} : early.updated_at;
            c.open(early);
            c.open(late);
            if (seen.size() > 200)
                return r.fail("the pages have no end");
        }
        for (auto const& t : first)
            r.check(std::count_if(seen.begin(), seen.end(), [&](ticket const& s) { return s.id == t.id; }) == 1,
                    "a ticket that nobody touched was skipped or repeated");
    }
}

inline void counters_follow_changes(clerk& c, report& r) {
    auto const open_in = [&](char const* queue) {
        return where(
            expr::all_of({expr::where("queue", expr::op::equal, queue), expr::where("open", expr::op::equal, true)}));
    };
    storage::ticket_query const queries[]{open_in("desk"), open_in("network"),
                                          where(expr::where("subject", expr::op::contains, "printer"))};
    auto const expect = [&](std::array<std::uint64_t, 3> const& expected, std::string_view when) {
        auto const counted = c.store->count(queries, schema()).value();
        for (std::size_t i = 0; i < 3; ++i)
            r.check(counted.at(i) == storage::counter{expected[i], true},
                    std::string{when} + ", counter " + std::to_string(i) + " is wrong");
    };
    auto const a = c.open(), b = c.open();
    expect({2, 0, 2}, "after two tickets");
    auto const moved = c.change(a, [](ticket& t) { t.queue = "network"; });
    expect({1, 1, 2}, "after a hand over");
    c.change(moved, [](ticket& t) { t.status = status::resolved; });
    expect({1, 0, 2}, "after a resolution");
    {
        auto const work = c.begin();
        auto after = b;
        after.queue = "network";
        c.write(*work, &b, after).value();
        expect({1, 0, 2}, "before a commit");
    }
    expect({1, 0, 2}, "after a rollback");
    {
        auto const work = c.begin();
        auto after = b;
        after.queue = "network";
        c.write(*work, &b, after).value();
        auto back = after;
        back.queue = "desk";
        c.write(*work, &after, back).value();
        work->commit().value();
    }
    expect({1, 0, 2}, "after there and back");
    r.check(c.store->count({}, schema()).value().empty(), "no query gives counters");
    r.check(c.store->check().has_value(), "the store does not find itself sound");
}

/// What the counter of a query must be, by looking at every ticket.
inline std::uint64_t scanned(storage::store& s, storage::ticket_query q) {
    q.order.clear();
    q.after.reset();
    q.limit = 1'000'000;
    return find_all(s, q).size();
}

inline void facets_count_like_a_scan(clerk& c, report& r, store_factory const& f) {
    populate(c, f.seed, 120);
    dice d{f.seed + 1};
    for (std::size_t i = 0; i < f.queries; ++i) {
        auto q = any_query(d);
        if (i % 2)
            while (!storage::facets_answer(q.wanted, schema()))
                q.wanted = checked(any_draft(d, 1));
        auto const counted = c.store->count({&q, 1}, schema()).value();
        auto const expected = scanned(*c.store, q);
        if (counted.at(0) != storage::counter{expected, true})
            return r.fail("seed " + std::to_string(f.seed) + ": " + q.wanted.describe() + " counts " +
                          std::to_string(counted[0].count) + ", a scan " + std::to_string(expected));
    }
}

inline void large_counters_say_at_least(clerk& c, report& r) {
    auto const work = c.begin();
    for (std::size_t i = 0; i <= limits::counted_rows_max; ++i) {
        auto t = c.blank();
        if (i == 0)
            t.subject = "another one";
        c.write(*work, nullptr, t).value();
    }
    work->commit().value();
    storage::ticket_query const queries[]{where(expr::all_of({})),
                                          where(expr::where("number", expr::op::contains, "INC")),
                                          where(expr::where("subject", expr::op::contains, "printer"))};
    auto const counted = c.store->count(queries, schema()).value();
    r.check(counted[0] == storage::counter{limits::counted_rows_max + 1, true}, "the facets do not tell the number");
    r.check(counted[1] == storage::counter{limits::counted_rows_max, false}, "one past the limit is not \"at least\"");
    r.check(counted[2] == storage::counter{limits::counted_rows_max, true}, "at the limit, the number is not exact");
}

inline void the_oracle_agrees(clerk& c, report& r, store_factory const& f) {
    clerk oracle{memory_store()};
    populate(oracle, f.seed, 150);
    populate(c, f.seed, 150);
    dice d{f.seed + 2};
    for (std::size_t i = 0; i < f.queries; ++i) {
        auto const q = any_query(d);
        auto const expected = all_pages(*oracle.store, q, 4), found = all_pages(*c.store, q, 4);
        auto const same_rows = std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                                          [](ticket const& a, ticket const& b) { return same_history(a, b); });
        if (!same_rows)
            r.fail("seed " + std::to_string(f.seed) + ", query " + std::to_string(i) + ": " + q.wanted.describe() +
                   " and " + q.visible.describe() + " gives " + numbers_of(found) + "instead of " +
                   numbers_of(expected));
        auto const a = c.store->count({&q, 1}, schema()).value(), b = oracle.store->count({&q, 1}, schema()).value();
        if (a != b)
            r.fail("seed " + std::to_string(f.seed) + ", query " + std::to_string(i) + ": " + q.wanted.describe() +
                   " counts " + std::to_string(a.at(0).count) + " instead of " + std::to_string(b.at(0).count));
    }
}

} // namespace guichet::inline v0::testing::conformance
