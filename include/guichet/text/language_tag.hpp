#pragma once
#include <guichet/config.hpp>

#include <algorithm>
#include <string>
#include <string_view>

/// Names of languages, such as "fr" and "fr-CA" (BCP 47).
namespace guichet::inline v0::text {

/// In the form in which two are compared: `FR_ca` is `fr-ca`.
inline std::string lower_tag(std::string_view tag) {
    std::string out{tag};
    for (auto& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
    return out;
}

/// The first that speaks a language: exactly that one, else the same without its last subtag ("fr-CA", then "fr");
/// `all.end()` when none does (the lookup of RFC 4647, 3.4).
template <class Range, class TagOf>
auto closest_language(Range const& all, std::string_view wanted, TagOf const& tag_of) {
    auto found = all.end();
    for (auto tag = lower_tag(wanted); !tag.empty() && found == all.end();) {
        found = std::find_if(all.begin(), all.end(), [&](auto const& one) { return lower_tag(tag_of(one)) == tag; });
        auto const subtag = tag.rfind('-');
        tag.resize(subtag == std::string::npos ? 0 : subtag);
    }
    return found;
}

} // namespace guichet::inline v0::text
