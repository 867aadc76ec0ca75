#include "help_desk.hpp"

#include <guichet/engine/trends.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace guichet;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

/// A desk that had four quiet weeks: two tickets a working day, a network failure each Tuesday.
struct watching_desk : help_desk {
    explicit watching_desk(std::string const& body = R"({"keys": ["category"]})", std::string const& tenant = "") {
        desk = guichet::desk::open(store, world).value();
        ana.tenant = bob.tenant = luc.tenant = eva.tenant = root.tenant = tenant;
        if (!body.empty())
            configure("trend", "desk", body).value();
        auto const monday = world.now();
        for (int day = 0; day < 28; ++day) {
            world.set(monday + days{day});
            if (day % 7 > 4)
                continue;
            came(day % 7 == 1 ? "network" : "software", "Question " + std::to_string(day));
            world.advance(3h);
            came("hardware", "Wish " + std::to_string(day));
        }
        world.set(monday + days{28});
        desk->pump().value();
    }

    ticket_id came(std::string category, std::string subject) {
        return act(ana, open_ticket{.subject = std::move(subject), .category = std::move(category)}).value().ticket;
    }
    /// So many in as many minutes, told of at once.
    std::vector<ticket_id> burst(int count, std::string const& category = "network", bool pumped = true) {
        std::vector<ticket_id> out;
        for (int i = 0; i < count; ++i) {
            world.advance(1min);
            out.push_back(came(category, "Switch of floor " + std::to_string(i) + " is dark"));
            if (pumped)
                desk->pump().value();
        }
        return out;
    }
    void restart() {
        desk.reset();
        desk = guichet::desk::open(store, world).value();
    }
    std::vector<event> told(trend_stage stage = trend_stage::began) {
        auto out = desk->trends({}, eva).value().told;
        std::erase_if(out, [&](event const& e) { return std::get<trend_told>(e.body).trend.stage != stage; });
        return out;
    }
    std::shared_ptr<storage::store> store{memory_store()};
};

told_trend const& trend_in(event const& e) { return std::get<trend_told>(e.body).trend; }

} // namespace

TEST_CASE("given four quiet weeks, when switches go dark within minutes, then the trend is told on the ticket that "
          "made it one, with the tickets") {
    watching_desk d;
    auto const ids = d.burst(6);
    auto const told = d.told();
    REQUIRE(told.size() == 1);
    auto const& trend = trend_in(told[0]);
    CHECK(trend.field == "category");
    CHECK(trend.value == "network");
    CHECK(trend.observed >= 4);
    CHECK(trend.usual < 1);
    CHECK(trend.tickets == std::vector<ticket_id>{ids.begin(), ids.begin() + trend.observed});
    CHECK(told[0].ticket == trend.tickets.back());
    CHECK(trend.began_on == told[0].ticket);
    CHECK(d.desk->find(told[0].ticket, d.luc)->trends.size() == 1);
    auto const now = d.desk->trends({}, d.eva).value();
    REQUIRE(now.growing.size() == 1);
    CHECK(now.growing[0].value == "network");
    CHECK(describe(now.growing[0]).find("alike in") != std::string::npos);
    CHECK(d.sound());
}

TEST_CASE("given a trend, when it is calm again, then its end is told once on the ticket where it began") {
    watching_desk d;
    d.burst(8);
    d.world.advance(5h);
    d.desk->pump().value();
    d.desk->pump().value();
    auto const ended = d.told(trend_stage::ended);
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].ticket == d.told()[0].ticket);
    CHECK(trend_in(ended[0]).count == 8);
    CHECK(d.desk->trends({}, d.eva)->growing.empty());
}

TEST_CASE("given a burst, when the desk is stopped after any ticket, before or after it looked, then all is told as if "
          "it had not been stopped") {
    watching_desk whole;
    whole.burst(9);
    auto const expected = whole.told().size() + whole.told(trend_stage::grew).size();
    REQUIRE(expected > 1);
    for (int at = 0; at < 9; ++at)
        for (bool const looked : {false, true}) {
            CAPTURE(at);
            CAPTURE(looked);
            watching_desk d;
            d.burst(at);
            d.burst(1, "network", looked);
            d.restart();
            d.burst(8 - at);
            d.desk->pump().value();
            CHECK(d.told().size() + d.told(trend_stage::grew).size() == expected);
            CHECK(trend_in(d.told()[0]).tickets.size() == trend_in(whole.told()[0]).tickets.size());
        }
}

TEST_CASE("given that what is known was kept, when the desk is opened again, be it damaged or not, then a burst is "
          "told as if "
          "it had not been stopped") {
    enum class stopped { never, kept, damaged };
    std::vector<std::vector<event>> told;
    for (auto const how : {stopped::never, stopped::kept, stopped::damaged}) {
        watching_desk d;
        for (int i = 0; i < 500; ++i) {
            d.world.advance(1h);
            d.came("software", "Wish " + std::to_string(i));
        }
        d.desk->pump().value();
        auto const kept = d.store->piece_names().value();
        REQUIRE(kept.size() == 2);
        if (how == stopped::damaged) {
            auto const work = d.store->begin().value();
            for (auto const& name : kept)
                work->put_piece(name, std::vector<std::uint8_t>{1, 2, 3}).value();
            work->commit().value();
        }
        if (how != stopped::never)
            d.restart();
        d.burst(9);
        told.push_back(d.told());
    }
    REQUIRE(told[0].size() == 1);
    for (auto const& again : {told[1], told[2]}) {
        REQUIRE(again.size() == 1);
        CHECK(trend_in(again[0]).usual == trend_in(told[0][0]).usual);
        CHECK(trend_in(again[0]).count == trend_in(told[0][0]).count);
    }
}

TEST_CASE("given no trend document, or one for another tenant, when a burst comes, then nothing is told") {
    watching_desk off{""};
    off.burst(12);
    CHECK(off.told().empty());
    CHECK_FALSE(off.desk->trends({}, off.eva)->watched);
    watching_desk other{R"({"tenants": ["bakery"]})", "town hall"};
    other.burst(12);
    CHECK(other.told().empty());
}

TEST_CASE("given two tenants, when one has a burst, then the other hears nothing of it") {
    watching_desk d{R"({})", "bakery"};
    d.burst(9);
    CHECK(d.told().size() == 1);
    auto stranger = d.eva;
    stranger.tenant = "town hall";
    auto const theirs = d.desk->trends({}, stranger).value();
    CHECK(theirs.told.empty());
    CHECK(theirs.growing.empty());
}

TEST_CASE("given a burst of last week, when somebody begins to watch, then it is no news") {
    watching_desk d{""};
    d.burst(12);
    d.world.advance(days{7});
    d.configure("trend", "desk", R"({"keys": ["category"]})").value();
    d.desk->pump().value();
    CHECK(d.told().empty());
    CHECK(d.desk->trends({}, d.eva)->traits == 3);
}

TEST_CASE("given that words are watched, when one is told and the subject is erased, then the word is gone") {
    watching_desk d{R"({"keys": ["word"]})"};
    d.burst(6, "hardware");
    auto const told = d.told();
    REQUIRE_FALSE(told.empty());
    auto const on = told[0].ticket;
    auto const shown = d.all_of(on, d.eva);
    CHECK(shown.find("\"value\":\"dark\"") != std::string::npos);
    for (auto const& stored : d.desk->store().read_history(on).value())
        CHECK(stored.body.find("dark") == std::string::npos);
    d.act(d.eva, redact_ticket{.field = "subject"}, on).value();
    CHECK(d.all_of(on, d.eva).find("dark") == std::string::npos);
    d.desk->pump().value();
    CHECK(d.told().size() == told.size());
    CHECK(d.sound());
}

TEST_CASE("given anybody but the desk itself, when he tells a trend, then he may not") {
    watching_desk d;
    auto const id = d.came("network", "Slow");
    CHECK(d.act(d.root, tell_trend{}, id).error().why() == reason::right_missing);
    CHECK(d.desk->trends({}, d.ana).error().why() == reason::right_missing);
}

TEST_CASE("given a told trend, when its tickets are gathered twice, then they go below one master, and more go below "
          "the same") {
    watching_desk d;
    auto const ids = d.burst(6);
    auto const on = d.told()[0].ticket;
    auto const observed = trend_in(d.told()[0]).observed;
    d.act(d.luc, gather_tickets{.subject = "Network of the tower"}, on).value();
    auto const master = d.desk->find(on, d.luc)->links.at(0).ticket;
    CHECK(d.desk->find(master, d.luc)->subject == "Network of the tower");
    CHECK(d.desk->find(master, d.luc)->links.size() == observed);
    CHECK(d.act(d.luc, gather_tickets{}, on).error().why() == reason::nothing_to_do);
    d.act(d.luc, gather_tickets{.tickets = ids}, ids.back()).value();
    CHECK(d.desk->find(master, d.luc)->links.size() == ids.size());
    CHECK(d.sound());
}

TEST_CASE("given tickets below others, merged or closed, when they are gathered, then they stay where they are") {
    help_desk d;
    auto const a = d.opened(d.ana), b = d.opened(d.ana), closed = d.opened(d.ana), merged = d.opened(d.ana),
               child = d.opened(d.ana), parent = d.opened(d.ana);
    d.act(d.luc, link_ticket{link_kind::child_of, parent}, child).value();
    d.act(d.luc, merge_ticket{b}, merged).value();
    d.act(d.luc, close_ticket{}, closed).value();
    d.act(d.luc, gather_tickets{.tickets = {b, closed, merged, child, parent}}, a).value();
    auto const master = d.desk->find(a, d.luc)->links.at(0).ticket;
    CHECK(d.desk->find(master, d.luc)->links.size() == 3);
    CHECK(d.desk->find(closed, d.luc)->links.empty());
    CHECK(d.desk->find(child, d.luc)->links == std::vector<ticket_link>{{link_kind::child_of, parent}});
    CHECK(d.act(d.luc, gather_tickets{.tickets = {b}, .under = merged}, a).error().why() == reason::ticket_merged);
    CHECK(d.act(d.luc, gather_tickets{.tickets = {ticket_id{}}}, a).error().why() == reason::ticket_not_found);
    CHECK(d.act(d.ana, gather_tickets{.tickets = {b}}, a).error().why() == reason::right_missing);
    CHECK(d.sound());
}

TEST_CASE("given a master above the ticket, when it is gathered below its own child, then no circle comes of it") {
    help_desk d;
    auto const top = d.opened(d.ana), middle = d.opened(d.ana), other = d.opened(d.ana);
    d.act(d.luc, link_ticket{link_kind::child_of, top}, middle).value();
    d.act(d.luc, gather_tickets{.tickets = {top}, .under = middle}, other).value();
    CHECK(d.desk->find(other, d.luc)->links == std::vector<ticket_link>{{link_kind::child_of, middle}});
    CHECK(d.desk->find(top, d.luc)->links == std::vector<ticket_link>{{link_kind::parent_of, middle}});
}

TEST_CASE("given trend documents that cannot be, when they are stored, then they are refused by their path") {
    help_desk d;
    auto const path = [&](std::string body) {
        auto const refused = d.configure("trend", "x", std::move(body)).error();
        for (auto const& [key, value] : refused.context())
            if (key == "path")
                return value;
        return std::string{};
    };
    CHECK(path(R"({"keys": ["category", "subject"]})") == "trend.x.keys[1]");
    CHECK(path(R"({"keys": ["links.children"]})") == "trend.x.keys[0]");
    CHECK(path(R"({"false_alarms_a_week": 0})") == "trend.x.false_alarms_a_week");
    CHECK(path(R"({"learning": "3d"})") == "trend.x.learning");
    CHECK(path(R"({"window": "2d"})") == "trend.x.window_max");
    CHECK(path(R"({"tz": "Europe/Nowhere"})") == "trend.x.tz");
    CHECK(path(R"({"tenants": ["a", "a"]})") == "trend.x.tenants");
}
