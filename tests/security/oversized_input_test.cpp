#include <security/repeated.hpp>
#include <unit/engine/help_desk.hpp>

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

/// A mail of a gigabyte, a list of a million tags, a condition without end: memory was the denial of service.
using namespace guichet;

TEST_CASE("given input without end, when it is read, then it is refused by its size before anything is built from it") {
    help_desk d;
    auto const huge =
        R"({"command":"open_ticket","by":"ana","subject":")" + std::string(limits::command_bytes_max, 'a') + "\"}";
    CHECK(d.say(huge).error().why() == reason::limit_passed);
    CHECK(d.say(std::string(3'000'000, '[')).error().why() == reason::malformed_json);
    CHECK(d.say(R"({"command":"open_ticket","by":"ana","subject":"s","text":")" +
                std::string(limits::message_bytes_max + 1, 'a') + "\"}")
              .error()["path"] == "text");
    CHECK(
        d.say(R"({"command":"open_ticket","by":"ana","subject":"s","tags":[)" + repeated("\"t\",", 300'000) + "\"t\"]}")
            .has_value());
    std::string tags;
    for (int i = 0; i < 101; ++i)
        tags += (i ? ",\"t" : "\"t") + std::to_string(i) + "\"";
    CHECK(d.say(R"({"command":"open_ticket","by":"ana","subject":"s","tags":[)" + tags + "]}").error()["path"] ==
          "tags");
    CHECK(d.desk->stats()->tickets == 1);
}

TEST_CASE("given conditions that are made too large, when a view asks them, then they are refused") {
    help_desk d;
    CHECK_FALSE(
        d.desk->query({.where = repeated(R"({"not":)", 200) + "{}" + std::string(200, '}')}, d.luc).has_value());
    std::string many = R"({"any":[)";
    for (int i = 0; i < 1'001; ++i)
        many += std::string{i ? "," : ""} + R"({"field":"queue","op":"=","value":"a"})";
    CHECK_FALSE(d.desk->query({.where = many + "]}"}, d.luc).has_value());
}
