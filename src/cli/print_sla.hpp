#pragma once
#include "vocabulary.hpp"

#include <guichet/sla/proof.hpp>

namespace guichet::cli {

/// The proofs of a ticket's clocks as timelines that a support manager and his customer can both read: local times of
/// the calendar, what ran and what did not and why, and the sum.
std::string print_proofs(console const& out, vocabulary const& words, ticket const& t,
                         std::vector<sla::proof> const& proofs);

/// The same as a picture for reports: one bar for each clock, to scale.
std::string draw_proofs(console const& out, vocabulary const& words, ticket const& t,
                        std::vector<sla::proof> const& proofs);

} // namespace guichet::cli
