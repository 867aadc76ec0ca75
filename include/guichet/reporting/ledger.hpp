#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What reports count: the tickets of a desk in columns, and the figures that are made of them.
namespace guichet::inline v0::reporting {

/// The fields of a ticket by which figures are told, as it has them now.
inline constexpr std::array<std::string_view, 13> dimensions{
    "tenant",   "kind",         "priority", "category",        "queue",  "team", "tier",
    "assignee", "organisation", "channel",  "resolution_code", "status", "state"};
enum class moment : std::uint8_t { created, first_response, resolved, closed };
inline constexpr std::array<std::string_view, 4> moments{"created_at", "first_response_at", "resolved_at", "closed_at"};
enum class count : std::uint8_t { reopenings, handovers, replies, logged_seconds, score };
/// Those of them that conditions know.
inline constexpr std::array<std::string_view, 3> counts{"reopenings", "handovers", "replies"};

/// Of what has not happened.
inline constexpr instant never = instant::max();

/// A text of a column, by its place among the different ones; 0 is the empty text.
using code = std::uint32_t;

class dictionary {
public:
    dictionary() = default;
    dictionary(dictionary&&) noexcept = default; // the nodes of a map stay where they are
    dictionary& operator=(dictionary&&) noexcept = default;
    ~dictionary() = default;

    GUICHET_DECL code add(std::string_view text);
    std::string const& operator[](code which) const { return *texts_[which]; }
    std::size_t size() const noexcept { return texts_.size(); }

private:
    std::map<std::string, code, std::less<>> codes_{{std::string{}, 0}};
    std::vector<std::string const*> texts_{&codes_.begin()->first};
};

/// From then on, until the next one of the ticket, it was in a state and with a team and tier.
struct stay {
    instant from{};
    code state = 0, team = 0, tier = 0;
    guichet::status status = status::new_;
};

/// A clock was judged; that stood until another verdict on the same cycle, or until the clock began again.
struct verdict {
    instant at{}, until = never;
    duration late{}; ///< of a breach, from the deadline to the verdict
    code policy = 0, metric = 0;
    std::uint32_t cycle = 1;
    bool met = false;
};

/// Lists of things, one list a row, in one piece of memory.
template <class Entry>
class row_lists {
public:
    std::span<Entry const> operator[](std::uint32_t row) const noexcept {
        return row < places_.size() ? std::span{entries_}.subspan(places_[row].begin, places_[row].count)
                                    : std::span<Entry const>{};
    }
    std::span<Entry> edit(std::uint32_t row) noexcept {
        return row < places_.size() ? std::span{entries_}.subspan(places_[row].begin, places_[row].count)
                                    : std::span<Entry>{};
    }
    void put(std::uint32_t row, std::span<Entry const> list) {
        if (row >= places_.size())
            places_.resize(row + 1);
        auto& at = places_[row];
        if (list.size() > at.room)
            move_to_end(at, list.size());
        at.count = static_cast<std::uint32_t>(list.size());
        std::copy(list.begin(), list.end(), entries_.begin() + static_cast<std::ptrdiff_t>(at.begin));
        if (lost_ > entries_.size() / 2)
            pack();
    }
    std::size_t memory_bytes() const noexcept {
        return entries_.capacity() * sizeof(Entry) + places_.capacity() * sizeof(place);
    }

private:
    struct place {
        std::uint64_t begin = 0;
        std::uint32_t count = 0, room = 0;
    };
    /// The first list of a row has just the room it needs; one that grew will grow again.
    void move_to_end(place& at, std::size_t size) {
        lost_ += at.room;
        auto const room = at.room ? size + size / 2 : size;
        at = {entries_.size(), 0, static_cast<std::uint32_t>(room)};
        entries_.resize(entries_.size() + room);
    }
    void pack() {
        std::vector<Entry> packed;
        packed.reserve(entries_.size() - lost_);
        for (auto& at : places_) {
            auto const list = std::span{entries_}.subspan(at.begin, at.count);
            at.begin = packed.size();
            at.room = at.count;
            packed.insert(packed.end(), list.begin(), list.end());
        }
        entries_ = std::move(packed);
        lost_ = 0;
    }

    std::vector<Entry> entries_;
    std::vector<place> places_;
    std::size_t lost_ = 0; ///< entries that belong to no row any more
};

/// Some rows of a ledger, or its dictionaries, as bytes.
struct ledger_piece {
    std::uint64_t name = 0; ///< made of the bytes
    std::vector<std::uint8_t> bytes{};
};

/// The tickets of a desk as reports see them, a row each. Holds no text of a requester: but names of teams, persons of
/// the desk, categories and the like, each once.
///
/// A value of one thread. Takes about 200 bytes a ticket, 24 for each state, team or tier it was in and 40 for each
/// verdict, beside the room that vectors hold ready; `memory_bytes` tells.
class ledger {
public:
    GUICHET_DECL ledger();

    /// The ticket as it is now, in the place of what it was. `score` is what the requester thinks: 1 to 5, 0 unknown.
    GUICHET_DECL void put(ticket const& t, std::uint32_t score = 0);
    /// What happened to a ticket that was put; only verdicts are kept, and they are to come in the order of the log.
    GUICHET_DECL void hear(ticket_id of, instant at, event_body const& what);

    std::uint32_t rows() const noexcept { return static_cast<std::uint32_t>(ids_.size()); }
    std::span<code const> codes(std::size_t dimension) const noexcept { return codes_[dimension]; }
    std::span<instant const> times(moment which) const noexcept { return times_[static_cast<std::size_t>(which)]; }
    std::span<std::uint32_t const> numbers(count which) const noexcept {
        return numbers_[static_cast<std::size_t>(which)];
    }
    std::span<stay const> stays(std::uint32_t row) const noexcept { return stays_[row]; }
    std::span<verdict const> verdicts(std::uint32_t row) const noexcept { return verdicts_[row]; }
    /// Of a dimension, of the states, teams and tiers of stays, and of policies and metrics.
    dictionary const& words(std::size_t dimension) const noexcept { return words_[dimension]; }
    dictionary const& policies() const noexcept { return words_[dimensions.size()]; }
    dictionary const& metrics() const noexcept { return words_[dimensions.size() + 1]; }
    /// No instant of it is outside; the earliest is later than the latest where there is none.
    instant earliest() const noexcept { return earliest_; }
    instant latest() const noexcept { return latest_; }
    GUICHET_DECL std::size_t memory_bytes() const noexcept;

    /// The ledger in pieces. Those that `known` tells are kept already come without bytes.
    GUICHET_DECL std::vector<ledger_piece> pieces(std::function<bool(std::uint64_t name)> const& known);
    /// The ledger of which these are all the pieces, in order; nothing where they are damaged.
    GUICHET_DECL static std::optional<ledger> open(std::span<ledger_piece const> pieces);

private:
    static constexpr std::uint32_t block_rows = 4'096;
    GUICHET_DECL void add_row(ticket_id id);
    GUICHET_DECL void touch(std::uint32_t row);
    GUICHET_DECL void put_stays(std::uint32_t row, ticket const& t);
    GUICHET_DECL void note(instant at) noexcept;
    GUICHET_DECL std::vector<std::uint8_t> bytes_of(std::size_t piece);
    template <class Bytes>
    void describe_words(Bytes& as);
    template <class Bytes>
    void describe_row(Bytes& as, std::uint32_t row);

    std::unordered_map<ticket_id, std::uint32_t> rows_;
    std::vector<ticket_id> ids_;
    std::array<std::vector<code>, dimensions.size()> codes_;
    std::array<std::vector<instant>, moments.size()> times_;
    std::array<std::vector<std::uint32_t>, 5> numbers_;
    std::array<dictionary, dimensions.size() + 2> words_;
    row_lists<stay> stays_;
    row_lists<verdict> verdicts_;
    instant earliest_ = instant::max(), latest_ = instant::min();
    std::vector<std::uint64_t> names_; ///< of the pieces, after that of the dictionaries; 0: changed since
};

/// The place of a dimension.
constexpr std::optional<std::size_t> dimension_of(std::string_view name) noexcept {
    for (std::size_t i = 0; i < dimensions.size(); ++i)
        if (dimensions[i] == name)
            return i;
    return {};
}

} // namespace guichet::inline v0::reporting

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/reporting/impl/ledger.ipp>
#endif
