#include <guichet/rules/notices.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace guichet;
using namespace std::chrono_literals;
using rules::may_send;
using rules::window;

namespace {

instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h};
duration const moment{1};

/// Every window of a table by itself.
template <class Check>
void each_window(Check const& check) {
    for (auto const& w : rules::windows_of_ticket)
        check(w);
    for (auto const& w : rules::windows_of_recipient)
        check(w);
}

bool passes(std::vector<instant> const& sent, window const& alone, instant now = monday) {
    return may_send(sent, std::span{&alone, 1}, now);
}

} // namespace

TEST_CASE("given a silent desk, when a mail is to leave, then it may") {
    CHECK(may_send(std::vector<instant>{}, rules::windows_of_ticket, monday));
    CHECK(may_send(std::vector<instant>{}, rules::windows_of_recipient, monday));
    CHECK(may_send(std::vector<instant>(1'000, monday), std::span<window const>{}, monday)); // without any limit
}

TEST_CASE("given one mail less than a window takes, when one more is to leave, then it may, and the next may not") {
    each_window([](window const& w) {
        CAPTURE(w.within.count());
        CHECK(passes(std::vector<instant>(w.most - 1, monday), w));
        CHECK_FALSE(passes(std::vector<instant>(w.most, monday), w));
        CHECK_FALSE(passes(std::vector<instant>(w.most + 1, monday), w));
    });
}

TEST_CASE("given a full window, when its first mail is as old as the window is long, then the next may leave") {
    each_window([](window const& w) {
        CAPTURE(w.within.count());
        std::vector<instant> sent(w.most, monday);
        CHECK_FALSE(passes(sent, w, monday + w.within - moment));
        CHECK(passes(sent, w, monday + w.within));
        sent.front() += moment;
        CHECK(passes(sent, w, monday + w.within));
        CHECK_FALSE(passes(std::vector<instant>(w.most, monday + moment), w, monday + w.within));
    });
}

/// A mail as soon as the table allows one, for as long as the longest window: how many leave.
template <class Table>
std::size_t most_in_ten_hours(Table const& table) {
    std::vector<instant> sent;
    for (auto now = monday; now < monday + table.back().within; now += 1min)
        while (may_send(sent, table, now))
            sent.push_back(now);
    for (auto const& w : table)
        for (auto const from : sent) {
            auto const in =
                std::count_if(sent.begin(), sent.end(), [&](instant at) { return at >= from && at < from + w.within; });
            CHECK(static_cast<std::size_t>(in) <= w.most);
        }
    return sent.size();
}

TEST_CASE("given something that runs wild, when it writes whenever it may, then no stretch of any window holds more") {
    CHECK(most_in_ten_hours(rules::windows_of_ticket) == 100);
    CHECK(most_in_ten_hours(rules::windows_of_recipient) == 360);
}

TEST_CASE("given both tables, when windows get longer, then each takes more, at a smaller rate") {
    for (auto const* table : {&rules::windows_of_ticket, &rules::windows_of_recipient})
        for (std::size_t i = 1; i < table->size(); ++i) {
            auto const &shorter = (*table)[i - 1], &longer = (*table)[i];
            CHECK(longer.within > shorter.within);
            CHECK(longer.most > shorter.most);
            CHECK(static_cast<std::int64_t>(longer.most) * shorter.within.count() <=
                  static_cast<std::int64_t>(shorter.most) * longer.within.count());
        }
}

TEST_CASE("given a clock that was set back, when mails seem to have left later than now, then they do not count") {
    each_window([](window const& w) {
        CAPTURE(w.within.count());
        CHECK(passes(std::vector<instant>(w.most, monday + moment), w));
        std::vector<instant> sent(w.most - 1, monday);
        sent.push_back(monday + 1h);
        CHECK(passes(sent, w));
        CHECK(passes(sent, w, monday + moment));
    });
}

TEST_CASE("given mails in any order, when one more is to leave, then the answer is the same") {
    std::vector<instant> sent;
    for (int i = 0; i < 12; ++i)
        sent.push_back(monday - std::chrono::seconds{i * 40});
    auto const answers = [&] {
        std::vector<bool> out;
        for (auto now = monday - 30min; now < monday + 2h; now += 30s)
            out.push_back(may_send(sent, rules::windows_of_ticket, now));
        return out;
    };
    std::sort(sent.begin(), sent.end());
    auto const in_order = answers();
    CHECK(std::count(in_order.begin(), in_order.end(), false) > 0);
    CHECK(std::count(in_order.begin(), in_order.end(), true) > 0);
    std::reverse(sent.begin(), sent.end());
    CHECK(answers() == in_order);
    for (int turn = 1; turn < 12; ++turn) {
        std::rotate(sent.begin(), sent.begin() + 5, sent.end());
        CHECK(answers() == in_order);
    }
}
