#include "incident_log.hpp"

#include "csv.hpp"

#include <guichet/json/path.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace guichet::cli {
namespace {

constexpr std::string_view column_names[] = {
#define GUICHET_COLUMN(name) #name,
#include "columns.def"
#undef GUICHET_COLUMN
};

constexpr std::size_t absent = static_cast<std::size_t>(-1);

/// The file and what reads it: views into both stay good as long as this.
struct source {
    std::string text;
    std::optional<csv_reader> reader;
};

bool digits(std::string_view text, std::size_t from, std::size_t count, int& out) noexcept {
    if (from + count > text.size())
        return false;
    auto const* const begin = text.data() + from;
    auto const [end, failed] = std::from_chars(begin, begin + count, out);
    return failed == std::errc{} && end == begin + count && out >= 0;
}

/// One or two digits.
bool short_number(std::string_view& text, int& out) noexcept {
    auto const count = text.find_first_not_of("0123456789");
    auto const length = count == std::string_view::npos ? text.size() : count;
    if (length == 0 || length > 2 || !digits(text, 0, length, out))
        return false;
    text.remove_prefix(length);
    return true;
}

bool take(std::string_view& text, char c) noexcept {
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<instant> made_of(int year, int month, int day, std::string_view clock) noexcept {
    int hour = 0, minute = 0, second = 0;
    if (!short_number(clock, hour) || !take(clock, ':') || !short_number(clock, minute))
        return {};
    if (take(clock, ':') && !short_number(clock, second))
        return {};
    take(clock, 'Z');
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!clock.empty() || !date.ok() || hour > 23 || minute > 59 || second > 59)
        return {};
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
}

/// Where each of our columns stands in the file.
result<std::array<std::size_t, column_count>> find_columns(std::vector<std::string_view> const& header,
                                                           log_mapping const& mapping, speaker const& say) {
    std::array<std::size_t, column_count> out;
    for (std::size_t i = 0; i < column_count; ++i) {
        auto const renamed = mapping.columns.find(column_names[i]);
        auto const wanted = renamed == mapping.columns.end() ? column_names[i] : std::string_view{renamed->second};
        auto const found = std::find(header.begin(), header.end(), wanted);
        out[i] = found == header.end() ? absent : static_cast<std::size_t>(found - header.begin());
        bool const needed = i <= static_cast<std::size_t>(column::sys_updated_at);
        if (needed && out[i] == absent)
            return error{reason::not_csv, {{"line", "1"}, {"problem", say(msg::csv_column, wanted)}}};
    }
    return out;
}

/// Reads rows one by one into the log.
class log_reader {
public:
    log_reader(incident_log& into, std::array<std::size_t, column_count> const& places, std::size_t width,
               speaker const& say)
        : log_{into}, places_{places}, width_{width}, say_{say} {
        for (std::size_t i = 0; i < column_count; ++i)
            log_.present[i] = places[i] != absent;
    }

    void add(std::vector<std::string_view> const& fields, std::size_t line) {
        if (fields.size() != width_)
            return skip(line, say_(msg::skip_fields, fields.size(), width_));
        log_row row;
        row.line = line;
        for (std::size_t i = 0; i < column_count; ++i)
            if (places_[i] != absent && fields[places_[i]] != "?")
                row.cells[i] = fields[places_[i]];
        if (row[column::number].empty())
            return skip(line, say_(msg::skip_number));
        auto const at = read_log_time(row[column::sys_updated_at]);
        if (!at)
            return skip(line, say_(msg::skip_time, row[column::sys_updated_at]));
        row.at = *at;
        auto const order = row[column::sys_mod_count];
        if (std::from_chars(order.data(), order.data() + order.size(), row.order).ec != std::errc{} &&
            log_.has(column::sys_mod_count))
            return skip(line, say_(msg::skip_order, order));
        auto const [known, fresh] = incidents_.try_emplace(row[column::number], log_.numbers.size());
        if (fresh)
            log_.numbers.push_back(row[column::number]);
        row.incident = known->second;
        log_.rows.push_back(row);
    }

private:
    void skip(std::size_t line, std::string why) { log_.skipped.push_back({line, std::move(why)}); }

    incident_log& log_;
    std::array<std::size_t, column_count> const& places_;
    std::size_t width_;
    speaker const& say_;
    std::unordered_map<std::string_view, std::size_t> incidents_;
};

/// Rows of an incident by sys_mod_count, no row before the one it follows; then all by time.
void put_in_order(std::vector<log_row>& rows) {
    std::stable_sort(rows.begin(), rows.end(), [](log_row const& a, log_row const& b) {
        return std::tie(a.incident, a.order) < std::tie(b.incident, b.order);
    });
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].incident == rows[i - 1].incident)
            rows[i].at = std::max(rows[i].at, rows[i - 1].at);
    std::stable_sort(rows.begin(), rows.end(), [](log_row const& a, log_row const& b) { return a.at < b.at; });
}

} // namespace

std::optional<instant> read_log_time(std::string_view text) noexcept {
    int year = 0, month = 0, day = 0;
    if (text.size() > 10 && text[4] == '-') {
        if (!digits(text, 0, 4, year) || !digits(text, 5, 2, month) || text[7] != '-' || !digits(text, 8, 2, day) ||
            (text[10] != 'T' && text[10] != ' '))
            return {};
        return made_of(year, month, day, text.substr(11));
    }
    if (!short_number(text, day) || !take(text, '/') || !short_number(text, month) || !take(text, '/') ||
        !digits(text, 0, 4, year))
        return {};
    text.remove_prefix(4);
    return take(text, ' ') ? made_of(year, month, day, text) : std::nullopt;
}

result<log_mapping> read_mapping(std::string_view json) {
    GUICHET_LET(auto const value, json::parse(json));
    log_mapping out;
    auto const* object = value.if_object();
    if (!object)
        return json::wrong_type(json::path("mapping"), "an object", value);
    for (auto const& [name, member] : *object) {
        auto* const into = name == "columns" ? &out.columns : name == "states" ? &out.states : nullptr;
        if (!into)
            return error{reason::unknown_field,
                         {{"path", "mapping." + std::string{name}}, {"known", "columns, states"}}};
        if (!member.is_object())
            return json::wrong_type(json::path("mapping"), "an object", member);
        for (auto const& [key, text] : member.get_object()) {
            if (!text.is_string())
                return json::wrong_type(json::path("mapping"), "a text", text);
            into->emplace(std::string{key}, std::string{text.get_string()});
        }
    }
    return out;
}

result<incident_log> read_incident_log(std::string const& path, log_mapping const& mapping, std::size_t row_limit,
                                       speaker const& say) {
    auto const from = std::make_shared<source>();
    GUICHET_LET(from->text, read_unpacked(path));
    from->reader.emplace(from->text);
    incident_log out;
    out.owner = from;
    std::vector<std::string_view> fields;
    GUICHET_LET(bool const any, from->reader->next(fields));
    if (!any)
        return error{reason::not_csv, {{"line", "1"}, {"problem", say(msg::csv_empty)}}};
    GUICHET_LET(auto const places, find_columns(fields, mapping, say));
    log_reader reader{out, places, fields.size(), say};
    while (out.rows.size() < row_limit) {
        GUICHET_LET(bool const more, from->reader->next(fields));
        if (!more)
            break;
        reader.add(fields, from->reader->line());
    }
    put_in_order(out.rows);
    return out;
}

} // namespace guichet::cli
