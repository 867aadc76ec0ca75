#pragma once
#include <guichet/testing/impl/conformance_world.ipp>

#include <map>

/// The log, texts, timers, documents, blobs and the outbox.
namespace guichet::inline v0::testing::conformance {

inline void the_log_is_in_order(clerk& c, report& r) {
    auto const a = c.open({.events = 3});
    auto const b = c.open();
    c.change(a, [](ticket&) {}, {.events = 2});
    auto& s = *c.store;
    auto const log = s.read_log(0, 100).value();
    r.check(log.size() == 6, "the log has not six events");
    for (std::size_t i = 0; i < log.size(); ++i)
        r.check(log[i].seq == i + 1, "the log has gaps or is not in order");
    r.check(s.head().value() == storage::log_head{6, log.back().hash}, "the head is not the last event's");
    r.check(s.read_log(4, 100).value().size() == 2 && s.read_log(4, 100).value()[0].seq == 5,
            "after_seq is not respected");
    r.check(s.read_log(1, 2).value().size() == 2 && s.read_log(1, 2).value()[1].seq == 3, "the limit is not respected");
    r.check(s.read_log(6, 100).value().empty() && s.read_log(600, 100).value().empty(),
            "there is something after the end");
    r.check(s.read_log(0, 0).value().empty(), "a limit of zero gives events");
    auto const history = s.read_history(a.id).value();
    r.check(history.size() == 5 && history[2] == log[2] && history[3].seq == 5,
            "the history is not the ticket's events");
    r.check(s.read_history(b.id).value().size() == 1, "the history has other tickets' events");
    r.check(c.begin()->head() == s.head().value(), "a unit begins with another head");
}

inline void events_come_back_whole(clerk& c, report& r) {
    auto t = c.blank();
    auto const work = c.begin();
    storage::stored_event e{.seq = 1,
                            .tenant = t.tenant,
                            .ticket = t.id,
                            .version = 1,
                            .at = instant{duration{1'767'600'000'123}},
                            .type = 26,
                            .actor = "chlo\u00e9",
                            .cause = {"timer:sla_breach:resolution", monday},
                            .body = R"({"a":"\u00e9\"\\","b":[1,2.5,null]})",
                            .hash = hash(bytes_of("1"))};
    auto bare = e;
    bare.seq = 2;
    bare.actor.clear();
    bare.cause = {};
    bare.hash = hash(bytes_of("2"));
    storage::stored_event both[]{e, bare};
    t.version = 2;
    work->append({.after = std::make_shared<ticket>(t), .events = both}).value();
    r.check(work->read_log(0, 9).value() == std::vector{e, bare}, "the events differ within the unit");
    work->commit().value();
    r.check(c.store->read_log(0, 9).value() == std::vector{e, bare}, "the events differ");
    r.check(c.store->read_history(t.id).value() == std::vector{e, bare}, "the history differs");
}

inline void the_log_has_no_gaps(clerk& c, report& r) {
    c.open();
    for (std::uint64_t const seq : {1U, 3U, 0U}) {
        auto const work = c.begin();
        auto t = c.blank();
        t.version = 1;
        storage::stored_event e[]{{.seq = seq, .tenant = t.tenant, .ticket = t.id, .version = 1, .body = "{}"}};
        r.refused(work->append({.after = std::make_shared<ticket>(t), .events = e}));
        r.refused(work->commit());
    }
    r.check(c.store->head().value().seq == 1, "the log grew");
}

inline void texts_come_back_whole(clerk& c, report& r) {
    using enum storage::text_role;
    auto const a = c.open({.texts = {subject, message}});
    auto const b = c.open({.texts = {subject}, .events = 2});
    auto const later = c.change(a, [](ticket&) {}, {.texts = {message, attachment, field, resolution}});
    auto const texts = c.store->read_texts(a.id).value();
    r.check(texts.size() == 6, "a text is lost");
    for (std::size_t i = 0; i < texts.size(); ++i)
        r.check(texts[i].no == i + 1, "the texts are not in the order in which they were written");
    auto const& t = texts.at(1);
    r.check(t.ticket == a.id && t.seq == 1 && t.role == message && t.author == "amina" && t.channel == channel::mail,
            "a text came back with other properties");
    r.check(t.audience == audience::internal && t.side == side::desk && t.at == a.updated_at,
            "a text came back with other properties");
    r.check(t.body.find("num\u00e9ro 2") != std::string::npos && t.html == "<p>" + t.body + "</p>",
            "a text has another content");
    r.check(t.salt != decltype(t.salt){} && t.print == digest{} && !t.erased,
            "the salt is lost, or a print is stored with the text");
    r.check(texts[0].html.empty() && texts[5].role == resolution && texts[5].seq == 4,
            "a text came back with other properties");
    auto const unit_texts = c.begin()->load_texts(a.id).value();
    r.check(unit_texts == texts, "a unit sees other texts");
    auto const between = [&](std::uint64_t first, std::uint64_t last) {
        return c.store->read_texts_between(first, last).value();
    };
    r.check(between(1, 4).size() == 7 && between(0, 1'000).size() == 7,
            "not all texts are between the ends of the log");
    r.check(between(1, 1).size() == 2 && between(1, 1)[0] == texts[0], "the texts of the first event are not found");
    r.check(between(2, 2).empty() && between(3, 3).size() == 1 && between(3, 3)[0].ticket == b.id,
            "the texts of an event are others");
    r.check(between(4, 4).size() == 4 && between(5, 9).empty() && between(4, 1).empty(), "the range is not respected");
    r.check(later.texts == 6, "the suite is wrong");
}

inline void erased_texts_keep_their_print(clerk& c, report& r) {
    using enum storage::text_role;
    auto const t = c.open({.texts = {subject, message, message}});
    auto const before = c.store->read_texts(t.id).value();
    auto const check_erased = [&](std::vector<storage::text_record> const& texts) {
        auto const& gone = texts.at(1);
        r.check(gone.erased && gone.body.empty() && gone.html.empty(), "the content is still there");
        r.check(gone.salt == decltype(gone.salt){}, "the salt is still there");
        r.check(gone.print == storage::text_print(before[1]), "the print is not that of the text");
        r.check(gone.author == before[1].author && gone.at == before[1].at && gone.seq == before[1].seq,
                "more than the content is gone");
        r.check(texts.at(0) == before[0] && texts.at(2) == before[2], "another text was touched");
    };
    {
        auto const work = c.begin();
        auto after = t;
        c.write(*work, &t, after, {.erased = {2}}).value();
        check_erased(work->load_texts(t.id).value());
        r.check(c.store->read_texts(t.id).value() == before, "an uncommitted erasure is seen");
    }
    r.check(c.store->read_texts(t.id).value() == before, "an erasure that was given up is seen");
    auto const after = c.change(t, [](ticket&) {}, {.erased = {2}});
    check_erased(c.store->read_texts(t.id).value());
    check_erased(c.store->read_texts_between(1, 1).value());
    c.change(after, [](ticket&) {}, {.erased = {2, 99}});
    check_erased(c.store->read_texts(t.id).value());
}

inline void a_text_erased_in_its_own_unit(clerk& c, report& r) {
    auto const work = c.begin();
    auto t = c.blank();
    c.write(*work, nullptr, t, {.texts = {storage::text_role::message}}).value();
    auto const before = work->load_texts(t.id).value();
    auto after = t;
    c.write(*work, &t, after, {.erased = {1}}).value();
    work->commit().value();
    auto const texts = c.store->read_texts(t.id).value();
    r.check(texts.at(0).erased && texts[0].body.empty(), "the content is there");
    r.check(texts[0].print == storage::text_print(before.at(0)), "the print is not that of the text");
}

// --- timers

inline timer breach(std::string name, instant due) { return {timer_kind::sla_breach, std::move(name), due}; }
inline timer closing(instant due) { return {timer_kind::auto_close, "", due}; }

inline void timers_fire_in_order(clerk& c, report& r) {
    using namespace std::chrono_literals;
    auto const a = c.open({.armed = {breach("resolution", monday + 4h), breach("first_response", monday + 1h)}});
    auto const b = c.open({.armed = {closing(monday + 1h), breach("resolution", monday - 1h)}});
    auto& s = *c.store;
    r.check(s.next_timer().value() == monday - 1h, "the next timer is not the earliest");
    auto const due = s.due_timers(monday + 4h, 10).value();
    std::vector<storage::due_timer> const expected{{"main", b.id, breach("resolution", monday - 1h)},
                                                   {"main", a.id, breach("first_response", monday + 1h)},
                                                   {"main", b.id, closing(monday + 1h)},
                                                   {"main", a.id, breach("resolution", monday + 4h)}};
    r.check(due == expected, "the order is not: due, then ordinal");
    r.check(s.due_timers(monday + 1h, 10).value().size() == 3, "a timer is not due at its very millisecond");
    r.check(s.due_timers(monday + 1h - 1ms, 10).value().size() == 1, "a timer is due a millisecond early");
    r.check(s.due_timers(monday + 9h, 2).value().size() == 2, "the limit is not respected");
    r.check(s.due_timers(monday - 9h, 2).value().empty(), "timers are due too early");
}

inline void ties_of_timers_fall_by_ordinal(clerk& c, report& r) {
    std::vector<ticket> tickets;
    for (int i = 0; i < 5; ++i)
        tickets.push_back(c.open());
    for (auto const i : {3, 0, 4, 1, 2})
        c.change(tickets[static_cast<std::size_t>(i)], [](ticket&) {},
                 {.armed = {closing(monday), breach("z", monday), breach("a", monday)}});
    auto const due = c.store->due_timers(monday, 100).value();
    r.check(due.size() == 15, "a timer is lost");
    for (std::size_t i = 0; i < due.size(); ++i) {
        r.check(due[i].ticket == tickets[i / 3].id, "ties do not fall by ordinal");
        auto const& t = due[i].timer;
        r.check(i % 3 == 0 ? t == closing(monday) : t == breach(i % 3 == 1 ? "a" : "z", monday),
                "ties of a ticket do not fall by kind and name");
    }
}

inline void timers_are_moved_and_disarmed(clerk& c, report& r) {
    using namespace std::chrono_literals;
    auto const t = c.open({.armed = {breach("resolution", monday + 4h), closing(monday + 9h)}});
    auto const moved =
        c.change(t, [](ticket&) {},
                 {.disarmed = {breach("resolution", monday + 4h)}, .armed = {breach("resolution", monday + 5h)}});
    auto& s = *c.store;
    r.check(s.next_timer().value() == monday + 5h, "the timer was not moved");
    r.check(s.stats().value().timers == 2, "moving a timer changed how many there are");
    auto const again =
        c.change(moved, [](ticket& changed) { changed.timers.clear(); }, {.armed = {closing(monday + 1h)}});
    r.check(s.next_timer().value() == monday + 1h, "arming what is armed does not move it");
    r.check(s.stats().value().timers == 2, "arming what is armed made a second timer");
    auto const gone = c.change(again, [](ticket&) {}, {.disarmed = {closing(monday + 99h), breach("unknown", monday)}});
    r.check(s.due_timers(monday + 99h, 9).value().size() == 1,
            "disarming asks for more than kind and name, or took too much");
    {
        auto const work = c.begin();
        auto after = gone;
        c.write(*work, &gone, after, {.disarmed = {breach("resolution", monday)}}).value();
    }
    r.check(s.next_timer().value() == monday + 5h, "a disarming that was given up took the timer");
    c.change(gone, [](ticket&) {}, {.disarmed = {breach("resolution", monday)}});
    r.check(!s.next_timer().value(), "a disarmed timer is still there");
}

// --- documents, blobs, outbox

inline void documents_have_versions(clerk& c, report& r) {
    auto const put = [&](char const* kind, char const* id, char const* body) {
        auto const work = c.begin();
        auto const version = work->put_document({kind, id, 77, body, "chlo\u00e9", monday}).value();
        work->commit().value();
        return version;
    };
    r.check(put("role", "agent", "{\"a\":1}") == 1 && put("role", "agent", "{\"a\":2}") == 2,
            "versions do not count from 1");
    r.check(put("role", "boss", "{}") == 1 && put("calendar", "agent", "{}") == 1, "versions are shared by documents");
    r.check(put("role", "boss", "") == 2, "a withdrawal is no version");
    auto& s = *c.store;
    auto const latest = s.documents("role").value();
    r.check(latest.size() == 2 && latest[0] == document{"role", "agent", 2, "{\"a\":2}", "chlo\u00e9", monday},
            "the latest is another one");
    r.check(latest.size() == 2 && latest[1].body.empty(), "a withdrawn document is left out");
    auto const every = s.documents("").value();
    r.check(every.size() == 3 && every[0].kind == "calendar" && every[2].id == "boss",
            "documents are not in order of kind and id");
    auto const versions = s.document_versions("role", "agent").value();
    r.check(versions.size() == 2 && versions[0].version == 1 && versions[0].body == "{\"a\":1}" &&
                versions[1] == latest[0],
            "the versions are others");
    r.check(s.documents("policy").value().empty() && s.document_versions("role", "nobody").value().empty(),
            "there is something of nothing");
    {
        auto const work = c.begin();
        r.check(work->put_document({"role", "agent", 0, "{}", "", monday}).value() == 3,
                "a unit counts from elsewhere");
        r.check(work->put_document({"role", "agent", 0, "{}", "", monday}).value() == 4,
                "a unit does not see its own version");
    }
    r.check(put("role", "agent", "{}") == 3, "a version that was given up is counted");
}

inline void blobs_count_their_uses(clerk& c, report& r) {
    auto const content = bytes_of("an \xff\x00 image");
    std::vector<std::byte> const kept{content.begin(), content.end()};
    auto const address = hash(content);
    auto const with_unit = [&](auto const& act) {
        auto const work = c.begin();
        act(*work);
        work->commit().value();
    };
    r.refused(c.store->read_blob(address), reason::blob_not_found);
    with_unit([&](auto& work) {
        r.check(work.put_blob(content).value() == address, "the address is not the digest");
        r.check(work.put_blob(content).value() == address, "the same bytes have another address");
        r.check(work.find_blob(address).value() == content.size(), "the size differs within the unit");
        work.put_blob({}).value();
    });
    with_unit([&](auto& work) { work.use_blob(address).value(); });
    with_unit([&](auto& work) {
        work.use_blob(address).value();
        r.check(work.find_blob(address).value() == content.size(), "the size differs");
        r.check(!work.find_blob(hash(bytes_of("never put"))).value(), "bytes are there that nobody put");
    });
    r.check(c.store->read_blob(address).value() == kept, "the bytes differ");
    r.check(c.store->read_blob(hash(std::span<std::byte const>{})).value().empty(), "no bytes are some bytes");
    r.check(c.store->stats().value().blobs == 2, "the same bytes are kept twice");
    with_unit([&](auto& work) { work.drop_blob(address).value(); });
    r.check(c.store->read_blob(address).value() == kept, "bytes in use were destroyed");
    {
        auto const work = c.begin();
        work->drop_blob(address).value();
    }
    r.check(c.store->read_blob(address).value() == kept, "bytes were destroyed by a unit that was given up");
    with_unit([&](auto& work) { work.drop_blob(address).value(); });
    r.refused(c.store->read_blob(address), reason::blob_not_found);
    r.check(c.store->stats().value().blobs == 1, "unused bytes are kept");
    r.refused(c.begin()->drop_blob(address), reason::blob_not_found);
    r.refused(c.begin()->use_blob(address), reason::blob_not_found);
    with_unit([&](auto& work) {
        work.put_blob(content).value();
        work.drop_blob(address).value();
        work.put_blob(content).value();
    });
    r.check(c.store->read_blob(address).value() == kept, "bytes put back in the same unit are lost");
}

inline void the_outbox_is_acknowledged_or_retried(clerk& c, report& r) {
    using namespace std::chrono_literals;
    auto const with_unit = [&](auto const& act) {
        auto const work = c.begin();
        act(*work);
        work->commit().value();
    };
    with_unit([&](auto& work) {
        for (auto const at : {2h, 1h, 1h, 9h})
            work.put_outbox(
                    {.id = 999, .tenant = "main", .kind = "mail", .body = "{\"\u00e9\":1}", .not_before = monday + at})
                .value();
    });
    auto& s = *c.store;
    auto const due = s.due_outbox(monday + 2h, 10).value();
    r.check(due.size() == 3, "entries are due at other times");
    if (due.size() != 3)
        return;
    r.check(due[0].not_before == monday + 1h && due[1].not_before == monday + 1h && due[2].not_before == monday + 2h,
            "not the earliest first");
    r.check(due[0].id < due[1].id && due[2].id < due[0].id && due[0].id > 0,
            "ids are not given in the order of writing");
    r.check(due[0].tenant == "main" && due[0].kind == "mail" && due[0].body == "{\"\u00e9\":1}" && due[0].attempts == 0,
            "an entry differs");
    r.check(s.due_outbox(monday + 2h, 2).value().size() == 2 && s.due_outbox(monday, 2).value().empty(),
            "limit or time are not respected");
    with_unit([&](auto& work) {
        work.ack_outbox(due[0].id).value();
        work.ack_outbox(due[0].id).value();
        work.retry_outbox(due[1].id, monday + 3h).value();
    });
    auto const left = s.due_outbox(monday + 3h, 10).value();
    r.check(left.size() == 2 && left[0] == due[2], "an acknowledged entry is still there");
    r.check(left.size() == 2 && left[1].id == due[1].id && left[1].attempts == 1 && left[1].not_before == monday + 3h,
            "a retry is not counted");
    {
        auto const work = c.begin();
        work->ack_outbox(due[2].id).value();
    }
    r.check(s.due_outbox(monday + 3h, 10).value() == left, "an acknowledgement that was given up counts");
}

inline void the_outbox_forgets_a_ticket(clerk& c, report& r) {
    auto const about = numbered_id(7), other = numbered_id(8);
    auto const put = [&](storage::unit_of_work& work, ticket_id ticket) {
        work.put_outbox({.tenant = "main", .ticket = ticket, .kind = "mail", .body = "{}", .not_before = monday})
            .value();
    };
    {
        auto const work = c.begin();
        put(*work, about);
        put(*work, other);
        work->commit().value();
    }
    {
        auto const work = c.begin();
        put(*work, about);
        work->drop_outbox(about).value();
        put(*work, about);
        work->commit().value();
    }
    auto const left = c.store->due_outbox(monday, 10).value();
    r.check(left.size() == 2 && left[0].ticket == other && left[1].ticket == about,
            "of a ticket's entries, others are left than those put after it was dropped");
    {
        auto const work = c.begin();
        work->drop_outbox(other).value();
    }
    r.check(c.store->due_outbox(monday, 10).value() == left, "what was given up is dropped");
}

// --- pieces

/// All pieces, by name.
inline std::map<std::string, std::string> pieces_of(storage::store& s) {
    std::map<std::string, std::string> out;
    for (auto const& name : s.piece_names().value()) {
        auto const bytes = s.read_piece(name).value();
        out[name] = bytes ? std::string{bytes->begin(), bytes->end()} : "none";
    }
    return out;
}

inline void put_piece(storage::unit_of_work& work, std::string_view name, std::string_view content) {
    std::vector<std::uint8_t> const bytes{content.begin(), content.end()};
    work.put_piece(name, bytes).value();
}

inline void pieces_are_replaced_and_dropped(clerk& c, report& r) {
    using pieces = std::map<std::string, std::string>;
    auto const with_unit = [&](auto const& act) {
        auto const work = c.begin();
        act(*work);
        work->commit().value();
    };
    std::string const bytes{"\xff\0\x01", 3};
    r.check(pieces_of(*c.store).empty() && !c.store->read_piece("search/1").value(), "a fresh store has pieces");
    with_unit([&](auto& work) {
        put_piece(work, "search/2", bytes);
        put_piece(work, "search/1", "old");
        put_piece(work, "search/1", "");
        put_piece(work, "search/3", "x");
        work.drop_piece("search/3").value();
        work.drop_piece("never put").value();
    });
    pieces const kept{{"search/1", ""}, {"search/2", bytes}};
    r.check(pieces_of(*c.store) == kept, "pieces are others than those that were put last");
    {
        auto const work = c.begin();
        put_piece(*work, "search/1", "new");
        work->drop_piece("search/2").value();
        r.check(pieces_of(*c.store) == kept, "pieces of an open unit are seen");
    }
    r.check(pieces_of(*c.store) == kept, "a unit that was given up changed pieces");
    auto const head = c.store->head().value();
    with_unit([&](auto& work) { work.drop_piece("search/2").value(); });
    r.check(pieces_of(*c.store) == pieces{{"search/1", ""}}, "a dropped piece is there, or another one is gone");
    r.check(c.store->head().value() == head, "the log knows of a piece");
}

inline void erasing_drops_the_pieces(clerk& c, report& r) {
    auto const t = c.open({.texts = {storage::text_role::message}});
    auto const put = [&] {
        auto const work = c.begin();
        put_piece(*work, "search/1", "imprimante");
        work->commit().value();
    };
    put();
    auto const next = c.change(t, [](ticket&) {});
    r.check(pieces_of(*c.store).size() == 1, "a change without an erasure dropped a piece");
    {
        auto const work = c.begin();
        auto after = next;
        c.write(*work, &next, after, {.erased = {1}}).value();
    }
    r.check(pieces_of(*c.store).size() == 1, "an erasure that was given up dropped a piece");
    {
        auto const work = c.begin();
        auto after = next;
        put_piece(*work, "search/2", "imprimante");
        c.write(*work, &next, after, {.erased = {1}}).value();
        put_piece(*work, "search/3", "made after it");
        work->commit().value();
    }
    r.check(pieces_of(*c.store) == std::map<std::string, std::string>{{"search/3", "made after it"}},
            "what was made of an erased text is kept, or what came after it is not");
}

} // namespace guichet::inline v0::testing::conformance
