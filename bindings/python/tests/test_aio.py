"""The desk in an event loop."""

import asyncio
from datetime import timedelta

import pytest

import guichet
import guichet.aio


def test_events_are_followed_and_resumed():
    async def main():
        async with guichet.aio.open(":memory:", by="luc:administrator") as desk:
            seen = []

            async def follow():
                async for event in desk.events(after=0, limit=2):
                    seen.append(event.seq)
                    if len(seen) == 6:
                        return

            follower = asyncio.create_task(follow())
            for n in range(6):
                await desk.open_ticket(subject=f"No network {n}", requester="ana")
            await asyncio.wait_for(follower, 10)
            assert seen == [1, 2, 3, 4, 5, 6]
            async for event in desk.events(after=4):
                assert event.seq == 5
                break

    asyncio.run(main())


def test_errors_and_cancellation():
    async def main():
        async with guichet.aio.open(":memory:", by="luc:administrator") as desk:
            with pytest.raises(guichet.NotFound):
                await desk.find("INC-0000-000000")
            with pytest.raises(AttributeError):
                desk.dance
            waiting = asyncio.create_task(anext_of(desk.events()))
            await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            ticket = await desk.open_ticket(subject="No network", requester="ana")
            assert (await desk.find(ticket)).subject == "No network"

    async def anext_of(events):
        async for event in events:
            return event

    asyncio.run(main())


def test_run_drives_timers_and_what_leaves():
    async def main():
        clock = guichet.SimulatedClock()
        async with guichet.aio.open(":memory:", by="luc:administrator", clock=clock) as desk:
            called = asyncio.Event()
            loop = asyncio.get_running_loop()
            desk.sync.action("order_toner")(lambda call: loop.call_soon_threadsafe(called.set))
            await desk.configure(guichet.RulesDocument(name="host", rules=[{
                "name": "toner", "on": ["ticket_opened"], "actions": [{"call": {"name": "order_toner"}}]}]))
            running = asyncio.create_task(desk.run(poll=0.01))
            ticket = await desk.open_ticket(subject="No network", requester="ana")
            await asyncio.wait_for(called.wait(), 10)
            await desk.wait_until(ticket, clock.now() + timedelta(hours=1))
            clock.advance(timedelta(hours=2))
            async for event in desk.events(after=0):
                if event.type == "ticket_state_set" and event.actor == "system":
                    break
            assert (await desk.find(ticket)).status == "open"
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(main())


def test_who_is_cancelled_in_the_moment_of_a_commit_ends():
    # asyncio.wait_for, before Python 3.12, loses a cancellation that comes while what it waits for is done.
    async def main():
        async with guichet.aio.open(":memory:", by="luc:administrator") as desk:
            running = asyncio.create_task(desk.run(poll=60))
            await asyncio.sleep(0.2)
            desk.sync.open_ticket(subject="No network", requester="ana")  # wakes it in the loop's next turn
            asyncio.get_running_loop().call_soon(running.cancel)
            done, _ = await asyncio.wait({running}, timeout=10)
            assert running in done and running.cancelled()

    asyncio.run(main())
