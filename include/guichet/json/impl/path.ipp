#pragma once
#include <guichet/json/path.hpp>

#include <boost/json.hpp>

namespace guichet::inline v0::json {

GUICHET_DECL result<boost::json::value> parse(std::string_view text) {
    boost::json::error_code failed;
    boost::json::stream_parser parser;
    auto const read = parser.write_some(text.data(), text.size(), failed);
    if (!failed && read < text.size() && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        failed = boost::json::error::extra_data;
    if (!failed)
        parser.finish(failed);
    if (failed)
        return error{
            reason::malformed_json,
            {{"problem", failed.message() + " at byte " + std::to_string(read)}, {"offset", std::to_string(read)}}};
    return parser.release();
}

GUICHET_DECL std::string_view kind_of(boost::json::value const& value) noexcept {
    switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "true or false";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a text";
    case boost::json::kind::array: return "a list";
    case boost::json::kind::object: return "an object";
    }
    return "nothing";
}

GUICHET_DECL error wrong_type(path const& at, std::string_view expected, boost::json::value const& found) {
    return error{reason::wrong_type,
                 {{"path", at.text()}, {"expected", std::string{expected}}, {"found", std::string{kind_of(found)}}}};
}

namespace detail {
/// A value as a person wrote it: a text without its quotes.
inline std::string written(boost::json::value const& value) {
    return value.is_string() ? std::string{std::string_view{value.get_string()}} : boost::json::serialize(value);
}
} // namespace detail

GUICHET_DECL error bad_value(path const& at, boost::json::value const& found, std::string hint) {
    return error{reason::bad_value,
                 {{"path", at.text()}, {"value", detail::written(found)}, {"hint", std::move(hint)}}};
}

GUICHET_DECL error unknown_value(path const& at, boost::json::value const& found, std::string known) {
    return error{reason::unknown_value,
                 {{"path", at.text()}, {"value", detail::written(found)}, {"known", std::move(known)}}};
}

} // namespace guichet::inline v0::json
