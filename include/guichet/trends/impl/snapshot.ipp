#pragma once
#include <guichet/base/bytes.hpp>
#include <guichet/base/hash.hpp>
#include <guichet/trends/impl/detector.ipp>

#include <algorithm>
#include <bit>

namespace guichet::inline v0::trends {
namespace detail {

inline constexpr std::uint64_t snapshot_magic = 0x3130444e52545547; // GUTRND01

template <class Bytes, class Latest>
void describe_latest(Bytes& as, Latest& recent) {
    auto const n = as.count(recent.size(), 16);
    for (auto i = n; i-- > 0;) {
        arrival one = Bytes::reads ? arrival{} : recent[i];
        as(one.at);
        as(one.ticket);
        if constexpr (Bytes::reads)
            recent.push(one);
    }
}

template <class Bytes, class Watched>
void describe_watched(Bytes& as, Watched& one) {
    as(one.name);
    for (auto& x : one.learned)
        as(x);
    for (auto& x : one.pending)
        as(x);
    as(one.learned_to);
    as(one.total);
    as(one.strength);
    as(one.beyond);
    as(one.meant);
    describe_latest(as, one.recent);
    as(one.alarm);
    as(one.told);
}

template <class Bytes, class Past>
void describe_past(Bytes& as, Past& of) {
    for (auto& x : of.exposure)
        as(x);
    as(of.shape.strength);
    as(of.looks);
    as(of.learned_to);
    as(of.judges);
}

template <class Bytes, class Alarm>
void describe_alarm(Bytes& as, Alarm& one) {
    as(one.number);
    as(one.what);
    as(one.field);
    as(one.value);
    as(one.since);
    as(one.at);
    as(one.observed);
    as(one.window);
    as(one.expected);
    as(one.p);
    as(one.count);
    auto const n = as.count(one.tickets.size(), 8);
    if constexpr (Bytes::reads)
        one.tickets.resize(n);
    for (auto& t : one.tickets)
        as(t);
    as(one.part_of);
    as(one.suggests);
}

template <class Bytes, class List, class Describe>
void describe_list(Bytes& as, List& list, std::size_t bytes_each, Describe&& describe) {
    auto const n = as.count(list.size(), bytes_each);
    if constexpr (Bytes::reads)
        list.resize(n);
    for (auto& one : list)
        describe(one);
}

inline error trends_damaged(char const* problem) { return {reason::store_corrupt, {{"problem", problem}}}; }

} // namespace detail

template <class Bytes, class State>
void detector::describe_state(Bytes& as, State& s) {
    using namespace detail;
    as(s.begun);
    as(s.first);
    as(s.now);
    as(s.checked);
    as(s.hour);
    as(s.hours);
    describe_past(as, s.past);
    describe_list(as, s.all, 600, [&](auto& one) { describe_watched(as, one); });
    std::uint64_t cursor = s.cursor;
    as(cursor);
    describe_list(as, s.open, 80, [&](auto& one) { describe_alarm(as, one); });
    as(s.alarms);
    if constexpr (Bytes::reads)
        s.cursor = static_cast<std::size_t>(cursor);
}

GUICHET_DECL std::vector<std::uint8_t> detector::bytes() const {
    byte_writer as;
    as(detail::snapshot_magic);
    describe_state(as, std::as_const(*state_));
    auto const sum = hash(std::as_bytes(std::span{as.bytes}));
    for (auto const b : sum)
        as.bytes.push_back(std::to_integer<std::uint8_t>(b));
    return std::move(as.bytes);
}

GUICHET_DECL result<detector> detector::open(detector_options options, std::span<std::uint8_t const> bytes) {
    GUICHET_LET(auto out, make(std::move(options)));
    auto& s = *out.state_;
    constexpr auto sum_bytes = sizeof(digest);
    if (bytes.size() < sum_bytes)
        return detail::trends_damaged("these are no trends");
    auto const body = bytes.first(bytes.size() - sum_bytes);
    auto const sum = hash(std::as_bytes(body));
    if (!std::ranges::equal(std::as_bytes(bytes.last(sum_bytes)), sum))
        return detail::trends_damaged("the trends do not match their check sum");
    byte_reader as{body};
    std::uint64_t magic = 0;
    as(magic);
    if (magic != detail::snapshot_magic)
        return detail::trends_damaged("these are no trends, or those of another version");
    describe_state(as, s);
    if (!as.good || !as.ended() || s.all.empty())
        return detail::trends_damaged("the trends end too early or too late");
    if (s.all.size() - 1 > s.options.traits_max)
        return error{reason::limit_passed,
                     {{"path", "traits"},
                      {"found", std::to_string(s.all.size() - 1)},
                      {"limit", std::to_string(s.options.traits_max)}}};
    for (std::size_t i = 1; i < s.all.size(); ++i)
        s.places.emplace(s.all[i].name, static_cast<std::uint32_t>(i));
    for (auto const& one : s.open)
        if (!one.field.empty() && !s.places.contains(s.spell({one.field, one.value})))
            return detail::trends_damaged("an alarm is of a trait that is not watched");
    s.past.settle(s.whole());
    return out;
}

} // namespace guichet::inline v0::trends
