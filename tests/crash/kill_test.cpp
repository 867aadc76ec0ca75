/// The program is killed in the middle of its work, for real, and again and again.
#include "property/script.hpp"
#include "victim.hpp"

#if defined(PLAY_ON_SQLITE)
#include <thread>

namespace {

using namespace play;

constexpr int kills = 60;

/// What the child tells its parent: before it sends a command, and when it has the answer.
struct report {
    bool acknowledged = false;
    std::uint64_t number = 0;  ///< of the command; everything in it follows from this and the life
    std::uint64_t version = 0; ///< of the ticket, then
};

command_id id_of(std::uint64_t life, std::uint64_t number) {
    return dice{life * 1'000'003 + number}.fresh_id<command_id>();
}

/// The command that a life sends as its `number`th: it opens a ticket, or answers one of its own.
command wish_of(std::uint64_t life, std::uint64_t number) {
    command out{.by = {.tenant = "north", .person = "luc", .role = "agent"}, .id = id_of(life, number)};
    auto const opened = number - number % 4;
    out.ticket = dice{life * 7'000'003 + opened}.fresh_id<ticket_id>();
    if (number == opened)
        out.body =
            open_ticket{.subject = "call " + std::to_string(number), .text = std::string(200, 'x'), .requester = "ana"};
    else if (number % 4 == 3)
        out.body = resolve_ticket{.text = "done"};
    else
        out.body = reply{.text = "answer " + std::to_string(number)};
    return out;
}

/// Works until it is killed. Some commands go one by one, some in batches.
[[noreturn]] void child(std::string const& path, std::uint64_t life, int out) {
    testing::simulated_environment env{
        instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}} + std::chrono::minutes{life}, life};
    auto const desk = guichet::desk::open(open_file(path, durability::full), env).value();
    auto const tell = [&](report const& r) { return ::write(out, &r, sizeof r) == static_cast<ssize_t>(sizeof r); };
    for (std::uint64_t number = 0;;) {
        std::vector<command> wishes;
        for (auto left = number % 16 == 8 ? 8 : 1; left > 0; --left)
            wishes.push_back(wish_of(life, number + wishes.size()));
        for (std::size_t i = 0; i < wishes.size(); ++i)
            tell({false, number + i, 0});
        std::vector<result<outcome>> came_to;
        if (wishes.size() == 1)
            came_to.push_back(desk->execute(wishes.front()));
        else
            came_to = desk->execute(wishes, batch_mode::each).value();
        for (std::size_t i = 0; i < wishes.size(); ++i)
            if (!came_to[i] || !tell({true, number + i, came_to[i]->version}))
                ::_exit(1);
        number += wishes.size();
    }
}

struct life_story {
    std::vector<report> acknowledged;
    std::vector<std::uint64_t> unanswered;
};

/// Lets a child work for a while and kills it; what it said until then.
life_story live_and_die(std::string const& path, std::uint64_t life, std::chrono::microseconds lifetime) {
    victim const program{[&](int to_parent) { child(path, life, to_parent); }};
    // The time is counted from the first command, so that no life ends before it began.
    life_story out;
    std::set<std::uint64_t> open;
    auto const read_one = [&] {
        report r;
        if (!program.hear(r))
            return false;
        if (r.acknowledged) {
            out.acknowledged.push_back(r);
            open.erase(r.number);
        } else
            open.insert(r.number);
        return true;
    };
    REQUIRE(read_one());
    std::thread killer{[&] {
        std::this_thread::sleep_for(lifetime);
        program.kill();
    }};
    while (read_one())
        ;
    killer.join();
    out.unanswered.assign(open.begin(), open.end());
    return out;
}

std::size_t events_of(guichet::desk const& desk, command const& wish) {
    auto const receipt = desk.store().begin().value()->find_receipt("north", wish.id).value();
    return receipt ? receipt->last_seq + 1 - receipt->first_seq : 0;
}

TEST_CASE("given a program that is killed in the middle of its work, then all it was told is done is done") {
    dice chance{seed_of_run()};
    scratch_file file;
    std::size_t acknowledged = 0, unanswered = 0, had_happened = 0;
    for (int life = 1; life <= kills; ++life) {
        CAPTURE(life);
        auto const number = static_cast<std::uint64_t>(life);
        auto const story = live_and_die(file.path(), number, std::chrono::microseconds{chance.between(200, 120'000)});
        acknowledged += story.acknowledged.size();

        testing::simulated_environment env{instant{std::chrono::sys_days{std::chrono::year{2026} / 2 / 1}},
                                           1'000'000 + number};
        auto const desk = guichet::desk::open(open_file(file.path(), durability::full), env).value();
        for (auto const& r : story.acknowledged) {
            auto const wish = wish_of(number, r.number);
            auto const again = desk->execute(wish).value();
            REQUIRE(again.repeated);
            REQUIRE(again.version == r.version);
        }
        auto const before = desk->stats().value();
        for (auto const open : story.unanswered) {
            auto const wish = wish_of(number, open);
            bool const happened = events_of(*desk, wish) > 0;
            auto const first = desk->execute(wish).value();
            auto const second = desk->execute(wish).value();
            REQUIRE(first.repeated == happened);
            REQUIRE(second.repeated);
            REQUIRE(second.version == first.version);
            ++unanswered;
            had_happened += happened;
        }
        // A batch is there as a whole or not at all.
        auto const after = desk->stats().value();
        bool const some_new = after.receipts != before.receipts;
        REQUIRE((!some_new || after.receipts - before.receipts == story.unanswered.size()));
        if (life % 10 == 0) {
            auto const found = troubles(*desk);
            REQUIRE_MESSAGE(found.empty(), joined(found));
        }
    }
    MESSAGE(kills, " kills, ", acknowledged, " acknowledged commands, ", unanswered, " without an answer, of which ",
            had_happened, " had happened");
    CHECK(acknowledged > kills);
}

} // namespace
#endif
