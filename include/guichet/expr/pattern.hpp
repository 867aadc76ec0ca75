#pragma once
#include <guichet/base/error.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace guichet::inline v0::expr {

/// A regular expression as RE2 reads it (no back references, no look-around), compiled. It is found anywhere in a text,
/// unless it says otherwise (`^`, `$`), as the text is written: `(?i)` asks for any case. Immutable and cheap to copy;
/// threads may use the same one.
class pattern {
public:
    /// Found nowhere.
    pattern() = default;

    /// At most `pattern_bytes_max` long and `pattern_memory_bytes_max` large when compiled. The error has the `path`.
    GUICHET_DECL static result<pattern> compile(std::string_view written, std::string_view path = "pattern");

    /// Takes a time linear in the text. May allocate within `pattern_memory_bytes_max`; without memory the answer is
    /// no.
    GUICHET_DECL bool found_in(std::string_view text) const noexcept;
    /// As it was written; empty for the one that is found nowhere.
    GUICHET_DECL std::string_view written() const noexcept;

    friend bool operator==(pattern const& a, pattern const& b) noexcept { return a.written() == b.written(); }

private:
    struct compiled;
    std::shared_ptr<compiled const> held_;
};

} // namespace guichet::inline v0::expr

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/expr/impl/pattern.ipp>
#endif
