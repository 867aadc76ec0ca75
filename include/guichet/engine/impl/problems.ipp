#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/trends/tail.hpp>

#include <algorithm>

/// Whether what was done about a problem helped.
namespace guichet::inline v0 {
namespace detail {

/// The tickets alike of a problem: those that it caused, and others of its category and of their kinds.
class alike_tickets {
public:
    alike_tickets(desk const& of, viewer const& who, ticket const& problem) : desk_{of}, who_{who}, problem_{problem} {
        for (auto const& link : problem.links)
            if (link.kind == link_kind::causes)
                if (auto caused = of.find(link.ticket, who))
                    add(std::move(*caused));
    }

    result<std::uint64_t> count(report_period const& within) const {
        auto out = static_cast<std::uint64_t>(std::count_if(caused_.begin(), caused_.end(), [&](ticket const& t) {
            return !counted_by_category(t) && t.created_at >= within.from && t.created_at < within.to;
        }));
        if (problem_.category.empty() || kinds_.empty())
            return out;
        using namespace expr;
        view wanted;
        wanted.matching =
            all_of({where("category", op::equal, problem_.category), where("kind", op::in, kinds_),
                    where("created_at", op::greater_equal, within.from), where("created_at", op::less, within.to)});
        GUICHET_LET(auto const found, desk_.count(std::span{&wanted, 1}, who_));
        return out + found.front().count;
    }

private:
    void add(ticket t) {
        if (std::find(kinds_.begin(), kinds_.end(), expr::literal{t.kind}) == kinds_.end())
            kinds_.emplace_back(t.kind);
        caused_.push_back(std::move(t));
    }
    bool counted_by_category(ticket const& t) const {
        return !problem_.category.empty() && t.category == problem_.category;
    }

    desk const& desk_;
    viewer const& who_;
    ticket const& problem_;
    std::vector<ticket> caused_;
    std::vector<expr::literal> kinds_;
};

} // namespace detail

GUICHET_DECL result<problem_effect> desk::effect_of(ticket_id problem, viewer const& who, ticket_id action,
                                                    std::optional<instant> since, std::chrono::days over) const {
    GUICHET_LET(auto const about, find(problem, who));
    if (over.count() < 1 || over.count() > 3'660)
        return error{reason::bad_value,
                     {{"path", "days"}, {"value", std::to_string(over.count())}, {"hint", "from 1 to 3660"}}};
    problem_effect out;
    if (since) {
        out.since = *since;
    } else {
        GUICHET_LET(auto const done, find(action ? action : problem, who));
        if (!done.resolved_at)
            return error{reason::ticket_not_resolved};
        out.since = *done.resolved_at;
    }
    auto const now = env_.now();
    out.before = {out.since - over, out.since};
    out.after = {out.since, std::max(out.since, std::min(out.since + over, now))};
    detail::alike_tickets const alike{*this, who, about};
    GUICHET_LET(out.tickets_before, alike.count(out.before));
    GUICHET_LET(out.tickets_after, alike.count(out.after));
    auto const length = [](report_period const& p) { return static_cast<double>((p.to - p.from).count()); };
    if (out.tickets_before && length(out.after) > 0) {
        // Given the number after, that before is negative binomial.
        auto const shape = static_cast<double>(out.tickets_after + 1);
        auto const seen =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(out.tickets_before, limits::counted_rows_max));
        out.chance = trends::upper_tail(seen, shape * length(out.before) / length(out.after), shape);
    }
    return out;
}

} // namespace guichet::inline v0
