// open, list, show, sla, history, as-of.

#include "commands.hpp"
#include "print_sla.hpp"
#include "print_ticket.hpp"

#include <guichet/engine/answers.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/time/iso8601.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

namespace guichet::cli {
namespace {

result<channel> parse_channel(std::string const& name) {
    static constexpr channel all[] = {channel::portal, channel::phone, channel::mail,
                                      channel::chat,   channel::api,   channel::monitoring};
    for (auto const c : all)
        if (to_string(c) == name)
            return c;
    return error{reason::unknown_value,
                 {{"path", "--channel"}, {"value", name}, {"known", "portal, phone, mail, chat, api, monitoring"}}};
}

// --- open

struct open_options {
    open_ticket wish;
    std::string channel = "portal";
};

result<int> run_open(context& c, open_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    command wish{c.who(), given.wish, {}, {}, {}, {}};
    GUICHET_LET(std::get<open_ticket>(wish.body).channel, parse_channel(given.channel));
    GUICHET_LET(auto const came_to, d->execute(wish));
    print_line(c.opt().json ? guichet::encode(came_to)
                            : c.say()(msg::opened, c.out().paint(style::bold, came_to.number)));
    return 0;
}

void add_open(builder& to) {
    auto const given = std::make_shared<open_options>();
    auto* sub = to.add(msg::group_tickets, "open", msg::help_open, [given](context& c) { return run_open(c, *given); });
    auto& w = given->wish;
    sub->add_option("SUBJECT", w.subject, to.say(msg::help_subject))->required();
    to.option(sub, "--text", w.text, msg::help_text);
    to.option(sub, "--kind", w.kind, msg::help_kind);
    to.option(sub, "--requester", w.requester, msg::help_requester);
    to.option(sub, "--impact", w.impact, msg::help_impact);
    to.option(sub, "--urgency", w.urgency, msg::help_urgency);
    to.option(sub, "--priority", w.priority, msg::help_priority);
    to.option(sub, "--category", w.category, msg::help_category);
    to.option(sub, "--queue", w.queue, msg::help_queue);
    to.option(sub, "--assignee", w.assignee, msg::help_assignee);
    to.option(sub, "--channel", given->channel, msg::help_channel);
    to.option(sub, "--tag", w.tags, msg::help_tag);
}

// --- list

struct list_options {
    std::string queue, state, status, priority, assignee, requester, order, cursor, where;
    bool breached = false;
    std::size_t limit = 20;
};

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        auto const comma = std::min(list.find(','), list.size());
        if (comma > 0)
            out.emplace_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return out;
}

view view_of(list_options const& given) {
    using namespace expr;
    std::vector<draft> parts;
    std::pair<char const*, std::string const*> const plain[] = {
        {"queue", &given.queue},       {"state", &given.state},         {"priority", &given.priority},
        {"assignee", &given.assignee}, {"requester", &given.requester},
    };
    for (auto const& [field, value] : plain)
        if (!value->empty())
            parts.push_back(where(field, op::equal, *value));
    if (given.status == "open")
        parts.push_back(where("open", op::equal, true));
    else if (!given.status.empty())
        parts.push_back(where("status", op::equal, given.status));
    if (given.breached)
        parts.push_back(where("breached", op::equal, true));
    view out;
    out.matching = all_of(std::move(parts));
    out.where = given.where;
    out.order = split(given.order);
    out.limit = given.limit;
    out.cursor = given.cursor;
    return out;
}

result<int> run_list(context& c, list_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const found, d->query(view_of(given), c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(found));
        return 0;
    }
    auto const& out = c.out();
    if (found.tickets.empty()) {
        print_line(c.say()(msg::no_ticket));
        return 0;
    }
    auto const config = d->config();
    print(print_list(out, {config->rules->document(), c.say()}, found.tickets));
    auto const count = found.tickets.size();
    auto foot = count == 1 ? c.say()(msg::shown_one) : c.say()(msg::shown, out.number(count));
    if (!found.next.empty())
        foot += " · " + c.say()(msg::more, found.next);
    print_line(out.paint(style::dim, foot));
    return 0;
}

void add_list(builder& to) {
    auto const given = std::make_shared<list_options>();
    auto* sub = to.add(msg::group_tickets, "list", msg::help_list, [given](context& c) { return run_list(c, *given); });
    to.option(sub, "--queue", given->queue, msg::help_queue);
    to.option(sub, "--state", given->state, msg::help_state);
    to.option(sub, "--status", given->status, msg::help_status);
    to.option(sub, "--priority", given->priority, msg::help_priority);
    to.option(sub, "--assignee", given->assignee, msg::help_assignee);
    to.option(sub, "--requester", given->requester, msg::help_requester);
    to.flag(sub, "--breached", given->breached, msg::help_breached);
    to.option(sub, "--order", given->order, msg::help_order);
    to.option(sub, "--limit", given->limit, msg::help_limit);
    to.option(sub, "--cursor", given->cursor, msg::help_cursor);
    to.option(sub, "--where", given->where, msg::help_where);
}

// --- show, as-of

std::string whole_ticket(ticket const& t, std::vector<sla::clock> const& clocks,
                         std::vector<message> const& conversation) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("ticket");
    w.raw(guichet::encode(t));
    w.key("clocks");
    w.begin_array();
    for (auto const& c : clocks)
        w.raw(guichet::encode(c));
    w.end_array();
    w.key("conversation");
    w.begin_array();
    for (auto const& m : conversation)
        w.raw(guichet::encode(m));
    w.end_array();
    w.end_object();
    return out;
}

void show_ticket(context& c, desk const& d, ticket const& t, std::vector<sla::clock> const& clocks,
                 std::vector<message> const& conversation, instant now) {
    if (c.opt().json)
        return print_line(whole_ticket(t, clocks, conversation));
    auto const config = d.config();
    print(print_ticket(c.out(), {config->rules->document(), c.say()}, t, clocks, conversation, numbers_in(d, c.who()),
                       now));
}

result<int> run_show(context& c, std::string const& which) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(which, c.who()));
    GUICHET_LET(auto const clocks, d->clocks(t));
    GUICHET_LET(auto const conversation, d->conversation(t.id, c.who()));
    show_ticket(c, *d, t, clocks, conversation, c.env().now());
    return 0;
}

struct sla_options {
    std::string ticket, svg;
};

result<int> run_sla(context& c, sla_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(given.ticket, c.who()));
    GUICHET_LET(auto const proofs, d->explain(t.id, c.who()));
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    if (!given.svg.empty()) {
        std::ofstream file{given.svg, std::ios::binary};
        file << draw_proofs(c.out(), words, t, proofs);
        if (!file.flush())
            return error{reason::file_unwritable, {{"path", given.svg}, {"problem", std::strerror(errno)}}};
    }
    if (c.opt().json) {
        std::string out;
        json::writer w{out};
        w.begin_array();
        for (auto const& p : proofs)
            w.raw(sla::encode(p));
        w.end_array();
        print_line(out);
    } else if (given.svg.empty())
        print(print_proofs(c.out(), words, t, proofs));
    return 0;
}

struct as_of_options {
    std::string ticket, at;
};

result<int> run_as_of(context& c, as_of_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const at, c.when(given.at, "TIME"));
    GUICHET_LET(auto const now, d->find(given.ticket, c.who()));
    GUICHET_LET(auto const then, d->as_of(now.id, at, c.who()));
    GUICHET_LET(auto conversation, d->conversation(now.id, c.who()));
    std::erase_if(conversation, [&](message const& m) { return m.at > at; });
    auto const config = d->config();
    auto const clocks = sla::clocks(then, *config->policies, at);
    if (!c.opt().json)
        print_line(c.out().paint(style::dim, c.say()(msg::as_it_was, c.out().date(at))));
    show_ticket(c, *d, then, clocks, conversation, at);
    return 0;
}

result<int> run_history(context& c, std::string const& which) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const t, d->find(which, c.who()));
    GUICHET_LET(auto const events, d->history(t.id, c.who()));
    show_history(c, *d, t.number + "  " + t.subject, events);
    return 0;
}

} // namespace

void show_history(context const& c, desk const& d, std::string const& heading, std::vector<event> const& events) {
    if (c.opt().json) {
        for (auto const& e : events)
            print_line(guichet::encode(e));
        return;
    }
    auto const config = d.config();
    print_line(c.out().paint(style::bold, harmless(heading)));
    print(print_history(c.out(), {config->rules->document(), c.say()}, events, numbers_in(d, c.who())));
}

void add_ticket_commands(builder& to) {
    add_open(to);
    add_list(to);
    auto const shown = std::make_shared<std::string>();
    auto* show =
        to.add(msg::group_tickets, "show", msg::help_show, [shown](context& c) { return run_show(c, *shown); });
    show->add_option("TICKET", *shown, to.say(msg::help_ticket))->required();
    auto const told = std::make_shared<std::string>();
    auto* history =
        to.add(msg::group_tickets, "history", msg::help_history, [told](context& c) { return run_history(c, *told); });
    history->add_option("TICKET", *told, to.say(msg::help_ticket))->required();
    auto const explained = std::make_shared<sla_options>();
    auto* sla =
        to.add(msg::group_tickets, "sla", msg::help_sla, [explained](context& c) { return run_sla(c, *explained); });
    sla->add_option("TICKET", explained->ticket, to.say(msg::help_ticket))->required();
    to.option(sla, "--svg", explained->svg, msg::help_svg)->type_name("FILE");
    auto const then = std::make_shared<as_of_options>();
    auto* as_of =
        to.add(msg::group_tickets, "as-of", msg::help_as_of, [then](context& c) { return run_as_of(c, *then); });
    as_of->add_option("TICKET", then->ticket, to.say(msg::help_ticket))->required();
    as_of->add_option("TIME", then->at, to.say(msg::help_instant))->required();
}

} // namespace guichet::cli
