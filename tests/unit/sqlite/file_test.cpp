#include "desk_file.hpp"

#include <guichet/sqlite/impl/append.ipp>
#include <guichet/sqlite/impl/unit.ipp>

#include <doctest/doctest.h>

using namespace desk_file;

namespace {

void run(std::string const& path, std::string const& sql) {
    auto db =
        sqlite::connection::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, std::chrono::seconds{1}).value();
    db->run(sql.c_str()).value();
}
std::int64_t ask(std::string const& path, std::string_view sql) {
    return sqlite::connection::open(path, SQLITE_OPEN_READONLY, std::chrono::seconds{1}).value()->ask(sql).value();
}

} // namespace

TEST_CASE("given no file, when a desk is opened, then it is made only if that was asked") {
    folder const here;
    CHECK(refusal(here / "desk.db") == "store_not_found");
    CHECK_FALSE(fs::exists(here / "desk.db"));
    CHECK(refusal(here / "no/such/folder/desk.db", {.create = true}) == "store_failed");
    CHECK(refusal(here / "desk.db", {.create = true}) == "opened");
    CHECK(refusal(here / "desk.db") == "opened");
}

TEST_CASE("given a new desk, when the file is looked at, then it says what it is") {
    folder const here;
    make(here / "desk.db");
    CHECK(ask(here / "desk.db", "PRAGMA application_id") == 0x47434854);
    CHECK(ask(here / "desk.db", "PRAGMA user_version") == sqlite::schema_version);
    CHECK(ask(here / "desk.db", "SELECT count(*) FROM schema_migrations") ==
          std::int64_t{std::size(sqlite::migrations)});
    CHECK(ask(here / "desk.db",
              "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT "
              "strict AND name NOT LIKE 'sqlite_%'") == 0);
    CHECK(make(here / "desk.db")->stats().value().schema_version == sqlite::schema_version);
}

TEST_CASE("given a file of another program, when it is opened, then it is refused and stays as it is") {
    folder const here;
    std::ofstream{here / "letter.txt"} << "Dear desk, this is not a database, however long it may be. "
                                       << std::string(9000, '.');
    run(here / "shop.db", "CREATE TABLE orders (id INTEGER); PRAGMA user_version = 1");
    run(here / "other.db", "PRAGMA application_id = 7; CREATE TABLE x (y)");
    std::ofstream{here / "empty.db"};
    for (auto const* name : {"letter.txt", "shop.db", "other.db"}) {
        auto const before = content(here / name);
        CHECK(refusal(here / name) == "store_foreign");
        CHECK(refusal(here / name, {.create = true}) == "store_foreign");
        CHECK(content(here / name) == before);
    }
    CHECK(refusal(here / "empty.db") == "store_foreign");
    CHECK(refusal(here / "empty.db", {.create = true}) == "opened");
}

TEST_CASE("given a file of a newer program, when it is opened, then it is refused") {
    folder const here;
    make(here / "desk.db");
    run(here / "desk.db", "PRAGMA user_version = 99");
    auto const refused = sqlite_store(here / "desk.db");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().why() == reason::store_newer);
    CHECK(refused.error()["found"] == "99");
    CHECK(refused.error()["known"] == std::to_string(sqlite::schema_version));
}

TEST_CASE("given a file whose migration was another one, when it is opened, then it is refused") {
    folder const here;
    make(here / "desk.db");
    SUBCASE("changed") { run(here / "desk.db", "UPDATE schema_migrations SET checksum = zeroblob(32)"); }
    SUBCASE("lost") { run(here / "desk.db", "DELETE FROM schema_migrations"); }
    CHECK(refusal(here / "desk.db") == "store_schema_changed");
}

TEST_CASE("given a desk, when it is opened to be read, then nothing can be written") {
    folder const here;
    add(*make(here / "desk.db"), plain(1));
    auto const s = sqlite_store(here / "desk.db", {.read_only = true}).value();
    CHECK(s->load("acme", id_of(1)).value() != nullptr);
    CHECK(s->begin().error().why() == reason::store_read_only);
}

TEST_CASE("given two programs on one file, when both write, then one waits or is told that the file is busy") {
    folder const here;
    auto const one = make(here / "desk.db"), other = make(here / "desk.db");
    auto work = one->begin().value();
    CHECK(other->begin().error().why() == reason::store_busy);
    auto t = plain(1);
    write(*work, nullptr, t).value();
    work->commit().value();
    CHECK(other->load("acme", id_of(1)).value() != nullptr);
    add(*other, plain(2));
    CHECK(one->head().value().seq == 2);
    add(*one, plain(3)); // goes on from the other's event
}

TEST_CASE("given counters in memory, when another program changes the tickets, then they are counted anew") {
    folder const here;
    auto const schema = ticket_schema(itil_lifecycle());
    std::vector<storage::ticket_query> const all{{.tenant = "acme"}};
    auto const one = make(here / "desk.db"), other = make(here / "desk.db");
    CHECK(one->count(all, schema).value()[0].count == 0);
    add(*one, plain(1));
    CHECK(one->count(all, schema).value()[0].count == 1);
    add(*other, plain(2));
    CHECK(one->count(all, schema).value()[0].count == 2);
    add(*one, plain(3));
    CHECK(one->count(all, schema).value()[0].count == 3);
}

TEST_CASE("given a full disk, when a unit of work writes, then it says so and nothing of it is there") {
    folder const here;
    add(*make(here / "desk.db"), plain(1));
    auto place = std::make_shared<sqlite::writing_place>();
    place->db = sqlite::open_writer(here / "desk.db", {}, 1'000'000).value();
    place->db->run("PRAGMA max_page_count = 60").value();
    {
        REQUIRE(place->gate.enter(std::chrono::milliseconds{0}));
        sqlite::unit work{place};
        work.start().value();
        auto t = plain(2);
        write(work, nullptr, t).value();
        std::vector<std::byte> const bytes(1'000'000);
        CHECK(work.put_blob(bytes).error().why() == reason::store_full);
        CHECK(work.commit().error().why() == reason::store_full);
    }
    place->db.reset();
    auto const s = sqlite_store(here / "desk.db").value();
    CHECK(s->load("acme", id_of(2)).value() == nullptr);
    CHECK(s->check().has_value());
}

TEST_CASE("given a damaged file, when it is checked, then the damage is found") {
    folder const here;
    auto const path = here / "desk.db";
    {
        auto const s = make(path);
        for (std::uint8_t i = 1; i < 100; ++i)
            add(*s, plain(i));
        CHECK(s->check().has_value());
    }
    SUBCASE("a page is overwritten") {
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(static_cast<std::streamoff>(fs::file_size(path) - 4096 * 3));
        file << std::string(4096, '\x5a');
    }
    SUBCASE("an event points to no ticket") { run(path, "UPDATE events SET ticket = 1000 WHERE seq = 5"); }
    SUBCASE("a counter is wrong") { run(path, "UPDATE facets SET tickets = tickets + 1"); }
    auto const opened = sqlite_store(path);
    auto const checked = opened ? opened.value()->check() : result<void>{opened.error()};
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().why() == reason::store_corrupt);
}

TEST_CASE("given a text, when it is erased, then no byte of it is left in the files") {
    folder const here;
    auto const path = here / "desk.db";
    std::string const secret = "my card number is 4970-1012-3456-7890",
                      lengthy = secret + std::string(20'000, 'z') + secret;
    auto const s = make(path);
    auto const before = add(*s, plain(1), {secret, lengthy, "the printer is on fire"});
    auto work = s->begin().value();
    auto after = before;
    write(*work, &before, after, {}, {1, 2}).value();
    work->commit().value();
    for (auto const& file : {path, path + "-wal"})
        CHECK(content(file).find("4970-1012") == std::string::npos);
    CHECK(s->read_texts(id_of(1)).value()[2].body == "the printer is on fire");
}

TEST_CASE("given a desk at work, when it is backed up over an older backup, then the copy is whole") {
    folder const here;
    auto const s = make(here / "desk.db");
    add(*s, plain(1));
    s->backup(here / "copy.db").value();
    add(*s, plain(2));
    s->backup(here / "copy.db").value();
    auto const copy = sqlite_store(here / "copy.db").value();
    CHECK(copy->stats().value().tickets == 2);
    CHECK(copy->check().has_value());
    CHECK_FALSE(fs::exists(here / "copy.db.part"));
    CHECK(s->backup(here / "no/such/folder/copy.db").error().why() == reason::file_unwritable);
}
