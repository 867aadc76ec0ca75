#pragma once
#include <guichet/testing/impl/conformance_articles.ipp>
#include <guichet/testing/impl/conformance_faults.ipp>
#include <guichet/testing/impl/conformance_inquiries.ipp>
#include <guichet/testing/impl/conformance_queries.ipp>
#include <guichet/testing/impl/conformance_reads.ipp>
#include <guichet/testing/impl/conformance_units.ipp>
#include <guichet/testing/store_conformance.hpp>

#include <type_traits>

namespace guichet::inline v0::testing {
namespace conformance {

/// Runs a case on a fresh store; what it throws is a failure like any other.
template <class Body>
auto on_a_fresh_store(Body body) {
    return [body](store_factory const& f) {
        report r;
        try {
            clerk c{f.fresh().value()};
            if constexpr (std::is_invocable_v<Body, clerk&, report&>)
                body(c, r);
            else
                body(c, r, f);
        } catch (std::exception const& problem) {
            r.fail(std::string{"stopped by: "} + problem.what());
        }
        return std::move(r).failures();
    };
}

template <class Body>
conformance_case make_case(std::string_view name, Body body, conformance_need needs = conformance_need::nothing) {
    return {name, needs, on_a_fresh_store(body)};
}

inline std::vector<conformance_case> all_cases() {
    using enum conformance_need;
    return {
        make_case("given a fresh store, when it is read, then nothing is in it", &a_fresh_store_is_empty),
        make_case("given an open unit of work, when it reads, then it sees its own writes",
                  &a_unit_sees_its_own_writes),
        make_case("given an open unit of work, when others read, then they see only what was committed",
                  &others_see_what_is_committed),
        make_case("given a unit with one of everything, when it is given up, then it leaves no trace",
                  &a_unit_that_is_given_up_leaves_no_trace),
        make_case("given a ticket that changed, when its old version is written, then that is a conflict",
                  &an_old_version_is_refused),
        make_case("given no ticket, when a change of it is written, then that is a conflict",
                  &a_change_of_no_ticket_is_refused),
        make_case("given a unit that had an error, when it is committed, then it refuses and wrote nothing",
                  &a_unit_after_an_error_commits_nothing),
        make_case("given a committed unit, when it is committed again, then it refuses",
                  &a_unit_is_over_after_its_commit),
        make_case("given a ticket's id, when another ticket takes it, in any tenant, then that is refused",
                  &an_id_is_taken_once),
        make_case("given two tenants, when one asks for the other's tickets, then there are none", &tenants_are_walls),
        make_case("given a sequence, when a unit takes a number and is given up, then the number is free again",
                  &sequences_count_from_one),
        make_case("given a receipt, when its command comes again, then it is found, once for each tenant",
                  &receipts_are_kept),
        make_case("given a receipt, when a text of its ticket is erased, then its print goes too",
                  &erasing_takes_the_prints_along),
        make_case("given tickets, when more are opened, then ordinals grow and stay", &ordinals_grow),
        make_case("given a ticket with everything set, when it is loaded, then it is the same",
                  &a_ticket_comes_back_whole),
        make_case("given a change without events, when it is written, then row and timers move and the version stays",
                  &a_change_without_events),
        make_case("given a unit with a thousand changes, when it is committed, then none is lost", &a_large_unit),

        make_case("given events of two tickets, when the log is read, then it is in order, without gaps",
                  &the_log_is_in_order),
        make_case("given an event with everything set, when it is read, then it is the same", &events_come_back_whole),
        make_case("given a log, when an event is written elsewhere than at its end, then that is refused",
                  &the_log_has_no_gaps),
        make_case("given texts, when they are read by ticket and by event, then they are the same, in order",
                  &texts_come_back_whole),
        make_case("given a text, when it is erased, then its content is gone and its print stays",
                  &erased_texts_keep_their_print),
        make_case("given a text, when the unit that wrote it erases it, then its content was never kept",
                  &a_text_erased_in_its_own_unit),
        make_case("given timers, when time passes, then they are due earliest first, to the millisecond",
                  &timers_fire_in_order),
        make_case("given timers of the same instant, when they fall due, then the order is that of the tickets",
                  &ties_of_timers_fall_by_ordinal),
        make_case("given timers, when they are moved and disarmed, then kind and name tell which",
                  &timers_are_moved_and_disarmed),
        make_case("given a document, when it is stored again, then that is its next version and the others stay",
                  &documents_have_versions),
        make_case("given bytes, when they are stored twice, then they go with their last use", &blobs_count_their_uses),
        make_case("given an outbox, when entries are acknowledged or retried, then they are gone or counted",
                  &the_outbox_is_acknowledged_or_retried),
        make_case("given an outbox, when a ticket is dropped from it, then its entries are gone and no others",
                  &the_outbox_forgets_a_ticket),
        make_case("given pieces, when they are put again or dropped, then the last count, and the log knows nothing",
                  &pieces_are_replaced_and_dropped),
        make_case("given pieces, when a text is erased, then they go with it, for they may be made of it",
                  &erasing_drops_the_pieces),

        make_case("given an article, when it is written and changed, then it is kept whole, with its log and its texts",
                  &articles_come_back_whole),
        make_case("given articles of two tenants, when they are listed, then each has its own, by number, page by page",
                  &articles_are_listed_by_number),
        make_case(
            "given an article and its translations, when they are asked for, then they come, each while it is one",
            &translations_are_found),
        make_case("given an article that changed, when its old version or its id is written, then that is refused",
                  &an_old_article_is_refused),
        make_case("given a unit with an article, when it is given up, then it leaves no trace",
                  &an_article_that_is_given_up_leaves_no_trace),
        make_case(
            "given an article, when a text of it is erased, then its print remains, and nothing made of its words",
            &a_text_of_an_article_is_erased),
        make_case("given a receipt of an article, when its command comes again, then it is found",
                  &receipts_of_articles_are_kept),

        make_case("given an inquiry, when it is put and put again, then it is kept whole, and the log knows nothing",
                  &inquiries_come_back_whole),
        make_case("given inquiries of two tenants, when they are listed, then each has its own, by time, page by page",
                  &inquiries_are_listed_by_time),
        make_case("given inquiries, when those of a person or before a time are destroyed, then no others are gone",
                  &inquiries_are_destroyed),
        make_case("given a unit with inquiries, when it is given up, then it leaves no trace",
                  &inquiries_that_are_given_up_leave_no_trace),
        make_case("given a receipt of a command without events, when its command comes again, then it is found",
                  &receipts_without_events_are_kept),

        make_case("given tickets with empty values, when they are ordered, then the empty are the smallest",
                  &orders_put_the_empty_first),
        make_case("given a wanted and a visible condition, when tickets are found, then both hold",
                  &both_conditions_hold),
        make_case("given a condition on age, when it is asked, then the time is the query's", &time_is_the_querys),
        make_case("given random tickets, when they are found, then they are whole", &found_tickets_are_whole),
        make_case("given any page size, when the pages are read, then they are the whole, in order",
                  &pages_neither_skip_nor_repeat),
        make_case("given a cursor, when tickets come before and behind it, then no other is skipped or repeated",
                  &cursors_hold_while_tickets_come),
        make_case("given counters, when tickets move, then the counters follow at the commit",
                  &counters_follow_changes),
        make_case("given more tickets than are counted, when no facets answer, then the counter says at least",
                  &large_counters_say_at_least),
        make_case("given random tickets, when random conditions are counted, then the number is that of a scan",
                  &facets_count_like_a_scan),
        make_case("given the same story, when random views are asked, then memory and this store agree",
                  &the_oracle_agrees),

        make_case("given a writer, when a second one begins, then it waits or is told that the store is busy",
                  &a_second_writer_waits_or_is_refused),
        make_case("given four writers of one ticket, when all write at once, then no update is lost",
                  &no_update_is_lost),
        make_case("given a reader, when commits go on beside it, then it never sees half of one",
                  &readers_see_whole_commits),
        make_case(
            "given a scenario, when its N-th operation fails, for every N, then no trace is left and it succeeds after",
            &the_nth_failure_leaves_no_trace),
        make_case("given a commit whose answer is lost, when its receipt is asked for, then it tells",
                  &a_lost_acknowledgement_is_found_by_its_receipt),
        make_case("given operations that fail by chance, when units of work go on, then only whole ones are there",
                  &chance_faults_never_corrupt),
        make_case("given a store, when it is opened again, then everything is there", &a_reopened_store_is_the_same,
                  durable),
        make_case("given an open unit, when the store is opened again, then nothing of it is there",
                  &a_unit_that_was_open_is_gone_after_reopening, durable),
        make_case("given a desk at work, when it is backed up, then the copy is the desk as committed",
                  &a_backup_is_the_same, backup),
    };
}

} // namespace conformance

GUICHET_DECL std::vector<conformance_case> const& store_conformance() {
    static auto const cases = conformance::all_cases();
    return cases;
}

GUICHET_DECL bool applies(conformance_case const& c, store_factory const& factory) noexcept {
    switch (c.needs) {
    case conformance_need::durable: return factory.reopen != nullptr;
    case conformance_need::backup: return factory.backup_path && factory.open_backup;
    case conformance_need::nothing: break;
    }
    return true;
}

} // namespace guichet::inline v0::testing
