#pragma once
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/faulty_store.hpp>
#include <guichet/testing/impl/conformance_units.ipp>

#include <atomic>
#include <thread>

/// Two writers, failures, and what outlives the process.
namespace guichet::inline v0::testing::conformance {

inline void a_second_writer_waits_or_is_refused(clerk& c, report& r) {
    auto const t = c.open();
    auto work = c.begin();
    std::atomic<bool> asking{false}, both{false}, first_done{false};
    std::string problem;
    std::thread second{[&] {
        asking = true;
        auto begun = c.store->begin();
        if (!begun) {
            if (begun.error().why() != reason::store_busy)
                problem = "refused for another reason: " + begun.error().describe();
            return;
        }
        both = !first_done;
        auto const seen = (*begun)->load(t.tenant, t.id);
        if (!seen || (*seen)->state != "open")
            problem = "the second writer does not see what the first one committed";
        auto late = t;
        if (clerk{c.store}.write(**begun, &t, late))
            problem = "the second writer wrote over a version that was gone";
    }};
    while (!asking)
        std::this_thread::yield();
    auto after = t;
    after.state = "open";
    auto const written = c.write(*work, &t, after);
    first_done = true;
    auto const committed = written ? work->commit() : written;
    work.reset();
    second.join();
    r.check(committed.has_value(), "the first writer was disturbed");
    r.check(!both, "two writers had a unit of work at the same time");
    r.check(problem.empty(), problem);
}

/// Writes one version more, again and again while another writer was faster.
inline bool raise_version(storage::store& s, ticket const& t) {
    for (int attempt = 0; attempt < 1'000; ++attempt) {
        auto const seen = s.load(t.tenant, t.id);
        auto begun = s.begin();
        if (!seen || !begun)
            continue;
        auto after = **seen;
        clerk writer{{&s, [](auto*) {}}};
        if (writer.write(**begun, &**seen, after) && (*begun)->commit())
            return true;
    }
    return false;
}

inline void no_update_is_lost(clerk& c, report& r) {
    auto const t = c.open();
    constexpr int writers = 4, rounds = 15;
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < writers; ++i)
        threads.emplace_back([&] {
            for (int round = 0; round < rounds; ++round)
                done += raise_version(*c.store, t);
        });
    for (auto& thread : threads)
        thread.join();
    r.check(done == writers * rounds, "a writer never got through");
    r.check(c.load(t)->version == std::uint64_t(1 + done), "an update was lost");
    r.check(c.store->head().value().seq == std::uint64_t(1 + done), "the log has events of nobody");
    r.check(c.store->read_history(t.id).value().size() == std::size_t(1 + done),
            "the history is not as long as the version");
}

inline void readers_see_whole_commits(clerk& c, report& r) {
    auto a = c.blank(), b = c.blank();
    {
        auto const work = c.begin();
        a.subject = b.subject = "the same";
        c.write(*work, nullptr, a).value();
        c.write(*work, nullptr, b).value();
        work->commit().value();
    }
    std::atomic<bool> over{false};
    std::atomic<int> torn{0}, reads{0};
    std::thread reader{[&] {
        auto const q = storage::ticket_query{.tenant = "main"};
        while (!over || !reads) {
            auto const found = c.store->find(q, schema());
            torn += !found || found->size() != 2 || (*found)[0]->subject != (*found)[1]->subject;
            ++reads;
        }
    }};
    for (int i = 0; i < 50; ++i) {
        auto const work = c.begin();
        for (auto* t : {&a, &b}) {
            auto after = *t;
            after.subject = "round " + std::to_string(i);
            c.write(*work, t, after).value();
            *t = after;
        }
        work->commit().value();
    }
    over = true;
    reader.join();
    r.check(torn == 0, "a reader saw half a commit");
}

/// Runs a unit of work with one of everything, over a faulty store.
inline result<void> attempt(faulty_store& over, ticket const& old, ticket& fresh) {
    clerk c{{&over, [](auto*) {}}};
    GUICHET_LET(auto const work, over.begin());
    return write_all_sorts(c, *work, old, fresh);
}

inline void the_nth_failure_leaves_no_trace(clerk& c, report& r) {
    auto const old = c.open({.texts = {storage::text_role::message}, .armed = {{timer_kind::auto_close, "", monday}}});
    auto const blank = c.blank();
    auto const before = picture::of(*c.store);
    faulty_store over{c.store};
    std::uint64_t n = 1;
    for (;; ++n) {
        over.set({.fail_at = n, .why = n % 2 ? reason::store_failed : reason::store_full});
        auto fresh = blank;
        if (attempt(over, old, fresh)) {
            r.check(over.failures() == 0, "an operation failed and the unit went on");
            break;
        }
        r.check(over.failures() == 1, "operation " + std::to_string(n) + " failed by itself");
        auto const difference = before.difference(picture::of(*c.store));
        r.check(difference.empty(),
                "after a failure of operation " + std::to_string(n) + " these differ:" + difference);
        if (!r.clean() || n > 1'000)
            return;
    }
    r.check(n > 15, "the scenario has too few operations to mean anything");
    auto const fresh = c.store->load(blank.tenant, blank.id).value();
    r.check(fresh && fresh->number == "INC-1", "a failed unit took a number");
    r.check(c.store->read_texts(old.id).value().at(0).erased, "the text was not erased in the end");
    r.check(c.store->check().has_value(), "the store does not find itself sound");
}

/// How many operations the scenario takes.
inline std::uint64_t operations_of_the_scenario() {
    clerk c{memory_store()};
    auto const old = c.open();
    auto fresh = c.blank();
    faulty_store over{c.store};
    attempt(over, old, fresh).value();
    return over.operations();
}

inline void a_lost_acknowledgement_is_found_by_its_receipt(clerk& c, report& r) {
    auto const old = c.open();
    auto fresh = c.blank();
    faulty_store over{c.store, {.fail_at = operations_of_the_scenario(), .why = reason::commit_in_doubt, .late = true}};
    r.refused(attempt(over, old, fresh), reason::commit_in_doubt);
    r.check(c.store->load("main", fresh.id).value() != nullptr,
            "the commit did not happen although only its answer was lost");
    auto const known = c.begin()->find_receipt("main", command_number(7)).value();
    r.check(known && known->ticket == fresh.id, "the receipt does not tell");
}

inline void chance_faults_never_corrupt(clerk& c, report& r, store_factory const& f) {
    auto const old = c.open({.texts = {storage::text_role::message}});
    faulty_store over{c.store, {.chance = 0.1, .seed = f.seed}};
    std::size_t committed = 0;
    for (int i = 0; i < 40; ++i) {
        auto fresh = c.blank();
        committed += attempt(over, old, fresh).has_value();
    }
    auto const stats = c.store->stats().value();
    r.check(stats.tickets == 1 + committed, "tickets of failed units are there, or committed ones are not");
    r.check(c.store->load(old.tenant, old.id).value()->version == 1 + committed, "a failed unit changed a ticket");
    r.check(c.store->due_outbox(monday, 1'000).value().size() == committed, "the outbox is not that of the commits");
    r.check(c.store->check().has_value(), "the store does not find itself sound, seed " + std::to_string(f.seed));
}

inline void a_reopened_store_is_the_same(clerk& c, report& r, store_factory const& f) {
    auto const tickets = populate(c, f.seed, 30);
    {
        auto const work = c.begin();
        auto fresh = c.blank();
        write_all_sorts(c, *work, *c.store->load(tickets[0].tenant, tickets[0].id).value(), fresh).value();
    }
    auto const before = picture::of(*c.store);
    auto const counter = storage::ticket_query{.tenant = "main"};
    auto const count = c.store->count({&counter, 1}, schema()).value();
    c.store.reset();
    c.store = f.reopen().value();
    auto const difference = before.difference(picture::of(*c.store));
    r.check(difference.empty(), "these differ:" + difference);
    r.check(c.store->count({&counter, 1}, schema()).value() == count, "the counters differ");
    r.check(c.store->check().has_value(), "the store does not find itself sound");
    r.check(c.begin()->next_in_sequence("main", "incident:2026").value() == 2, "the sequence began again");
    r.check(c.begin()->find_receipt("main", command_number(7)).value().has_value(), "the receipt is lost");
    r.check(c.store->read_blob(hash(bytes_of("a log file"))).has_value(), "the bytes are lost");
}

inline void a_unit_that_was_open_is_gone_after_reopening(clerk& c, report& r, store_factory const& f) {
    auto const t = c.open();
    auto const before = picture::of(*c.store);
    {
        auto const work = c.begin();
        auto after = t;
        after.state = "open";
        c.write(*work, &t, after).value();
    }
    c.store.reset();
    c.store = f.reopen().value();
    r.check(before.difference(picture::of(*c.store)).empty(), "something was written");
    auto const next = c.change(t, [](ticket& changed) { changed.state = "open"; });
    r.check(same(c.load(t), next), "the reopened store cannot be written");
}

inline void a_backup_is_the_same(clerk& c, report& r, store_factory const& f) {
    populate(c, f.seed, 30);
    auto const path = f.backup_path();
    auto const before = picture::of(*c.store);
    auto const work = c.begin(); // an open unit of work does not get into it
    auto t = c.blank();
    c.write(*work, nullptr, t).value();
    c.store->backup(path).value();
    work->commit().value();
    auto const copy = f.open_backup(path).value();
    auto const difference = before.difference(picture::of(*copy));
    r.check(difference.empty(), "these differ:" + difference);
    r.check(copy->check().has_value(), "the copy does not find itself sound");
    r.check(c.load(t) != nullptr, "the desk did not go on");
}

} // namespace guichet::inline v0::testing::conformance
