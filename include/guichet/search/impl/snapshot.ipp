#pragma once
#include <guichet/search/impl/plan.ipp>
#include <guichet/search/index.hpp>

namespace guichet::inline v0::search {
namespace detail {

/// What does not change with the documents.
struct setting {
    index_options options;
    registry known;
    mutable analyser_pool analysers;
};

/// Whether the words stand one behind the other in a field of the document.
inline bool in_order(text::analysers& with, document const& of, demand const& wish) {
    auto& analyser = with.of(of.language);
    for (std::size_t f = 0; f < fields; ++f) {
        if (wish.in && static_cast<std::size_t>(*wish.in) != f)
            continue;
        std::vector<std::string_view> words;
        for (auto const& t : analyser.analyse(of.texts[f]))
            if (t.kind != text::token_kind::gram)
                words.push_back(t.term);
        if (std::search(words.begin(), words.end(), wish.terms.begin(), wish.terms.end()) != words.end())
            return true;
    }
    return false;
}

} // namespace detail

struct snapshot::state {
    std::shared_ptr<detail::setting const> set;
    std::vector<std::shared_ptr<detail::part const>> parts;

    detail::view seen_by(viewer const& who) const {
        detail::eyes const eyes{who};
        detail::view out;
        for (auto const& p : parts) {
            auto seen = p->seen_by(eyes, set->known);
            if (seen->documents == 0)
                continue;
            out.documents += seen->documents;
            for (std::size_t f = 0; f < fields; ++f)
                out.sums[f] += seen->sums[f];
            out.parts.push_back({p->of.get(), std::move(seen)});
        }
        return out;
    }

    /// The plan of a request, with what it points to.
    struct prepared {
        detail::view seen;
        detail::search_plan plan;
        detail::field_worth worth;
        std::string did_you_mean;
    };

    prepared prepare(request const& asked, text::analysers& with) const {
        auto const& r = set->options.rank;
        auto seen = seen_by(asked.who);
        detail::planner planner{asked, seen, r, set->options.synonym, with};
        auto plan = planner.plan();
        detail::field_worth worth{r, seen.sums, static_cast<double>(seen.documents)};
        plan.kinds_only = !asked.kinds.empty();
        for (auto const& kind : asked.kinds)
            if (auto const number = set->known.find_kind(kind))
                plan.kinds.push_back(*number);
        plan.in_order = [&with](document const& of, detail::demand const& wish) {
            return detail::in_order(with, of, wish);
        };
        return {std::move(seen), std::move(plan), worth, planner.did_you_mean()};
    }
};

GUICHET_DECL answer snapshot::find(request const& asked) const {
    auto analysers = state_->set->analysers.borrow();
    auto ready = state_->prepare(asked, *analysers);
    ready.plan.worth = &ready.worth;
    answer out;
    out.did_you_mean = std::move(ready.did_you_mean);
    if (asked.top == 0 || ready.plan.terms.empty())
        return out;
    detail::best best{asked.top};
    for (std::uint32_t i = 0; i < ready.seen.parts.size(); ++i)
        detail::part_search{ready.seen.parts[i], i, ready.plan, best}.go();
    for (auto const& one : std::move(best).sorted()) {
        auto const& record = ready.seen.parts[one.part].of->records[one.doc];
        out.hits.push_back({record.id, state_->set->known.kind_name(record.kind), one.score * detail::point});
    }
    return out;
}

GUICHET_DECL std::optional<explanation> snapshot::explain(request const& asked, std::string_view id) const {
    auto analysers = state_->set->analysers.borrow();
    auto const ready = state_->prepare(asked, *analysers);
    for (auto const& p : ready.seen.parts)
        for (std::uint32_t doc = 0; doc < p.of->size(); ++doc) {
            if (p.of->records[doc].id != id || !p.seen->sees(doc))
                continue;
            explanation out;
            for (auto const& one : ready.plan.terms) {
                auto const at = p.of->terms.find(one.term);
                if (at == detail::none)
                    continue;
                auto c = p.of->postings_of(at);
                c.seek(doc);
                if (c.doc() != doc)
                    continue;
                auto const& counts = p.of->shapes[c.shape()];
                auto const& sizes = p.of->sizes[doc];
                auto const strength = detail::strength_in(ready.worth, counts, sizes, one.in);
                auto const score = detail::points_of(one.weight, strength, ready.plan.k1) * detail::point;
                share part{one.term, one.typed, ready.seen.documents, one.having, one.idf,
                           one.weight / one.idf, strength, score, {}};
                if (part.term.starts_with(text::gram_mark))
                    part.term.erase(0, 1);
                for (std::size_t f = 0; f < fields; ++f)
                    if (counts[f] > 0 && (!one.in || static_cast<std::size_t>(*one.in) == f))
                        part.seen.push_back({static_cast<field>(f), counts[f], length_of(sizes[f]),
                                             ready.worth.average(f), counts[f] * ready.worth(f, sizes[f])});
                out.score += score;
                out.shares.push_back(std::move(part));
            }
            return out;
        }
    return {};
}

GUICHET_DECL std::vector<std::string> snapshot::suggest(std::string_view typed, viewer const& who,
                                                        std::size_t top) const {
    auto const space = typed.find_last_of(" \t\n");
    auto const beginning = text::fold(typed.substr(space == std::string_view::npos ? 0 : space + 1));
    std::vector<std::string> out;
    if (beginning.empty())
        return out;
    for (auto& one : detail::planner::completions(state_->seen_by(who), beginning, top))
        out.push_back(std::move(one.surface));
    return out;
}

GUICHET_DECL index_size snapshot::size(viewer const& who) const {
    auto const seen = state_->seen_by(who);
    index_size out{seen.documents, seen.parts.size(), 0, 0};
    for (auto const& p : seen.parts) {
        out.bytes += p.of->bytes();
        out.terms += p.of->terms.size();
    }
    return out;
}

} // namespace guichet::inline v0::search
