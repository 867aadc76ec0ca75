#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/ticket.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// What conditions may ask of a ticket: every column, the lists of names, a few derived values, and the administrator's
/// own fields as `fields.<name>`.
namespace guichet::inline v0 {

/// The schema of tickets under a lifecycle: its kinds, states and priorities are the choices. Every field is labelled
/// in English and French; those of the administrator where the lifecycle has labels. `related` are fields of what a
/// ticket is related to and the host answers for, an organisation or an asset; they come last, as `related.<name>`.
GUICHET_DECL expr::schema ticket_schema(lifecycle_document const& lifecycle, std::vector<expr::field> related = {});

/// The numbers of the fields that are no column, right after the columns. `participants` are the requester, the
/// contact and the watchers; `open` says whether the ticket is neither resolved nor closed. `age` is the time since it
/// was opened, `idle` since anything happened to it. A contact is a public message: who wrote the last one and when,
/// and whether that was the requester, so that an answer is missing. `children` and `duplicates` count links
/// (`links.children`); `open_children` and `parent_open` are of other tickets, and so related.
/// `satisfaction` and its text are what the requester thinks of the resolution; `major` holds from `declare_major`
/// until `end_major`, and `major_updated_at` is when its last status was posted. Those from
/// `first_trend` on tell of the trend that was last told on the ticket, to rules and templates only.
struct derived_fields {
    std::uint32_t tags, watchers, participants, open;
    std::uint32_t age, idle, last_contact_by, last_contact_at, unanswered;
    std::uint32_t children, duplicates, open_children, parent_open;
    std::uint32_t satisfaction, satisfaction_text, major, major_updated_at;
    std::uint32_t first_trend, first_custom;
};
GUICHET_DECL derived_fields const& derived_ticket_fields() noexcept;
/// The number of a column.
GUICHET_DECL std::uint32_t ticket_field(std::string_view column) noexcept;

/// Answers for the related fields of a ticket: `links.open_children` (a number), `links.parent_open` (a boolean, empty
/// without a parent), and the host's own. Views that are handed out live as long as this does. They are answered as
/// they are now, also for the ticket before a change.
class relations {
public:
    virtual ~relations() = default;
    virtual expr::value get(ticket const& of, std::uint32_t field) const noexcept = 0;
};

/// A ticket as conditions see it; with `before`, what a change made of it. Without `related`, related fields
/// are empty. Views into all of them: keep them alive.
class ticket_record final : public expr::record {
public:
    explicit ticket_record(ticket const& now, expr::schema const& schema, ticket const* before = nullptr,
                           relations const* related = nullptr) noexcept
        : now_{now}, before_{before}, schema_{schema}, related_{related} {}

    GUICHET_DECL expr::value get(std::uint32_t field) const noexcept override;
    GUICHET_DECL expr::value before(std::uint32_t field) const noexcept override;
    GUICHET_DECL bool changed(std::uint32_t field) const noexcept override;

private:
    /// Values that a ticket does not hold as such and that must outlive the view given out.
    struct made {
        std::vector<std::string> participants;
        std::array<std::string, 2> ids;
    };
    expr::value read(ticket const& from, std::uint32_t field, made& room) const;

    ticket const& now_;
    ticket const* before_;
    expr::schema const& schema_;
    relations const* related_;
    mutable made made_now_, made_before_;
};

/// The context in which conditions on tickets are evaluated: text is compared folded, in any script. Without calendars,
/// what asks for one is false.
GUICHET_DECL expr::context ticket_context(instant now, expr::calendars const* calendars = nullptr) noexcept;

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/model/impl/ticket_fields.ipp>
#endif
