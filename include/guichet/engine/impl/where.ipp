#pragma once
#include <guichet/engine/view.hpp>
#include <guichet/expr/condition.hpp>
#include <guichet/model/forms.hpp>

#include <string>
#include <string_view>

/// The condition that somebody asks for.
namespace guichet::inline v0::detail {

/// A condition written as JSON or in the text form.
inline result<expr::condition> compile_where(std::string const& written, expr::schema const& schema) {
    auto const begin = written.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || std::string_view{"{[\""}.find(written[begin]) == std::string_view::npos)
        return expr::condition::parse(written, schema, "where");
    GUICHET_LET(auto const json, json::parse(written));
    return expr::condition::compile(json, schema, "where");
}

/// The condition of a view: of its text, of its C++, or of both.
inline result<expr::condition> compile_where(view const& wanted, expr::schema const& schema) {
    boost::json::array parts;
    if (!wanted.where.empty()) {
        GUICHET_LET(auto const checked, compile_where(wanted.where, schema));
        if (!wanted.matching)
            return checked;
        parts.push_back(checked.to_json());
    }
    if (!wanted.matching)
        return expr::condition{};
    GUICHET_LET(auto const checked, expr::condition::compile(*wanted.matching, schema, "matching"));
    if (parts.empty())
        return checked;
    parts.push_back(checked.to_json());
    return expr::condition::compile(boost::json::object{{"all", std::move(parts)}}, schema, "where");
}

} // namespace guichet::inline v0::detail
