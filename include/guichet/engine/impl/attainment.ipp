#pragma once
#include <guichet/engine/attainment.hpp>
#include <guichet/json/writer.hpp>

namespace guichet::inline v0 {

GUICHET_DECL std::string encode(std::vector<attainment_row> const& rows) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& r : rows) {
        w.begin_object();
        for (auto const& [name, text] : {std::pair{"policy", &r.policy},
                                         {"metric", &r.metric},
                                         {"priority", &r.priority},
                                         {"team", &r.team},
                                         {"month", &r.month}}) {
            w.key(name);
            w.text(*text);
        }
        w.key("met");
        w.number(r.met);
        w.key("breached");
        w.number(r.breached);
        w.key("share");
        w.number(r.share());
        w.key("latest_seconds");
        w.number(std::int64_t{std::chrono::duration_cast<std::chrono::seconds>(r.latest).count()});
        w.end_object();
    }
    w.end_array();
    return out;
}

} // namespace guichet::inline v0
