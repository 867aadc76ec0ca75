#include <guichet/base/error.hpp>

#include <unit/facts_of.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

using namespace guichet;

namespace {

constexpr reason every_reason[] = {
#define GUICHET_REASON(name, code, en, fr) reason::name,
#include <guichet/base/reasons.def>
#undef GUICHET_REASON
};

result<int> refused() { return error{reason::link_exists}; }
result<int> passes_on() {
    GUICHET_LET(auto const value, refused());
    return value + 1;
}

} // namespace

TEST_CASE("given every reason, when it is said in English and in French, then both name the same facts") {
    for (auto const why : every_reason) {
        auto const& row = info(why);
        CAPTURE(row.name);
        CHECK(row.why == why);
        CHECK_FALSE(row.english.empty());
        CHECK((row.english != row.french || row.english == "{problem}"));
        CHECK(facts_of(row.english) == facts_of(row.french));
        CHECK(info(row.code).code == row.code);
    }
}

TEST_CASE("given a sentence with facts, when it is said, then each fact stands in its place") {
    error const e{reason::version_conflict, {{"expected", "3"}, {"current", "5"}}};
    CHECK(e.describe() == "it changed meanwhile: you expected version 3, it is at version 5; read it again");
    CHECK(e.describe(language::fr).find("version 3 attendue, version 5 actuelle") != std::string::npos);
    CHECK(e.code() == errc::conflict);
    CHECK(e["current"] == "5");
    CHECK(e["nothing"].empty());
}

TEST_CASE(
    "given a fact that is missing or empty, when the sentence is said, then only the missing one is a question mark") {
    CHECK(error{reason::empty_text}.describe() == "?: must not be empty");
    CHECK(error{reason::bad_value, {{"path", "until"}, {"value", ""}, {"hint", "write a time"}}}.describe() ==
          "until: \"\" is not valid; write a time");
}

TEST_CASE("given facts that look like gaps, when the sentence is said, then they stay as they are") {
    error const e{reason::unknown_value, {{"path", "kind"}, {"value", "{known}"}, {"known", "%s"}}};
    CHECK(e.describe() == "kind: unknown value \"{known}\"; known: %s");
}

TEST_CASE(
    "given a result that failed, when it is passed on, then the error arrives and value throws the one exception") {
    auto const r = passes_on();
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().why() == reason::link_exists);
    CHECK_THROWS_AS(static_cast<void>(r.value()), failure);
    try {
        static_cast<void>(r.value());
    } catch (failure const& f) {
        CHECK(std::string_view{f.what()} == "this link exists already");
        CHECK(f.error().code() == errc::already_exists);
    }
}

TEST_CASE("given the canonical codes, when they are listed, then names and exit codes are told apart") {
    std::set<std::string_view> names;
    std::set<int> exits;
    for (int i = 0; i <= static_cast<int>(errc::internal); ++i) {
        auto const& row = info(static_cast<errc>(i));
        names.insert(row.name);
        exits.insert(row.exit_code);
        CHECK(row.http_status >= 400);
    }
    CHECK(names.size() == exits.size());
    CHECK_FALSE(exits.contains(0));
}
