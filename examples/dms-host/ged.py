"""The product: an archive with a help desk inside.

What the archive gives the desk: its contents are the desk's blobs, its rights say who sees which ticket, its procedures
are found by the desk's search. What the desk gives the archive: tickets on documents, and a line on the document's
sheet when one is resolved.
"""

import uuid

import guichet

#: In whose name the product itself acts.
PRODUCT = "ged"
#: The queue of what concerns no cabinet: the scanner, a batch.
SCANNER = "scanner"
PROCEDURES = "procedures"
#: What nobody has: an actor whose list of queues is empty would not be restricted to any.
NO_CABINET = "(no cabinet)"
#: Of a batch's master incident, so that a batch that is read twice opens it once.
BATCHES = uuid.UUID("6f2d4b60-95c5-4d0a-8d9c-3f6f1a7c2b11")


class Contents(guichet.BlobStore):
    """Attachments lie in the archive."""

    def __init__(self, archive):
        self._archive = archive

    def put(self, digest, content):
        self._archive.claim(digest, content)

    def get(self, digest):
        return self._archive.content(digest)

    def size(self, digest):
        return self._archive.content_size(digest)

    def drop(self, digest):
        self._archive.release(digest)


class Procedures(guichet.DocumentSource):
    """The desk finds the procedures of the archive, for those who may open their cabinet."""

    def __init__(self, archive):
        self._archive = archive

    def changes(self, mark):
        known = mark.isdigit()
        changed, now = self._archive.changed_since(PROCEDURES, int(mark) if known else -1)
        found = {id: self.find("", id) for id in changed}
        return guichet.DocumentChanges(
            put=[one for one in found.values() if one is not None],
            removed=[("", id) for id, one in found.items() if one is None],
            mark=str(now),
            all=not known,
        )

    def find(self, tenant, id):
        if self._archive.cabinet_of(id) != PROCEDURES or not self._archive.versions(id):
            return None
        return guichet.HostDocument(
            id=id,
            title=self._archive.title_of(id),
            body=self._archive.latest(id).words or "",
            audience=[f"person:{name}" for name in self._archive.readers_of(PROCEDURES)] or [f"person:{NO_CABINET}"],
        )


def lifecycle():
    """ITIL's practice, and a document that a ticket is about."""
    field = guichet.FieldDefinition(name="document", label_en="Document", label_fr="Document", type="reference")
    return guichet.itil_lifecycle().replace(fields=[field])


#: A reader sees the tickets of the cabinets that he may open; an archivist works on them and may destroy words.
ROLES = [
    guichet.RoleDocument(name="reader", extends="requester", side="requester", rights=["see_queues"]),
    guichet.RoleDocument(name="archivist", extends="agent", side="desk", rights=["redact_ticket"]),
]


class Ged:
    """``say(key, **values)`` gives the sentences that the product itself writes; ``read(content)`` is the OCR: words,
    or None where it fails."""

    def __init__(self, archive, say, read, *, path=":memory:", clock=None, language="en"):
        self.archive = archive
        self._say = say
        self._read = read
        self.desk = guichet.open(
            path,
            clock=clock,
            identity=self._who,
            blobs=Contents(archive),
            sources={"document": Procedures(archive)},
            language=language,
        )
        self.desk.configure([lifecycle(), *ROLES], by=PRODUCT)
        archive.rights_changed.append(self.desk.identities.forget)
        self.desk.guard("open_ticket", "set_fields")(self._may_name)
        self.desk.on("ticket_resolved")(self._note_on_sheet)

    def close(self):
        self.desk.close()

    # --- what the desk asks

    def _who(self, name):
        if name == PRODUCT:
            return {"role": "administrator"}
        role = self.archive.role_of(name)
        return role and {"role": role, "queues": self.archive.cabinets_of(name) or [NO_CABINET]}

    def _may_name(self, command, ticket):
        """Nobody brings a document onto a ticket that he may not open."""
        named = command.body.fields.get("document")
        if named and command.by.person != PRODUCT and not self.archive.may_read(command.by.person, named.id):
            return self._say("may_not_open", document=named.id)

    def _note_on_sheet(self, event):
        ticket = self.desk.find(event.ticket, viewer=PRODUCT)
        document = document_of(ticket)
        if document:
            self.archive.remark(document, self._say("resolved", number=ticket.number, text=ticket.resolution))

    # --- what people do

    def report(self, document, person, subject, text):
        """A ticket on a document, with its latest version as it is now."""
        scan = self._attachment(document)
        return self.desk.open_ticket(subject=subject, text=text, queue=self.archive.cabinet_of(document),
                                     fields=about(document), attachments=[scan], by=person)

    def mend(self, ticket, content, text, *, by):
        """A better scan becomes the next version, goes to the requester, and resolves the ticket."""
        document = document_of(self.desk.find(ticket, viewer=by))
        cabinet, title = self.archive.cabinet_of(document), self.archive.title_of(document)
        self.archive.file(document, cabinet, title, content, self._read(content))
        self.desk.reply(ticket, text, attachments=[self._attachment(document)], by=by)
        return self.desk.resolve_ticket(ticket, "solved", text, by=by)

    def read_batch(self, batch, documents):
        """Reads the latest versions. Those that OCR cannot read become one master incident with a child each, in one
        transaction; nothing where all went well. The same batch once more opens nothing."""
        failed = [document for document in documents if not self._try(document)]
        if not failed:
            return None
        master = str(uuid.uuid5(BATCHES, batch))
        with self.desk.batch() as opening:
            opening.open_ticket(id=master, subject=self._say("batch_failed", batch=batch, count=len(failed)),
                                priority="high", queue=SCANNER, automatic=True, by=PRODUCT, command_id=master)
            for document in failed:
                opening.open_ticket(subject=self._say("not_read", document=document), parent=master, automatic=True,
                                    queue=self.archive.cabinet_of(document), fields=about(document), by=PRODUCT,
                                    command_id=str(uuid.uuid5(BATCHES, batch + document)))
        return opening.outcomes[0]

    def read_again(self, master, text, *, by):
        """Reads what failed once more; when all is read, the children and the master are resolved together."""
        children = [link.ticket for link in self.desk.find(master, viewer=by).links if link.kind == "parent_of"]
        documents = [document_of(self.desk.find(child, viewer=by)) for child in children]
        if not all([self._try(document) for document in documents]):
            return None
        with self.desk.batch() as resolving:
            for ticket in (*children, master):
                resolving.resolve_ticket(ticket, "solved", text, by=by)
        return resolving.outcomes

    def _try(self, document):
        version = self.archive.latest(document)
        words = self._read(self.archive.content(version.digest))
        if words is not None:
            self.archive.set_words(version, words)
        return words is not None

    def _attachment(self, document):
        version = self.archive.latest(document)
        return self.desk.put_file(self.archive.content(version.digest), f"{document}-v{version.number}.pdf",
                                  "application/pdf")


def about(document):
    return {"document": guichet.ObjectReference(type="document", id=document)}


def document_of(ticket):
    named = ticket.fields.get("document")
    return named.id if named else None
