#include <guichet/text/markdown.hpp>

#include <doctest/doctest.h>

#include <string>

using guichet::text::plain_of_markdown;

TEST_CASE("given an article in Markdown, when its words are wanted, then the marks are gone and the words are not") {
    CHECK(plain_of_markdown("# Bourrage papier\n\n1. Ouvrez le **capot**\n2. Tirez la _feuille_\n") ==
          "Bourrage papier\n\nOuvrez le capot\nTirez la feuille");
    CHECK(plain_of_markdown("> - Voir [la procédure](https://example.org/a \"b\") et ![le capot](capot.png)") ==
          "Voir la procédure et le capot");
    CHECK(plain_of_markdown("Tapez `ipconfig /all`, erreur `0x80070005`") == "Tapez ipconfig /all, erreur 0x80070005");
    CHECK(plain_of_markdown("```sh\nls -l *.log\n```\nfini") == "ls -l *.log\nfini");
    CHECK(plain_of_markdown("| Code | Sens |\n|------|:----:|\n| E_42 | capot |") == "Code Sens\nE_42 capot");
    CHECK(plain_of_markdown("<b>Attention</b> : a < b, <https://example.org>") ==
          "Attention : a < b, https://example.org");
    CHECK(plain_of_markdown("nom_de_fichier \\*gras\\* #12 C# 3.5") == "nom_de_fichier *gras* #12 C# 3.5");
    CHECK(plain_of_markdown("\r\n\r\nsecond\r\n") == "second");
    CHECK(plain_of_markdown("").empty());
    CHECK(plain_of_markdown("- a\n  - b\n    1. c\n\n       d\n- e") == "a\nb\nc\nd\ne");
    CHECK(plain_of_markdown("un\ndeux  \ntrois\n\n---\n\nquatre\n===\n~~cinq~~") == "un\ndeux\ntrois\nquatre\n\ncinq");
    CHECK(plain_of_markdown("Voir [ici][a], [a] et <a@b.fr>\n\n[a]: https://example.org 'b'") ==
          "Voir ici, a et a@b.fr");
    CHECK(plain_of_markdown("    *code* & <b>\n\nfin") == "*code* & <b>\nfin");
    CHECK(plain_of_markdown("<div>\n<p>dans</p>\n</div>\n\n<!-- caché -->visible") == "dans\nvisible");
    CHECK(plain_of_markdown("caf&eacute;&nbsp;&#233;t&#xe9; &amp;lt; &rien;") == "café été &lt; &rien;");
    CHECK(plain_of_markdown("| a | b |\n|---|---|\n| *c* \\| d | `e` |") == "a b\nc | d e");
    CHECK(plain_of_markdown("[open (never < closed ](") == "[open (never < closed ](");
}

TEST_CASE("given Markdown that nobody writes, when its words are wanted, then they come, at a cost in measure") {
    auto const times = [](std::string_view part, std::size_t count) {
        std::string out;
        for (std::size_t i = 0; i < count; ++i)
            out += part;
        return out;
    };
    CHECK(plain_of_markdown(times("> - ", 10'000) + "capot").find("capot") != std::string::npos);
    CHECK(plain_of_markdown(times("*", 50'000) + "capot").find("capot") != std::string::npos);
    CHECK(plain_of_markdown("![" + times("[", 20'000) + "capot").find("capot") != std::string::npos);
    // A long target that many links name, and lines of brackets: read again and again, they would take minutes.
    auto const named = plain_of_markdown("[a]: " + times("x", 300'000) + "\n\n" + times("[a] ", 100'000) + "*capot*");
    CHECK(named.ends_with(" capot"));
    CHECK(plain_of_markdown(times("[\n", 150'000) + times("]\n", 150'000) + "capot").ends_with("capot"));
    // Rows that are shorter than their head would be filled up with 10,000 million cells.
    auto const table = times("|a", 100'000) + "\n" + times("|---", 100'000) + "\n" + times("|x\n", 100'000);
    CHECK(plain_of_markdown(table) == table);
    CHECK(plain_of_markdown(std::string{"a\0b\xFF\xC3", 5}).starts_with("a b"));
}
