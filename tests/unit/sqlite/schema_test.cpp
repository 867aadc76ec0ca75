#include "desk_file.hpp"

#include <guichet/sqlite/impl/reading.ipp>
#include <guichet/sqlite/impl/schema.ipp>

#include <doctest/doctest.h>

#include <random>

using namespace desk_file;

TEST_CASE(
    "given the migrations of the source tree, when they are compared with those compiled in, then they are equal") {
    for (auto const& m : sqlite::migrations) {
        auto const digits = std::to_string(m.number);
        auto const name = std::string(4 - digits.size(), '0') + digits + '_' + std::string{m.name} + ".sql";
        CHECK_MESSAGE(m.sql == '\n' + content(GUICHET_SOURCE_DIR "/src/migrations/" + name), name);
    }
    auto const files = std::distance(fs::directory_iterator{GUICHET_SOURCE_DIR "/src/migrations"}, {});
    CHECK(static_cast<std::size_t>(files) == std::size(sqlite::migrations));
}

TEST_CASE("given the table of tickets, when its columns are listed, then they are those of the description") {
    folder const here;
    make(here / "desk.db");
    auto const db = sqlite::open_reader(here / "desk.db", {}, 1'000'000).value();
    auto rows = db->use("SELECT name FROM pragma_table_info('tickets')").value();
    std::vector<std::string> columns, expected{"ordinal"};
    while (rows.step().value())
        columns.emplace_back(rows.text_at(0));
    expected.insert(expected.end(), sqlite::column_names().begin(), sqlite::column_names().end());
    expected.insert(expected.end(), {"is_open", "last_event", "armed", "lists"});
    CHECK(columns == expected);
}

TEST_CASE("given the words of packed JSON, when the library changes, then old files stay readable") {
    // Words may be added at the end; then this digest, of those known so far, stays.
    hasher h;
    for (std::size_t i = 0; i < 160; ++i)
        h.add_sized(sqlite::packing::words[i]);
    auto const print = h.finish();
    CHECK(to_hex(std::span{print}.first(8)) == "80fd840e0e432256");
}

TEST_CASE("given JSON as it is stored, when it is packed, then it is short and comes back as it was") {
    std::string const lists =
        R"({"spans":[["new","new",1767633751011],["open","open",1767633788751]],"clocks":)"
        R"([["first_response","standard",1,"met",1767702151011,1767633788751]],"subject_text":1})";
    std::string packed, back;
    sqlite::pack(lists, packed);
    CHECK(packed.size() < lists.size() / 3);
    REQUIRE(sqlite::unpack(packed, back));
    CHECK(back == lists);
}

TEST_CASE("given any bytes, when they are packed, then they come back as they were") {
    auto const given = std::getenv("GUICHET_SEED");
    std::mt19937_64 chance{given ? std::strtoull(given, nullptr, 10) : 1};
    for (int i = 0; i < 20'000; ++i) {
        std::string text, packed, back;
        for (auto parts = chance() % 30; parts > 0; --parts)
            switch (chance() % 4) {
            case 0: text += sqlite::packing::words[chance() % std::size(sqlite::packing::words)]; break;
            case 1: text += std::to_string(chance() >> chance() % 64); break;
            case 2: text += '"' + to_string(id_of(static_cast<std::uint8_t>(chance()))) + '"'; break;
            default: text += static_cast<char>(chance());
            }
        sqlite::pack(text, packed);
        REQUIRE(sqlite::unpack(packed, back));
        REQUIRE(back == text);
        (void)sqlite::unpack(text, back); // damaged input is refused or read, never trusted
    }
}
