#pragma once
#include <guichet/model/guide.hpp>
#include <guichet/model/ticket.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

/// Diagnostic guides: checked, and walked. All functions are pure and thread-safe.
namespace guichet::inline v0::kb {

/// A guide in force.
struct guide {
    guide_document written;
    std::uint32_t version = 1;
};

/// Checks a guide: whatever is answered, it leads to an end in at most as many answers as it has steps. Refused, with
/// the path (`guide.printer.steps.paper.next: ...`): a circle, a step after which nothing comes, an answer that leads
/// nowhere, a branch that no answer takes, a step or an end that nothing leads to, a choice without choices, and fields
/// or codes that the lifecycle does not have. Costs a walk over all steps and branches.
GUICHET_DECL result<void> check(guide_document const& written, lifecycle_document const& lifecycle);

/// All guides of a desk, by name. Immutable; share it between threads.
class guide_set {
public:
    GUICHET_DECL static result<std::shared_ptr<guide_set const>> compile(std::vector<guide> guides,
                                                                         lifecycle_document const& lifecycle);
    GUICHET_DECL guide const* find(std::string_view name) const noexcept;
    std::span<guide const> guides() const noexcept { return guides_; }

private:
    std::vector<guide> guides_;
};

/// Where some answers lead in a guide that was checked.
struct guide_place {
    std::size_t answers = 0;          ///< so many of them are on the way
    guide_step const* step = nullptr; ///< what is asked now; null at an end
    guide_end const* end = nullptr;   ///< null before one
};
/// Follows answers from the first step as far as they fit, which is not always to the last: the guide may have changed
/// since they were given.
GUICHET_DECL guide_place follow(guide_document const& of, std::span<guide_answer const> answers);
/// The walk of a guide on a ticket, if it was begun.
GUICHET_DECL guide_walk const* walk_of(ticket const& on, std::string_view guide) noexcept;

/// What an answer comes to on a ticket. An answer to a step that was answered before takes that one back, and all that
/// came after it.
GUICHET_DECL result<guide_move> answer(guide const& by, ticket const& on, answer_guide const& wish, language lang);

/// An answer in words: the label of a choice, yes or no, else as it was given.
GUICHET_DECL std::string in_words(guide_step const& asked, field_value const& given, language lang);
/// The inverse, of what a person typed: a choice by name, label or place (from 1), yes and no in both languages.
GUICHET_DECL result<field_value> read_answer(guide_step const& asked, std::string_view typed);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/guide.ipp>
#endif
