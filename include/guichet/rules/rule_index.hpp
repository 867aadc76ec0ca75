#pragma once
#include <guichet/expr/condition.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace guichet::inline v0::rules {

/// A rule as the index knows it.
struct indexed_rule {
    std::uint32_t order = 0; ///< its place among all
    std::uint64_t on = 0;    ///< a bit for each type of event; 0: any
    expr::condition condition;
};

/// Rules by what must be so for them to hold: each is filed under the rarest thing that its condition requires (a field
/// that changed, a value that a field has, else an event), and there with those that require the same second thing, of
/// which one look is enough. Immutable; share it between threads.
class rule_index {
public:
    rule_index() = default;
    /// By ascending order. Takes some microseconds a rule.
    GUICHET_DECL rule_index(std::span<indexed_rule const> rules, expr::schema const& schema);

    /// Appends the rules from `from` on that may hold, and sorts. What it leaves out cannot hold, or answers other
    /// events.
    GUICHET_DECL void find(expr::record const& about, std::uint64_t events, expr::context const& with,
                           std::uint32_t from, std::vector<std::uint32_t>& out) const;

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// Rules that answer the same events and require the same second thing.
    struct group {
        std::uint64_t on;
        std::uint32_t second; ///< in `seconds_`, or none
        std::vector<std::uint32_t> rules;
    };
    using list = std::vector<group>;
    struct field_values {
        std::uint32_t field;
        std::unordered_map<std::string, std::uint32_t> lists;
    };
    class filing;

    std::vector<list> lists_;
    std::uint32_t always_ = none;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_event_;         ///< a bit, a list
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_changed_field_; ///< a field that changed, a list
    std::vector<field_values> by_value_;                                    ///< a field that has a value
    std::vector<expr::condition> seconds_;                                  ///< single leaves, each once
};

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/rule_index.ipp>
#endif
