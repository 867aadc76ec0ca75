#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/session.ipp>

#include <algorithm>

namespace guichet::inline v0 {
namespace detail {

/// The name of the first member in which two tickets differ, for a report.
inline std::string first_difference(ticket const& a, ticket const& b) {
    std::string out;
    auto const compare = [&](auto const& left, auto const& right, auto d) {
        if (out.empty() && !(left.*d.pointer == right.*d.pointer))
            out = d.name;
    };
    boost::mp11::mp_for_each<json::detail::members<ticket_row>>(
        [&](auto d) { compare(static_cast<ticket_row const&>(a), static_cast<ticket_row const&>(b), d); });
    boost::mp11::mp_for_each<json::detail::members<ticket_lists>>(
        [&](auto d) { compare(static_cast<ticket_lists const&>(a), static_cast<ticket_lists const&>(b), d); });
    return out;
}

/// Walks the log once from its beginning and recomputes every link.
inline result<void> verify_chain(storage::store& store, verify_report& report,
                                 std::vector<std::pair<std::string, ticket_id>>& opened) {
    static constexpr std::size_t chunk = 2'000;
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const events, store.read_log(seq, chunk));
        if (events.empty())
            return {};
        GUICHET_LET(auto const texts, store.read_texts_between(seq + 1, events.back().seq));
        auto text = texts.begin();
        std::vector<digest> prints;
        for (auto const& e : events) {
            prints.clear();
            for (; text != texts.end() && text->seq <= e.seq; ++text)
                prints.push_back(text->erased ? text->print : print_of(*text));
            if (e.seq != seq + 1 || link_of(report.chain, e, prints) != e.hash)
                report.problems.push_back(error{reason::log_altered, {{"seq", std::to_string(e.seq)}}});
            report.chain = e.hash;
            seq = e.seq;
            ++report.events;
            if (e.version == 1)
                opened.emplace_back(e.tenant, e.ticket);
        }
    }
}

/// Folds the events of one ticket and compares the result with its row.
inline result<void> verify_ticket(storage::store& store, configuration const& config, instant now, std::string const& tenant,
                                  ticket_id id, verify_report& report) {
    GUICHET_LET(auto const stored, store.read_history(id));
    GUICHET_LET(auto const texts, store.read_texts(id));
    GUICHET_LET(auto const events, from_stored(stored, texts));
    ticket folded;
    for (auto const& e : events)
        lifecycle::apply(folded, e);
    GUICHET_LET(auto const row, store.load(tenant, id));
    if (!row) {
        report.problems.push_back(error{reason::row_differs, {{"ticket", to_string(id)}, {"problem", "its existence"}}});
        return {};
    }
    derive(folded, config, std::max(now, folded.updated_at));
    // A timer that was refused is disarmed until the ticket changes, so the row may want fewer.
    bool const fewer = std::all_of(row->timers.begin(), row->timers.end(), [&](timer const& t) {
        return std::find(folded.timers.begin(), folded.timers.end(), t) != folded.timers.end();
    });
    if (fewer)
        folded.timers = row->timers;
    if (auto const member = first_difference(folded, *row); !member.empty())
        report.problems.push_back(error{reason::row_differs, {{"ticket", row->number}, {"problem", member}}});
    return {};
}

} // namespace detail

GUICHET_DECL result<verify_report> desk::verify() const {
    verify_report report;
    std::vector<std::pair<std::string, ticket_id>> opened;
    GUICHET_TRY(detail::verify_chain(*store_, report, opened));
    auto const in_force = config();
    for (auto const& [tenant, id] : opened)
        GUICHET_TRY(detail::verify_ticket(*store_, *in_force, env_.now(), tenant, id, report));
    report.tickets = opened.size();
    GUICHET_LET(auto const sizes, store_->stats());
    if (sizes.tickets != report.tickets)
        report.problems.push_back(error{reason::row_differs,
                                        {{"ticket", "*"},
                                         {"problem", "their number: " + std::to_string(sizes.tickets) + " rows, " +
                                                         std::to_string(report.tickets) + " in the log"}}});
    return report;
}

} // namespace guichet::inline v0
