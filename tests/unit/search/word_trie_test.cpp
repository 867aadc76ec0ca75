#include <guichet/search/impl/fuzzy.ipp>

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace guichet;
namespace of = search::detail;

namespace {

std::string any_word(std::mt19937_64& chance, std::size_t most) {
    std::string out;
    for (auto letters = 1 + chance() % most; letters > 0; --letters)
        out += "aeinrst"[chance() % 7];
    return out;
}

/// So many words that share much; some stand there twice, with two numbers.
std::multiset<std::string> words_like(std::mt19937_64& chance, std::size_t count) {
    std::multiset<std::string> out;
    while (out.size() < count) {
        auto const word = out.insert(any_word(chance, 9));
        if (chance() % 10 == 0)
            out.insert(*word);
    }
    return out;
}

of::word_trie trie_of(std::multiset<std::string> const& words) {
    of::word_trie::writer to;
    std::uint32_t number = 0;
    for (auto const& word : words)
        to.add(word, number++);
    return std::move(to).finish();
}

/// What it costs to take one word for another, without leaving anything out.
int whole_cost(std::string_view typed, std::string_view word, int limit) {
    of::slip_table table{typed, limit};
    for (std::size_t i = 0; i < word.size(); ++i)
        table.extend(word, i);
    return table.cost(word.size());
}

} // namespace

TEST_CASE("given words in order, when they are gone through, then each comes with its number") {
    std::mt19937_64 chance{5};
    for (std::size_t const count : {0, 1, 2, 300}) {
        CAPTURE(count);
        auto const words = words_like(chance, count);
        auto const trie = trie_of(words);
        std::string text;
        std::uint32_t number = 0;
        auto word = words.begin();
        for (of::word_trie::walker at{trie}; !at.ended(); at.next()) {
            text.resize(at.shared());
            text += at.rest();
            REQUIRE(word != words.end());
            CHECK(text == *word++);
            CHECK(at.number() == number++);
        }
        CHECK(word == words.end());
    }
}

TEST_CASE("given a word with a beginning, when it is left, then the next one is the first that begins otherwise") {
    std::mt19937_64 chance{6};
    auto const words = words_like(chance, 200);
    std::vector<std::string> const all{words.begin(), words.end()};
    auto const trie = trie_of(words);
    for (std::size_t from = 0; from < all.size(); ++from) {
        of::word_trie::walker at{trie};
        while (at.number() < from)
            at.next();
        for (auto letters = at.shared() + 1; letters <= all[from].size(); ++letters) {
            CAPTURE(all[from]);
            CAPTURE(letters);
            auto expected = from + 1;
            while (expected < all.size() && all[expected].starts_with(all[from].substr(0, letters)))
                ++expected;
            auto other = at;
            other.leave(letters);
            CHECK(other.ended() == (expected == all.size()));
            if (!other.ended())
                CHECK(other.number() == expected);
        }
    }
}

TEST_CASE("given a word that was mistyped, when what it may stand for is looked for, then no word is missed") {
    std::mt19937_64 chance{7};
    auto const words = words_like(chance, 3'000);
    auto const trie = trie_of(words);
    for (int i = 0; i < 300; ++i) {
        auto typed = any_word(chance, 11);
        std::optional<std::uint32_t> meant;
        if (i % 2 == 0) { // a word that is there, with a letter too many behind its first
            meant = static_cast<std::uint32_t>(chance() % words.size());
            typed = *std::next(words.begin(), *meant);
            typed.insert(1 + chance() % typed.size(), 1, 'o');
        }
        auto const limit = of::cost_max(typed.size());
        CAPTURE(typed);
        std::map<std::uint32_t, int> expected, got;
        std::uint32_t number = 0;
        for (auto const& word : words) {
            auto const cost = whole_cost(typed, word, limit);
            if (limit > 0 && cost <= limit)
                expected[number] = cost;
            ++number;
        }
        of::each_alike(trie, typed, limit, [&](std::uint32_t at, std::string_view, int cost) { got[at] = cost; });
        CHECK(got == expected);
        if (meant && limit > 0)
            CHECK(got.contains(*meant));
    }
}

TEST_CASE("given words of more letters than a step can say, when they are gathered, then they are left out") {
    of::word_trie::writer to;
    to.add(std::string(127, 'a'), 1);
    to.add(std::string(128, 'a'), 2);
    to.add("b", 3);
    auto const trie = std::move(to).finish();
    std::vector<std::uint32_t> numbers;
    for (of::word_trie::walker at{trie}; !at.ended(); at.next())
        numbers.push_back(at.number());
    CHECK(numbers == std::vector<std::uint32_t>{1, 3});
}
