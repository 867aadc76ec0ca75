#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/documents.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::access {

/// The rights beside the names of the commands.
inline constexpr std::string_view see_own = "see_own"; ///< tickets one takes part in
inline constexpr std::string_view see_organisation = "see_organisation";
inline constexpr std::string_view see_queues = "see_queues"; ///< those of the actor's queues; all when he has no list
inline constexpr std::string_view see_all = "see_all";       ///< every ticket of the tenant
inline constexpr std::string_view see_internal = "see_internal";       ///< internal notes
inline constexpr std::string_view open_for_others = "open_for_others"; ///< open a ticket in another person's name
inline constexpr std::string_view configure = "configure";             ///< store documents
inline constexpr std::string_view audit = "audit";                     ///< verify, backup, read the whole log
/// Reports over the tickets of all tenants, beside `audit`. Only who has it by name has it: `everything` ends at the
/// tenant.
inline constexpr std::string_view audit_tenants = "audit_tenants";
inline constexpr std::string_view everything = "*";

/// A role, its rights complete (those of the roles it extends included).
struct role {
    std::string name;
    guichet::side side = side::requester;
    std::set<std::string, std::less<>> rights;
    /// Tickets for which it does not hold do not exist for him, whatever his rights. Asks for neither time nor change.
    expr::condition only{};
    bool has(std::string_view right) const noexcept {
        return rights.contains(right) || (right != audit_tenants && rights.contains(everything));
    }
};

/// The roles of a desk. Requester, agent, supervisor and administrator are there from the start; documents replace them
/// and add others. Immutable; share it between threads.
class role_set {
public:
    GUICHET_DECL static result<std::shared_ptr<role_set const>> compile(std::vector<role_document> const& documents);

    /// The role of an actor, his own first; an actor without one is a requester.
    GUICHET_DECL result<role const*> find(actor const& who) const;
    /// Whether he may give this command, on this ticket if there is one. What he may not see does not exist for him.
    /// What a command does beside asks for its right too: a `reply` that names a state needs `set_state`.
    GUICHET_DECL result<role const*> authorise(actor const& who, command_body const& wish, ticket const* on) const;
    GUICHET_DECL result<role const*> require(actor const& who, std::string_view right) const;
    /// The role of the desk itself, under which timers act. No actor has it, whatever he says.
    GUICHET_DECL static role const& system() noexcept;

private:
    std::map<std::string, role, std::less<>> roles_;
};

/// Whether the viewer may see the ticket; the tenant is a wall.
GUICHET_DECL bool sees(viewer const& who, role const& as, ticket const& t) noexcept;
/// The same as a condition, to be checked inside the query. Always true for those who see everything.
GUICHET_DECL result<expr::condition> visibility(viewer const& who, role const& as, expr::schema const& schema);
/// Whether he sees every ticket of his tenant.
GUICHET_DECL bool sees_all(viewer const& who, role const& as) noexcept;

/// The built-in roles.
GUICHET_DECL std::vector<role_document> standard_roles();

} // namespace guichet::inline v0::access

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/access/impl/roles.ipp>
#endif
