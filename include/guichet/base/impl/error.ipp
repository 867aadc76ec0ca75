#pragma once
#include <guichet/base/error.hpp>

#include <algorithm>
#include <array>

namespace guichet::inline v0 {

GUICHET_DECL errc_info const& info(errc code) noexcept {
    static constexpr std::array table{
#define GUICHET_ERRC(name, http, exit_code, python, retry, text)                                                       \
    errc_info{errc::name, #name, http, exit_code, #python, retry_advice::retry, text},
#include <guichet/base/errc.def>
#undef GUICHET_ERRC
    };
    return table[static_cast<std::size_t>(code)];
}

GUICHET_DECL reason_info const& info(reason why) noexcept {
    static constexpr std::array table{
#define GUICHET_REASON(name, code, en, fr) reason_info{reason::name, errc::code, #name, en, fr},
#include <guichet/base/reasons.def>
#undef GUICHET_REASON
    };
    return table[static_cast<std::size_t>(why)];
}

GUICHET_DECL std::string_view error::operator[](std::string_view key) const noexcept {
    for (auto const& [name, value] : context_)
        if (name == key)
            return value;
    return {};
}

GUICHET_DECL std::string error::describe(language lang) const {
    auto const& row = info(reason_);
    std::string_view const sentence = lang == language::fr ? row.french : row.english;
    std::string out;
    for (std::size_t at = 0; at < sentence.size(); ++at) {
        auto const close = sentence[at] == '{' ? sentence.find('}', at) : std::string_view::npos;
        if (close == std::string_view::npos) {
            out += sentence[at];
            continue;
        }
        auto const key = sentence.substr(at + 1, close - at - 1);
        auto const fact = lang == language::fr && !(*this)[std::string{key} + ".fr"].empty()
                              ? (*this)[std::string{key} + ".fr"]
                              : (*this)[key];
        bool const told = std::any_of(context_.begin(), context_.end(), [&](auto const& c) { return c.first == key; });
        out += told ? fact : std::string_view{"?"};
        at = close;
    }
    return out;
}

} // namespace guichet::inline v0
