#include "help_desk.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/ask.hpp>

#include <boost/json.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace guichet;

namespace {

struct asked : help_desk {
    finder found{*desk};
    statistics counted{*desk};

    result<std::string> raw(std::string_view json) { return ask({*desk, found, counted}, json); }
    boost::json::value tell(std::string_view json) { return boost::json::parse(raw(json).value()); }
    result<std::string> task(std::string_view json) { return manage({*desk, found, counted}, json); }
    reason refused(std::string_view json) {
        auto const said = raw(json);
        return said ? reason::defect : said.error().why();
    }
    /// A query as the supervisor, who may read everything.
    boost::json::value by_eva(std::string query, boost::json::object with = {}) {
        with["query"] = std::move(query);
        with["viewer"] = {{"person", "eva"}, {"role", "supervisor"}};
        return tell(boost::json::serialize(with));
    }
};

} // namespace

TEST_CASE("given a ticket with an answer, when it is asked for in JSON, then each query says what C++ says") {
    asked d;
    auto const id = d.opened(d.ana, "No network", "Since this morning");
    d.act(d.luc, reply{.text = "On my way"}, id).value();
    d.act(d.luc, add_note{.text = "Cable again"}, id).value();
    auto const number = d.desk->find(id, d.eva).value().number;
    boost::json::object const it{{"ticket", number}};

    CHECK(d.by_eva("find", it) == boost::json::parse(encode(d.desk->find(id, d.eva).value())));
    CHECK(d.by_eva("find", {{"ticket", to_string(id)}}) == d.by_eva("find", it));
    CHECK(d.by_eva("conversation", it).as_array().size() == d.desk->conversation(id, d.eva).value().size());
    CHECK(d.by_eva("history", it).as_array().size() == d.desk->history(id, d.eva).value().size());
    CHECK(d.by_eva("as_of", {{"ticket", number}, {"at", "2026-01-05T09:00:00Z"}}).at("subject") == "No network");
    CHECK(d.by_eva("why", {{"ticket", number}, {"field", "subject"}}).at(0).at("to") == "No network");
    CHECK(d.by_eva("search", {{"typed", "network"}}).at("hits").at(0).at("number") == boost::json::value(number));
    CHECK(d.by_eva("complete", {{"typed", "netw"}}).at(0) == "network");
    CHECK(d.by_eva("clocks", it).at(0).at("metric").is_string());
    CHECK(d.by_eva("journey", it).at("stays").is_array());
    CHECK(d.by_eva("rehearse", {{"command", {{"command", "add_note"}, {"ticket", number}, {"text", "?"}}}})
              .at("events")
              .at(0)
              .at("event") == "message_added");
    CHECK(d.desk->history(id, d.eva).value().size() == d.by_eva("history", it).as_array().size());
}

TEST_CASE("given every query and task, when its needs are left out, then the error names the first; when all that it "
          "takes is unknown, then it lists what it takes") {
    asked d;
    auto const queries = d.tell(R"({"query":"queries","viewer":"me"})").as_array();
    CHECK(queries.size() > 40);
    for (auto const& row : queries) {
        boost::json::object bare{{"query", row.at("query")}, {"viewer", "ana"}};
        CAPTURE(boost::json::serialize(row));
        if (!row.at("needs").as_array().empty()) {
            auto const said = d.raw(boost::json::serialize(bare));
            REQUIRE(!said);
            CHECK(said.error().why() == reason::missing_field);
            CHECK(said.error()["path"] == std::string_view{row.at("needs").at(0).as_string()});
        }
        bare["weather"] = "fine";
        auto const said = d.raw(boost::json::serialize(bare));
        REQUIRE(!said);
        CHECK(said.error().why() == reason::unknown_field);
        for (auto const* list : {"needs", "may"})
            for (auto const& name : row.at(list).as_array())
                CHECK((", " + std::string{said.error()["known"]} + ",")
                          .find(", " + std::string{name.as_string()} + ",") != std::string::npos);
    }
}

TEST_CASE("given a slip, when it is asked, then the error says where and what is known") {
    asked d;
    CHECK(d.refused("{") == reason::malformed_json);
    CHECK(d.refused("[]") == reason::wrong_type);
    CHECK(d.refused(R"({"viewer":"ana"})") == reason::missing_field);
    CHECK(d.refused(R"({"query":"guides"})") == reason::missing_field);
    CHECK(d.refused(R"({"query":"weather","viewer":"ana"})") == reason::unknown_value);
    CHECK(d.refused(R"({"query":"find","viewer":"ana","ticket":null})") == reason::missing_field);
    CHECK(d.refused(R"({"query":"find","viewer":"ana","ticket":7})") == reason::wrong_type);
    CHECK(d.refused(R"({"query":"guides","viewer":"ana","role":"queen"})") == reason::unknown_role);
    CHECK(d.refused(R"({"query":"guides","viewer":7})") == reason::wrong_type);
    auto const long_one = R"({"query":"find","viewer":"ana","ticket":")" + std::string(limits::command_bytes_max, 'x');
    CHECK(d.refused(long_one) == reason::limit_passed);
}

TEST_CASE("given a requester, when she asks for what is not for her, then it does not exist or the right is named") {
    asked d;
    auto const number = d.desk->find(d.opened(d.bob, "His own"), d.eva).value().number;
    CHECK(d.refused(R"({"query":"find","viewer":"ana","ticket":")" + number + "\"}") == reason::ticket_not_found);
    CHECK(d.refused(R"({"query":"verify","viewer":"ana"})") == reason::right_missing);
    CHECK(d.refused(R"({"query":"documents","viewer":"ana"})") == reason::right_missing);
    CHECK(d.refused(R"({"query":"read_log","viewer":"ana"})") == reason::right_missing);
    CHECK(d.tell(R"({"query":"query","viewer":"ana"})").at("tickets").as_array().empty());
    CHECK(
        d.tell(R"({"query":"query","viewer":"luc","role":"agent","tenant":"other"})").at("tickets").as_array().empty());
}

TEST_CASE("given a condition, when it is written as text or as JSON, then the page is the same") {
    asked d;
    d.opened(d.ana);
    d.act(d.luc, resolve_ticket{.code = "fixed"}, d.opened(d.ana)).value();
    auto const as_text = d.by_eva("query", {{"where", "open"}});
    CHECK(as_text.at("tickets").as_array().size() == 1);
    CHECK(as_text == d.by_eva("query", {{"where", {{"field", "open"}, {"op", "="}, {"value", true}}}}));
    CHECK(d.by_eva("count", {{"conditions", {"open", "status = resolved"}}}).at(1).at("count") == 1);
}

TEST_CASE("given a configuration, when it is changed by tasks, then documents tell what is in force") {
    asked d;
    auto const root = std::string{R"("by":"root","role":"administrator")"};
    auto const paper = [](std::string_view subject) {
        return R"("documents":[{"kind":"template","id":"t","body":{"languages":[{"language":"en","subject":")" +
               std::string{subject} + R"(","text":"Hello"}]}}])";
    };
    auto const in_force = [&] {
        return d.tell(R"({"query":"documents","viewer":"root","role":"administrator","kind":"template"})");
    };
    CHECK(d.task(R"({"task":"configure",)" + root + "," + paper("One") + "}").value() == "null");
    CHECK(d.task(R"({"task":"apply",)" + root + "," + paper("Two") + "}").value() == "null");
    CHECK(in_force().at(0).at("body").at("languages").at(0).at("subject") == "Two");
    CHECK(d.task(R"({"task":"roll_back",)" + root + R"(,"kind":"template","id":"t","version":1})").value() == "null");
    CHECK(in_force().at(0).at("body").at("languages").at(0).at("subject") == "One");
    auto const withdrawn = d.task(R"({"task":"configure",)" + root + R"(,"documents":[{"kind":"template","id":"t"}]})");
    CHECK(withdrawn.value() == "null");
    CHECK(in_force().as_array().empty());
    CHECK(d.task(R"({"task":"configure","by":"ana",)" + paper("Mine") + "}").error().why() == reason::right_missing);
    CHECK(d.task(R"({"task":"keep_inquiries","by":"ana","days":1})").error().why() == reason::right_missing);
    CHECK(d.task(R"({"task":"catch_up",)" + root + "}").value() == "0");
}
