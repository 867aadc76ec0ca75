/// Inquiries and the report on the knowledge base: what recording one costs in a file, and how long the report takes on
/// a desk in memory. GUICHET_BENCH_TICKETS makes fewer resolved tickets; there is an article for every tenth.
#include "row.hpp"

#include <guichet/engine/knowledge.hpp>
#include <guichet/guichet.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace guichet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point start) { return std::chrono::duration<double>(steady::now() - start).count(); }

actor const root{.person = "root", .role = "administrator"};

/// A text of words of which few are frequent and most are rare; those of one subject share some.
class writer_of_words {
public:
    std::string about(std::size_t subject, int words) {
        std::string out = "topic" + std::to_string(subject);
        for (int i = 0; i < words; ++i) {
            auto const rare = std::exp(rareness_(chance_));
            bool const common = chance_() % 3 != 0;
            out += " w" + std::to_string(common ? static_cast<std::size_t>(rare) : 1'000 + subject * 7 + chance_() % 7);
        }
        return out;
    }
    std::mt19937_64& chance() { return chance_; }

private:
    std::mt19937_64 chance_{2026};
    std::uniform_real_distribution<double> rareness_{0, 9};
};

record_inquiry some_inquiry(writer_of_words& say, std::size_t subjects) {
    return {.words = say.about(say.chance()() % subjects, 4),
            .language = "en",
            .shown = {"KB-2026-000001", "KB-2026-000002", "KB-2026-000003", "INC-2026-000004"}};
}

void measure_recording() {
    namespace fs = std::filesystem;
    auto const folder = fs::temp_directory_path() / ("guichet-inquiries-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    {
        auto const path = (folder / "desk.db").string();
        sqlite_options options;
        options.create = true;
        testing::simulated_environment env;
        auto const store = sqlite_store(path, options).value();
        auto d = desk::open(store, env).value();
        writer_of_words say;
        auto const before = store->stats().value().bytes;
        std::vector<double> recorded, followed;
        static constexpr std::size_t rounds = 40, each = 250;
        for (std::size_t round = 0; round < rounds; ++round) {
            std::vector<command> ask, follow;
            for (std::size_t i = 0; i < each; ++i)
                ask.push_back({.by = root, .body = some_inquiry(say, 1'000)});
            auto start = steady::now();
            auto const came_to = d->execute(ask).value();
            recorded.push_back(seconds_since(start) * 1e6 / each);
            for (auto const& one : came_to)
                follow.push_back(
                    {.by = root, .body = follow_inquiry{.inquiry = one->inquiry, .opened = "KB-2026-000002"}});
            start = steady::now();
            (void)d->execute(follow).value();
            followed.push_back(seconds_since(start) * 1e6 / each);
        }
        std::sort(recorded.begin(), recorded.end());
        std::sort(followed.begin(), followed.end());
        print_row("inquiries.record", recorded[rounds / 2], "us", "", 0, "", true);
        print_row("inquiries.follow", followed[rounds / 2], "us", "", 0, "", true);
        auto const bytes = double(store->stats().value().bytes - before) / double(rounds * each);
        print_row("inquiries.file", bytes, "B an inquiry", "", 0, "", true);
    }
    fs::remove_all(folder);
}

/// Tickets of many subjects, every second of which an article cured.
void fill(desk& d, testing::simulated_environment& env, std::size_t tickets, std::size_t inquiries) {
    writer_of_words say;
    auto const subjects = std::max<std::size_t>(tickets / 10, 1);
    std::vector<command> wishes;
    auto const flush = [&](std::size_t least) {
        if (wishes.size() < least)
            return std::vector<result<outcome>>{};
        auto out = d.execute(wishes).value();
        wishes.clear();
        return out;
    };
    std::vector<std::string> articles;
    for (std::size_t s = 0; s < subjects; ++s) {
        wishes.push_back({.by = root,
                          .body = write_article{
                              .title = say.about(s, 3), .body = say.about(s, 60), .language = "en", .publish = true}});
        for (auto const& one : flush(s + 1 == subjects ? 1 : 500))
            articles.push_back(to_string(one->article));
    }
    for (std::size_t t = 0; t < tickets; t += 500) {
        std::vector<std::size_t> of;
        for (std::size_t i = 0; i < std::min<std::size_t>(500, tickets - t); ++i) {
            of.push_back(say.chance()() % subjects);
            wishes.push_back(
                {.by = root,
                 .body = open_ticket{.subject = say.about(of.back(), 5), .text = say.about(of.back(), 40)}});
        }
        auto const opened = flush(1);
        for (std::size_t i = 0; i < of.size(); ++i) {
            if (of[i] % 2)
                wishes.push_back({.by = root, .body = link_article{articles[of[i]]}, .ticket = opened[i]->ticket});
            wishes.push_back({.by = root, .body = resolve_ticket{.text = "done"}, .ticket = opened[i]->ticket});
        }
        flush(1);
        env.advance(1h);
    }
    for (std::size_t i = 0; i < inquiries; ++i) {
        wishes.push_back({.by = root, .body = some_inquiry(say, subjects)});
        flush(i + 1 == inquiries ? 1 : 1'000);
    }
}

void measure_report(std::size_t tickets) {
    testing::simulated_environment env;
    auto d = desk::open(memory_store(), env).value();
    fill(*d, env, tickets, tickets);
    finder in{*d, {.language = text::tongue::en}};
    (void)in.catch_up().value();
    auto start = steady::now();
    auto const quality = in.judge(root).value();
    auto const judging = seconds_since(start);
    print_row("inquiries.judge", judging * 1e3 / double(std::max<std::uint64_t>(quality.judged, 1)), "ms a ticket", "",
              0, "", quality.judged > 0);
    print_row("inquiries.ndcg", quality.ndcg, "", "", 0, "", true);
    start = steady::now();
    auto const told = report_knowledge(*d, in, root, {.language = text::tongue::en}).value();
    print_row("inquiries.report", seconds_since(start), "s", "", 0, "", told.suggestions.judged == quality.judged);
}

} // namespace

int main() {
    auto const* text = std::getenv("GUICHET_BENCH_TICKETS");
    measure_recording();
    measure_report(text ? std::stoul(text) : 20'000);
}
