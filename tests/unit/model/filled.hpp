#pragma once
#include <guichet/json/describe.hpp>
#include <guichet/model/codec.hpp>

#include <type_traits>

/// Values of the model with every member set, made from the descriptions: what is added later is tested without a word.
namespace filled {

using namespace guichet;

/// Sets everything in `value`; `round` picks another word of each enumeration.
template <class T>
void fill(T& value, unsigned round) {
    if constexpr (std::is_same_v<T, std::string>)
        value = "text \"" + std::to_string(round) + "\" \xC3\xA9";
    else if constexpr (std::is_same_v<T, bool>)
        value = round % 2 == 0;
    else if constexpr (std::is_enum_v<T>) {
        using words = boost::describe::describe_enumerators<T>;
        unsigned at = 0;
        boost::mp11::mp_for_each<words>([&](auto d) {
            if (at++ == round % boost::mp11::mp_size<words>::value)
                value = d.value;
        });
    } else if constexpr (std::is_integral_v<T>)
        value = static_cast<T>(round + 1);
    else if constexpr (std::is_floating_point_v<T>)
        value = round + 0.25;
    else if constexpr (std::is_same_v<T, std::chrono::seconds>)
        value = std::chrono::seconds{round + 1};
    else if constexpr (std::is_same_v<T, instant>)
        value = instant{std::chrono::milliseconds{1'767'603'600'125 + round}};
    else if constexpr (std::is_same_v<T, digest>)
        value.fill(std::byte{0xAB});
    else if constexpr (std::is_same_v<T, personal_text>)
        value.no = round + 1;
    else if constexpr (std::is_same_v<T, field_value>) {
        field_value const values[] = {std::string{"lyon"}, 2.5, true, object_reference{"customer", "4711"}, false};
        value = values[round % std::size(values)];
    } else if constexpr (std::is_same_v<T, raw_json>)
        value.text = R"({"field":"queue","op":"=","value":"a"})";
    else if constexpr (json::detail::is_id<T>)
        value = *parse_id<T>("01890a5d-ac96-774b-bcce-b302099a8057");
    else if constexpr (json::detail::is_optional<T>)
        fill(value.emplace(), round);
    else if constexpr (json::detail::is_vector<T>) {
        value.resize(2);
        fill(value[0], round);
        fill(value[1], round + 1);
    } else
        boost::mp11::mp_for_each<json::detail::members<T>>([&](auto d) { fill(value.*d.pointer, round); });
}

/// The alternative number `index` of a variant, filled.
template <class Variant>
Variant alternative(std::size_t index, unsigned round) {
    Variant out;
    boost::mp11::mp_with_index<std::variant_size_v<Variant>>(index,
                                                             [&](auto i) { fill(out.template emplace<i>(), round); });
    return out;
}

} // namespace filled
