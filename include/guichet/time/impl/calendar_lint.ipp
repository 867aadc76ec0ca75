#pragma once
#include <guichet/time/calendar_lint.hpp>
#include <guichet/time/impl/calendar.ipp>
#include <guichet/time/impl/holidays.ipp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace guichet::inline v0::time {
namespace detail {

class calendar_checker {
public:
    calendar_checker(calendar_definition const& d, std::string_view path) : d_{d}, path_{path} {}

    std::vector<lint> run() {
        auto const compiled = calendar::compile(d_, path_);
        if (!compiled)
            out_.push_back({compiled.error()});
        else if (!compiled->next_open(instant::min()))
            add(reason::calendar_never_open, path_, "");
        static constexpr std::array names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
        for (std::size_t i = 0; i < 7; ++i)
            openings(d_.weekly[i], path_ + ".weekly." + names[i]);
        for (std::size_t i = 0; i < 7; ++i) // these may overlap the office's: they are added
            openings(d_.on_call[i], path_ + ".on_call." + names[i]);
        for (auto const& [date, list] : d_.shifts)
            openings(list, path_ + ".shifts." + to_text(date));
        for (auto const& [date, list] : d_.breaks)
            openings(list, path_ + ".breaks." + to_text(date));
        if (compiled) { // dates and regions are known to be good
            find_public();
            holidays();
            hours_on_holidays();
        }
        return std::move(out_);
    }

private:
    void add(reason why, std::string path, std::string value) {
        out_.push_back({error{why, {{"path", std::move(path)}, {"value", std::move(value)}}}});
    }
    void add(reason why, std::string path, std::string value, std::string other) {
        add(why, std::move(path), std::move(value));
        std::move(out_.back().what).with("other", std::move(other));
    }
    std::string holiday_path(std::size_t i) const { return path_ + ".holidays[" + std::to_string(i) + "]"; }

    void openings(std::vector<opening> const& list, std::string const& path) {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (list[i].from == list[i].to)
                add(reason::opening_empty, path + "[" + std::to_string(i) + "]", opening_text(list[i]));
            else
                order.push_back(i);
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return list[a].from < list[b].from; });
        for (std::size_t longest = 0, k = 1; k < order.size(); ++k) {
            auto const& before = list[order[longest]];
            auto const& here = list[order[k]];
            if (here.from < before.to)
                add(reason::openings_overlap, path + "[" + std::to_string(order[k]) + "]", opening_text(here),
                    opening_text(before));
            if (here.to >= before.to)
                longest = k;
        }
    }

    void find_public() {
        for (std::size_t i = 0; i < d_.public_holidays.size(); ++i) {
            auto const& code = d_.public_holidays[i];
            auto const place = path_ + ".public_holidays[" + std::to_string(i) + "]";
            if (auto const first = std::find(d_.public_holidays.begin(), d_.public_holidays.end(), code);
                static_cast<std::size_t>(first - d_.public_holidays.begin()) != i) {
                add(reason::holiday_twice, place, code,
                    path_ + ".public_holidays[" + std::to_string(first - d_.public_holidays.begin()) + "]");
                continue;
            }
            region_rules rules{*find_region(code)};
            for (std::chrono::year y{1900}; y <= std::chrono::year{2299}; ++y)
                for (auto const& day : rules.in(y))
                    public_.emplace(std::chrono::year_month_day{day.date}, i);
        }
    }

    bool week_opens(local_date date) const {
        auto const day = std::chrono::weekday{date}.iso_encoding() - 1;
        auto const any = [](auto const& openings) {
            return std::any_of(openings.begin(), openings.end(), [](auto const& open) { return open.from < open.to; });
        };
        return d_.always_open || any(d_.weekly[day]) || any(d_.on_call[day]);
    }

    /// The public holidays' entry that makes this one needless; a yearly one must be public in each of 28 years.
    std::optional<std::size_t> public_entry(holiday const& day) const {
        auto const found = public_.find(day.year.value_or(std::chrono::year{2028}) / day.day);
        if (found == public_.end())
            return std::nullopt;
        for (int y = 2026; !day.year && y < 2054; ++y)
            if (auto const date = std::chrono::year{y} / day.day; date.ok() && !public_.contains(date))
                return std::nullopt;
        return found->second;
    }

    void holidays() {
        std::map<std::pair<std::chrono::month_day, int>, std::size_t> seen; // year 0 is every year
        for (std::size_t i = 0; i < d_.holidays.size(); ++i)
            seen.try_emplace({d_.holidays[i].day, d_.holidays[i].year ? static_cast<int>(*d_.holidays[i].year) : 0}, i);
        for (std::size_t i = 0; i < d_.holidays.size(); ++i) {
            auto const& day = d_.holidays[i];
            auto text = to_text(day.year.value_or(std::chrono::year{2000}) / day.day);
            if (!day.year)
                text.replace(0, 4, "*");
            auto const same = seen.find({day.day, day.year ? static_cast<int>(*day.year) : 0})->second;
            auto const yearly = seen.find({day.day, 0});
            if (same != i)
                add(reason::holiday_twice, holiday_path(i), text, holiday_path(same));
            else if (yearly != seen.end() && yearly->second != i)
                add(reason::holiday_twice, holiday_path(i), text, holiday_path(yearly->second));
            else if (auto const entry = public_entry(day))
                add(reason::holiday_twice, holiday_path(i), text,
                    path_ + ".public_holidays[" + std::to_string(*entry) + "]");
            // A yearly one falls on every weekday in time, so it closes something if anything opens.
            if (!day.year)
                continue;
            auto const date = *day.year / day.day;
            auto const shift = d_.shifts.find(date);
            if (shift == d_.shifts.end() ? !week_opens(local_date{date}) : merged(shift->second).empty())
                add(reason::holiday_without_effect, holiday_path(i), text);
        }
        for (auto const& [key, i] : seen)
            closed_.emplace(key.first, key.second);
    }

    void hours_on_holidays() {
        using dated = std::pair<char const*, std::map<std::chrono::year_month_day, std::vector<opening>> const*>;
        for (auto const& [field, dates] : {dated{".shifts.", &d_.shifts}, dated{".breaks.", &d_.breaks}})
            for (auto const& [date, list] : *dates) {
                auto const day = date.month() / date.day();
                if (public_.contains(date) || closed_.contains({day, 0}) ||
                    closed_.contains({day, static_cast<int>(date.year())}))
                    add(reason::shift_on_holiday, path_ + field + to_text(date), to_text(date));
            }
    }

    calendar_definition const& d_;
    std::string path_;
    std::vector<lint> out_;
    std::map<std::chrono::year_month_day, std::size_t> public_; ///< and the entry of the list that says so
    std::set<std::pair<std::chrono::month_day, int>> closed_;   ///< explicit holidays, year 0 is every year
};

} // namespace detail

GUICHET_DECL std::vector<lint> check_calendar(calendar_definition const& definition, std::string_view path) {
    return detail::calendar_checker{definition, path}.run();
}

} // namespace guichet::inline v0::time
