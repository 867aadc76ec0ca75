#!/usr/bin/env python3
"""Working time beside businesstimedelta, a Python library: the same calendar, the same random intervals, one run.

The calendar is Paris, Monday to Friday 09:00-12:30 and 14:00-18:00, without the public holidays of France. Every
answer of the one is compared with the other's; a difference ends the run. The peer is used as its documentation says,
in the faster of its two ways to write a lunch break, and with the holidays as a set of dates, which it looks up faster
than the objects of `holidays`. Guichet is called from C++ (bench-business_time), the peer from Python: a program has
the one or the other.

The package is installed into a virtual environment in build/peer. Where that cannot be done, the rows say so.
"""
import datetime
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEER = "businesstimedelta"
PACKAGES = ("businesstimedelta==1.0.1", "holidays==0.108", "pytz")
ENVIRONMENT = ROOT / "build" / "peer"
INTERVALS = 1_000
LONGEST = 30 * 86_400
GOAL = 1_000
CALENDAR = {
    "tz": "Europe/Paris",
    "weekly": {day: [["09:00", "12:30"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "public_holidays": ["FR"],
}


def row(what, value, unit, peer=PEER, ratio=0, met=None):
    print(json.dumps({"name": f"sla.peer.{what}", "value": value, "unit": unit, "peer": peer, "ratio": ratio,
                      "goal": f">= {GOAL}x", "met": met}), flush=True)


def peer_python():
    """The interpreter of an environment that has the packages, or None."""
    python = ENVIRONMENT / "bin" / "python"
    quietly = {"stdout": sys.stderr, "stderr": sys.stderr}
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True, **quietly)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
                       check=True, timeout=300, **quietly)
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"{PEER} cannot be installed: {problem}", file=sys.stderr)
        return None
    return python


# --- inside that environment

def rules():
    """The calendar in the peer's two ways: a day with a break, and two openings a day."""
    import businesstimedelta as peer
    import holidays
    import pytz

    tz = pytz.timezone("Europe/Paris")
    closed = peer.HolidayRule(set(holidays.France(years=range(2019, 2032)).keys()), tz=tz)
    at = datetime.time
    day = peer.WorkDayRule(start_time=at(9), end_time=at(18), tz=tz)
    lunch = peer.LunchTimeRule(start_time=at(12, 30), end_time=at(14), tz=tz)
    morning = peer.WorkDayRule(start_time=at(9), end_time=at(12, 30), tz=tz)
    afternoon = peer.WorkDayRule(start_time=at(14), end_time=at(18), tz=tz)
    return {"day and break": peer.Rules([day, lunch, closed]), "two openings": peer.Rules([morning, afternoon, closed])}


def timed(calls):
    """Answers, and the median nanoseconds of one call: of work, so that a busy machine counts against Guichet only."""
    answers, took = [], []
    for call in calls:
        start = time.thread_time_ns()
        answers.append(call())
        took.append(time.thread_time_ns() - start)
    return answers, statistics.median(took)


def drawn(rule, seed):
    """Intervals of up to a month, in which somebody worked: how none at all is added is a matter of convention."""
    import pytz

    chance = random.Random(seed)
    begin = int(datetime.datetime(2020, 1, 1, tzinfo=pytz.utc).timestamp())
    while True:
        start = begin + chance.randrange(8 * 365 * 86_400)
        end = start + chance.randrange(1, LONGEST)
        pair = tuple(datetime.datetime.fromtimestamp(s, pytz.utc) for s in (start, end))
        if rule.difference(*pair).timedelta:
            yield pair


def measure(bench, seed):
    import businesstimedelta

    ways = rules()
    source = drawn(ways["day and break"], seed)
    asked = [next(source) for _ in range(INTERVALS)]
    lines = [json.dumps(CALENDAR)] + [f"{a.timestamp():.0f} {b.timestamp():.0f}" for a, b in asked]
    done = subprocess.run([bench], input="\n".join(lines), text=True, stdout=subprocess.PIPE, check=True)
    ours = json.loads(done.stdout)
    best = {}
    for name, rule in ways.items():
        lengths, measure_ns = timed([lambda a=a, b=b: rule.difference(a, b) for a, b in asked])
        ends, add_ns = timed([lambda a=a, n=n: a + businesstimedelta.BusinessTimeDelta(rule, timedelta=n.timedelta)
                              for (a, _), n in zip(asked, lengths)])
        for what, theirs in (("measured", [int(n.timedelta.total_seconds()) for n in lengths]),
                             ("added", [int(end.timestamp()) for end in ends])):
            for (a, b), x, y in zip(asked, theirs, ours[what]):
                if x != y:
                    raise SystemExit(f"{a} to {b}, {what}: {PEER} ({name}) says {x}, Guichet {y}; seed {seed}")
        print(f"{PEER}, {name}: measure {measure_ns / 1e3:,.0f} us, add {add_ns / 1e3:,.0f} us", file=sys.stderr)
        for what, took in (("measure", measure_ns), ("add", add_ns)):
            best[what] = min(best.get(what, took), took)
    print(f"{INTERVALS} intervals agree in both ways; seed {seed}", file=sys.stderr)
    for what in ("measure", "add"):
        ratio = best[what] / ours[f"{what}_ns"]
        row(what, ours[f"{what}_ns"], "ns", f"{PEER}: {best[what] / 1e3:,.0f} us", ratio, ratio >= GOAL)


def main():
    seed = os.environ.get("GUICHET_SEED", "2026")
    if seed == "random":
        seed = str(random.randrange(2**32))
    if sys.argv[1:2] == ["--inside"]:
        return measure(sys.argv[2], seed)
    python = peer_python()
    if python is None:
        for what in ("measure", "add"):
            row(what, None, "not run: the package cannot be installed")
        return 0
    folder = pathlib.Path(os.environ.get("GUICHET_BIN", ROOT / "build" / "release" / "bin" / "guichet")).parent
    return subprocess.run([python, __file__, "--inside", folder / "bench-business_time"]).returncode


if __name__ == "__main__":
    sys.exit(main())
