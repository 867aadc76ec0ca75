#pragma once
#include <guichet/base/hash.hpp>

#include <sodium.h>

#include <cstring>
#include <utility>

namespace guichet::inline v0 {
namespace detail {
/// libsodium picks its fast implementation when it is told to begin.
inline void begin_sodium() noexcept { [[maybe_unused]] static int const ready = sodium_init(); }

inline crypto_generichash_state* hash_state(std::array<std::byte, 384>& room) noexcept {
    static_assert(sizeof(crypto_generichash_state) <= sizeof(room));
    return reinterpret_cast<crypto_generichash_state*>(room.data());
}
} // namespace detail

GUICHET_DECL hasher::hasher() noexcept {
    detail::begin_sodium();
    crypto_generichash_init(detail::hash_state(state_), nullptr, 0, sizeof(digest));
}

inline void hasher::flush() noexcept {
    crypto_generichash_update(detail::hash_state(state_), reinterpret_cast<unsigned char const*>(pending_.data()),
                              std::exchange(held_, 0));
}

GUICHET_DECL hasher& hasher::add(std::span<std::byte const> bytes) noexcept {
    if (held_ + bytes.size() > pending_.size())
        flush();
    if (bytes.size() > pending_.size()) {
        crypto_generichash_update(detail::hash_state(state_), reinterpret_cast<unsigned char const*>(bytes.data()),
                                  bytes.size());
    } else if (!bytes.empty()) {
        std::memcpy(pending_.data() + held_, bytes.data(), bytes.size());
        held_ += bytes.size();
    }
    return *this;
}

GUICHET_DECL hasher& hasher::add(std::uint64_t number) noexcept {
    std::array<std::byte, 8> bytes;
    for (auto& byte : bytes) {
        byte = static_cast<std::byte>(number & 0xff);
        number >>= 8;
    }
    return add(std::span<std::byte const>{bytes});
}

GUICHET_DECL digest hasher::finish() noexcept {
    digest out;
    flush();
    crypto_generichash_final(detail::hash_state(state_), reinterpret_cast<unsigned char*>(out.data()), out.size());
    return out;
}

GUICHET_DECL digest hash(std::span<std::byte const> bytes) noexcept {
    detail::begin_sodium();
    digest out;
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), nullptr, 0);
    return out;
}

GUICHET_DECL std::string to_hex(std::span<std::byte const> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (auto const byte : bytes) {
        out += digits[std::to_integer<unsigned>(byte) >> 4];
        out += digits[std::to_integer<unsigned>(byte) & 15];
    }
    return out;
}

namespace detail {
inline int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}
} // namespace detail

GUICHET_DECL bool from_hex(std::string_view text, std::span<std::byte> bytes) noexcept {
    if (text.size() != bytes.size() * 2)
        return false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        int const high = detail::hex_digit(text[2 * i]), low = detail::hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = static_cast<std::byte>(high << 4 | low);
    }
    return true;
}

} // namespace guichet::inline v0
