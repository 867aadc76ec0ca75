#include <guichet/base/limits.hpp>
#include <guichet/text/fold.hpp>
#include <guichet/text/html.hpp>
#include <guichet/text/safe_name.hpp>
#include <guichet/text/utf8.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

namespace text = guichet::text;
using namespace std::string_view_literals;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    while (times-- > 0)
        out += part;
    return out;
}

std::string plain(std::string_view html) { return text::plain_text(html).value(); }

std::uint64_t seed() {
    auto const given = std::getenv("GUICHET_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace

TEST_CASE("given bytes from a mail, when they are not UTF-8, then the first bad byte is told") {
    CHECK_FALSE(text::first_bad_byte(""));
    CHECK_FALSE(text::first_bad_byte("Réseau en panne 東京 🖨"));
    CHECK(text::first_bad_byte("R\xE9seau") == 1u);
    CHECK(text::first_bad_byte("a very long subject \xC0\x80") == 20u); // overlong
    CHECK(text::first_bad_byte("\xED\xA0\x80") == 0u);                  // surrogate
    CHECK(text::first_bad_byte("ab\xF4\x90\x80\x80") == 2u);            // past U+10FFFF
    CHECK(text::first_bad_byte("abc\xE2\x82") == 3u);                   // cut
    CHECK_FALSE(text::first_bad_byte("\xF4\x8F\xBF\xBF"));
    CHECK(text::repaired("a\xE2\x82z\xFF") == "a\uFFFDz\uFFFD");
    CHECK(text::repaired("caf\xC3\xA9") == "café");
}

TEST_CASE("given a text that is too long, when it is cut, then no character is cut in two") {
    CHECK(text::truncate("réseau", 2) == "r");
    CHECK(text::truncate("réseau", 3) == "ré");
    CHECK(text::truncate("réseau", 7) == "réseau");
    CHECK(text::truncate("réseau", 0).empty());
    CHECK(text::truncate("🖨", 3).empty());
    CHECK(text::truncate("\x80\x80\x80\x80\x80\x80", 5).size() == 5);
    CHECK(text::count("réseau 🖨 a long tail of letters") == 31);
    CHECK(text::count("a\xFF\xE2\x82") == 3);
}

TEST_CASE("given the ways people type a word, when it is folded, then they are the same") {
    CHECK(text::fold("Réseau") == "reseau");
    CHECK(text::fold("RE\u0301SEAU") == "reseau");
    CHECK(text::fold("Œuvre, cœur, ÆON") == "oeuvre, coeur, aeon");
    CHECK(text::fold("L’imprimante") == "l'imprimante");
    CHECK(text::fold("Straße") == "strasse");
    CHECK(text::fold("ÎLE\u00A0ÇA") == "ile ca");
    CHECK(text::fold("ﬁchier ＶＰＮ") == "fichier vpn");
    CHECK(text::fold("Łódź Ørsted Đorđe ĐẶNG İstanbul") == "lodz orsted dorde dang istanbul");
    CHECK(text::fold("ΣΊΣΥΦΟΣ") == text::fold("σίσυφος"));
    CHECK(text::fold("が") != text::fold("か"));
    CHECK(text::fold("im\u00ADprimante\u200B") == "imprimante");
    CHECK(text::fold("a\xFF") == "a\uFFFD");
    CHECK(text::fold("\uFDFA").size() == 33);
}

TEST_CASE("given every character of Unicode, when it is folded twice, then the second time changes nothing") {
    for (char32_t c = 1; c <= 0x10FFFF; ++c) {
        std::string one;
        text::append(one, c);
        auto const once = text::fold(one);
        if (text::fold(once) != once)
            FAIL_CHECK("U+" << std::hex << static_cast<std::uint32_t>(c));
    }
}

TEST_CASE("given a message, when a word is looked for, then accents and case do not hide it") {
    CHECK(text::contains_folded("Panne du RÉSEAU au 3e", "réseau"));
    CHECK(text::contains_folded("Panne du RÉSEAU au 3e", "reseau au"));
    CHECK(text::contains_folded("reseau", "Réseau"));
    CHECK(text::contains_folded("au cœur", "COEUR"));
    CHECK(text::contains_folded("x", ""));
    CHECK(text::contains_folded("", ""));
    CHECK_FALSE(text::contains_folded("", "x"));
    CHECK_FALSE(text::contains_folded("Panne", "réseau"));
}

TEST_CASE("given a message, when the beginning of a word is looked for, then the middle of one does not count") {
    CHECK(text::contains_word_start("Le réseau", "res"));
    CHECK(text::contains_word_start("réseau", "RÉSEAU"));
    CHECK_FALSE(text::contains_word_start("Le réseau", "seau"));
    CHECK_FALSE(text::contains_word_start("été", "te"));
    CHECK(text::contains_word_start("l’imprimante", "imp"));
    CHECK(text::contains_word_start("réseau seau", "seau"));
    CHECK_FALSE(text::contains_word_start("東京seau", "seau"));
}

TEST_CASE("given random long texts, when a part is looked for, then every piecewise search agrees with the plain one") {
    auto const first = seed();
    CAPTURE(first);
    std::mt19937_64 dice{first};
    constexpr std::array<std::string_view, 7> letters{"a", "b", "É", "œ", " ", "B", "東"};
    auto const any = [&](std::size_t length, std::size_t alphabet) {
        std::string out;
        for (std::size_t i = 0; i < length; ++i)
            out += letters[dice() % alphabet];
        return out;
    };
    for (int round = 0; round < 400; ++round) {
        std::size_t const alphabet = 1 + dice() % letters.size();
        auto const haystack = any(dice() % 10'000, alphabet);
        auto needle = any(dice() % 14, alphabet);
        if (dice() % 3 == 0)
            needle = text::truncate(std::string_view{haystack}.substr(haystack.size() / 3), dice() % 1'500);
        CAPTURE(needle);
        auto const all = text::fold(haystack), part = text::fold(needle);
        REQUIRE(text::contains_folded(haystack, needle) == (all.find(part) != std::string::npos));
        bool starts = part.empty();
        for (auto at = all.find(part); !starts && at != std::string::npos; at = all.find(part, at + 1))
            starts = at == 0 || all[at - 1] == ' ';
        REQUIRE(text::contains_word_start(haystack, needle) == starts);
    }
}

TEST_CASE("given an HTML mail, when it is read as text, then blocks are lines and links keep their text") {
    CHECK(plain("<p>Bonjour,</p><p>Le <b>réseau</b> est\n  en   panne.</p>") == "Bonjour,\n\nLe réseau est en panne.");
    CHECK(plain("a<br>b<br/><br>c<br><br><br><br>d") == "a\nb\n\nc\n\nd");
    CHECK(plain("<div>a</div><div>b</div>") == "a\nb");
    CHECK(plain("Voir <a href=\"https://example.org/?a>b\">la page</a>.") == "Voir la page.");
    CHECK(plain("<ul><li>un</li><li><p>deux</p></li></ul>fin") == "- un\n- deux\n\nfin");
    CHECK(plain("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>") == "a b\nc");
    CHECK(plain("<head><title>x</title><style>p{}</style></head><script>if (a<b) {}</script>vu") == "vu");
    CHECK(plain("<script><!-- </div> --></script >a<STYLE>b</style>c") == "ac");
    CHECK(plain("a<!-- b > c -->d<!-->e<!--->f<!-- g --!>h<!---->i<?php x ?>j</ >k") == "adefhijk");
    CHECK(plain("caf&eacute; &lt;b&gt; &amp;amp; &#8364; &#x1F5A8; a&nbsp;b 1 < 2 & 3") ==
          "café <b> &amp; € 🖨 a b 1 < 2 & 3");
    CHECK(plain("<pre>un\ndeux</pre>") == "un\ndeux");
    CHECK(plain("<textarea>a <b> c</textarea>") == "a <b> c");
    CHECK(plain("a\x01\x07z&#7;<p title='>'>b") == "az\n\nb");
    CHECK(plain("").empty());
    CHECK(plain("<p> &nbsp; </p>").empty());
    CHECK(plain("<script>never closed").empty());
    CHECK(plain("a<b") == "a");
    CHECK(plain("a <") == "a <");
    CHECK(plain("r\xE9seau") == "r\uFFFDseau");
    CHECK(plain("plain\0text"sv) == "plaintext");
}

TEST_CASE("given hostile HTML, when it is read, then its depth does not matter and its size has a limit") {
    constexpr auto limit = guichet::limits::message_bytes_max;
    CHECK(plain(repeated("<div>", limit / 5)).empty());
    CHECK(plain(repeated("<table><td>", limit / 11)).empty());
    std::string fonts;
    for (int i = 0; i < 2'000; ++i)
        fonts += "<font size=" + std::to_string(i) + ">";
    CHECK(plain(fonts + repeated("<p>x", 100'000)).size() == 3 * 100'000 - 2);
    CHECK(plain(repeated("<!-- -->", limit / 8)).empty());
    CHECK(plain(repeated("<!--", limit / 4)).empty());
    CHECK(plain(repeated("<a x='", limit / 6)).empty());
    CHECK(plain(repeated("<script></", limit / 10)).empty());
    CHECK(plain(repeated("</", limit / 2 - 1)).size() < limit);
    CHECK(plain(repeated("<", limit)).size() == limit);
    CHECK(plain(repeated("<svg><li><p><option>", limit / 20)).find('<') == std::string::npos);
    CHECK(plain(repeated("&", limit)).size() == limit);
    CHECK(plain(std::string(limit, 'a')).size() == limit);
    CHECK(text::plain_text(std::string(limit + 1, 'a'), "body.html").error().describe() ==
          "body.html: 1000001 is over the limit of 1000000");
}

TEST_CASE("given the name of an attachment, when it is made safe, then it stays itself where it can") {
    CHECK(text::safe_name("rapport final.pdf") == "rapport final.pdf");
    CHECK(text::safe_name("Écran été.png") == "Écran été.png");
    CHECK(text::safe_name("../../etc/passwd") == "passwd");
    CHECK(text::safe_name("C:\\Users\\amina\\a.txt") == "a.txt");
    CHECK(text::safe_name("a.txt:stream") == "a.txt_stream");
    CHECK(text::safe_name(".bashrc") == "bashrc");
    CHECK(text::safe_name("a\0b\n\x7F.txt"sv) == "ab.txt");
    CHECK(text::safe_name("photo\u202Egpj.exe") == "photogpj.exe");
    CHECK(text::safe_name("what?<>|*\".txt") == "what______.txt");
    CHECK(text::safe_name("nom. . ") == "nom");
    for (auto const nothing : {"", ".", "..", "a/", "///", " . ", "\u200B", "..\\.."})
        CHECK(text::safe_name(nothing) == "file");
    for (auto const reserved : {"CON", "nul.txt", "Com1", "LPT9.tar.gz", "aux .txt", "COM¹", "conin$"})
        CHECK(text::safe_name(reserved) == "_" + std::string{reserved});
    for (auto const fine : {"console.txt", "com10", "lpt", "nullable"})
        CHECK(text::safe_name(fine) == fine);
    CHECK(text::safe_name("r\xE9sum\xE9.doc") == "r\uFFFDsum\uFFFD.doc");
}

TEST_CASE("given a long name, when it is made safe, then it keeps its extension and whole characters") {
    CHECK(text::safe_name(std::string(200, 'a')).size() == 200);
    CHECK(text::safe_name(std::string(201, 'a')).size() == 200);
    CHECK(text::safe_name(std::string(300, 'a') + ".pdf") == std::string(196, 'a') + ".pdf");
    CHECK(text::safe_name(repeated("é", 150) + ".pdf") == repeated("é", 98) + ".pdf");
    CHECK(text::safe_name("a." + std::string(300, 'b')).size() == 200);
    CHECK(text::safe_name("aux          long.txt", 16) == "_aux.txt");
    CHECK(text::safe_name("tiny but too long", 1).size() == 16);
}

TEST_CASE("given any bytes as a name, when it is made safe twice, then the second time changes nothing") {
    auto const first = seed();
    CAPTURE(first);
    std::mt19937_64 dice{first};
    constexpr std::array<std::string_view, 14> parts{".",  " ", "con",    "aux", "é", "\xC3", "/",
                                                     "\\", "a", "\u202E", "txt", ":", "lpt1", "🖨"};
    for (int round = 0; round < 20'000; ++round) {
        std::string given;
        for (auto length = dice() % 14; length > 0; --length)
            given += parts[dice() % parts.size()];
        auto const bytes_max = 16 + dice() % 10;
        auto const once = text::safe_name(given, bytes_max);
        CAPTURE(given);
        REQUIRE(text::safe_name(once, bytes_max) == once);
        REQUIRE(once.size() <= bytes_max);
        REQUIRE(!once.empty());
        REQUIRE(!text::first_bad_byte(once));
        REQUIRE(once.find_first_of("/\\:") == std::string::npos);
        REQUIRE(once.front() != '.');
    }
}

TEST_CASE("given a text, when whole words and beginnings are looked for, then folding and the borders decide") {
    CHECK(text::contains_word("Le Réseau est en panne.", "reseau"));
    CHECK(text::contains_word("Le Réseau est en panne.", "PANNE"));
    CHECK(text::contains_word("panne", "panne"));
    CHECK(text::contains_word("l'écran", "ecran"));
    CHECK(text::contains_word("portail, port 80", "port"));
    CHECK_FALSE(text::contains_word("portail transport", "port"));
    CHECK_FALSE(text::contains_word("port2", "port"));
    CHECK(text::contains_word("le  portail", "LE"));
    CHECK(text::contains_word("anything", ""));
    for (std::size_t before = 0; before<9'000; before += before> 4'000 && before < 4'200 ? 1 : 97) {
        auto const filler = std::string(before, 'x') + ' ';
        CHECK(text::contains_word(filler + "vpn", "vpn"));
        CHECK(text::contains_word(filler + "vpn " + filler, "vpn"));
        CHECK_FALSE(text::contains_word(filler + "vpns" + filler, "vpn"));
        CHECK_FALSE(text::contains_word(filler + "vpn\xC3\xA9 " + filler, "vpn"));
    }
    std::string const lengthy(600, 'y');
    CHECK(text::contains_word("a " + lengthy + " b", lengthy));
    CHECK_FALSE(text::contains_word("a" + lengthy + " b", lengthy));

    CHECK(text::starts_with_folded("Réseau en panne", "RESEAU EN"));
    CHECK(text::starts_with_folded("Œuvre", "oe"));
    CHECK(text::starts_with_folded("Straße", "strass"));
    CHECK_FALSE(text::starts_with_folded("Le réseau", "reseau"));
    CHECK_FALSE(text::starts_with_folded("re", "reseau"));
    CHECK(text::starts_with_folded("", ""));
    for (std::size_t size : {1, 39, 40, 41, 470, 511, 512, 513, 600}) {
        std::string const beginning(size, 'a');
        CHECK(text::starts_with_folded(beginning + "b", beginning));
        CHECK(text::starts_with_folded(beginning, beginning));
        CHECK_FALSE(text::starts_with_folded(beginning.substr(1) + "b", beginning));
    }
}
