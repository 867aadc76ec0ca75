#include <guichet/text/markdown.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using guichet::text::html_of_markdown;
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

TEST_CASE("given an article in Markdown, when it is shown, then its marks are elements and its words are safe") {
    CHECK(
        html_of_markdown("# Bourrage papier\n\n1. Ouvrez le **capot**\n2. Tirez la _feuille_\n") ==
        "<h1>Bourrage papier</h1>\n<ol><li>Ouvrez le <strong>capot</strong></li>\n<li>Tirez la <em>feuille</em></li>\n"
        "</ol>\n");
    CHECK(html_of_markdown("> Voir [la procédure](https://example.org/é?a=1&b=2 \"le \\\"guide\\\"\")") ==
          "<blockquote><p>Voir <a href=\"https://example.org/%C3%A9?a=1&amp;b=2\" title=\"le &quot;guide&quot;\" "
          "rel=\"nofollow noopener noreferrer\">la procédure</a></p>\n</blockquote>\n");
    CHECK(html_of_markdown("![le *capot*](img/capot.png 'vu de face')") ==
          "<p><img src=\"img/capot.png\" alt=\"le capot\" title=\"vu de face\"></p>\n");
    CHECK(html_of_markdown("```sh\nls < *.log\n```\n\nTapez `a & b`  \nfini\n\n---\n~~non~~") ==
          "<pre><code>ls &lt; *.log\n</code></pre>\n<p>Tapez <code>a &amp; b</code><br>\nfini</p>\n<hr>\n"
          "<p><del>non</del></p>\n");
    CHECK(html_of_markdown("| Code | Sens |\n|------|-----:|\n| E_42 | a<br>b |") ==
          "<table><thead><tr><th>Code</th><th align=\"right\">Sens</th></tr>\n</thead>\n<tbody><tr><td>E_42</td>"
          "<td align=\"right\">a<br>\nb</td></tr>\n</tbody>\n</table>\n");
    CHECK(html_of_markdown("3. trois\n\n- a\n  - b") ==
          "<ol start=\"3\"><li>trois</li>\n</ol>\n<ul><li>a<ul><li>b</li>\n</ul>\n</li>\n</ul>\n");
    CHECK(html_of_markdown("<b>Attention</b> à <script>x</script> &eacute;&copy;") == "<p>Attention à x é©</p>\n");
    CHECK(html_of_markdown("<https://example.org> <a@b.fr> [tel](tel:+33123) [ici](#a) [non](javascript:x)") ==
          "<p><a href=\"https://example.org\" rel=\"nofollow noopener noreferrer\">https://example.org</a> "
          "<a href=\"mailto:a@b.fr\" rel=\"nofollow noopener noreferrer\">a@b.fr</a> "
          "<a href=\"tel:+33123\" rel=\"nofollow noopener noreferrer\">tel</a> "
          "<a href=\"#a\" rel=\"nofollow noopener noreferrer\">ici</a> non</p>\n");
    CHECK(html_of_markdown("").empty());
}

TEST_CASE("given a template in Markdown, when values are put in, then they are words, whatever they look like") {
    using guichet::text::template_text;
    std::vector<std::string> const known{"subject", "nobody", "number"};
    auto const filled = [&](std::string_view source) {
        return guichet::text::fill_markdown(template_text::compile(source, known).value(),
                                            [](std::string_view name) -> std::string {
                                                return name == "subject"  ? "*un* [lien](javascript:x) <b>\n# fin"
                                                       : name == "number" ? "INC-7/é"
                                                                          : "";
                                            })
            .value();
    };
    auto const plain = filled("**{{number}}** : {{subject}}{{#nobody}} jamais{{/nobody}}");
    CHECK(plain.text == "INC-7/é : *un* [lien](javascript:x) <b>\n# fin");
    CHECK(plain.html == "<p><strong>INC-7/é</strong> : *un* [lien](javascript:x) &lt;b&gt;\n# fin</p>\n");
    CHECK(filled("Voir `{{number}}`").html == "<p>Voir <code>INC-7/é</code></p>\n");
    auto const linked = filled("[suivre](https://desk.example/{{number}}?q={{subject}})\n\n<https://a.example>");
    std::string const target = "https://desk.example/INC-7%2F%C3%A9?q=%2Aun%2A%20%5Blien%5D%28javascript%3Ax%29";
    CHECK(linked.html.find("href=\"" + target) != std::string::npos);
    CHECK(linked.text.starts_with("suivre (" + target));
    CHECK(linked.text.ends_with(")\n\nhttps://a.example"));
    CHECK(filled("[x]({{subject}})").html.find("href=\"%2Aun") != std::string::npos);
    CHECK(filled("{{^nobody}}personne{{/nobody}} \xEE\x83\xB0"
                 "9\xEE\x83\xB1")
              .text == "personne \xEE\x83\xB0"
                       "9\xEE\x83\xB1");
}
