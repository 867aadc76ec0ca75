#pragma once
#include <guichet/expr/schema.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace guichet::inline v0::expr {
namespace detail {

/// The restricted Damerau-Levenshtein distance ("optimal string alignment"): how many letters must be inserted,
/// dropped, replaced or swapped with their neighbour.
inline std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> two_ago, last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], two_ago[j - 2] + 1);
        }
        two_ago = std::exchange(last, row);
    }
    return last[b.size()];
}

} // namespace detail

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

GUICHET_DECL std::string schema::known() const {
    auto const& fields = body_->fields;
    constexpr std::size_t shown_max = 60;
    std::string out;
    for (std::size_t i = 0; i < std::min(fields.size(), shown_max); ++i)
        out += (i > 0 ? ", " : "") + fields[i].name;
    return fields.size() > shown_max ? out + ", ..." : out;
}

GUICHET_DECL std::string_view schema::closest(std::string_view name) const {
    constexpr std::size_t name_bytes_max = 100; // the distance costs the product of the lengths
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (auto const& field : body_->fields) {
        if (name.size() > name_bytes_max || field.name.size() > name_bytes_max)
            continue;
        if (auto const found = detail::distance(name, field.name); found < best_distance)
            best_distance = found, best = field.name;
    }
    return best;
}

} // namespace guichet::inline v0::expr
