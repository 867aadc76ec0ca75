#pragma once
#include <guichet/json/writer.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/routing/decision.hpp>
#include <guichet/time/iso8601.hpp>
#include <guichet/time/zone.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace guichet::inline v0::routing {
namespace detail {

/// What a decision says, in the two languages.
struct phrases {
    std::array<std::string_view, standings> standings_; ///< in the order of `standing`, after a number
    std::array<std::string_view, 8> ways;               ///< in the order of `way`
    std::string_view colon, desk, overloaded, nobody, closed, manual, unknown_team, no_team, on_call, no_duty;
    std::string_view skipped_before, skipped_after, skill, load, on_shift, always, in_place_of;
    std::string_view absent, off_shift, no_skill, needed, full, language, not_member, excluded;
    std::string_view further_notice, until, until_date, other, others, ask_again;
    std::array<std::string_view, 7> weekdays;
    std::array<std::string_view, 12> months;
};

inline constexpr phrases english{{"chosen", "available", "absent", "off shift", "without the skill", "below the level",
                                  "of another language", "full", "not in the team", "excluded"},
                                 {"nobody", "smallest load", "smallest part of the capacity", "next in turn",
                                  "first in the order of the team", "known to the requester", "on call",
                                  "chosen by the host"},
                                 ": ",
                                 "the desk",
                                 "all have their load, another team is asked",
                                 "nobody can take it",
                                 "closed",
                                 "its members take tickets themselves",
                                 "there is no such team",
                                 "the ticket names no team",
                                 ", on call",
                                 "nobody is on call for this now",
                                 "",
                                 " skipped",
                                 "skill ",
                                 "load ",
                                 "on shift",
                                 "always there",
                                 "in place of ",
                                 "absent",
                                 "off shift",
                                 "lacks the skill ",
                                 " needed",
                                 "full",
                                 "does not speak the requester's language",
                                 "not in the team",
                                 "excluded by the request",
                                 " until further notice",
                                 " until ",
                                 " until ",
                                 "1 other: ",
                                 " others: ",
                                 "ask again: ",
                                 {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
                                 {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};

inline constexpr phrases french{
    {"au choix", "en réserve", "en absence", "hors service", "sans la compétence", "sous le niveau",
     "d'une autre langue", "sans place", "hors de l'équipe", "à exclure"},
    {"personne", "la plus petite charge", "la plus petite part de capacité", "à son tour",
     "en tête de l'ordre de l'équipe", "déjà en contact avec le demandeur", "d'astreinte", "au choix de l'hôte"},
    " : ",
    "le guichet",
    "tout le monde a sa charge, une autre équipe est sollicitée",
    "personne ne peut le prendre",
    "fermé",
    "ses membres prennent eux-mêmes les tickets",
    "cette équipe n'existe pas",
    "le ticket ne nomme aucune équipe",
    ", astreinte",
    "personne n'est d'astreinte pour cela en ce moment",
    "sans ",
    "",
    "compétence ",
    "charge ",
    "en service",
    "toujours là",
    "remplace ",
    "absence",
    "hors service",
    "il manque la compétence ",
    " demandé",
    "plus de place",
    "ne parle pas la langue du demandeur",
    "hors de l'équipe",
    "à exclure selon la demande",
    " jusqu'à nouvel ordre",
    " jusqu'à ",
    " jusqu'au ",
    "1 autre : ",
    " autres : ",
    "redemander : ",
    {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
    {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}};

inline phrases const& in(language lang) noexcept { return lang == language::fr ? french : english; }

/// Makes the sentences of one decision.
class teller {
public:
    teller(decision const& d, language lang) : decision_{d}, lang_{lang}, say_{in(lang)} {}

    std::string run() {
        for (auto const& s : decision_.steps)
            tell(s);
        if (decision_.ask_again)
            line(0).append(say_.ask_again).append(time::print_local(*decision_.ask_again, time::zone{}, lang_));
        return std::move(out_);
    }

private:
    std::string& line(std::size_t indent) { return out_.append(out_.empty() ? "" : "\n").append(indent, ' '); }

    void tell(step const& s) {
        auto const& label = lang_ == language::fr ? s.label_fr : s.label_en;
        bool const nameless = s.team.empty() && s.how != outcome::unknown_team;
        if (s.team.empty() && s.how == outcome::unknown_team) {
            line(0).append(say_.no_team);
            return;
        }
        line(0).append(nameless ? say_.desk : label.empty() ? std::string_view{s.team} : std::string_view{label});
        out_.append(s.on_call ? say_.on_call : "").append(say_.colon);
        switch (s.how) {
        case outcome::chosen:
            out_.append(shown(s.candidates.front())).append(", ");
            out_.append(say_.ways[static_cast<std::size_t>(decision_.how)]);
            break;
        case outcome::overloaded: out_.append(say_.overloaded); break;
        case outcome::nobody: out_.append(say_.nobody); break;
        case outcome::closed: out_.append(s.on_call ? say_.no_duty : say_.closed); break;
        case outcome::manual: out_.append(say_.manual); break;
        case outcome::unknown_team: out_.append(say_.unknown_team); break;
        }
        auto rest = s.counts;
        for (auto const& c : s.candidates) {
            tell(c);
            auto& count = rest[static_cast<std::size_t>(c.how)];
            count -= count > 0;
        }
        auto const others = std::accumulate(rest.begin(), rest.end(), 0U);
        if (others == 0)
            return;
        line(2).append(others == 1 ? "" : std::to_string(others)).append(others == 1 ? say_.other : say_.others);
        for (std::size_t i = 0, told = 0; i < rest.size(); ++i)
            if (rest[i] > 0)
                out_.append(told++ ? ", " : "").append(std::to_string(rest[i])).append(" ").append(say_.standings_[i]);
    }

    static std::string_view shown(candidate const& c) noexcept { return c.label.empty() ? c.person : c.label; }

    void tell(candidate const& c) {
        bool const able = c.how == standing::chosen || c.how == standing::available;
        line(2).append(able ? "" : say_.skipped_before).append(shown(c)).append(able ? "" : say_.skipped_after);
        out_.append(say_.colon);
        if (!c.for_.empty())
            out_.append(say_.in_place_of).append(c.for_).append(", ");
        switch (c.how) {
        case standing::chosen:
        case standing::available:
            for (auto const& s : c.skills)
                out_.append(say_.skill).append(s.skill).append(" ").append(std::to_string(s.has)).append(", ");
            load(c);
            if (c.until)
                out_.append(", ").append(say_.on_shift);
            until(c);
            return;
        case standing::absent:
            out_.append(say_.absent);
            c.until ? until(c) : static_cast<void>(out_.append(say_.further_notice));
            return;
        case standing::off_shift:
            out_.append(say_.off_shift);
            until(c);
            return;
        case standing::no_skill:
        case standing::skill_too_low: lack(c); return;
        case standing::full:
            out_.append(say_.full).append(", ");
            load(c);
            return;
        case standing::language: out_.append(say_.language); return;
        case standing::not_member: out_.append(say_.not_member); return;
        case standing::excluded: out_.append(say_.excluded); return;
        }
    }
    void load(candidate const& c) {
        out_.append(say_.load).append(std::to_string(c.load));
        if (c.capacity > 0)
            out_.append("/").append(std::to_string(c.capacity));
    }
    void lack(candidate const& c) {
        auto const missing =
            std::find_if(c.skills.begin(), c.skills.end(), [](skill_seen const& s) { return s.has < s.needed; });
        if (missing == c.skills.end())
            return;
        if (missing->has == 0) {
            out_.append(say_.no_skill).append(missing->skill);
            return;
        }
        out_.append(say_.skill).append(missing->skill).append(" ").append(std::to_string(missing->has));
        out_.append(", ").append(std::to_string(missing->needed)).append(say_.needed);
    }

    /// "until 18:00" today, "until Monday" within the week, else a date; the time only where it is not midnight.
    void until(candidate const& c) {
        if (!c.until)
            return;
        if (zone_name_ != c.zone) {
            zone_name_ = c.zone;
            auto const found = time::zone::find(c.zone);
            zone_ = found ? *found : time::zone{};
        }
        auto const local = zone_.to_local(*c.until);
        auto const day = std::chrono::floor<std::chrono::days>(local);
        auto const ahead = day - std::chrono::floor<std::chrono::days>(zone_.to_local(decision_.at));
        auto const minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
        bool const dated = ahead.count() > 6;
        out_.append(dated ? say_.until_date : say_.until);
        if (dated) {
            std::chrono::year_month_day const date{day};
            out_.append(std::to_string(static_cast<unsigned>(date.day()))).append(" ");
            out_.append(say_.months[static_cast<unsigned>(date.month()) - 1]).append(" ");
            out_.append(std::to_string(static_cast<int>(date.year())));
        } else if (ahead.count() > 0)
            out_.append(say_.weekdays[std::chrono::weekday{day}.c_encoding()]);
        if (ahead.count() > 0 && minutes == 0)
            return;
        out_.append(ahead.count() > 0 ? " " : "");
        auto const two = [&](std::int64_t n) { out_.append(n < 10 ? "0" : "").append(std::to_string(n)); };
        two(minutes / 60);
        out_.append(":");
        two(minutes % 60);
    }

    decision const& decision_;
    language lang_;
    phrases const& say_;
    std::string zone_name_;
    time::zone zone_;
    std::string out_;
};

} // namespace detail

GUICHET_DECL std::string_view words(standing how, language lang) noexcept {
    return detail::in(lang).standings_[static_cast<std::size_t>(how)];
}

GUICHET_DECL std::string describe(decision const& d, language lang) { return detail::teller(d, lang).run(); }

GUICHET_DECL std::string encode(decision const& d) {
    std::string out;
    json::writer w{out};
    auto const text = [&](std::string_view key, std::string_view value) {
        if (value.empty())
            return;
        w.key(key);
        w.text(value);
    };
    auto const number = [&](std::string_view key, std::uint64_t value) {
        w.key(key);
        w.number(value);
    };
    auto const at = [&](std::string_view key, std::optional<instant> value) {
        if (value)
            text(key, time::to_text(*value));
    };
    w.begin_object();
    w.key("person");
    d.person.empty() ? w.null() : w.text(d.person);
    w.key("team");
    w.text(d.team);
    text("tier", d.tier);
    text("how", json::to_text(d.how));
    at("at", d.at);
    at("ask_again", d.ask_again);
    w.key("steps");
    w.begin_array();
    for (auto const& s : d.steps) {
        w.begin_object();
        w.key("team");
        w.text(s.team);
        text("how", json::to_text(s.how));
        if (s.on_call) {
            w.key("on_call");
            w.boolean(true);
        }
        w.key("counts");
        w.begin_object();
        for (std::size_t i = 0; i < s.counts.size(); ++i)
            if (s.counts[i] > 0)
                number(json::to_text(static_cast<standing>(i)), s.counts[i]);
        w.end_object();
        w.key("candidates");
        w.begin_array();
        for (auto const& c : s.candidates) {
            w.begin_object();
            text("person", c.person);
            text("label", c.label);
            text("how", json::to_text(c.how));
            number("load", c.load);
            if (c.capacity > 0)
                number("capacity", c.capacity);
            if (!c.skills.empty()) {
                w.key("skills");
                w.begin_array();
                for (auto const& skill : c.skills) {
                    w.begin_object();
                    text("skill", skill.skill);
                    number("has", skill.has);
                    number("needed", skill.needed);
                    w.end_object();
                }
                w.end_array();
            }
            at("until", c.until);
            text("zone", c.zone);
            text("for", c.for_);
            w.end_object();
        }
        w.end_array();
        w.end_object();
    }
    w.end_array();
    w.end_object();
    return out;
}

} // namespace guichet::inline v0::routing
