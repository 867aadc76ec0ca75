/// How well duplicates are told on a collection of `../shared/data/search` that has them, such as moz-dup: reports come
/// in the order of their numbers, a project for itself, and each is compared with the 2,000 before it, as
/// `duplicate_watch` does; then all are put into clusters, as `clusters` does. Not one of the suites, for it needs the
/// collection: `build/release/bin/bench-alike ../shared/data/search/moz-dup`
#include "row.hpp"

#include <guichet/search/neighbourhood.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using steady = std::chrono::steady_clock;

constexpr std::size_t window = 2'000, top = 3;
constexpr double steps[] = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7};

struct report {
    search::document text;
    long number = 0;
    std::string failure; ///< the first report of the same
};

using projects = std::map<std::string, std::vector<report>>;

std::string text_of(boost::json::object const& from, char const* name) {
    auto const* value = from.if_contains(name);
    return value && value->is_string() ? std::string{value->as_string()} : std::string{};
}

std::map<std::string, std::string> read_masters(std::string const& folder) {
    std::map<std::string, std::string> out;
    std::ifstream in{folder + "/qrels.tsv"};
    std::string line, report, master;
    for (std::getline(in, line); std::getline(in, line);)
        if (std::istringstream row{line}; row >> report >> master)
            out[report] = master;
    return out;
}

std::string first_of(std::map<std::string, std::string> const& masters, std::string id) {
    std::set<std::string> seen;
    for (auto at = masters.find(id); at != masters.end() && seen.insert(id).second; at = masters.find(id))
        id = at->second;
    return id;
}

void read(std::string const& file, bool queries, std::map<std::string, std::string> const& masters, projects& into) {
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        auto const row = boost::json::parse(line).as_object();
        auto const& more = row.at("metadata").as_object();
        report one;
        one.text.id = text_of(row, "_id");
        one.text.language = text::tongue::en;
        one.text[search::field::title] = text_of(row, queries ? "text" : "title");
        one.text[search::field::symptom] = queries ? text_of(more, "body") : text_of(row, "text");
        one.number = std::stol(one.text.id.substr(one.text.id.find_first_of("0123456789")));
        one.failure = first_of(masters, one.text.id);
        into[text_of(more, "project")].push_back(std::move(one));
    }
}

projects read_reports(std::string const& folder) {
    projects out;
    auto const masters = read_masters(folder);
    read(folder + "/corpus.jsonl", false, masters, out);
    read(folder + "/queries.jsonl", true, masters, out);
    for (auto& [name, all] : out) {
        std::ranges::sort(all, {}, [](report const& r) { return std::pair{r.number, r.text.id}; });
        auto const twice = std::ranges::unique(all, {}, [](report const& r) { return r.text.id; });
        all.erase(twice.begin(), twice.end());
    }
    return out;
}

struct verdicts {
    std::size_t told = 0, right = 0, wanted = 0;

    void print(std::string const& name) const {
        auto const share = [](std::size_t a, std::size_t b) {
            return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
        };
        print_row(name + ".told", static_cast<double>(told), "", "", 0, "", true);
        print_row(name + ".precision", share(right, told), "", "", 0, "", true);
        print_row(name + ".recall", share(right, wanted), "", "", 0, "", true);
    }
};

/// Of a project: for each step, how many reports were told to have duplicates, how often one of those was one, and of
/// how many there was one.
void watch(std::vector<report> const& all, std::map<double, verdicts>& into, double& ms) {
    search::neighbourhood near;
    std::map<std::string, std::string> failures;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& one = all[i];
        auto const start = steady::now();
        near.put(one.text);
        auto const found = near.like(one.text.id, steps[0], top);
        ms += std::chrono::duration<double, std::milli>(steady::now() - start).count();
        bool const wanted =
            std::ranges::any_of(failures, [&](auto const& other) { return other.second == one.failure; });
        for (auto const step : steps) {
            auto& v = into[step];
            bool told = false, right = false;
            for (auto const& like : found)
                if (like.likeness >= step) {
                    told = true;
                    right = right || failures[like.id] == one.failure;
                }
            v.told += told;
            v.right += right;
            v.wanted += wanted;
        }
        failures[one.text.id] = one.failure;
        if (i >= window) {
            near.remove(all[i - window].text.id);
            failures.erase(all[i - window].text.id);
        }
    }
}

/// Of pairs of reports that stand in one cluster.
void put_together(std::vector<report> const& all, std::map<double, verdicts>& into, double& ms) {
    search::neighbourhood near;
    std::vector<search::document> texts;
    std::map<std::string, std::string> failures;
    std::map<std::string, std::size_t> sizes;
    for (auto const& one : all) {
        texts.push_back(one.text);
        failures[one.text.id] = one.failure;
        ++sizes[one.failure];
    }
    near.put(texts);
    for (auto const step : steps) {
        auto const start = steady::now();
        auto const found = near.clusters(step);
        ms += std::chrono::duration<double, std::milli>(steady::now() - start).count();
        auto& v = into[step];
        for (auto const& [failure, size] : sizes)
            v.wanted += size * (size - 1) / 2;
        for (auto const& one : found) {
            std::map<std::string, std::size_t> members{{failures[one.centre], 1}};
            for (auto const& other : one.others)
                ++members[failures[other.id]];
            v.told += (one.others.size() + 1) * one.others.size() / 2;
            for (auto const& [failure, count] : members)
                v.right += count * (count - 1) / 2;
        }
    }
}

std::string named(char const* what, double step) {
    std::ostringstream out;
    out << "alike." << what << '.' << step;
    return out.str();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench-alike FOLDER\n");
        return 2;
    }
    auto const all = read_reports(argv[1]);
    std::map<double, verdicts> watched, clustered;
    double watch_ms = 0, cluster_ms = 0;
    std::size_t reports = 0;
    for (auto const& [project, some] : all) {
        watch(some, watched, watch_ms);
        put_together(some, clustered, cluster_ms);
        reports += some.size();
    }
    for (auto const step : steps) {
        watched[step].print(named("watch", step));
        clustered[step].print(named("clusters", step));
    }
    auto const each = static_cast<double>(reports);
    print_row("alike.watch.mean", watch_ms / each, "ms", "", 0, "", true);
    print_row("alike.clusters.mean", cluster_ms / each / static_cast<double>(std::size(steps)), "ms a report", "", 0,
              "", true);
}
