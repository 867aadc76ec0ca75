// kb report, kb follow: what the knowledge base is worth, and what came of what was asked of it.

#include "commands.hpp"
#include "table.hpp"
#include "vocabulary.hpp"

#include <guichet/engine/knowledge.hpp>

#include <algorithm>
#include <memory>

namespace guichet::cli {
namespace {

// --- follow

struct follow_options {
    std::string inquiry, opened, helped, ticket;
};

result<int> run_follow(context& c, follow_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    follow_inquiry said{.opened = given.opened};
    GUICHET_LET(said.inquiry, parse_id<inquiry_id>(given.inquiry, "INQUIRY"));
    if (!given.helped.empty())
        said.helped = given.helped == "yes" || given.helped == "oui";
    GUICHET_LET(auto const came_to, d->execute(c.wish(said, given.ticket)));
    print_line(c.opt().json ? guichet::encode(came_to) : c.say()(msg::kb_followed));
    return 0;
}

// --- report

struct kb_report_options {
    std::string from, to;
    std::size_t top = 10;
};

std::string percent(console const& out, double share) {
    return out.number(static_cast<std::uint64_t>(share * 100 + 0.5)) + " %";
}

std::string titled(context const& c, msg title, table const& rows) {
    if (rows.empty())
        return {};
    return "\n" + c.out().paint(style::bold, c.say()(title)) + "\n" + rows.print(c.out());
}

std::string print_inquiries(context const& c, knowledge_report const& found) {
    auto const& out = c.out();
    table sides{{{""},
                 {c.say()(msg::kb_asked), true},
                 {c.say()(msg::kb_nothing), true},
                 {c.say()(msg::kb_unopened), true},
                 {c.say()(msg::kb_helped), true},
                 {c.say()(msg::kb_helped_not), true},
                 {c.say()(msg::kb_tickets), true},
                 {c.say()(msg::kb_deflected), true}}};
    for (auto const& [side, row] : {std::pair{msg::kb_portal, found.portal}, {msg::kb_desk, found.desk}})
        if (row.asked > 0)
            sides.add({{c.say()(side), style::bold},
                       {out.number(row.asked)},
                       {out.number(row.found_nothing)},
                       {out.number(row.opened_nothing)},
                       {out.number(row.helped), style::green},
                       {out.number(row.helped_not)},
                       {out.number(row.became_ticket)},
                       {percent(out, row.deflection)}});
    table ranks{{{c.say()(msg::kb_rank), true}, {c.say()(msg::kb_shown), true}, {c.say()(msg::kb_opened), true}}};
    for (auto const& row : found.ranks)
        ranks.add({{out.number(row.rank)}, {out.number(row.shown)}, {out.number(row.opened)}});
    table words{
        {{c.say()(msg::kb_words), false, true}, {c.say()(msg::kb_asked), true}, {c.say()(msg::kb_persons), true}}};
    for (auto const& row : found.unanswered)
        words.add({{harmless(row.words)}, {out.number(row.asked)}, {out.number(row.persons)}});
    return titled(c, msg::kb_inquiries, sides) + titled(c, msg::kb_ranks, ranks) + titled(c, msg::kb_unanswered, words);
}

std::string reasons_of(context const& c, stale_article const& one) {
    std::vector<std::string> out;
    for (auto const& why : one.why)
        out.push_back(why == "review_due" ? c.say()(msg::kb_review_due)
                      : why == "helped_not"
                          ? c.say()(msg::kb_helped_less, one.helped, one.helped_not)
                          : c.say()(msg::kb_drifted, percent(c.out(), one.before), percent(c.out(), one.lately)));
    return joined(out, ", ");
}

std::string print_articles(context const& c, knowledge_report const& found) {
    auto const& out = c.out();
    table wanted{{{c.say()(msg::kb_tickets), true},
                  {c.say()(msg::kb_spent), true},
                  {c.say()(msg::kb_first), false},
                  {c.say()(msg::subject), false, true},
                  {c.say()(msg::search_because)}}};
    for (auto const& row : found.wanted)
        wanted.add({{out.number(row.tickets.size()), style::bold},
                    {row.spent.count() > 0 ? out.length(row.spent) : ""},
                    {row.tickets.front()},
                    {harmless(row.subject)},
                    {harmless(joined(row.words, ", ")), style::dim}});
    table stale{{{c.say()(msg::number)}, {c.say()(msg::article_title), false, true}, {c.say()(msg::kb_why)}}};
    for (auto const& row : found.stale)
        stale.add({{row.article, style::bold}, {harmless(row.title)}, {reasons_of(c, row), style::yellow}});
    table doubles{{{c.say()(msg::number)},
                   {c.say()(msg::article_title), false, true},
                   {c.say()(msg::kb_and)},
                   {c.say()(msg::article_title), false, true},
                   {c.say()(msg::similar_likeness), true}}};
    for (auto const& row : found.duplicates)
        doubles.add({{row.article, style::bold},
                     {harmless(row.title)},
                     {row.other, style::bold},
                     {harmless(row.other_title)},
                     {percent(out, row.likeness)}});
    return titled(c, msg::kb_wanted, wanted) + titled(c, msg::kb_stale, stale) + titled(c, msg::kb_duplicates, doubles);
}

result<int> run_kb_report(context& c, kb_report_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    knowledge_request asked{.top = given.top, .language = c.tongue()};
    GUICHET_LET(asked.period, c.period(given.from, given.to));
    finder in{*d, {.language = c.tongue()}};
    GUICHET_LET(auto const found, report_knowledge(*d, in, c.who(), asked));
    (void)in.catch_up(); // keeps the index for the next search, where the file may be written
    if (c.opt().json) {
        print_line(guichet::encode(found));
        return 0;
    }
    auto const& judged = found.suggestions;
    if (judged.judged == 0)
        print_line(c.say()(msg::kb_unjudged));
    else
        print_line(c.say()(msg::kb_judged, fmt::format("{:.3f}", judged.ndcg), c.out().number(judged.judged),
                           c.out().number(judged.first), c.out().number(judged.in_ten)));
    print(print_inquiries(c, found));
    print(print_articles(c, found));
    return 0;
}

} // namespace

void add_kb_commands(builder& to) {
    auto& family = *to.add_family(msg::group_articles, "kb", msg::help_kb);
    auto const wanted = std::make_shared<kb_report_options>();
    auto* report = to.add(family, msg::group_articles, "report", msg::help_kb_report,
                          [wanted](context& c) { return run_kb_report(c, *wanted); });
    to.option(report, "--from", wanted->from, msg::help_kb_from)->type_name("TIME");
    to.option(report, "--to", wanted->to, msg::help_kb_to)->type_name("TIME");
    to.option(report, "--top", wanted->top, msg::help_kb_top);
    auto const said = std::make_shared<follow_options>();
    auto* follow = to.add(family, msg::group_articles, "follow", msg::help_kb_follow,
                          [said](context& c) { return run_follow(c, *said); });
    follow->add_option("INQUIRY", said->inquiry, to.say(msg::help_kb_inquiry))->required();
    to.option(follow, "--opened", said->opened, msg::help_kb_opened);
    to.option(follow, "--helped", said->helped, msg::help_kb_helped)->check(CLI::IsMember({"yes", "no", "oui", "non"}));
    to.option(follow, "--ticket", said->ticket, msg::help_kb_ticket);
}

} // namespace guichet::cli
