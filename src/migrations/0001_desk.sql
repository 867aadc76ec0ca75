-- A desk in one file. docs/concepts/storage.md tells the reasons. Empty values are NULL; instants are milliseconds
-- since 1970; ids are 16 bytes, digests 32; enumerations are their numbers.

-- Names that come back in many rows, which hold their numbers: tenants, queues, states, ... They are never removed.
CREATE TABLE {names} (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- The tickets as they stand. The columns from id to reopenings are those of `ticket_row`; is_open follows from status,
-- last_event is the end of the ticket's chain in the log, armed how many timers it has, and lists is packed JSON.
CREATE TABLE {tickets} (
    ordinal INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    number TEXT,
    kind INTEGER REFERENCES {names} (number),
    state INTEGER REFERENCES {names} (number),
    status INTEGER NOT NULL,
    subject TEXT,
    requester TEXT,
    organisation TEXT,
    contact TEXT,
    channel INTEGER NOT NULL,
    impact INTEGER REFERENCES {names} (number),
    urgency INTEGER REFERENCES {names} (number),
    priority INTEGER REFERENCES {names} (number),
    priority_rank INTEGER NOT NULL,
    category INTEGER REFERENCES {names} (number),
    queue INTEGER REFERENCES {names} (number),
    team INTEGER REFERENCES {names} (number),
    tier INTEGER REFERENCES {names} (number),
    assignee INTEGER REFERENCES {names} (number),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    due_at INTEGER,
    pending_until INTEGER,
    first_response_at INTEGER,
    resolved_at INTEGER,
    closed_at INTEGER,
    breached INTEGER NOT NULL,
    resolution_code INTEGER REFERENCES {names} (number),
    resolution TEXT,
    merged_into BLOB,
    version INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    replies INTEGER NOT NULL,
    reassignments INTEGER NOT NULL,
    handovers INTEGER NOT NULL,
    reopenings INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    last_event INTEGER,
    armed INTEGER NOT NULL,
    lists BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX {tickets_id} ON {tickets} (id);
CREATE UNIQUE INDEX {tickets_number} ON {tickets} (tenant, number);
CREATE INDEX {tickets_created} ON {tickets} (tenant, created_at);
CREATE INDEX {tickets_priority} ON {tickets} (tenant, priority_rank DESC, created_at) WHERE is_open = 1;
CREATE INDEX {tickets_queue_priority} ON {tickets} (tenant, queue, priority_rank DESC, created_at) WHERE is_open = 1;
CREATE INDEX {tickets_queue_due} ON {tickets} (tenant, queue, due_at) WHERE is_open = 1;
CREATE INDEX {tickets_queue_created} ON {tickets} (tenant, queue, is_open, created_at);
CREATE INDEX {tickets_queue_updated} ON {tickets} (tenant, queue, is_open, updated_at);
CREATE INDEX {tickets_assignee} ON {tickets} (tenant, assignee, is_open, updated_at) WHERE assignee IS NOT NULL;
CREATE INDEX {tickets_organisation} ON {tickets} (tenant, organisation) WHERE organisation IS NOT NULL;

-- Requester, contact and watchers of each ticket.
CREATE TABLE {participants} (
    person TEXT NOT NULL,
    ticket INTEGER NOT NULL REFERENCES {tickets} (ordinal),
    PRIMARY KEY (person, ticket)
) STRICT, WITHOUT ROWID;

-- What each state meant for the tickets that were ever in it, so that a query on states knows whether it asks for open
-- tickets only.
CREATE TABLE {states} (
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    state INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    PRIMARY KEY (tenant, state, is_open)
) STRICT, WITHOUT ROWID;

-- How many tickets have a combination of attributes. 0 is the number of no name, for keys have no NULL.
CREATE TABLE {facets} (
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    queue INTEGER NOT NULL,
    status INTEGER NOT NULL,
    assignee INTEGER NOT NULL,
    state INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    team INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    breached INTEGER NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (tenant, queue, status, assignee, state, priority, kind, team, tier, breached)
) STRICT, WITHOUT ROWID;

-- The articles as they stand: content is packed JSON, last_event the end of the article's chain in the log, original
-- what it is a translation of.
CREATE TABLE {articles} (
    ordinal INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    number TEXT NOT NULL,
    version INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    content BLOB NOT NULL,
    original BLOB,
    UNIQUE (tenant, number)
) STRICT;

CREATE INDEX {articles_by_original} ON {articles} (original) WHERE original IS NOT NULL;

-- The log, append only: of tickets, and of articles. Tenant and id stand in their row; previous is the event before
-- this one of the same, a chain that is shorter than an index. The body is packed JSON.
CREATE TABLE {events} (
    seq INTEGER PRIMARY KEY,
    ticket INTEGER REFERENCES {tickets} (ordinal),
    previous INTEGER,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type INTEGER NOT NULL,
    actor TEXT,
    cause TEXT,
    cause_due INTEGER,
    body BLOB NOT NULL,
    hash BLOB NOT NULL,
    article INTEGER REFERENCES {articles} (ordinal),
    CHECK ((ticket IS NULL) <> (article IS NULL))
) STRICT;

-- The texts that came with the events; place is 1024 * seq of the event + the text's place in it. No time and no author
-- means those of the event. Erased, a text has a print and neither body nor salt.
CREATE TABLE {texts} (
    place INTEGER PRIMARY KEY,
    no INTEGER NOT NULL,
    role INTEGER NOT NULL,
    audience INTEGER NOT NULL,
    side INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    at INTEGER,
    author TEXT,
    body TEXT,
    html TEXT,
    salt BLOB,
    print BLOB
) STRICT;

-- In the order in which they fall due. A ticket's own list tells where its timers are.
CREATE TABLE {timers} (
    due INTEGER NOT NULL,
    ticket INTEGER NOT NULL REFERENCES {tickets} (ordinal),
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (due, ticket, kind, name)
) STRICT, WITHOUT ROWID;

-- ticket is the ordinal, or the id where there is no such ticket; none means what the first event happened to. The
-- last event is first_seq + more.
CREATE TABLE {receipts} (
    id BLOB NOT NULL,
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    print BLOB NOT NULL,
    ticket ANY,
    first_seq INTEGER NOT NULL,
    more INTEGER NOT NULL,
    PRIMARY KEY (id, tenant)
) STRICT, WITHOUT ROWID;

CREATE TABLE {sequences} (
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE {outbox} (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    ticket BLOB NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    attempts INTEGER NOT NULL
) STRICT;

CREATE INDEX {outbox_due} ON {outbox} (not_before);

CREATE TABLE {documents} (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;

-- The bytes stand apart, so that counting uses does not rewrite them.
CREATE TABLE {blobs} (
    digest BLOB PRIMARY KEY,
    uses INTEGER NOT NULL,
    bytes INTEGER NOT NULL REFERENCES {blob_bytes} (number)
) STRICT, WITHOUT ROWID;

CREATE TABLE {blob_bytes} (
    number INTEGER PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

-- What is derived from the rest and may be derived again, such as the index of the search.
CREATE TABLE {pieces} (
    name TEXT PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

-- What was asked of the knowledge base; rows go when their time is over.
CREATE TABLE {inquiries} (
    tenant INTEGER NOT NULL REFERENCES {names} (number),
    id BLOB NOT NULL,
    at INTEGER NOT NULL,
    person TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX {inquiries_by_time} ON {inquiries} (at, tenant, id);
