#include "help_desk.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/testing/faulty_store.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace guichet;

namespace {

using titles = std::vector<std::string>;

/// A shop's products, of which the host can be made to fail.
struct failing_shelf : document_shelf {
    using document_shelf::document_shelf;
    result<document_changes> changes(std::string_view mark) override {
        ++asked;
        if (fails)
            throw std::runtime_error{"the shop is closed"};
        auto out = document_shelf::changes(mark);
        told += out->put.size() + out->removed.size();
        return out;
    }
    bool fails = false;
    std::size_t asked = 0, told = 0;
};

host_document product(std::string id, std::string title, std::string body = {}) {
    host_document out{.id = std::move(id), .title = std::move(title), .body = std::move(body)};
    out.audience = {"public"};
    return out;
}

struct desk_with_products : help_desk {
    std::shared_ptr<failing_shelf> shelf = std::make_shared<failing_shelf>();
    finder_options options{.language = text::tongue::fr, .sources = {{"product", shelf}}};
    finder find{*desk, options};

    titles found(std::string_view typed, viewer const& who, std::vector<std::string> kinds = {}) {
        find_request asked{.typed = typed};
        asked.kinds = std::move(kinds);
        titles out;
        for (auto const& hit : find.find(asked, who).value().hits)
            out.push_back(hit.subject);
        return out;
    }
};

} // namespace

TEST_CASE("given products of the host, when somebody searches, then they are found beside tickets, as they are now") {
    desk_with_products d;
    d.opened(d.ana, "Imprimante bloquée");
    d.shelf->put(product("LJ/400", "Imprimante laser", "Le **bac** porte 250 feuilles"));
    CHECK(d.found("imprimantes", d.ana).size() == 2);
    auto const hit = d.find.find({.typed = "feuille"}, d.ana).value().hits.at(0);
    CHECK(hit.kind == "product");
    CHECK(hit.document == "LJ/400");
    CHECK(hit.number == "LJ/400");
    CHECK_FALSE(hit.ticket);
    CHECK_FALSE(hit.article);
    CHECK(hit.snippet.find("<mark>feuilles</mark>") != std::string::npos);
    CHECK(encode(d.find.find({.typed = "feuille"}, d.ana).value())
              .find("{\"document\":\"LJ/400\",\"kind\":\"product\"") != std::string::npos);
    CHECK(d.found("imprimante", d.ana, {"product"}) == titles{"Imprimante laser"});
    CHECK(d.found("imprimante", d.ana, {"ticket"}) == titles{"Imprimante bloquée"});
    d.shelf->put(product("LJ/400", "Traceur"));
    CHECK(d.found("feuille", d.ana).empty());
    CHECK(d.found("traceur", d.ana) == titles{"Traceur"});
    d.shelf->remove("", "LJ/400");
    CHECK(d.found("traceur", d.ana).empty());
}

TEST_CASE("given documents for some, when anybody searches, then what is not for him is nowhere in the answer") {
    desk_with_products d;
    auto const shelve = [&](std::string id, std::vector<std::string> audience, std::string tenant = {}) {
        auto one = product(std::move(id), "Zibeline", "Zibeline rare");
        one.audience = std::move(audience);
        one.tenant = std::move(tenant);
        one.attributes = {{"shade", one.id}};
        d.shelf->put(one);
    };
    d.shelf->put(product("open", "Manteau"));
    shelve("staff", {});
    shelve("bakery", {"organisation:bakery"});
    shelve("bob", {"person:bob"});
    shelve("north", {"public"}, "north");
    auto const seen = [&](viewer const& who) {
        std::vector<std::string> out;
        for (auto const& hit : d.find.find({.typed = "zibeline"}, who).value().hits)
            out.push_back(hit.document);
        std::ranges::sort(out);
        return out;
    };
    CHECK(seen(d.luc) == titles{"staff"});
    CHECK(seen(d.bob) == titles{"bob"});
    CHECK(seen({.person = "ana", .role = "requester", .organisation = "bakery"}) == titles{"bakery"});
    CHECK(seen({.tenant = "north", .person = "bob", .role = "requester"}) == titles{"north"});
    CHECK(seen(d.ana).empty());
    find_request asked{.typed = "zibelime"};
    asked.facets = {"document", "product.shade"};
    auto const none = d.find.find(asked, d.ana).value();
    CHECK(none.hits.empty());
    CHECK(none.did_you_mean.empty());
    for (auto const& one : none.facets)
        CHECK(one.values.empty());
    CHECK(d.find.complete("zibel", d.ana).value().empty());
    CHECK(d.find.complete("zibel", d.luc).value() == titles{"zibeline"});
}

TEST_CASE("given attributes of documents, when somebody searches, then they choose and are counted by themselves") {
    desk_with_products d;
    auto one = product("1", "Imprimante laser"), two = product("2", "Imprimante à jet");
    one.attributes = {{"vendor", "HP"}, {"state", "sold"}};
    two.attributes = {{"vendor", "Epson"}};
    d.shelf->put(one);
    d.shelf->put(two);
    d.opened(d.ana, "Imprimante bloquée");
    find_request asked{.typed = "imprimante"};
    asked.facets = {"document", "product.vendor", "state"};
    auto const all = d.find.find(asked, d.ana).value();
    using counts = std::vector<search::facet::count>;
    CHECK(all.facets.at(0).values == counts{{"product", 2}, {"ticket", 1}});
    CHECK(all.facets.at(1).values == counts{{"Epson", 1}, {"HP", 1}});
    CHECK(all.facets.at(2).values.size() == 1); // of the ticket alone
    asked.having = search::has("product.vendor", {"HP"});
    CHECK(d.find.find(asked, d.ana).value().hits.size() == 1);
    asked.having = {};
    asked.where = "open = true"; // is said of tickets
    CHECK(d.find.find(asked, d.ana).value().hits.size() == 1);
    asked.facets = {"shoe.size"};
    CHECK(d.find.find(asked, d.ana).error().why() == reason::unknown_field);
    asked.facets.clear();
    asked.kinds = {"shoe"};
    auto const refused = d.find.find(asked, d.ana);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error()["known"] == "product, ticket, article");
}

TEST_CASE("given an index that is kept, when a finder comes later, then it asks the host only for what changed") {
    desk_with_products d;
    for (int i = 0; i < 30; ++i)
        d.shelf->put(product(std::to_string(i), "Article numéro " + std::to_string(i)));
    d.options.keep_tickets = 1;
    finder first{*d.desk, d.options};
    CHECK(first.catch_up().value() == 30);
    d.shelf->put(product("3", "Nouveau modèle"));
    d.shelf->remove("", "4");
    auto const before = d.shelf->told;
    finder second{*d.desk, d.options};
    CHECK(second.catch_up().value() == 2);
    CHECK(d.shelf->told == before + 2);
    CHECK(second.find({.typed = "nouveau"}, d.ana).value().hits.size() == 1);

    // another program, with a shelf that holds the same, and then less
    auto const again = std::make_shared<failing_shelf>(
        std::vector<host_document>{product("1", "Article numéro 1"), product("2", "Article numéro 2")});
    d.options.sources = {{"product", again}};
    finder third{*d.desk, d.options};
    CHECK(third.catch_up().value() == 2);
    CHECK(third.find({.typed = "nouveau"}, d.ana).value().hits.empty());
    CHECK(third.find({.typed = "article"}, d.ana).value().hits.size() == 2);
    CHECK(again->told == 2);
    d.options.sources = {{"product", std::make_shared<failing_shelf>(std::vector<host_document>{
                                         product("2", "Article numéro 2"), product("1", "Article numéro 1")})}};
    CHECK(finder{*d.desk, d.options}.catch_up().value() == 0); // the same in another order

    d.options.sources.clear(); // without the host there is nothing of it, though it is kept
    finder alone{*d.desk, d.options};
    CHECK(alone.find({.typed = "article"}, d.luc).value().hits.empty());
    CHECK(alone.complete("artic", d.luc).value().empty());
}

TEST_CASE("given kept pieces that are lost, when a finder comes, then the host is asked for all again") {
    desk_with_products d;
    d.shelf->put(product("1", "Imprimante"));
    d.options.keep_tickets = 1;
    finder{*d.desk, d.options}.catch_up().value();
    auto const id = d.opened(d.ana, "Dossier médical", "Le patient Dupont");
    d.act(d.root, redact_ticket{0, {}, "ana"}, id).value(); // drops all pieces
    REQUIRE(d.desk->store().piece_names().value().empty());
    finder next{*d.desk, d.options};
    CHECK(next.find({.typed = "imprimante"}, d.ana).value().hits.size() == 1);
}

TEST_CASE("given a source that fails, when somebody searches, then he finds what was known, and health tells why") {
    desk_with_products d;
    d.shelf->put(product("1", "Imprimante laser"));
    CHECK(d.found("laser", d.ana).size() == 1);
    d.shelf->fails = true;
    d.shelf->put(product("2", "Laser vert"));
    CHECK(d.found("laser", d.ana) == titles{"Imprimante laser"});
    CHECK(d.find.health().last_failure->why() == reason::source_failed);
    CHECK((*d.find.health().last_failure)["problem"] == "the shop is closed");
    d.shelf->fails = false;
    CHECK(d.found("laser", d.ana).size() == 2);
    d.shelf->put({.id = "3", .title = "Laser rouge", .audience = {"everybody"}});
    CHECK(d.found("laser", d.luc).size() == 2);
    CHECK(d.find.health().last_failure->why() == reason::unknown_value);
    CHECK(d.find.health().failures >= 2);
}

TEST_CASE("given a kind that is no word of its own, when somebody searches, then the error says how to name it") {
    help_desk d;
    for (auto const* kind : {"", "ticket", "article", "Product", "a\nb"}) {
        finder find{*d.desk, {.sources = {{kind, std::make_shared<document_shelf>()}}}};
        CHECK(find.find({.typed = "x"}, d.luc).error().why() == reason::bad_value);
    }
}

TEST_CASE("given a document that is to be destroyed, when the finder catches up, then no byte of it is kept") {
    struct archive : document_source {
        document_changes next;
        result<document_changes> changes(std::string_view mark) override {
            return mark == next.mark ? document_changes{.mark = next.mark} : next;
        }
        result<std::optional<host_document>> find(std::string_view, std::string_view) override {
            return std::optional<host_document>{};
        }
    };
    help_desk d;
    auto const source = std::make_shared<archive>();
    source->next = {.put = {product("1", "Dossier", "Patient Dupont"), product("2", "Facture")}, .mark = "1"};
    finder find{*d.desk, {.keep_tickets = 2, .sources = {{"record", source}}}};
    auto const kept = [&](std::string_view word) {
        bool out = false;
        for (auto const& name : d.desk->store().piece_names().value()) {
            auto const bytes = d.desk->store().read_piece(name).value().value();
            out |= std::search(bytes.begin(), bytes.end(), word.begin(), word.end()) != bytes.end();
        }
        return out;
    };
    find.catch_up().value();
    CHECK(kept("upont"));
    source->next = {.removed = {{"", "1"}}, .mark = "2", .destroys = true};
    find.catch_up().value();
    CHECK_FALSE(d.desk->store().piece_names().value().empty());
    CHECK_FALSE(kept("upont"));
}

TEST_CASE("given a new ticket, when somebody asks what may help, then documents of the host are proposed, too") {
    desk_with_products d;
    d.shelf->put(product("vpn-box", "Boîtier VPN", "Se connecte au tunnel"));
    d.shelf->put(product("chair", "Chaise"));
    auto const id = d.opened(d.ana, "Le boîtier VPN ne se connecte plus");
    auto const some = d.find.suggest(id, d.luc).value();
    REQUIRE(some.documents.size() == 1);
    CHECK(some.documents[0].document == "vpn-box");
    CHECK_FALSE(some.documents[0].because.empty());
    CHECK(encode(some).find("\"documents\":[{\"document\":\"vpn-box\"") != std::string::npos);
}
