#pragma once
#include <guichet/engine/trends.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/trends/alarm.hpp>

namespace guichet::inline v0 {

GUICHET_DECL std::string describe(told_trend const& one, language lang) {
    trends::alarm a;
    a.field = one.field;
    a.observed = one.observed;
    a.window = one.window;
    a.expected = one.usual;
    return trends::describe(a, lang);
}

GUICHET_DECL std::string encode(trends_report const& r) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("watched");
    w.boolean(r.watched);
    w.key("traits");
    w.number(std::uint64_t{r.traits});
    w.key("bytes");
    w.number(std::uint64_t{r.bytes});
    w.key("growing");
    json::write(w, r.growing, json::fullness::full);
    w.key("told");
    w.begin_array();
    for (auto const& e : r.told)
        w.raw(encode(e));
    w.end_array();
    w.end_object();
    return out;
}

} // namespace guichet::inline v0
