#pragma once
#include <guichet/expr/schema.hpp>

#include <array>
#include <string>
#include <string_view>

/// How people call the fields of a ticket in a sentence.
namespace guichet::inline v0::detail {

struct field_words {
    std::string_view name, en, fr;
    bool plural = false;
};
inline constexpr std::array fields_in_words{
    field_words{"id", "the id", "l'identifiant"},
    field_words{"tenant", "the tenant", "le client hébergé"},
    field_words{"number", "the number", "le numéro"},
    field_words{"kind", "the kind", "le type"},
    field_words{"state", "the state", "l'état"},
    field_words{"status", "the status", "le statut"},
    field_words{"subject", "the subject", "l'objet"},
    field_words{"requester", "the requester", "le demandeur"},
    field_words{"organisation", "the organisation", "l'organisation"},
    field_words{"contact", "the contact", "le contact"},
    field_words{"channel", "the channel", "le canal"},
    field_words{"impact", "the impact", "l'impact"},
    field_words{"urgency", "the urgency", "l'urgence"},
    field_words{"priority", "the priority", "la priorité"},
    field_words{"priority_rank", "the rank of the priority", "le rang de la priorité"},
    field_words{"category", "the category", "la catégorie"},
    field_words{"queue", "the queue", "la file"},
    field_words{"team", "the team", "l'équipe"},
    field_words{"tier", "the tier", "le niveau"},
    field_words{"assignee", "the assignee", "l'intervenant"},
    field_words{"created_at", "the creation", "la création"},
    field_words{"updated_at", "the last change", "la dernière modification"},
    field_words{"due_at", "the deadline", "l'échéance"},
    field_words{"pending_until", "the end of the wait", "la fin de l'attente"},
    field_words{"first_response_at", "the first reply", "la première réponse"},
    field_words{"resolved_at", "the date of resolution", "la date de résolution"},
    field_words{"closed_at", "the date of closing", "la date de clôture"},
    field_words{"breached", "the breach", "le dépassement"},
    field_words{"resolution_code", "the resolution code", "le code de résolution"},
    field_words{"resolution", "the resolution", "la résolution"},
    field_words{"merged_into", "the ticket that it was merged into", "le ticket dans lequel il a été fusionné"},
    field_words{"version", "the version", "la version"},
    field_words{"texts", "the number of texts", "le nombre de textes"},
    field_words{"messages", "the number of messages", "le nombre de messages"},
    field_words{"replies", "the number of replies", "le nombre de réponses"},
    field_words{"reassignments", "the number of reassignments", "le nombre de réaffectations"},
    field_words{"handovers", "the number of handovers", "le nombre de transferts"},
    field_words{"reopenings", "the number of reopenings", "le nombre de réouvertures"},
    field_words{"tags", "the tags", "les étiquettes", true},
    field_words{"watchers", "the watchers", "les observateurs", true},
    field_words{"participants", "the participants", "les participants", true},
    field_words{"open", "the openness", "l'ouverture"},
    field_words{"age", "the age", "l'âge"},
    field_words{"idle", "the time since the last change", "le temps depuis la dernière modification"},
    field_words{"last_contact_by", "the author of the last message", "l'auteur du dernier message"},
    field_words{"last_contact_at", "the last message", "le dernier message"},
    field_words{"unanswered", "the wait for an answer", "l'attente d'une réponse"},
    field_words{"links.children", "the number of child tickets", "le nombre de tickets enfants"},
    field_words{"links.duplicates", "the number of duplicates", "le nombre de doublons"},
    field_words{"links.open_children", "the number of open child tickets", "le nombre de tickets enfants ouverts"},
    field_words{"links.parent_open", "the openness of the parent ticket", "l'ouverture du ticket parent"},
    field_words{"satisfaction", "the satisfaction", "la satisfaction"},
    field_words{"satisfaction_text", "the words of the satisfaction", "les mots de la satisfaction", true},
    field_words{"major", "being a major incident", "le caractère majeur"},
    field_words{"major_updated_at", "the last status of the major incident", "le dernier point sur l'incident majeur"},
    field_words{"trend.stage", "the stage of the trend", "l'étape de la tendance"},
    field_words{"trend.field", "what the trend is about", "ce que concerne la tendance"},
    field_words{"trend.value", "the value that the trend is about", "la valeur que concerne la tendance"},
    field_words{"trend.observed", "the number of tickets that raised the trend",
                "le nombre de tickets qui ont révélé la tendance"},
    field_words{"trend.minutes", "the minutes in which they came", "les minutes où ils sont venus", true},
    field_words{"trend.usual", "the usual number of tickets in that time",
                "le nombre habituel de tickets dans ce temps"},
    field_words{"trend.count", "the number of tickets of the trend", "le nombre de tickets de la tendance"},
    field_words{"trend.suggests", "what the trend suggests", "ce que suggère la tendance"},
    field_words{"trend.part", "the part of the trend in a wider one", "la part de la tendance dans une autre"}};

struct choice_words {
    std::string_view field, choice, en, fr;
};
/// The closed vocabularies; of the two values of a boolean field, the sentence that each is.
inline constexpr std::array choices_in_words{
    choice_words{"status", "new", "new", "nouveau"},
    choice_words{"status", "open", "open", "ouvert"},
    choice_words{"status", "pending", "pending", "en attente"},
    choice_words{"status", "on_hold", "on hold", "suspendu"},
    choice_words{"status", "resolved", "resolved", "résolu"},
    choice_words{"status", "closed", "closed", "clos"},
    choice_words{"channel", "portal", "the portal", "le portail"},
    choice_words{"channel", "phone", "the phone", "le téléphone"},
    choice_words{"channel", "mail", "mail", "le courriel"},
    choice_words{"channel", "chat", "chat", "la messagerie instantanée"},
    choice_words{"channel", "api", "the API", "l'API"},
    choice_words{"channel", "monitoring", "monitoring", "la supervision"},
    choice_words{"last_contact_by", "requester", "the requester", "le demandeur"},
    choice_words{"last_contact_by", "desk", "the desk", "le support"},
    choice_words{"last_contact_by", "system", "the system", "le système"},
    choice_words{"trend.stage", "began", "began", "commence"},
    choice_words{"trend.stage", "grew", "grew", "croît"},
    choice_words{"trend.stage", "ended", "ended", "terminée"},
    choice_words{"trend.suggests", "incident", "an incident", "un incident"},
    choice_words{"trend.suggests", "problem", "a problem", "un problème"},
    choice_words{"trend.part", "false", "the trend is no part of a wider one",
                 "la tendance ne fait pas partie d'une plus large"},
    choice_words{"trend.part", "true", "the trend is part of a wider one", "la tendance fait partie d'une plus large"},
    choice_words{"breached", "false", "no deadline was missed", "aucune échéance n'a été manquée"},
    choice_words{"breached", "true", "a deadline was missed", "une échéance a été manquée"},
    choice_words{"open", "false", "the ticket is resolved or closed", "le ticket est résolu ou clos"},
    choice_words{"open", "true", "the ticket is open", "le ticket est ouvert"},
    choice_words{"unanswered", "false", "the requester does not wait for an answer",
                 "le demandeur n'attend pas de réponse"},
    choice_words{"unanswered", "true", "the requester waits for an answer", "le demandeur attend une réponse"},
    choice_words{"links.parent_open", "false", "the parent ticket is resolved or closed",
                 "le ticket parent est résolu ou clos"},
    choice_words{"links.parent_open", "true", "the parent ticket is open", "le ticket parent est ouvert"},
    choice_words{"major", "false", "it is no major incident", "ce n'est pas un incident majeur"},
    choice_words{"major", "true", "it is a major incident", "c'est un incident majeur"}};

/// Gives a field of every ticket its words, and its choices theirs.
inline void call(expr::field& field) {
    for (auto const& words : fields_in_words)
        if (words.name == field.name)
            field.called = {std::string{words.en}, std::string{words.fr}, words.plural};
    for (auto const& words : choices_in_words)
        if (words.field == field.name)
            field.choices_called.push_back({std::string{words.en}, std::string{words.fr}});
}

/// A label as it stands in the middle of a sentence: "High" becomes "high", "\u00c9lev\u00e9e" "\u00e9lev\u00e9e";
/// "VIP" stays. Of accented capitals, those of Latin-1 are known.
inline std::string in_sentence(std::string label) {
    auto const is_capital = [&](std::size_t at) { return at < label.size() && label[at] >= 'A' && label[at] <= 'Z'; };
    auto const byte = [&](std::size_t at) { return at < label.size() ? static_cast<unsigned char>(label[at]) : 0U; };
    bool const accented = byte(0) == 0xC3 && byte(1) >= 0x80 && byte(1) <= 0x9E && byte(1) != 0x97;
    if (is_capital(0) && !is_capital(1))
        label[0] = static_cast<char>(label[0] - 'A' + 'a');
    else if (accented && !is_capital(2))
        label[1] = static_cast<char>(byte(1) + 0x20);
    return label;
}

} // namespace guichet::inline v0::detail
