#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/rules/wording.hpp>

#include <string>
#include <vector>

/// JSON of what a desk answers, for those values whose own headers have none. All functions are pure and thread-safe.
namespace guichet::inline v0 {

/// `{"code": ..., "reason": ..., "detail": ..., "detail_fr": ..., "context": {...}}`: the sentence in both languages.
GUICHET_DECL std::string encode(error const& e);
/// `{"tickets": [...], "next": ...}`
GUICHET_DECL std::string encode(page const& p);
/// `{"articles": [...], "next": ...}`
GUICHET_DECL std::string encode(article_page const& p);
/// `{"metric": ..., "policy": ..., "target_seconds": ..., "consumed_seconds": ..., "started": ..., "due": ..., ...}`
GUICHET_DECL std::string encode(sla::clock const& c);
/// `{"timers_fired": ..., "timers_fenced": ..., "next": ...}`
GUICHET_DECL std::string encode(pump_report const& r);
/// `{"events": ..., "tickets": ..., "articles": ..., "chain": ..., "problems": [...]}`
GUICHET_DECL std::string encode(verify_report const& r);
/// `{"open_tickets": ..., "affected": ..., "moved": [{"ticket": ..., "metric": ..., "from": ..., "to": ...}], ...}`
GUICHET_DECL std::string encode(change_preview const& p);
GUICHET_DECL std::string encode(moved_deadline const& m);
/// `{"ticket": ..., "version": ..., "at": ..., "decision": {...}}`
GUICHET_DECL std::string encode(kept_decision const& d);
/// `[{"ticket": ..., "number": ..., "to": {...}}, ...]`
GUICHET_DECL std::string encode(std::vector<routing::transfer> const& plan);
/// `{"version": ..., "guide": {...}}`
GUICHET_DECL std::string encode(kb::guide const& g);
/// `{"language": ..., "subject": ..., "text": ..., "html": ...}`
GUICHET_DECL std::string encode(rules::wording const& w);
/// `{"kind": ..., "id": ..., "version": ..., "body": {...}, "author": ..., "at": ...}`
GUICHET_DECL std::string encode(document const& d);
/// `{"count": ..., "exact": ...}`
GUICHET_DECL std::string encode(storage::counter const& c);
/// `{"tickets": ..., "articles": ..., "events": ..., "bytes": ..., "schema_version": ..., ...}`
GUICHET_DECL std::string encode(storage::store_stats const& s);
/// `{"id": ..., "kind": ..., "tenant": ..., "ticket": ..., "attempts": ..., "body": {...}}`
GUICHET_DECL std::string encode(storage::outbox_entry const& e);
/// `{"sent": ..., "failed": ..., "parked": ...}`
GUICHET_DECL std::string encode(delivery_report const& r);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/answers.ipp>
#endif
