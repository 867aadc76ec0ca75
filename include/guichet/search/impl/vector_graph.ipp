#pragma once
#include <guichet/base/hash.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A graph of near vectors in levels: HNSW (Malkov and Yashunin, "Efficient and robust approximate nearest neighbor
/// search using hierarchical navigable small world graphs", 2018; the numbers of algorithms are theirs).
namespace guichet::inline v0::search::detail {

inline constexpr std::size_t lanes = 16; ///< numbers that are multiplied side by side; vectors are filled up to them
inline constexpr std::size_t levels_max = 12;
inline constexpr std::uint32_t no_node = std::numeric_limits<std::uint32_t>::max();

/// Four sums side by side, which compilers keep in one register.
struct sums4 {
    float sum[4] = {};
    void add(float const* a, float const* b) noexcept {
        for (std::size_t i = 0; i < 4; ++i)
            sum[i] += a[i] * b[i];
    }
};

/// Of vectors that are filled up to whole lanes.
inline float dot(std::span<float const> a, std::span<float const> b) noexcept {
    sums4 s0, s1, s2, s3;
    auto const *x = a.data(), *y = b.data();
    for (auto left = a.size(); left >= lanes; left -= lanes, x += lanes, y += lanes) {
        s0.add(x, y);
        s1.add(x + 4, y + 4);
        s2.add(x + 8, y + 8);
        s3.add(x + 12, y + 12);
    }
    float out = 0;
    for (std::size_t i = 0; i < 4; ++i)
        out += (s0.sum[i] + s1.sum[i]) + (s2.sum[i] + s3.sum[i]);
    return out;
}

using link_list = std::vector<std::uint32_t>;

/// A vector with its neighbours. A node without values is free.
struct vector_node {
    std::string id{};
    std::vector<float> values{};
    std::vector<link_list> out{}, in{}; ///< by level; `in` is known to the writer alone
};

struct near_node {
    float similarity = 0;
    std::uint32_t node = no_node;
    /// Among equal ones the newer is nearer: copies of one vector then form a chain, and not a bundle on the first.
    friend bool operator<(near_node const& a, near_node const& b) noexcept {
        return a.similarity != b.similarity ? a.similarity < b.similarity : a.node < b.node;
    }
    friend bool operator>(near_node const& a, near_node const& b) noexcept { return b < a; }
};

/// How many levels above the lowest a document has: n with the chance links^-n, by its id.
inline std::size_t level_of(std::string_view id, std::size_t links) noexcept {
    auto const print = hash(std::as_bytes(std::span{id.data(), id.size()}));
    std::uint64_t bits = 0;
    std::memcpy(&bits, print.data(), sizeof bits);
    auto const share = (static_cast<double>(bits >> 11) + 1) * 0x1p-53;
    return std::min(levels_max, static_cast<std::size_t>(-std::log(share) / std::log(static_cast<double>(links))));
}

/// One writer at a time; readers hold `guard` shared, and the writer takes it for itself only to set what they read.
class vector_graph {
public:
    vector_graph(std::size_t links, std::size_t breadth) : links_{std::max<std::size_t>(links, 2)}, breadth_{breadth} {}

    mutable std::shared_mutex guard;
    std::deque<vector_node> nodes;
    std::uint32_t entry = no_node;

    /// The nearest nodes that count, at most `breadth`, the nearest first (algorithm 5).
    template <class Counts>
    std::vector<near_node> search(std::span<float const> to, std::size_t breadth, Counts const& counts) const {
        if (entry == no_node)
            return {};
        return walk(to, descend(to, 0), 0, breadth, counts);
    }

    /// Adds a node (algorithm 1).
    std::uint32_t add(std::string_view id, std::vector<float> values) {
        auto const level = level_of(id, links_);
        auto const at = place(id, std::move(values), level);
        if (entry == no_node) {
            std::unique_lock const held{guard};
            entry = at;
            return at;
        }
        std::span<float const> const to{nodes[at].values};
        auto const top = nodes[entry].out.size() - 1;
        auto found = descend(to, std::min(level, top));
        for (auto l = std::min(level, top) + 1; l-- > 0;) {
            found = walk(to, std::move(found), l, breadth_, [](std::uint32_t) { return true; });
            auto const chosen = select(found, links_);
            set(at, l, chosen);
            for (auto const neighbour : chosen)
                offer(neighbour, l, std::span{&at, 1});
        }
        if (level > top) {
            std::unique_lock const held{guard};
            entry = at;
        }
        return at;
    }

    /// Takes a node out. Those that led to it are offered those that it led to.
    void remove(std::uint32_t at) {
        auto const out = nodes[at].out;
        if (entry == at)
            leave_entry();
        for (std::size_t l = 0; l < out.size(); ++l) {
            auto const in = nodes[at].in[l];
            set(at, l, {});
            for (auto const one : in) {
                auto without = nodes[one].out[l];
                std::erase(without, at);
                set(one, l, std::move(without));
            }
            for (auto const one : in)
                offer(one, l, out[l]);
            for (auto const one : out[l])
                if (nodes[one].in[l].empty() && one != entry && entry != no_node)
                    adopt(one, l);
        }
        std::unique_lock const held{guard};
        nodes[at] = {};
        free_.push_back(at);
    }

    /// After nodes were filled in from outside: what leads to each, and which are free.
    void make_ways_back() {
        for (std::uint32_t i = 0; i < nodes.size(); ++i)
            for (std::size_t l = 0; l < nodes[i].out.size(); ++l)
                for (auto const one : nodes[i].out[l])
                    nodes[one].in[l].push_back(i);
    }

private:
    std::uint32_t place(std::string_view id, std::vector<float> values, std::size_t level) {
        vector_node made{std::string{id}, std::move(values), std::vector<link_list>(level + 1),
                         std::vector<link_list>(level + 1)};
        std::unique_lock const held{guard};
        if (free_.empty()) {
            nodes.push_back(std::move(made));
            return static_cast<std::uint32_t>(nodes.size() - 1);
        }
        auto const at = free_.back();
        free_.pop_back();
        nodes[at] = std::move(made);
        return at;
    }

    /// Down to a level by single steps.
    std::vector<near_node> descend(std::span<float const> to, std::size_t level) const {
        near_node best{dot(to, nodes[entry].values), entry};
        for (auto l = nodes[entry].out.size() - 1; l > level; --l)
            for (bool moved = true; moved;) {
                moved = false;
                for (auto const one : nodes[best.node].out[l])
                    if (near_node const next{dot(to, nodes[one].values), one}; next.similarity > best.similarity) {
                        best = next;
                        moved = true;
                    }
            }
        return {best};
    }

    /// The nearest of a level, from some of its nodes (algorithm 2). Goes on through nodes that do not count until it
    /// has found as many that do.
    template <class Counts>
    std::vector<near_node> walk(std::span<float const> to, std::vector<near_node> const& from, std::size_t level,
                                std::size_t breadth, Counts const& counts) const {
        std::vector<bool> seen(nodes.size());
        std::priority_queue<near_node> next;
        std::priority_queue<near_node, std::vector<near_node>, std::greater<>> best;
        auto const meet = [&](near_node const& one) {
            if (best.size() >= breadth && !(best.top() < one))
                return;
            next.push(one);
            if (!counts(one.node))
                return;
            best.push(one);
            if (best.size() > breadth)
                best.pop();
        };
        for (auto const& one : from) {
            seen[one.node] = true;
            meet(one);
        }
        while (!next.empty()) {
            auto const here = next.top();
            next.pop();
            if (best.size() >= breadth && here < best.top())
                break;
            for (auto const one : nodes[here.node].out[level])
                if (!seen[one]) {
                    seen[one] = true;
                    meet({dot(to, nodes[one].values), one});
                }
        }
        std::vector<near_node> out(best.size());
        for (auto i = out.size(); i-- > 0; best.pop())
            out[i] = best.top();
        return out;
    }

    /// Neighbours in different directions: none that is nearer to one already chosen; then the nearest of the others
    /// (algorithm 4, with those it would discard).
    link_list select(std::vector<near_node> const& sorted, std::size_t count) const {
        link_list out, rest;
        for (auto const& one : sorted) {
            if (out.size() == count)
                break;
            bool const hidden = std::any_of(out.begin(), out.end(), [&](std::uint32_t chosen) {
                return dot(nodes[one.node].values, nodes[chosen].values) > one.similarity;
            });
            (hidden ? rest : out).push_back(one.node);
        }
        for (auto const one : rest)
            if (out.size() < count)
                out.push_back(one);
        return out;
    }

    /// Links a node to some more, as far as they are among its best neighbours, or nobody else leads to them.
    void offer(std::uint32_t at, std::size_t level, std::span<std::uint32_t const> more) {
        auto list = nodes[at].out[level];
        auto const count = list.size();
        for (auto const one : more)
            if (one != at && !has(list, one))
                list.push_back(one);
        auto const most = links_ * (level == 0 ? 2 : 1);
        if (list.size() == count)
            return;
        if (list.size() > most) {
            std::vector<near_node> sorted;
            for (auto const one : list)
                sorted.push_back({dot(nodes[at].values, nodes[one].values), one});
            std::sort(sorted.begin(), sorted.end(), std::greater<>{});
            auto chosen = select(sorted, most);
            for (auto const& one : sorted) {
                auto const& in = nodes[one.node].in[level];
                if ((in.empty() || (in.size() == 1 && in.front() == at)) && !has(chosen, one.node))
                    chosen.push_back(one.node);
            }
            list = std::move(chosen);
        }
        set(at, level, std::move(list));
    }

    /// Leads to a node to which nothing leads any more: from its nearest neighbour, else from the entry.
    void adopt(std::uint32_t at, std::size_t level) {
        auto const& out = nodes[at].out[level];
        offer(out.empty() ? entry : out.front(), level, std::span{&at, 1});
    }

    /// Another node of the greatest level, if there is one.
    void leave_entry() {
        auto next = no_node;
        for (std::uint32_t i = 0; i < nodes.size(); ++i)
            if (i != entry && !nodes[i].values.empty() &&
                (next == no_node || nodes[i].out.size() > nodes[next].out.size()))
                next = i;
        std::unique_lock const held{guard};
        entry = next;
    }

    void set(std::uint32_t at, std::size_t level, link_list list) {
        auto& now = nodes[at].out[level];
        for (auto const one : now)
            if (!has(list, one))
                std::erase(nodes[one].in[level], at);
        for (auto const one : list)
            if (!has(now, one))
                nodes[one].in[level].push_back(at);
        std::unique_lock const held{guard};
        now.swap(list);
    }

    static bool has(link_list const& in, std::uint32_t one) noexcept {
        return std::find(in.begin(), in.end(), one) != in.end();
    }

    std::size_t links_, breadth_;
    link_list free_;
};

} // namespace guichet::inline v0::search::detail
