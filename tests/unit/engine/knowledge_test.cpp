#include "help_desk.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/knowledge.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace guichet;

namespace {

/// A desk whose tickets were cured by articles.
struct learning_desk : help_desk {
    article_id written(std::string title, std::string body = {}) {
        return act(root, write_article{.title = std::move(title),
                                       .body = std::move(body),
                                       .language = "en",
                                       .audience = {"public"},
                                       .publish = true})
            .value()
            .article;
    }
    ticket_id resolved(std::string subject, std::string text = {}) {
        auto const out = opened(ana, std::move(subject), std::move(text));
        act(luc, resolve_ticket{}, out).value();
        world.advance(std::chrono::minutes{1});
        return out;
    }
    void link(ticket_id on, article_id helped) { act(luc, link_article{to_string(helped)}, on).value(); }
    finder looking() const { return finder{*desk, {.language = text::tongue::en}}; }
    suggestion_quality judged(report_period const& period = {}, std::size_t most = 1'000) const {
        return looking().judge(root, period, most).value();
    }
    knowledge_report told(knowledge_request asked = {}) const {
        asked.language = text::tongue::en;
        return report_knowledge(*desk, looking(), root, asked).value();
    }
};

double worth(int place) { return 1 / std::log2(place + 2.0); }

} // namespace

TEST_CASE("given tickets with articles, when suggestions are judged, then each place has its worth") {
    learning_desk d;
    auto const jam = d.written("Paper jam", "paper jam paper jam printer");
    auto const ink = d.written("Empty ink", "paper jam again in a printer whose ink is empty");
    d.link(d.resolved("Paper jam in the printer"), jam);
    CHECK(d.judged().ndcg == doctest::Approx(1));
    auto const second = d.resolved("Paper jam in a printer again");
    d.link(second, ink);
    auto const one_late = d.judged();
    CHECK(one_late.judged == 2);
    CHECK(one_late.first == 1);
    CHECK(one_late.in_ten == 2);
    CHECK(one_late.ndcg == doctest::Approx((1 + worth(1)) / 2));
    d.link(second, jam);
    CHECK(d.judged().ndcg == doctest::Approx(1));
    auto const missed = d.resolved("Zebra");
    d.link(missed, ink);
    CHECK(d.judged().in_ten == 2);
    CHECK(d.judged().ndcg == doctest::Approx(2.0 / 3));
}

TEST_CASE(
    "given a ticket that lent its words to an article, when it is judged, then by what the article has without it") {
    learning_desk d;
    auto const a = d.written("Holidays", "days off");
    d.link(d.resolved("Quokka koala wombat"), a);
    CHECK(d.looking().find({.typed = "quokka"}, d.root).value().hits.size() == 2);
    CHECK(d.judged().in_ten == 0);
    d.link(d.resolved("Quokka koala numbat"), a); // either lends the other two words
    CHECK(d.judged().judged == 2);
    CHECK(d.judged().in_ten == 2);
    auto const before = d.looking().find({.typed = "wombat"}, d.root).value().hits;
    auto const in = d.looking();
    in.judge(d.root).value();
    CHECK(in.find({.typed = "wombat"}, d.root).value().hits.size() == before.size()); // nothing was changed for others
}

TEST_CASE("given an article that was drafted from a ticket, when suggestions are judged, then not by that ticket") {
    learning_desk d;
    auto const source = d.resolved("Quokka on the line", "it bites the cable");
    d.act(d.luc, draft_article{}, source).value();
    auto const a = d.desk->find_article("KB-2026-000001", d.root).value().id;
    d.desk->execute(command{.by = d.root, .body = publish_article{}, .article = a}).value();
    CHECK(d.judged().judged == 0);
    d.link(d.resolved("Quokka bites"), a);
    CHECK(d.judged().judged == 1);
    CHECK(d.judged().first == 1);
}

TEST_CASE("given tickets of different days, when a period or a number is named, then others do not count") {
    learning_desk d;
    auto const a = d.written("Paper jam");
    d.link(d.resolved("Paper jam"), a);
    d.world.advance(std::chrono::hours{24});
    auto const later = d.world.now();
    d.link(d.resolved("Zebra"), a);
    d.link(d.opened(d.ana, "Paper jam"), a); // not resolved, and so passed over
    CHECK(d.judged().judged == 2);
    CHECK(d.judged({.from = later}).in_ten == 0);
    CHECK(d.judged({.to = later}).ndcg == doctest::Approx(1));
    CHECK(d.judged({}, 1).judged == 1);
    CHECK(d.judged({}, 1).in_ten == 0); // the latest
    CHECK(d.looking().judge(d.luc).error().why() == reason::right_missing);
    d.desk->execute(command{.by = d.root, .body = archive_article{}, .article = a}).value();
    CHECK(d.judged().judged == 0);
}

TEST_CASE("given an article whose tickets speak otherwise now, when it is reported on, then it has drifted") {
    learning_desk d;
    auto const a = d.written("Paper jam", "paper jam in the printer");
    auto const b = d.written("Screen", "black screen");
    for (int i = 0; i < 5; ++i) {
        d.link(d.resolved("Paper jam in the printer " + std::to_string(i)), a);
        d.link(d.resolved("Black screen " + std::to_string(i)), b);
    }
    CHECK(d.told().stale.empty()); // five tickets are too few
    for (int i = 0; i < 5; ++i) {
        d.link(d.resolved("Scanner loses its network address " + std::to_string(i)), a);
        d.link(d.resolved("Black screen, black " + std::to_string(i)), b);
    }
    auto const told = d.told();
    REQUIRE(told.stale.size() == 1);
    CHECK(told.stale[0].article == "KB-2026-000001");
    CHECK(told.stale[0].why == std::vector<std::string>{"drifted"});
    CHECK(told.stale[0].lately < told.stale[0].before / 2);
}

TEST_CASE("given clusters without an article, when the next articles are named, then by tickets times time spent") {
    learning_desk d;
    std::vector<ticket_id> vpn;
    for (int i = 0; i < 3; ++i)
        d.resolved("Badge does not open the garage");
    for (int i = 0; i < 2; ++i)
        vpn.push_back(d.resolved("VPN refuses my certificate"));
    auto told = d.told();
    REQUIRE(told.wanted.size() == 2);
    CHECK(told.wanted[0].tickets.size() == 3);
    CHECK(told.wanted[0].subject == "Badge does not open the garage");
    d.act(d.luc, log_time{.seconds = std::chrono::minutes{5}}, vpn[1]).value();
    told = d.told();
    CHECK(told.wanted[0].tickets == std::vector<std::string>{"INC-2026-000004", "INC-2026-000005"});
    CHECK(told.wanted[0].spent == std::chrono::minutes{5});
    CHECK(d.told({.top = 1}).wanted.size() == 1);
    CHECK(d.told({.period = {.from = d.world.now() + std::chrono::hours{1}}}).wanted.empty());
    d.link(vpn[0], d.written("Certificates"));
    CHECK(d.told().wanted.size() == 1);
    knowledge_request many{.compared_max = limits::alike_tickets_max + 1};
    CHECK(report_knowledge(*d.desk, d.looking(), d.root, many).error().why() == reason::limit_passed);
}

TEST_CASE("given an article and its translation, when doubles are looked for, then these are none") {
    learning_desk d;
    auto const a = d.written("Paper jam", "pull the paper out of the tray");
    d.act(d.root, write_article{.title = "Paper jam",
                                .body = "pull the paper out of the tray",
                                .language = "en",
                                .publish = true,
                                .translation_of = a})
        .value();
    d.written("Black screen", "press the button of the monitor");
    CHECK(d.told().duplicates.empty());
    d.written("Paper jams", "pull the paper out of the tray");
    auto const told = d.told().duplicates;
    REQUIRE(told.size() == 2);
    CHECK(told[0].other == "KB-2026-000004");
    CHECK(told[0].likeness >= told[1].likeness);
    CHECK(told[1].other == "KB-2026-000004");
}

TEST_CASE("given inquiries of two sides, when they are counted, then a deflection is what helped or was read without a "
          "ticket") {
    learning_desk d;
    auto const ask = [&](actor by, std::vector<std::string> shown) {
        return d.act(std::move(by), record_inquiry{"VPN", "en", std::move(shown)}).value().inquiry;
    };
    auto const follow = [&](inquiry_id on, follow_inquiry what, ticket_id became = {}) {
        what.inquiry = on;
        d.act(d.ana, what, became).value();
    };
    ask(d.ana, {});
    ask(d.ana, {"KB-1"});
    follow(ask(d.ana, {"KB-1", "KB-2"}), {.opened = "KB-2"});
    follow(ask(d.ana, {"KB-1"}), {.helped = true});
    follow(ask(d.ana, {"KB-1"}), {.opened = "KB-1", .helped = false});
    follow(ask(d.ana, {"KB-1"}), {.opened = "KB-1"}, d.opened(d.ana));
    d.world.advance(std::chrono::hours{1});
    ask(d.luc, {});
    auto const told = d.told();
    CHECK(told.portal.asked == 6);
    CHECK(told.portal.found_nothing == 1);
    CHECK(told.portal.opened_nothing == 2);
    CHECK(told.portal.helped == 1);
    CHECK(told.portal.helped_not == 1);
    CHECK(told.portal.became_ticket == 1);
    CHECK(told.portal.deflected == 2);
    CHECK(told.portal.deflection == doctest::Approx(1.0 / 3));
    CHECK(told.desk.asked == 1);
    REQUIRE(told.ranks.size() == 2);
    CHECK(told.ranks[0].shown == 5);
    CHECK(told.ranks[0].opened == 2);
    CHECK(told.ranks[1].opened == 1);
    CHECK(d.told({.period = {.from = d.world.now()}}).portal.asked == 0);
    CHECK(d.told({.period = {.to = d.world.now()}}).desk.asked == 0);
    d.desk->keep_inquiries(std::chrono::minutes{30});
    CHECK(d.desk->pump().value().inquiries_destroyed == 6);
    CHECK(d.told().portal.asked == 0);
}
