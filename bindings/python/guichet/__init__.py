"""A help desk engine that a program embeds.

    >>> import guichet
    >>> with guichet.open(":memory:") as desk:
    ...     ticket = desk.open_ticket(subject="L'imprimante du 3e ne répond plus", requester="ana@example.org")
    ...     answer = desk.reply(ticket, "Avez-vous redémarré ?", by="luc")
    ...     [event.type for event in answer.events]
    ['message_added', 'ticket_state_set', 'clock_met']

Every command of the engine is a method of :class:`Desk`, every value an immutable object with keywords, ``replace``,
``to_dict`` and ``from_dict``, every refusal an exception with code, reason, context and the way out.
"""

from . import _core, data
from ._core import *  # noqa: F401,F403
from ._core import __version__
from ._desk import Batch, Desk, open  # noqa: A004
from ._ports import BlobStore, DocumentSource, Identities, Store, UnitOfWork

__all__ = sorted({name for name in dir(_core) if not name.startswith("_")} | {
    "Batch", "BlobStore", "Desk", "DocumentSource", "Identities", "Store", "UnitOfWork", "data", "open"})
