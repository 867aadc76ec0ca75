#include "property/script.hpp"
#include "property/world.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/engine/impl/article_documents.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/engine/impl/ticket_documents.ipp>

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

} // namespace

TEST_CASE(
    "given a day by chance, when anybody looks, then the keys of a ticket open it to those who see it, and to nobody "
    "else") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        world w{memory_store()};
        script day{seed};
        for (int i = 0; i < 1'000; ++i)
            play_step(w, day.next(), &day);
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
        world w{memory_store()};
        script day{seed};
        for (int i = 0; i < 1'000; ++i)
            play_step(w, day.next(), &day);
        auto const config = w.desk->config();
        std::vector<std::string> const helped{"words of a ticket"};
        std::size_t seen = 0, hidden = 0, seen_whole = 0;
        for (auto const& tenant : tenants)
            for (auto const& a : w.desk->articles(administrator(tenant)).value().articles)
                for (int i = 0; i < 12; ++i) {
                    auto const who = day.somebody(tenants[static_cast<std::size_t>(i) % tenants.size()]);
                    auto const* as = config->roles->find(who).value();
                    auto const reader = detail::reader_of(*config, who).value();
                    auto keys = detail::keys_of(who, *as);
                    bool const all = detail::sees_all_tickets(keys, a.tenant);
                    detail::add_article_keys(reader, detail::sees_all_tickets(keys, who.tenant), keys.keys);
                    auto const both = detail::documents_of(a, helped, text::tongue::neutral);
                    bool const reads = access::sees(reader, a) && a.state == article_state::published;
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
