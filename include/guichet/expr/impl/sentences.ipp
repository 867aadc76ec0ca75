#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/evaluation.ipp>
#include <guichet/expr/impl/value.ipp>

#include <array>
#include <utility>

/// Conditions as sentences, for people who read no formulas.
namespace guichet::inline v0::expr::detail {

/// A verb in the third person; without an infinitive, English negates it by "not" alone.
struct verb {
    std::string_view en_one, en_many, en_infinitive, fr_one, fr_many;
};
namespace verbs {
inline constexpr verb be{"is", "are", "", "est", "sont"}, have{"has", "have", "", "a", "ont"},
    be_worth{"is", "are", "", "vaut", "valent"}, contain{"contains", "contain", "contain", "contient", "contiennent"},
    include{"includes", "include", "include", "comprend", "comprennent"},
    begin{"starts", "start", "start", "commence", "commencent"}, match{"matches", "match", "match", "suit", "suivent"},
    become{"becomes", "become", "become", "devient", "deviennent"},
    cease{"ceases", "cease", "cease", "cesse", "cessent"}, date_back{"is", "are", "", "remonte", "remontent"},
    fall{"falls", "fall", "fall", "tombe", "tombent"};
}

/// Tells conditions in one language.
class teller {
public:
    teller(schema const& known, language lang) noexcept : known_{known}, french_{lang == language::fr} {}

    /// Negation is told leaf by leaf, by De Morgan's laws.
    std::string sentence(node const& tree, bool negated, bool outermost) const {
        if (tree.kind == op::open)
            return opening(tree.calendar, negated);
        if (!is_group(tree.kind))
            return leaf(tree.kind, tree.field, tree.operands, negated, tree.calendar);
        if (tree.kind == op::negate)
            return sentence(tree.children[0], !negated, outermost);
        bool const all = (tree.kind == op::all) != negated;
        if (tree.children.empty())
            return constant(all);
        std::string out;
        for (auto const& child : tree.children)
            out.append(out.empty() ? ""
                       : all       ? say(" and ", " et ")
                                   : say(" or ", " ou "))
                .append(sentence(child, negated, tree.children.size() == 1 && outermost));
        return outermost || tree.children.size() == 1 ? out : '(' + out + ')';
    }

    std::string opening(std::string const& calendar, bool negated) const {
        if (french_)
            return "le calendrier " + calendar + (negated ? " est fermé" : " est ouvert");
        return "the calendar " + calendar + (negated ? " is closed" : " is open");
    }

    std::string leaf(op kind, std::uint32_t number, std::vector<literal> const& operands, bool negated,
                     std::string const& calendar) const {
        auto const& which = known_[number];
        subject const s{french_ && !which.called.fr.empty()    ? which.called.fr
                        : !french_ && !which.called.en.empty() ? which.called.en
                                                               : which.name,
                        which.called.plural, negated};
        auto const first = operands.empty() ? std::string{} : shown(operands[0], which) + working(calendar);
        switch (kind) {
        case op::equal: return equal(s, which, operands[0]);
        case op::not_equal: return equal(s.turned(true), which, operands[0]);
        case op::in: return among(s, which, operands);
        case op::empty: return be_empty(s.turned(operands[0] == literal{false}));
        case op::changed: return told(s.turned(operands[0] == literal{false}), verbs::have, "changed", "changé");
        case op::changed_from: return told(s, verbs::cease, "to be " + first, "d'être " + first);
        case op::changed_to: return told(s, verbs::become, first, first);
        case op::older_than:
        case op::newer_than: return age(s, kind, first);
        case op::within: return told(s, verbs::fall, "within the next " + first, "d'ici " + first);
        case op::contains:
            return told(s, which.type == field_type::list ? verbs::include : verbs::contain, first, first);
        case op::has_word: return told(s, verbs::contain, "the word " + first, "le mot " + first);
        case op::starts_with: return told(s, verbs::begin, "with " + first, "par " + first);
        case op::matches: return told(s, verbs::match, "the pattern " + first, "le motif " + first);
        case op::any_of:
        case op::none_of: return any_of(s.turned(kind == op::none_of), which, operands);
        case op::all_of: return all_of(s, which, operands);
        default: return order(s, kind, which, first);
        }
    }

    /// What stands behind a length of working time.
    std::string working(std::string const& calendar) const {
        if (calendar.empty())
            return {};
        auto out = say(" of working time", " de temps ouvré");
        return calendar == default_calendar ? out : out + say(" (calendar ", " (calendrier ") + calendar + ')';
    }

    /// A value as people write it; a choice by its label.
    std::string shown(literal const& value, field const& which) const {
        if (value.index() == 0)
            return say("empty", which.called.plural ? "vides" : "vide");
        if (auto const* length = std::get_if<duration>(&value))
            return long_words(*length);
        if (auto const* at = std::get_if<instant>(&value))
            return date(*at);
        if (auto const* truth = std::get_if<bool>(&value))
            return *truth ? say("true", "vrai") : say("false", "faux");
        if (auto const* members = std::get_if<std::vector<std::string>>(&value)) {
            std::vector<std::string> out;
            for (auto const& member : *members)
                out.push_back(shown(literal{member}, which));
            return listed(out, say(" and ", " et "));
        }
        auto const* text = std::get_if<std::string>(&value);
        if (!text)
            return to_text(value);
        auto const at = std::find(which.choices.begin(), which.choices.end(), *text) - which.choices.begin();
        if (static_cast<std::size_t>(at) < which.choices_called.size() && which.type != field_type::boolean) {
            auto const& called = which.choices_called[static_cast<std::size_t>(at)];
            if (auto const& label = french_ ? called.fr : called.en; !label.empty())
                return label;
        }
        if (which.type == field_type::choice)
            return *text;
        return french_ ? "« " + *text + " »" : '"' + *text + '"';
    }

private:
    /// Of whom something is told, and whether the opposite is.
    struct subject {
        std::string const& name;
        bool plural, negated;
        subject turned(bool round) const { return {name, plural, negated != round}; }
    };

    std::string say(std::string_view english, std::string_view french) const {
        return std::string{french_ ? french : english};
    }
    std::string constant(bool truth) const { return truth ? say("always", "toujours") : say("never", "jamais"); }

    /// `pas` is left out where "ni ... ni" follows.
    std::string told(subject const& s, verb const& v, std::string_view english, std::string_view french,
                     bool bare = false) const {
        auto out = s.name + ' ';
        if (french_) {
            auto const form = s.plural ? v.fr_many : v.fr_one;
            if (s.negated)
                out += std::string_view{"aeiou"}.find(form[0]) == std::string_view::npos ? "ne " : "n'";
            out.append(form).append(s.negated && !bare ? " pas " : " ").append(french);
            return out;
        }
        if (s.negated && !v.en_infinitive.empty())
            out.append(s.plural ? "do " : "does ").append(bare ? "" : "not ").append(v.en_infinitive);
        else
            out.append(s.plural ? v.en_many : v.en_one).append(s.negated && !bare ? " not" : "");
        return out.append(" ").append(english);
    }

    std::string be_empty(subject const& s) const { return told(s, verbs::be, "empty", s.plural ? "vides" : "vide"); }

    static verb const& be_of(field_type type) noexcept {
        return type == field_type::number ? verbs::be_worth : verbs::be;
    }

    std::string equal(subject const& s, field const& which, literal const& operand) const {
        if (operand.index() == 0)
            return be_empty(s);
        if (auto const* truth = std::get_if<bool>(&operand); truth && which.choices_called.size() == 2) {
            auto const& clause = which.choices_called[*truth != s.negated];
            return french_ ? clause.fr : clause.en;
        }
        auto const value = shown(operand, which);
        return told(s, be_of(which.type), value, value);
    }

    static std::string listed(std::vector<std::string> const& parts, std::string_view last) {
        std::string out;
        for (std::size_t i = 0; i < parts.size(); ++i)
            out.append(i == 0 ? "" : i + 1 == parts.size() ? last : ", ").append(parts[i]);
        return out;
    }

    std::vector<std::string> all_shown(std::vector<literal> const& operands, field const& which) const {
        std::vector<std::string> out;
        for (auto const& operand : operands)
            out.push_back(shown(operand, which));
        return out;
    }

    /// One of several, or none of them.
    std::string one_of(subject const& s, verb const& v, std::vector<std::string> const& parts) const {
        if (parts.empty())
            return constant(s.negated);
        if (!s.negated || parts.size() == 1) {
            auto const list = listed(parts, say(" or ", " ou "));
            return told(s, v, list, list);
        }
        if (!french_ && !v.en_infinitive.empty()) // includes neither
            return told(s.turned(true), v, "neither " + listed(parts, " nor "), {});
        return told(s, v, "neither " + listed(parts, " nor "), "ni " + joined_by(parts, " ni "), true);
    }
    static std::string joined_by(std::vector<std::string> const& parts, std::string_view between) {
        std::string out;
        for (auto const& part : parts)
            out.append(out.empty() ? "" : between).append(part);
        return out;
    }

    std::string among(subject const& s, field const& which, std::vector<literal> const& operands) const {
        return one_of(s, be_of(which.type), all_shown(operands, which));
    }
    std::string any_of(subject const& s, field const& which, std::vector<literal> const& operands) const {
        return one_of(s, verbs::include, all_shown(operands, which));
    }
    std::string all_of(subject const& s, field const& which, std::vector<literal> const& operands) const {
        if (operands.empty())
            return constant(!s.negated);
        auto const list = listed(all_shown(operands, which), say(" and ", " et "));
        bool const together = s.negated && operands.size() > 1;
        return told(s, verbs::include, (together ? "all of " : "") + list, (together ? "à la fois " : "") + list);
    }

    /// The opposite of both is told whole, for an empty instant is neither.
    std::string age(subject const& s, op kind, std::string const& length) const {
        auto const positive = s.negated ? s.turned(true) : s;
        if ((kind == op::older_than) != s.negated)
            return told(positive, verbs::date_back, "at least " + length + " ago" + (s.negated ? " or empty" : ""),
                        "à " + length + " ou plus" + (s.negated ? ", ou est vide" : ""));
        return told(positive, verbs::date_back,
                    "less than " + length + " ago" + (s.negated ? ", to come or empty" : " or to come"),
                    "à moins de " + length + (s.negated ? ", est à venir ou vide" : " ou est à venir"));
    }

    std::string order(subject const& s, op kind, field const& which, std::string const& value) const {
        struct form {
            std::string_view en_before, en_behind, fr_before, fr_behind;
        };
        using row = std::array<form, 4>; // <, <=, >, >=
        static constexpr row of_choice{{{"below ", "", "au-dessous de ", ""},
                                        {"", " or less", "", " ou moins"},
                                        {"above ", "", "au-dessus de ", ""},
                                        {"", " or more", "", " ou plus"}}},
            of_number{{{"less than ", "", "moins de ", ""},
                       {"at most ", "", "au plus ", ""},
                       {"more than ", "", "plus de ", ""},
                       {"at least ", "", "au moins ", ""}}},
            of_instant{{{"before ", "", "avant ", ""},
                        {"", " or earlier", "", " ou plus tôt"},
                        {"after ", "", "après ", ""},
                        {"", " or later", "", " ou plus tard"}}},
            of_text{{{"before ", " in the alphabet", "avant ", " dans l'alphabet"},
                     {"", " or before it in the alphabet", "", " ou avant dans l'alphabet"},
                     {"after ", " in the alphabet", "après ", " dans l'alphabet"},
                     {"", " or after it in the alphabet", "", " ou après dans l'alphabet"}}},
            of_age{{{"less than ", "", "de moins de ", ""},
                    {"at most ", "", "d'au plus ", ""},
                    {"more than ", "", "de plus de ", ""},
                    {"at least ", "", "d'au moins ", ""}}};
        row const& rows = which.type == field_type::choice    ? of_choice
                          : which.type == field_type::number  ? of_number
                          : which.type == field_type::instant ? of_instant
                          : which.type == field_type::age     ? of_age
                                                              : of_text;
        auto const& f = rows[static_cast<std::size_t>(kind) - static_cast<std::size_t>(op::less)];
        return told(s, be_of(which.type), std::string{f.en_before} + value + std::string{f.en_behind},
                    std::string{f.fr_before} + value + std::string{f.fr_behind});
    }

    std::string long_words(duration length) const {
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{
            {{"week", "semaine"},
             {"day", "jour"},
             {"hour", "heure"},
             {"minute", "minute"},
             {"second", "seconde"},
             {"millisecond", "milliseconde"}}};
        for (std::size_t i = 0; i < units.size(); ++i) {
            auto const count = length / units[i].length;
            if (length % units[i].length != duration{0} || (count == 0 && i + 2 != units.size()))
                continue;
            bool const plural = french_ ? count >= 2 || count <= -2 : count != 1;
            return std::to_string(count) + ' ' + say(names[i].first, names[i].second) + (plural ? "s" : "");
        }
        return to_text(length);
    }

    std::string date(instant at) const {
        auto const written = to_text(at); // 2026-01-05T08:00:00Z
        auto const day = written.substr(0, 10);
        auto const time = written.substr(11, written.substr(17) == "00Z" ? 5 : written.size() - 12);
        if (!french_)
            return day + " at " + time + " UTC";
        return "le " + day.substr(8, 2) + '/' + day.substr(5, 2) + '/' + day.substr(0, 4) + " à " + time + " UTC";
    }

    schema const& known_;
    bool french_;
};

// --- formulas, for what has no label

inline std::string_view word(op kind, language lang) noexcept {
    auto const& row = words[static_cast<std::size_t>(kind)];
    return lang == language::fr ? row.french : row.english;
}

inline std::string leaf_formula(explanation const& why, language lang) {
    std::string out = why.field + ' ' + std::string{word(why.kind, lang)};
    if (is_flag(why.kind))
        return why.operands[0] == literal{true} ? out : std::string{word(op::negate, lang)} + " (" + out + ')';
    if (!takes_many(why.kind))
        return out + ' ' + to_text(why.operands[0]) + teller{why.known, lang}.working(why.calendar);
    std::string list;
    for (auto const& operand : why.operands)
        list.append(list.empty() ? "" : ", ").append(to_text(operand));
    return out + " [" + list + ']';
}

inline std::string group_title(explanation const& why, language lang) {
    bool const french = lang == language::fr;
    if (why.kind == op::negate)
        return std::string{word(op::negate, lang)};
    if (why.kind == op::all)
        return french ? "tout :" : "all of:";
    return french ? "au moins un :" : "any of:";
}

inline bool has_label(explanation const& why, language lang) noexcept {
    if (why.number >= why.known.size())
        return false;
    auto const& called = why.known[why.number].called;
    return !(lang == language::fr ? called.fr : called.en).empty();
}

inline void describe_into(std::string& out, explanation const& why, language lang, std::size_t depth) {
    out.append(2 * depth, ' ').append(why.verdict ? "+ " : "- ");
    if (is_group(why.kind)) {
        out += group_title(why, lang) + '\n';
        for (auto const& child : why.children)
            describe_into(out, child, lang, depth + 1);
        return;
    }
    bool const french = lang == language::fr, labelled = has_label(why, lang);
    teller const tell{why.known, lang};
    if (why.kind == op::open) {
        out += tell.opening(why.calendar, false) + '\n';
        return;
    }
    auto const shown = [&](literal const& value) {
        auto const text = labelled ? tell.shown(value, why.known[why.number]) : to_text(value);
        return std::holds_alternative<duration>(value) ? text + tell.working(why.calendar) : text;
    };
    out += labelled ? tell.leaf(why.kind, why.number, why.operands, false, why.calendar) : leaf_formula(why, lang);
    out += (french ? "  (vu : " : "  (seen: ") + shown(why.seen);
    if (is_change(why.kind))
        out += (french ? ", avant : " : ", before: ") + shown(why.before);
    out += ")\n";
}

} // namespace guichet::inline v0::expr::detail
