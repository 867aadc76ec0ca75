#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/reporting/impl/output.ipp>
#include <guichet/reporting/output.hpp>
#include <guichet/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace guichet::inline v0::reporting {
namespace detail {

inline constexpr double chart_width = 800, chart_top = 48, chart_left = 64, chart_right = 200;
inline constexpr double plot_height = 280, bar_step = 24, bars_left = 220;

/// For text and for attributes. Control characters, which XML does not know, become spaces.
inline std::string xml_text(std::string_view text) {
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

inline std::string short_text(std::string_view text, std::size_t bytes) {
    auto const kept = text::truncate(text, bytes);
    return xml_text(kept) + (kept.size() < text.size() ? "…" : "");
}

/// The least of 1, 2, 2.5, 5, 10, ... that is not below a value, so that a scale has round numbers.
inline double round_up(double value) noexcept {
    if (value <= 0)
        return 1;
    auto const size = std::pow(10.0, std::floor(std::log10(value)));
    for (double const step : {1.0, 2.0, 2.5, 5.0})
        if (step * size >= value)
            return step * size;
    return 10 * size;
}

class drawing {
public:
    drawing(double height, std::string const& title, std::string const& description) {
        out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title description\" "
               "viewBox=\"0 0 " +
               number_text(chart_width) + ' ' + number_text(height) +
               "\" font-family=\"sans-serif\" font-size=\"12\">\n<title id=\"title\">" + xml_text(title) +
               "</title>\n<desc id=\"description\">" + xml_text(description) +
               "</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
        text(16, 26, short_text(title, 90), "start", " font-size=\"16\" font-weight=\"bold\"");
    }
    /// `what` is XML already.
    void text(double x, double y, std::string const& what, char const* anchor, std::string const& more = {}) {
        out_ += "<text x=\"" + place(x) + "\" y=\"" + place(y) + "\" text-anchor=\"" + anchor + '"' + more + '>' +
                what + "</text>\n";
    }
    void line(double x1, double y1, double x2, double y2, std::string const& stroke) {
        out_ += "<line x1=\"" + place(x1) + "\" y1=\"" + place(y1) + "\" x2=\"" + place(x2) + "\" y2=\"" + place(y2) +
                "\" " + stroke + "/>\n";
    }
    void bar(double x, double y, double width, std::string const& told) {
        out_ += "<rect x=\"" + place(x) + "\" y=\"" + place(y) + "\" width=\"" + place(width) +
                "\" height=\"16\" fill=\"#1f5fa8\"><title>" + told + "</title></rect>\n";
    }
    void polyline(std::string const& points, std::string const& stroke, std::string const& told) {
        out_ +=
            "<polyline points=\"" + points + "\" fill=\"none\" " + stroke + "><title>" + told + "</title></polyline>\n";
    }
    std::string finish() && { return std::move(out_) + "</svg>\n"; }
    static std::string place(double at) { return number_text(std::round(at * 10) / 10); }

private:
    std::string out_;
};

inline std::string joined_keys(table_row const& row, std::optional<std::size_t> without) {
    std::string out;
    for (std::size_t i = 0; i < row.keys.size(); ++i)
        if (i != without)
            out.append(out.empty() ? "" : " / ").append(row.keys[i].empty() ? "-" : row.keys[i]);
    return out;
}

/// What a measure is shown as: a share in percent, a length of time in hours.
inline double shown(double value, unit in) noexcept {
    return in == unit::share ? value * 100 : in == unit::seconds ? value / 3'600 : value;
}
inline std::string_view suffix_of(unit in) noexcept {
    return in == unit::share ? " %" : in == unit::seconds ? " h" : "";
}

struct series {
    std::string name;
    std::vector<std::optional<double>> values; ///< by time
    double total = 0;
};

inline std::vector<series> series_of(table const& of, std::size_t time, std::vector<std::string>& times) {
    for (auto const& row : of.rows)
        times.push_back(row.keys[time]);
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    std::map<std::string, series> by_name;
    for (auto const& row : of.rows) {
        auto& one = by_name[joined_keys(row, time)];
        one.values.resize(times.size());
        auto const at = std::lower_bound(times.begin(), times.end(), row.keys[time]) - times.begin();
        if (row.values[0])
            one.values[static_cast<std::size_t>(at)] = shown(*row.values[0], of.measures[0].in);
        one.total += row.values[0].value_or(0);
    }
    std::vector<series> out;
    for (auto& [name, one] : by_name) {
        one.name = name;
        out.push_back(std::move(one));
    }
    std::stable_sort(out.begin(), out.end(), [](series const& a, series const& b) { return a.total > b.total; });
    return out;
}

inline std::string stroke_of(std::size_t i) {
    static constexpr std::array<char const*, 4> colours{"#1f5fa8", "#b3361e", "#2b7a3d", "#6b3fa0"};
    static constexpr std::array<char const*, 2> dashes{"", " stroke-dasharray=\"6 3\""};
    return std::string{"stroke=\""} + colours[i % colours.size()] + "\" stroke-width=\"2\"" +
           dashes[i / colours.size() % dashes.size()];
}

inline std::string left_out(std::size_t all, std::size_t drawn) {
    return all > drawn ? "+ " + std::to_string(all - drawn) : std::string{};
}

inline std::string draw_lines(table const& of, std::size_t time, std::string const& title, std::string description) {
    std::vector<std::string> times;
    auto const all = series_of(of, time, times);
    auto const drawn = std::min(all.size(), limits::chart_series_max);
    auto const unit_suffix = suffix_of(of.measures[0].in);
    double most = 0;
    for (std::size_t i = 0; i < drawn; ++i)
        for (auto const& value : all[i].values)
            most = std::max(most, value.value_or(0));
    most = round_up(most);
    drawing d{chart_top + plot_height + 48, title, std::move(description)};
    double const width = chart_width - chart_left - chart_right, bottom = chart_top + plot_height;
    for (int i = 0; i <= 4; ++i) {
        auto const y = bottom - plot_height * i / 4;
        d.line(chart_left, y, chart_left + width, y, "stroke=\"#ccc\"");
        d.text(chart_left - 6, y + 4, number_text(most * i / 4) + std::string{unit_suffix}, "end");
    }
    auto const x_of = [&](std::size_t i) {
        return chart_left + (times.size() > 1 ? width * double(i) / double(times.size() - 1) : width / 2);
    };
    auto const step = std::max<std::size_t>((times.size() + 6) / 7, 1);
    for (std::size_t i = 0; i < times.size(); i += step)
        d.text(x_of(i), bottom + 20, xml_text(times[i]), "middle");
    for (std::size_t i = 0; i < drawn; ++i) {
        std::string points;
        for (std::size_t t = 0; t < times.size(); ++t)
            if (auto const& value = all[i].values[t])
                points += drawing::place(x_of(t)) + ',' + drawing::place(bottom - plot_height * *value / most) + ' ';
        auto const name = all[i].name.empty() ? title : all[i].name;
        d.polyline(points, stroke_of(i), xml_text(name));
        auto const y = chart_top + 8 + 18 * double(i);
        if (!all[i].name.empty()) {
            d.line(chart_left + width + 12, y, chart_left + width + 36, y, stroke_of(i));
            d.text(chart_left + width + 42, y + 4, short_text(name, 24), "start");
        }
    }
    d.text(chart_left + width + 42, chart_top + 12 + 18 * double(drawn), left_out(all.size(), drawn), "start");
    return std::move(d).finish();
}

inline std::string draw_bars(table const& of, std::string const& title, std::string description) {
    std::vector<table_row const*> all;
    for (auto const& row : of.rows)
        all.push_back(&row);
    auto const value = [&](table_row const& row) { return shown(row.values[0].value_or(0), of.measures[0].in); };
    std::stable_sort(all.begin(), all.end(), [&](auto const* a, auto const* b) { return value(*a) > value(*b); });
    auto const drawn = std::min(all.size(), limits::chart_bars_max);
    double const most = drawn ? std::max(value(*all[0]), 1e-9) : 1, room = chart_width - bars_left - 100;
    drawing d{chart_top + bar_step * double(drawn + 1) + 8, title, std::move(description)};
    double y = chart_top;
    for (std::size_t i = 0; i < drawn; ++i, y += bar_step) {
        auto const name = joined_keys(*all[i], {});
        auto const amount =
            number_text(std::round(value(*all[i]) * 10) / 10) + std::string{suffix_of(of.measures[0].in)};
        auto const width = room * std::max(value(*all[i]), 0.0) / most;
        d.text(bars_left - 8, y + 12, short_text(name, 30), "end");
        d.bar(bars_left, y, width, xml_text(name) + ": " + amount);
        d.text(bars_left + width + 6, y + 12, amount, "start");
    }
    d.text(bars_left, y + 12, left_out(all.size(), drawn), "start");
    return std::move(d).finish();
}

} // namespace detail

GUICHET_DECL std::string to_svg(table const& of, chart_words const& words) {
    auto const time = of.time_key();
    auto const measure = words.measures.empty() ? std::string{of.measures[0].name} : words.measures[0];
    auto const title = words.title.empty() ? of.what + ": " + measure : words.title;
    auto description = words.description;
    if (description.empty())
        for (auto const& key : of.keys)
            description.append(description.empty() ? measure + " / " : " / ").append(key);
    return time ? detail::draw_lines(of, *time, title, std::move(description))
                : detail::draw_bars(of, title, std::move(description));
}

} // namespace guichet::inline v0::reporting
