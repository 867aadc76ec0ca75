#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/storage/facets.hpp>
#include <guichet/storage/store.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

/// What the memory store holds, what a unit of work lays over it, and how it sorts.
namespace guichet::inline v0::storage {
namespace detail::memory {

/// A timer that is armed. Its name is one of the few that `contents` keeps apart; its serial tells it from any other
/// that ever was.
struct armed_timer {
    instant due;
    timer_kind kind{};
    std::string const* name = nullptr;
    std::uint64_t serial = 0;

    bool is(timer const& t) const noexcept { return kind == t.kind && *name == t.name; }
};

/// Events and texts are chains: each knows the one before it of the same ticket or article, as its number in the list
/// of all, from 1; here is the last. So a new ticket allocates no list.
struct chains {
    std::uint64_t last_event = 0, last_text = 0;
};
/// A ticket or an article with what hangs on it.
struct article_slot : chains {
    article_snapshot row;
};
struct slot : chains {
    ticket_snapshot row;
    boost::container::small_vector<armed_timer, 3> timers;
};
struct logged {
    stored_event event;
    std::uint64_t previous = 0;
    std::uint64_t texts_begin = 0,
                  texts_end = 0; ///< how many texts there were before and after the append it came with
};
struct noted {
    text_record text;
    std::uint64_t previous = 0;
};
struct received {
    receipt value;
    std::uint64_t previous = 0; ///< of the same id in another tenant
};
struct blob {
    std::shared_ptr<std::vector<std::byte> const> bytes;
    std::uint64_t uses = 0;
};

/// A timer in the order in which timers fire.
struct wakeup : armed_timer {
    std::uint64_t ordinal = 0;

    /// As the standard's heaps want it: the earliest is the greatest.
    friend bool operator<(wakeup const& a, wakeup const& b) noexcept {
        if (a.due != b.due)
            return a.due > b.due;
        if (a.ordinal != b.ordinal)
            return a.ordinal > b.ordinal;
        return std::tie(a.kind, *a.name) > std::tie(b.kind, *b.name);
    }
};

/// The armed timers as a heap. A disarmed one stays until it comes to the top, or until those make half of the heap: so
/// that to disarm touches nothing. `armed` says of a wakeup whether its ticket still has it.
class wakeup_heap {
public:
    std::size_t size() const noexcept { return live_; }
    void arm(wakeup const& w) {
        heap_.push_back(w);
        std::push_heap(heap_.begin(), heap_.end());
        ++live_;
    }
    void disarm(std::size_t count) noexcept { live_ -= count; }
    /// To be called after `disarm`.
    void tidy(auto const& armed) {
        if (heap_.size() > 2 * live_ + 64) {
            std::erase_if(heap_, [&](wakeup const& w) { return !armed(w); });
            std::make_heap(heap_.begin(), heap_.end());
        }
        while (!heap_.empty() && !armed(heap_.front())) {
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.pop_back();
        }
    }
    std::optional<instant> earliest() const noexcept {
        return heap_.empty() ? std::nullopt : std::optional{heap_.front().due};
    }
    /// Those due at or before `now`, earliest first, until `take` returns false. Costs the logarithm of how many.
    void each_due(instant now, auto const& armed, auto const& take) const {
        auto const later = [&](std::size_t a, std::size_t b) { return heap_[a] < heap_[b]; };
        std::vector<std::size_t> front;
        auto const meet = [&](std::size_t at) {
            if (at >= heap_.size() || heap_[at].due > now)
                return;
            front.push_back(at);
            std::push_heap(front.begin(), front.end(), later);
        };
        meet(0);
        while (!front.empty()) {
            std::pop_heap(front.begin(), front.end(), later);
            auto const at = front.back();
            front.pop_back();
            if (armed(heap_[at]) && !take(heap_[at]))
                return;
            meet(2 * at + 1);
            meet(2 * at + 2);
        }
    }
    /// How many are armed, counted.
    std::size_t count(auto const& armed) const {
        return static_cast<std::size_t>(std::count_if(heap_.begin(), heap_.end(), armed));
    }

private:
    std::vector<wakeup> heap_;
    std::size_t live_ = 0;
};

/// A list that grows without moving what it holds.
template <class T>
class paged {
public:
    std::size_t size() const noexcept { return size_; }
    T& operator[](std::size_t i) noexcept { return pages_[i / page][i % page]; }
    T const& operator[](std::size_t i) const noexcept { return pages_[i / page][i % page]; }
    void push_back(T&& value) {
        if (size_ % page == 0)
            pages_.emplace_back().reserve(page);
        pages_.back().push_back(std::move(value));
        ++size_;
    }

private:
    static constexpr std::size_t page = 256;
    std::vector<std::vector<T>> pages_;
    std::size_t size_ = 0;
};

struct digest_hash {
    std::size_t operator()(digest const& d) const noexcept {
        std::size_t out = 0;
        for (std::size_t i = 0; i < sizeof out; ++i)
            out = out << 8 | std::to_integer<std::size_t>(d[i]);
        return out;
    }
};

template <class Key, class Value, class Hash = std::hash<Key>>
using table = boost::unordered_flat_map<Key, Value, Hash>;

inline std::size_t mixed(std::size_t a, std::size_t b) noexcept { return (a ^ b >> 29) * 0x9e3779b97f4a7c15 + b; }

/// Two names, found by views of them.
using name_pair = std::pair<std::string, std::string>;
using pair_view = std::pair<std::string_view, std::string_view>;
struct pair_hash {
    using is_transparent = void;
    std::size_t operator()(auto const& pair) const noexcept {
        return mixed(std::hash<std::string_view>{}(pair.first), std::hash<std::string_view>{}(pair.second));
    }
};
struct pair_equal {
    using is_transparent = void;
    bool operator()(auto const& a, auto const& b) const noexcept { return a.first == b.first && a.second == b.second; }
};
inline name_pair pair_of(std::string_view first, std::string_view second) {
    return {std::string{first}, std::string{second}};
}

/// The facets of a ticket are counted without being copied out of it.
struct facet_hash {
    using is_transparent = void;
    std::size_t operator()(auto const& of) const noexcept {
        auto const texts = {&of.queue, &of.state, &of.priority, &of.kind, &of.team, &of.tier, &of.assignee};
        std::size_t out = static_cast<std::size_t>(of.status) * 2 + of.breached;
        for (std::string const* text : texts)
            out = mixed(out, std::hash<std::string_view>{}(*text));
        return out;
    }
};
struct facet_equal {
    using is_transparent = void;
    bool operator()(auto const& a, auto const& b) const noexcept { return facets_tied(a) == facets_tied(b); }
};
using facet_table = boost::unordered_flat_map<facet_key, std::uint64_t, facet_hash, facet_equal>;

/// Asks for a row's memory all at once. Who loads a ticket copies it next, line by line, and with 100,000 tickets none
/// of them is in a cache.
inline ticket const& prefetched(ticket const& row) noexcept {
#if defined(__GNUC__)
    for (std::size_t at = 0; at < sizeof row; at += 64)
        __builtin_prefetch(reinterpret_cast<char const*>(&row) + at);
#endif
    return row;
}

/// The ticket of a slot, behind the tenant's wall.
inline ticket_snapshot snapshot_of(slot const* found, std::string_view tenant) {
    return found && prefetched(*found->row).tenant == tenant ? found->row : nullptr;
}

inline article_snapshot snapshot_of(article_slot const* found, std::string_view tenant) {
    return found && found->row->tenant == tenant ? found->row : nullptr;
}

using article_pair = std::pair<article_id, article_id>;
/// Adds those of an original that stand in `known` and that `find` finds to be translations of it still.
template <class Find>
void add_translations(std::set<article_pair> const& known, std::string_view tenant, article_id original,
                      Find const& find, std::vector<article_snapshot>& out) {
    for (auto at = known.lower_bound({original, {}}); at != known.end() && at->first == original; ++at)
        if (auto row = snapshot_of(find(at->second), tenant); row && row->translation_of == original)
            out.push_back(std::move(row));
}
inline void order_by_number(std::vector<article_snapshot>& rows) {
    std::sort(rows.begin(), rows.end(), [](auto const& a, auto const& b) { return a->number < b->number; });
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

/// What was committed.
struct contents {
    std::vector<slot> slots; ///< by ordinal, from 1
    table<ticket_id, std::uint64_t> ordinals;
    boost::unordered_flat_map<name_pair, ticket_id, pair_hash, pair_equal> numbers; ///< by tenant and number
    table<article_id, article_slot> articles;
    std::map<name_pair, article_id> article_numbers; ///< by tenant and number
    std::set<article_pair> translations;             ///< each that ever was one, behind its original
    paged<logged> events;                            ///< by seq, from 1
    paged<noted> texts;
    wakeup_heap wakeups;
    std::uint64_t last_serial = 0;                  ///< of an armed timer
    std::set<std::string, std::less<>> timer_names; ///< what timers point to; only the writer uses the set itself
    paged<received> receipts;
    table<command_id, std::uint64_t> last_receipt;
    std::map<name_pair, std::uint64_t> sequences;
    std::map<std::uint64_t, outbox_entry> outbox;
    std::uint64_t last_outbox = 0;
    std::map<name_pair, std::vector<document>> documents;
    table<digest, blob, digest_hash> blobs;
    std::map<std::string, std::vector<std::uint8_t>, std::less<>> pieces;
    std::map<std::pair<std::string, inquiry_id>, inquiry> inquiries; ///< by tenant and id
    facet_table facets;

    slot const* find(ticket_id id) const {
        auto const at = ordinals.find(id);
        return at == ordinals.end() ? nullptr : &slots[at->second - 1];
    }
    article_slot const* find(article_id id) const {
        auto const at = articles.find(id);
        return at == articles.end() ? nullptr : &at->second;
    }
    /// Of a ticket or an article.
    chains chains_of(ticket_id id) const {
        if (auto const* t = find(id))
            return *t;
        if (auto const* a = find(article_in_log(id)))
            return *a;
        return {};
    }
    bool armed(wakeup const& w) const {
        auto const& timers = slots[w.ordinal - 1].timers;
        return std::any_of(timers.begin(), timers.end(), [&](armed_timer const& t) { return t.serial == w.serial; });
    }
    log_head head() const { return events.size() ? head_of(events[events.size() - 1].event) : log_head{}; }
    static log_head head_of(stored_event const& e) { return {e.seq, e.hash}; }
};

/// What a unit of work has written so far, over `contents`. A null or zero there means "gone".
struct overlay {
    table<ticket_id, slot> slots;
    std::uint64_t new_tickets = 0;
    std::map<name_pair, ticket_id> numbers;
    table<article_id, article_slot> articles;
    std::map<name_pair, article_id> article_numbers;
    std::set<article_pair> translations;
    std::vector<logged> events;
    std::vector<noted> texts;
    std::map<std::uint64_t, digest> erased; ///< committed texts, with the print that remains
    std::vector<wakeup> armed;
    std::size_t disarmed = 0;
    std::vector<receipt> receipts;
    std::set<ticket_id> unprinted; ///< tickets whose committed receipts lose their prints
    std::map<name_pair, std::uint64_t> sequences;
    std::map<std::uint64_t, std::optional<outbox_entry>> outbox;
    std::uint64_t new_outbox = 0;
    std::map<name_pair, std::vector<document>> documents;
    std::map<digest, blob> blobs;
    bool drops_pieces = false; ///< all of them, before the following
    std::map<std::string, std::optional<std::vector<std::uint8_t>>, std::less<>> pieces;
    std::map<std::pair<std::string, inquiry_id>, std::optional<inquiry>> inquiries;
};

inline void erase(text_record& text, digest const& print) {
    text.print = print;
    text.body.clear();
    text.html.clear();
    text.salt = {};
    text.erased = true;
}

inline result<void> misuse(std::string problem) { return error{reason::defect, {{"problem", std::move(problem)}}}; }

// --- order

/// The rank of a value of a choice, from 1; 0, as for empty, when the schema does not know it.
inline std::int64_t rank(expr::field const& field, std::string_view choice) noexcept {
    auto const at = std::find(field.choices.begin(), field.choices.end(), choice);
    return at == field.choices.end() ? 0 : at - field.choices.begin() + 1;
}

/// A value as it sorts: what counts as empty is empty, choices are their rank, numbers are alike.
inline expr::value sortable(expr::value const& v, expr::field const& field) noexcept {
    if (auto const* number = std::get_if<std::int64_t>(&v))
        return static_cast<double>(*number);
    if (auto const* number = std::get_if<double>(&v); number && std::isnan(*number))
        return {};
    if (std::holds_alternative<std::span<std::string const>>(v))
        return {};
    auto const* text = std::get_if<std::string_view>(&v);
    if (!text)
        return v;
    if (text->empty())
        return {};
    if (field.type != expr::field_type::choice || field.choices.empty())
        return v;
    auto const ranked = rank(field, *text);
    return ranked ? expr::value{static_cast<double>(ranked)} : expr::value{};
}

inline int compare(expr::value const& a, expr::value const& b) noexcept {
    if (a.index() != b.index())
        return a.index() < b.index() ? -1 : 1;
    return std::visit(
        [&](auto const& left) -> int {
            using type = std::remove_cvref_t<decltype(left)>;
            if constexpr (std::is_same_v<type, std::monostate> || std::is_same_v<type, std::span<std::string const>>)
                return 0;
            else if (auto const& right = std::get<type>(b); left < right)
                return -1;
            else
                return right < left;
        },
        a);
}

inline expr::value view_of(expr::literal const& l) noexcept {
    return std::visit(
        [](auto const& owned) -> expr::value {
            using type = std::remove_cvref_t<decltype(owned)>;
            if constexpr (std::is_same_v<type, std::string>)
                return std::string_view{owned};
            else if constexpr (std::is_same_v<type, duration> || std::is_same_v<type, std::vector<std::string>>)
                return {};
            else
                return owned;
        },
        l);
}

/// The order of a query over tickets.
class ordering {
public:
    ordering(ticket_query const& query, expr::schema const& schema) : order_{query.order}, schema_{schema} {}

    bool before(ticket const& a, ticket const& b) const {
        ticket_record const left{a, schema_}, right{b, schema_};
        for (auto const& by : order_)
            if (auto const c = compare(shown(left.get(by.field), by), shown(right.get(by.field), by)))
                return by.descending ? c > 0 : c < 0;
        return ordinal_before(a.ordinal, b.ordinal);
    }
    bool after(ticket const& t, position const& last) const {
        ticket_record const about{t, schema_};
        for (std::size_t i = 0; i < order_.size(); ++i)
            if (auto const c =
                    compare(shown(view_of(last.values[i]), order_[i]), shown(about.get(order_[i].field), order_[i])))
                return order_[i].descending ? c > 0 : c < 0;
        return ordinal_before(last.ordinal, t.ordinal);
    }

private:
    expr::value shown(expr::value const& v, order_by const& by) const noexcept {
        return sortable(v, schema_[by.field]);
    }
    bool ordinal_before(std::uint64_t a, std::uint64_t b) const noexcept {
        return !order_.empty() && order_.front().descending ? a > b : a < b;
    }

    std::vector<order_by> const& order_;
    expr::schema const& schema_;
};

inline bool matches(ticket_query const& query, ticket const& t, expr::schema const& schema) {
    if (t.tenant != query.tenant)
        return false;
    ticket_record const about{t, schema};
    auto const with = ticket_context(query.now, query.calendars);
    return query.wanted.evaluate(about, with) && query.visible.evaluate(about, with);
}

} // namespace detail::memory
} // namespace guichet::inline v0::storage
