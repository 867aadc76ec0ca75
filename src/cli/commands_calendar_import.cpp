// calendar import.

#include "calendars.hpp"
#include "commands.hpp"
#include "table.hpp"
#include "vocabulary.hpp"

#include <guichet/json/path.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/time/icalendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace guichet::cli {
namespace {

struct calendar_import_options {
    std::string file, into, calendar_file;
    int from = 0, to = 0;
    bool dry_run = false;
};

/// The calendar that is to get the holidays: what it says itself, and with all that it takes over.
struct target {
    std::string name, text;
    time::calendar_definition definition;
};

/// One date of the file, and what becomes of it.
struct imported {
    enum class fate : std::uint8_t { added, added_closed, known };
    time::local_date date;
    std::string name;
    fate what;
};
struct import_plan {
    std::chrono::year from, to;
    std::vector<imported> dates;
    std::size_t added = 0, left_out = 0;
};

result<target> find_target(context& c, calendar_import_options const& given) {
    GUICHET_LET(auto known, known_calendars(c));
    target out;
    out.name = given.into;
    if (!given.calendar_file.empty()) {
        out.name = std::filesystem::path{given.calendar_file}.stem().string();
        GUICHET_LET(known[out.name], read_all(given.calendar_file));
    } else if (given.into.empty())
        return error{reason::missing_field, {{"path", "--into"}}};
    else
        GUICHET_TRY(c.open_desk());
    auto const found = known.find(out.name);
    if (found == known.end()) {
        std::string names;
        for (auto const& [id, text] : known)
            names.append(names.empty() ? "" : ", ").append(id);
        return error{reason::unknown_value, {{"path", "--into"}, {"value", out.name}, {"known", names}}};
    }
    out.text = found->second;
    GUICHET_LET(auto lineage, resolve_calendar(out.name, known));
    out.definition = std::move(lineage.back().definition);
    return out;
}

result<import_plan> make_plan(context& c, calendar_import_options const& given, target const& into) {
    GUICHET_LET(auto const compiled, time::calendar::compile(into.definition, "calendar." + into.name));
    import_plan out{given.from ? std::chrono::year{given.from} : year_of(c.env().now(), compiled.zone()), {}, {}};
    out.to = given.to ? std::chrono::year{given.to} : out.from + std::chrono::years{4};
    for (auto const& [path, year] : {std::pair{"--from", out.from}, std::pair{"--to", out.to}})
        if (year < std::chrono::year{1900} || year > std::chrono::year{2299})
            return error{reason::bad_calendar_date, {{"path", path}}};
    if (out.to < out.from)
        return error{reason::bad_value,
                     {{"path", "--to"},
                      {"value", std::to_string(static_cast<int>(out.to))},
                      {"hint", fmt::format("--from {} --to {}", int{out.to}, int{out.from})}}};
    GUICHET_LET(auto const text, read_all(given.file));
    GUICHET_LET(auto const found, time::parse_icalendar(text, {out.to, compiled.zone()}, given.file));
    auto known = holidays_between(into.definition, time::local_date{out.from / 1 / 1},
                                  time::local_date{out.to / 12 / 31}, c.say().lang);
    for (auto const& day : found) {
        if (*day.year < out.from || *day.year > out.to) {
            ++out.left_out;
            continue;
        }
        time::local_date const date{*day.year / day.day};
        bool const is_new = known.try_emplace(date, day.name).second;
        out.added += is_new;
        out.dates.push_back({date, day.name,
                             !is_new                               ? imported::fate::known
                             : openings_on(compiled, date).empty() ? imported::fate::added_closed
                                                                   : imported::fate::added});
    }
    return out;
}

/// The document with the new holidays behind its own.
result<boost::json::object> merged(target const& into, import_plan const& plan) {
    GUICHET_LET(auto const read, json::parse(into.text));
    auto out = read.as_object();
    auto& list = out["holidays"];
    if (list.is_null())
        list.emplace_array();
    for (auto const& day : plan.dates) {
        if (day.what == imported::fate::known)
            continue;
        if (day.name.empty())
            list.as_array().emplace_back(date_text(day.date));
        else
            list.as_array().push_back(boost::json::object{{"date", date_text(day.date)}, {"name", day.name}});
    }
    return out;
}

/// A line for each field, and for each entry of one that is long: such a file is read and compared by people.
std::string laid_out(boost::json::object const& calendar) {
    auto const text_of = [](boost::json::value const& v) { return boost::json::serialize(v); };
    std::string out = "{";
    for (auto const& [key, value] : calendar) {
        out.append(out.size() == 1 ? "\n  " : ",\n  ").append(text_of(boost::json::string{key})).append(": ");
        auto const compact = text_of(value);
        if (compact.size() < 100 || value.is_primitive()) {
            out += compact;
            continue;
        }
        bool const is_list = value.is_array();
        std::string inside;
        auto const entry = [&](std::string const& text) {
            inside.append(inside.empty() ? "\n    " : ",\n    ").append(text);
        };
        if (is_list)
            for (auto const& v : value.get_array())
                entry(text_of(v));
        else
            for (auto const& [name, v] : value.get_object())
                entry(text_of(boost::json::string{name}) + ": " + text_of(v));
        out.append(is_list ? "[" : "{").append(inside).append(is_list ? "\n  ]" : "\n  }");
    }
    return out + "\n}";
}

// --- printing

std::string print_plan(console const& out, target const& into, import_plan const& plan) {
    auto const& say = out.say;
    auto text = say(msg::import_heading, out.paint(style::bold, harmless(into.name)), into.definition.tz,
                    int{plan.from}, int{plan.to}) +
                "\n";
    table rows{{{say(msg::calendar_date)},
                {say(msg::calendar_day)},
                {say(msg::calendar_name), false, true},
                {say(msg::calendar_what)}}};
    for (auto const& day : plan.dates) {
        bool const known = day.what == imported::fate::known;
        rows.add({{date_text(day.date)},
                  {weekday_text(say, day.date)},
                  {harmless(day.name)},
                  {say(known                                      ? msg::import_known
                       : day.what == imported::fate::added_closed ? msg::import_added_closed
                                                                  : msg::import_added),
                   known ? style::dim : style::green}});
    }
    if (!plan.dates.empty())
        text += rows.print(out, 2);
    if (plan.left_out)
        text += say(msg::import_left_out, plan.left_out) + "\n";
    return text;
}

std::string print_impact(console const& out, vocabulary const& words, change_preview const& p) {
    constexpr std::size_t shown = 10;
    auto const& say = out.say;
    auto text =
        say(msg::import_impact, out.number(p.open_tickets), out.number(p.affected), out.number(p.deadlines_moved)) +
        "\n" +
        say(msg::import_verdicts, out.number(p.become_late), out.number(p.become_safe), out.number(p.would_fire)) +
        "\n";
    table rows{
        {{say(msg::number)}, {say(msg::clocks)}, {say(msg::import_deadline_from)}, {say(msg::import_deadline_to)}}};
    auto const date = [&](std::optional<instant> at) { return at ? out.date(*at) : std::string{"-"}; };
    for (std::size_t i = 0; i < std::min(shown, p.moved.size()); ++i)
        rows.add(
            {{p.moved[i].number}, {words.metric(p.moved[i].metric)}, {date(p.moved[i].from)}, {date(p.moved[i].to)}});
    if (!rows.empty())
        text += rows.print(out, 2);
    if (p.deadlines_moved > shown)
        text += "  " + out.paint(style::dim, say(msg::calendar_coming_more, p.deadlines_moved - shown)) + "\n";
    return text;
}

void encode(json::writer& w, change_preview const& p) {
    auto const moment = [&](std::string_view key, std::optional<instant> at) {
        w.key(key);
        at ? w.text(time::to_text(*at)) : w.null();
    };
    w.begin_object();
    for (auto const& [key, value] :
         {std::pair{"open_tickets", p.open_tickets}, std::pair{"affected", p.affected},
          std::pair{"deadlines_moved", p.deadlines_moved}, std::pair{"become_late", p.become_late},
          std::pair{"become_safe", p.become_safe}, std::pair{"would_fire", p.would_fire}}) {
        w.key(key);
        w.number(value);
    }
    w.key("moved");
    w.begin_array();
    for (auto const& m : p.moved) {
        w.begin_object();
        w.key("ticket");
        w.text(m.number);
        w.key("metric");
        w.text(m.metric);
        moment("from", m.from);
        moment("to", m.to);
        w.end_object();
    }
    w.end_array();
    w.end_object();
}

std::string encode(target const& into, import_plan const& plan, change_preview const* impact,
                   std::optional<std::uint32_t> version) {
    std::string out;
    json::writer w{out};
    auto const number = [&](std::string_view key, std::uint64_t value) {
        w.key(key);
        w.number(value);
    };
    w.begin_object();
    w.key("calendar");
    w.text(into.name);
    number("from", static_cast<std::uint64_t>(static_cast<int>(plan.from)));
    number("to", static_cast<std::uint64_t>(static_cast<int>(plan.to)));
    w.key("holidays");
    w.begin_array();
    for (auto const& day : plan.dates) {
        w.begin_object();
        w.key("date");
        w.text(date_text(day.date));
        w.key("name");
        w.text(day.name);
        w.key("added");
        w.boolean(day.what != imported::fate::known);
        w.end_object();
    }
    w.end_array();
    number("added", plan.added);
    number("left_out", plan.left_out);
    w.key("impact");
    impact ? encode(w, *impact) : w.null();
    w.key("version");
    version ? w.number(std::uint64_t{*version}) : w.null();
    w.end_object();
    return out;
}

// --- the command

/// The merged document on standard output, what became of it on standard error.
result<int> import_into_file(context& c, target const& into, import_plan const& plan) {
    GUICHET_LET(auto const document, merged(into, plan));
    fmt::print(stderr, "{}", print_plan(c.out(), into, plan));
    print_line(laid_out(document));
    return 0;
}

result<int> import_into_desk(context& c, calendar_import_options const& given, target const& into,
                             import_plan const& plan) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(d->config()->roles->require(c.who(), access::configure));
    std::optional<change_preview> impact;
    std::optional<std::uint32_t> version;
    if (plan.added) {
        GUICHET_LET(auto const body, merged(into, plan));
        document const changed{"calendar", into.name, 0, boost::json::serialize(body), {}, {}};
        GUICHET_LET(impact, d->preview(std::span{&changed, 1}, c.who()));
        if (!given.dry_run) {
            GUICHET_LET(version, d->configure(changed, c.who()));
        }
    }
    if (c.opt().json) {
        print_line(encode(into, plan, impact ? &*impact : nullptr, version));
        return 0;
    }
    print(print_plan(c.out(), into, plan));
    if (impact) {
        auto const config = d->config();
        print(print_impact(c.out(), {config->rules->document(), c.say()}, *impact));
    }
    print_line(version  ? c.say()(msg::import_done, harmless(into.name), *version, plan.added)
               : impact ? c.say()(msg::import_dry)
                        : c.say()(msg::import_nothing));
    return 0;
}

result<int> run_calendar_import(context& c, calendar_import_options const& given) {
    GUICHET_LET(auto const into, find_target(c, given));
    GUICHET_LET(auto const plan, make_plan(c, given, into));
    return given.calendar_file.empty() ? import_into_desk(c, given, into, plan) : import_into_file(c, into, plan);
}

} // namespace

void add_calendar_import(builder& to, CLI::App& under) {
    auto const given = std::make_shared<calendar_import_options>();
    auto* import = to.add(under, msg::group_calendars, "import", msg::help_calendar_import,
                          [given](context& c) { return run_calendar_import(c, *given); });
    import->add_option("FILE", given->file, to.say(msg::help_ics))->required();
    auto* into = to.option(import, "--into", given->into, msg::help_into)->type_name("CALENDAR");
    to.option(import, "--file", given->calendar_file, msg::help_calendar_file)->type_name("FILE")->excludes(into);
    to.option(import, "--from", given->from, msg::help_from_year)->type_name("YEAR");
    to.option(import, "--to", given->to, msg::help_to_year)->type_name("YEAR");
    to.flag(import, "--dry-run", given->dry_run, msg::help_dry_run);
}

} // namespace guichet::cli
