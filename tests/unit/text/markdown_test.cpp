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
    CHECK(plain_of_markdown("| Code | Sens |\n|------|:----:|\n| E_42 | capot |") ==
          "  Code   Sens  \n  E_42   capot  ");
    CHECK(plain_of_markdown("<b>Attention</b> : a < b, <https://example.org>") ==
          "Attention : a < b, https://example.org");
    CHECK(plain_of_markdown("nom_de_fichier \\*gras\\* #12 C# 3.5") == "nom_de_fichier *gras* #12 C# 3.5");
    CHECK(plain_of_markdown("\r\n\r\nsecond\r\n") == "second");
    CHECK(plain_of_markdown("").empty());
    CHECK(plain_of_markdown("[open (never < closed ](") == "open (never < closed (");
}
