// calendar show, holidays, check.

#include "calendars.hpp"
#include "commands.hpp"
#include "table.hpp"

#include <guichet/json/writer.hpp>
#include <guichet/time/calendar_lint.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

namespace guichet::cli {

void add_calendar_import(builder& to, CLI::App& under);

namespace {

using std::chrono::days;

// --- show

struct calendar_show_options {
    std::string name, week;
};

/// A date that is not like its weekday, or one of a week.
struct told_date {
    time::local_date date;
    std::vector<time::opening> openings;
    bool exceptional = false;           ///< its hours are its own
    std::optional<std::string> holiday; ///< its name, perhaps empty
};

/// A calendar of the desk with what it takes to tell of it.
struct shown_calendar {
    std::string name, extends;
    std::uint32_t version = 0; ///< 0: built in
    time::calendar const* compiled = nullptr;
    time::local_date today;

    time::calendar_definition const& definition() const { return compiled->definition(); }
    told_date tell(time::local_date date, std::map<time::local_date, std::string> const& holidays) const {
        told_date out{date, openings_on(*compiled, date), false, {}};
        std::chrono::year_month_day const day{date};
        out.exceptional = definition().shifts.contains(day) || definition().breaks.contains(day);
        if (auto const found = holidays.find(date); found != holidays.end())
            out.holiday = found->second;
        return out;
    }
    /// Of the next twelve months.
    std::vector<told_date> coming(language lang) const {
        auto const last = today + days{365};
        auto const holidays = holidays_between(definition(), today, last, lang);
        std::set<time::local_date> dates;
        for (auto const& [date, name] : holidays)
            dates.insert(date);
        for (auto const* dated : {&definition().shifts, &definition().breaks})
            for (auto const& [date, openings] : *dated)
                if (time::local_date{date} >= today && time::local_date{date} <= last)
                    dates.insert(time::local_date{date});
        std::vector<told_date> out;
        for (auto const date : dates)
            out.push_back(tell(date, holidays));
        return out;
    }
    std::vector<told_date> week_of(time::local_date date, language lang) const {
        auto const monday = date - (std::chrono::weekday{date} - std::chrono::Monday);
        auto const holidays = holidays_between(definition(), monday, monday + days{6}, lang);
        std::vector<told_date> out;
        for (int i = 0; i < 7; ++i)
            out.push_back(tell(monday + days{i}, holidays));
        return out;
    }
};

result<shown_calendar> find_calendar(context& c, configuration const& config, std::string const& name) {
    shown_calendar out;
    out.name = name;
    out.compiled = config.policies->find_calendar(name);
    GUICHET_LET(auto const known, known_calendars(c));
    if (!out.compiled) {
        std::string names;
        for (auto const& [id, text] : known)
            names.append(names.empty() ? "" : ", ").append(id);
        return error{reason::unknown_value, {{"path", "NAME"}, {"value", name}, {"known", names}}};
    }
    GUICHET_LET(auto const lineage, resolve_calendar(name, known));
    if (lineage.size() > 1)
        out.extends = lineage[lineage.size() - 2].id;
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const versions, d->store().document_versions("calendar", name));
    out.version = versions.empty() ? 0 : versions.back().version;
    out.today = std::chrono::floor<days>(out.compiled->zone().to_local(c.env().now()));
    return out;
}

void encode(json::writer& w, std::vector<told_date> const& dates) {
    w.begin_array();
    for (auto const& t : dates) {
        w.begin_object();
        w.key("date");
        w.text(date_text(t.date));
        w.key("openings");
        w.begin_array();
        for (auto const& open : t.openings)
            w.text(hours_text(std::span{&open, 1}));
        w.end_array();
        w.key("exceptional");
        w.boolean(t.exceptional);
        w.key("holiday");
        t.holiday ? w.text(*t.holiday) : w.null();
        w.end_object();
    }
    w.end_array();
}

std::string encode(shown_calendar const& s, std::vector<told_date> const& coming, std::vector<told_date> const& week,
                   instant now) {
    std::string out;
    json::writer w{out};
    auto const moment = [&](std::string_view key, std::optional<instant> at) {
        w.key(key);
        at ? w.text(time::to_text(*at)) : w.null();
    };
    w.begin_object();
    w.key("calendar");
    w.text(s.name);
    w.key("version");
    w.number(std::uint64_t{s.version});
    w.key("extends");
    s.extends.empty() ? w.null() : w.text(s.extends);
    w.key("open");
    w.boolean(s.compiled->is_open(now));
    moment("next_open", s.compiled->next_open(now));
    moment("next_close", s.compiled->next_close(now));
    w.key("definition");
    w.raw(guichet::encode(s.definition()));
    w.key("coming");
    encode(w, coming);
    if (!week.empty()) {
        w.key("week");
        encode(w, week);
    }
    w.end_object();
    return out;
}

std::string what_of(speaker say, told_date const& t) {
    if (t.holiday)
        return say(msg::proof_holiday) + (t.holiday->empty() ? "" : " (" + harmless(*t.holiday) + ")");
    if (t.exceptional)
        return t.openings.empty() ? say(msg::calendar_closed_specially)
                                  : say(msg::calendar_special_hours, hours_text(t.openings));
    return t.openings.empty() ? say(msg::calendar_closed) : hours_text(t.openings);
}

style look_of(told_date const& t) noexcept {
    return t.holiday ? style::magenta : t.exceptional ? style::yellow : t.openings.empty() ? style::dim : style::plain;
}

std::string print_dates(console const& out, std::vector<told_date> const& dates, std::size_t shown) {
    table rows{{{out.say(msg::calendar_date)}, {out.say(msg::calendar_day)}, {out.say(msg::calendar_what)}}};
    for (std::size_t i = 0; i < std::min(shown, dates.size()); ++i)
        rows.add({{date_text(dates[i].date)},
                  {weekday_text(out.say, dates[i].date)},
                  {what_of(out.say, dates[i]), look_of(dates[i])}});
    auto text = rows.print(out, 2);
    if (dates.size() > shown)
        text += "  " + out.paint(style::dim, out.say(msg::calendar_coming_more, dates.size() - shown)) + "\n";
    return text;
}

std::string print_hours(console const& out, std::array<std::vector<time::opening>, 7> const& week, bool closed_too) {
    std::string text;
    time::local_date const monday{days{4}}; // 5 January 1970
    for (int i = 0; i < 7; ++i)
        if (auto const& hours = week[static_cast<std::size_t>(i)]; closed_too || !hours.empty())
            text +=
                fmt::format("  {}  {}\n", padded(weekday_text(out.say, monday + days{i}), 4),
                            hours.empty() ? out.paint(style::dim, out.say(msg::calendar_closed)) : hours_text(hours));
    return text;
}

std::string print_calendar(console const& plain, shown_calendar const& s, std::vector<told_date> const& coming,
                           std::vector<told_date> const& week, instant now) {
    constexpr std::size_t shown = 12;
    auto out = plain;
    out.zone = s.compiled->zone();
    auto const& say = out.say;
    auto const& d = s.definition();
    std::string regions;
    for (auto const& code : d.public_holidays)
        regions.append(regions.empty() ? "" : ", ").append(code);
    auto text = out.paint(style::bold, harmless(s.name)) + " · " +
                (s.version ? say(msg::version_at, s.version) : say(msg::calendar_built_in)) + " · " + d.tz;
    if (!s.extends.empty())
        text += " · " + say(msg::calendar_extends, harmless(s.extends));
    if (!regions.empty())
        text += " · " + say(msg::calendar_public, regions);
    auto const next = s.compiled->next_open(now), closes = s.compiled->next_close(now);
    bool const closes_soon = closes && *closes < now + days{366};
    text += "\n" + (!next                       ? say(msg::calendar_open_never)
                    : !s.compiled->is_open(now) ? say(msg::calendar_open_next, out.date(*next))
                    : closes_soon               ? say(msg::calendar_open_now, out.date(*closes))
                                                : say(msg::calendar_open_long));
    text += "\n\n" + out.paint(style::bold, say(msg::calendar_hours)) + "\n";
    text += d.always_open ? "  " + say(msg::calendar_always) + "\n" : print_hours(out, d.weekly, true);
    if (auto const on_call = print_hours(out, d.on_call, false); !on_call.empty())
        text += "\n" + out.paint(style::bold, say(msg::calendar_on_call)) + "\n" + on_call;
    if (!week.empty())
        text += "\n" + out.paint(style::bold, say(msg::calendar_week_of, date_text(week[0].date))) + "\n" +
                print_dates(out, week, 7);
    text += "\n" + out.paint(style::bold, say(msg::calendar_coming)) + "\n";
    return text + (coming.empty() ? "  " + say(msg::calendar_none_coming) + "\n" : print_dates(out, coming, shown));
}

result<int> run_calendar_show(context& c, calendar_show_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    auto const config = d->config();
    GUICHET_LET(auto const s, find_calendar(c, *config, given.name));
    std::vector<told_date> week;
    if (!given.week.empty()) {
        auto const date = time::read_date(given.week);
        if (!date || *date < std::chrono::year{1900} / 1 / 1 || *date > std::chrono::year{2299} / 12 / 31)
            return error{reason::bad_calendar_date, {{"path", "--week"}}};
        week = s.week_of(time::local_date{*date}, c.say().lang);
    }
    auto const now = c.env().now();
    auto const coming = s.coming(c.say().lang);
    if (c.opt().json)
        print_line(encode(s, coming, week, now));
    else
        print(print_calendar(c.out(), s, coming, week, now));
    return 0;
}

// --- holidays

struct holidays_options {
    std::string region;
    int year = 0;
};

result<int> run_holidays(context& c, holidays_options const& given) {
    auto region = given.region;
    for (auto& letter : region)
        letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    auto const year = given.year ? std::chrono::year{given.year} : year_of(c.env().now(), c.out().zone);
    if (year < std::chrono::year{1900} || year > std::chrono::year{2299})
        return error{reason::bad_calendar_date, {{"path", "YEAR"}}};
    GUICHET_LET(auto const here, time::public_holidays(region, year, year, c.say().lang, "REGION"));
    GUICHET_LET(auto const there, time::public_holidays(region, year, year, std::nullopt, "REGION"));
    std::string out;
    json::writer w{out};
    table rows{{{c.say()(msg::calendar_date)},
                {c.say()(msg::calendar_day)},
                {c.say()(msg::calendar_name)},
                {c.say()(msg::calendar_local_name)}}};
    w.begin_array();
    for (std::size_t i = 0; i < here.size(); ++i) {
        time::local_date const date{year / here[i].day};
        rows.add({{date_text(date)},
                  {weekday_text(c.say(), date)},
                  {here[i].name},
                  {there[i].name == here[i].name ? "" : there[i].name, style::dim}});
        w.begin_object();
        for (auto const& [key, value] : {std::pair{"date", date_text(date)}, std::pair{"name", here[i].name},
                                         std::pair{"local_name", there[i].name}}) {
            w.key(key);
            w.text(value);
        }
        w.end_object();
    }
    w.end_array();
    print(c.opt().json ? out + "\n" : rows.print(c.out()));
    return 0;
}

// --- check

/// Something found in a calendar. Errors are what keeps it from being used, and hours that contradict each other.
struct finding {
    bool is_error;
    error what;
};
struct checked_calendar {
    std::string name, file;
    std::vector<finding> findings;
};

bool does_no_harm(reason why) noexcept {
    return why == reason::holiday_without_effect || why == reason::holiday_twice || why == reason::shift_on_holiday;
}

/// Whether a document names a date, a region or both ends of an opening ("09:00-12:30") itself.
bool states(std::string_view document, std::string_view value) {
    auto const dash = value.find('-');
    if (value.find(':') < dash)
        return states(document, value.substr(0, dash)) && states(document, value.substr(dash + 1));
    return document.find('"' + std::string{value} + '"') != std::string_view::npos;
}

/// What is wrong with one of `all`; what it takes over is looked at where it is written.
std::vector<finding> check(std::string const& name, calendar_texts const& all) {
    auto const lineage = resolve_calendar(name, all);
    if (!lineage)
        return {{true, lineage.error()}};
    auto const lints_of = [](resolved_calendar const& c) {
        auto found = time::check_calendar(c.definition, "calendar." + c.id);
        // Of one that never opens, no holiday closes anything.
        if (std::any_of(found.begin(), found.end(),
                        [](auto const& f) { return f.what.why() == reason::calendar_never_open; }))
            std::erase_if(found, [](auto const& f) { return f.what.why() == reason::holiday_without_effect; });
        return found;
    };
    auto found = lints_of(lineage->back());
    if (lineage->size() > 1) {
        auto const& own = all.find(name)->second;
        std::erase_if(found, [&](auto const& f) {
            return f.what.why() != reason::calendar_never_open && !states(own, f.what["value"]);
        });
    }
    // One that only others are made from has no need of hours.
    bool const is_extended = std::any_of(all.begin(), all.end(), [&](auto const& other) {
        auto const line = other.first == name ? result<std::vector<resolved_calendar>>{std::vector<resolved_calendar>{}}
                                              : resolve_calendar(other.first, all);
        return line && std::any_of(line->begin(), line->end(), [&](auto const& c) { return c.id == name; });
    });
    std::vector<finding> out;
    for (auto& f : found)
        out.push_back({!does_no_harm(f.what.why()) && !(f.what.why() == reason::calendar_never_open && is_extended),
                       std::move(f.what)});
    return out;
}

result<std::vector<checked_calendar>> check_all(context& c, std::vector<std::string> const& files) {
    GUICHET_LET(auto const stored, known_calendars(c));
    std::vector<checked_calendar> out;
    if (files.empty()) {
        GUICHET_TRY(c.open_desk());
        for (auto const& [name, text] : stored)
            out.push_back({name, "", check(name, stored)});
        return out;
    }
    // What a file extends may be another file, or a calendar of the desk.
    auto known = stored;
    std::vector<result<std::string>> texts;
    for (auto const& file : files) {
        texts.push_back(read_all(file));
        if (texts.back())
            known[std::filesystem::path{file}.stem().string()] = *texts.back();
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto const name = std::filesystem::path{files[i]}.stem().string();
        if (!texts[i]) {
            out.push_back({name, files[i], {{true, texts[i].error()}}});
            continue;
        }
        auto all = known;
        all[name] = *texts[i]; // two files may have one name
        out.push_back({name, files[i], check(name, all)});
    }
    return out;
}

std::string encode(std::vector<checked_calendar> const& all, std::size_t errors, std::size_t warnings, language lang) {
    std::string out;
    json::writer w{out};
    auto const text = [&](std::string_view key, std::string_view value) {
        w.key(key);
        w.text(value);
    };
    w.begin_object();
    w.key("calendars");
    w.begin_array();
    for (auto const& one : all) {
        w.begin_object();
        text("calendar", one.name);
        if (!one.file.empty())
            text("file", one.file);
        w.key("findings");
        w.begin_array();
        for (auto const& f : one.findings) {
            w.begin_object();
            text("severity", f.is_error ? "error" : "warning");
            text("reason", info(f.what.why()).name);
            text("path", f.what["path"]);
            text("message", f.what.describe(lang));
            w.end_object();
        }
        w.end_array();
        w.end_object();
    }
    w.end_array();
    w.key("errors");
    w.number(std::uint64_t{errors});
    w.key("warnings");
    w.number(std::uint64_t{warnings});
    w.end_object();
    return out;
}

result<int> run_calendar_check(context& c, std::vector<std::string> const& files) {
    GUICHET_LET(auto const all, check_all(c, files));
    std::size_t errors = 0, warnings = 0;
    for (auto const& one : all)
        for (auto const& f : one.findings)
            ++(f.is_error ? errors : warnings);
    if (c.opt().json) {
        print_line(encode(all, errors, warnings, c.say().lang));
        return errors ? 1 : 0;
    }
    auto const& out = c.out();
    for (auto const& one : all) {
        print_line(out.paint(style::bold, harmless(one.file.empty() ? one.name : one.file)) +
                   (one.findings.empty() ? "  " + out.paint(style::green, c.say()(msg::check_sound)) : ""));
        for (auto const& f : one.findings)
            print_line(fmt::format("  {}  {}",
                                   out.paint(f.is_error ? style::red : style::yellow,
                                             c.say()(f.is_error ? msg::check_error : msg::check_warning)),
                                   harmless(f.what.describe(c.say().lang))));
    }
    print_line(c.say()(msg::check_counts, all.size(), errors, warnings) +
               (warnings && !errors ? " " + c.say()(msg::check_only_warnings) : ""));
    return errors ? 1 : 0;
}

} // namespace

void add_calendar_commands(builder& to) {
    auto* family = to.add_family(msg::group_care, "calendar", msg::help_calendar);

    auto const wanted = std::make_shared<calendar_show_options>();
    auto* show = to.add(*family, msg::group_calendars, "show", msg::help_calendar_show,
                        [wanted](context& c) { return run_calendar_show(c, *wanted); });
    show->add_option("NAME", wanted->name, to.say(msg::help_calendar_name))->required();
    to.option(show, "--week", wanted->week, msg::help_week)->type_name("DATE");

    auto const of = std::make_shared<holidays_options>();
    auto* holidays = to.add(*family, msg::group_calendars, "holidays", msg::help_calendar_holidays,
                            [of](context& c) { return run_holidays(c, *of); });
    holidays->add_option("REGION", of->region, to.say(msg::help_region))->required();
    holidays->add_option("YEAR", of->year, to.say(msg::help_year));

    auto const files = std::make_shared<std::vector<std::string>>();
    auto* check = to.add(*family, msg::group_calendars, "check", msg::help_calendar_check,
                         [files](context& c) { return run_calendar_check(c, *files); });
    check->add_option("FILE", *files, to.say(msg::help_calendar_files));

    add_calendar_import(to, *family);
}

} // namespace guichet::cli
