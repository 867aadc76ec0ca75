#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/session.ipp>

#include <algorithm>

namespace guichet::inline v0 {
namespace detail {

/// The name of the first member in which two values differ, for a report; empty when they are equal.
template <class T>
std::string first_difference(T const& a, T const& b) {
    std::string out;
    boost::mp11::mp_for_each<json::detail::members<T>>([&](auto d) {
        if (out.empty() && !(a.*d.pointer == b.*d.pointer))
            out = d.name;
    });
    return out;
}

/// Where the log opened a ticket or an article.
struct opening {
    std::uint64_t seq;
    std::string tenant;
    ticket_id ticket; ///< or the article, as the log has it
    bool is_article;
};
using openings = std::vector<opening>;

/// Walks the log once, from its beginning to `last_seq`, and recomputes every link.
inline result<void> verify_chain(storage::store& store, std::uint64_t last_seq, verify_report& report,
                                 openings& opened) {
    static constexpr std::uint64_t chunk = 2'000;
    for (std::uint64_t seq = 0; seq < last_seq;) {
        GUICHET_LET(auto const events, store.read_log(seq, std::min(chunk, last_seq - seq)));
        if (events.empty())
            break;
        GUICHET_LET(auto const texts, store.read_texts_between(seq + 1, events.back().seq));
        auto text = texts.begin();
        std::vector<digest> prints;
        for (auto const& e : events) {
            prints.clear();
            for (; text != texts.end() && text->seq <= e.seq; ++text)
                prints.push_back(text->erased ? text->print : storage::text_print(*text));
            if (e.seq != seq + 1 || link_of(report.chain, e, prints) != e.hash)
                report.problems.push_back(error{reason::log_altered, {{"seq", std::to_string(e.seq)}}});
            report.chain = e.hash;
            seq = e.seq;
            ++report.events;
            if (e.version == 1)
                opened.push_back({e.seq, e.tenant, e.ticket, is_article_type(e.type)});
        }
    }
    return {};
}

/// Folds the events of one ticket and tells in which member its row differs from that; empty when in none.
inline result<std::string> compare_with_log(storage::store& store, configuration const& config, instant now,
                                            ticket const& row, bool behind) {
    GUICHET_LET(auto const stored, store.read_history(row.id));
    GUICHET_LET(auto const texts, store.read_texts(row.id));
    GUICHET_LET(auto const events, from_stored(stored, texts));
    ticket folded;
    for (auto const& e : events)
        lifecycle::apply(folded, e);
    auto const heard = heard_in(events, *config.policies);
    auto const clocks = sla::clocks({folded, heard}, *config.policies, std::max(now, folded.updated_at));
    derive(folded, heard, clocks, config, instant::min());
    // All that could ever be wanted: a timer that was refused is disarmed until the ticket changes, and a threshold or
    // a rule's time that had passed before it was wanted is not armed. So the row may want fewer.
    auto const wanted = timers_of(folded), present = timers_of(row);
    bool const fewer = std::includes(wanted.begin(), wanted.end(), present.begin(), present.end(), &earlier);
    if (fewer || behind) {
        folded.timers = row.timers;
        folded.later = row.later;
    }
    if (behind) // it is being counted again after a change of the configuration
        folded.due_at = row.due_at;
    auto const member = first_difference<ticket_row>(folded, row);
    return member.empty() ? first_difference<ticket_lists>(folded, row) : member;
}
/// The same of an article.
inline result<std::string> compare_with_log(storage::store& store, article const& row) {
    GUICHET_LET(auto const stored, store.read_history(storage::in_log(row.id)));
    GUICHET_LET(auto const texts, store.read_texts(storage::in_log(row.id)));
    GUICHET_LET(auto const events, from_stored(stored, texts));
    article folded;
    for (auto const& e : events)
        kb::apply(folded, e);
    return first_difference(folded, row);
}

/// Compares one ticket with its log. The desk may be at work meanwhile: a difference counts only where neither the row
/// nor the configuration changed while it was looked for.
template <class Config>
result<void> verify_ticket(storage::store& store, Config const& in_force, instant now, std::string const& tenant,
                           ticket_id id, bool behind, verify_report& report) {
    for (;;) {
        auto const config = in_force();
        GUICHET_LET(auto const row, store.load(tenant, id));
        if (!row) {
            report.problems.push_back(
                error{reason::row_differs, {{"ticket", to_string(id)}, {"problem", "its existence"}}});
            return {};
        }
        GUICHET_LET(auto const member, compare_with_log(store, *config, now, *row, behind));
        if (member.empty())
            return {};
        GUICHET_LET(auto const again, store.load(tenant, id));
        if (again && same_history(*again, *row) && in_force() == config) {
            report.problems.push_back(error{reason::row_differs, {{"ticket", row->number}, {"problem", member}}});
            return {};
        }
    }
}

/// Compares one article with its log, which others may be writing.
inline result<void> verify_article(storage::store& store, std::string const& tenant, article_id id,
                                   verify_report& report) {
    for (;;) {
        GUICHET_LET(auto const row, store.load_article(tenant, id));
        std::string member = "its existence";
        if (row) {
            GUICHET_LET(member, compare_with_log(store, *row));
        }
        if (member.empty())
            return {};
        GUICHET_LET(auto const again, store.load_article(tenant, id));
        if (row && again && again->version != row->version)
            continue;
        report.problems.push_back(
            error{reason::row_differs, {{"ticket", row ? row->number : to_string(id)}, {"problem", member}}});
        return {};
    }
}

/// There are as many rows as the log opened tickets, or articles, of which more may have come while they were counted.
inline void verify_number(std::uint64_t rows, openings const& opened, bool articles, std::uint64_t seq_before,
                          verify_report& report) {
    std::uint64_t opened_before = 0, opened_after = 0;
    for (auto const& o : opened) {
        opened_after += o.is_article == articles;
        opened_before += o.is_article == articles && o.seq <= seq_before;
    }
    (articles ? report.articles : report.tickets) = opened_after;
    if (rows >= opened_before && rows <= opened_after)
        return;
    report.problems.push_back(error{reason::row_differs,
                                    {{"ticket", "*"},
                                     {"problem", "their number: " + std::to_string(rows) + " rows, " +
                                                     std::to_string(opened_after) + " in the log"}}});
}

} // namespace detail

GUICHET_DECL result<verify_report> desk::verify() const {
    verify_report report;
    GUICHET_LET(auto const before, store_->head());
    GUICHET_LET(auto const sizes, store_->stats());
    GUICHET_LET(auto const after, store_->head());
    detail::openings opened;
    GUICHET_TRY(detail::verify_chain(*store_, after.seq, report, opened));
    detail::verify_number(sizes.tickets, opened, false, before.seq, report);
    detail::verify_number(sizes.articles, opened, true, before.seq, report);
    for (auto const& o : opened)
        if (o.is_article)
            GUICHET_TRY(detail::verify_article(*store_, o.tenant, storage::article_in_log(o.ticket), report));
        else
            GUICHET_TRY(detail::verify_ticket(
                *store_, [this] { return config(); }, env_.now(), o.tenant, o.ticket, behind(), report));
    return report;
}

} // namespace guichet::inline v0
