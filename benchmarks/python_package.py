#!/usr/bin/env python3
"""The Python package: its calls beside those of C++ (bench-open_tickets), a Django help desk beside it, its size.

    benchmarks/python_package.py [--wheel FILE]

Builds the wheel as a user would, `pip wheel` with nothing cached, and installs it where nothing else is; with --wheel,
one that is there already. Then it starts itself again with the Python of that environment. Rounds of both sides
alternate.
"""
import asyncio
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "build" / "python-bench"
NATIVE = pathlib.Path(os.environ.get("GUICHET_BIN", ROOT / "build" / "release" / "bin" / "guichet")).parent
ROUNDS = 5


def row(name, value, unit, *, peer="", ratio=0, goal="", met=True):
    print(json.dumps({"name": f"python.{name}", "value": value, "unit": unit, "peer": peer, "ratio": ratio,
                      "goal": goal, "met": met}), flush=True)


def say(text):
    print(f"python: {text}", file=sys.stderr, flush=True)


# --- The package


def environment_of(name, *packages):
    """The Python of an environment of its own."""
    folder = WORK / name
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
    return python


def built():
    """The wheel, built in a folder of its own and without what ccache keeps."""
    shutil.rmtree(WORK / "wheel", ignore_errors=True)
    say("building the wheel")
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "--config-settings", f"build-dir={WORK / 'wheel' / 'build'}", "--wheel-dir", WORK / "wheel", ROOT],
                   check=True, env={**os.environ, "CCACHE_DISABLE": "1"})
    seconds = time.perf_counter() - start
    row("build", seconds / 60, "min", peer=f"{os.cpu_count()} cores", goal="<= 4 min", met=seconds <= 240)
    return next((WORK / "wheel").glob("guichet-*.whl"))


def measure_import(python):
    def seconds(code):
        start = time.perf_counter()
        subprocess.run([python, "-c", code], check=True)
        return time.perf_counter() - start

    taken = [(seconds("import guichet"), seconds("pass")) for _ in range(21)]
    own = statistics.median(one for one, _ in taken) - statistics.median(bare for _, bare in taken)
    row("import", own * 1e3, "ms", goal="<= 80 ms", met=own <= 0.08)


def outer(arguments):
    WORK.mkdir(parents=True, exist_ok=True)
    wheel = pathlib.Path(arguments[1]).resolve() if arguments[:1] == ["--wheel"] else built()
    size = wheel.stat().st_size / 1e6
    row("wheel", size, "MB", goal="<= 6 MB", met=size <= 6)
    python = environment_of("venv", "--force-reinstall", wheel)
    measure_import(python)
    peer = environment_of("peer", "django-helpdesk==2.6.1")
    return subprocess.run([python, __file__, "--inside", peer]).returncode


# --- Its calls, in the environment where it is installed


def wish(at):
    return {"subject": f"The printer on the third floor does not answer, case {at}", "text": "x" * 400,
            "channel": "mail", "category": "hardware/printer", "queue": "hardware", "team": "desk"}


def with_desk(path, **options):
    import guichet

    return guichet.open(path, clock=guichet.SimulatedClock(), tenant="acme", by="ana:requester", **options)


def open_durable(folder, count):
    with with_desk(folder / "durable.db") as desk:
        start = time.perf_counter()
        for at in range(count):
            desk.open_ticket(**wish(at))
        return (time.perf_counter() - start) / count * 1e6


def open_in_batches(folder, count):
    with with_desk(folder / "batch.db") as desk:
        start = time.perf_counter()
        for first in range(0, count, 100):
            with desk.batch() as batch:
                for at in range(first, first + 100):
                    batch.open_ticket(**wish(at))
        return (time.perf_counter() - start) / count * 1e6


def in_new_folder(run, *arguments):
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        return run(pathlib.Path(folder), *arguments)


def native():
    done = subprocess.run([NATIVE / "bench-open_tickets"], check=True, capture_output=True, text=True).stdout
    return {one["name"].split(".")[1]: one["value"] for one in map(json.loads, done.splitlines())}


def measure_opening():
    theirs, durable, batch = [], [], []
    for _ in range(ROUNDS):
        theirs.append(native())
        durable.append(in_new_folder(open_durable, 1_000))
        batch.append(in_new_folder(open_in_batches, 10_000))
    for name, key, ours, most in (("open.durable", "durable", durable, 1.15), ("open.batch", "batch100", batch, 1.5)):
        own, other = statistics.median(ours), statistics.median(one[key] for one in theirs)
        row(name, own, "us", peer=f"C++: {other:.1f} us", ratio=own / other, goal=f"<= {most}x the time",
            met=own / other <= most)


def seconds_of_notes(desk, tickets, count):
    import guichet

    commands = [guichet.Command(body=guichet.AddNote("Called back"), ticket=tickets[at % len(tickets)])
                for at in range(count)]
    start = time.perf_counter()
    desk.execute_many(commands)
    return time.perf_counter() - start


def desk_with_rule(condition):
    import guichet

    desk = guichet.open(":memory:", by="luc:administrator", clock=guichet.SimulatedClock())
    calls = [0]

    @desk.condition("toner")
    def toner(ticket):
        calls[0] += 1
        return 1

    desk.configure([
        guichet.itil_lifecycle().replace(related=[{"name": "toner", "type": "number"}]),
        guichet.RulesDocument(name="host", rules=[{
            "name": "one", "on": ["message_added"], "when": condition,
            "actions": [guichet.TagTicket(add=["never"])]}])])
    return desk, [desk.open_ticket(subject="Printer", requester="ana") for _ in range(500)], calls


def measure_condition():
    with_python, its_tickets, calls = desk_with_rule("related.toner = 0")
    without, other_tickets, _ = desk_with_rule("replies = 1")
    calls[0], above = 0, []
    while calls[0] < 10_000:
        before = calls[0]
        own = seconds_of_notes(with_python, its_tickets, 500)
        above.append((own - seconds_of_notes(without, other_tickets, 500)) / (calls[0] - before) * 1e6)
    value = statistics.median(above)
    row("condition", value, "us above native", goal="<= 3 us", met=value <= 3)


async def follow(desk, count):
    seen = 0
    start = time.perf_counter()
    async for _ in desk.events(after=0):
        seen += 1
        if seen == count:
            return count / (time.perf_counter() - start)


def measure_events():
    import guichet.aio

    async def main():
        async with guichet.aio.open(":memory:", by="luc:administrator") as desk:
            wish = {"command": "open_ticket", "subject": "No network", "requester": "ana"}
            for _ in range(20):
                await desk.execute_many([wish] * 1_000)
            return [await follow(desk, 20_000) for _ in range(ROUNDS)]

    value = statistics.median(asyncio.run(main()))
    row("events.asyncio", value, "events/s", goal=">= 50000/s", met=value >= 50_000)


# --- Beside Django


def list_queue(folder):
    with with_desk(folder / "queue.db") as desk:
        start = time.perf_counter()
        for at in range(2_000):
            desk.open_ticket(**wish(at))
        opened = 2_000 / (time.perf_counter() - start)
        for first in range(2_000, 10_000, 500):
            with desk.batch() as batch:
                for at in range(first, first + 500):
                    batch.open_ticket(**wish(at))
        where, who = 'queue = "hardware"', "luc:agent"

        def page():
            found = desk.query(where, order=["-created_at"], limit=25, viewer=who)
            assert len(found.tickets) == 25 and desk.count([where], viewer=who)[0].count == 10_000
            return [shown(one) for one in found.tickets]

        def whole():
            every = [shown(one) for one in desk.tickets(where, order=["-created_at"], viewer=who)]
            assert len(every) == 10_000

        return opened, best_of(page), best_of(whole)


def shown(one):
    return one.number, one.subject, one.state, one.priority, one.queue, one.assignee, one.created_at


def best_of(run):
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def measure_beside_django(peer):
    say("a Django help desk")
    done = in_new_folder(lambda folder: subprocess.run([peer, HERE / "peer_django.py", folder], check=True,
                                                       capture_output=True, text=True).stdout)
    theirs = {one["name"]: one["value"] for one in map(json.loads, done.splitlines())}
    opened, page, whole = in_new_folder(list_queue)
    row("django.open", opened, "tickets/s", peer=f"django-helpdesk: {theirs['open']:.0f}/s",
        ratio=opened / theirs["open"], goal=">= 20x", met=opened / theirs["open"] >= 20)
    for name, own, what in (("page", page, "25 of 10,000 with their number"), ("whole", whole, "all 10,000")):
        ratio = theirs[name] / own
        row(f"django.list.{name}", own * 1e3, "ms", peer=f"django-helpdesk, {what}: {theirs[name] * 1e3:.1f} ms",
            ratio=ratio, goal=">= 50x", met=ratio >= 50)


def inside(peer):
    measure_opening()
    measure_condition()
    measure_events()
    measure_beside_django(peer)
    return 0


if __name__ == "__main__":
    sys.exit(inside(sys.argv[2]) if sys.argv[1:2] == ["--inside"] else outer(sys.argv[1:]))
