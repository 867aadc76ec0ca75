#pragma once
#include <guichet/time/zone.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <vector>

namespace guichet::inline v0::time {
namespace detail {

using std::chrono::seconds;

inline constexpr std::int64_t far_past = std::numeric_limits<std::int64_t>::min() / 4;
inline constexpr std::int64_t far_future = std::numeric_limits<std::int64_t>::max() / 4;
inline constexpr int zone_rules_end_year = 2300;

/// A stretch of time with one offset; ends where the next begins. Seconds since 1970, UTC.
struct zone_span {
    std::int64_t begin;
    std::int32_t offset;
    std::uint32_t abbreviation; ///< where its text starts in `zone_table::names`
};

/// The spans of a zone, with what makes both directions a binary search even where the clock goes back: the highest
/// reading up to the end of each span, and the lowest one from its beginning on.
struct zone_table {
    std::string name;
    std::string names; ///< abbreviations, each ended by a zero
    std::vector<zone_span> spans;
    std::vector<std::int64_t> highest_reading, lowest_reading;

    std::int64_t end_of(std::size_t i) const noexcept { return i + 1 < spans.size() ? spans[i + 1].begin : far_future; }

    std::size_t at(std::int64_t sys) const noexcept {
        auto const after = std::upper_bound(spans.begin(), spans.end(), sys,
                                            [](std::int64_t t, zone_span const& s) { return t < s.begin; });
        return after == spans.begin() ? 0 : static_cast<std::size_t>(after - spans.begin()) - 1;
    }

    void index() {
        highest_reading.resize(spans.size());
        lowest_reading.resize(spans.size());
        auto highest = std::numeric_limits<std::int64_t>::min(), lowest = std::numeric_limits<std::int64_t>::max();
        for (std::size_t i = 0; i < spans.size(); ++i)
            highest_reading[i] = highest = std::max(highest, end_of(i) + spans[i].offset);
        for (std::size_t i = spans.size(); i-- > 0;)
            lowest_reading[i] = lowest = std::min(lowest, spans[i].begin + spans[i].offset);
    }

    std::uint32_t intern(std::string_view abbreviation) {
        auto const where = static_cast<std::uint32_t>(names.size());
        names.append(abbreviation).push_back('\0');
        return where;
    }
};

inline std::shared_ptr<zone_table const> fixed_zone(std::string name, std::string_view abbreviation) {
    auto table = std::make_shared<zone_table>();
    table->name = std::move(name);
    table->spans = {{far_past, 0, table->intern(abbreviation)}};
    table->index();
    return table;
}

// --- the rule that goes on for ever: the POSIX TZ string at the end of a zone file, as RFC 9636 extends it

/// Reads from the front of a text; any failure is remembered and makes the rest meaningless.
struct rule_reader {
    std::string_view rest;
    bool ok = true;

    bool skip(char c) noexcept {
        bool const here = !rest.empty() && rest.front() == c;
        if (here)
            rest.remove_prefix(1);
        return here;
    }
    int number() noexcept {
        int out = 0, digits = 0;
        for (; !rest.empty() && rest.front() >= '0' && rest.front() <= '9' && digits < 4; ++digits) {
            out = out * 10 + (rest.front() - '0');
            rest.remove_prefix(1);
        }
        ok = ok && digits > 0;
        return out;
    }
    /// [+-]hh[:mm[:ss]]
    std::int32_t clock() noexcept {
        bool const negative = skip('-');
        if (!negative)
            skip('+');
        std::int32_t out = number() * 3600;
        if (skip(':'))
            out += number() * 60;
        if (skip(':'))
            out += number();
        return negative ? -out : out;
    }
    std::string_view abbreviation() noexcept {
        bool const quoted = skip('<');
        auto const end = std::find_if(rest.begin(), rest.end(), [&](char c) {
            return quoted ? c == '>' : !((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
        });
        auto const out = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
        rest.remove_prefix(out.size());
        ok = ok && !out.empty() && (!quoted || skip('>'));
        return out;
    }
};

/// One of the two days of the year on which the clock changes.
struct rule_day {
    enum class form : std::uint8_t { month_week_day, day_of_year, day_without_leap } form{};
    int month = 0, week = 0, day = 0;
    std::int32_t clock = 2 * 3600;

    /// When the clock reads `clock` on that day of `year`, as seconds of local time.
    std::int64_t in(int year) const noexcept {
        using namespace std::chrono;
        auto const y = std::chrono::year{year};
        auto date = local_date{y / January / 1};
        if (form == form::day_of_year)
            date += days{day};
        else if (form == form::day_without_leap)
            date += days{day - 1 + (y.is_leap() && day >= 60 ? 1 : 0)};
        else if (week == 5)
            date = local_date{y / std::chrono::month(static_cast<unsigned>(month)) /
                              weekday(static_cast<unsigned>(day))[last]};
        else
            date = local_date{y / std::chrono::month(static_cast<unsigned>(month)) /
                              weekday(static_cast<unsigned>(day))[static_cast<unsigned>(week)]};
        return seconds{date.time_since_epoch()}.count() + clock;
    }
};

inline rule_day read_rule_day(rule_reader& in) noexcept {
    rule_day out;
    if (in.skip('M')) {
        out.month = in.number();
        in.ok = in.ok && in.skip('.');
        out.week = in.number();
        in.ok = in.ok && in.skip('.');
        out.day = in.number();
        in.ok = in.ok && out.month >= 1 && out.month <= 12 && out.week >= 1 && out.week <= 5 && out.day <= 6;
    } else {
        out.form = in.skip('J') ? rule_day::form::day_without_leap : rule_day::form::day_of_year;
        out.day = in.number();
        in.ok = in.ok && out.day <= 365;
    }
    if (in.skip('/'))
        out.clock = in.clock();
    return out;
}

/// Follows the rule from the last listed change to the end of the supported years. Many builds of other libraries do
/// not, and lose summer time after 2037, where the files' lists end.
inline bool extend_by_rule(zone_table& table, std::string_view text) {
    rule_reader in{text};
    auto const winter_name = in.abbreviation();
    auto const winter_offset = -in.clock();
    if (!in.ok || in.rest.empty())
        return in.ok;
    auto const summer_name = in.abbreviation();
    auto const summer_offset = in.rest.empty() || in.rest.front() == ',' ? winter_offset + 3600 : -in.clock();
    in.ok = in.ok && in.skip(',');
    auto const to_summer = read_rule_day(in);
    in.ok = in.ok && in.skip(',');
    auto const to_winter = read_rule_day(in);
    if (!in.ok || !in.rest.empty())
        return false;
    auto const summer = table.intern(summer_name), winter = table.intern(winter_name);
    using namespace std::chrono;
    auto const last = table.spans.back().begin;
    auto const first_year =
        last == far_past ? 1900 : static_cast<int>(year_month_day{floor<days>(sys_seconds{seconds{last}})}.year());
    for (int year = first_year; year <= zone_rules_end_year; ++year) {
        std::array changes{zone_span{to_summer.in(year)-winter_offset, summer_offset, summer},
                           zone_span{to_winter.in(year)-summer_offset, winter_offset, winter}};
        if (changes[1].begin < changes[0].begin)
            std::swap(changes[0], changes[1]);
        for (auto const& change : changes)
            if (change.begin > table.spans.back().begin)
                table.spans.push_back(change);
    }
    return true;
}

// --- the file (RFC 9636, "TZif")

inline std::int64_t big_endian(std::string_view bytes) noexcept {
    std::uint64_t out = bytes.empty() || static_cast<unsigned char>(bytes[0]) < 0x80 ? 0 : ~std::uint64_t{0};
    for (char const c : bytes)
        out = out << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(out);
}

struct zone_file_header {
    std::size_t is_ut, is_std, leaps, times, types, chars;
    static constexpr std::size_t size = 44;

    static std::optional<zone_file_header> read(std::string_view file) noexcept {
        if (file.size() < size || file.substr(0, 4) != "TZif" || file[4] < '2')
            return std::nullopt;
        std::array<std::size_t, 6> n{};
        for (std::size_t i = 0; i < n.size(); ++i)
            n[i] = static_cast<std::uint32_t>(big_endian(file.substr(20 + 4 * i, 4)));
        return zone_file_header{n[0], n[1], n[2], n[3], n[4], n[5]};
    }
    std::size_t body_size(std::size_t time_size) const noexcept {
        return times * (time_size + 1) + types * 6 + chars + leaps * (time_size + 4) + is_std + is_ut;
    }
};

/// The table of a zone file's 64-bit part and closing rule, or nothing if the file is damaged.
inline std::shared_ptr<zone_table const> read_zone_file(std::string name, std::string_view file) {
    auto const old = zone_file_header::read(file);
    if (!old || file.size() < zone_file_header::size + old->body_size(4))
        return nullptr;
    file.remove_prefix(zone_file_header::size + old->body_size(4));
    auto const head = zone_file_header::read(file);
    if (!head || head->types == 0 || file.size() < zone_file_header::size + head->body_size(8))
        return nullptr;
    auto const body = file.substr(zone_file_header::size);
    auto const kinds = body.substr(head->times * 8, head->times);
    auto const types = body.substr(head->times * 9, head->types * 6);

    auto table = std::make_shared<zone_table>();
    table->name = std::move(name);
    table->names = std::string{body.substr(head->times * 9 + head->types * 6, head->chars)} + '\0';
    auto const add = [&](std::int64_t begin, std::size_t type) {
        if (type >= head->types || static_cast<unsigned char>(types[type * 6 + 5]) >= table->names.size())
            return false;
        table->spans.push_back({begin, static_cast<std::int32_t>(big_endian(types.substr(type * 6, 4))),
                                static_cast<unsigned char>(types[type * 6 + 5])});
        return true;
    };
    if (!add(far_past, 0))
        return nullptr;
    for (std::size_t i = 0; i < head->times; ++i) {
        auto const begin = big_endian(body.substr(i * 8, 8));
        if (begin <= table->spans.back().begin || !add(begin, static_cast<unsigned char>(kinds[i])))
            return nullptr;
    }
    auto footer = body.substr(head->body_size(8));
    if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n')
        return nullptr;
    footer = footer.substr(1, footer.size() - 2);
    if (!footer.empty() && !extend_by_rule(*table, footer))
        return nullptr;
    table->index();
    return table;
}

/// Zone names come from documents, so nothing in them may lead outside the zone folder.
inline bool is_zone_name(std::string_view name) noexcept {
    bool part_begins = true;
    for (char const c : name) {
        bool const letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (part_begins ? !letter : !letter && !(c >= '0' && c <= '9') && c != '_' && c != '+' && c != '-' && c != '/')
            return false;
        part_begins = c == '/';
    }
    return !part_begins && name.size() <= 64;
}

/// Ten times the largest file of today.
inline constexpr std::size_t zone_file_bytes_max = 32'000;

inline std::shared_ptr<zone_table const> load_zone(std::string const& name) {
    for (char const* folder : {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/"}) {
        std::ifstream in{folder + name, std::ios::binary};
        std::string file(zone_file_bytes_max, '\0');
        in.read(file.data(), static_cast<std::streamsize>(file.size()));
        file.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
        if (auto table = read_zone_file(name, file))
            return table;
    }
    return nullptr;
}

} // namespace detail

GUICHET_DECL zone::zone() {
    static auto const utc = detail::fixed_zone("UTC", "UTC");
    table_ = utc;
}

GUICHET_DECL result<zone> zone::find(std::string_view iana, std::string_view path) {
    if (iana == "UTC" || iana == "Etc/UTC")
        return zone{detail::fixed_zone(std::string{iana}, "UTC")};
    if (detail::is_zone_name(iana))
        if (auto table = detail::load_zone(std::string{iana}))
            return zone{std::move(table)};
    return error{reason::unknown_zone, {{"path", std::string{path}}, {"value", std::string{iana}}}};
}

GUICHET_DECL std::string const& zone::name() const noexcept { return table_->name; }

GUICHET_DECL std::chrono::seconds zone::offset(instant at) const noexcept {
    auto const sys = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    return std::chrono::seconds{table_->spans[table_->at(sys)].offset};
}

GUICHET_DECL local_instant zone::to_local(instant at) const noexcept {
    return local_instant{at.time_since_epoch() + offset(at)};
}

GUICHET_DECL instant zone::to_sys(local_instant local, choose which) const noexcept {
    using std::chrono::seconds;
    auto const whole = std::chrono::floor<seconds>(local.time_since_epoch());
    auto const reading = whole.count();
    auto const fraction = local.time_since_epoch() - whole;
    auto const& t = *table_;
    if (which == choose::earliest) {
        auto const i =
            static_cast<std::size_t>(std::upper_bound(t.highest_reading.begin(), t.highest_reading.end() - 1, reading) -
                                     t.highest_reading.begin());
        auto const sys = reading - t.spans[i].offset;
        return sys < t.spans[i].begin ? instant{seconds{t.spans[i].begin}} : instant{seconds{sys} + fraction};
    }
    auto const after = std::upper_bound(t.lowest_reading.begin() + 1, t.lowest_reading.end(), reading);
    auto const i = static_cast<std::size_t>(after - t.lowest_reading.begin()) - 1;
    auto const sys = reading - t.spans[i].offset;
    return sys >= t.end_of(i) ? instant{seconds{t.end_of(i)}} : instant{seconds{sys} + fraction};
}

GUICHET_DECL std::string_view zone::abbreviation(instant at) const noexcept {
    auto const sys = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    return table_->names.data() + table_->spans[table_->at(sys)].abbreviation;
}

GUICHET_DECL std::optional<instant> zone::next_change(instant at) const noexcept {
    auto const sys = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    auto const next = table_->at(sys) + 1;
    if (next >= table_->spans.size())
        return std::nullopt;
    return instant{std::chrono::seconds{table_->spans[next].begin}};
}

} // namespace guichet::inline v0::time
