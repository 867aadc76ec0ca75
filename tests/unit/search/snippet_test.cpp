#include <guichet/search/snippet.hpp>

#include <doctest/doctest.h>

#include <string>

namespace search = guichet::search;
namespace text = guichet::text;
using text::tongue;

TEST_CASE("given a text, when it is highlighted, then asked words are marked in all their inflections") {
    text::analysers with;
    CHECK(search::highlighter(with, tongue::en, "printer prints queue").highlight("Printers and the printed queues") ==
          "<mark>Printers</mark> and the <mark>printed</mark> <mark>queues</mark>");
    CHECK(search::highlighter(with, tongue::fr, "imprimantes eteintes").highlight("L'imprimante est \u00E9teinte") ==
          "L&#39;<mark>imprimante</mark> est <mark>\u00E9teinte</mark>");
    CHECK(search::highlighter(with, tongue::en, "0x80070005").highlight("error 0x80070005 again") ==
          "error <mark>0x80070005</mark> again");
    CHECK(search::highlighter(with, tongue::en, "spooler -restart").highlight("restart the spooler") ==
          "restart the <mark>spooler</mark>");
}

TEST_CASE("given a hostile text, when it is shown, then it stays text") {
    text::analysers with;
    CHECK(search::highlighter(with, tongue::en, "vpn script").highlight("<script>alert(1)</script> & \"vpn\"") ==
          "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; &quot;<mark>vpn</mark>&quot;");
    CHECK(search::highlighter(with, tongue::en, "<b>vpn</b>").highlight("vpn") == "<mark>vpn</mark>");
}

TEST_CASE("given a long text, when a snippet is made, then it shows where most of the asked words stand") {
    text::analysers with;
    std::string body;
    for (int i = 0; i < 60; ++i)
        body += "The queue was looked at. ";
    body += "Restart the spooler when the printer queue hangs. ";
    for (int i = 0; i < 60; ++i)
        body += "Nothing else helps here. ";
    auto const shown = search::highlighter(with, tongue::en, "printer queue spooler").snippet(body);
    CHECK(shown.find("<mark>spooler</mark>") != std::string::npos);
    CHECK(shown.find("<mark>printer</mark> <mark>queue</mark>") != std::string::npos);
    CHECK(shown.starts_with("\u2026"));
    CHECK(shown.ends_with("\u2026"));
    CHECK(shown.size() < 400);
    CHECK(search::highlighter(with, tongue::en, "nothing").snippet("short") == "short");
    CHECK(search::highlighter(with, tongue::en, "absent").snippet(body).starts_with("The <") == false);
}

TEST_CASE("given any bytes, when a snippet is made, then there is one") {
    text::analysers with;
    for (unsigned seed = 1; seed < 300; ++seed) {
        std::string source;
        for (unsigned i = 0, x = seed; i < seed * 3; ++i)
            source += static_cast<char>((x = x * 1103515245 + 12345) >> 16);
        search::highlighter(with, tongue::fr, source.substr(0, seed % 20)).snippet(source, {.bytes_max = seed % 50});
    }
}
