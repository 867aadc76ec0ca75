#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/expr/pattern.hpp>

#include <re2/re2.h>

#include <exception>

namespace guichet::inline v0::expr {

struct pattern::compiled {
    explicit compiled(std::string_view written) : found{re2::StringPiece{written.data(), written.size()}, options()} {}

    static re2::RE2::Options options() {
        re2::RE2::Options out;
        out.set_log_errors(false); // the library never prints
        out.set_never_capture(true);
        out.set_max_mem(limits::pattern_memory_bytes_max);
        return out;
    }

    re2::RE2 found;
};

GUICHET_DECL result<pattern> pattern::compile(std::string_view written, std::string_view path) {
    if (written.size() > limits::pattern_bytes_max)
        return error{reason::limit_passed,
                     {{"path", std::string{path}},
                      {"found", std::to_string(written.size())},
                      {"limit", std::to_string(limits::pattern_bytes_max)}}};
    auto made = std::make_shared<compiled const>(written);
    if (!made->found.ok())
        return error{reason::bad_pattern,
                     {{"path", std::string{path}}, {"value", std::string{written}}, {"problem", made->found.error()}}};
    pattern out;
    out.held_ = std::move(made);
    return out;
}

GUICHET_DECL bool pattern::found_in(std::string_view text) const noexcept {
    try {
        return held_ &&
               held_->found.Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
    } catch (std::exception const&) {
        return false;
    }
}

GUICHET_DECL std::string_view pattern::written() const noexcept {
    return held_ ? std::string_view{held_->found.pattern()} : std::string_view{};
}

} // namespace guichet::inline v0::expr
