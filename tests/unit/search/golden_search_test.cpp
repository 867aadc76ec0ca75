/// Thirty French and thirty English questions of a support desk, each with the article that must come first:
/// tests/golden/search_fr.jsonl and search_en.jsonl. A line is the synonyms of the house, an article or a question.
#include <guichet/search/index.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

namespace json = boost::json;
namespace search = guichet::search;
namespace text = guichet::text;

namespace {

std::string text_of(json::object const& line, std::string_view name) { return std::string{line.at(name).as_string()}; }

void check(std::string const& code) {
    std::ifstream file{GUICHET_SOURCE_DIR "/tests/golden/search_" + code + ".jsonl"};
    auto const language = text::tongue_of(code);
    search::index_options options;
    std::vector<search::document> articles;
    std::vector<json::object> questions;
    for (std::string line; std::getline(file, line);) {
        auto const one = json::parse(line).as_object();
        if (one.contains("synonyms"))
            options.synonym = search::synonyms::of(text_of(one, "synonyms"));
        if (one.contains("typed"))
            questions.push_back(one);
        if (!one.contains("article"))
            continue;
        search::document article{.id = text_of(one, "article"), .kind = "article", .language = language};
        article[search::field::title] = text_of(one, "title");
        article[search::field::body] = text_of(one, "body");
        articles.push_back(std::move(article));
    }
    search::index in{std::move(options)};
    in.add(articles);
    CHECK(questions.size() == 30);
    for (auto const& one : questions) {
        auto const typed = text_of(one, "typed");
        CAPTURE(typed);
        auto const got = in.now().find({.text = typed, .who = {{}, true}, .language = language});
        CHECK((got.hits.empty() ? "nothing" : got.hits[0].id) == text_of(one, "first"));
    }
}

} // namespace

TEST_CASE("given articles of a French support desk, when people ask, then the right one comes first") { check("fr"); }

TEST_CASE("given articles of an English support desk, when people ask, then the right one comes first") { check("en"); }
