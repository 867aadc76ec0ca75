#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Escalation: to those who know more (functional, over tiers) and to those who answer for it (hierarchical, when time
/// is running out). Pure functions of documents and tickets; safe from any thread.
namespace guichet::inline v0::escalation {

/// A line of a handover checklist.
struct check {
    std::string name, label_en, label_fr;
    expr::condition condition;
};

struct tier {
    std::string name, label_en, label_fr;
    std::uint32_t position = 0;
    std::vector<std::string> teams;
    std::vector<check> entry, exit;
};

struct step {
    std::vector<std::string> to;
    std::optional<duration> answer_within;
    bool in_hours = true;
    notice_channel channel = notice_channel::mail;
    std::string wording;
};

struct path {
    std::string name, metric;
    expr::condition condition;
    std::vector<step> steps;
};

struct ladder_documents {
    std::vector<tier_document> tiers{}; ///< each named: `label_en` may be empty, `name` may not
    std::vector<escalation_document> paths{};
};

/// The name under which a step of a path is a threshold of its metric: "escalation/night/2".
GUICHET_DECL std::string threshold_of(std::string_view path, std::size_t step);

/// Makes each step of a path a threshold of its metric, in a policy that has a target for it. Of a policy with a
/// family, a path names the metric as its clock is called: `ola:L2/time_in_tier`.
GUICHET_DECL void add_thresholds(policy_document& to, std::vector<escalation_document> const& paths);
/// What tiers promise (OLA), as policies: each of the family "ola:<tier>", with a metric `time_in_tier` that runs while
/// the tier has the ticket and nobody outside is waited for.
GUICHET_DECL std::vector<policy_document> promises(std::vector<tier_document> const& tiers);

/// The tiers and escalation paths of a desk, checked and compiled. Immutable; share it between threads.
class ladder {
public:
    /// Errors begin with the document: `tier.L2.entry[0].condition`, `escalation.night.steps[1].at`.
    GUICHET_DECL static result<std::shared_ptr<ladder const>> compile(ladder_documents const& documents,
                                                                      expr::schema const& schema);

    /// From the requester on.
    std::span<tier const> tiers() const noexcept { return tiers_; }
    std::span<path const> paths() const noexcept { return paths_; }
    GUICHET_DECL tier const* find_tier(std::string_view name) const noexcept;
    GUICHET_DECL path const* find_path(std::string_view name) const noexcept;
    /// The path that tells of a metric of this ticket; null when none does.
    GUICHET_DECL path const* path_for(std::string_view metric, ticket const& t, instant now) const noexcept;

    /// Where a wish to escalate leads, or why it leads nowhere: there is no tier above, the tier is not known, a
    /// checklist is not filled in (`handover_incomplete` names each line). A desk without tiers may escalate to a team.
    GUICHET_DECL result<ticket_escalated> climb(ticket const& t, escalate_ticket const& wish, instant now) const;

private:
    result<ticket_escalated> back(ticket const& t) const;

    std::vector<tier> tiers_;
    std::vector<path> paths_;
};

} // namespace guichet::inline v0::escalation

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/escalation/impl/ladder.ipp>
#endif
