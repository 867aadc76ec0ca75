#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the library, in one place; each is tested at the limit and one past it. Units are last in the name.
namespace guichet::inline v0::limits {

inline constexpr std::size_t subject_bytes_max = 1'000;
inline constexpr std::size_t name_bytes_max = 200; ///< person, queue, team, tag, category, state, ...
inline constexpr std::size_t message_bytes_max = 1'000'000;
inline constexpr std::size_t text_field_bytes_max = 10'000;
inline constexpr std::size_t blob_bytes_max = 50'000'000;
inline constexpr std::size_t command_bytes_max = 4'000'000;

inline constexpr std::size_t tags_max = 100;
inline constexpr std::size_t watchers_max = 200;
inline constexpr std::size_t links_max = 500;
inline constexpr std::size_t escalations_max = 200;
inline constexpr std::size_t notices_max = 500; ///< of one ticket in ten hours, to whomever
inline constexpr std::chrono::minutes notices_kept{600};
inline constexpr std::size_t attachments_max = 200;
inline constexpr std::size_t time_entries_max = 2'000;
inline constexpr std::size_t custom_fields_max = 200;
inline constexpr std::size_t state_spans_max = 5'000;
inline constexpr std::size_t texts_max = 20'000; ///< of one ticket: messages, subjects, resolutions

inline constexpr std::size_t audiences_max = 50;        ///< of one article; and documents that describe one
inline constexpr std::size_t article_tickets_max = 100; ///< that an article remembers; it counts all

inline constexpr std::size_t diff_lines_max = 1'000; ///< removed and added, of two texts

inline constexpr std::size_t helped_tickets_max = 20;       ///< whose words find an article, the latest
inline constexpr std::size_t helped_text_bytes_max = 4'000; ///< of one of them

inline constexpr std::size_t inquiry_shown_max = 50;    ///< of what one inquiry was shown
inline constexpr std::chrono::days inquiries_kept{180}; ///< where the host says nothing else

inline constexpr std::size_t guides_max = 1'000;
inline constexpr std::size_t guide_steps_max = 500;    ///< of one guide, its ends too
inline constexpr std::size_t guide_branches_max = 200; ///< of one step; and its choices
inline constexpr std::size_t guide_walks_max = 50;     ///< of one ticket

inline constexpr std::uint32_t outbox_attempts_max = 12; ///< then an entry is parked
inline constexpr std::size_t rule_deeds_max = 100; ///< changes of other tickets by rules, in answer to one command

inline constexpr std::size_t table_prefix_bytes_max = 32; ///< of the tables in a host's file

inline constexpr std::size_t batch_commands_max = 10'000;
inline constexpr std::size_t group_commit_max = 256; ///< commands of concurrent threads that share one transaction
inline constexpr std::size_t page_rows_max = 1'000;
inline constexpr std::size_t recount_rows = 500;     ///< open tickets to a transaction after a change
inline constexpr std::size_t preview_rows_max = 100; ///< deadlines that a preview tells one by one
inline constexpr std::size_t counters_max = 200;
inline constexpr std::size_t condition_nodes_max = 1'000;
inline constexpr std::size_t condition_depth_max = 32;
inline constexpr std::size_t condition_patterns_max = 20; ///< `matches` in one condition
inline constexpr std::size_t pattern_bytes_max = 500;
inline constexpr std::int64_t pattern_memory_bytes_max = 256'000; ///< of one compiled pattern, its caches included
inline constexpr std::size_t templates_max = 1'000;
inline constexpr std::size_t template_bytes_max = 100'000;
inline constexpr std::size_t template_depth_max = 16;        ///< sections within sections
inline constexpr std::size_t rendered_bytes_max = 1'000'000; ///< what becomes of one template
inline constexpr std::size_t counted_rows_max =
    10'000; ///< beyond it, a counter that no projection answers says "at least"

inline constexpr std::size_t vector_dimension_max = 4'096; ///< numbers in a vector of meaning
inline constexpr std::size_t alike_tickets_max = 5'000;    ///< that are compared with each other
inline constexpr std::size_t embedded_bytes_max = 8'000;   ///< of a text that is made a vector; the rest is left out

inline constexpr std::size_t numbered_documents_max = 200; ///< that are looked at for the number that was typed
inline constexpr std::size_t shelf_changes_max = 10'000;   ///< that a shelf remembers; beyond them it tells all anew

inline constexpr std::size_t report_rows_max = 100'000; ///< of one report
inline constexpr std::size_t chart_series_max = 8;      ///< lines of one chart
inline constexpr std::size_t chart_bars_max = 30;       ///< bars of one chart

inline constexpr std::size_t trend_traits_max = 16;      ///< of one ticket that are counted
inline constexpr std::size_t trend_tickets_max = 100;    ///< that an alarm names
inline constexpr std::size_t trend_trait_bytes = 4'096;  ///< that a detector holds for one trait, at most
inline constexpr std::chrono::hours trend_late_max{1};   ///< after which news of a trend is told no more
inline constexpr std::size_t trend_watched_max = 65'536; ///< traits that one detector can be told to watch

inline constexpr std::size_t calendar_intervals_per_week_max = 700;
inline constexpr std::size_t calendar_dates_max = 20'000; ///< holidays, shifts and breaks of one calendar together
inline constexpr int calendar_horizon_years = 40; ///< how far a deadline is looked for before it counts as "never"

inline constexpr std::size_t persons_max = 10'000;
inline constexpr std::size_t teams_max = 1'000;
inline constexpr std::size_t skills_max = 500;    ///< different ones of all persons and teams
inline constexpr std::size_t languages_max = 60;  ///< different ones of all persons; and of one template
inline constexpr std::size_t absences_max = 500;  ///< of one person
inline constexpr std::size_t team_list_max = 500; ///< skills asked for, supervisors, and duties on call, each
inline constexpr std::size_t weights_max = 500;
inline constexpr std::uint32_t weight_max = 1'000;        ///< of one ticket
inline constexpr std::uint32_t capacity_max = 1'000'000;  ///< of one person
inline constexpr std::size_t routing_candidates_max = 20; ///< that a decision tells one by one; it counts the others

} // namespace guichet::inline v0::limits
