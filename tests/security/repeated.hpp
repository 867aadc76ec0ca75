#pragma once
#include <string>
#include <string_view>

/// The same words over and over: what hostile input is mostly made of.
inline std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        out += part;
    return out;
}
