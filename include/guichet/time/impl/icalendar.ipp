#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/time/icalendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace guichet::inline v0::time {
namespace detail::icalendar {

using std::chrono::days;
using std::chrono::year_month_day;

/// "NAME;PARAMETER=x:value" after unfolding (RFC 5545, 3.1).
struct content_line {
    std::size_t number; ///< of its first part in the text, from 1
    std::string name;   ///< in capitals
    std::string parameters, value;
};

inline std::string capitals(std::string_view text) {
    std::string out{text};
    for (auto& c : out)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

/// Takes what is before `separator` off the front.
inline std::string_view take(std::string_view& rest, char separator) noexcept {
    auto const end = std::min(rest.find(separator), rest.size());
    auto const out = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return out;
}

inline std::optional<int> integer(std::string_view text) noexcept {
    int out = 0;
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(1);
    auto const [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    return wrong != std::errc{} || end != text.data() + text.size() ? std::nullopt : std::optional{out};
}

/// Backslashes of a TEXT value (3.3.11); blanks stand for line breaks.
inline std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] != '\\' || i + 1 == text.size())
            out += text[i];
        else
            out += text[++i] == 'n' || text[i] == 'N' ? ' ' : text[i];
    return out;
}

/// One of BYDAY: "MO", "1MO", "-1FR".
struct by_day {
    std::chrono::weekday day;
    int nth = 0;
};

struct yearly_rule {
    std::size_t line = 0;
    int interval = 1;
    std::optional<int> count;
    std::optional<local_date> until;
    std::vector<int> months, month_days;
    std::vector<by_day> weekdays;
};

struct event {
    std::size_t line = 0;
    std::string summary;
    std::optional<local_date> start;
    std::optional<local_date> end; ///< not included
    std::optional<yearly_rule> rule;
    std::vector<local_date> added, removed;
    bool cancelled = false;
};

inline constexpr year_month_day window_first{std::chrono::year{1900} / 1 / 1};
inline constexpr year_month_day window_end{std::chrono::year{2300} / 1 / 1};
inline constexpr std::size_t rule_list_max = 400; ///< of one BYDAY and the like

class reader {
public:
    reader(icalendar_options const& options, std::string_view path) : options_{options}, path_{path} {}

    result<std::vector<holiday>> read(std::string_view text) {
        if (text.size() > limits::command_bytes_max)
            return too_much(text.size(), limits::command_bytes_max);
        GUICHET_LET(auto const lines, unfold(text));
        for (auto const& line : lines)
            GUICHET_TRY(component(line));
        if (!open_.empty() || !began_)
            return wrong_place(lines.empty() ? 1 : lines.back().number + 1, "the end",
                               open_.empty() ? "BEGIN:VCALENDAR" : "END:" + open_.back());
        std::vector<holiday> out;
        for (auto const& [date, name] : found_)
            out.push_back({date.year(), date.month() / date.day(), name});
        return out;
    }

private:
    // --- errors

    error at(reason why, std::size_t line, std::string_view value) const {
        return error{why,
                     {{"path", path_}, {"line", std::to_string(line)}, {"value", std::string{value.substr(0, 80)}}}};
    }
    error wrong_place(std::size_t line, std::string_view found, std::string expected) const {
        return at(reason::icalendar_structure, line, found).with("expected", std::move(expected));
    }
    error bad(content_line const& line, std::string_view name, std::string_view value, std::string example) const {
        return at(reason::icalendar_bad_value, line.number, value)
            .with("name", std::string{name})
            .with("example", std::move(example));
    }
    error too_much(std::size_t found, std::size_t limit) const {
        return error{reason::limit_passed,
                     {{"path", path_}, {"found", std::to_string(found)}, {"limit", std::to_string(limit)}}};
    }

    // --- lines

    result<std::vector<content_line>> unfold(std::string_view text) const {
        if (text.starts_with("\xef\xbb\xbf"))
            text.remove_prefix(3);
        std::vector<std::pair<std::size_t, std::string>> whole;
        for (std::size_t number = 1; !text.empty(); ++number) {
            auto part = take(text, '\n');
            if (part.ends_with('\r'))
                part.remove_suffix(1);
            if ((part.starts_with(' ') || part.starts_with('\t')) && !whole.empty())
                whole.back().second.append(part.substr(1));
            else if (!part.empty())
                whole.emplace_back(number, part);
        }
        std::vector<content_line> out;
        for (auto const& [number, line] : whole) {
            bool quoted = false;
            std::size_t colon = 0;
            for (; colon < line.size() && (quoted || line[colon] != ':'); ++colon)
                quoted ^= line[colon] == '"';
            auto head = std::string_view{line}.substr(0, colon);
            auto const name = take(head, ';');
            bool const is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
                return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
            });
            if (colon == line.size() || !is_name)
                return at(reason::icalendar_no_line, number, line);
            out.push_back({number, capitals(name), capitals(head), line.substr(colon + 1)});
        }
        return out;
    }

    // --- components

    result<void> component(content_line const& line) {
        if (line.name == "BEGIN") {
            auto const kind = capitals(line.value);
            if (open_.empty() != (kind == "VCALENDAR"))
                return wrong_place(line.number, "BEGIN:" + kind, open_.empty() ? "BEGIN:VCALENDAR" : "END:VCALENDAR");
            open_.push_back(kind);
            began_ = true;
            if (in_event()) {
                event_ = {};
                event_.line = line.number;
            }
            return {};
        }
        if (open_.empty())
            return wrong_place(line.number, line.name, "BEGIN:VCALENDAR");
        if (line.name == "END") {
            if (capitals(line.value) != open_.back())
                return wrong_place(line.number, "END:" + capitals(line.value), "END:" + open_.back());
            bool const complete = in_event();
            open_.pop_back();
            return complete ? finish() : result<void>{};
        }
        return in_event() ? property(line) : result<void>{};
    }

    bool in_event() const noexcept { return open_.size() == 2 && open_.back() == "VEVENT"; }

    result<void> property(content_line const& line) {
        if (line.name == "SUMMARY") {
            event_.summary = unescaped(line.value);
        } else if (line.name == "STATUS") {
            event_.cancelled = capitals(line.value) == "CANCELLED";
        } else if (line.name == "DTSTART") {
            GUICHET_LET(auto const start, moment(line, line.value));
            event_.start = start.date;
            start_time_ = start.of_day;
        } else if (line.name == "DTEND") {
            GUICHET_LET(auto const end, moment(line, line.value));
            event_.end = end.date + days{end.of_day.count() > 0 ? 1 : 0}; // the date counts if any of it passes
        } else if (line.name == "DURATION") {
            GUICHET_LET(length_, length(line));
        } else if (line.name == "RRULE") {
            if (event_.rule)
                return at(reason::icalendar_not_read, line.number, "RRULE, RRULE");
            GUICHET_LET(event_.rule, rule(line));
        } else if (line.name == "EXDATE" || line.name == "RDATE") {
            auto& dates = line.name == "RDATE" ? event_.added : event_.removed;
            for (std::string_view rest = line.value; !rest.empty();) {
                GUICHET_LET(auto const found, moment(line, take(rest, ',')));
                dates.push_back(found.date);
            }
        } else if (line.name == "EXRULE" || line.name == "RECURRENCE-ID") {
            return at(reason::icalendar_not_read, line.number, line.name);
        }
        return {};
    }

    // --- values

    struct local_moment {
        local_date date;
        std::chrono::seconds of_day;
    };

    /// "20260514", or "20260514T090000" with its date; "...Z" has the date of the options' zone.
    result<local_moment> moment(content_line const& line, std::string_view text) const {
        auto const wrong = [&] { return bad(line, line.name, text, "20260514"); };
        auto const digits = [&](std::size_t from, std::size_t count) {
            return text.substr(from, count).find_first_not_of("0123456789") == text.npos;
        };
        bool const timed = text.size() >= 15;
        bool const utc = text.size() == 16 && text[15] == 'Z';
        if ((text.size() != 8 && text.size() != 15 && !utc) || !digits(0, 8) ||
            (timed && (text[8] != 'T' || !digits(9, 6))))
            return wrong();
        auto const number = [&](std::size_t from, std::size_t count) { return *integer(text.substr(from, count)); };
        year_month_day const date{std::chrono::year{number(0, 4)},
                                  std::chrono::month{static_cast<unsigned>(number(4, 2))},
                                  std::chrono::day{static_cast<unsigned>(number(6, 2))}};
        if (!date.ok() || (timed && (number(9, 2) > 23 || number(11, 2) > 59 || number(13, 2) > 60)))
            return wrong();
        std::chrono::seconds const of_day{timed ? number(9, 2) * 3600 + number(11, 2) * 60 + number(13, 2) : 0};
        if (!utc)
            return local_moment{local_date{date}, of_day};
        auto const local = std::chrono::floor<std::chrono::seconds>(
            options_.zone.to_local(instant{std::chrono::sys_days{date} + of_day}));
        auto const day = std::chrono::floor<days>(local);
        return local_moment{day, local - day};
    }

    result<duration> length(content_line const& line) const {
        auto const found = parse_duration(line.value);
        if (!found || !line.value.starts_with('P') || found->count() <= 0 || *found > days{366 * 400})
            return bad(line, line.name, line.value, "P2D");
        return *found;
    }

    result<yearly_rule> rule(content_line const& line) const {
        yearly_rule out;
        out.line = line.number;
        bool yearly = false;
        auto const text = capitals(line.value);
        for (std::string_view rest = text; !rest.empty();) {
            auto value = take(rest, ';');
            auto const part = value;
            auto const name = take(value, '=');
            auto const numbers = [&](int low, int high, std::vector<int>& into, char const* example) -> result<void> {
                for (auto list = value; into.empty() || !list.empty();) {
                    auto const n = integer(take(list, ','));
                    if (!n || *n < low || *n > high || *n == 0 || into.size() == rule_list_max)
                        return bad(line, name, value, example);
                    into.push_back(*n);
                }
                return {};
            };
            if (name == "FREQ" && value == "YEARLY") {
                yearly = true;
            } else if (name == "INTERVAL" || name == "COUNT") {
                std::vector<int> one;
                GUICHET_TRY(numbers(1, 100'000, one, "2"));
                if (one.size() != 1)
                    return bad(line, name, value, "2");
                name == "COUNT" ? void(out.count = one[0]) : void(out.interval = one[0]);
            } else if (name == "UNTIL") {
                content_line const here{line.number, "UNTIL", {}, {}};
                GUICHET_LET(auto const until, moment(here, value));
                out.until = until.date;
            } else if (name == "BYMONTH") {
                GUICHET_TRY(numbers(1, 12, out.months, "1,12"));
            } else if (name == "BYMONTHDAY") {
                GUICHET_TRY(numbers(-31, 31, out.month_days, "1,-1"));
            } else if (name == "BYDAY") {
                GUICHET_TRY(weekdays(line, value, out.weekdays));
            } else if (name != "WKST") // where weeks begin: nothing to these rules
                return at(reason::icalendar_not_read, line.number, part);
        }
        if (!yearly)
            return bad(line, "RRULE", line.value, "FREQ=YEARLY");
        if (out.count && out.until)
            return bad(line, "RRULE", line.value, "FREQ=YEARLY;COUNT=3");
        if (!out.month_days.empty() &&
            std::any_of(out.weekdays.begin(), out.weekdays.end(), [](auto const& d) { return d.nth != 0; }))
            return at(reason::icalendar_not_read, line.number, "BYDAY + BYMONTHDAY");
        return out;
    }

    result<void> weekdays(content_line const& line, std::string_view value, std::vector<by_day>& out) const {
        static constexpr std::array<std::string_view, 7> names{"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
        for (auto list = value; out.empty() || !list.empty();) {
            auto const one = take(list, ',');
            auto const split = one.size() < 2 ? 0 : one.size() - 2;
            auto const day = std::find(names.begin(), names.end(), one.substr(split));
            auto const nth = split == 0 ? std::optional{0} : integer(one.substr(0, split));
            if (day == names.end() || !nth || (split != 0 && *nth == 0) || *nth < -53 || *nth > 53 ||
                out.size() == rule_list_max)
                return bad(line, "BYDAY", value, "MO,1TU,-1FR");
            out.push_back({std::chrono::weekday(static_cast<unsigned>(day - names.begin())), *nth});
        }
        return {};
    }

    // --- dates

    result<void> finish() {
        if (!event_.start)
            return wrong_place(event_.line, "VEVENT", "DTSTART");
        auto end = event_.end.value_or(*event_.start + days{1});
        if (length_)
            end = std::chrono::ceil<days>(*event_.start + start_time_ + *length_);
        auto const long_days = std::max(end - *event_.start, days{1});
        if (event_.end && *event_.end < *event_.start)
            return wrong_place(event_.line, "DTEND < DTSTART", "DTSTART < DTEND");
        auto starts = event_.rule ? occurrences() : std::vector{*event_.start};
        starts.insert(starts.end(), event_.added.begin(), event_.added.end());
        auto& removed = event_.removed;
        std::sort(removed.begin(), removed.end());
        touched_ += starts.size(); // what is counted is work, so that no small file costs much
        for (auto const start : starts) {
            if (event_.cancelled || std::binary_search(removed.begin(), removed.end(), start))
                continue;
            auto const past = std::min(start + long_days, local_date{window_end});
            for (auto date = std::max(start, local_date{window_first}); date < past; date += days{1}) {
                if (++touched_ > 2 * limits::calendar_dates_max)
                    break;
                found_.emplace(date, event_.summary);
            }
        }
        if (found_.size() > limits::calendar_dates_max || touched_ > 2 * limits::calendar_dates_max)
            return too_much(std::max(found_.size(), touched_ / 2), limits::calendar_dates_max);
        length_.reset();
        start_time_ = {};
        return {};
    }

    /// The dates on which a repeated event begins; its first one always counts (3.8.5.3).
    std::vector<local_date> occurrences() const {
        auto const& rule = *event_.rule;
        auto const first = *event_.start;
        std::vector<local_date> out{first};
        auto const begin = static_cast<int>(year_month_day{first}.year());
        auto const end = std::min(static_cast<int>(options_.last_year), 2299);
        for (int y = begin; y <= end; y += rule.interval) {
            auto in_year = dates_in(std::chrono::year{y});
            std::sort(in_year.begin(), in_year.end());
            in_year.erase(std::unique(in_year.begin(), in_year.end()), in_year.end());
            for (auto const date : in_year) {
                if (date <= first)
                    continue;
                if ((rule.until && date > *rule.until) ||
                    (rule.count && out.size() >= static_cast<std::size_t>(*rule.count)))
                    return out;
                out.push_back(date);
            }
        }
        return out;
    }

    /// The table of 3.3.10 for FREQ=YEARLY.
    std::vector<local_date> dates_in(std::chrono::year y) const {
        using namespace std::chrono;
        auto const& rule = *event_.rule;
        year_month_day const first{*event_.start};
        std::vector<local_date> out;
        std::vector<std::chrono::month> months;
        for (auto const m : rule.months)
            months.emplace_back(static_cast<unsigned>(m));
        if (rule.months.empty() && rule.month_days.empty() && rule.weekdays.empty())
            months.push_back(first.month());
        if (months.empty() && rule.month_days.empty()) {
            add_weekdays(local_date{y / January / 1}, local_date{y / December / 31}, out);
            return out;
        }
        if (months.empty())
            for (unsigned m = 1; m <= 12; ++m)
                months.emplace_back(m);
        for (auto const m : months) {
            auto const from = local_date{y / m / 1}, to = local_date{y / m / last};
            if (rule.month_days.empty() && !rule.weekdays.empty()) {
                add_weekdays(from, to, out);
                continue;
            }
            auto wanted = rule.month_days;
            if (wanted.empty())
                wanted.push_back(static_cast<int>(static_cast<unsigned>(first.day())));
            for (auto const n : wanted) {
                auto const date = n > 0 ? from + days{n - 1} : to + days{n + 1};
                bool const weekday_fits =
                    rule.weekdays.empty() || std::any_of(rule.weekdays.begin(), rule.weekdays.end(),
                                                         [&](auto const& d) { return d.day == weekday{date}; });
                if (from <= date && date <= to && weekday_fits)
                    out.push_back(date);
            }
        }
        return out;
    }

    /// The weekdays of BYDAY from `from` to `to`, both included; ordinals count within.
    void add_weekdays(local_date from, local_date to, std::vector<local_date>& out) const {
        using std::chrono::weekday;
        for (auto const& [day, nth] : event_.rule->weekdays) {
            auto const first = from + (day - weekday{from}), last = to - (weekday{to} - day);
            if (nth == 0)
                for (auto date = first; date <= last; date += days{7})
                    out.push_back(date);
            else if (auto const date = nth > 0 ? first + days{7 * (nth - 1)} : last + days{7 * (nth + 1)};
                     from <= date && date <= to)
                out.push_back(date);
        }
    }

    icalendar_options const& options_;
    std::string path_;
    bool began_ = false;
    std::vector<std::string> open_; ///< components, from the outermost
    event event_;
    std::chrono::seconds start_time_{};
    std::optional<duration> length_;
    std::size_t touched_ = 0;
    std::set<std::pair<year_month_day, std::string>> found_;
};

} // namespace detail::icalendar

GUICHET_DECL result<std::vector<holiday>> parse_icalendar(std::string_view text, icalendar_options const& options,
                                                          std::string_view path) {
    return detail::icalendar::reader{options, path}.read(text);
}

} // namespace guichet::inline v0::time
