#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/ids.hpp>

namespace guichet::inline v0::detail {

GUICHET_DECL std::string uuid_text(std::array<std::byte, 16> const& bytes) {
    auto const hex = to_hex(bytes);
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < hex.size(); ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            out += '-';
        out += hex[i];
    }
    return out;
}

GUICHET_DECL bool uuid_parse(std::string_view text, std::array<std::byte, 16>& bytes) noexcept {
    if (text.size() != 36)
        return false;
    std::size_t at = 0;
    for (auto& byte : bytes) {
        if (at == 8 || at == 13 || at == 18 || at == 23)
            if (text[at++] != '-')
                return false;
        int const high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
        if (high < 0 || low < 0)
            return false;
        byte = static_cast<std::byte>(high << 4 | low);
        at += 2;
    }
    return true;
}

GUICHET_DECL std::array<std::byte, 16> uuid_v7(environment& env, instant at) noexcept {
    std::array<std::byte, 16> bytes;
    env.random(bytes);
    auto const ms = static_cast<std::uint64_t>(at.time_since_epoch().count());
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<std::byte>(ms >> (40 - 8 * i) & 0xff);
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x70};
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    return bytes;
}

} // namespace guichet::inline v0::detail
