"""A store in dictionaries: the shortest one that keeps the contract, to begin one's own from.

    python examples/custom-store/dict_store.py

Committed tables never change. A unit of work copies a table when it first writes to it, and its commit puts all its
tables in the place of the old ones at once: so readers see whole commits, and a rollback costs nothing. That is right
for some thousand tickets; a database has transactions of its own instead. docs/guides/extend-in-python.md explains.
"""

import bisect
from dataclasses import dataclass, field, replace

import guichet

NO_PRINT = "0" * 64
KINDS = {kind: place for place, kind in enumerate(guichet.TimerKind)}


@dataclass(frozen=True)
class Tables:
    """What was committed."""

    tickets: dict = field(default_factory=dict)  # id: Ticket
    numbers: dict = field(default_factory=dict)  # tenant, number: id
    articles: dict = field(default_factory=dict)  # id: Article
    article_numbers: dict = field(default_factory=dict)
    events: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    timers: dict = field(default_factory=dict)  # ticket, kind, name: due
    receipts: dict = field(default_factory=dict)  # tenant, id: Receipt
    sequences: dict = field(default_factory=dict)
    outbox: dict = field(default_factory=dict)
    documents: dict = field(default_factory=dict)  # kind, id: [Document]
    blobs: dict = field(default_factory=dict)  # digest: bytes, uses
    pieces: dict = field(default_factory=dict)
    inquiries: dict = field(default_factory=dict)  # tenant, id: Inquiry


class Reading:
    """What is read of tables, committed or not."""

    tables: Tables

    def load(self, tenant, id):
        found = self.tables.tickets.get(id)
        return found if found is not None and found.tenant == tenant else None

    def find_number(self, tenant, number):
        return self.tables.numbers.get((tenant, number))

    def load_article(self, tenant, id):
        found = self.tables.articles.get(id)
        return found if found is not None and found.tenant == tenant else None

    def find_article(self, tenant, number):
        return self.tables.article_numbers.get((tenant, number))

    def articles(self, tenant, after, limit):
        mine = (one for one in self.tables.articles.values() if one.tenant == tenant and one.number > after)
        return sorted(mine, key=lambda one: one.number)[:limit]

    def translations(self, tenant, original):
        return [one for one in self.articles(tenant, "", len(self.tables.articles)) if one.translation_of == original]

    def read_log(self, after, limit):
        return self.tables.events[after : after + limit]

    def head(self):
        events = self.tables.events
        return guichet.LogHead(seq=events[-1].seq, hash=events[-1].hash) if events else guichet.LogHead()

    def load_texts(self, id):
        return [text for text in self.tables.texts if text.ticket == id]


class DictUnit(Reading, guichet.UnitOfWork):
    """One transaction."""

    def __init__(self, store):
        self._store = store
        self._mine = set()
        self.tables = store.tables

    def _write(self, name):
        """A table that is this unit's own."""
        if name not in self._mine:
            self._mine.add(name)
            self.tables = replace(self.tables, **{name: getattr(self.tables, name).copy()})
        return getattr(self.tables, name)

    def commit(self):
        self._store.tables = self.tables

    def next_in_sequence(self, tenant, name):
        sequences = self._write("sequences")
        sequences[tenant, name] = sequences.get((tenant, name), 0) + 1
        return sequences[tenant, name]

    # --- tickets and articles

    def append(self, change):
        after = change.after
        stored = self.tables.tickets.get(after.id)
        self._check(change, stored, guichet.error("ticket_exists", ticket=after.id))
        ordinal = stored.ordinal if stored is not None else len(self.tables.tickets) + 1
        self._write("tickets")[after.id] = after.replace(ordinal=ordinal)
        if after.number:
            self._write("numbers")[after.tenant, after.number] = after.id
        self._keep(after.id, change)
        timers = self._write("timers")
        for timer in change.disarmed:
            timers.pop((after.id, timer.kind, timer.name), None)
        for timer in change.armed:
            timers[after.id, timer.kind, timer.name] = timer.due
        return ordinal

    def append_article(self, change):
        after = change.after
        self._check(change, self.tables.articles.get(after.id), guichet.error("article_exists", article=after.id))
        self._write("articles")[after.id] = after
        self._write("article_numbers")[after.tenant, after.number] = after.id
        self._keep(after.id, change)

    def _check(self, change, stored, taken):
        if change.before is None:
            if stored is not None:
                raise taken
        else:
            mine = stored is not None and stored.tenant == change.after.tenant
            current = stored.version if mine else 0
            if change.before.version != current:
                raise guichet.error("version_conflict", expected=change.before.version, current=current)
        for seq, event in enumerate(change.events, len(self.tables.events) + 1):
            if event.seq != seq:
                raise guichet.error("defect", problem=f"event {event.seq} was written where {seq} is next")

    def _keep(self, id, change):
        self._write("events").extend(change.events)
        texts = self._write("texts")
        texts.extend(change.texts)
        if change.erased_texts:
            texts[:] = [
                guichet.erased(text) if text.ticket == id and text.no in change.erased_texts else text for text in texts
            ]
            receipts = self._write("receipts")
            for key, receipt in receipts.items():
                if receipt.ticket == id:
                    receipts[key] = receipt.replace(print=NO_PRINT)
            self._write("pieces").clear()

    # --- what else there is

    def find_receipt(self, tenant, id):
        return self.tables.receipts.get((tenant, id))

    def put_receipt(self, receipt):
        if (receipt.tenant, receipt.id) in self.tables.receipts:
            raise guichet.error("command_id_reused", command=receipt.id)
        self._write("receipts")[receipt.tenant, receipt.id] = receipt

    def put_outbox(self, entry):
        id = self.next_in_sequence("", "outbox")
        self._write("outbox")[id] = entry.replace(id=id)

    def ack_outbox(self, id):
        self._write("outbox").pop(id, None)

    def retry_outbox(self, id, not_before):
        entry = self.tables.outbox.get(id)
        if entry is not None:
            self._write("outbox")[id] = entry.replace(not_before=not_before, attempts=entry.attempts + 1)

    def drop_outbox(self, ticket):
        outbox = self._write("outbox")
        for id in [id for id, entry in outbox.items() if entry.ticket == ticket]:
            del outbox[id]

    def put_document(self, document):
        versions = self.tables.documents.get((document.kind, document.id), ())
        version = len(versions) + 1
        self._write("documents")[document.kind, document.id] = (*versions, document.replace(version=version))
        return version

    def put_blob(self, digest, content):
        self._write("blobs").setdefault(digest, (content, 0))

    def find_blob(self, digest):
        return len(self.tables.blobs[digest][0]) if digest in self.tables.blobs else None

    def use_blob(self, digest):
        self._count_use(digest, 1)

    def drop_blob(self, digest):
        self._count_use(digest, -1)

    def _count_use(self, digest, more):
        if digest not in self.tables.blobs:
            raise guichet.error("blob_not_found", digest=digest)
        content, uses = self.tables.blobs[digest]
        blobs = self._write("blobs")
        if uses + more > 0:
            blobs[digest] = content, uses + more
        else:
            del blobs[digest]

    def put_piece(self, name, content):
        self._write("pieces")[name] = content

    def drop_piece(self, name):
        self._write("pieces").pop(name, None)

    def load_inquiry(self, tenant, id):
        return self.tables.inquiries.get((tenant, id))

    def put_inquiry(self, inquiry):
        self._write("inquiries")[inquiry.tenant, inquiry.id] = inquiry

    def drop_inquiries(self, some):
        def goes(inquiry):
            return (
                (some.tenant is None or inquiry.tenant == some.tenant)
                and (some.person is None or inquiry.person == some.person)
                and (some.before is None or inquiry.at < some.before)
            )

        inquiries = self._write("inquiries")
        going = [key for key, inquiry in inquiries.items() if goes(inquiry)]
        for key in going:
            del inquiries[key]
        return len(going)


class DictStore(Reading, guichet.Store):
    """A desk as long as the process."""

    def __init__(self):
        self.tables = Tables()

    def begin(self):
        return DictUnit(self)

    def tickets(self, tenant):
        return [ticket for ticket in self.tables.tickets.values() if ticket.tenant == tenant]

    def tenants(self):
        return sorted({ticket.tenant for ticket in self.tables.tickets.values()})

    def read_history(self, id):
        return [event for event in self.tables.events if event.ticket == id]

    def read_texts(self, id):
        return self.load_texts(id)

    def read_texts_between(self, first, last):
        return [text for text in self.tables.texts if first <= text.seq <= last]

    def due_timers(self, now, limit):
        tables = self.tables
        due = [
            (at, tables.tickets[id].ordinal, KINDS[kind], name, id, kind)
            for (id, kind, name), at in tables.timers.items()
            if at <= now
        ]
        return [
            guichet.DueTimer(
                tenant=tables.tickets[id].tenant, ticket=id, timer=guichet.Timer(kind=kind, name=name, due=at)
            )
            for at, _, _, name, id, kind in sorted(due)[:limit]
        ]

    def next_timer(self):
        return min(self.tables.timers.values(), default=None)

    def due_outbox(self, now, limit):
        due = (entry for entry in self.tables.outbox.values() if entry.not_before <= now)
        return sorted(due, key=lambda entry: (entry.not_before, entry.id))[:limit]

    def documents(self, kind):
        return [versions[-1] for name, versions in sorted(self.tables.documents.items()) if kind in ("", name[0])]

    def document_versions(self, kind, id):
        return self.tables.documents.get((kind, id), ())

    def read_blob(self, digest):
        content, _ = self.tables.blobs.get(digest, (None, 0))
        return content

    def piece_names(self):
        return sorted(self.tables.pieces)

    def read_piece(self, name):
        return self.tables.pieces.get(name)

    def inquiries(self, tenant, after, limit):
        def place(inquiry):
            return inquiry.at, inquiry.id

        asked = sorted((one for one in self.tables.inquiries.values() if one.tenant == tenant), key=place)
        start = 0 if after is None else bisect.bisect_right([place(one) for one in asked], (after.at, after.id or ""))
        return asked[start : start + limit]

    def stats(self):
        tables = self.tables
        return guichet.StoreStats(
            tickets=len(tables.tickets),
            articles=len(tables.articles),
            events=len(tables.events),
            texts=len(tables.texts),
            timers=len(tables.timers),
            receipts=len(tables.receipts),
            blobs=len(tables.blobs),
            documents=sum(len(versions) for versions in tables.documents.values()),
        )


if __name__ == "__main__":
    with guichet.open(DictStore(), by="luc") as desk:
        ticket = desk.open_ticket(subject="L'imprimante du 3e ne répond plus", requester="ana@example.org")
        desk.reply(ticket, "Avez-vous redémarré ?")
        for message in desk.conversation(ticket):
            print(message.author, message.text)
        print(desk.stats())
