"""What a host may put in the place of the engine's own: where a desk lives, where its files lie, who somebody is, what
else is found. docs/guides/extend-in-python.md goes through them."""

import abc
import threading
from collections import OrderedDict
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Iterable, Optional, Sequence, Union

from . import _core


class _Reader(abc.ABC):
    """What a store and a unit of work both read."""

    @abc.abstractmethod
    def load(self, tenant: str, id: str) -> Optional[_core.Ticket]:
        """The ticket, or None when the tenant has none of that id: a tenant is a wall."""

    @abc.abstractmethod
    def find_number(self, tenant: str, number: str) -> Optional[str]:
        """The id of a ticket."""

    @abc.abstractmethod
    def load_article(self, tenant: str, id: str) -> Optional[_core.Article]:
        """The article, or None."""

    @abc.abstractmethod
    def find_article(self, tenant: str, number: str) -> Optional[str]:
        """The id of an article."""

    @abc.abstractmethod
    def translations(self, tenant: str, original: str) -> Sequence[_core.Article]:
        """The articles of a tenant whose `translation_of` is that id, by number."""

    @abc.abstractmethod
    def read_log(self, after: int, limit: int) -> Sequence[_core.StoredEvent]:
        """The events of everything from after a seq, oldest first."""

    @abc.abstractmethod
    def head(self) -> _core.LogHead:
        """The end of the log: LogHead() while it is empty."""


class UnitOfWork(_Reader):
    """One transaction of a :class:`Store`: it sees its own writes, others see them after ``commit``.

    The engine has at most one at a time, on one thread, and asks nothing more of it after an error of any method or
    after ``commit``; unless that succeeded, ``rollback`` is called at last. Ids, digests and numbers are texts. What a
    method raises refuses the command: a :class:`guichet.Error` (see :func:`guichet.error`) as it is, anything else as
    ``store_failed``, out of ``commit`` as ``commit_in_doubt``."""

    @abc.abstractmethod
    def next_in_sequence(self, tenant: str, name: str) -> int:
        """The next value of a named sequence, from 1. A rollback gives it back."""

    @abc.abstractmethod
    def find_receipt(self, tenant: str, id: str) -> Optional[_core.Receipt]:
        """What a command id came to."""

    @abc.abstractmethod
    def load_texts(self, id: str) -> Sequence[_core.TextRecord]:
        """The texts of a ticket or an article, in the order of their numbers."""

    @abc.abstractmethod
    def append(self, change: _core.TicketChange) -> int:
        """Writes ``change.after``, its events at the end of the log, its texts and timers; returns the ticket's
        ordinal: of a new one (``change.before`` is None) the next, which ``change.after`` does not have yet.

        Refuses with ``ticket_exists`` a new one whose id any tenant has, with ``version_conflict`` (expected, current)
        one whose stored version is not ``before.version``, with ``defect`` (problem) events whose ``seq`` does not go
        on from ``head``. The texts numbered in ``erased_texts`` become ``guichet.erased(text)``, the prints of the
        ticket's receipts zeros, and all pieces go. Timers are disarmed first, by kind and name; arming what is armed
        moves it."""

    @abc.abstractmethod
    def append_article(self, change: _core.ArticleChange) -> None:
        """The same of an article; a new one whose id is taken is ``article_exists``."""

    @abc.abstractmethod
    def put_receipt(self, receipt: _core.Receipt) -> None:
        """Once for each command id of a tenant, else ``command_id_reused``."""

    @abc.abstractmethod
    def put_outbox(self, entry: _core.OutboxEntry) -> None:
        """Keeps an entry under a new id, which grows."""

    @abc.abstractmethod
    def ack_outbox(self, id: int) -> None:
        """Takes an entry out, if it is there."""

    @abc.abstractmethod
    def retry_outbox(self, id: int, not_before: datetime) -> None:
        """One attempt more, and the next one not before."""

    @abc.abstractmethod
    def drop_outbox(self, ticket: str) -> None:
        """Takes out all entries about a ticket."""

    @abc.abstractmethod
    def put_document(self, document: _core.Document) -> int:
        """Stores a document as its next version, whatever its own says, and returns that version, from 1."""

    @abc.abstractmethod
    def put_blob(self, digest: str, content: bytes) -> None:
        """Stores bytes under their digest, once, however often they are put."""

    @abc.abstractmethod
    def find_blob(self, digest: str) -> Optional[int]:
        """How many bytes are stored under a digest, if any are."""

    @abc.abstractmethod
    def use_blob(self, digest: str) -> None:
        """Counts one more use; ``blob_not_found`` when there are no bytes."""

    @abc.abstractmethod
    def drop_blob(self, digest: str) -> None:
        """Takes one use away; the last one destroys the bytes. ``blob_not_found`` when there are none."""

    @abc.abstractmethod
    def put_piece(self, name: str, content: bytes) -> None:
        """Keeps bytes under a name, in the place of those that it had."""

    @abc.abstractmethod
    def drop_piece(self, name: str) -> None:
        """Destroys a piece, if it is there."""

    @abc.abstractmethod
    def load_inquiry(self, tenant: str, id: str) -> Optional[_core.Inquiry]:
        """One inquiry."""

    @abc.abstractmethod
    def put_inquiry(self, inquiry: _core.Inquiry) -> None:
        """A new one, or in the place of the one with that tenant and id."""

    @abc.abstractmethod
    def drop_inquiries(self, some: _core.InquiriesOf) -> int:
        """Destroys those for which all holds that is not None: tenant, person, asked before; how many there were."""

    @abc.abstractmethod
    def commit(self) -> None:
        """Makes everything durable and visible, at once."""

    def rollback(self) -> None:
        """Nothing of it was."""


class Store(_Reader):
    """A place where a desk lives, written in Python: ``guichet.open(MyStore())``.

    The port of the engine with values of Python; ``include/guichet/storage/store.hpp`` is the contract,
    ``guichet.testing.check_store`` tells whether it is kept, ``examples/custom-store/dict_store.py`` is the shortest
    one. Any thread may call; reads see what was committed when they began. What a method raises is ``store_failed``
    unless it is a :class:`guichet.Error`."""

    @abc.abstractmethod
    def begin(self) -> UnitOfWork:
        """A unit of work. The engine waits for the one before it to end, so a store that one process has to itself
        need not."""

    @abc.abstractmethod
    def tickets(self, tenant: str) -> Iterable[_core.Ticket]:
        """All tickets of a tenant, in any order: what ``find`` and ``count`` read unless they are written anew."""

    def find(self, query: _core.TicketQuery) -> Sequence[_core.Ticket]:
        """The page of a query. Costs a read of all tickets: translate ``query.wanted`` and ``query.visible`` into your
        database's language where there are many, and let ``query.select`` do the rest."""
        return query.select(self.tickets(query.tenant))

    def count(self, query: _core.TicketQuery) -> _core.Counter:
        """How many tickets a query has; its order, place and limit do not count."""
        return query.count(self.tickets(query.tenant))

    @abc.abstractmethod
    def articles(self, tenant: str, after: str, limit: int) -> Sequence[_core.Article]:
        """The articles of a tenant whose numbers come after one, by number."""

    @abc.abstractmethod
    def read_history(self, id: str) -> Sequence[_core.StoredEvent]:
        """The events of a ticket or an article, oldest first."""

    @abc.abstractmethod
    def read_texts(self, id: str) -> Sequence[_core.TextRecord]:
        """Its texts, in the order of their numbers."""

    @abc.abstractmethod
    def read_texts_between(self, first: int, last: int) -> Sequence[_core.TextRecord]:
        """The texts of the events from one seq to another, in the order in which they were written."""

    @abc.abstractmethod
    def tenants(self) -> Sequence[str]:
        """The tenants that have a ticket."""

    @abc.abstractmethod
    def due_timers(self, now: datetime, limit: int) -> Sequence[_core.DueTimer]:
        """The timers due at or before a time, earliest first, ties by the ticket's ordinal, then by kind (in the order
        of ``guichet.TimerKind``) and name."""

    @abc.abstractmethod
    def next_timer(self) -> Optional[datetime]:
        """When the earliest timer is due."""

    @abc.abstractmethod
    def due_outbox(self, now: datetime, limit: int) -> Sequence[_core.OutboxEntry]:
        """The entries whose ``not_before`` has come, earliest first, ties by id."""

    @abc.abstractmethod
    def documents(self, kind: str) -> Sequence[_core.Document]:
        """The latest version of each document of a kind ("": of all), by kind and id."""

    @abc.abstractmethod
    def document_versions(self, kind: str, id: str) -> Sequence[_core.Document]:
        """All versions of one, oldest first."""

    @abc.abstractmethod
    def read_blob(self, digest: str) -> Optional[bytes]:
        """The bytes under a digest, or None."""

    @abc.abstractmethod
    def piece_names(self) -> Sequence[str]:
        """The names of all pieces, in order."""

    @abc.abstractmethod
    def read_piece(self, name: str) -> Optional[bytes]:
        """The bytes of a piece, or None."""

    @abc.abstractmethod
    def inquiries(self, tenant: str, after: Optional[_core.InquiryPlace], limit: int) -> Sequence[_core.Inquiry]:
        """The inquiries of a tenant after a place (None: from the first; an id of None is before
        all of that time), oldest first, ties by id."""

    @abc.abstractmethod
    def stats(self) -> _core.StoreStats:
        """How many there are of each; documents in all their versions."""

    def check(self) -> None:
        """Raises when the store finds its own data unsound."""

    def backup(self, path: str) -> None:
        """A consistent copy at a path."""
        raise _core.error("not_offered", what="a backup of this store")


class BlobStore(abc.ABC):
    """Where the bytes of attachments lie when they do not lie in the store, such as the host's archive:
    ``guichet.open("desk.db", blobs=MyArchive())``. Bytes are known by their digest (BLAKE2b-256 in hexadecimal) and
    never change. Any thread may call; what a method raises refuses the command.

    >>> class Shelf(BlobStore):
    ...     def __init__(self):
    ...         self.held = {}
    ...     def put(self, digest, content):
    ...         self.held[digest] = content
    ...     def get(self, digest):
    ...         return self.held.get(digest)
    ...     def drop(self, digest):
    ...         self.held.pop(digest, None)
    >>> shelf = Shelf()
    >>> import guichet
    >>> with guichet.open(":memory:", blobs=shelf, by="luc") as desk:
    ...     scan = desk.put_file(b"%PDF-1.7 ...", "invoice.pdf", "application/pdf")
    ...     ticket = desk.open_ticket(subject="Unreadable scan", requester="ana", attachments=[scan])
    ...     desk.read_file(ticket, desk.find(ticket).attachments[0].no)
    b'%PDF-1.7 ...'
    >>> len(shelf.held)
    1
    """

    @abc.abstractmethod
    def put(self, digest: str, content: bytes) -> None:
        """Keeps bytes, durably; nothing happens where they are."""

    @abc.abstractmethod
    def get(self, digest: str) -> Optional[bytes]:
        """The bytes, or None."""

    @abc.abstractmethod
    def drop(self, digest: str) -> None:
        """The desk needs them no more: destroys them, unless the host does. Nothing happens where there are none."""

    def size(self, digest: str) -> Optional[int]:
        """How many bytes there are, or None."""
        content = self.get(digest)
        return None if content is None else len(content)


class DocumentSource(abc.ABC):
    """What the host lets be found beside tickets and articles: ``guichet.open(..., sources={"document": source})``.
    The host keeps the documents; the desk keeps no more than their index, and asks before each search what changed."""

    @abc.abstractmethod
    def changes(self, mark: str) -> _core.DocumentChanges:
        """What changed since a mark that an earlier answer had; with "" or a mark that says nothing any more, all that
        there is (``all=True``). Where nothing changed: the same mark and nothing else, quickly. It must not search."""

    @abc.abstractmethod
    def find(self, tenant: str, id: str) -> Optional[_core.HostDocument]:
        """A document as it is now, to be shown; None where it is gone."""


class Identities:
    """Who a name is, as the host says, remembered for a while: what ``guichet.open(identity=...)`` makes of a function.
    At most ``most`` names are remembered, each for ``keep`` of the desk's time; then the function is asked again."""

    def __init__(self, ask: Any, clock: Any = None, *, most: int = 1_000, keep: timedelta = timedelta(minutes=1)):
        self._ask = ask
        self._now = clock.now if isinstance(clock, _core.SimulatedClock) else clock or _utc_now
        self._most = most
        self._keep = keep
        self._known: "OrderedDict[str, Any]" = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, name: str) -> Union[_core.Actor, Dict[str, Any], None]:
        """Who that is: as remembered, else as the function says."""
        now = self._now()
        with self._lock:
            if name in self._known:
                at, who = self._known[name]
                if timedelta() <= now - at < self._keep:
                    self._known.move_to_end(name)
                    return who
        who = self._ask(name)
        with self._lock:
            self._known[name] = now, who
            self._known.move_to_end(name)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return who

    def forget(self, name: Optional[str] = None) -> None:
        """Asks anew about a name, or about all: rights were given or taken."""
        with self._lock:
            if name is None:
                self._known.clear()
            else:
                self._known.pop(name, None)

    def __len__(self) -> int:
        return len(self._known)


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)

