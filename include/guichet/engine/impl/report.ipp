#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/heard.ipp>
#include <guichet/engine/impl/queries.ipp>
#include <guichet/model/codec.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <map>
#include <tuple>

/// Reports that a desk makes of its log and of its tickets.
namespace guichet::inline v0 {
namespace detail {

/// Collects the last verdict on each cycle of each ticket.
class verdict_book {
public:
    struct verdict {
        std::string policy;
        instant at;
        duration late{};
        bool met = false;
    };
    using key = std::tuple<ticket_id, std::string, std::uint32_t>;

    void hear(ticket_id ticket, instant at, event_body const& body) {
        if (auto const* met = std::get_if<clock_met>(&body))
            last_[{ticket, met->metric, met->cycle}] = {met->policy, at, {}, true};
        else if (auto const* late = std::get_if<clock_breached>(&body))
            last_[{ticket, late->metric, late->cycle}] = {late->policy, at, late->due ? at - *late->due : duration{},
                                                          false};
        else if (auto const* again = std::get_if<clock_restarted>(&body))
            last_.erase({ticket, again->metric, again->cycle}); // it is judged again when it stops again
    }
    std::map<key, verdict> const& all() const noexcept { return last_; }

private:
    std::map<key, verdict> last_;
};

/// Which members of the key are asked for; the others stay empty and fall together.
inline result<std::vector<std::string attainment_key::*>> attainment_columns(std::vector<std::string> const& names) {
    std::vector<std::string attainment_key::*> out;
    for (auto const& name : names) {
        auto const before = out.size();
        std::string known;
        boost::mp11::mp_for_each<json::detail::members<attainment_key>>([&](auto d) {
            known.append(known.empty() ? "" : ", ").append(d.name);
            if (name == d.name)
                out.push_back(d.pointer);
        });
        if (out.size() == before)
            return error{reason::unknown_value, {{"path", "by"}, {"value", name}, {"known", known}}};
    }
    return out;
}

/// Adds up how long tickets were where.
class time_sheet {
public:
    time_sheet(time::calendar const& calendar, report_period const& period, instant now)
        : calendar_{calendar}, period_{period}, now_{now} {}

    void add(ticket const& t) {
        // Once it is closed, a ticket is nowhere any more.
        auto const end = std::min(t.closed_at.value_or(now_), period_.to);
        walk("state", t.spans, end, [](state_span const& s) { return s.state; });
        walk("team", t.holdings, end, [](holding const& h) { return h.team; });
        walk("tier", t.holdings, end, [](holding const& h) { return h.tier; });
    }
    std::vector<time_row> rows() && {
        std::vector<time_row> out;
        for (auto& [key, row] : rows_)
            out.push_back(std::move(row));
        return out;
    }

private:
    template <class Stays, class NameOf>
    void walk(char const* dimension, Stays const& stays, instant end, NameOf const& name_of) {
        std::map<std::string, std::pair<duration, duration>> of_ticket;
        for (std::size_t i = 0; i < stays.size(); ++i) {
            auto const from = std::max(stays[i].since, period_.from);
            auto const to = std::min(i + 1 < stays.size() ? stays[i + 1].since : end, end);
            if (from >= to)
                continue;
            auto& [wall, working] = of_ticket[name_of(stays[i])];
            wall += to - from;
            working += calendar_.between(from, to);
        }
        for (auto const& [name, spent] : of_ticket) {
            auto& row = rows_[{dimension, name}];
            row.dimension = dimension;
            row.name = name;
            ++row.tickets;
            row.wall += spent.first;
            row.working += spent.second;
        }
    }

    time::calendar const& calendar_;
    report_period const& period_;
    instant now_;
    std::map<std::pair<std::string, std::string>, time_row> rows_;
};

/// Calls `take` with each ticket of a view, page by page.
template <class Take>
result<void> each_ticket(desk const& d, view wanted, viewer const& who, Take const& take) {
    wanted.limit = limits::page_rows_max;
    do {
        GUICHET_LET(auto const found, d.query(wanted, who));
        for (auto const& t : found.tickets)
            GUICHET_TRY(take(t));
        wanted.cursor = found.next;
    } while (!wanted.cursor.empty());
    return {};
}

} // namespace detail

GUICHET_DECL result<std::vector<attainment_row>> desk::attainment(report_period const& period, viewer const& who,
                                                                  std::vector<std::string> const& by) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    GUICHET_LET(auto const columns, detail::attainment_columns(by));
    static constexpr std::size_t chunk = 2'000;
    detail::verdict_book book;
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const stored, store_->read_log(seq, chunk));
        if (stored.empty())
            break;
        seq = stored.back().seq;
        for (auto const& e : stored) {
            if (e.tenant != who.tenant || e.at >= period.to || !type_name(e.type).starts_with("clock_"))
                continue;
            GUICHET_LET(auto const body, decode_body(type_name(e.type), e.body));
            book.hear(e.ticket, e.at, body);
        }
    }
    std::map<attainment_key, attainment_row> rows;
    storage::ticket_snapshot about;
    for (auto const& [of, verdict] : book.all()) {
        if (verdict.at < period.from)
            continue;
        auto const& [id, metric, cycle] = of;
        if (!about || about->id != id) {
            GUICHET_LET(about, store_->load(who.tenant, id));
            if (!about)
                continue;
        }
        attainment_key const whole{verdict.policy,
                                   metric,
                                   about->priority,
                                   about->team,
                                   about->organisation,
                                   about->tenant,
                                   time::to_text(verdict.at).substr(0, 7)};
        attainment_key key;
        for (auto const column : columns)
            key.*column = whole.*column;
        auto& row = rows.try_emplace(key, attainment_row{key}).first->second;
        ++(verdict.met ? row.met : row.breached);
        row.latest = std::max(row.latest, verdict.late);
    }
    std::vector<attainment_row> out;
    for (auto& [key, row] : rows)
        out.push_back(std::move(row));
    return out;
}

GUICHET_DECL result<std::vector<time_row>> desk::time_spent(report_period const& period, viewer const& who,
                                                            std::string_view calendar) const {
    auto const in_force = config();
    auto const* hours = in_force->policies->find_calendar(calendar);
    if (!hours)
        return error{
            reason::unknown_value,
            {{"path", "calendar"}, {"value", std::string{calendar}}, {"known", "the calendars that are stored"}}};
    detail::time_sheet sheet{*hours, period, env_.now()};
    view all;
    all.order = {"created_at"};
    GUICHET_TRY(detail::each_ticket(*this, all, who, [&](ticket const& t) -> result<void> {
        sheet.add(t);
        return {};
    }));
    return std::move(sheet).rows();
}

GUICHET_DECL result<std::vector<risk>> desk::at_risk(duration within, viewer const& who) const {
    auto const in_force = config();
    auto const now = env_.now();
    view soon;
    soon.where = R"({"all":[{"field":"open","op":"=","value":true},{"field":"due_at","op":"<=","value":")" +
                 time::to_text(now + within) + R"("}]})";
    soon.order = {"due_at"};
    std::vector<risk> out;
    GUICHET_TRY(detail::each_ticket(*this, soon, who, [&](ticket const& t) -> result<void> {
        GUICHET_LET(auto const heard, detail::heard_of(*store_, t.id, *in_force->policies));
        for (auto const& c : sla::clocks({t, heard}, *in_force->policies, std::max(now, t.updated_at)))
            if (!c.stopped && !c.paused_since && c.due && *c.due <= now + within)
                out.push_back({t.id, t.number, t.subject, t.priority, t.queue, t.team, t.assignee,
                               std::string{c.metric}, c.policy->name, *c.due, sla::margin_of(c, now)});
        return {};
    }));
    std::stable_sort(out.begin(), out.end(),
                     [](risk const& a, risk const& b) { return a.left.working < b.left.working; });
    return out;
}

} // namespace guichet::inline v0
