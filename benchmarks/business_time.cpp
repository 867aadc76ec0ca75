/// Answers for a peer that is measured by another program (peer_business_time.py). Reads a calendar as one line of
/// JSON, then intervals, "start end" in seconds of UTC, one a line. Prints one JSON object: the working seconds of
/// each, where that much working time after its start ends, and the median nanoseconds of both questions.
#include "median.hpp"

#include <guichet/model/calendar_document.hpp>
#include <guichet/time/calendar.hpp>

#include <iostream>
#include <string>
#include <vector>

int main() {
    using namespace guichet;
    std::string text;
    std::getline(std::cin, text);
    auto const calendar = time::calendar::compile(parse_calendar(text).value()).value();
    std::vector<time::interval> asked;
    for (std::int64_t start = 0, end = 0; std::cin >> start >> end;)
        asked.push_back({instant{std::chrono::seconds{start}}, instant{std::chrono::seconds{end}}});
    std::vector<duration> lengths;
    std::string measured, added;
    auto const append = [](std::string& to, duration d) {
        to.append(to.empty() ? "" : ",").append(std::to_string(std::chrono::floor<std::chrono::seconds>(d).count()));
    };
    for (auto const& a : asked) {
        lengths.push_back(calendar.between(a.from, a.to));
        append(measured, lengths.back());
        append(added, calendar.add(a.from, lengths.back()).value().time_since_epoch());
    }
    if (asked.empty())
        return 1;
    std::int64_t volatile sink = 0;
    auto const calls = std::max<std::size_t>(asked.size(), 40'000);
    auto const measure = median_ns(calls, [&](std::size_t i) {
        auto const& a = asked[i % asked.size()];
        sink = calendar.between(a.from, a.to).count();
    });
    auto const add = median_ns(calls, [&](std::size_t i) {
        sink = calendar.add(asked[i % asked.size()].from, lengths[i % asked.size()])->time_since_epoch().count();
    });
    std::cout << "{\"measure_ns\":" << measure << ",\"add_ns\":" << add << ",\"measured\":[" << measured
              << "],\"added\":[" << added << "]}\n";
}
