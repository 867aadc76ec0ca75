#ifndef GUICHET_H
#define GUICHET_H

/* Guichet, a help desk engine, for programs in any language that can call C: link libguichet. A page about it is
 * docs/guides/embed-from-c.md; what commands, queries and tasks there are stands in docs/concepts/lifecycle.md and
 * docs/reference/queries.md, and the desk tells it itself: {"query": "queries", "viewer": "me"}.
 *
 * Texts are UTF-8 and end with a zero byte. No function keeps what it is given. No exception leaves the library.
 *
 * Threads: a desk may be used by any number of threads at the same time, but for guichet_close, and for
 * guichet_subscribe, which comes before the second thread. An answer belongs to one thread at a time; any may free it.
 * After fork() the child is refused: it opens the desk again. The library starts no thread. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An open desk. */
typedef struct guichet_desk guichet_desk;

/* What a call came to: JSON, or an error; never NULL. It belongs to whoever called, who frees it. There is no last error to ask
 * for, so nothing is lost when a call and the look at what it came to happen on different threads. */
typedef struct guichet_answer guichet_answer;

/* What a caller can do about an answer. The numbers are the exit codes of the command line, and stay. */
enum guichet_code {
    guichet_ok = 0,
    guichet_invalid_argument = 2,     /* the input is malformed, whatever the state of the desk */
    guichet_not_found = 3,            /* no such thing, or the viewer may not know of it */
    guichet_already_exists = 4,       /* the identifier is taken */
    guichet_conflict = 5,             /* someone else changed it first: load again and retry */
    guichet_failed_precondition = 6,  /* well formed, but the state does not allow it */
    guichet_permission_denied = 7,    /* the actor is known and lacks the right */
    guichet_unauthenticated = 8,      /* who acts is not stated, or not proven */
    guichet_resource_exhausted = 9,   /* a limit was passed */
    guichet_deadline_exceeded = 10,   /* the budget ran out before the end: retry */
    guichet_unavailable = 11,         /* busy or out of reach, nothing was written: retry */
    guichet_in_doubt = 12,            /* whether it was written is not known: retry with the same command id */
    guichet_cancelled = 13,           /* the caller gave up, or a hook refused */
    guichet_out_of_range = 14,        /* a value or a cursor lies outside what exists */
    guichet_unimplemented = 15,       /* this build or this backend does not offer it */
    guichet_data_loss = 16,           /* stored data is damaged or was altered */
    guichet_internal = 17             /* a defect of the library: please report it */
};

/* --- answers */

/* guichet_ok, or why not. */
int guichet_code(const guichet_answer *answer);
/* JSON: what was asked for, or {"error": {"code", "reason", "detail", "detail_fr", "context"}}. Of guichet_read_file
 * the bytes. Valid until the answer is freed. */
const char *guichet_text(const guichet_answer *answer);
/* Its bytes, without the zero byte behind them. */
size_t guichet_size(const guichet_answer *answer);
/* A part of an error, for hosts without a JSON parser at hand: "code", "reason" (stable words), "detail", "detail_fr"
 * (the sentence for people), or a fact of its context such as "context.path". NULL where there is none, and of an
 * answer that is no error. Valid until the answer is freed. */
const char *guichet_error(const guichet_answer *answer, const char *part);
/* NULL is allowed. */
void guichet_free(guichet_answer *answer);

/* --- the desk */

/* "0.1.0". Any thread. */
const char *guichet_version(void);

/* Opens the desk in a SQLite file, or in memory: ":memory:". `options` is NULL or JSON, all of it optional:
 *   "create": false      refuse a file that is not there instead of making it
 *   "read_only": true    refuse to write
 *   "durable": false     a power cut may undo the last commands, in order; much faster
 *   "busy_ms": 5000      how long a command waits for another process that writes
 *   "language": "fr"     of texts that say none, for search
 *   "clock": {"start": "2026-03-02T09:00:00Z", "seed": 1}
 *                        a clock that stands still until guichet_advance_clock, and ids from a seed: for tests
 * Sets *desk, to NULL when the answer is an error. Any thread. */
guichet_answer *guichet_open(const char *path, const char *options, guichet_desk **desk);
/* No other call on the desk may be running or follow. NULL is allowed. Answers stay valid. */
void guichet_close(guichet_desk *desk);

/* Executes one command; when it returns, what follows from it is on disk:
 *   {"command": "open_ticket", "by": "ana", "subject": "No network", "impact": "high"}
 * With an "id" (a UUID) of the host's making, sending it again is harmless. Answers
 * {"ticket", "number", "version", "repeated", "events"}. Any thread; waiting commands of several threads share a
 * transaction. */
guichet_answer *guichet_execute(guichet_desk *desk, const char *command);
/* Executes a list of commands in one transaction, each on what those before it left. Answers the list of what each came
 * to, a refused one as {"error": {...}} in its place; with `all_or_none` (not 0) one refusal undoes all and is the
 * answer. Any thread. */
guichet_answer *guichet_execute_batch(guichet_desk *desk, const char *commands, int all_or_none);
/* Answers a query, and writes nothing:
 *   {"query": "history", "viewer": "luc", "role": "agent", "ticket": "INC-2026-000001"}
 * Any thread; queries never wait for commands. */
guichet_answer *guichet_query(guichet_desk *desk, const char *query);
/* Does what changes the desk and is no command: configure, apply, roll_back, reroute, redact_person, backup, ...
 *   {"task": "backup", "by": "root", "role": "administrator", "path": "copy.db"}
 * Any thread. */
guichet_answer *guichet_manage(guichet_desk *desk, const char *task);

/* Fires what is due, at most `timers_max` timers (0: 1000). Answers {"timers_fired", "timers_fenced", "next"}; `next`
 * is when to call again, null when nothing is planned. Any thread; one is enough. */
guichet_answer *guichet_pump(guichet_desk *desk, size_t timers_max);
/* Sets *wait_ms to how long guichet_pump may wait, as poll() takes it: 0 when something is due, -1 when nothing is
 * planned. Answers the instant, or null. Every command may bring it forward. Any thread. */
guichet_answer *guichet_next_wakeup(guichet_desk *desk, int *wait_ms);
/* Moves the clock of a desk that was opened with one. Answers the time that it shows then. Any thread. */
guichet_answer *guichet_advance_clock(guichet_desk *desk, int64_t seconds);

/* Called after each commit through this desk, on the thread that executed the command or pumped, while no lock is held:
 * it may call the desk, but not close it. `seq` is that of the last event. It is a hint to read on, with
 * {"query": "read_log", "after_seq": ...}, which also has what other processes wrote. */
typedef void guichet_committed(void *context, uint64_t seq);
/* Adds a listener until the desk is closed. Before the desk is shared by threads. */
guichet_answer *guichet_subscribe(guichet_desk *desk, guichet_committed *listener, void *context);

/* Sends one entry of the outbox: {"id", "kind", "tenant", "ticket", "attempts", "body"}. Returns 0 when it was sent;
 * else it is tried again later. `entry` is valid during the call. It may call the desk, but not close it. */
typedef int guichet_send(void *context, const char *entry);
/* Hands what waits in the outbox and is due, at most `limit` entries, to `send`, on the calling thread. At least once
 * each: the key in the body stays the same. Answers {"sent", "failed", "parked"}. Any thread. */
guichet_answer *guichet_deliver(guichet_desk *desk, size_t limit, guichet_send *send, void *context);

/* Stores a file, at most 50 MB. Answers what a command's "attachments" take. Any thread. */
guichet_answer *guichet_put_file(guichet_desk *desk, const void *bytes, size_t size, const char *name,
                                 const char *type);
/* The bytes of an attachment, by its "no" in the ticket:
 *   {"query": "read_file", "viewer": "luc", "role": "agent", "ticket": "INC-2026-000001", "attachment": 3}
 * Any thread. */
guichet_answer *guichet_read_file(guichet_desk *desk, const char *query);

#ifdef __cplusplus
}
#endif

#endif
