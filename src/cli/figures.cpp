#include "figures.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <cmath>

namespace guichet::cli {
namespace {

using std::chrono::floor, std::chrono::days, std::chrono::sys_days;

/// Adds up tickets one after the other.
class collector {
public:
    explicit collector(desk const& d) : config_{d.config()}, now_{d.env().now()} {}

    void add(ticket const& t) {
        auto& f = figures_;
        ++f.tickets;
        f.finished += !t.open();
        f.from = std::min(f.from, t.created_at);
        f.to = std::max(f.to, t.updated_at);
        ++f.by_state_and_priority[{t.state, t.priority}];
        std::chrono::year_month_day const opened{floor<days>(t.created_at)};
        ++f.openings[time::to_text(opened).substr(0, 7)];
        f.reassignments.add(t.reassignments);
        f.handovers.add(t.handovers);
        f.reopenings.add(t.reopenings);
        if (!t.open() && t.resolved_at)
            f.hours_to_resolve[t.priority].push_back(
                std::chrono::duration<double, std::ratio<3600>>(*t.resolved_at - t.created_at).count());
        ++categories_[t.category.substr(0, t.category.find('/'))];
        add_spans(t);
        add_clocks(t);
        auto const telling = t.version + (t.breached ? 1'000'000u : 0u) + 1'000u * t.priority_rank;
        if (telling > best_) {
            best_ = telling;
            f.telling_ticket = t.number;
        }
    }

    figures finish() {
        auto& f = figures_;
        if (f.tickets > 0) {
            std::int64_t open = 0;
            for (auto day = floor<days>(f.from); day <= floor<days>(f.to); day += days{1}) {
                open += changes_[day];
                f.backlog.push_back(static_cast<std::uint64_t>(open));
            }
        }
        for (auto& [priority, hours] : f.hours_to_resolve)
            std::sort(hours.begin(), hours.end());
        f.categories.assign(categories_.begin(), categories_.end());
        std::stable_sort(f.categories.begin(), f.categories.end(),
                         [](auto const& a, auto const& b) { return a.second > b.second; });
        return std::move(f);
    }

private:
    void add_spans(ticket const& t) {
        for (std::size_t i = 0; i < t.spans.size(); ++i) {
            auto const& span = t.spans[i];
            bool const open = is_open(span.status);
            bool const was_open = i > 0 && is_open(t.spans[i - 1].status);
            if (i > 0 && t.spans[i - 1].state != span.state)
                ++figures_.transitions[{t.spans[i - 1].state, span.state}];
            if (open != was_open)
                changes_[floor<days>(span.since)] += open ? 1 : -1;
        }
    }

    void add_clocks(ticket const& t) {
        for (auto const& v : t.clocks) {
            if (v.outcome == clock_outcome::running)
                continue;
            auto& count = figures_.clocks[{v.metric, t.priority}];
            ++(v.outcome == clock_outcome::met ? count.met : count.breached);
        }
        if (!t.open())
            return;
        for (auto const& c : sla::clocks(t, *config_->policies, std::max(now_, t.updated_at)))
            if (std::none_of(t.clocks.begin(), t.clocks.end(), [&](clock_verdict const& v) {
                    return v.metric == c.metric && v.cycle >= c.cycle && v.outcome != clock_outcome::running;
                }))
                ++figures_.clocks[{std::string{c.metric}, t.priority}].running;
    }

    std::shared_ptr<configuration const> config_;
    instant now_;
    figures figures_;
    std::map<sys_days, std::int64_t> changes_;
    std::map<std::string, std::uint64_t> categories_;
    std::uint64_t best_ = 0;
};

/// Events, and how many timers did something: a timer's events follow one another and share its cause and ticket.
result<void> read_events(desk const& d, viewer const& who, figures& into) {
    GUICHET_TRY(d.config()->roles->require(who, access::audit));
    storage::stored_event last;
    for (std::uint64_t after = 0;;) {
        GUICHET_LET(auto const part, d.store().read_log(after, 10'000));
        if (part.empty())
            return {};
        after = part.back().seq;
        for (auto const& e : part) {
            if (e.tenant != who.tenant)
                continue;
            ++into.events;
            bool const by_timer = e.cause.what.starts_with("timer:");
            into.timers_fired +=
                by_timer && !(last.ticket == e.ticket && last.cause == e.cause && last.seq + 1 == e.seq);
            last.ticket = e.ticket;
            last.cause = e.cause;
            last.seq = e.seq;
        }
    }
}

} // namespace

double quantile(std::vector<double> const& sorted, double share) noexcept {
    if (sorted.empty())
        return 0;
    auto const rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

result<figures> collect_figures(desk const& d, viewer const& who) {
    collector all{d};
    view everything;
    everything.order = {"created_at"};
    everything.limit = limits::page_rows_max;
    do {
        GUICHET_LET(auto const found, d.query(everything, who));
        for (auto const& t : found.tickets)
            all.add(t);
        everything.cursor = found.next;
    } while (!everything.cursor.empty());
    auto out = all.finish();
    GUICHET_TRY(read_events(d, who, out));
    return out;
}

namespace {

/// `"name": number`, as often as needed.
struct object_writer {
    json::writer& w;
    object_writer& number(std::string_view name, std::uint64_t value) {
        w.key(name);
        w.number(value);
        return *this;
    }
    object_writer& number(std::string_view name, double value) {
        w.key(name);
        w.number(value);
        return *this;
    }
    object_writer& text(std::string_view name, std::string_view value) {
        w.key(name);
        w.text(value);
        return *this;
    }
};

/// A list of objects, one for each element.
template <class List, class Visitor>
void list(json::writer& w, std::string_view name, List const& elements, Visitor&& visit) {
    w.key(name);
    w.begin_array();
    for (auto const& element : elements) {
        w.begin_object();
        visit(object_writer{w}, element);
        w.end_object();
    }
    w.end_array();
}

} // namespace

std::string encode(figures const& f) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    object_writer{w}
        .number("tickets", f.tickets)
        .number("finished", f.finished)
        .number("events", f.events)
        .number("timers_fired", f.timers_fired)
        .number("reassignments", f.reassignments.times)
        .number("handovers", f.handovers.times)
        .number("reopenings", f.reopenings.times);
    if (f.tickets > 0)
        object_writer{w}.text("from", time::to_text(f.from)).text("to", time::to_text(f.to));
    list(w, "by_state_and_priority", f.by_state_and_priority, [](object_writer o, auto const& e) {
        o.text("state", e.first.first).text("priority", e.first.second).number("tickets", e.second);
    });
    list(w, "transitions", f.transitions, [](object_writer o, auto const& e) {
        o.text("from", e.first.first).text("to", e.first.second).number("count", e.second);
    });
    list(w, "openings", f.openings,
         [](object_writer o, auto const& e) { o.text("month", e.first).number("count", e.second); });
    list(w, "hours_to_resolve", f.hours_to_resolve, [](object_writer o, auto const& e) {
        o.text("priority", e.first).number("tickets", std::uint64_t{e.second.size()});
        o.number("median", quantile(e.second, 0.5)).number("p90", quantile(e.second, 0.9));
    });
    list(w, "clocks", f.clocks, [](object_writer o, auto const& e) {
        o.text("metric", e.first.first).text("priority", e.first.second).number("met", e.second.met);
        o.number("breached", e.second.breached).number("running", e.second.running);
    });
    list(w, "categories", f.categories,
         [](object_writer o, auto const& e) { o.text("category", e.first).number("tickets", e.second); });
    w.key("backlog");
    w.begin_array();
    for (auto const count : f.backlog)
        w.number(count);
    w.end_array();
    w.end_object();
    return out;
}

} // namespace guichet::cli
