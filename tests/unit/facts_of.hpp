#pragma once
#include <set>
#include <string_view>

/// The names in braces: the facts that a sentence tells.
inline std::set<std::string_view> facts_of(std::string_view sentence) {
    std::set<std::string_view> out;
    for (auto at = sentence.find('{'); at != std::string_view::npos; at = sentence.find('{', at + 1))
        out.insert(sentence.substr(at + 1, sentence.find('}', at) - at - 1));
    return out;
}
