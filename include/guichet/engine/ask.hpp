#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/finder.hpp>
#include <guichet/engine/statistics.hpp>

#include <string>
#include <string_view>

/// The queries and the care of a desk in JSON, by name, as its commands are: for hosts that hold no C++ values.
///
///     {"query": "history", "viewer": "luc", "role": "agent", "ticket": "INC-2026-000001"}
///     {"task": "configure", "by": "root", "role": "administrator", "documents": [{"kind": "tier", ...}]}
///
/// `viewer` and `by` are a name with `role` and `tenant` beside it, or an actor; tickets and articles go by number or
/// id. What a query takes beside is named as in C++; a member that it does not take is an error that lists those that
/// it does. `{"query": "queries"}` and `{"query": "tasks"}` tell of each name what it needs, may have and does.
/// docs/reference/queries.md has the same as a table.
namespace guichet::inline v0 {

/// A desk with what finds and what counts in it.
struct asked_desk {
    desk& core;
    finder& found;
    statistics& counted;
};

/// Answers a query, in JSON. Reads only. At most `limits::command_bytes_max`. Any thread.
GUICHET_DECL result<std::string> ask(asked_desk const& of, std::string_view query);
/// Does a task: what changes the desk and is no command. Answers in JSON, null where there is nothing to say. At most
/// `limits::command_bytes_max`. Any thread.
GUICHET_DECL result<std::string> manage(asked_desk const& of, std::string_view task);
/// The bytes of an attachment, by its number: `{"query": "read_file", "viewer": ..., "ticket": ..., "attachment": 3}`.
/// Any thread.
GUICHET_DECL result<std::string> read_file(asked_desk const& of, std::string_view query);

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/ask.ipp>
#endif
