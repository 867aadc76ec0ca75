#pragma once
#include "property/dice.hpp"

#include <guichet/model/codec.hpp>
#include <guichet/model/guide.hpp>

#include <string>
#include <vector>

namespace play {

using namespace guichet;

/// What an administrator writes, by chance.
class paperwork {
public:
    explicit paperwork(dice& chance) : dice_{chance} {}

    std::vector<document> next_documents() {
        switch (dice_.below(10)) {
        case 9:
        case 8: return {next_guide()};
        case 7: return next_team();
        case 6: return next_ladder();
        case 5:
        case 4:
            return {written("template", "received", R"({"languages": [{"language": "en", "subject":
                        "{{ticket.number}}", "text": "We have your {{ticket.subject}}"}]})"),
                    written("rules", "desk", encode(next_rules()))};
        case 0: return {written("lifecycle", "default", encode(next_lifecycle()))};
        case 1: return {written("calendar", "default", next_calendar())};
        case 2:
            return {
                written("policy", dice_.pick(std::vector<std::string>{"standard", "printers"}), encode(next_policy()))};
        default: return {written("role", "requester", next_role())};
        }
    }
    lifecycle_document next_lifecycle() {
        auto d = itil_lifecycle();
        d.fields = {{{"remark", "", ""}, "text", {}, {}},
                    {{"effort", "", ""}, "number", {}, {}},
                    {{"approved", "", ""}, "boolean", {}, {"service_request", "incident"}},
                    {{"building", "", ""}, "choice", {"north", "tower"}, {}},
                    {{"asset", "", ""}, "reference", {}, {}}};
        d.auto_close.working_days = static_cast<std::uint32_t>(dice_.below(4));
        d.reply_of_requester_reopens = dice_.percent(80);
        d.reminders.working_days = static_cast<std::uint32_t>(dice_.below(3));
        d.reminders.calendar = "default";
        d.reminders.times = static_cast<std::uint32_t>(dice_.below(3));
        d.reminders.then = dice_.percent(50) ? "resolved" : "open";
        d.reply_of_desk_opens = dice_.percent(80);
        d.parent_waits_for_children = dice_.percent(80);
        if (dice_.percent(40)) {
            d.states.push_back({{"with supplier", "With the supplier", "Chez le fournisseur"}, status::on_hold});
            d.transitions.push_back({"open", {"with supplier"}, {}});
            d.transitions.push_back({"with supplier", {"open"}, {}});
        }
        if (dice_.percent(30))
            d.transitions[4].to.push_back("pending");
        if (dice_.percent(25)) // nobody closes what has no priority above low
            d.transitions[4] = {
                "resolved", {"open", "closed"}, {R"({"field": "priority", "op": "!=", "value": "low"})"}};
        if (dice_.percent(20))
            std::erase_if(d.kinds, [](auto const& kind) { return kind.name == "problem"; });
        return d;
    }
    std::string next_calendar() {
        static std::vector<std::string> const all{
            R"({"always_open": true})",
            R"({"tz": "Europe/Paris", "weekly": {"mon": [["09:00", "12:00"], ["13:30", "18:00"]],
                "tue": [["09:00", "18:00"]], "thu": [["22:00", "26:00"]]}, "holidays": ["2026-01-12"]})",
            R"({"tz": "UTC", "weekly": {"mon": [["08:00", "20:00"]], "wed": [["08:00", "20:00"]],
                "sat": [["08:00", "24:00"]]}})"};
        return dice_.pick(all);
    }
    policy_document next_policy() {
        policy_document p;
        p.name = "any";
        p.position = static_cast<std::uint32_t>(dice_.between(1, 9));
        p.calendar = "default";
        if (dice_.percent(50))
            p.condition.text = R"({"field": "queue", "op": "=", "value": "printers"})";
        p.targets = {{"first_response", "", std::to_string(dice_.between(5, 500)) + "min", {}},
                     {"resolution", "", std::to_string(dice_.between(1, 60)) + "h", {}}};
        if (dice_.percent(50))
            p.targets.push_back({"resolution", "high", "45min", {}});
        p.pause = {"pending", "on_hold"};
        if (dice_.percent(60)) {
            p.targets.push_back({"next_response", "", std::to_string(dice_.between(5, 300)) + "min", {}});
            p.metrics.push_back({"next_response", {}, true, dice_.percent(50) ? "last_contact" : ""});
        }
        if (dice_.percent(40)) {
            p.targets.push_back({"periodic_update", "", std::to_string(dice_.between(1, 9)) + "h", {}});
            p.metrics.push_back({"periodic_update", std::vector<std::string>{"on_hold"}, dice_.percent(50),
                                 dice_.percent(50) ? "unless_waiting" : ""});
        }
        if (dice_.percent(40))
            p.targets.push_back({"time_to_own", "", "2wd", {}, {}, dice_.percent(50)});
        if (dice_.percent(40)) {
            p.family = "supplier";
            p.targets.push_back({"handover", "", std::to_string(dice_.between(1, 30)) + "h", {}});
        }
        if (dice_.percent(40))
            p.metrics.push_back({"resolution", {}, true, "restart"});
        if (dice_.percent(70))
            p.thresholds = {{"resolution", "warning", "80%"}, {"resolution", "", "-20min"}, {"resolution", "", "+1h"}};
        if (dice_.percent(40)) { // a metric of one's own, and one that is built in but pauses by condition
            p.targets.push_back({"parts", "", std::to_string(dice_.between(1, 20)) + "h", {}});
            metric_definition parts{"parts"};
            parts.start.text = R"({"field": "queue", "op": "=", "value": "printers"})";
            parts.stop.text = R"({"field": "assignee", "op": "changed", "value": true})";
            parts.reset.text = R"({"field": "priority", "op": "changed_to", "value": "high"})";
            parts.cancel.text = R"({"field": "open", "op": "=", "value": false})";
            p.metrics.push_back(std::move(parts));
            metric_definition answer{"first_response"};
            answer.pause_when.text = R"({"field": "tags", "op": "contains", "value": "vip"})";
            if (dice_.percent(50))
                answer.resume_when.text = R"({"field": "messages", "op": "changed", "value": true})";
            p.metrics.push_back(std::move(answer));
        }
        if (dice_.percent(30))
            p.boundary = "farthest";
        p.catch_up = dice_.pick(std::vector<std::string>{"", "all", "once", "skip"});
        return p;
    }
    /// Triggers on chance conditions, a guard, a macro and a rule of time; some feed each other.
    rules_document next_rules() {
        rules_document set;
        set.chaining = dice_.percent(90);
        set.depth = static_cast<std::uint32_t>(dice_.between(1, 2));
        static std::vector<std::string> const whens{
            "",
            R"({"field":"priority","op":"=","value":"high"})",
            R"({"field":"assignee","op":"changed","value":true})",
            R"({"field":"queue","op":"in","value":["printers","network"]})",
            R"({"any":[{"field":"tags","op":"contains","value":"vip"},{"field":"replies","op":">","value":1}]})",
            R"({"field":"state","op":"changed_to","value":"open"})"};
        static std::vector<std::string> const actions{
            R"({"raise_priority":1})",
            R"({"raise_priority":-1})",
            R"({"command":"assign_ticket","assignee":"zoe"})",
            R"({"command":"tag_ticket","add":["seen"]})",
            R"({"command":"tag_ticket","remove":["seen"]})",
            R"({"command":"add_note","text":"A rule was here"})",
            R"({"command":"hand_over_ticket","queue":"network"})",
            R"({"command":"set_state","state":"open"})",
            R"({"command":"route_ticket"})",
            R"({"command":"route_ticket","team":"experts","exclude":"luc"})",
            R"({"command":"reply","text":"We are on it"})",
            R"({"command":"escalate_ticket","reason":"rights"})",
            R"({"command":"escalate_ticket","back":true})",
            R"({"command":"reply","wording":"received"})",
            R"({"command":"open_ticket","kind":"task","wording":"received"})",
            R"({"on":"children","command":"tag_ticket","add":["child"]})",
            R"({"on":"parent","command":"add_note","text":"A child moved"})",
            R"({"on":"linked","raise_priority":1})",
            R"({"mail":{"to":["requester","watchers"],"wording":"received"}})",
            R"({"command":"declare_major"})",
            R"({"command":"end_major"})",
            R"({"command":"ask_rating","question":"received"})",
            R"({"webhook":{"to":["https://example.org/x"]}})",
            R"({"call":{"name":"order","arguments":{"what":"toner"}}})"};
        for (auto left = dice_.between(1, 5); left > 0; --left) {
            rule_definition r;
            r.name = "r" + std::to_string(left);
            r.when.text = dice_.pick(whens);
            r.actions = {{dice_.pick(actions)}, {dice_.pick(actions)}};
            r.stop = dice_.percent(20);
            if (dice_.percent(40))
                r.on = {dice_.pick(std::vector<std::string>{"ticket_opened", "message_added", "priority_set"})};
            set.rules.push_back(std::move(r));
        }
        rule_definition echo, last; // the one only makes the other fire in a pass of its own
        echo.name = "echo";
        echo.when.text = R"({"field":"tags","op":"contains","value":"echo"})";
        echo.actions = {{R"({"command":"tag_ticket","remove":["echo"]})"}};
        last.name = "last";
        last.on = {"message_added"};
        last.actions = {{R"({"command":"tag_ticket","add":["echo"]})"}};
        set.rules.insert(set.rules.begin(), echo);
        set.rules.push_back(last);
        rule_definition take;
        take.name = "take";
        take.kind = "macro";
        take.actions = {{actions[2]}, {actions[7]}, {dice_.pick(actions)}};
        rule_definition soon;
        soon.name = "soon";
        soon.kind = "schedule";
        soon.schedule = {dice_.percent(50) ? "due_at" : "created_at", dice_.percent(50) ? "-20min" : "2h",
                         dice_.percent(50) ? "default" : ""};
        soon.actions = {{actions[0]}};
        rule_definition guard;
        guard.name = "guard";
        guard.kind = "guard";
        guard.on = {"ticket_closed"};
        guard.when.text = R"({"field":"priority","op":"=","value":"critical"})";
        guard.message_en = "Not a critical one";
        rule_definition holds; // commands and rules alike
        holds.name = "holds";
        holds.kind = "guard";
        holds.on = {dice_.pick(std::vector<std::string>{"priority_set", "ticket_assigned", "tags_changed"})};
        holds.when.text = R"({"field":"state","op":"=","value":"resolved"})";
        holds.message_en = "Not when it is resolved";
        set.rules.insert(set.rules.end(), {take, soon, guard, holds});
        return set;
    }
    /// People who share a team, by one mode or another, with hours or without.
    std::vector<document> next_team() {
        auto const mode = dice_.pick(std::vector<std::string>{"least_loaded", "round_robin", "direct", "manual"});
        std::string const shift = dice_.percent(50) ? R"("shift": "default", )" : "";
        return {written("person", "luc", "{" + shift + R"("capacity": 6, "languages": ["fr"]})"),
                written("person", "mia", R"({"absences": [{"from": "2026-01-07", "to": "2026-01-08"}]})"),
                written("person", "sam", shift.empty() ? "{}" : R"({"shift": "default"})"),
                written("team", "experts",
                        R"({"members": ["luc", "mia"], "supervisors": ["sam", "mia"], "sticky": true, "mode": ")" +
                            mode + R"("})"),
                written("team", "first line", R"({"tier": "1", "members": ["luc"], "overflow": "experts"})")};
    }
    /// A guide whose steps are the same each time, and lead elsewhere.
    document next_guide() {
        auto const one_of = [&](char const* a, char const* b) { return std::string{dice_.percent(50) ? a : b}; };
        auto const ask = [](char const* name, answer_kind kind, std::vector<guide_branch> next) {
            return guide_step{name, {"Well?", "Alors ?"}, kind, {}, {}, std::move(next)};
        };
        std::string const day = "2026-01-08";
        guide_document g;
        if (dice_.percent(50))
            g.audience = {"public"};
        g.steps = {
            ask("lit", answer_kind::yes_no, {{{true}, {}, {}, one_of("model", "pages")}, {{false}, {}, {}, "model"}}),
            ask("model", answer_kind::choice,
                {{{std::string{"old"}}, {}, {}, one_of("pages", "cured")}, {{}, {}, {}, "pages"}}),
            ask("pages", answer_kind::number, {{{}, 0.0, 10.0, one_of("since", "said")}, {{}, {}, {}, "since"}}),
            ask("since", answer_kind::date, {{{}, {}, day, "said"}, {{}, day, {}, one_of("passed", "said")}}),
            ask("said", answer_kind::text, {{{std::string{"nothing"}}, {}, {}, "cured"}, {{}, {}, {}, "passed"}})};
        g.steps[1].choices = {{"old", "", ""}, {"new", "", ""}};
        g.ends = {{"cured", guide_outcome::cured, {}, {"Done", "Fait"}},
                  {"passed", guide_outcome::handed_over, {}, {}, {}, "experts"}};
        return written("guide", one_of("printer", "network"), encode(g));
    }
    /// Two tiers with a checklist and a promise, and a path that tells of the resolution.
    std::vector<document> next_ladder() {
        auto const entry = dice_.percent(50) ? R"("entry": [{"condition": "category is not empty"}], )" : "";
        auto const ola = dice_.percent(50) ? R"("ola": {"within": "2h"}, )" : "";
        auto const answer =
            dice_.pick(std::vector<std::string>{"", R"("answer_within": "30min", )", R"("answer_within": "90h", )"});
        auto const begins = dice_.pick(std::vector<std::string>{"50%", "-30min", "80%"});
        auto const hours = dice_.percent(50) ? R"("in_hours": false, )" : "";
        return {written("tier", "1", R"({"position": 1, "teams": ["first line"]})"),
                written("tier", "2", std::string{"{"} + entry + ola + R"("position": 2, "teams": ["experts"]})"),
                written("escalation", "usual",
                        std::string{R"({"steps": [{"at": ")"} + begins + R"(", )" + hours + answer +
                            R"("to": ["supervisor", "mia"]}, {"at": "+10min", )" + hours +
                            R"("to": ["supervisor:2"]}]})")};
    }
    std::string next_role() {
        return dice_.percent(50) ? R"({"name": "requester", "side": "requester",
                         "rights": ["open_ticket", "reply", "attach_file", "reopen_ticket", "answer_guide",
                                    "see_own"]})"
                                 : R"({"name": "requester", "side": "requester",
                         "rights": ["open_ticket", "reply", "close_ticket", "see_own", "see_organisation"]})";
    }

private:
    static document written(std::string kind, std::string id, std::string body) {
        return {std::move(kind), std::move(id), 0, std::move(body), {}, {}};
    }

    dice& dice_;
};

} // namespace play
