#pragma once
#include <guichet/rules/dispatch.hpp>

namespace guichet::inline v0::rules {

GUICHET_DECL rule const* refusing(rule_set const& set, change const& of) {
    if (!set.has(rule_kind::guard))
        return nullptr;
    std::vector<std::uint32_t> list;
    set.candidates(rule_kind::guard, of, *of.after, 0, list);
    changed_record const record{*of.after, of, set.schema()};
    for (auto const order : list) {
        auto const& r = set.rules()[order];
        if (!set.idle(r, of, of.after->tenant) && r.condition.evaluate(record, set.context(of.now)))
            return &r;
    }
    return nullptr;
}

} // namespace guichet::inline v0::rules
