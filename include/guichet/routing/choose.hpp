#pragma once
#include <guichet/model/ticket.hpp>
#include <guichet/routing/decision.hpp>
#include <guichet/routing/roster.hpp>
#include <guichet/routing/workload.hpp>

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::routing {

/// Who was last given a ticket in his turn, by team. Choosing reads it and tells what to put in: `decision::taken`.
using turns = std::map<std::string, std::string, std::less<>>;

/// A ticket that looks for somebody. Views, valid during the call.
struct request {
    ticket const& about;
    std::string_view team = {};     ///< empty: the ticket's
    std::string_view language = {}; ///< the requester's, such as "fr"; empty: not known
    std::string_view known_by = {}; ///< the person who last resolved something for the requester
    std::string_view excluded = {}; ///< a person who must not get it: he gives it back, he leaves
};

/// Who gets the ticket. Asked are, in this order, until somebody is found:
///
/// 1. the team and those it overflows into, one after the other: in each that is open, its members (and who stands in
///    for an absent member) that are there, have the skills, have room for the ticket and, where the team requires it,
///    speak the language. A team all of whose able members have at least `overflow_load` passes it on, unless no other
///    team has anybody;
/// 2. the persons on call of the same teams, whatever their load and skills, so that nobody is called while somebody is
///    at work.
///
/// Among able members, `sticky` takes who is known to the requester; else those who speak his language come before
/// those who do not, and then decides the team's mode: the smallest load, the smallest part of the capacity in use, the
/// next by name after who last had his turn, or the first in the team's order. Ties go to the lowest sufficient level
/// of the skills, so that experts stay free; then to who has waited longest for a ticket; then to the first by name.
/// So the answer does not depend on the order of the documents.
///
/// A person has room when his load and the ticket's weight stay within his capacity, or when he has nothing at all.
/// The workload may be of another roster; that costs a copy. Pure; 18 us among 1,000 members with 20 skills.
GUICHET_DECL decision choose(roster const& among, request const& asked, workload const& loads, turns const& last,
                             instant now);

/// What a host puts in the place of a team's mode: who gets a ticket about which `choose` answered that. A person, whom
/// the roster need not know; empty: nobody for now; nothing: as it was answered.
using router = std::function<result<std::optional<std::string>>(ticket const& about, decision const& proposed)>;

/// The decision after a router was asked, if there is one. What it throws is `hook_refused`.
GUICHET_DECL result<decision> heed(router const& host, roster const& among, ticket const& about, decision proposed);

/// Where one ticket would go.
struct transfer {
    ticket_id ticket{};
    std::string number; ///< of the ticket
    decision to;
};

/// What would become of the open tickets of somebody who leaves: each is routed again, the most urgent first, then the
/// oldest, and what is planned counts in the load of those who get it and takes their turns. A ticket without a team is
/// asked of the first team of the person. Nothing is written. Costs `choose` for each ticket.
GUICHET_DECL std::vector<transfer> redistribute(roster const& among, std::string_view person,
                                                std::span<request const> tickets, workload const& loads,
                                                turns const& last, instant now);

} // namespace guichet::inline v0::routing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/routing/impl/choose.ipp>
#endif
