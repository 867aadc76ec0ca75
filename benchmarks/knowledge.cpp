/// The knowledge base at work: what is suggested for a new ticket among many articles, resolved and open tickets, and
/// an import of Markdown files into a desk on disk, until they are found. GUICHET_BENCH_DOCUMENTS makes fewer of each.
#include "row.hpp"

#include <guichet/engine/finder.hpp>
#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

/// Writes texts as a desk has them: words come as often as in any language (Zipf), and what belongs to one of 2,000
/// troubles shares words of its own.
class writer {
public:
    std::string text(std::size_t trouble, std::size_t words) {
        std::string out;
        for (std::size_t i = 0; i < words; ++i) {
            bool const own = chance_() % 10 < 3;
            out.append(out.empty() ? "" : i % 12 == 0 ? ". " : " ");
            out += word(own ? (trouble * 7919 + chance_() % 25 * 104'729) % vocabulary : any());
        }
        return out;
    }
    std::size_t trouble() { return chance_() % 2'000; }
    std::size_t some(std::size_t from, std::size_t to) { return from + chance_() % (to - from); }

private:
    static constexpr std::size_t vocabulary = 60'000;

    std::size_t any() {
        auto const u = std::uniform_real_distribution<>{0, 1}(chance_);
        return static_cast<std::size_t>(std::pow(double(vocabulary), u)) - 1;
    }
    static std::string word(std::size_t number) {
        static constexpr std::string_view onsets[] = {"b", "c", "d", "f",  "g",  "l",  "m",  "n",  "p",  "r",
                                                      "s", "t", "v", "br", "cl", "fr", "gr", "pl", "tr", "ch"};
        static constexpr std::string_view rests[] = {"a", "é", "i", "o", "u", "an", "on", "eu", "ir", "al"};
        std::string out;
        for (number += 200; number > 0; number /= 200)
            out.append(onsets[number % 20]).append(rests[number / 20 % 10]);
        return out;
    }

    std::mt19937_64 chance_{2026};
};

actor const agent{.person = "luc", .role = "administrator"};

void fill(desk& d, writer& write, std::size_t many) {
    std::vector<command> wishes;
    std::vector<ticket_id> solved;
    auto const flush = [&] {
        for (auto const& came_to : d.execute(wishes).value())
            if (std::holds_alternative<ticket_opened>(came_to.value().events.front().body) && solved.size() < many)
                solved.push_back(came_to->ticket);
        wishes.clear();
    };
    auto const wish = [&](command_body body, ticket_id on = {}) {
        wishes.push_back({.by = agent, .body = std::move(body), .ticket = on});
        if (wishes.size() == 1'000)
            flush();
    };
    auto const open = [&] {
        auto const trouble = write.trouble();
        wish(open_ticket{.subject = write.text(trouble, write.some(4, 9)),
                         .text = write.text(trouble, write.some(20, 60))});
    };
    for (std::size_t i = 0; i < many; ++i) {
        auto const trouble = write.trouble();
        wish(write_article{.title = write.text(trouble, write.some(4, 9)),
                           .body = write.text(trouble, write.some(80, 220)),
                           .language = "fr",
                           .audience = {"public"},
                           .publish = true});
    }
    flush();
    for (std::size_t i = 0; i < many; ++i)
        open();
    flush();
    for (auto const id : std::vector{solved})
        wish(resolve_ticket{.code = "fixed", .text = write.text(write.trouble(), 12)}, id);
    flush();
    for (std::size_t i = 0; i < many; ++i)
        open();
    flush();
}

double quantile(std::vector<double>& of, double which) {
    std::sort(of.begin(), of.end());
    return of[std::min(static_cast<std::size_t>(double(of.size()) * which), of.size() - 1)];
}

void measure_suggestions(std::size_t many) {
    testing::simulated_environment env;
    auto const d = desk::open(memory_store(), env).value();
    writer write;
    auto start = steady::now();
    fill(*d, write, many);
    std::fprintf(stderr, "knowledge: %zu articles, %zu resolved and %zu open tickets in %.1f s\n", many, many, many,
                 seconds_since(start));
    finder finds{*d, {.language = text::tongue::fr}};
    start = steady::now();
    (void)finds.catch_up().value();
    print_row("knowledge.indexed", double(3 * many) / seconds_since(start), "documents/s", "", 0, "", true);
    while (finds.catch_up().value() > 0) {
    }
    std::vector<double> ms;
    std::size_t told = 0;
    for (int i = 0; i < 1'000; ++i) {
        auto const trouble = write.trouble();
        auto const id = d->execute({.by = agent,
                                    .body = open_ticket{.subject = write.text(trouble, write.some(4, 9)),
                                                        .text = write.text(trouble, write.some(20, 60))}})
                            .value()
                            .ticket;
        start = steady::now();
        auto const some = finds.suggest(id, agent).value();
        ms.push_back(seconds_since(start) * 1e3);
        told += !some.articles.empty() && !some.solved.empty() && !some.duplicates.empty();
        if (i % 64 == 63)
            (void)finds.catch_up().value();
    }
    print_row("knowledge.suggest.p50", quantile(ms, 0.5), "ms", "", 0, "", true);
    print_row("knowledge.suggest.p99", quantile(ms, 0.99), "ms", "", 0, "<= 3 ms", quantile(ms, 0.99) <= 3);
    print_row("knowledge.suggest.of_each", double(told) / 10, "% of tickets", "", 0, "", true);
}

/// By the program, as a person does it; then the index, as the first search makes it, until it is kept in the file.
void measure_import() {
    constexpr std::size_t many = 10'000;
    auto const folder = fs::temp_directory_path() / ("guichet-knowledge-" + std::to_string(::getpid()));
    fs::create_directories(folder / "base");
    writer write;
    for (std::size_t i = 0; i < many; ++i) {
        auto const trouble = write.trouble();
        std::ofstream file{folder / "base" / (std::to_string(i) + ".md")};
        file << "---\nlanguage: fr\ncategory: hardware/printer\naudience: public\n---\n# "
             << write.text(trouble, write.some(4, 9)) << "\n\n";
        for (int part = 0; part < 4; ++part)
            file << "## " << write.text(trouble, 3) << "\n\n- **" << write.text(trouble, write.some(20, 60))
                 << "**\n\n";
    }
    auto const program = (fs::read_symlink("/proc/self/exe").parent_path() / "guichet").string();
    auto const db = (folder / "desk.db").string();
    auto const run = [&](std::string const& words) {
        return std::system(("'" + program + "' --db '" + db + "' " + words + " > /dev/null").c_str()) == 0;
    };
    bool const made = run("init");
    auto start = steady::now();
    bool const imported = made && run("article import '" + (folder / "base").string() + "'");
    auto const import_seconds = seconds_since(start);
    start = steady::now();
    std::size_t found = 0;
    if (imported) {
        testing::simulated_environment env;
        auto const d = desk::open(sqlite_store(db).value(), env).value();
        finder finds{*d, {.language = text::tongue::fr}};
        found = finds.catch_up().value();
    }
    auto const index_seconds = seconds_since(start);
    fs::remove_all(folder);
    auto const all = import_seconds + index_seconds;
    print_row("knowledge.import", import_seconds, "s", "", 0, "", imported);
    print_row("knowledge.import.index", index_seconds, "s", "", 0, "", found == many);
    print_row("knowledge.import.both", all, "s", "", 0, "<= 5 s", found == many && all <= 5);
}

} // namespace

int main() {
    auto const* const given = std::getenv("GUICHET_BENCH_DOCUMENTS");
    measure_import();
    measure_suggestions(given ? std::stoul(given) : 100'000);
}
