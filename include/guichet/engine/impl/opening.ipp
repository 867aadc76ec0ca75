#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/search/document.hpp>

namespace guichet::inline v0::detail {

/// A ticket as its viewer reads it when it is new.
inline result<search::document> opening_of(desk const& on, ticket const& t, viewer const& who, text::tongue usual) {
    GUICHET_LET(auto const said, on.conversation(t.id, who));
    search::document out{.id = to_string(t.id)};
    out.language = tongue_or(language_of(t), usual);
    out[search::field::title] = t.subject;
    if (!said.empty())
        out[search::field::symptom] = said.front().text;
    for (auto const& tag : t.tags)
        add_text(out[search::field::tags], tag);
    return out;
}

} // namespace guichet::inline v0::detail
