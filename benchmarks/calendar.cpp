/// Calendars and instants: adding and measuring working time, against a walk from day to day that is as good as we
/// could make it; compiling; and the text of instants. Prints one JSON object a row. Every answer is compared with the
/// walk's.
#include "median.hpp"
#include "row.hpp"

#include <guichet/time/calendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
namespace gt = guichet::time;
using std::chrono::days;
using steady = std::chrono::steady_clock;

/// The usual way, done well: one step a local date, holidays in a bit set, plain arrays of the week's hours, and the
/// zone asked again only where the offset changes.
class day_walk {
public:
    explicit day_walk(gt::calendar_definition const& d) : zone_{gt::zone::find(d.tz).value()}, weekly_{d.weekly} {
        for (auto const& day : d.holidays)
            for (int y = day.year ? int(*day.year) : 1970; y <= (day.year ? int(*day.year) : 2069); ++y)
                closed_[index(gt::local_date{std::chrono::year{y} / day.day})] = true;
    }

    std::int64_t between(instant a, instant b) const {
        std::int64_t sum = 0;
        walk(a, [&](std::int64_t from, std::int64_t to) {
            if (from >= b.time_since_epoch().count())
                return false;
            sum += std::min(to, b.time_since_epoch().count()) - from;
            return true;
        });
        return sum;
    }

    instant add(instant start, std::int64_t length) const {
        instant out{};
        walk(start, [&](std::int64_t from, std::int64_t to) {
            if (length > to - from) {
                length -= to - from;
                return true;
            }
            out = instant{duration{from + length}};
            return false;
        });
        return out;
    }

private:
    static std::size_t index(gt::local_date date) { return std::size_t(date.time_since_epoch().count()); }

    /// Visits the openings from `at` on until the visitor has enough.
    template <class Visitor>
    void walk(instant at, Visitor&& visit) const {
        auto const begin = at.time_since_epoch().count();
        auto offset = std::chrono::milliseconds{zone_.offset(at)}.count();
        auto change = next_change(at);
        auto settled = begin;                                               // the offset is known to hold from here
        auto date = std::chrono::floor<days>(zone_.to_local(at)) - days{1}; // last night may run on
        auto weekday = std::chrono::weekday{date}.iso_encoding() - 1;
        auto midnight = std::chrono::milliseconds{date.time_since_epoch()}.count();
        for (;; date += days{1}, midnight += 86'400'000, weekday = weekday == 6 ? 0 : weekday + 1) {
            if (closed_[index(date)])
                continue;
            bool const plain = midnight - offset + 2 * 86'400'000 < change && midnight - offset > settled;
            for (auto const& open : weekly_[weekday]) {
                auto from = plain ? midnight + open.from.count() * 1000 - offset : exact(date + open.from);
                auto const to = plain ? midnight + open.to.count() * 1000 - offset : exact(date + open.to);
                from = std::max(from, begin);
                if (from < to && !visit(from, to))
                    return;
            }
            if (midnight - offset > change) {
                offset = std::chrono::milliseconds{zone_.offset(instant{duration{midnight - offset}})}.count();
                settled = midnight - offset;
                change = next_change(instant{duration{settled}});
            }
        }
    }
    std::int64_t exact(gt::local_instant local) const { return zone_.to_sys(local).time_since_epoch().count(); }
    std::int64_t next_change(instant at) const {
        auto const change = zone_.next_change(at);
        return change ? change->time_since_epoch().count() : INT64_MAX;
    }

    gt::zone zone_;
    std::array<std::vector<gt::opening>, 7> weekly_;
    std::vector<bool> closed_ = std::vector<bool>(60'000);
};

gt::calendar_definition office(char const* tz) {
    gt::calendar_definition d;
    d.tz = tz;
    for (std::size_t i = 0; i < 5; ++i)
        d.weekly[i] = {{9h, 12h}, {13h + 30min, 18h}};
    using namespace std::chrono;
    for (auto const day :
         {January / 1, May / 1, May / 8, July / 14, August / 15, November / 1, November / 11, December / 25})
        d.holidays.push_back({std::nullopt, day, {}});
    return d;
}

gt::calendar_definition nights(char const* tz) {
    gt::calendar_definition d;
    d.tz = tz;
    for (std::size_t i = 0; i < 7; ++i)
        d.weekly[i] = {{6h, 8h}, {10h, 11h}, {20h, 21h}, {22h, 27h}};
    d.holidays.push_back({std::nullopt, std::chrono::December / 25, {}});
    return d;
}

gt::calendar_definition round_the_clock(char const* tz) {
    gt::calendar_definition d;
    d.tz = tz;
    for (auto& day : d.weekly)
        day = {{0h, 24h}};
    return d;
}

struct question {
    std::size_t calendar;
    instant start, end;
    duration length;
};

volatile std::int64_t sink = 0;

void working_time(std::string const& suffix, days distance, bool judged) {
    std::vector<gt::calendar_definition> definitions;
    for (auto const* tz : {"Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"})
        definitions.insert(definitions.end(), {office(tz), nights(tz), round_the_clock(tz)});
    std::vector<gt::calendar> calendars;
    std::vector<day_walk> walks;
    for (auto const& d : definitions) {
        calendars.push_back(gt::calendar::compile(d).value());
        walks.emplace_back(d);
    }
    std::mt19937_64 chance{2026};
    std::vector<question> questions(40'000);
    for (auto& q : questions) {
        q.calendar = chance() % calendars.size();
        q.start = instant{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}} +
                  duration{std::int64_t(chance() % (8ull * 365 * 86'400'000))};
        q.end = q.start + duration{std::int64_t(chance() % std::uint64_t(duration{distance}.count()))};
        q.length = std::max(duration{1}, calendars[q.calendar].between(q.start, q.end));
    }
    std::size_t const walked = 4'000;
    for (std::size_t i = 0; i < walked; ++i) {
        auto const& q = questions[i];
        if (calendars[q.calendar].between(q.start, q.end).count() != walks[q.calendar].between(q.start, q.end) ||
            calendars[q.calendar].add(q.start, q.length) != walks[q.calendar].add(q.start, q.length.count())) {
            std::fprintf(stderr, "calendar and walk disagree on question %zu\n", i);
            std::exit(1);
        }
    }
    auto const add = median_ns(questions.size(), [&](std::size_t i) {
        auto const& q = questions[i];
        sink = calendars[q.calendar].add(q.start, q.length)->time_since_epoch().count();
    });
    auto const measure = median_ns(questions.size(), [&](std::size_t i) {
        auto const& q = questions[i];
        sink = calendars[q.calendar].between(q.start, q.end).count();
    });
    auto const walk_add = median_ns(walked, [&](std::size_t i) {
        auto const& q = questions[i];
        sink = walks[q.calendar].add(q.start, q.length.count()).time_since_epoch().count();
    });
    auto const walk_measure = median_ns(walked, [&](std::size_t i) {
        auto const& q = questions[i];
        sink = walks[q.calendar].between(q.start, q.end);
    });
    auto const print = [&](char const* name, double ours, double walks_ns) {
        print_row(name + suffix, ours, "ns", "day-by-day walk", walks_ns / ours,
                  judged ? "<= 150 ns and >= 50x" : "<= 150 ns", ours <= 150 && (!judged || walks_ns / ours >= 50));
    };
    print("calendar.add", add, walk_add);
    print("calendar.measure", measure, walk_measure);
}

void compiling() {
    auto const definition = office("Europe/Paris");
    std::vector<double> samples;
    std::size_t bytes = 0;
    for (int i = 0; i < 101; ++i) {
        auto const start = steady::now();
        auto const calendar = gt::calendar::compile(definition).value();
        samples.push_back(std::chrono::duration<double, std::milli>(steady::now() - start).count());
        bytes = calendar.memory_bytes();
    }
    std::sort(samples.begin(), samples.end());
    print_row("calendar.compile", samples[samples.size() / 2], "ms", "", 0, "<= 5 ms",
              samples[samples.size() / 2] <= 5);
    print_row("calendar.memory", double(bytes), "bytes", "", 0, "<= 1000000 bytes", bytes <= 1'000'000);
}

void instants() {
    std::mt19937_64 chance{2026};
    std::vector<instant> at(1'000); // few, because a text that is read has just been received
    std::vector<std::string> texts;
    for (auto& t : at) {
        t = instant{duration{std::int64_t(chance() % 4'000'000'000'000)}};
        texts.push_back(gt::to_text(t));
    }
    auto const printing =
        median_ns(20 * at.size(), [&](std::size_t i) { sink = gt::print(at[i % at.size()]).bytes[18]; });
    auto const reading = median_ns(20 * at.size(), [&](std::size_t i) {
        sink = gt::read_instant(texts[i % at.size()])->time_since_epoch().count();
    });
    print_row("instant.print", printing, "ns", "", 0, "<= 40 ns", printing <= 40);
    print_row("instant.read", reading, "ns", "", 0, "<= 40 ns", reading <= 40);
}

} // namespace

int main() {
    working_time("", days{3653}, true);
    working_time(".month", days{30}, false);
    compiling();
    instants();
}
