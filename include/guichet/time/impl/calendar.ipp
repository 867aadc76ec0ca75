#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/time/calendar.hpp>
#include <guichet/time/impl/holidays.ipp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace guichet::inline v0::time {
namespace detail {

using std::chrono::days;
using std::chrono::seconds;

inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr std::int64_t week_ms = 7 * day_ms;
/// 400 years of the Gregorian calendar are 20,871 weeks exactly, and 1900 begins on a Monday.
inline constexpr std::size_t window_weeks = 20'871;
inline constexpr std::chrono::sys_days window_begin{std::chrono::year{1900} / 1 / 1};
inline constexpr std::int64_t window_begin_ms = instant{window_begin}.time_since_epoch().count();
inline constexpr std::int64_t window_end_ms = window_begin_ms + static_cast<std::int64_t>(window_weeks) * week_ms;
inline constexpr seconds latest_opening_end = std::chrono::hours{48};

/// A set of the dates of the window, two weeks more on either side; other dates are not in it.
class day_set {
public:
    static constexpr std::int64_t size = static_cast<std::int64_t>(window_weeks) * 7 + 28;

    static std::int64_t index(local_date date) noexcept { return (date - first).count(); }
    static local_date date(std::int64_t index) noexcept { return first + days{index}; }

    bool contains(local_date date) const noexcept {
        auto const i = index(date);
        return i >= 0 && i < size && (words_[word(i)] >> (i % 64) & 1) != 0;
    }
    void set(local_date date, bool member) noexcept {
        if (auto const i = index(date); i >= 0 && i < size)
            words_[word(i)] = (words_[word(i)] & ~(std::uint64_t{1} << (i % 64))) | std::uint64_t{member} << (i % 64);
    }
    /// The membership of the 12 dates from `date`, the first in the lowest bit.
    std::uint32_t twelve_from(local_date date) const noexcept {
        auto const i = index(date);
        auto const shift = static_cast<unsigned>(i % 64);
        auto const high = shift == 0 ? 0 : words_[word(i) + 1] << (64 - shift);
        return static_cast<std::uint32_t>((words_[word(i)] >> shift | high) & 0xfff);
    }
    /// The `n`-th member after `date`, or before it if `n` is negative; 64 dates a step.
    std::optional<local_date> nth_from(local_date date, std::int64_t n) const noexcept {
        return n > 0 ? nth_after(index(date), n) : nth_before(index(date), -n);
    }
    std::size_t memory_bytes() const noexcept { return words_.capacity() * sizeof(std::uint64_t); }

private:
    static constexpr local_date first{window_begin.time_since_epoch() - days{14}};
    static std::size_t word(std::int64_t index) noexcept { return static_cast<std::size_t>(index / 64); }

    std::optional<local_date> nth_after(std::int64_t i, std::int64_t n) const noexcept {
        if (i >= size)
            return std::nullopt;
        i = std::max<std::int64_t>(i + 1, 0);
        for (auto bits = words_[word(i)] & ~std::uint64_t{0} << (i % 64);;) {
            if (auto const here = std::popcount(bits); here < n) {
                n -= here;
            } else {
                while (--n > 0)
                    bits &= bits - 1;
                return date(i / 64 * 64 + std::countr_zero(bits));
            }
            i = (i / 64 + 1) * 64;
            if (i >= size)
                return std::nullopt;
            bits = words_[word(i)];
        }
    }
    std::optional<local_date> nth_before(std::int64_t i, std::int64_t n) const noexcept {
        if (i <= 0)
            return std::nullopt;
        i = std::min<std::int64_t>(i, size) - 1;
        for (auto bits = words_[word(i)] & ~std::uint64_t{0} >> (63 - i % 64);;) {
            if (auto const here = std::popcount(bits); here < n) {
                n -= here;
            } else {
                while (--n > 0)
                    bits &= ~(std::uint64_t{1} << (63 - std::countl_zero(bits)));
                return date(i / 64 * 64 + 63 - std::countl_zero(bits));
            }
            if (i < 64)
                return std::nullopt;
            i = i / 64 * 64 - 1;
            bits = words_[word(i)];
        }
    }

    std::vector<std::uint64_t> words_ = std::vector<std::uint64_t>(size / 64 + 2);
};

// --- what opens on a date

/// Sorted, disjoint, not abutting, none empty.
inline std::vector<opening> merged(std::vector<opening> openings) {
    std::sort(openings.begin(), openings.end());
    std::vector<opening> out;
    for (auto const& next : openings)
        if (next.from == next.to)
            continue;
        else if (!out.empty() && next.from <= out.back().to)
            out.back().to = std::max(out.back().to, next.to);
        else
            out.push_back(next);
    return out;
}

/// What remains of merged openings outside the breaks.
inline std::vector<opening> without(std::vector<opening> openings, std::vector<opening> const& breaks) {
    for (auto const& gap : breaks) {
        std::vector<opening> left;
        for (auto const& open : openings) {
            if (open.from < std::min(open.to, gap.from))
                left.push_back({open.from, std::min(open.to, gap.from)});
            if (std::max(open.from, gap.to) < open.to)
                left.push_back({std::max(open.from, gap.to), open.to});
        }
        openings = std::move(left);
    }
    return openings;
}

/// The definition, arranged to answer for one date.
struct schedule {
    calendar_definition definition;
    std::array<std::vector<opening>, 7> weekly; ///< with those on call, merged, from Monday
    day_set closed;                             ///< holidays
    day_set exceptional;                        ///< dates with shifts or breaks

    explicit schedule(calendar_definition d) : definition{std::move(d)} {
        for (std::size_t i = 0; i < 7; ++i) {
            auto openings =
                definition.always_open ? std::vector{opening{{}, std::chrono::hours{24}}} : definition.weekly[i];
            openings.insert(openings.end(), definition.on_call[i].begin(), definition.on_call[i].end());
            weekly[i] = merged(std::move(openings));
        }
        for (auto const& day : definition.holidays)
            for (int y = day.year ? static_cast<int>(*day.year) : 1899;
                 y <= (day.year ? static_cast<int>(*day.year) : 2300); ++y)
                if (auto const date = std::chrono::year{y} / day.day; date.ok())
                    closed.set(local_date{date}, true);
        for (auto const& code : definition.public_holidays)
            if (auto const* region = find_region(code)) {
                region_rules rules{*region};
                for (std::chrono::year y{1900}; y <= std::chrono::year{2299}; ++y)
                    for (auto const& day : rules.in(y))
                        closed.set(day.date, true);
            }
        for (auto const* dated : {&definition.shifts, &definition.breaks})
            for (auto const& [date, openings] : *dated)
                exceptional.set(local_date{date}, true);
    }

    std::vector<opening> const& usual(local_date date) const noexcept {
        return weekly[std::chrono::weekday{date}.iso_encoding() - 1];
    }
    std::vector<opening> on(local_date date) const {
        if (closed.contains(date))
            return {};
        if (!exceptional.contains(date))
            return usual(date);
        auto const shift = definition.shifts.find(std::chrono::year_month_day{date});
        auto openings = shift == definition.shifts.end() ? usual(date) : merged(shift->second);
        auto const breaks = definition.breaks.find(std::chrono::year_month_day{date});
        return breaks == definition.breaks.end() ? openings : without(std::move(openings), breaks->second);
    }
};

/// The openings of one date in UTC, those without any real time left out.
inline std::vector<interval> intervals_on(schedule const& hours, time::zone const& zone, local_date date) {
    std::vector<interval> out;
    for (auto const& open : hours.on(date))
        if (interval const real{zone.to_sys(date + open.from), zone.to_sys(date + open.to)}; real.from < real.to)
            out.push_back(real);
    return out;
}

// --- the compiled form

/// A stretch of opening inside a week: milliseconds since the week began, and how much was open before it.
struct week_span {
    std::int32_t from, to, before;
    friend bool operator==(week_span const&, week_span const&) = default;
};

/// One way in which a week may be open; most weeks of a calendar share a handful of these.
struct week_pattern {
    std::uint32_t first, count; ///< of its spans
    std::int32_t total;
};

/// A week of UTC: how much was open in the window before it (44 bits), and the number of its pattern (20 bits).
class week {
public:
    week(std::uint64_t before, std::uint64_t pattern) noexcept : packed_{before << 20 | pattern} {}
    std::int64_t before() const noexcept { return static_cast<std::int64_t>(packed_ >> 20); }
    std::size_t pattern() const noexcept { return packed_ & 0xfffff; }

private:
    std::uint64_t packed_;
};

struct compiled_calendar {
    schedule hours;
    time::zone zone;
    day_set working;
    std::vector<week> weeks; ///< one more than the window has, so that `before` of the last is the total
    std::vector<week_pattern> patterns;
    std::vector<week_span> spans;
    double weeks_per_open_ms = 0;

    std::int64_t total() const noexcept { return weeks.back().before(); }

    struct position {
        std::int64_t open_before; ///< milliseconds open from the window's beginning
        std::size_t week;
        bool open;
        std::int64_t closing; ///< if open: when the span ends
    };

    /// The last span of a pattern for which `field` is not above `value`, or its first. No branch to mispredict.
    template <auto Field>
    week_span const& last_span(week_pattern const& pattern, std::int32_t value) const noexcept {
        auto const* base = spans.data() + pattern.first;
        for (auto n = pattern.count; n > 1;) {
            auto const half = n / 2;
            base = base[half].*Field <= value ? base + half : base;
            n -= half;
        }
        return *base;
    }

    position locate(instant at) const noexcept {
        auto const t = at.time_since_epoch().count();
        if (t < window_begin_ms)
            return {0, 0, false, 0};
        if (t >= window_end_ms)
            return {total(), window_weeks - 1, false, 0};
        auto const since = static_cast<std::uint64_t>(t - window_begin_ms);
        auto const index = static_cast<std::size_t>(since / week_ms);
        auto const in_week = static_cast<std::int32_t>(since % week_ms);
        auto const& pattern = patterns[weeks[index].pattern()];
        auto const before = weeks[index].before();
        if (pattern.count == 0)
            return {before, index, false, 0};
        auto const& span = last_span<&week_span::from>(pattern, in_week);
        auto const inside = std::clamp(in_week - span.from, 0, span.to - span.from);
        return {before + span.before + inside, index, in_week >= span.from && in_week < span.to, t - in_week + span.to};
    }

    /// The last week before which no more than `open` was open; the search widens from a guess.
    std::size_t week_of(std::int64_t target, std::size_t guess) const noexcept {
        std::size_t low = 0, high = window_weeks;
        if (weeks[guess].before() <= target) {
            low = guess;
            for (std::size_t step = 1; low + step < window_weeks; step *= 2) {
                if (weeks[low + step].before() > target) {
                    high = low + step;
                    break;
                }
                low += step;
            }
        } else {
            high = guess;
            for (std::size_t step = 1; step <= high; step *= 2) {
                if (weeks[high - step].before() <= target) {
                    low = high - step;
                    break;
                }
                high -= step;
            }
        }
        while (high - low > 1) {
            auto const middle = low + (high - low) / 2;
            (weeks[middle].before() <= target ? low : high) = middle;
        }
        return low;
    }

    /// The open instant before which exactly `open` milliseconds were open; 0 <= open < total().
    instant at_open(std::int64_t open, position const& from) const noexcept {
        auto const step = static_cast<double>(open - from.open_before) * weeks_per_open_ms;
        auto const guess = std::clamp(static_cast<std::int64_t>(from.week) + static_cast<std::int64_t>(step),
                                      std::int64_t{0}, static_cast<std::int64_t>(window_weeks) - 1);
        auto const index = week_of(open, static_cast<std::size_t>(guess));
        auto const left = static_cast<std::int32_t>(open - weeks[index].before());
        auto const& span = last_span<&week_span::before>(patterns[weeks[index].pattern()], left);
        return instant{
            duration{window_begin_ms + static_cast<std::int64_t>(index) * week_ms + span.from + (left - span.before)}};
    }
};

// --- compiling

/// What decides how a week is open, apart from shifts and breaks. Weeks with equal keys have equal patterns.
struct week_key {
    std::uint32_t holidays = 0;
    std::int64_t offset_before = 0, offset_after = 0, change = 0;
    friend bool operator==(week_key const&, week_key const&) = default;

    struct hash {
        std::size_t operator()(week_key const& key) const noexcept {
            auto out = std::uint64_t{key.holidays};
            for (auto const part : {key.offset_before, key.offset_after, key.change})
                out = (out ^ static_cast<std::uint64_t>(part)) * 0x9e3779b97f4a7c15u, out ^= out >> 29;
            return static_cast<std::size_t>(out);
        }
    };
};

class calendar_compiler {
public:
    calendar_compiler(compiled_calendar& out) : out_{out} {
        std::optional<instant> at = instant{window_begin - days{30}};
        auto offset = out.zone.offset(*at);
        while ((at = out.zone.next_change(*at)))
            if (auto const next = out.zone.offset(*at); next != offset) {
                changes_.push_back({*at, offset, next});
                offset = next;
            }
    }

    void run() {
        find_working_days();
        std::uint64_t before = 0;
        out_.weeks.reserve(window_weeks + 1);
        for (std::size_t i = 0; i < window_weeks; ++i) {
            auto const pattern = pattern_of(instant{window_begin + days{7 * i}});
            out_.weeks.emplace_back(before, pattern);
            before += static_cast<std::uint64_t>(out_.patterns[pattern].total);
        }
        out_.weeks.emplace_back(before, 0u);
        out_.weeks_per_open_ms = before == 0 ? 0.0 : static_cast<double>(window_weeks) / static_cast<double>(before);
        out_.patterns.shrink_to_fit();
        out_.spans.shrink_to_fit();
    }

private:
    struct offset_change {
        instant at;
        seconds before, after;
    };

    /// Dates are judged by their weekday, then again, exactly, where a shift, a break or a change of the clock is.
    void find_working_days() {
        auto& hours = out_.hours;
        std::array<bool, 7> opens{};
        for (std::size_t i = 0; i < 7; ++i)
            opens[i] = !hours.weekly[i].empty();
        for (std::int64_t i = 0; i < day_set::size; ++i) {
            auto const date = day_set::date(i);
            if (opens[std::chrono::weekday{date}.iso_encoding() - 1] && !hours.closed.contains(date))
                out_.working.set(date, true);
        }
        auto const judge = [&](local_date date) {
            out_.working.set(date, !intervals_on(hours, out_.zone, date).empty());
        };
        for (auto const* dated : {&hours.definition.shifts, &hours.definition.breaks})
            for (auto const& [date, openings] : *dated)
                judge(local_date{date});
        for (auto const& change : changes_) {
            auto const reading = [&](seconds offset) { return local_instant{change.at.time_since_epoch() + offset}; };
            auto const last = std::chrono::floor<days>(std::max(reading(change.before), reading(change.after)));
            for (auto date =
                     std::chrono::floor<days>(std::min(reading(change.before), reading(change.after))) - days{1};
                 date <= last; date += days{1})
                judge(date);
        }
    }

    /// Two days before the week are looked at as well: nights run on, and after a clock went back a day (Kwajalein,
    /// 1969) its highest reading stands for as long.
    std::uint64_t pattern_of(instant begin) {
        while (next_change_ < changes_.size() && changes_[next_change_].at < begin - days{2})
            ++next_change_;
        auto const before = changes_.empty()    ? out_.zone.offset(begin)
                            : next_change_ == 0 ? changes_.front().before
                                                : changes_[next_change_ - 1].after;
        auto const ahead = [&](std::size_t n) {
            return next_change_ + n < changes_.size() && changes_[next_change_ + n].at < begin + days{7}
                       ? &changes_[next_change_ + n]
                       : nullptr;
        };
        auto const* const change = ahead(0);
        bool const two_changes = ahead(1) != nullptr;
        auto const first = std::chrono::floor<days>(local_instant{begin.time_since_epoch() + before}) - days{2};
        if (two_changes || out_.hours.exceptional.twelve_from(first) != 0)
            return intern(build(begin, first));
        week_key const key{out_.hours.closed.twelve_from(first), before.count(),
                           change ? change->after.count() : before.count(), change ? (change->at - begin).count() : 0};
        if (last_ && last_->first == key) // most weeks are like the one before
            return last_->second;
        auto const [place, is_new] = by_key_.try_emplace(key, 0);
        if (is_new)
            place->second = intern(build(begin, first));
        last_ = &*place;
        return place->second;
    }

    /// The spans of the week at `begin`, from the 12 dates that may reach into it.
    std::vector<week_span> const& build(instant begin, local_date first) {
        found_.clear();
        for (auto date = first; date < first + days{12}; date += days{1})
            for (auto const& open : out_.hours.on(date)) {
                auto const from = std::max(out_.zone.to_sys(date + open.from), begin);
                auto const to = std::min(out_.zone.to_sys(date + open.to), begin + days{7});
                if (from < to)
                    found_.push_back({from, to});
            }
        std::sort(found_.begin(), found_.end(), [](auto const& a, auto const& b) { return a.from < b.from; });
        built_.clear();
        for (auto const& [from, to] : found_) {
            auto const start = static_cast<std::int32_t>((from - begin).count()),
                       end = static_cast<std::int32_t>((to - begin).count());
            if (!built_.empty() && start <= built_.back().to)
                built_.back().to = std::max(built_.back().to, end);
            else
                built_.push_back({start, end, 0});
        }
        for (std::int32_t before = 0; auto& span : built_) {
            span.before = before;
            before += span.to - span.from;
        }
        return built_;
    }

    /// The number of the pattern with these spans, made if it is new.
    std::uint64_t intern(std::vector<week_span> const& spans) {
        std::uint64_t hash = spans.size();
        for (auto const& span : spans)
            hash = (hash ^ static_cast<std::uint64_t>(span.from) ^ static_cast<std::uint64_t>(span.to) << 32) *
                   0x9e3779b97f4a7c15u,
            hash ^= hash >> 31;
        auto const [begin, end] = by_content_.equal_range(hash);
        for (auto it = begin; it != end; ++it) {
            auto const& known = out_.patterns[it->second];
            if (std::equal(spans.begin(), spans.end(), out_.spans.begin() + known.first,
                           out_.spans.begin() + known.first + known.count))
                return it->second;
        }
        auto const number = out_.patterns.size();
        out_.patterns.push_back({static_cast<std::uint32_t>(out_.spans.size()),
                                 static_cast<std::uint32_t>(spans.size()),
                                 spans.empty() ? 0 : spans.back().before + spans.back().to - spans.back().from});
        out_.spans.insert(out_.spans.end(), spans.begin(), spans.end());
        by_content_.emplace(hash, number);
        return number;
    }

    compiled_calendar& out_;
    std::vector<offset_change> changes_;
    std::size_t next_change_ = 0;
    std::unordered_map<week_key, std::uint64_t, week_key::hash> by_key_;
    std::pair<week_key const, std::uint64_t> const* last_ = nullptr;
    std::unordered_multimap<std::uint64_t, std::uint64_t> by_content_;
    std::vector<interval> found_;
    std::vector<week_span> built_;
};

// --- checking

inline std::string opening_text(opening const& open) {
    auto const clock = [](seconds of_day) {
        auto const s = of_day.count();
        auto const two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        return s < 0 ? std::to_string(s) + "s"
                     : two(s / 3600) + ":" + two(s / 60 % 60) + (s % 60 ? ":" + two(s % 60) : "");
    };
    return clock(open.from) + "-" + clock(open.to);
}

inline result<void> check_openings(std::vector<opening> const& openings, std::string const& path) {
    if (openings.size() > limits::calendar_intervals_per_week_max)
        return error{reason::limit_passed,
                     {{"path", path},
                      {"found", std::to_string(openings.size())},
                      {"limit", std::to_string(limits::calendar_intervals_per_week_max)}}};
    for (std::size_t i = 0; i < openings.size(); ++i)
        if (auto const& open = openings[i];
            open.from.count() < 0 || open.from > open.to || open.to > latest_opening_end)
            return error{reason::bad_opening,
                         {{"path", path + "[" + std::to_string(i) + "]"}, {"value", opening_text(open)}}};
    return {};
}

inline result<void> check_date(std::chrono::year_month_day date, std::string const& path) {
    auto const year = static_cast<int>(date.year());
    if (!date.ok() || year < 1900 || year > 2299)
        return error{reason::bad_calendar_date, {{"path", path}}};
    return {};
}

inline result<void> check_weekly(calendar_definition const& d, std::string const& path) {
    static constexpr std::array names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::size_t count = 0;
    using hours = std::pair<char const*, std::array<std::vector<opening>, 7> const*>;
    for (auto const& [field, week] : {hours{".weekly", &d.weekly}, hours{".on_call", &d.on_call}}) {
        auto const before = count;
        for (std::size_t i = 0; i < 7; ++i) {
            GUICHET_TRY(check_openings((*week)[i], path + field + "." + names[i]));
            count += (*week)[i].size();
        }
        if (count > limits::calendar_intervals_per_week_max)
            return error{reason::limit_passed,
                         {{"path", path + field},
                          {"found", std::to_string(count)},
                          {"limit", std::to_string(limits::calendar_intervals_per_week_max)}}};
        if (d.always_open && count != before)
            return error{reason::always_open_with_hours, {{"path", path + field}}};
    }
    return {};
}

inline result<void> check_regions(std::vector<std::string> const& codes, std::string const& path) {
    if (codes.size() > regions.size())
        return error{
            reason::limit_passed,
            {{"path", path}, {"found", std::to_string(codes.size())}, {"limit", std::to_string(regions.size())}}};
    for (std::size_t i = 0; i < codes.size(); ++i)
        if (!find_region(codes[i]))
            return unknown_region(codes[i], path + "[" + std::to_string(i) + "]");
    return {};
}

inline result<void> check(calendar_definition const& d, std::string const& path) {
    GUICHET_TRY(check_weekly(d, path));
    auto const dates = d.holidays.size() + d.shifts.size() + d.breaks.size();
    if (dates > limits::calendar_dates_max)
        return error{
            reason::limit_passed,
            {{"path", path}, {"found", std::to_string(dates)}, {"limit", std::to_string(limits::calendar_dates_max)}}};
    for (std::size_t i = 0; i < d.holidays.size(); ++i) {
        // 2000 is a leap year, so that 29 February passes when no year is named.
        auto const date = d.holidays[i].year.value_or(std::chrono::year{2000}) / d.holidays[i].day;
        GUICHET_TRY(check_date(date, path + ".holidays[" + std::to_string(i) + "]"));
    }
    GUICHET_TRY(check_regions(d.public_holidays, path + ".public_holidays"));
    using dated = std::pair<char const*, std::map<std::chrono::year_month_day, std::vector<opening>> const*>;
    for (auto const& [field, dates_of] : {dated{".shifts.", &d.shifts}, dated{".breaks.", &d.breaks}})
        for (auto const& [date, openings] : *dates_of) {
            GUICHET_TRY(check_date(date, path + field + (date.ok() ? to_text(date) : "?")));
            GUICHET_TRY(check_openings(openings, path + field + to_text(date)));
        }
    return {};
}

} // namespace detail

GUICHET_DECL result<calendar> calendar::compile(calendar_definition definition, std::string_view path) {
    GUICHET_TRY(detail::check(definition, std::string{path}));
    GUICHET_LET(auto zone, time::zone::find(definition.tz, std::string{path} + ".tz"));
    auto out = std::make_shared<detail::compiled_calendar>(
        detail::compiled_calendar{detail::schedule{std::move(definition)}, std::move(zone), {}, {}, {}, {}});
    detail::calendar_compiler{*out}.run();
    return calendar{std::move(out)};
}

GUICHET_DECL calendar_definition const& calendar::definition() const noexcept { return compiled_->hours.definition; }

GUICHET_DECL time::zone const& calendar::zone() const noexcept { return compiled_->zone; }

GUICHET_DECL std::size_t calendar::memory_bytes() const noexcept {
    auto const& c = *compiled_;
    return sizeof c + c.weeks.capacity() * sizeof(detail::week) + c.patterns.capacity() * sizeof(detail::week_pattern) +
           c.spans.capacity() * sizeof(detail::week_span) + 3 * c.working.memory_bytes();
}

GUICHET_DECL std::optional<instant> calendar::add(instant start, duration length, boundary at) const noexcept {
    auto const& c = *compiled_;
    auto const wanted = length.count();
    if (wanted == 0)
        return at == boundary::nearest ? std::optional{start} : next_open(start);
    auto const from = c.locate(start);
    if (wanted > c.total() - from.open_before || wanted < -from.open_before)
        return std::nullopt;
    auto const target = from.open_before + wanted;
    // The first instant by which `target` was open is one millisecond after the open one before which a millisecond
    // less was; the last such instant is the open one itself. They differ only over closed time.
    if ((wanted > 0) == (at == boundary::nearest))
        return target == 0 ? std::nullopt : std::optional{c.at_open(target - 1, from) + duration{1}};
    return target == c.total() ? std::nullopt : std::optional{c.at_open(target, from)};
}

GUICHET_DECL duration calendar::between(instant a, instant b) const noexcept {
    return duration{compiled_->locate(b).open_before - compiled_->locate(a).open_before};
}

GUICHET_DECL bool calendar::is_open(instant at) const noexcept { return compiled_->locate(at).open; }

GUICHET_DECL std::optional<instant> calendar::next_open(instant at) const noexcept {
    auto const here = compiled_->locate(at);
    if (here.open)
        return at;
    return here.open_before == compiled_->total() ? std::nullopt
                                                  : std::optional{compiled_->at_open(here.open_before, here)};
}

GUICHET_DECL std::optional<instant> calendar::prev_open_instant(instant at) const noexcept {
    auto const here = compiled_->locate(at);
    return here.open_before == 0 ? std::nullopt
                                 : std::optional{compiled_->at_open(here.open_before - 1, here) + duration{1}};
}

GUICHET_DECL std::optional<instant> calendar::next_close(instant at) const noexcept {
    auto const opens = next_open(at);
    if (!opens)
        return std::nullopt;
    // Stretches are cut where weeks meet, so one that reaches the end of its week may go on in the next.
    for (auto closing = *opens;;) {
        auto const here = compiled_->locate(closing);
        if (!here.open)
            return closing.time_since_epoch().count() >= detail::window_end_ms ? std::nullopt : std::optional{closing};
        closing = instant{duration{here.closing}};
    }
}

GUICHET_DECL std::vector<interval> calendar::opening_intervals(instant a, instant b) const {
    auto const& c = *compiled_;
    a = std::max(a, instant{duration{detail::window_begin_ms}});
    b = std::min(b, instant{duration{detail::window_end_ms}});
    std::vector<interval> out;
    if (a >= b)
        return out;
    for (auto index = c.locate(a).week; index < detail::window_weeks; ++index) {
        auto const begin =
            instant{duration{detail::window_begin_ms + static_cast<std::int64_t>(index) * detail::week_ms}};
        if (begin >= b)
            break;
        auto const& pattern = c.patterns[c.weeks[index].pattern()];
        for (auto i = pattern.first; i < pattern.first + pattern.count; ++i) {
            interval const open{std::max(a, begin + duration{c.spans[i].from}),
                                std::min(b, begin + duration{c.spans[i].to})};
            if (open.from >= open.to)
                continue;
            if (!out.empty() && out.back().to == open.from)
                out.back().to = open.to;
            else
                out.push_back(open);
        }
    }
    return out;
}

GUICHET_DECL local_date calendar::date_of(instant at) const noexcept {
    return std::chrono::floor<std::chrono::days>(compiled_->zone.to_local(at));
}

GUICHET_DECL bool calendar::is_working_day(local_date date) const noexcept { return compiled_->working.contains(date); }

GUICHET_DECL std::optional<local_date> calendar::next_working_day(local_date date) const noexcept {
    return compiled_->working.nth_from(date, 1);
}

GUICHET_DECL std::optional<local_date> calendar::prev_working_day(local_date date) const noexcept {
    return compiled_->working.nth_from(date, -1);
}

GUICHET_DECL std::optional<interval> calendar::opening_of(local_date date) const {
    if (!is_working_day(date))
        return std::nullopt;
    auto const all = detail::intervals_on(compiled_->hours, compiled_->zone, date);
    return interval{all.front().from, all.back().to};
}

GUICHET_DECL std::optional<instant> calendar::add_working_days(instant start, int days, roll outside,
                                                               bool end_of_day) const {
    auto const local = compiled_->zone.to_local(start);
    auto const date = std::chrono::floor<std::chrono::days>(local);
    auto const target = days == 0 ? std::optional{date} : compiled_->working.nth_from(date, days);
    if (!target)
        return std::nullopt;
    auto const hours = end_of_day ? opening_of(*target) : std::nullopt;
    auto const at = hours ? hours->to : compiled_->zone.to_sys(*target + (local - date));
    switch (outside) {
    case roll::none: return at;
    case roll::forward: return end_of_day && hours ? at : next_open(at);
    case roll::backward: return prev_open_instant(at);
    }
    return at;
}

} // namespace guichet::inline v0::time
