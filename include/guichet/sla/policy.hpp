#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/time/calendar.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace guichet::inline v0::sla {

/// The metrics that are there from the start; each is one clock of a ticket.
inline constexpr std::string_view first_response = "first_response";
inline constexpr std::string_view resolution = "resolution";

/// A policy document with the version under which it is stored.
struct versioned_policy {
    policy_document document;
    std::uint32_t version = 1;
};

/// A target, ready for arithmetic.
struct target {
    std::string metric, priority;
    duration within{};
    time::calendar const* calendar = nullptr;
};

/// A policy, checked and compiled.
struct policy {
    std::string name;
    std::uint32_t version = 1;
    expr::condition condition;
    std::vector<target> targets;
    std::vector<std::string> pause_states;       ///< names of states ...
    std::vector<guichet::status> pause_statuses; ///< ... and statuses, also of states that a lifecycle no longer has

    /// The target for a metric at a priority: the one that names the priority, else the one that names none.
    GUICHET_DECL target const* find(std::string_view metric, std::string_view priority) const noexcept;
    GUICHET_DECL bool pauses(state_span const& span) const noexcept;
};

/// The calendars and the policies of a desk, in order. Immutable; share it between threads.
class policy_set {
public:
    GUICHET_DECL static result<std::shared_ptr<policy_set const>> compile(
        std::map<std::string, time::calendar> calendars, std::vector<versioned_policy> policies,
        lifecycle_document const& lifecycle, expr::schema const& schema);

    /// The first policy whose condition holds; null when none does.
    GUICHET_DECL policy const* select(ticket const& t, instant now) const noexcept;
    GUICHET_DECL time::calendar const* find_calendar(std::string_view name) const noexcept;
    std::span<policy const> policies() const noexcept { return policies_; }

private:
    std::map<std::string, time::calendar, std::less<>> calendars_;
    std::vector<policy> policies_;
    expr::schema schema_;
};

/// Monday to Friday, 09:00 to 18:00, UTC: what a desk has until the administrator says otherwise.
GUICHET_DECL time::calendar_definition office_hours();
/// Targets by priority from 15 minutes and 4 hours (critical) to one and ten working days (low) on `office_hours`;
/// clocks pause while pending and on hold.
GUICHET_DECL policy_document standard_policy();

} // namespace guichet::inline v0::sla

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/sla/impl/policy.ipp>
#endif
