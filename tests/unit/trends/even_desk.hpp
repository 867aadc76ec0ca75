#pragma once
#include <guichet/trends/detector.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

/// A desk where nothing is left to chance: tickets come at even distances, from Monday to Friday, 08:00 to 18:00 UTC.
namespace even {

using namespace guichet;
using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;
using trends::stage;

inline instant const monday{sys_days{std::chrono::year{2026} / 3 / 2}};

struct kind {
    std::string category;
    duration every; ///< a ticket of this category comes so often
};

class desk {
public:
    explicit desk(trends::detector_options options = {})
        : options{options}, detector{trends::detector::make(options).value()} {}

    void open(instant at, std::string_view category, std::string_view product = {}) {
        std::vector<trends::trait> traits{{"category", category}, {"product", product}};
        tell(detector.observe({at, next++, traits}));
    }
    /// The usual business of these weeks, counted from 0.
    void work(int first_week, int weeks, std::vector<kind> const& kinds) {
        for (int day = first_week * 7; day < (first_week + weeks) * 7; ++day)
            if (day % 7 < 5)
                work_from(monday + days{day} + 8h, monday + days{day} + 18h, kinds);
    }
    void work_from(instant from, instant to, std::vector<kind> const& kinds) {
        for (auto at = from; at < to; at += 1min)
            for (auto const& k : kinds)
                if ((at - from) % k.every == 0min)
                    open(at, k.category);
    }
    void wait_until(instant at) { tell(detector.advance(at)); }

    /// What was told of a category since the last question; all of the desk for the empty one.
    std::vector<trends::alarm> told(std::string_view category, stage what = stage::began) {
        std::vector<trends::alarm> out;
        for (auto const& one : news)
            if (one.value == category && one.what == what)
                out.push_back(one);
        return out;
    }

    trends::detector_options options;
    trends::detector detector;
    std::vector<trends::alarm> news;
    std::uint64_t next = 0;

private:
    void tell(std::vector<trends::alarm> more) { news.insert(news.end(), more.begin(), more.end()); }
};

/// Mails every ten minutes, the network every twenty, printers every hour.
inline std::vector<kind> const usual{{"mail", 10min}, {"network", 20min}, {"printer", 1h}};

} // namespace even
