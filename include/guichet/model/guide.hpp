#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Diagnostic guides as an administrator writes them, and what an answer in one comes to.
namespace guichet::inline v0 {

/// What is said to a person. Where one language is empty, the other one is said.
struct phrase {
    std::string en{}, fr{};
    std::string const& in(language lang) const noexcept {
        return (lang == language::fr && !fr.empty()) || en.empty() ? fr : en;
    }
    bool empty() const noexcept { return en.empty() && fr.empty(); }
};
BOOST_DESCRIBE_STRUCT(phrase, (), (en, fr))

/// How a question is answered: by one of its choices, true or false, a text, a number, a date (`2026-11-21`).
enum class answer_kind : std::uint8_t { choice, yes_no, text, number, date };
BOOST_DESCRIBE_ENUM(answer_kind, choice, yes_no, text, number, date)

/// Where some answers lead: those in `is`, or from `from` on and below `below` (numbers and dates); a branch with
/// neither takes all. The first that takes an answer counts.
struct guide_branch {
    std::vector<field_value> is{};
    field_value from{}, below{};
    std::string to{}; ///< the name of a step or an end
};
BOOST_DESCRIBE_STRUCT(guide_branch, (), (is, from, below, to))

/// A question.
struct guide_step {
    std::string name{};
    phrase question{};
    answer_kind kind = answer_kind::choice;
    std::vector<labelled> choices{};
    std::string field{}; ///< the custom field of the ticket that takes the answer; empty: none does
    std::vector<guide_branch> next{};
};
BOOST_DESCRIBE_STRUCT(guide_step, (), (name, question, kind, choices, field, next))

/// Where a guide ends: the failure is cured, or somebody else goes on with what was found out.
struct guide_end {
    std::string name{};
    guide_outcome outcome = guide_outcome::cured; ///< cured or handed_over
    std::string code{};                           ///< of the resolution
    phrase text{};                                ///< the resolution, or what the next one should know
    std::string queue{}, team{}, tier{};          ///< to whom it is handed over; one of them at least
    std::vector<custom_field> fields{};           ///< what is known now, as custom fields of the ticket
};
BOOST_DESCRIBE_STRUCT(guide_end, (), (name, outcome, code, text, queue, team, tier, fields))

/// A decision tree that is walked on a ticket, from its first step to one of its ends. Branches may meet again; they
/// may not come round.
struct guide_document {
    std::string name{};
    phrase title{};
    std::vector<std::string> audience{}; ///< who may walk it, as of an article; empty: the staff
    std::vector<guide_step> steps{};
    std::vector<guide_end> ends{};
};
BOOST_DESCRIBE_STRUCT(guide_document, (), (name, title, audience, steps, ends))

/// What an answer in a guide comes to on its ticket: the event, the facts, and at an end what is done with the ticket.
struct guide_move {
    guide_answered event{};
    std::vector<custom_field> fields{};
    std::optional<resolve_ticket> cures{};
    std::optional<hand_over_ticket> passes{};
    std::string note{}; ///< for the next one, with all answers
};

GUICHET_DECL result<guide_document> decode_guide(std::string_view json, std::string_view path = "guide");
GUICHET_DECL std::string encode(guide_document const& d);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/model/impl/codec.ipp>
#endif
