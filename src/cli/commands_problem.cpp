// problem show, resolve, undo, prevent, effect; major declare, update, end; rate.

#include "commands.hpp"
#include "print_ticket.hpp"
#include "table.hpp"

#include <guichet/model/codec.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace guichet::cli {
namespace {

/// Executes a command on a ticket and says what it came to: as JSON, or in the words that `tell` gives.
template <class Tell>
result<int> execute(context& c, std::string const& ticket, command_body body, Tell const& tell) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const came_to, d->execute(c.wish(std::move(body), ticket)));
    print_line(c.opt().json ? guichet::encode(came_to) : tell(came_to));
    return 0;
}

// --- show

result<int> run_problem_show(context& c, std::string const& ticket) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(ticket, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(t));
        return 0;
    }
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    print_line(c.out().paint(style::bold, t.number) + "  " + words.state(t.state) + "  " + harmless(t.subject));
    for (auto const& f : t.fields)
        print_line("  " + words.field(f.name) + ": " + words.value(f.value));
    table rows{{{c.say()(msg::number)},
                {c.say()(msg::problem_link)},
                {c.say()(msg::state)},
                {c.say()(msg::requester)},
                {c.say()(msg::subject), false, true}}};
    for (auto const& link : t.links)
        if (auto const other = d->find(link.ticket, c.who()))
            rows.add({{other->number, style::bold},
                      {words.of(link.kind)},
                      {words.state(other->state) +
                       (other->resolved_with == t.id ? ", " + c.say()(msg::problem_resolved) : std::string{})},
                      {harmless(other->requester)},
                      {harmless(other->subject)}});
    print(rows.empty() ? c.say()(msg::problem_alone) + "\n" : rows.print(c.out()));
    return 0;
}

// --- resolve, undo

/// The sentence of a reason that has no blanks to fill in, else its name.
std::string why_left_out(context const& c, left_out const& one, std::string const& number) {
    if (!one.rule.empty())
        return c.say()(msg::problem_rule, harmless(one.rule));
    for (int i = 0; i <= static_cast<int>(reason::defect); ++i)
        if (auto const why = static_cast<reason>(i); info(why).name == one.why) {
            auto const says = error{why, {{"ticket", number}}}.describe(c.say().lang);
            return says.find('{') == std::string::npos ? says : one.why;
        }
    return one.why;
}

struct family_options {
    std::string ticket, code, text, state;
    bool dry_run = false;
};

/// What became of the head of a family and of each of it.
std::string tell_family(context const& c, desk const& d, outcome const& came_to, msg done) {
    table rows{{{c.say()(msg::number)}, {c.say()(msg::subject), false, true}, {c.say()(msg::problem_comes_to)}}};
    auto const add = [&](ticket_id id, std::string becomes, style look) {
        auto const t = d.find(id, c.who());
        rows.add({{t ? t->number : to_string(id), style::bold},
                  {t ? harmless(t->subject) : std::string{}},
                  {std::move(becomes), look}});
    };
    for (auto const& e : came_to.events) {
        auto const list = [&](auto const& family) {
            for (auto const id : family.tickets)
                add(id, c.say()(done), style::green);
            for (auto const& one : family.left_out)
                add(one.ticket,
                    c.say()(msg::problem_left_out, why_left_out(c, one, number_of_ticket(d, c.who(), one.ticket))),
                    style::yellow);
        };
        if (auto const* resolved = std::get_if<family_resolved>(&e.body))
            list(*resolved);
        else if (auto const* reopened = std::get_if<family_reopened>(&e.body))
            list(*reopened);
    }
    return rows.empty() ? c.say()(msg::problem_alone) + "\n" : rows.print(c.out());
}

result<int> run_on_family(context& c, family_options const& given, command_body body, msg done) {
    GUICHET_LET(desk* const d, c.open_desk());
    auto const wish = c.wish(std::move(body), given.ticket);
    GUICHET_LET(auto const came_to, given.dry_run ? d->rehearse(wish) : d->execute(wish));
    if (c.opt().json) {
        print_line(guichet::encode(came_to));
        return 0;
    }
    print(tell_family(c, *d, came_to, done));
    if (given.dry_run)
        print_line(c.out().paint(style::dim, c.say()(msg::problem_nothing_written)));
    return 0;
}

// --- prevent, effect

struct prevent_options {
    std::string problem, subject, owner, due, text;
};

result<int> run_prevent(context& c, prevent_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const problem, d->find(given.problem, c.who()));
    open_ticket action;
    action.kind = "preventive_action";
    action.subject = given.subject;
    action.text = given.text;
    action.assignee = given.owner;
    action.category = problem.category;
    if (!given.due.empty())
        action.fields.push_back({"due_date", field_value{given.due}, 0});
    auto const id = make_id<ticket_id>(c.env(), c.env().now());
    std::vector<command> wishes(2);
    wishes[0] = {c.who(), std::move(action), id, {}, {}, {}};
    wishes[1] = {c.who(), link_ticket{link_kind::relates_to, problem.id}, id, {}, {}, {}};
    GUICHET_LET(auto const came_to, d->execute(wishes, batch_mode::all_or_none));
    auto const& opened = *came_to.front();
    print_line(c.opt().json
                   ? guichet::encode(opened)
                   : c.say()(msg::problem_prevented, c.out().paint(style::bold, opened.number), problem.number));
    return 0;
}

struct effect_options {
    std::string problem, action, since;
    int days = 90;
};

result<int> run_effect(context& c, effect_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const problem, d->find(given.problem, c.who()));
    ticket_id action;
    if (!given.action.empty()) {
        GUICHET_LET(auto const t, d->find(given.action, c.who()));
        action = t.id;
    }
    std::optional<instant> since;
    if (!given.since.empty()) {
        GUICHET_LET(since, c.when(given.since, "--since"));
    }
    GUICHET_LET(auto const found, d->effect_of(problem.id, c.who(), action, since, std::chrono::days{given.days}));
    if (c.opt().json) {
        print_line(guichet::encode(found));
        return 0;
    }
    table rows{
        {{c.out().date(found.since)}, {c.say()(msg::effect_tickets), true}, {c.say()(msg::effect_monthly), true}}};
    rows.add({{c.say()(msg::effect_before)},
              {c.out().number(found.tickets_before)},
              {fmt::format("{:.1f}", monthly(found.tickets_before, found.before))}});
    rows.add({{c.say()(msg::effect_after)},
              {c.out().number(found.tickets_after)},
              {fmt::format("{:.1f}", monthly(found.tickets_after, found.after))}});
    print(rows.print(c.out()));
    print_line(c.say()(msg::effect_chance, fmt::format("{:.1f}", found.chance * 100)));
    return 0;
}

// --- the commands

void add_problem(builder& to) {
    auto& family = *to.add_family(msg::group_tickets, "problem", msg::help_problem);
    auto const add = [&](char const* name, msg help, action what) {
        return to.add(family, msg::group_tickets, name, help, std::move(what));
    };
    auto const shown = std::make_shared<std::string>();
    auto* show = add("show", msg::help_problem_show, [shown](context& c) { return run_problem_show(c, *shown); });
    show->add_option("TICKET", *shown, to.say(msg::help_ticket))->required();

    auto const solved = std::make_shared<family_options>();
    auto* resolve = add("resolve", msg::help_problem_resolve, [solved](context& c) {
        return run_on_family(c, *solved, resolve_family{solved->code, solved->text, solved->state},
                             msg::problem_resolved);
    });
    resolve->add_option("TICKET", solved->ticket, to.say(msg::help_ticket))->required();
    to.option(resolve, "--code", solved->code, msg::help_family_code);
    to.option(resolve, "--text", solved->text, msg::help_family_text);
    to.flag(resolve, "--dry-run", solved->dry_run, msg::help_dry_run);

    auto const undone = std::make_shared<family_options>();
    auto* undo = add("undo", msg::help_problem_undo, [undone](context& c) {
        return run_on_family(c, *undone, undo_family{undone->text}, msg::problem_reopened);
    });
    undo->add_option("TICKET", undone->ticket, to.say(msg::help_ticket))->required();
    to.option(undo, "--text", undone->text, msg::help_undo_text);
    to.flag(undo, "--dry-run", undone->dry_run, msg::help_dry_run);

    auto const wanted = std::make_shared<prevent_options>();
    auto* prevent = add("prevent", msg::help_problem_prevent, [wanted](context& c) { return run_prevent(c, *wanted); });
    prevent->add_option("TICKET", wanted->problem, to.say(msg::help_ticket))->required();
    prevent->add_option("SUBJECT", wanted->subject, to.say(msg::help_prevent_subject))->required();
    to.option(prevent, "--owner", wanted->owner, msg::help_prevent_owner);
    to.option(prevent, "--due", wanted->due, msg::help_prevent_due)->type_name("DATE");
    to.option(prevent, "--text", wanted->text, msg::help_text);

    auto const measured = std::make_shared<effect_options>();
    auto* effect = add("effect", msg::help_problem_effect, [measured](context& c) { return run_effect(c, *measured); });
    effect->add_option("TICKET", measured->problem, to.say(msg::help_ticket))->required();
    to.option(effect, "--action", measured->action, msg::help_effect_action)->type_name("TICKET");
    to.option(effect, "--since", measured->since, msg::help_effect_since)->type_name("TIME");
    to.option(effect, "--days", measured->days, msg::help_effect_days);
}

void add_major(builder& to) {
    struct told {
        std::string ticket, text;
    };
    auto& family = *to.add_family(msg::group_tickets, "major", msg::help_major);
    auto const add = [&](char const* name, msg help, std::shared_ptr<told> const& given, action what) {
        auto* sub = to.add(family, msg::group_tickets, name, help, std::move(what));
        sub->add_option("TICKET", given->ticket, to.say(msg::help_ticket))->required();
        return sub;
    };
    auto const declared = std::make_shared<told>();
    add("declare", msg::help_major_declare, declared, [declared](context& c) {
        return execute(c, declared->ticket, declare_major{},
                       [&](outcome const& o) { return c.say()(msg::major_declared, o.number); });
    });
    auto const updated = std::make_shared<told>();
    auto* update = add("update", msg::help_major_update, updated, [updated](context& c) {
        return execute(c, updated->ticket, post_update{updated->text}, [&](outcome const& o) {
            return c.say()(msg::major_told, std::count_if(o.events.begin(), o.events.end(), [](event const& e) {
                               return std::holds_alternative<notice_queued>(e.body);
                           }));
        });
    });
    update->add_option("TEXT", updated->text, to.say(msg::help_major_text))->required();
    auto const ended = std::make_shared<told>();
    add("end", msg::help_major_end, ended, [ended](context& c) {
        return execute(c, ended->ticket, end_major{},
                       [&](outcome const& o) { return c.say()(msg::major_over, o.number); });
    });
}

void add_rate(builder& to) {
    struct opinion {
        std::string ticket;
        rate_ticket wish;
    };
    auto const given = std::make_shared<opinion>();
    auto* rate = to.add(msg::group_tickets, "rate", msg::help_rate, [given](context& c) {
        return execute(c, given->ticket, given->wish, [&](outcome const&) { return c.say()(msg::rated); });
    });
    rate->add_option("TICKET", given->ticket, to.say(msg::help_ticket))->required();
    rate->add_option("SCORE", given->wish.score, to.say(msg::help_rate_score))->required();
    to.option(rate, "--text", given->wish.text, msg::help_rate_text);
}

} // namespace

void add_problem_commands(builder& to) {
    add_problem(to);
    add_major(to);
    add_rate(to);
}

} // namespace guichet::cli
