#pragma once
#include "simulation/second_desk.hpp"

#include <guichet/time/iso8601.hpp>

#include <sstream>

/// A desk beside the second one: every clock, every verdict.
namespace naive {

struct comparison {
    std::size_t tickets = 0, clocks = 0, running = 0, sentences = 0;
    std::map<std::string, std::size_t> by_metric; ///< clocks
    std::map<std::string, std::size_t> by_word;   ///< sentences
    std::vector<std::string> differences;
};

inline std::string text_of(std::optional<instant> at) { return at ? time::to_text(*at) : "none"; }

inline std::string text_of(sentence const& s) {
    std::ostringstream out;
    out << text_of(s.at) << ' ' << s.word << ' ' << s.metric << '#' << s.cycle << ' ' << s.point << " due "
        << text_of(s.due) << ' ' << s.policy << " v" << s.version << (s.overrun ? " overrun" : "");
    return out.str();
}

class comparing {
public:
    comparing(guichet::desk const& of, std::string tenant, second_desk const& second, instant now)
        : desk_{of}, tenant_{std::move(tenant)}, second_{second}, now_{now} {}

    comparison run() {
        std::map<ticket_id, std::vector<sentence>> log;
        for (auto const& e : play::whole_log(desk_, tenant_))
            if (auto s = sentence_of(e))
                log[e.ticket].push_back(std::move(*s));
        auto const rows = play::all_tickets(desk_, tenant_);
        if (rows.size() != second_.tickets().size())
            out_.differences.push_back("the desks have not the same number of tickets");
        for (auto const& t : rows) {
            ++out_.tickets;
            auto const& expected = second_.tickets().at(t.id);
            here_ = t.number;
            same_log(log[t.id], expected);
            same_clocks(t, expected);
        }
        return std::move(out_);
    }

private:
    void expect(bool holds, std::string const& what, std::string const& found, std::string const& wanted) {
        if (!holds)
            out_.differences.push_back(here_ + ": " + what + " is " + found + ", counted: " + wanted);
    }
    void expect(std::string const& what, std::optional<instant> found, std::optional<instant> wanted) {
        if (found != wanted)
            expect(false, what, text_of(found), text_of(wanted));
    }

    void same_log(std::vector<sentence> found, watched const& expected) {
        auto wanted = expected.said;
        std::sort(found.begin(), found.end());
        std::sort(wanted.begin(), wanted.end());
        std::vector<sentence> more, less;
        std::set_difference(found.begin(), found.end(), wanted.begin(), wanted.end(), std::back_inserter(more));
        std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(), std::back_inserter(less));
        for (auto const& s : more)
            out_.differences.push_back(here_ + ": only the desk: " + text_of(s));
        for (auto const& s : less)
            out_.differences.push_back(here_ + ": only counted: " + text_of(s));
        out_.sentences += found.size();
        for (auto const& s : found)
            ++out_.by_word[s.word];
    }

    /// Every cycle of every promise, those long judged too.
    void same_clocks(ticket const& t, watched const& expected) {
        auto const config = desk_.config();
        auto const shown = desk_.clocks(t).value();
        std::size_t found = 0, wanted = 0, seen = 0;
        std::optional<instant> next;
        config->policies->each_chosen(t, now_, [&](sla::policy const& p) {
            for (auto const& rule : p.metrics) {
                auto const* goal = rule.find(t, config->policies->schema(), now_);
                for (auto const& one : goal ? sla::cycles(t, rule) : std::vector<sla::cycle>{}) {
                    ++found;
                    compared_[{rule.key, one.no}] = sla::measure(t, p, rule, *goal, one, now_);
                }
            }
        });
        second_.each_promise(
            expected.happened, [&](policy const&, promise const& m, goal const& g, minute_table const& table) {
                auto const cycles = expected.happened.cycles.find(m.metric);
                if (cycles == expected.happened.cycles.end())
                    return;
                std::uint32_t no = 0;
                for (auto const& one : cycles->second) {
                    ++wanted;
                    auto const place = std::pair{m.key, ++no};
                    auto const c = compared_.find(place);
                    if (c == compared_.end()) {
                        out_.differences.push_back(here_ + ": the desk has no clock " + place.first);
                        continue;
                    }
                    clock const counted{expected.happened, m.pause, one, table};
                    same_clock(c->second, one, counted, g);
                    for (auto const& s : shown)
                        if (s.metric == place.first && s.cycle == no) {
                            same_clock(s, one, counted, g);
                            ++seen;
                        }
                    if (auto const due = counted.reaches(g.within); due && !one.stopped && !counted.paused)
                        next = std::min(next.value_or(*due), *due);
                    ++out_.by_metric[place.first];
                    out_.running += !one.stopped;
                }
            });
        expect(found == wanted, "number of clocks", std::to_string(found), std::to_string(wanted));
        expect(seen == shown.size(), "number of clocks shown", std::to_string(shown.size()), std::to_string(seen));
        expect("due_at", t.due_at, next);
        bool const breached =
            std::any_of(expected.met.begin(), expected.met.end(), [](auto const& verdict) { return !verdict.second; });
        expect(t.breached == breached, "breached", t.breached ? "true" : "false", breached ? "true" : "false");
        out_.clocks += wanted;
        compared_.clear();
    }

    void same_clock(sla::clock const& c, cycle const& one, clock const& counted, goal const& g) {
        auto const name = std::string{c.metric} + "#" + std::to_string(c.cycle);
        auto const consumed = counted.consumed(now_);
        expect(name + " started", c.started, one.started);
        expect(name + " stopped", c.stopped, one.stopped);
        expect(name + " due", c.due, counted.reaches(g.within));
        expect(c.target == g.within, name + " target", std::to_string(c.target.count()),
               std::to_string(duration{g.within}.count()));
        expect(c.consumed == consumed, name + " consumed", std::to_string(c.consumed.count()),
               std::to_string(consumed.count()));
        expect(c.paused_since.has_value() == counted.paused, name + " paused", c.paused_since ? "true" : "false",
               counted.paused ? "true" : "false");
    }

    guichet::desk const& desk_;
    std::string tenant_;
    second_desk const& second_;
    instant now_;
    std::string here_;
    std::map<std::pair<std::string, std::uint32_t>, sla::clock> compared_;
    comparison out_;
};

/// The first few lines of many.
inline std::string some_of(std::vector<std::string> lines) {
    auto const count = lines.size();
    lines.resize(std::min<std::size_t>(count, 12));
    return std::to_string(count) + " differences" + play::joined(lines);
}

} // namespace naive
