#pragma once
#include <guichet/model/working_time.hpp>

namespace guichet::inline v0 {

GUICHET_DECL std::optional<instant> calendar_answers::cutoff(std::string_view calendar, instant now, duration worked,
                                                             end which) const noexcept {
    auto const* known = find_(calendar);
    if (!known)
        return {};
    // Counted backwards, the nearest instant is the latest one. Of no time at all, it is now.
    auto const at = which == end::latest    ? known->add(now, -worked, time::boundary::nearest)
                    : worked == duration{0} ? known->prev_open_instant(now)
                                            : known->add(now, -worked, time::boundary::farthest);
    return at.value_or(instant::min());
}

GUICHET_DECL std::optional<instant> calendar_answers::horizon(std::string_view calendar, instant now,
                                                              duration worked) const noexcept {
    auto const* known = find_(calendar);
    if (!known)
        return {};
    return known->add(now, worked, time::boundary::farthest).value_or(instant::max());
}

GUICHET_DECL std::optional<duration> calendar_answers::between(std::string_view calendar, instant from,
                                                               instant to) const noexcept {
    auto const* known = find_(calendar);
    return known ? std::optional{known->between(from, to)} : std::nullopt;
}

GUICHET_DECL std::optional<bool> calendar_answers::is_open(std::string_view calendar, instant at) const noexcept {
    auto const* known = find_(calendar);
    return known ? std::optional{known->is_open(at)} : std::nullopt;
}

} // namespace guichet::inline v0
