#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/kb/inquire.hpp>
#include <guichet/model/impl/checks.ipp>

#include <algorithm>

namespace guichet::inline v0::kb {
namespace detail {

inline result<inquiry> record(command const& wish, record_inquiry const& c, inquiry_facts const& known) {
    using namespace checks;
    GUICHET_TRY(check_text("by.person", wish.by.person, limits::name_bytes_max));
    GUICHET_TRY(check_text("by.tenant", wish.by.tenant, limits::name_bytes_max));
    if (c.words.find_first_not_of(" \t\r\n") == std::string::npos)
        return error{reason::missing_field, {{"path", "words"}}};
    GUICHET_TRY(check_text("words", c.words, limits::text_field_bytes_max));
    GUICHET_TRY(check_text("language", c.language, limits::name_bytes_max));
    GUICHET_TRY(check_count("shown", c.shown.size(), limits::inquiry_shown_max));
    GUICHET_TRY(check_names("shown", c.shown));
    inquiry out;
    out.id = known.fresh;
    out.tenant = wish.by.tenant;
    out.person = wish.by.person;
    out.side = known.side;
    out.at = known.now;
    out.words = c.words;
    out.language = c.language;
    out.shown = c.shown;
    return out;
}

inline result<inquiry> follow(inquiry const* state, command const& wish, follow_inquiry const& c,
                              inquiry_facts const& known) {
    if (!state || state->person != wish.by.person)
        return error{reason::inquiry_not_found, {{"inquiry", to_string(c.inquiry)}}};
    if (c.opened.empty() && !c.helped && !known.ticket)
        return error{reason::missing_field, {{"path", "opened"}}};
    auto out = *state;
    if (!c.opened.empty()) {
        GUICHET_TRY(checks::check_known("opened", c.opened, state->shown));
        if (state->shown.empty())
            return error{reason::unknown_value, {{"path", "opened"}, {"value", c.opened}, {"known", ""}}};
        if (std::find(out.opened.begin(), out.opened.end(), c.opened) == out.opened.end())
            out.opened.push_back(c.opened);
    }
    if (c.helped)
        out.helped = c.helped;
    if (known.ticket)
        out.ticket = known.ticket;
    if (out == *state)
        return error{reason::nothing_to_do};
    return out;
}

} // namespace detail

GUICHET_DECL result<inquiry> inquire(inquiry const* state, command const& wish, inquiry_facts const& known) {
    if (auto const* recorded = std::get_if<record_inquiry>(&wish.body))
        return detail::record(wish, *recorded, known);
    return detail::follow(state, wish, std::get<follow_inquiry>(wish.body), known);
}

} // namespace guichet::inline v0::kb
