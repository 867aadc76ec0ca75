#pragma once
#include <guichet/testing/impl/conformance_world.ipp>

/// Units of work: what they see, what they leave, what they refuse.
namespace guichet::inline v0::testing::conformance {

inline void a_fresh_store_is_empty(clerk& c, report& r) {
    auto& s = *c.store;
    auto const nobody = c.blank();
    r.check(!c.load(nobody), "a ticket is there");
    r.check(!s.find_number("main", nobody.number).value(), "a number is there");
    r.check(s.read_log(0, 10).value().empty(), "events are there");
    r.check(s.read_history(nobody.id).value().empty(), "a history is there");
    r.check(s.read_texts(nobody.id).value().empty(), "texts are there");
    r.check(s.read_texts_between(1, 10).value().empty(), "texts are there");
    r.check(s.head().value() == storage::log_head{}, "the head is not zero");
    r.check(s.tenants().value().empty(), "tenants are there");
    r.check(s.due_timers(monday, 10).value().empty() && !s.next_timer().value(), "timers are there");
    r.check(s.due_outbox(monday, 10).value().empty(), "an outbox is there");
    r.check(s.documents("").value().empty(), "documents are there");
    storage::ticket_query const all[]{{.tenant = "main"}};
    r.check(find_all(s, all[0]).empty(), "tickets are found");
    r.check(s.count(all, schema()).value()[0] == storage::counter{0, true}, "tickets are counted");
    auto const stats = s.stats().value();
    r.check(!stats.tickets && !stats.events && !stats.texts && !stats.timers && !stats.receipts,
            "the sizes are not zero");
    r.check(s.check().has_value(), "the store does not find itself sound");
}

inline void a_unit_sees_its_own_writes(clerk& c, report& r) {
    auto const work = c.begin();
    auto t = c.blank();
    c.write(*work, nullptr, t, {.texts = {storage::text_role::message}}).value();
    work->put_receipt({command_number(1), "main", {}, t.id, 1, 1}).value();
    r.check(same(work->load("main", t.id).value(), t), "the ticket is not seen");
    r.check(work->find_number("main", t.number).value() == t.id, "the number is not seen");
    r.check(work->load_texts(t.id).value().size() == 1, "the text is not seen");
    r.check(work->read_log(0, 10).value().size() == 1, "the event is not seen");
    r.check(work->find_receipt("main", command_number(1)).value().has_value(), "the receipt is not seen");
    r.check(work->head().seq == 1, "the head did not move");
    auto again = t;
    again.subject = "changed";
    c.write(*work, &t, again).value();
    r.check(work->load("main", t.id).value()->subject == "changed", "the second change is not seen");
    r.check(work->read_log(1, 10).value().size() == 1, "the second event is not seen");
}

inline void others_see_what_is_committed(clerk& c, report& r) {
    auto const work = c.begin();
    auto t = c.blank();
    c.write(*work, nullptr, t, {.armed = {{timer_kind::auto_close, "", monday}}}).value();
    r.check(!c.load(t), "an uncommitted ticket is seen");
    r.check(c.store->read_log(0, 10).value().empty(), "an uncommitted event is seen");
    r.check(!c.store->next_timer().value(), "an uncommitted timer is seen");
    r.check(c.store->tenants().value().empty(), "an uncommitted tenant is seen");
    work->commit().value();
    r.check(same(c.load(t), t), "the committed ticket differs");
    r.check(c.store->find_number("main", t.number).value() == t.id, "the committed number is not found");
    r.check(c.store->tenants().value() == std::vector<std::string>{"main"}, "the tenant is not there");
}

/// One of everything that can be written.
inline result<void> write_all_sorts(clerk& c, storage::unit_of_work& work, ticket const& old, ticket& fresh) {
    GUICHET_LET(auto const number, work.next_in_sequence("main", "incident:2026"));
    fresh.number = "INC-" + std::to_string(number);
    GUICHET_TRY(c.write(work, nullptr, fresh,
                        {.texts = {storage::text_role::subject, storage::text_role::message},
                         .armed = {{timer_kind::sla_breach, "resolution", monday + std::chrono::hours{4}}}}));
    GUICHET_LET(auto const before, work.load(old.tenant, old.id));
    if (!before)
        return error{reason::ticket_not_found, {{"ticket", old.number}}};
    auto after = *before;
    after.state = "open";
    after.tags = {"vip"};
    GUICHET_TRY(c.write(work, &*before, after, {.erased = {1}, .disarmed = before->timers}));
    GUICHET_LET(auto const known, work.find_receipt("main", command_number(7)));
    if (!known)
        GUICHET_TRY(work.put_receipt({command_number(7), "main", {}, fresh.id, work.head().seq, work.head().seq}));
    GUICHET_TRY(work.put_outbox({.tenant = "main", .kind = "mail", .body = "{}", .not_before = monday}));
    GUICHET_TRY(work.put_document({"role", "agent", 0, "{}", "chloe", monday}));
    GUICHET_LET(auto const address, work.put_blob(bytes_of("a screenshot")));
    GUICHET_TRY(work.put_blob(bytes_of("a log file")));
    GUICHET_TRY(work.use_blob(address));
    GUICHET_TRY(work.drop_blob(address));
    std::uint8_t const derived[] = {1, 2, 3};
    GUICHET_TRY(work.put_piece("search/1", derived));
    GUICHET_TRY(work.drop_piece("search/2"));
    GUICHET_TRY(work.load_texts(old.id));
    GUICHET_TRY(work.read_log(0, 100));
    GUICHET_TRY(work.find_number("main", fresh.number));
    return work.commit();
}

inline void a_unit_that_is_given_up_leaves_no_trace(clerk& c, report& r) {
    auto const old = c.open({.texts = {storage::text_role::message}, .armed = {{timer_kind::auto_close, "", monday}}});
    auto const before = picture::of(*c.store);
    {
        auto const work = c.begin();
        auto fresh = c.blank("elsewhere"), after = old;
        c.write(*work, nullptr, fresh, {.texts = {storage::text_role::message}}).value();
        after.state = "open";
        c.write(*work, &old, after, {.erased = {1}, .disarmed = old.timers}).value();
        work->put_outbox({.tenant = "main", .kind = "mail", .body = "{}", .not_before = monday}).value();
        work->put_document({"role", "agent", 0, "{}", "", monday}).value();
        work->put_blob(bytes_of("bytes")).value();
        work->put_receipt({command_number(1), "main", {}, fresh.id, 1, 1}).value();
    }
    auto const difference = before.difference(picture::of(*c.store));
    r.check(difference.empty(), "these differ:" + difference);
    r.refused(c.store->read_blob(hash(bytes_of("bytes"))), reason::blob_not_found);
    r.check(!c.begin()->find_receipt("main", command_number(1)).value(), "the receipt stayed");
    auto const next = c.open();
    r.check(next.ordinal > old.ordinal, "the next ticket has no greater ordinal");
}

inline void an_old_version_is_refused(clerk& c, report& r) {
    auto const first = c.open();
    auto const second = c.change(first, [](ticket& t) { t.state = "open"; });
    {
        auto const work = c.begin();
        auto late = first;
        late.state = "closed";
        auto const refused = c.write(*work, &first, late);
        r.refused(refused, reason::version_conflict);
        if (!refused) {
            r.check(refused.error()["expected"] == "1", "the error does not say the version expected");
            r.check(refused.error()["current"] == "2", "the error does not say the current version");
        }
    }
    r.check(same(c.load(first), second), "the ticket is not the one committed");
}

inline void a_change_of_no_ticket_is_refused(clerk& c, report& r) {
    auto const work = c.begin();
    auto ghost = c.blank();
    ghost.version = 3;
    auto const before = ghost;
    r.refused(c.write(*work, &before, ghost), reason::version_conflict);
}

inline void a_unit_after_an_error_commits_nothing(clerk& c, report& r) {
    auto const old = c.open();
    auto const before = picture::of(*c.store);
    {
        auto const work = c.begin();
        auto fresh = c.blank(), late = old;
        c.write(*work, nullptr, fresh).value();
        auto const stale = [&] {
            auto t = old;
            t.version = 9;
            return t;
        }();
        r.refused(c.write(*work, &stale, late), reason::version_conflict);
        r.refused(work->next_in_sequence("main", "n"));
        r.refused(work->commit());
    }
    auto const difference = before.difference(picture::of(*c.store));
    r.check(difference.empty(), "these differ:" + difference);
}

inline void a_unit_is_over_after_its_commit(clerk& c, report& r) {
    auto const work = c.begin();
    auto t = c.blank();
    c.write(*work, nullptr, t).value();
    work->commit().value();
    r.refused(work->commit());
    r.check(c.store->read_log(0, 10).value().size() == 1, "the second commit wrote something");
}

inline void an_id_is_taken_once(clerk& c, report& r) {
    auto const mine = c.open();
    for (auto const* tenant : {"main", "other"}) {
        auto const work = c.begin();
        auto again = c.blank(tenant);
        again.id = mine.id;
        r.refused(c.write(*work, nullptr, again), reason::ticket_exists);
    }
    auto const work = c.begin();
    auto twice = c.blank();
    c.write(*work, nullptr, twice).value();
    auto again = twice;
    again.version = 0;
    again.number += "-again";
    r.refused(c.write(*work, nullptr, again), reason::ticket_exists);
}

inline void tenants_are_walls(clerk& c, report& r) {
    auto mine = c.blank("main"), theirs = c.blank("other");
    theirs.number = mine.number;
    mine = c.open(mine);
    theirs = c.open(theirs);
    auto& s = *c.store;
    r.check(!s.load("other", mine.id).value() && !s.load("main", theirs.id).value(),
            "a ticket is seen across the wall");
    r.check(!s.load("", mine.id).value(), "a ticket is seen without a tenant");
    r.check(s.find_number("main", mine.number).value() == mine.id, "the number leads elsewhere");
    r.check(s.find_number("other", mine.number).value() == theirs.id, "the number leads elsewhere");
    auto const work = c.begin();
    r.check(!work->load("other", mine.id).value(), "a unit sees a ticket across the wall");
    r.check(work->find_number("other", theirs.number).value() == theirs.id, "the number leads elsewhere in a unit");
    storage::ticket_query q{.tenant = "other"};
    auto const found = find_all(s, q);
    r.check(found.size() == 1 && found[0].id == theirs.id, "a view shows other tenants' tickets");
    r.check(s.count({&q, 1}, schema()).value()[0].count == 1, "a counter counts other tenants' tickets");
    auto moved = mine;
    moved.tenant = "other";
    r.refused(c.write(*work, &mine, moved));
}

inline void sequences_count_from_one(clerk& c, report& r) {
    auto const next = [&](storage::unit_of_work& work, char const* tenant, char const* name) {
        return work.next_in_sequence(tenant, name).value();
    };
    auto work = c.begin();
    r.check(next(*work, "main", "incident:2026") == 1, "the first is not 1");
    r.check(next(*work, "main", "incident:2026") == 2, "the second is not 2");
    r.check(next(*work, "main", "incident:2027") == 1, "another name goes on from this one");
    r.check(next(*work, "other", "incident:2026") == 1, "another tenant goes on from this one");
    work->commit().value();
    work.reset();
    work = c.begin();
    r.check(next(*work, "main", "incident:2026") == 3, "the third is not 3");
    work.reset(); // given up: 3 is free again
    work = c.begin();
    r.check(next(*work, "main", "incident:2026") == 3, "a number that was given back is lost");
}

inline void receipts_are_kept(clerk& c, report& r) {
    auto const t = c.open();
    storage::receipt const written{command_number(1), "main", hash(bytes_of("content")), t.id, 1, 1};
    {
        auto const work = c.begin();
        r.check(!work->find_receipt("main", written.id).value(), "a receipt is there");
        work->put_receipt(written).value();
        work->commit().value();
    }
    auto work = c.begin();
    r.check(work->find_receipt("main", written.id).value() == written, "the receipt differs");
    r.check(!work->find_receipt("other", written.id).value(), "the receipt is seen across the wall");
    auto theirs = written;
    theirs.tenant = "other";
    theirs.print = {};
    work->put_receipt(theirs).value();
    r.check(work->find_receipt("other", written.id).value() == theirs, "two tenants cannot use the same command id");
    r.check(work->find_receipt("main", written.id).value() == written, "one tenant's receipt hides the other's");
    r.refused(work->put_receipt(written), reason::command_id_reused);
}

inline void erasing_takes_the_prints_along(clerk& c, report& r) {
    auto const t = c.open({.texts = {storage::text_role::subject}}), other = c.open();
    storage::receipt const of_t{command_number(1), "main", hash(bytes_of("words")), t.id, 1, 1};
    storage::receipt const of_other{command_number(2), "main", hash(bytes_of("others")), other.id, 2, 2};
    {
        auto const work = c.begin();
        work->put_receipt(of_t).value();
        work->put_receipt(of_other).value();
        work->commit().value();
    }
    auto const check = [&](storage::unit_of_work& work, bool gone) {
        auto wanted = of_t;
        if (gone)
            wanted.print = {};
        r.check(work.find_receipt("main", of_t.id).value() == wanted, "the print of an erased text's command");
        r.check(work.find_receipt("main", of_other.id).value() == of_other, "another ticket's receipt changed");
    };
    {
        auto const work = c.begin();
        auto after = t;
        c.write(*work, &t, after, {.erased = {1}}).value();
        check(*work, true);
    }
    check(*c.begin(), false); // given up
    c.change(t, [](ticket&) {}, {.erased = {1}});
    check(*c.begin(), true);
}

inline void ordinals_grow(clerk& c, report& r) {
    std::vector<ticket> opened{c.open()};
    {
        auto const work = c.begin();
        for (int i = 0; i < 3; ++i) {
            auto t = c.blank();
            c.write(*work, nullptr, t).value();
            opened.push_back(t);
        }
        work->commit().value();
    }
    for (std::size_t i = 0; i < opened.size(); ++i) {
        r.check(opened[i].ordinal > (i ? opened[i - 1].ordinal : 0), "ordinals do not grow from 1");
        r.check(c.load(opened[i])->ordinal == opened[i].ordinal, "the ordinal told differs from the one stored");
    }
    auto const changed = c.change(opened[0], [](ticket& t) { t.state = "open"; });
    r.check(c.load(changed)->ordinal == opened[0].ordinal, "a change moved the ordinal");
}

inline void a_ticket_comes_back_whole(clerk& c, report& r) {
    auto t = c.blank();
    dice d{3};
    shuffle(d, t);
    t.subject = "\u00c9t\u00e9 \U0001F5A8 100% 'quoted' \"twice\" back\\slash\nnew line";
    t.links = {{link_kind::blocks, numbered_id(77)}};
    t.merged = {numbered_id(78), numbered_id(79)};
    t.attachments = {{.no = 2,
                      .message = 1,
                      .name = "\u00e9cran.png",
                      .type = "image/png",
                      .size_bytes = 1'000'000'000'000,
                      .digest = hash(bytes_of("x")),
                      .redacted = true}};
    t.time_entries = {{"bruno", std::chrono::seconds{900}, monday}};
    t.clocks = {{"resolution", "gold", 3, clock_outcome::breached, monday, monday + duration{1}}};
    t.timers = {{timer_kind::sla_breach, "first_response", monday}};
    t.fields = {
        {"site", std::string{}, 4}, {"seats", 2.5, 0}, {"on_site", true, 0}, {"asset", object_reference{"t", "1"}, 0}};
    t.subject_text = 1;
    t.resolution_text = 9;
    t.state_before_merge = "open";
    t.due_at = instant{duration{-1}};
    t.handovers = 4'000'000'000;
    auto const stored = c.open(t);
    r.check(same(c.load(stored), stored), "the ticket differs");
    auto const bare = [&] {
        ticket out;
        out.id = numbered_id(4711);
        out.tenant = "main";
        return c.open(out);
    }();
    r.check(same(c.load(bare), bare), "a ticket of which nothing is set differs");
}

inline void a_change_without_events(clerk& c, report& r) {
    auto const t = c.open({.armed = {{timer_kind::auto_close, "", monday}}});
    auto const after =
        c.change(t, [](ticket& changed) { changed.due_at = monday; },
                 {.disarmed = t.timers, .armed = {{timer_kind::auto_close, "", monday + duration{1}}}, .events = 0});
    r.check(after.version == t.version, "the version moved");
    r.check(same(c.load(t), after), "the row was not written");
    r.check(c.store->next_timer().value() == monday + duration{1}, "the timer was not moved");
    r.check(c.store->head().value().seq == 1, "the log grew");
}

inline void a_large_unit(clerk& c, report& r) {
    std::vector<ticket> tickets;
    {
        auto const work = c.begin();
        for (int i = 0; i < 500; ++i) {
            auto t = c.blank();
            c.write(*work, nullptr, t, {.texts = {storage::text_role::subject}}).value();
            auto after = t;
            after.state = "open";
            c.write(*work, &t, after, {.armed = {{timer_kind::auto_close, "", monday + duration{i}}}}).value();
            tickets.push_back(after);
        }
        work->commit().value();
    }
    auto const stats = c.store->stats().value();
    r.check(stats.tickets == 500 && stats.events == 1'000 && stats.texts == 500 && stats.timers == 500,
            "something is lost");
    for (auto const& t : tickets)
        if (!same(c.load(t), t))
            return r.fail("a ticket differs");
    r.check(c.store->check().has_value(), "the store does not find itself sound");
}

} // namespace guichet::inline v0::testing::conformance
