#pragma once
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/impl/checks.ipp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <cmath>

/// What the administrator's own fields take.
namespace guichet::inline v0::lifecycle::detail {
using namespace checks;

/// Whether the field holds free text, or why the value does not fit it.
inline result<bool> check_field(machine const& rules, custom_field const& f, std::string const& kind) {
    auto const here = "fields." + f.name;
    auto const* definition = rules.find_field(f.name);
    if (!definition) {
        std::string known;
        for (auto const& d : rules.document().fields)
            known.append(known.empty() ? "" : ", ").append(d.name);
        return error{reason::unknown_field, {{"path", here}, {"known", known.empty() ? "none" : known}}};
    }
    if (!definition->kinds.empty() &&
        std::find(definition->kinds.begin(), definition->kinds.end(), kind) == definition->kinds.end())
        return error{reason::bad_value,
                     {{"path", here}, {"value", kind}, {"hint", "this field is not for tickets of this kind"}}};
    if (std::holds_alternative<std::monostate>(f.value))
        return false;
    auto const refuse = [&](std::string_view expected) {
        static constexpr std::string_view found[] = {"null", "a text", "a number", "true or false", "an object"};
        return error{
            reason::wrong_type,
            {{"path", here}, {"expected", std::string{expected}}, {"found", std::string{found[f.value.index()]}}}};
    };
    if (definition->type == "number") {
        auto const* number = std::get_if<double>(&f.value);
        if (!number)
            return refuse("a number");
        if (!std::isfinite(*number)) // JSON has no word for it
            return error{reason::bad_value,
                         {{"path", here}, {"value", std::to_string(*number)}, {"hint", "a finite number is needed"}}};
        return false;
    }
    if (definition->type == "boolean")
        return std::holds_alternative<bool>(f.value) ? result<bool>{false} : refuse("true or false");
    if (definition->type == "reference") {
        auto const* object = std::get_if<object_reference>(&f.value);
        if (!object)
            return refuse("an object with type and id");
        if (object->id.empty())
            return error{reason::empty_text, {{"path", here + ".id"}}};
        GUICHET_TRY(check_text(here + ".type", object->type, limits::name_bytes_max));
        GUICHET_TRY(check_text(here + ".id", object->id, limits::name_bytes_max));
        return false;
    }
    auto const* text = std::get_if<std::string>(&f.value);
    if (!text)
        return refuse("a text");
    GUICHET_TRY(check_text(here, *text, limits::text_field_bytes_max));
    if (definition->type == "choice") {
        GUICHET_TRY(check_known(here, *text, definition->choices));
        return false;
    }
    if (definition->type == "date") {
        if (!time::read_date(*text))
            return error{reason::bad_value,
                         {{"path", here}, {"value", *text}, {"hint", "write a date such as 2026-11-21"}}};
        return false;
    }
    return true;
}

} // namespace guichet::inline v0::lifecycle::detail
