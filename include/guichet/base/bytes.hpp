#pragma once
#include <guichet/base/instant.hpp>

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace guichet::inline v0 {

/// Numbers, texts and lists as bytes, the same on every machine. Writer and reader offer the same calls, so that one
/// description of a value serves both.
class byte_writer {
public:
    static constexpr bool reads = false;

    template <class T>
    void operator()(T const& x) {
        if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>)
            number(static_cast<std::uint64_t>(x), 1);
        else if constexpr (std::is_same_v<T, double>)
            number(std::bit_cast<std::uint64_t>(x), 8);
        else if constexpr (std::is_same_v<T, float>)
            number(std::bit_cast<std::uint32_t>(x), 4);
        else
            number(static_cast<std::uint64_t>(x), sizeof x);
    }
    void operator()(instant at) { (*this)(at.time_since_epoch().count()); }
    void operator()(duration d) { (*this)(d.count()); }
    void operator()(std::string const& text) {
        number(text.size(), 4);
        bytes.insert(bytes.end(), text.begin(), text.end());
    }
    /// How many things follow.
    std::size_t count(std::size_t n, std::size_t) {
        number(n, 4);
        return n;
    }

    std::vector<std::uint8_t> bytes{};

private:
    void number(std::uint64_t x, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(x >> i * 8));
    }
};

/// `good` is false, and all that follows zero, once the bytes did not suffice.
class byte_reader {
public:
    static constexpr bool reads = true;
    explicit byte_reader(std::span<std::uint8_t const> from) : from_{from} {}

    template <class T>
    void operator()(T& x) {
        if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>)
            x = static_cast<T>(number(1));
        else if constexpr (std::is_same_v<T, double>)
            x = std::bit_cast<double>(number(8));
        else if constexpr (std::is_same_v<T, float>)
            x = std::bit_cast<float>(static_cast<std::uint32_t>(number(4)));
        else
            x = static_cast<T>(number(sizeof x));
    }
    void operator()(instant& at) { at = instant{duration{static_cast<std::int64_t>(number(8))}}; }
    void operator()(duration& d) { d = duration{static_cast<std::int64_t>(number(8))}; }
    void operator()(std::string& text) {
        auto const some = take(number(4));
        text.assign(some.begin(), some.end());
    }
    /// How many things follow, each of at least so many bytes.
    std::size_t count(std::size_t, std::size_t bytes_each) {
        auto const n = number(4);
        good = good && n * bytes_each <= from_.size();
        return good ? static_cast<std::size_t>(n) : 0;
    }
    bool ended() const noexcept { return from_.empty(); }

    bool good = true;

private:
    std::uint64_t number(std::size_t size) {
        std::uint64_t out = 0;
        auto const some = take(size);
        for (std::size_t i = 0; i < some.size(); ++i)
            out |= static_cast<std::uint64_t>(some[i]) << i * 8;
        return out;
    }
    std::span<std::uint8_t const> take(std::uint64_t size) {
        good = good && size <= from_.size();
        if (!good)
            return {};
        auto const out = from_.first(static_cast<std::size_t>(size));
        from_ = from_.subspan(static_cast<std::size_t>(size));
        return out;
    }
    std::span<std::uint8_t const> from_;
};

} // namespace guichet::inline v0
