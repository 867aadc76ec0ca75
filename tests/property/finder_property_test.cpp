#include "property/playing.hpp"
#include "property/world.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/engine/impl/article_documents.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/testing/faulty_store.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace {

using namespace guichet;
using namespace play;

bool meet(std::vector<std::string> const& some, std::vector<std::string> const& others) {
    return std::any_of(some.begin(), some.end(), [&](std::string const& key) {
        return std::find(others.begin(), others.end(), key) != others.end();
    });
}

/// Changes a byte of something that is kept.
void damage(storage::store& in, dice& chance) {
    auto const names = in.piece_names().value();
    if (names.empty())
        return;
    auto const& name = chance.pick(names);
    auto bytes = in.read_piece(name).value().value();
    auto const work = in.begin().value();
    if (bytes.empty() || chance.percent(20))
        work->drop_piece(name).value();
    else if (chance.percent(20))
        work->put_piece(name, std::span{bytes}.first(chance.below(bytes.size()))).value();
    else {
        bytes[chance.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << chance.below(8));
        work->put_piece(name, bytes).value();
    }
    work->commit().value();
}

/// A desk after a day by chance.
struct lived_in {
    world w{memory_store()};
    script day;

    explicit lived_in(std::uint64_t seed) : day{seed} {
        for (int i = 0; i < 1'400; ++i)
            play_step(w, day.next(), &day);
    }
};

/// Whether two finders say the same of some tickets' subjects.
void agree(world& w, script& day, finder const& one, finder const& other) {
    for (auto const& tenant : tenants)
        for (auto const& t : all_tickets(*w.desk, tenant)) {
            if (t.number.back() != '1')
                continue;
            auto const who = day.somebody(tenant);
            REQUIRE(encode(one.find({.typed = t.subject}, who).value()) ==
                    encode(other.find({.typed = t.subject}, who).value()));
        }
}

} // namespace

TEST_CASE(
    "given a day by chance, when anybody looks, then the keys of a ticket open it to those who see it, and to nobody "
    "else") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        lived_in desk{seed};
        auto& [w, day] = desk;
        auto const config = w.desk->config();
        std::size_t seen = 0, hidden = 0;
        for (auto const& tenant : tenants)
            for (auto const& t : all_tickets(*w.desk, tenant))
                for (int i = 0; i < 12; ++i) {
                    auto const who = day.somebody(tenants[static_cast<std::size_t>(i) % tenants.size()]);
                    auto const* as = config->roles->find(who).value();
                    bool const sees = access::sees(who, *as, t);
                    auto const keys = detail::keys_of(who, *as).keys;
                    REQUIRE(meet(keys, detail::audience_keys{t.tenant, false}.of(t)) == sees);
                    bool const notes = sees && as->has(access::see_internal);
                    REQUIRE(meet(keys, detail::audience_keys{t.tenant, true}.of(t)) == notes);
                    (sees ? seen : hidden) += 1;
                }
        CHECK(seen > 200);
        CHECK(hidden > 200);
    }
}

TEST_CASE(
    "given a day by chance, when anybody looks, then the keys of an article open it to those who may read it, and its "
    "tickets' words to those who also see all tickets") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        lived_in desk{seed};
        auto& [w, day] = desk;
        auto const config = w.desk->config();
        std::vector<std::string> const helped{"words of a ticket"};
        std::size_t seen = 0, hidden = 0, seen_whole = 0;
        for (auto const& tenant : tenants)
            for (auto const& a : w.desk->articles(administrator(tenant)).value().articles)
                for (int i = 0; i < 180; ++i) {
                    auto const who = day.somebody(tenants[static_cast<std::size_t>(i) % tenants.size()]);
                    auto const* as = config->roles->find(who).value();
                    auto const reader = detail::reader_of(*config, who).value();
                    auto keys = detail::keys_of(who, *as);
                    bool const sees_all = access::sees_all(who, *as), all = sees_all && who.tenant == a.tenant;
                    detail::add_article_keys(reader, sees_all, keys.keys);
                    auto const both = detail::documents_of(a, helped, text::tongue::neutral, w.desk->env().now());
                    bool const reads =
                        access::sees(reader, a, w.desk->env().now()) && a.state == article_state::published;
                    REQUIRE(meet(keys.keys, both.own.audience) == reads);
                    REQUIRE(meet(keys.keys, both.with_tickets.audience) == (reads && all));
                    (reads ? seen : hidden) += 1;
                    seen_whole += reads && all;
                }
        CHECK(seen > 50);
        CHECK(hidden > 50);
        CHECK(seen_whole > 20);
        CHECK(seen_whole < seen);
    }
}

TEST_CASE(
    "given a day by chance, when a finder followed it and another comes late, then both find the same, and what one "
    "sees") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        world w{memory_store()};
        script day{seed};
        finder there{*w.desk};
        for (int i = 0; i < 1'200; ++i) {
            play_step(w, day.next(), &day);
            if (i % 50 == 0)
                there.catch_up().value();
        }
        finder late{*w.desk};
        std::size_t found = 0;
        for (auto const& tenant : tenants)
            for (auto const& t : all_tickets(*w.desk, tenant)) {
                if (t.number.back() > '2') // three in ten are enough
                    continue;
                auto const who = day.somebody(tenant);
                auto const& typed = t.subject;
                auto const some = there.find({.typed = typed}, who).value();
                REQUIRE(encode(late.find({.typed = typed}, who).value()) == encode(some));
                for (auto const& hit : some.hits)
                    REQUIRE((hit.article ? w.desk->find_article(hit.article, who).has_value()
                                         : w.desk->find(hit.ticket, who).has_value()));
                found += some.hits.size();
            }
        CHECK(found > 50);
    }
}

TEST_CASE(
    "given an index that is kept through a bad day, when finders come and go, then each answers as one made anew") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        auto const over = std::make_shared<testing::faulty_store>(memory_store());
        world w{over};
        script day{seed};
        dice chance{seed + 1};
        std::size_t failed = 0, opened = 0;
        auto const next = [&] { return std::make_unique<finder>(*w.desk, finder_options{.keep_tickets = 20}); };
        auto there = next();
        for (int i = 0; i < 600; ++i) {
            play_step(w, day.next(), &day);
            if (i % 15 == 0) {
                if (chance.percent(30)) // the machine stops between two writes
                    over->set({.fail_at = 1 + chance.below(12), .late = chance.percent(50)});
                failed += !there->catch_up();
                over->set({});
            }
            if (chance.percent(3))
                damage(*over, chance);
            if (chance.percent(4)) {
                there = next();
                opened += there->catch_up().value() < 20;
            }
            if (i % 150 == 149) {
                finder const anew{*w.desk, {.keep_tickets = 1'000'000}};
                for (auto const& name : over->piece_names().value()) { // what `anew` must not use
                    auto const work = over->begin().value();
                    work->drop_piece(name).value();
                    work->commit().value();
                }
                agree(w, day, *there, anew);
            }
        }
        CHECK(failed > 0);
        CHECK(opened > 0);
    }
}

TEST_CASE(
    "given a day by chance, when somebody looks under a condition, then it holds for what is found and for no other") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        world w{memory_store()};
        script day{seed};
        dice chance{seed};
        for (int i = 0; i < 900; ++i)
            play_step(w, day.next(), &day);
        finder const there{*w.desk};
        static std::vector<std::string> const conditions{"open = true",
                                                         "state in (new, open) and not (queue = desk)",
                                                         "priority = high or tags has vip or assignee empty",
                                                         "assignee not empty and replies > 0",
                                                         "channel != mail and status in (resolved, closed)",
                                                         "tags has none of (vip, urgent) and kind is incident"};
        std::size_t kept = 0, dropped = 0;
        for (auto const& tenant : tenants)
            for (auto const& t : all_tickets(*w.desk, tenant)) {
                if (t.number.back() > '2')
                    continue;
                auto const who = day.somebody(tenant);
                find_request asked{.typed = t.subject, .top = 1'000};
                auto const all = there.find(asked, who).value().hits;
                asked.where = chance.pick(conditions);
                CAPTURE(asked.where);
                std::set<ticket_id> want, got;
                view fitting;
                fitting.where = asked.where;
                fitting.limit = limits::page_rows_max;
                auto const rows = w.desk->query(fitting, who);
                auto const found = there.find(asked, who);
                REQUIRE(rows.has_value() == found.has_value());
                if (!found) // the lifecycle of the day has no such choice
                    continue;
                for (auto const& row : rows->tickets)
                    want.insert(row.id);
                for (auto const& hit : found->hits)
                    got.insert(hit.ticket);
                for (auto const& hit : all) {
                    REQUIRE(got.contains(hit.ticket) == want.contains(hit.ticket));
                    (got.contains(hit.ticket) ? kept : dropped) += 1;
                }
                REQUIRE(got.size() <= all.size());
            }
        CHECK(kept > 20);
        CHECK(dropped > 20);
    }
}
