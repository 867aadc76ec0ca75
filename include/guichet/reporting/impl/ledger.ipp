#pragma once
#include <guichet/base/bytes.hpp>
#include <guichet/base/hash.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/reporting/ledger.hpp>

#include <algorithm>
#include <cstring>

namespace guichet::inline v0::reporting {
namespace detail {

inline constexpr std::uint64_t ledger_magic = 0x31304c5045525547; // GUREPL01

/// What a ticket has in each dimension; views into it.
inline std::array<std::string_view, dimensions.size()> texts_of(ticket const& t) {
    static expr::schema const columns;
    static auto const fields = [] {
        std::array<std::uint32_t, dimensions.size()> out{};
        std::transform(dimensions.begin(), dimensions.end(), out.begin(), ticket_field);
        return out;
    }();
    ticket_record const record{t, columns};
    std::array<std::string_view, dimensions.size()> out;
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (auto const value = record.get(fields[i]); auto const* text = std::get_if<std::string_view>(&value))
            out[i] = *text;
    return out;
}

template <class Bytes>
void describe_stay(Bytes& as, stay& one) {
    as(one.from);
    as(one.state);
    as(one.team);
    as(one.tier);
    as(one.status);
}
template <class Bytes>
void describe_verdict(Bytes& as, verdict& one) {
    as(one.at);
    as(one.until);
    as(one.late);
    as(one.policy);
    as(one.metric);
    as(one.cycle);
    as(one.met);
}

/// A list of a row; read, it is put there.
template <class Bytes, class Entry, class Describe>
void describe_list(Bytes& as, row_lists<Entry>& lists, std::uint32_t row, Describe const& one) {
    auto const there = lists.edit(row);
    std::vector<Entry> all(there.begin(), there.end());
    all.resize(as.count(all.size(), 16));
    for (auto& entry : all)
        one(as, entry);
    if constexpr (Bytes::reads)
        lists.put(row, all);
}

inline std::uint64_t name_of(std::span<std::uint8_t const> bytes) noexcept {
    auto const sum = hash(std::as_bytes(bytes));
    std::uint64_t out = 0;
    std::memcpy(&out, sum.data(), sizeof out);
    return out ? out : 1;
}

} // namespace detail

GUICHET_DECL code dictionary::add(std::string_view text) {
    if (auto const found = codes_.find(text); found != codes_.end())
        return found->second;
    auto const fresh = codes_.emplace(std::string{text}, static_cast<code>(texts_.size())).first;
    texts_.push_back(&fresh->first);
    return fresh->second;
}

GUICHET_DECL ledger::ledger() : names_{0} {}

GUICHET_DECL void ledger::note(instant at) noexcept {
    if (at == never)
        return;
    earliest_ = std::min(earliest_, at);
    latest_ = std::max(latest_, at);
}

GUICHET_DECL void ledger::add_row(ticket_id id) {
    rows_.emplace(id, rows());
    ids_.push_back(id);
    for (auto& column : codes_)
        column.push_back(0);
    for (auto& column : times_)
        column.push_back(never);
    for (auto& column : numbers_)
        column.push_back(0);
}

GUICHET_DECL void ledger::touch(std::uint32_t row) {
    names_.resize(std::max<std::size_t>(names_.size(), row / block_rows + 2));
    names_[row / block_rows + 1] = names_[0] = 0;
}

GUICHET_DECL void ledger::put(ticket const& t, std::uint32_t score) {
    auto const found = rows_.find(t.id);
    auto const row = found == rows_.end() ? rows() : found->second;
    if (row == rows())
        add_row(t.id);
    touch(row);
    auto const texts = detail::texts_of(t);
    for (std::size_t i = 0; i < texts.size(); ++i)
        codes_[i][row] = words_[i].add(texts[i]);
    std::array const at{t.created_at, t.first_response_at.value_or(never), t.resolved_at.value_or(never),
                        t.closed_at.value_or(never)};
    for (std::size_t i = 0; i < at.size(); ++i) {
        times_[i][row] = at[i];
        note(at[i]);
    }
    std::chrono::seconds logged{};
    for (auto const& one : t.time_entries)
        logged += one.seconds;
    std::array const amounts{t.reopenings, t.handovers, t.replies, static_cast<std::uint32_t>(logged.count()), score};
    for (std::size_t i = 0; i < amounts.size(); ++i)
        numbers_[i][row] = amounts[i];
    put_stays(row, t);
}

GUICHET_DECL void ledger::put_stays(std::uint32_t row, ticket const& t) {
    auto& states = words_[*dimension_of("state")];
    auto& teams = words_[*dimension_of("team")];
    auto& tiers = words_[*dimension_of("tier")];
    std::vector<stay> all;
    stay now;
    for (std::size_t i = 0, j = 0; i < t.spans.size() || j < t.holdings.size();) {
        bool const held = j < t.holdings.size() && (i == t.spans.size() || t.holdings[j].since <= t.spans[i].since);
        if (held) {
            auto const& h = t.holdings[j++];
            now.from = h.since;
            now.team = teams.add(h.team);
            now.tier = tiers.add(h.tier);
        } else {
            auto const& s = t.spans[i++];
            now.from = s.since;
            now.state = states.add(s.state);
            now.status = s.status;
        }
        bool const same =
            !all.empty() && all.back().from == now.from && (all.back().state == 0 || all.back().status == now.status);
        if (same)
            all.back() = now;
        else
            all.push_back(now);
        note(now.from);
    }
    stays_.put(row, all);
}

GUICHET_DECL void ledger::hear(ticket_id of, instant at, event_body const& what) {
    auto const found = rows_.find(of);
    if (found == rows_.end())
        return;
    auto const row = found->second;
    auto& metrics = words_[dimensions.size() + 1];
    auto const end = [&](code metric, std::uint32_t cycle) {
        for (auto& one : verdicts_.edit(row))
            if (one.metric == metric && one.cycle == cycle && one.until == never)
                one.until = at;
        touch(row);
    };
    auto const judge = [&](auto const& said, bool met) {
        verdict fresh{.at = at,
                      .late = !met && said.due ? at - *said.due : duration{},
                      .policy = words_[dimensions.size()].add(said.policy),
                      .metric = metrics.add(said.metric),
                      .cycle = said.cycle,
                      .met = met};
        end(fresh.metric, fresh.cycle);
        auto const before = verdicts_[row];
        std::vector<verdict> all(before.begin(), before.end());
        all.push_back(fresh);
        verdicts_.put(row, all);
        note(at);
    };
    if (auto const* kept = std::get_if<clock_met>(&what))
        judge(*kept, true);
    else if (auto const* late = std::get_if<clock_breached>(&what))
        judge(*late, false);
    else if (auto const* again = std::get_if<clock_restarted>(&what))
        end(metrics.add(again->metric), again->cycle);
}

GUICHET_DECL std::size_t ledger::memory_bytes() const noexcept {
    auto const all = [](auto const& columns) {
        std::size_t out = 0;
        for (auto const& column : columns)
            out += column.capacity() * sizeof(typename std::remove_cvref_t<decltype(column)>::value_type);
        return out;
    };
    constexpr std::size_t of_node = 48; // of the map of ids, with its allocation and bucket
    return ids_.capacity() * sizeof(ticket_id) + rows_.size() * of_node + all(codes_) + all(times_) + all(numbers_) +
           stays_.memory_bytes() + verdicts_.memory_bytes();
}

template <class Bytes>
void ledger::describe_words(Bytes& as) {
    auto rows = static_cast<std::uint32_t>(ids_.size());
    auto magic = detail::ledger_magic;
    as(magic);
    as(rows);
    as(earliest_);
    as(latest_);
    for (auto& of : words_) {
        auto const size = as.count(of.size(), 4);
        for (std::size_t i = 0; i < size; ++i) {
            auto text = Bytes::reads ? std::string{} : of[static_cast<code>(i)];
            as(text);
            if constexpr (Bytes::reads)
                as.good = as.good && of.add(text) == i;
        }
    }
    if constexpr (Bytes::reads) {
        as.good = as.good && magic == detail::ledger_magic;
        names_.assign((rows + block_rows - 1) / block_rows + 1, 0);
    }
}

template <class Bytes>
void ledger::describe_row(Bytes& as, std::uint32_t row) {
    for (auto& byte : ids_[row].bytes)
        as(byte);
    for (auto& column : codes_)
        as(column[row]);
    for (auto& column : times_)
        as(column[row]);
    for (auto& column : numbers_)
        as(column[row]);
    detail::describe_list(as, stays_, row, [](Bytes& to, stay& one) { detail::describe_stay(to, one); });
    detail::describe_list(as, verdicts_, row, [](Bytes& to, verdict& one) { detail::describe_verdict(to, one); });
}

GUICHET_DECL std::vector<std::uint8_t> ledger::bytes_of(std::size_t piece) {
    byte_writer as;
    if (piece == 0)
        describe_words(as);
    else {
        auto const first = static_cast<std::uint32_t>(piece - 1) * block_rows;
        auto const last = std::min(rows(), first + block_rows);
        as.count(last - first, 0);
        for (auto row = first; row < last; ++row)
            describe_row(as, row);
    }
    return std::move(as.bytes);
}

GUICHET_DECL std::vector<ledger_piece> ledger::pieces(std::function<bool(std::uint64_t name)> const& known) {
    std::vector<ledger_piece> out(names_.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (!names_[i] || !known(names_[i])) {
            out[i].bytes = bytes_of(i);
            names_[i] = detail::name_of(out[i].bytes);
        }
        out[i].name = names_[i];
    }
    return out;
}

GUICHET_DECL std::optional<ledger> ledger::open(std::span<ledger_piece const> pieces) {
    if (pieces.empty())
        return {};
    for (auto const& one : pieces)
        if (detail::name_of(one.bytes) != one.name)
            return {};
    ledger out;
    byte_reader words{pieces[0].bytes};
    out.describe_words(words);
    if (!words.good || !words.ended() || out.names_.size() != pieces.size())
        return {};
    out.names_[0] = pieces[0].name;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        byte_reader as{pieces[i].bytes};
        for (auto left = as.count(0, 1); left > 0 && as.good; --left) {
            auto const row = out.rows();
            out.add_row({});
            out.describe_row(as, row);
            out.rows_.emplace(out.ids_[row], row);
        }
        if (!as.good || !as.ended())
            return {};
        out.names_[i] = pieces[i].name;
    }
    out.rows_.erase(ticket_id{});
    return out;
}

} // namespace guichet::inline v0::reporting
