#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/search/impl/segment.ipp>
#include <guichet/search/impl/vector_graph.ipp>
#include <guichet/search/vectors.hpp>

#include <bit>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace guichet::inline v0::search {
namespace detail {

/// Of length one, filled up to whole lanes; nothing where there is no direction.
inline std::optional<std::vector<float>> direction_of(std::span<float const> values) {
    double sum = 0;
    for (auto const x : values)
        sum += static_cast<double>(x) * static_cast<double>(x);
    if (!std::isfinite(sum) || sum <= 0)
        return {};
    std::vector<float> out((values.size() + lanes - 1) / lanes * lanes);
    auto const length = std::sqrt(sum);
    for (std::size_t i = 0; i < values.size(); ++i)
        out[i] = static_cast<float>(static_cast<double>(values[i]) / length);
    return out;
}

/// The documents of each kind that somebody with a key sees, so that what he sees is found without the rest.
class visible_lists {
public:
    using number = std::uint32_t;

    void put(std::uint32_t node, std::string_view kind, std::span<std::string const> audience) {
        if (of_.size() <= node)
            of_.resize(node + 1);
        if (std::find(kinds_.begin(), kinds_.end(), kind) == kinds_.end())
            kinds_.emplace_back(kind);
        enter(node, {std::string{kind}, {}, true});
        for (auto const& key : audience)
            enter(node, {std::string{kind}, key, false});
    }
    void take(std::uint32_t node) {
        for (auto const& one : of_[node]) {
            auto& members = members_[one.list];
            if (members.back() != node) {
                members[one.at] = members.back();
                for (auto& other : of_[members.back()])
                    if (other.list == one.list)
                        other.at = one.at;
            }
            members.pop_back();
        }
        of_[node].clear();
    }
    /// The lists of what a viewer sees.
    std::vector<number> of(viewer const& who, std::span<std::string const> kinds) const {
        std::vector<number> out;
        auto const add = [&](label const& sought) {
            if (auto const at = numbers_.find(sought);
                at != numbers_.end() && std::find(out.begin(), out.end(), at->second) == out.end())
                out.push_back(at->second);
        };
        for (auto const& kind : kinds.empty() ? std::span<std::string const>{kinds_} : kinds) {
            if (who.sees_all)
                add({kind, {}, true});
            else
                for (auto const& key : who.keys)
                    add({kind, key, false});
        }
        return out;
    }
    std::span<std::uint32_t const> operator[](number list) const { return members_[list]; }
    std::size_t lists() const noexcept { return members_.size(); }
    bool stands_in(std::uint32_t node, std::vector<bool> const& lists) const {
        return std::any_of(of_[node].begin(), of_[node].end(), [&](place const& one) { return lists[one.list]; });
    }
    /// The kind and the audience of a node, as they were put.
    std::pair<std::string, std::vector<std::string>> labels(std::uint32_t node) const {
        std::pair<std::string, std::vector<std::string>> out;
        for (auto const& one : of_[node]) {
            auto const& of = *labels_[one.list];
            if (of.all)
                out.first = of.kind;
            else
                out.second.push_back(of.key);
        }
        return out;
    }

private:
    struct place {
        number list;
        std::uint32_t at; ///< among its members
    };

    /// What a list is of: all documents of a kind, or those of them that one key opens.
    struct label {
        std::string kind, key;
        bool all = false;
        auto operator<=>(label const&) const = default;
    };

    void enter(std::uint32_t node, label of) {
        auto const [at, fresh] = numbers_.try_emplace(std::move(of), static_cast<number>(members_.size()));
        if (fresh) {
            members_.emplace_back();
            labels_.push_back(&at->first);
        }
        for (auto const& one : of_[node])
            if (one.list == at->second)
                return;
        auto& members = members_[at->second];
        of_[node].push_back({at->second, static_cast<std::uint32_t>(members.size())});
        members.push_back(node);
    }

    std::vector<std::string> kinds_;
    std::map<label, number> numbers_;
    std::vector<label const*> labels_; ///< by number
    std::vector<std::vector<std::uint32_t>> members_;
    std::vector<std::vector<place>> of_; ///< by node
};

/// Numbers and texts as bytes, the same on every machine.
class byte_writer {
public:
    explicit byte_writer(std::vector<std::uint8_t>& to) : to_{to} {}
    void number(std::uint64_t x, unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i)
            to_.push_back(static_cast<std::uint8_t>(x >> i * 8));
    }
    void text(std::string_view t) {
        number(t.size(), 4);
        to_.insert(to_.end(), t.begin(), t.end());
    }

private:
    std::vector<std::uint8_t>& to_;
};

/// What `byte_writer` wrote; `good` is false once the bytes did not suffice.
class byte_reader {
public:
    explicit byte_reader(std::span<std::uint8_t const> from) : from_{from} {}
    std::uint64_t number(unsigned bytes) {
        std::uint64_t out = 0;
        auto const some = take(bytes);
        for (unsigned i = 0; i < some.size(); ++i)
            out |= static_cast<std::uint64_t>(some[i]) << i * 8;
        return out;
    }
    std::string text() {
        auto const some = take(number(4));
        return {some.begin(), some.end()};
    }
    /// How many things follow, each of at least so many bytes.
    std::size_t count(std::size_t bytes_each) {
        auto const out = number(4);
        good = good && out * bytes_each <= from_.size();
        return good ? static_cast<std::size_t>(out) : 0;
    }
    bool ended() const noexcept { return from_.empty(); }
    bool good = true;

private:
    std::span<std::uint8_t const> take(std::uint64_t bytes) {
        good = good && bytes <= from_.size();
        if (!good)
            return {};
        auto const out = from_.first(static_cast<std::size_t>(bytes));
        from_ = from_.subspan(static_cast<std::size_t>(bytes));
        return out;
    }
    std::span<std::uint8_t const> from_;
};

inline constexpr std::uint64_t vectors_magic = 0x3130434556435547; // GUCVEC01

inline error vectors_damaged(char const* problem) { return {reason::store_corrupt, {{"problem", problem}}}; }

} // namespace detail

struct vector_index::state {
    explicit state(vector_options const& with)
        : options{with}, dimension{with.dimension}, graph{with.links, with.breadth_added} {}

    vector_options options;
    std::mutex writing;    ///< guards changes; what readers read is guarded by the graph's `guard` too
    std::size_t dimension; ///< of vectors
    detail::vector_graph graph;
    detail::visible_lists lists;
    std::unordered_map<std::string, std::uint32_t> ids;

    result<std::vector<float>> direction(std::span<float const> values, std::size_t expected,
                                         std::string_view of) const {
        std::string const path{of};
        if (values.size() > limits::vector_dimension_max)
            return error{reason::limit_passed,
                         {{"path", path},
                          {"found", std::to_string(values.size())},
                          {"limit", std::to_string(limits::vector_dimension_max)}}};
        if (expected != 0 && values.size() != expected)
            return error{
                reason::vector_of_other_length,
                {{"path", path}, {"expected", std::to_string(expected)}, {"found", std::to_string(values.size())}}};
        auto made = detail::direction_of(values);
        if (!made)
            return error{reason::vector_without_direction, {{"path", path}}};
        return std::move(*made);
    }

    bool erase(std::string_view id) {
        auto const known = ids.find(std::string{id});
        if (known == ids.end())
            return false;
        auto const node = known->second;
        {
            std::unique_lock const held{graph.guard};
            lists.take(node);
            ids.erase(known);
        }
        graph.remove(node);
        return true;
    }

    vector_hit hit_of(detail::near_node const& one) const {
        return {graph.nodes[one.node].id, static_cast<double>(one.similarity)};
    }

    /// The best of all that are seen.
    std::vector<detail::near_node> compare_all(std::span<float const> to,
                                               std::vector<detail::visible_lists::number> const& mine) const {
        std::vector<detail::near_node> out;
        std::vector<bool> seen(mine.size() > 1 ? graph.nodes.size() : 0);
        for (auto const list : mine)
            for (auto const node : lists[list]) {
                if (!seen.empty()) {
                    if (seen[node])
                        continue;
                    seen[node] = true;
                }
                out.push_back({detail::dot(to, graph.nodes[node].values), node});
            }
        return out;
    }

    std::vector<vector_hit> find(std::span<float const> to, vector_request const& asked) const {
        auto const mine = lists.of(asked.who, asked.kinds);
        std::size_t visible = 0; // or more, where somebody sees a document by two keys
        for (auto const list : mine)
            visible += lists[list].size();
        visible = std::min(visible, ids.size());
        std::vector<detail::near_node> found;
        bool const exact = visible * visible <= options.exact_max * ids.size();
        if (!exact) {
            std::vector<bool> open(lists.lists());
            for (auto const list : mine)
                open[list] = true;
            found = graph.search(to, std::max(options.breadth, asked.top),
                                 [&](std::uint32_t node) { return lists.stands_in(node, open); });
        }
        if (exact || found.size() < std::min(asked.top, visible))
            found = compare_all(to, mine);
        std::erase_if(found, [&](auto const& one) { return static_cast<double>(one.similarity) < asked.least; });
        auto const end = found.begin() + static_cast<std::ptrdiff_t>(std::min(asked.top, found.size()));
        std::partial_sort(found.begin(), end, found.end(),
                          [this](detail::near_node const& a, detail::near_node const& b) {
                              return a.similarity != b.similarity ? a.similarity > b.similarity
                                                                  : graph.nodes[a.node].id < graph.nodes[b.node].id;
                          });
        std::vector<vector_hit> out;
        for (auto one = found.begin(); one != end; ++one)
            out.push_back(hit_of(*one));
        return out;
    }

    void write(detail::byte_writer& to) const {
        std::vector<std::uint32_t> number(graph.nodes.size(), detail::no_node);
        std::uint32_t count = 0;
        for (std::uint32_t i = 0; i < number.size(); ++i)
            if (!graph.nodes[i].values.empty())
                number[i] = count++;
        to.number(dimension, 4);
        to.number(graph.entry == detail::no_node ? detail::no_node : number[graph.entry], 4);
        to.number(count, 4);
        for (std::uint32_t i = 0; i < number.size(); ++i) {
            auto const& one = graph.nodes[i];
            if (one.values.empty())
                continue;
            auto const [kind, audience] = lists.labels(i);
            to.text(one.id);
            to.text(kind);
            to.number(audience.size(), 4);
            for (auto const& key : audience)
                to.text(key);
            for (std::size_t n = 0; n < dimension; ++n)
                to.number(std::bit_cast<std::uint32_t>(one.values[n]), 4);
            to.number(one.out.size(), 4);
            for (auto const& list : one.out) {
                to.number(list.size(), 4);
                for (auto const other : list)
                    to.number(number[other], 4);
            }
        }
    }

    bool read_node(detail::byte_reader& from, std::uint32_t at) {
        auto& one = graph.nodes[at];
        one.id = from.text();
        auto const kind = from.text();
        std::vector<std::string> audience(from.count(4));
        for (auto& key : audience)
            key = from.text();
        std::vector<float> values(dimension);
        for (auto& x : values)
            x = std::bit_cast<float>(static_cast<std::uint32_t>(from.number(4)));
        one.values = detail::direction_of(values).value_or(std::vector<float>{});
        std::copy_n(values.begin(), one.values.empty() ? 0 : values.size(), one.values.begin());
        one.out.resize(std::min(from.count(4), detail::levels_max + 1));
        one.in.resize(one.out.size());
        for (auto& list : one.out) {
            list.resize(from.count(4));
            for (auto& other : list)
                other = static_cast<std::uint32_t>(from.number(4));
        }
        lists.put(at, kind, audience);
        return from.good && !one.values.empty() && !one.out.empty() && ids.emplace(one.id, at).second;
    }

    bool read(detail::byte_reader& from) {
        auto const found = from.number(4);
        if (dimension != 0 && found != dimension)
            return false;
        dimension = static_cast<std::size_t>(found);
        graph.entry = static_cast<std::uint32_t>(from.number(4));
        auto const count = static_cast<std::uint32_t>(from.count(dimension * 4 + 16));
        if (!from.good || dimension > limits::vector_dimension_max || count > options.documents_max ||
            (count == 0 ? graph.entry != detail::no_node : graph.entry >= count))
            return false;
        graph.nodes.resize(count);
        for (std::uint32_t i = 0; i < count; ++i)
            if (!read_node(from, i))
                return false;
        for (auto const& one : graph.nodes)
            for (std::size_t l = 0; l < one.out.size(); ++l)
                for (auto const other : one.out[l])
                    if (other >= count || graph.nodes[other].out.size() <= l)
                        return false;
        for (auto const& one : graph.nodes)
            if (one.out.size() > graph.nodes[graph.entry].out.size())
                return false;
        graph.make_ways_back();
        return from.ended();
    }
};

GUICHET_DECL vector_index::vector_index(vector_options options) : state_{std::make_unique<state>(options)} {}
GUICHET_DECL vector_index::~vector_index() = default;
GUICHET_DECL vector_index::vector_index(vector_index&&) noexcept = default;
GUICHET_DECL vector_index& vector_index::operator=(vector_index&&) noexcept = default;

GUICHET_DECL result<void> vector_index::add(vector_document const& one) {
    auto& s = *state_;
    std::lock_guard const held{s.writing};
    GUICHET_LET(auto values, s.direction(one.values, s.dimension, one.id));
    if (s.ids.size() >= s.options.documents_max && !s.ids.contains(one.id))
        return error{reason::limit_passed,
                     {{"path", one.id},
                      {"found", std::to_string(s.ids.size() + 1)},
                      {"limit", std::to_string(s.options.documents_max)}}};
    s.erase(one.id);
    if (s.dimension == 0) {
        std::unique_lock const set{s.graph.guard};
        s.dimension = one.values.size();
    }
    auto const node = s.graph.add(one.id, std::move(values));
    std::unique_lock const shown{s.graph.guard};
    s.ids[one.id] = node;
    s.lists.put(node, one.kind, one.audience);
    return {};
}

GUICHET_DECL bool vector_index::relabel(std::string_view id, std::string_view kind,
                                        std::span<std::string const> audience) {
    auto& s = *state_;
    std::lock_guard const held{s.writing};
    auto const known = s.ids.find(std::string{id});
    if (known == s.ids.end())
        return false;
    std::unique_lock const shown{s.graph.guard};
    s.lists.take(known->second);
    s.lists.put(known->second, kind, audience);
    return true;
}

GUICHET_DECL bool vector_index::remove(std::string_view id) {
    std::lock_guard const held{state_->writing};
    return state_->erase(id);
}

GUICHET_DECL result<std::vector<vector_hit>> vector_index::find(vector_request const& asked) const {
    auto const& s = *state_;
    std::shared_lock const held{s.graph.guard};
    GUICHET_LET(auto const to, s.direction(asked.values, s.dimension, "query"));
    return s.find(to, asked);
}

GUICHET_DECL std::size_t vector_index::size() const {
    std::shared_lock const held{state_->graph.guard};
    return state_->ids.size();
}

GUICHET_DECL std::size_t vector_index::dimension() const {
    std::shared_lock const held{state_->graph.guard};
    return state_->dimension;
}

GUICHET_DECL std::vector<std::uint8_t> vector_index::bytes() const {
    std::vector<std::uint8_t> out;
    detail::byte_writer to{out};
    to.number(detail::vectors_magic, 8);
    to.number(0, 8);
    {
        std::lock_guard const held{state_->writing};
        state_->write(to);
    }
    auto const sum = detail::checksum_of(std::span{out}.subspan(16));
    for (unsigned i = 0; i < 8; ++i)
        out[8 + i] = static_cast<std::uint8_t>(sum >> i * 8);
    return out;
}

GUICHET_DECL result<vector_index> vector_index::open(vector_options options, std::span<std::uint8_t const> bytes) {
    detail::byte_reader head{bytes.first(std::min<std::size_t>(16, bytes.size()))};
    if (head.number(8) != detail::vectors_magic || !head.good)
        return detail::vectors_damaged("these are no vectors of a search");
    if (head.number(8) != detail::checksum_of(bytes.subspan(16)))
        return detail::vectors_damaged("the vectors of the search were altered");
    vector_index out{options};
    if (detail::byte_reader from{bytes.subspan(16)}; !out.state_->read(from))
        return detail::vectors_damaged("the vectors of the search do not fit their index");
    return out;
}

} // namespace guichet::inline v0::search
