#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/search/neighbourhood.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Tickets that are alike: for a master incident, and for who opened what is open already. Unlike `finder`, which looks
/// through all tickets, this compares some with each other.
namespace guichet::inline v0 {

/// The likeness from which tickets are called alike: on a bug tracker, 3 of 4 reports said to be duplicates then were
/// (docs/concepts/similar.md gives the figures for other values).
inline constexpr double alike_least = 0.4;

struct alike_ticket {
    ticket_id ticket{};
    std::string number{}, subject{}, state{};
    instant created_at{};
    double likeness = 1;                ///< `search::alike`
    std::vector<std::string> because{}; ///< the words that told most, at most five
};

struct alike_options {
    text::tongue language = text::tongue::neutral; ///< of tickets whose field `language` says none
    double least = alike_least;
    std::size_t tickets_max = 1'000; ///< that are compared; at most `limits::alike_tickets_max`
};

/// Tickets that may be one incident.
struct ticket_cluster {
    alike_ticket master;              ///< proposed: the oldest that is open, else the oldest
    std::vector<alike_ticket> others; ///< the likest to the middle of the cluster first
    std::vector<std::string> words;   ///< that they share, the most telling first
};
GUICHET_DECL std::string encode(std::vector<ticket_cluster> const& some);

/// Clusters among the first tickets of a view, the greatest first: by subject, what was said first, and tags, as the
/// viewer reads them. Costs a read of each ticket and a search for each.
GUICHET_DECL result<std::vector<ticket_cluster>> clusters(desk const& of, view const& among, viewer const& who,
                                                          alike_options const& options = {});

/// The same among some tickets, which he sees; `tickets_max` is not asked.
GUICHET_DECL result<std::vector<ticket_cluster>> clusters_among(desk const& of, std::span<ticket const> among,
                                                                viewer const& who, alike_options const& options = {});

struct watch_options {
    text::tongue language = text::tongue::neutral; ///< of tickets whose field `language` says none
    double least = alike_least;
    std::size_t top = 3;                      ///< likely duplicates that are told of a ticket
    duration age_max = std::chrono::days{14}; ///< of a duplicate when the new ticket comes
    std::size_t tickets_max = 2'000;          ///< the newest that are kept; at most `limits::alike_tickets_max`
};

/// A ticket was opened, and these are like it.
struct likely_duplicates {
    alike_ticket opened;
    std::vector<alike_ticket> of; ///< the likest first, at least one
};
GUICHET_DECL std::string encode(likely_duplicates const& found);

/// Compares each ticket that is opened, by whomever, with those of late, for one viewer and so within one tenant: what
/// he does not see is neither told nor compared. Keeps the words of `tickets_max` tickets, some kilobytes each. A new
/// ticket costs two reads, an update of the index and some searches of it. Any thread.
class duplicate_watch {
public:
    /// Called after the ticket was committed, on the thread that catches up, without a lock: it may call the desk. What
    /// it throws is lost.
    using listener = std::function<void(likely_duplicates const&)>;
    /// Of a desk that lives longer.
    GUICHET_DECL duplicate_watch(desk const& of, viewer who, listener tell, watch_options options = {});
    GUICHET_DECL ~duplicate_watch();

    /// Reads on in the log and tells what it finds; call it where `pump` is called. How many tickets had likely
    /// duplicates. The first call reads the latest tickets and tells nothing of them. After an error it may be called
    /// again and tells nothing twice.
    GUICHET_DECL result<std::size_t> catch_up();

private:
    struct implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/alike.ipp>
#endif
