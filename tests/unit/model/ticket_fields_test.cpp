#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <doctest/doctest.h>

using namespace guichet;

namespace {

expr::schema const& fields() {
    static auto const made = [] {
        auto lifecycle = itil_lifecycle();
        lifecycle.fields = {{{"site", "Site", "Site"}, "choice", {"oslo", "paris"}, {}},
                            {{"cost", "Cost", "Coût"}, "number", {}, {}},
                            {{"vip", "", ""}, "boolean", {}, {}}};
        return ticket_schema(lifecycle);
    }();
    return made;
}

std::string told(std::string_view text, language lang = language::en) {
    auto const read = expr::condition::parse(text, fields());
    REQUIRE_MESSAGE(read.has_value(), read.error().describe());
    return read->describe(lang);
}

} // namespace

TEST_CASE(
    "given the fields of a ticket, when people are told of them, then every one has its words in both languages") {
    for (std::uint32_t i = 0; i < derived_ticket_fields().first_custom; ++i) {
        auto const& field = fields()[i];
        CAPTURE(field.name);
        CHECK_FALSE(field.called.en.empty());
        CHECK_FALSE(field.called.fr.empty());
        if (!field.choices.empty())
            CHECK(field.choices_called.size() == field.choices.size());
        if (field.type == expr::field_type::boolean)
            CHECK(field.choices_called.size() == 2);
        for (auto const& choice : field.choices_called)
            CHECK((!choice.en.empty() && !choice.fr.empty()));
    }
    auto const& derived = derived_ticket_fields();
    CHECK(fields()[derived.unanswered].name == "unanswered");
    CHECK(fields()[derived.idle].name == "idle");
    CHECK(fields()[derived.first_custom].name == "fields.site");
}

TEST_CASE("given conditions, when they are told, then they read as a support manager would write them") {
    struct {
        char const *text, *en, *fr;
    } const table[]{
        {"priority >= high and state in (new, open)",
         "the priority is high or more and the state is new or in progress",
         "la priorité est haute ou plus et l'état est nouveau ou en cours"},
        {"not (priority >= high or tags has vip)",
         "the priority is not high or more and the tags do not include \"vip\"",
         "la priorité n'est pas haute ou plus et les étiquettes ne comprennent pas « vip »"},
        {"open and not breached and unanswered",
         "the ticket is open and no deadline was missed and the requester waits for an answer",
         "le ticket est ouvert et aucune échéance n'a été manquée et le demandeur attend une réponse"},
        {"queue = \"supplier\" and (assignee empty or tier != \"2\")",
         "the queue is \"supplier\" and (the assignee is empty or the tier is not \"2\")",
         "la file est « supplier » et (l'intervenant est vide ou le niveau n'est pas « 2 »)"},
        {"idle > 4h and age <= 2d", "the time since the last change is more than 4 hours and the age is at most 2 days",
         "le temps depuis la dernière modification est de plus de 4 heures et l'âge est d'au plus 2 jours"},
        {"due_at within 90min", "the deadline falls within the next 90 minutes", "l'échéance tombe d'ici 90 minutes"},
        {"due_at overdue by 1h", "the deadline is at least 1 hour ago", "l'échéance remonte à 1 heure ou plus"},
        {"not created_at newer than 1w", "the creation is at least 1 week ago or empty",
         "la création remonte à 1 semaine ou plus, ou est vide"},
        {"state not in (new, closed)", "the state is neither new nor closed", "l'état n'est ni nouveau ni clos"},
        {"not state in (new, null)", "the state is neither new nor empty", "l'état n'est ni nouveau ni vide"},
        {"tags has none of (a, b)", "the tags include neither \"a\" nor \"b\"",
         "les étiquettes ne comprennent ni « a » ni « b »"},
        {"tags has all of (a, b)", "the tags include \"a\" and \"b\"", "les étiquettes comprennent « a » et « b »"},
        {"watchers empty", "the watchers are empty", "les observateurs sont vides"},
        {"state changed from new to open", "the state ceases to be new and the state becomes in progress",
         "l'état cesse d'être nouveau et l'état devient en cours"},
        {"priority not changed", "the priority has not changed", "la priorité n'a pas changé"},
        {"replies > 3 and reopenings = 0", "the number of replies is more than 3 and the number of reopenings is 0",
         "le nombre de réponses vaut plus de 3 et le nombre de réouvertures vaut 0"},
        {"subject has word vpn or subject starts with RE or subject matches \"[0-9]{4}\"",
         "the subject contains the word \"vpn\" or the subject starts with \"RE\" or the subject matches the pattern "
         "\"[0-9]{4}\"",
         "l'objet contient le mot « vpn » ou l'objet commence par « RE » ou l'objet suit le motif « [0-9]{4} »"},
        {"last_contact_by = requester", "the author of the last message is the requester",
         "l'auteur du dernier message est le demandeur"},
        {"created_at < 2026-01-05T08:00Z", "the creation is before 2026-01-05 at 08:00 UTC",
         "la création est avant le 05/01/2026 à 08:00 UTC"},
        {"fields.site = oslo and fields.cost >= 100.5 and fields.vip",
         "the field \"Site\" is oslo and the field \"Cost\" is at least 100.5 and fields.vip is true",
         "le champ « Site » est oslo et le champ « Coût » vaut au moins 100.5 et fields.vip est vrai"},
        {"always", "always", "toujours"},
        {"not always", "never", "jamais"},
    };
    for (auto const& [text, en, fr] : table) {
        CAPTURE(text);
        CHECK(told(text) == en);
        CHECK(told(text, language::fr) == fr);
    }
}

TEST_CASE("given a ticket, when a condition is explained, then labelled fields are told in sentences") {
    ticket t;
    t.priority = "normal";
    t.state = "new";
    t.contacts = {{instant{}, side::requester}};
    auto const c =
        expr::condition::parse("priority >= high and unanswered and tags has vip and assignee empty", fields());
    auto const why = c->explain(ticket_record{t, fields()}, ticket_context(instant{}));
    CHECK(expr::describe(why) == "- all of:\n"
                                 "  - the priority is high or more  (seen: normal)\n"
                                 "  + the requester waits for an answer  (seen: true)\n"
                                 "  - the tags include \"vip\"  (seen: empty)\n"
                                 "  + the assignee is empty  (seen: empty)\n");
    CHECK(expr::describe(why, language::fr) == "- tout :\n"
                                               "  - la priorité est haute ou plus  (vu : normale)\n"
                                               "  + le demandeur attend une réponse  (vu : vrai)\n"
                                               "  - les étiquettes comprennent « vip »  (vu : vides)\n"
                                               "  + l'intervenant est vide  (vu : vide)\n");
}

TEST_CASE("given the messages of a ticket, when conditions ask about the last one, then notes are none of them") {
    ticket t;
    auto const holds = [&](std::string_view text) {
        return expr::condition::parse(text, fields())
            ->evaluate(ticket_record{t, fields()}, ticket_context(instant{std::chrono::hours{10}}));
    };
    CHECK(holds("last_contact_by empty and last_contact_at empty and not unanswered"));
    t.contacts = {{instant{std::chrono::hours{1}}, side::desk}, {instant{std::chrono::hours{4}}, side::requester}};
    CHECK(holds("last_contact_by = requester and last_contact_at older than 6h and unanswered"));
    t.contacts.push_back({instant{std::chrono::hours{5}}, side::desk});
    CHECK(holds("last_contact_by = desk and last_contact_at newer than 6h and unanswered = false"));
}
