#include "property/dice.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace play;

std::vector<std::string> const words{"imprimante", "imprimer",  "badge",  "badger", "serveur", "VPN",
                                     "tunnel",     "corneille", "HP-400", "toner",  "écran",   "zibeline"};
std::vector<std::string> const audiences{
    "public",     "staff",      "role:requester", "role:agent", "organisation:bakery",
    "person:ana", "person:bob", "team:nobody"};

std::vector<actor> const people{
    {.person = "ana", .role = "requester", .organisation = "bakery"},
    {.person = "bob", .role = "requester"},
    {.person = "luc", .role = "agent"},
    {.tenant = "north", .person = "ana", .role = "requester"},
    {.tenant = "north", .person = "root", .role = "administrator"},
};

std::string sentence(dice& chance) {
    std::string out;
    for (auto left = 1 + chance.below(4); left > 0; --left)
        out += chance.pick(words) + ' ';
    return out;
}

host_document made_up(dice& chance) {
    host_document out{.id = "p" + std::to_string(chance.below(40)), .title = sentence(chance)};
    out.tenant = chance.percent(30) ? "north" : "";
    out.body = sentence(chance);
    out.attributes = {{"shade", chance.pick(words)}};
    for (auto left = chance.below(3); left > 0; --left)
        out.audience.push_back(chance.pick(audiences));
    return out;
}

/// The rule as it is told to a host.
bool sees(actor const& who, host_document const& d) {
    std::vector<std::string> mine{"public", "role:" + who.role, "person:" + who.person};
    if (who.role != "requester")
        mine.emplace_back("staff");
    if (!who.organisation.empty())
        mine.push_back("organisation:" + who.organisation);
    auto const wanted = d.audience.empty() ? std::vector<std::string>{"staff"} : d.audience;
    return d.tenant == who.tenant && std::ranges::find_first_of(wanted, mine) != wanted.end();
}

/// All that somebody gets to see when he looks for some things.
std::string all_told(finder const& there, actor const& who) {
    std::string out;
    for (auto const* typed : {"imprimante", "badges serveur", "tunel", "HP-400", "corneille zibeline", "-vpn toner"}) {
        find_request asked{.typed = typed, .language = text::tongue::fr, .top = 100};
        asked.facets = {"document", "product.shade"};
        out += encode(there.find(asked, who).value()) + '\n';
    }
    for (auto const* begun :
         {"corn", "zi", "se", "tun", "hp"}) // which of the words of one stem follows from the segments
        for (auto const& word : there.complete(begun, who).value())
            out += word + ' ';
    return out;
}

} // namespace

TEST_CASE(
    "given products by chance, when they are put, changed and removed, then each viewer's answers are those of a host "
    "that has no others, from an index that followed as from one made anew") {
    for (auto const seed : seeds(2)) {
        CAPTURE(seed);
        dice chance{seed};
        testing::simulated_environment world{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
        auto const on = desk::open(memory_store(), world).value();
        auto const finder_on = [&](std::shared_ptr<document_shelf> shelf) {
            return finder{*on, {.language = text::tongue::fr, .keep_tickets = 10'000, .sources = {{"product", shelf}}}};
        };
        auto const shelf = std::make_shared<document_shelf>();
        std::map<std::pair<std::string, std::string>, host_document> there;
        auto const followed = finder_on(shelf);
        std::size_t seen = 0, hidden = 0;
        for (int i = 1; i <= 240; ++i) {
            auto one = made_up(chance);
            if (chance.percent(25)) {
                CHECK(shelf->remove(one.tenant, one.id) == (there.erase({one.tenant, one.id}) > 0));
            } else {
                there[{one.tenant, one.id}] = one;
                shelf->put(one);
            }
            if (chance.percent(20))
                all_told(followed, people.front());
            if (i % 40 != 0)
                continue;
            auto const anew = finder_on(shelf);
            for (auto const& who : people) {
                CAPTURE(who.person);
                std::vector<host_document> his;
                for (auto const& [name, d] : there)
                    if (sees(who, d))
                        his.push_back(d);
                seen += his.size();
                hidden += there.size() - his.size();
                auto const want = all_told(finder_on(std::make_shared<document_shelf>(his)), who);
                REQUIRE(all_told(followed, who) == want);
                REQUIRE(all_told(anew, who) == want);
            }
        }
        CHECK(seen > 100);
        CHECK(hidden > 100);
    }
}
