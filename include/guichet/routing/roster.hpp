#pragma once
#include <guichet/base/error.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/time/calendar.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Who is at the desk, and who of them gets a ticket. Pure functions of documents and facts: nothing is stored or
/// assigned here, and the clock is an argument. Safe from any thread.
namespace guichet::inline v0::routing {

/// In place of the number of a person, a team, a calendar or a skill: there is none.
inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

struct absence {
    instant from{}, to{}; ///< `to` is `instant::max()` when the end is not known
    std::uint32_t substitute = none;
    instant latest{}; ///< the latest end of this and of all before it
};

/// A person, ready to be asked about. Persons are numbered by name.
struct person {
    std::string name, label;
    std::uint32_t shift = none;                  ///< number of the calendar; none: always there
    std::uint32_t capacity = 0;                  ///< 0: any load
    std::uint64_t languages = ~std::uint64_t{0}; ///< a bit each; all where he names none
    std::vector<absence> absences;               ///< by beginning
    std::vector<std::uint32_t> teams;

    std::string const& shown() const noexcept { return label.empty() ? name : label; }
    /// The absence that covers `at`, if any: of several, the one that ends last.
    GUICHET_DECL absence const* absent(instant at) const noexcept;
    /// The first instant from `at` on at which no absence covers him; nothing when that is not known.
    GUICHET_DECL std::optional<instant> back(instant at) const noexcept;
};

/// What is asked of every member for every ticket, close together.
struct presence {
    std::uint64_t languages = 0;
    std::uint32_t shift = none, capacity = 0;
    std::uint32_t away = 0, away_end = 0; ///< his stretches in `roster::away`
    bool substituted = false;             ///< some absence names somebody in his place
};

struct requirement {
    expr::condition condition;
    std::uint32_t skill = none;
    std::uint8_t level = 1;
};

struct duty {
    expr::condition condition;
    std::uint32_t calendar = none; ///< none: always
    std::vector<std::uint32_t> persons;
};

/// A team, its members found. Teams are numbered by name.
struct team {
    std::string name, label_en, label_fr, tier;
    assignment_mode mode = assignment_mode::least_loaded;
    bool sticky = false, language_required = false;
    std::uint32_t calendar = none; ///< none: open whenever a member is there
    std::uint32_t overflow = none, overflow_load = 0;
    std::vector<std::uint32_t> members; ///< ascending
    std::vector<std::uint32_t> ranks;   ///< of each member: his place in the order of the document
    std::vector<requirement> skills;
    std::vector<duty> on_call;
    std::vector<std::string> supervisors; ///< the nearest first

    GUICHET_DECL bool has(std::uint32_t person) const noexcept;
};

/// The documents that a roster is made of.
struct roster_documents {
    std::vector<person_document> persons{};
    std::vector<team_document> teams{};
    routing_document routing{};
};

/// The persons and teams of a desk, checked and compiled. Immutable; share it between threads. Where no team is
/// described, all persons are one team without a name, the least loaded first: a desk of one needs one document.
class roster {
public:
    /// Errors begin with the document: `person.paul.skills[0].level`, `team.network.overflow`. Refused are, beside what
    /// is over a limit or not there (calendars, teams, persons, kinds, priorities, and skills where `routing.skills`
    /// lists them): `named_twice`, `bad_skill_level`, `bad_absence_time`, `absence_backwards`, `own_substitute`,
    /// `teams_in_circle`, `capacity_missing`, `overflow_missing`, `condition_asks_change`, and conditions that do not
    /// fit the schema. The order of the documents means nothing. Some milliseconds for 1,000 persons.
    GUICHET_DECL static result<std::shared_ptr<roster const>> compile(
        roster_documents documents, std::map<std::string, time::calendar> const& calendars,
        lifecycle_document const& lifecycle, expr::schema const& schema);

    std::span<person const> persons() const noexcept { return persons_; }
    std::span<team const> teams() const noexcept { return teams_; }
    std::span<time::calendar const> calendars() const noexcept { return calendars_; }
    std::span<std::string const> skills() const noexcept { return skills_; }
    expr::schema const& schema() const noexcept { return schema_; }

    /// The number of a person or a team, or `none`. A binary search.
    GUICHET_DECL std::uint32_t find_person(std::string_view name) const noexcept;
    GUICHET_DECL std::uint32_t find_team(std::string_view name) const noexcept;
    /// The bit of a language: "fr-CA" is that of "fr". 0 where nobody names it.
    GUICHET_DECL std::uint64_t find_language(std::string_view name) const;
    /// The levels in a skill, by person; 0: he does not have it. Nothing for `none`.
    std::span<std::uint8_t const> levels(std::uint32_t skill) const noexcept {
        return skill == none ? std::span<std::uint8_t const>{}
                             : std::span{levels_}.subspan(skill * persons_.size(), persons_.size());
    }
    std::uint8_t level(std::uint32_t person, std::uint32_t skill) const noexcept {
        return skill == none ? std::uint8_t{0} : levels_[skill * persons_.size() + person];
    }
    /// As `persons`, by number.
    std::span<presence const> presences() const noexcept { return presences_; }
    /// Whether an absence covers `at`. Some nanoseconds.
    GUICHET_DECL bool away(presence const& p, instant at) const noexcept;
    /// What a ticket counts in the load of who has it: see `routing_document`.
    GUICHET_DECL std::uint32_t weight(std::string_view kind, std::string_view priority) const noexcept;
    std::uint32_t weight(ticket const& t) const noexcept { return weight(t.kind, t.priority); }

private:
    friend class roster_compiler;

    std::vector<person> persons_;
    std::vector<presence> presences_;
    std::vector<time::interval> away_; ///< person after person, merged
    std::vector<team> teams_;
    std::vector<time::calendar> calendars_;
    std::vector<std::string> skills_;    ///< sorted
    std::vector<std::uint8_t> levels_;   ///< skill after skill, in each the persons
    std::vector<std::string> languages_; ///< sorted; the place is the bit
    std::vector<load_weight> weights_;
    std::vector<std::string> priorities_; ///< the most severe first
    expr::schema schema_;
};

} // namespace guichet::inline v0::routing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/routing/impl/roster.ipp>
#endif
