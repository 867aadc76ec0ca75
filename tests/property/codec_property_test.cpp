/// What is written is read back as it was.
#include "property/playing.hpp"

#include <guichet/engine/impl/log.ipp>

namespace {

using namespace play;

TEST_CASE("given any command, when it is written as JSON and read, then it is the same command") {
    auto const seed = seeds(1).front();
    CAPTURE(seed);
    world w{memory_store(), seed};
    script day{seed};
    std::size_t compared = 0;
    auto const check = [&](command const& wish) {
        auto const text = encode(wish);
        CAPTURE(text);
        auto const read = decode_command(text).value();
        REQUIRE(encode(read) == text);
        REQUIRE(read.body.index() == wish.body.index());
        REQUIRE((read.by == wish.by && read.id == wish.id && read.ticket == wish.ticket));
        if (!wish.ticket) // an id says it all; the number beside it is not written
            REQUIRE(read.number == wish.number);
        REQUIRE(read.expected_version == wish.expected_version);
        ++compared;
    };
    for (int i = 0; i < 3'000; ++i) {
        auto const next = day.next();
        if (auto const* one = std::get_if<one_command>(&next))
            check(one->wish);
        else if (auto const* many = std::get_if<many_commands>(&next))
            for (auto const& wish : many->wishes)
                check(wish);
        play_step(w, next, &day);
    }
    CHECK(compared > 2'000);
}

TEST_CASE("given a field that is cleared, when the command is written and read, then it is still cleared") {
    command wish{.by = {.person = "luc", .role = "agent"}, .body = hand_over_ticket{.queue = "", .assignee = "mia"}};
    auto const read = std::get<hand_over_ticket>(decode_command(encode(wish)).value().body);
    CHECK(read.queue.value() == "");
    CHECK(!read.team.has_value());
    CHECK(read.assignee.value() == "mia");

    wish.body = set_fields{.contact = "", .fields = {{"remark", std::monostate{}, 0}}};
    auto const fields = std::get<set_fields>(decode_command(encode(wish)).value().body);
    CHECK(fields.contact.value() == "");
    CHECK(!fields.subject.has_value());
    REQUIRE(fields.fields.size() == 1);
    CHECK(std::holds_alternative<std::monostate>(fields.fields.front().value));
}

TEST_CASE(
    "given an administrator who writes by chance, when it is put in force, then each kind of document is at times") {
    world w{memory_store()};
    dice chance{seeds(1).front()};
    std::set<std::string> written, accepted;
    for (int i = 0; i < 300; ++i) {
        auto const documents = paperwork{chance}.next_documents();
        auto const done = w.desk->configure(documents, administrator(tenants[0]));
        for (auto const& d : documents) {
            written.insert(d.kind);
            if (done)
                accepted.insert(d.kind);
        }
    }
    CHECK(written.size() >= 9);
    CHECK(accepted == written);
}

/// Questions about one category, faster than they ever came.
void bring_trend(world& w) {
    w.desk->configure({.kind = "trend", .id = "desk", .body = R"({"keys": ["category"]})"}, administrator(tenants[0]))
        .value();
    w.env.advance(std::chrono::days{30});
    for (int i = 0; i < 40; ++i) {
        w.desk
            ->execute(
                {.by = administrator(tenants[0]), .body = open_ticket{.subject = "No network", .category = "network"}})
            .value();
        w.env.advance(std::chrono::seconds{5});
    }
    while (w.desk->pump().value().timers_fired > 0)
        ;
}

TEST_CASE("given any ticket and any event, when they are written and read, then they are the same") {
    auto const seed = seeds(2).back();
    CAPTURE(seed);
    world w{memory_store(), seed};
    script day{seed};
    for (int i = 0; i < 9'000; ++i)
        play_step(w, day.next(), &day);
    bring_trend(w);
    std::set<std::string_view> kinds;
    for (auto const& tenant : tenants) {
        for (auto const& t : all_tickets(*w.desk, tenant)) {
            auto const text = encode(t);
            CAPTURE(text);
            auto told = t;
            for (auto& f : told.fields)
                f.text = 0; // the number of its text is the store's matter, and not told
            REQUIRE(same_history(decode_ticket(text).value(), told));
            std::string lists;
            encode_lists(t, lists);
            ticket_lists again;
            decode_lists(lists, again).value();
            REQUIRE((again == t));
        }
        for (auto const& a : w.desk->articles(administrator(tenant)).value().articles) {
            std::string row;
            encode_row(a, row);
            REQUIRE((decode_article(row).value() == a));
            REQUIRE((decode_article(encode(a)).value() == a));
        }
        for (auto const& e : whole_log(*w.desk, tenant)) {
            kinds.insert(name_of(e.body));
            auto const texts = w.store->read_texts(detail::subject_of(e)).value();
            auto const stored = detail::to_stored(e);
            CAPTURE(stored.body);
            auto const read = detail::from_stored(stored, texts).value();
            REQUIRE(encode(read) == encode(e));
            REQUIRE((detail::to_stored(read) == stored));
        }
    }
    for (std::size_t i = 0; i < std::variant_size_v<event_body>; ++i)
        CHECK_MESSAGE(kinds.contains(type_name(i)), "never happened: ", type_name(i));
}

} // namespace
