#pragma once
#include <guichet/access/audiences.hpp>
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/kb/evolve.hpp>
#include <guichet/storage/store.hpp>

#include <optional>
#include <span>

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

/// Folds an article up to the event that made an edition; false when there is none such.
inline bool edition_in(std::span<event const> past, std::uint32_t edition, article& out) {
    for (auto const& e : past) {
        kb::apply(out, e);
        if (out.edition == edition)
            return true;
    }
    return false;
}

/// Whether an article helped somebody, as he said last.
inline std::optional<bool> rating_in(std::span<event const> past, std::string_view person) {
    std::optional<bool> out;
    for (auto const& e : past)
        if (auto const* rated = std::get_if<article_rated>(&e.body); rated && e.actor == person)
            out = rated->helped;
    return out;
}

inline access::readership reader_of(configuration const& config, viewer const& who, access::role const& as) {
    return config.audiences->of(who, as, teams_of(config, who.person));
}
inline result<access::readership> reader_of(configuration const& config, viewer const& who) {
    GUICHET_LET(access::role const* const as, config.roles->find(who));
    return reader_of(config, who, *as);
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
