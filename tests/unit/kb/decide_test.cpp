#include <guichet/base/limits.hpp>
#include <guichet/kb/decide.hpp>
#include <guichet/kb/evolve.hpp>
#include <guichet/model/codec.hpp>

#include <doctest/doctest.h>

using namespace guichet;

namespace {

instant const morning{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};

article_id numbered(std::byte n) {
    article_id out;
    out.bytes.back() = n;
    return out;
}

command wish(command_body body) { return {.by = {.tenant = "north", .person = "luc"}, .body = std::move(body)}; }

result<kb::decision> decided(article const* on, command_body body) {
    return kb::decide(on, wish(std::move(body)), {.now = morning, .fresh = numbered(std::byte{1})});
}

article written(write_article const& what) { return *decided(nullptr, what).value().after; }

/// An article that luc wrote and zoe reworded, with its texts.
struct reworded {
    article a = *decided(nullptr, write_article{.title = "VPN of Mrs Roux", .symptom = "No way in", .body = "Call"})
                     .value()
                     .after;
    std::vector<kb::known_text> texts{{1, "title", "luc"}, {2, "symptom", "luc"}, {3, "body", "luc"}};

    reworded() {
        a = *decided(&a, revise_article{.title = "VPN", .symptom = ""}).value().after;
        texts.push_back({4, "title", "zoe"});
    }
    result<kb::decision> redacted(redact_article what) const {
        return kb::decide(&a, wish(std::move(what)), {.now = morning, .texts = texts});
    }
    /// The numbers of the texts that go, and the fields that are empty then.
    std::string gone(redact_article what) const {
        auto const came_to = redacted(std::move(what)).value();
        auto const& b = std::get<article_redacted>(came_to.events.at(0).body);
        std::string out;
        for (auto const no : b.texts)
            out += std::to_string(no) + ' ';
        for (auto const& field : b.fields)
            out += field + ' ';
        return out;
    }
};

} // namespace

TEST_CASE("given an article that was reworded, when texts are erased, then those that are named, and no others") {
    reworded const r;
    CHECK(r.gone({.field = "title"}) == "1 4 title ");
    CHECK(r.gone({.person = "luc"}) == "1 2 3 body ");
    CHECK(r.gone({.earlier = true}) == "1 2 ");
    CHECK(r.gone({.field = "title", .earlier = true}) == "1 ");
    CHECK(r.gone({.field = "symptom", .person = "luc"}) == "2 ");
    auto const after = *r.redacted({.field = "body"}).value().after;
    CHECK(after.body.empty());
    CHECK(after.title == "VPN");
    CHECK(after.state == r.a.state);
}

TEST_CASE(
    "given nothing to erase, or no word of what, when an article is redacted, then that is refused with the reason") {
    reworded r;
    CHECK(r.redacted({}).error()["path"] == "field");
    CHECK(r.redacted({.field = "tags"}).error()["known"] ==
          "title, symptom, body, cause, workaround, attached, remark");
    CHECK(r.redacted({.field = "body", .earlier = true}).error().why() == reason::already_redacted);
    CHECK(r.redacted({.person = "nobody"}).error().why() == reason::already_redacted);
    r.texts[3].erased = true;
    CHECK(r.gone({.field = "title"}) == "1 ");
    r.texts[0].erased = true;
    CHECK(r.redacted({.field = "title"}).error().why() == reason::already_redacted);
}

TEST_CASE("given what a technician wrote down, when it is read back, then nothing is missing and lists are in order") {
    auto const a = written({.title = "L'imprimante bourre",
                            .symptom = "Une feuille reste prise",
                            .body = "Ouvrez le capot.",
                            .language = "fr",
                            .category = "hardware/printer",
                            .tags = {"papier", "bourrage", "papier"},
                            .audience = {"staff", "public"},
                            .source = "printers/jam.md"});
    CHECK(a.id == numbered(std::byte{1}));
    CHECK(a.tenant == "north");
    CHECK(a.state == article_state::draft);
    CHECK(a.title == "L'imprimante bourre");
    CHECK(a.symptom == "Une feuille reste prise");
    CHECK(a.body == "Ouvrez le capot.");
    CHECK(a.tags == std::vector<std::string>{"bourrage", "papier"});
    CHECK(a.audience == std::vector<std::string>{"public", "staff"});
    CHECK(a.author == "luc");
    CHECK(a.version == 1);
    CHECK(a.texts == 3);
    CHECK(decode_article(encode(a)).value() == a);
    std::string row;
    encode_row(a, row);
    CHECK(decode_article(row).value() == a);
}

TEST_CASE("given an article, when some of it is revised, then the rest stays, and what changes nothing is refused") {
    auto const a = written({.title = "VPN", .symptom = "Coupures", .body = "Redémarrez", .tags = {"vpn"}});
    auto const same = decided(&a, revise_article{.title = "VPN", .tags = std::vector<std::string>{"vpn"}});
    CHECK(same.error().why() == reason::nothing_to_do);
    auto const revised = decided(&a, revise_article{.symptom = "", .body = "Mettez à jour"}).value();
    CHECK(revised.events.size() == 1);
    CHECK(revised.after->title == "VPN");
    CHECK(revised.after->symptom.empty());
    CHECK(revised.after->body == "Mettez à jour");
    CHECK(revised.after->version == 2);
    auto const& event = std::get<article_revised>(revised.events.front().body);
    CHECK_FALSE(event.title);
    CHECK(event.body->no == a.texts + 1);
}

TEST_CASE("given an article, when it goes from draft to archive and back, then each step is one event") {
    auto const draft = written({.title = "VPN"});
    auto const shown = *decided(&draft, publish_article{}).value().after;
    CHECK(shown.state == article_state::published);
    CHECK(decided(&shown, publish_article{}).error().why() == reason::nothing_to_do);
    auto const gone = *decided(&shown, archive_article{}).value().after;
    CHECK(gone.state == article_state::archived);
    CHECK(decided(&gone, revise_article{.title = "X"}).error().why() == reason::article_archived);
    CHECK(decided(&gone, publish_article{}).value().after->state == article_state::published);
    auto const at_once = decided(nullptr, write_article{.title = "VPN", .publish = true}).value();
    CHECK(at_once.events.size() == 2);
    CHECK(at_once.after->state == article_state::published);
}

TEST_CASE("given what no article may be, when it is written, then the error names the field") {
    auto const problem = [](write_article const& what) {
        auto const refused = decided(nullptr, what);
        REQUIRE(refused.has_error());
        return std::string{refused.error()["path"]};
    };
    CHECK(problem({.title = " \n"}) == "title");
    CHECK(problem({.title = std::string(limits::subject_bytes_max + 1, 'x')}) == "title");
    CHECK(problem({.title = "t", .body = std::string(limits::message_bytes_max + 1, 'x')}) == "body");
    CHECK(problem({.title = "t", .body = "\xff"}) == "body");
    CHECK(problem({.title = "t", .tags = {"a", ""}}) == "tags[1]");
    CHECK(problem({.title = "t", .audience = {"public", "everybody"}}) == "audience[1]");
    CHECK(problem({.title = "t", .audience = {"team:"}}) == "audience[0]");
    CHECK(problem({.title = "t", .audience = std::vector<std::string>(limits::audiences_max + 1, "public")}) ==
          "audience");
    CHECK(decided(nullptr, write_article{.title = std::string(limits::subject_bytes_max, 'x'),
                                         .body = std::string(limits::message_bytes_max, 'x'),
                                         .audience = std::vector<std::string>(limits::audiences_max, "public")})
              .has_value());
}

TEST_CASE("given an article that somebody else changed, when an old version is expected, then that is a conflict") {
    auto const a = written({.title = "VPN"});
    auto late = wish(revise_article{.title = "Réseau"});
    late.expected_version = 2;
    CHECK(kb::decide(&a, late, {morning}).error().why() == reason::version_conflict);
    late.expected_version = 1;
    CHECK(kb::decide(&a, late, {morning}).has_value());
}

TEST_CASE(
    "given an article that helps every day, when tickets are linked, then it remembers the latest and counts all") {
    auto a = written({.title = "VPN"});
    event e;
    e.article = a.id;
    for (std::size_t i = 0; i <= limits::article_tickets_max; ++i) {
        ticket_id t;
        t.bytes.front() = static_cast<std::byte>(i);
        e.version = a.version + 1;
        e.body = article_linked{t};
        kb::apply(a, e);
    }
    CHECK(a.links == limits::article_tickets_max + 1);
    REQUIRE(a.tickets.size() == limits::article_tickets_max);
    CHECK(a.tickets.front().bytes.front() == std::byte{1});
    e.body = article_unlinked{a.tickets.back()};
    kb::apply(a, e);
    CHECK(a.links == limits::article_tickets_max);
    CHECK(a.tickets.size() == limits::article_tickets_max - 1);
}

TEST_CASE("given the name that an article has elsewhere, when it is imported again, then its id is the same") {
    auto const id = kb::id_of_source("north", "printers/jam.md");
    CHECK(id == kb::id_of_source("north", "printers/jam.md"));
    CHECK(id != kb::id_of_source("south", "printers/jam.md"));
    CHECK(id != kb::id_of_source("north", "printers/toner.md"));
    CHECK(id != kb::id_of_source("northp", "rinters/jam.md"));
    CHECK(to_string(id)[14] == '8');
}

TEST_CASE("given an edition, when it is restored, then the article says again all that it said, and who it is for") {
    auto const first = written({.title = "VPN",
                                .body = "Call",
                                .tags = {"net"},
                                .audience = {"public"},
                                .kind = article_kind::known_error,
                                .cause = "Old client",
                                .fix_version = "2.1",
                                .valid_until = morning + std::chrono::hours{24},
                                .assets = {"vpn"}});
    revise_article change{.title = "Tunnel", .body = "", .cause = "", .fix_version = "", .clear = {"valid_until"}};
    change.kind = article_kind::faq;
    change.tags = change.assets = change.audience = std::vector<std::string>{};
    auto const second = *decided(&first, change).value().after;
    CHECK(second.edition == 2);
    CHECK_FALSE(second.valid_until);
    auto const restored =
        *kb::decide(&second, wish(restore_article{1}), {.now = morning, .saved = &first}).value().after;
    auto again = first;
    again.version = 3;
    again.edition = again.worded = 3;
    again.texts = restored.texts;
    CHECK(restored == again);
}

TEST_CASE("given limits of what an article says, when they are passed by one, then the member is named") {
    auto const path_of = [](write_article what) {
        what.title = "VPN";
        auto const found = decided(nullptr, std::move(what));
        return found ? std::string{} : std::string{found.error()["path"]};
    };
    CHECK(path_of({.cause = std::string(limits::message_bytes_max, 'x')}) == "");
    CHECK(path_of({.cause = std::string(limits::message_bytes_max + 1, 'x')}) == "cause");
    CHECK(path_of({.workaround = std::string(limits::message_bytes_max + 1, 'x')}) == "workaround");
    CHECK(path_of({.attached = std::string(limits::message_bytes_max + 1, 'x')}) == "attached");
    CHECK(path_of({.fix_version = std::string(limits::name_bytes_max, 'x')}) == "");
    CHECK(path_of({.fix_version = std::string(limits::name_bytes_max + 1, 'x')}) == "fix_version");
    CHECK(path_of({.assets = std::vector<std::string>(limits::tags_max, "x")}) == "");
    CHECK(path_of({.assets = std::vector<std::string>(limits::tags_max + 1, "x")}) == "assets");
    CHECK(path_of({.see_also = std::vector<article_id>(limits::tags_max + 1)}) == "see_also");
    CHECK(path_of({.audience = {"person:"}}) == "audience[0]");
    auto const a = written({.title = "VPN"});
    auto const why = [&](std::size_t bytes) { return decided(&a, rate_article{true, std::string(bytes, 'x')}); };
    CHECK(why(limits::text_field_bytes_max).has_value());
    CHECK(why(limits::text_field_bytes_max + 1).error()["path"] == "why");
}
