#include "filled.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace guichet;

/// tests/golden/events.jsonl holds one stored body of every event type, as it was first written. Files of users are
/// full of them: a line here is never changed, only added, and what it cannot read needs an upcaster.
TEST_CASE("given the events of the first version, when they are read and stored again, then not a byte differs") {
    std::ifstream file{GUICHET_SOURCE_DIR "/tests/golden/events.jsonl"};
    std::string line;
    std::size_t lines = 0;
    while (std::getline(file, line)) {
        auto const golden = boost::json::parse(line).as_object();
        auto const number = golden.at("number").to_number<std::size_t>();
        std::string const type{golden.at("type").as_string()};
        auto const body = boost::json::serialize(golden.at("body"));
        CAPTURE(type);
        CHECK(type_name(number) == type);
        auto const read = decode_body(type, body);
        REQUIRE(read.has_value());
        CHECK(type_number(*read) == number);
        std::string again;
        encode_body(*read, again);
        CHECK(boost::json::serialize(boost::json::parse(again)) == body); // numbers apart, text for text
        ++lines;
    }
    CHECK(lines >= std::variant_size_v<event_body>);
}

TEST_CASE("given every event type, when the golden file is searched, then it has a line with all members") {
    for (std::size_t i = 0; i < std::variant_size_v<event_body>; ++i) {
        auto const type = type_name(i);
        std::ifstream file{GUICHET_SOURCE_DIR "/tests/golden/events.jsonl"};
        std::string line, wanted;
        encode_body(filled::alternative<event_body>(i, 1), wanted);
        std::size_t members = 0;
        while (std::getline(file, line)) {
            auto const golden = boost::json::parse(line).as_object();
            if (golden.at("type").as_string() == type)
                members = std::max(members, golden.at("body").as_object().size());
        }
        CAPTURE(type);
        CHECK(members >= boost::json::parse(wanted).as_object().size());
    }
    CHECK(type_name(std::variant_size_v<event_body>).empty());
}
