#include "report.hpp"

#include "plot.hpp"
#include "table.hpp"

#include <algorithm>
#include <set>

namespace guichet::cli {
namespace {

/// Prints the report part by part.
class reporter {
public:
    reporter(console const& out, vocabulary const& words, figures const& f) : out_{out}, words_{words}, f_{f} {
        std::set<std::string> seen;
        for (auto const& [key, count] : f.by_state_and_priority)
            seen.insert(key.second);
        for (auto const& p : words.lifecycle.priorities)
            if (seen.erase(p.name))
                priorities_.push_back(p.name);
        priorities_.insert(priorities_.end(), seen.begin(), seen.end());
    }

    std::string title() const {
        auto const period =
            f_.tickets ? out_.say(msg::report_period, out_.short_date(f_.from), out_.short_date(f_.to)) : "";
        return "\n" + out_.paint(style::bold, out_.say(msg::report_title)) + "  " + out_.paint(style::dim, period) +
               "\n";
    }

    std::string matrix() const {
        std::vector<table::column> columns{{out_.say(msg::state)}};
        for (auto const& p : priorities_)
            columns.push_back({label(p), true});
        columns.push_back({out_.say(msg::report_total), true});
        table rows{std::move(columns)};
        std::vector<std::uint64_t> sums(priorities_.size() + 1);
        for (auto const& s : words_.lifecycle.states) {
            std::vector<cell> row{{words_.state(s.name), style_of(s.status)}};
            std::uint64_t total = 0;
            for (std::size_t i = 0; i < priorities_.size(); ++i) {
                auto const count = count_of({s.name, priorities_[i]});
                row.push_back(number(count));
                total += count;
                sums[i] += count;
            }
            row.push_back(number(total));
            sums.back() += total;
            if (total > 0)
                rows.add(std::move(row));
        }
        std::vector<cell> last{{out_.say(msg::report_total), style::bold}};
        for (auto const sum : sums)
            last.push_back({out_.number(sum), style::bold});
        rows.add(std::move(last));
        return section(msg::report_tickets) + rows.print(out_, 2);
    }

    std::string backlog() const {
        if (f_.backlog.empty())
            return {};
        return section(msg::report_backlog) +
               plot(out_, f_.backlog, 6, out_.short_date(f_.from).substr(0, 10), out_.short_date(f_.to).substr(0, 10));
    }

    std::string moves() const {
        std::string text = section(msg::report_moves);
        auto const line = [&](msg what, figures::move_count const& m) {
            text += fmt::format("  {}  {}  {}\n", padded(out_.number(m.times), 9, true), padded(out_.say(what), 20),
                                out_.paint(style::dim, out_.say(msg::report_of_tickets, out_.number(m.tickets))));
        };
        auto const plain = [&](msg what, std::uint64_t count) {
            text += fmt::format("  {}  {}\n", padded(out_.number(count), 9, true), out_.say(what));
        };
        plain(msg::report_opened, f_.tickets);
        plain(msg::report_resolved, f_.finished);
        line(msg::report_reassignments, f_.reassignments);
        line(msg::report_handovers, f_.handovers);
        line(msg::report_reopenings, f_.reopenings);
        return text;
    }

    std::string resolution() const {
        table rows{{{out_.say(msg::priority)},
                    {out_.say(msg::report_tickets_short), true},
                    {out_.say(msg::report_median), true},
                    {out_.say(msg::report_p90), true}}};
        for (auto const& p : priorities_)
            if (auto const found = f_.hours_to_resolve.find(p); found != f_.hours_to_resolve.end())
                rows.add({{label(p), style_of_priority(words_.lifecycle, p)},
                          {out_.number(found->second.size())},
                          {out_.decimal(quantile(found->second, 0.5), 1)},
                          {out_.decimal(quantile(found->second, 0.9), 1)}});
        return rows.empty() ? std::string{} : section(msg::report_resolution) + rows.print(out_, 2);
    }

    std::string clocks() const {
        table rows{{{""},
                    {out_.say(msg::priority)},
                    {out_.say(msg::report_met), true},
                    {out_.say(msg::report_breached), true},
                    {out_.say(msg::report_running), true},
                    {out_.say(msg::report_share), true}}};
        for (auto const* metric : {"first_response", "resolution"}) {
            bool first = true;
            for (auto const& p : priorities_)
                if (auto const found = f_.clocks.find({metric, p}); found != f_.clocks.end()) {
                    auto const& c = found->second;
                    rows.add({{std::exchange(first, false) ? words_.metric(metric) : std::string{}},
                              {label(p), style_of_priority(words_.lifecycle, p)},
                              {out_.number(c.met), style::green},
                              {out_.number(c.breached), c.breached ? style::red : style::dim},
                              number(c.running),
                              {out_.percent(static_cast<double>(c.met), static_cast<double>(c.met + c.breached))}});
                }
        }
        return rows.empty() ? std::string{} : section(msg::report_clocks) + rows.print(out_, 2);
    }

    std::string categories() const {
        std::string text;
        auto const shown = std::min<std::size_t>(f_.categories.size(), 5);
        std::size_t width = 0;
        for (std::size_t i = 0; i < shown; ++i)
            width = std::max(width, columns(name_of(i)));
        for (std::size_t i = 0; i < shown; ++i) {
            auto const count = f_.categories[i].second;
            std::string bar;
            for (std::uint64_t n = 0; n < count * 30 / std::max<std::uint64_t>(f_.categories[0].second, 1); ++n)
                bar += "█";
            text +=
                fmt::format("  {}  {}  {}  {}\n", padded(name_of(i), width), padded(out_.number(count), 7, true),
                            padded(out_.percent(static_cast<double>(count), static_cast<double>(f_.tickets)), 7, true),
                            out_.paint(style::cyan, bar));
        }
        return section(msg::report_categories) + text;
    }

    std::string machine(report_machine const& m) const {
        std::string text = section(msg::report_machine);
        auto const line = [&](std::string const& value, msg what) {
            text += fmt::format("  {}  {}\n", padded(value, 9, true), out_.say(what));
        };
        line(out_.number(f_.timers_fired), msg::report_timers);
        line(out_.number(f_.events), msg::report_events);
        if (m.replay) {
            auto const& r = *m.replay;
            line(out_.number(r.commands), msg::report_commands);
            line(out_.number(r.silent_rows), msg::report_silent);
            if (r.bad_states)
                line(out_.number(r.bad_states), msg::report_bad_states);
            line(out_.number(r.skipped.size()), msg::report_skipped);
        }
        if (m.stats.bytes)
            line(out_.bytes(m.stats.bytes), msg::report_file);
        if (m.replay && m.replay->seconds > 0) {
            auto const per_second = [&](std::size_t count) {
                return out_.number(static_cast<std::uint64_t>(static_cast<double>(count) / m.replay->seconds));
            };
            text += "  " +
                    out_.paint(style::bold,
                               out_.say(msg::report_rate, per_second(m.replay->commands), per_second(m.replay->rows))) +
                    "\n";
        }
        return text;
    }

    std::string explore(std::string const& call) const {
        if (call.empty() || f_.tickets == 0)
            return {};
        auto const* wanted =
            f_.finished < f_.tickets ? "list --status open --order -priority" : "list --breached --order -priority";
        return section(msg::report_explore) +
               fmt::format("  {0} {1}\n  {0} show {2}\n  {0} history {2}\n", call, wanted, f_.telling_ticket);
    }

private:
    std::string section(msg title) const { return "\n" + out_.paint(style::bold, out_.say(title)) + "\n"; }
    std::string label(std::string const& priority) const { return priority.empty() ? "-" : words_.priority(priority); }
    std::string name_of(std::size_t category) const {
        auto const& name = f_.categories[category].first;
        return name.empty() ? out_.say(msg::report_no_category) : clipped(harmless(name), 40);
    }
    std::uint64_t count_of(figures::name_pair const& key) const {
        auto const found = f_.by_state_and_priority.find(key);
        return found == f_.by_state_and_priority.end() ? 0 : found->second;
    }
    cell number(std::uint64_t count) const { return count ? cell{out_.number(count)} : cell{"·", style::dim}; }

    console const& out_;
    vocabulary const& words_;
    figures const& f_;
    std::vector<std::string> priorities_;
};

} // namespace

std::string print_report(console const& out, vocabulary const& words, figures const& f, report_machine const& m) {
    reporter const part{out, words, f};
    return part.title() + part.matrix() + part.backlog() + part.moves() + part.resolution() + part.clocks() +
           part.categories() + part.machine(m) + part.explore(m.call);
}

} // namespace guichet::cli
