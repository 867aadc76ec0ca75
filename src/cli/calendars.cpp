#include "calendars.hpp"

#include <guichet/time/iso8601.hpp>

#include <algorithm>

namespace guichet::cli {

using std::chrono::days;

result<calendar_texts> known_calendars(context& c) {
    calendar_texts out{{"default", encode(sla::office_hours())}};
    auto const d = c.open_desk();
    if (!d && d.error().why() == reason::store_not_found)
        return out;
    if (!d)
        return d.error();
    GUICHET_LET(auto const stored, (*d)->store().documents("calendar"));
    for (auto const& one : stored)
        if (!one.body.empty())
            out[one.id] = one.body;
    return out;
}

std::map<time::local_date, std::string> holidays_between(time::calendar_definition const& d, time::local_date first,
                                                         time::local_date last, language lang) {
    std::map<time::local_date, std::string> out;
    auto const from = std::chrono::year_month_day{first}.year(), to = std::chrono::year_month_day{last}.year();
    auto const add = [&](std::chrono::year_month_day date, std::string const& name) {
        if (date.ok() && time::local_date{date} >= first && time::local_date{date} <= last)
            if (auto& known = out[time::local_date{date}]; known.empty())
                known = name;
    };
    for (auto const& day : d.holidays)
        for (auto year = from; year <= to; ++year)
            if (day.year.value_or(year) == year)
                add(year / day.day, day.name);
    for (auto const& region : d.public_holidays)
        if (auto const found = time::public_holidays(region, from, to, lang))
            for (auto const& day : *found)
                add(*day.year / day.day, day.name);
    return out;
}

std::chrono::year year_of(instant at, time::zone const& zone) {
    return std::chrono::year_month_day{std::chrono::floor<days>(zone.to_local(at))}.year();
}

std::string date_text(time::local_date date) { return time::to_text(std::chrono::year_month_day{date}); }

std::string weekday_text(speaker say, time::local_date date) {
    auto const day = std::chrono::weekday{date}.iso_encoding() - 1;
    return say(static_cast<msg>(static_cast<unsigned>(msg::weekday_mon) + day));
}

std::string hours_text(std::span<time::opening const> openings) {
    auto const clock = [](std::chrono::seconds of_day) {
        auto const s = of_day.count();
        return fmt::format("{:02}:{:02}", s / 3600, s / 60 % 60) + (s % 60 ? fmt::format(":{:02}", s % 60) : "");
    };
    std::string out;
    for (auto const& open : openings)
        out.append(out.empty() ? "" : ", ").append(clock(open.from)).append("-").append(clock(open.to));
    return out;
}

std::vector<time::opening> openings_on(time::calendar const& c, time::local_date date) {
    auto const& zone = c.zone();
    std::vector<time::opening> out;
    auto const end = zone.to_sys(date + days{1});
    for (auto const& open : c.opening_intervals(zone.to_sys(date), end)) {
        auto const reading = [&](instant at) {
            return at == end ? std::chrono::seconds{days{1}}
                             : std::chrono::floor<std::chrono::seconds>(zone.to_local(at) - date);
        };
        out.push_back({reading(open.from), reading(open.to)});
    }
    return out;
}

} // namespace guichet::cli
