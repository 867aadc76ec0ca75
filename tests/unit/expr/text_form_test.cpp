#include "desk_record.hpp"

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

using namespace desk;
using namespace std::string_view_literals;
using guichet::errc;
using guichet::language;
namespace limits = guichet::limits;

namespace {

/// The fields of the desk, an age, and names that are hard to write.
expr::schema const& wide() {
    static auto const made = [] {
        auto fields = known().fields();
        fields.push_back({.name = "idle", .type = field_type::age});
        fields.push_back(
            {.name = "state", .type = field_type::choice, .choices = {"new", "open", "null", "and", "on hold"}});
        fields.push_back({.name = "fields.N° `client`", .type = field_type::text});
        fields.push_back({.name = "not", .type = field_type::boolean});
        fields.push_back({.name = "due_at", .type = field_type::instant});
        return expr::schema{std::move(fields)};
    }();
    return made;
}

/// The normal form of a text; what is wrong with it otherwise.
std::string normal(std::string_view text, language lang = language::en) {
    auto const read = expr::condition::parse(text, wide(), "guard");
    if (!read)
        return read.error().describe(lang);
    auto const written = read->to_text();
    CHECK(expr::condition::parse(written, wide()).value() == *read);
    return written;
}

std::string json_of(std::string_view text) {
    return boost::json::serialize(expr::condition::parse(text, wide()).value().to_json());
}

std::string times(std::string_view part, std::size_t count) {
    std::string out;
    while (count-- > 0)
        out += part;
    return out;
}

} // namespace

TEST_CASE("given a condition as text, when it is read, then it is the tree that JSON would have given") {
    CHECK(json_of(R"(priority = high and state in (new, open) and not (tags has vip) and idle > 4h)") ==
          R"({"all":[{"field":"priority","op":"=","value":"high"},{"field":"state","op":"in","value":["new","open"]},)"
          R"({"not":{"field":"tags","op":"contains","value":"vip"}},{"field":"idle","op":">","value":"4h"}]})");
    CHECK(json_of("vip or effort = 1 and effort = 2") ==
          R"({"any":[{"field":"vip","op":"=","value":true},{"all":[{"field":"effort","op":"=","value":1},)"
          R"({"field":"effort","op":"=","value":2}]}]})");
    CHECK(json_of("not vip and vip") ==
          R"({"all":[{"not":{"field":"vip","op":"=","value":true}},{"field":"vip","op":"=","value":true}]})");
    CHECK(json_of("state changed from new to open") == R"({"all":[{"field":"state","op":"changed_from","value":"new"},)"
                                                       R"({"field":"state","op":"changed_to","value":"open"}]})");
    CHECK(json_of("always") == "true");
    CHECK(json_of("never") == "false");
    CHECK(compile(R"("priority >= high")").value() ==
          compile(R"({"field":"priority","op":">=","value":"high"})").value());
    CHECK(compile(R"({"all":["priority >= high", {"not":"vip or tags empty"}]})").value().to_text() ==
          R"(priority >= high and not (vip = true or tags empty))");
}

TEST_CASE("given the ways people write a condition, when it is written back, then one form is left") {
    for (auto const& [written, expected] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"priority==high", "priority = high"},
             {"PRIORITY = high", "guard, column 1: unknown field \"PRIORITY\"; known here: "},
             {"priority is high", "priority = high"},
             {"priority is not high", "priority != high"},
             {"priority \xE2\x89\xA5 high AND NOT vip", "priority >= high and not (vip = true)"},
             {"\n priority\t=\xC2\xA0high ", "priority = high"},
             {"priority = \"high\"", "priority = high"},
             {"subject contains vpn", "subject contains \"vpn\""},
             {"subject has word vpn", "subject has word \"vpn\""},
             {"subject has word", "subject contains \"word\""},
             {"subject has word and vip", "subject contains \"word\" and vip = true"},
             {"subject starts with \"VPN \"", "subject starts with \"VPN \""},
             {"subject starts_with VPN", "subject starts with \"VPN\""},
             {R"(subject matches "^VPN-\\d+")", R"(subject matches "^VPN-\\d+")"},
             {R"(subject = "say \"hi\"\n\u00e9\t")", "subject = \"say \\\"hi\\\"\\n\xC3\xA9\\u0009\""},
             {"subject is empty", "subject empty"},
             {"subject is not empty", "subject not empty"},
             {"subject = empty", "subject = null"},
             {"not subject empty", "not (subject empty)"},
             {"subject not contains a", "not (subject contains \"a\")"},
             {"state not in (new)", "not (state in (new))"},
             {"state in ()", "state in ()"},
             {"state in (\"null\", null, and, \"on hold\")", "state in (\"null\", null, and, \"on hold\")"},
             {"state changed", "state changed"},
             {"state has changed", "guard, column 7: \"contains\" cannot be asked of state, "},
             {"state not changed", "state not changed"},
             {"state changed to empty", "state changed to null"},
             {"state changed from \"new\"", "state changed from new"},
             {"tags has any of (vip, \"a b\")", "tags has any of (\"vip\", \"a b\")"},
             {"tags any of (vip) or tags has none of ()", "tags has any of (\"vip\") or tags has none of ()"},
             {"tags all_of (vip)", "tags has all of (\"vip\")"},
             {"tags has any", "tags has \"any\""},
             {"tags not has vip", "not (tags has \"vip\")"},
             {"effort > -3.5 and effort < 1e300", "effort > -3.5 and effort < 1e+300"},
             {"effort = 9007199254740994.0", "effort = 9007199254740994.0"},
             {"effort = 3.0", "effort = 3"},
             {"opened_at older than 240min", "opened_at older than 4h"},
             {"due_at within the next 2h", "due_at within 2h"},
             {"due_at overdue", "due_at older than 0s"},
             {"due_at overdue by more than 2d", "due_at older than 2d"},
             {"opened_at < 2026-01-05T09:00+01:00", "opened_at < 2026-01-05T08:00:00Z"},
             {"idle <= PT4H", "idle <= 4h"},
             {"(((vip)))", "vip = true"},
             {"(vip or vip) or vip", "(vip = true or vip = true) or vip = true"},
             {"all(vip)", "all (vip = true)"},
             {"any (vip, vip and vip)", "vip = true or (vip = true and vip = true)"},
             {"all () and any ()", "always and never"},
             {"true or false", "always or never"},
             {"`not` or not `not`", "`not` = true or not (`not` = true)"},
             {"`fields.N\xC2\xB0 ``client``` = a", "`fields.N\xC2\xB0 ``client``` = \"a\""},
             {"assignee = ana@example.org", "assignee = \"ana@example.org\""}}) {
        CAPTURE(written);
        if (expected.starts_with("guard"))
            CHECK(normal(written).starts_with(expected));
        else
            CHECK(normal(written) == expected);
    }
}

TEST_CASE("given a mistake in a text, when it is read, then the message names the column and what was expected") {
    CHECK(normal("") == "guard, column 1: expected a comparison such as priority = high, found the end");
    CHECK(normal("", language::fr) ==
          "guard, colonne 1 : il faut ici une comparaison comme priority = high, et non la fin");
    CHECK(normal("vip and") == "guard, column 8: expected a comparison such as priority = high, found the end");
    CHECK(normal("vip vip") ==
          "guard, column 5: expected an operator for vip (=, !=, in, empty, changed, changed_from, "
          "changed_to), found \"vip\"");
    CHECK(normal("vip = true vip", language::fr) ==
          "guard, colonne 12 : il faut ici « and », « or » ou la fin, et non « vip »");
    CHECK(normal("(vip") == "guard, column 5: expected \")\", \"and\" or \"or\", found the end");
    CHECK(normal("priority high") ==
          "guard, column 10: expected an operator for priority (=, !=, <, <=, >, >=, in, empty, changed, changed_from, "
          "changed_to), found \"high\"");
    CHECK(normal("priority = hihg") == "guard, column 12: unknown value \"hihg\"; known: low, normal, high, critical");
    CHECK(normal("priority = hihg", language::fr) ==
          "guard, colonne 12 : valeur inconnue « hihg » ; connues : low, normal, high, critical");
    CHECK(normal("priority =") == "guard, column 11: expected one of low, normal, high, critical, found the end");
    CHECK(normal("état = new").starts_with("guard, column 1: unknown field \"état\""));
    CHECK(normal("subject = \"é\" and prioritee = high")
              .starts_with("guard, column 19: unknown field \"prioritee\"; did you mean \"priority\"?"));
    CHECK(normal("vip > true") ==
          "guard, column 5: \">\" cannot be asked of vip, which is of type boolean; possible: =, !=, in, empty, "
          "changed, changed_from, changed_to");
    CHECK(normal("state in new") == "guard, column 10: expected \"(\", found \"new\"");
    CHECK(normal("state in (new open)") == "guard, column 15: expected \",\" or \")\", found \"open\"");
    CHECK(normal("state in (new, opne)").starts_with("guard, column 16: unknown value \"opne\""));
    CHECK(normal("effort > many") == "guard, column 10: expected a number, found text");
    CHECK(normal("effort > many", language::fr) == "guard, colonne 10 : un nombre attendu, un texte reçu");
    CHECK(normal("idle > 4") ==
          "guard, column 8: \"4\" is not valid; write 90s, 30min, 4h, 2d, 1w or PT4H, up to 100 years");
    CHECK(normal("opened_at older 4h") == "guard, column 17: expected \"than\", found \"4h\"");
    CHECK(normal("opened_at > yesterday").starts_with("guard, column 13: \"yesterday\" is not valid; an instant"));
    CHECK(normal("subject = \"abc") == "guard, column 11: this text has no closing quote; end it with \"");
    CHECK(normal(R"(subject = "a\q")") ==
          R"(guard, column 13: \q means nothing here; possible: \", \\, \n, \t, \r, \u00E9)");
    CHECK(normal("subject = 'a'") == "guard, column 11: expected a text in double quotes, found \"'\"");
    CHECK(normal(R"(subject matches "(a")").starts_with("guard, column 17: \"(a\" is not a pattern: missing )"));
    CHECK(normal("vip = true; vip") == "guard, column 11: expected \"and\", \"or\" or the end, found \";\"");
    CHECK(normal("subject = " + std::string(60, '!')).size() < 120);
    auto const e = expr::condition::parse("vip > true", wide(), "guard").error();
    CHECK(e["column"] == "5");
    CHECK(compile(R"({"all":[{}, "priority = hihg"]})").error().describe() ==
          "guard.all[1], column 12: unknown value \"hihg\"; known: low, normal, high, critical");
}

TEST_CASE("given texts at a limit, when they are read, then the limit is accepted and one more is refused") {
    auto const code = [](std::string const& text) {
        auto const read = expr::condition::parse(text, wide());
        return read ? std::optional<errc>{} : std::optional{read.error().code()};
    };
    auto const nodes = [](std::size_t count) { return "vip" + times(" and vip", count - 2); };
    CHECK_FALSE(code(nodes(limits::condition_nodes_max)));
    CHECK(code(nodes(limits::condition_nodes_max + 1)) == errc::resource_exhausted);
    auto const nots = [](std::size_t levels) { return times("not (", levels - 1) + "vip" + times(")", levels - 1); };
    CHECK_FALSE(code(nots(limits::condition_depth_max)));
    CHECK(code(nots(limits::condition_depth_max + 1)) == errc::resource_exhausted);
    CHECK_FALSE(code(times("(", 60) + "vip" + times(")", 60)));
    for (auto const* open : {"(", "not ", "all(", "any(vip,", "not("})
        CHECK(code(times(open, 100'000)) == errc::resource_exhausted);
    auto const patterns = [](std::size_t count) {
        return "subject matches a" + times(" or subject matches \"b|c\"", count - 1);
    };
    CHECK_FALSE(code(patterns(limits::condition_patterns_max)));
    CHECK(code(patterns(limits::condition_patterns_max + 1)) == errc::resource_exhausted);
    auto const pattern = [](std::size_t bytes) { return "subject matches \"" + std::string(bytes, 'a') + '"'; };
    CHECK_FALSE(code(pattern(limits::pattern_bytes_max)));
    CHECK(code(pattern(limits::pattern_bytes_max + 1)) == errc::resource_exhausted);
    auto const padded =
        expr::condition::parse(std::string(2'000'000, ' ') + "effort in (1" + times(", 1", 900) + ", x)", wide());
    CHECK(padded.error()["column"] == "2002715");
    CHECK(code("subject matches \"((((\\\\pL{100}){100}){100}){100})\"") == errc::invalid_argument);
}

TEST_CASE("given any bytes, when they are read, then they are refused or written back, and nothing is lost") {
    std::mt19937_64 engine{seed()};
    constexpr std::array parts{
        "vip"sv, " and "sv,  " or "sv, "not "sv, "("sv,    ")"sv,        "\""sv,     "subject"sv,        " = "sv,
        "`"sv,   "\\"sv,     "\xC3"sv, "a"sv,    ","sv,    " in ("sv,    " has "sv,  "tags"sv,           "1"sv,
        "4h"sv,  " empty"sv, " is "sv, "all"sv,  "\x00"sv, "\xE2\x89"sv, "effort"sv, " changed from "sv, " any of "sv,
        "null"sv};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (auto left = engine() % 12; left > 0; --left)
            text += parts[engine() % parts.size()];
        CAPTURE(text);
        auto const read = expr::condition::parse(text, wide());
        if (!read) {
            REQUIRE_FALSE(read.error()["path"].empty());
            REQUIRE_FALSE(read.error().describe(language::fr).empty());
            continue;
        }
        auto const written = read->to_text();
        auto const again = expr::condition::parse(written, wide());
        REQUIRE(again.has_value());
        REQUIRE(*again == *read);
        REQUIRE(again->to_text() == written);
    }
}
