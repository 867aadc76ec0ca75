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

struct ticket_log {
    std::vector<std::string> fields;
    std::vector<ticket> tickets; ///< by time
    double weeks = 0;            ///< that they cover, in part or whole
};

inline constexpr duration week = hours{168};
inline instant week_of(instant at) {
    auto const since = at.time_since_epoch() - duration{hours{96}}; // Monday 5 January 1970
    return instant{at.time_since_epoch() - (since % week + week) % week};
}

inline ticket_log log_of(std::vector<std::string> fields, std::vector<ticket> tickets) {
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
inline std::vector<ticket> drawn(ticket_log const& of, int weeks, dice& d) {
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
inline std::vector<ticket> relabelled(ticket_log const& of, dice& d) {
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
    explicit places(ticket_log const& of) : of_{of} {
        for (auto const& t : of.tickets) {
            auto const hour = (t.at - week_of(t.at)) / hours{1};
            for (std::size_t f = 0; f <= of.fields.size(); ++f)
                if (auto const value = f < of.fields.size() ? t.values[f] : "all"; !value.empty())
                    counts_[{f, value, hour}] += 0.5 / of.weeks;
        }
    }
    /// Hours of the first week whose usual is in that range, each with a trait.
    std::vector<burst> all(double least, double most) const {
        std::vector<burst> out;
        auto const start = week_of(of_.tickets.front().at);
        for (auto const& [key, usual] : counts_)
            if (auto const& [field, value, hour] = key; usual >= least && usual < most)
                out.push_back({start + hour * hours{1}, field, value, usual});
        return out;
    }

private:
    ticket_log const& of_;
    std::map<std::tuple<std::size_t, std::string, long>, double> counts_;
};

/// The tickets that a burst adds: for an hour, `times` as many with the trait as usual.
inline void inject(std::vector<ticket>& into, burst const& b, ticket_log const& of, double times, dice& d) {
    std::vector<ticket const*> alike;
    for (auto const& t : of.tickets)
        if (b.field == of.fields.size() || t.values[b.field] == b.value)
            alike.push_back(&t);
    for (int n = poisson(d, (times - 1) * b.usual * 2); n > 0; --n)
        into.push_back({b.from + std::chrono::minutes{d.between(0, 59)}, d.pick(alike)->values});
    std::ranges::stable_sort(into, {}, &ticket::at);
}

inline std::vector<trends::alarm> watch(trends::detector& by, ticket_log const& of,
                                        std::vector<ticket> const& tickets) {
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
    return static_cast<std::size_t>(std::ranges::count(news, trends::stage::began, &trends::alarm::what));
}

struct findings {
    std::size_t bursts = 0, found = 0; ///< found: told within 30 minutes of their beginning, by their trait
    double minutes = 0;                ///< the median until told, of those found
    double percent() const { return 100.0 * double(found) / double(std::max<std::size_t>(bursts, 1)); }
};

/// Bursts one at a time, each in the week after so many `weeks` of the same desk by chance.
class bench {
public:
    bench(ticket_log const& of, int weeks, trends::detector_options options, dice& d)
        : of_{of}, options_{options}, weeks_{weeks}, dice_{d}, where_{of} {
        auto by = trends::detector::make(options).value();
        watch(by, of, drawn(of, weeks, d));
        learned_ = by.bytes();
    }

    /// Bursts of `times` the usual, which is from `least` to `most` tickets in half an hour.
    findings find(double times, double least, double most, std::size_t bursts) {
        findings out;
        std::vector<double> after;
        auto const fit = where_.all(least, most);
        for (; out.bursts < bursts && !fit.empty(); ++out.bursts)
            if (auto const minutes = told_after(dice_.pick(fit), times))
                after.push_back(*minutes);
        std::ranges::sort(after);
        out.found = after.size();
        out.minutes = after.empty() ? 0 : after[after.size() / 2];
        return out;
    }

private:
    std::optional<double> told_after(burst b, double times) {
        auto by = trends::detector::open(options_, learned_).value();
        auto tickets = drawn(of_, 1, dice_);
        inject(tickets, b, of_, times, dice_);
        std::erase_if(tickets, [&](ticket const& t) { return t.at > b.from + std::chrono::minutes{30}; });
        for (auto& t : tickets)
            t.at += weeks_ * week;
        b.from += weeks_ * week;
        bool const all = b.field == of_.fields.size();
        for (auto const& a : watch(by, of_, tickets))
            if (a.what == trends::stage::began && a.at >= b.from && a.field == (all ? "" : of_.fields[b.field]) &&
                (all || a.value == b.value))
                return double((a.at - b.from) / std::chrono::minutes{1});
        return {};
    }

    ticket_log const& of_;
    trends::detector_options options_;
    int weeks_;
    dice& dice_;
    places where_;
    std::vector<std::uint8_t> learned_;
};

} // namespace trend_year
