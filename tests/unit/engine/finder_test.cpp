#include "help_desk.hpp"

#include <guichet/engine/finder.hpp>

#include <guichet/testing/faulty_store.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace guichet;

namespace {

/// A desk whose tickets can be found, in French.
struct searched_desk : help_desk {
    finder find{*desk, {.language = text::tongue::fr}};

    std::vector<std::string> found(std::string_view typed, viewer const& who) {
        std::vector<std::string> out;
        for (auto const& hit : find.find({.typed = typed, .language = text::tongue::fr}, who).value().hits)
            out.push_back(hit.subject);
        return out;
    }
};

using subjects = std::vector<std::string>;

/// Whether anything that is kept of the index has these bytes.
bool kept_anywhere(storage::store& in, std::string_view word) {
    for (auto const& name : in.piece_names().value()) {
        auto const bytes = in.read_piece(name).value().value();
        if (std::search(bytes.begin(), bytes.end(), word.begin(), word.end()) != bytes.end())
            return true;
    }
    return false;
}

} // namespace

TEST_CASE("given tickets, when somebody looks for words in another form, then those that have them are found") {
    searched_desk d;
    d.opened(d.ana, "L'imprimante du deuxième est bloquée", "Bourrage papier");
    d.opened(d.ana, "Plus d'accès au réseau privé");
    CHECK(d.found("imprimantes bloquées", d.luc) == subjects{"L'imprimante du deuxième est bloquée"});
    CHECK(d.found("bourrages", d.luc) == subjects{"L'imprimante du deuxième est bloquée"});
    CHECK(d.found("imprimnate", d.luc) == subjects{"L'imprimante du deuxième est bloquée"});
    CHECK(d.found("chaise", d.luc).empty());
}

TEST_CASE("given a ticket, when it is answered, renamed and tagged, then it is found by that at once") {
    searched_desk d;
    auto const id = d.opened(d.ana, "Panne");
    d.act(d.luc, reply{.text = "Redémarrez le commutateur"}, id).value();
    CHECK(d.found("commutateur", d.luc) == subjects{"Panne"});
    d.act(d.luc, tag_ticket{{"incendie"}, {}}, id).value();
    CHECK(d.found("incendie", d.luc) == subjects{"Panne"});
    set_fields rename;
    rename.subject = "Écran noir";
    d.act(d.luc, rename, id).value();
    CHECK(d.found("écran", d.luc) == subjects{"Écran noir"});
    CHECK(d.found("panne", d.luc).empty());
}

TEST_CASE("given tickets of others and notes of the desk, when a requester looks, then there is nothing of them") {
    searched_desk d;
    auto const hers = d.opened(d.ana, "Panne du badge");
    d.opened(d.bob, "Panne du portillon");
    d.act(d.luc, add_note{.text = "Badge cloné, prévenir la sécurité"}, hers).value();
    CHECK(d.found("panne", d.ana) == subjects{"Panne du badge"});
    CHECK(d.found("panne", d.luc).size() == 2);
    CHECK(d.found("cloné", d.luc) == subjects{"Panne du badge"});
    CHECK(d.found("cloné", d.ana).empty());
    CHECK(d.find.complete("clon", d.luc).value() == subjects{"clone"});
    CHECK(d.find.complete("clon", d.ana).value().empty());
    CHECK(d.find.complete("port", d.ana).value().empty());
    auto const shown = d.find.find({.typed = "badge"}, d.ana).value();
    REQUIRE(shown.hits.size() == 1);
    CHECK(shown.hits.front().snippet.find("<mark>badge</mark>") != std::string::npos);
    CHECK(shown.hits.front().snippet.find("clon") == std::string::npos);
}

TEST_CASE("given a text that is erased, when somebody looks for its words, then nobody finds them") {
    searched_desk d;
    auto const id = d.opened(d.ana, "Dossier médical", "Le patient Dupont");
    CHECK(d.found("Dupont", d.luc).size() == 1);
    d.act(d.root, redact_ticket{0, {}, "ana"}, id).value();
    CHECK(d.found("Dupont", d.luc).empty());
    CHECK(d.find.complete("dup", d.luc).value().empty());
}

TEST_CASE("given an index that is kept, when a text is erased, then no byte of it is left, also where it was merged") {
    searched_desk d;
    auto const id = d.opened(d.ana, "Dossier médical", "Le patient Dupont");
    auto const other = d.opened(d.ana, "Dossier perdu");
    d.act(d.luc, merge_ticket{other}, id).value();
    finder keeper{*d.desk, {.language = text::tongue::fr, .keep_tickets = 1}};
    keeper.catch_up().value();
    CHECK(kept_anywhere(d.desk->store(), "upont")); // the dictionary leaves out what words share
    d.act(d.root, redact_ticket{0, {}, "ana"}, id).value();
    CHECK(d.desk->store().piece_names().value().empty());
    keeper.catch_up().value();
    CHECK_FALSE(d.desk->store().piece_names().value().empty());
    CHECK_FALSE(kept_anywhere(d.desk->store(), "upont"));
    CHECK(keeper.find({.typed = "Dupont"}, d.luc).value().hits.empty());
}

TEST_CASE("given a ticket merged into another, when its words are looked for, then the other one is found") {
    searched_desk d;
    auto const twice = d.opened(d.ana, "Messagerie en panne", "Le serveur Zimbra ne répond pas");
    auto const first = d.opened(d.ana, "Courriels perdus");
    d.act(d.luc, merge_ticket{first}, twice).value();
    CHECK(d.found("zimbra", d.luc) == subjects{"Courriels perdus"});
    d.act(d.luc, unmerge_ticket{}, twice).value();
    CHECK(d.found("zimbra", d.luc) == subjects{"Messagerie en panne"});
}

TEST_CASE("given the same failure solved before and open elsewhere, when it comes again, then both are suggested with "
          "their words") {
    searched_desk d;
    auto const solved = d.opened(d.bob, "VPN : erreur 809 au démarrage", "Le tunnel ne monte pas");
    d.act(d.luc, resolve_ticket{.text = "Ouvrir le port UDP 4500"}, solved).value();
    auto const open = d.opened(d.bob, "Erreur 809 du VPN");
    d.opened(d.bob, "Souris cassée");
    auto const again = d.opened(d.ana, "Mon VPN affiche l'erreur 809", "Le tunnel ne monte plus");
    auto const some = d.find.suggest(again, d.luc).value();
    REQUIRE(some.solved.size() == 1);
    CHECK(some.solved.front().ticket == solved);
    REQUIRE(some.duplicates.size() == 1);
    CHECK(some.duplicates.front().ticket == open);
    auto const& words = some.duplicates.front().because;
    CHECK(std::find(words.begin(), words.end(), "809") != words.end());
    CHECK(d.find.similar(again, d.ana).value().hits.empty()); // they are not hers
    CHECK(d.find.similar(again, d.bob).error().why() == reason::ticket_not_found);
}

TEST_CASE("given a desk with a past, when a finder is made, then it answers as one that was there all the time") {
    searched_desk d;
    for (int i = 0; i < 50; ++i) {
        auto const id =
            d.opened(i % 2 ? d.ana : d.bob, "Panne " + std::to_string(i), "Le câble numéro " + std::to_string(i));
        if (i % 3 == 0)
            d.act(d.luc, add_note{.text = "Câble remplacé"}, id).value();
        if (i % 7 == 0)
            d.find.catch_up().value();
    }
    finder late{*d.desk, {.language = text::tongue::fr}};
    CHECK(late.catch_up().value() == 50);
    CHECK(late.catch_up().value() == 0);
    for (auto const* who : {&d.ana, &d.bob, &d.luc})
        for (auto const* typed : {"câble", "panne 7", "remplacé", "numéro 12"}) {
            find_request const asked{.typed = typed, .language = text::tongue::fr};
            CHECK(encode(late.find(asked, *who).value()) == encode(d.find.find(asked, *who).value()));
        }
}

TEST_CASE(
    "given an index that was kept, when a finder is made, then it begins with it and reads only what came later") {
    searched_desk d;
    finder_options const often{.language = text::tongue::fr, .keep_tickets = 1};
    for (int i = 0; i < 20; ++i)
        d.opened(d.ana, "Panne du poste " + std::to_string(i));
    finder first{*d.desk, often};
    CHECK(first.catch_up().value() == 20);
    auto const kept = d.desk->store().piece_names().value();
    CHECK(kept.size() > 1);
    finder second{*d.desk, often};
    CHECK(second.catch_up().value() == 0);
    CHECK(d.desk->store().piece_names().value() == kept);
    d.opened(d.ana, "Panne du serveur");
    finder third{*d.desk, often};
    CHECK(third.catch_up().value() == 1);
    CHECK(third.find({.typed = "serveur"}, d.luc).value().hits.size() == 1);
    finder german{*d.desk, {.language = text::tongue::de, .keep_tickets = 1}};
    CHECK(german.catch_up().value() == 21); // its documents are others
    finder fourth{*d.desk, often};
    CHECK(fourth.catch_up().value() == 0);
}

TEST_CASE("given few changes, when a finder catches up, then the index is not kept again for them") {
    searched_desk d;
    finder lazy{*d.desk, {.keep_tickets = 3}};
    d.opened(d.ana, "Panne");
    d.opened(d.ana, "Panne");
    lazy.catch_up().value();
    CHECK(d.desk->store().piece_names().value().empty());
    d.opened(d.ana, "Panne");
    lazy.catch_up().value();
    CHECK_FALSE(d.desk->store().piece_names().value().empty());
}

TEST_CASE(
    "given a condition, when somebody looks, then only tickets for which it holds are found, and counted by field") {
    searched_desk d;
    auto const one = d.opened(d.ana, "Panne du badge");
    auto const two = d.opened(d.bob, "Panne du portillon");
    d.opened(d.ana, "Panne de courant");
    d.act(d.luc, tag_ticket{{"accueil"}, {}}, one).value();
    d.act(d.luc, resolve_ticket{.text = "Badge refait"}, two).value();
    d.act(d.luc, add_note{.text = "Panne connue"}, one).value(); // two documents of one ticket
    auto const looked = [&](std::string where, viewer const& who) {
        find_request asked{.typed = "panne", .language = text::tongue::fr};
        asked.where = std::move(where);
        asked.facets = {"open", "tags", "requester"};
        return d.find.find(asked, who).value();
    };
    CHECK(looked("", d.luc).hits.size() == 3);
    CHECK(looked("tags has accueil", d.luc).hits.size() == 1);
    CHECK(looked("not (tags has accueil) and open = true", d.luc).hits.size() == 1);
    CHECK(looked("requester in (bob, carol) or tags has any of (accueil)", d.luc).hits.size() == 2);
    CHECK(looked("subject contains \"badge\"", d.luc).hits.size() == 1); // no attribute says it
    CHECK(looked("open = true and subject contains \"badge\"", d.luc).facets.at(0).values ==
          std::vector<search::facet::count>{{"true", 1}});
    CHECK(looked("open = true and resolved_at not empty", d.luc).hits.empty());
    auto const all = looked("", d.luc).facets;
    CHECK(all.at(0).values == std::vector<search::facet::count>{{"true", 2}, {"false", 1}});
    CHECK(all.at(1).values == std::vector<search::facet::count>{{"accueil", 1}});
    auto const hers = looked("", d.ana).facets;
    CHECK(hers.at(0).values == std::vector<search::facet::count>{{"true", 2}});
    CHECK(hers.at(2).values == std::vector<search::facet::count>{{"ana", 2}});
}

TEST_CASE("given a condition or a facet that makes no sense, when somebody looks, then the error says what is known") {
    searched_desk d;
    find_request asked{.typed = "panne"};
    asked.where = "colour = red";
    CHECK_FALSE(d.find.find(asked, d.luc).has_value());
    asked.where.clear();
    asked.facets = {"resolution"};
    auto const refused = d.find.find(asked, d.luc);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().why() == reason::unknown_field);
    CHECK(refused.error()["known"].find("queue") != std::string_view::npos);
}

TEST_CASE(
    "given a store that fails while tickets are read for a condition, when somebody looks, then that is the error") {
    searched_desk d;
    d.opened(d.ana, "Panne");
    auto const over = std::make_shared<testing::faulty_store>(memory_store());
    auto const failing = desk::open(over, d.world).value();
    actor const ana{.person = "ana"};
    failing->execute({.by = ana, .body = open_ticket{.subject = "Panne"}}).value();
    finder const find{*failing};
    find_request asked{.typed = "panne"};
    asked.where = "subject contains \"panne\"";
    CHECK(find.find(asked, ana).value().hits.size() == 1);
    over->set({.fail_at = 2}); // 1 reads on in the log
    CHECK(find.find(asked, ana).error().why() == reason::store_failed);
}

TEST_CASE("given numbers as people type them, when somebody looks, then that very ticket or article comes first") {
    searched_desk d;
    auto const id = d.opened(d.ana, "Panne du badge");
    auto const number = d.desk->find(id, d.luc).value().number;
    CHECK(number == "INC-2026-000001");
    d.opened(d.ana, "Rappel : " + number + " " + number + " 2026-000001", "Voir #1, " + number);
    for (auto const* typed :
         {"INC-2026-000001", "inc-2026-000001", "2026-000001", "2026-1", "#1", " #000001 ", "#inc-2026-1"}) {
        CAPTURE(typed);
        auto const found = d.find.find({.typed = typed}, d.luc).value().hits;
        REQUIRE_FALSE(found.empty());
        CHECK(found[0].ticket == id);
        CHECK(found[0].because == subjects{number});
        CHECK(std::ranges::count(found, id, &search_result::ticket) == 1);
        for (auto const& one : found)
            CHECK(one.score <= found[0].score);
    }
    for (auto const* typed : {"#7", "C-2026-000001", "26-000001", "1", "", "#"}) {
        CAPTURE(typed);
        auto const found = d.find.find({.typed = typed}, d.luc).value().hits;
        CHECK((found.empty() || found[0].because != subjects{number}));
    }
    CHECK(d.find.find({.typed = "#1"}, d.bob).value().hits.empty());
    d.act(d.root, write_article{.title = "Badge", .publish = true}).value();
    auto const articles = d.find.find({.typed = "kb-2026-1"}, d.luc).value().hits;
    REQUIRE_FALSE(articles.empty());
    CHECK(articles[0].number == "KB-2026-000001");
    CHECK(d.find.find({.typed = "#1"}, d.luc).value().hits.size() >= 2); // a ticket and an article
    CHECK(d.find.find({.typed = "#1", .where = "open = false"}, d.luc).value().hits.empty());
}

namespace {

/// A desk that has articles, too.
struct knowing_desk : searched_desk {
    article_id written(write_article what) {
        what.language = "fr";
        what.publish = true;
        return act(root, std::move(what)).value().article;
    }
    result<outcome> change(article_id on, command_body body) {
        return desk->execute(command{.by = root, .body = std::move(body), .article = on});
    }
};

} // namespace

TEST_CASE("given an article, when it is published, revised and archived, then it is found as it is, at once") {
    knowing_desk d;
    auto const id =
        d.act(d.luc, write_article{.title = "Bourrage", .body = "Ouvrez le **capot**", .audience = {"public"}})
            .value()
            .article;
    CHECK(d.found("capot", d.root).empty());
    d.change(id, publish_article{}).value();
    auto const hit = d.find.find({.typed = "capots", .language = text::tongue::fr}, d.ana).value().hits.at(0);
    CHECK(hit.article == id);
    CHECK_FALSE(hit.ticket);
    CHECK(hit.kind == "article");
    CHECK(hit.number == "KB-2026-000001");
    CHECK(hit.snippet == "Bourrage\nOuvrez le <mark>capot</mark>");
    d.change(id, revise_article{.body = "Tirez la feuille"}).value();
    CHECK(d.found("capot", d.ana).empty());
    CHECK(d.found("feuille", d.ana) == subjects{"Bourrage"});
    d.change(id, archive_article{}).value();
    CHECK(d.found("feuille", d.root).empty());
}

TEST_CASE("given an article that names somebody, when that is erased, then nothing of it is found, completed or kept") {
    knowing_desk d;
    auto const id = d.written({.title = "Badge de Dupont", .body = "Rendu par **Duvernet**", .audience = {"public"}});
    d.change(id, revise_article{.title = "Badge rendu"}).value();
    finder keeper{*d.desk, {.language = text::tongue::fr, .keep_tickets = 1}};
    keeper.catch_up().value();
    CHECK(kept_anywhere(d.desk->store(), "uvernet"));
    d.change(id, redact_article{.field = "body"}).value();
    d.change(id, redact_article{.earlier = true}).value();
    CHECK(d.desk->store().piece_names().value().empty());
    keeper.catch_up().value();
    CHECK_FALSE(d.desk->store().piece_names().value().empty());
    CHECK_FALSE(kept_anywhere(d.desk->store(), "uvernet"));
    for (auto const& who : {d.ana, d.luc, d.root}) {
        CHECK(d.found("Duvernet", who).empty());
        CHECK(d.found("Dupont", who).empty());
        CHECK(d.find.complete("duv", who).value().empty());
    }
    CHECK(d.found("badge", d.ana) == subjects{"Badge rendu"});
    for (auto const& e : d.desk->article_history(id, d.luc).value())
        CHECK(encode(e).find("Dupont") == std::string::npos);
    CHECK(d.sound());
}

TEST_CASE("given articles for some, when anybody searches, then what is not for him is neither found nor completed") {
    knowing_desk d;
    d.written({.title = "Portillon", .body = "Appelez la loge", .audience = {"public"}});
    d.written({.title = "Portillon de la réserve", .body = "Le code est corneille"});
    d.written({.title = "Portillon du magasin", .audience = {"organisation:bakery"}});
    actor const baker{.person = "ana", .role = "requester", .organisation = "bakery"};
    CHECK(d.found("portillon", d.ana) == subjects{"Portillon"});
    CHECK(d.found("portillon", baker).size() == 2);
    CHECK(d.found("portillon", d.luc).size() == 3);
    CHECK(d.found("corneille", d.ana).empty());
    CHECK(d.find.complete("corn", d.ana).value().empty());
    CHECK(d.find.complete("corn", d.luc).value().size() == 1);
    CHECK(d.found("portillon", {.tenant = "north", .person = "root", .role = "administrator"}).empty());
}

TEST_CASE(
    "given an article that helped, when its ticket is resolved, then who sees all tickets finds it by its words") {
    knowing_desk d;
    auto const article = d.written({.title = "Bourrage", .audience = {"public"}});
    auto const ticket = d.opened(d.ana, "La machine mâchonne", "Les feuilles du couloir sont gondolées");
    d.act(d.luc, add_note{.text = "C'est un zèbre"}, ticket).value();
    d.act(d.luc, link_article{to_string(article)}, ticket).value();
    CHECK(d.found("mâchonne", d.luc) == subjects{"La machine mâchonne"});
    d.act(d.luc, resolve_ticket{.text = "Rouleau usé"}, ticket).value();
    auto const both = [&](std::string_view typed) { return d.found(typed, d.luc).size() == 2; };
    CHECK(both("mâchonne"));
    CHECK(both("gondolées"));
    CHECK(both("rouleau"));
    CHECK(d.found("zèbre", d.luc) == subjects{"La machine mâchonne"}); // notes stay with their ticket
    CHECK(d.found("mâchonne", d.bob).empty());
    CHECK(d.find.complete("mâch", d.bob).value().empty());
    CHECK(d.found("bourrage", d.bob) == subjects{"Bourrage"});
    actor const of_queue{.person = "mia", .role = "agent", .queues = {"network"}};
    CHECK(d.found("mâchonne", of_queue).empty());
    d.act(d.luc, reopen_ticket{}, ticket).value();
    CHECK_FALSE(both("mâchonne"));
    d.act(d.luc, resolve_ticket{.text = "Rouleau usé"}, ticket).value();
    d.act(d.root, redact_ticket{.field = "subject"}, ticket).value();
    CHECK(d.found("mâchonne", d.luc).empty());
    d.act(d.luc, unlink_article{to_string(article)}, ticket).value();
    CHECK(d.found("rouleau", d.luc).size() == 1);
}

TEST_CASE("given a new ticket, when somebody asks what may help, then there are articles, the solved and the open") {
    knowing_desk d;
    d.written({.title = "Le VPN refuse la connexion", .symptom = "Délai dépassé", .audience = {"public"}});
    d.written({.title = "Boîte pleine", .audience = {"public"}});
    auto const solved = d.opened(d.bob, "VPN en délai dépassé"), twin = d.opened(d.bob, "Connexion VPN impossible");
    d.act(d.luc, resolve_ticket{.text = "Box redémarrée"}, solved).value();
    auto const fresh = d.opened(d.ana, "Connexion au VPN impossible : délai dépassé");
    auto const some = d.find.suggest(fresh, d.luc).value();
    REQUIRE(some.articles.size() == 1);
    CHECK(some.articles.front().subject == "Le VPN refuse la connexion");
    CHECK_FALSE(some.articles.front().because.empty());
    REQUIRE(some.solved.size() == 1);
    CHECK(some.solved.front().ticket == solved);
    REQUIRE(some.duplicates.size() == 1);
    CHECK(some.duplicates.front().ticket == twin);
    CHECK(d.find.suggest(fresh, d.ana).value().articles.size() == 1);
    CHECK(d.find.similar(fresh, d.luc).value().hits.size() == 2);
}
