#include <guichet/base/limits.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/rules/wording.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

using namespace guichet;
using rules::template_set;
using rules::wording;

namespace {

instant at(std::string_view text) { return time::parse_instant(text).value(); }

lifecycle_document desk() {
    auto out = itil_lifecycle();
    out.fields = {{{"site", "Site", "Site"}, "choice", {"oslo", "paris"}, {}},
                  {{"cost centre", "", ""}, "text", {}, {}},
                  {{"vip", "", ""}, "boolean", {}, {}},
                  {{"users", "", ""}, "number", {}, {}},
                  {{"wanted_on", "", ""}, "date", {}, {}},
                  {{"asset", "", ""}, "reference", {}, {}}};
    return out;
}

ticket printer() {
    ticket t;
    t.number = "INC-2026-000123";
    t.subject = "Printer jams";
    t.kind = "service_request";
    t.state = "pending";
    t.status = status::pending;
    t.requester = "marie";
    t.organisation = "acme";
    t.impact = "high";
    t.urgency = "high";
    t.priority = "critical";
    t.category = "hardware/printer";
    t.queue = "desk";
    t.team = "field";
    t.tier = "L2";
    t.assignee = "paul";
    t.channel = channel::phone;
    t.created_at = t.updated_at = at("2026-11-21T01:19:33Z");
    t.due_at = at("2026-11-21T17:00:00Z");
    t.tags = {"printer", "vip"};
    t.replies = 3;
    t.fields = {{"asset", object_reference{"asset", "4711"}},
                {"cost centre", std::string{"C-100"}},
                {"site", std::string{"paris"}},
                {"users", 2.5},
                {"vip", true},
                {"wanted_on", std::string{"2026-12-24"}}};
    return t;
}

template_document in_french_and_english() {
    return {
        "welcome",
        {{"fr", "[{{ticket.number}}] {{ticket.subject}}", "Bonjour {{ticket.requester}}", "<p>{{ticket.subject}}</p>"},
         {"en", "[{{ticket.number}}] {{ticket.subject}}", "Hello {{ticket.requester}}", ""}}};
}

std::shared_ptr<template_set const> compiled(std::vector<template_document> documents) {
    return template_set::compile(std::move(documents), desk()).value();
}

/// What somebody who reads `language` gets of a text.
std::string text_of(std::string text, std::string language, ticket const& of = printer()) {
    auto const set = compiled({{"t", {{language, "", std::move(text), ""}}}});
    return set
        ->render(*set->find("t"), of, language, at("2026-11-21T12:00:00Z"), time::zone::find("Europe/Paris").value())
        .value()
        .text;
}

error refused(template_document written) {
    auto const got = template_set::compile({std::move(written)}, desk());
    REQUIRE_FALSE(got.has_value());
    return got.error();
}

} // namespace

TEST_CASE("given a template in two languages, when a requester is answered, then he reads the one that fits him best") {
    auto const set = compiled({in_french_and_english()});
    auto const& welcome = *set->find("welcome");
    auto const text = [&](std::string_view language) {
        return set->render(welcome, printer(), language, at("2026-11-21T12:00:00Z")).value().text;
    };
    CHECK(text("en") == "Hello marie");
    CHECK(text("EN") == "Hello marie");
    CHECK(text("en-GB") == "Hello marie");
    CHECK(text("en_GB") == "Hello marie");
    CHECK(text("fr-CA-quebec") == "Bonjour marie");
    CHECK(text("de") == "Bonjour marie");
    CHECK(text("") == "Bonjour marie");
    CHECK(text("-") == "Bonjour marie");
    CHECK(set->find("farewell") == nullptr);
    CHECK(set->templates().size() == 1);

    auto const regional =
        compiled({{"t", {{"en", "", "x", ""}, {"fr-CA", "", "courriel", ""}, {"fr", "", "mail", ""}}}});
    CHECK(template_set::in(*regional->find("t"), "fr-ca").language == "fr-CA");
    CHECK(template_set::in(*regional->find("t"), "fr-BE").language == "fr");
}

TEST_CASE("given a ticket, when its values are put into a mail, then they are written for people in their language") {
    auto const source = "{{ticket.kind}}, {{ticket.state}}, {{ticket.status}}, {{ticket.priority}}, {{ticket.impact}}, "
                        "{{ticket.urgency}}, {{ticket.channel}}\n{{ticket.created_at}} - {{ticket.due_at}}\n{{now}}\n"
                        "{{fields.wanted_on}}, {{fields.vip}}, {{ticket.tags}}, {{fields.users}}, {{ticket.replies}}";
    CHECK(text_of(source, "en") ==
          "Service request, Waiting for the requester, pending, Critical, High, High, the phone\n"
          "Sat 21 Nov 2026 02:19 CET - Sat 21 Nov 2026 18:00 CET\nSat 21 Nov 2026 13:00 CET\n"
          "Thu 24 Dec 2026, yes, printer, vip, 2.5, 3");
    CHECK(text_of(source, "fr-FR") ==
          "Demande de service, En attente du demandeur, en attente, Critique, \u00C9lev\u00E9, \u00C9lev\u00E9e, "
          "le t\u00E9l\u00E9phone\n"
          "sam. 21 nov. 2026 02:19 CET - sam. 21 nov. 2026 18:00 CET\nsam. 21 nov. 2026 13:00 CET\n"
          "jeu. 24 d\u00E9c. 2026, oui, printer, vip, 2.5, 3");
    CHECK(text_of("{{ticket.category}} {{ticket.queue}} {{ticket.team}} {{ticket.tier}} {{ticket.assignee}} "
                  "{{ticket.organisation}} {{fields.site}} {{fields.cost centre}} {{fields.asset}}",
                  "de") == "hardware/printer desk field L2 paul acme paris C-100 4711");
}

TEST_CASE("given values that a ticket does not have, when it is written about, then sections say so") {
    auto const source = "{{#ticket.assignee}}{{ticket.assignee}}{{/ticket.assignee}}{{^ticket.assignee}}nobody"
                        "{{/ticket.assignee}}{{^ticket.due_at}}, no deadline{{/ticket.due_at}}"
                        "{{#ticket.breached}}, late{{/ticket.breached}}{{^fields.vip}}, no vip{{/fields.vip}}";
    CHECK(text_of(source, "en") == "paul");
    ticket bare;
    bare.breached = true;
    CHECK(text_of(source, "en", bare) == "nobody, no deadline, late, no vip");
    auto odd = printer();
    odd.state = "removed since";
    odd.priority = "gone";
    odd.fields = {{"vip", false}, {"wanted_on", std::string{"soon"}}};
    CHECK(text_of("{{ticket.state}} {{ticket.priority}} {{fields.vip}}{{fields.wanted_on}}", "en", odd) ==
          "removed since gone soon");
}

TEST_CASE("given a hostile subject, when it is put into a mail, then it is neither a tag, nor markup, nor a header") {
    auto const set = compiled({in_french_and_english()});
    auto of = printer();
    of.subject = "{{ticket.requester}} <script>alert('x')</script> & \"y\"\r\nBcc: all@example.org";
    auto const got = set->render(*set->find("welcome"), of, "fr", at("2026-11-21T12:00:00Z")).value();
    CHECK(got == wording{"fr",
                         "[INC-2026-000123] {{ticket.requester}} <script>alert('x')</script> & \"y\" Bcc: "
                         "all@example.org",
                         "Bonjour marie",
                         "<p>{{ticket.requester}} &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;y&quot;\n"
                         "Bcc: all@example.org</p>"});
}

TEST_CASE("given a template with html alone, when it is rendered, then there is a text as well") {
    auto const set = compiled({{"t", {{"en", "", "", "<p>Hello {{ticket.subject}}</p><p>Bye</p>"}}}});
    auto of = printer();
    of.subject = "<b> & co";
    auto const got = set->render(*set->find("t"), of, "en", {}).value();
    CHECK(got.html == "<p>Hello &lt;b&gt; &amp; co</p><p>Bye</p>");
    CHECK(got.text == "Hello <b> & co\n\nBye");
    CHECK(got.subject.empty());
}

TEST_CASE("given a subject that becomes long, when it is rendered, then it is one line that a mail can have") {
    auto const set = compiled({{"t", {{"en", " {{ticket.subject}}{{ticket.subject}}\n", "x", ""}}}});
    auto of = printer();
    of.subject = std::string(limits::subject_bytes_max - 1, 'a') + "\u00E9";
    CHECK(set->render(*set->find("t"), of, "en", {}).value().subject ==
          std::string(limits::subject_bytes_max - 1, 'a'));
    of.subject = "\n \n";
    CHECK(set->render(*set->find("t"), of, "en", {}).value().subject.empty());
}

TEST_CASE("given every name that templates may use, when a full and a bare ticket are written about, then none fails") {
    auto const set = compiled({});
    CHECK(set->names().size() > 40);
    std::string all;
    for (auto const& name : set->names())
        all += "{{" + name + "}}|";
    CHECK(text_of(all, "fr").find("INC-2026-000123|service_request") == std::string::npos);
    CHECK(text_of(all, "fr").find("INC-2026-000123|Demande de service") != std::string::npos);
    CHECK_FALSE(text_of(all, "en", ticket{}).empty());
    for (std::string_view const hidden : {"ticket.tenant", "ticket.watchers", "ticket.participants", "reason"})
        CHECK(std::find(set->names().begin(), set->names().end(), hidden) == set->names().end());
}

TEST_CASE("given template documents with slips, when they are compiled, then the path leads to the place") {
    auto slip = in_french_and_english();
    slip.languages[1].text = "Hello\n {{ticket.priorty}}";
    CHECK(refused(slip)["path"] == "template.welcome.languages[1].text, line 2, column 2");
    CHECK(refused(slip)["closest"] == "ticket.priority");
    slip = in_french_and_english();
    slip.languages[0].subject = "{{reason}}";
    CHECK(refused(slip).why() == reason::template_name_unknown);
    slip.languages[0] = {"fr", "x", "", ""};
    CHECK(refused(slip).describe() == "template.welcome.languages[0]: a template needs a text or an html");
    slip.languages[0] = {"EN", "x", "y", ""};
    CHECK(refused(slip).why() == reason::named_twice);
    CHECK(refused(slip)["path"] == "template.welcome.languages[1].language");
    slip.languages[0].language = "";
    CHECK(refused(slip).why() == reason::empty_text);
    slip.languages[0].language = std::string(limits::name_bytes_max, 'f');
    CHECK(template_set::compile({slip}, desk()).has_value());
    slip.languages[0].language += 'f';
    CHECK(refused(slip).why() == reason::limit_passed);
    CHECK(refused({"empty", {}})["path"] == "template.empty.languages");
    CHECK(template_set::compile({in_french_and_english(), in_french_and_english()}, desk()).error().why() ==
          reason::named_twice);
}

TEST_CASE(
    "given as many templates and languages as allowed and one more, when they are compiled, then that is refused") {
    template_document many{"many", {}};
    for (std::size_t i = 0; i < limits::languages_max; ++i)
        many.languages.push_back({"x-" + std::to_string(i), "", "x", ""});
    CHECK(template_set::compile({many}, desk()).has_value());
    many.languages.push_back({"x-more", "", "x", ""});
    CHECK(refused(many).why() == reason::limit_passed);

    std::vector<template_document> documents;
    for (std::size_t i = 0; i < limits::templates_max; ++i)
        documents.push_back({"t" + std::to_string(i), {{"en", "", "x", ""}}});
    CHECK(template_set::compile(documents, desk()).has_value());
    documents.push_back({"more", {{"en", "", "x", ""}}});
    CHECK(template_set::compile(documents, desk()).error().why() == reason::limit_passed);
}

TEST_CASE("given a template of a file, when it is read, then it is the one that was written") {
    auto const read = decode_template(
        R"({"languages":[{"language":"fr","subject":"[{{ticket.number}}]","text":"Bonjour","html":"<p>Bonjour</p>"}]})",
        "template.welcome");
    REQUIRE(read.has_value());
    CHECK(read->languages[0].html == "<p>Bonjour</p>");
    CHECK(template_set::compile({*read}, desk()).has_value());
}
