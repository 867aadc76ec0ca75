/// Several desks that send what leaves one store.
#include "property/world.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#if defined(PLAY_ON_SQLITE)
namespace {

using namespace play;

constexpr int mails = 60;

/// A desk on a file, with a mail for each ticket that was opened.
void fill(std::string const& path) {
    world w{open_file(path)};
    std::vector<document> const papers{
        {"template",
         "received",
         0,
         R"({"languages": [{"language": "en", "subject": "{{ticket.number}}", "text": "We have it"}]})",
         {},
         {}},
        {"rules",
         "desk",
         0,
         R"({"rules": [{"name": "ack", "on": ["ticket_opened"],
            "actions": [{"mail": {"to": ["requester"], "wording": "received"}}]}]})",
         {},
         {}}};
    w.desk->configure(papers, administrator("north")).value();
    for (int i = 0; i < mails; ++i)
        w.desk
            ->execute({.by = {.tenant = "north", .person = "p" + std::to_string(i), .role = "requester"},
                       .body = open_ticket{.subject = "No network"}})
            .value();
}

TEST_CASE(
    "given two desks on one file that deliver at the same time, when each takes a few mails after the other, then "
    "every mail is sent exactly once") {
    scratch_file const file;
    fill(file.path());
    std::mutex mutex;
    std::map<std::string, int> sent;
    std::atomic<int> left = mails, troubles = 0;
    sender const send = [&](storage::outbox_entry const& entry) -> result<void> {
        std::lock_guard const lock{mutex};
        ++sent[entry.body.substr(0, entry.body.find(','))];
        --left;
        return {};
    };
    auto const deliver = [&] {
        world w{open_file(file.path())};
        for (int tries = 0; left > 0 && tries < 10'000; ++tries) {
            auto const report = w.desk->deliver(send, 7);
            if (!report && report.error().code() != errc::unavailable)
                ++troubles;
        }
    };
    std::thread one{deliver}, other{deliver};
    one.join();
    other.join();
    CHECK(troubles == 0);
    CHECK(sent.size() == mails);
    for (auto const& [key, times] : sent)
        CHECK_MESSAGE(times == 1, key);
    world after{open_file(file.path())};
    after.env.advance(std::chrono::hours{24});
    CHECK(after.desk->deliver(send)->sent == 0); // each is out of the box
}

} // namespace
#endif
