#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/impl/notify.ipp>
#include <guichet/storage/store.hpp>
#include <guichet/text/language_tag.hpp>
#include <guichet/text/markdown.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Canned replies and questions: articles that are sent, filled in for a ticket.
namespace guichet::inline v0::detail {

/// Of a canned article and those that say it in other languages, the one in that language; where there is none, the
/// article itself. `from`: a store or a unit of work.
template <class Source>
result<storage::article_snapshot> canned_in(Source& from, storage::article_snapshot const& named,
                                            std::string_view language, access::readership const& reader, instant now) {
    if (!is_canned(named->kind))
        return error{reason::article_not_canned, {{"article", named->number}}};
    auto const original_id = named->translation_of ? named->translation_of : named->id;
    GUICHET_LET(auto const original, from.load_article(named->tenant, original_id));
    GUICHET_LET(auto family, from.translations(named->tenant, original_id));
    family.insert(family.begin(), {named, original});
    std::erase_if(family, [&](storage::article_snapshot const& a) {
        return !a || !is_canned(a->kind) || a->state != article_state::published || !is_valid(*a, now) ||
               !access::sees(reader, *a, now);
    });
    auto const speaks = text::closest_language(family, language, [](auto const& a) { return a->language; });
    if (speaks != family.end())
        return *speaks;
    if (family.empty() || family.front()->id != named->id)
        return error{reason::article_not_for_sending, {{"article", named->number}}};
    return named;
}

/// What it says on a ticket, with dates where the desk is.
inline result<rules::wording> filled_in(article const& a, ticket const& of, configuration const& config, instant now) {
    auto const path = a.number + ".body";
    GUICHET_LET(auto const compiled, text::template_text::compile(a.body, config.wordings->names(), path));
    auto const* const home = config.policies->find_calendar("default");
    auto const zone = home ? home->zone() : time::zone{};
    GUICHET_LET(auto said, text::fill_markdown(compiled, config.wordings->values(of, a.language, now, zone), path));
    return rules::wording{a.language, a.title, std::move(said.text), std::move(said.html)};
}

} // namespace guichet::inline v0::detail
