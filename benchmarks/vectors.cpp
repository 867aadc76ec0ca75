/// Vectors: how fast the nearest are found, one by one and through the graph, how many of them the graph finds, and
/// what adding costs. The vectors are made up: 384 numbers, as small language models give them, around 500 centres.
#include "row.hpp"

#include <guichet/search/vectors.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using steady = std::chrono::steady_clock;

constexpr std::size_t dimension = 384, documents = 50'000, few = 10'000, questions = 500;

double ms_since(steady::time_point start) {
    return std::chrono::duration<double, std::milli>(steady::now() - start).count();
}

class meanings {
public:
    meanings() : centres_(500) {
        for (auto& one : centres_)
            one = by_chance();
    }
    std::vector<float> next() {
        auto out = by_chance();
        auto const& centre = centres_[chance_() % centres_.size()];
        for (std::size_t i = 0; i < dimension; ++i)
            out[i] = centre[i] + out[i] * 0.8F;
        return out;
    }

private:
    std::vector<float> by_chance() {
        std::normal_distribution<float> normal;
        std::vector<float> out(dimension);
        for (auto& x : out)
            x = normal(chance_);
        return out;
    }
    std::mt19937_64 chance_{5};
    std::vector<std::vector<float>> centres_;
};

void row(std::string const& name, double value, char const* unit, double goal) {
    print_row(name, value, unit, "", 0, "<= " + std::to_string(goal), value <= goal);
}

/// Milliseconds of each question, sorted; the answers go to `answers`.
std::vector<double> ask(search::vector_index const& in, std::vector<std::vector<float>> const& asked,
                        std::vector<std::set<std::string>>& answers) {
    search::viewer const who{{"staff"}, false};
    std::vector<double> out;
    for (auto const& one : asked) {
        auto const start = steady::now();
        auto const got = in.find({.values = one, .who = who}).value();
        out.push_back(ms_since(start));
        auto& known = answers.emplace_back();
        for (auto const& hit : got)
            known.insert(hit.id);
    }
    std::ranges::sort(out);
    return out;
}

} // namespace

int main() {
    meanings source;
    std::vector<std::vector<float>> asked;
    for (std::size_t i = 0; i < questions; ++i)
        asked.push_back(source.next());
    search::vector_index graph{{.exact_max = 0}}, exact{{.exact_max = documents, .links = 2, .breadth_added = 2}};
    std::vector<std::set<std::string>> found, right, some;
    auto const start = steady::now();
    std::vector<search::vector_document> all;
    for (std::size_t i = 0; i < documents; ++i)
        all.push_back({"d" + std::to_string(i), "ticket", {"staff"}, source.next()});
    auto const made = steady::now();
    for (auto const& one : all)
        graph.add(one).value();
    row("vectors.add.50k", ms_since(made) / documents, "ms", 1);
    for (std::size_t i = 0; i < documents; ++i) {
        exact.add(all[i]).value();
        if (i + 1 == few)
            row("vectors.exact.p50.10k", ask(exact, asked, some)[questions / 2], "ms", 2);
    }
    auto const slow = ask(exact, asked, right), fast = ask(graph, asked, found);
    row("vectors.exact.p50.50k", slow[questions / 2], "ms", 20);
    row("vectors.graph.p50.50k", fast[questions / 2], "ms", 1);
    row("vectors.graph.p99.50k", fast[questions * 99 / 100], "ms", 2);
    double hit = 0, wanted = 0;
    for (std::size_t i = 0; i < questions; ++i) {
        wanted += static_cast<double>(right[i].size());
        for (auto const& id : right[i])
            hit += found[i].contains(id) ? 1 : 0;
    }
    print_row("vectors.graph.recall.50k", hit / wanted, "of 10", "", 0, ">= 0.95", hit / wanted >= 0.95);
    auto const bytes = graph.bytes();
    auto const opening = steady::now();
    auto const again = search::vector_index::open({}, bytes).value();
    row("vectors.open.50k", ms_since(opening), "ms", 500);
    row("vectors.bytes.50k", static_cast<double>(bytes.size()) / documents - dimension * 4, "bytes beside the numbers",
        200);
    std::fprintf(stderr, "%zu vectors in %.0f s\n", again.size(), ms_since(start) / 1'000);
}
