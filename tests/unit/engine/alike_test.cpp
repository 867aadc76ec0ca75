#include "help_desk.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/alike.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

using namespace guichet;

namespace {

struct watched_desk : help_desk {
    std::vector<likely_duplicates> heard;
    duplicate_watch watch{
        *desk, luc, [this](likely_duplicates const& one) { heard.push_back(one); }, {.language = text::tongue::fr}};

    watched_desk() { watch.catch_up().value(); }
    std::vector<ticket_cluster> all(viewer const& who) {
        return clusters(*desk, {}, who, {.language = text::tongue::fr}).value();
    }
    void pass(std::chrono::minutes time) { world.advance(time); }
};

/// Tickets that have nothing to do with each other.
void everyday(help_desk& d) {
    d.opened(d.bob, "Souris cassée", "Le bouton gauche ne répond plus");
    d.opened(d.bob, "Demande de chaise", "Pour le nouveau bureau du troisième");
    d.opened(d.bob, "Mot de passe oublié", "Je reviens de congés");
    d.opened(d.bob, "Écran noir", "Rien ne s'affiche depuis lundi");
}

constexpr auto vpn = "Le tunnel VPN ne monte plus, erreur 809";

} // namespace

TEST_CASE(
    "given an incident that many report, when clusters are asked for, then it is one, led by the oldest open one") {
    watched_desk d;
    everyday(d);
    auto const solved = d.opened(d.ana, "VPN erreur 809", vpn);
    d.act(d.luc, resolve_ticket{.text = "Port ouvert"}, solved).value();
    d.pass(std::chrono::minutes{10});
    auto const oldest = d.opened(d.ana, "Erreur 809 du VPN", vpn);
    d.pass(std::chrono::minutes{10});
    d.opened(d.bob, "Mon VPN affiche l'erreur 809", vpn);
    auto const found = d.all(d.luc);
    REQUIRE(found.size() == 1);
    CHECK(found[0].master.ticket == oldest);
    REQUIRE(found[0].others.size() == 2);
    for (auto const& one : found[0].others)
        CHECK(one.likeness >= alike_least);
    CHECK(std::ranges::count(found[0].words, "809") == 1);
    CHECK(encode(found).find("\"master\":{\"ticket\":\"" + to_string(oldest)) != std::string::npos);
    CHECK(encode(d.all(d.luc)) == encode(found));
    view open;
    open.where = "open = true";
    auto const still = clusters(*d.desk, open, d.luc, {.language = text::tongue::fr}).value();
    REQUIRE(still.size() == 1);
    CHECK(still[0].others.size() == 1);
}

TEST_CASE(
    "given tickets of others, when a requester asks for clusters, then they are his own, and notes are nobody's") {
    watched_desk d;
    everyday(d);
    auto const one = d.opened(d.ana, "Badge refusé", "La porte nord reste fermée");
    d.opened(d.bob, "Badge refusé", "La porte nord reste fermée");
    CHECK(d.all(d.luc).size() == 1);
    CHECK(d.all(d.ana).empty());
    CHECK(d.all(d.bob).empty());
    d.act(d.luc, add_note{.text = "Serrure forcée"}, one).value();
    auto const found = d.all(d.luc);
    REQUIRE(found.size() == 1);
    CHECK(std::ranges::count(found[0].words, "serrure") == 0);
}

TEST_CASE("given too many tickets to compare, when clusters are asked for, then the limit is told") {
    help_desk d;
    CHECK(clusters(*d.desk, {}, d.luc, {.tickets_max = limits::alike_tickets_max}).value().empty());
    CHECK(clusters(*d.desk, {}, d.luc, {.tickets_max = limits::alike_tickets_max + 1}).error().why() ==
          reason::limit_passed);
}

TEST_CASE("given a watch, when a failure is reported twice, then it tells of the second, with likeness and words") {
    watched_desk d;
    everyday(d);
    auto const first = d.opened(d.ana, "VPN erreur 809", vpn);
    CHECK(d.watch.catch_up().value() == 0);
    auto const second = d.opened(d.bob, "Erreur 809 du VPN", vpn);
    CHECK(d.watch.catch_up().value() == 1);
    REQUIRE(d.heard.size() == 1);
    CHECK(d.heard[0].opened.ticket == second);
    REQUIRE(d.heard[0].of.size() == 1);
    CHECK(d.heard[0].of[0].ticket == first);
    CHECK(d.heard[0].of[0].likeness >= alike_least);
    CHECK(std::ranges::count(d.heard[0].of[0].because, "809") == 1);
    CHECK(encode(d.heard[0]).find("\"because\":[") != std::string::npos);
    CHECK(d.watch.catch_up().value() == 0); // nothing twice
}

TEST_CASE("given what was open before the watch, when the same comes again, then the watch knows it") {
    watched_desk d;
    auto const before = d.opened(d.ana, "VPN erreur 809", vpn);
    everyday(d);
    std::vector<likely_duplicates> heard;
    duplicate_watch late{*d.desk, d.luc, [&](likely_duplicates const& one) { heard.push_back(one); }};
    CHECK(late.catch_up().value() == 0);
    d.opened(d.bob, "VPN erreur 809", vpn);
    CHECK(late.catch_up().value() == 1);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].of[0].ticket == before);
}

TEST_CASE("given a watch for a requester, when others report the same, then he hears nothing of it") {
    watched_desk d;
    everyday(d);
    std::size_t told = 0;
    duplicate_watch hers{*d.desk, d.ana, [&](likely_duplicates const&) { ++told; }};
    hers.catch_up().value();
    d.opened(d.ana, "VPN erreur 809", vpn);
    d.opened(d.bob, "VPN erreur 809", vpn);
    hers.catch_up().value();
    CHECK(told == 0);
    d.opened(d.ana, "VPN erreur 809", vpn);
    hers.catch_up().value();
    CHECK(told == 1);
}

TEST_CASE("given two tenants, when the same failure is reported in each, then neither hears of the other") {
    watched_desk d;
    everyday(d);
    auto other = d.ana;
    other.tenant = "elsewhere";
    d.opened(other, "VPN erreur 809", vpn);
    d.opened(d.ana, "VPN erreur 809", vpn);
    d.opened(other, "VPN erreur 809", vpn);
    CHECK(d.watch.catch_up().value() == 0);
    CHECK(d.all(d.luc).empty());
}

TEST_CASE(
    "given a ticket that is renamed, erased or merged, when its old words come, then the watch has forgotten them") {
    watched_desk d;
    everyday(d);
    auto const renamed = d.opened(d.ana, "Panne du copieur du hall");
    auto const erased = d.opened(d.ana, "Dossier médical égaré");
    auto const merged = d.opened(d.ana, "Messagerie Zimbra arrêtée");
    auto const into = d.opened(d.bob, "Courriels perdus");
    d.watch.catch_up().value();
    set_fields rename;
    rename.subject = "Fenêtre ouverte";
    d.act(d.luc, rename, renamed).value();
    d.act(d.root, redact_ticket{0, {}, "ana"}, erased).value();
    d.act(d.luc, merge_ticket{into}, merged).value();
    d.opened(d.bob, "Panne du copieur du hall");
    d.opened(d.bob, "Dossier médical égaré");
    d.opened(d.bob, "Messagerie Zimbra arrêtée");
    CHECK(d.watch.catch_up().value() == 0);
}

TEST_CASE("given a window of time and of tickets, when the same comes after it, then it is no duplicate any more") {
    watched_desk d;
    std::size_t told = 0;
    auto const count = [&](likely_duplicates const&) { ++told; };
    duplicate_watch short_time{*d.desk, d.luc, count, {.age_max = std::chrono::hours{1}}};
    duplicate_watch few{*d.desk, d.luc, count, {.tickets_max = 2}};
    short_time.catch_up().value();
    few.catch_up().value();
    d.opened(d.ana, "VPN erreur 809", vpn);
    d.pass(std::chrono::minutes{1});
    everyday(d);
    d.pass(std::chrono::minutes{61});
    d.opened(d.bob, "VPN erreur 809", vpn);
    CHECK(short_time.catch_up().value() == 0);
    CHECK(few.catch_up().value() == 0);
    CHECK(d.watch.catch_up().value() == 1); // 14 days
    CHECK(told == 0);
}

TEST_CASE("given a listener that throws, when duplicates come, then the next one is told all the same") {
    help_desk d;
    std::size_t told = 0;
    duplicate_watch watch{*d.desk, d.luc, [&](likely_duplicates const&) {
                              ++told;
                              throw std::runtime_error{"the host's own trouble"};
                          }};
    watch.catch_up().value();
    everyday(d);
    for (int i = 0; i < 3; ++i)
        d.opened(d.ana, "VPN erreur 809", vpn);
    CHECK(watch.catch_up().value() == 2);
    CHECK(told == 2);
}
