#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/base/limits.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace guichet::inline v0::trends::detail {

inline constexpr std::size_t week_hours = 168;
inline constexpr std::int64_t lag_hours = 25;    ///< an hour is learned when no window reaches back to it
inline constexpr std::size_t pending_hours = 32; ///< the least power of two above the lag
inline constexpr std::size_t recent_max = 128;   ///< tickets of a trait that are kept one by one
inline constexpr duration window_max = std::chrono::days{1};
inline constexpr double resolution_hours = 1.0 / 60; ///< of the times that logs and mails give
inline constexpr double desk_share = 1;              ///< strength of "all hours are alike" for the desk, in tickets
inline constexpr double known_at_best = 0.01;        ///< squared: no rate is known better than to 10 percent
inline constexpr double dispersion_max = 20, dispersion_doubt = 20; ///< the latter in tickets that came as by chance
inline constexpr double strength_min = 0.1, strength_max = 1'000;   ///< of the desk's week against a trait's own
inline constexpr double company = 10; ///< tickets of the rest of the desk that count as "as usual"

inline std::size_t slot_of(std::int64_t hour) noexcept {
    constexpr auto week = static_cast<std::int64_t>(week_hours);
    return static_cast<std::size_t>((hour % week + week) % week);
}

struct arrival {
    instant at;
    std::uint64_t ticket = 0;
};

/// The latest tickets of a trait, at most `recent_max`; room is taken as they come.
class latest {
public:
    std::size_t size() const noexcept { return all_.size(); }
    /// The one that came `back` tickets before the last.
    arrival const& operator[](std::size_t back) const noexcept {
        return all_[(next_ + all_.size() - 1 - back) % all_.size()];
    }
    void push(arrival one) {
        if (all_.size() < recent_max)
            all_.push_back(one);
        else
            all_[next_] = one;
        next_ = (next_ + 1) % recent_max;
        if (all_.size() < recent_max)
            next_ = all_.size();
    }
    void clear() noexcept {
        all_.clear();
        next_ = 0;
    }
    std::size_t memory_bytes() const noexcept { return all_.capacity() * sizeof(arrival); }

private:
    std::vector<arrival> all_;
    std::size_t next_ = 0; ///< where the next one goes once all places are taken
};

/// How a week's tickets usually spread over its hours, and how much of it was seen.
struct season {
    std::array<double, week_hours> share{}; ///< they sum up to 1
    double strength = desk_share;           ///< of this shape against a trait's own, in tickets, as far as known
    double weeks = 0;                       ///< seen, each hour counted by its share
};

/// One trait: what was learned of it, and what came lately. The first one of all is the desk itself.
struct watched {
    std::string name;                                   ///< the field, a separator, the value
    std::array<float, week_hours> learned{};            ///< tickets by the hour of the week, the past decayed
    std::array<std::uint16_t, pending_hours> pending{}; ///< tickets by hour, from `learned_to` on
    std::int64_t learned_to = 0;                        ///< the first hour that was not learned
    double total = 0;                                   ///< sum of `learned`, and what a trait before it left
    double strength = 0;          ///< of the season's shape against its own; 0: that of the season
    double beyond = 0, meant = 0; ///< of its hours: squared deviations beyond chance, and what was expected
    latest recent{};
    std::uint64_t alarm = 0; ///< that goes on
    instant told{};          ///< when the last one ended

    void count(std::int64_t hour) noexcept {
        auto& tickets = pending[static_cast<std::size_t>(hour) % pending_hours];
        tickets = static_cast<std::uint16_t>(tickets + (tickets < UINT16_MAX));
    }
    void decay(double by) noexcept {
        for (auto& tickets : learned)
            tickets *= static_cast<float>(by);
        for (auto* const sum : {&total, &beyond, &meant})
            *sum *= by;
    }
    /// The variance of its hours against that of chance; at least 1.
    double dispersion() const noexcept {
        return std::clamp(1 + beyond / (meant + dispersion_doubt), 1.0, dispersion_max);
    }
    /// What is known of it in all, learned or not yet.
    double weight() const noexcept {
        auto out = total;
        for (auto const tickets : pending)
            out += tickets;
        return out;
    }
    std::size_t memory_bytes() const noexcept {
        return sizeof *this + 2 * (name.capacity() + sizeof(std::string)) + 4 * sizeof(void*) + recent.memory_bytes();
    }
};

/// A gamma posterior of a rate, by its mean and its shape.
struct rate {
    double mean = 0, shape = 1;
};

/// Tickets of a trait in one hour of the week: the season gives the prior, what was learned makes it the trait's own.
inline rate rate_of(watched const& of, season const& in, double exposure, double level, std::size_t slot) noexcept {
    auto const prior = level * in.share[slot];
    auto const strength = of.strength > 0 ? of.strength : in.strength;
    auto const shape = strength + static_cast<double>(of.learned[slot]);
    return {prior * shape / (strength + prior * exposure), shape};
}

/// All that a detector learns of the desk as a whole.
struct past {
    std::array<double, week_hours> exposure{}; ///< how often each hour of the week was learned, the past decayed
    std::array<double, week_hours> desk{};     ///< tickets usually opened in it
    season flat{}, shape{};                    ///< of the desk itself, and of its traits
    double looks = 0;                          ///< traits of tickets, the past decayed
    std::int64_t learned_to = 0;
    bool judges = false; ///< a whole week was learned, so deviations from it tell something

    /// How often a trait is looked at in a week.
    double looks_a_week() const noexcept { return std::max(looks / std::max(flat.weeks, 1.0), 100.0); }
    season const& season_of(bool is_desk) const noexcept { return is_desk ? flat : shape; }
    static double level_of(watched const& of, season const& in) noexcept {
        return (of.total + 0.5) / std::max(in.weeks, 1.0 / week_hours); // Jeffreys: half a ticket before any
    }

    /// Makes the trait's pending tickets its past, up to `hour`; the exposure is ahead of them.
    void teach(watched& one, bool is_desk, std::int64_t hour) const noexcept {
        auto const& in = season_of(is_desk);
        for (auto const end = std::min(hour, one.learned_to + std::int64_t{pending_hours}); one.learned_to < end;
             ++one.learned_to) {
            auto& pending = one.pending[static_cast<std::size_t>(one.learned_to) % pending_hours];
            if (pending == 0)
                continue;
            auto const slot = slot_of(one.learned_to);
            double const tickets = pending;
            if (judges)
                one.beyond += tickets * tickets -
                              2 * tickets * rate_of(one, in, exposure[slot] - 1, level_of(one, in), slot).mean;
            one.learned[slot] += static_cast<float>(tickets);
            one.total += tickets;
            pending = 0;
        }
        one.learned_to = std::max(one.learned_to, hour);
    }
    /// The rest of the squared deviations of a week, which does not depend on its tickets.
    void judge(watched& one, bool is_desk) const noexcept {
        if (!judges)
            return;
        auto const& in = season_of(is_desk);
        auto const level = level_of(one, in);
        double beyond = 0, meant = 0;
        for (std::size_t slot = 0; slot < week_hours; ++slot) {
            auto const usual = rate_of(one, in, exposure[slot], level, slot);
            auto const squared = usual.mean * usual.mean;
            beyond += squared - usual.mean - squared / usual.shape;
            meant += usual.mean;
        }
        one.beyond += beyond;
        one.meant += meant;
    }

    /// What follows from the counts and the exposure.
    void settle(watched const& whole) noexcept {
        flat.share.fill(1.0 / week_hours);
        flat.weeks = 0;
        for (auto const seen : exposure)
            flat.weeks += seen / week_hours;
        auto const level = level_of(whole, flat);
        double sum = 0;
        for (std::size_t slot = 0; slot < week_hours; ++slot)
            sum += desk[slot] = rate_of(whole, flat, exposure[slot], level, slot).mean;
        shape.weeks = 0;
        for (std::size_t slot = 0; slot < week_hours; ++slot) {
            shape.share[slot] = desk[slot] / sum;
            shape.weeks += shape.share[slot] * exposure[slot];
        }
    }

    void decay(double by) noexcept {
        for (auto& seen : exposure)
            seen *= by;
        looks *= by;
    }
};

/// How alike a trait's week is to the desk's, by the method of moments: squared deviations of its hours beyond chance,
/// against squared means.
struct likeness {
    double beyond = 0, against = 0;
    double noise = 0; ///< the variance of `beyond` where there is no deviation

    static likeness of(watched const& one, past const& in) noexcept {
        likeness out;
        auto const level = past::level_of(one, in.shape);
        for (std::size_t slot = 0; slot < week_hours; ++slot) {
            auto const mean = level * in.shape.share[slot] * in.exposure[slot];
            auto const off = static_cast<double>(one.learned[slot]) - mean;
            out.beyond += off * off - mean;
            out.against += mean * mean;
            out.noise += mean + 2 * mean * mean;
        }
        return out;
    }
    likeness& operator+=(likeness const& other) noexcept {
        beyond += other.beyond;
        against += other.against;
        noise += other.noise;
        return *this;
    }
    /// The shape of the gamma that the hours' rates have around the desk's; `otherwise` where that cannot be told from
    /// chance with the tickets that there are.
    double strength(double otherwise) const noexcept {
        if (std::abs(beyond - against / otherwise) <= 3 * std::sqrt(noise))
            return otherwise;
        return std::clamp(against / std::max(beyond, against / strength_max), strength_min, strength_max);
    }
};

/// What is usual for a trait from one instant back to others, each before the last; in hours of local time.
class usual_until {
public:
    usual_until(past const& of, watched const& one, bool is_desk, double now) noexcept
        : exposure_{of.exposure},
          one_{one},
          season_{of.season_of(is_desk)},
          level_{past::level_of(one, season_)},
          at_{now} {
        auto const hour = static_cast<std::int64_t>(std::floor(now));
        cell_ = static_cast<double>(hour);
        slot_ = slot_of(hour);
        enter();
    }

    double from(double hour) noexcept {
        for (; hour < cell_; enter()) {
            sum_ += mean_ * (at_ - cell_);
            at_ = cell_;
            cell_ -= 1;
            slot_ = slot_ > 0 ? slot_ - 1 : week_hours - 1;
        }
        sum_ += mean_ * (at_ - hour);
        at_ = hour;
        return sum_;
    }

private:
    void enter() noexcept { mean_ = rate_of(one_, season_, exposure_[slot_], level_, slot_).mean; }

    std::array<double, week_hours> const& exposure_;
    watched const& one_;
    season const& season_;
    double level_, at_, cell_ = 0, mean_ = 0, sum_ = 0;
    std::size_t slot_ = 0;
};

/// Walks from an instant into the past, hour by hour, and adds up all that is to be known of a window: dearer than
/// `usual_until`, and for the few windows that deserve it.
class walk {
public:
    /// `now` in hours of local time.
    walk(past const& of, watched const& whole, watched const& one, double now) noexcept
        : past_{of},
          whole_{whole},
          one_{one},
          season_{of.season_of(&whole == &one)},
          level_{past::level_of(one, season_)},
          at_{now} {}

    void back_to(double hour) noexcept {
        while (at_ > hour) {
            auto const cell = std::ceil(at_) - 1;
            enter(static_cast<std::int64_t>(cell));
            auto const from = std::max(hour, cell);
            auto const some = here_.mean * (at_ - from);
            mean_ += some;
            variance_ += some * some / here_.shape;
            at_ = from;
        }
    }

    double mean() const noexcept { return mean_; }

    /// How much busier than usual the rest of the desk is, in the hours that were entered; at least 1. `tickets` are
    /// the trait's own.
    double busier(double tickets) const noexcept {
        if (&whole_ == &one_)
            return 1;
        auto const came = std::max(desk_came_ - tickets, 0.0), usual = std::max(desk_usual_ - mean_, 0.0);
        return std::max((company + came) / (company + usual), 1.0);
    }

    /// The shape of the rate that `mean` is of.
    double shape() const noexcept {
        auto const mean = std::max(mean_, 1e-100);
        return 1 /
               (known_at_best + 1 / (one_.total + 0.5) + variance_ / (mean * mean) + (one_.dispersion() - 1) / mean);
    }

private:
    void enter(std::int64_t cell) noexcept {
        if (cell == cell_)
            return;
        cell_ = cell;
        auto const slot = slot_of(cell);
        here_ = rate_of(one_, season_, past_.exposure[slot], level_, slot);
        desk_came_ += whole_.pending[static_cast<std::size_t>(cell) % pending_hours];
        desk_usual_ += past_.desk[slot] * (at_ - static_cast<double>(cell));
    }

    past const& past_;
    watched const& whole_;
    watched const& one_;
    season const& season_;
    double level_;
    double at_;
    double mean_ = 0, variance_ = 0;
    double desk_came_ = 0, desk_usual_ = 0;
    std::int64_t cell_ = INT64_MIN;
    rate here_{};
};

} // namespace guichet::inline v0::trends::detail
