#pragma once
#include <guichet/json/writer.hpp>
#include <guichet/reporting/output.hpp>

#include <charconv>

namespace guichet::inline v0::reporting {
namespace detail {

/// Whole numbers without a point, others with at most six significant digits.
inline std::string number_text(double value) {
    char out[40];
    bool const whole = value == static_cast<double>(static_cast<std::int64_t>(value));
    auto const end = whole ? std::to_chars(out, out + sizeof out, static_cast<std::int64_t>(value))
                           : std::to_chars(out, out + sizeof out, value, std::chars_format::general, 6);
    return {out, end.ptr};
}

} // namespace detail

GUICHET_DECL std::string encode(table const& of) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& row : of.rows) {
        w.begin_object();
        for (std::size_t i = 0; i < of.keys.size(); ++i) {
            w.key(of.keys[i]);
            w.text(row.keys[i]);
        }
        for (std::size_t i = 0; i < of.measures.size(); ++i) {
            w.key(of.measures[i].name);
            w.raw(row.values[i] ? detail::number_text(*row.values[i]) : "null");
        }
        w.end_object();
    }
    w.end_array();
    return out;
}

GUICHET_DECL std::string csv_field(std::string_view text) {
    std::string out;
    if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos)
        out += '\'';
    out += text;
    if (out.find_first_of("\",\r\n") == std::string::npos)
        return out;
    std::string quoted = "\"";
    for (char const c : out)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

GUICHET_DECL std::string to_csv(table const& of) {
    std::string out;
    for (std::size_t i = 0; i < of.keys.size() + of.measures.size(); ++i) {
        out += i ? "," : "";
        out += i < of.keys.size() ? std::string_view{of.keys[i]} : of.measures[i - of.keys.size()].name;
    }
    out += "\r\n";
    for (auto const& row : of.rows) {
        for (auto const& key : row.keys)
            out += csv_field(key) + ',';
        for (std::size_t i = 0; i < row.values.size(); ++i) {
            out += i ? "," : "";
            out += row.values[i] ? detail::number_text(*row.values[i]) : "";
        }
        out += "\r\n";
    }
    return out;
}

} // namespace guichet::inline v0::reporting
