#include <guichet/search/index.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace search = guichet::search;
namespace text = guichet::text;
using search::field;

namespace {

search::viewer const everybody{{}, true};

search::document article(std::string id, std::string title, std::string body = {},
                         text::tongue language = text::tongue::en) {
    search::document out{.id = std::move(id), .kind = "article", .language = language};
    out[field::title] = std::move(title);
    out[field::body] = std::move(body);
    return out;
}

std::string ids(search::answer const& of) {
    std::string out;
    for (auto const& one : of.hits)
        out += (out.empty() ? "" : " ") + one.id;
    return out;
}

std::string find(search::index const& in, std::string_view typed, search::viewer const& who = everybody,
                 text::tongue language = text::tongue::en) {
    return ids(in.now().find({.text = typed, .who = who, .language = language}));
}

/// Some articles of a support desk.
search::index desk() {
    search::index_options options;
    options.keeps_texts = true;
    options.synonym = search::synonyms::of("VPN = virtual private network # the tunnel\n");
    search::index out{std::move(options)};
    std::vector<search::document> all{
        article("vpn", "The VPN does not connect", "Check the certificate, then restart the client."),
        article("print", "Printing fails with 0x80070005", "The spooler has no right to write. Restart the spooler."),
        article("null", "NullPointerException at start", "Delete /etc/app/cache and start version v2.3.1 again."),
        article("mail", "Mail is not sent", "The mailbox is full. Delete old mails; the network is fine.")};
    out.add(all);
    return out;
}

} // namespace

TEST_CASE("given articles, when words are searched, then the best article comes first") {
    auto const in = desk();
    CHECK(find(in, "printer fails").starts_with("print"));
    CHECK(find(in, "restart").starts_with("vpn"));
    CHECK(find(in, "nothing of this kind exists").empty());
    CHECK(find(in, "") == "");
}

TEST_CASE("given identifiers, when they or their parts are searched, then their article is found") {
    auto const in = desk();
    CHECK(find(in, "0x80070005") == "print");
    CHECK(find(in, "nullpointerexception").starts_with("null"));
    CHECK(find(in, "null pointer").starts_with("null"));
    CHECK(find(in, "/etc/app/cache").starts_with("null"));
    CHECK(find(in, "v2.3.1").starts_with("null"));
}

TEST_CASE("given only stop words, when they are searched, then there is an answer") {
    CHECK_FALSE(find(desk(), "is not the").empty());
    CHECK_FALSE(find(desk(), "the").empty());
}

TEST_CASE("given slips, when they are searched, then what was meant is found and proposed") {
    auto const in = desk();
    auto const got = in.now().find({.text = "restart the spoler", .who = everybody, .language = text::tongue::en});
    CHECK(ids(got).starts_with("print"));
    CHECK(got.did_you_mean == "restart the spooler");
    CHECK(find(in, "certifciate") == "vpn");
    CHECK(in.now()
              .find({.text = "certifciate", .who = everybody, .language = text::tongue::en, .fuzzy = false})
              .hits.empty());
}

TEST_CASE("given one word that was meant, when it is misspelt, then documents score as if it were not") {
    auto const in = desk();
    auto const best = [&](std::string_view typed) {
        return in.now().find({.text = typed, .who = everybody, .language = text::tongue::en}).hits.at(0).score;
    };
    CHECK(best("restart the spoler") == best("restart the spooler"));
    CHECK(best("certifciate") == best("certificate"));
}

TEST_CASE("given a slip that two words may be, when it is searched, then the common one comes before the rare one") {
    search::index in;
    for (int i = 0; i < 20; ++i)
        in.add(article("portal " + std::to_string(i), "The portal is slow"));
    in.add(article("porto", "Porto office"));
    auto const got = in.now().find({.text = "portl", .who = everybody, .language = text::tongue::en, .top = 30});
    CHECK(got.did_you_mean == "portal"); // "porto" is the easier slip: a neighbouring key
    CHECK(got.hits.size() == 21);
}

TEST_CASE("given a misspelt stop word, when it is searched, then it weighs as one") {
    search::index in;
    in.add(article("spooler", "Spooler"));
    in.add(article("what", "What is new"));
    auto const scores = [&](std::string_view typed) {
        std::vector<double> out;
        for (auto const& one : in.now().find({.text = typed, .who = everybody, .language = text::tongue::en}).hits)
            out.push_back(one.score);
        return out;
    };
    CHECK(scores("waht about the spooler") == scores("what about the spooler"));
    CHECK(scores("waht about the spooler").size() == 2);
}

TEST_CASE("given quotes, fields and minus signs, when they are searched, then they bind") {
    auto const in = desk();
    CHECK(find(in, "\"restart the spooler\"") == "print");
    CHECK(find(in, "\"spooler the restart\"") == "");
    CHECK(find(in, "restart -spooler") == "vpn");
    CHECK(find(in, "body:restart -title:vpn") == "print");
    CHECK(find(in, "title:mail") == "mail");
    CHECK(find(in, "title:restart") == "");
    CHECK(find(in, "-restart") == "");
}

TEST_CASE("given a table of synonyms, when a name is searched, then its other names are found") {
    auto const in = desk();
    CHECK(find(in, "virtual private network").find("vpn") != std::string::npos);
    search::index other{{.synonym = search::synonyms::of("VPN = r\u00E9seau priv\u00E9 virtuel")}};
    other.add(article("a", "Le r\u00E9seau priv\u00E9 virtuel", "", text::tongue::fr));
    CHECK(find(other, "vpn", everybody, text::tongue::fr) == "a");
}

TEST_CASE("given a word in the making, when it is searched as typed, then its completions are found and suggested") {
    auto const in = desk();
    CHECK(find(in, "spoo") == "");
    CHECK(ids(in.now().find({.text = "spoo", .who = everybody, .language = text::tongue::en, .as_you_type = true})) ==
          "print");
    CHECK(in.now().suggest("the mailb", everybody) == std::vector<std::string>{"mailbox"});
    CHECK(in.now().suggest("", everybody).empty());
}

TEST_CASE("given audiences, when somebody searches, then what he may not see does not exist") {
    search::index in;
    auto secret = article("secret", "Salaries spreadsheet password", "zebra");
    secret.audience = {"hr"};
    auto open = article("open", "Spreadsheet does not open", "restart");
    open.audience = {"staff", "hr"};
    auto nobody = article("nobody", "spreadsheet");
    in.add(std::vector{secret, open, nobody});
    search::viewer const staff{{"staff"}}, hr{{"hr"}}, stranger{{"x"}};
    CHECK(find(in, "spreadsheet", staff) == "open");
    CHECK(find(in, "spreadsheet", stranger) == "");
    CHECK(find(in, "spreadsheet", hr).size() == std::string{"secret open"}.size());
    CHECK(in.now().suggest("ze", staff).empty());
    CHECK(in.now().suggest("ze", hr) == std::vector<std::string>{"zebra"});
    CHECK(in.now().size(staff).documents == 1);
    CHECK_FALSE(in.now().explain({.text = "spreadsheet", .who = staff}, "secret"));
    CHECK(in.now().find({.text = "zebrra", .who = staff}).did_you_mean.empty());
    // The same score as if the others were not there.
    search::index alone;
    alone.add(open);
    auto const one = alone.now().find({.text = "spreadsheet", .who = staff, .language = text::tongue::en});
    auto const two = in.now().find({.text = "spreadsheet", .who = staff, .language = text::tongue::en});
    REQUIRE(one.hits.size() == 1);
    CHECK(one.hits[0].score == two.hits[0].score);
}

TEST_CASE("given changes, when they are made, then the next snapshot has them and an older one has not") {
    auto in = desk();
    auto const before = in.now();
    in.add(article("print", "Scanner offline"));
    CHECK(find(in, "0x80070005") == "");
    CHECK(find(in, "scanner") == "print");
    CHECK(ids(before.find({.text = "0x80070005", .who = everybody})) == "print");
    CHECK(in.remove("print"));
    CHECK_FALSE(in.remove("print"));
    CHECK(find(in, "scanner") == "");
}

TEST_CASE("given an answer, when a document is explained, then its shares add up to its score") {
    auto const in = desk();
    search::request const asked{
        .text = "restart the spoler certificate", .who = everybody, .language = text::tongue::en};
    auto const now = in.now();
    auto const got = now.find(asked);
    REQUIRE_FALSE(got.hits.empty());
    for (auto const& hit : got.hits) {
        auto const why = now.explain(asked, hit.id);
        REQUIRE(why);
        CHECK(why->score == hit.score);
        double sum = 0;
        for (auto const& share : why->shares) {
            sum += share.score;
            CHECK_FALSE(share.seen.empty());
        }
        CHECK(sum == hit.score);
    }
    CHECK_FALSE(now.explain(asked, "unknown"));
}

TEST_CASE("given two documents of one id in a call, when they are added, then the last stays") {
    search::index in;
    in.add(std::vector{article("a", "first"), article("a", "second")});
    CHECK(find(in, "first") == "");
    CHECK(find(in, "second") == "a");
    CHECK(in.now().size(everybody).documents == 1);
}

TEST_CASE("given kinds, when only some are wanted, then the others are not found") {
    auto in = desk();
    auto const now = in.now();
    CHECK(ids(now.find({.text = "restart", .who = everybody, .where = search::has("document", {"ticket"})})) == "");
    CHECK(ids(now.find({.text = "restart", .who = everybody, .where = search::has("document", {"article"})})) != "");
}

TEST_CASE("given lengths, when they are kept in a byte, then they are exact to 15 and close above") {
    for (std::uint32_t i = 0; i < 16; ++i)
        CHECK(search::length_of(search::length_byte(i)) == i);
    for (std::uint32_t i = 16; i < 4'000'000'000; i += i / 7) {
        auto const kept = search::length_of(search::length_byte(i));
        CHECK(kept <= i);
        CHECK(kept > i - i / 8 - 1);
        CHECK(search::length_byte(kept) == search::length_byte(i));
    }
}

TEST_CASE("given an index, when its pieces are opened again, then it answers as before and goes on") {
    auto in = desk();
    in.remove("mail");
    auto const before = in.now();
    auto opened = search::index::open({}, before.pieces());
    REQUIRE(opened.has_value());
    for (auto const* typed : {"restart", "0x80070005", "mail", "null pointer"})
        CHECK(find(*opened, typed) ==
              ids(before.find({.text = typed, .who = everybody, .language = text::tongue::en})));
    opened->add(article("mail", "Mail comes back"));
    CHECK(find(*opened, "mail comes back").starts_with("mail"));
    CHECK(find(in, "mail comes back").find("mail") == std::string::npos);
}

TEST_CASE("given pieces made with other constants, when they are opened, then they are refused") {
    search::index_options other;
    other.rank.k1 = 1.3;
    auto const opened = search::index::open(other, desk().now().pieces());
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().why() == guichet::reason::store_corrupt);
}

TEST_CASE("given a ticket, when it is opened, then articles and tickets like it are found, not itself") {
    auto in = desk();
    auto ticket =
        article("t-1", "Cannot print since this morning",
                "Good morning, since the update of last night printing fails. The spooler says that it has no "
                "right to write. Thank you, best regards");
    ticket.kind = "ticket";
    CHECK(ids(in.now().similar(ticket, everybody)).starts_with("print"));
    in.add(ticket);
    CHECK(ids(in.now().similar(ticket, everybody)).starts_with("print"));
    CHECK(ids(in.now().similar(ticket, everybody)).find("t-1") == std::string::npos);
    auto again = ticket;
    again.id = "t-2";
    CHECK(ids(in.now().similar(again, everybody, 1)) == "t-1");
}

TEST_CASE("given kinds, when what is found is counted, then each kind has as many as a viewer could find") {
    auto in = desk();
    auto ticket = article("t-1", "Restart does not help");
    ticket.kind = "ticket";
    ticket.audience = {"agents"};
    in.add(ticket);
    std::vector<std::string> const names{"document"};
    auto const counted = [&](search::viewer const& who) {
        return in.now().facets({.text = "restart", .who = who, .language = text::tongue::en}, names).at(0).values;
    };
    CHECK(counted(everybody) == std::vector<search::facet::count>{{"article", 2}, {"ticket", 1}});
    CHECK(counted({{"agents"}}) == std::vector<search::facet::count>{{"ticket", 1}});
}

TEST_CASE("given a quotation in a sentence, when it is searched, then it does not bind") {
    CHECK(find(desk(), "the message \"never written anywhere\" when I restart the print spooler - why")
              .starts_with("print"));
}

TEST_CASE("given compounds, when a part of one is searched, then it is found") {
    search::index in;
    in.add(article("a", "Ger\u00E4te", "Der Netzwerkdrucker antwortet nicht.", text::tongue::de));
    in.add(article("b", "Telefone", "Das Telefon antwortet nicht.", text::tongue::de));
    CHECK(find(in, "Drucker", everybody, text::tongue::de).starts_with("a"));
}

TEST_CASE("given words of one stem, when only one of them is visible, then the other is never suggested") {
    search::index in;
    auto secret = article("secret", "organizational matters");
    secret.audience = {"hr"};
    auto open = article("open", "organized by hand");
    open.audience = {"staff"};
    in.add(std::vector{secret, open});
    search::viewer const staff{{"staff"}};
    CHECK(in.now().suggest("organ", staff) == std::vector<std::string>{"organized"});
    in.remove("secret");
    CHECK(in.now().suggest("organi", everybody) == std::vector<std::string>{"organized"});
}

TEST_CASE("given the same words in old and new, used and unused articles, when they are searched, then those that help "
          "come first, but words tell more") {
    using namespace std::chrono_literals;
    guichet::instant const today{std::chrono::sys_days{2026y / 3 / 2}};
    auto const made = [&](std::string id, std::string title, int days, std::uint32_t used) {
        auto out = article(std::move(id), std::move(title), "restart");
        out.changed = today - std::chrono::days{days};
        out.used = used;
        return out;
    };
    search::index in;
    in.add(std::vector{made("a-old", "Printer jam", 900, 0), made("b-new", "Printer jam", 3, 0),
                       made("c-used", "Printer jam", 900, 50), made("d-both", "Printer jam", 3, 50),
                       made("e-other", "Scanner", 0, 1'000)});
    search::request asked{.text = "printer jam", .who = everybody, .language = text::tongue::en, .now = today};
    auto const now = in.now();
    CHECK(ids(now.find(asked)) == "d-both b-new c-used a-old");
    auto const why = now.explain(asked, "d-both");
    REQUIRE(why);
    CHECK(why->fresh == doctest::Approx(0.1 * std::exp2(-3 / 180.0)));
    CHECK(why->helpful == doctest::Approx(0.1 * 48 / 53.0)); // 50 with four significant bits
    CHECK(why->score == std::floor(why->text * (1 << 20) * (1 + why->fresh + why->helpful) + 0.5) / (1 << 20));
    asked.now.reset();
    CHECK(ids(now.find(asked)) == "c-used d-both a-old b-new");
    CHECK(ids(now.find({.text = "printer restart", .who = everybody, .language = text::tongue::en, .top = 5}))
              .ends_with("e-other"));
}

TEST_CASE("given an identifier and nothing else, when it is searched, then who has it whole comes before all others") {
    search::index in;
    std::string filler;
    for (int i = 0; i < 300; ++i)
        filler += " filler" + std::to_string(i);
    auto parts = article("parts", "HDFS 1234", "HDFS 1234 hdfs 1234");
    parts.used = 1'000;
    in.add(std::vector{article("whole", "A long story", filler + " HDFS-1234" + filler), parts,
                       article("part", "HDFS", "hdfs")});
    search::request const asked{.text = " HDFS-1234 ", .who = everybody, .language = text::tongue::en};
    auto const now = in.now();
    CHECK(ids(now.find(asked)) == "whole parts part");
    CHECK(now.explain(asked, "whole")->score == now.find(asked).hits.at(0).score);
    CHECK_FALSE(find(in, "hdfs-1234 story hdfs").empty());
    CHECK(now.explain({.text = "HDFS-1234 story", .who = everybody}, "whole")->shares.at(0).whole == 0);
}

TEST_CASE("given documents of several kinds, when those of one are listed, then these are all that are not gone") {
    auto in = desk();
    auto ticket = article("t1", "Printer jam");
    ticket.kind = "ticket";
    in.add(ticket);
    in.remove("mail");
    in.add(article("vpn", "The VPN is slow")); // in a segment of its own
    auto listed = in.now().ids_of("article");
    std::ranges::sort(listed);
    CHECK(listed == std::vector<std::string>{"null", "print", "vpn"});
    CHECK(in.now().ids_of("ticket") == std::vector<std::string>{"t1"});
    CHECK(in.now().ids_of("product").empty());
}

TEST_CASE("given snapshots around removals, when they are asked in any order, then each counts what it holds") {
    for (auto const& who : {everybody, search::viewer{{"staff"}}}) {
        search::index in;
        std::vector<search::document> some;
        for (int i = 0; i < 40; ++i) {
            auto& one = some.emplace_back(article("d" + std::to_string(i), "printer jam"));
            one.audience = {i % 4 == 3 ? "chiefs" : "staff"};
        }
        in.add(some);
        auto const having = [&](search::snapshot const& at, std::string_view word) {
            return at.explain({.text = word, .who = who}, "d0").value().shares.at(0).having;
        };
        auto const all = who.sees_all ? 40U : 30U;
        in.remove("d1");
        auto const first = in.now();
        CHECK(having(first, "jam") == all - 1);
        in.remove("d2");
        in.remove("d4");
        auto const second = in.now();
        in.remove("d5");
        auto const third = in.now();
        CHECK(having(third, "printer") == all - 4);
        CHECK(having(second, "printer") == all - 3);
        CHECK(having(first, "printer") == all - 1);
        CHECK(having(third, "jam") == all - 4);
    }
}
