#pragma once
#include <guichet/json/path.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/calendar_document.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace guichet::inline v0 {
namespace detail::calendar_json {

using boost::json::value;
using json::path;
using week_of_openings = std::array<std::vector<time::opening>, 7>;
using dated_openings = std::map<std::chrono::year_month_day, std::vector<time::opening>>;

inline constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

inline error bad(path const& at, std::string_view found, std::string hint) {
    return error{reason::bad_value, {{"path", at.text()}, {"value", std::string{found}}, {"hint", std::move(hint)}}};
}

inline result<std::string_view> text(value const& from, path const& at) {
    if (!from.is_string())
        return json::wrong_type(at, "a text", from);
    return std::string_view{from.get_string()};
}

/// HH:MM or HH:MM:SS, hours up to 48.
inline result<std::chrono::seconds> time_of_day(value const& from, path const& at) {
    GUICHET_LET(auto const found, text(from, at));
    auto const two = [&](std::size_t i) {
        auto const digit = [&](std::size_t k) { return found[k] >= '0' && found[k] <= '9' ? found[k] - '0' : 1000; };
        return digit(i) * 10 + digit(i + 1);
    };
    bool const shaped = (found.size() == 5 || (found.size() == 8 && found[5] == ':')) && found[2] == ':';
    int const hours = shaped ? two(0) : 100, minutes = shaped ? two(3) : 100,
              seconds = found.size() == 8 && shaped ? two(6) : 0;
    if (minutes > 59 || seconds > 59 || hours * 3600 + minutes * 60 + seconds > 48 * 3600)
        return bad(at, found, "write HH:MM, from 00:00 to 48:00");
    return std::chrono::seconds{hours * 3600 + minutes * 60 + seconds};
}

inline result<std::vector<time::opening>> openings(value const& from, path const& at) {
    if (!from.is_array())
        return json::wrong_type(at, "a list", from);
    std::vector<time::opening> out;
    for (std::size_t i = 0; i < from.get_array().size(); ++i) {
        auto const& pair = from.get_array()[i];
        path const here{at, i};
        if (!pair.is_array() || pair.get_array().size() != 2)
            return json::wrong_type(here, "a pair such as [\"09:00\", \"12:00\"]", pair);
        GUICHET_LET(auto const opens, time_of_day(pair.get_array()[0], path(here, std::size_t{0})));
        GUICHET_LET(auto const closes, time_of_day(pair.get_array()[1], path(here, std::size_t{1})));
        out.push_back({opens, closes});
    }
    return out;
}

inline result<week_of_openings> week(value const& from, path const& at) {
    if (!from.is_object())
        return json::wrong_type(at, "an object", from);
    week_of_openings out;
    for (auto const& [day, list] : from.get_object()) {
        auto const found = std::find(weekdays.begin(), weekdays.end(), std::string_view{day});
        if (found == weekdays.end())
            return error{reason::unknown_field,
                         {{"path", path(at, day).text()}, {"known", "mon, tue, wed, thu, fri, sat, sun"}}};
        GUICHET_LET(out[static_cast<std::size_t>(found - weekdays.begin())], openings(list, path(at, day)));
    }
    return out;
}

inline result<dated_openings> dated(value const& from, path const& at) {
    if (!from.is_object())
        return json::wrong_type(at, "an object", from);
    dated_openings out;
    for (auto const& [name, list] : from.get_object()) {
        auto const date = time::read_date(name);
        if (!date)
            return bad(path(at, name), name, "write the date as YYYY-MM-DD");
        GUICHET_LET(out[*date], openings(list, path(at, name)));
    }
    return out;
}

/// A date, or `*-MM-DD` for the same day of every year.
inline result<time::holiday> holiday_date(value const& from, path const& at) {
    GUICHET_LET(auto const found, text(from, at));
    bool const yearly = found.starts_with("*-");
    // 2000 is a leap year, so that *-02-29 is a day.
    auto const date = time::read_date(yearly ? "2000" + std::string{found.substr(1)} : std::string{found});
    if (!date)
        return bad(at, found, "write YYYY-MM-DD, or *-MM-DD for every year");
    return time::holiday{yearly ? std::nullopt : std::optional{date->year()}, date->month() / date->day(), {}};
}

inline result<time::holiday> holiday(value const& from, path const& at) {
    if (from.is_string())
        return holiday_date(from, at);
    if (!from.is_object())
        return json::wrong_type(at, "a date or {\"date\", \"name\"}", from);
    auto const* date = from.get_object().if_contains("date");
    if (!date)
        return error{reason::missing_field, {{"path", path(at, "date").text()}}};
    GUICHET_LET(auto out, holiday_date(*date, path(at, "date")));
    for (auto const& [name, field] : from.get_object())
        if (name == "name") {
            GUICHET_LET(out.name, text(field, path(at, name)));
        } else if (name != "date")
            return error{reason::unknown_field, {{"path", path(at, name).text()}, {"known", "date, name"}}};
    return out;
}

inline result<std::vector<time::holiday>> holidays(value const& from, path const& at) {
    if (!from.is_array())
        return json::wrong_type(at, "a list", from);
    std::vector<time::holiday> out;
    for (std::size_t i = 0; i < from.get_array().size(); ++i) {
        GUICHET_LET(auto day, holiday(from.get_array()[i], path(at, i)));
        out.push_back(std::move(day));
    }
    return out;
}

/// Which regions there are is for `compile` to say.
inline result<std::vector<std::string>> regions(value const& from, path const& at) {
    if (!from.is_array())
        return json::wrong_type(at, "a list", from);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < from.get_array().size(); ++i) {
        GUICHET_LET(auto const code, text(from.get_array()[i], path(at, i)));
        out.emplace_back(code);
    }
    return out;
}

/// A calendar's own entries, then those of the one it extends that it does not name itself. Its own come first, so that
/// places in errors are places of its document.
template <class Entry, class Same>
std::vector<Entry> joined(std::vector<Entry> own, std::vector<Entry> const& below, Same same) {
    auto const count = static_cast<std::ptrdiff_t>(own.size());
    for (auto const& entry : below)
        if (std::none_of(own.begin(), own.begin() + count, [&](Entry const& o) { return same(o, entry); }))
            own.push_back(entry);
    return own;
}

/// Reads a field over what `out` has of the calendar below.
inline result<void> field(std::string_view name, value const& from, path const& at, time::calendar_definition& out) {
    if (name == "extends") { // `decode_calendar` has seen to it
    } else if (name == "tz") {
        GUICHET_LET(out.tz, text(from, at));
    } else if (name == "always_open") {
        if (!from.is_bool())
            return json::wrong_type(at, "true or false", from);
        out.always_open = from.get_bool();
    } else if (name == "weekly") {
        GUICHET_LET(out.weekly, week(from, at));
    } else if (name == "on_call") {
        GUICHET_LET(out.on_call, week(from, at));
    } else if (name == "holidays") {
        GUICHET_LET(auto own, holidays(from, at));
        out.holidays = joined(std::move(own), out.holidays,
                              [](auto const& a, auto const& b) { return a.day == b.day && a.year == b.year; });
    } else if (name == "public_holidays") {
        GUICHET_LET(auto own, regions(from, at));
        out.public_holidays = joined(std::move(own), out.public_holidays, std::equal_to<>{});
    } else if (name == "shifts") {
        GUICHET_LET(auto own, dated(from, at));
        own.merge(out.shifts); // the date's own stay
        out.shifts = std::move(own);
    } else if (name == "breaks") {
        GUICHET_LET(auto own, dated(from, at));
        own.merge(out.breaks);
        out.breaks = std::move(own);
    } else
        return error{reason::unknown_field,
                     {{"path", at.text()},
                      {"known", "extends, tz, always_open, weekly, on_call, holidays, public_holidays, shifts, "
                                "breaks"}}};
    return {};
}

/// The calendar that this one extends; empty: none.
inline result<std::string> parent(value const& json, path const& root) {
    auto const* name = json.is_object() ? json.get_object().if_contains("extends") : nullptr;
    if (!name)
        return std::string{};
    GUICHET_LET(auto const found, text(*name, path(root, "extends")));
    if (found.empty())
        return error{reason::empty_text, {{"path", path(root, "extends").text()}}};
    return std::string{found};
}

inline std::string clock_text(std::chrono::seconds of_day) {
    auto const s = of_day.count();
    auto const two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(s / 3600) + ":" + two(s / 60 % 60) + (s % 60 != 0 ? ":" + two(s % 60) : "");
}

inline void write(json::writer& out, std::vector<time::opening> const& openings) {
    out.begin_array();
    for (auto const& open : openings) {
        out.begin_array();
        out.text(clock_text(open.from));
        out.text(clock_text(open.to));
        out.end_array();
    }
    out.end_array();
}

inline void write(json::writer& out, std::string_view name, dated_openings const& dates) {
    if (dates.empty())
        return;
    out.key(name);
    out.begin_object();
    for (auto const& [date, openings] : dates) {
        out.key(time::to_text(date));
        write(out, openings);
    }
    out.end_object();
}

inline void write(json::writer& out, std::string_view name, week_of_openings const& week) {
    if (std::all_of(week.begin(), week.end(), [](auto const& day) { return day.empty(); }))
        return;
    out.key(name);
    out.begin_object();
    for (std::size_t i = 0; i < weekdays.size(); ++i)
        if (!week[i].empty()) {
            out.key(weekdays[i]);
            write(out, week[i]);
        }
    out.end_object();
}

inline void write_holidays(json::writer& out, std::vector<time::holiday> const& holidays) {
    if (holidays.empty())
        return;
    out.key("holidays");
    out.begin_array();
    for (auto const& day : holidays) {
        auto text = time::to_text(day.year.value_or(std::chrono::year{2000}) / day.day);
        if (!day.year)
            text.replace(0, 4, "*");
        if (day.name.empty()) {
            out.text(text);
            continue;
        }
        out.begin_object();
        out.key("date");
        out.text(text);
        out.key("name");
        out.text(day.name);
        out.end_object();
    }
    out.end_array();
}

} // namespace detail::calendar_json

GUICHET_DECL result<time::calendar_definition> decode_calendar(boost::json::value const& json, std::string_view path,
                                                               time::calendar_definition const* below) {
    json::path const root{path};
    if (!json.is_object())
        return json::wrong_type(root, "an object", json);
    auto const& object = json.get_object();
    GUICHET_LET(auto const parent, detail::calendar_json::parent(json, root));
    if (!parent.empty() && !below)
        return detail::calendar_json::bad(json::path(root, "extends"), parent,
                                          "a calendar can extend another one only where both are known");
    time::calendar_definition out;
    if (!parent.empty())
        out = *below;
    if (auto const* always = object.if_contains("always_open"); always && *always == true)
        out.weekly = out.on_call = {};
    else if (object.contains("weekly"))
        out.always_open = false;
    for (auto const& [name, value] : object)
        GUICHET_TRY(detail::calendar_json::field(name, value, json::path(root, name), out));
    // Silently taking UTC would be noticed in the first summer only.
    if (!out.always_open && parent.empty() && !object.contains("tz"))
        return error{reason::missing_field, {{"path", json::path(root, "tz").text()}}};
    return out;
}

GUICHET_DECL result<time::calendar_definition> parse_calendar(std::string_view json, std::string_view path) {
    GUICHET_LET(auto const value, json::parse(json));
    return decode_calendar(value, path);
}

GUICHET_DECL std::string encode(time::calendar_definition const& d) {
    std::string out;
    json::writer to{out};
    to.begin_object();
    to.key("tz");
    to.text(d.tz);
    if (d.always_open) {
        to.key("always_open");
        to.boolean(true);
    }
    detail::calendar_json::write(to, "weekly", d.weekly);
    detail::calendar_json::write(to, "on_call", d.on_call);
    detail::calendar_json::write_holidays(to, d.holidays);
    if (!d.public_holidays.empty()) {
        to.key("public_holidays");
        to.begin_array();
        for (auto const& code : d.public_holidays)
            to.text(code);
        to.end_array();
    }
    detail::calendar_json::write(to, "shifts", d.shifts);
    detail::calendar_json::write(to, "breaks", d.breaks);
    to.end_object();
    return out;
}

GUICHET_DECL result<std::vector<resolved_calendar>> resolve_calendar(std::string_view id, calendar_texts const& all) {
    std::vector<std::pair<calendar_texts::const_iterator, boost::json::value>> lineage; // from `id` up
    std::string asked_at, ids;
    for (std::string next{id}; !next.empty();) {
        auto const found = all.find(next);
        if (found == all.end()) {
            std::string known;
            for (auto const& [name, text] : all)
                known.append(known.empty() ? "" : ", ").append(name);
            return error{reason::unknown_value, {{"path", asked_at}, {"value", next}, {"known", known}}};
        }
        ids.append(ids.empty() ? "" : " -> ").append(next);
        if (std::any_of(lineage.begin(), lineage.end(), [&](auto const& l) { return l.first == found; }))
            return error{reason::calendars_in_circle, {{"path", asked_at}, {"value", ids}}};
        auto const here = "calendar." + next;
        asked_at = here + ".extends";
        GUICHET_LET(auto json, json::parse(found->second));
        GUICHET_LET(next, detail::calendar_json::parent(json, json::path{here}));
        lineage.emplace_back(found, std::move(json));
    }
    std::vector<resolved_calendar> out;
    for (auto it = lineage.rbegin(); it != lineage.rend(); ++it) {
        auto const* below = out.empty() ? nullptr : &out.back().definition;
        GUICHET_LET(auto definition, decode_calendar(it->second, "calendar." + it->first->first, below));
        out.push_back({it->first->first, std::move(definition)});
    }
    return out;
}

} // namespace guichet::inline v0
