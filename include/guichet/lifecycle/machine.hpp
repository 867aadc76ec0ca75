#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/ticket.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::lifecycle {

/// What begins the numbers of a kind: its prefix, else its name.
inline std::string const& number_prefix(kind_definition const& kind) noexcept {
    return kind.prefix.empty() ? kind.name : kind.prefix;
}

/// A lifecycle document, checked and compiled: what states there are, what leads where, and under which guard.
/// Immutable; share it between threads.
class machine {
public:
    /// Refuses what could only fail later: unknown names, doubled names, a state that nothing reaches, a state with no
    /// way to the end, a guard on an unknown field. Each error names the place in the document.
    GUICHET_DECL static result<std::shared_ptr<machine const>> compile(lifecycle_document document,
                                                                       std::string_view path = "lifecycle");

    lifecycle_document const& document() const noexcept { return document_; }
    expr::schema const& schema() const noexcept { return schema_; }

    GUICHET_DECL state_definition const* find_state(std::string_view name) const noexcept;
    /// The first state of a status, or null.
    GUICHET_DECL state_definition const* first_state(status s) const noexcept;
    GUICHET_DECL kind_definition const* find_kind(std::string_view name) const noexcept;
    GUICHET_DECL field_definition const* find_field(std::string_view name) const noexcept;

    /// Whether the document has a transition, and whether its guard holds for the ticket as it would be (`after`). Out
    /// of a state that the document no longer knows, everything leads.
    GUICHET_DECL result<void> allow(ticket const& before, ticket const& after, instant now) const;
    /// The names of the states that can follow, for an error or a menu.
    GUICHET_DECL std::vector<std::string> successors(std::string_view state) const;

    /// The matrix; the lowest priority where it has no cell.
    GUICHET_DECL std::string_view priority_of(std::string_view impact, std::string_view urgency) const noexcept;
    /// 1 for the lowest priority; 0 when there is no such priority.
    GUICHET_DECL std::uint32_t rank_of(std::string_view priority) const noexcept;

private:
    struct edge {
        std::size_t from, to;
        expr::condition guard;
    };
    result<void> check_names(std::string_view path) const;
    result<void> compile_transitions(std::string_view path);
    result<void> check_reach(std::string_view path) const;
    result<void> check_reminders(std::string_view path) const;
    std::vector<bool> reached(std::vector<bool> from, bool backwards) const;
    std::size_t index_of(std::string_view state) const noexcept;

    lifecycle_document document_;
    expr::schema schema_;
    std::vector<edge> edges_;
};

} // namespace guichet::inline v0::lifecycle

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/lifecycle/impl/machine.ipp>
#endif
