#pragma once
#include <guichet/base/reason.hpp>
#include <guichet/config.hpp>

#include <boost/system/result.hpp>

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guichet::inline v0 {

/// The canonical error codes (`errc.def`): what the caller can do about it, not where it came from.
enum class errc : std::uint8_t {
#define GUICHET_ERRC(name, http, exit_code, python, retry, text) name,
#include <guichet/base/errc.def>
#undef GUICHET_ERRC
};

/// What a caller may do about a code: never retry, retry as it is, after reloading, after changing the input, or only
/// with the same command id.
enum class retry_advice : std::uint8_t { no, yes, after_reload, after_change, with_command_id };

/// One row of `errc.def`.
struct errc_info {
    errc code;
    std::string_view name;
    int http_status;
    int exit_code;
    std::string_view python_class;
    retry_advice retry;
    std::string_view meaning;
};
GUICHET_DECL errc_info const& info(errc code) noexcept;

/// The languages in which the library speaks to people.
enum class language : std::uint8_t { en, fr };

/// What went wrong. `reason` is stable and machine-readable; `context` holds the facts (the field, the value, what is
/// allowed); `describe` makes the sentence out of both, in English or French. A fact that is itself said in words has
/// its French words under the key with `.fr` behind. An error is a value: cheap to move, and it never holds a pointer
/// into the caller's data.
class error {
public:
    using context_pair = std::pair<std::string, std::string>;

    /// What Boost's `result::error()` returns when there is none.
    error() : error{reason::defect} {}
    error(reason why, std::initializer_list<context_pair> context = {}) : reason_{why}, context_{context} {}

    /// Adds a fact; returns itself so that a layer can add what it knows while the error travels up.
    error&& with(std::string key, std::string value) &&;

    errc code() const noexcept { return info(reason_).code; }
    reason why() const noexcept { return reason_; }
    std::vector<context_pair> const& context() const noexcept { return context_; }
    /// The value of a context key, or an empty view.
    GUICHET_DECL std::string_view operator[](std::string_view key) const noexcept;
    /// The sentence shown to a person: what, why and the way out.
    GUICHET_DECL std::string describe(language lang = language::en) const;

private:
    reason reason_;
    std::vector<context_pair> context_;
};

inline error&& error::with(std::string key, std::string value) && {
    context_.emplace_back(std::move(key), std::move(value));
    return std::move(*this);
}

/// The one exception class of the library; thrown only by `result::value()`.
class failure : public std::runtime_error {
public:
    explicit failure(guichet::error e) : std::runtime_error{e.describe()}, error_{std::move(e)} {}
    guichet::error const& error() const noexcept { return error_; }

private:
    guichet::error error_;
};

[[noreturn]] inline void throw_exception_from_error(error const& e, boost::source_location const&) { throw failure{e}; }

/// A value or an error. `r.value()` throws `failure`; `if (!r) return r.error();` does not.
template <class T>
using result = boost::system::result<T, error>;

} // namespace guichet::inline v0

/// Returns the error of `expression` from the enclosing function, or goes on.
#define GUICHET_TRY(expression)                                                                                        \
    do {                                                                                                               \
        if (auto guichet_try_result = (expression); !guichet_try_result)                                               \
            return guichet_try_result.error();                                                                         \
    } while (false)

#define GUICHET_CONCAT_(a, b) a##b
#define GUICHET_CONCAT(a, b) GUICHET_CONCAT_(a, b)
/// Declares `declaration` from the value of `expression`, or returns its error from the enclosing function.
#define GUICHET_LET(declaration, expression)                                                                           \
    auto GUICHET_CONCAT(guichet_let_, __LINE__) = (expression);                                                        \
    if (!GUICHET_CONCAT(guichet_let_, __LINE__))                                                                       \
        return GUICHET_CONCAT(guichet_let_, __LINE__).error();                                                         \
    declaration = std::move(*GUICHET_CONCAT(guichet_let_, __LINE__))

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/base/impl/error.ipp>
#endif
