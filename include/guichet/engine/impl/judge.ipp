#pragma once
#include <guichet/engine/finder.hpp>
#include <guichet/engine/impl/finder.ipp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

/// How well a finder suggests, judged by the tickets that articles helped.
namespace guichet::inline v0 {
namespace detail {

inline constexpr std::size_t judged_depth = 10;
inline constexpr std::size_t drift_tickets_min = 10;

/// nDCG at ten of a ranking, where an answer is right or is not: `right` of all, at these places (from 0).
inline double ndcg_of(std::vector<std::size_t> const& places, std::size_t right) {
    auto const worth = [](std::size_t place) { return 1 / std::log2(static_cast<double>(place) + 2); };
    double got = 0, best = 0;
    for (auto const place : places)
        got += worth(place);
    for (std::size_t place = 0; place < std::min(right, judged_depth); ++place)
        best += worth(place);
    return best > 0 ? got / best : 0;
}

/// The ticket that an article was drafted from, if it was from one: then its link stands right behind its writing.
inline result<ticket_id> drafted_from(storage::store& store, article const& a) {
    GUICHET_LET(auto const past, store.read_history(storage::in_log(a.id)));
    if (past.size() < 2 || past[1].seq != past[0].seq + 1 || past[1].type != type_number(article_linked{}))
        return ticket_id{};
    GUICHET_LET(auto const body, decode_body(type_name(past[1].type), past[1].body));
    return std::get<article_linked>(body).ticket;
}

/// Half of a list of shares beside the other half.
inline article_drift drift_of(article_id id, std::span<double const> shares) {
    auto const mean = [](std::span<double const> some) {
        double sum = 0;
        for (auto const one : some)
            sum += one;
        return some.empty() ? 0 : sum / static_cast<double>(some.size());
    };
    auto const half = shares.size() / 2;
    return {id, mean(shares.first(half)), mean(shares.subspan(half))};
}

} // namespace detail

/// Asks for tickets in an index of its own.
struct finder::judgement {
    implementation& in;
    viewer const& who;
    search::viewer eyes;
    search::index index;
    std::map<article_id, article> articles{};               ///< those that are an answer
    std::map<ticket_id, std::vector<article_id>> answers{}; ///< by the ticket
    std::set<article_id> altered{};                         ///< as if they had not helped some ticket
    std::map<article_id, std::vector<double>> shares{};     ///< the latest ticket first
    suggestion_quality out{};

    static result<judgement> of(implementation& in, viewer const& who) {
        GUICHET_LET(auto eyes, in.keys(who));
        GUICHET_LET(auto copy, search::index::open(in.index_options(), in.index.now().pieces()));
        judgement out{in, who, std::move(eyes), std::move(copy)};
        GUICHET_TRY(out.gather());
        return out;
    }

    result<void> gather() {
        auto const now = in.on.env().now();
        for (std::string after;;) {
            GUICHET_LET(auto page, in.on.articles(who, after, limits::page_rows_max));
            for (auto& a : page.articles) {
                if (a.state != article_state::published || !is_valid(a, now) || a.tickets.empty())
                    continue;
                GUICHET_LET(auto const source, detail::drafted_from(in.store, a));
                for (auto const t : a.tickets)
                    if (t != source)
                        answers[t].push_back(a.id);
                articles.emplace(a.id, std::move(a));
            }
            if (page.next.empty())
                return {};
            after = page.next;
        }
    }

    /// The latest first; tickets that he does not see, that are open, or that were resolved at another time are passed
    /// over.
    result<void> judge(report_period const& period, std::size_t tickets_max) {
        for (auto at = answers.rbegin(); at != answers.rend() && out.judged < tickets_max; ++at) {
            auto const t = in.on.find(at->first, who);
            if (!t && t.error().code() != errc::not_found)
                return t.error();
            bool const told = t && !t->open() && !t->merged_into && t->resolved_at && *t->resolved_at >= period.from &&
                              *t->resolved_at < period.to;
            if (told)
                GUICHET_TRY(judge(*t, at->second));
        }
        out.ndcg = out.judged ? out.ndcg / static_cast<double>(out.judged) : 0;
        for (auto& [id, some] : shares) {
            std::reverse(some.begin(), some.end());
            if (some.size() >= detail::drift_tickets_min)
                out.drift.push_back(detail::drift_of(id, some));
        }
        return {};
    }

    result<void> judge(ticket const& t, std::vector<article_id> const& right) {
        GUICHET_TRY(alter(t.id, right));
        GUICHET_LET(auto const said, detail::opening_of(in.on, t, who, in.options.language));
        detail::like_question const asked{t.id, said, eyes, index.now(), 0, in.on.env().now(), {}};
        auto hits = asked.read.find(detail::judged_depth * 2 + 2, detail::of_kind(detail::article_kind)).hits;
        auto const own = asked.own_score(), least = in.least_of(asked);
        std::erase_if(hits, [&](search::hit const& one) { return one.score < least; });
        count(hits, right);
        if (own > 0)
            for (auto const id : right) {
                auto const got = asked.read.explain(to_string(id) + std::string{detail::article_mark});
                shares[id].push_back(got ? got->score / own : 0);
            }
        return {};
    }

    /// Translations of one article are one answer.
    article_id original(article_id id) const {
        auto const known = articles.find(id);
        return known != articles.end() && known->second.translation_of ? known->second.translation_of : id;
    }

    void count(std::vector<search::hit> const& hits, std::vector<article_id> const& right) {
        std::set<article_id> wanted, met;
        for (auto const id : right)
            wanted.insert(original(id));
        std::vector<std::size_t> places;
        for (auto const& hit : hits) {
            auto const id = parse_id<article_id>(detail::thing_part(hit.id));
            if (!id || met.size() == detail::judged_depth || !met.insert(original(*id)).second)
                continue;
            if (wanted.contains(original(*id)))
                places.push_back(met.size() - 1);
        }
        ++out.judged;
        out.first += !places.empty() && places.front() == 0;
        out.in_ten += !places.empty();
        out.ndcg += detail::ndcg_of(places, wanted.size());
    }

    /// Makes the answers what they would be if they had not helped this ticket, and others what they are.
    result<void> alter(ticket_id without, std::vector<article_id> const& answers_to_it) {
        std::vector<search::document> fresh;
        for (auto const id : std::exchange(altered, {}))
            if (std::find(answers_to_it.begin(), answers_to_it.end(), id) == answers_to_it.end())
                GUICHET_TRY(put(articles.at(id), fresh));
        for (auto const id : answers_to_it) {
            auto other = articles.at(id);
            std::erase(other.tickets, without);
            --other.uses;
            GUICHET_TRY(put(other, fresh));
            altered.insert(id);
        }
        index.add(fresh);
        return {};
    }
    result<void> put(article const& a, std::vector<search::document>& into) {
        GUICHET_LET(auto both, in.documents_of(a));
        for (auto* d : {&both.own, &both.with_tickets})
            if (detail::says_something(*d))
                into.push_back(std::move(*d));
            else
                index.remove(d->id);
        return {};
    }
};

GUICHET_DECL result<suggestion_quality> finder::judge(viewer const& who, report_period const& period,
                                                      std::size_t tickets_max) const {
    GUICHET_TRY(impl_->on.config()->roles->require(who, access::audit));
    GUICHET_TRY(impl_->read_on());
    GUICHET_LET(auto work, judgement::of(*impl_, who));
    GUICHET_TRY(work.judge(period, tickets_max));
    return std::move(work.out);
}

} // namespace guichet::inline v0
