#pragma once
#include <guichet/search/impl/telling.ipp>
#include <guichet/search/neighbourhood.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace guichet::inline v0::search {
namespace detail {

inline constexpr std::size_t told_members = 20; ///< of a cluster, whose words are looked at
inline constexpr double share_least = 0.05;     ///< a smaller share of a score is none

inline void sort_alike(std::vector<alike>& some) {
    std::ranges::sort(some, [](alike const& a, alike const& b) {
        return a.likeness != b.likeness ? a.likeness > b.likeness : a.id < b.id;
    });
}

} // namespace detail

/// A document as what is asked.
struct neighbourhood::asking {
    asking(snapshot const& at, document const& of, std::size_t top = 1) : now{at}, id{of.id}, words{of.words()} {
        wish.top = top;
        wish.language = of.language;
        wish.fuzzy = false;
        wish.plain = true;
        wish.text = words;
    }
    asking(asking const&) = delete;

    double score(std::string_view of) const {
        auto const why = now.explain(wish, of);
        return why ? why->score : 0;
    }
    /// What a score is of the score of the document itself.
    double share(double score) {
        if (!own)
            own = this->score(id);
        return *own > 0 ? std::min(1., score / *own) : 0;
    }

    snapshot const& now;
    std::string const& id;
    std::string words;
    viewer everybody{{}, true};
    request wish{.text = {}, .who = everybody};
    std::optional<double> own{};
};

GUICHET_DECL neighbourhood::neighbourhood(index_options options) : in_{std::move(options)} {}

GUICHET_DECL void neighbourhood::put(std::span<document const> some) {
    for (auto const& one : some)
        known_.insert_or_assign(one.id, one);
    in_.add(some);
    in_.merge(known_.size());
}

GUICHET_DECL bool neighbourhood::remove(std::string_view id) {
    auto const at = known_.find(id);
    if (at == known_.end())
        return false;
    known_.erase(at);
    return in_.remove(id);
}

GUICHET_DECL std::vector<alike> neighbourhood::like(std::string_view id, double least, std::size_t top) const {
    std::vector<alike> out;
    auto const self = known_.find(id);
    if (self == known_.end() || top == 0)
        return out;
    auto const now = in_.now();
    asking mine{now, self->second, top * 4 + 1};
    for (auto const& one : now.find(mine.wish).hits) {
        auto const forth = one.id == id ? 0 : mine.share(one.score);
        if (forth < detail::share_least)
            continue;
        asking theirs{now, known_.find(one.id)->second};
        auto const likeness = (forth + theirs.share(theirs.score(id))) / 2;
        if (likeness >= least)
            out.push_back({one.id, likeness});
    }
    detail::sort_alike(out);
    if (out.size() > top)
        out.resize(top);
    for (auto& one : out) {
        one.because = detail::telling(now.explain(mine.wish, one.id));
    }
    return out;
}

GUICHET_DECL std::vector<cluster> neighbourhood::clusters(double least) const {
    auto const now = in_.now();
    std::map<std::pair<std::string_view, std::string_view>, double> halves; ///< of both directions, by sorted pair
    for (auto const& [id, one] : known_) {
        asking mine{now, one, known_.size()};
        for (auto const& hit : now.find(mine.wish).hits)
            if (auto const share = mine.share(hit.score); hit.id != id && share >= detail::share_least) {
                std::string_view const other = known_.find(hit.id)->first;
                halves[std::minmax(std::string_view{id}, other)] += share / 2;
            }
    }
    std::map<std::string_view, std::vector<alike>> stars;
    for (auto const& [pair, likeness] : halves)
        if (likeness >= least) {
            stars[pair.first].push_back({std::string{pair.second}, likeness});
            stars[pair.second].push_back({std::string{pair.first}, likeness});
        }
    std::vector<std::string_view> centres;
    for (auto& [id, others] : stars) {
        detail::sort_alike(others);
        centres.push_back(id);
    }
    std::ranges::stable_sort(centres, std::ranges::greater{},
                             [&](std::string_view id) { return stars.find(id)->second.size(); });
    std::map<std::string_view, bool> taken;
    std::vector<cluster> out;
    for (auto const centre : centres) {
        auto& others = stars.find(centre)->second;
        std::erase_if(others, [&](alike const& one) { return taken.contains(one.id); });
        if (taken.contains(centre) || others.empty())
            continue;
        taken[centre] = true;
        for (auto const& one : others)
            taken[known_.find(one.id)->first] = true;
        out.push_back({std::string{centre}, others, shared_words(known_.find(centre)->second, others)});
    }
    std::ranges::stable_sort(out, std::ranges::greater{}, [](cluster const& one) { return one.others.size(); });
    return out;
}

GUICHET_DECL std::vector<std::string> neighbourhood::shared_words(document const& centre,
                                                                  std::vector<alike> const& others) const {
    auto const now = in_.now();
    asking const mine{now, centre};
    detail::word_scores told;
    for (std::size_t i = 0; i < others.size() && i < detail::told_members; ++i)
        told.add(now.explain(mine.wish, others[i].id));
    return told.best();
}

} // namespace guichet::inline v0::search
