#pragma once
#include <guichet/engine/view.hpp>
#include <guichet/model/forms.hpp>

namespace guichet::inline v0 {

GUICHET_DECL result<view> decode_view(std::string_view text) {
    GUICHET_LET(auto const value, json::parse(text));
    json::path const root;
    auto const* object = value.if_object();
    if (!object)
        return json::wrong_type(json::path("view"), "an object", value);
    view out;
    for (auto const& [name, member] : *object) {
        std::string_view const key = name;
        json::path const here{root, key};
        if (key == "where")
            out.where = boost::json::serialize(member);
        else if (key == "order")
            GUICHET_TRY(json::read(member, out.order, here));
        else if (key == "limit")
            GUICHET_TRY(json::read(member, out.limit, here));
        else if (key == "cursor")
            GUICHET_TRY(json::read(member, out.cursor, here));
        else
            return error{reason::unknown_field, {{"path", here.text()}, {"known", "where, order, limit, cursor"}}};
    }
    return out;
}

} // namespace guichet::inline v0
