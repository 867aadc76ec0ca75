#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

/// What holds for the values of a command whatever the ticket: sizes, encodings, and the administrator's lists.
namespace guichet::inline v0::checks {

inline result<void> check_text(std::string_view path, std::string_view text, std::size_t limit_bytes) {
    if (text.size() > limit_bytes)
        return error{reason::limit_passed,
                     {{"path", std::string{path}},
                      {"found", std::to_string(text.size()) + " bytes"},
                      {"limit", std::to_string(limit_bytes) + " bytes"}}};
    if (auto const bad = text::first_bad_byte(text))
        return error{reason::not_utf8, {{"path", std::string{path}}, {"offset", std::to_string(*bad)}}};
    return {};
}

inline result<void> check_names(std::string_view path, std::vector<std::string> const& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const here = std::string{path} + "[" + std::to_string(i) + "]";
        if (names[i].empty())
            return error{reason::empty_text, {{"path", here}}};
        GUICHET_TRY(check_text(here, names[i], limits::name_bytes_max));
    }
    return {};
}

inline result<void> check_count(std::string_view path, std::size_t found, std::size_t limit) {
    if (found <= limit)
        return {};
    return error{reason::limit_passed,
                 {{"path", std::string{path}}, {"found", std::to_string(found)}, {"limit", std::to_string(limit)}}};
}

/// A value must be in the administrator's list; a list that is empty allows any.
template <class Names>
result<void> check_known(std::string_view path, std::string_view value, Names const& known) {
    std::string names;
    for (auto const& n : known) {
        std::string_view name;
        if constexpr (requires { n.name; })
            name = n.name;
        else
            name = n;
        if (name == value)
            return {};
        names.append(names.empty() ? "" : ", ").append(name);
    }
    if (value.empty() || names.empty())
        return {};
    return error{reason::unknown_value, {{"path", std::string{path}}, {"value", std::string{value}}, {"known", names}}};
}

/// A category is known when it, or an ancestor of it in the tree, is listed.
inline result<void> check_category(std::string_view value, std::vector<std::string> const& known) {
    for (auto const& c : known)
        if (value.starts_with(c) && (value.size() == c.size() || value[c.size()] == '/'))
            return {};
    return check_known("category", value, known);
}

/// Keys that say who may read: a word of their own, or one with the name of somebody.
inline result<void> check_audience(std::vector<std::string> const& keys) {
    GUICHET_TRY(check_count("audience", keys.size(), limits::audiences_max));
    GUICHET_TRY(check_names("audience", keys));
    static constexpr std::array<std::string_view, 5> named{"role:", "team:", "organisation:", "person:", "audience:"};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto const& key = keys[i];
        auto const names = [&](std::string_view prefix) {
            return key.size() > prefix.size() && key.starts_with(prefix);
        };
        if (key != "public" && key != "staff" && std::none_of(named.begin(), named.end(), names))
            return error{reason::unknown_value,
                         {{"path", "audience[" + std::to_string(i) + "]"},
                          {"value", key},
                          {"known", "public, staff, role:NAME, team:NAME, organisation:NAME, person:NAME, "
                                    "audience:NAME"}}};
    }
    return {};
}

inline std::vector<std::string> sorted_unique(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

} // namespace guichet::inline v0::checks
