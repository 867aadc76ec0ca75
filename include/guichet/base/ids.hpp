#pragma once
#include <guichet/base/environment.hpp>
#include <guichet/base/error.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace guichet::inline v0 {

/// A UUID of RFC 9562, tagged with what it names, so that a ticket's id is not taken for a command's.
/// The all-zero value means "none".
template <class Tag>
struct id {
    std::array<std::byte, 16> bytes{};

    bool empty() const noexcept { return *this == id{}; }
    explicit operator bool() const noexcept { return !empty(); }
    friend auto operator<=>(id const&, id const&) = default;
};

using ticket_id = id<struct ticket_id_tag>;
using command_id = id<struct command_id_tag>;
using article_id = id<struct article_id_tag>;
using inquiry_id = id<struct inquiry_id_tag>;

namespace detail {
GUICHET_DECL std::string uuid_text(std::array<std::byte, 16> const& bytes);
GUICHET_DECL bool uuid_parse(std::string_view text, std::array<std::byte, 16>& bytes) noexcept;
GUICHET_DECL std::array<std::byte, 16> uuid_v7(environment& env, instant at) noexcept;
} // namespace detail

/// The 36-character text form.
template <class Tag>
std::string to_string(id<Tag> const& value) {
    return detail::uuid_text(value.bytes);
}

/// Reads the 36-character text form, in either case.
template <class Id>
result<Id> parse_id(std::string_view text, std::string_view path = "id") {
    Id out;
    if (!detail::uuid_parse(text, out.bytes))
        return error{reason::bad_value,
                     {{"path", std::string{path}}, {"value", std::string{text}}, {"hint", "a UUID is needed"}}};
    return out;
}

/// A new version 7 id: 48 bits of time in milliseconds, then chance, so that ids sort by the time they were made.
template <class Id>
Id make_id(environment& env, instant at) noexcept {
    return Id{detail::uuid_v7(env, at)};
}

} // namespace guichet::inline v0

template <class Tag>
struct std::hash<guichet::id<Tag>> {
    /// The last eight bytes of a version 7 id are chance already.
    std::size_t operator()(guichet::id<Tag> const& value) const noexcept {
        std::size_t out = 0;
        for (std::size_t i = 8; i < 16; ++i)
            out = out << 8 | std::to_integer<std::size_t>(value.bytes[i]);
        return out;
    }
};

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/base/impl/ids.ipp>
#endif
