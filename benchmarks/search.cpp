/// Search: how fast documents are found, added and opened, and what the index weighs, beside SQLite's FTS5 on the same
/// documents and queries in the same run. The documents are made up: words with the frequencies of natural language
/// (Zipf's law with Mandelbrot's shift), 1,300 characters each, of as many different words as Heaps' law gives.
#include "row.hpp"

#include <guichet/search/index.hpp>

#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

using namespace guichet;
using steady = std::chrono::steady_clock;

double ms_since(steady::time_point start) {
    return std::chrono::duration<double, std::milli>(steady::now() - start).count();
}

/// Made-up words: the commoner, the shorter; each number has its own.
class language_of_zipf {
public:
    explicit language_of_zipf(std::size_t words) {
        static constexpr std::string_view heads = "bcdfghlmnprstv", vowels = "aeiou", tails = "nrstl";
        std::mt19937_64 chance{11};
        std::unordered_set<std::string> known;
        double sum = 0;
        while (words_.size() < words) {
            auto const rank = static_cast<double>(words_.size());
            auto const syllables = 1 + static_cast<int>(std::log(rank + 2) / 3.2);
            std::string word;
            for (int i = 0; i < syllables; ++i) {
                word += heads[chance() % heads.size()];
                word += vowels[chance() % vowels.size()];
                if (chance() % 2)
                    word += tails[chance() % tails.size()];
            }
            if (!known.insert(word).second)
                continue;
            words_.push_back(word);
            sums_.push_back(sum += 1 / (rank + 2.7));
        }
    }

    std::size_t any(std::mt19937_64& chance) const {
        auto const at = std::uniform_real_distribution<double>{0, sums_.back()}(chance);
        return static_cast<std::size_t>(std::ranges::upper_bound(sums_, at) - sums_.begin());
    }
    std::string const& operator[](std::size_t i) const { return words_[i]; }

private:
    std::vector<std::string> words_;
    std::vector<double> sums_;
};

search::document make(language_of_zipf const& words, std::size_t number, std::mt19937_64& chance) {
    search::document out{
        .id = "doc-" + std::to_string(number), .kind = number % 4 ? "ticket" : "article", .language = text::tongue::en};
    for (int i = 0; i < 8; ++i)
        out[search::field::title] += words[words.any(chance)] + ' ';
    auto& body = out[search::field::body];
    while (body.size() < 1'240)
        body += words[words.any(chance)] + (chance() % 12 ? " " : ". ");
    return out;
}

/// So many words of one document, as somebody remembers it.
std::string query_of(search::document const& of, std::size_t words, std::mt19937_64& chance) {
    std::vector<std::string> all;
    std::string word;
    for (auto const& text : {of[search::field::title], of[search::field::body]})
        for (char const c : text)
            if (c >= 'a' && c <= 'z') {
                word += c;
            } else if (!word.empty()) {
                if (word.size() > 3)
                    all.push_back(word);
                word.clear();
            }
    std::string out;
    for (std::size_t i = 0; i < words; ++i)
        out += (out.empty() ? "" : " ") + all[chance() % all.size()];
    return out;
}

std::string with_slip(std::string text, std::mt19937_64& chance) {
    auto const at = 1 + chance() % (text.size() - 2);
    if (text[at] != ' ' && text[at + 1] != ' ')
        std::swap(text[at], text[at + 1]);
    return text;
}

struct times {
    double p50 = 0, p99 = 0;
};

/// What this thread had of the processor so far: on a machine that does other work too, the rest is not ours.
double thread_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The least of some passes a query, in time of this thread.
template <class Ask>
times measure(std::vector<std::string> const& queries, int passes, Ask ask) {
    std::vector<double> out;
    for (auto const& one : queries) {
        double least = 1e9;
        for (int i = 0; i < passes; ++i) {
            auto const start = thread_ms();
            ask(one);
            least = std::min(least, thread_ms() - start);
        }
        out.push_back(least);
    }
    std::ranges::sort(out);
    return {out[out.size() / 2], out[out.size() * 99 / 100]};
}

std::size_t resident_bytes() {
    std::ifstream in{"/proc/self/statm"};
    std::size_t pages = 0;
    in >> pages >> pages;
    return pages * 4096;
}

class fts5 {
public:
    explicit fts5(std::vector<search::document> const& documents) {
        sqlite3_open(":memory:", &db_);
        run("create virtual table d using fts5(title, body, content='', tokenize='porter unicode61')");
        run("begin");
        sqlite3_stmt* put = nullptr;
        sqlite3_prepare_v2(db_, "insert into d(rowid, title, body) values (?, ?, ?)", -1, &put, nullptr);
        for (std::size_t i = 0; i < documents.size(); ++i) {
            auto const &title = documents[i][search::field::title], &body = documents[i][search::field::body];
            sqlite3_bind_int64(put, 1, static_cast<sqlite3_int64>(i + 1));
            sqlite3_bind_text(put, 2, title.data(), static_cast<int>(title.size()), SQLITE_STATIC);
            sqlite3_bind_text(put, 3, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
            sqlite3_step(put);
            sqlite3_reset(put);
        }
        sqlite3_finalize(put);
        run("commit");
        sqlite3_prepare_v2(db_, "select rowid from d where d match ? order by bm25(d, 3.0, 1.0) limit 10", -1, &ask_,
                           nullptr);
    }
    ~fts5() {
        sqlite3_finalize(ask_);
        sqlite3_close(db_);
    }
    fts5(fts5 const&) = delete;
    fts5& operator=(fts5 const&) = delete;

    void find(std::string const& words) {
        std::string any;
        for (char const c : words)
            any += c == ' ' ? std::string{" OR "} : std::string{c};
        sqlite3_bind_text(ask_, 1, any.data(), static_cast<int>(any.size()), SQLITE_STATIC);
        while (sqlite3_step(ask_) == SQLITE_ROW) {
        }
        sqlite3_reset(ask_);
    }

private:
    void run(char const* sql) { sqlite3_exec(db_, sql, nullptr, nullptr, nullptr); }
    sqlite3* db_ = nullptr;
    sqlite3_stmt* ask_ = nullptr;
};

struct questions {
    std::vector<std::string> words, long_texts, slips, beginnings;
};

questions ask_about(std::vector<search::document> const& documents) {
    std::mt19937_64 chance{5};
    questions out;
    for (int i = 0; i < 1'000; ++i) {
        auto const& one = documents[chance() % documents.size()];
        out.words.push_back(query_of(one, 3 + chance() % 8, chance));
        out.slips.push_back(with_slip(query_of(one, 3 + chance() % 8, chance), chance));
        auto word = query_of(one, 1, chance);
        out.beginnings.push_back(word.substr(0, 2 + chance() % (word.size() - 2)));
        if (i % 4 == 0)
            out.long_texts.push_back(query_of(one, 400, chance));
    }
    return out;
}

void row(std::string const& name, double value, char const* unit, double goal) {
    char text[40];
    std::snprintf(text, sizeof text, "<= %g %s", goal, unit);
    print_row(name, value, unit, "", 0, text, value <= goal);
}

/// Finds among so many documents.
void find_all(search::snapshot const& now, questions const& asked, std::string const& size, double goal,
              double long_goal, double fuzzy_goal, double prefix_goal) {
    search::viewer const who{{}, true};
    auto const find = [&](std::string const& text) {
        now.find({.text = text, .who = who, .language = text::tongue::en});
    };
    auto const words = measure(asked.words, 3, find);
    row("search.words.p50." + size, words.p50, "ms", goal);
    row("search.words.p99." + size, words.p99, "ms", goal);
    row("search.long.p99." + size, measure(asked.long_texts, 3, find).p99, "ms", long_goal);
    row("search.fuzzy.p99." + size, measure(asked.slips, 3, find).p99, "ms", fuzzy_goal);
    row("search.prefix.p99." + size,
        measure(asked.beginnings, 3, [&](std::string const& text) { now.suggest(text, who); }).p99, "ms", prefix_goal);
}

/// The same queries, as often, for both, on the same documents.
void compare(std::vector<search::document> const& documents, search::snapshot const& now,
             std::vector<std::string> const& queries) {
    fts5 peer{documents};
    search::viewer const who{{}, true};
    auto const ours = measure(queries, 3, [&](std::string const& text) {
        now.find({.text = text, .who = who, .language = text::tongue::en});
    });
    auto const theirs = measure(queries, 3, [&](std::string const& text) { peer.find(text); });
    auto const ratio = theirs.p99 / ours.p99;
    print_row("search.fts5.p99.100k", theirs.p99, "ms", "FTS5 bm25", ratio, ">= 100x of ours", ratio >= 100);
}

void hundred_thousand(language_of_zipf const& words) {
    std::mt19937_64 chance{3};
    std::vector<search::document> documents;
    for (std::size_t i = 0; i < 100'000; ++i)
        documents.push_back(make(words, i, chance));
    search::index in;
    auto start = steady::now();
    in.add(documents);
    auto const speed = 100'000 / ms_since(start) * 1000;
    print_row("search.index", speed, "docs/s", "", 0, ">= 30000 docs/s", speed >= 30'000);
    search::viewer const who{{}, true};
    row("search.bytes", static_cast<double>(in.now().size(who).bytes) / 100'000, "bytes", 250);
    auto const asked = ask_about(documents);
    find_all(in.now(), asked, "100k", 0.5, 1, 2, 0.5);
    compare(documents, in.now(), {asked.words.begin(), asked.words.begin() + 200});
    double slowest = 0, sum = 0;
    for (int i = 0; i < 300; ++i) {
        auto const changed = make(words, chance() % 100'000, chance);
        start = steady::now();
        in.add(changed);
        auto const found =
            in.now().find({.text = changed[search::field::title], .who = who, .language = text::tongue::en});
        auto const ms = ms_since(start);
        slowest = std::max(slowest, ms), sum += ms;
    }
    row("search.update.mean", sum / 300, "ms", 1);
    row("search.update.worst", slowest, "ms", 5);
}

void million(language_of_zipf const& words) {
    std::mt19937_64 chance{4};
    search::index in;
    questions asked;
    for (std::size_t part = 0; part < 10; ++part) {
        std::vector<search::document> documents;
        for (std::size_t i = 0; i < 100'000; ++i)
            documents.push_back(make(words, part * 100'000 + i, chance));
        if (part == 0)
            asked = ask_about(documents);
        in.add(documents);
    }
    while (in.merge(2'000'000)) {
    }
    find_all(in.now(), asked, "1m", 3, 3, 3, 3);
    std::vector<search::piece> pieces;
    std::size_t bytes = 0;
    for (auto const& one : in.now().pieces()) {
        pieces.push_back({one.name, std::make_shared<std::vector<std::uint8_t>>(*one.bytes), one.gone});
        bytes += one.bytes->size();
    }
    in = search::index{};
    malloc_trim(0); // what was freed would hide what is taken
    auto const before = resident_bytes();
    auto const start = steady::now();
    auto const opened = search::index::open({}, std::move(pieces));
    row("search.open.1m", ms_since(start), "ms", 200);
    search::viewer const who{{}, true};
    for (auto const* some : {&asked.words, &asked.slips})
        for (auto const& one : *some)
            opened->now().find({.text = one, .who = who, .language = text::tongue::en});
    auto const more = static_cast<double>(resident_bytes()) - static_cast<double>(before);
    auto const share = (static_cast<double>(bytes) + std::max(more, 0.0)) / static_cast<double>(bytes);
    row("search.memory", share, "x of the index", 1.3);
}

} // namespace

int main(int count, char**) {
    language_of_zipf const words{400'000};
    hundred_thousand(words);
    if (count == 1)
        million(words);
}
