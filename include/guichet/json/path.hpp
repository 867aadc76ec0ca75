#pragma once
#include <guichet/base/error.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace guichet::inline v0::json {

/// Where in a document a decoder stands: a list on the stack, made into text (`tags[2]`) only when something is wrong.
class path {
public:
    explicit path(std::string_view root = {}) : key_{root} {}
    path(path const& up, std::string_view key) : up_{&up}, key_{key} {}
    path(path const& up, std::size_t index) : up_{&up}, index_{index}, indexed_{true} {}
    path(path const&) = delete;
    path& operator=(path const&) = delete;

    std::string text() const {
        std::string out = up_ ? up_->text() : std::string{};
        if (indexed_)
            return out + '[' + std::to_string(index_) + ']';
        if (!out.empty() && !key_.empty())
            out += '.';
        return out += key_;
    }

private:
    path const* up_ = nullptr;
    std::string_view key_;
    std::size_t index_ = 0;
    bool indexed_ = false;
};

/// Parses JSON text (RFC 8259) of bounded depth; the error tells where it stops being JSON.
GUICHET_DECL result<boost::json::value> parse(std::string_view text);
/// What a person calls the type of a value: "a text", "an object".
GUICHET_DECL std::string_view kind_of(boost::json::value const& value) noexcept;
GUICHET_DECL error wrong_type(path const& at, std::string_view expected, boost::json::value const& found);
GUICHET_DECL error bad_value(path const& at, boost::json::value const& found, std::string hint);
GUICHET_DECL error unknown_value(path const& at, boost::json::value const& found, std::string known);

} // namespace guichet::inline v0::json

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/json/impl/path.ipp>
#endif
