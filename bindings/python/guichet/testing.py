"""For tests of programs that embed a desk."""

import pathlib

from ._core import SimulatedClock, run_scenario

__all__ = ["SimulatedClock", "check_scenario", "run_scenario"]


def check_scenario(scenario, path=None):
    """Runs a scenario, a file or its text, in memory or in a new file at ``path``; fails as a test does.

    >>> check_scenario('{"name": "nothing happens", "clock": "2026-01-05T09:00:00Z", "steps": []}')
    """
    text = scenario.read_text(encoding="utf-8") if isinstance(scenario, pathlib.Path) else scenario
    report = run_scenario(text, None if path is None else str(path))
    lines = [f"{one.path}: expected {one.expected}, found {one.actual}" for one in report.failures]
    assert not lines, "\n".join([report.name, *lines])
