#pragma once
#include <guichet/base/error.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>

/// What the program says, in the language of its user. All sentences stand in `messages.def`.
namespace guichet::cli {

enum class msg : std::uint16_t {
#define GUICHET_TEXT(name, en, fr) name,
#include "messages.def"
#undef GUICHET_TEXT
};

/// The words of a text, placeholders included.
std::string_view words(msg which, language lang) noexcept;

/// The language that the environment asks for: LC_ALL, LC_MESSAGES, then LANG.
language locale_language() noexcept;

/// Says texts in one language.
struct speaker {
    language lang = language::en;

    template <class... Values>
    std::string operator()(msg which, Values const&... values) const {
        if constexpr (sizeof...(Values) == 0)
            return std::string{words(which, lang)};
        else
            return fmt::format(fmt::runtime(words(which, lang)), values...);
    }
};

} // namespace guichet::cli
