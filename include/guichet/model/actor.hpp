#pragma once
#include <boost/describe/class.hpp>

#include <memory>
#include <string>
#include <vector>

namespace guichet::inline v0 {

namespace access {
struct role;
}

/// Who acts, or who looks: every command has one, every query takes one. The host vouches for it; `via` says how the
/// person was proven (session, api-key, mail, ...), for hooks and logs of the host; it is not stored. What the role may
/// do stands in the role's document. Empty `queues` means: no restriction to queues beyond the role's rights.
struct actor {
    std::string tenant{}, person{}, role{}, organisation{}, via{};
    std::vector<std::string> queues{};
    /// His own role, where the host made one for him (`host_people`); `role` is then its name. No part of any form.
    std::shared_ptr<access::role const> own{};
    friend bool operator==(actor const&, actor const&) = default;
};
BOOST_DESCRIBE_STRUCT(actor, (), (tenant, person, role, organisation, via, queues))

/// The same thing when it reads.
using viewer = actor;

/// The name under which timers and rules act. Its role is built in and cannot be granted.
inline constexpr char system_person[] = "system";

} // namespace guichet::inline v0
