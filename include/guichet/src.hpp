#pragma once

/// Every definition of the library, levels 0 to 5. Include it in exactly one translation unit, or link
/// `guichet::core`, which is that unit. Sorted by level.

// level 0: base
#include <guichet/base/impl/environment.ipp>
#include <guichet/base/impl/error.ipp>
#include <guichet/base/impl/hash.ipp>
#include <guichet/base/impl/ids.ipp>
#include <guichet/base/impl/spelling.ipp>

// level 1: time
#include <guichet/time/impl/calendar.ipp>
#include <guichet/time/impl/calendar_lint.ipp>
#include <guichet/time/impl/holidays.ipp>
#include <guichet/time/impl/icalendar.ipp>
#include <guichet/time/impl/iso8601.ipp>
#include <guichet/time/impl/stretches.ipp>
#include <guichet/time/impl/zone.ipp>

// level 1: text
#include <guichet/text/impl/analyser.ipp>
#include <guichet/text/impl/fold.ipp>
#include <guichet/text/impl/html.ipp>
#include <guichet/text/impl/markdown.ipp>
#include <guichet/text/impl/safe_name.ipp>
#include <guichet/text/impl/stop_words.ipp>
#include <guichet/text/impl/template.ipp>
#include <guichet/text/impl/utf8.ipp>

// level 1: expr
#include <guichet/expr/impl/checking.ipp>
#include <guichet/expr/impl/condition.ipp>
#include <guichet/expr/impl/evaluation.ipp>
#include <guichet/expr/impl/pattern.ipp>
#include <guichet/expr/impl/schema.ipp>
#include <guichet/expr/impl/sentences.ipp>
#include <guichet/expr/impl/text_form.ipp>
#include <guichet/expr/impl/text_writing.ipp>
#include <guichet/expr/impl/value.ipp>

// level 1: json
#include <guichet/json/impl/path.ipp>

// level 2: model
#include <guichet/model/impl/calendar_document.ipp>
#include <guichet/model/impl/checks.ipp>
#include <guichet/model/impl/codec.ipp>
#include <guichet/model/impl/ticket_fields.ipp>
#include <guichet/model/impl/ticket_labels.ipp>
#include <guichet/model/impl/working_time.ipp>

// level 3: escalation
#include <guichet/escalation/impl/journey.ipp>
#include <guichet/escalation/impl/ladder.ipp>

// level 3: kb
#include <guichet/kb/impl/article_files.ipp>
#include <guichet/kb/impl/decide.ipp>
#include <guichet/kb/impl/evolve.ipp>

// level 3: lifecycle
#include <guichet/lifecycle/impl/decide.ipp>
#include <guichet/lifecycle/impl/evolve.ipp>
#include <guichet/lifecycle/impl/machine.ipp>
#include <guichet/lifecycle/impl/mover.ipp>

// level 3: routing
#include <guichet/routing/impl/choose.ipp>
#include <guichet/routing/impl/decision.ipp>
#include <guichet/routing/impl/roster.ipp>
#include <guichet/routing/impl/workload.ipp>

// level 3: sla
#include <guichet/rules/impl/circles.ipp>
#include <guichet/rules/impl/dispatch.ipp>
#include <guichet/rules/impl/effects.ipp>
#include <guichet/rules/impl/files.ipp>
#include <guichet/rules/impl/lint.ipp>
#include <guichet/rules/impl/lint_words.ipp>
#include <guichet/rules/impl/requirements.ipp>
#include <guichet/rules/impl/rule_index.ipp>
#include <guichet/rules/impl/rule_set.ipp>
#include <guichet/rules/impl/wording.ipp>
#include <guichet/sla/impl/clock.ipp>
#include <guichet/sla/impl/policy.ipp>
#include <guichet/sla/impl/proof.ipp>

// level 3: search
#include <guichet/search/impl/completion.ipp>
#include <guichet/search/impl/dictionary.ipp>
#include <guichet/search/impl/fusion.ipp>
#include <guichet/search/impl/fuzzy.ipp>
#include <guichet/search/impl/index.ipp>
#include <guichet/search/impl/neighbourhood.ipp>
#include <guichet/search/impl/part.ipp>
#include <guichet/search/impl/plan.ipp>
#include <guichet/search/impl/postings.ipp>
#include <guichet/search/impl/query.ipp>
#include <guichet/search/impl/request_words.ipp>
#include <guichet/search/impl/segment.ipp>
#include <guichet/search/impl/segment_writer.ipp>
#include <guichet/search/impl/snapshot.ipp>
#include <guichet/search/impl/snippet.ipp>
#include <guichet/search/impl/top.ipp>
#include <guichet/search/impl/vector_graph.ipp>
#include <guichet/search/impl/vectors.ipp>

// level 3: access
#include <guichet/access/impl/roles.ipp>

// level 4: storage
#include <guichet/storage/impl/facets.ipp>
#include <guichet/storage/impl/memory_contents.ipp>
#include <guichet/storage/impl/memory_reading.ipp>
#include <guichet/storage/impl/memory_store.ipp>
#include <guichet/storage/impl/memory_unit.ipp>
#include <guichet/storage/impl/writer_gate.ipp>

// level 5: engine
#include <guichet/engine/impl/alike.ipp>
#include <guichet/engine/impl/around.ipp>
#include <guichet/engine/impl/article_documents.ipp>
#include <guichet/engine/impl/articles.ipp>
#include <guichet/engine/impl/at_hand.ipp>
#include <guichet/engine/impl/back_test.ipp>
#include <guichet/engine/impl/change.ipp>
#include <guichet/engine/impl/climb.ipp>
#include <guichet/engine/impl/configuration.ipp>
#include <guichet/engine/impl/deliberate.ipp>
#include <guichet/engine/impl/deliver.ipp>
#include <guichet/engine/impl/derive.ipp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/impl/dry_run.ipp>
#include <guichet/engine/impl/facts.ipp>
#include <guichet/engine/impl/finder.ipp>
#include <guichet/engine/impl/heard.ipp>
#include <guichet/engine/impl/index_keeper.ipp>
#include <guichet/engine/impl/internal.ipp>
#include <guichet/engine/impl/kept_decisions.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/engine/impl/meanings.ipp>
#include <guichet/engine/impl/notify.ipp>
#include <guichet/engine/impl/people.ipp>
#include <guichet/engine/impl/queries.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/engine/impl/related.ipp>
#include <guichet/engine/impl/report.ipp>
#include <guichet/engine/impl/reports.ipp>
#include <guichet/engine/impl/session.ipp>
#include <guichet/engine/impl/standing.ipp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/engine/impl/ticket_filter.ipp>
#include <guichet/engine/impl/trying.ipp>
#include <guichet/engine/impl/verify.ipp>
#include <guichet/engine/impl/view.ipp>
#include <guichet/engine/impl/where.ipp>
