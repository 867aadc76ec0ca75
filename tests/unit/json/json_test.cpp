#include <guichet/json/path.hpp>
#include <guichet/json/writer.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace guichet;

TEST_CASE("given text with every control character, when it is written, then a parser reads the same text") {
    std::string all;
    for (int c = 0; c < 0x80; ++c)
        all += static_cast<char>(c);
    all += "\xC3\xA9\xF0\x9F\x98\x80 \"\\/";
    std::string out;
    json::writer{out}.text(all);
    auto const back = json::parse(out);
    REQUIRE(back.has_value());
    CHECK(std::string_view{back->get_string()} == all);
}

TEST_CASE("given nested objects and lists, when they are written, then commas stand where they must") {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("a");
    w.begin_array();
    w.number(std::int64_t{-1});
    w.number(std::uint64_t{18'446'744'073'709'551'615U});
    w.number(0.1);
    w.boolean(true);
    w.null();
    w.begin_object();
    w.end_object();
    w.begin_array();
    w.end_array();
    w.end_array();
    w.key("b");
    w.raw("{\"c\":1}");
    w.end_object();
    CHECK(out == R"({"a":[-1,18446744073709551615,0.1,true,null,{},[]],"b":{"c":1}})");
    CHECK(json::parse(out).has_value());
}

TEST_CASE("given numbers of people's size, when they are written and read, then they are the same") {
    for (auto const value : {0.0, 0.1, -2.5, 1e15, 4711.0, 99.99, 1e-6, 123456.789}) {
        std::string out;
        json::writer{out}.number(value);
        CHECK(json::parse(out).value().to_number<double>() == value);
    }
}

TEST_CASE("given a place in a document, when it is said, then keys have dots and indices brackets") {
    json::path const root;
    json::path const tags{root, "tags"};
    json::path const second{tags, 2};
    json::path const name{second, "name"};
    CHECK(root.text().empty());
    CHECK(tags.text() == "tags");
    CHECK(name.text() == "tags[2].name");
    CHECK(json::path{json::path{"policy.gold"}, "targets"}.text() == "policy.gold.targets");
}

TEST_CASE("given text that is not JSON, when it is parsed, then the error says where it stops being JSON") {
    for (auto const* bad :
         {"", "{", "{\"a\":}", "[1,]", "nul", "{} {}", "\"\xFF\"", "{\"a\":1,}", "'a'", "// x\n1", "NaN"}) {
        auto const read = json::parse(bad);
        CAPTURE(bad);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().why() == reason::malformed_json);
        CHECK(read.error().describe().find("at byte") != std::string::npos);
    }
    CHECK(json::parse("{\"a\": x}").error()["offset"] == "6");
    CHECK(json::parse(" {} \n").has_value());
}

TEST_CASE("given lists in lists without end, when they are parsed, then the depth is bounded") {
    CHECK_FALSE(json::parse(std::string(100'000, '[')).has_value());
    std::string deep(1'000, '[');
    deep += std::string(1'000, ']');
    CHECK_FALSE(json::parse(deep).has_value());
}

TEST_CASE("given a value of the wrong type, when it is refused, then both types have the words of people") {
    auto const e = json::wrong_type(json::path{"tags"}, "a list", boost::json::value("x"));
    CHECK(e.describe() == "tags: expected a list, found a text");
    CHECK(json::kind_of(nullptr) == "null");
    CHECK(json::kind_of(1) == "a number");
    CHECK(json::kind_of(1.5) == "a number");
    CHECK(json::kind_of(true) == "true or false");
    CHECK(json::kind_of(boost::json::array{}) == "a list");
    CHECK(json::kind_of(boost::json::object{}) == "an object");
}
