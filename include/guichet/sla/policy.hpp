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
#include <utility>
#include <vector>

namespace guichet::inline v0::sla {

/// What a metric measures. Each is a clock of a ticket, or several one after the other: its cycles.
enum class metric_kind : std::uint8_t {
    first_response,  ///< creation -> first public word of the desk
    next_response,   ///< first unanswered word of the requester -> next word of the desk; every exchange is a cycle
    periodic_update, ///< word of the desk -> its next one; every interval is a cycle
    time_to_own,     ///< creation -> somebody has it
    handover,        ///< a team or tier gets the ticket -> it passes it on, or resolves it; every holding is a cycle
    resolution,      ///< creation -> resolved or closed
    declared         ///< from its own condition to its own condition
};
BOOST_DESCRIBE_ENUM(metric_kind, first_response, next_response, periodic_update, time_to_own, handover, resolution,
                    declared)

inline constexpr std::string_view first_response = "first_response";
inline constexpr std::string_view resolution = "resolution";

/// A policy document with the version under which it is stored.
struct versioned_policy {
    policy_document document;
    std::uint32_t version = 1;
};

/// A target, ready for arithmetic.
struct target {
    std::string priority;
    expr::condition condition;
    duration within{};
    int working_days = 0;    ///< instead of `within`
    bool end_of_day = false; ///< of the working days
    std::string until_field; ///< instead of both: the field that holds the contractual date, which no pause moves
    time::calendar const* calendar = nullptr;
    std::string calendar_name;
    std::uint32_t calendar_version = 0; ///< 0: built in
};

/// A point of a clock, as the working time that is used up when it is reached.
struct threshold {
    std::string name;
    double share = 1;  ///< of the target
    duration offset{}; ///< added to that

    duration level(duration target) const noexcept {
        return duration{static_cast<duration::rep>(static_cast<double>(target.count()) * share)} + offset;
    }
};

/// What a condition of a metric says when it fires.
enum class signal_kind : std::uint8_t { cancel, stop, reset, start, resume, pause };

/// A metric under a policy: how its cycles come about, when they stand still, and what they must keep to.
struct metric {
    std::string key; ///< "resolution"; "supplier/resolution" in the family "supplier"
    metric_kind kind = metric_kind::resolution;
    bool begins_anew = false;         ///< next_response: at every contact; resolution: when reopened
    bool only_while_answered = false; ///< periodic_update: a word of the requester ends it
    bool pause_excludes_time = true;
    std::vector<std::string> pause_states;       ///< names of states ...
    std::vector<guichet::status> pause_statuses; ///< ... and statuses, also of states that a lifecycle no longer has
    /// What it listens for in the log, in the order in which it is heard. Without `resume`, a pause lasts as long as
    /// its condition holds.
    std::vector<std::pair<signal_kind, expr::condition>> conditions;
    bool resumes = false;
    std::string pause_name; ///< the condition of the pause, for people
    std::vector<target> targets;
    std::vector<threshold> thresholds;

    /// Whether the clock stands in a state. Resolved and closed are no working states.
    GUICHET_DECL bool pauses(state_span const& span) const noexcept;
    /// The target of a ticket: the first whose condition holds, else that of its priority, else the general one.
    GUICHET_DECL target const* find(ticket const& t, expr::schema const& schema, instant now) const noexcept;
};

enum class catch_up : std::uint8_t { all, once, skip };
BOOST_DESCRIBE_ENUM(catch_up, all, once, skip)

/// A policy, checked and compiled.
struct policy {
    std::string name;
    std::uint32_t version = 1;
    std::string family;
    time::boundary boundary = time::boundary::nearest;
    sla::catch_up catch_up = sla::catch_up::all;
    expr::condition condition;
    std::vector<metric> metrics; ///< those with a target, in the order of `metric_kind`
};

/// The calendars and the policies of a desk, in order. Immutable; share it between threads.
class policy_set {
public:
    GUICHET_DECL static result<std::shared_ptr<policy_set const>> compile(
        std::map<std::string, time::calendar> calendars, std::vector<versioned_policy> policies,
        lifecycle_document const& lifecycle, expr::schema const& schema,
        std::map<std::string, std::uint32_t> const& calendar_versions = {});

    /// Calls `take` with the first policy of each family whose condition holds.
    template <class Take>
    void each_chosen(ticket const& t, instant now, Take const& take) const {
        for (std::size_t i = 0; i < policies_.size();) {
            auto const& family = policies_[i].family;
            bool found = false;
            for (; i < policies_.size() && policies_[i].family == family; ++i)
                if (!found && holds(policies_[i].condition, t, now)) {
                    found = true;
                    take(policies_[i]);
                }
        }
    }
    GUICHET_DECL time::calendar const* find_calendar(std::string_view name) const noexcept;
    /// By family, then position, then name.
    std::span<policy const> policies() const noexcept { return policies_; }
    expr::schema const& schema() const noexcept { return schema_; }
    /// The metrics that listen to the log: where there are any, clocks need `facts::heard`.
    std::span<metric const* const> listeners() const noexcept { return listeners_; }

private:
    GUICHET_DECL bool holds(expr::condition const& condition, ticket const& t, instant now) const noexcept;

    std::map<std::string, time::calendar, std::less<>> calendars_;
    std::vector<policy> policies_;
    std::vector<metric const*> listeners_;
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
