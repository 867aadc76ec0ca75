#include "property/script.hpp"
#include "property/world.hpp"

#include <guichet/engine/finder.hpp>
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
                    REQUIRE(w.desk->find(hit.ticket, who).has_value());
                found += some.hits.size();
            }
        CHECK(found > 50);
    }
}
