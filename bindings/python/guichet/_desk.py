"""The desk: what plain Python adds to the engine's own methods."""

import atexit
import json
import logging
import weakref
from collections import deque

from . import _core
from ._ports import Identities

_log = logging.getLogger("guichet")
_open_desks = weakref.WeakSet()


@atexit.register
def _close_all():
    for desk in list(_open_desks):
        desk.close()
    _core._wait_for_calls(10.0)


def open(path, *, create=True, clock=None, by=None, roles=None, identity=None, blobs=None, sources=None, tenant="",
         language="", prefix="", durable=True) -> "Desk":
    """Opens the desk in a file, or a new one in memory with ``":memory:"``, or the one in a :class:`guichet.Store`.

    A file that is not there is made unless ``create`` is false. ``by`` acts and looks where nobody else is named.

    A name is a person, or ``"person:role"``. What role a name without one has, ``roles`` says: a dict or a function
    of the name; who is not in it is a requester. Without ``roles`` a name given to ``by=`` or ``viewer=`` is that of an
    agent: say ``roles`` where names come from outside.

    Who a name is, the host may say itself: ``identity`` is a function of the name that gives an :class:`guichet.Actor`
    or a dict of its members (role, organisation, queues, tenant), or None for a requester. It is then asked instead of
    ``roles``, and ``"person:role"`` is a name like any other. Answers are remembered for a minute; see
    ``desk.identities``.

    ``blobs`` is a :class:`guichet.BlobStore` where attachments lie, ``sources`` a dict of
    :class:`guichet.DocumentSource` by kind that are found by ``search``.

    ``prefix`` is for a desk that lives in the host's own SQLite file, beside the host's tables: the desk's begin with
    it. Such a file must be there, in WAL mode; see docs/guides/embed-in-an-erp.md.

    ``clock`` is a :class:`SimulatedClock` or a function that gives an aware datetime. With ``durable=False`` a power
    cut may undo the last commits.

    >>> desk = open(":memory:", by="ana", roles={"luc": "agent"})
    >>> outcome = desk.open_ticket(subject="No network")
    >>> desk.find(outcome).requester
    'ana'
    >>> desk.close()
    """
    return Desk(
        path,
        create=create,
        clock=clock,
        by=by,
        roles=roles,
        identity=identity,
        blobs=blobs,
        sources=sources,
        tenant=tenant,
        language=language,
        prefix=prefix,
        durable=durable,
    )


def _as_document(given):
    """A Document of a document, of a dict, or of a typed document such as RoleDocument."""
    if isinstance(given, _core.Document):
        return given
    if isinstance(given, dict):
        body = given.get("body", "")
        return _core.Document.from_dict({**given, "body": body if isinstance(body, str) else json.dumps(body)})
    kind = type(given).__name__
    if not kind.endswith("Document"):
        raise TypeError("a document is needed: Document(kind=..., id=..., body=...), its dict, or a RoleDocument")
    body = given.to_dict()
    return _core.Document(
        kind=kind[: -len("Document")].lower(), id=body.get("name") or "default", body=json.dumps(body)
    )


def _documents(given):
    return [_as_document(one) for one in (given if isinstance(given, (list, tuple)) else [given])]


class Desk(_core.Desk):
    """A help desk: its commands, its queries, its hooks. Made by :func:`open`; any thread may use it."""

    def __init__(self, path, *, clock=None, identity=None, **options):
        self._functions = {}
        self._senders = {}
        #: The last hundred failures of functions that nobody else could be told of: (function, exception).
        self.failures = deque(maxlen=100)
        failures = self.failures

        def failed(function, raised):
            failures.append((function, raised))
            _log.error("%r failed", function, exc_info=raised)

        #: Who names are, as ``identity`` said; None without it.
        self.identities = identity
        if identity is not None and not isinstance(identity, Identities):
            self.identities = Identities(identity, clock)
        super().__init__(path, clock=clock, identity=self.identities, failed=failed, **options)
        _open_desks.add(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- commands together

    def batch(self, *, all_or_none=True) -> "Batch":
        """Commands that are executed together, in one transaction, when the block ends.

        >>> desk = open(":memory:", by="luc")
        >>> with desk.batch() as batch:
        ...     batch.open_ticket(subject="No network", requester="ana")
        ...     batch.open_ticket(subject="No phone", requester="ana")
        >>> [outcome.version for outcome in batch.outcomes]
        [1, 1]
        """
        return Batch(self, all_or_none)

    def tickets(self, where=None, *, order=None, page=200, viewer=None):
        """All tickets of a query, page by page.

        >>> desk = open(":memory:", by="luc")
        >>> outcome = desk.open_ticket(subject="No network", requester="ana")
        >>> [ticket.subject for ticket in desk.tickets("open = true")]
        ['No network']
        """
        cursor = ""
        while True:
            found = self.query(where, order=order, limit=page, cursor=cursor, viewer=viewer)
            yield from found.tickets
            cursor = found.next
            if not cursor:
                return

    # --- configuration

    def configure(self, documents, *, by=None):
        """Checks documents together with all others and puts them in force: one, or a list. Needs the right configure.

        >>> desk = open(":memory:", by="eva:administrator")
        >>> import guichet
        >>> role = guichet.RoleDocument(name="night", extends="agent", rights=["see_all"])
        >>> desk.configure(role)
        >>> [document.id for document in desk.documents("role")]
        ['night']
        """
        self._configure(_documents(documents), by=by)

    def apply(self, documents, *, by=None):
        """Like ``configure``, but returns at once: deadlines and timers of open tickets follow in ``pump``."""
        self._apply(_documents(documents), by=by)

    def preview(self, documents, *, by=None):
        """What documents would do to the open tickets; nothing is written."""
        return super().preview(_documents(documents), by=by)

    def dry_run(self, candidates, ticket=None, *, where=None, limit=50, viewer=None):
        """What rules under documents would do about the last change of a ticket, or of each ticket of a view."""
        return super().dry_run(_documents(candidates), ticket, where=where, limit=limit, viewer=viewer)

    def back_test(self, candidates=(), *, start=None, end=None, viewer=None):
        """Lets rules under documents (none: those in force) answer every change that the log has."""
        return super().back_test(_documents(list(candidates)), start=start, end=end, viewer=viewer)

    # --- hooks

    def before(self, function):
        """Calls ``function(command, ticket)`` before a command is decided; what it raises refuses the command. The
        ticket is None where one is opened, and of an article. It must not write: the store is held meanwhile."""
        self._before(function)
        return function

    def guard(self, *commands):
        """Calls ``function(command, ticket)`` before commands of these names; False, a sentence or an exception
        refuses.

        >>> desk = open(":memory:", by="luc")
        >>> @desk.guard("resolve_ticket")
        ... def needs_a_code(command, ticket):
        ...     if not command.body.code:
        ...         return "say with a code how it was resolved"
        >>> ticket = desk.open_ticket(subject="No network", requester="ana")
        >>> desk.resolve_ticket(ticket)
        Traceback (most recent call last):
        guichet.Cancelled: refused by a hook: say with a code how it was resolved
        """
        _known("command", commands, _core.COMMANDS)

        def decorate(function):
            def guarded(command, ticket):
                return function(command, ticket) if not commands or command.type in commands else None

            guarded.__wrapped__ = function
            self._before(guarded)
            return function

        return decorate

    def around(self, function):
        """Calls ``function(command, proceed)`` around the decision, inside the transaction; it calls ``proceed()``
        once. The writing follows."""
        self._around(function)
        return function

    def after(self, function):
        """Calls ``function(outcome)`` after the commit, on the thread that executed: it may use the desk. What it
        raises is in ``desk.failures`` and in the log of ``logging``."""
        self._after(function)
        return function

    def on(self, *events):
        """Calls ``function(event)`` after the commit, for events of these types, or all.

        >>> desk = open(":memory:", by="luc")
        >>> @desk.on("ticket_resolved")
        ... def tell(event):
        ...     print("resolved:", event.body.code)
        >>> ticket = desk.open_ticket(subject="No network", requester="ana")
        >>> outcome = desk.resolve_ticket(ticket, "solved")
        resolved: solved
        """
        _known("event", events, _core.EVENTS)

        def decorate(function):
            def tell(outcome):
                if outcome.repeated:
                    return
                for event in outcome.events:
                    if not events or event.type in events:
                        function(event)

            tell.__wrapped__ = function
            self._after(tell)
            return function

        return decorate

    def condition(self, name):
        """Lets ``function(ticket)`` answer for ``related.<name>`` in conditions of rules, which the lifecycle's
        ``related`` declares. What it raises is no answer. Add it before the desk is shared by threads."""

        def decorate(function):
            self._relate(name, function)
            return function

        return decorate

    def router(self, function):
        """Lets ``function(ticket, proposed)`` choose who gets a ticket wherever the routing is asked: the name of a
        person, whom no document need know; an empty one, nobody for now; None, as ``proposed``, a RoutingDecision,
        says. What it raises refuses the routing. It must not write: the store is held meanwhile. Add it before the desk
        is shared by threads.

        >>> desk = open(":memory:", by="luc:administrator")
        >>> desk.configure([{"kind": "person", "id": name, "body": {}} for name in ("anne", "paul")])
        >>> @desk.router
        ... def on_duty(ticket, proposed):
        ...     return "paul"
        >>> ticket = desk.open_ticket(subject="No network", requester="ana")
        >>> desk.find(desk.route_ticket(ticket)).assignee
        'paul'
        """
        self._router(function)
        return function

    def action(self, name):
        """Lets rules call ``function(call)`` by its name: ``{"call": {"name": name, "arguments": {...}}}``. It is
        called by ``deliver``, at least once, after the commit; what it raises is tried again later, with the same
        ``call["key"]``."""

        def decorate(function):
            self._functions[name] = function
            return function

        return decorate

    def sender(self, channel):
        """Lets ``function(entry)`` send what leaves by a channel: mail, message or webhook."""

        def decorate(function):
            self._senders[channel] = function
            return function

        return decorate

    def deliver(self, send=None, *, limit=100):
        """Sends what waits in the outbox and is due, by ``send(entry)`` or by the actions and senders of the desk."""
        return self._deliver(send or self._send, limit)

    def _send(self, entry):
        body = entry["body"]
        if entry["kind"] == "call" and body.get("function") in self._functions:
            return self._functions[body["function"]](body)
        if entry["kind"] in self._senders:
            return self._senders[entry["kind"]](entry)
        what = body.get("function") if entry["kind"] == "call" else entry["kind"]
        raise NotImplementedError(f"nobody sends {what!r}: add @desk.action or @desk.sender")


def _known(what, given, all_of_them):
    for name in given:
        if name not in all_of_them:
            raise ValueError(f"there is no {what} {name!r}; known: {', '.join(all_of_them)}")


class Batch:
    """Collects commands by the names that they have as methods of the desk; ``outcomes`` is there after the block."""

    def __init__(self, desk, all_or_none):
        self._desk = desk
        self._all_or_none = all_or_none
        self.commands = []
        self.outcomes = None

    def __enter__(self):
        return self

    def __exit__(self, raised, *_):
        if raised is None:
            self.outcomes = self._desk.execute_many(self.commands, all_or_none=self._all_or_none)

    def execute(self, command):
        """Adds a command."""
        self.commands.append(command)

    def __getattr__(self, name):
        if name not in _core.COMMANDS:
            raise AttributeError(f"a batch has no command {name!r}")

        def add(*args, **kwargs):
            self.commands.append(self._desk._command(name, *args, **kwargs))

        return add
