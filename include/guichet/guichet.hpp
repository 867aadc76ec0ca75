#pragma once

/// Everything a host needs, levels 0 to 5: `#include <guichet/guichet.hpp>` and open a desk. Stores that need a
/// library of their own are beside it: <guichet/sqlite/sqlite_store.hpp>; so are tools: <guichet/rules/lint.hpp>,
/// <guichet/rules/files.hpp>, <guichet/reporting/output.hpp>, <guichet/engine/alike.hpp>,
/// <guichet/engine/knowledge.hpp>. Sorted by level.

#include <guichet/config.hpp>
#include <guichet/version.hpp>

// level 0
#include <guichet/base/environment.hpp>
#include <guichet/base/error.hpp>
#include <guichet/base/hash.hpp>
#include <guichet/base/ids.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/base/reason.hpp>

// level 1
#include <guichet/expr/condition.hpp>
#include <guichet/time/calendar.hpp>
#include <guichet/time/calendar_lint.hpp>
#include <guichet/time/holidays.hpp>
#include <guichet/time/icalendar.hpp>
#include <guichet/time/iso8601.hpp>

// level 2
#include <guichet/model/article.hpp>
#include <guichet/model/calendar_document.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/guide.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/model/working_time.hpp>

// level 3
#include <guichet/access/roles.hpp>
#include <guichet/kb/article_files.hpp>
#include <guichet/kb/evolve.hpp>
#include <guichet/kb/guide.hpp>
#include <guichet/lifecycle/decide.hpp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/routing/choose.hpp>
#include <guichet/rules/rule_index.hpp>
#include <guichet/rules/rule_set.hpp>
#include <guichet/rules/wording.hpp>
#include <guichet/search/fusion.hpp>
#include <guichet/search/index.hpp>
#include <guichet/search/snippet.hpp>
#include <guichet/search/vectors.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/sla/proof.hpp>
#include <guichet/trends/detector.hpp>

// level 4
#include <guichet/storage/memory_store.hpp>
#include <guichet/storage/store.hpp>

// level 5
#include <guichet/engine/desk.hpp>
#include <guichet/engine/finder.hpp>
#include <guichet/engine/statistics.hpp>
