#pragma once
#include <guichet/escalation/journey.hpp>
#include <guichet/routing/choose.hpp>
#include <guichet/storage/records.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// Who gets tickets, where they have been, and what leaves the desk.
namespace guichet::inline v0 {

/// The way of a ticket, and what it counts.
struct ticket_journey {
    std::vector<escalation::stay> stays;
    escalation::movements counts;
};
BOOST_DESCRIBE_STRUCT(ticket_journey, (), (stays, counts))
GUICHET_DECL std::string encode(ticket_journey const& way);

/// Sends one entry of the outbox: a mail, a message, a webhook, a call of a function of the host's. `kind` is the
/// channel; `body` is JSON with `key`, which stays the same when it is sent again, `ticket`, and `to` or `function`. An
/// error means that it is tried again later.
using sender = std::function<result<void>(storage::outbox_entry const&)>;

struct delivery_report {
    std::size_t sent = 0, failed = 0;
    std::size_t parked = 0; ///< of these, given up after `limits::outbox_attempts_max`; they stay in the store
};

} // namespace guichet::inline v0
