#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/reporting/impl/row_filter.ipp>
#include <guichet/reporting/impl/timeline.ipp>
#include <guichet/reporting/report.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace guichet::inline v0::reporting {
namespace detail {

/// What is counted of the tickets that share their keys.
using sums = std::array<std::int64_t, 4>;

/// A figure is a sum, or a sum in relation to another one.
struct figure {
    std::string_view name;
    unit in = unit::tickets;
    std::size_t sum = 0;
    static constexpr int alone = -1, of_all = -2; ///< as it is; its share of the sum of all rows
    int over = alone;
};

class maker;

struct kind_of_report {
    std::string_view name, by;
    bool moves = false;  ///< state, team and tier are those of the time that is counted
    bool judges = false; ///< policy and metric are keys, too
    void (maker::*fill)() = nullptr;
    std::vector<figure> figures{};
};
inline std::vector<kind_of_report> const& reports();

/// One thing that is counted, as far as keys ask for it.
struct fact {
    std::uint32_t row = 0;
    instant at{};
    stay const* in = nullptr;
    verdict const* judged = nullptr;
};

/// One of the keys: where its code comes from.
struct key_column {
    enum class source : std::uint8_t { row, time, state, team, tier, policy, metric };
    source from = source::row;
    std::span<code const> codes{};
    dictionary const* words = nullptr;
    std::uint64_t size = 0;
};

class maker {
public:
    maker(ledger const& of, request const& asked, kind_of_report const& kind, row_filter where)
        : of_{of}, asked_{asked}, kind_{kind}, where_{std::move(where)}, from_{std::max(asked.from, of.earliest())} {
        auto const last = std::max(of.latest(), std::min(asked.now, instant::max() - tick_));
        to_ = std::min(asked.to, last + tick_);
        now_ = std::min(asked.now, to_);
    }

    result<void> use_keys(std::vector<std::string> const& by) {
        for (auto const& name : by)
            GUICHET_TRY(use_key(name));
        std::uint64_t size = 1;
        for (auto const& one : keys_) {
            if (size > (std::uint64_t{1} << 62) / std::max<std::uint64_t>(one.size, 1))
                return error{reason::bad_value,
                             {{"path", "by"}, {"value", by.back()}, {"hint", "there are too many keys; name fewer"}}};
            size *= std::max<std::uint64_t>(one.size, 1);
        }
        if (size <= dense_max)
            places_.assign(size, 0);
        return {};
    }

    result<table> make() {
        table out{std::string{kind_.name}, {}, {}, {}};
        if (from_ < to_)
            (this->*kind_.fill)();
        for (auto const& f : kind_.figures)
            out.measures.push_back({f.name, f.in});
        if (kind_.fill == &maker::backlog && time_)
            carry_on();
        if (all_.size() > limits::report_rows_max)
            return error{reason::limit_passed,
                         {{"path", "report"},
                          {"found", std::to_string(all_.size()) + " rows"},
                          {"limit", std::to_string(limits::report_rows_max)}}};
        write_rows(out);
        return out;
    }

    void volume() {
        auto const created = of_.times(moment::created), resolved = of_.times(moment::resolved),
                   closed = of_.times(moment::closed);
        each_row([&](std::uint32_t row) {
            std::size_t sum = 0;
            for (auto const at : {created[row], resolved[row], closed[row]}) {
                if (inside(at))
                    ++at_key({row, at})[sum];
                ++sum;
            }
        });
    }

    /// Each stretch of being open adds one where it begins and takes one away after it ended.
    void backlog() {
        each_row([&](std::uint32_t row) {
            auto const all = of_.stays(row);
            for (std::size_t i = 0; i < all.size();) {
                if (!is_open(all[i].status)) {
                    ++i;
                    continue;
                }
                auto const& first = all[i];
                do
                    ++i;
                while (!by_stay_ && i < all.size() && is_open(all[i].status));
                auto const end = i < all.size() ? all[i].from : never;
                auto const begin = std::max(first.from, from_);
                if (begin >= to_ || end <= begin)
                    continue;
                ++at_key({row, begin, &first})[0];
                if (end < to_)
                    --at_key({row, end, &first})[0];
            }
        });
    }

    void fcr() {
        auto const handovers = of_.numbers(count::handovers), replies = of_.numbers(count::replies),
                   reopenings = of_.numbers(count::reopenings);
        each_resolved([&](std::uint32_t row, sums& s) {
            ++s[0];
            s[1] += handovers[row] == 0 && reopenings[row] == 0 && replies[row] <= 1;
        });
    }

    void time() {
        std::optional<work_sheet> hours;
        if (asked_.hours)
            hours.emplace(*asked_.hours, from_, to_);
        std::vector<std::uint32_t> last; // the row that was counted last, by place
        auto const closed = of_.times(moment::closed);
        each_row([&](std::uint32_t row) {
            auto const all = of_.stays(row);
            // Once it is closed, a ticket is nowhere any more; that may be after now, by a clock that was set back.
            auto const end = closed[row] == never ? now_ : std::min(closed[row], to_);
            for (std::size_t i = 0; i < all.size(); ++i) {
                auto begin = std::max(all[i].from, from_);
                auto const until = i + 1 < all.size() ? std::min(all[i + 1].from, end) : end;
                while (begin < until) {
                    auto const stop = time_ ? std::min(until, line_.end(line_.at(begin))) : until;
                    auto& s = at_key({row, begin, &all[i]});
                    auto const place = static_cast<std::size_t>(&s - all_.data());
                    last.resize(std::max(last.size(), all_.size()), ~std::uint32_t{});
                    s[0] += std::exchange(last[place], row) != row;
                    s[1] += (stop - begin).count();
                    s[2] += hours ? hours->between(begin, stop).count() : 0;
                    begin = stop;
                }
            }
        });
    }

    /// A resolution, and the reopening of it, are told of who held the ticket when it was resolved.
    void reopen() {
        each_row([&](std::uint32_t row) {
            auto const all = of_.stays(row);
            stay const* resolved = nullptr;
            for (std::size_t i = 0; i < all.size(); ++i) {
                bool const open = is_open(all[i].status), was = i == 0 || is_open(all[i - 1].status);
                if (open == was && !(i == 0 && !open))
                    continue;
                if (!open)
                    resolved = &all[i ? i - 1 : 0];
                if (inside(all[i].from))
                    ++at_key({row, all[i].from, resolved})[open ? 1 : 0];
            }
        });
    }

    void sla() {
        each_row([&](std::uint32_t row) {
            for (auto const& one : of_.verdicts(row)) {
                if (!inside(one.at) || one.until < asked_.to)
                    continue;
                auto& s = at_key({row, one.at, nullptr, &one});
                ++s[one.met ? 0 : 1];
                s[2] = std::max<std::int64_t>(s[2], one.late.count());
                ++s[3];
            }
        });
    }

    void cost() {
        auto const logged = of_.numbers(count::logged_seconds);
        each_resolved([&](std::uint32_t row, sums& s) {
            ++s[0];
            s[1] += std::int64_t{logged[row]} * 1'000;
        });
    }

    void satisfaction() {
        auto const scores = of_.numbers(count::score);
        each_resolved([&](std::uint32_t row, sums& s) {
            ++s[0];
            s[1] += scores[row] > 0;
            s[2] += scores[row];
            s[3] += scores[row] >= 4;
        });
    }

private:
    static constexpr std::uint64_t dense_max = 1 << 22;
    static constexpr duration tick_{1};

    result<void> use_key(std::string const& name) {
        using source = key_column::source;
        key_column one;
        auto const taken = [&](source from, dictionary const& words) {
            one.from = from;
            one.words = &words;
            one.size = words.size();
        };
        auto const dimension = dimension_of(name);
        bool const held = name == "state" || name == "team" || name == "tier";
        if (auto const in = period_of(name); in && !time_) {
            if (to_ - from_ > periods_max)
                return error{reason::bad_value,
                             {{"path", "by"}, {"value", name}, {"hint", "name a period of at most 200 years"}}};
            line_ = from_ < to_ ? timeline{*in, from_, to_} : timeline{};
            one.from = source::time;
            one.size = line_.size();
            time_ = keys_.size();
        } else if (kind_.moves && held) {
            taken(name == "state"  ? source::state
                  : name == "team" ? source::team
                                   : source::tier,
                  of_.words(*dimension));
            by_stay_ = true;
        } else if (dimension) {
            taken(source::row, of_.words(*dimension));
            one.codes = of_.codes(*dimension);
        } else if (kind_.judges && name == "policy")
            taken(source::policy, of_.policies());
        else if (kind_.judges && name == "metric")
            taken(source::metric, of_.metrics());
        else
            return error{reason::unknown_value, {{"path", "by"}, {"value", name}, {"known", known_keys()}}};
        keys_.push_back(one);
        names_.push_back(name);
        return {};
    }

    std::string known_keys() const {
        std::string out = "one of day, week, month, quarter, year";
        for (auto const one : dimensions)
            out.append(", ").append(one);
        return out + (kind_.judges ? ", policy, metric" : "");
    }

    template <class Each>
    void each_row(Each const& act) {
        for (std::uint32_t row = 0; row < of_.rows(); ++row)
            if (where_.passes(row))
                act(row);
    }
    template <class Each>
    void each_resolved(Each const& act) {
        auto const resolved = of_.times(moment::resolved);
        each_row([&](std::uint32_t row) {
            if (inside(resolved[row]))
                act(row, at_key({row, resolved[row]}));
        });
    }
    bool inside(instant at) const noexcept { return from_ <= at && at < to_; }

    code code_of(key_column const& one, fact const& f) const noexcept {
        using source = key_column::source;
        switch (one.from) {
        case source::row: return one.codes[f.row];
        case source::time: return line_.at(f.at);
        case source::state: return f.in->state;
        case source::team: return f.in->team;
        case source::tier: return f.in->tier;
        case source::policy: return f.judged->policy;
        case source::metric: return f.judged->metric;
        }
        return 0;
    }

    /// What is counted under the keys of a fact. Valid until the next call.
    sums& at_key(fact const& f) {
        std::uint64_t key = 0;
        for (auto const& one : keys_)
            key = key * one.size + code_of(one, f);
        return at_key(key);
    }
    sums& at_key(std::uint64_t key) {
        auto& place = places_.empty() ? sparse_[key] : places_[static_cast<std::size_t>(key)];
        if (place == 0) {
            all_.emplace_back();
            key_of_.push_back(key);
            place = static_cast<std::uint32_t>(all_.size());
        }
        return all_[place - 1];
    }

    /// Turns what came and went in each period into what was there at its end.
    void carry_on() {
        std::uint64_t inner = 1;
        for (std::size_t i = *time_ + 1; i < keys_.size(); ++i)
            inner *= keys_[i].size;
        auto const size = keys_[*time_].size;
        std::map<std::uint64_t, std::vector<std::int64_t>> changes; // by the other keys
        for (std::size_t i = 0; i < all_.size(); ++i) {
            auto const period = key_of_[i] / inner % size;
            auto& line = changes[key_of_[i] - period * inner];
            line.resize(static_cast<std::size_t>(size));
            line[static_cast<std::size_t>(period)] = all_[i][0];
        }
        all_.clear();
        key_of_.clear();
        for (auto const& [rest, line] : changes) {
            std::int64_t sum = 0;
            for (std::size_t period = 0; period < line.size(); ++period) {
                sum += line[period];
                all_.push_back({sum});
                key_of_.push_back(rest + period * inner);
            }
        }
    }

    std::vector<std::string> texts_of(std::uint64_t key) const {
        std::vector<std::string> out(keys_.size());
        for (auto i = keys_.size(); i-- > 0;) {
            auto const which = static_cast<code>(key % keys_[i].size);
            key /= keys_[i].size;
            out[i] = keys_[i].words ? (*keys_[i].words)[which] : line_.name(which);
        }
        return out;
    }

    double in_unit(figure const& f, std::int64_t n) const noexcept {
        if (f.in == unit::money)
            return static_cast<double>(n) / 3'600'000 * asked_.hourly_rate;
        return static_cast<double>(n) / (f.in == unit::seconds ? 1'000 : 1);
    }
    std::optional<double> value_of(figure const& f, sums const& s, sums const& total) const {
        if (f.over == figure::alone)
            return in_unit(f, s[f.sum]);
        auto const under = f.over == figure::of_all ? total[f.sum] : s[static_cast<std::size_t>(f.over)];
        return under ? std::optional{in_unit(f, s[f.sum]) / static_cast<double>(under)} : std::nullopt;
    }

    void write_rows(table& out) const {
        out.keys = names_;
        sums total{};
        for (auto const& s : all_)
            for (std::size_t i = 0; i < total.size(); ++i)
                total[i] += s[i];
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if (all_[i] == sums{} && !time_)
                continue;
            auto& row = out.rows.emplace_back();
            row.keys = texts_of(key_of_[i]);
            for (auto const& f : kind_.figures)
                row.values.push_back(value_of(f, all_[i], total));
        }
        bool const frequent_first = kind_.name == "causes";
        std::sort(out.rows.begin(), out.rows.end(), [&](table_row const& a, table_row const& b) {
            return frequent_first && a.values[0] != b.values[0] ? a.values[0] > b.values[0] : a.keys < b.keys;
        });
        if (asked_.top && out.rows.size() > asked_.top)
            out.rows.resize(asked_.top);
    }

    static constexpr duration periods_max = std::chrono::days{73'050};

    ledger const& of_;
    request const& asked_;
    kind_of_report const& kind_;
    row_filter where_;
    instant from_, to_, now_;
    std::vector<key_column> keys_;
    std::vector<std::string> names_;
    std::optional<std::size_t> time_{}; ///< which key is the time
    bool by_stay_ = false;
    timeline line_;
    std::vector<std::uint32_t> places_; ///< by key: where its sums are, from 1; empty: there are too many keys
    std::unordered_map<std::uint64_t, std::uint32_t> sparse_;
    std::vector<sums> all_;
    std::vector<std::uint64_t> key_of_;
};

inline std::vector<kind_of_report> const& reports() {
    using enum unit;
    constexpr auto of_all = figure::of_all;
    static std::vector<kind_of_report> const all{
        {"volume",
         "month",
         false,
         false,
         &maker::volume,
         {{"opened", tickets, 0}, {"resolved", tickets, 1}, {"closed", tickets, 2}}},
        {"backlog", "day", true, false, &maker::backlog, {{"open", tickets, 0}}},
        {"fcr",
         "month",
         false,
         false,
         &maker::fcr,
         {{"resolved", tickets, 0}, {"first_contact", tickets, 1}, {"share", share, 1, 0}}},
        {"time",
         "state",
         true,
         false,
         &maker::time,
         {{"tickets", tickets, 0},
          {"wall_seconds", seconds, 1},
          {"working_seconds", seconds, 2},
          {"mean_wall_seconds", seconds, 1, 0}}},
        {"reopen",
         "month",
         true,
         false,
         &maker::reopen,
         {{"resolutions", times, 0}, {"reopenings", times, 1}, {"share", share, 1, 0}}},
        {"sla",
         "month policy metric priority team",
         false,
         true,
         &maker::sla,
         {{"met", times, 0}, {"breached", times, 1}, {"share", share, 0, 3}, {"latest_seconds", seconds, 2}}},
        {"cost",
         "month",
         false,
         false,
         &maker::cost,
         {{"resolved", tickets, 0},
          {"logged_seconds", seconds, 1},
          {"seconds_a_ticket", seconds, 1, 0},
          {"cost", money, 1},
          {"cost_a_ticket", money, 1, 0}}},
        {"causes",
         "category resolution_code",
         false,
         false,
         &maker::cost,
         {{"resolved", tickets, 0}, {"share", share, 0, of_all}, {"logged_seconds", seconds, 1}}},
        {"satisfaction",
         "month",
         false,
         false,
         &maker::satisfaction,
         {{"resolved", tickets, 0}, {"answers", tickets, 1}, {"score", score, 2, 1}, {"content", share, 3, 1}}},
    };
    return all;
}

inline std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        auto const end = std::min(list.find(' '), list.size());
        out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

} // namespace detail

GUICHET_DECL std::string_view name_of(unit which) noexcept {
    static constexpr std::array<std::string_view, 6> names{"tickets", "times", "share", "seconds", "money", "score"};
    return names[static_cast<std::size_t>(which)];
}

GUICHET_DECL std::optional<std::size_t> table::time_key() const noexcept {
    for (std::size_t i = 0; i < keys.size(); ++i)
        if (detail::period_of(keys[i]))
            return i;
    return {};
}

GUICHET_DECL std::string known_reports() {
    std::string out;
    for (auto const& one : detail::reports())
        out.append(out.empty() ? "" : ", ").append(one.name);
    return out;
}

GUICHET_DECL result<table> report(ledger const& of, request const& asked) {
    auto const& all = detail::reports();
    auto const kind = std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.name == asked.what; });
    if (kind == all.end())
        return error{reason::unknown_value, {{"path", "report"}, {"value", asked.what}, {"known", known_reports()}}};
    GUICHET_LET(auto where, detail::row_filter::make(of, asked.where, asked.with, asked.tenant));
    detail::maker make{of, asked, *kind, std::move(where)};
    GUICHET_TRY(make.use_keys(asked.by.empty() ? detail::words_of(kind->by) : asked.by));
    return make.make();
}

} // namespace guichet::inline v0::reporting
