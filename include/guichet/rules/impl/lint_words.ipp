#pragma once
#include <guichet/json/writer.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/rules/lint.hpp>

#include <string>

namespace guichet::inline v0::rules {
namespace detail {

/// Sentences about one finding, in one language.
class finding_words {
public:
    finding_words(finding const& of, language lang) : f_{of}, french_{lang == language::fr} {}

    std::string run() const {
        auto const rule = f_.rules.empty() ? std::string{} : f_.rules.front();
        auto const with = f_.rules.size() > 1 ? f_.rules.back() : std::string{};
        switch (f_.kind) {
        case lint_kind::never_true: return rule + never();
        case lint_kind::always_true:
            return rule + say(": it has no condition and no events, so it answers every change",
                              " : sans condition ni événement, elle répond à chaque changement");
        case lint_kind::shadowed:
            return rule + say(": where its condition holds, that of ", " : là où sa condition est vraie, celle de ") +
                   with +
                   say(" does too, and that rule comes first and ends the set",
                       " l'est aussi, et cette règle passe avant et arrête le jeu");
        case lint_kind::fight: return rule + fight(with);
        case lint_kind::cycle: return cycle(rule);
        case lint_kind::unknown_person: return rule + unknown("person", "aucune personne ne s'appelle");
        case lint_kind::unknown_team: return rule + unknown("team", "aucune équipe ne s'appelle");
        case lint_kind::unknown_queue: return rule + unknown("queue", "aucune file ne s'appelle");
        case lint_kind::unknown_tier: return rule + unknown("tier", "aucun niveau ne s'appelle");
        case lint_kind::unfinished: break;
        }
        return say("there are too many rules that may touch one another: not all were compared",
                   "trop de règles peuvent se toucher : toutes n'ont pas été comparées");
    }

private:
    char const* say(char const* en, char const* fr) const { return french_ ? fr : en; }
    std::string quoted(std::string const& value) const { return french_ ? "« " + value + " »" : '"' + value + '"'; }
    std::string field() const {
        auto const& called = french_ ? f_.called.fr : f_.called.en;
        return called.empty() ? f_.field : called;
    }
    std::string never() const {
        std::string const out = say(": its condition is never true", " : sa condition n'est jamais vraie");
        return f_.field.empty() ? out
                                : out + say(": it asks of ", " : ce qu'elle demande de ") + field() +
                                      say(" what cannot be all at once", " ne peut pas être à la fois");
    }
    std::string fight(std::string const& with) const {
        bool const is_member = !f_.value.empty() && (f_.value[0] == '+' || f_.value[0] == '-') &&
                               f_.value.substr(1) == f_.other.substr(std::min<std::size_t>(1, f_.other.size())) &&
                               f_.value != f_.other;
        if (is_member)
            return (f_.value[0] == '+' ? say(": it adds ", " : elle ajoute ") : say(": it takes ", " : elle retire ")) +
                   quoted(f_.value.substr(1)) +
                   (f_.value[0] == '+' ? say(", and ", ", et ") : say(" away, and ", ", et ")) + with +
                   (f_.value[0] == '+' ? say(" takes it away; both can hold at once", " le retire ; les deux peuvent "
                                                                                      "être vraies à la fois")
                                       : say(" adds it; both can hold at once", " l'ajoute ; les deux peuvent être "
                                                                                "vraies à la fois"));
        return say(": it gives ", " : elle donne à ") + field() + say(" the value ", " la valeur ") + value(f_.value) +
               say(", and ", ", et ") + with + say(" gives ", " donne ") + value(f_.other) +
               say("; both can hold at once, and the later one wins",
                   " ; les deux peuvent être vraies à la fois, et la dernière l'emporte");
    }
    std::string value(std::string const& text) const { return text.empty() ? say("empty", "vide") : quoted(text); }
    std::string cycle(std::string const& rule) const {
        if (f_.rules.size() < 2)
            return rule + say(": what it does lets it hold again, so that it acts again at every change",
                              " : ce qu'elle fait la laisse vraie, elle agit donc de nouveau à chaque changement");
        std::string path;
        for (auto const& one : f_.rules)
            path += one + " > ";
        return path + rule +
               say(": these rules make one another hold; a rule fires once for a change, but the next "
                   "change begins anew",
                   " : ces règles se rendent vraies l'une l'autre ; une règle agit une fois par "
                   "changement, mais le prochain recommence");
    }
    std::string unknown(std::string const& what, char const* french) const {
        return french_ ? " : " + std::string{french} + " " + quoted(f_.value)
                       : ": there is no " + what + " " + quoted(f_.value);
    }

    finding const& f_;
    bool french_;
};

} // namespace detail

GUICHET_DECL std::string describe(finding const& of, language lang) { return detail::finding_words{of, lang}.run(); }

GUICHET_DECL std::string encode(std::vector<finding> const& all, language lang) {
    std::string out;
    json::writer w{out};
    auto const text = [&](std::string_view key, std::string_view value) {
        w.key(key);
        w.text(value);
    };
    w.begin_array();
    for (auto const& f : all) {
        w.begin_object();
        text("kind", json::to_text(f.kind));
        text("severity", json::to_text(f.severity));
        text("place", f.place);
        w.key("rules");
        w.begin_array();
        for (auto const& rule : f.rules)
            w.text(rule);
        w.end_array();
        if (!f.field.empty())
            text("field", f.field);
        if (f.kind >= lint_kind::fight && f.kind < lint_kind::unfinished && f.kind != lint_kind::cycle)
            text("value", f.value);
        if (f.kind == lint_kind::fight)
            text("other", f.other);
        text("message", describe(f, lang));
        w.end_object();
    }
    w.end_array();
    return out;
}

} // namespace guichet::inline v0::rules
