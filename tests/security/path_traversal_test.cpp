#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

/// Attachment names that climb out of a folder when somebody saves them ("zip slip" and its family).
using namespace guichet;

TEST_CASE("given names of files that climb out of folders, when they are attached, then only a name is left") {
    help_desk d;
    std::vector<new_attachment> files;
    std::vector<std::string> const names{"../../etc/passwd",
                                         "..\\..\\boot.ini",
                                         "/etc/shadow",
                                         "C:\\Windows\\win.ini",
                                         "..",
                                         ".",
                                         "",
                                         "a/b/c.txt",
                                         "nul",
                                         "COM1.txt",
                                         "evil\x01.txt",
                                         "a\nb.txt",
                                         "\xE2\x80\xAEgpj.exe",
                                         std::string(5'000, 'n') + ".txt",
                                         "\xFF\xFE.txt",
                                         "....//....//x",
                                         "file.txt/.."};
    for (auto const& name : names)
        files.push_back(d.file("x", name));
    auto const id = d.act(d.ana, open_ticket{.subject = "s", .attachments = files})->ticket;
    auto const t = d.desk->find(id, d.ana).value();
    REQUIRE(t.attachments.size() == names.size());
    for (auto const& a : t.attachments) {
        CAPTURE(a.name);
        CHECK_FALSE(a.name.empty());
        CHECK(a.name.size() <= 200);
        CHECK(a.name.find_first_of("/\\:\n\x01") == std::string::npos);
        CHECK(a.name != "..");
        CHECK(a.name != ".");
        CHECK(d.desk->read_file(id, a.no, d.ana)->size() == 1);
    }
    CHECK(d.sound());
}
