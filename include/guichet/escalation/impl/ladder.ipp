#pragma once
#include <guichet/escalation/ladder.hpp>
#include <guichet/json/path.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

namespace guichet::inline v0::escalation {
namespace detail {

inline error missing(std::string path) { return error{reason::missing_field, {{"path", std::move(path)}}}; }
inline error twice(std::string path, std::string value) {
    return error{reason::named_twice, {{"path", std::move(path)}, {"value", std::move(value)}}};
}

/// A condition on a ticket at rest.
inline result<expr::condition> at_rest(raw_json const& text, expr::schema const& schema, std::string const& here) {
    if (text.empty())
        return expr::condition{};
    GUICHET_LET(auto const json, json::parse(text.text));
    GUICHET_LET(auto out, expr::condition::compile(json, schema.stored(), here));
    if (out.asks_change())
        return error{reason::condition_asks_change, {{"path", here}}};
    return out;
}

inline result<std::vector<check>> checklist(std::vector<check_definition> const& written, expr::schema const& schema,
                                            std::string const& here) {
    std::vector<check> out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        auto const at = here + "[" + std::to_string(i) + "].condition";
        if (written[i].condition.empty())
            return missing(at);
        GUICHET_LET(auto condition, at_rest(written[i].condition, schema, at));
        out.push_back({written[i].name, written[i].label_en, written[i].label_fr, std::move(condition)});
    }
    return out;
}

inline error bad(std::string path, std::string const& value, std::string hint) {
    return error{reason::bad_value, {{"path", std::move(path)}, {"value", value}, {"hint", std::move(hint)}}};
}

/// A policy would refuse it too, but as a threshold of its own.
inline result<void> check_point(std::string const& at, std::string const& here) {
    if (at.starts_with('-') || at.starts_with('+')) {
        GUICHET_TRY(time::parse_duration(at.substr(1), here));
        return {};
    }
    double percent = 0;
    auto const* const end = at.data() + at.size() - 1;
    auto const read = std::from_chars(at.data(), end, percent);
    if (*end == '%' && read.ec == std::errc{} && read.ptr == end && percent > 0 && percent <= 10'000)
        return {};
    return bad(here, at, "write \"80%\" of the target, \"-30min\" before it or \"+1h\" after it");
}

/// "supervisor:2" counts from 1.
inline result<void> check_place(std::string const& to, std::string const& here) {
    constexpr std::string_view counted = "supervisor:";
    if (!to.starts_with(counted))
        return {};
    std::uint32_t place = 0;
    auto const* const end = to.data() + to.size();
    auto const read = std::from_chars(to.data() + counted.size(), end, place);
    if (read.ec == std::errc{} && read.ptr == end && place > 0)
        return {};
    return bad(here, to, "write \"supervisor\" for the nearest, \"supervisor:2\" for the next");
}

inline result<step> compile_step(escalation_step const& written, std::string const& here) {
    if (written.at.empty())
        return missing(here + ".at");
    if (written.to.empty())
        return missing(here + ".to");
    GUICHET_TRY(check_point(written.at, here + ".at"));
    for (std::size_t i = 0; i < written.to.size(); ++i)
        GUICHET_TRY(check_place(written.to[i], here + ".to[" + std::to_string(i) + "]"));
    step out{written.to, {}, written.in_hours, written.channel, written.wording};
    if (!written.answer_within.empty()) {
        GUICHET_LET(out.answer_within, time::parse_duration(written.answer_within, here + ".answer_within"));
    }
    if (written.channel == notice_channel::call)
        return bad(here + ".channel", "call", "take mail, message or webhook");
    return out;
}

/// How a check is spoken of: by its label, else by what it asks.
inline std::string words_of(check const& c, language lang) {
    auto const& label = lang == language::fr && !c.label_fr.empty() ? c.label_fr : c.label_en;
    return label.empty() ? c.condition.describe(lang) : label;
}

inline result<void> fulfilled(std::vector<check> const& list, ticket const& t, std::string const& of, instant now) {
    std::string en, fr;
    std::size_t count = 0;
    for (auto const& c : list) {
        if (c.condition.always() || c.condition.evaluate(ticket_record{t, c.condition.known()}, ticket_context(now)))
            continue;
        en.append(count ? "; " : "").append(words_of(c, language::en));
        fr.append(count ? " ; " : "").append(words_of(c, language::fr));
        ++count;
    }
    if (count == 0)
        return {};
    return error{reason::handover_incomplete,
                 {{"tier", of}, {"count", std::to_string(count)}, {"missing", en}, {"missing.fr", fr}}};
}

inline raw_json in_quotes(std::string_view condition) { // the text form is valid where JSON has a condition
    std::string out;
    json::writer{out}.text(condition);
    return {std::move(out)};
}

inline policy_document promise_of(tier_document const& tier) {
    std::string const metric = "time_in_tier";
    std::string name;
    json::writer{name}.text(tier.name);
    policy_document out;
    out.name = out.family = "ola:" + tier.name;
    out.pause = {"pending", "on_hold"};
    out.calendar = tier.ola.calendar.empty() ? "default" : tier.ola.calendar;
    metric_definition m;
    m.metric = metric;
    m.start = in_quotes("tier = " + name + " and open = true");
    m.stop = in_quotes("tier != " + name + " or open = false");
    out.metrics.push_back(std::move(m));
    target_definition within;
    within.metric = metric;
    within.within = tier.ola.within;
    out.targets.push_back(std::move(within));
    return out;
}

} // namespace detail

GUICHET_DECL std::string threshold_of(std::string_view path, std::size_t step) {
    return "escalation/" + std::string{path} + "/" + std::to_string(step);
}

GUICHET_DECL void add_thresholds(policy_document& to, std::vector<escalation_document> const& paths) {
    auto const family = to.family.empty() ? std::string{} : to.family + "/"; // begins the names of its clocks
    for (auto const& path : paths) {
        std::string_view metric = path.metric.empty() ? std::string_view{"resolution"} : path.metric;
        if (!metric.starts_with(family))
            continue;
        metric.remove_prefix(family.size());
        bool const has = std::any_of(to.targets.begin(), to.targets.end(),
                                     [&](target_definition const& t) { return t.metric == metric; });
        for (std::size_t i = 0; has && i < path.steps.size(); ++i)
            to.thresholds.push_back({std::string{metric}, threshold_of(path.name, i + 1), path.steps[i].at});
    }
}

GUICHET_DECL std::vector<policy_document> promises(std::vector<tier_document> const& tiers) {
    std::vector<policy_document> out;
    for (auto const& tier : tiers)
        if (!tier.ola.within.empty())
            out.push_back(detail::promise_of(tier));
    return out;
}

GUICHET_DECL result<std::shared_ptr<ladder const>> ladder::compile(ladder_documents const& documents,
                                                                   expr::schema const& schema) {
    auto out = std::make_shared<ladder>();
    for (auto const& d : documents.tiers) {
        auto const here = "tier." + d.name;
        tier one{d.name, d.label_en, d.label_fr, d.position, d.teams, {}, {}};
        GUICHET_LET(one.entry, detail::checklist(d.entry, schema, here + ".entry"));
        GUICHET_LET(one.exit, detail::checklist(d.exit, schema, here + ".exit"));
        out->tiers_.push_back(std::move(one));
    }
    std::sort(out->tiers_.begin(), out->tiers_.end(),
              [](tier const& a, tier const& b) { return std::tie(a.position, a.name) < std::tie(b.position, b.name); });
    std::set<std::string> teams;
    for (auto const& one : out->tiers_)
        for (auto const& team : one.teams)
            if (!teams.insert(team).second)
                return detail::twice("tier." + one.name + ".teams", team);
    auto sorted = documents.paths;
    std::stable_sort(sorted.begin(), sorted.end(), [](escalation_document const& a, escalation_document const& b) {
        return std::tie(a.position, a.name) < std::tie(b.position, b.name);
    });
    for (auto const& d : sorted) {
        auto const here = "escalation." + d.name;
        if (d.steps.empty())
            return detail::missing(here + ".steps");
        path one{d.name, d.metric.empty() ? "resolution" : d.metric, {}, {}};
        GUICHET_LET(one.condition, detail::at_rest(d.condition, schema, here + ".condition"));
        for (std::size_t i = 0; i < d.steps.size(); ++i) {
            GUICHET_LET(auto compiled, detail::compile_step(d.steps[i], here + ".steps[" + std::to_string(i) + "]"));
            one.steps.push_back(std::move(compiled));
        }
        out->paths_.push_back(std::move(one));
    }
    return std::shared_ptr<ladder const>{std::move(out)};
}

GUICHET_DECL tier const* ladder::find_tier(std::string_view name) const noexcept {
    auto const found = std::find_if(tiers_.begin(), tiers_.end(), [&](tier const& t) { return t.name == name; });
    return found == tiers_.end() ? nullptr : &*found;
}

GUICHET_DECL path const* ladder::find_path(std::string_view name) const noexcept {
    auto const found = std::find_if(paths_.begin(), paths_.end(), [&](path const& p) { return p.name == name; });
    return found == paths_.end() ? nullptr : &*found;
}

GUICHET_DECL path const* ladder::path_for(std::string_view metric, ticket const& t, instant now) const noexcept {
    for (auto const& p : paths_)
        if (p.metric == metric &&
            (p.condition.always() || p.condition.evaluate(ticket_record{t, p.condition.known()}, ticket_context(now))))
            return &p;
    return nullptr;
}

/// The last escalation that was not itself a way back, and was not gone back over.
GUICHET_DECL result<ticket_escalated> ladder::back(ticket const& t) const {
    std::size_t over = 0;
    for (auto mark = t.escalations.rbegin(); mark != t.escalations.rend(); ++mark) {
        if (mark->direction == escalation_direction::back) {
            ++over;
            continue;
        }
        if (over-- > 0)
            continue;
        return ticket_escalated{
            escalation_direction::back, t.team, t.tier, t.assignee, mark->from_team, mark->from_tier,
            mark->from_assignee,        {}};
    }
    return error{reason::nowhere_to_escalate,
                 {{"problem", "it was not escalated"}, {"problem.fr", "il n'a pas été escaladé"}}};
}

GUICHET_DECL result<ticket_escalated> ladder::climb(ticket const& t, escalate_ticket const& wish, instant now) const {
    if (wish.back) {
        GUICHET_LET(auto out, back(t));
        out.reason = wish.reason;
        return out;
    }
    ticket_escalated out{escalation_direction::up, t.team, t.tier, t.assignee, wish.team, wish.tier, {}, wish.reason};
    auto const* from = find_tier(t.tier);
    tier const* to = nullptr;
    if (!wish.tier.empty()) {
        to = find_tier(wish.tier);
        std::string known;
        for (auto const& one : tiers_)
            known.append(known.empty() ? "" : ", ").append(one.name);
        if (!to)
            return error{reason::unknown_value, {{"path", "tier"}, {"value", wish.tier}, {"known", known}}};
    } else if (!wish.team.empty()) { // to another team: of the tier that it belongs to, where it belongs to one
        for (auto const& one : tiers_)
            if (std::find(one.teams.begin(), one.teams.end(), wish.team) != one.teams.end())
                to = &one;
        out.tier = to ? to->name : t.tier;
    } else {
        auto const* here = from || tiers_.empty() ? from : &tiers_.front(); // what has no tier yet begins at the lowest
        auto const above =
            std::find_if(tiers_.begin(), tiers_.end(), [&](tier const& one) { return one.position > here->position; });
        if (above == tiers_.end())
            return error{reason::nowhere_to_escalate,
                         {{"problem", "there is no tier above it; name a team"},
                          {"problem.fr", "il n'y a pas de niveau au-dessus ; nommez une équipe"}}};
        to = &*above;
    }
    if (to) {
        out.tier = to->name;
        bool const keeps = std::find(to->teams.begin(), to->teams.end(), t.team) != to->teams.end();
        if (out.team.empty())
            out.team = to->teams.empty() || keeps ? t.team : to->teams.front();
    }
    if (out.team == t.team && out.tier == t.tier)
        return error{reason::nowhere_to_escalate,
                     {{"problem", "it is there already"}, {"problem.fr", "il y est déjà"}}};
    if (from && to && to->position < from->position)
        out.direction = escalation_direction::down;
    bool const up = !from || !to || to->position > from->position;
    if (up && from)
        GUICHET_TRY(detail::fulfilled(from->exit, t, from->name, now));
    if (up && to)
        GUICHET_TRY(detail::fulfilled(to->entry, t, to->name, now));
    return out;
}

} // namespace guichet::inline v0::escalation
