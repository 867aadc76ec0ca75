#include <guichet/kb/article_files.hpp>

#include <doctest/doctest.h>

using namespace guichet;
using names = std::vector<std::string>;

TEST_CASE("given a Markdown file with everything said at its beginning, when it is read, then nothing is lost") {
    auto const a = kb::read_markdown_article("---\n"
                                             "title: \"Bourrage : que faire ?\"\r\n"
                                             "# a remark\n"
                                             "lang: fr\n"
                                             "tags: [papier, 'capot']\n"
                                             "audience:\n"
                                             "  - public\n"
                                             "  - team:étage\n"
                                             "category: hardware/printer\n"
                                             "author: somebody\n"
                                             "---\n"
                                             "\n"
                                             "# Bourrage : que faire ?\n"
                                             "\n"
                                             "Ouvrez le **capot**.\n")
                       .value();
    CHECK(a.title == "Bourrage : que faire ?");
    CHECK(a.language == "fr");
    CHECK(a.tags == names{"papier", "capot"});
    CHECK(a.audience == names{"public", "team:étage"});
    CHECK(a.category == "hardware/printer");
    CHECK(a.body == "Ouvrez le **capot**.");
}

TEST_CASE("given a Markdown file without a beginning, when it is read, then its first heading is the title") {
    auto const a = kb::read_markdown_article("\n# VPN\n\n## Windows\n\nRedémarrez.\n").value();
    CHECK(a.title == "VPN");
    CHECK(a.body == "## Windows\n\nRedémarrez.");
    auto const other = kb::read_markdown_article("---\ntitle: VPN\n---\n# Windows\n").value();
    CHECK(other.body == "# Windows");
}

TEST_CASE("given a file that is no article, when it is read, then the error names the line and the field") {
    auto const untitled = kb::read_markdown_article("---\nlang: fr\n---\nRedémarrez.\n");
    CHECK(untitled.error()["path"] == "title");
    CHECK(untitled.error()["line"] == "4");
    auto const garbled = kb::read_markdown_article("---\ntitle: a\nwhatever\n---\n");
    CHECK(garbled.error()["path"] == "front matter");
    CHECK(garbled.error()["line"] == "3");
    CHECK(kb::read_markdown_article("---\ntitle: a\n").error()["line"] == "1");
    CHECK(kb::read_markdown_article("").error()["path"] == "title");
    CHECK(kb::read_json_article(R"({"title":1})").error()["path"] == "title");
    CHECK(kb::read_json_article(R"({"title":"a","tags":[1]})").error()["path"] == "tags[0]");
    CHECK(kb::read_json_article(R"({"body":"a"})").error()["path"] == "title");
    CHECK(kb::read_json_article("[]").has_error());
}

TEST_CASE("given an article as JSON from elsewhere, when it is read, then what is known of it is taken") {
    auto const a = kb::read_json_article(R"({"id":"x/1","title":"VPN","body_md":"Redémarrez","lang":"fr","meta":{},)"
                                         R"("tags":"vpn, réseau","audience":["public"],"category":null})")
                       .value();
    CHECK(a.source == "x/1");
    CHECK(a.title == "VPN");
    CHECK(a.body == "Redémarrez");
    CHECK(a.language == "fr");
    CHECK(a.tags == names{"vpn", "réseau"});
    CHECK(a.audience == names{"public"});
    CHECK(a.category.empty());
}
