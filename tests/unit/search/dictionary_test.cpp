#include <guichet/search/impl/dictionary.ipp>

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace guichet;
namespace of = search::detail;

namespace {

/// Words that share much, so that most are written as what they add to the one before.
std::set<std::string> words_like(std::mt19937_64& chance, std::size_t count) {
    std::set<std::string> out;
    while (out.size() < count) {
        std::string word;
        for (auto letters = chance() % 12; letters > 0; --letters)
            word += chance() % 20 == 0 ? "\xC3\xA9" : std::string(1, static_cast<char>('a' + chance() % 3));
        out.insert(word);
    }
    return out;
}

} // namespace

TEST_CASE("given a dictionary of words, when any word is looked for, then it has its number, and others have none") {
    std::mt19937_64 chance{7};
    for (std::size_t const count : {1, 2, 15, 16, 17, 33, 400}) {
        for (bool const bare : {false, true}) {
            CAPTURE(count);
            auto const words = words_like(chance, count);
            of::dictionary_writer write{bare};
            for (auto const& word : words)
                write.add(word, static_cast<std::uint32_t>(chance() % 3));
            of::dictionary const d{write.count, write.heads, write.bytes, bare};
            std::uint32_t number = 0;
            for (auto const& word : words)
                CHECK(d.find(word) == number++);
            for (auto const& word : words_like(chance, 400)) {
                auto const behind = words.lower_bound(word);
                auto const place = static_cast<std::uint32_t>(std::distance(words.begin(), behind));
                CHECK(d.lower_bound(word) == place);
                CHECK(d.find(word) == (words.contains(word) ? place : of::none));
            }
        }
    }
    CHECK(of::dictionary{}.find("") == of::none);
}
