#include "help_desk.hpp"

#include <doctest/doctest.h>

using namespace guichet;

namespace {

/// A desk that writes down what it learns.
struct writing_desk : help_desk {
    article_id written(write_article what = {.title = "VPN"}) { return act(root, std::move(what)).value().article; }
    result<outcome> change(actor by, article_id on, command_body body) {
        return desk->execute(command{.by = std::move(by), .body = std::move(body), .article = on});
    }
    bool reads(article_id id, viewer const& who) { return desk->find_article(id, who).has_value(); }
    article read(article_id id) { return desk->find_article(id, root).value(); }
};

} // namespace

TEST_CASE("given articles, when they are written, then they are numbered without gaps and told by both names") {
    writing_desk d;
    CHECK(d.act(d.luc, write_article{}).error().why() == reason::missing_field);
    auto const first = d.act(d.luc, write_article{.title = "VPN"}).value();
    CHECK(first.number == "KB-2026-000001");
    CHECK(first.version == 1);
    CHECK(first.events.size() == 1);
    CHECK_FALSE(first.ticket);
    CHECK(d.act(d.luc, write_article{.title = "Imprimante"}).value().number == "KB-2026-000002");
    CHECK(d.opened(d.ana) != ticket_id{}); // tickets have numbers of their own
    CHECK(d.desk->find_article("KB-2026-000001", d.luc).value().id == first.article);
    CHECK(d.desk->find_article(to_string(first.article), d.luc).value().title == "VPN");
    CHECK(d.desk->find_article("KB-2026-000009", d.luc).error()["article"] == "KB-2026-000009");
    CHECK(d.sound());
}

TEST_CASE("given articles for some, when anybody reads, then only those they are for see them, once published") {
    writing_desk d;
    d.configure("person", "kim", R"({"name":"kim"})").value();
    d.configure("team", "lan", R"({"name":"lan","members":["kim"]})").value();
    d.configure("role", "reader", R"({"name":"reader","side":"desk","rights":["see_all"]})").value();
    actor const kim{.person = "kim", .role = "reader"}, zoe{.person = "zoe", .role = "reader"};
    actor const baker{.person = "ana", .role = "requester", .organisation = "bakery"};
    auto const open_to = [&](std::vector<std::string> audience) {
        return d.written({.title = "VPN", .audience = std::move(audience), .publish = true});
    };
    auto const all = open_to({"public"}), staff = open_to({}), lan = open_to({"team:lan"}),
               bakery = open_to({"organisation:bakery"}), role = open_to({"role:reader", "organisation:bakery"});
    auto const seen_by = [&](viewer const& who) {
        std::string out;
        for (auto const id : {all, staff, lan, bakery, role})
            out += d.reads(id, who) ? '1' : '0';
        return out;
    };
    CHECK(seen_by(d.ana) == "10000");
    CHECK(seen_by(baker) == "10011");
    CHECK(seen_by(zoe) == "11001");
    CHECK(seen_by(kim) == "11101");
    CHECK(seen_by(d.luc) == "11111"); // who writes articles
    CHECK(seen_by({.tenant = "north", .person = "luc", .role = "administrator"}) == "00000");
    CHECK(d.desk->articles(kim).value().articles.size() == 4);

    d.change(d.eva, all, archive_article{}).value();
    CHECK(seen_by(d.ana) == "00000");
    CHECK(seen_by(d.luc) == "11111");
    auto const draft = d.written({.title = "Brouillon", .audience = {"public"}});
    CHECK_FALSE(d.reads(draft, d.ana));
    d.change(d.eva, draft, publish_article{}).value();
    CHECK(d.reads(draft, d.ana));
    d.change(d.luc, draft, revise_article{.audience = std::vector<std::string>{"staff"}}).value();
    CHECK_FALSE(d.reads(draft, d.ana));
}

TEST_CASE("given the rights of a role, when somebody without them writes or publishes, then he is told which one") {
    writing_desk d;
    auto const id = d.written();
    CHECK(d.act(d.ana, write_article{.title = "x"}).error()["right"] == "write_article");
    CHECK(d.act(d.luc, write_article{.title = "x", .publish = true}).error()["right"] == "publish_article");
    CHECK(d.change(d.luc, id, publish_article{}).error()["right"] == "publish_article");
    CHECK(d.change(d.eva, id, publish_article{}).has_value());
    CHECK(d.desk->article_history(id, d.ana).error().why() == reason::article_not_found);
    CHECK(d.desk->article_history(id, d.luc).value().size() == 2);
    actor const stranger{.tenant = "north", .person = "root", .role = "administrator"};
    CHECK(d.change(stranger, id, revise_article{.title = "x"}).error().why() == reason::article_not_found);
    CHECK(d.change(d.root, {}, revise_article{.title = "x"}).error()["path"] == "article");
}

TEST_CASE("given a ticket that an article helped, when they are linked, then both know, until they are parted") {
    writing_desk d;
    auto const helper = d.written({.title = "VPN", .publish = true});
    auto const ticket = d.opened(d.ana);
    auto const linked = d.act(d.luc, link_article{"KB-2026-000001"}, ticket).value();
    CHECK(linked.events.size() == 2);
    CHECK(linked.ticket == ticket);
    CHECK(d.desk->find(ticket, d.luc).value().articles == std::vector{helper});
    CHECK(d.read(helper).tickets == std::vector{ticket});
    CHECK(d.read(helper).links == 1);
    CHECK(d.act(d.luc, link_article{to_string(helper)}, ticket).error().why() == reason::link_exists);
    CHECK(d.act(d.luc, link_article{"KB-2026-000002"}, ticket).error().why() == reason::article_not_found);
    CHECK(d.sound());
    d.act(d.luc, unlink_article{"KB-2026-000001"}, ticket).value();
    CHECK(d.desk->find(ticket, d.luc).value().articles.empty());
    CHECK(d.read(helper).links == 0);
    CHECK(d.act(d.luc, unlink_article{"KB-2026-000001"}, ticket).error().why() == reason::link_missing);
    CHECK(d.sound());
}

TEST_CASE("given a command about an article, when it is sent again, then it happens once") {
    writing_desk d;
    command wish{.by = d.root, .body = write_article{.title = "VPN"}};
    wish.id = make_id<command_id>(d.world, d.world.now());
    auto const first = d.desk->execute(wish).value();
    d.change(d.root, first.article, revise_article{.body = "Plus tard"}).value();
    auto again = d.desk->execute(wish).value();
    CHECK(again.repeated);
    again.repeated = false;
    CHECK(encode(again) == encode(first));
    wish.body = write_article{.title = "Autre"};
    CHECK(d.desk->execute(wish).error().why() == reason::command_id_reused);
    wish.body = publish_article{};
    CHECK(d.desk->execute(wish).error().why() == reason::command_id_reused);
}

TEST_CASE("given an article that has a name elsewhere, when it is written twice, then the second is told to revise") {
    writing_desk d;
    d.written({.title = "VPN", .source = "vpn.md"});
    CHECK(d.act(d.root, write_article{.title = "VPN", .source = "vpn.md"}).error().why() == reason::article_exists);
    command const both[] = {{.by = d.root, .body = write_article{.title = "A", .source = "a.md"}},
                            {.by = d.root, .body = write_article{.title = "A", .source = "a.md"}}};
    auto const came_to = d.desk->execute(both).value();
    CHECK(came_to[0].has_value());
    CHECK(came_to[1].error().why() == reason::article_exists);
    actor const north{.tenant = "north", .person = "root", .role = "administrator"};
    CHECK(d.act(north, write_article{.title = "VPN", .source = "vpn.md"}).has_value());
    CHECK(d.sound());
}

TEST_CASE("given a hook, when a command about an article comes, then it may refuse it as any other") {
    writing_desk d;
    int seen = 0;
    d.desk->before([&](command const& wish, ticket const* on) -> result<void> {
        seen += is_about_article(wish.body) && !on;
        return std::holds_alternative<archive_article>(wish.body)
                   ? result<void>{error{reason::hook_refused, {{"problem", "never"}}}}
                   : result<void>{};
    });
    auto const id = d.written();
    CHECK(d.change(d.root, id, archive_article{}).error().why() == reason::hook_refused);
    CHECK(d.read(id).state == article_state::draft);
    CHECK(seen == 2);
}

TEST_CASE("given a command about an article as JSON, when it is read, then the article stands where the ticket would") {
    writing_desk d;
    auto const id = to_string(d.written());
    auto const by = R"({"person":"root","role":"administrator"})";
    auto const say = [&](std::string const& rest) { return d.say(std::string{R"({"by":)"} + by + "," + rest + "}"); };
    CHECK(say(R"("command":"revise_article","article":")" + id + R"(","title":"Réseau privé")").has_value());
    CHECK(say(R"("command":"publish_article","article":"KB-2026-000001")").has_value());
    CHECK(say(R"("command":"publish_article","ticket":"KB-2026-000001")").error()["path"] == "ticket");
    auto const shown = d.desk->find_article(id, d.root).value();
    CHECK(shown.title == "Réseau privé");
    CHECK(shown.state == article_state::published);
    command const wish{.by = d.root, .body = revise_article{.title = "x"}, .article = shown.id};
    CHECK(encode(decode_command(encode(wish)).value()) == encode(wish));
    auto const ticket = d.opened(d.ana);
    CHECK(say(R"("command":"link_article","ticket":")" + to_string(ticket) + R"(","article":"KB-2026-000001")")
              .has_value());
}

TEST_CASE("given a question in two languages, when it is rendered for a ticket, then each reader gets his own") {
    writing_desk d;
    auto const ask = [&](std::string title, std::string language, article_id of, std::vector<std::string> audience) {
        return d.written({.title = std::move(title),
                          .body = "{{ticket.number}}: [{{ticket.subject}}](/t/{{ticket.subject}})",
                          .language = std::move(language),
                          .audience = std::move(audience),
                          .publish = true,
                          .kind = article_kind::question,
                          .translation_of = of});
    };
    auto const english = ask("Which printer?", "en", {}, {"public"});
    auto const french = ask("Quelle imprimante ?", "fr", english, {"staff"});
    auto const ticket = to_string(d.opened(d.ana, "a/b *c*"));
    auto const title = [&](article_id id, viewer const& who, std::string_view language) {
        return d.desk->render(to_string(id), ticket, who, language).value().subject;
    };
    CHECK(title(english, d.luc, "") == "Which printer?");
    CHECK(title(english, d.luc, "fr-CA") == "Quelle imprimante ?");
    CHECK(title(french, d.luc, "en") == "Which printer?");
    CHECK(title(french, d.luc, "nl") == "Quelle imprimante ?");
    CHECK(title(english, d.ana, "fr") == "Which printer?"); // the French one is for the staff
    auto const said = d.desk->render("KB-2026-000001", "INC-2026-000001", d.luc).value();
    CHECK(said.text == "INC-2026-000001: a/b *c* (/t/a%2Fb%20%2Ac%2A)");
    CHECK(said.html.starts_with("<p>INC-2026-000001: <a href=\"/t/a%2Fb%20%2Ac%2A\""));
    CHECK(d.desk->render(to_string(french), ticket, d.ana).error().why() == reason::article_not_found);
    CHECK(d.desk->render(to_string(english), ticket, d.bob).error().why() == reason::ticket_not_found);
    CHECK(d.read(english).uses == 0); // it was looked at, not sent
}

TEST_CASE("given a canned reply, when a custom field that it names is taken away, then the error says which article") {
    writing_desk d;
    auto with_room = itil_lifecycle();
    auto& room = with_room.fields.emplace_back();
    room.name = "room", room.type = "text";
    d.configure("lifecycle", "default", encode(with_room)).value();
    d.written({.title = "Room", .body = "In {{fields.room}}?", .publish = true, .kind = article_kind::canned_reply});
    auto const ticket = d.opened(d.ana);
    CHECK(d.act(d.luc, reply{.canned = "KB-2026-000001"}, ticket).has_value());
    d.configure("lifecycle", "default", encode(itil_lifecycle())).value();
    auto const refused = d.act(d.luc, reply{.canned = "KB-2026-000001"}, ticket);
    CHECK(refused.error()["path"] == "KB-2026-000001.body, line 1, column 4");
    CHECK(d.read(d.desk->find_article("KB-2026-000001", d.luc).value().id).uses == 1);
}
