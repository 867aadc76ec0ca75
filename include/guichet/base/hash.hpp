#pragma once
#include <guichet/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace guichet::inline v0 {

/// A BLAKE2b-256 digest (RFC 7693): the address of a blob, the link of the log's chain, the print of a command.
using digest = std::array<std::byte, 32>;

/// Feeds bytes, then yields their digest. Not shared between threads. About 1 GB/s. Small pieces are collected, so that
/// a digest of many members costs no more than one of their bytes in a row.
class hasher {
public:
    GUICHET_DECL hasher() noexcept;
    GUICHET_DECL hasher& add(std::span<std::byte const> bytes) noexcept;
    hasher& add(std::string_view text) noexcept { return add(std::as_bytes(std::span{text.data(), text.size()})); }
    /// Adds an integer as eight little-endian bytes: the same on every machine.
    GUICHET_DECL hasher& add(std::uint64_t number) noexcept;
    /// Adds a text with its length before it, so that neighbours cannot be moved from one into the other.
    hasher& add_sized(std::string_view text) noexcept { return add(std::uint64_t{text.size()}).add(text); }
    GUICHET_DECL digest finish() noexcept;

private:
    void flush() noexcept;

    alignas(64) std::array<std::byte, 384> state_;
    std::array<std::byte, 512> pending_;
    std::size_t held_ = 0;
};

/// The digest of `bytes` in one call.
GUICHET_DECL digest hash(std::span<std::byte const> bytes) noexcept;
/// Lower-case hexadecimal, two characters a byte.
GUICHET_DECL std::string to_hex(std::span<std::byte const> bytes);
/// Fills `bytes` from hexadecimal in either case; false when `text` is anything else.
GUICHET_DECL bool from_hex(std::string_view text, std::span<std::byte> bytes) noexcept;

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/base/impl/hash.ipp>
#endif
