#pragma once
#include <guichet/base/spelling.hpp>
#include <guichet/expr/schema.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace guichet::inline v0::expr {

GUICHET_DECL std::string_view to_string(field_type type) noexcept {
    constexpr std::array<std::string_view, 8> names{"text",   "number", "boolean", "instant",
                                                    "choice", "id",     "list",    "age"};
    return names[static_cast<std::size_t>(type)];
}

GUICHET_DECL schema::schema(std::vector<field> fields) {
    auto made = std::make_shared<body>();
    made->fields = std::move(fields);
    made->by_name.resize(made->fields.size());
    std::iota(made->by_name.begin(), made->by_name.end(), 0U);
    std::stable_sort(made->by_name.begin(), made->by_name.end(),
                     [&](auto a, auto b) { return made->fields[a].name < made->fields[b].name; });
    body_ = std::move(made);
}

GUICHET_DECL std::optional<std::uint32_t> schema::find(std::string_view name) const noexcept {
    auto const& fields = body_->fields;
    auto const& by_name = body_->by_name;
    auto const at = std::lower_bound(by_name.begin(), by_name.end(), name,
                                     [&](auto number, auto wanted) { return fields[number].name < wanted; });
    if (at == by_name.end() || fields[*at].name != name)
        return {};
    return *at;
}

GUICHET_DECL schema schema::with_calendars(std::vector<std::string> names) const {
    auto out = *this;
    out.calendars_ = std::make_shared<std::vector<std::string> const>(std::move(names));
    return out;
}

GUICHET_DECL schema schema::stored() const {
    auto out = *this;
    out.stored_only_ = true;
    return out;
}

GUICHET_DECL std::string schema::known() const {
    auto const& fields = body_->fields;
    constexpr std::size_t shown_max = 60;
    std::string out;
    for (std::size_t i = 0; i < std::min(fields.size(), shown_max); ++i)
        out += (i > 0 ? ", " : "") + fields[i].name;
    return fields.size() > shown_max ? out + ", ..." : out;
}

GUICHET_DECL std::string_view schema::closest(std::string_view name) const {
    std::vector<std::string_view> names;
    names.reserve(body_->fields.size());
    for (auto const& field : body_->fields)
        names.push_back(field.name);
    return closest_of(name, names);
}

} // namespace guichet::inline v0::expr
