#pragma once
#include <guichet/access/audiences.hpp>
#include <guichet/escalation/ladder.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/kb/guide.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/routing/roster.hpp>
#include <guichet/rules/rule_set.hpp>
#include <guichet/rules/wording.hpp>
#include <guichet/sla/policy.hpp>
#include <guichet/trends/watch_set.hpp>

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace guichet::inline v0 {

/// The kinds of documents of which it is made.
inline constexpr std::array<std::string_view, 14> document_kinds{"lifecycle",  "calendar", "policy", "rules",   "role",
                                                                 "audience",   "person",   "team",   "routing", "tier",
                                                                 "escalation", "template", "guide",  "trend"};

/// All documents in force, compiled. A snapshot: immutable, shared by every command that began under it.
struct configuration {
    std::shared_ptr<lifecycle::machine const> rules;
    std::shared_ptr<sla::policy_set const> policies;
    std::shared_ptr<access::role_set const> roles;
    std::shared_ptr<access::audience_set const> audiences;
    std::shared_ptr<routing::roster const> people;
    std::shared_ptr<escalation::ladder const> ladder;
    std::shared_ptr<guichet::rules::template_set const> wordings;
    std::shared_ptr<kb::guide_set const> guides;
    std::shared_ptr<trends::watch_set const> watched;
    std::shared_ptr<guichet::rules::rule_set const> automation; ///< points into the calendars of `policies`
    std::shared_ptr<expr::calendars const> calendars;           ///< those of `policies`, for conditions
    expr::schema viewed; ///< what views may ask: no related fields, and these calendars

    /// Compiles documents of these kinds, lifecycle and routing with the id "default"; what is missing is taken from
    /// the built-in defaults. The error's path begins with the document.
    GUICHET_DECL static result<std::shared_ptr<configuration const>> compile(std::span<document const> documents);
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/configuration.ipp>
#endif
