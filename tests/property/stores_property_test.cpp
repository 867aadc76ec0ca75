/// A desk answers the same in memory and on a file, whatever it is asked.
#include "property/playing.hpp"

#if defined(PLAY_ON_SQLITE)
namespace {

using namespace play;

/// An answer as text, so that two desks are compared by comparing what they said.
template <class Answer, class Write>
std::string told(result<Answer> const& answer, Write const& write) {
    return answer ? write(*answer) : answer.error().describe();
}

std::string row(ticket const& t) { return std::to_string(t.ordinal) + " " + encode(t) + "\n"; }

std::string all_of_page(page const& p) {
    std::string out;
    for (auto const& t : p.tickets)
        out += row(t);
    return out + p.next;
}

/// Every page of a view as both desks tell it, which must be the same; the number of rows.
std::size_t read_alike(world& memory, world& file, view wanted, viewer const& who) {
    std::size_t rows = 0;
    std::set<ticket_id> seen;
    for (;;) {
        auto const here = memory.desk->query(wanted, who), there = file.desk->query(wanted, who);
        REQUIRE(told(here, all_of_page) == told(there, all_of_page));
        if (!here)
            return rows;
        for (auto const& t : here->tickets)
            REQUIRE_MESSAGE(seen.insert(t.id).second, "a row came twice");
        rows += here->tickets.size();
        if (here->next.empty())
            return rows;
        wanted.cursor = here->next;
    }
}

void ask_alike(world& memory, world& file, script& day) {
    auto& chance = day.chance();
    auto const who = day.somebody(chance.pick(tenants));
    std::vector<view> views;
    for (int i = 0; i < 4; ++i)
        views.push_back(day.next_view(memory.desk->config()->viewed));
    std::vector<std::size_t> rows;
    for (auto const& v : views) {
        INFO("viewer ", who.person, " as ", who.role, " of ", who.tenant);
        rows.push_back(read_alike(memory, file, v, who));
    }
    auto const here = memory.desk->count(views, who), there = file.desk->count(views, who);
    REQUIRE(here.has_value() == there.has_value());
    for (std::size_t i = 0; here && i < views.size(); ++i) {
        REQUIRE(((*here)[i] == (*there)[i]));
        REQUIRE((*here)[i].count == rows[i]);
    }
    auto const pages = [&](world& w) {
        std::string out;
        for (std::string next;;) {
            auto const page = w.desk->articles(who, next, 3).value();
            for (auto const& a : page.articles) {
                out += encode(a) + "\n";
                REQUIRE(encode(w.desk->find_article(a.number, who).value()) == encode(a));
            }
            if ((next = page.next).empty())
                return out;
        }
    };
    REQUIRE(pages(memory) == pages(file));
    auto const asked = [&](world& w) {
        std::string out;
        for (storage::inquiry_place after;;) {
            auto const page = w.store->inquiries(who.tenant, after, 3).value();
            if (page.empty())
                return out;
            for (auto const& one : page)
                out += encode(one) + "\n";
            after = {page.back().at, page.back().id};
        }
    };
    REQUIRE(asked(memory) == asked(file));
    if (day.known().empty())
        return;
    auto const id = chance.pick(day.known()).id;
    auto const list = [](auto const& all) {
        std::string out;
        for (auto const& one : all)
            out += encode(one) + "\n";
        return out;
    };
    REQUIRE(told(memory.desk->conversation(id, who), list) == told(file.desk->conversation(id, who), list));
    REQUIRE(told(memory.desk->history(id, who), list) == told(file.desk->history(id, who), list));
    if (!day.known_articles().empty()) {
        auto const some = chance.pick(day.known_articles()).id;
        REQUIRE(told(memory.desk->article_history(some, who), list) ==
                told(file.desk->article_history(some, who), list));
    }
    auto const at = memory.env.now() - std::chrono::minutes{chance.between(0, 5'000)};
    REQUIRE(told(memory.desk->as_of(id, at, who), row) == told(file.desk->as_of(id, at, who), row));
}

void play_alike(world& memory, world& file, script& day, int steps) {
    for (int i = 1; i <= steps; ++i) {
        auto const next = day.next();
        auto const here = play_step(memory, next, &day);
        REQUIRE(here == play_step(file, next, nullptr));
        if (i % 20 == 0)
            ask_alike(memory, file, day);
        if (i % 20 == 10)
            REQUIRE((memory.desk->next_wakeup().value() == file.desk->next_wakeup().value()));
    }
    auto const found = troubles(*file.desk);
    REQUIRE_MESSAGE(found.empty(), joined(found));
    auto const here = memory.desk->verify().value(), there = file.desk->verify().value();
    REQUIRE(to_hex(here.chain) == to_hex(there.chain));
    auto const a = memory.desk->stats().value(), b = file.desk->stats().value();
    REQUIRE(a.articles == b.articles);
    REQUIRE((std::tie(a.tickets, a.events, a.texts, a.timers, a.receipts, a.blobs, a.documents) ==
             std::tie(b.tickets, b.events, b.texts, b.timers, b.receipts, b.blobs, b.documents)));
}

TEST_CASE("given the same day on a desk in memory and on one on a file, then both tell the same") {
    for (auto const seed : seeds(4)) {
        CAPTURE(seed);
        scratch_file file;
        world here{memory_store(), seed}, there{open_file(file.path()), seed};
        script day{seed};
        play_alike(here, there, day, 700);
    }
}

TEST_CASE("given a desk on a file, when it is closed and opened again, then it goes on where it was") {
    auto const seed = seeds(1).front();
    CAPTURE(seed);
    scratch_file file;
    world here{memory_store(), seed}, there{open_file(file.path()), seed};
    script day{seed};
    for (int opened = 0; opened < 5; ++opened) {
        play_alike(here, there, day, 150);
        there.desk.reset();
        there.store.reset();
        there.store = open_file(file.path());
        there.reopen();
        here.reopen();
    }
}

} // namespace
#endif
