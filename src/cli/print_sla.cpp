#include "print_sla.hpp"

#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace guichet::cli {
namespace {

/// A long proof is told by its beginning and its end; `--json` has all of it.
constexpr std::size_t shown_at_each_end = 12;

style look_of(sla::proof_kind kind) noexcept {
    switch (kind) {
    case sla::proof_kind::running: return style::green;
    case sla::proof_kind::paused: return style::yellow;
    case sla::proof_kind::holiday: return style::magenta;
    default: return style::dim;
    }
}

std::string reason_of(console const& out, vocabulary const& words, sla::proof_interval const& i) {
    auto const named = [&](msg text) {
        return i.name.empty() ? out.say(text) : out.say(text) + " (" + harmless(i.name) + ")";
    };
    switch (i.kind) {
    case sla::proof_kind::before_start: return out.say(msg::proof_before);
    case sla::proof_kind::running: return out.say(i.ahead ? msg::proof_ahead : msg::proof_running);
    case sla::proof_kind::paused:
        return out.say(msg::proof_paused, words.state(i.name)) +
               (i.event ? out.say(msg::proof_event, i.event) : std::string{});
    case sla::proof_kind::closed_hours: return out.say(msg::proof_closed);
    case sla::proof_kind::shift_closed: return named(msg::proof_exception);
    case sla::proof_kind::break_: return named(msg::proof_break);
    case sla::proof_kind::holiday: return named(msg::proof_holiday);
    }
    return {};
}

/// A console that tells times where the calendar is.
console in_zone(console const& out, sla::proof const& p) {
    auto there = out;
    if (auto zone = time::zone::find(p.zone))
        there.zone = *zone;
    return there;
}

std::string heading(console const& out, vocabulary const& words, sla::proof const& p) {
    auto const there = in_zone(out, p);
    std::string verdict = p.outcome == clock_outcome::met        ? out.paint(style::green, out.say(msg::clock_met))
                          : p.outcome == clock_outcome::breached ? out.paint(style::red, out.say(msg::clock_breached))
                          : p.paused                             ? out.paint(style::yellow, out.say(msg::clock_paused))
                                                                 : out.paint(style::blue, out.say(msg::clock_running));
    auto text = fmt::format("\n{}{} · {}\n", out.paint(style::bold, words.metric(p.metric)),
                            p.cycle > 1 ? fmt::format(" #{}", p.cycle) : "", verdict);
    text += "  " +
            out.say(msg::proof_under, harmless(p.policy), p.policy_version, harmless(p.calendar), p.calendar_version,
                    p.zone) +
            "\n";
    text += "  " + out.say(msg::clock_used, out.length(p.consumed), out.length(p.target));
    if (p.due)
        text += " · " + out.say(msg::clock_due, there.date(*p.due));
    if (p.left.wall && (!p.stopped || *p.left.wall < duration::zero())) {
        bool const late = *p.left.wall < duration::zero();
        text += "\n  " + out.say(late ? msg::clock_late_both : msg::clock_left_both,
                                 out.length(late ? -p.left.working : p.left.working),
                                 out.length(late ? -*p.left.wall : *p.left.wall));
    }
    return text + "\n";
}

std::string timeline(console const& out, vocabulary const& words, sla::proof const& p) {
    auto const there = in_zone(out, p);
    table rows{{{out.say(msg::proof_from)},
                {out.say(msg::proof_to)},
                {out.say(msg::proof_what), false, true},
                {out.say(msg::proof_used), true},
                {out.say(msg::proof_total), true}}};
    auto const count = p.intervals.size();
    for (std::size_t n = 0; n < count; ++n) {
        auto const& i = p.intervals[n];
        if (count > 2 * shown_at_each_end + 1 && n == shown_at_each_end) {
            auto const skipped = count - 2 * shown_at_each_end;
            n += skipped - 1;
            rows.add({{"…"},
                      {},
                      {out.say(msg::proof_more, skipped), style::dim},
                      {out.length(p.intervals[n].total - i.total + i.used), style::dim},
                      {out.length(p.intervals[n].total), style::dim}});
            continue;
        }
        bool const ran = i.kind == sla::proof_kind::running;
        auto const look = i.ahead ? style::dim : look_of(i.kind);
        rows.add({{there.short_date(i.when.from)},
                  {there.short_date(i.when.to)},
                  {reason_of(out, words, i), look},
                  {ran ? out.length(i.used) : "", look},
                  {ran ? out.length(i.total) : "", style::dim}});
    }
    return rows.print(out, 2);
}

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text)
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    return out;
}

char const* colour_of(sla::proof_interval const& i) noexcept {
    switch (i.kind) {
    case sla::proof_kind::running: return i.ahead ? "#b7dfc3" : "#2e9e5b";
    case sla::proof_kind::paused: return "#f2b705";
    case sla::proof_kind::holiday: return "#c9a3d8";
    case sla::proof_kind::before_start: return "#ffffff";
    default: return "#dfe3e8";
    }
}

} // namespace

std::string print_proofs(console const& out, vocabulary const& words, ticket const& t,
                         std::vector<sla::proof> const& proofs) {
    auto text = out.paint(style::bold, t.number) + "  " + harmless(t.subject) + "\n";
    if (proofs.empty())
        text += "\n" + out.say(msg::proof_none) + "\n";
    for (auto const& p : proofs)
        text += heading(out, words, p) + timeline(out, words, p);
    return text;
}

std::string draw_proofs(console const& out, vocabulary const& words, ticket const& t,
                        std::vector<sla::proof> const& proofs) {
    constexpr double left = 20, width = 920, row = 74, bar = 22;
    auto from = t.created_at, to = t.created_at + std::chrono::minutes{1};
    for (auto const& p : proofs) {
        if (!p.intervals.empty())
            to = std::max(to, p.intervals.back().when.to);
        to = std::max(to, p.due.value_or(to));
    }
    auto const x = [&](instant at) {
        return left + width * static_cast<double>((at - from).count()) / static_cast<double>((to - from).count());
    };
    auto const height = 60 + row * static_cast<double>(proofs.size());
    auto svg =
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 {:.0f}\" font-family=\"sans-serif\" "
                    "font-size=\"13\">\n<title>{}</title>\n<rect width=\"960\" height=\"{:.0f}\" fill=\"#fff\"/>\n"
                    "<text x=\"{}\" y=\"28\" font-size=\"16\" font-weight=\"bold\">{} {}</text>\n",
                    height, escaped(t.number), height, left, escaped(t.number), escaped(harmless(t.subject)));
    auto y = 52.0;
    for (auto const& p : proofs) {
        auto const there = in_zone(out, p);
        svg +=
            fmt::format("<text x=\"{}\" y=\"{:.0f}\">{} · {}{}</text>\n", left, y + 4, escaped(words.metric(p.metric)),
                        escaped(out.say(msg::clock_used, out.length(p.consumed), out.length(p.target))),
                        p.due ? " · " + escaped(out.say(msg::clock_due, there.date(*p.due))) : "");
        for (auto const& i : p.intervals)
            svg += fmt::format("<rect x=\"{:.2f}\" y=\"{:.0f}\" width=\"{:.2f}\" height=\"{}\" fill=\"{}\"><title>{} – "
                               "{}: {}</title></rect>\n",
                               x(i.when.from), y + 12, x(i.when.to) - x(i.when.from), bar, colour_of(i),
                               there.short_date(i.when.from), there.short_date(i.when.to),
                               escaped(reason_of(out, words, i)));
        if (p.due)
            svg +=
                fmt::format("<line x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"{1:.0f}\" y2=\"{2:.0f}\" stroke=\"{3}\" "
                            "stroke-width=\"2\"/>\n",
                            x(*p.due), y + 8, y + 16 + bar, p.outcome == clock_outcome::breached ? "#c62828" : "#222");
        y += row;
    }
    return svg + "</svg>\n";
}

} // namespace guichet::cli
