#include "messages.hpp"

#include <cstdlib>

namespace guichet::cli {
namespace {

struct sentence {
    std::string_view en, fr;
};

constexpr sentence sentences[] = {
#define GUICHET_TEXT(name, en, fr) {en, fr},
#include "messages.def"
#undef GUICHET_TEXT
};

} // namespace

std::string_view words(msg which, language lang) noexcept {
    auto const& s = sentences[static_cast<std::size_t>(which)];
    return lang == language::fr ? s.fr : s.en;
}

language locale_language() noexcept {
    for (auto const* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (auto const* value = std::getenv(name); value && *value)
            return std::string_view{value}.starts_with("fr") ? language::fr : language::en;
    return language::en;
}

} // namespace guichet::cli
