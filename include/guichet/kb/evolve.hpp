#pragma once
#include <guichet/config.hpp>
#include <guichet/kb/contents.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/event.hpp>

#include <string>
#include <string_view>

namespace guichet::inline v0::kb {

/// The text of an article that a field names: title, symptom, body, cause, workaround or attached; null for all else.
inline std::string* text_of(article& a, std::string_view field) noexcept {
    std::string* out = nullptr;
    each_text_member([&](std::string_view name, auto const& member) {
        if (name == field)
            out = &member(a);
    });
    return out;
}

/// Folds one event into an article, in place: the only code that changes one. Pure, and nothing is refused.
GUICHET_DECL void apply(article& state, event const& e);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/evolve.ipp>
#endif
