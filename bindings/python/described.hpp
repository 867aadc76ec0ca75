#pragma once
#include <guichet/engine/alike.hpp>
#include <guichet/engine/described.hpp>
#include <guichet/engine/knowledge.hpp>
#include <guichet/guichet.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/testing/scenario.hpp>

/// Descriptions of those values that the library's own JSON does not need described, so that Python sees them as it
/// sees all others; and the shapes that Python gets in the place of values that hold pointers or views.
namespace guichet::inline v0 {

BOOST_DESCRIBE_STRUCT(personal_text, (), (no, body))
BOOST_DESCRIBE_STRUCT(ticket, (ticket_row, ticket_lists), (ordinal))
BOOST_DESCRIBE_STRUCT(command, (), (by, body, ticket, number, id, expected_version, article))
BOOST_DESCRIBE_STRUCT(event, (), (seq, tenant, ticket, version, at, actor, cause, body, article))
BOOST_DESCRIBE_STRUCT(outcome, (), (ticket, number, version, events, repeated, article, inquiry))
BOOST_DESCRIBE_STRUCT(page, (), (tickets, next))
BOOST_DESCRIBE_STRUCT(article_page, (), (articles, next))
BOOST_DESCRIBE_STRUCT(pump_report, (), (timers_fired, timers_fenced, next, inquiries_destroyed))
BOOST_DESCRIBE_STRUCT(verify_report, (), (events, tickets, articles, chain, problems))
BOOST_DESCRIBE_STRUCT(moved_deadline, (), (ticket, number, metric, from, to))
BOOST_DESCRIBE_STRUCT(change_preview, (),
                      (open_tickets, affected, deadlines_moved, become_late, become_safe, would_fire, priorities_differ,
                       moved))
BOOST_DESCRIBE_STRUCT(attainment_row, (attainment_key), (met, breached, latest))
BOOST_DESCRIBE_STRUCT(time_row, (), (dimension, name, tickets, wall, working))
BOOST_DESCRIBE_STRUCT(risk, (), (ticket, number, subject, priority, queue, team, assignee, metric, policy, due, left))
BOOST_DESCRIBE_STRUCT(field_origin, (), (version, at, actor, cause, event, from, to))
BOOST_DESCRIBE_STRUCT(rule_decision, (), (rule, version, pass, verdict, why, refused))
BOOST_DESCRIBE_STRUCT(kept_decision, (), (ticket, ticket_version, at, what))
BOOST_DESCRIBE_STRUCT(dry_run_report::deed, (), (rule, on, command))
BOOST_DESCRIBE_STRUCT(dry_run_report, (), (decisions, events, elsewhere, cut))
BOOST_DESCRIBE_STRUCT(dry_run_of_ticket, (), (ticket, number, report))
BOOST_DESCRIBE_STRUCT(back_test_report::count, (), (rule, fired, in_log))
BOOST_DESCRIBE_STRUCT(back_test_report, (),
                      (events, changes, conflicts, cuts, refused, differences, breaches, breaches_in_log, rules))
BOOST_DESCRIBE_STRUCT(delivery_report, (), (sent, failed, parked))
BOOST_DESCRIBE_STRUCT(search_result, (),
                      (ticket, number, subject, state, score, snippet, because, article, translation_of, language,
                       document, kind, similarity))
BOOST_DESCRIBE_STRUCT(search_results, (), (hits, did_you_mean, facets))
BOOST_DESCRIBE_STRUCT(suggestions, (), (articles, solved, duplicates, documents))
BOOST_DESCRIBE_STRUCT(problem_effect, (), (since, before, after, tickets_before, tickets_after, chance))
BOOST_DESCRIBE_STRUCT(trends_report, (), (watched, traits, bytes, growing, told))
BOOST_DESCRIBE_STRUCT(alike_ticket, (), (ticket, number, subject, state, created_at, likeness, because))
BOOST_DESCRIBE_STRUCT(ticket_cluster, (), (master, others, words))
BOOST_DESCRIBE_STRUCT(article_drift, (), (article, before, lately))
BOOST_DESCRIBE_STRUCT(suggestion_quality, (), (judged, first, in_ten, ndcg, drift))
BOOST_DESCRIBE_STRUCT(finder_health, (), (vectors, waiting, failures, last_failure))

namespace time {
BOOST_DESCRIBE_STRUCT(interval, (), (from, to))
BOOST_DESCRIBE_ENUM(boundary, nearest, farthest)
} // namespace time

namespace sla {
BOOST_DESCRIBE_STRUCT(margin, (), (working, wall))
BOOST_DESCRIBE_STRUCT(proof_interval, (), (when, kind, name, used, total, ahead, event))
BOOST_DESCRIBE_STRUCT(proof, (),
                      (metric, policy, calendar, zone, policy_version, calendar_version, cycle, boundary, target,
                       consumed, left, started, stopped, due, paused, fixed, outcome, intervals))
} // namespace sla

namespace routing {
BOOST_DESCRIBE_STRUCT(skill_seen, (), (skill, has, needed))
BOOST_DESCRIBE_STRUCT(candidate, (), (person, label, how, load, capacity, skills, until, zone, for_))
BOOST_DESCRIBE_STRUCT(step, (), (team, label_en, label_fr, how, on_call, candidates, counts))
BOOST_DESCRIBE_STRUCT(turn, (), (team, person))
BOOST_DESCRIBE_STRUCT(decision, (), (person, team, tier, how, taken, ask_again, at, steps))
BOOST_DESCRIBE_STRUCT(transfer, (), (ticket, number, to))
} // namespace routing

namespace kb {
BOOST_DESCRIBE_STRUCT(guide, (), (written, version))
} // namespace kb

namespace search {
BOOST_DESCRIBE_STRUCT(facet::count, (), (value, documents))
BOOST_DESCRIBE_STRUCT(facet, (), (name, values))
} // namespace search

namespace rules {
BOOST_DESCRIBE_STRUCT(wording, (), (language, subject, text, html))
} // namespace rules

namespace storage {
BOOST_DESCRIBE_STRUCT(counter, (), (count, exact))
BOOST_DESCRIBE_STRUCT(store_stats, (),
                      (tickets, articles, events, texts, timers, receipts, blobs, documents, bytes, schema_version))
} // namespace storage

namespace reporting {
BOOST_DESCRIBE_ENUM(unit, tickets, times, share, seconds, money, score)
BOOST_DESCRIBE_STRUCT(table_row, (), (keys, values))
} // namespace reporting

namespace testing {
BOOST_DESCRIBE_STRUCT(scenario_failure, (), (path, expected, actual))
BOOST_DESCRIBE_STRUCT(scenario_report, (), (name, steps, checks, failures))
} // namespace testing

} // namespace guichet::inline v0

namespace guichet::python {

/// `sla::clock` without its pointers into the configuration.
struct clock {
    std::string metric{}, policy{}, family{};
    std::uint32_t cycle = 1;
    duration target{}, consumed{};
    instant started{};
    std::optional<instant> stopped{}, due{}, paused_since{};
    bool cancelled = false, late = false;
};
BOOST_DESCRIBE_STRUCT(clock, (),
                      (metric, policy, family, cycle, target, consumed, started, stopped, due, paused_since, cancelled,
                       late))

/// `report_period`, which has a bound where Python has None.
struct period {
    std::optional<instant> from{}, to{};
};
BOOST_DESCRIBE_STRUCT(period, (), (from, to))

/// `reporting::table`, whose measures are views.
struct report_measure {
    std::string name{};
    reporting::unit unit = reporting::unit::tickets;
};
BOOST_DESCRIBE_STRUCT(report_measure, (), (name, unit))
struct report_table {
    std::string what{};
    std::vector<std::string> keys{};
    std::vector<report_measure> measures{};
    std::vector<reporting::table_row> rows{};
    std::string csv{}, svg{}; ///< the same as RFC 4180 and as a picture
};
BOOST_DESCRIBE_STRUCT(report_table, (), (what, keys, measures, rows, csv, svg))

} // namespace guichet::python
