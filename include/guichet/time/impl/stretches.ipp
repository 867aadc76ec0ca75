#pragma once
#include <guichet/time/calendar.hpp>
#include <guichet/time/impl/calendar.ipp>
#include <guichet/time/impl/holidays.ipp>

#include <algorithm>
#include <utility>

namespace guichet::inline v0::time {
namespace detail {

/// Appends a stretch, or lengthens the last one if it says the same.
inline void append(std::vector<stretch>& out, interval when, stretch_kind kind, std::string_view name = {}) {
    if (when.from >= when.to)
        return;
    if (!out.empty() && out.back().kind == kind && out.back().name == name)
        out.back().when.to = when.to;
    else
        out.push_back({when, kind, std::string{name}});
}

/// Finds the names of holidays; keeps those of the last year that was asked for.
class holiday_names_of {
public:
    explicit holiday_names_of(calendar_definition const& d) : definition_{d} {
        for (auto const& code : d.public_holidays)
            if (auto const* region = find_region(code))
                regions_.push_back(region_rules{*region});
        for (std::size_t i = 0; i < d.holidays.size(); ++i)
            if (!d.holidays[i].name.empty())
                by_day_.emplace_back(d.holidays[i].day, i);
        std::sort(by_day_.begin(), by_day_.end());
    }

    /// The name given in the definition, else that of the public holiday, else nothing. Valid until the next call.
    std::string_view on(local_date at) {
        std::chrono::year_month_day const date{at};
        auto const day = date.month() / date.day();
        for (auto it = std::lower_bound(by_day_.begin(), by_day_.end(), std::pair{day, std::size_t{0}});
             it != by_day_.end() && it->first == day; ++it)
            if (auto const& known = definition_.holidays[it->second]; known.year.value_or(date.year()) == date.year())
                return known.name;
        if (date.year() != year_) {
            year_ = date.year();
            public_.clear();
            for (auto& region : regions_)
                for (auto const& found : region.in(year_))
                    public_.emplace_back(found.date, region.name(found, std::nullopt));
        }
        auto const found = std::find_if(public_.begin(), public_.end(), [&](auto const& p) { return p.first == at; });
        return found == public_.end() ? std::string_view{} : std::string_view{found->second};
    }

private:
    calendar_definition const& definition_;
    std::vector<region_rules> regions_;
    std::vector<std::pair<std::chrono::month_day, std::size_t>> by_day_;
    std::chrono::year year_ = std::chrono::year::min();
    std::vector<std::pair<local_date, std::string>> public_;
};

/// Tells why closed time is closed. Works in readings of the clock, date by date, as openings are mapped to UTC.
class closure_reasons {
public:
    closure_reasons(compiled_calendar const& c, std::vector<stretch>& out)
        : hours_{c.hours}, zone_{c.zone}, names_{c.hours.definition}, out_{out} {}

    /// Appends the closed time `when`.
    void tell(interval when) {
        interval const known{std::max(when.from, instant{duration{window_begin_ms}}),
                             std::min(when.to, instant{duration{window_end_ms}})};
        if (known.from >= known.to)
            return append(out_, when, stretch_kind::closed_hours);
        append(out_, {when.from, known.from}, stretch_kind::closed_hours);
        auto date = std::chrono::floor<days>(zone_.to_local(known.from));
        while (zone_.to_sys(date) > known.from)
            date -= days{1};
        for (auto from = known.from; from < known.to; date += days{1}) {
            auto const to = std::min(zone_.to_sys(date + days{1}), known.to);
            if (from >= to)
                continue;
            if (quiet(date) && quiet(date - days{1}))
                append(out_, {from, to}, stretch_kind::closed_hours);
            else
                tell_date(date, {from, to});
            from = to;
        }
        append(out_, {known.to, when.to}, stretch_kind::closed_hours);
    }

private:
    /// A stretch of a date's readings, and why it would be closed.
    struct claim {
        opening when;
        stretch_kind kind;
        local_date by;
    };

    bool quiet(local_date date) const noexcept {
        return !hours_.closed.contains(date) && !hours_.exceptional.contains(date);
    }

    void tell_date(local_date date, interval within) {
        static constexpr seconds midnight{days{1}};
        claims_.clear();
        add_claims(date, seconds{0});
        add_claims(date - days{1}, midnight);
        cuts_ = {seconds{0}, midnight};
        for (auto const& [when, kind, by] : claims_)
            for (auto const cut : {when.from, when.to})
                if (cut > seconds{0} && cut < midnight)
                    cuts_.push_back(cut);
        std::sort(cuts_.begin(), cuts_.end());
        for (std::size_t i = 1; i < cuts_.size(); ++i) {
            interval const part{std::max(zone_.to_sys(date + cuts_[i - 1]), within.from),
                                std::min(zone_.to_sys(date + cuts_[i]), within.to)};
            if (part.from >= part.to)
                continue;
            claim const* strongest = nullptr;
            for (auto const& c : claims_)
                if (c.when.from <= cuts_[i - 1] && cuts_[i] <= c.when.to && (!strongest || c.kind > strongest->kind))
                    strongest = &c;
            auto const kind = strongest ? strongest->kind : stretch_kind::closed_hours;
            append(out_, part, kind, kind == stretch_kind::holiday ? names_.on(strongest->by) : std::string_view{});
        }
    }

    /// What `date` closes, counted from `back` after its midnight.
    void add_claims(local_date date, seconds back) {
        auto const claims = [&](stretch_kind kind, opening const& when) {
            claims_.push_back({{when.from - back, when.to - back}, kind, date});
        };
        if (quiet(date))
            return;
        auto const& usual = hours_.usual(date);
        std::chrono::year_month_day const day{date};
        auto const shift = hours_.definition.shifts.find(day);
        bool const shifted = shift != hours_.definition.shifts.end();
        auto const planned = shifted ? merged(shift->second) : usual;
        if (hours_.closed.contains(date)) {
            claims(stretch_kind::holiday, {seconds{0}, days{1}});
            for (auto const& open : planned)
                claims(stretch_kind::holiday, open);
            return;
        }
        if (shifted && planned.empty() && !usual.empty())
            claims(stretch_kind::shift_closed, {seconds{0}, days{1}});
        if (shifted)
            for (auto const& lost : without(usual, planned))
                claims(stretch_kind::shift_closed, lost);
        if (auto const breaks = hours_.definition.breaks.find(day); breaks != hours_.definition.breaks.end())
            for (auto const& open : planned)
                for (auto const& pause : breaks->second)
                    if (opening const cut{std::max(open.from, pause.from), std::min(open.to, pause.to)};
                        cut.from < cut.to)
                        claims(stretch_kind::break_, cut);
    }

    schedule const& hours_;
    time::zone const& zone_;
    holiday_names_of names_;
    std::vector<stretch>& out_;
    std::vector<claim> claims_;
    std::vector<seconds> cuts_;
};

} // namespace detail

GUICHET_DECL std::vector<stretch> calendar::stretches(instant a, instant b) const {
    std::vector<stretch> out;
    if (a >= b)
        return out;
    detail::closure_reasons closed{*compiled_, out};
    for (auto const& open : opening_intervals(a, b)) {
        closed.tell({a, open.from});
        detail::append(out, open, stretch_kind::open);
        a = open.to;
    }
    closed.tell({a, b});
    return out;
}

} // namespace guichet::inline v0::time
