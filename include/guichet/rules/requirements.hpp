#pragma once
#include <guichet/expr/condition.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a condition requires of each field, so that two conditions can be compared without a ticket.
namespace guichet::inline v0::rules {

/// The values that a field may have when it is not empty: those of a list or between two bounds, without some.
struct value_set {
    struct bound {
        expr::literal at;
        bool inclusive = false;
    };
    std::optional<std::vector<expr::literal>> among; ///< none: any
    std::vector<expr::literal> without;
    std::optional<bound> low, high;

    GUICHET_DECL bool has(expr::literal const& one) const;
    /// False where it may have a value, and where that is not known.
    GUICHET_DECL bool none(expr::field_type type) const;
    GUICHET_DECL void meet(value_set const& other);
};

/// What must be so of one field, all at once.
struct field_facts {
    std::uint32_t field = 0;
    expr::field_type type = expr::field_type::text;
    bool may_be_empty = true;
    value_set now;
    value_set since_now; ///< of an instant: how long it lies behind now (less than zero) or ahead
    bool was_maybe_empty = true;
    value_set before;            ///< the change
    std::optional<bool> changed; ///< none: whether or not
    bool both_changed_and_not = false;
    std::vector<std::string> members, no_members;        ///< of a list
    std::vector<std::vector<std::string>> one_of_each{}; ///< of a list: at least one of each

    GUICHET_DECL void meet(field_facts const& other);
    /// Whether no ticket is so. Sound: true is certain, false is not.
    GUICHET_DECL bool impossible() const;
    /// The only texts that the field may have, if there are but a few and it is not empty.
    std::vector<expr::literal> const* few() const noexcept {
        return !may_be_empty && now.among ? &*now.among : nullptr;
    }
};

/// A leaf that must hold, or must not; or a group that is not looked into. `part`: of what says two things at once,
/// when it must not hold, the one that fails.
struct signed_leaf {
    expr::node const* of = nullptr;
    bool negated = false;
    int part = -1;
};

/// One of the ways in which a condition can hold: all of these at once.
class alternative {
public:
    GUICHET_DECL explicit alternative(std::vector<signed_leaf> leaves);

    std::vector<signed_leaf> const& leaves() const noexcept { return leaves_; }
    std::vector<field_facts> const& facts() const noexcept { return facts_; } ///< by field
    GUICHET_DECL field_facts const* find(std::uint32_t field) const noexcept;
    /// The field of which it asks what cannot be; none where it may hold.
    std::optional<std::uint32_t> const& impossible() const noexcept { return impossible_; }
    /// Whether both cannot hold for the same ticket and change.
    GUICHET_DECL bool excludes(alternative const& other) const;
    /// Whether every ticket that this holds for is so.
    GUICHET_DECL bool implies(signed_leaf const& one) const;

private:
    bool excludes(field_facts const& other) const;

    std::vector<signed_leaf> leaves_, opaque_;
    std::vector<field_facts> facts_;
    std::optional<std::uint32_t> impossible_;
};

/// A condition as the ways in which it can hold; at most 64 of them, beyond that groups are taken as a whole. Every
/// answer is sound: `true` is certain, `false` is not. Immutable; costs some microseconds to make.
class requirements {
public:
    /// `of` shares its tree with what is made; alternatives that cannot hold are left out.
    GUICHET_DECL explicit requirements(expr::condition of);

    /// Whether no ticket satisfies it; then `culprit` may tell the field.
    bool never() const noexcept { return alternatives_.empty(); }
    std::optional<std::uint32_t> culprit() const noexcept { return culprit_; }
    /// Whether every ticket does.
    GUICHET_DECL bool always() const noexcept;
    /// Whether every ticket that satisfies this one satisfies the other.
    GUICHET_DECL bool implies(requirements const& other) const;
    /// Whether no ticket satisfies both.
    GUICHET_DECL bool excludes(requirements const& other) const;
    std::vector<alternative> const& alternatives() const noexcept { return alternatives_; }

private:
    expr::condition of_;
    std::vector<alternative> alternatives_;
    std::optional<std::uint32_t> culprit_;
};

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/requirements.ipp>
#endif
