"""The desk in an event loop.

    >>> import asyncio, guichet.aio
    >>> async def main():
    ...     async with guichet.aio.open(":memory:", by="luc:administrator") as desk:
    ...         ticket = await desk.open_ticket(subject="No network", requester="ana")
    ...         async for event in desk.events(after=0):
    ...             return event.type
    >>> asyncio.run(main())
    'ticket_opened'

Every method of the desk is a coroutine here. They run one after the other on one thread of their own, so the loop
never waits for a disk. A coroutine that is cancelled is not waited for any more; the command itself is carried out or
not begun: give it a ``command_id`` and send it again to know.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

from . import _desk

__all__ = ["AsyncDesk", "open"]


def open(path, **options):
    """Opens a desk as :func:`guichet.open` does: ``async with guichet.aio.open("desk.db") as desk``."""
    return AsyncDesk(path, **options)


class AsyncDesk:
    """A desk whose methods are coroutines. ``desk.sync`` is the one beneath, for hooks."""

    def __init__(self, path, **options):
        self._make = lambda: _desk.open(path, **options)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="guichet")
        self._waiting = set()
        self._clock = options.get("clock")
        self.sync = None

    async def __aenter__(self):
        self._loop = asyncio.get_running_loop()
        try:
            self.sync = await self._call(self._make)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        self.sync.after(self._committed)
        return self

    async def __aexit__(self, *_):
        await self.close()

    async def close(self):
        """Lets what was begun end, and closes the desk."""
        if self.sync is not None:
            await self._call(self.sync.close)
        self._thread.shutdown(wait=False)

    def __getattr__(self, name):
        function = getattr(_desk.Desk, name, None)
        if name.startswith("_") or not callable(function):
            raise AttributeError(f"a desk has no method {name!r}")

        async def method(*args, **kwargs):
            return await self._call(function, self.sync, *args, **kwargs)

        method.__name__ = name
        method.__doc__ = function.__doc__
        return method

    def _call(self, function, *args, **kwargs):
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._thread, lambda: function(*args, **kwargs))

    def _committed(self, _):
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:  # the loop has ended
            pass

    def _wake(self):
        for one in self._waiting:
            one.set()

    async def _sleep(self, signal, seconds):
        """Until something was committed here, or so long. Not by asyncio.wait_for: before Python 3.12 it loses a
        cancellation that comes while what it waits for is done."""
        alarm = self._loop.call_later(seconds, signal.set)
        try:
            await signal.wait()
        finally:
            alarm.cancel()
        signal.clear()

    async def events(self, after=0, *, limit=500, poll=1.0, viewer=None):
        """The events of the log from after a seq, those to come as well: ``async for event in desk.events(after=seq)``.

        At most ``limit`` are read ahead of who follows, so a slow one costs no memory; who begins again with the seq of
        the last event he saw misses none. What other processes write is seen within ``poll`` seconds. Needs the right
        audit.
        """
        signal = asyncio.Event()
        self._waiting.add(signal)
        try:
            while True:
                found = await self._call(self.sync.read_log, after, limit=limit, viewer=viewer)
                for event in found:
                    after = event.seq
                    yield event
                if not found:
                    await self._sleep(signal, poll)
        finally:
            self._waiting.discard(signal)

    async def run(self, *, poll=1.0, deliver=True):
        """Drives the desk until it is cancelled: timers when they are due, what leaves, search and reports."""
        signal = asyncio.Event()
        self._waiting.add(signal)
        try:
            while True:
                report = await self._call(self.sync.pump)
                if deliver:
                    await self._call(self.sync.deliver)
                await self._call(self.sync.catch_up)
                await self._sleep(signal, self._seconds_until(report.next, poll))
        finally:
            self._waiting.discard(signal)

    def _seconds_until(self, at, poll):
        if at is None or self._clock is not None:  # a clock of the host's may be set at any time
            return poll
        return min(poll, max(0.0, (at - datetime.now(timezone.utc)).total_seconds()))
