#pragma once
#include <guichet/engine/impl/at_hand.ipp>
#include <guichet/engine/impl/notify.ipp>
#include <guichet/engine/impl/related.ipp>
#include <guichet/engine/impl/standing.ipp>
#include <guichet/model/forms.hpp>
#include <guichet/routing/choose.hpp>

#include <string>

/// What routing answers, as events have it.
namespace guichet::inline v0::detail {

/// What a host answers the desk.
struct host_answers {
    related_answers related;
    routing::router router;
};

/// Of each team in the log as many persons as a reader wants to see.
inline constexpr std::size_t routed_candidates = 5;

/// The log names persons as documents do: how people call them, and until when they are away, is not for ever.
inline ticket_routed event_of(routing::decision d) {
    for (auto& step : d.steps) {
        if (step.candidates.size() > routed_candidates)
            step.candidates.resize(routed_candidates);
        for (auto& c : step.candidates) {
            c.label.clear();
            c.until.reset();
        }
    }
    ticket_routed out;
    out.person = d.person;
    out.team = d.team;
    out.tier = d.tier;
    out.how = json::to_text(d.how);
    out.turn = d.taken.has_value();
    if (d.person.empty())
        out.again = d.ask_again;
    out.why.text = routing::encode(d);
    return out;
}

/// The team that is asked: the one wished for, the ticket's, or the only one there is.
inline result<std::string> team_asked(ticket const& t, route_ticket const& wish, routing::roster const& people) {
    auto const teams = people.teams();
    if (teams.size() == 1 && teams.front().name.empty())
        return std::string{};
    if (teams.empty())
        return error{reason::nobody_to_route_to};
    auto const name = !wish.team.empty() ? wish.team : !t.team.empty() ? t.team : std::string{};
    if (name.empty() && teams.size() == 1)
        return teams.front().name;
    if (name.empty())
        return error{reason::missing_field, {{"path", "team"}}};
    std::string known;
    for (auto const& team : teams)
        known.append(known.empty() ? "" : ", ").append(team.name);
    if (people.find_team(name) == routing::none)
        return error{reason::unknown_value, {{"path", "team"}, {"value", name}, {"known", known}}};
    return name;
}

/// The tier of a team: the team's own word, else the tier that names it.
inline std::string tier_of(std::string const& team, std::string const& tier, escalation::ladder const& ladder) {
    for (auto const& one : ladder.tiers())
        if (tier.empty() && std::find(one.teams.begin(), one.teams.end(), team) != one.teams.end())
            return one.name;
    return tier;
}

/// Asks the roster. A desk without teams keeps what the ticket says of team and tier.
inline result<ticket_routed> routed(ticket const& t, route_ticket const& wish, configuration const& config,
                                    routing::workload const& loads, routing::turns const& turns,
                                    std::string_view known_by, routing::router const& host, instant now) {
    GUICHET_LET(auto const team, team_asked(t, wish, *config.people));
    routing::request const asked{t, team, language_of(t), known_by, wish.exclude};
    GUICHET_LET(auto decided,
                routing::heed(host, *config.people, t, routing::choose(*config.people, asked, loads, turns, now)));
    auto out = event_of(std::move(decided));
    out.asked = wish.team;
    out.exclude = wish.exclude;
    out.team = out.team.empty() ? t.team : out.team;
    out.tier = tier_of(out.team, out.tier, *config.ladder);
    if (out.tier.empty() && out.team == t.team)
        out.tier = t.tier;
    return out;
}

/// Who last resolved something for the requester, where the team cares.
inline result<std::string> known_by(ticket const& t, route_ticket const& wish, configuration const& config,
                                    storage::store& store, instant now) {
    GUICHET_LET(auto const name, team_asked(t, wish, *config.people));
    auto const number = config.people->find_team(name);
    if (number == routing::none || !config.people->teams()[number].sticky || t.requester.empty())
        return std::string{};
    auto const& schema = config.rules->schema();
    using enum expr::op;
    storage::ticket_query query;
    query.tenant = t.tenant;
    query.now = now;
    query.limit = 1;
    query.order = {{ticket_field("resolved_at"), true}};
    GUICHET_LET(query.wanted,
                expr::condition::compile(
                    expr::all_of({expr::where("requester", equal, t.requester), expr::where("open", equal, false),
                                  expr::negate(expr::where("assignee", empty, true))}),
                    schema));
    GUICHET_LET(auto const found, store.find(query, schema));
    return found.empty() ? std::string{} : found.front()->assignee;
}

/// Answers from what the desk keeps. Lives as long as the unit of work.
class live_surroundings final : public surroundings {
public:
    live_surroundings(standing& kept, at_hand& hands, configuration const& config, host_answers const& host)
        : kept_{kept}, hands_{hands}, config_{config}, host_{host}, related_{hands, config, host.related} {}

    result<ticket_routed> route(ticket const& t, route_ticket const& wish, event_cause const&, instant now) override {
        GUICHET_TRY(catch_up(now));
        GUICHET_LET(auto const known, known_by(t, wish, config_, hands_.store(), now));
        return routed(t, wish, config_, kept_.loads(), kept_.turns(), known, host_.router, now);
    }
    result<bool> may_send(std::string const& to, instant now) override {
        GUICHET_TRY(catch_up(now));
        return rules::may_send(kept_.sent_to(to), rules::windows_of_recipient, now);
    }

    relations const* related() const noexcept override { return &related_; }

    /// Before a command: nothing is foreseen. After it, of what was foreseen nothing has come to be, unless it is told.
    void forget() {
        take_back();
        related_.forget();
    }

private:
    /// With what the command at hand did before.
    result<void> catch_up(instant now) {
        GUICHET_TRY(kept_.catch_up(hands_.store(), hands_.work(), config_, hands_.seen(), now));
        take_back();
        if (!hands_.now)
            return {};
        for (auto const& t : hands_.now->tickets) {
            kept_.foresee(*t.after);
            foreseen_.emplace_back(t.before, t.after);
        }
        return {};
    }

    void take_back() {
        for (auto const& [before, after] : foreseen_)
            before ? kept_.foresee(*before) : kept_.withdraw(*after);
        foreseen_.clear();
    }

    std::vector<std::pair<storage::ticket_snapshot, storage::ticket_snapshot>> foreseen_;
    standing& kept_;
    at_hand& hands_;
    configuration const& config_;
    host_answers const& host_;
    live_relations related_;
};

} // namespace guichet::inline v0::detail
