#include <guichet/text/analyser.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace text = guichet::text;
using text::token_kind;
using text::tongue;

namespace {

/// The terms of a text: wholes with "!", stop words with "-", grams only where they are asked for, with "~".
std::string terms(tongue of, std::string_view source, bool grams = false) {
    text::analyser a{of};
    std::string out;
    for (auto const& t : a.analyse(source)) {
        if (t.kind == token_kind::gram && !grams)
            continue;
        out += out.empty() ? "" : " ";
        out += t.kind == token_kind::gram ? "~" : t.kind == token_kind::whole ? "!" : t.stop ? "-" : "";
        out += t.kind == token_kind::gram ? t.term.substr(1) : t.term;
    }
    return out;
}

} // namespace

TEST_CASE("given codes of languages, when they are read, then regions are left out and others are neutral") {
    CHECK(text::tongue_of("fr") == tongue::fr);
    CHECK(text::tongue_of("PT-br") == tongue::pt);
    CHECK(text::tongue_of("fra") == tongue::neutral);
    CHECK(text::tongue_of("ru") == tongue::neutral);
    CHECK(text::tongue_of("") == tongue::neutral);
    CHECK(text::code_of(tongue::nl) == "nl");
}

TEST_CASE("given inflected words, when they are analysed, then those of one family have one term") {
    CHECK(terms(tongue::en, "connect connecting CONNECTED connections") == "connect connect connect connect");
    CHECK(terms(tongue::fr, "imprimante Imprimantes IMPRIMANTE") == "imprim imprim imprim");
    CHECK(terms(tongue::de, "Drucker Druckern") == "druck druck");
    CHECK(terms(tongue::neutral, "Connecting Réseaux") == "connecting reseaux");
}

TEST_CASE("given elided words, when they are analysed, then what stands before the apostrophe is gone") {
    CHECK(terms(tongue::fr, "l'imprimante d'Anne jusqu\u2019ici qu'un") == "imprim anne -ici -un");
    CHECK(terms(tongue::it, "dell'ufficio") == "uffic");
    CHECK(terms(tongue::en, "the user's file isn't there") == "-the user file -isnt -there");
}

TEST_CASE("given identifiers, when they are analysed, then they stand whole and in their parts") {
    CHECK(terms(tongue::en, "HDFS-1234") == "!hdfs1234 hdfs 1234");
    CHECK(terms(tongue::en, "NullPointerException") == "nullpointerexcept null pointer except");
    CHECK(terms(tongue::en, "see /etc/hosts.") == "see !/etc/hosts etc host");
    CHECK(terms(tongue::en, "0x80070005") == "0x80070005");
    CHECK(terms(tongue::en, "v2.3.1") == "!v2.3.1 v2 3 1");
    CHECK(terms(tongue::en, "KB5003637") == "!kb5003637 kb 5003637");
    CHECK(terms(tongue::en, "C++ and C#") == "!c++ c -and !c# c");
    CHECK(terms(tongue::en, "GitHub") == "github git hub");
    CHECK(terms(tongue::en, "e-mail self-service") == "!email e mail self servic");
    CHECK(terms(tongue::en, "it broke. Again") == "-it broke -again");
}

TEST_CASE("given stop words, when they are analysed, then they are marked and stay") {
    CHECK(terms(tongue::en, "to be or not to be") == "-to -be -or not -to -be");
    CHECK(terms(tongue::fr, "où est-ce que c'est") == "-ou !estce -est -ce -que -est");
}

TEST_CASE("given a French word, when it is analysed, then its 4-grams follow it") {
    CHECK(terms(tongue::fr, "réseaux", true) == "reseau ~rese ~esea ~seau ~eaux");
    CHECK(terms(tongue::fr, "port", true) == "port");
    CHECK(terms(tongue::en, "network", true) == "network");
}

TEST_CASE("given a script without spaces, when it is analysed, then its words are found") {
    CHECK(terms(tongue::neutral, "\u65E5\u672C\u8A9E\u30C6\u30B9\u30C8") == "\u65E5\u672C\u8A9E \u30C6\u30B9\u30C8");
}

TEST_CASE("given a text, when it is analysed, then each token says where it stands") {
    text::analyser a{tongue::fr};
    std::string_view const source = "L'été, le réseau";
    std::vector<std::string> at;
    for (auto const& t : a.analyse(source))
        if (t.kind != token_kind::gram)
            at.emplace_back(source.substr(t.begin, t.end - t.begin));
    CHECK(at == std::vector<std::string>{"été", "le", "réseau"});
}

TEST_CASE("given any bytes, when they are analysed, then tokens stay within them") {
    text::analyser a{tongue::fr};
    for (unsigned seed = 1; seed < 400; ++seed) {
        std::string source;
        for (unsigned i = 0, x = seed; i < seed % 97; ++i)
            source += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
        for (auto const& t : a.analyse(source)) {
            CHECK(t.begin < t.end);
            CHECK(t.end <= source.size());
            CHECK_FALSE(t.term.empty());
        }
    }
    CHECK(a.analyse(std::string(100'000, 'a')).size() < 200);
}
