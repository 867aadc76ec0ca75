/// A work that is dropped is a rehearsal, one that is committed is a batch, whatever is in it.
#include "property/playing.hpp"

#if defined(PLAY_ON_SQLITE)
#include <guichet/sqlite/attach.hpp>

#include <sqlite3.h>

namespace {

using namespace play;

/// A host's file with the host's connection to it, and a world in it.
class host {
public:
    host(std::string const& path, std::uint64_t seed) : db_{open(path)}, there{attach(), seed} {}
    sqlite3* db() const noexcept { return db_.get(); }

private:
    using connection = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
    static connection open(std::string const& path) {
        sqlite3* db = nullptr;
        REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
        REQUIRE(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", nullptr, nullptr, nullptr) ==
                SQLITE_OK);
        return {db, &sqlite3_close};
    }
    std::shared_ptr<storage::store> attach() {
        return sqlite::attach(db_.get(), {.durability = durability::normal, .create = true, .prefix = "guichet_"})
            .value();
    }
    connection db_;

public:
    world there;
};

std::vector<std::string> told(std::vector<result<outcome>> const& all) {
    std::vector<std::string> out;
    for (auto const& one : all)
        out.push_back(one ? encode(*one) : one.error().describe());
    return out;
}

/// Commands in one work, in a transaction of the host's.
std::vector<result<outcome>> in_a_work(host& h, std::vector<command> const& wishes, bool commit) {
    REQUIRE(sqlite3_exec(h.db(), "BEGIN", nullptr, nullptr, nullptr) == SQLITE_OK);
    std::vector<result<outcome>> out;
    {
        auto const work = sqlite::join(*h.there.desk, h.db()).value();
        for (auto const& wish : wishes)
            out.push_back(work->execute(wish));
        if (commit)
            work->commit().value();
    }
    if (!commit)
        REQUIRE(sqlite3_exec(h.db(), "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
    return out;
}

TEST_CASE("given a day of which parts come in the host's transactions, then all is as if what was rolled back had "
          "never been") {
    for (auto const seed : seeds(3)) {
        CAPTURE(seed);
        scratch_file file;
        world here{memory_store(), seed};
        host h{file.path(), seed};
        script day{seed};
        auto& chance = day.chance();
        for (int i = 0; i < 500; ++i) {
            CAPTURE(i);
            auto const next = day.next();
            auto const* one = std::get_if<one_command>(&next);
            auto const* many = std::get_if<many_commands>(&next);
            if (one && one->file.empty() && chance.percent(40)) {
                auto const rehearsed = here.desk->rehearse(one->wish);
                REQUIRE(told({rehearsed}) == told(in_a_work(h, {one->wish}, false)));
            }
            if (many && many->mode == batch_mode::each) {
                auto const came_to = here.desk->execute(many->wishes, many->mode).value();
                REQUIRE(told(came_to) == told(in_a_work(h, many->wishes, true)));
                for (std::size_t k = 0; k < came_to.size(); ++k)
                    if (came_to[k])
                        day.learn(many->wishes[k], *came_to[k]);
            } else if (one && one->file.empty() && chance.percent(50)) {
                auto const came_to = here.desk->execute(one->wish);
                REQUIRE(told({came_to}) == told(in_a_work(h, {one->wish}, true)));
                if (came_to)
                    day.learn(one->wish, *came_to);
            } else {
                auto const came_to = play_step(here, next, &day);
                REQUIRE(came_to == play_step(h.there, next, nullptr));
            }
        }
        auto const found = troubles(*h.there.desk);
        REQUIRE_MESSAGE(found.empty(), joined(found));
        REQUIRE(to_hex(here.desk->verify().value().chain) == to_hex(h.there.desk->verify().value().chain));
    }
}

} // namespace
#endif
