// search-eval: how well and how fast a collection with judgements is searched.

#include "search_eval.hpp"

#include <guichet/search/index.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace guichet::cli {
namespace {

namespace json = boost::json;
using clock = std::chrono::steady_clock;

using judgements = std::map<std::string, std::map<std::string, double>>; ///< query, document, grade
using queries = std::map<std::string, std::string>;

error unreadable(std::filesystem::path const& path, std::string const& problem) {
    return error{reason::file_unreadable, {{"path", path.string()}, {"problem", problem}}};
}

result<std::vector<json::object>> read_lines(std::filesystem::path const& path) {
    std::ifstream in{path};
    if (!in)
        return unreadable(path, "it cannot be opened");
    std::vector<json::object> out;
    for (std::string line; std::getline(in, line);) {
        boost::system::error_code bad;
        auto value = json::parse(line, bad);
        if (bad || !value.is_object())
            return unreadable(path, "line " + std::to_string(out.size() + 1) + " is no JSON object");
        out.push_back(std::move(value.as_object()));
    }
    return out;
}

std::string text_of(json::object const& from, std::string_view name) {
    auto const* value = from.if_contains(name);
    return value && value->is_string() ? std::string{value->as_string()} : std::string{};
}

judgements read_judgements(std::filesystem::path const& path) {
    judgements out;
    std::ifstream in{path};
    std::string line, query, document, grade;
    for (std::getline(in, line); std::getline(in, line);)
        if (std::istringstream row{line};
            std::getline(row, query, '\t') && std::getline(row, document, '\t') && std::getline(row, grade, '\t'))
            if (auto const value = std::strtod(grade.c_str(), nullptr); value > 0)
                out[query][document] = value;
    return out;
}

queries read_table(std::filesystem::path const& path) {
    queries out;
    std::ifstream in{path};
    for (std::string line; std::getline(in, line);)
        if (auto const tab = line.find('\t'); tab != std::string::npos)
            out[line.substr(0, tab)] = line.substr(tab + 1);
    return out;
}

struct figures {
    double ndcg = 0, recall = 0, reciprocal = 0;
    std::vector<double> ms;
};

/// Järvelin and Kekäläinen 2002, with the grades as gains.
void judge(figures& into, std::vector<search::hit> const& hits, std::map<std::string, double> const& wanted) {
    double gain = 0, best = 0, seen = 0, first = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        auto const at = wanted.find(hits[i].id);
        if (at == wanted.end())
            continue;
        ++seen;
        if (i < 10)
            gain += at->second / std::log2(static_cast<double>(i) + 2);
        if (i < 10 && first == 0)
            first = 1 / (static_cast<double>(i) + 1);
    }
    std::vector<double> grades;
    for (auto const& [id, grade] : wanted)
        grades.push_back(grade);
    std::ranges::sort(grades, std::greater<>{});
    for (std::size_t i = 0; i < grades.size() && i < 10; ++i)
        best += grades[i] / std::log2(static_cast<double>(i) + 2);
    into.ndcg += gain / best;
    into.recall += seen / static_cast<double>(wanted.size());
    into.reciprocal += first;
}

double percentile(std::vector<double>& of, double share) {
    if (of.empty())
        return 0;
    std::ranges::sort(of);
    return of[std::min(of.size() - 1, static_cast<std::size_t>(share * static_cast<double>(of.size())))];
}

json::object measure(search::index const& in, text::tongue language, queries const& asked, judgements const& wanted,
                     int passes) {
    figures out;
    auto const now = in.now();
    search::viewer const who{{}, true};
    std::size_t count = 0;
    for (auto const& [id, relevant] : wanted) {
        auto const at = asked.find(id);
        if (at == asked.end())
            continue;
        ++count;
        judge(out, now.find({.text = at->second, .who = who, .language = language, .top = 100}).hits, relevant);
        double least = 1e9;
        for (int i = 0; i < passes; ++i) {
            auto const start = clock::now();
            now.find({.text = at->second, .who = who, .language = language});
            least = std::min(least, std::chrono::duration<double, std::milli>(clock::now() - start).count());
        }
        out.ms.push_back(least);
    }
    auto const n = std::max(static_cast<double>(count), 1.0);
    auto const rounded = [](double x) { return std::round(x * 1e4) / 1e4; };
    return {{"ndcg@10", rounded(out.ndcg / n)},
            {"recall@100", rounded(out.recall / n)},
            {"mrr@10", rounded(out.reciprocal / n)},
            {"p50_ms", rounded(percentile(out.ms, 0.5))},
            {"p99_ms", rounded(percentile(out.ms, 0.99))}};
}

result<std::vector<search::document>> read_corpus(std::filesystem::path const& folder, text::tongue language) {
    GUICHET_LET(auto const lines, read_lines(folder / "corpus.jsonl"));
    std::vector<search::document> out;
    for (auto const& line : lines) {
        search::document one{.id = text_of(line, "_id"), .kind = "article", .language = language};
        one[search::field::title] = text_of(line, "title");
        one[search::field::body] = text_of(line, "text");
        out.push_back(std::move(one));
    }
    return out;
}

/// Adds the training queries to the documents that answer them.
void link(std::vector<search::document>& documents, queries const& asked, judgements const& trained) {
    std::map<std::string, std::string> words;
    for (auto const& [query, answers] : trained)
        if (auto const at = asked.find(query); at != asked.end())
            for (auto const& [id, grade] : answers)
                words[id] += at->second + "\n";
    for (auto& one : documents)
        if (auto const at = words.find(one.id); at != words.end())
            one[search::field::resolved] = at->second;
}

} // namespace

result<std::string> evaluate_search(search_eval_options const& given) {
    std::filesystem::path const folder{given.folder};
    std::string code;
    std::ifstream{folder / "lang"} >> code;
    auto const language = text::tongue_of(code);
    GUICHET_LET(auto documents, read_corpus(folder, language));
    GUICHET_LET(auto const lines, read_lines(folder / "queries.jsonl"));
    queries plain, whole;
    for (auto const& line : lines)
        plain[text_of(line, "_id")] = text_of(line, "text");
    auto const wanted = read_judgements(folder / "qrels.tsv");
    if (given.link_train)
        link(documents, plain, read_judgements(folder / "qrels.train.tsv"));
    search::index_options options;
    search::index index{std::move(options)};
    auto const start = clock::now();
    index.add(documents);
    auto const seconds = std::chrono::duration<double>(clock::now() - start).count();
    json::object out{{"plain", measure(index, language, plain, wanted, given.passes)}};
    for (auto const& [name, file] : {std::pair{"typo", "queries_typo.tsv"}, {"long", "queries_long.tsv"}})
        if (auto const asked = read_table(folder / file); !asked.empty())
            out[name] = measure(index, language, asked, wanted, given.passes);
    out["index"] = json::object{{"docs", documents.size()},
                                {"docs_per_s", std::round(static_cast<double>(documents.size()) / seconds)},
                                {"bytes", index.now().size({{}, true}).bytes}};
    return json::serialize(out);
}

} // namespace guichet::cli
