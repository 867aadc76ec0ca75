#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/routing/roster.hpp>

#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace guichet::inline v0::routing {

/// How somebody stood when a ticket was routed. All but the first two are reasons why he was skipped.
enum class standing : std::uint8_t {
    chosen,
    available, ///< he could have had it; another came first
    absent,
    off_shift,
    no_skill,
    skill_too_low,
    language, ///< he does not speak the requester's, and the team asks for it
    full,     ///< it would pass his capacity
    not_member,
    excluded ///< the request names him as who must not get it
};
BOOST_DESCRIBE_ENUM(standing, chosen, available, absent, off_shift, no_skill, skill_too_low, language, full, not_member,
                    excluded)
inline constexpr std::size_t standings = 10;

/// What decided.
enum class way : std::uint8_t { nobody, least_loaded, by_capacity, round_robin, direct, sticky, on_call, host };
BOOST_DESCRIBE_ENUM(way, nobody, least_loaded, by_capacity, round_robin, direct, sticky, on_call, host)

/// What became of a team that was asked.
enum class outcome : std::uint8_t {
    chosen,
    overloaded, ///< somebody was there, but all have `overflow_load` and another team took it
    nobody,     ///< none of its members could
    closed,
    manual, ///< its members take tickets themselves
    unknown_team
};
BOOST_DESCRIBE_ENUM(outcome, chosen, overloaded, nobody, closed, manual, unknown_team)

struct skill_seen {
    std::string skill;
    std::uint8_t has = 0, needed = 0;
};

/// One person who was considered.
struct candidate {
    std::string person, label;
    standing how = standing::available;
    std::uint32_t load = 0, capacity = 0;
    std::vector<skill_seen> skills; ///< those that the ticket needs
    /// When his shift ends (chosen, available) or begins, or his absence ends. Nothing where no calendar says, or where
    /// the end of the absence is not known.
    std::optional<instant> until;
    std::string zone; ///< of his shift, in which people read `until`
    std::string for_; ///< the absent person in whose place he stands
};

/// One team that was asked, in the order of asking.
struct step {
    std::string team, label_en, label_fr;
    outcome how = outcome::nobody;
    bool on_call = false;                          ///< its persons on call were asked, not its members
    std::vector<candidate> candidates;             ///< the chosen one, then the next best, then those skipped
    std::array<std::uint32_t, standings> counts{}; ///< of all who were considered, by `standing`
};

/// Whose turn was taken in a team.
struct turn {
    std::string team, person;
    friend bool operator==(turn const&, turn const&) = default;
};

/// Who gets a ticket, and why. A value that points nowhere.
struct decision {
    std::string person; ///< empty: nobody
    std::string team;   ///< to which it came: its own, or one that it overflowed into
    std::string tier;   ///< of that team
    way how = way::nobody;
    std::optional<turn> taken; ///< round robin only: keep it for the next question
    /// When nobody was found: the first instant at which a shift, an absence or the hours of a team may let another
    /// answer be given.
    std::optional<instant> ask_again;
    instant at{}; ///< when it was asked
    std::vector<step> steps;
};

/// The label of a standing, an outcome and a way: "absent", "hors service".
GUICHET_DECL std::string_view words(standing how, language lang) noexcept;

/// One line a team and one a candidate, for people:
///
///     Network: Paul Martin, by load
///       Paul Martin: skill network 3, load 4/10, on shift until 18:00
///       Anne skipped: absent until Monday
///       3 others: 1 available, 2 off shift
///
/// Times are those of each person's zone.
GUICHET_DECL std::string describe(decision const& d, language lang = language::en);
/// All of it as JSON: `{"person": ..., "team": ..., "how": "least_loaded", "steps": [...]}`.
GUICHET_DECL std::string encode(decision const& d);

} // namespace guichet::inline v0::routing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/routing/impl/decision.ipp>
#endif
