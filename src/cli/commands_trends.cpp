// trends, gather: what comes faster than usual, and one ticket above those that are alike.

#include "commands.hpp"
#include "print_ticket.hpp"
#include "table.hpp"

#include <guichet/json/describe.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/trends/watch_set.hpp>

#include <filesystem>
#include <memory>

namespace guichet::cli {
namespace {

struct trends_options {
    std::string from, to;
    std::vector<std::string> put;
    bool explain = false;
};

/// "category network"; without a trait, all tickets.
std::string trait_of(context const& c, told_trend const& t) {
    if (t.field.empty())
        return c.say()(msg::trend_all);
    return harmless(t.field) + " " + (t.value.empty() ? c.say()(msg::erased) : harmless(t.value));
}

void print_explained(context const& c, desk const& d, told_trend const& t) {
    auto const& out = c.out();
    print_line("  " + c.say()(msg::trend_since, out.date(t.since), number_of_ticket(d, c.who(), t.began_on)));
    print_line("  " + c.say()(msg::trend_counted, out.number(t.count), out.length(t.window), out.decimal(t.usual, 2)));
    print_line("  " + c.say()(t.suggests == trend_proposal::problem ? msg::trend_problem : msg::trend_incident));
    if (t.part_of)
        print_line("  " + c.say()(msg::trend_part_of, number_of_ticket(d, c.who(), t.part_of)));
    std::vector<std::string> numbers;
    for (auto const id : t.tickets)
        numbers.push_back(number_of_ticket(d, c.who(), id));
    if (!numbers.empty())
        for (auto const& line : wrapped(joined(numbers, ", "), out.width > 40 ? out.width - 4 : 36))
            print_line("    " + out.paint(style::dim, line));
}

void print_growing(context const& c, desk const& d, trends_report const& found, bool explain) {
    if (found.growing.empty())
        print_line(c.say()(found.watched ? msg::trend_none : msg::trend_unwatched));
    for (auto const& t : found.growing) {
        print_line(c.out().paint(style::yellow, trait_of(c, t)) + "  " + describe(t, c.say().lang) + "  " +
                   c.out().paint(style::dim, c.out().date(t.since)));
        if (explain)
            print_explained(c, d, t);
    }
    if (explain && found.watched)
        print_line(c.out().paint(
            style::dim, c.say()(msg::trend_watched, c.out().number(found.traits), c.out().bytes(found.bytes))));
}

void print_told(context const& c, desk const& d, trends_report const& found, bool explain) {
    if (found.told.empty())
        return;
    print_line("\n" + c.out().paint(style::bold, c.say()(msg::trend_told_before)));
    table rows{{{c.say()(msg::trend_at)},
                {c.say()(msg::trend_stage)},
                {c.say()(msg::leaves_ticket)},
                {c.say()(msg::trend_trait)},
                {c.say()(msg::trend_says), false, true}}};
    for (auto const& e : found.told) {
        auto t = std::get<trend_told>(e.body).trend;
        if (t.value.empty())
            t.value = std::get<trend_told>(e.body).word.body;
        static constexpr msg stages[] = {msg::trend_began, msg::trend_grew, msg::trend_ended};
        rows.add({{c.out().short_date(t.at)},
                  {c.say()(stages[static_cast<std::size_t>(t.stage)])},
                  {number_of_ticket(d, c.who(), e.ticket), style::bold},
                  {trait_of(c, t)},
                  {describe(t, c.say().lang)}});
    }
    print(rows.print(c.out()));
    if (explain)
        for (auto const& e : found.told)
            if (auto const& t = std::get<trend_told>(e.body).trend; t.stage == trend_stage::began) {
                print_line("\n" + c.out().paint(style::bold, number_of_ticket(d, c.who(), e.ticket)));
                print_explained(c, d, t);
            }
}

/// Puts documents in force; the name of a file is the document's.
result<void> put_documents(context& c, desk& d, std::vector<std::string> const& files) {
    std::vector<document> all;
    for (auto const& path : files) {
        GUICHET_LET(auto text, read_all(path));
        all.push_back({"trend", std::filesystem::path{path}.stem().string(), 0, std::move(text), {}, {}});
    }
    return all.empty() ? result<void>{} : d.configure(all, c.who());
}

result<int> run_trends(context& c, trends_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(put_documents(c, *d, given.put));
    GUICHET_LET(auto const period, c.period(given.from, given.to));
    GUICHET_LET(auto const found, d->trends(period, c.who()));
    if (c.opt().json) {
        print_line(guichet::encode(found));
        return 0;
    }
    print_growing(c, *d, found, given.explain);
    print_told(c, *d, found, given.explain);
    return 0;
}

struct gather_options {
    std::vector<std::string> tickets;
    std::string under;
    gather_tickets wish;
};

result<int> run_gather(context& c, gather_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    auto wish = given.wish;
    for (std::size_t i = 1; i < given.tickets.size(); ++i) {
        GUICHET_LET(auto const t, d->find(given.tickets[i], c.who()));
        wish.tickets.push_back(t.id);
    }
    if (!given.under.empty()) {
        GUICHET_LET(auto const master, d->find(given.under, c.who()));
        wish.under = master.id;
    }
    GUICHET_LET(auto const came_to, d->execute(c.wish(std::move(wish), given.tickets.front())));
    if (c.opt().json) {
        print_line(guichet::encode(came_to));
        return 0;
    }
    std::size_t gathered = 0;
    ticket_id master;
    for (auto const& e : came_to.events)
        if (auto const* link = std::get_if<ticket_linked>(&e.body); link && link->kind == link_kind::parent_of) {
            ++gathered;
            master = e.ticket;
        }
    print_line(c.say()(msg::gathered, gathered, number_of_ticket(*d, c.who(), master)));
    return 0;
}

} // namespace

void add_trend_commands(builder& to) {
    auto const asked = std::make_shared<trends_options>();
    auto* trends =
        to.add(msg::group_tickets, "trends", msg::help_trends, [asked](context& c) { return run_trends(c, *asked); });
    to.flag(trends, "--explain", asked->explain, msg::help_trends_explain);
    to.option(trends, "--from", asked->from, msg::help_trends_from)->type_name("TIME");
    to.option(trends, "--to", asked->to, msg::help_trends_to)->type_name("TIME");
    to.option(trends, "--set", asked->put, msg::help_trends_set)->type_name("FILE");

    auto const wanted = std::make_shared<gather_options>();
    auto* gather =
        to.add(msg::group_tickets, "gather", msg::help_gather, [wanted](context& c) { return run_gather(c, *wanted); });
    gather->add_option("TICKET", wanted->tickets, to.say(msg::help_gather_tickets))->required();
    to.option(gather, "--under", wanted->under, msg::help_gather_under)->type_name("TICKET");
    to.option(gather, "--subject", wanted->wish.subject, msg::help_gather_subject);
    to.option(gather, "--text", wanted->wish.text, msg::help_gather_text);
    to.option(gather, "--kind", wanted->wish.kind, msg::help_gather_kind);
    to.option(gather, "--priority", wanted->wish.priority, msg::help_gather_priority);
}

} // namespace guichet::cli
