#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/time/zone.hpp>
#include <guichet/trends/detector.hpp>
#include <guichet/trends/impl/past.ipp>
#include <guichet/trends/tail.hpp>

#include <deque>
#include <functional>
#include <ranges>
#include <unordered_map>

namespace guichet::inline v0::trends {
namespace detail {

/// The windows that are looked at: back to the ticket that came so many before.
inline constexpr std::array<std::size_t, 12> counts{3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 127};
inline constexpr std::int64_t forgotten_hours = 2 * 365 * 24; ///< without a ticket, after which the past tells nothing
inline constexpr std::size_t victims = 64;                    ///< traits of which the rarest gives way to a new one
inline constexpr duration calm_min = std::chrono::minutes{30};
inline constexpr duration problem_within = std::chrono::days{28}, problem_window = std::chrono::hours{8};
inline constexpr char separator = '\x1f';

struct text_hash : std::hash<std::string_view> {
    using is_transparent = void;
};

/// The most improbable of the windows that end with the last ticket of a trait.
struct finding {
    std::size_t back = 0; ///< tickets before the last; 0: nothing improbable
    double p = 1, expected = 0;
};

inline error bad_option(char const* name, std::string value, char const* hint) {
    return {reason::bad_value, {{"path", name}, {"value", std::move(value)}, {"hint", hint}}};
}

inline result<void> check(detector_options const& o) {
    if (!(o.false_alarms_a_week > 0 && o.false_alarms_a_week <= 1'000))
        return bad_option("false_alarms_a_week", std::to_string(o.false_alarms_a_week), "above 0, at most 1000");
    if (o.learning < std::chrono::days{7})
        return bad_option("learning", std::to_string(o.learning.count()) + " ms", "at least a week");
    if (o.window_max < std::chrono::minutes{1} || o.window_max > window_max)
        return bad_option("window_max", std::to_string(o.window_max.count()) + " ms", "a minute to a day");
    if (o.tickets_min < 2 || o.tickets_min > recent_max)
        return bad_option("tickets_min", std::to_string(o.tickets_min), "2 to 128");
    if (o.traits_max < victims || o.traits_max > limits::trend_watched_max)
        return bad_option("traits_max", std::to_string(o.traits_max), "64 to 65536");
    if (!(o.half_life_weeks >= 1 && o.half_life_weeks <= 520))
        return bad_option("half_life_weeks", std::to_string(o.half_life_weeks), "1 to 520");
    return {};
}

} // namespace detail

struct detector::state {
    detector_options options;
    time::zone zone;
    double kept; ///< of the past, from one week to the next
    bool begun = false;
    instant first{}, now{}, checked{};
    std::int64_t hour = 0; ///< of local time, never set back
    double hours = 0;      ///< the same, with its fraction
    detail::past past{};
    std::deque<detail::watched> all{1}; ///< the desk first
    std::unordered_map<std::string, std::uint32_t, detail::text_hash, std::equal_to<>> places{};
    std::size_t cursor = 0; ///< where the next victim is looked for
    std::vector<alarm> open{};
    std::uint64_t alarms = 0;
    std::string spelt{}; ///< scratch

    state(detector_options o, time::zone z)
        : options{std::move(o)}, zone{std::move(z)}, kept{std::exp2(-1 / options.half_life_weeks)} {}

    detail::watched& whole() noexcept { return all.front(); }
    detail::watched const& whole() const noexcept { return all.front(); }

    // --- time

    double local_hours(instant at) const noexcept {
        using hours_of = std::chrono::duration<double, std::ratio<3600>>;
        return hours_of{zone.to_local(at).time_since_epoch()}.count();
    }

    void go_to(instant at, std::vector<alarm>& news) {
        now = begun ? std::max(now, at) : at;
        auto const local = local_hours(now);
        auto const reached = static_cast<std::int64_t>(std::floor(local));
        if (!begun || reached - hour > detail::forgotten_hours) {
            end_if(news, [](auto const&, auto const&) { return true; });
            begin(reached);
        }
        // A clock that is set back shows an hour twice: it counts as the hour before that.
        hours = std::max(local, hours);
        if (reached > hour) {
            hour = reached;
            learn();
        }
    }

    void begin(std::int64_t at) {
        begun = true;
        first = now;
        hour = at;
        hours = 0;
        past = {};
        past.shape.strength = 20;
        past.learned_to = at;
        all.resize(1);
        places.clear();
        whole() = {};
        whole().learned_to = at;
        past.settle(whole());
    }

    void learn() {
        for (auto const end = hour - detail::lag_hours; past.learned_to < end; ++past.learned_to) {
            auto const slot = detail::slot_of(past.learned_to);
            if (slot == 0)
                turn_week();
            past.exposure[slot] += 1;
            past.teach(whole(), true, past.learned_to + 1);
        }
        past.settle(whole());
    }

    void turn_week() {
        auto const traits = std::ranges::subrange{std::next(all.begin()), all.end()};
        for (auto& one : traits)
            past.teach(one, false, past.learned_to);
        past.settle(whole());
        detail::likeness together;
        past.judge(whole(), true);
        for (auto& one : traits) {
            past.judge(one, false);
            auto const alone = detail::likeness::of(one, past);
            one.strength = alone.strength(past.shape.strength);
            together += alone;
        }
        past.shape.strength = together.strength(past.shape.strength);
        past.judges = past.flat.weeks >= 1;
        past.decay(kept);
        for (auto& one : all)
            one.decay(kept);
    }

    // --- traits

    std::string_view spell(trait const& t) {
        spelt.assign(t.field);
        spelt += detail::separator;
        return spelt += t.value;
    }

    /// The trait of that name, watched from now on if it was not; nothing while every place has an alarm.
    detail::watched* find_or_add(std::string_view name) {
        if (auto const found = places.find(name); found != places.end())
            return &all[found->second];
        std::size_t place = all.size();
        double left = 0;
        if (place <= options.traits_max)
            all.emplace_back();
        else if (place = rarest(); place == 0)
            return nullptr;
        else {
            left = all[place].weight();
            places.erase(all[place].name);
        }
        auto& out = all[place];
        out = {};
        out.name = name;
        out.total = left;
        out.learned_to = past.learned_to;
        places.emplace(out.name, static_cast<std::uint32_t>(place));
        return &out;
    }

    std::size_t rarest() noexcept {
        std::size_t out = 0;
        double least = 0;
        for (std::size_t i = 0; i < detail::victims; ++i) {
            cursor = cursor + 1 < all.size() ? cursor + 1 : 1;
            auto const& one = all[cursor];
            if (auto const weight = one.weight(); one.alarm == 0 && (out == 0 || weight < least)) {
                out = cursor;
                least = weight;
            }
        }
        return out;
    }

    // --- alarms

    alarm& open_alarm(std::uint64_t number) noexcept {
        return *std::find_if(open.begin(), open.end(), [&](alarm const& a) { return a.number == number; });
    }

    void see(detail::watched& one, opened const& of, std::vector<alarm>& news) {
        past.teach(one, &one == &whole(), past.learned_to);
        one.count(hour);
        one.recent.push({now, of.ticket});
        past.looks += 1;
        if (one.alarm != 0)
            return grow(open_alarm(one.alarm), of.ticket, news);
        if (now - first < options.learning || (&one == &whole() && !options.whole))
            return;
        if (auto const found = look(one); found.back > 0)
            raise(one, found, news);
    }

    detail::finding look(detail::watched const& one) const noexcept {
        auto const bound = options.false_alarms_a_week / (past.looks_a_week() * double(detail::counts.size()));
        // A time that was cut to its minute may be as late as the end of it.
        auto const until = hours + detail::resolution_hours;
        detail::usual_until usual{past, one, &one == &whole(), until};
        detail::finding out{0, bound, 0};
        for (auto const n : detail::counts) {
            if (n >= one.recent.size())
                break;
            auto const length = now - one.recent[n].at;
            if (length > options.window_max)
                break;
            auto const from = hours - double(length.count()) / 3'600'000;
            auto const others = double(n), mean = usual.from(from);
            if (n + 1 < options.tickets_min || others < mean + 3 * std::sqrt(mean))
                continue;
            detail::walk back{past, whole(), one, until};
            back.back_to(from);
            auto const expected = mean * back.busier(others + 1);
            if (auto const p = upper_tail(static_cast<std::uint32_t>(n), expected, back.shape()); p < out.p)
                out = {n, p, expected};
        }
        return out;
    }

    void raise(detail::watched& one, detail::finding const& found, std::vector<alarm>& news) {
        alarm a;
        a.number = one.alarm = ++alarms;
        if (auto const cut = one.name.find(detail::separator); cut != std::string::npos) {
            a.field = one.name.substr(0, cut);
            a.value = one.name.substr(cut + 1);
        }
        a.since = one.recent[found.back].at;
        a.at = now;
        a.observed = static_cast<std::uint32_t>(found.back + 1);
        a.count = a.observed;
        a.window = now - a.since;
        a.expected = found.expected;
        a.p = found.p;
        for (auto i = found.back + 1; i-- > 0 && a.tickets.size() < limits::trend_tickets_max;)
            a.tickets.push_back(one.recent[i].ticket);
        a.part_of = wider_than(a);
        bool const again = one.told != instant{} && now - one.told < detail::problem_within;
        if (again || a.window >= detail::problem_window)
            a.suggests = proposal::problem;
        open.push_back(a);
        news.push_back(std::move(a));
    }

    std::uint64_t wider_than(alarm const& one) const {
        std::uint64_t out = 0;
        auto most = (one.tickets.size() + 1) / 2;
        for (auto const& other : open) {
            auto const shared = std::count_if(one.tickets.begin(), one.tickets.end(), [&](std::uint64_t t) {
                return std::find(other.tickets.begin(), other.tickets.end(), t) != other.tickets.end();
            });
            if (auto const n = static_cast<std::size_t>(shared); n > most || (n == most && out == 0)) {
                most = n;
                out = other.number;
            }
        }
        return out;
    }

    void grow(alarm& one, std::uint64_t ticket, std::vector<alarm>& news) {
        ++one.count;
        if (one.tickets.size() < limits::trend_tickets_max)
            one.tickets.push_back(ticket);
        // Twice, four times, eight times as many as when it began.
        auto const times = one.count / one.observed;
        if (one.count % one.observed != 0 || (times & (times - 1)) != 0)
            return;
        one.what = stage::grew;
        one.at = now;
        news.push_back(one);
    }

    /// Whether tickets come again nearer to the usual than to what raised the alarm, over as long a time.
    bool calm(detail::watched const& one, alarm const& raised) const noexcept {
        auto const length = std::clamp(raised.window, detail::calm_min, detail::window_max);
        if (now - raised.at < detail::calm_min)
            return false;
        detail::usual_until usual{past, one, &one == &whole(), hours};
        std::size_t came = 0;
        while (came < one.recent.size() && one.recent[came].at > now - length)
            ++came;
        auto const mean = usual.from(hours - double(length.count()) / 3'600'000);
        return double(came) <= mean * std::sqrt(raised.observed / raised.expected);
    }

    void end_what_is_calm(std::vector<alarm>& news) {
        if (open.empty() || now - checked < std::chrono::minutes{1})
            return;
        checked = now;
        end_if(news, [&](detail::watched const& of, alarm const& one) { return calm(of, one); });
    }

    template <class Over>
    void end_if(std::vector<alarm>& news, Over&& over) {
        for (auto& one : open) {
            auto& of = one.field.empty() ? whole() : all[places.find(spell({one.field, one.value}))->second];
            if (!over(of, one))
                continue;
            of.alarm = 0;
            of.told = now;
            of.recent.clear(); // what was told is not told again
            one.what = stage::ended;
            one.at = now;
            news.push_back(one);
        }
        std::erase_if(open, [](alarm const& one) { return one.what == stage::ended; });
    }
};

GUICHET_DECL detector::detector(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
GUICHET_DECL detector::~detector() = default;
GUICHET_DECL detector::detector(detector&&) noexcept = default;
GUICHET_DECL detector& detector::operator=(detector&&) noexcept = default;

GUICHET_DECL result<detector> detector::make(detector_options options) {
    GUICHET_TRY(detail::check(options));
    GUICHET_LET(auto zone, time::zone::find(options.tz));
    return detector{std::make_unique<state>(std::move(options), std::move(zone))};
}

GUICHET_DECL std::vector<alarm> detector::observe(opened const& one) {
    auto& s = *state_;
    std::vector<alarm> news;
    s.go_to(one.at, news);
    s.end_what_is_calm(news);
    s.see(s.whole(), one, news);
    std::array<detail::watched*, limits::trend_traits_max> seen{};
    std::size_t count = 0;
    for (auto const& t : one.traits) {
        if (count == seen.size())
            break;
        if (t.field.empty() || t.value.empty() || t.field.size() + t.value.size() > limits::name_bytes_max)
            continue;
        auto* const found = s.find_or_add(s.spell(t));
        if (!found || std::find(seen.begin(), seen.end(), found) != seen.end())
            continue;
        seen[count++] = found;
        s.see(*found, one, news);
    }
    return news;
}

GUICHET_DECL std::vector<alarm> detector::advance(instant now) {
    std::vector<alarm> news;
    if (state_->begun) {
        state_->go_to(now, news);
        state_->end_what_is_calm(news);
    }
    return news;
}

GUICHET_DECL std::vector<alarm> detector::ongoing() const { return state_->open; }

GUICHET_DECL std::optional<double> detector::usual(trait which, instant from, instant to) const {
    auto& s = *state_;
    if (s.past.flat.weeks <= 0 || to - from > std::chrono::days{7})
        return {};
    auto const* one = &s.whole();
    if (!which.field.empty()) {
        auto const found = s.places.find(s.spell(which));
        if (found == s.places.end())
            return {};
        one = &s.all[found->second];
    }
    auto const until = s.local_hours(to);
    detail::usual_until usual{s.past, *one, one == &s.whole(), until};
    return usual.from(until - double((to - from).count()) / 3'600'000);
}

GUICHET_DECL std::size_t detector::traits() const noexcept { return state_->all.size() - 1; }

GUICHET_DECL std::size_t detector::memory_bytes() const noexcept {
    auto out = sizeof(state);
    for (auto const& one : state_->all)
        out += one.memory_bytes();
    for (auto const& one : state_->open)
        out +=
            sizeof one + one.tickets.capacity() * sizeof one.tickets[0] + one.field.capacity() + one.value.capacity();
    return out + state_->places.bucket_count() * sizeof(void*);
}

} // namespace guichet::inline v0::trends
