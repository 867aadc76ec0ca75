#include "print_ticket.hpp"

#include "table.hpp"

namespace guichet::cli {
namespace {

std::string joined(std::vector<std::string> const& names) {
    std::string out;
    for (auto const& n : names)
        out.append(out.empty() ? "" : ", ").append(n);
    return out;
}

std::string rule(console const& out) {
    std::string line;
    for (std::size_t i = 0; i < std::min<std::size_t>(out.width, 78); ++i)
        line += "─";
    return out.paint(style::dim, line) + "\n";
}

/// Names and values in two columns, empty ones left out.
class sheet {
public:
    explicit sheet(console const& out) : out_{out} {}
    void add(msg name, std::string value) { add(out_.say(name), std::move(value)); }
    void add(std::string name, std::string value) {
        if (!value.empty())
            rows_.push_back({std::move(name), harmless(value)});
    }
    std::string print() const {
        std::size_t names = 0;
        for (auto const& [name, value] : rows_)
            names = std::max(names, columns(name));
        auto const half = (std::min<std::size_t>(out_.width, 100) - 2) / 2;
        auto const fits = [&](std::size_t i) {
            return i < rows_.size() && columns(rows_[i].second) + names + 4 <= half;
        };
        std::string text;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            auto const left = one(i, names);
            text += "  " + left;
            if (fits(i) && fits(i + 1)) {
                text += std::string(half - names - 2 - columns(rows_[i].second), ' ');
                text += one(++i, names);
            }
            text += "\n";
        }
        return text;
    }

private:
    std::string one(std::size_t i, std::size_t names) const {
        return out_.paint(style::dim, padded(rows_[i].first, names)) + "  " + rows_[i].second;
    }
    console const& out_;
    std::vector<std::pair<std::string, std::string>> rows_;
};

std::string print_header(console const& out, vocabulary const& words, ticket const& t) {
    std::string text =
        out.paint(style::bold, t.number) + "  " + out.paint(style_of(t.status), "● " + words.state(t.state));
    if (!t.priority.empty())
        text += "  " + out.paint(style_of_priority(words.lifecycle, t.priority), "▲ " + words.priority(t.priority));
    text += "  " + out.paint(style::dim, words.kind(t.kind) + " · " + words.of(t.channel) + " · " +
                                             out.say(msg::version_at, t.version));
    return text + "\n" + out.paint(style::bold, t.subject.empty() ? out.say(msg::erased) : harmless(t.subject)) + "\n" +
           rule(out);
}

std::string print_attributes(console const& out, vocabulary const& words, ticket const& t, number_of const& numbers) {
    sheet s{out};
    auto const date = [&](std::optional<instant> at) { return at ? out.date(*at) : std::string{}; };
    s.add(msg::requester, t.requester);
    s.add(msg::assignee, t.assignee);
    s.add(msg::organisation, t.organisation);
    s.add(msg::contact, t.contact);
    s.add(msg::queue, t.queue);
    s.add(msg::team, t.team);
    s.add(msg::tier, t.tier);
    s.add(msg::category, t.category);
    s.add(msg::impact, words.impact(t.impact));
    s.add(msg::urgency, words.urgency(t.urgency));
    s.add(msg::tags, joined(t.tags));
    s.add(msg::watchers, joined(t.watchers));
    s.add(msg::opened_at, date(t.created_at));
    s.add(msg::updated_at, date(t.updated_at));
    s.add(msg::pending_until, date(t.pending_until));
    s.add(msg::resolved_at, date(t.resolved_at));
    s.add(msg::closed_at, date(t.closed_at));
    s.add(msg::resolution,
          t.resolution_code + (t.resolution.empty() || t.resolution_code.empty() ? "" : ": ") + t.resolution);
    if (t.reassignments + t.handovers + t.reopenings > 0)
        s.add(msg::counts, out.say(msg::counts_value, t.reassignments, t.handovers, t.reopenings));
    std::chrono::seconds spent{};
    for (auto const& e : t.time_entries)
        spent += e.seconds;
    if (spent.count() > 0)
        s.add(msg::time_spent, out.length(spent));
    for (auto const& link : t.links)
        s.add(msg::links, words.of(link.kind) + " " + numbers(link.ticket));
    if (t.merged_into)
        s.add(msg::merged_into, numbers(t.merged_into));
    if (t.resolved_with)
        s.add(msg::resolved_with, numbers(t.resolved_with));
    if (t.major)
        s.add(msg::major, t.major->ended_at ? out.say(msg::major_was, date(t.major->since), date(t.major->ended_at))
                                            : out.say(msg::major_is, date(t.major->since), t.major->updates));
    if (t.rating)
        s.add(msg::satisfaction,
              std::to_string(t.rating->score) + "/5" + (t.rating->text.empty() ? "" : " · " + t.rating->text));
    for (auto const& w : t.guides)
        s.add(msg::guide, out.say(w.outcome == guide_outcome::walking ? msg::guide_walk_at : msg::guide_walk_ended,
                                  harmless(w.guide), harmless(w.next)));
    if (!t.trends.empty())
        s.add(msg::trend, describe(t.trends.back(), out.say.lang));
    for (auto const& f : t.fields)
        s.add(words.field(f.name), words.value(f.value));
    return s.print();
}

std::string section(console const& out, std::string const& title) {
    return "\n" + out.paint(style::bold, title) + "\n";
}

std::vector<cell> clock_row(console const& out, vocabulary const& words, ticket const& t, sla::clock const& c,
                            instant now) {
    auto outcome = clock_outcome::running;
    auto due = c.due;
    for (auto const& v : t.clocks)
        if (v.metric == c.metric && v.cycle == c.cycle) {
            outcome = v.outcome;
            due = v.due ? v.due : due;
        }
    auto const late = outcome == clock_outcome::breached || (due && !c.stopped && now > *due);
    cell verdict{out.say(msg::clock_running), style::blue};
    if (late)
        verdict = {out.say(msg::clock_breached), style::red};
    else if (outcome == clock_outcome::met)
        verdict = {out.say(msg::clock_met), style::green};
    else if (c.paused_since)
        verdict = {out.say(msg::clock_paused), style::yellow};
    std::string rest;
    if (outcome != clock_outcome::met && due && !c.paused_since) {
        auto const end = c.stopped.value_or(now);
        rest = end > *due ? out.say(msg::clock_late, out.length(end - *due))
                          : out.say(msg::clock_left, out.length(*due - end));
    }
    return {
        {words.metric(c.metric)},
        verdict,
        {due ? out.say(msg::clock_due, out.date(*due)) : std::string{}},
        {rest, late ? style::red : style::plain},
        {outcome == clock_outcome::met ? "" : out.say(msg::clock_used, out.length(c.consumed), out.length(c.target)),
         style::dim}};
}

std::string print_message(console const& out, vocabulary const& words, message const& m) {
    auto const look = m.audience == audience::internal ? style::yellow
                      : m.side == side::requester      ? style::cyan
                                                       : style::green;
    auto text = fmt::format(
        "  {} {} · {} · {}\n", out.paint(style::dim, fmt::format("#{}", m.no)), out.paint(look, harmless(m.author)),
        m.audience == audience::internal ? out.say(msg::internal_note) : words.of(m.channel), out.date(m.at));
    auto const body = m.erased ? out.say(msg::erased) : harmless(m.text, true);
    for (auto const& line : wrapped(body, std::min<std::size_t>(out.width, 100) - 6))
        text += line.empty() ? "\n" : "      " + line + "\n";
    for (auto const& a : m.attachments)
        text += fmt::format("      {} {} ({})\n", out.paint(style::dim, "+"),
                            a.redacted ? out.say(msg::erased) : harmless(a.name), out.bytes(a.size_bytes));
    return text;
}

} // namespace

std::string number_of_ticket(desk const& d, viewer const& who, ticket_id id) {
    auto const found = d.find(id, who);
    return found ? found->number : to_string(id);
}

number_of numbers_in(desk const& d, viewer const& who) {
    return [&d, &who](ticket_id id) { return number_of_ticket(d, who, id); };
}

std::string print_ticket(console const& out, vocabulary const& words, ticket const& t,
                         std::vector<sla::clock> const& clocks, std::vector<message> const& conversation,
                         number_of const& numbers, instant now) {
    auto text = print_header(out, words, t) + print_attributes(out, words, t, numbers);
    if (!clocks.empty()) {
        table rows{{{""}, {""}, {""}, {""}, {""}}};
        for (auto const& c : clocks)
            rows.add(clock_row(out, words, t, c, now));
        auto const printed = rows.print(out, 2);
        text += section(out, out.say(msg::clocks)) + printed.substr(printed.find('\n') + 1);
    }
    if (!conversation.empty()) {
        text += section(out, fmt::format("{} ({})", out.say(msg::conversation), conversation.size()));
        for (std::size_t i = 0; i < conversation.size(); ++i)
            text += (i ? "\n" : "") + print_message(out, words, conversation[i]);
    }
    return text;
}

std::string print_list(console const& out, vocabulary const& words, std::vector<ticket> const& tickets) {
    table rows{{{out.say(msg::number)},
                {out.say(msg::state)},
                {out.say(msg::priority)},
                {out.say(msg::queue)},
                {out.say(msg::assignee)},
                {out.say(msg::opened_at)},
                {out.say(msg::due)},
                {out.say(msg::subject), false, true}}};
    for (auto const& t : tickets)
        rows.add({{t.number, style::bold},
                  {words.state(t.state), style_of(t.status)},
                  {words.priority(t.priority), style_of_priority(words.lifecycle, t.priority)},
                  {harmless(t.queue)},
                  {harmless(t.assignee)},
                  {out.short_date(t.created_at), style::dim},
                  {t.breached ? "✗ " + out.say(msg::clock_breached)
                   : t.due_at ? out.short_date(*t.due_at)
                              : "",
                   t.breached ? style::red : style::plain},
                  {harmless(t.subject)}});
    return rows.print(out);
}

} // namespace guichet::cli
