#pragma once
#include <guichet/model/command.hpp>
#include <guichet/model/inquiry.hpp>

namespace guichet::inline v0::kb {

/// What `inquire` may know beside the inquiry and the command.
struct inquiry_facts {
    instant now{};
    inquiry_id fresh{};                   ///< the id of one to be recorded
    guichet::side side = side::requester; ///< on which side of the counter who acts stands
    ticket_id ticket{};                   ///< that the command names
};

/// What becomes of an inquiry by `record_inquiry` or `follow_inquiry`. Pure. `state` is the one to be followed, null
/// where there is none such.
GUICHET_DECL result<inquiry> inquire(inquiry const* state, command const& wish, inquiry_facts const& known);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/inquire.ipp>
#endif
