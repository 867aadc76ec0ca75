#pragma once
#include "../property/dice.hpp"

#include <guichet/trends/detector.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>
#include <vector>

/// Years at a desk whose tickets are those of a log, in an order that chance made: whatever a trend detector tells of
/// them is false, but for the bursts that were put in.
namespace trend_year {

using namespace guichet;
using play::dice;
using std::chrono::hours;

/// A ticket of the log by what it shares with others; `fields` names the values.
struct ticket {
    instant at;
    std::vector<std::string> values;
};

struct log {
    std::vector<std::string> fields;
    std::vector<ticket> tickets; ///< by time
    double weeks = 0;            ///< that they cover, in part or whole
};

inline constexpr duration week = hours{168};
inline instant week_of(instant at) {
    auto const since = at.time_since_epoch() - duration{hours{96}}; // Monday 5 January 1970
    return instant{at.time_since_epoch() - (since % week + week) % week};
}

inline log log_of(std::vector<std::string> fields, std::vector<ticket> tickets) {
    std::ranges::stable_sort(tickets, {}, &ticket::at);
    auto const weeks = (week_of(tickets.back().at) - week_of(tickets.front().at)) / week + 1;
    return {std::move(fields), std::move(tickets), static_cast<double>(weeks)};
}

inline double fraction(dice& d) { return static_cast<double>(d.next() >> 11) * 0x1p-53; }

inline int poisson(dice& d, double mean) {
    int out = 0;
    for (auto left = std::exp(-mean), p = fraction(d); p > left; p *= fraction(d))
        ++out;
    return out;
}

/// So many weeks of a desk where the log's tickets come by chance: each week each of them comes or not, all alike
/// probable, on its weekday at its time of day.
inline std::vector<ticket> drawn(log const& of, int weeks, dice& d) {
    std::vector<ticket> out;
    auto const first = week_of(of.tickets.front().at);
    for (int w = 0; w < weeks; ++w)
        for (auto const& t : of.tickets)
            if (fraction(d) * of.weeks < 1)
                out.push_back({first + w * week + (t.at - week_of(t.at)), t.values});
    std::ranges::stable_sort(out, {}, &ticket::at);
    return out;
}

/// The log's own times, and who came when is shuffled.
inline std::vector<ticket> relabelled(log const& of, dice& d) {
    auto out = of.tickets;
    for (std::size_t i = out.size(); i > 1; --i)
        std::swap(out[i - 1].values, out[d.below(i)].values);
    return out;
}

struct burst {
    instant from;
    std::size_t field; ///< of the trait; past the last one: of all tickets
    std::string value;
    double usual; ///< tickets in half an hour
};

/// Where a burst may be: a trait and an hour of the week in which it has so many tickets in half an hour.
class places {
public:
    explicit places(log const& of) : of_{of} {
        for (auto const& t : of.tickets) {
            auto const hour = (t.at - week_of(t.at)) / hours{1};
            for (std::size_t f = 0; f <= of.fields.size(); ++f)
                if (auto const value = f < of.fields.size() ? t.values[f] : "all"; !value.empty())
                    counts_[{f, value, hour}] += 0.5 / of.weeks;
        }
    }
    /// One burst in each day and a half from the week `first` on.
    std::vector<burst> some(double least, double most, int first, int weeks, dice& d) const {
        std::vector<std::tuple<std::size_t, std::string, long>> fit;
        for (auto const& [key, usual] : counts_)
            if (usual >= least && usual < most)
                fit.push_back(key);
        std::vector<burst> out;
        instant last{};
        auto const start = week_of(of_.tickets.front().at);
        for (int w = first; w < weeks && !fit.empty(); ++w) {
            std::vector<burst> here;
            for (int tries = 0; tries < 40; ++tries) {
                auto const& [field, value, hour] = d.pick(fit);
                here.push_back({start + w * week + hour * hours{1}, field, value, counts_.at({field, value, hour})});
            }
            std::ranges::stable_sort(here, {}, &burst::from);
            for (auto& one : here)
                if (one.from - last >= hours{36}) {
                    last = one.from;
                    out.push_back(std::move(one));
                }
        }
        return out;
    }

private:
    log const& of_;
    std::map<std::tuple<std::size_t, std::string, long>, double> counts_;
};

/// Adds the tickets of bursts: for an hour, `times` as many with the trait as usual.
inline void inject(std::vector<ticket>& into, std::vector<burst> const& bursts, log const& of, double times, dice& d) {
    for (auto const& b : bursts) {
        std::vector<ticket const*> alike;
        for (auto const& t : of.tickets)
            if (b.field == of.fields.size() || t.values[b.field] == b.value)
                alike.push_back(&t);
        for (int n = poisson(d, (times - 1) * b.usual * 2); n > 0; --n)
            into.push_back({b.from + std::chrono::minutes{d.between(0, 59)}, d.pick(alike)->values});
    }
    std::ranges::stable_sort(into, {}, &ticket::at);
}

inline std::vector<trends::alarm> watch(trends::detector& by, log const& of, std::vector<ticket> const& tickets) {
    std::vector<trends::alarm> news;
    std::vector<trends::trait> traits;
    for (std::uint64_t n = 0; auto const& t : tickets) {
        traits.clear();
        for (std::size_t f = 0; f < of.fields.size(); ++f)
            traits.push_back({of.fields[f], t.values[f]});
        for (auto& one : by.observe({t.at, n++, traits}))
            news.push_back(std::move(one));
    }
    return news;
}

inline std::size_t begun(std::vector<trends::alarm> const& news) {
    return static_cast<std::size_t>(
        std::ranges::count(news, trends::stage::began, &trends::alarm::what));
}

struct findings {
    std::size_t bursts = 0, found = 0; ///< found: told within 30 minutes of their beginning
    double minutes = 0;                ///< the median until told, of those found
    double found_percent() const { return 100.0 * double(found) / double(std::max<std::size_t>(bursts, 1)); }
};

inline findings score(std::vector<burst> const& bursts, log const& of, std::vector<trends::alarm> const& news) {
    findings out{bursts.size(), 0, 0};
    std::vector<double> after;
    for (auto const& b : bursts) {
        bool const all = b.field == of.fields.size();
        for (auto const& a : news)
            if (a.what == trends::stage::began && a.at >= b.from && a.at - b.from <= std::chrono::minutes{30} &&
                a.field == (all ? "" : of.fields[b.field]) && (all || a.value == b.value)) {
                after.push_back(double((a.at - b.from) / std::chrono::minutes{1}));
                break;
            }
    }
    out.found = after.size();
    std::ranges::sort(after);
    out.minutes = after.empty() ? 0 : after[after.size() / 2];
    return out;
}

} // namespace trend_year
