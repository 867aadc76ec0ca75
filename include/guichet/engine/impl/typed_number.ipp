#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/text/fold.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

/// Numbers of tickets and articles as people type them.
namespace guichet::inline v0::detail {

inline constexpr std::size_t number_digits = 6; ///< at least, in the last group of a number

/// The end of a number such as INC-2026-000042: "inc-2026-000042", "2026-42", "#42".
class typed_number {
public:
    /// Nothing where it is none: what it begins with is `#` or a group before the digits.
    static std::optional<typed_number> of(std::string_view typed) {
        auto const begin = typed.find_first_not_of(" \t\r\n");
        if (begin == typed.npos)
            return {};
        typed = typed.substr(begin, typed.find_last_not_of(" \t\r\n") + 1 - begin);
        bool const marked = typed.front() == '#';
        if (marked)
            typed.remove_prefix(1);
        typed_number out{parts_of(typed)};
        auto const is_of_number = [](char c) { return is_digit(c) || c == '-' || (c >= 'a' && c <= 'z'); };
        bool const whole = marked || !out.groups_.empty();
        if (!whole || out.digits_.empty() || typed.size() > limits::name_bytes_max ||
            !std::all_of(out.groups_.begin(), out.groups_.end(), is_of_number) ||
            !std::all_of(out.digits_.begin(), out.digits_.end(), is_digit))
            return {};
        return out;
    }

    /// Whether a number ends so; zeros before the last digits mean nothing.
    bool ends(std::string_view number) const {
        auto const other = parts_of(number);
        auto const& groups = other.groups_;
        return other.digits_ == digits_ && groups.ends_with(groups_) &&
               (groups_.empty() || groups.size() == groups_.size() ||
                groups[groups.size() - groups_.size() - 1] == '-');
    }

    /// The last group, as numbers are written.
    std::string digits() const {
        return std::string(number_digits - std::min(number_digits, digits_.size()), '0') + digits_;
    }

private:
    static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
    static typed_number parts_of(std::string_view number) {
        typed_number out;
        auto const hyphen = number.rfind('-');
        if (hyphen != number.npos)
            out.groups_ = text::fold(number.substr(0, hyphen));
        auto digits = number.substr(hyphen == number.npos ? 0 : hyphen + 1);
        out.digits_ = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
        return out;
    }

    std::string groups_, digits_; ///< what stands before the last hyphen, folded; what follows, from the first digit on
};

} // namespace guichet::inline v0::detail
