#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/search/document.hpp>
#include <guichet/search/filter.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Conditions on tickets as filters of the search: what the index can answer by attributes.
namespace guichet::inline v0::detail {

/// The fields of a ticket that are attributes of its documents. Nothing changes them without an event in the log, and
/// everybody who sees a ticket may ask for them.
inline constexpr std::array<std::string_view, 14> attribute_fields{
    "state", "status",   "open",     "kind",    "priority",     "queue",     "team",
    "tier",  "assignee", "category", "channel", "organisation", "requester", "tags"};

inline bool is_attribute(std::string_view field) noexcept {
    return std::find(attribute_fields.begin(), attribute_fields.end(), field) != attribute_fields.end();
}

inline std::string attribute_value(bool yes) { return yes ? "true" : "false"; }

/// What a ticket has of them; empty ones are left out.
inline std::vector<search::attribute> attributes_of(ticket const& t) {
    static expr::schema const columns;
    auto const& derived = derived_ticket_fields();
    ticket_record const record{t, columns};
    std::vector<search::attribute> out;
    for (auto const name : attribute_fields) {
        auto const number = name == "tags" ? derived.tags : name == "open" ? derived.open : ticket_field(name);
        auto const value = record.get(number);
        if (auto const* text = std::get_if<std::string_view>(&value))
            out.push_back({std::string{name}, std::string{*text}});
        else if (auto const* yes = std::get_if<bool>(&value))
            out.push_back({std::string{name}, attribute_value(*yes)});
        else if (auto const* all = std::get_if<std::span<std::string const>>(&value))
            for (auto const& one : *all)
                out.push_back({std::string{name}, one});
    }
    return out;
}

/// The operands as values of an attribute; nothing where one of them is empty, for what is empty has no attribute.
inline std::optional<std::vector<std::string>> values_of(expr::node const& leaf) {
    std::vector<std::string> out;
    for (auto const& one : leaf.operands)
        if (auto const* text = std::get_if<std::string>(&one); text && !text->empty())
            out.push_back(*text);
        else if (auto const* yes = std::get_if<bool>(&one))
            out.push_back(attribute_value(*yes));
        else
            return {};
    return out;
}

inline std::optional<search::filter> filter_of(expr::node const& one);

inline std::optional<std::vector<search::filter>> filters_of(std::span<expr::node const> all) {
    std::vector<search::filter> out;
    for (auto const& one : all) {
        auto part = filter_of(one);
        if (!part)
            return {};
        out.push_back(std::move(*part));
    }
    return out;
}

inline std::optional<search::filter> filter_of_leaf(expr::node const& leaf) {
    auto values = is_attribute(leaf.name) ? values_of(leaf) : std::nullopt;
    if (!values)
        return {};
    auto has = search::has(leaf.name, *values);
    switch (leaf.kind) {
    case expr::op::equal:
    case expr::op::in:
    case expr::op::any_of: return has;
    case expr::op::not_equal:
    case expr::op::none_of: return search::none_of({std::move(has)});
    case expr::op::contains: return leaf.type == expr::field_type::list ? std::optional{std::move(has)} : std::nullopt;
    case expr::op::all_of: {
        std::vector<search::filter> parts;
        for (auto const& value : *values)
            parts.push_back(search::has(leaf.name, {value}));
        return search::all_of(std::move(parts));
    }
    default: return {};
    }
}

/// The filter that holds for exactly the same tickets, if there is one.
inline std::optional<search::filter> filter_of(expr::node const& one) {
    using make = search::filter (*)(std::vector<search::filter>);
    auto const join = [&](make how) {
        auto parts = filters_of(one.children);
        return parts ? std::optional{how(std::move(*parts))} : std::nullopt;
    };
    switch (one.kind) {
    case expr::op::all: return join(&search::all_of);
    case expr::op::any: return join(&search::any_of);
    case expr::op::negate: return join(&search::none_of);
    default: return filter_of_leaf(one);
    }
}

/// A condition as far as attributes say it.
struct split_condition {
    search::filter indexed{};
    bool exact = true; ///< the filter says all of it
};

inline split_condition split(expr::condition const& of) {
    split_condition out;
    if (of.always())
        return out;
    auto const& root = of.root();
    auto const parts = root.kind == expr::op::all ? std::span{root.children} : std::span{&root, 1};
    for (auto const& part : parts)
        if (auto one = filter_of(part))
            out.indexed.parts.push_back(std::move(*one));
        else
            out.exact = false;
    return out;
}

} // namespace guichet::inline v0::detail
