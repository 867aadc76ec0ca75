#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/engine/configuration.hpp>

/// Who reads articles, under the documents in force.
namespace guichet::inline v0::detail {

inline std::vector<std::string> teams_of(configuration const& config, std::string const& person) {
    std::vector<std::string> out;
    auto const number = config.people->find_person(person);
    if (number != routing::none)
        for (auto const team : config.people->persons()[number].teams)
            out.push_back(config.people->teams()[team].name);
    return out;
}

inline result<access::readership> reader_of(configuration const& config, viewer const& who) {
    GUICHET_LET(access::role const* const as, config.roles->find(who));
    return access::readership_of(who, *as, teams_of(config, who.person));
}

} // namespace guichet::inline v0::detail
