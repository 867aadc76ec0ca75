#pragma once
#include <guichet/json/path.hpp>
#include <guichet/model/calendar_document.hpp>
#include <guichet/testing/vectors.hpp>
#include <guichet/time/calendar.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <istream>
#include <sstream>

namespace guichet::inline v0::testing {
namespace detail {

using boost::json::object;
using boost::json::value;
using outcome = result<std::optional<vector_mismatch>>;

inline result<value const*> field(object const& line, std::string_view name) {
    if (auto const* found = line.if_contains(name))
        return found;
    return error{reason::missing_field, {{"path", std::string{name}}}};
}

inline result<std::string_view> text_field(object const& line, std::string_view name) {
    GUICHET_LET(auto const* found, field(line, name));
    if (!found->is_string())
        return json::wrong_type(json::path{name}, "a text", *found);
    return std::string_view{found->get_string()};
}

inline result<instant> instant_field(object const& line, std::string_view name) {
    GUICHET_LET(auto const text, text_field(line, name));
    return time::parse_instant(text, name);
}

inline result<std::int64_t> number_field(object const& line, std::string_view name) {
    GUICHET_LET(auto const* found, field(line, name));
    if (!found->is_int64())
        return json::wrong_type(json::path{name}, "a whole number", *found);
    return found->get_int64();
}

/// One of a few words, each standing for a value; absent means the first.
template <class T, std::size_t N>
result<T> word_field(object const& line, std::string_view name, std::pair<std::string_view, T> const (&words)[N]) {
    if (!line.contains(name))
        return words[0].second;
    GUICHET_LET(auto const text, text_field(line, name));
    std::string known;
    for (auto const& [word, meaning] : words) {
        if (word == text)
            return meaning;
        known.append(known.empty() ? "" : ", ").append(word);
    }
    return error{reason::unknown_value, {{"path", std::string{name}}, {"value", std::string{text}}, {"known", known}}};
}

inline result<time::calendar> calendar_field(object const& line) {
    GUICHET_LET(auto const* found, field(line, "calendar"));
    GUICHET_LET(auto definition, decode_calendar(*found, "calendar"));
    return time::calendar::compile(std::move(definition), "calendar");
}

// Parentheses, because some compilers read `value{x}` as a list of one.
inline value to_json(std::optional<instant> at) { return at ? value(std::string_view{time::print(*at)}) : value(); }
inline value to_json(std::vector<time::interval> const& intervals) {
    boost::json::array out;
    for (auto const& [from, to] : intervals)
        out.emplace_back(boost::json::array({to_json(from), to_json(to)}));
    return out;
}
/// Whole seconds as a whole number, others with their fraction.
inline value to_json(duration length) {
    return length % std::chrono::seconds{1} == duration{0} ? value(length.count() / 1000)
                                                           : value(static_cast<double>(length.count()) / 1000.0);
}

inline outcome compare(object const& line, value const& actual, std::string_view name = "expected") {
    GUICHET_LET(auto const* expected, field(line, name));
    if (*expected == actual)
        return std::optional<vector_mismatch>{};
    return std::optional{vector_mismatch{boost::json::serialize(*expected), boost::json::serialize(actual)}};
}

/// Checks the case's own boundary, and each of the two where the case says what it expects of it.
inline outcome add_business_time(object const& line) {
    using time::boundary;
    GUICHET_LET(auto const calendar, calendar_field(line));
    GUICHET_LET(auto const start, instant_field(line, "start"));
    GUICHET_LET(auto const seconds, number_field(line, "seconds"));
    enum class asked { nearest, farthest, both };
    GUICHET_LET(
        auto const which,
        (word_field<asked>(line, "boundary",
                           {{"nearest", asked::nearest}, {"farthest", asked::farthest}, {"both", asked::both}})));
    auto const added = [&](boundary at) { return to_json(calendar.add(start, std::chrono::seconds{seconds}, at)); };
    auto const own = which == asked::farthest ? boundary::farthest : boundary::nearest;
    outcome out = std::optional<vector_mismatch>{};
    if (which != asked::both)
        out = compare(line, added(own));
    for (auto const& [name, at] :
         {std::pair{"expected_nearest", boundary::nearest}, {"expected_farthest", boundary::farthest}})
        if (out && !*out && (which == asked::both || line.contains(name)))
            out = compare(line, added(at), name);
    return out;
}

inline outcome business_time_between(object const& line) {
    GUICHET_LET(auto const calendar, calendar_field(line));
    GUICHET_LET(auto const start, instant_field(line, "start"));
    GUICHET_LET(auto const end, instant_field(line, "end"));
    enum class reverse { negative, zero, absolute };
    GUICHET_LET(auto const how,
                (word_field<reverse>(
                    line, "reverse",
                    {{"negative", reverse::negative}, {"zero", reverse::zero}, {"absolute", reverse::absolute}})));
    auto length = calendar.between(start, end);
    if (length < duration{0} && how != reverse::negative)
        length = how == reverse::zero ? duration{0} : -length;
    return compare(line, to_json(length));
}

inline outcome is_open(object const& line) {
    GUICHET_LET(auto const calendar, calendar_field(line));
    GUICHET_LET(auto const at, instant_field(line, "at"));
    return compare(line, value(calendar.is_open(at)));
}

/// The kinds that turn one instant into another.
template <std::optional<instant> (time::calendar::*Question)(instant) const noexcept>
outcome instant_after(object const& line) {
    GUICHET_LET(auto const calendar, calendar_field(line));
    GUICHET_LET(auto const at, instant_field(line, "at"));
    return compare(line, to_json((calendar.*Question)(at)));
}

inline outcome opening_intervals(object const& line) {
    GUICHET_LET(auto const calendar, calendar_field(line));
    GUICHET_LET(auto const start, instant_field(line, "start"));
    GUICHET_LET(auto const end, instant_field(line, "end"));
    return compare(line, to_json(calendar.opening_intervals(start, end)));
}

inline outcome add_business_days(object const& line) {
    using time::roll;
    GUICHET_LET(auto const calendar, calendar_field(line));
    GUICHET_LET(auto const start, instant_field(line, "start"));
    GUICHET_LET(auto const days, number_field(line, "days"));
    GUICHET_LET(auto const outside,
                (word_field<roll>(line, "roll",
                                  {{"none", roll::none}, {"forward", roll::forward}, {"backward", roll::backward}})));
    auto const* end_of_day = line.if_contains("end_of_day");
    return compare(line, to_json(calendar.add_working_days(start, static_cast<int>(days), outside,
                                                           end_of_day && *end_of_day == value(true))));
}

/// Judges a line and files the verdict.
inline void run_line(std::string_view text, std::size_t number, vector_kinds const& kinds, vector_report& report) {
    vector_failure failure{"line " + std::to_string(number), {}, {}, {}};
    auto const verdict = [&]() -> outcome {
        GUICHET_LET(auto const parsed, json::parse(text));
        if (!parsed.is_object())
            return json::wrong_type(json::path{}, "an object", parsed);
        auto const& line = parsed.get_object();
        if (auto const id = text_field(line, "id"))
            failure.id = *id;
        GUICHET_LET(failure.kind, text_field(line, "kind"));
        auto const check = kinds.find(failure.kind);
        if (check == kinds.end())
            return std::optional{vector_mismatch{"a known kind", "unknown kind \"" + failure.kind + "\""}};
        return check->second(line);
    }();
    if (verdict && !*verdict) {
        ++report.passed;
        return;
    }
    ++report.failed;
    failure.expected = verdict ? (*verdict)->expected : "a line that can be read";
    failure.actual = verdict ? (*verdict)->actual : verdict.error().describe();
    report.failures.push_back(std::move(failure));
}

} // namespace detail

GUICHET_DECL vector_kinds calendar_vector_kinds() {
    using time::calendar;
    return {{"add_business_time", &detail::add_business_time},
            {"business_time_between", &detail::business_time_between},
            {"is_open", &detail::is_open},
            {"next_open", &detail::instant_after<&calendar::next_open>},
            {"prev_open_instant", &detail::instant_after<&calendar::prev_open_instant>},
            {"next_close", &detail::instant_after<&calendar::next_close>},
            {"opening_intervals", &detail::opening_intervals},
            {"add_business_days", &detail::add_business_days}};
}

GUICHET_DECL vector_kinds all_vector_kinds() {
    auto out = calendar_vector_kinds();
    out.merge(sla_vector_kinds());
    return out;
}

GUICHET_DECL vector_report run_vectors(std::istream& lines, vector_kinds const& kinds) {
    vector_report report;
    std::string line;
    for (std::size_t number = 1; std::getline(lines, line); ++number)
        if (line.find_first_not_of(" \t\r") != std::string::npos)
            detail::run_line(line, number, kinds, report);
    return report;
}

GUICHET_DECL vector_report run_vectors(std::string_view lines, vector_kinds const& kinds) {
    std::istringstream in{std::string{lines}};
    return run_vectors(in, kinds);
}

} // namespace guichet::inline v0::testing
