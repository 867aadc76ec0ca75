#pragma once
#include <guichet/rules/impl/effects.ipp>

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>
#include <vector>

namespace guichet::inline v0::rules::detail {

/// A graph of rules and deeds: a rule does deeds, a deed wakes rules. Deeds that many rules do are one.
class circles {
public:
    explicit circles(std::size_t rules) : next_(rules), rules_{rules} {}

    /// The node of what a rule does, and whether it is the first to do it.
    std::pair<std::size_t, bool> deed(effect const& e, std::size_t rule) {
        auto key = std::to_string(e.field) + (e.is_member ? e.removes ? "-" : "+" : "=") + (e.repeats ? "*" : "") +
                   (e.value ? expr::to_text(*e.value) : "?");
        auto const [place, is_new] = by_text_.try_emplace(std::move(key), next_.size());
        if (is_new) {
            next_.emplace_back();
            deeds_.push_back(&e);
        }
        next_[rule].push_back(place->second);
        return {place->second, is_new};
    }
    void wakes(std::size_t deed, std::size_t rule) { next_[deed].push_back(rule); }

    /// A way round through each part of the graph in which one leads to another and back, and in which what is done
    /// does not come to rest: two deeds contradict, or one changes something each time. Rules in their order, the
    /// lowest first; of one that wakes itself, only that.
    template <class Alone>
    std::vector<std::vector<std::size_t>> find(Alone const& counts_alone) {
        std::vector<std::vector<std::size_t>> out;
        for (auto& part : parts()) {
            std::sort(part.begin(), part.end());
            auto const first_deed = std::lower_bound(part.begin(), part.end(), rules_);
            auto const rules = first_deed - part.begin();
            if (part.size() < 2 || rules == 0 || !restless({first_deed, part.end()}) ||
                (rules == 1 && !counts_alone(part[0])))
                continue;
            out.push_back(way_round(part));
        }
        std::sort(out.begin(), out.end());
        return out;
    }

private:
    bool restless(std::vector<std::size_t> const& deeds) const {
        std::unordered_map<std::string, effect const*> seen;
        for (auto const node : deeds) {
            auto const& e = *deeds_[node - rules_];
            if (e.repeats)
                return true;
            if (!e.value)
                continue;
            auto key = std::to_string(e.field) + (e.is_member ? std::get<std::string>(*e.value) : "");
            auto const [place, is_new] = seen.try_emplace(std::move(key), &e);
            if (!is_new && contradict(*place->second, e))
                return true;
        }
        return false;
    }

    /// The shortest way from the lowest rule of a part back to it, by rules.
    std::vector<std::size_t> way_round(std::vector<std::size_t> const& part) const {
        auto const start = part.front();
        std::unordered_map<std::size_t, std::size_t> from;
        std::deque<std::size_t> ahead{start};
        while (!ahead.empty() && !from.contains(start)) {
            auto const here = ahead.front();
            ahead.pop_front();
            for (auto const next : next_[here])
                if (std::binary_search(part.begin(), part.end(), next) && from.try_emplace(next, here).second)
                    ahead.push_back(next);
        }
        std::vector<std::size_t> out;
        for (auto node = from.at(start); node != start; node = from.at(node))
            if (node < rules_)
                out.push_back(node);
        out.push_back(start);
        std::reverse(out.begin(), out.end());
        return out;
    }

    /// The parts in which every node leads to every other (Tarjan 1972, without recursion).
    std::vector<std::vector<std::size_t>> parts() const {
        constexpr auto unseen = static_cast<std::size_t>(-1);
        struct visit {
            std::size_t node, edge;
        };
        std::vector<std::size_t> number(next_.size(), unseen), low(next_.size());
        std::vector<bool> open(next_.size());
        std::vector<std::size_t> stack;
        std::vector<visit> path;
        std::vector<std::vector<std::size_t>> out;
        std::size_t count = 0;
        auto const enter = [&](std::size_t node) {
            number[node] = low[node] = count++;
            stack.push_back(node);
            open[node] = true;
            path.push_back({node, 0});
        };
        for (std::size_t root = 0; root < next_.size(); ++root) {
            if (number[root] == unseen)
                enter(root);
            while (!path.empty()) {
                auto const node = path.back().node;
                if (path.back().edge < next_[node].size()) {
                    auto const to = next_[node][path.back().edge++];
                    if (number[to] == unseen)
                        enter(to);
                    else if (open[to])
                        low[node] = std::min(low[node], number[to]);
                    continue;
                }
                path.pop_back();
                if (!path.empty())
                    low[path.back().node] = std::min(low[path.back().node], low[node]);
                if (low[node] != number[node])
                    continue;
                auto& part = out.emplace_back();
                for (std::size_t one = unseen; one != node; stack.pop_back()) {
                    one = stack.back();
                    open[one] = false;
                    part.push_back(one);
                }
            }
        }
        return out;
    }

    std::vector<std::vector<std::size_t>> next_;
    std::size_t rules_;
    std::vector<effect const*> deeds_;
    std::unordered_map<std::string, std::size_t> by_text_;
};

} // namespace guichet::inline v0::rules::detail
