#pragma once
#include <guichet/engine/reports.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/time/iso8601.hpp>

namespace guichet::inline v0 {
namespace detail {

/// Writes a list of rows, each as an object that `fill` fills in.
template <class Row, class Fill>
std::string encode_rows(std::vector<Row> const& rows, Fill const& fill) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& r : rows) {
        w.begin_object();
        fill(w, r);
        w.end_object();
    }
    w.end_array();
    return out;
}
inline void put(json::writer& w, std::string_view name, std::string_view text) {
    w.key(name);
    w.text(text);
}
inline void put(json::writer& w, std::string_view name, std::uint64_t number) {
    w.key(name);
    w.number(number);
}
inline void put(json::writer& w, std::string_view name, duration length) {
    w.key(name);
    w.number(std::int64_t{std::chrono::floor<std::chrono::seconds>(length).count()});
}

} // namespace detail

GUICHET_DECL std::string encode(std::vector<attainment_row> const& rows) {
    return detail::encode_rows(rows, [](json::writer& w, attainment_row const& r) {
        boost::mp11::mp_for_each<json::detail::members<attainment_key>>(
            [&](auto d) { detail::put(w, d.name, r.*d.pointer); });
        detail::put(w, "met", r.met);
        detail::put(w, "breached", r.breached);
        w.key("share");
        w.number(r.share());
        detail::put(w, "latest_seconds", r.latest);
    });
}

GUICHET_DECL std::string encode(std::vector<time_row> const& rows) {
    return detail::encode_rows(rows, [](json::writer& w, time_row const& r) {
        detail::put(w, "dimension", r.dimension);
        detail::put(w, "name", r.name);
        detail::put(w, "tickets", r.tickets);
        detail::put(w, "wall_seconds", r.wall);
        detail::put(w, "working_seconds", r.working);
    });
}

GUICHET_DECL std::string encode(std::vector<risk> const& rows) {
    return detail::encode_rows(rows, [](json::writer& w, risk const& r) {
        detail::put(w, "ticket", to_string(r.ticket));
        for (auto const& [name, text] : {std::pair{"number", &r.number},
                                         {"subject", &r.subject},
                                         {"priority", &r.priority},
                                         {"queue", &r.queue},
                                         {"team", &r.team},
                                         {"assignee", &r.assignee},
                                         {"metric", &r.metric},
                                         {"policy", &r.policy}})
            detail::put(w, name, *text);
        detail::put(w, "due", time::to_text(r.due));
        detail::put(w, "left_seconds", r.left.working);
        if (r.left.wall)
            detail::put(w, "left_wall_seconds", *r.left.wall);
    });
}

GUICHET_DECL std::string encode(std::vector<guide_row> const& rows) {
    std::string out;
    json::writer w{out};
    json::write(w, rows, json::fullness::full);
    return out;
}

GUICHET_DECL double monthly(std::uint64_t tickets, report_period const& within) {
    auto const length = std::chrono::duration<double, std::chrono::days::period>{within.to - within.from}.count();
    return length > 0 ? static_cast<double>(tickets) * 30 / length : 0;
}

GUICHET_DECL std::string encode(problem_effect const& e) {
    std::string out;
    json::writer w{out};
    auto const put_period = [&](std::string_view name, report_period const& p, std::uint64_t tickets) {
        w.key(name);
        w.begin_object();
        detail::put(w, "from", time::to_text(p.from));
        detail::put(w, "to", time::to_text(p.to));
        detail::put(w, "tickets", tickets);
        w.key("monthly");
        w.number(monthly(tickets, p));
        w.end_object();
    };
    w.begin_object();
    detail::put(w, "since", time::to_text(e.since));
    put_period("before", e.before, e.tickets_before);
    put_period("after", e.after, e.tickets_after);
    w.key("chance");
    w.number(e.chance);
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
