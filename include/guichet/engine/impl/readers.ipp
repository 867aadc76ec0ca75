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

/// A guide of that name that he may walk. The error names those that there are for him, and no others.
inline result<kb::guide const*> find_guide(kb::guide_set const& guides, std::string_view name,
                                           access::readership const& who) {
    std::string known;
    for (auto const& one : guides.guides()) {
        if (!access::is_for(who, access::audiences_of(one.written.audience)))
            continue;
        if (one.written.name == name)
            return &one;
        known.append(known.empty() ? "" : ", ").append(one.written.name);
    }
    return error{reason::guide_not_found, {{"guide", std::string{name}}, {"known", known.empty() ? "-" : known}}};
}

} // namespace guichet::inline v0::detail
