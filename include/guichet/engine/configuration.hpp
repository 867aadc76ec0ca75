#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/sla/policy.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace guichet::inline v0 {

namespace detail {
/// The document that says, in the store, that open tickets are still to be counted again after a change.
inline constexpr std::string_view recount_kind = "recount";
inline constexpr std::string_view recount_id = "open_tickets";
} // namespace detail

/// All documents in force, compiled. A snapshot: immutable, shared by every command that began under it.
struct configuration {
    std::shared_ptr<lifecycle::machine const> rules;
    std::shared_ptr<sla::policy_set const> policies;
    std::shared_ptr<access::role_set const> roles;

    /// Compiles documents of the kinds lifecycle (id "default"), calendar, policy and role; what is missing is taken
    /// from the built-in defaults. The error's path begins with the document.
    GUICHET_DECL static result<std::shared_ptr<configuration const>> compile(std::span<document const> documents);
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/configuration.ipp>
#endif
