#include "host_documents.hpp"

#include <guichet/kb/article_files.hpp>
#include <guichet/text/lines.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace guichet::cli {
namespace {

/// What `read_json_article` understands; all else is an attribute.
constexpr std::array<std::string_view, 11> article_names{
    "title", "symptom", "body", "body_md", "language", "lang", "category", "tags", "keywords", "audience", "id"};

std::vector<search::attribute> attributes_of(std::string_view line) {
    std::vector<search::attribute> out;
    auto const all = boost::json::parse({line.data(), line.size()});
    for (auto const& [name, value] : all.as_object()) {
        if (std::ranges::find(article_names, std::string_view{name}) != article_names.end())
            continue;
        if (value.is_string())
            out.push_back({std::string{name}, std::string{value.get_string()}});
        else if (value.is_number() || value.is_bool())
            out.push_back({std::string{name}, boost::json::serialize(value)});
    }
    return out;
}

result<host_document> read_document(std::string_view line, std::string const& tenant) {
    GUICHET_LET(auto a, kb::read_json_article(line)); // so it is an object
    if (a.source.empty())
        return error{reason::missing_field, {{"path", "id"}}};
    host_document out;
    out.tenant = tenant;
    out.id = std::move(a.source);
    out.title = std::move(a.title);
    out.symptom = std::move(a.symptom);
    out.body = std::move(a.body);
    out.tags = std::move(a.tags);
    out.language = std::move(a.language);
    out.audience = std::move(a.audience);
    out.attributes = attributes_of(line);
    if (!a.category.empty())
        out.attributes.push_back({"category", std::move(a.category)});
    return out;
}

result<std::shared_ptr<document_source>> read_shelf(std::string const& path, std::string const& tenant) {
    GUICHET_LET(auto const all, read_all(path));
    std::vector<host_document> some;
    std::size_t number = 0;
    for (std::string_view rest = all; !rest.empty();) {
        auto const line = text::take_line(rest);
        ++number;
        if (line.find_first_not_of(" \t") == std::string_view::npos)
            continue;
        auto one = read_document(line, tenant);
        if (!one) {
            auto const place = path + ":" + std::to_string(number) + ": ";
            return error{reason::bad_usage,
                         {{"problem", place + one.error().describe()},
                          {"problem.fr", place + one.error().describe(language::fr)}}};
        }
        some.push_back(std::move(*one));
    }
    return std::make_shared<document_shelf>(std::move(some));
}

} // namespace

result<std::map<std::string, std::shared_ptr<document_source>>> read_documents(
    std::vector<std::string> const& kinds_and_files, std::string const& tenant) {
    std::map<std::string, std::shared_ptr<document_source>> out;
    for (auto const& one : kinds_and_files) {
        auto const equals = one.find('=');
        if (equals == std::string::npos)
            return error{reason::bad_value, {{"path", "--with"}, {"value", one}, {"hint", "write KIND=FILE"}}};
        GUICHET_LET(out[one.substr(0, equals)], read_shelf(one.substr(equals + 1), tenant));
    }
    return out;
}

} // namespace guichet::cli
