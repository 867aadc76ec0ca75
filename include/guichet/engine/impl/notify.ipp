#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/rules/notices.hpp>
#include <guichet/rules/rule_set.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the desk itself records on a ticket beside commands, and what it sends.
namespace guichet::inline v0::detail {

/// A ticket on which decisions are being taken, with the events so far.
struct work_piece {
    std::shared_ptr<ticket>& after;
    std::vector<event>& events;
};

/// Appends an event of the desk's own.
inline void record(work_piece on, event_body body, std::string_view actor, event_cause const& cause, instant now) {
    auto next = std::make_shared<ticket>(*on.after);
    auto& e = on.events.emplace_back();
    e.tenant = next->tenant;
    e.ticket = next->id;
    e.version = next->version + 1;
    e.at = std::max(now, next->updated_at);
    e.actor = actor;
    e.cause = cause;
    e.body = std::move(body);
    lifecycle::apply(*next, e);
    on.after = std::move(next);
}

/// What may be asked beside the ticket at hand: the desk answers from what it keeps, a trial from the log.
class surroundings {
public:
    virtual ~surroundings() = default;
    /// Whom the routing chooses. `cause`: what asks.
    virtual result<ticket_routed> route(ticket const& t, route_ticket const& wish, event_cause const& cause,
                                        instant now) = 0;
    /// Whether the recipient may get one more, of all tickets together.
    virtual result<bool> may_send(std::string const& to, instant now) = 0;
    /// What linked tickets and the host's own records say; null where nobody is there to ask.
    virtual relations const* related() const noexcept { return nullptr; }
};

/// The language of the requester, where the desk knows it: the custom field `language`.
inline std::string_view language_of(ticket const& t) noexcept { return t.field_text("language"); }

/// A template filled in for the requester, with dates where the desk is.
inline result<rules::wording> worded(std::string_view name, ticket const& t, configuration const& config, instant now) {
    auto const* home = config.policies->find_calendar("default");
    return config.wordings->render(*config.wordings->find(name), t, language_of(t), now,
                                   home ? home->zone() : time::zone{});
}

/// To whom a notice goes. A role that nobody has is nobody.
inline std::vector<std::string> recipients_of(rules::notice_action const& what, ticket const& t) {
    std::vector<std::string> out;
    auto const add = [&](std::string const& to) {
        if (!to.empty() && std::find(out.begin(), out.end(), to) == out.end())
            out.push_back(to);
    };
    for (auto const& to : what.to) {
        if (to == "requester")
            add(t.requester);
        else if (to == "contact")
            add(t.contact);
        else if (to == "assignee")
            add(t.assignee);
        else if (to == "watchers")
            std::for_each(t.watchers.begin(), t.watchers.end(), add);
        else
            add(to);
    }
    return out;
}

/// What the outbox gets. `key` is the same however often it is sent: the version of the ticket after the event.
inline std::string body_of(rules::notice_action const& what, std::string const& to, ticket const& t,
                           rules::wording const& says) {
    std::string out;
    json::writer w{out};
    auto const text = [&](std::string_view name, std::string_view value) {
        if (value.empty())
            return;
        w.key(name);
        w.text(value);
    };
    w.begin_object();
    text("key", to_string(t.id) + "/" + std::to_string(t.version + 1));
    text("ticket", to_string(t.id));
    text("number", t.number);
    if (what.channel == notice_channel::call) {
        text("function", to);
        w.key("arguments");
        w.raw(what.arguments.empty() ? "{}" : what.arguments.text);
    } else {
        text("to", to);
        text("wording", what.wording);
        text("language", says.language);
        text("subject", says.subject);
        text("text", says.text);
        text("html", says.html);
    }
    if (what.channel == notice_channel::webhook) {
        w.key("about");
        w.raw(encode(t));
    }
    w.end_object();
    return out;
}

/// What comes of sending to one: it leaves, with the words that `says` gives, or it is withheld because of the limits.
/// `answers_machine`: what happened was written by a machine.
template <class Words>
result<event_body> notice_to(std::string const& to, rules::notice_action const& what, ticket const& t,
                             surroundings& around, instant now, bool answers_machine, Words const& says) {
    auto const withhold = [&](withheld_because why) {
        return event_body{notice_withheld{what.channel, to, what.wording, why}};
    };
    if (what.channel != notice_channel::call) {
        if (answers_machine && what.channel == notice_channel::mail)
            return withhold(withheld_because::answers_machine);
        std::vector<instant> past;
        std::size_t lately = 0;
        for (auto const& n : t.notices) {
            lately += n.at + limits::notices_kept > now;
            if (n.to == to)
                past.push_back(n.at);
        }
        bool const full = lately >= limits::notices_max;
        if (full || !rules::may_send(past, rules::windows_of_ticket, now))
            return withhold(withheld_because::too_many_of_ticket);
        GUICHET_LET(bool const may, around.may_send(to, now));
        if (!may)
            return withhold(withheld_because::too_many_to_recipient);
    }
    GUICHET_LET(rules::wording const words, says());
    return event_body{notice_queued{what.channel, to, what.wording, body_of(what, to, t, words)}};
}

/// Sends to all whom it is for, and records what was sent and what was not. True when something left.
inline result<bool> send(rules::notice_action const& what, work_piece on, configuration const& config,
                         surroundings& around, event_cause const& cause, instant now, bool answers_machine) {
    bool left = false;
    for (auto const& to : recipients_of(what, *on.after)) {
        auto const words = [&] {
            return what.wording.empty() ? result<rules::wording>{rules::wording{}}
                                        : worded(what.wording, *on.after, config, now);
        };
        GUICHET_LET(auto body, notice_to(to, what, *on.after, around, now, answers_machine, words));
        left = left || std::holds_alternative<notice_queued>(body);
        record(on, std::move(body), system_person, cause, now);
    }
    return left;
}

/// "How content are you?", by a template or in standard words, for the requester of a resolved ticket.
inline result<event_body> question_to_requester(ask_rating const& wish, ticket const& t, configuration const& config,
                                                surroundings& around, instant now) {
    if (!wish.question.empty() && !config.wordings->find(wish.question))
        return error{reason::unknown_value,
                     {{"path", "question"}, {"value", wish.question}, {"known", "the templates that are stored"}}};
    auto const words = [&]() -> result<rules::wording> {
        if (!wish.question.empty())
            return worded(wish.question, t, config, now);
        if (language_of(t).starts_with("fr"))
            return rules::wording{"fr",
                                  "[" + t.number + "] Votre avis",
                                  "Votre demande \u00ab " + t.subject +
                                      " \u00bb est r\u00e9solue. De 1 (mauvais) \u00e0 5 (bon), qu'en pensez-vous ?",
                                  {}};
        return rules::wording{"en",
                              "[" + t.number + "] What do you think?",
                              "Your request \"" + t.subject +
                                  "\" is resolved. From 1 (bad) to 5 (good), what do you think of it?",
                              {}};
    };
    rules::notice_action const mail{notice_channel::mail, {}, wish.question, {}};
    return notice_to(t.requester, mail, t, around, now, false, words);
}

} // namespace guichet::inline v0::detail
